//! How the generated types are read from a protocol and written to one.
//!
//! The generated files hold plain types, and one of the macros below for each type: it lists ids and names of the
//! IDL, and gives the type its Thrift traits.

use std::collections::{BTreeMap, BTreeSet};

use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TListIdentifier, TMapIdentifier, TOutputProtocol,
    TSetIdentifier, TType,
};
use thrift::{OrderedFloat, ProtocolError, ProtocolErrorKind};

/// A value of the IDL.
pub(crate) trait Wire: Sized {
    /// The type that a field of such values has on the wire.
    const KIND: TType;

    fn read(input: &mut dyn TInputProtocol) -> thrift::Result<Self>;

    fn write(&self, output: &mut dyn TOutputProtocol) -> thrift::Result<()>;
}

macro_rules! wire_number {
    ($($number:ty, $kind:ident, $read:ident, $write:ident;)*) => {$(
        impl Wire for $number {
            const KIND: TType = TType::$kind;

            fn read(input: &mut dyn TInputProtocol) -> thrift::Result<Self> {
                input.$read()
            }

            fn write(&self, output: &mut dyn TOutputProtocol) -> thrift::Result<()> {
                output.$write(*self)
            }
        }
    )*};
}

wire_number! {
    bool, Bool, read_bool, write_bool;
    i32, I32, read_i32, write_i32;
    i64, I64, read_i64, write_i64;
}

impl Wire for OrderedFloat<f64> {
    const KIND: TType = TType::Double;

    fn read(input: &mut dyn TInputProtocol) -> thrift::Result<Self> {
        input.read_double().map(Self::from)
    }

    fn write(&self, output: &mut dyn TOutputProtocol) -> thrift::Result<()> {
        output.write_double(self.into_inner())
    }
}

impl Wire for String {
    const KIND: TType = TType::String;

    fn read(input: &mut dyn TInputProtocol) -> thrift::Result<Self> {
        input.read_string()
    }

    fn write(&self, output: &mut dyn TOutputProtocol) -> thrift::Result<()> {
        output.write_string(self)
    }
}

impl<T: Wire> Wire for Vec<T> {
    const KIND: TType = TType::List;

    fn read(input: &mut dyn TInputProtocol) -> thrift::Result<Self> {
        // The sender's number alone does not get memory for more elements than these.
        const ROOM: usize = 64;
        let size = input.read_list_begin()?.size;
        let mut list = Self::with_capacity(usize::try_from(size).unwrap_or(0).min(ROOM));
        for _ in 0..size {
            list.push(T::read(input)?);
        }
        input.read_list_end()?;
        Ok(list)
    }

    fn write(&self, output: &mut dyn TOutputProtocol) -> thrift::Result<()> {
        output.write_list_begin(&TListIdentifier::new(T::KIND, count(self.len())))?;
        for element in self {
            element.write(output)?;
        }
        output.write_list_end()
    }
}

impl<T: Wire + Ord> Wire for BTreeSet<T> {
    const KIND: TType = TType::Set;

    fn read(input: &mut dyn TInputProtocol) -> thrift::Result<Self> {
        let size = input.read_set_begin()?.size;
        let mut set = Self::new();
        for _ in 0..size {
            set.insert(T::read(input)?);
        }
        input.read_set_end()?;
        Ok(set)
    }

    fn write(&self, output: &mut dyn TOutputProtocol) -> thrift::Result<()> {
        output.write_set_begin(&TSetIdentifier::new(T::KIND, count(self.len())))?;
        for element in self {
            element.write(output)?;
        }
        output.write_set_end()
    }
}

impl<K: Wire + Ord, V: Wire> Wire for BTreeMap<K, V> {
    const KIND: TType = TType::Map;

    fn read(input: &mut dyn TInputProtocol) -> thrift::Result<Self> {
        let size = input.read_map_begin()?.size;
        let mut map = Self::new();
        for _ in 0..size {
            let key = K::read(input)?;
            map.insert(key, V::read(input)?);
        }
        input.read_map_end()?;
        Ok(map)
    }

    fn write(&self, output: &mut dyn TOutputProtocol) -> thrift::Result<()> {
        output.write_map_begin(&TMapIdentifier::new(K::KIND, V::KIND, count(self.len())))?;
        for (key, value) in self {
            key.write(output)?;
            value.write(output)?;
        }
        output.write_map_end()
    }
}

/// Thrift counts in 32 bits; no container in memory comes near.
fn count(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(i32::MAX)
}

/// Reads a struct or union. `read` gets the id of each field, and says whether it has read the value; a value that
/// it has not read is skipped.
pub(crate) fn read_fields(
    input: &mut dyn TInputProtocol,
    mut read: impl FnMut(&mut dyn TInputProtocol, Option<i16>) -> thrift::Result<bool>,
) -> thrift::Result<()> {
    input.read_struct_begin()?;
    loop {
        let field = input.read_field_begin()?;
        if field.field_type == TType::Stop {
            return input.read_struct_end();
        }
        if !read(input, field.id)? {
            input.skip(field.field_type)?;
        }
        input.read_field_end()?;
    }
}

/// Writes a field that is set.
pub(crate) fn write_field<T: Wire>(
    output: &mut dyn TOutputProtocol,
    name: &'static str,
    id: i16,
    value: &T,
) -> thrift::Result<()> {
    output.write_field_begin(&TFieldIdentifier::new(name, T::KIND, id))?;
    value.write(output)?;
    output.write_field_end()
}

