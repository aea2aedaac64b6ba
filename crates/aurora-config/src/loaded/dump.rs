//! Task configurations as the released client hands them to a diff program: Python's dictionary
//! literals, one field a line, executor data as indented JSON.

use std::collections::BTreeMap;

use aurora_api::{ExecutorConfig, TaskConfig};

use super::repr::{Words, boolean, bytes, display, float, none, structure};
use pystachio::{dumps_indented, parse_json};
use python27::text_repr;

/// Python breaks sets and dictionaries that do not fit into so many columns.
const WIDTH: usize = 80;

/// The text for several task configurations, in their order; it ends with a newline.
///
/// Sets come sorted. Executor data that is not JSON is shown as text.
pub fn task_dump<'a>(tasks: impl IntoIterator<Item = &'a TaskConfig>) -> String {
    let dumps: Vec<String> = tasks.into_iter().map(dump).collect();
    format!("{}\n", dumps.join(",\n"))
}

fn dump(task: &TaskConfig) -> String {
    let written = BTreeMap::new();
    let words = Words {
        unicode: false,
        written: &written,
    };
    let text = |text: &Option<String>| words.text(text.as_deref());
    let set = |column: usize, set: Option<Vec<String>>| {
        set.map_or_else(none, |elements| {
            broken(["set([", "])"], &elements, column, 4)
        })
    };
    // The name of the field decides how much of the line is left.
    let fields: [(&str, &dyn Fn(usize) -> String); 20] = [
        // Schedulers before 0.12.0 had it.
        ("configuration", &|_| none()),
        ("constraints", &|column| {
            let all = task.constraints.as_ref();
            let all = all.map(|all| all.iter().map(|one| words.constraint(one)).collect());
            set(column, all)
        }),
        ("contactEmail", &|_| text(&task.contact_email)),
        ("container", &|_| words.container(task.container.as_ref())),
        ("diskMb", &|_| display(task.disk_mb)),
        ("environment", &|_| text(&task.environment)),
        ("executorConfig", &|_| {
            task.executor_config.as_ref().map_or_else(none, executor)
        }),
        ("isService", &|_| boolean(task.is_service)),
        ("job", &|_| words.job_key(task.job.as_ref())),
        ("jobName", &|_| text(&task.job_name)),
        ("maxTaskFailures", &|_| display(task.max_task_failures)),
        ("metadata", &|column| {
            let all = task.metadata.as_ref();
            let all = all.map(|all| all.iter().map(|one| words.metadata(one)).collect());
            set(column, all)
        }),
        ("numCpus", &|_| float(task.num_cpus.map(f64::from))),
        ("owner", &|_| words.identity(task.owner.as_ref())),
        ("priority", &|_| display(task.priority)),
        ("production", &|_| boolean(task.production)),
        ("ramMb", &|_| display(task.ram_mb)),
        ("requestedPorts", &|column| {
            let all = task.requested_ports.as_ref();
            let all = all.map(|all| all.iter().map(|one| words.quoted(one)).collect());
            set(column, all)
        }),
        ("taskLinks", &|column| {
            task.task_links.as_ref().map_or_else(none, |links| {
                let link = |(name, link): (&String, &String)| {
                    format!("{}: {}", words.quoted(name), words.quoted(link))
                };
                let links: Vec<String> = links.iter().map(link).collect();
                broken(["{", "}"], &links, column, 0)
            })
        }),
        ("tier", &|_| text(&task.tier)),
    ];
    let lines = fields.map(|(name, value)| {
        let label = format!("{}: ", text_repr(name, false));
        format!("{label}{}", value(2 + label.len()))
    });
    format!("{{ {}}}", lines.join(",\n  "))
}

/// A set or a dictionary that begins in `column`: on one line if it fits, else one element a line,
/// `inside` columns and the indentation of two further right.
fn broken([open, close]: [&str; 2], elements: &[String], column: usize, inside: usize) -> String {
    let is_dict = open == "{";
    let flat = elements.join(", ");
    // A comma or a brace follows, and the last column stays free.
    let fits = open.len() + flat.chars().count() + close.len() <= WIDTH - 2 - column.min(WIDTH - 2);
    let blank = if is_dict || !fits { " " } else { "" };
    if fits {
        return format!("{open}{blank}{flat}{close}");
    }
    let separator = format!(",\n{}", " ".repeat(column + inside + 2));
    format!("{open}{blank}{}{close}", elements.join(&separator))
}

fn executor(executor: &ExecutorConfig) -> String {
    let data = executor.data.as_deref();
    let json = data.and_then(|text| dumps_indented(&parse_json(text).ok()?).ok());
    let data = match json {
        None => bytes(data),
        Some(json) => {
            let lines: Vec<String> = json.lines().map(|line| format!("    {line}")).collect();
            format!("\n    {}", lines.join("\n").replace("\\n", "\n"))
        }
    };
    structure(
        "ExecutorConfig",
        &[("data", data), ("name", bytes(executor.name.as_deref()))],
    )
}

