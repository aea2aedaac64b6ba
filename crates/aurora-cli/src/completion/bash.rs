//! Bash breaks words at `=` and `:` before it asks, and replaces only what follows: `--bind a=b` comes as four words.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine::complete;
use clap_complete::env::{self, EnvCompleter};

/// Bash, with the words that the command would receive.
#[derive(Debug)]
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        env::Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        env::Bash.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        completer: &str,
        script: &mut dyn Write,
    ) -> io::Result<()> {
        env::Bash.write_registration(variable, name, program, completer, script)
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        answer: &mut dyn Write,
    ) -> io::Result<()> {
        // The script of the library sets these two.
        let index = std::env::var("_CLAP_COMPLETE_INDEX").ok();
        let index = index.and_then(|index| index.parse().ok());
        let separator = std::env::var("_CLAP_IFS").unwrap_or_else(|_| "\n".to_owned());
        let line = Line::of(words, index.unwrap_or_default())
            .ok_or_else(|| io::Error::other("the line ends before the word to complete"))?;
        let found = complete(command, line.words, line.index, folder)?;
        let found: Vec<_> = found
            .iter()
            .map(|candidate| {
                let value = candidate.get_value().to_string_lossy();
                let rest = value.strip_prefix(&line.kept).map(str::to_owned);
                rest.unwrap_or_else(|| value.into_owned())
            })
            .collect();
        answer.write_all(found.join(&separator).as_bytes())
    }
}

/// A line as the command would receive it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Line {
    words: Vec<OsString>,
    /// The position of the word to complete.
    index: usize,
    /// The part of that word that bash keeps.
    kept: String,
}

impl Line {
    /// Joins the words that bash split, up to the one to complete. Spaces are lost in bash, so `a = b` becomes `a=b`.
    fn of(mut broken: Vec<OsString>, index: usize) -> Option<Self> {
        if index >= broken.len() {
            return None;
        }
        broken.truncate(index + 1);
        let mut line = Self::default();
        let mut is_open = false;
        for word in broken {
            let is_break = is_break(&word);
            match line.words.last_mut() {
                Some(last) if is_open || is_break => {
                    line.kept = last.to_string_lossy().into_owned();
                    last.push(word);
                }
                _ => {
                    line.kept.clear();
                    line.words.push(word);
                }
            }
            is_open = is_break;
        }
        line.index = line.words.len() - 1;
        Some(line)
    }
}

fn is_break(word: &OsString) -> bool {
    let text = word.to_string_lossy();
    !text.is_empty() && text.chars().all(|c| c == '=' || c == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last word is the one to complete.
    fn line(text: &str) -> (String, usize, String) {
        let broken: Vec<_> = text.split(' ').map(OsString::from).collect();
        let last = broken.len() - 1;
        let line = Line::of(broken, last).unwrap();
        let words: Vec<_> = line
            .words
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        (words.join(" "), line.index, line.kept)
    }

    #[test]
    fn broken_words_are_put_together() {
        let whole = |words: &str, index, kept: &str| (words.to_owned(), index, kept.to_owned());
        assert_eq!(line("aurora job k"), whole("aurora job k", 2, ""));
        assert_eq!(
            line("aurora --bind a = 1 west"),
            whole("aurora --bind a=1 west", 3, "")
        );
        assert_eq!(
            line("aurora --bind a = http : //h : 80/ w"),
            whole("aurora --bind a=http://h:80/ w", 3, "")
        );
        assert_eq!(
            line("aurora --config = we"),
            whole("aurora --config=we", 1, "--config=")
        );
        assert_eq!(line("aurora --config "), whole("aurora --config ", 2, ""));
        assert_eq!(line("="), whole("=", 0, ""));
    }

    #[test]
    fn what_follows_the_word_does_not_matter() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect();
        let line = Line::of(words("aurora --conf = w"), 1).unwrap();
        assert_eq!((line.words, line.index), (words("aurora --conf"), 1));
        assert_eq!(Line::of(words("aurora"), 1), None);
        assert_eq!(Line::of(Vec::new(), usize::MAX), None);
    }
}
