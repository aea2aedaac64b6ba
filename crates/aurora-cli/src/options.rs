//! Options that several verbs share.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aurora_config::Binding;
use clap::{Args, ValueEnum};

use crate::variables::Variable;

/// How to read a job file.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadArgs {
    /// Bind a template variable of the job file to a value; may be repeated
    #[arg(long = "bind", value_name = "NAME=VALUE")]
    pub(crate) bindings: Vec<Binding>,

    /// Read the job file as JSON, not as Python
    #[arg(long)]
    pub(crate) read_json: bool,

    /// Evaluate in isolation: no environment variables, files, clock or network
    #[arg(long)]
    pub(crate) hermetic: bool,

    /// Folder whose files a hermetic job file may import and include
    #[arg(long, value_name = "DIR", requires = "hermetic")]
    pub(crate) hermetic_root: Option<PathBuf>,

    /// Set an environment variable for the job file, or pass on your own; may be repeated. With `--hermetic`, the job
    /// file gets no others.
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    pub(crate) variables: Vec<Variable>,

    /// Time limit for the evaluation of the job file; 0 for no limit
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

/// The format in which a verb prints its result.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct FormatArgs {
    /// Output format
    #[arg(long, short, value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

impl FormatArgs {
    /// Whether programs read the output.
    pub(crate) fn is_json(self) -> bool {
        self.output == Format::Json
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

/// How to kill instances, for `kill` and `killall`.
#[derive(Args, Clone, Debug)]
pub(crate) struct KillArgs {
    /// Instances to kill per batch; each batch is waited for
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) batch_size: u32,

    /// Stop after more instances than this were not killed in time
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

/// A job file for a verb that only uses its hooks.
#[derive(Args, Clone, Debug)]
pub(crate) struct HookArgs {
    /// Same as --config
    #[arg(value_name = "FILE", conflicts_with = "config")]
    file: Option<PathBuf>,

    /// Job file whose hooks run around the calls
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
