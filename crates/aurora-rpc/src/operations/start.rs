//! Starting an update of a job, and a run of a cron job.

use aurora_config::{HookConfig, HookedCall};
use aurora_jobkey::JobKey;

use super::hooks::Hooks;
use super::stage::Stage;
use super::wanted::JobUpdate;
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::outcome::Started;
use crate::reply::Reply;

/// Starts an update, with the hooks of the job around the call. `message` tells those who look at the
/// update later why it was made. `on_stage` is called as each stage begins.
///
/// # Errors
/// As [`SchedulerClient::start_job_update`] and [`Hooks::around`].
pub async fn start_update(
    client: &SchedulerClient,
    update: &JobUpdate<'_>,
    message: Option<&str>,
    hooks: &Hooks,
    on_stage: impl FnMut(Stage),
) -> Result<Reply<Started>, Error> {
    let wanted = update.wanted;
    let config = HookConfig::new(wanted.job().clone(), wanted.user());
    // The list of a large range is long, and only hooks read it.
    let listed = wanted.instances().filter(|_| !hooks.is_empty());
    let listed: Option<Vec<u32>> = listed.map(|instances| instances.iter().collect());
    let call =
        HookedCall::start_job_update(wanted.key().clone(), config, message, listed.as_deref());
    let sending = client.start_job_update(update.request.clone(), message.map(str::to_owned));
    hooks
        .around(&call, in_stages(sending, on_stage), Reply::to_response)
        .await
}

/// Starts a run of a cron job now, with `hooks` around the call. `on_stage` is called as each stage
/// begins.
///
/// # Errors
/// As [`SchedulerClient::start_cron_job`] and [`Hooks::around`].
pub async fn start_cron(
    client: &SchedulerClient,
    job: &JobKey,
    hooks: &Hooks,
    on_stage: impl FnMut(Stage),
) -> Result<Reply<()>, Error> {
    let call = HookedCall::start_cronjob(job.clone(), hooks.config());
    let sending = client.start_cron_job(job);
    hooks
        .around(&call, in_stages(sending, on_stage), Reply::to_response)
        .await
}

/// Makes a call and reports its stages.
pub(super) async fn in_stages<T>(
    sending: impl Future<Output = Result<T, Error>>,
    mut on_stage: impl FnMut(Stage),
) -> Result<T, Error> {
    on_stage(Stage::Sent);
    let result = sending.await;
    if result.is_ok() {
        on_stage(Stage::Executed);
    }
    result
}