/// The branch of a union that was sent with `sent` branches, of which `known` is the first that the API has.
pub(crate) fn only_branch<T>(union: &str, sent: usize, known: Option<T>) -> thrift::Result<T> {
    let reason = match (sent, known) {
        (1, Some(branch)) => return Ok(branch),
        (0, _) => format!("{union} is an empty union"),
        (1, None) => format!("{union} has a branch that is not part of release 0.12.0"),
        (sent, _) => format!("{union} is a union with {sent} branches instead of one"),
    };
    let kind = ProtocolErrorKind::InvalidData;
    Err(thrift::Error::Protocol(ProtocolError::new(kind, reason)))
}

/// A struct: `ID FIELD "NAME"` for each field, ids ascending. Every field is an `Option`.
macro_rules! wire_struct {
    ($kind:ident { $($id:literal $field:ident $name:literal,)* }) => {
        impl thrift::protocol::TSerializable for $kind {
            #[allow(unused_mut, unreachable_code, reason = "some structs have no fields")]
            fn read_from_in_protocol(
                input: &mut dyn thrift::protocol::TInputProtocol,
            ) -> thrift::Result<Self> {
                let mut value = Self::default();
                $crate::wire::read_fields(input, |_input, id| {
                    match id {
                        $(Some($id) => value.$field = Some($crate::wire::Wire::read(_input)?),)*
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
                Ok(value)
            }

            fn write_to_out_protocol(
                &self,
                output: &mut dyn thrift::protocol::TOutputProtocol,
            ) -> thrift::Result<()> {
                let identifier = thrift::protocol::TStructIdentifier::new(stringify!($kind));
                output.write_struct_begin(&identifier)?;
                $(
                    if let Some(value) = &self.$field {
                        $crate::wire::write_field(output, $name, $id, value)?;
                    }
                )*
                output.write_field_stop()?;
                output.write_struct_end()
            }
        }

        $crate::wire::wire_serialize!($kind);
        $crate::wire::wire_type!($kind Struct);
    };
}

/// Lets serde write a struct or a union as [`to_json`](crate::to_json) shows it.
macro_rules! wire_serialize {
    ($kind:ident) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> std::result::Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::to_json(self), serializer)
            }
        }
    };
}

/// A union: `ID BRANCH "NAME"` for each branch.
macro_rules! wire_union {
    ($kind:ident { $($id:literal $branch:ident $name:literal,)* }) => {
        impl thrift::protocol::TSerializable for $kind {
            fn read_from_in_protocol(
                input: &mut dyn thrift::protocol::TInputProtocol,
            ) -> thrift::Result<Self> {
                let mut sent = 0;
                let mut known = None;
                $crate::wire::read_fields(input, |input, id| {
                    sent += 1;
                    match id {
                        $(Some($id) => {
                            let value = $crate::wire::Wire::read(input)?;
                            known.get_or_insert(Self::$branch(value));
                        })*
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
                $crate::wire::only_branch(stringify!($kind), sent, known)
            }

            fn write_to_out_protocol(
                &self,
                output: &mut dyn thrift::protocol::TOutputProtocol,
            ) -> thrift::Result<()> {
                let identifier = thrift::protocol::TStructIdentifier::new(stringify!($kind));
                output.write_struct_begin(&identifier)?;
                match self {
                    $(Self::$branch(value) => {
                        $crate::wire::write_field(output, $name, $id, value)?;
                    })*
                }
                output.write_field_stop()?;
                output.write_struct_end()
            }
        }

        $crate::wire::wire_serialize!($kind);
        $crate::wire::wire_type!($kind Struct);
    };
}

/// An enum: the names of its constants.
macro_rules! wire_enum {
    ($kind:ident { $($value:ident,)* }) => {
        impl $kind {
            /// All values that release 0.12.0 has, in the order of the IDL.
            pub const ENUM_VALUES: &'static [Self] = &[$(Self::$value,)*];
        }

        $crate::names::define_names!($kind { $($value,)* });

        impl thrift::protocol::TSerializable for $kind {
            fn read_from_in_protocol(
                input: &mut dyn thrift::protocol::TInputProtocol,
            ) -> thrift::Result<Self> {
                input.read_i32().map(Self)
            }

            fn write_to_out_protocol(
                &self,
                output: &mut dyn thrift::protocol::TOutputProtocol,
            ) -> thrift::Result<()> {
                output.write_i32(self.0)
            }
        }

        $crate::wire::wire_type!($kind I32);
    };
}

/// Lets fields have the type.
macro_rules! wire_type {
    ($kind:ident $tag:ident) => {
        impl $crate::wire::Wire for $kind {
            const KIND: thrift::protocol::TType = thrift::protocol::TType::$tag;

            fn read(input: &mut dyn thrift::protocol::TInputProtocol) -> thrift::Result<Self> {
                thrift::protocol::TSerializable::read_from_in_protocol(input)
            }

            fn write(
                &self,
                output: &mut dyn thrift::protocol::TOutputProtocol,
            ) -> thrift::Result<()> {
                thrift::protocol::TSerializable::write_to_out_protocol(self, output)
            }
        }
    };
}

pub(crate) use {wire_enum, wire_serialize, wire_struct, wire_type, wire_union};
