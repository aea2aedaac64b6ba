//! What shells ask of the command: the script that makes them ask, and the candidates for a word.
//!
//! Whatever goes wrong while a shell asks is silent, as anything said would land in the line that is
//! being typed: there are no candidates then.

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

/// Answers the shell, if it is a shell's script that runs this process; says whether it was. `command_line` makes the
/// command line that is completed.
pub(crate) fn answered(arguments: &[OsString], command_line: fn() -> Command) -> bool {
    let asked = std::env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty() && shell != "0");
    if !asked || arguments.is_empty() {
        return false;
    }
    // The engine takes some lines for impossible, and this process does nothing else.
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

/// Those that can ask.
const SHELLS: Shells<'static> = Shells(&[&bash::Bash, &Zsh, &Fish, &Powershell, &Elvish]);

/// A command line with what is known of jobs.
fn with_jobs(mut command: Command) -> Command {
    let environment = Environment::of_this_process();
    let output = Output::new(anstream::ColorChoice::Never, StatusLine::new(false));
    let timing = Timing::default();
    let context = Arc::new(Context::new(false, None, environment, output, timing));
    // Help options and global ones are there from now on.
    command.build();
    with_candidates(command, &context)
}

/// Lets every value that begins with a cluster complete step by step, and offers options only where nothing
/// else is to be typed: with them, an empty word never has but one candidate.
fn with_candidates(command: Command, context: &Arc<Context>) -> Command {
    command
        .mut_args(|argument| {
            let is_option = !argument.is_positional();
            let argument = argument.hide(is_option);
            let names = argument.get_value_names().unwrap_or_default();
            match names.first().and_then(|name| KeyForm::of(name)) {
                // All paths are of files; folders are offered on the way to them.
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
    fn what_is_hidden_stays_so_and_options_do_not_crowd_out_clusters() {
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
