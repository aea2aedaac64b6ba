//! A `JobConfiguration` in the words of Python 2.7, as the released client prints it.
//!
//! Each structure names its fields in the order in which CPython 2.7 keeps them; unset ones are `None`.

use std::{collections::BTreeMap, fmt::Display};

use aurora_api::{
    Constraint, Container, DockerContainer, ExecutorConfig, Identity, JobConfiguration, JobKey,
    Metadata, TaskConfig, TaskConstraint,
};

use python27::{SetOrder, hash_text, text_repr};

/// The `repr()` of a job, on one line.
///
/// `constraints` are the job's as it wrote them: sets iterate in an order that depends on the one in
/// which their elements went in, which the structure does not keep. The order of several
/// constraints is one of memory addresses in the release; here they come sorted.
pub(crate) fn job_configuration_repr(
    job: &JobConfiguration,
    constraints: &BTreeMap<String, String>,
) -> String {
    let words = Words {
        unicode: true,
        written: constraints,
    };
    structure(
        "JobConfiguration",
        &[
            ("instanceCount", display(job.instance_count)),
            ("cronSchedule", words.text(job.cron_schedule.as_deref())),
            (
                "cronCollisionPolicy",
                display(job.cron_collision_policy.map(|policy| policy.0)),
            ),
            ("key", words.job_key(job.key.as_ref())),
            (
                "taskConfig",
                optional(job.task_config.as_ref(), |it| words.task(it)),
            ),
            ("owner", words.identity(job.owner.as_ref())),
        ],
    )
}

/// How structures of one origin are written.
pub(super) struct Words<'a> {
    /// Whether texts of the configuration are unicode, as in a process that read the file; from the
    /// wire, they are byte strings.
    pub(super) unicode: bool,
    /// The constraints of the job as it wrote them.
    pub(super) written: &'a BTreeMap<String, String>,
}

