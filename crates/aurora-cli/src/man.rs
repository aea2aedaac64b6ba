//! The help texts as man pages.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::Cli;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A page of the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManPage {
    /// The name that `man` looks for, such as `aurora-job-create.1`.
    pub file_name: String,
    /// The page in the language of roff, with the macros of `man`.
    pub text: Vec<u8>,
}

/// The man pages of the command, of every noun and of every verb.
///
/// # Errors
/// None in practice: the pages are written into memory.
pub fn man_pages() -> io::Result<Vec<ManPage>> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add_pages(&command, None, &mut pages)?;
    Ok(pages)
}

fn add_pages(command: &Command, above: Option<&str>, pages: &mut Vec<ManPage>) -> io::Result<()> {
    let name = name(command);
    pages.push(ManPage {
        file_name: format!("{name}.1"),
        text: page(command, above)?,
    });
    for subcommand in command.get_subcommands().filter(|it| !it.is_hide_set()) {
        add_pages(subcommand, Some(name), pages)?;
    }
    Ok(())
}

/// The name of a command's page.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn page(command: &Command, above: Option<&str>) -> io::Result<Vec<u8>> {
    let heading = if above.is_none() { "NOUNS" } else { "VERBS" };
    let man = Man::new(command.clone().subcommand_help_heading(heading));
    let after = AfterHelp::of(command);
    let mut page = Vec::new();
    writeln!(
        page,
        ".TH {} 1 \"\" \"aurora {VERSION}\" \"Aurora client\"",
        name(command)
    )?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    paragraphs(&after.description).to_writer(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    for (heading, blocks) in [
        ("EXIT STATUS", &after.exit_status),
        ("EXAMPLES", &after.examples),
    ] {
        listings(heading, blocks).to_writer(&mut page)?;
    }
    if let Some(above) = above {
        let mut roff = Roff::new();
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold(above), roman("(1)")]);
        roff.to_writer(&mut page)?;
    }
    // Each section starts with the definition of the apostrophe; one is enough.
    let preamble = Roff::new().render();
    let sections = String::from_utf8_lossy(&page).replace(&preamble, "");
    Ok(ascii(&(preamble + &sections)).into_bytes())
}

/// The page with other characters as roff escapes, because not every roff knows the encoding of its input.
fn ascii(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    for character in page.chars() {
        if character.is_ascii() {
            text.push(character);
        } else {
            text.push_str(&format!("\\[u{:04X}]", u32::from(character)));
        }
    }
    text
}

/// The text after the options in the help, by section of the man page.
#[derive(Debug, Default, PartialEq, Eq)]
struct AfterHelp {
    description: Vec<String>,
    exit_status: Vec<Listing>,
    examples: Vec<Listing>,
}

/// Lines that stay unchanged, and their title.
#[derive(Debug, PartialEq, Eq)]
struct Listing {
    title: String,
    lines: Vec<String>,
}

impl AfterHelp {
    fn of(command: &Command) -> Self {
        let text = command.get_after_help().map(ToString::to_string);
        let mut after = Self::default();
        for paragraph in text.unwrap_or_default().split("\n\n") {
            match listing(paragraph) {
                None if paragraph.is_empty() => {}
                None => after.description.push(paragraph.to_owned()),
                Some(listing) if listing.title == "Exit codes" => after.exit_status.push(listing),
                Some(listing) => after.examples.push(listing),
            }
        }
        after
    }
}

/// A line that ends with a colon, and indented ones below it.
fn listing(paragraph: &str) -> Option<Listing> {
    let (title, lines) = paragraph.split_once(":\n")?;
    let is_listing = !title.contains('\n') && lines.lines().all(|line| line.starts_with("  "));
    is_listing.then(|| Listing {
        title: title.to_owned(),
        lines: lines.lines().map(|line| line[2..].to_owned()).collect(),
    })
}

fn paragraphs(texts: &[String]) -> Roff {
    let mut roff = Roff::new();
    for text in texts {
        roff.control("PP", []);
        for line in text.lines() {
            roff.text([roman(line)]);
        }
    }
    roff
}

