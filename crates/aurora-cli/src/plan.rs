//! What an update would do, looked up and shown: for `job diff` and for `update start --dry-run`.

use std::path::Path;

use aurora_api::{JobUpdateRequest, Range, ScheduledTask, TaskConfig};
use aurora_compat::Compat;
use aurora_config::LoadedJob;
use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::operations::{
    self, FieldChange, PlannedGroup, UpdatePlan, field_changes, task_text,
};
use aurora_rpc::{Error, SchedulerClient};
use serde_json::{Value, json};

use crate::context::Context;
use crate::diff;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::ReadArgs;

/// A job of a file, as far as an update of it goes.
pub(crate) struct Local<'a> {
    pub(crate) key: &'a JobKey,
    pub(crate) file: &'a Path,
    pub(crate) read: &'a ReadArgs,
    pub(crate) job: LoadedJob,
    /// Those to look at; all of them with `None`.
    pub(crate) instances: Option<InstanceSet>,
    pub(crate) user: String,
}

/// What would become of the instances of a job.
pub(crate) struct Foreseen {
    /// The task as the scheduler would keep it.
    local: TaskConfig,
    /// How many instances there are to be.
    wanted: u32,
    plan: UpdatePlan,
    /// What the plan was made from here, where the scheduler does not make one.
    tasks: Option<Vec<ScheduledTask>>,
    /// What makes no difference in the other compatibility mode.
    explained: Option<Explained>,
}

/// Instances that differ only by the compatibility mode.
struct Explained {
    mode: Compat,
    groups: Vec<PlannedGroup>,
    fields: Vec<String>,
}

impl Local<'_> {
    /// The request that an update would begin with.
    pub(crate) fn request(&self) -> Result<JobUpdateRequest> {
        let instances = self.instances.as_ref();
        Ok(self.job.to_job_update_request(&self.user, instances)?)
    }

    /// Asks what an update would do; with `other`, how the tasks of that job differ.
    pub(crate) fn foresee(
        &self,
        client: &SchedulerClient,
        other: Option<(&SchedulerClient, &JobKey)>,
        context: &Context,
    ) -> Result<Foreseen> {
        let description = self.job.to_job_configuration(&self.user)?;
        let sent = description.task_config.clone().unwrap_or_default();
        let wanted = u32::try_from(description.instance_count.unwrap_or_default()).unwrap_or(0);
        let asks_scheduler = other.is_none() && !self.job.is_cron();
        let request = asks_scheduler.then(|| self.request()).transpose()?;
        let (local, plan, tasks) = context.block_on(async {
            let answer = client.populate_job_config(description).await;
            let local = answer.map_err(unforeseen)?.value;
            if let Some(request) = request {
                let plan = operations::update_plan(client, request).await;
                if let Some(plan) = plan.map_err(unforeseen)? {
                    return Ok((local, plan, None));
                }
            }
            let (client, key) = other.unwrap_or((client, self.key));
            let tasks = operations::active_tasks(client, key).await;
            let tasks = tasks.map_err(unforeseen)?;
            let instances = self.instances.as_ref();
            let plan = UpdatePlan::of_tasks(&tasks, &local, wanted, instances);
            Ok((local, plan, Some(tasks)))
        })?;
        let explained = self.explain(&plan, &local, &sent, context)?;
        Ok(Foreseen {
            local,
            wanted,
            plan,
            tasks,
            explained,
        })
    }

    /// Makes the job once more as the other compatibility mode has it, and looks what it equals.
    fn explain(
        &self,
        plan: &UpdatePlan,
        local: &TaskConfig,
        sent: &TaskConfig,
        context: &Context,
    ) -> Result<Option<Explained>> {
        if plan.change.is_empty() {
            return Ok(None);
        }
        let mode = match context.compat(Some(self.key.cluster()))? {
            Compat::Documented => Compat::Released,
            Compat::Released => Compat::Documented,
        };
        let job = context.load_job_as(mode, self.file, self.read, self.key)?;
        let other = job.and_then(|job| job.to_job_configuration(&self.user).ok()?.task_config);
        let Some(other) =
            other.and_then(|other| operations::populated_from_other(local, sent, &other))
        else {
            return Ok(None);
        };
        let groups = plan.change.iter();
        let groups: Vec<_> = groups
            .filter(|group| operations::is_same_task(&group.config, &other))
            .cloned()
            .collect();
        if groups.is_empty() {
            return Ok(None);
        }
        let changes = field_changes(&other, local);
        let mut fields: Vec<_> = changes.iter().map(|c| c.name().to_owned()).collect();
        fields.sort();
        fields.dedup();
        Ok(Some(Explained {
            mode,
            groups,
            fields,
        }))
    }
}

/// Each call of a comparison has words and a code of its own.
fn unforeseen(error: Error) -> Failure {
    let (heading, code) = match &error {
        Error::Rejected { method, .. } => match *method {
            "populateJobConfig" => ("Error loading configuration", exit::INVALID_CONFIGURATION),
            "getTasksStatus" => (
                "Could not find job to diff against",
                exit::INVALID_PARAMETER,
            ),
            _ => (
                "Error getting diff info from scheduler",
                exit::COMMAND_FAILURE,
            ),
        },
        _ => ("Command failure:", exit::API_ERROR),
    };
    refusal(error, heading, code)
}

impl Foreseen {
    /// Whether the scheduler itself said what an update would do.
    pub(crate) fn is_of_scheduler(&self) -> bool {
        self.tasks.is_none()
    }

