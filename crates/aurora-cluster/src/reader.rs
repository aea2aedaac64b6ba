//! From the text of a file to its entries.

use std::path::Path;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::Error;
use crate::location::Lines;

/// JSON with comments and trailing commas. Everything else that the parser could let through stays
/// off: a missing comma would be reported at a later token, and the forms of JSON5 are not documented.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The entries of a file: those of a list, or the values of an object.
pub(crate) fn entries<'a>(
    file: &'a Path,
    text: &'a str,
) -> Result<(Vec<Object<'a>>, Lines<'a>), Error> {
    let lines = Lines::new(file, text);
    let (values, is_object) = match parse(text, &lines)? {
        Value::Array(list) => (list.elements, false),
        Value::Object(object) => {
            let values = object.properties.into_iter().map(|property| property.value);
            (values.collect(), true)
        }
        other => {
            return Err(Error::Layout {
                location: lines.locate(other.start()),
                found: kind(&other),
            });
        }
    };
    let objects = values
        .into_iter()
        .map(|value| match value {
            Value::Object(object) => Ok(object),
            other => Err(Error::Entry {
                location: lines.locate(other.start()),
                found: kind(&other),
                is_value: is_object,
            }),
        })
        .collect::<Result<_, _>>()?;
    Ok((objects, lines))
}

fn parse<'a>(text: &'a str, lines: &Lines<'_>) -> Result<Value<'a>, Error> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).map_err(|error| {
        Error::Syntax {
            location: lines.locate(error.range().start),
            reason: lower_first(&error.kind().to_string()),
        }
    })?;
    parsed.value.ok_or_else(|| Error::Syntax {
        location: lines.locate(text.len()),
        reason: "the file is empty: write `[]` for no clusters".to_owned(),
    })
}

/// What a value is, for people.
pub(crate) const fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "text",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a boolean",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<serde_json::Value, Error> {
        parse(text, &Lines::new(Path::new("f"), text)).map(Into::into)
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Whatever is strict JSON reads as what it says.
        #[test]
        fn strict_json_is_read_unchanged(value in json()) {
            let compact = value.to_string();
            prop_assert_eq!(read(&compact).unwrap(), serde_json::from_str::<serde_json::Value>(&compact).unwrap());
            let pretty = format!("{value:#}");
            prop_assert_eq!(read(&pretty).unwrap(), serde_json::from_str::<serde_json::Value>(&pretty).unwrap());
        }
    }

    #[test]
    fn spellings_of_other_languages_are_refused() {
        for text in [
            "{a: 1}",
            "{'a': 1}",
            "[0x1]",
            "[+1]",
            "[.5]",
            "[5.]",
            "[NaN]",
            "[\"a\" \"b\"]",
            "{\"a\": 1 \"b\": 2}",
            "[1] [2]",
            "[,]",
            "[1,,2]",
            "[\"\\x41\"]",
            "[True]",
            "[",
            "",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
            assert!(read(&text).is_err());
            assert!(read(&open.repeat(100_000)).is_err());
        }
    }
}
