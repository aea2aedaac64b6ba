//! From a decoded call to the function that replies to it.

use aurora_api::calls::AnyCall;

use crate::calls::{self, Reply, admin, cron, updates};
use crate::engine::Engine;
use crate::updates::Control;

/// Replies to a call. Calls that are not served are refused by name; none of them is ever reported as done.
pub(super) fn reply_to(engine: &mut Engine, now: i64, call: &AnyCall) -> Reply {
    let outcome = match call {
        AnyCall::CreateJob(call) => calls::create_job(engine, now, call),
        AnyCall::AddInstances(call) => calls::add_instances(engine, now, call),
        AnyCall::KillTasks(call) => calls::kill_tasks(engine, now, call),
        AnyCall::RestartShards(call) => calls::restart_shards(engine, now, call),
        AnyCall::GetTasksStatus(call) => calls::tasks_status(engine, call.query.as_ref()),
        AnyCall::GetTasksWithoutConfigs(call) => {
            calls::tasks_without_configs(engine, call.query.as_ref())
        }
        AnyCall::GetPendingReason(call) => calls::pending_reasons(engine, call.query.as_ref()),
        AnyCall::GetConfigSummary(call) => calls::config_summary(engine, call.job.as_ref()),
        AnyCall::GetJobs(call) => Ok(calls::jobs(engine, call.owner_role.as_deref())),
        AnyCall::GetJobSummary(call) => Ok(calls::job_summary(engine, now, call.role.as_deref())),
        AnyCall::GetRoleSummary(_) => Ok(calls::role_summary(engine)),
        AnyCall::ScheduleCronJob(call) => cron::schedule(engine, now, call),
        AnyCall::ReplaceCronTemplate(call) => cron::replace(engine, now, call),
        AnyCall::DescheduleCronJob(call) => cron::deschedule(engine, now, call),
        AnyCall::StartCronJob(call) => cron::start(engine, now, call),
        AnyCall::StartJobUpdate(call) => updates::start(engine, now, call),
        AnyCall::PauseJobUpdate(call) => {
            let (key, message) = (call.key.as_ref(), call.message.as_deref());
            updates::request(engine, now, key, message, Control::Pause)
        }
        AnyCall::ResumeJobUpdate(call) => {
            let (key, message) = (call.key.as_ref(), call.message.as_deref());
            updates::request(engine, now, key, message, Control::Resume)
        }
        AnyCall::AbortJobUpdate(call) => {
            let (key, message) = (call.key.as_ref(), call.message.as_deref());
            updates::request(engine, now, key, message, Control::Abort)
        }
        AnyCall::PulseJobUpdate(call) => updates::pulse(engine, now, call.key.as_ref()),
        AnyCall::GetJobUpdateDetails(call) => updates::details(engine, call.key.as_ref()),
        AnyCall::GetJobUpdateSummaries(call) => {
            updates::summaries(engine, call.job_update_query.as_ref())
        }
        AnyCall::GetJobUpdateDiff(call) => updates::diff(engine, call.request.as_ref()),
        AnyCall::AcquireLock(call) => calls::acquire_lock(engine, now, call),
        AnyCall::ReleaseLock(call) => calls::release_lock(engine, now, call),
        AnyCall::GetLocks(_) => Ok(calls::get_locks(engine)),
        AnyCall::SetQuota(call) => calls::set_quota(engine, now, call),
        AnyCall::GetQuota(call) => Ok(calls::get_quota(engine, call.owner_role.as_deref())),
        AnyCall::PopulateJobConfig(call) => calls::populate_job_config(call.description.as_ref()),
        AnyCall::ForceTaskState(call) => admin::force_task_state(engine, now, call),
        AnyCall::Snapshot(_) => admin::snapshot(engine),
        AnyCall::StartMaintenance(call) => {
            admin::start_maintenance(engine, now, call.hosts.as_ref())
        }
        AnyCall::DrainHosts(call) => admin::drain_hosts(engine, now, call.hosts.as_ref()),
        AnyCall::EndMaintenance(call) => admin::end_maintenance(engine, now, call.hosts.as_ref()),
        AnyCall::MaintenanceStatus(call) => admin::maintenance_status(engine, call.hosts.as_ref()),
        other => Err(Reply::invalid(format!(
            "{} is not served by the development cluster; its state is the file `state.redb` in its folder",
            other.method()
        ))),
    };
    match outcome {
        Ok(reply) | Err(reply) => reply,
    }
}
