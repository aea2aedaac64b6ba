//! Names of enum values, as the IDL writes them.

/// Gives an enum its names, and the traits that show and read them.
///
/// Enums are numbers with names, so that the values of later releases survive: a number without a name is shown
/// and read as a number.
macro_rules! define_names {
    ($kind:ident { $($value:ident),* $(,)? }) => {
        impl $kind {
            /// The name in the IDL, or nothing for a value that release 0.12.0 does not have.
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$value => Some(stringify!($value)),)*
                    _ => None,
                }
            }

            /// The value with this name in the IDL; case-sensitive.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($value) => Some(Self::$value),)*
                    _ => None,
                }
            }
        }

        /// The name in the IDL; the number of a value that release 0.12.0 does not have.
        impl ::std::fmt::Display for $kind {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => ::std::fmt::Display::fmt(&self.0, f),
                }
            }
        }

        impl ::std::fmt::Debug for $kind {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => f.debug_tuple(stringify!($kind)).field(&self.0).finish(),
                }
            }
        }

        /// A name of the IDL, or a number.
        impl ::std::str::FromStr for $kind {
            type Err = $crate::Error;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::Error> {
                let number = || text.parse().ok().map(Self);
                Self::from_name(text)
                    .or_else(number)
                    .ok_or_else(|| $crate::Error::UnknownName {
                        kind: stringify!($kind),
                        name: text.to_owned(),
                    })
            }
        }

        impl From<i32> for $kind {
            fn from(number: i32) -> Self {
                Self(number)
            }
        }

        impl From<$kind> for i32 {
            fn from(value: $kind) -> Self {
                value.0
            }
        }

        /// The name in the IDL; the number of a value that release 0.12.0 does not have.
        #[cfg(feature = "serde")]
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self.name() {
                    Some(name) => serializer.serialize_str(name),
                    None => serializer.serialize_i32(self.0),
                }
            }
        }

        /// A name of the IDL, or a number.
        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let visitor = $crate::names::ValueVisitor(stringify!($kind), ::std::marker::PhantomData);
                deserializer.deserialize_any(visitor)
            }
        }
    };
}

pub(crate) use define_names;

/// Reads a value from a name or a number.
#[cfg(feature = "serde")]
pub(crate) struct ValueVisitor<T>(
    pub(crate) &'static str,
    pub(crate) std::marker::PhantomData<T>,
);

#[cfg(feature = "serde")]
impl<T> serde::de::Visitor<'_> for ValueVisitor<T>
where
    T: std::str::FromStr<Err = crate::Error> + From<i32>,
{
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a name or number of {}", self.0)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
        let unexpected = serde::de::Unexpected::Signed(number);
        i32::try_from(number)
            .map(T::from)
            .map_err(|_| E::invalid_value(unexpected, &self))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<T, E> {
        let unexpected = serde::de::Unexpected::Unsigned(number);
        i32::try_from(number)
            .map(T::from)
            .map_err(|_| E::invalid_value(unexpected, &self))
    }
}
