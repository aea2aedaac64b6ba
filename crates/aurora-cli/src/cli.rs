//! The command line as it is typed: `aurora NOUN VERB [options] [positionals]`.

use aurora_compat::Compat;
use clap::builder::{PossibleValuesParser, Styles, TypedValueParser};
use clap::{Args, CommandFactory, Parser, ValueEnum};

use crate::commands::Noun;
use crate::embedded;
use crate::style;

const STYLES: Styles = Styles::styled()
    .error(style::ERROR)
    .valid(style::HINT)
    .invalid(style::WARNING);

/// What `aurora --help` shows below the options.
fn after_help() -> String {
    let first_steps = if embedded::IS_BUILT_IN {
        FIRST_STEPS
    } else {
        ""
    };
    format!("{first_steps}{CLUSTERS}\n\n{}", crate::exit::HELP)
}

const FIRST_STEPS: &str = "\
First steps, on the cluster of this machine:
  aurora job create devcluster/$(whoami)/devel/hello hello.aurora
  aurora job status devcluster/$(whoami)/devel/hello
  aurora job killall devcluster/$(whoami)/devel/hello

";

const CLUSTERS: &str = "\
Clusters are read from $AURORA_CONFIG_ROOT/clusters.json (/etc/aurora) and ~/.aurora/clusters.json.";

/// Create, inspect, watch and kill jobs on Apache Aurora clusters
#[derive(Debug, Parser)]
#[command(
    name = "aurora",
    bin_name = "aurora",
    version,
    infer_long_args = true,
    args_override_self = true,
    max_term_width = 100,
    styles = STYLES,
    subcommand_value_name = "NOUN",
    subcommand_help_heading = "Nouns",
    after_help = after_help(),
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,

    #[command(subcommand)]
    pub(crate) noun: Option<Noun>,
}

impl Cli {
    /// The help for a command line without arguments.
    pub(crate) fn help() -> clap::builder::StyledStr {
        Self::command().render_help()
    }
}

/// The options of every verb, accepted anywhere after the program's name.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Verbose output
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,

    /// Skip these command hooks, or `all`; none are built in
    #[arg(long, global = true, value_name = "HOOKS")]
    pub(crate) skip_hooks: Option<String>,

    /// Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
    #[arg(
        long,
        global = true,
        value_name = "MODE",
        value_parser = compat_parser(),
        hide_possible_values = true
    )]
    pub(crate) compat: Option<Compat>,

    /// Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) color: ColorWhen,
}

fn compat_parser() -> impl TypedValueParser<Value = Compat> {
    PossibleValuesParser::new(Compat::ALL.map(Compat::as_str))
        .try_map(|text| text.parse::<Compat>())
}

/// When to use colours: on a terminal, always, never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

impl From<ColorWhen> for anstream::ColorChoice {
    fn from(when: ColorWhen) -> Self {
        match when {
            ColorWhen::Auto => Self::Auto,
            ColorWhen::Always => Self::Always,
            ColorWhen::Never => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_verb_and_option_has_help() {
        fn check(command: &clap::Command, path: &str) {
            if command.is_hide_set() {
                return;
            }
            let path = format!("{path} {}", command.get_name());
            let says = |text: Option<&clap::builder::StyledStr>| {
                text.map(ToString::to_string).unwrap_or_default()
            };
            assert!(!says(command.get_about()).is_empty(), "{path}: description");
            for argument in command.get_arguments().filter(|it| !it.is_hide_set()) {
                let name = argument.get_id();
                assert!(!says(argument.get_help()).is_empty(), "{path}: {name}");
            }
            if !command.has_subcommands() {
                let examples = says(command.get_after_help());
                let examples = examples.split("Examples:\n").nth(1).unwrap_or_default();
                let first = examples.lines().next().unwrap_or_default();
                // Some of `completion` begin with what a shell does with its output.
                assert!(first.contains(path.trim_start()), "{path}: no example");
            }
            for subcommand in command.get_subcommands() {
                check(subcommand, &path);
            }
        }
        let mut command = Cli::command().disable_help_subcommand(true);
        command.build();
        check(&command, "");
    }

    #[test]
    fn global_options_are_accepted_anywhere() {
        for line in [
            "aurora --compat released -v job list west",
            "aurora job --compat=released -v list west",
            "aurora job list -v west --compat released",
            "aurora job list -v -v west --compat documented --comp released",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert!(cli.global.verbose, "{line}");
            assert_eq!(cli.global.compat, Some(Compat::Released), "{line}");
        }
    }

    #[test]
    fn only_known_modes_and_verbs_pass() {
        for line in [
            "aurora --compat old job list west",
            "aurora job",
            "aurora job frobnicate",
            "aurora jobs",
            "aurora job list west extra",
            "aurora job list",
        ] {
            assert_eq!(
                Cli::try_parse_from(line.split(' '))
                    .unwrap_err()
                    .exit_code(),
                i32::from(crate::exit::USAGE),
                "{line}"
            );
        }
    }
}
