//! Rust of a parsed IDL: plain types, and for each of them one call of a macro of `crates/aurora-api/src/wire.rs`,
//! which lists the ids and names of the wire.
//!
//! The text is as rustfmt leaves it, so that `cargo fmt --check` holds for the generated files too.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::idl::{EnumValue, Field, Item, ItemKind, Method, Type, Value};

const HEAD: &str = "// Written by `cargo xtask codegen`: change the IDL, not this file.\n";

/// Fields are unset by default; the order is that of the ids, which sets on the wire follow.
const DERIVE: &str = "#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]\n";

/// All items but services, in the order of the IDL.
pub(crate) fn types(items: &[Item]) -> Result<String, String> {
    let mut body = String::new();
    let mut uses = Uses::default();
    for Item { doc, name, kind } in items {
        let doc = doc_lines(doc.as_deref(), "");
        let item = match kind {
            ItemKind::Service(_) => continue,
            ItemKind::Const { kind, value } => constant(items, name, kind, value)?,
            ItemKind::Enum(values) => enumeration(name, values),
            ItemKind::Struct(fields) => structure(name, fields, &mut uses)?,
            ItemKind::Union(branches) => union(name, branches, &mut uses)?,
        };
        let _ = write!(body, "\n{doc}{item}");
    }
    let head = format!(
        "{HEAD}{}\nuse crate::wire::{{wire_enum, wire_struct, wire_union}};\n",
        uses.of_the_library()
    );
    Ok(head + &body)
}

/// One struct of arguments for each method, and the table of the methods.
pub(crate) fn calls(items: &[Item]) -> Result<String, String> {
    let mut body = String::new();
    let mut table = String::new();
    let mut uses = Uses::default();
    for item in items {
        let ItemKind::Service(methods) = &item.kind else {
            continue;
        };
        for Method {
            doc,
            name,
            arguments,
        } in methods
        {
            let call = capitalized(name);
            let doc = doc_lines(doc.as_deref(), "");
            let arguments = structure(&call, arguments, &mut uses)?;
            let _ = write!(body, "\n{doc}{arguments}");
            let _ = writeln!(table, "    {} {call} {name:?},", item.name);
        }
    }
    let types: Vec<_> = uses.own.iter().map(String::as_str).collect();
    Ok(format!(
        "{HEAD}{}\n{}use crate::calls::define_calls;\nuse crate::wire::wire_struct;\n{body}\ndefine_calls! {{\n{table}}}\n",
        uses.of_the_library(),
        wrapped_use("super::api", &types),
    ))
}

/// The types that a file needs from elsewhere.
#[derive(Default)]
struct Uses {
    library: BTreeSet<&'static str>,
    double: bool,
    own: BTreeSet<String>,
}

impl Uses {
    fn of_the_library(&self) -> String {
        let mut text = String::new();
        let collections: Vec<_> = self.library.iter().copied().collect();
        match collections.as_slice() {
            [] => {}
            [one] => {
                let _ = write!(text, "\nuse std::collections::{one};\n");
            }
            several => {
                let _ = write!(
                    text,
                    "\nuse std::collections::{{{}}};\n",
                    several.join(", ")
                );
            }
        }
        if self.double {
            text.push_str("\nuse thrift::OrderedFloat;\n");
        }
        text
    }

    /// The Rust type of an IDL type.
    fn rust_type(&mut self, kind: &Type) -> Result<String, String> {
        Ok(match kind {
            Type::List(element) => format!("Vec<{}>", self.rust_type(element)?),
            Type::Set(element) => {
                self.library.insert("BTreeSet");
                format!("BTreeSet<{}>", self.rust_type(element)?)
            }
            Type::Map(key, value) => {
                self.library.insert("BTreeMap");
                let key = self.rust_type(key)?;
                format!("BTreeMap<{key}, {}>", self.rust_type(value)?)
            }
            Type::Named(name) => match name.as_str() {
                "bool" | "i32" | "i64" => name.clone(),
                "string" => "String".to_owned(),
                "double" => {
                    self.double = true;
                    "OrderedFloat<f64>".to_owned()
                }
                own if own.starts_with(|first: char| first.is_ascii_uppercase()) => {
                    self.own.insert(own.to_owned());
                    own.to_owned()
                }
                other => {
                    return Err(format!(
                        "`src/wire.rs` cannot read or write the type `{other}`"
                    ));
                }
            },
        })
    }
}

