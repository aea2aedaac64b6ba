//! A parser of Thrift's interface language: the part of it that the scheduler's API is written in.
//!
//! It keeps what a code generator needs, comments included, and refuses what the API does not use (typedefs,
//! exceptions, defaults, annotations), so that nothing of an IDL is passed over. The parsers on crates.io either drop
//! comments or bring a parser framework; this one is a page of code.

mod tokens;

use tokens::{Token, Tokens};

/// An item of a file, with the comment before it.
#[derive(Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) doc: Option<String>,
    pub(crate) name: String,
    pub(crate) kind: ItemKind,
}

#[derive(Debug, PartialEq)]
pub(crate) enum ItemKind {
    Const {
        kind: Type,
        value: Value,
    },
    Enum(Vec<EnumValue>),
    /// Fields with ascending ids.
    Struct(Vec<Field>),
    /// Branches with ascending ids.
    Union(Vec<Field>),
    /// The methods that the service itself declares.
    Service(Vec<Method>),
}

#[derive(Debug, PartialEq)]
pub(crate) struct EnumValue {
    pub(crate) doc: Option<String>,
    pub(crate) name: String,
    pub(crate) number: i32,
}

/// A field of a struct, a branch of a union or an argument of a method.
#[derive(Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) doc: Option<String>,
    pub(crate) id: i16,
    pub(crate) kind: Type,
    pub(crate) name: String,
}

/// A method, which gives back a `Response`.
#[derive(Debug, PartialEq)]
pub(crate) struct Method {
    pub(crate) doc: Option<String>,
    pub(crate) name: String,
    /// Arguments with ascending ids.
    pub(crate) arguments: Vec<Field>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Type {
    /// A type of Thrift or of the file.
    Named(String),
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>, Box<Type>),
}

#[derive(Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    /// Another constant, or `ENUM.VALUE`.
    Name(String),
    List(Vec<Value>),
}

/// Reads a file. Errors name the line.
pub(crate) fn parse(text: &str) -> Result<Vec<Item>, String> {
    let mut tokens = Tokens::new(text)?;
    let mut items = Vec::new();
    loop {
        let doc = tokens.doc();
        if tokens.is_empty() {
            return Ok(items);
        }
        let keyword = tokens.word()?;
        if keyword == "namespace" {
            tokens.word()?;
            tokens.word()?;
            continue;
        }
        items.push(item(&mut tokens, doc, &keyword)?);
    }
}

fn item(tokens: &mut Tokens, doc: Option<String>, keyword: &str) -> Result<Item, String> {
    if keyword == "const" {
        let kind = kind(tokens)?;
        let name = tokens.word()?;
        tokens.mark('=')?;
        let value = value(tokens)?;
        let kind = ItemKind::Const { kind, value };
        return Ok(Item { doc, name, kind });
    }
    if !["enum", "struct", "union", "service"].contains(&keyword) {
        return Err(tokens.error(&format!(
            "`{keyword}` is not an item that the generator knows"
        )));
    }
    let name = tokens.word()?;
    if keyword == "service" && tokens.skip_word("extends") {
        tokens.word()?;
    }
    tokens.mark('{')?;
    let kind = match keyword {
        "enum" => ItemKind::Enum(entries(tokens, '}', enum_value)?),
        "struct" => ItemKind::Struct(fields(tokens, '}')?),
        "union" => ItemKind::Union(fields(tokens, '}')?),
        _ => ItemKind::Service(entries(tokens, '}', method)?),
    };
    Ok(Item { doc, name, kind })
}

