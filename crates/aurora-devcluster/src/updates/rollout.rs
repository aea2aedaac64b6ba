//! Carrying out updates, inside of changes of the state.
//!
//! An update is looked at when it begins to roll, after every event of one of its instances, and when an instance may
//! have become stable. It acts in the same change as the event, so the disk never has one without the other.

use aurora_api::{JobUpdateAction, JobUpdatePulseStatus, JobUpdateStatus as Status};

use super::status::{Control, awaiting, is_awaiting, is_back, is_rolling, rolling, target};
use super::updater::{Observation, Verdict};
use crate::model::{
    InstanceEvent, JobId, Rollout, Stage, TaskState, Update, UpdateEvent, UpdateId, Updater,
    new_lock,
};
use crate::state::{Change, Notice, State};

/// Starts an update. The caller has checked that the job is not locked.
pub(crate) fn start(change: &mut Change<'_>, update: Update, message: Option<&str>) {
    let (id, user) = (update.id.clone(), update.user.clone());
    let first = match update.pulse_limit() {
        Some(_) => awaiting(false),
        None => rolling(false),
    };
    let lock = new_lock(&id.job, id.id.clone(), &user, change.now());
    change.tables.locks.put(id.job.clone(), lock);
    change
        .tables
        .rollouts
        .put(id.job.clone(), Rollout::new(id.clone()));
    change.tables.updates.put(id.clone(), update);
    enter(change, &id, first, Some(&user), message);
}

/// Pauses, resumes or aborts an update; `false` if its status does not allow that.
pub(crate) fn control(
    change: &mut Change<'_>,
    id: &UpdateId,
    control: Control,
    user: &str,
    message: Option<&str>,
) -> bool {
    let Some(update) = change.tables.updates.get(id) else {
        return false;
    };
    let status = update.status();
    let lacks_pulse = match active_rollout(change, id) {
        Some(rollout) => update.lacks_pulse(rollout.last_pulse, change.now()),
        None => false,
    };
    let Some(target) = target(status, control, lacks_pulse) else {
        return false;
    };
    if target != status {
        enter(change, id, target, Some(user), message);
    }
    true
}

/// Takes a pulse. Updates that have ended or do not exist count as finished.
pub(crate) fn pulse(change: &mut Change<'_>, id: &UpdateId) -> JobUpdatePulseStatus {
    let now = change.now();
    let known = active_rollout(change, id).is_some();
    let status = change.tables.updates.get(id).map(Update::status);
    let (true, Some(status)) = (known, status) else {
        return JobUpdatePulseStatus::FINISHED;
    };
    if let Some(rollout) = change.tables.rollouts.get_mut(&id.job) {
        rollout.last_pulse = now;
    }
    if is_awaiting(status) {
        enter(
            change,
            id,
            rolling(is_back(status)),
            None,
            Some("Pulse received"),
        );
    }
    JobUpdatePulseStatus::OK
}

/// After a start of the scheduler: updates that rolled continue without an event, the others stay as they are.
pub(crate) fn resume_all(change: &mut Change<'_>) {
    let active: Vec<(UpdateId, Status)> = change
        .tables
        .updates
        .iter()
        .map(|(id, update)| (id.clone(), update.status()))
        .filter(|(_, status)| status.is_active())
        .collect();
    for (id, status) in active {
        change
            .tables
            .rollouts
            .put(id.job.clone(), Rollout::new(id.clone()));
        if is_rolling(status) {
            roll(change, &id);
        }
    }
}

/// Lets updates react to what the change did to their instances, until nothing more follows.
pub(crate) fn settle(change: &mut Change<'_>) {
    while let Some(notice) = change.next_notice() {
        evaluate(change, &notice.job, Some(&notice));
    }
}

/// When the next instance may be stable, in milliseconds since 1970.
pub(crate) fn next_check(state: &State) -> Option<i64> {
    let updaters = state.rollouts.values().filter_map(|it| it.updater.as_ref());
    updaters.filter_map(Updater::next_check).min()
}

/// The instances that may be stable by now.
pub(crate) fn overdue(state: &State, now: i64) -> Vec<(JobId, i32)> {
    let mut due = Vec::new();
    for (job, rollout) in &state.rollouts {
        let instances = rollout.updater.iter().flat_map(|it| it.due(now));
        due.extend(instances.map(|instance| (job.clone(), instance)));
    }
    due
}

