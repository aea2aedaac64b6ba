//! Which tasks a `TaskQuery` means. All parts of a query have to hold.

use std::collections::BTreeSet;

use aurora_api::{ScheduleStatus, TaskQuery};

use super::reply::Reply;
use crate::model::{JobId, Task, TaskState, is_identifier};

/// The tasks that the query means, by job, instance and age; after that `offset` and `limit` apply.
pub(crate) fn select<'a>(
    tasks: impl Iterator<Item = &'a Task>,
    query: &TaskQuery,
) -> Result<Vec<&'a Task>, Reply> {
    let filter = Filter::new(query)?;
    let mut found: Vec<&Task> = tasks.filter(|task| filter.matches(task)).collect();
    found.sort_by(|a, b| {
        (&a.job, a.instance, a.created(), &a.id).cmp(&(&b.job, b.instance, b.created(), &b.id))
    });
    let offset = count(query.offset).unwrap_or(0);
    let limit = count(query.limit).unwrap_or(usize::MAX);
    Ok(found.into_iter().skip(offset).take(limit).collect())
}

/// A negative number counts as zero.
fn count(number: Option<i32>) -> Option<usize> {
    number.map(|number| usize::try_from(number).unwrap_or(0))
}

struct Filter<'q> {
    role: Option<&'q str>,
    environment: Option<&'q str>,
    name: Option<&'q str>,
    task_ids: Option<&'q BTreeSet<String>>,
    statuses: Option<&'q BTreeSet<ScheduleStatus>>,
    instances: Option<&'q BTreeSet<i32>>,
    hosts: Option<&'q BTreeSet<String>>,
    jobs: Option<BTreeSet<JobId>>,
}

impl<'q> Filter<'q> {
    fn new(query: &'q TaskQuery) -> Result<Self, Reply> {
        let owner_role = query.owner.as_ref().and_then(|owner| owner.role.as_deref());
        let set = |text: Option<&'q str>| text.filter(|text| !text.trim().is_empty());
        let role = set(owner_role.or(query.role.as_deref()));
        let environment = set(query.environment.as_deref());
        let name = set(query.job_name.as_deref());
        let one_job = role.zip(environment).zip(name);
        if let Some(((role, environment), name)) = one_job
            && ![role, environment, name].into_iter().all(is_identifier)
        {
            return Err(Reply::error(format!(
                "`{role}/{environment}/{name}` is not a job key"
            )));
        }
        // The released scheduler's store looks at an empty set of jobs or hosts only when the job is not fixed.
        let or_all = |empty: bool| !(empty && one_job.is_some());
        Ok(Self {
            role,
            environment,
            name,
            task_ids: query.task_ids.as_ref(),
            statuses: query.statuses.as_ref().filter(|set| !set.is_empty()),
            instances: query.instance_ids.as_ref().filter(|set| !set.is_empty()),
            hosts: query
                .slave_hosts
                .as_ref()
                .filter(|set| or_all(set.is_empty())),
            jobs: query
                .job_keys
                .as_ref()
                .filter(|set| or_all(set.is_empty()))
                .map(|keys| keys.iter().filter_map(JobId::from_wire).collect()),
        })
    }

    fn matches(&self, task: &Task) -> bool {
        fn meets<T: ?Sized>(wanted: Option<&T>, test: impl FnOnce(&T) -> bool) -> bool {
            wanted.is_none_or(test)
        }
        meets(self.role, |role| task.job.role == *role)
            && meets(self.environment, |environment| {
                task.job.environment == *environment
            })
            && meets(self.name, |name| task.job.name == *name)
            && meets(self.task_ids, |ids| ids.contains(&task.id))
            && meets(self.statuses, |statuses| {
                task.state
                    .to_wire()
                    .is_some_and(|status| statuses.contains(&status))
            })
            && meets(self.instances, |instances| {
                instances.contains(&task.instance)
            })
            && meets(self.hosts, |hosts| {
                task.host
                    .as_ref()
                    .is_some_and(|(name, _)| hosts.contains(name))
            })
            && meets(self.jobs.as_ref(), |jobs| jobs.contains(&task.job))
    }
}

