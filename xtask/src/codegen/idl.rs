//! What the compiler leaves out: the services, as argument structs in an IDL of their own and as a table of methods,
//! and the constants.

use std::fmt::Write as _;

/// A service with its own methods, without inherited ones.
pub(crate) struct Service {
    name: String,
    methods: Vec<Method>,
}

struct Method {
    doc: Option<String>,
    name: String,
    arguments: Vec<Argument>,
}

struct Argument {
    doc: Option<String>,
    id: i16,
    kind: Vec<String>,
    name: String,
}

#[derive(Debug, PartialEq)]
enum Token {
    Doc(String),
    Word(String),
    Mark(char),
}

/// Reads the services of an IDL. Everything before the first one is left to the compiler.
pub(crate) fn services(idl: &str) -> Result<Vec<Service>, String> {
    let mut tokens = tokens(idl)?.into_iter().peekable();
    let mut services = Vec::new();
    while let Some(token) = tokens.next() {
        if token != Token::Word("service".to_owned()) {
            continue;
        }
        let mut parser = Parser {
            tokens: &mut tokens,
        };
        services.push(parser.service()?);
    }
    Ok(services)
}

/// A constant's name and its comment.
pub(crate) struct Constant {
    pub(crate) name: String,
    pub(crate) doc: String,
}

/// The constants of an IDL, whose comments the compiler does not carry into Rust, nor their names when they are sets.
pub(crate) fn constants(idl: &str) -> Result<Vec<Constant>, String> {
    let mut constants = Vec::new();
    let mut tokens = tokens(idl)?.into_iter();
    let mut doc = String::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Doc(text) => doc = text,
            Token::Word(word) if word == "const" => {
                let name = tokens
                    .by_ref()
                    .take_while(|token| *token != Token::Mark('='))
                    .last();
                let Some(Token::Word(name)) = name else {
                    return Err(format!("expected the name of a constant, found {name:?}"));
                };
                constants.push(Constant {
                    name,
                    doc: std::mem::take(&mut doc),
                });
            }
            _ => doc.clear(),
        }
    }
    Ok(constants)
}

struct Parser<'a> {
    tokens: &'a mut std::iter::Peekable<std::vec::IntoIter<Token>>,
}

impl Parser<'_> {
    fn service(&mut self) -> Result<Service, String> {
        let name = self.word()?;
        if self.tokens.peek() == Some(&Token::Word("extends".to_owned())) {
            self.tokens.next();
            self.word()?;
        }
        self.mark('{')?;
        let mut methods = Vec::new();
        loop {
            let doc = self.doc();
            if self.skip('}') {
                return Ok(Service { name, methods });
            }
            methods.push(self.method(doc)?);
        }
    }

    fn method(&mut self, doc: Option<String>) -> Result<Method, String> {
        let returns = self.word()?;
        let name = self.word()?;
        // The `Call` trait of the crate says that every call is answered by a `Response`.
        if returns != "Response" {
            return Err(format!(
                "method {name} returns {returns}: only Response is provided for"
            ));
        }
        self.mark('(')?;
        let mut arguments = Vec::new();
        loop {
            let doc = self.doc();
            if self.skip(')') {
                break;
            }
            arguments.push(self.argument(doc)?);
            self.skip(',');
        }
        arguments.sort_by_key(|argument| argument.id);
        Ok(Method {
            doc,
            name,
            arguments,
        })
    }

    fn argument(&mut self, doc: Option<String>) -> Result<Argument, String> {
        let id = self.word()?;
        let id = id
            .parse()
            .map_err(|_| format!("expected the id of an argument, found {id}"))?;
        self.mark(':')?;
        let mut kind = vec![self.word()?];
        if self.skip('<') {
            kind.push("<".to_owned());
            kind.push(self.word()?);
            while self.skip(',') {
                kind.push(",".to_owned());
                kind.push(self.word()?);
            }
            self.mark('>')?;
            kind.push(">".to_owned());
        }
        let name = self.word()?;
        Ok(Argument {
            doc,
            id,
            kind,
            name,
        })
    }

    fn doc(&mut self) -> Option<String> {
        let mut last = None;
        while let Some(Token::Doc(_)) = self.tokens.peek() {
            if let Some(Token::Doc(text)) = self.tokens.next() {
                last = Some(text);
            }
        }
        last
    }

    fn word(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Word(word)) => Ok(word),
            other => Err(format!("expected a name in a service, found {other:?}")),
        }
    }

    fn mark(&mut self, mark: char) -> Result<(), String> {
        match self.tokens.next() {
            Some(Token::Mark(found)) if found == mark => Ok(()),
            other => Err(format!("expected {mark:?} in a service, found {other:?}")),
        }
    }

    fn skip(&mut self, mark: char) -> bool {
        let found = self.tokens.peek() == Some(&Token::Mark(mark));
        if found {
            self.tokens.next();
        }
        found
    }
}

