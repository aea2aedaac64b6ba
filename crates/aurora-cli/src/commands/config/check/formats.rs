//! Findings for tools that show them beside the code: SARIF 2.1.0, and the workflow commands of GitHub.

use std::fmt::Write as _;

use aurora_config::{Finding, Report, Severity};
use serde_json::{Value, json};

/// A log in SARIF, which code scanners and editors read.
pub(super) fn sarif<'a>(reports: impl Iterator<Item = &'a Report>) -> Value {
    let results: Vec<Value> = findings(reports).map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "aurora", "version": env!("CARGO_PKG_VERSION")}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A line for each finding in the log of a workflow; GitHub shows it at the line of the file.
pub(super) fn github<'a>(reports: impl Iterator<Item = &'a Report>) -> Vec<String> {
    findings(reports).map(command).collect()
}

fn findings<'a>(
    reports: impl Iterator<Item = &'a Report>,
) -> impl Iterator<Item = (&'a Report, &'a Finding)> {
    reports.flat_map(|report| report.findings().map(move |finding| (report, finding)))
}

fn result((report, finding): (&Report, &Finding)) -> Value {
    let mut location = json!({"artifactLocation": {"uri": file(report, finding)}});
    if let Some((line, column)) = finding.position() {
        location["region"] = json!({"startLine": line, "startColumn": column});
    }
    json!({
        "level": finding.severity.name(),
        "message": {"text": message(finding)},
        "locations": [{"physicalLocation": location}],
    })
}

fn command((report, finding): (&Report, &Finding)) -> String {
    let command = match finding.severity {
        Severity::Note => "notice",
        other => other.name(),
    };
    let file = property(&file(report, finding));
    let place = finding
        .position()
        .map_or_else(String::new, |(line, column)| {
            format!(",line={line},col={column}")
        });
    format!(
        "::{command} file={file}{place}::{}",
        data(&message(finding))
    )
}

fn file(report: &Report, finding: &Finding) -> String {
    let place = finding.place.as_ref().map(|place| &place.path);
    let file = place.or(report.file.as_ref());
    file.map(|file| file.display().to_string())
        .unwrap_or_default()
}

fn message(finding: &Finding) -> String {
    let mut message = finding.message.clone();
    if !finding.field.is_empty() {
        let _ = write!(message, "\nin {}", finding.field);
    }
    if let Some(hint) = &finding.hint {
        let _ = write!(message, "\nhelp: {hint}");
    }
    message
}

/// The data of a workflow command are one line, without what could control a terminal.
fn data(text: &str) -> String {
    let escaped = text.chars().map(|character| match character {
        '%' => "%25".to_owned(),
        '\r' => "%0D".to_owned(),
        '\n' => "%0A".to_owned(),
        control if control.is_control() => char::REPLACEMENT_CHARACTER.to_string(),
        other => other.to_string(),
    });
    escaped.collect()
}

/// A property ends at a colon or a comma.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_stay_on_their_line() {
        assert_eq!(data("100 %\r\nmore\x1b"), "100 %25%0D%0Amore\u{fffd}");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
