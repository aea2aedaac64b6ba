//! Task configurations for people: text that shows line by line what differs, and the list of fields that do.
//!
//! ```text
//! executorConfig:
//!   data:
//!     task:
//!       processes:
//!         - cmdline: |
//!             echo one
//!             echo two
//!           min_duration: 15
//! numCpus: 0.5
//! ```
//!
//! Fields have the names of the API and come sorted; executor data is shown by its own fields; a text of several
//! lines is below its name. Collections that are empty are left out, as the scheduler takes them for missing.

use std::collections::BTreeMap;

use aurora_api::TaskConfig;
use serde_json::{Map, Value};

/// The text of a task configuration, line by line.
pub fn task_text(task: &TaskConfig) -> String {
    let mut out = String::new();
    fields(&mut out, 0, &object(task));
    out
}

/// A field that two task configurations do not agree on; where one has no such field, its value is null.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FieldChange {
    /// From the task configuration to the field, as in `executorConfig.data.task.processes[0].cmdline`.
    pub field: String,
    /// The value that runs.
    pub remote: Value,
    /// The value that is wanted.
    pub local: Value,
}

impl FieldChange {
    /// The last name in the path.
    pub fn name(&self) -> &str {
        let path = self
            .field
            .rsplit_once('.')
            .map_or(&*self.field, |(_, name)| name);
        path.split('[').next().unwrap_or(path)
    }
}

/// Where two task configurations differ, in the order of their text.
pub fn field_changes(remote: &TaskConfig, local: &TaskConfig) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    let (remote, local) = (Value::Object(object(remote)), Value::Object(object(local)));
    compare(&mut changes, "", &remote, &local);
    changes
}

/// The API's view of a task, with executor data as the JSON that it is.
fn object(task: &TaskConfig) -> Map<String, Value> {
    let Value::Object(mut object) = aurora_api::to_json(task) else {
        return Map::new();
    };
    object.retain(|_, value| !is_empty(value));
    if let Some(data) = object
        .get_mut("executorConfig")
        .and_then(|executor| executor.get_mut("data"))
        && let Some(parsed) = data
            .as_str()
            .and_then(|text| serde_json::from_str(text).ok())
    {
        *data = parsed;
    }
    object
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn fields(out: &mut String, depth: usize, object: &Map<String, Value>) {
    for (name, value) in object.iter().collect::<BTreeMap<_, _>>() {
        indent(out, depth);
        out.push_str(name);
        out.push(':');
        value_after(out, depth + 1, value);
    }
}

/// A value behind a name: on the same line, or below it.
fn value_after(out: &mut String, depth: usize, value: &Value) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            out.push('\n');
            fields(out, depth, object);
        }
        Value::Array(elements) if !elements.is_empty() => {
            out.push('\n');
            for element in elements {
                let mut text = String::new();
                match element {
                    Value::Object(object) if !object.is_empty() => {
                        fields(&mut text, depth + 1, object);
                        // The dash takes the place of the first indentation.
                        text.drain(..2 * (depth + 1));
                        indent(out, depth);
                        out.push_str("- ");
                    }
                    other => {
                        indent(out, depth);
                        out.push('-');
                        value_after(&mut text, depth + 1, other);
                    }
                }
                out.push_str(&text);
            }
        }
        Value::String(text) if text.contains('\n') => {
            let (lines, kept) = match text.strip_suffix('\n') {
                Some(lines) => (lines, ""),
                None => (&**text, "-"),
            };
            out.push_str(" |");
            out.push_str(kept);
            out.push('\n');
            for line in lines.split('\n') {
                if !line.is_empty() {
                    indent(out, depth);
                    out.extend(line.chars().map(printable));
                }
                out.push('\n');
            }
        }
        scalar => {
            out.push(' ');
            out.push_str(&scalar.to_string());
            out.push('\n');
        }
    }
}

