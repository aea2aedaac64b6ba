//! The schema as a page for people.

use std::fmt::Write as _;

use aurora_compat::Compat;

use super::{
    json_schema::reachable,
    table::{
        ALIASES, ENUMS, Field, FieldType, JOB, Literal, OBJECTS, Presence, STRUCTS, Struct, UNITS,
    },
};

/// What the page says before the tables.
const INTRODUCTION: &str = "\
# Configuration reference

Every object of a configuration with every field. It applies to `.aurora` files, to JSON
(`--read-json`), and to jobs written in Rust with `aurora-config`.

A field is *required*, has a default, or is *optional*, which means unset unless you set it. An
unknown field is an error, and so is `null` in JSON: leave out what you do not set.

| type | accepts |
| --- | --- |
| String | a string; numbers are converted to strings |
| Integer | a whole number, or a string that contains one; fractions are cut off |
| Float | a number, or a string that contains one |
| Boolean | true or false, `1` or `0`, also as a string in upper or lower case; other numbers are true unless they are 0 |
| List of … | a list |
| Map of … to … | a dictionary |

A template may replace any single value: `{{name}}`.
";

/// The reference of all objects and fields, in Markdown.
///
/// ```
/// let page = aurora_config::field_reference();
/// assert!(page.contains("| `finalization_wait` | Integer | `30` |"));
/// ```
pub fn field_reference() -> String {
    let mut page = INTRODUCTION.to_owned();
    let jobs = reachable(JOB);
    let others = STRUCTS
        .iter()
        .filter(|structure| jobs.iter().all(|known| known.name != structure.name));
    page.push_str("\n## Objects of a job\n");
    for structure in &jobs {
        write_struct(&mut page, structure);
    }
    page.push_str("\n## Other objects\n");
    for structure in others {
        write_struct(&mut page, structure);
    }
    page.push_str("\n## Enumerations\n");
    for enumeration in ENUMS {
        heading(&mut page, enumeration.name, enumeration.meaning);
        page.push_str("| value | meaning |\n| --- | --- |\n");
        for (value, meaning) in enumeration.values {
            row(&mut page, &[&code(value), meaning]);
        }
    }
    page.push_str("\n## Ready-made objects\n\nFor `.aurora` files.\n\n");
    page.push_str("| name | object | meaning |\n| --- | --- | --- |\n");
    for object in OBJECTS {
        let link = link(object.structure);
        row(&mut page, &[&code(object.name), &link, object.meaning]);
    }
    page.push_str("\n## Sizes\n\nFor `.aurora` files: `ram = 512 * MB`.\n\n");
    page.push_str("| name | bytes |\n| --- | --- |\n");
    for (name, bytes) in UNITS {
        row(&mut page, &[&code(name), &bytes.to_string()]);
    }
    page
}

fn write_struct(page: &mut String, structure: &Struct) {
    heading(page, title(structure.name), structure.meaning);
    let aliases = ALIASES.iter().filter(|(_, name)| *name == structure.name);
    let names = aliases.map(|(alias, _)| *alias).chain([structure.name]);
    let others: Vec<_> = names
        .filter(|name| *name != title(structure.name))
        .map(code)
        .collect();
    if !others.is_empty() {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "Also named {}.\n", others.join(", "));
    }
    page.push_str("| field | type | default | meaning |\n| --- | --- | --- | --- |\n");
    for field in structure.fields {
        let cells = [
            &code(field.name),
            &type_text(&field.ty),
            &presence(field),
            field.meaning,
        ];
        row(page, &cells);
    }
    for field in structure.fields {
        if let Some(difference) = field.difference() {
            let _ = writeln!(
                page,
                "\n`{}`: {}. Under `--compat released`: {}, because {}.",
                field.name,
                difference.documented,
                difference.behaviour(Compat::Released),
                difference.reason
            );
        }
    }
}

/// The name that files use.
fn title(name: &'static str) -> &'static str {
    if name == JOB { "Job" } else { name }
}

fn heading(page: &mut String, name: &str, meaning: &str) {
    let _ = write!(page, "\n### {name}\n\n{meaning}\n\n");
}

fn row(page: &mut String, cells: &[&str]) {
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// A link to the section of a struct or enumeration.
fn link(name: &'static str) -> String {
    let title = title(name);
    format!("[{title}](#{})", title.to_lowercase())
}

fn type_text(ty: &FieldType) -> String {
    match ty {
        FieldType::String => "String".to_owned(),
        FieldType::Integer => "Integer".to_owned(),
        FieldType::Float => "Float".to_owned(),
        FieldType::Boolean => "Boolean".to_owned(),
        FieldType::Named(name) => link(name),
        FieldType::List(element) => format!("List of {}", type_text(element)),
        FieldType::Map(key, value) => format!("Map of {} to {}", type_text(key), type_text(value)),
    }
}

fn presence(field: &Field) -> String {
    let compat = Compat::Documented;
    let literal = match field.presence {
        Presence::Optional => return "optional".to_owned(),
        Presence::Required | Presence::Needed => return "*required*".to_owned(),
        Presence::FromKey => return code(compat.default_environment()),
        Presence::Default(literal) => literal,
    };
    match literal {
        Literal::Text(text) => code(text),
        Literal::Integer(number) => code(&number.to_string()),
        Literal::Float(number) => code(&format!("{number:?}")),
        Literal::Boolean(truth) => code(if truth { "True" } else { "False" }),
        Literal::EmptyList => code("[]"),
        Literal::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("'{key}': '{value}'"));
            code(&format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")))
        }
        Literal::New => "all of its defaults".to_owned(),
        Literal::Object(name) => code(name),
        Literal::MinDuration => code(&compat.default_min_duration().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_has_a_section_with_all_of_its_fields() {
        let page = field_reference();
        let sections: Vec<&str> = page.split("\n### ").collect();
        for structure in STRUCTS {
            let heading = format!("{}\n", title(structure.name));
            let mut found = sections.iter().filter(|text| text.starts_with(&heading));
            let section = found.next().unwrap();
            assert!(found.next().is_none(), "{heading}");
            for field in structure.fields {
                let start = format!("\n| `{}` | {} | ", field.name, type_text(&field.ty));
                assert!(
                    section.contains(&start),
                    "{}.{}",
                    structure.name,
                    field.name
                );
            }
        }
    }

    #[test]
    fn every_link_leads_to_a_heading() {
        let page = field_reference();
        let headings: Vec<String> = page
            .lines()
            .filter_map(|line| Some(line.strip_prefix("### ")?.to_lowercase()))
            .collect();
        let links: Vec<&str> = page
            .split("](#")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        assert!(links.len() > 20);
        for link in links {
            assert!(headings.iter().any(|heading| heading == link), "{link}");
        }
    }

    #[test]
    fn a_section_reads_well() {
        let page = field_reference();
        let start = page.find("### Process\n").unwrap();
        let length = page[start + 4..].find("\n### ").unwrap();
        insta::assert_snapshot!(&page[start..start + 4 + length]);
    }
}
