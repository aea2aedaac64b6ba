//! The way to declare a struct or an enumeration of the schema: once, for files and for typed jobs.

/// Declares structs of the schema. Of each it makes
///
/// - the struct with its documentation, read and written by serde,
/// - `DECLARED`, its row of the table, with the same documentation,
/// - `Default`, or `with_required` where some fields must be given, in their order,
/// - a method for each field, which gives the same value with that field set.
///
/// A field is written `name, method: [kind] presence;`. A name that is a keyword of Rust comes as `is_final = "final"`.
///
/// The kind is `text`, `int`, `float`, `truth`, `seconds`, `fractional seconds`, `bytes`, `texts` (a map), `list T`, `of T`
/// for a struct, `one_of T` for an enumeration, or `text as T` for a text with a type of its own. After `maybe` the typed
/// field is an `Option`.
///
/// The presence is that of the table, [`Presence`](super::table::Presence): `required`, `from_key`, `optional`, `needed` or
/// `default(value)`; or `given(value)` for a default of files that typed jobs do not have. Two values are not written as
/// Rust writes them: `default(new)` is the struct with its own defaults, `default(ready NAME: value)` a ready-made object.
macro_rules! declare {
    ($(
        $(#[doc = $doc:literal])+
        $(#[derive($($derive:ident),+)])?
        struct $name:ident = $listed:literal {
            $(
                $(#[doc = $meaning:literal])+
                $field:ident $(= $key:literal)?, $setter:ident:
                    [$($kind:tt)+] $presence:ident $(($($value:tt)+))?;
            )*
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq $($(, $derive)+)?)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $meaning])+
                pub $field: declare!(@type $($kind)+),
            )*
        }

        impl $name {
            pub(in crate::schema) const DECLARED: Struct = Struct {
                name: $listed,
                meaning: concat!($($doc),+).trim_ascii_start(),
                fields: &[$(
                    Field {
                        name: declare!(@key $field $($key)?),
                        ty: declare!(@row $($kind)+),
                        presence: declare!(@presence [$($kind)+] $presence $($($value)+)?),
                        meaning: concat!($($meaning),+).trim_ascii_start(),
                    },
                )*],
            };

            $(declare!(@setter $setter $field [$($kind)+]);)*
        }

        declare!(@new $name [] [] $({ $field [$($kind)+] $presence $($($value)+)? })*);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(
                    if !declare!(@unset $presence [$($kind)+] self.$field) {
                        map.serialize_entry(declare!(@key $field $($key)?), &self.$field)?;
                    }
                )*
                map.end()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(rename = $listed)]
                struct Fields {
                    $(
                        $(#[serde(rename = $key)])?
                        #[serde(default)]
                        $field: Option<declare!(@read $($kind)+)>,
                    )*
                }
                let fields = Fields::deserialize(deserializer)?;
                Ok(Self {
                    $($field: {
                        let read = declare!(@typed [$($kind)+] fields.$field);
                        declare!(@or read $presence [$($kind)+] (declare!(@key $field $($key)?)) $($($value)+)?)
                    },)*
                })
            }
        }
    )+};

    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };

    // The typed form of a kind.
    (@type maybe $($kind:tt)+) => { Option<declare!(@type $($kind)+)> };
    (@type text as $ty:ident) => { $ty };
    (@type text) => { String };
    (@type int) => { i64 };
    (@type float) => { f64 };
    (@type truth) => { bool };
    (@type seconds) => { Seconds };
    (@type fractional seconds) => { Seconds<f64> };
    (@type bytes) => { Bytes };
    (@type texts) => { BTreeMap<String, String> };
    (@type list text) => { Vec<String> };
    (@type list $of:ident) => { Vec<$of> };
    (@type of $of:ident) => { $of };
    (@type one_of $of:ident) => { $of };

    // The form that serde reads before a text becomes what it stands for.
    (@read maybe $($kind:tt)+) => { declare!(@read $($kind)+) };
    (@read text as $ty:ident) => { String };
    (@read $($kind:tt)+) => { declare!(@type $($kind)+) };

    (@typed [maybe $($kind:tt)+] $read:expr) => { declare!(@typed [$($kind)+] $read) };
    (@typed [text as $ty:ident] $read:expr) => { $read.map(|text| $ty::of_text(&text)) };
    (@typed [$($kind:tt)+] $read:expr) => { $read };

    // What a field is that was read, or was not there.
    (@or $read:ident $presence:ident [maybe $($kind:tt)+] $key:tt $($value:tt)*) => { $read };
    (@or $read:ident default [$($kind:tt)+] $key:tt $($value:tt)+) => {
        $read.unwrap_or_else(|| declare!(@value [$($kind)+] $($value)+))
    };
    (@or $read:ident optional [$($kind:tt)+] $key:tt) => { $read.unwrap_or_default() };
    (@or $read:ident needed [$($kind:tt)+] $key:tt) => { $read.unwrap_or_default() };
    // `required`, `from_key` and `given`.
    (@or $read:ident $presence:ident [$($kind:tt)+] ($key:expr) $($value:tt)*) => {
        $read.ok_or_else(|| serde::de::Error::missing_field($key))?
    };

    // Whether a field is left out of what is written.
    (@unset $presence:ident [maybe $($kind:tt)+] $value:expr) => { $value.is_none() };
    (@unset optional [texts] $value:expr) => { $value.is_empty() };
    (@unset $presence:ident [$($kind:tt)+] $value:expr) => { false };

    // The type in the table.
    (@row maybe $($kind:tt)+) => { declare!(@row $($kind)+) };
    (@row text $(as $ty:ident)?) => { FieldType::String };
    (@row int) => { FieldType::Integer };
    (@row float) => { FieldType::Float };
    (@row truth) => { FieldType::Boolean };
    (@row seconds) => { FieldType::Integer };
    (@row fractional seconds) => { FieldType::Float };
    (@row bytes) => { FieldType::Integer };
    (@row texts) => { FieldType::Map(&FieldType::String, &FieldType::String) };
    (@row list $($of:tt)+) => { FieldType::List(&declare!(@row of $($of)+)) };
    (@row of text) => { FieldType::String };
    (@row of $of:ident) => { FieldType::Named($of::DECLARED.name) };
    (@row one_of $of:ident) => { FieldType::Named($of::DECLARED.name) };

    // The presence in the table.
    (@presence [$($kind:tt)+] required) => { Presence::Required };
    (@presence [$($kind:tt)+] from_key) => { Presence::FromKey };
    (@presence [$($kind:tt)+] optional) => { Presence::Optional };
    (@presence [$($kind:tt)+] needed) => { Presence::Needed };
    (@presence [$($kind:tt)+] given $($value:tt)+) => {
        declare!(@presence [$($kind)+] default $($value)+)
    };
    (@presence [maybe $($kind:tt)+] default $($value:tt)+) => {
        declare!(@presence [$($kind)+] default $($value)+)
    };
    (@presence [$($kind:tt)+] default $($value:tt)+) => {
        Presence::Default(declare!(@literal [$($kind)+] $($value)+))
    };
    (@literal [of $of:ident] new) => { Literal::New };
    (@literal [of $of:ident] ready $ready:ident: $value:expr) => { Literal::Object(stringify!($ready)) };
    (@literal [text as $ty:ident] $value:expr) => { Literal::Text($value.name()) };
    (@literal [one_of $of:ident] $value:expr) => { Literal::Text($value.name()) };
    (@literal [text] $value:expr) => { Literal::Text($value) };
    (@literal [seconds] documented_min_duration) => { Literal::MinDuration };
    (@literal [fractional seconds] $value:expr) => { Literal::Float($value) };
    (@literal [float] $value:expr) => { Literal::Float($value) };
    (@literal [truth] $value:expr) => { Literal::Boolean($value) };
    (@literal [texts] $value:expr) => { Literal::Map(&$value) };
    (@literal [list $($of:tt)+] []) => { Literal::EmptyList };
    // `int`, `seconds` and `bytes`.
    (@literal [$kind:ident] $value:expr) => { Literal::Integer($value) };

    // The typed default.
    (@value [maybe $($kind:tt)+] $($value:tt)+) => { Some(declare!(@value [$($kind)+] $($value)+)) };
    (@value [of $of:ident] new) => { $of::default() };
    (@value [of $of:ident] ready $ready:ident: $value:expr) => { $value };
    (@value [text as $ty:ident] $value:expr) => { $value };
    (@value [one_of $of:ident] $value:expr) => { $value };
    (@value [text] $value:expr) => { $value.to_owned() };
    (@value [seconds] documented_min_duration) => { documented_min_duration() };
    (@value [seconds] $value:expr) => { Seconds($value) };
    (@value [fractional seconds] $value:expr) => { Seconds($value) };
    (@value [bytes] $value:expr) => { Bytes($value) };
    (@value [texts] $value:expr) => {
        $value.into_iter().map(|(key, value): (&str, &str)| (key.to_owned(), value.to_owned())).collect()
    };
    (@value [list $($of:tt)+] []) => { Vec::new() };
    (@value [$kind:ident] $value:expr) => { $value };

    // Goes through the fields: those that must be given become parameters, the others get what they are without a value.
    (@new $name:ident $params:tt [$($init:tt)*] { $field:ident $kind:tt optional } $($rest:tt)*) => {
        declare!(@new $name $params [$($init)* $field: Default::default(),] $($rest)*);
    };
    (@new $name:ident $params:tt [$($init:tt)*] { $field:ident $kind:tt needed } $($rest:tt)*) => {
        declare!(@new $name $params [$($init)* $field: Default::default(),] $($rest)*);
    };
    (@new $name:ident $params:tt [$($init:tt)*] { $field:ident $kind:tt default $($value:tt)+ } $($rest:tt)*) => {
        declare!(@new $name $params [$($init)* $field: declare!(@value $kind $($value)+),] $($rest)*);
    };
    (@new $name:ident [$($param:tt)*] [$($init:tt)*]
        { $field:ident [$($kind:tt)+] $presence:ident $($value:tt)* } $($rest:tt)*
    ) => {
        declare!(@new $name [$($param)* { $field: declare!(@type $($kind)+) }] [$($init)* $field,] $($rest)*);
    };
    (@new $name:ident [] [$($init:tt)*]) => {
        impl Default for $name {
            fn default() -> Self {
                Self { $($init)* }
            }
        }
    };
    (@new $name:ident [$({ $($param:tt)+ })+] [$($init:tt)*]) => {
        impl $name {
            pub(crate) fn with_required($($($param)+),+) -> Self {
                Self { $($init)* }
            }
        }
    };

    (@setter $setter:ident $field:ident [maybe $($kind:tt)+]) => {
        declare!(@given $setter $field [$($kind)+] |value| Some(value));
    };
    (@setter $setter:ident $field:ident [$($kind:tt)+]) => {
        declare!(@given $setter $field [$($kind)+] |value| value);
    };
    (@given $setter:ident $field:ident [text] $($stored:tt)+) => {
        declare!(@method $setter $field (impl Into<String>) (|given| given.into()) ($($stored)+));
    };
    (@given $setter:ident $field:ident [text as $ty:ident] $($stored:tt)+) => {
        declare!(@method $setter $field (impl Into<$ty>) (|given| given.into()) ($($stored)+));
    };
    (@given $setter:ident $field:ident [seconds] $($stored:tt)+) => {
        declare!(@method $setter $field (impl Into<Seconds>) (|given| given.into()) ($($stored)+));
    };
    (@given $setter:ident $field:ident [fractional seconds] $($stored:tt)+) => {
        declare!(@method $setter $field (impl Into<Seconds<f64>>) (|given| given.into()) ($($stored)+));
    };
    (@given $setter:ident $field:ident [bytes] $($stored:tt)+) => {
        declare!(@method $setter $field (impl Into<Bytes>) (|given| given.into()) ($($stored)+));
    };
    (@given $setter:ident $field:ident [texts] $($stored:tt)+) => {
        declare!(@method $setter $field
            (impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>)
            (|given| given.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
            ($($stored)+));
    };
    (@given $setter:ident $field:ident [list text] $($stored:tt)+) => {
        declare!(@method $setter $field
            (impl IntoIterator<Item = impl Into<String>>)
            (|given| given.into_iter().map(Into::into).collect()) ($($stored)+));
    };
    (@given $setter:ident $field:ident [list $of:ident] $($stored:tt)+) => {
        declare!(@method $setter $field
            (impl IntoIterator<Item = $of>) (|given| given.into_iter().collect()) ($($stored)+));
    };
    (@given $setter:ident $field:ident [$($kind:tt)+] $($stored:tt)+) => {
        declare!(@method $setter $field (declare!(@type $($kind)+)) (|given| given) ($($stored)+));
    };
    (@method $setter:ident $field:ident ($ty:ty) (|$given:ident| $value:expr) (|$typed:ident| $stored:expr)) => {
        #[doc = concat!("The same with [`", stringify!($field), "`](Self::", stringify!($field), ") set.")]
        #[must_use]
        pub fn $setter(mut self, $given: $ty) -> Self {
            let $typed = $value;
            self.$field = $stored;
            self
        }
    };
}

/// Declares an enumeration of the schema: its typed form, the first value being the default, and its row of the table.
macro_rules! declare_enumeration {
    ($(
        $(#[doc = $doc:literal])+
        enum $name:ident {
            $(#[doc = $first_meaning:literal])+
            $first:ident = $first_value:literal,
            $(
                $(#[doc = $meaning:literal])+
                $variant:ident = $value:literal,
            )*
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $(#[doc = $first_meaning])+
            #[default]
            #[serde(rename = $first_value)]
            $first,
            $(
                $(#[doc = $meaning])+
                #[serde(rename = $value)]
                $variant,
            )*
        }

        impl $name {
            pub(in crate::schema) const DECLARED: Enumeration = Enumeration {
                name: stringify!($name),
                meaning: concat!($($doc),+).trim_ascii_start(),
                values: &[
                    ($first_value, concat!($($first_meaning),+).trim_ascii_start()),
                    $(($value, concat!($($meaning),+).trim_ascii_start()),)*
                ],
            };

            /// The text of files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::$first => $first_value,
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    )+};
}

pub(super) use {declare, declare_enumeration};