    /// Whether the job to compare with has no active tasks.
    pub(crate) fn lacks_tasks(&self) -> bool {
        self.tasks.as_ref().is_some_and(Vec::is_empty)
    }

    /// Prints in the frame of the release what would become of which instances; `show` prints how a
    /// group differs.
    pub(crate) fn print_frame(
        &self,
        context: &Context,
        mut show: Option<impl FnMut(&PlannedGroup) -> Result<()>>,
    ) -> Result<()> {
        let output = &context.output;
        let section = |name: &str, groups: &[PlannedGroup]| {
            if !groups.is_empty() {
                output.line(format_args!("{name} instances: {}", python_ranges(groups)));
            }
        };
        output.line("This job update will:");
        section("add", &self.plan.add);
        section("remove", &self.plan.remove);
        match &mut show {
            None => section("update", &self.plan.change),
            Some(show) => {
                for group in &self.plan.change {
                    section("update", std::slice::from_ref(group));
                    output.line("with diff:\n");
                    show(group)?;
                    output.line("");
                }
            }
        }
        section("not change", &self.plan.keep);
        Ok(())
    }

    /// Prints how a group of instances, of the job that `remote` names, differs from the local task.
    pub(crate) fn print_group(
        &self,
        group: &PlannedGroup,
        remote: &str,
        local: &str,
        context: &Context,
    ) {
        let texts = [task_text(&group.config), task_text(&self.local)];
        let remote = format!("{remote}, instances {}", group.instances());
        let text = diff::unified([&texts[0], &texts[1]], [&remote, local]);
        if text.is_empty() {
            // The scheduler compares executor data letter by letter.
            context
                .output
                .line("(the same values: executor data differs in order or spacing)");
        } else {
            context.output.coloured(&text);
        }
    }

    /// Prints a comparison without a frame, for what no update would be about.
    pub(crate) fn print_plain(&self, remote: &str, local: &str, context: &Context) {
        for group in &self.plan.change {
            self.print_group(group, remote, local, context);
        }
        for (groups, place) in [(&self.plan.remove, remote), (&self.plan.add, local)] {
            if !groups.is_empty() {
                let ranges = python_ranges(groups);
                context
                    .output
                    .line(format_args!("Only in {place}: instances {ranges}"));
            }
        }
    }

    /// The local task, and those that it is compared with without a frame: one for each instance.
    pub(crate) fn plain_sides(&self) -> [Vec<&TaskConfig>; 2] {
        let tasks = self.tasks.iter().flatten();
        let remote = tasks.filter_map(|task| task.assigned_task.as_ref()?.task.as_ref());
        let local = std::iter::repeat_n(&self.local, self.wanted.try_into().unwrap_or(usize::MAX));
        [remote.collect(), local.collect()]
    }

    /// The local task.
    pub(crate) fn local(&self) -> &TaskConfig {
        &self.local
    }

    /// Prints all of it for programs.
    pub(crate) fn print_json(&self, key: &JobKey, from: Option<&JobKey>, context: &Context) {
        context.output.json(&self.json(key, from));
    }

    fn json(&self, key: &JobKey, from: Option<&JobKey>) -> Value {
        let list = |groups: &[PlannedGroup]| -> Vec<String> {
            sorted(groups).into_iter().map(number_range).collect()
        };
        let change = |group: &PlannedGroup| {
            let changes = field_changes(&group.config, &self.local);
            let changes: Vec<_> = changes.into_iter().map(change_json).collect();
            json!({"instances": list(std::slice::from_ref(group)), "changes": changes})
        };
        let mut json = json!({
            "job": key.as_str(),
            "add": list(&self.plan.add),
            "remove": list(&self.plan.remove),
            "update": self.plan.change.iter().map(change).collect::<Vec<_>>(),
            "unchanged": list(&self.plan.keep),
        });
        if let Some(from) = from {
            json["from"] = from.as_str().into();
        }
        if let Some(explained) = &self.explained {
            json["same_with_compat"] = json!({
                "mode": explained.mode.as_str(),
                "instances": list(&explained.groups),
                "fields": explained.fields,
            });
        }
        json
    }

    /// Says which instances only the compatibility mode makes different.
    pub(crate) fn note_explained(&self, context: &Context) {
        if let Some(explained) = &self.explained {
            context.output.note(explained.text());
        }
    }
}

impl Explained {
    fn text(&self) -> String {
        let Self {
            mode,
            groups,
            fields,
        } = self;
        let ranges = python_ranges(groups);
        let fields = match fields.len() {
            0 => "the order of executor data".to_owned(),
            _ => fields.join(", "),
        };
        format!(
            "instances {ranges} differ only in what 0.12.0 and its documentation do differently ({fields}): \
             with `--compat {mode}` they are the same"
        )
    }
}

fn change_json(change: FieldChange) -> Value {
    json!({"field": change.field, "remote": change.remote, "local": change.local})
}

/// The ranges of all groups, ascending.
fn sorted(groups: &[PlannedGroup]) -> Vec<&Range> {
    let mut ranges: Vec<_> = groups.iter().flat_map(|group| &group.ranges).collect();
    ranges.sort_by_key(|range| range.first);
    ranges
}

fn number_range(range: &Range) -> String {
    let (first, last) = (
        range.first.unwrap_or_default(),
        range.last.unwrap_or_default(),
    );
    if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    }
}

/// As the release prints them: `[0-3], [5]`.
fn python_ranges(groups: &[PlannedGroup]) -> String {
    let ranges = sorted(groups).into_iter();
    let ranges: Vec<_> = ranges
        .map(|range| format!("[{}]", number_range(range)))
        .collect();
    ranges.join(", ")
}
