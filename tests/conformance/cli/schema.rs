//! The IDL of the API, and TJSON by it: names and types come from the file, so that the wire is checked without the
//! code that speaks it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// The API of the workspace.
pub(crate) static API: LazyLock<Schema> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/aurora-api/idl/api.thrift");
    Schema::parse(&std::fs::read_to_string(path).unwrap())
});

/// What a decoded message is about: the method, and its arguments by name.
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) arguments: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    /// A type of one value, by its tag.
    Plain(&'static str),
    Named(String),
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>, Box<Type>),
}

#[derive(Debug)]
struct Field {
    id: String,
    name: String,
    kind: Type,
}

#[derive(Debug, Default)]
pub(crate) struct Schema {
    enums: BTreeSet<String>,
    structs: BTreeMap<String, Vec<Field>>,
    methods: BTreeMap<String, Vec<Field>>,
}

impl Schema {
    /// The body of an answer with that `Response`.
    pub(crate) fn reply(&self, method: &str, response: &Value) -> String {
        let response = self.encode(&Type::Named("Response".to_owned()), response);
        json!([1, method, 2, 0, {"0": {"rec": response}}]).to_string()
    }

    /// Reads a call.
    pub(crate) fn read_call(&self, body: &[u8]) -> Result<Call, String> {
        let message: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let [version, method, kind, sequence, arguments] =
            message.as_array().map_or(&[][..], Vec::as_slice)
        else {
            return Err(format!("no message: {message}"));
        };
        if [version, kind, sequence].map(Value::as_i64) != [Some(1), Some(1), Some(0)] {
            return Err(format!("no call: {message}"));
        }
        let method = method.as_str().unwrap_or_default();
        let fields = self
            .methods
            .get(method)
            .ok_or_else(|| format!("no method of the API: {method}"))?;
        Ok(Call {
            method: method.to_owned(),
            arguments: self.decode_struct(fields, arguments)?,
        })
    }

    /// Recorded arguments as `read_call` would give them: sets in one order, numbers in one form.
    pub(crate) fn canonical(&self, method: &str, arguments: &Value) -> Value {
        let fields = &self.methods[method];
        let encoded = self.encode_struct(fields, arguments);
        self.decode_struct(fields, &encoded).unwrap()
    }

    fn tag(&self, kind: &Type) -> &'static str {
        match kind {
            Type::Plain(tag) => tag,
            Type::Named(name) if self.enums.contains(name) => "i32",
            Type::Named(_) => "rec",
            Type::List(_) => "lst",
            Type::Set(_) => "set",
            Type::Map(..) => "map",
        }
    }

    fn encode(&self, kind: &Type, value: &Value) -> Value {
        match kind {
            Type::Plain("tf") => match value.as_bool() {
                Some(value) => u8::from(value).into(),
                None => value.clone(),
            },
            Type::Plain("dbl") => value.as_f64().unwrap().into(),
            Type::Named(name) if !self.enums.contains(name) => {
                self.encode_struct(&self.structs[name], value)
            }
            Type::Plain(_) | Type::Named(_) => value.clone(),
            Type::List(element) | Type::Set(element) => {
                let elements = value.as_array().unwrap();
                let mut encoded = vec![self.tag(element).into(), elements.len().into()];
                encoded.extend(elements.iter().map(|value| self.encode(element, value)));
                encoded.into()
            }
            Type::Map(key, element) => {
                let entries = value.as_object().unwrap();
                let encoded: Map<_, _> = entries
                    .iter()
                    .map(|(key, value)| (key.clone(), self.encode(element, value)))
                    .collect();
                json!([self.tag(key), self.tag(element), entries.len(), encoded])
            }
        }
    }

    fn encode_struct(&self, fields: &[Field], value: &Value) -> Value {
        let given = value.as_object().unwrap();
        for name in given.keys() {
            assert!(fields.iter().any(|field| field.name == *name), "{name}");
        }
        let encoded: Map<_, _> = fields
            .iter()
            .filter_map(|field| {
                let value = self.encode(&field.kind, given.get(&field.name)?);
                Some((field.id.clone(), json!({self.tag(&field.kind): value})))
            })
            .collect();
        encoded.into()
    }

    fn decode(&self, kind: &Type, value: &Value) -> Result<Value, String> {
        let wrong = || format!("{value} is not {kind:?}");
        match kind {
            Type::Plain("tf") => match value.as_i64() {
                Some(0) => Ok(false.into()),
                Some(1) => Ok(true.into()),
                _ => Err(wrong()),
            },
            Type::Plain("str") if value.is_string() => Ok(value.clone()),
            Type::Plain("str") => Err(wrong()),
            Type::Plain("dbl") => Ok(value.as_f64().ok_or_else(wrong)?.into()),
            Type::Named(name) if !self.enums.contains(name) => {
                self.decode_struct(&self.structs[name], value)
            }
            Type::Plain(_) | Type::Named(_) => Ok(value.as_i64().ok_or_else(wrong)?.into()),
            Type::List(element) | Type::Set(element) => {
                let [tag, count, elements @ ..] = value.as_array().ok_or_else(wrong)?.as_slice()
                else {
                    return Err(wrong());
                };
                let is_so = tag == self.tag(element) && *count == elements.len();
                let decoded: Result<Vec<_>, _> = elements
                    .iter()
                    .map(|value| self.decode(element, value))
                    .collect();
                let mut decoded = decoded?;
                if matches!(kind, Type::Set(_)) {
                    decoded.sort_by_key(Value::to_string);
                }
                is_so.then(|| decoded.into()).ok_or_else(wrong)
            }
            Type::Map(_, element) => {
                let [_, _, count, Value::Object(entries)] =
                    value.as_array().ok_or_else(wrong)?.as_slice()
                else {
                    return Err(wrong());
                };
                let decoded: Result<Map<_, _>, String> = entries
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.decode(element, value)?)))
                    .collect();
                let decoded = decoded?;
                let is_so = *count == decoded.len();
                is_so.then(|| decoded.into()).ok_or_else(wrong)
            }
        }
    }

    fn decode_struct(&self, fields: &[Field], value: &Value) -> Result<Value, String> {
        let sent = value
            .as_object()
            .ok_or_else(|| format!("{value} is not a struct"))?;
        if let Some(id) = sent
            .keys()
            .find(|id| fields.iter().all(|field| field.id != **id))
        {
            return Err(format!("the API has no field {id} in {value}"));
        }
        let mut decoded = Map::new();
        // In the order of the IDL, so that equal structs have equal text.
        for field in fields {
            let Some(value) = sent.get(&field.id) else {
                continue;
            };
            let tag = self.tag(&field.kind);
            let value = value
                .get(tag)
                .ok_or_else(|| format!("field {} is not {tag}: {value}", field.name))?;
            decoded.insert(field.name.clone(), self.decode(&field.kind, value)?);
        }
        Ok(decoded.into())
    }

    fn parse(text: &str) -> Self {
        let mut tokens = Tokens::of(text);
        let mut schema = Self::default();
        while let Some(token) = tokens.next() {
            match token.as_str() {
                "enum" => {
                    schema.enums.insert(tokens.take());
                    while tokens.take() != "}" {}
                }
                "struct" | "union" => {
                    let name = tokens.take();
                    tokens.expect("{");
                    schema.structs.insert(name, tokens.fields("}"));
                }
                "service" => {
                    while tokens.take() != "{" {}
                    while !tokens.skip("}") {
                        tokens.expect("Response");
                        let name = tokens.take();
                        tokens.expect("(");
                        schema.methods.insert(name, tokens.fields(")"));
                    }
                }
                // Constants and name spaces, which mean nothing here.
                _ => {}
            }
        }
        schema
    }
}