/// Control characters do nothing to a terminal.
fn printable(character: char) -> char {
    match character {
        '\t' => '\t',
        other if other.is_control() => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn compare(changes: &mut Vec<FieldChange>, path: &str, remote: &Value, local: &Value) {
    match (remote, local) {
        (Value::Object(remote), Value::Object(local)) => {
            let mut names: Vec<&String> = remote.keys().chain(local.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                let of =
                    |object: &Map<String, Value>| object.get(name).cloned().unwrap_or_default();
                compare(changes, &path, &of(remote), &of(local));
            }
        }
        (Value::Array(remote), Value::Array(local)) if remote.len() == local.len() => {
            for (position, (remote, local)) in remote.iter().zip(local).enumerate() {
                compare(changes, &format!("{path}[{position}]"), remote, local);
            }
        }
        _ if remote == local => {}
        _ => changes.push(FieldChange {
            field: path.to_owned(),
            remote: remote.clone(),
            local: local.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use aurora_api::{Constraint, ExecutorConfig, Identity, LimitConstraint, TaskConstraint};

    use super::*;

    fn task(cpus: f64, data: &str) -> TaskConfig {
        TaskConfig {
            owner: Some(Identity {
                role: Some("www".to_owned()),
                user: Some("alice".to_owned()),
            }),
            num_cpus: Some(cpus.into()),
            is_service: Some(true),
            metadata: Some([].into()),
            constraints: Some(
                [Constraint {
                    name: Some("host".to_owned()),
                    constraint: Some(TaskConstraint::Limit(LimitConstraint { limit: Some(1) })),
                }]
                .into(),
            ),
            executor_config: Some(ExecutorConfig {
                name: Some("AuroraExecutor".to_owned()),
                data: Some(data.to_owned()),
            }),
            ..TaskConfig::default()
        }
    }

    #[test]
    fn a_task_is_shown_by_its_fields_and_texts_by_their_lines() {
        let data = r#"{"task": {"processes": [{"name": "web", "cmdline": "echo one\n\necho \u001b[1mtwo"},
            {"name": "x", "cmdline": "a\nb\n"}], "order": [["web", "x"], []]}, "priority": 0, "tags": {}}"#;
        insta::assert_snapshot!(task_text(&task(0.5, data)), @r#"
        constraints:
          - constraint:
              limit:
                limit: 1
            name: "host"
        executorConfig:
          data:
            priority: 0
            tags: {}
            task:
              order:
                -
                  - "web"
                  - "x"
                - []
              processes:
                - cmdline: |-
                    echo one

                    echo �[1mtwo
                  name: "web"
                - cmdline: |
                    a
                    b
                  name: "x"
          name: "AuroraExecutor"
        isService: true
        numCpus: 0.5
        owner:
          role: "www"
          user: "alice"
        "#);
    }

    #[test]
    fn executor_data_that_is_no_json_is_shown_as_it_is() {
        let task = TaskConfig {
            executor_config: task(1.0, "{not: json}").executor_config,
            ..TaskConfig::default()
        };
        let expected = "executorConfig:\n  data: \"{not: json}\"\n  name: \"AuroraExecutor\"\n";
        assert_eq!(task_text(&task), expected);
    }

    #[test]
    fn changes_name_the_field_that_differs() {
        let remote = task(
            0.5,
            r#"{"task": {"processes": [{"name": "a", "min": 5}, {"name": "b"}]}, "order": [1]}"#,
        );
        let local = task(
            0.75,
            r#"{"task": {"processes": [{"name": "a", "min": 15}, {"name": "b", "final": true}]}, "order": [1, 2]}"#,
        );
        let shown: Vec<_> = field_changes(&remote, &local)
            .iter()
            .map(|change| {
                format!(
                    "{} {} -> {} ({})",
                    change.field,
                    change.remote,
                    change.local,
                    change.name()
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "executorConfig.data.order [1] -> [1,2] (order)",
                "executorConfig.data.task.processes[0].min 5 -> 15 (min)",
                "executorConfig.data.task.processes[1].final null -> true (final)",
                "numCpus 0.5 -> 0.75 (numCpus)",
            ]
        );
        assert_eq!(field_changes(&remote, &remote), []);
    }
}
