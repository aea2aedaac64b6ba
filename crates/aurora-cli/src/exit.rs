//! Exit codes: what each number that `aurora` ends with means.
//!
//! The numbers are those of the 0.12.0 client, so scripts that test them keep working. It defined
//! [`NETWORK_ERROR`] and never used it; here it is the code for a scheduler that cannot be reached.

/// The command did what it was asked to do.
pub(crate) const SUCCESS: u8 = 0;
/// A fatal check or a hook refused: the job's update settings, the address of a page, a call. Or standard output cannot
/// be written.
pub(crate) const FATAL: u8 = 1;
/// The command line could not be understood.
pub(crate) const USAGE: u8 = 2;
/// The configuration is invalid: an unknown cluster, an unreadable `clusters.json`, a job file that
/// cannot be evaluated, or a job that the scheduler's types cannot express.
pub(crate) const INVALID_CONFIGURATION: u8 = 3;
/// The command was understood and carried out, and failed.
pub(crate) const COMMAND_FAILURE: u8 = 4;
/// A parameter names something that does not exist or does not fit.
pub(crate) const INVALID_PARAMETER: u8 = 6;
/// No scheduler could be reached.
pub(crate) const NETWORK_ERROR: u8 = 7;
/// The deadline of a wait passed.
pub(crate) const TIMEOUT: u8 = 9;
/// The scheduler refused a request.
pub(crate) const API_ERROR: u8 = 10;
/// An update that was waited for was aborted, failed or ended in an error; or the scheduler's reply could not be read.
pub(crate) const UNKNOWN_ERROR: u8 = 20;
/// The scheduler wants other credentials (HTTP 401 or 403).
pub(crate) const AUTHENTICATION_ERROR: u8 = 30;
/// Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// The table of exit codes, as shown under `aurora --help`.
pub(crate) const HELP: &str = "\
Exit codes:
    0  success
    1  refused by a fatal check or by a hook
    2  usage error
    3  invalid configuration, unknown cluster
    4  command failure
    6  invalid parameter, nothing found
    7  no scheduler could be reached
    9  timed out
   10  refused by the scheduler
   20  update aborted or failed; unreadable reply of the scheduler
   30  authentication failed
  130  interrupted";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_every_code_in_order() {
        let listed: Vec<u8> = HELP
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect();
        assert_eq!(
            listed,
            [
                SUCCESS,
                FATAL,
                USAGE,
                INVALID_CONFIGURATION,
                COMMAND_FAILURE,
                INVALID_PARAMETER,
                NETWORK_ERROR,
                TIMEOUT,
                API_ERROR,
                UNKNOWN_ERROR,
                AUTHENTICATION_ERROR,
                INTERRUPTED,
            ]
        );
    }
}
