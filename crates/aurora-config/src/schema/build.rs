//! Makes types and objects of the table.

use std::{collections::HashMap, sync::OnceLock};

use aurora_compat::Compat;

use super::table::{ALIASES, ENUMS, Field, FieldType, Literal, OBJECTS, Part, Presence, STRUCTS};
use pystachio::{Data, Dict, DictKind, Object, Result, Signature, Type};

/// Something that a configuration file finds in its namespace.
#[derive(Debug, Clone)]
pub(crate) enum Export {
    Type(Type),
    Object(Object),
    #[cfg(feature = "python")]
    Number(i64),
}

/// All types and ready-made objects of the schema.
#[derive(Debug)]
pub(crate) struct Schema {
    compat: Compat,
    names: Vec<&'static str>,
    exports: HashMap<&'static str, Export>,
}

impl Schema {
    /// The schema with the defaults of the documentation or of the release.
    pub(crate) fn of(compat: Compat) -> &'static Self {
        static DOCUMENTED: OnceLock<Schema> = OnceLock::new();
        static RELEASED: OnceLock<Schema> = OnceLock::new();
        let schema = match compat {
            Compat::Released => &RELEASED,
            _ => &DOCUMENTED,
        };
        schema.get_or_init(|| Self::build(compat))
    }

    fn build(compat: Compat) -> Self {
        let mut schema = Self {
            compat,
            names: Vec::new(),
            exports: HashMap::new(),
        };
        #[cfg(feature = "python")]
        for &(name, bytes) in super::table::UNITS {
            schema.add(name, Export::Number(bytes));
        }
        for enumeration in ENUMS {
            let values: Vec<&str> = enumeration.values.iter().map(|(value, _)| *value).collect();
            let ty = Type::enumeration(None, &values);
            schema.add(enumeration.name, Export::Type(ty));
        }
        for structure in STRUCTS {
            let module = std::iter::once(("__module__", None));
            let fields = structure.fields.iter();
            let fields = fields.map(|field| (field.name, schema.signature(field)));
            let ty = Type::structure(structure.name, module.chain(fields));
            schema.add(structure.name, Export::Type(ty));
            schema.add_objects(structure.name);
        }
        for &(alias, name) in ALIASES {
            if let Some(export) = schema.exports.get(name).cloned() {
                schema.add(alias, export);
            }
        }
        schema
    }

    fn add(&mut self, name: &'static str, export: Export) {
        self.names.push(name);
        self.exports.insert(name, export);
    }

    /// The ready-made objects of a struct, as soon as it is there.
    fn add_objects(&mut self, structure: &str) {
        for ready in OBJECTS.iter().filter(|it| it.structure == structure) {
            let keywords = ready.parts.iter().map(|&(field, part)| {
                let value = match part {
                    Part::True => Ok(Data::Bool(true)),
                    Part::New => self.declared_field(structure, field).map(Data::from),
                };
                Ok((field.to_owned(), value?))
            });
            let object = keywords
                .collect::<Result<Vec<_>>>()
                .and_then(|keywords| self.ty(structure).construct(Vec::new(), keywords));
            if let Ok(object) = object {
                self.add(ready.name, Export::Object(object));
            }
        }
    }

    /// A new object of the type that a field of the table has, as declared.
    fn declared_field(&self, structure: &str, field: &str) -> Result<Object> {
        let rows = STRUCTS.iter().find(|it| it.name == structure);
        let mut rows = rows.into_iter().flat_map(|it| it.fields);
        let ty = match rows.find(|it| it.name == field) {
            Some(row) => self.field_type(&row.ty),
            None => Type::string(),
        };
        ty.construct(Vec::new(), Vec::new())
    }

    fn signature(&self, field: &Field) -> Option<Signature> {
        let ty = self.field_type(&field.ty);
        let default = match &field.presence {
            Presence::Optional | Presence::Needed => return Some(Signature::plain(&ty)),
            Presence::Required | Presence::FromKey => return Some(Signature::required(&ty)),
            Presence::Default(literal) => match literal {
                Literal::Text(text) => Data::text(*text),
                Literal::Integer(value) => Data::int(*value),
                Literal::Float(value) => Data::Float(*value),
                Literal::Boolean(value) => Data::Bool(*value),
                Literal::EmptyList => Data::List(Vec::new()),
                Literal::Map(entries) => Data::Dict(Dict {
                    kind: DictKind::Literal,
                    entries: entries
                        .iter()
                        .map(|(k, v)| ((*k).into(), (*v).into()))
                        .collect(),
                }),
                Literal::New => ty.construct(Vec::new(), Vec::new()).ok()?.into(),
                Literal::Object(name) => self.object(name)?.clone().into(),
                Literal::MinDuration => Data::int(self.compat.default_min_duration().into()),
            },
        };
        Signature::default(&ty, default).ok()
    }

    fn field_type(&self, ty: &FieldType) -> Type {
        match ty {
            FieldType::String => Type::string(),
            FieldType::Integer => Type::integer(),
            FieldType::Float => Type::float(),
            FieldType::Boolean => Type::boolean(),
            FieldType::Named(name) => self.ty(name),
            FieldType::List(element) => Type::list(&self.field_type(element)),
            FieldType::Map(key, value) => Type::map(&self.field_type(key), &self.field_type(value)),
        }
    }

    /// A type by its name. The names are those of the table, which a test goes through.
    pub(crate) fn ty(&self, name: &str) -> Type {
        match self.exports.get(name) {
            Some(Export::Type(ty)) => ty.clone(),
            _ => Type::string(),
        }
    }

    /// A ready-made object by its name.
    pub(crate) fn object(&self, name: &str) -> Option<&Object> {
        match self.exports.get(name) {
            Some(Export::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// Everything by name, in the order of declaration.
    #[cfg(feature = "python")]
    pub(crate) fn exports(&self) -> impl Iterator<Item = (&'static str, &Export)> + '_ {
        self.names
            .iter()
            .filter_map(|name| Some((*name, self.exports.get(name)?)))
    }
}

#[cfg(all(test, feature = "python"))]
mod tests {
    use super::{super::table::UNITS, *};

    #[test]
    fn every_name_of_the_table_is_exported() {
        for compat in [Compat::Documented, Compat::Released] {
            let schema = Schema::of(compat);
            let names: Vec<&str> = schema.exports().map(|(name, _)| name).collect();
            let units = UNITS.iter().map(|(name, _)| *name);
            let structs = STRUCTS.iter().map(|it| it.name);
            let expected: Vec<&str> = units
                .chain(ENUMS.iter().map(|it| it.name))
                .chain(structs)
                .chain(OBJECTS.iter().map(|it| it.name))
                .chain(ALIASES.iter().map(|(name, _)| *name))
                .collect();
            for name in &expected {
                assert!(names.contains(name), "{name}");
            }
            assert_eq!(names.len(), expected.len());
        }
    }

    #[test]
    fn every_field_of_the_table_is_declared_as_it_says() {
        let schema = Schema::of(Compat::Documented);
        for row in STRUCTS {
            let ty = schema.ty(row.name);
            let structure = ty.as_struct().unwrap();
            assert_eq!(structure.fields().len(), row.fields.len(), "{}", row.name);
            for field in row.fields {
                let name = format!("{}.{}", row.name, field.name);
                let (ty, presence) = (&field.ty, &field.presence);
                let position = structure.position(field.name).unwrap();
                let signature = &structure.fields()[position].signature;
                assert_eq!(signature.ty(), &schema.field_type(ty), "{name}");
                assert_eq!(
                    signature.is_required(),
                    matches!(presence, Presence::Required | Presence::FromKey)
                );
                let default = matches!(presence, Presence::Default(_));
                assert_eq!(signature.default_value().is_some(), default, "{name}");
                if let FieldType::Named(named) = ty {
                    assert_eq!(signature.ty().name(), schema.ty(named).name());
                }
            }
        }
    }

    #[test]
    fn documentation_and_release_differ_in_one_default() {
        let wait = |compat| {
            let process = Schema::of(compat).ty("Process");
            let process = process.construct(Vec::new(), Vec::new()).unwrap();
            process
                .field("min_duration")
                .unwrap()
                .unwrap()
                .text()
                .unwrap()
        };
        assert_eq!(wait(Compat::Documented), "15");
        assert_eq!(wait(Compat::Released), "5");
    }
}
