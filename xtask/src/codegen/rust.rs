//! Repairs of the Rust that the Thrift compiler writes.

use std::fmt::Write as _;

use super::idl::Constant;
use crate::Outcome;

/// Left of the compiler's head: what types alone need.
const USES: &str = "\
use std::collections::{BTreeMap, BTreeSet};

use thrift::{OrderedFloat, ProtocolError, ProtocolErrorKind};
use thrift::protocol::{TFieldIdentifier, TInputProtocol, TListIdentifier, TMapIdentifier, TOutputProtocol, TSerializable, TSetIdentifier, TStructIdentifier, TType, field_id};
";

/// The types alone, repaired:
///
/// - services are cut, since clients and processors are synchronous and need a thread pool;
/// - `Default` leaves every field unset, where the compiler sets zeros that would then be sent;
/// - a union with an unknown branch is an error, where the compiler panics;
/// - a list is not allocated as long as the sender says that it is;
/// - set constants are slices, where the compiler builds a tree at each use;
/// - enums get their names, constants their comments.
pub(crate) fn types(generated: &str, constants: &[Constant]) -> Outcome<String> {
    let version = generated
        .lines()
        .next()
        .filter(|line| line.contains("Thrift Compiler"))
        .ok_or("the compiler's first line does not name its version")?;
    let (_, body) = generated
        .split_once("use thrift::server::TProcessor;\n")
        .ok_or("the compiler's list of imports is not as expected")?;
    let mut output = format!(
        "{version}\n// Written by `cargo xtask codegen`: change the IDL, not this file.\n\n{USES}"
    );
    let mut blocks = Blocks::new(body);
    while let Some(block) = blocks.next_block() {
        repair(&block, constants, &mut output)?;
    }
    for left in [".expect(", ".unwrap(", "with_capacity(list", "TProcessor"] {
        if output.contains(left) {
            return Err(
                format!("the compiler wrote {left:?} in a place that has no repair").into(),
            );
        }
    }
    Ok(output)
}

/// Splits generated text into top-level items; each ends with a line that starts with `}`, or is a single line.
struct Blocks<'a> {
    lines: std::iter::Peekable<std::str::Lines<'a>>,
}

impl<'a> Blocks<'a> {
    fn new(text: &'a str) -> Self {
        Blocks {
            lines: text.lines().peekable(),
        }
    }

    fn next_block(&mut self) -> Option<Vec<&'a str>> {
        let mut block = Vec::new();
        for line in self.lines.by_ref() {
            if line.ends_with(" service client") {
                return None;
            }
            block.push(line);
            let comment = line.is_empty() || line.starts_with("//") || line.starts_with('#');
            if line.starts_with('}') || (!comment && block_is_one_line(line)) {
                return Some(block);
            }
        }
        None
    }
}

fn block_is_one_line(line: &str) -> bool {
    !line.starts_with(' ') && (line.ends_with(';') || line.ends_with("{}"))
}

fn repair(block: &[&str], constants: &[Constant], output: &mut String) -> Outcome {
    let head = block
        .iter()
        .position(|line| !(line.is_empty() || line.starts_with("//") || line.starts_with('#')))
        .unwrap_or(0);
    let item = block[head];
    if item.starts_with("impl Default for ") {
        return Ok(());
    }
    if item.starts_with("pub struct Const") && item.ends_with(';') {
        return Ok(());
    }
    if let Some(module) = item.strip_prefix("use crate::") {
        let module = module.rsplit("::").next().unwrap_or(module);
        let _ = writeln!(output, "\nuse super::{module}");
        return Ok(());
    }
    if let Some(name) = between(item, "impl Const", " {")
        && name.bytes().all(|letter| letter.is_ascii_uppercase())
    {
        return set_constant(name, block, constants, output);
    }
    if let Some(name) = between(item, "pub const ", ": ") {
        let constant = constants.iter().find(|constant| constant.name == name);
        let doc = constant.map_or("", |constant| &constant.doc);
        let _ = writeln!(output, "\n/// {doc}\n{item}");
        return Ok(());
    }
    let union = between(item, "impl TSerializable for ", " {").unwrap_or_default();
    let is_struct = item.starts_with("pub struct ") && !item.ends_with(';');
    for line in block {
        let mut line = (*line).to_owned();
        if is_struct && line.starts_with("#[derive(Clone, Debug, ") {
            line = line.replace("Clone, Debug, ", "Clone, Debug, Default, ");
        }
        if line.contains("Vec::with_capacity(list_ident.size as usize)") {
            line = line.replace(
                "list_ident.size as usize",
                "super::capacity(list_ident.size)",
            );
        }
        if line.contains("Ok(ret.expect(") {
            line = format!("      ret.ok_or_else(|| super::unknown_branch({union:?}))");
        }
        output.push_str(&line);
        output.push('\n');
    }
    if let Some(name) = between(item, "impl ", " {")
        && block.iter().any(|line| line.contains("ENUM_VALUES"))
    {
        names(name, block, output);
    }
    Ok(())
}

/// `pub const ACTIVE_STATES: &[ScheduleStatus]` in place of a unit struct with a function that builds a set.
fn set_constant(
    squeezed: &str,
    block: &[&str],
    constants: &[Constant],
    output: &mut String,
) -> Outcome {
    // The compiler drops the underscores of the name.
    let Constant { name, doc } = constants
        .iter()
        .find(|constant| constant.name.replace('_', "") == squeezed)
        .ok_or_else(|| format!("the IDL has no constant {squeezed}"))?;
    let kind = block
        .iter()
        .find_map(|line| between(line, "pub fn const_value() -> BTreeSet<", "> {"))
        .ok_or_else(|| format!("the constant {name} is not a set"))?;
    let mut values: Vec<i32> = block
        .iter()
        .filter_map(|line| between(line, "::try_from(", ")"))
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    values.sort_unstable();
    let values: Vec<String> = values
        .iter()
        .map(|value| format!("{kind}({value})"))
        .collect();
    let values = values.join(", ");
    let _ = writeln!(
        output,
        "\n/// {doc}\npub const {name}: &[{kind}] = &[{values}];"
    );
    Ok(())
}

fn names(name: &str, block: &[&str], output: &mut String) {
    let end = format!(": {name} = ");
    let values: Vec<&str> = block
        .iter()
        .filter_map(|line| between(line, "pub const ", &end))
        .collect();
    let values = values.join(", ");
    let _ = writeln!(
        output,
        "\ncrate::names::define_names!({name} {{ {values} }});"
    );
}

fn between<'a>(line: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(start)?;
    Some(rest.split_once(end)?.0)
}
