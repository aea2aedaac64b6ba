//! How what is kept on disk looks there: Thrift structs, so that fields can be added without a migration.

use std::fmt::Display;

use thrift::protocol::{
    TCompactInputProtocol, TCompactOutputProtocol, TOutputProtocol, TSerializable,
};

/// Something that is kept on disk.
pub(crate) trait Record: Sized {
    /// Their form on disk.
    type Wire: TSerializable;

    fn to_wire(&self) -> Self::Wire;

    /// The record behind its form on disk; the reason when something is missing that all of them have.
    fn from_wire(wire: Self::Wire) -> Result<Self, &'static str>;
}

/// A record as bytes.
pub(crate) fn encode<R: Record>(record: &R) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut output = TCompactOutputProtocol::new(&mut bytes);
    record
        .to_wire()
        .write_to_out_protocol(&mut output)
        .map_err(text)?;
    output.flush().map_err(text)?;
    drop(output);
    Ok(bytes)
}

/// The record behind bytes.
pub(crate) fn decode<R: Record>(bytes: &[u8]) -> Result<R, String> {
    let mut input = TCompactInputProtocol::new(bytes);
    let wire = R::Wire::read_from_in_protocol(&mut input).map_err(text)?;
    R::from_wire(wire).map_err(str::to_owned)
}

fn text(error: impl Display) -> String {
    error.to_string()
}