fn structure(name: &str, fields: &[Field], uses: &mut Uses) -> Result<String, String> {
    if fields.is_empty() {
        return Ok(format!(
            "{DERIVE}pub struct {name} {{}}\n\nwire_struct! {{ {name} {{}} }}\n"
        ));
    }
    let mut text = format!("{DERIVE}pub struct {name} {{\n");
    let mut table = String::new();
    for field in fields {
        let rust_name = snake_case(&field.name);
        let rust_type = uses.rust_type(&field.kind)?;
        text.push_str(&doc_lines(field.doc.as_deref(), "    "));
        let _ = writeln!(text, "    pub {rust_name}: Option<{rust_type}>,");
        let _ = writeln!(table, "        {} {rust_name} {:?},", field.id, field.name);
    }
    let _ = write!(
        text,
        "}}\n\nwire_struct! {{\n    {name} {{\n{table}    }}\n}}\n"
    );
    Ok(text)
}

fn union(name: &str, branches: &[Field], uses: &mut Uses) -> Result<String, String> {
    let derive = DERIVE.replace(" Default,", "");
    let mut text = format!("{derive}pub enum {name} {{\n");
    let mut table = String::new();
    for branch in branches {
        let variant = capitalized(&branch.name);
        let rust_type = uses.rust_type(&branch.kind)?;
        text.push_str(&doc_lines(branch.doc.as_deref(), "    "));
        let _ = writeln!(text, "    {variant}({rust_type}),");
        let _ = writeln!(table, "        {} {variant} {:?},", branch.id, branch.name);
    }
    let _ = write!(
        text,
        "}}\n\nwire_union! {{\n    {name} {{\n{table}    }}\n}}\n"
    );
    Ok(text)
}

/// A number with named values, so that values of later releases survive.
fn enumeration(name: &str, values: &[EnumValue]) -> String {
    let mut text = format!(
        "#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]\npub struct {name}(pub i32);\n\nimpl {name} {{\n"
    );
    let mut table = String::new();
    for value in values {
        text.push_str(&doc_lines(value.doc.as_deref(), "    "));
        let _ = writeln!(
            text,
            "    pub const {}: Self = Self({});",
            value.name, value.number
        );
        let _ = writeln!(table, "        {},", value.name);
    }
    let _ = write!(
        text,
        "}}\n\nwire_enum! {{\n    {name} {{\n{table}    }}\n}}\n"
    );
    text
}

/// A text, or a set of enum values as a slice, ascending as a set is.
fn constant(items: &[Item], name: &str, kind: &Type, value: &Value) -> Result<String, String> {
    let refused = || format!("constant `{name}`: only texts and sets of enum values are known");
    match (kind, value) {
        (Type::Named(text), Value::Text(value)) if text == "string" => {
            Ok(format!("pub const {name}: &str = {};\n", literal(value)))
        }
        (Type::Named(text), Value::Name(other)) if text == "string" => {
            Ok(format!("pub const {name}: &str = {other};\n"))
        }
        (Type::Set(element), Value::List(values)) => {
            let Type::Named(element) = &**element else {
                return Err(refused());
            };
            let mut numbered = Vec::new();
            for value in values {
                let Value::Name(value) = value else {
                    return Err(refused());
                };
                let number = number_of(items, value)
                    .ok_or_else(|| format!("constant `{name}`: `{value}` is not an enum value"))?;
                numbered.push((number, value.replace('.', "::")));
            }
            numbered.sort_unstable();
            let mut text = format!("pub const {name}: &[{element}] = &[\n");
            for (_, value) in numbered {
                let _ = writeln!(text, "    {value},");
            }
            Ok(text + "];\n")
        }
        _ => Err(refused()),
    }
}

/// The number of `ENUM.VALUE`.
fn number_of(items: &[Item], path: &str) -> Option<i32> {
    let (name, value) = path.split_once('.')?;
    let item = items.iter().find(|item| item.name == name)?;
    let ItemKind::Enum(values) = &item.kind else {
        return None;
    };
    Some(values.iter().find(|it| it.name == value)?.number)
}

/// A Rust literal: a raw one where backslashes would be doubled.
fn literal(text: &str) -> String {
    if text.contains('\\') && !text.contains('"') {
        format!("r\"{text}\"")
    } else {
        format!("{text:?}")
    }
}

fn doc_lines(doc: Option<&str>, indent: &str) -> String {
    let mut text = String::new();
    for line in doc.unwrap_or_default().lines() {
        let line = line.trim().trim_start_matches("* ");
        let _ = writeln!(text, "{indent}/// {line}");
    }
    text
}