fn listings(heading: &str, listings: &[Listing]) -> Roff {
    let mut roff = Roff::new();
    if listings.is_empty() {
        return roff;
    }
    roff.control("SH", [heading]);
    for (number, listing) in listings.iter().enumerate() {
        if number > 0 {
            roff.control("PP", []);
        }
        // The heading of the section is the same.
        if !["Examples", "Exit codes"].contains(&listing.title.as_str()) {
            roff.text([roman(format!("{}:", listing.title))]);
            roff.control("PP", []);
        }
        roff.control("nf", []);
        for line in &listing.lines {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<(String, String)> {
        let pages = man_pages().unwrap().into_iter();
        pages
            .map(|page| (page.file_name, String::from_utf8(page.text).unwrap()))
            .collect()
    }

    #[test]
    fn every_verb_has_a_page_with_all_sections() {
        let mut pages = 0;
        for (name, text) in texts() {
            let is_verb = !(text.contains("\n.SH VERBS\n") || text.contains("\n.SH NOUNS\n"));
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES"] {
                if is_verb || section != "EXAMPLES" {
                    let heading = format!("\n.SH {section}\n");
                    assert_eq!(text.matches(&heading).count(), 1, "{name}: {section}");
                }
            }
            assert!(text.contains("\n.SH \"GLOBAL OPTIONS\"\n"), "{name}");
            pages += usize::from(is_verb);
        }
        assert_eq!(pages, verbs(&Cli::command()));
    }

    fn verbs(command: &Command) -> usize {
        let below = command.get_subcommands().filter(|it| !it.is_hide_set());
        let below: Vec<_> = below.map(verbs).collect();
        below
            .into_iter()
            .reduce(|sum, verbs| sum + verbs)
            .unwrap_or(1)
    }

    #[test]
    fn a_page_contains_the_help() {
        let mut pages = texts().into_iter();
        let (_, text) = pages.find(|(name, _)| name == "aurora-job-open.1").unwrap();
        let text = text.replace(&format!("aurora {VERSION}"), "aurora [VERSION]");
        insta::assert_snapshot!(text, @r#"
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .TH aurora-job-open 1 "" "aurora [VERSION]" "Aurora client"
        .SH NAME
        aurora\-job\-open \- Open the page of a job, environment, role or cluster in the web browser
        .SH SYNOPSIS
        \fBaurora job open\fR [\fB\-v\fR|\fB\-\-verbose\fR] [\fB\-\-skip\-hooks\fR] [\fB\-\-compat\fR] [\fB\-\-color\fR] [\fB\-h\fR|\fB\-\-help\fR] <\fICLUSTER[/ROLE[/ENV[/NAME]]]\fR> 
        .SH DESCRIPTION
        Open the page of a job, environment, role or cluster in the web browser
        .PP
        Uses $BROWSER, else the system\*(Aqs browser. Without a browser, the address is printed.
        .SH OPTIONS
        .TP
        \fB\-h\fR, \fB\-\-help\fR
        Print help
        .TP
        <\fICLUSTER[/ROLE[/ENV[/NAME]]]\fR>
        The page to open; trailing parts may be omitted
        .SH "GLOBAL OPTIONS"
        .TP
        \fB\-v\fR, \fB\-\-verbose\fR
        Verbose output
        .TP
        \fB\-\-skip\-hooks\fR \fI<HOOKS>\fR
        Skip these command hooks, or `all`; none are built in
        .TP
        \fB\-\-compat\fR \fI<MODE>\fR
        Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
        .TP
        \fB\-\-color\fR \fI<WHEN>\fR
        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
        .SH EXAMPLES
        .nf
        aurora job open west/www/prod/web   the job\*(Aqs page
        aurora job open west                the scheduler\*(Aqs front page
        .fi
        .SH "SEE ALSO"
        \fBaurora\-job\fR(1)
        "#);
    }

    #[test]
    fn the_first_page_lists_nouns_and_exit_codes() {
        let (name, text) = texts().swap_remove(0);
        assert_eq!(name, "aurora.1");
        for part in [
            ".SH NOUNS\n",
            "aurora\\-job(1)\n",
            ".SH \"EXIT STATUS\"\n",
            "First steps, on the cluster of this machine:\n",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn pages_are_ascii() {
        assert_eq!(ascii("[\u{2026}] a\\-b"), "[\\[u2026]] a\\-b");
        assert!(texts().iter().all(|(_, text)| text.is_ascii()));
    }

    #[test]
    fn only_indented_lines_are_a_listing() {
        let lines = |paragraph| listing(paragraph).map(|listing| listing.lines.join("|"));
        assert_eq!(lines("Examples:\n  a\n    b").as_deref(), Some("a|  b"));
        assert_eq!(lines("Note:\nplain"), None);
        assert_eq!(lines("One\ntwo:\n  a"), None);
        assert_eq!(lines("plain"), None);
    }
}
