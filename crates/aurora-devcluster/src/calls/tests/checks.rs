//! Every check of createJob, and its answer.

use super::*;

#[test]
fn every_check_of_a_job_has_its_answer() {
    let dedicated = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let constraint = TaskConstraint::Value(ValueConstraint {
            negated: Some(false),
            values: Some(values),
        });
        task(|task| {
            task.constraints = Some(BTreeSet::from([Constraint {
                name: text("dedicated"),
                constraint: Some(constraint),
            }]));
        })
    };
    let invalid = ResponseCode::INVALID_REQUEST;
    let cases: Vec<(JobConfiguration, ResponseCode, &str)> = vec![
        (
            changed(|job| job.task_config = None),
            invalid,
            "the job has no task configuration",
        ),
        (
            changed(|job| job.instance_count = None),
            invalid,
            "instanceCount must be greater than 0",
        ),
        (
            changed(|job| job.instance_count = Some(-1)),
            invalid,
            "instanceCount must be greater than 0",
        ),
        (
            changed(|job| job.key = None),
            invalid,
            "job key (none) is not valid",
        ),
        (
            changed(|job| job.key.as_mut().unwrap().name = text("a b")),
            invalid,
            "job key `www/prod/a b` is not valid",
        ),
        (
            changed(|job| job.owner.as_mut().unwrap().user = None),
            invalid,
            "user `` of the owner is not an identifier",
        ),
        (
            changed(|job| job.owner.as_mut().unwrap().role = text("db")),
            invalid,
            "the owner's role `db` is not the role of job www/prod/web",
        ),
        (
            task(|task| task.job_name = text("")),
            invalid,
            "jobName `` is not an identifier",
        ),
        (
            task(|task| task.environment = None),
            invalid,
            "environment `` is not an identifier",
        ),
        (
            task(|task| task.tier = text("a/b")),
            invalid,
            "tier `a/b` is not an identifier",
        ),
        (
            task(|task| task.owner = None),
            ResponseCode::ERROR,
            "the task has a job key but no owner",
        ),
        (
            task(|task| task.owner.as_mut().unwrap().role = text("db")),
            invalid,
            "the task's owner role `db` is not the role of job www/prod/web",
        ),
        (
            task(|task| {
                task.job = None;
                task.owner = None;
            }),
            invalid,
            "the task has neither job key nor owner",
        ),
        (
            task(|task| task.job.as_mut().unwrap().name = text("other")),
            invalid,
            "the task configuration belongs to job `www/prod/other`, not to job www/prod/web",
        ),
        (
            task(|task| task.executor_config = None),
            invalid,
            "the task has no executor configuration",
        ),
        (
            task(|task| task.num_cpus = None),
            invalid,
            "numCpus must be greater than 0",
        ),
        (
            task(|task| task.num_cpus = Some(f64::NAN.into())),
            invalid,
            "numCpus must be greater than 0",
        ),
        (
            task(|task| task.ram_mb = Some(0)),
            invalid,
            "ramMb must be greater than 0",
        ),
        (
            task(|task| task.disk_mb = Some(-1)),
            invalid,
            "diskMb must be greater than 0",
        ),
        (
            task(|task| {
                task.constraints = Some(BTreeSet::from([Constraint {
                    name: text("dedicated"),
                    constraint: Some(TaskConstraint::Limit(LimitConstraint { limit: Some(1) })),
                }]));
            }),
            invalid,
            "a dedicated constraint must name a value",
        ),
        (
            dedicated(&["www/a", "www/b"]),
            invalid,
            "a dedicated constraint must name exactly one value",
        ),
        (
            dedicated(&["db/a"]),
            invalid,
            "only role `db` may use hosts dedicated to `db/a`",
        ),
        (dedicated(&["www"]), invalid, "only role `www` may use"),
        (
            task(|task| task.container = Some(Container::Docker(DockerContainer::default()))),
            invalid,
            "the docker container names no image",
        ),
        (
            task(|task| {
                task.container = Some(Container::Docker(DockerContainer {
                    image: text("i"),
                    parameters: None,
                }));
            }),
            invalid,
            "container type DOCKER is not allowed here",
        ),
        (
            changed(|job| {
                job.cron_schedule = text("* * * * *");
                job.task_config.as_mut().unwrap().is_service = Some(true);
            }),
            invalid,
            "a service cannot have a cron schedule",
        ),
        (
            changed(|job| job.cron_schedule = text("")),
            invalid,
            "job www/prod/web has a cron schedule; use scheduleCronJob for it",
        ),
        (
            changed(|job| job.instance_count = Some(4001)),
            invalid,
            "job www/prod/web would have more than 4000",
        ),
        (
            changed(|job| {
                let long = text(&"n".repeat(130));
                job.key.as_mut().unwrap().name.clone_from(&long);
                let task = job.task_config.as_mut().unwrap();
                task.job.as_mut().unwrap().name.clone_from(&long);
                task.job_name = long;
            }),
            invalid,
            "task ids of job",
        ),
    ];
    let mut bench = Bench::new();
    for (description, code, message) in cases {
        let reply = create(&mut bench, &description);
        assert_eq!(reply.code, code, "{message}: {}", message_of(&reply));
        assert!(
            message_of(&reply).starts_with(message),
            "{}",
            message_of(&reply)
        );
        assert_eq!(reply.result, None);
    }
    assert!(bench.states().is_empty());
    let missing = create_job(&mut bench.engine, 0, &CreateJob::default()).unwrap_err();
    assert_eq!(missing.code, ResponseCode::ERROR);
    assert_eq!(
        create(&mut bench, &dedicated(&["www/a"])).code,
        ResponseCode::OK
    );
}
