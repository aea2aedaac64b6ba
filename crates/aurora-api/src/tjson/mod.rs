//! TJSON, Thrift's JSON encoding, as a streaming protocol over bytes in memory.
//!
//! Any [`TSerializable`](thrift::protocol::TSerializable) type can be read and written with it; whole messages are
//! in [`message`](crate::message).
//!
//! | value | encoding |
//! | --- | --- |
//! | struct, union | `{"ID":{"TYPE":VALUE},…}` |
//! | list, set | `["TYPE",COUNT,VALUE,…]` |
//! | map | `["KEYTYPE","VALUETYPE",COUNT,{"KEY":VALUE,…}]`, keys always quoted |
//! | bool | `1`, `0` |
//! | enum | its number, as `i32` |
//! | double | 12 significant digits, as Thrift 0.9.1 writes them in Python; `"NaN"`, `"Infinity"`, `"-Infinity"` |
//! | binary | base64 in a string |
//! | message | `[1,"METHOD",TYPE,SEQUENCE,STRUCT]` |
//!
//! The type tags are `tf i8 i16 i32 i64 dbl str rec lst set map`.

mod input;
mod input_protocol;
mod number;
mod output;
mod scan;
mod text;

pub use input::TJsonInput;
pub use output::TJsonOutput;

use thrift::protocol::TType;

/// The tag of a type; TJSON has none for the types that values cannot have.
pub(crate) fn tag(kind: TType) -> &'static str {
    match kind {
        TType::Bool => "tf",
        TType::I08 => "i8",
        TType::I16 => "i16",
        TType::I32 => "i32",
        TType::I64 => "i64",
        TType::Double => "dbl",
        TType::String | TType::Utf7 => "str",
        TType::Struct => "rec",
        TType::List => "lst",
        TType::Set => "set",
        TType::Map => "map",
        TType::Uuid => "uid",
        TType::Stop | TType::Void => "none",
    }
}

fn kind_of(tag: &str) -> Option<TType> {
    Some(match tag {
        "tf" => TType::Bool,
        "i8" => TType::I08,
        "i16" => TType::I16,
        "i32" => TType::I32,
        "i64" => TType::I64,
        "dbl" => TType::Double,
        "str" => TType::String,
        "rec" => TType::Struct,
        "lst" => TType::List,
        "set" => TType::Set,
        "map" => TType::Map,
        _ => return None,
    })
}
