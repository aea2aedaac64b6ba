//! Makes objects of data, and refined copies of structs.

use python27::nearest;

use super::{
    Data, Error, Kind, Object, PathStep, ProblemKind, Result, Type, Under, coerce::check_enum,
    data::tuple_repr, object::Value,
};

impl Type {
    /// An object of this type, as calling the class makes it.
    ///
    /// Simple types and lists take one argument, maps one dictionary or any number of pairs,
    /// structs any number of dictionaries and keywords. A simple value is kept as it is given.
    ///
    /// # Errors
    /// When there are too many or too few arguments, a struct has no such field, an enumeration no
    /// such value, or something is not of the shape of the type.
    pub fn construct(&self, args: Vec<Data>, keywords: Vec<(String, Data)>) -> Result<Object> {
        if !keywords.is_empty() && self.as_struct().is_none() {
            let message = format!(
                "__init__() got an unexpected keyword argument '{}'",
                keywords[0].0
            );
            return Err(Error::new(ProblemKind::Type, message));
        }
        match self.kind() {
            Kind::Struct(structure) => {
                let default = |field: &super::Field| field.signature.default_value().cloned();
                let mut values: Vec<Option<Object>> =
                    structure.fields().iter().map(default).collect();
                for arg in args {
                    self.update(&mut values, entries_of(arg)?)?;
                }
                self.update(&mut values, keywords)?;
                Object::new(self.clone(), Value::Struct(values.into())).bounded()
            }
            Kind::Map(key, value) => {
                let pairs = pairs_of(args)?.into_iter().map(|(k, v)| {
                    let step = k.to_string();
                    let k = key.coerce(k)?;
                    Ok((k, value.coerce(v).under(|| PathStep::Key(step))?))
                });
                let pairs = pairs.collect::<Result<Vec<_>>>()?;
                Object::new(self.clone(), Value::Map(pairs.into())).bounded()
            }
            Kind::List(element) => {
                let elements = match self.only(args)? {
                    Data::List(elements) | Data::Tuple(elements) => elements,
                    other => {
                        let message =
                            format!("ListContainer expects an iterable, got {}", other.repr());
                        let hint = "put it into brackets to make it a list of one".to_owned();
                        return Err(Error::new(ProblemKind::Value, message).hint(Some(hint)));
                    }
                };
                let elements = elements
                    .into_iter()
                    .enumerate()
                    .map(|(i, data)| element.coerce(data).under(|| PathStep::Index(i)))
                    .collect::<Result<Vec<_>>>()?;
                Object::new(self.clone(), Value::List(elements.into())).bounded()
            }
            Kind::Enum(values) => {
                let value = self.only(args)?;
                check_enum(self, values, &value)?;
                Object::new(self.clone(), Value::Simple(value)).bounded()
            }
            _ => {
                let value = self.only(args)?;
                Object::new(self.clone(), Value::Simple(value)).bounded()
            }
        }
    }

    /// An object of this type from a value: the value itself when it is one, else constructed.
    ///
    /// # Errors
    /// As [`Type::construct`].
    pub fn coerce(&self, value: Data) -> Result<Object> {
        match value {
            Data::Object(object) if object.ty() == self => Ok(*object),
            value => self.construct(vec![value], Vec::new()),
        }
    }

    fn only(&self, args: Vec<Data>) -> Result<Data> {
        let count = args.len();
        let mut args = args.into_iter();
        match (args.next(), args.next()) {
            (Some(value), None) => Ok(value),
            _ => {
                let given = count + 1;
                let message = format!("__init__() takes exactly 2 arguments ({given} given)");
                let hint = format!("{} takes one value", self.name());
                Err(Error::new(ProblemKind::Type, message).hint(Some(hint)))
            }
        }
    }

