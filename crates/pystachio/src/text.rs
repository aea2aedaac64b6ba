//! `str()` and `repr()` of objects.

use super::{Object, Result, object::Value};

impl Object {
    /// `str()`: the value of a simple object, the [`Object::repr`] of others, both interpolated.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub fn text(&self) -> Result<String> {
        let (object, _) = self.interpolate()?;
        object.own_text()
    }

    fn own_text(&self) -> Result<String> {
        let name = self.ty().name();
        match &self.value {
            Value::Simple(data) => Ok(data.to_string()),
            Value::List(elements) => {
                let elements = elements
                    .iter()
                    .map(Self::text)
                    .collect::<Result<Vec<_>>>()?;
                Ok(format!("{name}({})", elements.join(", ")))
            }
            Value::Map(pairs) => {
                let pair = |(k, v): &(Self, Self)| Ok(format!("{} => {}", k.text()?, v.text()?));
                let pairs = pairs.iter().map(pair).collect::<Result<Vec<_>>>()?;
                Ok(format!("{name}({})", pairs.join(", ")))
            }
            Value::Struct(values) => {
                let mut fields = Vec::new();
                if let Some(structure) = self.ty().as_struct() {
                    for &i in structure.held() {
                        if let Some(value) = &values[i] {
                            let field = &structure.fields()[i].name;
                            fields.push(format!("{field}={}", value.text()?));
                        }
                    }
                }
                let separator = format!(",\n{}", " ".repeat(name.chars().count() + 1));
                Ok(format!("{name}({})", fields.join(&separator)))
            }
        }
    }

    /// `repr()`: the name of the type and what it holds, interpolated.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub fn repr(&self) -> Result<String> {
        let text = self.text()?;
        Ok(match self.ty().is_simple() {
            true => format!("{}({text})", self.ty().name()),
            false => text,
        })
    }

    /// As [`Object::repr`], for messages: what cannot be interpolated is left out.
    pub fn shown(&self) -> String {
        self.repr()
            .unwrap_or_else(|_| format!("{}(…)", self.ty().name()))
    }
}