/// Checks whether an instance is stable.
pub(crate) fn check_instance(change: &mut Change<'_>, job: JobId, instance: i32) {
    let notice = Notice {
        job: job.clone(),
        instance,
        ended: None,
    };
    evaluate(change, &job, Some(&notice));
}

fn active_rollout<'c>(change: &'c Change<'_>, id: &UpdateId) -> Option<&'c Rollout> {
    change
        .tables
        .rollouts
        .get(&id.job)
        .filter(|rollout| rollout.id == *id)
}

/// Puts an update into a status, with all that comes with it.
fn enter(
    change: &mut Change<'_>,
    id: &UpdateId,
    status: Status,
    user: Option<&str>,
    message: Option<&str>,
) {
    let event = UpdateEvent {
        at: change.now(),
        status,
        user: user.map(str::to_owned),
        message: message.map(str::to_owned),
    };
    let Some(update) = change.tables.updates.get_mut(id) else {
        return;
    };
    update.events.push(event);
    if !status.is_active() {
        change.tables.rollouts.remove(id.job.clone());
        if holds_lock(change, id) {
            change.tables.locks.remove(id.job.clone());
        }
    } else if is_rolling(status) {
        roll(change, id);
    } else if let Some(rollout) = change.tables.rollouts.get_mut(&id.job) {
        rollout.updater = None;
    }
}

/// Begins to roll, with every instance still to be examined.
fn roll(change: &mut Change<'_>, id: &UpdateId) {
    let Some(scope) = change.tables.updates.get(id).map(Update::scope) else {
        return;
    };
    if let Some(rollout) = change.tables.rollouts.get_mut(&id.job) {
        rollout.updater = Some(Updater::new(scope));
    }
    evaluate(change, &id.job, None);
}

fn holds_lock(change: &Change<'_>, id: &UpdateId) -> bool {
    let lock = change.tables.locks.get(&id.job);
    lock.is_some_and(|lock| lock.token.as_ref() == Some(&id.id))
}

/// Looks at an update, and at the instance that the notice is about.
fn evaluate(change: &mut Change<'_>, job: &JobId, notice: Option<&Notice>) {
    if change.is_stopping() {
        return;
    }
    let Some(rollout) = change
        .tables
        .rollouts
        .get(job)
        .filter(|it| it.updater.is_some())
    else {
        return;
    };
    let (id, last_pulse) = (rollout.id.clone(), rollout.last_pulse);
    let Some(update) = change.tables.updates.get(&id) else {
        return;
    };
    let back = is_back(update.status());
    if !holds_lock(change, &id) {
        let message = "The lock of the update was released";
        return enter(change, &id, Status::ERROR, None, Some(message));
    }
    if update.lacks_pulse(last_pulse, change.now()) {
        let message = "No pulse within the pulse interval";
        return enter(change, &id, awaiting(back), None, Some(message));
    }
    if let Some(notice) = notice {
        if stage(change, job, notice.instance) != Some(Stage::Working) {
            return;
        }
        advance_instance(change, &id, back, notice.instance, Some(notice));
    }
    advance(change, &id, back);
}

/// Begins with as many instances as may be in work, and ends the update when there is nothing more to do.
fn advance(change: &mut Change<'_>, id: &UpdateId, back: bool) {
    loop {
        let Some(update) = change.tables.updates.get(id) else {
            return;
        };
        let settings = &update.settings;
        let Some(updater) = active_rollout(change, id).and_then(|it| it.updater.as_ref()) else {
            return;
        };
        let allowed = usize::try_from(settings.max_failed_instances.unwrap_or(0)).unwrap_or(0);
        if updater.count(Stage::Failed) > allowed {
            return fail(change, id, back);
        }
        let whole_groups = settings.wait_for_batch_completion.unwrap_or(false);
        let next = updater.next(back, update.group_size(), whole_groups);
        if next.is_empty() {
            if updater.count(Stage::Working) == 0 {
                let done = if back {
                    Status::ROLLED_BACK
                } else {
                    Status::ROLLED_FORWARD
                };
                enter(change, id, done, None, None);
            }
            return;
        }
        for instance in next {
            advance_instance(change, id, back, instance, None);
        }
    }
}