#[cfg(test)]
mod tests {
    use aurora_api::{
        Constraint, Container, Identity, JobKey, LimitConstraint, MesosContainer, Metadata,
        TaskConstraint,
    };

    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn constraint(name: &str) -> Constraint {
        Constraint {
            name: some(name),
            constraint: Some(TaskConstraint::Limit(LimitConstraint { limit: Some(1) })),
        }
    }

    fn task() -> TaskConfig {
        TaskConfig {
            job: Some(JobKey {
                role: some("www"),
                environment: some("prod"),
                name: some("web"),
            }),
            owner: Some(Identity {
                role: some("www"),
                user: some("bob"),
            }),
            job_name: some("web"),
            environment: some("prod"),
            contact_email: some("café"),
            num_cpus: Some(0.25.into()),
            ram_mb: Some(128),
            production: Some(true),
            constraints: Some([constraint("host"), constraint("rack")].into()),
            requested_ports: Some(["http".to_owned(), "admin".to_owned()].into()),
            metadata: Some([].into()),
            task_links: Some([].into()),
            container: Some(Container::Mesos(MesosContainer {})),
            executor_config: Some(ExecutorConfig {
                name: some("AuroraExecutor"),
                data: some(
                    r#"{"name": "web", "cmdline": "echo one\necho \"two\"", "é": [], "cpu": [0.5, {}]}"#,
                ),
            }),
            ..TaskConfig::default()
        }
    }

    #[test]
    fn a_task_looks_as_the_released_client_dumps_it() {
        insta::assert_snapshot!(task_dump([&task()]), @r#"
        { 'configuration': None,
          'constraints': set([ Constraint(name='host', constraint=TaskConstraint(limit=LimitConstraint(limit=1), value=None)),
                               Constraint(name='rack', constraint=TaskConstraint(limit=LimitConstraint(limit=1), value=None))]),
          'contactEmail': 'caf\xc3\xa9',
          'container': Container(docker=None, mesos=MesosContainer()),
          'diskMb': None,
          'environment': 'prod',
          'executorConfig': ExecutorConfig(data=
                {
              "cmdline": "echo one
        echo \"two\"", 
              "cpu": [
                0.5, 
                {}
              ], 
              "name": "web", 
              "\u00e9": []
            }, name='AuroraExecutor'),
          'isService': None,
          'job': JobKey(environment='prod', role='www', name='web'),
          'jobName': 'web',
          'maxTaskFailures': None,
          'metadata': set([]),
          'numCpus': 0.25,
          'owner': Identity(role='www', user='bob'),
          'priority': None,
          'production': True,
          'ramMb': 128,
          'requestedPorts': set(['admin', 'http']),
          'taskLinks': { },
          'tier': None}
        "#);
    }

    #[test]
    fn what_is_unset_is_none_and_tasks_are_separated() {
        let mut plain = TaskConfig {
            metadata: Some(
                [Metadata {
                    key: some("build"),
                    value: some("42"),
                }]
                .into(),
            ),
            task_links: Some(
                [
                    ("a".to_owned(), "http://a".to_owned()),
                    ("b".to_owned(), "x".repeat(60)),
                ]
                .into(),
            ),
            executor_config: Some(ExecutorConfig {
                name: None,
                data: some("not JSON\n"),
            }),
            ..TaskConfig::default()
        };
        let first = task_dump([&plain]);
        plain.priority = Some(-1);
        let both = task_dump([&TaskConfig::default(), &plain]);
        insta::assert_snapshot!(format!("{first}\n{both}"), @r"
        { 'configuration': None,
          'constraints': None,
          'contactEmail': None,
          'container': None,
          'diskMb': None,
          'environment': None,
          'executorConfig': ExecutorConfig(data='not JSON\n', name=None),
          'isService': None,
          'job': None,
          'jobName': None,
          'maxTaskFailures': None,
          'metadata': set([Metadata(value='42', key='build')]),
          'numCpus': None,
          'owner': None,
          'priority': None,
          'production': None,
          'ramMb': None,
          'requestedPorts': None,
          'taskLinks': { 'a': 'http://a',
                         'b': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'},
          'tier': None}

        { 'configuration': None,
          'constraints': None,
          'contactEmail': None,
          'container': None,
          'diskMb': None,
          'environment': None,
          'executorConfig': None,
          'isService': None,
          'job': None,
          'jobName': None,
          'maxTaskFailures': None,
          'metadata': None,
          'numCpus': None,
          'owner': None,
          'priority': None,
          'production': None,
          'ramMb': None,
          'requestedPorts': None,
          'taskLinks': None,
          'tier': None},
        { 'configuration': None,
          'constraints': None,
          'contactEmail': None,
          'container': None,
          'diskMb': None,
          'environment': None,
          'executorConfig': ExecutorConfig(data='not JSON\n', name=None),
          'isService': None,
          'job': None,
          'jobName': None,
          'maxTaskFailures': None,
          'metadata': set([Metadata(value='42', key='build')]),
          'numCpus': None,
          'owner': None,
          'priority': -1,
          'production': None,
          'ramMb': None,
          'requestedPorts': None,
          'taskLinks': { 'a': 'http://a',
                         'b': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'},
          'tier': None}
        ");
    }
}
