//! Prints what an update would do: for `job diff` and for `update start --dry-run`.

use std::path::Path;

use aurora_api::{Range, TaskConfig};
use aurora_compat::Compat;
use aurora_jobkey::JobKey;
use aurora_rpc::operations::{
    self, Comparison, CompatDifference, FieldChange, PlannedGroup, WantedJob, field_changes,
    task_text,
};
use aurora_rpc::{Error, SchedulerClient};
use serde_json::{Value, json};

use crate::context::Context;
use crate::diff;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::ReadArgs;

/// How the job of a file differs from what runs, ready to be printed.
pub(crate) struct Plan {
    comparison: Comparison,
    /// The instances that are the same in the other compatibility mode.
    explained: Option<CompatDifference>,
}

impl Plan {
    /// Compares a job of `file` with what runs, or with the tasks of the job `other`.
    pub(crate) fn make(
        wanted: &WantedJob,
        (file, read): (&Path, &ReadArgs),
        client: &SchedulerClient,
        other: Option<(&SchedulerClient, &JobKey)>,
        context: &Context,
    ) -> Result<Self> {
        let comparison = context.block_on(async {
            let compared = operations::compare(client, wanted, other).await;
            compared.map_err(failed_comparison)
        })?;
        let mut plan = Self {
            comparison,
            explained: None,
        };
        if !plan.comparison.plan.change.is_empty() {
            let mode = match context.compat(Some(wanted.key().cluster()))? {
                Compat::Documented => Compat::Released,
                Compat::Released => Compat::Documented,
            };
            let other = context.load_job_as(mode, file, read, wanted.key())?;
            plan.explained = other.and_then(|other| plan.comparison.explain(wanted, mode, &other));
        }
        Ok(plan)
    }

    /// Whether the plan comes from the scheduler.
    pub(crate) fn is_of_scheduler(&self) -> bool {
        self.comparison.is_planned_by_scheduler()
    }

    /// Whether the job to compare with has no active tasks.
    pub(crate) fn lacks_tasks(&self) -> bool {
        self.comparison.lacks_tasks()
    }

    /// Prints in the frame of the release which instances an update would change, and how; `show` prints
    /// how a group differs.
    pub(crate) fn print_frame(
        &self,
        context: &Context,
        mut show: Option<impl FnMut(&PlannedGroup) -> Result<()>>,
    ) -> Result<()> {
        let output = &context.output;
        let plan = &self.comparison.plan;
        let section = |name: &str, groups: &[PlannedGroup]| {
            if !groups.is_empty() {
                output.line(format_args!("{name} instances: {}", python_ranges(groups)));
            }
        };
        output.line("This job update will:");
        section("add", &plan.add);
        section("remove", &plan.remove);
        match &mut show {
            None => section("update", &plan.change),
            Some(show) => {
                for group in &plan.change {
                    section("update", std::slice::from_ref(group));
                    output.line("with diff:\n");
                    show(group)?;
                    output.line("");
                }
            }
        }
        section("not change", &plan.keep);
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
        let texts = [task_text(&group.config), task_text(self.local())];
        let remote = format!("{remote}, instances {}", group.instances());
        let text = diff::unified([&texts[0], &texts[1]], [&remote, local]);
        if text.is_empty() {
            // The scheduler compares executor data byte by byte.
            context
                .output
                .line("(the same values: executor data differs in order or spacing)");
        } else {
            context.output.coloured(&text);
        }
    }

    /// Prints a comparison without a frame, for jobs that no update compares.
    pub(crate) fn print_plain(&self, remote: &str, local: &str, context: &Context) {
        let plan = &self.comparison.plan;
        for group in &plan.change {
            self.print_group(group, remote, local, context);
        }
        for (groups, place) in [(&plan.remove, remote), (&plan.add, local)] {
            if !groups.is_empty() {
                let ranges = python_ranges(groups);
                context
                    .output
                    .line(format_args!("Only in {place}: instances {ranges}"));
            }
        }
    }

    /// The running tasks, and the local task once for each requested instance.
    pub(crate) fn plain_sides(&self) -> [Vec<&TaskConfig>; 2] {
        let tasks = self.comparison.tasks.iter().flatten();
        let remote = tasks.filter_map(|task| task.assigned_task.as_ref()?.task.as_ref());
        let count = usize::try_from(self.comparison.instance_count).unwrap_or(usize::MAX);
        let local = std::iter::repeat_n(self.local(), count);
        [remote.collect(), local.collect()]
    }

    /// The local task, as the scheduler would keep it.
    pub(crate) fn local(&self) -> &TaskConfig {
        &self.comparison.task
    }

    /// Prints all of it for programs.
    pub(crate) fn print_json(&self, key: &JobKey, from: Option<&JobKey>, context: &Context) {
        context.output.json(&self.json(key, from));
    }

    fn json(&self, key: &JobKey, from: Option<&JobKey>) -> Value {
        let plan = &self.comparison.plan;
        let list = |groups: &[PlannedGroup]| -> Vec<String> {
            sorted(groups).into_iter().map(number_range).collect()
        };
        let change = |group: &PlannedGroup| {
            let changes = field_changes(&group.config, self.local());
            let changes: Vec<_> = changes.into_iter().map(change_json).collect();
            json!({"instances": list(std::slice::from_ref(group)), "changes": changes})
        };
        let mut json = json!({
            "job": key.as_str(),
            "add": list(&plan.add),
            "remove": list(&plan.remove),
            "update": plan.change.iter().map(change).collect::<Vec<_>>(),
            "unchanged": list(&plan.keep),
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

    /// Prints which instances differ only by the compatibility mode.
    pub(crate) fn note_explained(&self, context: &Context) {
        if let Some(explained) = &self.explained {
            context.output.note(explanation(explained));
        }
    }
}

/// The failure of a call of the comparison, with the message and the code of the release.
fn failed_comparison(error: Error) -> Failure {
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

fn explanation(difference: &CompatDifference) -> String {
    let ranges = python_ranges(&difference.groups);
    let fields = match difference.fields.len() {
        0 => "the order of executor data".to_owned(),
        _ => difference.fields.join(", "),
    };
    format!(
        "instances {ranges} differ only in defaults that 0.12.0 and its documentation disagree on ({fields}): \
         with `--compat {}` they are the same",
        difference.mode
    )
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