fn fail(change: &mut Change<'_>, id: &UpdateId, back: bool) {
    let Some(update) = change.tables.updates.get(id) else {
        return;
    };
    let status = if !back && update.settings.rollback_on_failure.unwrap_or(false) {
        Status::ROLLING_BACK
    } else {
        Status::FAILED
    };
    let failed = [
        JobUpdateAction::INSTANCE_UPDATE_FAILED,
        JobUpdateAction::INSTANCE_ROLLBACK_FAILED,
    ];
    let latest = update
        .instance_events
        .iter()
        .rev()
        .find(|event| failed.contains(&event.action));
    let message = latest.map(|event| format!("Instance {} exited too often", event.instance));
    enter(change, id, status, None, message.as_deref());
}

/// Advances one instance of an update, which enters the update if it was not part of it yet.
fn advance_instance(
    change: &mut Change<'_>,
    id: &UpdateId,
    back: bool,
    instance: i32,
    notice: Option<&Notice>,
) {
    let Some(update) = change.tables.updates.get(id) else {
        return;
    };
    let wanted = update.wanted(instance, back).cloned();
    let has_history = update
        .instance_events
        .iter()
        .any(|event| event.instance == instance);
    let (max_failures, min_running) = (
        update.settings.max_per_instance_failures.unwrap_or(0),
        i64::from(update.settings.min_wait_in_instance_running_ms.unwrap_or(0)),
    );
    let active = change.active(&id.job, instance).cloned();
    let observation = Observation {
        wanted: wanted.as_deref(),
        active: active.as_ref(),
        ended: notice.and_then(|notice| notice.ended.as_deref()),
        max_failures,
        min_running,
        now: change.now(),
    };
    let progress = change
        .tables
        .rollouts
        .get_mut(&id.job)
        .and_then(|rollout| rollout.updater.as_mut())
        .and_then(|updater| updater.get_mut(instance));
    let Some(progress) = progress else {
        return;
    };
    let begins = progress.stage == Stage::Idle;
    let verdict = progress.judge(observation);
    progress.stage = match verdict {
        Verdict::Succeeded => Stage::Succeeded,
        Verdict::Failed => Stage::Failed,
        _ => Stage::Working,
    };
    // An instance that needed no change leaves no trace in the history.
    if !(begins && verdict == Verdict::Succeeded && !has_history) {
        record(change, id, instance, actions(back)[0]);
        match verdict {
            Verdict::Succeeded => record(change, id, instance, actions(back)[1]),
            Verdict::Failed => record(change, id, instance, actions(back)[2]),
            _ => {}
        }
    }
    match verdict {
        Verdict::Add => {
            if let Some(config) = wanted {
                change.add(&id.job, instance, &config);
            }
        }
        Verdict::Kill(task) => {
            change.move_to(&task, TaskState::Killing, Some("Killed for job update."));
        }
        Verdict::Wait | Verdict::Succeeded | Verdict::Failed => {}
    }
}

/// What is recorded of an instance in work, of one that succeeded and of one that failed.
fn actions(back: bool) -> [JobUpdateAction; 3] {
    if back {
        [
            JobUpdateAction::INSTANCE_ROLLING_BACK,
            JobUpdateAction::INSTANCE_ROLLED_BACK,
            JobUpdateAction::INSTANCE_ROLLBACK_FAILED,
        ]
    } else {
        [
            JobUpdateAction::INSTANCE_UPDATING,
            JobUpdateAction::INSTANCE_UPDATED,
            JobUpdateAction::INSTANCE_UPDATE_FAILED,
        ]
    }
}

/// Adds to the history what is not there yet.
fn record(change: &mut Change<'_>, id: &UpdateId, instance: i32, action: JobUpdateAction) {
    let at = change.now();
    if let Some(update) = change.tables.updates.get_mut(id)
        && !update
            .instance_events
            .iter()
            .any(|event| event.instance == instance && event.action == action)
    {
        update.instance_events.push(InstanceEvent {
            at,
            instance,
            action,
        });
    }
}

fn stage(change: &Change<'_>, job: &JobId, instance: i32) -> Option<Stage> {
    let rollout = change.tables.rollouts.get(job)?;
    rollout.updater.as_ref()?.stage(instance)
}
