//! Names of enum values, as the IDL writes them.

/// Gives a generated enum its names.
macro_rules! define_names {
    ($kind:ident { $($value:ident),* $(,)? }) => {
        impl $kind {
            /// The name in the IDL, or nothing for a value that release 0.12.0 does not know.
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$value => Some(stringify!($value)),)*
                    _ => None,
                }
            }

            /// The value with this name in the IDL; case counts.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($value) => Some(Self::$value),)*
                    _ => None,
                }
            }
        }

        /// The name in the IDL; the number when release 0.12.0 does not know it.
        impl ::std::fmt::Display for $kind {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => ::std::fmt::Display::fmt(&self.0, f),
                }
            }
        }
    };
}

pub(crate) use define_names;
