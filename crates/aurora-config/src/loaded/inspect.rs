//! The text of `job inspect`.

use std::fmt::Write as _;

use super::{elements, plain, task::flag, text};
use crate::value::{Data, Object, Problem};

type Result<T> = std::result::Result<T, Box<Problem>>;

/// Lines with an indentation; writing to a text cannot fail.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, indent: usize, text: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{:indent$}{text}", "");
    }
}

/// The summary of a bound job.
pub(super) fn inspect(job: &Object) -> Result<String> {
    let mut page = Page::default();
    let field = |object: &Object, name: &str| -> Result<String> {
        Ok(text(object, name)?.unwrap_or_default())
    };
    page.line(0, "Job level information");
    for (label, name) in [
        ("name:      ", "name"),
        ("role:      ", "role"),
        ("contact:   ", "contact"),
        ("cluster:   ", "cluster"),
        ("instances: ", "instances"),
    ] {
        page.line(2, format_args!("{label} '{}'", field(job, name)?));
    }
    if let Some(schedule) = text(job, "cron_schedule")? {
        page.line(2, "cron:");
        page.line(4, format_args!("schedule: '{schedule}'"));
        page.line(
            4,
            format_args!("policy:   '{}'", field(job, "cron_collision_policy")?),
        );
    }
    if let Some(Data::Dict(constraints)) = plain(job, "constraints")? {
        page.line(2, "constraints:");
        for (name, value) in &constraints.entries {
            page.line(4, format_args!("'{name}': '{value}'"));
        }
    }
    let shown = |value: bool| if value { "True" } else { "False" };
    page.line(
        2,
        format_args!("service:    {}", shown(flag(job, "service")?)),
    );
    page.line(
        2,
        format_args!("production: {}", shown(flag(job, "production")?)),
    );
    page.line(0, "");
    if let Some(task) = job.field("task")? {
        inspect_task(&mut page, &task)?;
    }
    Ok(page.0)
}

fn inspect_task(page: &mut Page, task: &Object) -> Result<()> {
    page.line(0, "Task level information");
    page.line(
        2,
        format_args!("name: '{}'", text(task, "name")?.unwrap_or_default()),
    );
    let constraints = elements(task, "constraints")?;
    if !constraints.is_empty() {
        page.line(2, "constraints:");
    }
    for constraint in &constraints {
        let names = elements(constraint, "order")?;
        let names = names.iter().map(Object::text).collect::<Result<Vec<_>>>()?;
        page.line(2, names.join(" < "));
    }
    page.line(0, "");
    for process in elements(task, "processes")? {
        page.line(
            0,
            format_args!("Process '{}':", text(&process, "name")?.unwrap_or_default()),
        );
        for name in ["daemon", "ephemeral", "final"] {
            if flag(&process, name)? {
                page.line(2, name);
            }
        }
        page.line(2, "cmdline:");
        for line in lines(&text(&process, "cmdline")?.unwrap_or_default()) {
            page.line(4, line);
        }
        page.line(0, "");
    }
    Ok(())
}

/// The lines of a text as `splitlines()` has them: any line end counts, a last one opens no line.
fn lines(text: &str) -> Vec<&str> {
    const ENDS: [char; 9] = [
        '\n', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}',
    ];
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| c == '\r' || ENDS.contains(&c));
        let end = end.unwrap_or(rest.len());
        lines.push(&rest[..end]);
        let ending = if rest[end..].starts_with("\r\n") {
            2
        } else {
            rest[end..].chars().next().map_or(0, char::len_utf8)
        };
        rest = &rest[end + ending..];
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn any_line_end_counts() {
        assert!(lines("").is_empty());
        assert_eq!(lines("\na\r\nb\rc\u{2028}d\n"), ["", "a", "b", "c", "d"]);
        assert_eq!(lines("a\n  "), ["a", "  "]);
    }
}
