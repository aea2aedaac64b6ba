//! Completion in shells: the candidates for a word, and the script that requests them.
//!
//! Errors are silent and give no candidates, because a message would appear in the line that the user
//! types.

mod bash;
mod cache;
mod jobs;
mod keys;
pub(crate) mod script;

use std::ffi::{OsStr, OsString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use clap::{Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Elvish, Fish, Powershell, Shells, Zsh};

use crate::context::Context;
use crate::environment::Environment;
use crate::output::Output;
use crate::progress::StatusLine;
use crate::timing::Timing;
use jobs::Schedulers;
use keys::KeyForm;
use script::{PROGRAM, VARIABLE};

/// Prints the candidates if the completion script runs this process, and returns whether it does. `command_line` makes
/// the command line to complete.
pub(crate) fn complete_if_requested(arguments: &[OsString], command_line: fn() -> Command) -> bool {
    let is_requested =
        std::env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty() && shell != "0");
    if !is_requested || arguments.is_empty() {
        return false;
    }
    // The engine panics on some lines, and this process does nothing else.
    std::panic::set_hook(Box::new(|_| ()));
    let folder = std::env::current_dir().ok();
    let _ = catch_unwind(AssertUnwindSafe(|| {
        CompleteEnv::with_factory(|| with_jobs(command_line()))
            .var(VARIABLE)
            .completer(PROGRAM)
            .shells(SHELLS)
            .try_complete(arguments.iter().cloned(), folder.as_deref())
    }));
    true
}

/// The shells with a script.
const SHELLS: Shells<'static> = Shells(&[&bash::Bash, &Zsh, &Fish, &Powershell, &Elvish]);

/// A command line whose keys complete from clusters and jobs.
fn with_jobs(mut command: Command) -> Command {
    let environment = Environment::of_this_process();
    let output = Output::new(anstream::ColorChoice::Never, StatusLine::new(false));
    let timing = Timing::default();
    let context = Arc::new(Context::new(false, None, environment, output, timing));
    // This adds help and global options.
    command.build();
    with_candidates(command, &context)
}

/// Lets every value that begins with a cluster complete part by part. Hides options until a dash is typed: with them, an
/// empty word would never have a single candidate.
fn with_candidates(command: Command, context: &Arc<Context>) -> Command {
    command
        .mut_args(|argument| {
            let is_option = !argument.is_positional();
            let argument = argument.hide(is_option);
            let names = argument.get_value_names().unwrap_or_default();
            match names.first().and_then(|name| KeyForm::of(name)) {
                // All paths are files; folders are candidates on the way to them.
                None if argument.get_value_hint() == ValueHint::AnyPath => {
                    argument.value_hint(ValueHint::FilePath)
                }
                None => argument,
                Some(form) => {
                    let context = Arc::clone(context);
                    argument.add(ArgValueCompleter::new(move |word: &OsStr| {
                        let known = Schedulers::new(&context);
                        let word = word.to_str().unwrap_or_default();
                        let found = keys::candidates(form, word, &known);
                        found.into_iter().map(CompletionCandidate::new).collect()
                    }))
                }
            }
        })
        .mut_subcommands(|subcommand| with_candidates(subcommand, context))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap_complete::engine::complete;

    use super::*;
    use crate::cli::Cli;

    /// The candidates for the last word of a line.
    fn candidates(line: &str) -> Vec<String> {
        let environment = Environment::of(&[("AURORA_CONFIG_ROOT", "/nowhere")]);
        let output = Output::new(anstream::ColorChoice::Never, StatusLine::new(false));
        let timing = Timing::default();
        let context = Arc::new(Context::new(false, None, environment, output, timing));
        let mut command = Cli::command();
        command.build();
        let mut command = with_candidates(command, &context);
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let last = words.len() - 1;
        let found = complete(&mut command, words, last, None).unwrap();
        found
            .into_iter()
            .map(|candidate| candidate.get_value().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn nouns_verbs_options_and_values_are_those_of_the_command_line() {
        assert_eq!(candidates("aurora conf"), ["config"]);
        assert_eq!(candidates("aurora job kill"), ["kill", "killall"]);
        assert_eq!(candidates("aurora job create --wait"), ["--wait-until"]);
        assert_eq!(candidates("aurora job create --wait-until R"), ["RUNNING"]);
        assert_eq!(
            candidates("aurora job list --compat="),
            ["--compat=documented", "--compat=released"]
        );
        assert_eq!(candidates("aurora completion f"), ["fish"]);
    }

    #[test]
    fn hidden_verbs_stay_hidden_and_options_do_not_hide_clusters() {
        assert!(!candidates("aurora devcluster ").contains(&"run".to_owned()));
        assert_eq!(candidates("aurora job kill "), ["devcluster/"]);
        assert!(candidates("aurora job kill -").contains(&"--strict".to_owned()));
    }

    #[test]
    fn every_key_of_a_job_completes() {
        fn walk(command: &Command, found: &mut usize) {
            for argument in command.get_arguments() {
                let names = argument.get_value_names().unwrap_or_default();
                if names.iter().any(|name| name.contains("CLUSTER")) {
                    *found += 1;
                    let name = argument.get_id();
                    let completes = argument.get::<ArgValueCompleter>().is_some();
                    assert!(completes, "{} {name}", command.get_name());
                }
            }
            for subcommand in command.get_subcommands() {
                walk(subcommand, found);
            }
        }
        let mut found = 0;
        walk(&with_jobs(Cli::command()), &mut found);
        assert!(found >= 7, "{found}");
    }
}
