//! From arguments to an exit code.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};

use crate::cli::Cli;
use crate::completion;
use crate::context::{Context, chosen_compat};
use crate::environment::Environment;
use crate::exit;
use crate::failure::Failure;
use crate::logging;
use crate::output::Output;
use crate::progress::StatusLine;
use crate::python_text::python_list;
use crate::suggestions::{with_suggestions, with_user_hint};
use crate::timing::Timing;

/// Parses `arguments`, runs the verb, prints its failure, and returns the exit code.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>, timing: Timing) -> u8 {
    let arguments: Vec<OsString> = arguments.collect();
    if completion::complete_if_requested(&arguments, Cli::command) {
        return exit::SUCCESS;
    }
    let environment = Environment::of_this_process();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(answer) => {
            let answer = with_suggestions(answer, &Cli::command(), &arguments);
            let answer = with_user_hint(answer, &environment);
            // Help and version go to standard output; everything else is a usage error.
            let _ = answer.print();
            return u8::try_from(answer.exit_code()).unwrap_or(exit::USAGE);
        }
    };
    // Verbose output already shows that the command is busy.
    let status_line = StatusLine::new(!cli.global.verbose && !environment.has_dumb_terminal());
    let output = Output::new(cli.global.color.into(), status_line.clone());
    let Some(noun) = cli.noun else {
        output.styled(&Cli::help());
        return code_of(output.finish(), &output);
    };
    if !noun.logs_by_itself() {
        logging::start(cli.global.verbose, output.stderr_is_coloured(), status_line);
    }
    tracing::debug!("Command=({})", python_list(&arguments[1..]));
    let output = output.for_programs(noun.prints_json());
    let compat = match chosen_compat(cli.global.compat, &environment) {
        Ok(compat) => compat,
        Err(failure) => return code_of(Err(failure), &output),
    };
    let context = Context::new(cli.global.verbose, compat, environment, output, timing);
    let result = noun.run(&context).and_then(|()| context.output.finish());
    code_of(result, &context.output)
}

fn code_of(result: Result<(), Failure>, output: &Output) -> u8 {
    match result {
        Ok(()) => {
            tracing::debug!("Command terminated successfully");
            exit::SUCCESS
        }
        Err(failure) => {
            output.failure(&failure);
            if failure.is_announced() {
                tracing::info!("Command terminated with error code {}", failure.code());
            }
            failure.code()
        }
    }
}