impl Words<'_> {
    fn task(&self, task: &TaskConfig) -> String {
        let links = task.task_links.iter().flatten();
        let links =
            links.map(|(name, link)| format!("{}: {}", self.quoted(name), self.quoted(link)));
        let ports = task.requested_ports.iter().flatten();
        let metadata = task
            .metadata
            .iter()
            .flatten()
            .map(|entry| self.metadata(entry));
        structure(
            "TaskConfig",
            &[
                ("isService", boolean(task.is_service)),
                ("priority", display(task.priority)),
                ("taskLinks", format!("{{{}}}", joined(links))),
                ("tier", self.text(task.tier.as_deref())),
                (
                    "executorConfig",
                    optional(task.executor_config.as_ref(), executor),
                ),
                ("metadata", format!("frozenset([{}])", joined(metadata))),
                ("requestedPorts", self.text_set(ports.map(String::as_str))),
                ("jobName", self.text(task.job_name.as_deref())),
                ("environment", self.text(task.environment.as_deref())),
                ("ramMb", display(task.ram_mb)),
                ("job", self.job_key(task.job.as_ref())),
                ("production", boolean(task.production)),
                ("diskMb", display(task.disk_mb)),
                ("owner", self.identity(task.owner.as_ref())),
                ("container", self.container(task.container.as_ref())),
                ("maxTaskFailures", display(task.max_task_failures)),
                ("contactEmail", self.text(task.contact_email.as_deref())),
                ("numCpus", float(task.num_cpus.map(f64::from))),
                (
                    "constraints",
                    set(task
                        .constraints
                        .iter()
                        .flatten()
                        .map(|it| self.constraint(it))),
                ),
            ],
        )
    }

    pub(super) fn job_key(&self, key: Option<&JobKey>) -> String {
        optional(key, |key| {
            structure(
                "JobKey",
                &[
                    ("environment", self.text(key.environment.as_deref())),
                    ("role", self.text(key.role.as_deref())),
                    ("name", self.text(key.name.as_deref())),
                ],
            )
        })
    }

    /// The user comes from the system, so it is a byte string.
    pub(super) fn identity(&self, identity: Option<&Identity>) -> String {
        optional(identity, |identity| {
            structure(
                "Identity",
                &[
                    ("role", self.text(identity.role.as_deref())),
                    ("user", bytes(identity.user.as_deref())),
                ],
            )
        })
    }

    pub(super) fn container(&self, container: Option<&Container>) -> String {
        let (docker, mesos) = match container {
            None => return none(),
            Some(Container::Docker(docker)) => (self.docker_container(docker), none()),
            Some(Container::Mesos(_)) => (none(), structure("MesosContainer", &[])),
        };
        structure("Container", &[("docker", docker), ("mesos", mesos)])
    }

    fn docker_container(&self, docker: &DockerContainer) -> String {
        let parameters = docker.parameters.iter().flatten().map(|parameter| {
            structure(
                "DockerParameter",
                &[
                    ("name", self.text(parameter.name.as_deref())),
                    ("value", self.text(parameter.value.as_deref())),
                ],
            )
        });
        structure(
            "DockerContainer",
            &[
                ("image", self.text(docker.image.as_deref())),
                ("parameters", format!("[{}]", joined(parameters))),
            ],
        )
    }

    pub(super) fn constraint(&self, constraint: &Constraint) -> String {
        let (limit, value) = match &constraint.constraint {
            Some(TaskConstraint::Limit(limit)) => (
                structure("LimitConstraint", &[("limit", display(limit.limit))]),
                none(),
            ),
            Some(TaskConstraint::Value(value)) => {
                let name = constraint.name.as_deref().unwrap_or_default();
                let values = match self.written.get(name) {
                    Some(text) => self.text_set(text.strip_prefix('!').unwrap_or(text).split(',')),
                    None => self.text_set(value.values.iter().flatten().map(String::as_str)),
                };
                let fields = [("negated", boolean(value.negated)), ("values", values)];
                (none(), structure("ValueConstraint", &fields))
            }
            None => (none(), none()),
        };
        structure(
            "Constraint",
            &[
                ("name", self.text(constraint.name.as_deref())),
                (
                    "constraint",
                    structure("TaskConstraint", &[("limit", limit), ("value", value)]),
                ),
            ],
        )
    }

    pub(super) fn metadata(&self, entry: &Metadata) -> String {
        structure(
            "Metadata",
            &[
                ("value", self.text(entry.value.as_deref())),
                ("key", self.text(entry.key.as_deref())),
            ],
        )
    }

    fn text_set<'a>(&self, elements: impl Iterator<Item = &'a str>) -> String {
        let mut order = SetOrder::new();
        for element in elements {
            order.add(hash_text(element), element);
        }
        set(order.iter().map(|element| self.quoted(element)))
    }

    pub(super) fn text(&self, text: Option<&str>) -> String {
        optional(text, |text| self.quoted(text))
    }

    pub(super) fn quoted(&self, text: &str) -> String {
        text_repr(text, self.unicode)
    }
}

fn executor(executor: &ExecutorConfig) -> String {
    structure(
        "ExecutorConfig",
        &[
            ("data", bytes(executor.data.as_deref())),
            ("name", bytes(executor.name.as_deref())),
        ],
    )
}

pub(super) fn structure(name: &str, fields: &[(&str, String)]) -> String {
    let fields = fields
        .iter()
        .map(|(field, value)| format!("{field}={value}"));
    format!("{name}({})", joined(fields))
}

pub(super) fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn set(elements: impl Iterator<Item = String>) -> String {
    format!("set([{}])", joined(elements))
}

pub(super) fn none() -> String {
    "None".to_owned()
}

fn optional<T: ?Sized>(value: Option<&T>, text: impl FnOnce(&T) -> String) -> String {
    value.map_or_else(none, text)
}

pub(super) fn display(value: Option<impl Display>) -> String {
    value.map_or_else(none, |value| value.to_string())
}

pub(super) fn boolean(value: Option<bool>) -> String {
    value.map_or_else(none, |value| {
        if value { "True" } else { "False" }.to_owned()
    })
}

