//! Plain data: what goes into objects and what comes out of them.

use std::{fmt, sync::Arc};

use num_bigint::BigInt;
use num_traits::ToPrimitive as _;

use python27::{
    DictOrder, Hash, float_repr, float_str, hash_float, hash_int, hash_long, hash_text, hash_tuple,
    text_repr,
};

use super::{Environment, Object, template::Reference};

/// A whole number of any size. Most fit into 64 bits and need no memory of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Int(IntRepr);

#[derive(Debug, Clone, PartialEq, Eq)]
enum IntRepr {
    Small(i64),
    /// Only what does not fit above.
    Large(Arc<BigInt>),
}

impl Int {
    /// The number, when it fits.
    pub fn to_i64(&self) -> Option<i64> {
        match self.0 {
            IntRepr::Small(value) => Some(value),
            IntRepr::Large(_) => None,
        }
    }

    /// The nearest floating-point number; infinity when it is too large for one.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            IntRepr::Small(value) => *value as f64,
            IntRepr::Large(value) => value.to_f64().unwrap_or(f64::INFINITY),
        }
    }

    /// The number, whatever its size.
    pub fn to_big(&self) -> BigInt {
        match &self.0 {
            IntRepr::Small(value) => (*value).into(),
            IntRepr::Large(value) => value.as_ref().clone(),
        }
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.0 == IntRepr::Small(0)
    }

    fn hash(&self) -> Hash {
        match &self.0 {
            IntRepr::Small(value) => hash_int(*value),
            IntRepr::Large(value) => hash_long(value),
        }
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Self(IntRepr::Small(value))
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Self {
        Self(match value.to_i64() {
            Some(small) => IntRepr::Small(small),
            None => IntRepr::Large(Arc::new(value)),
        })
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            IntRepr::Small(value) => value.fmt(f),
            IntRepr::Large(value) => value.fmt(f),
        }
    }
}

/// A text, and whether Python 2 would hold it as `unicode` (which shows in `repr()` only).
#[derive(Debug, Clone)]
pub struct Text {
    /// The characters.
    pub text: Arc<str>,
    /// Whether it is `unicode` and not `str`.
    pub unicode: bool,
}

impl Text {
    /// A text as interpolation and JSON make it.
    pub fn unicode(text: impl Into<Arc<str>>) -> Self {
        Self {
            text: text.into(),
            unicode: true,
        }
    }