    /// Sets fields, stopping at the first that does not fit.
    fn update(&self, values: &mut [Option<Object>], entries: Vec<(String, Data)>) -> Result<()> {
        let Some(structure) = self.as_struct() else {
            return Ok(());
        };
        // The released client goes through the names in the order of a dictionary, which decides
        // which of several mistakes is reported.
        let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
        let unknown = names.iter().any(|name| structure.position(name).is_none());
        let order = if unknown || entries.len() > 1 {
            python27::name_order(&names)
        } else {
            (0..entries.len()).collect()
        };
        let mut entries: Vec<Option<(String, Data)>> = entries.into_iter().map(Some).collect();
        for i in order {
            let Some((name, value)) = entries[i].take() else {
                continue;
            };
            let Some(position) = structure.position(&name) else {
                let names = structure.fields().iter().map(|field| &*field.name);
                let structure = self.name();
                let hint = match nearest(&name, names) {
                    Some(near) => format!("did you mean the field `{near}` of `{structure}`?"),
                    None => format!("`{structure}` has no field `{name}`"),
                };
                let message = format!("Unknown schema attribute {name}");
                let problem = Error::new(ProblemKind::Attribute, message).hint(Some(hint));
                return Err(problem.unknown(name));
            };
            values[position] = match value {
                Data::Empty => None,
                value => {
                    let ty = structure.fields()[position].signature.ty();
                    Some(ty.coerce(value).under(|| PathStep::Field(name))?)
                }
            };
        }
        Ok(())
    }
}

impl Object {
    /// A copy of a struct with some fields replaced, as calling the object makes it.
    ///
    /// # Errors
    /// When the object is not a struct, has no such field, or a value does not fit.
    pub fn refine(&self, keywords: Vec<(String, Data)>) -> Result<Self> {
        let Value::Struct(values) = &self.value else {
            let message = format!("'{}' object is not callable", self.ty().name());
            return Err(Error::new(ProblemKind::Type, message));
        };
        let mut values = values.to_vec();
        self.ty.update(&mut values, keywords)?;
        let refined = Self {
            scopes: self.scopes.clone(),
            origin: self.origin.clone(),
            ..Self::new(self.ty.clone(), Value::Struct(values.into()))
        };
        refined.bounded()
    }
}

fn entries_of(arg: Data) -> Result<Vec<(String, Data)>> {
    let dict = match arg {
        Data::Dict(dict) => dict.ordered(),
        other => {
            let message = format!("Expected dictionary argument, got {}", other.repr());
            return Err(Error::new(ProblemKind::Value, message));
        }
    };
    let entry = |(key, value): (Data, Data)| match key {
        Data::Text(text) => Ok((text.text.to_string(), value)),
        _ => {
            let message = "_update_schema_data() keywords must be strings";
            Err(Error::new(ProblemKind::Type, message))
        }
    };
    dict.entries.into_iter().map(entry).collect()
}

fn pairs_of(args: Vec<Data>) -> Result<Vec<(Data, Data)>> {
    if let [Data::Dict(_)] = &args[..] {
        let dict = args.into_iter().next();
        return Ok(match dict {
            Some(Data::Dict(dict)) => dict.copied().entries,
            _ => Vec::new(),
        });
    }
    let pair = |arg: &Data| match (arg, arg.elements()) {
        (_, Some([key, value])) => Some((key.clone(), value.clone())),
        (Data::Text(text), _) => {
            let mut letters = text.text.chars();
            let letter = |c: char| Data::text(c.to_string());
            match (letters.next(), letters.next(), letters.next()) {
                (Some(key), Some(value), None) => Some((letter(key), letter(value))),
                _ => None,
            }
        }
        _ => None,
    };
    args.iter()
        .map(pair)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| {
            let given = tuple_repr(&args);
            let message = format!("Unexpected input to MapContainer: {given}");
            let hint = "give it one dictionary, or pairs of a key and a value".to_owned();
            Error::new(ProblemKind::Value, message).hint(Some(hint))
        })
}