fn tokens(idl: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = idl;
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            let (text, after) = comment
                .split_once("*/")
                .ok_or("a comment has no end".to_owned())?;
            if let Some(doc) = text.strip_prefix('*') {
                tokens.push(Token::Doc(doc.trim().to_owned()));
            }
            rest = after;
        } else if rest.starts_with("//") || first == '#' {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if first == '"' || first == '\'' {
            let (_, after) = rest[1..]
                .split_once(first)
                .ok_or("a text has no end".to_owned())?;
            rest = after;
        } else if first.is_alphanumeric() || matches!(first, '_' | '-') {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
                .unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Mark(first));
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(tokens)
}

/// An IDL with one struct a method, named as the method, that holds its arguments.
pub(crate) fn argument_structs(services: &[Service]) -> String {
    let mut idl = String::from("namespace rs aurora\ninclude \"api.thrift\"\n");
    for method in services.iter().flat_map(|service| &service.methods) {
        let doc = method.doc.as_deref().unwrap_or_default();
        let _ = writeln!(
            idl,
            "\n/** {doc} */\nstruct {} {{",
            capitalized(&method.name)
        );
        for argument in &method.arguments {
            if let Some(doc) = &argument.doc {
                let _ = writeln!(idl, "  /** {doc} */");
            }
            let kind: String = argument.kind.iter().map(|part| qualified(part)).collect();
            let _ = writeln!(idl, "  {}: optional {kind} {}", argument.id, argument.name);
        }
        idl.push_str("}\n");
    }
    idl
}

/// Types of the API's own IDL carry its name in another one.
fn qualified(part: &str) -> String {
    match part {
        "bool" | "byte" | "i8" | "i16" | "i32" | "i64" | "double" | "string" | "binary"
        | "list" | "set" | "map" | "<" | ">" | "," => part.to_owned(),
        own => format!("api.{own}"),
    }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// The table of methods, as the macro of `src/calls.rs` takes it.
pub(crate) fn table(services: &[Service]) -> String {
    let mut text = String::from("\ncrate::calls::define_calls! {\n");
    for service in services {
        for method in &service.methods {
            let _ = writeln!(
                text,
                "  {} {} {:?},",
                service.name,
                capitalized(&method.name),
                method.name
            );
        }
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_become_a_struct_in_ascending_order() {
        let services = services(
            "// not a service\nstruct Q {}\n/** S. */ service S extends T {\n  /** Does m. */\n  Response m(4: Q q, /** Which. */ 3: set<i32> ids)\n  Response n()\n}",
        )
        .unwrap();
        assert_eq!(
            argument_structs(&services),
            "namespace rs aurora\ninclude \"api.thrift\"\n\n/** Does m. */\nstruct M {\n  /** Which. */\n  3: optional set<i32> ids\n  4: optional api.Q q\n}\n\n/**  */\nstruct N {\n}\n"
        );
        assert_eq!(
            table(&services),
            "\ncrate::calls::define_calls! {\n  S M \"m\",\n  S N \"n\",\n}\n"
        );
    }

    #[test]
    fn constants_keep_their_comments() {
        let constants =
            constants("/** Not it. */ struct S {}\n/** All. */\nconst set<i32> A_B = [1]\nconst string C = \"=\"")
                .unwrap();
        let found: Vec<_> = constants.iter().map(|c| (&*c.name, &*c.doc)).collect();
        assert_eq!(found, [("A_B", "All."), ("C", "")]);
    }

    #[test]
    fn what_the_crate_does_not_provide_for_is_refused() {
        assert!(services("service S { i32 m() }").is_err());
        assert!(services("service S { Response m(a: i32 b) }").is_err());
        assert!(services("service S { Response m(").is_err());
        assert!(services("/* no end").is_err());
    }
}