    /// A text as a plain literal in a Python 2 file makes it.
    pub fn bytes(text: impl Into<Arc<str>>) -> Self {
        Self {
            text: text.into(),
            unicode: false,
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// How the entries of a [`Dict`] are to be put into Python 2's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DictKind {
    /// They were inserted one after another.
    Filled,
    /// They are those of one `{…}` literal, which makes room for all beforehand.
    Literal,
    /// They are in Python 2's order already.
    Ordered,
    /// As `Ordered`; it comes from `get()`. Copies of such are filled one by one, while copies of
    /// other dictionaries make room beforehand.
    Frozen,
}

/// A dictionary: entries with distinct keys, in the order of `kind`.
#[derive(Debug, Clone)]
pub struct Dict {
    /// In which order the entries are.
    pub kind: DictKind,
    /// Keys with their values.
    pub entries: Vec<(Data, Data)>,
}

impl Dict {
    /// The dictionary that arises from inserting these entries in this order; a key that comes
    /// again replaces the value and keeps its place.
    pub fn filled(entries: impl IntoIterator<Item = (Data, Data)>) -> Self {
        let mut distinct: Vec<(Data, Data)> = Vec::new();
        let mut seen: std::collections::HashMap<Hash, Vec<usize>> = Default::default();
        for (key, value) in entries {
            let same = seen.entry(key.hash()).or_default();
            match same.iter().find(|i| distinct[**i].0 == key) {
                Some(&known) => distinct[known].1 = value,
                None => {
                    same.push(distinct.len());
                    distinct.push((key, value));
                }
            }
        }
        Self {
            kind: DictKind::Filled,
            entries: distinct,
        }
    }

    /// The same dictionary with its entries in the order in which Python 2 iterates over it.
    pub fn ordered(self) -> Self {
        let mut order = match self.kind {
            DictKind::Ordered | DictKind::Frozen => return self,
            DictKind::Filled => DictOrder::new(),
            DictKind::Literal => DictOrder::presized(self.entries.len()),
        };
        for (key, _) in &self.entries {
            order.insert(key.hash());
        }
        self.reorder(&order.order())
    }

    /// As [`Dict::ordered`], marked as the data of an object.
    pub fn frozen(self) -> Self {
        Self {
            kind: DictKind::Frozen,
            ..self.ordered()
        }
    }

    /// `copy.copy(dict)`, ordered.
    pub fn copied(self) -> Self {
        if self.kind == DictKind::Frozen {
            return Self::filled(self.entries).ordered();
        }
        let ordered = self.ordered();
        let hashes: Vec<Hash> = ordered.entries.iter().map(|(key, _)| key.hash()).collect();
        let order = DictOrder::copied(&hashes).order();
        ordered.reorder(&order)
    }

    fn reorder(self, order: &[usize]) -> Self {
        let mut entries: Vec<Option<(Data, Data)>> = self.entries.into_iter().map(Some).collect();
        Self {
            kind: DictKind::Ordered,
            entries: order.iter().filter_map(|i| entries[*i].take()).collect(),
        }
    }

    /// The value of a text key.
    pub fn get(&self, key: &str) -> Option<&Data> {
        let entry = self
            .entries
            .iter()
            .find(|(k, _)| matches!(k, Data::Text(text) if &*text.text == key));
        entry.map(|(_, value)| value)
    }
}

/// A value of the language that no object can be made from; kept for messages.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// The name of its type.
    pub type_name: Arc<str>,
    /// `str()` of it.
    pub text: Arc<str>,
    /// `repr()` of it.
    pub repr: Arc<str>,
}

/// Any value that can be handed to or taken from the object model.
///
/// `get()` of an object yields the plain variants only, down to and including `Dict`, unless
/// something else had been put in.
#[derive(Debug, Clone)]
pub enum Data {
    /// Python's `None`, JSON's `null`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number: `int` or `long`.
    Int(Int),
    /// A floating-point number.
    Float(f64),
    /// `str` or `unicode`.
    Text(Text),
    /// A list.
    List(Vec<Data>),
    /// A tuple.
    Tuple(Vec<Data>),
    /// A dictionary.
    Dict(Dict),
    /// The mark for "no value": unsets a field.
    Empty,
    /// A typed object.
    Object(Box<Object>),
    /// A table from references to values.
    Environment(Arc<Environment>),
    /// A reference by itself: `Ref.from_address(…)`.
    Reference(Reference),
    /// Any other value of the language.
    Foreign(Foreign),
}

impl Data {
    /// A text as a plain literal in a Python 2 file makes it.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(Text::bytes(text))
    }

    /// A text as interpolation and JSON make it.
    pub fn unicode(text: impl Into<Arc<str>>) -> Self {
        Self::Text(Text::unicode(text))
    }

    /// A whole number.
    pub fn int(value: i64) -> Self {
        Self::Int(value.into())
    }

    /// The characters of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The elements of a list or tuple; `None` for any other value.
    pub fn elements(&self) -> Option<&[Self]> {
        match self {
            Self::List(elements) | Self::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// `None`, zero, and empty values are false.
    pub fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => !value.is_zero(),
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.text.is_empty(),
            Self::List(elements) | Self::Tuple(elements) => !elements.is_empty(),
            Self::Dict(dict) => !dict.entries.is_empty(),
            _ => true,
        }
    }

