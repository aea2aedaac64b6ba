//! Following an update to its end: what to print on the way, and the exit code of each end.

use std::cell::RefCell;

use aurora_api::{JobUpdateStatus, JobUpdateSummary};
use aurora_jobkey::JobKey;
use aurora_rpc::SchedulerClient;
use aurora_rpc::operations::{self, UpdateEnd, UpdateEvent};
use serde_json::json;

use super::status_name;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::target::Target;

/// An update that is followed. Without an id, the first reply of the scheduler gives it.
#[derive(Debug)]
pub(super) struct Followed<'a> {
    job: &'a JobKey,
    id: RefCell<Option<String>>,
}

impl<'a> Followed<'a> {
    pub(super) fn new(job: &'a JobKey, id: Option<String>) -> Self {
        Self {
            job,
            id: RefCell::new(id),
        }
    }

    /// As `to_the_end`, but blocking; Ctrl-C stops the wait.
    pub(super) fn wait(
        &self,
        client: &SchedulerClient,
        target: &Target,
        context: &Context,
    ) -> Result<()> {
        context
            .block_on(self.to_the_end(client, target, context))
            .map_err(|failure| failure.if_interrupted(|| self.still_runs()))
    }

    /// Prints each state once, and the result for programs. Fails unless the update rolled forward.
    pub(super) async fn to_the_end(
        &self,
        client: &SchedulerClient,
        target: &Target,
        context: &Context,
    ) -> Result<()> {
        let id = self.id.borrow().clone();
        let pause = target.update_pause();
        let busy = context.output.busy(format!("following {}", self.name()));
        let mut events = operations::follow_update(client, self.job, id.as_deref(), pause)?;
        loop {
            match events.next().await.transpose()? {
                Some(UpdateEvent::State { status, summary }) => {
                    if id.is_none() {
                        self.id.replace(summary.key.and_then(|key| key.id));
                    }
                    context
                        .output
                        .remark(format_args!("Current state {status}"));
                    busy.set_text(format!("{}: {status}", self.name()));
                }
                Some(UpdateEvent::Ended(end)) => {
                    if let UpdateEnd::Over(status) = &end
                        && context.output.is_for_programs()
                    {
                        context.output.json(&json!({
                            "job": self.job.as_str(),
                            "updateId": *self.id.borrow(),
                            "status": status.to_string(),
                        }));
                    }
                    return self.check(end);
                }
                Some(_) => {}
                None => return self.check(UpdateEnd::NotFound),
            }
        }
    }

    fn check(&self, end: UpdateEnd) -> Result<()> {
        match end {
            UpdateEnd::Over(JobUpdateStatus::ROLLED_FORWARD) => Ok(()),
            UpdateEnd::Over(status) => Err(self.failure_of(status)),
            UpdateEnd::NotFound => {
                Err(Failure::new(exit::INVALID_PARAMETER, "Job update not found.").announced())
            }
            UpdateEnd::Several(updates) => {
                Err(several("Scheduler returned multiple updates:", &updates))
            }
        }
    }

    fn failure_of(&self, status: JobUpdateStatus) -> Failure {
        let code = match status {
            JobUpdateStatus::ROLLED_BACK => exit::COMMAND_FAILURE,
            _ => exit::UNKNOWN_ERROR,
        };
        let what = match status {
            JobUpdateStatus::ROLLED_BACK => "was rolled back",
            JobUpdateStatus::ABORTED => "was aborted",
            JobUpdateStatus::FAILED => "failed",
            JobUpdateStatus::ERROR => "ended with an error of the scheduler",
            _ => "ended in a state that this version of aurora does not support",
        };
        let heading = format!("{} {what} ({status})", self.subject());
        let failure = Failure::new(code, heading).announced();
        match &*self.id.borrow() {
            Some(id) => failure.hint(format!(
                "`aurora update info {} {id}` shows its history",
                self.job
            )),
            None => failure,
        }
    }

    fn subject(&self) -> String {
        let mut name = self.name();
        name[..1].make_ascii_uppercase();
        name
    }

    fn name(&self) -> String {
        match &*self.id.borrow() {
            Some(id) => format!("update {id} of {}", self.job),
            None => format!("the update of {}", self.job),
        }
    }

    /// The message for a user who interrupts the wait.
    pub(super) fn still_runs(&self) -> String {
        let job = self.job;
        let key = match &*self.id.borrow() {
            Some(id) => format!("{job} {id}"),
            None => job.to_string(),
        };
        format!(
            "{} continues; `aurora update wait {key}` follows it, `aurora update pause {job}` and \
             `aurora update abort {job}` stop it",
            self.subject()
        )
    }
}

/// The failure for several updates where one was expected.
pub(super) fn several(heading: &str, updates: &[JobUpdateSummary]) -> Failure {
    let failure = Failure::new(exit::API_ERROR, heading).announced();
    updates.iter().fold(failure, |failure, update| {
        let id = update.key.as_ref().and_then(|key| key.id.as_deref());
        let state = status_name(update.state.as_ref());
        failure.detail(format!("{} {state}", super::or_none(id)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(status: JobUpdateStatus) -> Failure {
        let job = "west/www/prod/web".parse().unwrap();
        let followed = Followed::new(&job, Some("u-1".to_owned()));
        followed.check(UpdateEnd::Over(status)).unwrap_err()
    }

    #[test]
    fn an_update_that_did_not_roll_forward_is_a_failure() {
        let failure = ended(JobUpdateStatus::ROLLED_BACK);
        assert_eq!(failure.code(), exit::COMMAND_FAILURE);
        insta::assert_snapshot!(failure.plain_text(), @r"
        Update u-1 of west/www/prod/web was rolled back (ROLLED_BACK)

        hint: `aurora update info west/www/prod/web u-1` shows its history
        ");
        for status in [
            JobUpdateStatus::ABORTED,
            JobUpdateStatus::FAILED,
            JobUpdateStatus::ERROR,
            JobUpdateStatus(99),
        ] {
            let failure = ended(status);
            assert_eq!(failure.code(), exit::UNKNOWN_ERROR);
            let named = format!("({status})");
            assert!(failure.plain_text().contains(&named), "{failure:?}");
        }
    }

    #[test]
    fn an_interrupted_wait_says_how_to_continue() {
        let job = "west/www/prod/web".parse().unwrap();
        let message = |id: Option<&str>| Followed::new(&job, id.map(str::to_owned)).still_runs();
        insta::assert_snapshot!(message(Some("u-1")), @r"Update u-1 of west/www/prod/web continues; `aurora update wait west/www/prod/web u-1` follows it, `aurora update pause west/www/prod/web` and `aurora update abort west/www/prod/web` stop it");
        insta::assert_snapshot!(message(None), @r"The update of west/www/prod/web continues; `aurora update wait west/www/prod/web` follows it, `aurora update pause west/www/prod/web` and `aurora update abort west/www/prod/web` stop it");
    }

    #[test]
    fn several_updates_are_listed() {
        let failure = several(
            "Scheduler returned multiple updates:",
            &[JobUpdateSummary::default()],
        );
        assert_eq!(failure.code(), exit::API_ERROR);
        assert_eq!(
            failure.plain_text(),
            "Scheduler returned multiple updates:\n\tNone None\n"
        );
    }
}