/// The words and signs of an IDL.
struct Tokens(std::iter::Peekable<std::vec::IntoIter<String>>);

impl Tokens {
    fn of(text: &str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = if rest.starts_with("/*") {
                let length = rest.find("*/").unwrap() + 2;
                rest = &rest[length..];
                continue;
            } else if rest.starts_with("//") {
                rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
                continue;
            } else if first == '"' {
                rest[1..].find('"').unwrap() + 2
            } else if first.is_alphanumeric() {
                rest.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)))
                    .unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            // Commas between fields may be left out.
            if !first.is_whitespace() && !",;".contains(first) {
                tokens.push(rest[..length].to_owned());
            }
            rest = &rest[length..];
        }
        Self(tokens.into_iter().peekable())
    }

    fn next(&mut self) -> Option<String> {
        self.0.next()
    }

    fn take(&mut self) -> String {
        self.next().unwrap()
    }

    fn expect(&mut self, token: &str) {
        assert_eq!(self.take(), token);
    }

    fn skip(&mut self, token: &str) -> bool {
        self.0.next_if(|next| next == token).is_some()
    }

    /// `ID: [optional] TYPE NAME [= DEFAULT]`, up to `end`.
    fn fields(&mut self, end: &str) -> Vec<Field> {
        let mut fields = Vec::new();
        while !self.skip(end) {
            let id = self.take();
            self.expect(":");
            self.skip("optional");
            let kind = self.kind();
            fields.push(Field {
                id,
                kind,
                name: self.take(),
            });
            if self.skip("=") {
                self.take();
            }
        }
        fields
    }

    fn kind(&mut self) -> Type {
        let name = self.take();
        match name.as_str() {
            "bool" => Type::Plain("tf"),
            "byte" => Type::Plain("i8"),
            "i16" => Type::Plain("i16"),
            "i32" => Type::Plain("i32"),
            "i64" => Type::Plain("i64"),
            "double" => Type::Plain("dbl"),
            "string" | "binary" => Type::Plain("str"),
            "list" => Type::List(self.parameter()),
            "set" => Type::Set(self.parameter()),
            "map" => {
                self.expect("<");
                let (key, value) = (self.kind(), self.kind());
                self.expect(">");
                Type::Map(Box::new(key), Box::new(value))
            }
            _ => Type::Named(name),
        }
    }

    fn parameter(&mut self) -> Box<Type> {
        self.expect("<");
        let kind = self.kind();
        self.expect(">");
        Box::new(kind)
    }
}

#[test]
fn calls_are_read_by_the_names_of_the_idl() {
    let body =
        br#"[1,"killTasks",1,0,{"4":{"rec":{"3":{"str":"web"}}},"5":{"set":["i32",2,3,1]}}]"#;
    let call = API.read_call(body).unwrap();
    let recorded = json!({"job": {"name": "web"}, "instances": [1, 3]});
    assert_eq!(call.method, "killTasks");
    assert_eq!(call.arguments, recorded);
    assert_eq!(API.canonical("killTasks", &recorded), recorded);
    for wrong in [
        &br#"[1,"killTasks",1,0,{"5":{"lst":["i32",1,1]}}]"#[..],
        br#"[1,"killTasks",1,0,{"5":{"set":["i32",2,1]}}]"#,
        br#"[1,"killTasks",1,0,{"99":{"i32":1}}]"#,
        br#"[1,"killTasks",1,7,{}]"#,
        br#"[1,"dropTasks",1,0,{}]"#,
        b"<html>",
    ] {
        assert!(API.read_call(wrong).is_err());
    }
}
