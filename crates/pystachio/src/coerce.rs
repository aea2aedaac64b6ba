//! What the simple types make of a value.

use std::sync::Arc;

use num_bigint::BigInt;
use num_traits::FromPrimitive as _;

use python27::{parse_float, parse_int};

use super::{Data, Error, Int, Kind, ProblemKind, Result, Type};
use crate::template;

fn refused(ty: &Type, value: &Data, more: Option<String>) -> Error {
    let more = more.map(|text| format!(": {text}")).unwrap_or_default();
    let message = format!("Cannot coerce '{value}' to {}{more}", ty.name());
    Error::new(ProblemKind::Coercion, message)
}

fn listed(values: &[Arc<str>]) -> String {
    values.join(", ")
}

/// The value as one of a simple type.
pub(crate) fn coerce(ty: &Type, value: &Data) -> Result<Data> {
    let no = || refused(ty, value, None);
    match ty.kind() {
        Kind::String => match value {
            Data::Text(text) => Ok(Data::unicode(text.text.clone())),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) => Ok(Data::unicode(value.to_string())),
            _ => Err(no()),
        },
        Kind::Integer => match value {
            Data::Bool(value) => Ok(Data::int(i64::from(*value))),
            Data::Int(_) => Ok(value.clone()),
            Data::Float(float) => match BigInt::from_f64(float.trunc()) {
                Some(whole) => Ok(Data::Int(whole.into())),
                None => Err(no()),
            },
            Data::Text(text) => match parse_int(&text.text) {
                Some(whole) => Ok(Data::Int(whole.into())),
                None => Err(no()),
            },
            _ => Err(no()),
        },
        Kind::Float => match value {
            Data::Bool(value) => Ok(Data::Float(f64::from(u8::from(*value)))),
            Data::Int(value) => Ok(Data::Float(Int::to_f64(value))),
            Data::Float(_) => Ok(value.clone()),
            Data::Text(text) => parse_float(&text.text).map(Data::Float).ok_or_else(no),
            _ => Err(no()),
        },
        Kind::Boolean => match value {
            Data::Bool(_) => Ok(value.clone()),
            Data::Int(_) | Data::Float(_) => Ok(Data::Bool(value.is_true())),
            Data::Text(text) => match text.text.to_ascii_lowercase().as_str() {
                "true" | "1" => Ok(Data::Bool(true)),
                "false" | "0" => Ok(Data::Bool(false)),
                _ => Err(no()),
            },
            _ => Err(no()),
        },
        Kind::Enum(values) => match value {
            Data::Text(text) if values.contains(&text.text) => Ok(Data::unicode(text.text.clone())),
            _ => {
                let more = format!("{value} is not one of {}", listed(values));
                Err(refused(ty, value, Some(more)))
            }
        },
        Kind::Choice(_) | Kind::List(_) | Kind::Map(..) | Kind::Struct(_) => Ok(value.clone()),
    }
}

/// The message for a coerced or partly resolved value that does not fit its type; `None` if it fits.
pub(crate) fn type_error(ty: &Type, value: &Data) -> Option<String> {
    let (fits, words) = match ty.kind() {
        Kind::String => (matches!(value, Data::Text(_)), "a string"),
        Kind::Integer => (matches!(value, Data::Bool(_) | Data::Int(_)), "an integer"),
        Kind::Float => {
            let number = matches!(value, Data::Bool(_) | Data::Int(_) | Data::Float(_));
            (number, "a float")
        }
        Kind::Boolean => (matches!(value, Data::Bool(_)), "a boolean"),
        Kind::Enum(values) => {
            let fits = value
                .as_text()
                .is_some_and(|t| values.iter().any(|v| **v == *t));
            let values = listed(values);
            return (!fits).then(|| format!("{} not in the enumeration ({values})", value.repr()));
        }
        _ => return None,
    };
    (!fits).then(|| format!("{} not {words}", value.repr()))
}

/// An enumeration refuses other texts at once, unless they hold references.
pub(crate) fn check_enum(ty: &Type, values: &[Arc<str>], value: &Data) -> Result<()> {
    let fits = match value {
        Data::Text(text) => {
            let nothing = |_: &template::Reference| Ok::<_, Error>(None);
            let resolved =
                template::resolve(&text.text, nothing).map_err(super::interpolate::problem)?;
            !resolved.unbound.is_empty() || values.contains(&text.text)
        }
        Data::Bool(_) | Data::Int(_) | Data::Float(_) => false,
        other => return Err(refused(&Type::string(), other, None)),
    };
    if fits {
        return Ok(());
    }
    let message = format!(
        "{} only accepts the following values: {}",
        ty.name(),
        listed(values)
    );
    let names = values.iter().map(|v| &**v);
    let hint = python27::nearest(value.as_text().unwrap_or_default(), names);
    let hint = hint.map(|name| format!("did you mean `{name}`?"));
    Err(Error::new(ProblemKind::Value, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn becomes(ty: &Type, value: Data) -> String {
        match coerce(ty, &value) {
            Ok(data) => data.repr(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn strings_take_text_and_numbers() {
        let ty = Type::string();
        assert_eq!(becomes(&ty, Data::text("x")), "u'x'");
        assert_eq!(becomes(&ty, Data::Float(2.5)), "u'2.5'");
        assert_eq!(becomes(&ty, Data::Bool(true)), "u'True'");
        assert_eq!(becomes(&ty, Data::None), "Cannot coerce 'None' to String");
    }

    #[test]
    fn integers_take_numbers_and_what_int_takes() {
        let ty = Type::integer();
        assert_eq!(becomes(&ty, Data::Float(3.9)), "3");
        assert_eq!(becomes(&ty, Data::Float(-2.7)), "-2");
        assert_eq!(becomes(&ty, Data::Bool(true)), "1");
        assert_eq!(becomes(&ty, Data::text("  12 ")), "12");
        assert_eq!(becomes(&ty, Data::text("007")), "7");
        assert_eq!(
            becomes(&ty, Data::text("99999999999999999999")),
            "99999999999999999999L"
        );
        assert_eq!(
            becomes(&ty, Data::text("2.5")),
            "Cannot coerce '2.5' to Integer"
        );
        assert_eq!(
            becomes(&ty, Data::Float(f64::NAN)),
            "Cannot coerce 'nan' to Integer"
        );
    }

    #[test]
    fn booleans_take_few_words_and_all_numbers() {
        let ty = Type::boolean();
        assert_eq!(becomes(&ty, Data::text("TRUE")), "True");
        assert_eq!(becomes(&ty, Data::text("0")), "False");
        assert_eq!(becomes(&ty, Data::int(7)), "True");
        assert_eq!(becomes(&ty, Data::Float(0.0)), "False");
        assert_eq!(
            becomes(&ty, Data::text("yes")),
            "Cannot coerce 'yes' to Boolean"
        );
    }

    #[test]
    fn enumerations_refuse_other_texts_at_once() {
        let ty = Type::enumeration(None, &["standard", "rotate"]);
        let make = |text: &str| ty.construct(vec![text.into()], Vec::new());
        assert!(make("rotate").is_ok());
        assert!(make("{{how}}").is_ok());
        assert_eq!(
            make("rotated").unwrap_err().to_string(),
            "Enum_standard_rotate only accepts the following values: standard, rotate"
        );
        assert_eq!(
            becomes(&ty, Data::text("rotated")),
            "Cannot coerce 'rotated' to Enum_standard_rotate: rotated is not one of standard, rotate"
        );
    }
}