/// Entries up to the mark `end`, with or without commas behind them.
fn entries<T>(
    tokens: &mut Tokens,
    end: char,
    entry: impl Fn(&mut Tokens, Option<String>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let mut entries = Vec::new();
    loop {
        let doc = tokens.doc();
        if tokens.skip(end) {
            return Ok(entries);
        }
        entries.push(entry(tokens, doc)?);
        tokens.skip(',');
    }
}

fn enum_value(tokens: &mut Tokens, doc: Option<String>) -> Result<EnumValue, String> {
    let name = tokens.word()?;
    tokens.mark('=')?;
    let number = tokens.number()?;
    Ok(EnumValue { doc, name, number })
}

fn fields(tokens: &mut Tokens, end: char) -> Result<Vec<Field>, String> {
    let mut fields = entries(tokens, end, field)?;
    fields.sort_by_key(|field| field.id);
    match fields.windows(2).find(|pair| pair[0].id == pair[1].id) {
        Some(pair) => Err(tokens.error(&format!("two fields have the id {}", pair[0].id))),
        None => Ok(fields),
    }
}

fn field(tokens: &mut Tokens, doc: Option<String>) -> Result<Field, String> {
    let id = tokens.number()?;
    tokens.mark(':')?;
    tokens.skip_word("optional");
    Ok(Field {
        doc,
        id,
        kind: kind(tokens)?,
        name: tokens.word()?,
    })
}

fn method(tokens: &mut Tokens, doc: Option<String>) -> Result<Method, String> {
    let returns = tokens.word()?;
    // The trait `Call` of the crate says that every call is answered by a `Response`.
    if returns != "Response" {
        return Err(tokens.error(&format!(
            "a method must return `Response`, this one returns `{returns}`"
        )));
    }
    let name = tokens.word()?;
    tokens.mark('(')?;
    let arguments = fields(tokens, ')')?;
    Ok(Method {
        doc,
        name,
        arguments,
    })
}

fn kind(tokens: &mut Tokens) -> Result<Type, String> {
    let name = tokens.word()?;
    if !tokens.skip('<') {
        return Ok(Type::Named(name));
    }
    let inner = Box::new(kind(tokens)?);
    let kind = match name.as_str() {
        "list" => Type::List(inner),
        "set" => Type::Set(inner),
        "map" => {
            tokens.mark(',')?;
            Type::Map(inner, Box::new(kind(tokens)?))
        }
        _ => return Err(tokens.error(&format!("`{name}` is not a container"))),
    };
    tokens.mark('>')?;
    Ok(kind)
}

fn value(tokens: &mut Tokens) -> Result<Value, String> {
    if tokens.skip('[') {
        return entries(tokens, ']', |tokens, _| value(tokens)).map(Value::List);
    }
    match tokens.next() {
        Some(Token::Text(text)) => Ok(Value::Text(text)),
        Some(Token::Word(name)) => Ok(Value::Name(name)),
        found => Err(tokens.expected("a value", found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Type {
        Type::Named(name.to_owned())
    }

    #[test]
    fn items_keep_their_order_and_their_comments() {
        let text = "// Not a comment of an item.\nnamespace rs aurora\n\
                    /** Colours. */ enum E { /** Red. */ A = 2, B = 0 }\n\
                    struct S { 4: optional E e  /** Which. */ 3: map<string, list<i32>> ids }\n\
                    /** Both. */ const set<E> ALL = [E.A, E.B]\n\
                    service T extends U { /** Does m. */ Response m(2: S s, 1: E e) Response n() }";
        let items = parse(text).unwrap();
        let names: Vec<_> = items
            .iter()
            .map(|item| (item.name.as_str(), item.doc.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(
            names,
            [("E", "Colours."), ("S", "-"), ("ALL", "Both."), ("T", "-")]
        );
        let ItemKind::Enum(values) = &items[0].kind else {
            panic!("{items:?}");
        };
        assert_eq!((values[0].number, values[1].number), (2, 0));
        assert_eq!(values[0].doc.as_deref(), Some("Red."));
        let lists = Type::List(Box::new(named("i32")));
        let ids = Field {
            doc: Some("Which.".to_owned()),
            id: 3,
            kind: Type::Map(Box::new(named("string")), Box::new(lists)),
            name: "ids".to_owned(),
        };
        let e = Field {
            doc: None,
            id: 4,
            kind: named("E"),
            name: "e".to_owned(),
        };
        assert_eq!(items[1].kind, ItemKind::Struct(vec![ids, e]));
        let both = ["E.A", "E.B"].map(|name| Value::Name(name.to_owned()));
        let all = ItemKind::Const {
            kind: Type::Set(Box::new(named("E"))),
            value: Value::List(both.into()),
        };
        assert_eq!(items[2].kind, all);
        let ItemKind::Service(methods) = &items[3].kind else {
            panic!("{items:?}");
        };
        let arguments: Vec<_> = methods[0].arguments.iter().map(|it| it.id).collect();
        assert_eq!((methods.len(), arguments), (2, vec![1, 2]));
    }

    #[test]
    fn backslashes_of_texts_are_escapes() {
        let items = parse(r#"const string A = "^[\\w]\"$" const string B = A"#).unwrap();
        let values: Vec<_> = items
            .into_iter()
            .map(|item| match item.kind {
                ItemKind::Const { value, .. } => value,
                other => panic!("{other:?}"),
            })
            .collect();
        let text = r#"^[\w]"$"#.to_owned();
        assert_eq!(values, [Value::Text(text), Value::Name("A".to_owned())]);
    }

    #[test]
    fn other_texts_are_refused_with_the_line() {
        for (text, error) in [
            (
                "\ntypedef i32 x",
                "line 2: `typedef` is not an item that the generator knows",
            ),
            (
                "service S { i32 m() }",
                "line 1: a method must return `Response`, this one returns `i32`",
            ),
            (
                "struct S {\n a: i32 b }",
                "line 2: expected a number, found `a`",
            ),
            (
                "struct S {\n 1: i32 b = 3 }",
                "line 2: expected a number, found `=`",
            ),
            (
                "struct S { 1: i32 a, 1: i32 b }",
                "line 1: two fields have the id 1",
            ),
            (
                "struct S { 1: row<i32> a }",
                "line 1: `row` is not a container",
            ),
            (
                "struct S { 1: list<i32 a }",
                "line 1: expected `>`, found `a`",
            ),
            ("enum E {", "line 1: expected a name, found the end"),
            ("const string A = {", "line 1: expected a value, found `{`"),
            ("\n/* no end", "line 2: the comment has no end"),
            ("const string A = \"\n", "line 1: the text has no end"),
        ] {
            assert_eq!(parse(text).unwrap_err(), error, "{text}");
        }
    }
}