    /// The name of its type in Python 2.
    pub fn type_name(&self) -> &str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(value) if value.to_i64().is_none() => "long",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(text) if text.unicode => "unicode",
            Self::Text(_) => "str",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Empty => "type",
            Self::Object(object) => object.ty().name(),
            Self::Environment(_) => "Environment",
            Self::Reference(_) => "Ref",
            Self::Foreign(foreign) => &foreign.type_name,
        }
    }

    /// `repr()` in Python 2.
    pub fn repr(&self) -> String {
        match self {
            Self::Int(value) if value.to_i64().is_none() => format!("{value}L"),
            Self::Float(value) => float_repr(*value),
            Self::Text(text) => text_repr(&text.text, text.unicode),
            Self::List(elements) => {
                let elements: Vec<_> = elements.iter().map(Self::repr).collect();
                format!("[{}]", elements.join(", "))
            }
            Self::Tuple(elements) => tuple_repr(elements),
            Self::Dict(dict) => {
                let dict = dict.clone().ordered();
                let entry = |(k, v): &(Self, Self)| format!("{}: {}", k.repr(), v.repr());
                let entries: Vec<_> = dict.entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Self::Object(object) => object.shown(),
            Self::Reference(reference) => format!("Ref({reference})"),
            Self::Foreign(foreign) => foreign.repr.to_string(),
            _ => self.to_string(),
        }
    }

    /// `hash()` in Python 2, for what can be a key there.
    pub fn hash(&self) -> Hash {
        match self {
            Self::None => 0,
            Self::Bool(value) => i64::from(*value),
            Self::Int(value) => value.hash(),
            Self::Float(value) => hash_float(*value),
            Self::Text(text) => hash_text(&text.text),
            Self::List(elements) | Self::Tuple(elements) => {
                let hashes: Vec<Hash> = elements.iter().map(Self::hash).collect();
                hash_tuple(&hashes)
            }
            Self::Dict(dict) => {
                let mut entries: Vec<&(Self, Self)> = dict.entries.iter().collect();
                entries.sort_by(|a, b| {
                    a.0.order_key()
                        .total_cmp(&b.0.order_key())
                        .then_with(|| a.0.as_text().cmp(&b.0.as_text()))
                });
                let pair = |(k, v): &(Self, Self)| hash_tuple(&[k.hash(), v.hash()]);
                let hashes: Vec<Hash> = entries.into_iter().map(pair).collect();
                hash_tuple(&hashes)
            }
            Self::Object(object) => object.hash().unwrap_or_default(),
            Self::Reference(reference) => hash_text(&reference.tag()),
            Self::Empty | Self::Environment(_) | Self::Foreign(_) => 0,
        }
    }

    /// Numbers sort by size and before texts; among themselves other things are not sorted.
    fn order_key(&self) -> f64 {
        match self {
            Self::None => f64::NEG_INFINITY,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Int(value) => value.to_f64(),
            Self::Float(value) => *value,
            _ => f64::INFINITY,
        }
    }
}

/// `repr()` of a tuple of these.
pub(crate) fn tuple_repr(elements: &[Data]) -> String {
    match elements {
        [element] => format!("({},)", element.repr()),
        _ => {
            let elements: Vec<_> = elements.iter().map(Data::repr).collect();
            format!("({})", elements.join(", "))
        }
    }
}

/// `str()` in Python 2.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => f.write_str(&float_str(*value)),
            Self::Text(text) => f.write_str(&text.text),
            Self::Empty => f.write_str("<class 'pystachio.composite.Empty'>"),
            Self::Object(object) => match object.text() {
                Ok(text) => f.write_str(&text),
                Err(_) => f.write_str(object.ty().name()),
            },
            Self::Environment(environment) => environment.fmt(f),
            Self::Reference(reference) => f.write_str(&reference.tag()),
            Self::Foreign(foreign) => f.write_str(&foreign.text),
            Self::List(_) | Self::Tuple(_) | Self::Dict(_) => f.write_str(&self.repr()),
        }
    }
}

/// Python's equality: numbers by value whatever their type, dictionaries whatever their order.
impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        let number = |data: &Self| match data {
            Self::Bool(value) => Some(Self::Int(i64::from(*value).into())),
            Self::Int(_) | Self::Float(_) => Some(data.clone()),
            _ => None,
        };
        match (self, other) {
            (Self::None, Self::None) | (Self::Empty, Self::Empty) => true,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => a == b,
            (Self::Dict(a), Self::Dict(b)) => {
                a.entries.len() == b.entries.len() && {
                    let hashes: Vec<Hash> = b.entries.iter().map(|(key, _)| key.hash()).collect();
                    a.entries.iter().all(|(key, value)| {
                        let hash = key.hash();
                        b.entries
                            .iter()
                            .zip(&hashes)
                            .any(|((k, v), h)| *h == hash && k == key && v == value)
                    })
                }
            }
            (Self::Object(a), Self::Object(b)) => a.equals(b).unwrap_or(false),
            (Self::Reference(a), Self::Reference(b)) => a == b,
            (Self::Environment(a), Self::Environment(b)) => Arc::ptr_eq(a, b),
            _ => match (number(self), number(other)) {
                (Some(Self::Int(a)), Some(Self::Int(b))) => a == b,
                (Some(Self::Float(a)), Some(Self::Float(b))) => a == b,
                (Some(Self::Int(a)), Some(Self::Float(b)))
                | (Some(Self::Float(b)), Some(Self::Int(a))) => a.to_f64() == b,
                _ => false,
            },
        }
    }
}

impl From<bool> for Data {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<Object> for Data {
    fn from(object: Object) -> Self {
        Self::Object(Box::new(object))
    }
}