pub(super) fn float(value: Option<f64>) -> String {
    value.map_or_else(none, |value| format!("{value:?}"))
}

pub(super) fn bytes(text: Option<&str>) -> String {
    text.map_or_else(none, |text| text_repr(text, false))
}

#[cfg(test)]
mod tests {
    use aurora_api::{CronCollisionPolicy, LimitConstraint, MesosContainer, ValueConstraint};

    use super::*;

    fn of(written: &BTreeMap<String, String>) -> Words<'_> {
        Words {
            unicode: true,
            written,
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    /// The text that the released client was seen to print for such a job.
    #[test]
    fn a_job_looks_as_the_released_client_prints_it() {
        let key = JobKey {
            role: some("www"),
            environment: some("prod"),
            name: some("nightly"),
        };
        let owner = Identity {
            role: some("www"),
            user: some("alice"),
        };
        let job = JobConfiguration {
            key: Some(key.clone()),
            owner: Some(owner.clone()),
            cron_schedule: some("0 3 * * *"),
            cron_collision_policy: Some(CronCollisionPolicy::CANCEL_NEW),
            instance_count: Some(1),
            task_config: Some(TaskConfig {
                job: Some(key),
                owner: Some(owner),
                job_name: some("nightly"),
                environment: some("prod"),
                is_service: Some(false),
                num_cpus: Some(1.0.into()),
                ram_mb: Some(1024),
                disk_mb: Some(1024),
                priority: Some(0),
                max_task_failures: Some(1),
                production: Some(false),
                constraints: Some([].into()),
                requested_ports: Some(["http".to_owned()].into()),
                executor_config: Some(ExecutorConfig {
                    name: some("AuroraExecutor"),
                    data: some(r#"{"cmdline": "echo \"it's\""}"#),
                }),
                container: Some(Container::Mesos(MesosContainer {})),
                ..TaskConfig::default()
            }),
        };
        assert_eq!(
            job_configuration_repr(&job, &BTreeMap::new()),
            "JobConfiguration(instanceCount=1, cronSchedule=u'0 3 * * *', cronCollisionPolicy=1, \
             key=JobKey(environment=u'prod', role=u'www', name=u'nightly'), taskConfig=TaskConfig(isService=False, \
             priority=0, taskLinks={}, tier=None, executorConfig=ExecutorConfig(data='{\"cmdline\": \"echo \
             \\\\\"it\\'s\\\\\"\"}', name='AuroraExecutor'), metadata=frozenset([]), requestedPorts=set([u'http']), \
             jobName=u'nightly', environment=u'prod', ramMb=1024, job=JobKey(environment=u'prod', role=u'www', \
             name=u'nightly'), production=False, diskMb=1024, owner=Identity(role=u'www', user='alice'), \
             container=Container(docker=None, mesos=MesosContainer()), maxTaskFailures=1, contactEmail=None, \
             numCpus=1.0, constraints=set([])), owner=Identity(role=u'www', user='alice'))"
        );
    }

    #[test]
    fn constraints_are_of_two_kinds() {
        let limit = Constraint {
            name: some("rack"),
            constraint: Some(TaskConstraint::Limit(LimitConstraint { limit: Some(1) })),
        };
        assert_eq!(
            of(&BTreeMap::new()).constraint(&limit),
            "Constraint(name=u'rack', constraint=TaskConstraint(limit=LimitConstraint(limit=1), value=None))"
        );
        let value = Constraint {
            name: some("wood"),
            constraint: Some(TaskConstraint::Value(ValueConstraint {
                negated: Some(true),
                values: Some(["oak".to_owned(), "elm".to_owned()].into()),
            })),
        };
        let written = BTreeMap::from([("wood".to_owned(), "!oak,elm".to_owned())]);
        assert_eq!(
            of(&written).constraint(&value),
            "Constraint(name=u'wood', constraint=TaskConstraint(limit=None, \
             value=ValueConstraint(negated=True, values=set([u'oak', u'elm']))))"
        );
    }
}
