//! Methods that set the fields of a struct one by one.

/// Writes a method for each field, which gives the same value with that field set.
///
/// A line is the name of the method, that of the field, and what the method takes: `text`, `map`
/// (of texts), `value(T)` or `list(T)`; with `some` in front where the field is an `Option`.
macro_rules! setters {
    ($structure:ident { $($setter:ident $field:ident: $($kind:ident)+ $(($ty:ty))?;)+ }) => {
        impl $structure {
            $(setters!(@ $setter $field $($kind)+ $(($ty))?);)+
        }
    };
    (@ $setter:ident $field:ident text) => {
        setters!(@method $setter $field (impl Into<String>) |given| given.into());
    };
    (@ $setter:ident $field:ident some text) => {
        setters!(@method $setter $field (impl Into<String>) |given| Some(given.into()));
    };
    (@ $setter:ident $field:ident value($ty:ty)) => {
        setters!(@method $setter $field ($ty) |given| given);
    };
    (@ $setter:ident $field:ident some value($ty:ty)) => {
        setters!(@method $setter $field ($ty) |given| Some(given));
    };
    (@ $setter:ident $field:ident list($ty:ty)) => {
        setters!(@method $setter $field (impl IntoIterator<Item = $ty>)
            |given| given.into_iter().collect());
    };
    (@ $setter:ident $field:ident map) => {
        setters!(@method $setter $field
            (impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>)
            |given| given.into_iter().map(|(key, value)| (key.into(), value.into())).collect());
    };
    (@method $setter:ident $field:ident ($ty:ty) |$given:ident| $value:expr) => {
        #[doc = concat!("The same with [`", stringify!($field), "`](Self::", stringify!($field), ") set.")]
        #[must_use]
        pub fn $setter(mut self, $given: $ty) -> Self {
            self.$field = $value;
            self
        }
    };
}

pub(super) use setters;
