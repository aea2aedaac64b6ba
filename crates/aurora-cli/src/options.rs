//! Options that several verbs share.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aurora_config::Binding;
use clap::{Args, ValueEnum};

use crate::variables::Variable;

/// How a job file is read.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadArgs {
    /// Bind a template variable of the job file to a value; may be repeated
    #[arg(long = "bind", value_name = "NAME=VALUE")]
    pub(crate) bindings: Vec<Binding>,

    /// The job file is JSON, not Python
    #[arg(long)]
    pub(crate) read_json: bool,

    /// Let the job file use nothing but itself and what it includes, so that it gives the same jobs everywhere
    #[arg(long)]
    pub(crate) hermetic: bool,

    /// Set an environment variable for the job file, or show it one of yours; may be repeated. With `--hermetic`, the
    /// file sees no others
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    pub(crate) variables: Vec<Variable>,

    /// Give up on a job file that takes longer; 0: no limit
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

/// A number of seconds, with or without a fraction.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let number: Option<f64> = text.parse().ok();
    number
        .and_then(|number| Duration::try_from_secs_f64(number).ok())
        .ok_or_else(|| "not a number of seconds".to_owned())
}

/// In which form a verb prints what it found.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct FormatArgs {
    /// Form of the output
    #[arg(long, short, value_name = "FORM", value_enum, default_value_t)]
    output: Form,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    #[default]
    Text,
    Json,
}

impl FormatArgs {
    /// Whether programs read the output.
    pub(crate) fn is_json(self) -> bool {
        self.output == Form::Json
    }
}

/// As `FormatArgs`, for the verbs whose JSON 0.12.0 has by an option of its own.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WriteJsonArgs {
    /// Print JSON, as `-o json` does
    #[arg(long)]
    write_json: bool,

    #[command(flatten)]
    format: FormatArgs,
}

impl WriteJsonArgs {
    /// Whether programs read the output.
    pub(crate) fn is_json(self) -> bool {
        self.write_json || self.format.is_json()
    }
}

/// How instances are killed, for `kill` and `killall`.
#[derive(Args, Clone, Debug)]
pub(crate) struct KillArgs {
    /// Kill so many instances in one step, and wait for them before the next
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) batch_size: u32,

    /// Give up when more instances than this could not be killed in time
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub(crate) max_total_failures: i64,

    /// Kill all instances with one request instead of in batches
    #[arg(long)]
    pub(crate) no_batching: bool,

    /// Open the job's page in the web browser when done
    #[arg(long)]
    pub(crate) open_browser: bool,

    #[command(flatten)]
    pub(crate) hooks: HookArgs,
}

/// A job file for a verb that needs none but for the hooks in it.
#[derive(Args, Clone, Debug)]
pub(crate) struct HookArgs {
    /// The same as --config
    #[arg(value_name = "FILE", conflicts_with = "config")]
    file: Option<PathBuf>,

    /// Job file with the hooks of the job
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

impl HookArgs {
    /// The job file, if there is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.config.as_deref().or(self.file.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_may_have_a_fraction_and_no_sign() {
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        for text in ["", "-1", "soon", "1m", "inf", "NaN", "1e300"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
