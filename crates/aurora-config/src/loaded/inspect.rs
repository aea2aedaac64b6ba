//! The text of `job inspect`.

use std::fmt::Write as _;

use aurora_compat::Compat;

use super::{BoundJob, Fields, elements, plain, task::flag, text};
use pystachio::{Data, Object};
use python27::text_repr;

use crate::Error;

type Result<T> = std::result::Result<T, Error>;

/// Lines with an indentation; writing to a text cannot fail.
struct Page {
    text: String,
    compat: Compat,
}

impl Page {
    fn line(&mut self, indent: usize, text: impl std::fmt::Display) {
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    /// A text that is not a command line.
    fn shown(&self, text: String) -> Result<String> {
        let beyond = text.chars().enumerate().find(|(_, c)| !c.is_ascii());
        match beyond {
            Some((position, c)) if !self.compat.inspect_shows_any_text() => {
                let character = text_repr(&c.to_string(), true);
                Err(Error::bare_conversion(format!(
                    "'ascii' codec can't encode character {character} in position {position}: \
                     ordinal not in range(128)"
                ))
                .with_hint("the released client shows such texts in command lines only"))
            }
            _ => Ok(text),
        }
    }

    fn field(&self, object: &impl Fields, name: &str) -> Result<String> {
        self.shown(text(object, name)?.unwrap_or_default())
    }
}

/// The summary of a bound job.
pub(super) fn inspect(job: &BoundJob, compat: Compat) -> Result<String> {
    let mut page = Page {
        text: String::new(),
        compat,
    };
    page.line(0, "Job level information");
    for (label, name) in [
        ("name:      ", "name"),
        ("role:      ", "role"),
        ("contact:   ", "contact"),
        ("cluster:   ", "cluster"),
        ("instances: ", "instances"),
    ] {
        let value = page.field(job, name)?;
        page.line(2, format_args!("{label} '{value}'"));
    }
    if job.has("cron_schedule")? {
        page.line(2, "cron:");
        for (label, name) in [
            ("schedule:", "cron_schedule"),
            ("policy:  ", "cron_collision_policy"),
        ] {
            let value = page.field(job, name)?;
            page.line(4, format_args!("{label} '{value}'"));
        }
    }
    if let Some(Data::Dict(constraints)) = plain(job, "constraints")? {
        page.line(2, "constraints:");
        for (name, value) in &constraints.entries {
            let line = page.shown(format!("'{name}': '{value}'"))?;
            page.line(4, line);
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
    Ok(page.text)
}

fn inspect_task(page: &mut Page, task: &Object) -> Result<()> {
    page.line(0, "Task level information");
    let name = page.field(task, "name")?;
    page.line(2, format_args!("name: '{name}'"));
    let constraints = elements(task, "constraints")?;
    if !constraints.is_empty() {
        page.line(2, "constraints:");
    }
    for constraint in &constraints {
        let names = elements(constraint, "order")?;
        let names = names.iter().map(|name| page.shown(name.text()?));
        let names = names.collect::<Result<Vec<_>>>()?;
        page.line(2, names.join(" < "));
    }
    page.line(0, "");
    for process in elements(task, "processes")? {
        let name = page.field(&process, "name")?;
        page.line(0, format_args!("Process '{name}':"));
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
