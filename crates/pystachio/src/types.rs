//! Types of objects: what a field may hold, and which fields a struct has in which order.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use super::{Data, Object, Result};
use python27::{DictOrder, Hash, hash_text};

/// The type of an object. Cheap to clone.
///
/// Two types are equal when they have the same name and parameters, however they came about.
#[derive(Clone)]
pub struct Type(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    kind: Kind,
    /// How deep types are nested in its parameters.
    depth: u32,
    /// See [`Type::rebuilt`]; unset for a type that is already rebuilt.
    rebuilt: OnceLock<Type>,
}

/// What kind of type it is, with its parameters.
#[derive(Clone)]
pub enum Kind {
    /// Text.
    String,
    /// Whole numbers.
    Integer,
    /// Floating-point numbers.
    Float,
    /// True or false.
    Boolean,
    /// One of these texts.
    Enum(Vec<Arc<str>>),
    /// The first of these types that takes the value.
    Choice(Vec<Type>),
    /// A list of elements of one type.
    List(Type),
    /// A map from keys of one type to values of another.
    Map(Type, Type),
    /// Named fields, each of its own type.
    Struct(StructType),
}

/// The fields of a struct.
#[derive(Clone)]
pub struct StructType {
    /// Sorted by name. Shared with the rebuilt variant of the type.
    fields: Arc<[Field]>,
    /// Positions in `fields`, in the order in which the released client goes through declarations.
    declared: Vec<usize>,
    /// Positions in `fields`, in the order in which the released client goes through values.
    held: Vec<usize>,
}

/// A field of a struct.
pub struct Field {
    /// The name.
    pub name: Arc<str>,
    /// How it is declared.
    pub signature: Signature,
    hash: Hash,
}

/// The declaration of a field.
#[derive(Clone)]
pub struct Signature {
    ty: Type,
    required: bool,
    default: Option<Object>,
}

impl Signature {
    /// A field that may be left out: `name = Type`.
    pub fn plain(ty: &Type) -> Self {
        Self {
            ty: ty.clone(),
            required: false,
            default: None,
        }
    }

    /// A field that a check asks for: `name = Required(Type)`.
    pub fn required(ty: &Type) -> Self {
        Self {
            required: true,
            ..Self::plain(ty)
        }
    }

    /// A field with a default: `name = Default(Type, value)`.
    ///
    /// # Errors
    /// When the default is not a value of the type.
    pub fn default(ty: &Type, default: Data) -> Result<Self> {
        Ok(Self {
            default: match default {
                Data::Empty => None,
                default => Some(ty.coerce(default)?),
            },
            ..Self::plain(ty)
        })
    }

    /// The type of the values.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Whether a check asks for a value.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// The value of a field that is not set.
    pub fn default_value(&self) -> Option<&Object> {
        self.default.as_ref()
    }

    /// Declarations go through a plain form of types and defaults before a struct is made of them.
    fn rebuilt(&self) -> Self {
        let ty = self.ty.rebuilt();
        let default = self.default.as_ref().map(|default| {
            // What became an object once does so again; the original serves if not.
            ty.construct(vec![default.get()], Vec::new())
                .unwrap_or_else(|_| default.clone())
        });
        Self {
            ty,
            required: self.required,
            default,
        }
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({})", self.ty().name())
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        let plain = |default: &Option<Object>| default.as_ref().map(Object::get);
        self.required == other.required
            && self.ty == other.ty
            && plain(&self.default) == plain(&other.default)
    }
}

impl StructType {
    fn new(fields: Arc<[Field]>, declared: Vec<usize>) -> Self {
        let mut order = DictOrder::new();
        for &position in &declared {
            order.insert(fields[position].hash);
        }
        let held = order.order().into_iter().map(|i| declared[i]).collect();
        Self {
            fields,
            declared,
            held,
        }
    }

    /// The fields, sorted by name. A field's position here is its position in an object.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The position of a field.
    pub fn position(&self, name: &str) -> Option<usize> {
        let found = self
            .fields
            .binary_search_by(|field| (*field.name).cmp(name));
        found.ok()
    }

