//! From typed values to objects of the schema, and back.

use serde::{Serialize, de::DeserializeOwned};

use pystachio::{
    Data, Dict, Error as ObjectError, Kind, Object, ProblemKind, Type, dumps, parse_json,
};

use crate::Error;

/// The object that a typed value describes. What is unset there is unset here, default or not.
pub(crate) fn to_object(typed: &impl Serialize, ty: &Type) -> Result<Object, Error> {
    let text = serde_json::to_string(typed).map_err(Error::ExecutorData)?;
    let data = parse_json(&text)
        .map_err(|error| ObjectError::new(ProblemKind::Value, error.to_string()))?;
    Ok(ty.construct(vec![unset(ty, data)], Vec::new())?)
}

/// The typed form of an object, without interpolating it.
pub(crate) fn from_object<T: DeserializeOwned>(object: &Object) -> Result<T, Error> {
    let text = dumps(&object.get())?;
    serde_json::from_str(&text)
        .map_err(|error| Error::invalid(format!("a value of the job is out of range: {error}")))
}

/// Data in which the fields that it does not have are empty rather than what the schema says.
fn unset(ty: &Type, data: Data) -> Data {
    match (ty.kind(), data) {
        (Kind::Struct(structure), Data::Dict(mut dict)) => {
            for field in structure.fields() {
                let signature = &field.signature;
                let entry = dict
                    .entries
                    .iter_mut()
                    .find(|(key, _)| key.as_text() == Some(&field.name));
                match entry {
                    Some((_, value)) => {
                        *value = unset(signature.ty(), std::mem::replace(value, Data::Empty));
                    }
                    None if signature.default_value().is_some() => {
                        let name = Data::unicode(field.name.clone());
                        dict.entries.push((name, Data::Empty));
                    }
                    None => {}
                }
            }
            Data::Dict(Dict::filled(dict.entries))
        }
        (Kind::List(element), Data::List(elements)) => {
            let elements = elements.into_iter().map(|data| unset(element, data));
            Data::List(elements.collect())
        }
        (_, data) => data,
    }
}
