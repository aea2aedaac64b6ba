//! [`TJsonInput`] as the protocol that the generated readers know.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TListIdentifier, TMapIdentifier, TMessageIdentifier,
    TSetIdentifier, TStructIdentifier, TType,
};

use super::TJsonInput;
use crate::Error;

/// Python pads, Java does not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl TInputProtocol for TJsonInput<'_> {
    fn read_message_begin(&mut self) -> thrift::Result<TMessageIdentifier> {
        Ok(self.message_begin()?)
    }

    fn read_message_end(&mut self) -> thrift::Result<()> {
        Ok(self.message_end()?)
    }

    fn read_struct_begin(&mut self) -> thrift::Result<Option<TStructIdentifier>> {
        self.struct_begin()?;
        Ok(None)
    }

    fn read_struct_end(&mut self) -> thrift::Result<()> {
        Ok(self.struct_end()?)
    }

    fn read_field_begin(&mut self) -> thrift::Result<TFieldIdentifier> {
        let (field_type, id) = match self.field_begin()? {
            Some((kind, id)) => (kind, Some(id)),
            None => (TType::Stop, None),
        };
        Ok(TFieldIdentifier {
            name: None,
            field_type,
            id,
        })
    }

    fn read_field_end(&mut self) -> thrift::Result<()> {
        Ok(self.field_end()?)
    }

    fn read_bool(&mut self) -> thrift::Result<bool> {
        match self.integer(TType::Bool)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Error::NumberRange {
                offset: self.offset(),
                kind: "tf",
            }
            .into()),
        }
    }

    fn read_bytes(&mut self) -> thrift::Result<Vec<u8>> {
        let text = self.string()?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| Error::Text {
            offset: self.offset(),
            reason: "something other than base64",
        })?;
        Ok(bytes)
    }

    fn read_i8(&mut self) -> thrift::Result<i8> {
        self.narrow(TType::I08)
    }

    fn read_i16(&mut self) -> thrift::Result<i16> {
        self.narrow(TType::I16)
    }

    fn read_i32(&mut self) -> thrift::Result<i32> {
        self.narrow(TType::I32)
    }

    fn read_i64(&mut self) -> thrift::Result<i64> {
        Ok(self.integer(TType::I64)?)
    }

    fn read_double(&mut self) -> thrift::Result<f64> {
        Ok(self.double()?)
    }

    fn read_uuid(&mut self) -> thrift::Result<uuid::Uuid> {
        Err(self
            .misuse("a UUID, which Thrift 0.9.1 does not have")
            .into())
    }

    fn read_string(&mut self) -> thrift::Result<String> {
        Ok(self.string()?.into_owned())
    }

    fn read_list_begin(&mut self) -> thrift::Result<TListIdentifier> {
        let (element, size) = self.sequence_begin(TType::List)?;
        Ok(TListIdentifier::new(element, size))
    }

    fn read_list_end(&mut self) -> thrift::Result<()> {
        Ok(self.sequence_end()?)
    }

    fn read_set_begin(&mut self) -> thrift::Result<TSetIdentifier> {
        let (element, size) = self.sequence_begin(TType::Set)?;
        Ok(TSetIdentifier::new(element, size))
    }

    fn read_set_end(&mut self) -> thrift::Result<()> {
        Ok(self.sequence_end()?)
    }

    fn read_map_begin(&mut self) -> thrift::Result<TMapIdentifier> {
        let (key, value, size) = self.map_begin()?;
        Ok(TMapIdentifier::new(key, value, size))
    }

    fn read_map_end(&mut self) -> thrift::Result<()> {
        Ok(self.map_end()?)
    }

    /// Bounded by [`Limits::depth`](crate::Limits::depth) alone, which counts from the outermost value.
    fn skip_till_depth(&mut self, field_type: TType, _: i8) -> thrift::Result<()> {
        Ok(self.skip_value(field_type)?)
    }

    fn skip_binary(&mut self) -> thrift::Result<()> {
        Ok(self.string().map(drop)?)
    }

    fn read_byte(&mut self) -> thrift::Result<u8> {
        self.narrow(TType::I08)
    }

    fn min_serialized_size(&self, _: TType) -> usize {
        1
    }
}