/// Whether a status set in a query names only active states, or nothing at all.
pub(crate) fn active_statuses() -> BTreeSet<ScheduleStatus> {
    TaskState::ALL
        .into_iter()
        .filter(|state| state.is_active())
        .filter_map(TaskState::to_wire)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample;
    use aurora_api::{Identity, JobKey, ResponseCode};

    fn tasks() -> Vec<Task> {
        let mut tasks = Vec::new();
        for (id, role, instance, state) in [
            ("a", "www", 1, TaskState::Running),
            ("b", "www", 0, TaskState::Pending),
            ("c", "db", 0, TaskState::Finished),
            ("d", "db", 1, TaskState::Running),
        ] {
            let mut task = sample(id, state, &[(1, TaskState::Pending)]);
            task.job.role = role.to_owned();
            task.instance = instance;
            if state == TaskState::Running {
                task.host = Some(("box".to_owned(), "id".to_owned()));
            }
            tasks.push(task);
        }
        tasks
    }

    fn ids(query: &TaskQuery) -> String {
        let tasks = tasks();
        let found = select(tasks.iter(), query).unwrap();
        found.iter().map(|task| task.id.as_str()).collect()
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn fixed() -> TaskQuery {
        TaskQuery {
            role: text("www"),
            environment: text("prod"),
            job_name: text("web"),
            ..TaskQuery::default()
        }
    }

    #[test]
    fn parts_are_anded_and_blank_ones_do_not_count() {
        assert_eq!(ids(&TaskQuery::default()), "cdba");
        let blank = TaskQuery {
            role: text(" "),
            ..TaskQuery::default()
        };
        assert_eq!(ids(&blank), "cdba");
        assert_eq!(ids(&fixed()), "ba");
        let running = TaskQuery {
            statuses: Some(BTreeSet::from([ScheduleStatus::RUNNING])),
            ..fixed()
        };
        assert_eq!(ids(&running), "a");
        let zero = TaskQuery {
            instance_ids: Some(BTreeSet::from([0])),
            ..TaskQuery::default()
        };
        assert_eq!(ids(&zero), "cb");
        let on_host = TaskQuery {
            slave_hosts: Some(BTreeSet::from(["box".to_owned()])),
            ..TaskQuery::default()
        };
        assert_eq!(ids(&on_host), "da");
    }

    #[test]
    fn the_owner_overrides_the_role() {
        let query = TaskQuery {
            owner: Some(Identity {
                role: text("db"),
                user: None,
            }),
            ..fixed()
        };
        assert_eq!(ids(&query), "cd");
    }

    #[test]
    fn empty_sets_mean_nothing_or_everything() {
        let none = TaskQuery {
            task_ids: Some(BTreeSet::new()),
            ..fixed()
        };
        assert_eq!(ids(&none), "");
        let any_status = TaskQuery {
            statuses: Some(BTreeSet::new()),
            instance_ids: Some(BTreeSet::new()),
            ..TaskQuery::default()
        };
        assert_eq!(ids(&any_status), "cdba");
        let no_jobs = TaskQuery {
            job_keys: Some(BTreeSet::new()),
            ..TaskQuery::default()
        };
        assert_eq!(ids(&no_jobs), "");
        let no_hosts = TaskQuery {
            slave_hosts: Some(BTreeSet::new()),
            ..TaskQuery::default()
        };
        assert_eq!(ids(&no_hosts), "");
        let fixed_job = TaskQuery {
            job_keys: Some(BTreeSet::new()),
            slave_hosts: Some(BTreeSet::new()),
            ..fixed()
        };
        assert_eq!(ids(&fixed_job), "ba");
    }

    #[test]
    fn jobs_are_chosen_by_key() {
        let key = |role: &str| JobKey {
            role: text(role),
            environment: text("prod"),
            name: text("web"),
        };
        let query = TaskQuery {
            job_keys: Some(BTreeSet::from([key("db"), key("nobody"), key("no role")])),
            ..TaskQuery::default()
        };
        assert_eq!(ids(&query), "cd");
    }

    #[test]
    fn offset_comes_before_limit() {
        let page = |offset, limit| {
            ids(&TaskQuery {
                offset,
                limit,
                ..TaskQuery::default()
            })
        };
        assert_eq!(page(Some(1), Some(2)), "db");
        assert_eq!(page(None, Some(0)), "");
        assert_eq!(page(Some(9), None), "");
        assert_eq!(page(Some(-1), Some(-1)), "");
    }

    #[test]
    fn a_malformed_job_is_an_error() {
        let tasks = tasks();
        let query = TaskQuery {
            role: text("a b"),
            ..fixed()
        };
        let reply = select(tasks.iter(), &query).unwrap_err();
        assert_eq!(reply.code, ResponseCode::ERROR);
    }
}
