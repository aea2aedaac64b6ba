//! The form of a member that is not JSON: a `ServiceInstance` in Thrift's binary encoding.
//!
//! ```thrift
//! struct Endpoint { 1: string host, 2: i32 port }
//! struct ServiceInstance {
//!   1: Endpoint serviceEndpoint
//!   2: map<string, Endpoint> additionalEndpoints
//!   3: Status status        // an enum
//!   4: optional i32 shard
//! }
//! ```

use std::collections::BTreeMap;

use aurora_api::Limits;
use aurora_api::binary::BinaryInput;
use thrift::protocol::{TInputProtocol, TType};

use super::endpoint::Endpoint;

/// The additional endpoints of a member.
///
/// # Errors
/// What is wrong with the data.
pub(super) fn additional_endpoints(data: &[u8]) -> Result<BTreeMap<String, Endpoint>, String> {
    read_all(data).unwrap_or_else(|error| Err(reason(error)))
}

/// The decoded value, which may still not be a member.
type Decoded<T> = Result<T, String>;

fn read_all(data: &[u8]) -> thrift::Result<Decoded<BTreeMap<String, Endpoint>>> {
    let mut input = BinaryInput::new(data, &Limits::REQUEST)?;
    let endpoints = service_instance(&mut input)?;
    input.finish()?;
    Ok(endpoints)
}

fn service_instance(
    input: &mut BinaryInput<'_>,
) -> thrift::Result<Decoded<BTreeMap<String, Endpoint>>> {
    let (mut service, mut additional, mut status) = (None, None, None);
    fields(input, |input, id, kind| {
        match id {
            1 => service = Some(endpoint(input)?),
            2 => additional = Some(endpoints(input)?),
            3 => status = Some(input.read_i32()?),
            _ => input.skip(kind)?,
        }
        Ok(())
    })?;
    Ok(match (service, additional, status) {
        (Some(Ok(_)), Some(additional), Some(_)) => additional,
        (Some(Err(error)), _, _) => Err(error),
        (None, _, _) => Err(missing("serviceEndpoint")),
        (_, None, _) => Err(missing("additionalEndpoints")),
        (_, _, None) => Err(missing("status")),
    })
}

fn endpoints(input: &mut BinaryInput<'_>) -> thrift::Result<Decoded<BTreeMap<String, Endpoint>>> {
    let size = input.read_map_begin()?.size;
    let mut found = Ok(BTreeMap::new());
    for _ in 0..size {
        let name = input.read_string()?;
        let endpoint = endpoint(input)?;
        found = found.and_then(|mut found| {
            found.insert(name, endpoint?);
            Ok(found)
        });
    }
    input.read_map_end()?;
    Ok(found)
}

fn endpoint(input: &mut BinaryInput<'_>) -> thrift::Result<Decoded<Endpoint>> {
    let (mut host, mut port) = (None, None);
    fields(input, |input, id, kind| {
        match id {
            1 => host = Some(input.read_string()?),
            2 => port = Some(input.read_i32()?),
            _ => input.skip(kind)?,
        }
        Ok(())
    })?;
    let Some(host) = host else {
        return Ok(Err(missing("host")));
    };
    let Some(port) = port else {
        return Ok(Err(missing("port")));
    };
    Ok(match u16::try_from(port) {
        Ok(port) => Ok(Endpoint { host, port }),
        Err(_) => Err(format!("invalid port: {port}")),
    })
}

/// Reads the fields of a struct; `read` takes the value of each, by its id and type.
fn fields<'a>(
    input: &mut BinaryInput<'a>,
    mut read: impl FnMut(&mut BinaryInput<'a>, i16, TType) -> thrift::Result<()>,
) -> thrift::Result<()> {
    input.read_struct_begin()?;
    loop {
        let field = input.read_field_begin()?;
        match field.id {
            Some(id) => read(input, id, field.field_type)?,
            None => break,
        }
        input.read_field_end()?;
    }
    input.read_struct_end()
}

fn missing(field: &str) -> String {
    format!("missing field `{field}`")
}

fn reason(error: thrift::Error) -> String {
    let error = match error {
        thrift::Error::User(error) => error,
        other => return other.to_string(),
    };
    match error.downcast_ref() {
        // Its own text asks about a connection.
        Some(aurora_api::Error::Truncated { offset, expected }) => {
            format!("byte {offset}: it ends where {expected} should follow")
        }
        _ => error.to_string(),
    }
}
