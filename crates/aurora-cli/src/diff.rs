//! Differences between two texts for people: built in, or by a program of their choice.

use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};

use nix::sys::signal::Signal;
use similar::{ChangeTag, TextDiff};
use tempfile::NamedTempFile;

use crate::exit;
use crate::failure::{Failure, Result};
use crate::style;

/// The number of equal lines around the lines that differ.
const CONTEXT: usize = 3;

/// The lines that differ, with some around them, in colours; empty for equal texts.
pub(crate) fn unified([remote, local]: [&str; 2], names: [&str; 2]) -> String {
    let diff = TextDiff::from_lines(remote, local);
    let mut text = String::new();
    let mut line = |style: anstyle::Style, line: &str| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        text.push_str(&format!("{style}{line}{style:#}\n"));
    };
    let mut unified = diff.unified_diff();
    for (position, hunk) in unified.context_radius(CONTEXT).iter_hunks().enumerate() {
        if position == 0 {
            line(style::REMOVED, &format!("--- {}", names[0]));
            line(style::ADDED, &format!("+++ {}", names[1]));
        }
        line(style::PLACE, &hunk.header().to_string());
        for change in hunk.iter_changes() {
            let (style, sign) = match change.tag() {
                ChangeTag::Delete => (style::REMOVED, '-'),
                ChangeTag::Insert => (style::ADDED, '+'),
                ChangeTag::Equal => (anstyle::Style::new(), ' '),
            };
            line(style, &format!("{sign}{}", change.value()));
        }
    }
    text
}

/// Runs a program of the shell on two texts, as files: the remote one first.
///
/// Ctrl-C goes to the program, which may handle it.
pub(crate) fn by_program(program: &OsStr, [remote, local]: [&str; 2]) -> Result<()> {
    let failed = |reason: String| {
        Failure::new(exit::COMMAND_FAILURE, "Error running diff command").detail(reason)
    };
    let file = |name: &str, text: &str| -> std::io::Result<NamedTempFile> {
        let mut file = tempfile::Builder::new().prefix(name).tempfile()?;
        file.write_all(text.as_bytes())?;
        Ok(file)
    };
    let files = file("remote-", remote).and_then(|remote| Ok([remote, file("local-", local)?]));
    let [remote, local] = files.map_err(|error| failed(format!("no temporary file: {error}")))?;
    // The program may have options, so the shell splits it; it does not split the files.
    let mut script = program.to_owned();
    script.push(r#" "$1" "$2""#);
    let status = Command::new("sh")
        .arg("-c")
        .arg(script)
        .arg("sh")
        .args([remote.path(), local.path()])
        .status()
        .map_err(|error| failed(format!("sh: {error}")))?;
    match status.code() {
        Some(0 | 1) => Ok(()),
        _ if is_interruption(status) => Err(Failure::interrupted()),
        _ => Err(failed(format!("{}: {status}", program.to_string_lossy()))),
    }
}

fn is_interruption(status: ExitStatus) -> bool {
    status.signal() == Some(Signal::SIGINT as i32)
        // The exit code of a shell whose program was interrupted.
        || status.code() == Some(exit::INTERRUPTED.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(texts: [&str; 2]) -> String {
        anstream::adapter::strip_str(&unified(texts, ["remote", "local"])).to_string()
    }

    #[test]
    fn only_lines_that_differ_are_shown_with_some_around_them() {
        let remote = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let local = remote.replace("e\n", "E\nE2\n");
        insta::assert_snapshot!(plain([remote, &local]), @r"
        --- remote
        +++ local
        @@ -2,7 +2,8 @@
         b
         c
         d
        -e
        +E
        +E2
         f
         g
         h
        ");
        assert_eq!(plain([remote, remote]), "");
    }

    #[test]
    fn additions_and_removals_are_coloured() {
        let text = unified(["a\n", "b\n"], ["remote", "local"]);
        let removed = format!("{}-a{:#}\n", style::REMOVED, style::REMOVED);
        assert!(text.contains(&removed), "{text:?}");
    }

    #[test]
    fn a_program_sees_both_files_and_may_say_that_they_differ() {
        for (program, works) in [
            ("diff -q >/dev/null", true),
            (
                "sh -c 'grep -q remote \"$0\" && grep -q local \"$1\"'",
                true,
            ),
            ("sh -c 'exit 2'", false),
            ("sh -c 'kill -TERM $$'", false),
            ("no-such-program-anywhere 2>/dev/null", false),
        ] {
            let shown = by_program(OsStr::new(program), ["remote\n", "local\n"]);
            assert_eq!(shown.is_ok(), works, "{program}: {shown:?}");
        }
        let interrupted = by_program(OsStr::new("sh -c 'exit 130'"), ["", ""]);
        assert!(interrupted.unwrap_err().is_interruption());
    }

    // By its raw status: a program that inherited an ignored SIGINT cannot end itself by one.
    #[test]
    fn a_program_that_ctrl_c_ended_was_interrupted() {
        assert!(is_interruption(ExitStatus::from_raw(Signal::SIGINT as i32)));
        assert!(!is_interruption(ExitStatus::from_raw(
            Signal::SIGTERM as i32
        )));
    }
}
