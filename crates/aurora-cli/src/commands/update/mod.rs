//! `aurora update`: update jobs and control their updates.

mod active;
mod follow;
mod info;
mod list;
mod pulse;
mod start;
mod steer;
mod wait;

use aurora_api::JobUpdateState;
use clap::Subcommand;
use jiff::Timestamp;

use crate::context::Context;
use crate::failure::Result;

/// What to do with updates.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    Start(start::StartArgs),
    Info(info::InfoArgs),
    List(list::ListArgs),
    Wait(wait::WaitArgs),
    Pause(steer::PauseArgs),
    Resume(steer::ResumeArgs),
    Abort(steer::AbortArgs),
    Pulse(pulse::PulseArgs),
}

impl Verb {
    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Start(args) => args.format.is_json(),
            Self::Info(args) => args.format.is_json(),
            Self::List(args) => args.format.is_json(),
            Self::Wait(args) => args.format.is_json(),
            Self::Pause(_) | Self::Resume(_) | Self::Abort(_) | Self::Pulse(_) => false,
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Start(args) => start::run(args, context),
            Self::Info(args) => info::run(args, context),
            Self::List(args) => list::run(args, context),
            Self::Wait(args) => wait::run(args, context),
            Self::Pause(args) => steer::pause(args, context),
            Self::Resume(args) => steer::resume(args, context),
            Self::Abort(args) => steer::abort(args, context),
            Self::Pulse(args) => pulse::run(args, context),
        }
    }
}

/// A moment as all verbs show it: UTC, in whole seconds, `None` if it is not known.
fn utc(milliseconds: Option<i64>) -> String {
    let Some(milliseconds) = milliseconds else {
        return "None".to_owned();
    };
    match Timestamp::from_second(milliseconds.div_euclid(1000)) {
        Ok(moment) => moment.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        // Beyond the year 9999 the number itself says as much.
        Err(_) => milliseconds.to_string(),
    }
}

/// The name of a state, `None` if it is not known.
fn status_name(state: Option<&JobUpdateState>) -> String {
    state
        .and_then(|state| state.status)
        .map_or_else(|| "None".to_owned(), |status| status.to_string())
}

fn or_none(text: Option<&str>) -> &str {
    text.unwrap_or("None")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_utc_and_without_their_milliseconds() {
        assert_eq!(utc(Some(1_448_992_800_999)), "2015-12-01T18:00:00");
        assert_eq!(utc(Some(-1)), "1969-12-31T23:59:59");
        assert_eq!(utc(Some(i64::MAX)), "9223372036854775807");
        assert_eq!(utc(None), "None");
    }
}
