//! Stamping `CHANGELOG.md`, in the format of Keep a Changelog.

use std::fmt::Write;

use jiff::civil::Date;
use semver::Version;

use super::name::release_tag;
use crate::Outcome;

/// The heading over the changes of a release.
pub(super) struct Stamp<'a> {
    pub(super) version: &'a Version,
    pub(super) date: Date,
    /// The release before, to which the link compares.
    pub(super) previous: Option<&'a Version>,
    /// The URL of the repository, for links; those in the file itself go before.
    pub(super) repository: Option<&'a str>,
}

/// Moves the changes under *Unreleased* to the version and its date.
///
/// What an earlier candidate of the same version has put there stays, and the new is added to it, kind by kind.
pub(super) fn stamp(changelog: &str, stamp: &Stamp<'_>) -> Outcome<String> {
    let mut parts = Parts::of(changelog);
    let unreleased = parts
        .sections
        .iter()
        .position(|it| it.name() == "Unreleased")
        .ok_or(
            "CHANGELOG.md has no heading `## [Unreleased]`: add one over the changes that are new",
        )?;
    let new = Changes::of(&parts.sections[unreleased].body);
    let version = stamp.version.to_string();
    let mut changes = match parts.sections.iter().position(|it| it.name() == version) {
        Some(earlier) => Changes::of(&parts.sections.remove(earlier).body),
        None => Changes::default(),
    };
    changes.extend(new);
    if changes.is_empty() {
        return Err("CHANGELOG.md has nothing under *Unreleased*: write down what changed".into());
    }
    let unreleased = parts
        .sections
        .iter()
        .position(|it| it.name() == "Unreleased")
        .unwrap_or_default();
    parts.sections[unreleased].body = Vec::new();
    let section = Section {
        heading: format!("## [{version}] - {}", stamp.date),
        body: changes.lines(),
    };
    parts.sections.insert(unreleased + 1, section);
    link(&mut parts.links, stamp);
    Ok(parts.text())
}

/// The changes of a version, without its heading.
pub(super) fn changes(changelog: &str, version: &Version) -> Option<String> {
    let version = version.to_string();
    let parts = Parts::of(changelog);
    let section = parts.sections.iter().find(|it| it.name() == version)?;
    Some(section.body.join("\n").trim().to_owned())
}

/// A file of changes, taken apart into lines.
struct Parts<'a> {
    head: Vec<&'a str>,
    sections: Vec<Section>,
    /// The definitions of links that end the file.
    links: Vec<String>,
}

struct Section {
    heading: String,
    body: Vec<String>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let mut lines: Vec<_> = text.lines().collect();
        let mut links = Vec::new();
        while let Some(line) = lines.pop_if(|line| line.trim().is_empty() || is_link(line)) {
            if is_link(line) {
                links.insert(0, line.to_owned());
            }
        }
        let (mut head, mut sections) = (Vec::new(), Vec::<Section>::new());
        let mut code = Code::default();
        for line in lines {
            if !code.holds(line) && line.starts_with("## ") {
                let heading = line.to_owned();
                let body = Vec::new();
                sections.push(Section { heading, body });
            } else if let Some(section) = sections.last_mut() {
                section.body.push(line.to_owned());
            } else {
                head.push(line);
            }
        }
        Self {
            head,
            sections,
            links,
        }
    }

    fn text(&self) -> String {
        let sections = self.sections.iter().map(|section| {
            let body = section.body.join("\n");
            let text = format!("{}\n\n{}", section.heading, body.trim_matches('\n'));
            text.trim_end().to_owned()
        });
        let head = self.head.join("\n").trim_end().to_owned();
        let parts = [head].into_iter().chain(sections);
        let parts = parts.chain([self.links.join("\n")]);
        let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
        parts.join("\n\n") + "\n"
    }
}

impl Section {
    /// The version in the heading, or the word there.
    fn name(&self) -> &str {
        let name = self.heading.trim_start_matches("## ").trim();
        let name = name.split_whitespace().next().unwrap_or_default();
        name.trim_matches(['[', ']'])
    }
}

/// Whether a line is in a block of code, where headings are none.
#[derive(Default)]
struct Code(bool);

impl Code {
    fn holds(&mut self, line: &str) -> bool {
        let fence = line.trim_start().starts_with("```");
        let held = self.0 || fence;
        self.0 ^= fence;
        held
    }
}

/// The lines of a section by kind: *Added*, *Changed* and so on, in the order in which they came.
#[derive(Default)]
struct Changes(Vec<(Option<String>, Vec<String>)>);

impl Changes {
    fn of(body: &[String]) -> Self {
        let mut changes = Self::default();
        let (mut kind, mut code) = (None, Code::default());
        for line in body {
            if !code.holds(line) && line.starts_with("### ") {
                kind = Some(line.trim_end().to_owned());
            } else {
                changes.kind(&kind).push(line.clone());
            }
        }
        for (_, lines) in &mut changes.0 {
            let filled = |line: &String| !line.trim().is_empty();
            lines.truncate(lines.iter().rposition(filled).map_or(0, |last| last + 1));
            lines.drain(..lines.iter().position(filled).unwrap_or_default());
        }
        changes.0.retain(|(_, lines)| !lines.is_empty());
        changes
    }

    fn kind(&mut self, kind: &Option<String>) -> &mut Vec<String> {
        let known = self.0.iter().position(|(known, _)| known == kind);
        let index = known.unwrap_or_else(|| {
            // Lines without a heading come before all others.
            let index = if kind.is_none() { 0 } else { self.0.len() };
            self.0.insert(index, (kind.clone(), Vec::new()));
            index
        });
        &mut self.0[index].1
    }

    fn extend(&mut self, more: Self) {
        for (kind, lines) in more.0 {
            self.kind(&kind).extend(lines);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn lines(&self) -> Vec<String> {
        let mut text = String::new();
        for (kind, lines) in &self.0 {
            if let Some(kind) = kind {
                let _ = write!(text, "{kind}\n\n");
            }
            let _ = write!(text, "{}\n\n", lines.join("\n"));
        }
        text.trim_end().lines().map(str::to_owned).collect()
    }
}

fn is_link(line: &str) -> bool {
    let label = line.strip_prefix('[').and_then(|it| it.split_once("]: "));
    label.is_some_and(|(label, _)| !label.contains(']'))
}

/// Lets *Unreleased* compare with the new release, and the new release with the one before.
fn link(links: &mut Vec<String>, stamp: &Stamp<'_>) {
    let unreleased = links
        .iter()
        .position(|line| line.starts_with("[Unreleased]: "));
    let base = unreleased
        .and_then(|at| links[at].split_once("]: ")?.1.split_once("/compare/"))
        .map(|(base, _)| base.to_owned())
        .or_else(|| stamp.repository.map(str::to_owned));
    let Some(base) = base else { return };
    let tag = release_tag(stamp.version);
    let own = match stamp.previous.map(release_tag) {
        Some(previous) => format!("{base}/compare/{previous}...{tag}"),
        None => format!("{base}/releases/tag/{tag}"),
    };
    let label = format!("[{}]: ", stamp.version);
    if let Some(at) = unreleased {
        links.remove(at);
    }
    links.retain(|line| !line.starts_with(&label));
    let at = unreleased.unwrap_or_default().min(links.len());
    links.insert(at, format!("{label}{own}"));
    links.insert(at, format!("[Unreleased]: {base}/compare/{tag}...HEAD"));
}

#[cfg(test)]
mod tests;