/// `use MODULE::{…};` in lines of at most 100 columns, or nothing without names.
fn wrapped_use(module: &str, names: &[&str]) -> String {
    match names {
        [] => return String::new(),
        [one] => return format!("use {module}::{one};\n"),
        _ => {}
    }
    let one_line = format!("use {module}::{{{}}};\n", names.join(", "));
    if one_line.trim_end().len() <= 100 {
        return one_line;
    }
    let mut text = format!("use {module}::{{\n");
    let mut line = String::from("   ");
    for name in names {
        if line.len() + name.len() + 2 > 100 {
            let _ = writeln!(text, "{line}");
            line = String::from("   ");
        }
        let _ = write!(line, " {name},");
    }
    let _ = write!(text, "{line}\n}};\n");
    text
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::idl;

    const IDL: &str = r#"
        /** A colour. */
        enum Colour {
          /** Like blood. */
          RED = 1,
          BLUE = 0,
        }
        struct Empty {}
        /** A pot. */
        struct Pot {
          2: optional set<Colour> colours
          /** Its size. */
          1: optional double sizeLitres
        }
        union Either { 1: Pot pot 2: Empty nothingElse }
        /** Both. */
        const set<Colour> ALL = [Colour.RED, Colour.BLUE]
        const string PATTERN = "^\\w$"
        const string SAME = PATTERN
        service Kitchen {
          /** Fills pots. */
          Response fillPots(1: list<Pot> pots)
          Response rest()
        }
    "#;

    #[test]
    fn types_of_all_kinds() {
        let items = idl::parse(IDL).unwrap();
        insta::assert_snapshot!(types(&items).unwrap(), @r##"
        // Written by `cargo xtask codegen`: change the IDL, not this file.

        use std::collections::BTreeSet;

        use thrift::OrderedFloat;

        use crate::wire::{wire_enum, wire_struct, wire_union};

        /// A colour.
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct Colour(pub i32);

        impl Colour {
            /// Like blood.
            pub const RED: Self = Self(1);
            pub const BLUE: Self = Self(0);
        }

        wire_enum! {
            Colour {
                RED,
                BLUE,
            }
        }

        #[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct Empty {}

        wire_struct! { Empty {} }

        /// A pot.
        #[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct Pot {
            /// Its size.
            pub size_litres: Option<OrderedFloat<f64>>,
            pub colours: Option<BTreeSet<Colour>>,
        }

        wire_struct! {
            Pot {
                1 size_litres "sizeLitres",
                2 colours "colours",
            }
        }

        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Either {
            Pot(Pot),
            NothingElse(Empty),
        }

        wire_union! {
            Either {
                1 Pot "pot",
                2 NothingElse "nothingElse",
            }
        }

        /// Both.
        pub const ALL: &[Colour] = &[
            Colour::BLUE,
            Colour::RED,
        ];

        pub const PATTERN: &str = r"^\w$";

        pub const SAME: &str = PATTERN;
        "##);
    }

    #[test]
    fn calls_have_a_struct_each_and_a_table() {
        let items = idl::parse(IDL).unwrap();
        insta::assert_snapshot!(calls(&items).unwrap(), @r##"
        // Written by `cargo xtask codegen`: change the IDL, not this file.

        use super::api::Pot;
        use crate::calls::define_calls;
        use crate::wire::wire_struct;

        /// Fills pots.
        #[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct FillPots {
            pub pots: Option<Vec<Pot>>,
        }

        wire_struct! {
            FillPots {
                1 pots "pots",
            }
        }

        #[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct Rest {}

        wire_struct! { Rest {} }

        define_calls! {
            Kitchen FillPots "fillPots",
            Kitchen Rest "rest",
        }
        "##);
    }

    #[test]
    fn what_the_crate_does_not_provide_for_is_refused() {
        let error = |text| types(&idl::parse(text).unwrap()).unwrap_err();
        assert_eq!(
            error("struct S { 1: i16 a }"),
            "`src/wire.rs` cannot read or write the type `i16`"
        );
        assert_eq!(
            error("enum E { B = 1 } const set<E> A = [E.C]"),
            "constant `A`: `E.C` is not an enum value"
        );
        for constant in ["const i32 A = B", "const set<string> A = [\"a\"]"] {
            insta::allow_duplicates! {
                insta::assert_snapshot!(error(constant), @"constant `A`: only texts and sets of enum values are known");
            }
        }
    }

    #[test]
    fn long_lists_of_types_are_wrapped() {
        let names: Vec<_> = ["Abcdefghijklmnop"; 12].into();
        let text = wrapped_use("super::api", &names);
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        assert_eq!(text.matches("Abc").count(), 12);
        assert_eq!(wrapped_use("a", &["B"]), "use a::B;\n");
        assert_eq!(wrapped_use("a", &[]), "");
    }
}
