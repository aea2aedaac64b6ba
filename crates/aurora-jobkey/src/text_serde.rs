//! Every type as the string that people write.

use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::{
    InstanceKey, InstanceSet, JobKey, JobKeyPattern, PartialJobKey, RoleKey, TaskInstanceKey,
};

struct TextVisitor<T> {
    expecting: &'static str,
    target: PhantomData<T>,
}

impl<T: FromStr<Err = crate::Error>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! as_text {
    ($($type:ident: $expecting:literal;)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor {
                    expecting: $expecting,
                    target: PhantomData,
                })
            }
        }
    )*};
}

as_text! {
    JobKey: "a job key";
    InstanceKey: "a job key with instances";
    TaskInstanceKey: "a job key with one instance";
    PartialJobKey: "the beginning of a job key";
    JobKeyPattern: "a job key pattern";
    RoleKey: "a cluster and a role";
}

impl Serialize for InstanceSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Other than on a command line an empty text is the empty set, so that every set reads back.
struct InstanceSetVisitor;

impl Visitor<'_> for InstanceSetVisitor {
    type Value = InstanceSet;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("instance numbers and ranges")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<InstanceSet, E> {
        if text.is_empty() {
            return Ok(InstanceSet::new());
        }
        text.parse().map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for InstanceSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(InstanceSetVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T>(text: &str)
    where
        T: FromStr<Err = crate::Error> + Serialize + for<'de> Deserialize<'de> + PartialEq,
        T: fmt::Debug,
    {
        let value: T = text.parse().unwrap();
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(json, format!("{text:?}"));
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
    }

    #[test]
    fn strings_both_ways() {
        round_trip::<JobKey>("west/www/prod/web");
        round_trip::<InstanceKey>("west/www/prod/web/0,2-4");
        round_trip::<TaskInstanceKey>("west/www/prod/web/7");
        round_trip::<PartialJobKey>("west/www");
        round_trip::<JobKeyPattern>("west/*/prod/w?b");
        round_trip::<RoleKey>("west/www");
        round_trip::<InstanceSet>("0,2-4");
    }

    #[test]
    fn an_empty_set_reads_back() {
        let json = serde_json::to_string(&InstanceSet::new()).unwrap();
        assert_eq!(json, "\"\"");
        assert_eq!(
            serde_json::from_str::<InstanceSet>(&json).unwrap(),
            InstanceSet::new()
        );
    }

    #[test]
    fn errors_come_through() {
        let error = serde_json::from_str::<JobKey>("\"west/www\"").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("environment is missing: expected CLUSTER/ROLE/ENV/NAME")
        );
        let error = serde_json::from_str::<JobKey>("7").unwrap_err();
        assert!(error.to_string().contains("expected a job key"));
    }
}