    /// Positions in the order of checks.
    pub fn declared(&self) -> &[usize] {
        &self.declared
    }

    /// Positions in the order of iteration.
    pub fn held(&self) -> &[usize] {
        &self.held
    }

    /// Positions of the fields that are `present`, in the order of a dictionary of them.
    pub fn plain_order(&self, present: impl Fn(usize) -> bool) -> Vec<usize> {
        let kept: Vec<usize> = self.held.iter().copied().filter(|i| present(*i)).collect();
        let mut order = DictOrder::new();
        for &position in &kept {
            order.insert(self.fields[position].hash);
        }
        order.order().into_iter().map(|i| kept[i]).collect()
    }
}

impl Kind {
    fn depth(&self) -> u32 {
        let deepest = match self {
            Self::Choice(options) => options.iter().map(Type::depth).max(),
            Self::List(element) => Some(element.depth()),
            Self::Map(key, value) => Some(key.depth().max(value.depth())),
            Self::Struct(structure) => {
                let types = structure.fields.iter().map(|field| field.signature.ty());
                types.map(Type::depth).max()
            }
            _ => None,
        };
        deepest.map_or(0, |depth| depth + 1)
    }
}

impl Type {
    pub(crate) fn depth(&self) -> u32 {
        self.0.depth
    }

    fn new(name: impl Into<Arc<str>>, kind: Kind) -> Self {
        Self(Arc::new(Inner {
            name: name.into(),
            depth: kind.depth(),
            kind,
            rebuilt: OnceLock::new(),
        }))
    }

    /// `String`: text, or a number that becomes one.
    pub fn string() -> Self {
        static TYPE: OnceLock<Type> = OnceLock::new();
        let new = || Self::new("String", Kind::String);
        TYPE.get_or_init(new).clone()
    }

    /// `Integer`: a number, or text that `int()` takes.
    pub fn integer() -> Self {
        static TYPE: OnceLock<Type> = OnceLock::new();
        let new = || Self::new("Integer", Kind::Integer);
        TYPE.get_or_init(new).clone()
    }

    /// `Float`: a number, or text that `float()` takes.
    pub fn float() -> Self {
        static TYPE: OnceLock<Type> = OnceLock::new();
        let new = || Self::new("Float", Kind::Float);
        TYPE.get_or_init(new).clone()
    }

    /// `Boolean`: true, false, 1 or 0 as text in any case, or a number by its truth.
    pub fn boolean() -> Self {
        static TYPE: OnceLock<Type> = OnceLock::new();
        let new = || Self::new("Boolean", Kind::Boolean);
        TYPE.get_or_init(new).clone()
    }

    /// `Enum(name, values)`. Without a name it is `Enum_` and the values joined by `_`.
    pub fn enumeration(name: Option<&str>, values: &[&str]) -> Self {
        let name = match name {
            Some(name) => name.to_owned(),
            None => format!("Enum_{}", values.join("_")),
        };
        Self::new(
            name,
            Kind::Enum(values.iter().map(|v| (*v).into()).collect()),
        )
    }

    /// `Choice(options)`. Without a name it is `Choice_` and the names of the types joined by `_`.
    pub fn choice(name: Option<&str>, options: &[Self]) -> Self {
        let name = match name {
            Some(name) => name.to_owned(),
            None => {
                let names: Vec<_> = options.iter().map(Self::name).collect();
                format!("Choice_{}", names.join("_"))
            }
        };
        Self::new(
            name,
            Kind::Choice(options.iter().map(Self::rebuilt).collect()),
        )
    }

    /// `List(element)`.
    pub fn list(element: &Self) -> Self {
        let element = element.rebuilt();
        Self::new(format!("{}List", element.name()), Kind::List(element))
    }

    /// `Map(key, value)`.
    pub fn map(key: &Self, value: &Self) -> Self {
        let (key, value) = (key.rebuilt(), value.rebuilt());
        let name = format!("{}{}Map", key.name(), value.name());
        Self::new(name, Kind::Map(key, value))
    }

