//! JSON as Python 2.7 writes and reads it.

mod locate;
mod read;
mod write;

pub use locate::locate as locate_json;
pub use read::parse_json;
pub use write::{dumps, dumps_indented};

use super::{Data, Dict, Kind, Object, Result, Type};

impl Object {
    /// The interpolated data as JSON text.
    ///
    /// # Errors
    /// As [`Object::interpolate`] and [`dumps`].
    pub fn json_dumps(&self) -> Result<String> {
        dumps(&self.interpolate()?.0.get())
    }
}

impl Type {
    /// An object from JSON text. Unless `strict`, unknown fields of structs are left out.
    ///
    /// # Errors
    /// When the text is not JSON; and as [`Type::construct`].
    pub fn json_loads(&self, text: &str, strict: bool) -> Result<Object> {
        let data = parse_json(text)?;
        let data = if strict {
            data
        } else {
            self.without_unknown(data)
        };
        self.construct(vec![data], Vec::new())
    }

    fn without_unknown(&self, data: Data) -> Data {
        let (Kind::Struct(structure), Data::Dict(dict)) = (self.kind(), &data) else {
            return data;
        };
        let entries = dict.clone().ordered().entries.into_iter();
        let known = entries.filter_map(|(key, value)| {
            let position = structure.position(key.as_text()?)?;
            let ty = structure.fields()[position].signature.ty();
            Some((key, ty.without_unknown(value)))
        });
        Data::Dict(Dict::filled(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn again(text: &str) -> String {
        match parse_json(text) {
            Ok(data) => dumps(&data).unwrap(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn values_are_written_as_python_writes_them() {
        assert_eq!(
            again(r#"{"a":[1,2.50,true,null,{}],"b":"\u00e9\ud83d\ude00/\u0007\u007f"}"#),
            r#"{"a": [1, 2.5, true, null, {}], "b": "\u00e9\ud83d\ude00/\u0007\u007f"}"#
        );
        assert_eq!(again("12345678901234567890123"), "12345678901234567890123");
        assert_eq!(
            again("[-Infinity, NaN, 1e5, -0]"),
            "[-Infinity, NaN, 100000.0, 0]"
        );
        assert_eq!(again(r#"{"a":1,"a":2}"#), r#"{"a": 2}"#);
    }

    #[test]
    fn mistakes_use_the_words_of_python() {
        for (text, message) in [
            ("", "No JSON object could be decoded"),
            ("{", "Expecting object: line 1 column 1 (char 0)"),
            ("{\"a\":1,", "Expecting object: line 1 column 7 (char 6)"),
            ("{\"a\"", "Expecting : delimiter: line 1 column 5 (char 4)"),
            (
                "{\"a\" 1}",
                "Expecting : delimiter: line 1 column 6 (char 5)",
            ),
            ("{\"a\":}", "No JSON object could be decoded"),
            (
                "{\"a\":1\n\n,}",
                "Expecting property name: line 3 column 2 (char 9)",
            ),
            (
                "{'a':1}",
                "Expecting property name: line 1 column 2 (char 1)",
            ),
            ("[1 2", "Expecting , delimiter: line 1 column 4 (char 3)"),
            ("[1,]", "No JSON object could be decoded"),
            (
                "\"abc",
                "Unterminated string starting at: line 1 column 1 (char 0)",
            ),
            (
                "\"a\nb\"",
                "Invalid control character at: line 1 column 3 (char 2)",
            ),
            ("\"a\\x\"", "Invalid \\escape: line 1 column 3 (char 2)"),
            (
                "\"\\u00g0\"",
                "Invalid \\uXXXX escape: line 1 column 2 (char 1)",
            ),
            (
                "{} x",
                "Extra data: line 1 column 4 - line 1 column 5 (char 3 - 4)",
            ),
            (
                "01",
                "Extra data: line 1 column 2 - line 1 column 3 (char 1 - 2)",
            ),
        ] {
            assert_eq!(again(text), message, "{text:?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(parse_json(&"[".repeat(100_000)).is_err());
        let fine = format!("{}{}", "[".repeat(400), "]".repeat(400));
        assert!(parse_json(&fine).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r#"[\[\]{}",:\\u0-9a-f.eE+ntrl -]{0,40}"#) {
            let _ = parse_json(&text);
        }

        #[test]
        fn texts_survive_a_round_trip(text in any::<String>()) {
            let written = dumps(&Data::unicode(text.clone())).unwrap();
            prop_assert!(written.is_ascii());
            let read = parse_json(&written).unwrap();
            prop_assert_eq!(read.as_text(), Some(text.as_str()));
        }

        #[test]
        fn floats_survive_a_round_trip(number in any::<f64>()) {
            prop_assume!(!number.is_nan());
            match parse_json(&dumps(&Data::Float(number)).unwrap()) {
                Ok(Data::Float(read)) => prop_assert_eq!(read.to_bits(), number.to_bits()),
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            }
        }
    }
}
