//! A mode as its text.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::Compat;

impl Serialize for Compat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

struct ModeVisitor;

impl Visitor<'_> for ModeVisitor {
    type Value = Compat;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`documented` or `released`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Compat, E> {
        text.parse().map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Compat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ModeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_texts_in_both_directions() {
        for mode in Compat::ALL {
            let json = serde_json::to_string(&mode).unwrap();
            assert_eq!(json, format!("\"{mode}\""));
            assert_eq!(serde_json::from_str::<Compat>(&json).unwrap(), mode);
        }
    }

    #[test]
    fn other_values_are_refused_with_what_is_expected() {
        let refusal = |json| {
            serde_json::from_str::<Compat>(json)
                .unwrap_err()
                .to_string()
        };
        assert!(refusal("\"old\"").starts_with("unknown compatibility mode `old`"));
        assert!(refusal("1").contains("expected `documented` or `released`"));
    }
}
