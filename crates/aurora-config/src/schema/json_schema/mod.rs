//! The schema as JSON Schema.

use aurora_compat::Compat;
use serde_json::{Map, Value, json};

use super::table::{
    ENUMS, Enumeration, Field, FieldType, JOB, Literal, OBJECTS, Part, Presence, STRUCTS, Struct,
};

/// What marks a text as a template, as a regular expression.
const TEMPLATE: &str = r"\{\{";

/// The JSON Schema, draft 2020-12, of a configuration in JSON: one job, or an object with a list of
/// `jobs`.
///
/// It says of the shape of a configuration what loading and checking it says: unknown fields and
/// `null` are refused, a number may be written as a text, and any single value as a template. Rules
/// that look at several fields, or at what is in a text, are not in it. `compat` decides on what is
/// required and on defaults.
///
/// ```
/// use aurora_compat::Compat;
///
/// let schema = aurora_config::json_schema(Compat::Documented);
/// let wait = &schema["$defs"]["Process"]["properties"]["min_duration"];
/// assert_eq!(wait["default"], 15);
/// ```
pub fn json_schema(compat: Compat) -> Value {
    let scalars = [
        ("String", string()),
        ("Integer", integer()),
        ("Float", float()),
        ("Boolean", boolean()),
    ];
    let mut definitions: Map<String, Value> = scalars
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    for enumeration in ENUMS {
        definitions.insert(enumeration.name.to_owned(), enumeration_schema(enumeration));
    }
    for structure in reachable(JOB) {
        let schema = struct_schema(structure, compat);
        definitions.insert(structure.name.to_owned(), schema);
    }
    let job = reference(JOB);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Aurora configuration",
        "description": "Jobs for Apache Aurora 0.12.0: one job, or an object with a list of `jobs`.",
        "type": "object",
        "if": {"required": ["jobs"]},
        "then": {
            "properties": {
                "jobs": {"description": "The jobs of this file.", "type": "array", "items": job},
            },
        },
        "else": job,
        "$defs": definitions,
    })
}

/// A struct with all that it refers to, each before those that it refers to.
pub(super) fn reachable(name: &str) -> Vec<&'static Struct> {
    let mut found: Vec<&'static Struct> = Vec::new();
    let mut waiting = vec![name];
    while let Some(name) = waiting.pop() {
        let Some(structure) = STRUCTS.iter().find(|structure| structure.name == name) else {
            continue;
        };
        if found.iter().any(|known| known.name == name) {
            continue;
        }
        found.push(structure);
        let fields = structure.fields.iter().rev();
        waiting.extend(fields.filter_map(|field| named(&field.ty)));
    }
    found
}

/// The struct or enumeration that a type comes down to.
fn named(ty: &FieldType) -> Option<&'static str> {
    match ty {
        FieldType::Named(name) => Some(name),
        FieldType::List(element) => named(element),
        FieldType::Map(_, value) => named(value),
        _ => None,
    }
}

/// Whether a job is refused that does not have the field.
fn is_required(field: &Field, compat: Compat) -> bool {
    match field.presence {
        Presence::Required | Presence::Needed => true,
        Presence::FromKey => compat.environment_is_required(),
        Presence::Optional | Presence::Default(_) => false,
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn string() -> Value {
    json!({
        "description": "A string. Numbers are converted to strings.",
        "type": ["string", "number", "boolean"],
    })
}

fn integer() -> Value {
    json!({
        "description": "A whole number, as a number or a string, or a template. Fractions are cut off.",
        "type": ["number", "boolean", "string"],
        "pattern": format!(r"^\s*[-+]?[0-9]+\s*$|{TEMPLATE}"),
    })
}

fn float() -> Value {
    let number = r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?";
    let word = "[iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN]";
    json!({
        "description": "A number, also as a string, or a template.",
        "type": ["number", "boolean", "string"],
        "pattern": format!(r"^\s*[-+]?({number}|{word})\s*$|{TEMPLATE}"),
    })
}

fn boolean() -> Value {
    let word = "[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|0|1";
    json!({
        "description": "true or false, also as a string, or a template. Numbers other than 0 are true.",
        "type": ["boolean", "number", "string"],
        "pattern": format!("^({word})$|{TEMPLATE}"),
    })
}

fn enumeration_schema(enumeration: &Enumeration) -> Value {
    let values: Vec<_> = enumeration
        .values
        .iter()
        .map(|(value, meaning)| json!({"const": value, "description": meaning}))
        .chain([json!({"type": "string", "pattern": TEMPLATE})])
        .collect();
    json!({
        "title": enumeration.name,
        "description": enumeration.meaning,
        "anyOf": values,
    })
}

fn struct_schema(structure: &Struct, compat: Compat) -> Value {
    let properties: Map<String, Value> = structure
        .fields
        .iter()
        .map(|field| (field.name.to_owned(), field_schema(field, compat)))
        .collect();
    let required: Vec<_> = structure
        .fields
        .iter()
        .filter(|field| is_required(field, compat))
        .map(|field| field.name)
        .collect();
    let mut schema = json!({
        "title": structure.name,
        "description": structure.meaning,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn field_schema(field: &Field, compat: Compat) -> Value {
    let mut schema = type_schema(&field.ty);
    schema["description"] = field.meaning.into();
    match field.presence {
        Presence::Default(literal) => schema["default"] = default(literal, compat),
        Presence::FromKey if !is_required(field, compat) => {
            schema["default"] = compat.default_environment().into();
        }
        _ => {}
    }
    schema
}

fn type_schema(ty: &FieldType) -> Value {
    match ty {
        FieldType::String => reference("String"),
        FieldType::Integer => reference("Integer"),
        FieldType::Float => reference("Float"),
        FieldType::Boolean => reference("Boolean"),
        FieldType::Named(name) => reference(name),
        FieldType::List(element) => json!({"type": "array", "items": type_schema(element)}),
        // The keys of JSON are texts, and so are those of every map in the table. The loader also reads
        // a list of two as a map with one key, which is never meant.
        FieldType::Map(_, value) => {
            json!({"type": "object", "additionalProperties": type_schema(value)})
        }
    }
}

/// A default as it would be written in JSON. Structs are written as far as they are set.
fn default(literal: Literal, compat: Compat) -> Value {
    match literal {
        Literal::Text(text) => text.into(),
        Literal::Integer(number) => number.into(),
        Literal::Float(number) => number.into(),
        Literal::Boolean(truth) => truth.into(),
        Literal::EmptyList => json!([]),
        Literal::Map(entries) => entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), Value::from(*value)))
            .collect::<Map<_, _>>()
            .into(),
        Literal::New => json!({}),
        Literal::Object(name) => {
            let parts = OBJECTS.iter().find(|object| object.name == name);
            let parts = parts.map_or(&[][..], |object| object.parts);
            let part = |(field, part): &(&str, Part)| {
                let value = match part {
                    Part::New => json!({}),
                    Part::True => json!(true),
                };
                ((*field).to_owned(), value)
            };
            parts.iter().map(part).collect::<Map<_, _>>().into()
        }
        Literal::MinDuration => compat.default_min_duration().into(),
    }
}

#[cfg(test)]
mod tests;
