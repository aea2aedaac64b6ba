//! How deeply objects are nested. It is bounded, because they are gone through recursively.

use super::{Data, Error, Object, ProblemKind, Result, Type, object::Value};

/// How deep parts may be nested in objects, objects in the bindings of others, and types in types.
const MAX_DEPTH: u32 = 1000;

impl Object {
    /// The longest way from an object to one in it or in its scopes.
    pub(crate) fn depth(&self) -> u32 {
        self.depth.max(self.scopes().depth())
    }

    /// The object, if it is not nested too deeply.
    ///
    /// # Errors
    /// When it is nested deeper than 1,000 levels.
    pub(crate) fn bounded(self) -> Result<Self> {
        if self.depth() <= MAX_DEPTH {
            return Ok(self);
        }
        let message = format!(
            "objects cannot be nested deeper than {MAX_DEPTH} levels, as in this {}",
            self.ty().name()
        );
        Err(Error::new(ProblemKind::Value, message))
    }
}

impl Value {
    pub(crate) fn depth(&self) -> u32 {
        let deepest = match self {
            Self::Simple(data) => return data_depth(data),
            Self::List(elements) => elements.iter().map(Object::depth).max(),
            Self::Map(pairs) => {
                let depths = pairs
                    .iter()
                    .map(|(key, value)| key.depth().max(value.depth()));
                depths.max()
            }
            Self::Struct(values) => values.iter().flatten().map(Object::depth).max(),
        };
        deepest.map_or(0, |depth| depth + 1)
    }
}

/// The depth of the objects in data; plain data is as deep as the interpreter lets it be.
fn data_depth(data: &Data) -> u32 {
    match data {
        Data::Object(object) => object.depth() + 1,
        Data::Environment(environment) => environment.depth() + 1,
        Data::List(elements) | Data::Tuple(elements) => {
            elements.iter().map(data_depth).max().unwrap_or_default()
        }
        Data::Dict(dict) => {
            let entries = dict.entries.iter();
            let depths = entries.map(|(key, value)| data_depth(key).max(data_depth(value)));
            depths.max().unwrap_or_default()
        }
        _ => 0,
    }
}

impl Type {
    /// The type, if its parameters are not nested too deeply.
    ///
    /// # Errors
    /// When they are nested deeper than 1,000 levels.
    pub fn bounded(self) -> Result<Self> {
        if self.depth() <= MAX_DEPTH {
            return Ok(self);
        }
        let message = format!("types cannot be nested deeper than {MAX_DEPTH} levels");
        Err(Error::new(ProblemKind::Value, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of doing something again and again.
    fn again(mut step: impl FnMut(Object) -> Result<Object>) -> String {
        let mut object = Type::string()
            .construct(vec!["{{a}}".into()], Vec::new())
            .unwrap();
        for count in 0..=MAX_DEPTH {
            object = match step(object) {
                Ok(object) => object,
                Err(problem) => return format!("{count}: {problem}"),
            };
        }
        "no end".to_owned()
    }

    #[test]
    fn objects_are_not_nested_without_an_end() {
        let message = "1000: objects cannot be nested deeper than 1000 levels, as in this String";
        let string = |data: Data| Type::string().construct(vec![data], Vec::new());
        assert_eq!(again(|object| string(object.into())), message);
        assert_eq!(
            again(|object| string(Data::List(vec![object.into()]))),
            message
        );
        assert_eq!(
            again(|object| string("x".into())?.bind(Vec::new(), vec![("a".into(), object.into())])),
            message
        );
        let mut ty = Type::string();
        let lists = again(|object| {
            ty = Type::list(&ty);
            ty.construct(vec![Data::List(vec![object.into()])], Vec::new())
        });
        assert!(lists.starts_with("1000: objects cannot be"), "{lists}");
        assert!(Type::list(&ty).bounded().is_err());
    }
}