    /// `class name(Struct): …`.
    ///
    /// `attributes` are all names of the class body in the order of the source, the implicit
    /// `__module__` first: those with a signature become fields, the others matter for the order.
    /// A name that comes again replaces the signature and keeps its place.
    pub fn structure<'a>(
        name: &str,
        attributes: impl IntoIterator<Item = (&'a str, Option<Signature>)>,
    ) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut signatures: HashMap<&str, Option<Signature>> = HashMap::new();
        for (name, signature) in attributes {
            if signatures.insert(name, signature).is_none() {
                names.push(name);
            }
        }
        let body = python27::name_order(&names);
        let parameters = body.into_iter().map(|i| names[i]);
        let parameters: Vec<&str> = parameters
            .filter(|name| matches!(signatures.get(name), Some(Some(_))))
            .collect();
        let mut sorted = parameters.clone();
        sorted.sort_unstable();
        let fields: Arc<[Field]> = sorted
            .iter()
            .filter_map(|name| {
                Some(Field {
                    name: (*name).into(),
                    hash: hash_text(name),
                    signature: signatures.remove(name)??.rebuilt(),
                })
            })
            .collect();
        let position = |name: &&str| sorted.binary_search(name).ok();
        let declared = python27::name_order(&parameters);
        let declared = declared
            .into_iter()
            .filter_map(|i| position(&parameters[i]));
        let kind = Kind::Struct(StructType::new(fields, declared.collect()));
        Self::new(name, kind)
    }

    /// The type as it is inside other types: those are put together from a plain description
    /// in which fields are sorted by name. It equals the original; only the order of fields in
    /// dictionaries differs.
    pub fn rebuilt(&self) -> Self {
        let Kind::Struct(structure) = &self.0.kind else {
            return self.clone();
        };
        let rebuild = || {
            let names = structure.fields.iter().map(|field| &*field.name);
            let declared = python27::name_order(names);
            let kind = Kind::Struct(StructType::new(structure.fields.clone(), declared));
            Self::new(self.0.name.clone(), kind)
        };
        if self.is_sorted(structure) {
            return self.clone();
        }
        self.0.rebuilt.get_or_init(rebuild).clone()
    }

    fn is_sorted(&self, structure: &StructType) -> bool {
        let names = structure.fields.iter().map(|field| &*field.name);
        python27::name_order(names) == structure.declared
    }

    /// `class name(Type): …`: a type of its own with the same parameters.
    pub fn renamed(&self, name: &str) -> Self {
        Self::new(name, self.0.kind.clone())
    }

    /// A number that no other type has, not even an equal one.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// The name, as messages show it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What kind of type it is, with its parameters.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The fields, when it is a struct.
    pub fn as_struct(&self) -> Option<&StructType> {
        match &self.0.kind {
            Kind::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    /// Whether its objects are single values: no list, map or struct.
    pub fn is_simple(&self) -> bool {
        !matches!(self.0.kind, Kind::List(_) | Kind::Map(..) | Kind::Struct(_))
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || self.0.name == other.0.name
                && match (&self.0.kind, &other.0.kind) {
                    (Kind::String, Kind::String)
                    | (Kind::Integer, Kind::Integer)
                    | (Kind::Float, Kind::Float)
                    | (Kind::Boolean, Kind::Boolean) => true,
                    (Kind::Enum(a), Kind::Enum(b)) => a == b,
                    (Kind::Choice(a), Kind::Choice(b)) => a == b,
                    (Kind::List(a), Kind::List(b)) => a == b,
                    (Kind::Map(k, v), Kind::Map(l, w)) => k == l && v == w,
                    (Kind::Struct(a), Kind::Struct(b)) => a.has_fields_of(b),
                    _ => false,
                }
    }
}

impl StructType {
    /// Whether names and signatures of the fields are the same.
    pub fn has_fields_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.fields, &other.fields)
            || self.fields.len() == other.fields.len()
                && self
                    .fields
                    .iter()
                    .zip(other.fields.iter())
                    .all(|(a, b)| a.name == b.name && a.signature == b.signature)
    }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Type({})", self.0.name)
    }
}
