//! What people and tools see: names, groups of states, the JSON view.

use aurora_api::{
    ACTIVE_JOB_UPDATE_STATES, ACTIVE_STATES, Constraint, GOOD_IDENTIFIER_PATTERN, InstanceKey,
    JobKey, JobUpdateStatus, LIVE_STATES, LimitConstraint, ResourceAggregate,
    SLAVE_ASSIGNED_STATES, ScheduleStatus, TERMINAL_STATES, TaskConfig, TaskConstraint, TaskQuery,
    message, to_json,
};
use serde_json::json;

#[test]
fn enums_print_their_names() {
    assert_eq!(ScheduleStatus::RUNNING.to_string(), "RUNNING");
    assert_eq!(format!("{:>9}", ScheduleStatus::LOST), "     LOST");
    assert_eq!(ScheduleStatus(99).to_string(), "99");
    assert_eq!(ScheduleStatus(99).name(), None);
    assert_eq!(
        JobUpdateStatus::from_name("ROLLED_BACK"),
        Some(JobUpdateStatus::ROLLED_BACK)
    );
    assert_eq!(JobUpdateStatus::from_name("rolled_back"), None);
    for status in ScheduleStatus::ENUM_VALUES {
        let name = status.name();
        assert_eq!(name.and_then(ScheduleStatus::from_name), Some(*status));
    }
}

#[test]
fn enums_read_back_from_their_text() {
    for status in JobUpdateStatus::ENUM_VALUES {
        assert_eq!(status.to_string().parse(), Ok(*status));
    }
    assert_eq!("99".parse(), Ok(ScheduleStatus(99)));
    let error = "running".parse::<ScheduleStatus>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"running\" is not a ScheduleStatus: expected a name as the API writes it, or a number"
    );
    assert_eq!(ScheduleStatus::from(2), ScheduleStatus::RUNNING);
    assert_eq!(i32::from(ScheduleStatus::RUNNING), 2);
}

#[test]
fn debug_output_has_names() {
    let query = TaskQuery {
        statuses: Some([ScheduleStatus::RUNNING, ScheduleStatus(99)].into()),
        ..TaskQuery::default()
    };
    let shown = format!("{query:?}");
    assert!(shown.contains("{RUNNING, ScheduleStatus(99)}"), "{shown}");
    let kind = message::ExceptionKind::INTERNAL_ERROR;
    assert_eq!(format!("{kind:?}"), "INTERNAL_ERROR");
}

#[test]
fn serde_takes_names_and_numbers() {
    let status = |json| serde_json::from_value::<ScheduleStatus>(json);
    assert_eq!(status(json!("LOST")).unwrap(), ScheduleStatus::LOST);
    assert_eq!(status(json!(7)).unwrap(), ScheduleStatus::LOST);
    assert_eq!(status(json!(-1)).unwrap(), ScheduleStatus(-1));
    let shown = serde_json::to_value([ScheduleStatus::LOST, ScheduleStatus(99)]).unwrap();
    assert_eq!(shown, json!(["LOST", 99]));
    for bad in [
        json!("lost"),
        json!(1i64 << 40),
        json!(-1i64 << 40),
        json!(1.5),
    ] {
        assert!(status(bad).is_err());
    }
    let error = status(json!(true)).unwrap_err().to_string();
    assert!(
        error.contains("a name or number of ScheduleStatus"),
        "{error}"
    );
}

#[test]
fn keys_are_those_of_a_scheduler() {
    let task: aurora_jobkey::TaskInstanceKey = "west/www/prod/web/7".parse().unwrap();
    let key = InstanceKey::from(&task);
    assert_eq!(key.instance_id, Some(7));
    let job = key.job_key.unwrap();
    assert_eq!(job.in_cluster("west").as_ref(), Ok(task.job()));
    assert!(JobKey::default().in_cluster("west").is_err());
    let huge = task.job().clone().with_instance(u32::MAX);
    assert_eq!(InstanceKey::from(&huge).instance_id, Some(i32::MAX));
}

/// The groups as the release defines them.
#[test]
fn states_fall_into_groups() {
    let numbers = |states: &[ScheduleStatus]| -> Vec<i32> { states.iter().map(|s| s.0).collect() };
    assert_eq!(numbers(ACTIVE_STATES), [0, 1, 2, 6, 9, 12, 13, 16, 17]);
    assert_eq!(numbers(SLAVE_ASSIGNED_STATES), [1, 2, 6, 9, 12, 13, 17]);
    assert_eq!(numbers(LIVE_STATES), [2, 6, 12, 13, 17]);
    assert_eq!(numbers(TERMINAL_STATES), [3, 4, 5, 7]);
    let updates: Vec<i32> = ACTIVE_JOB_UPDATE_STATES.iter().map(|s| s.0).collect();
    assert_eq!(updates, [0, 1, 2, 3, 9, 10]);

    assert!(ScheduleStatus::THROTTLED.is_active() && !ScheduleStatus::THROTTLED.is_assigned());
    assert!(ScheduleStatus::KILLING.is_live() && ScheduleStatus::LOST.is_terminal());
    assert!(!ScheduleStatus::INIT.is_active() && !ScheduleStatus::INIT.is_terminal());
    assert!(JobUpdateStatus::ROLL_BACK_PAUSED.is_active() && !JobUpdateStatus::FAILED.is_active());
}

#[test]
fn the_pattern_of_identifiers_has_its_backslashes() {
    assert_eq!(GOOD_IDENTIFIER_PATTERN, "^[\\w\\-\\.]+$");
}

#[test]
fn the_view_has_the_names_of_the_idl() {
    let limit = TaskConstraint::Limit(LimitConstraint { limit: Some(2) });
    let constraint = |name: &str| Constraint {
        name: Some(name.into()),
        constraint: Some(limit.clone()),
    };
    let task = TaskConfig {
        num_cpus: Some(1.0.into()),
        is_service: Some(true),
        constraints: Some([constraint("rack"), constraint("host")].into()),
        task_links: Some([("http".to_owned(), "é".to_owned())].into()),
        requested_ports: Some(Default::default()),
        ..TaskConfig::default()
    };
    let view = to_json(&task);
    assert_eq!(
        view,
        json!({
            "isService": true,
            "numCpus": 1.0,
            "constraints": [
                {"name": "host", "constraint": {"limit": {"limit": 2}}},
                {"name": "rack", "constraint": {"limit": {"limit": 2}}},
            ],
            "requestedPorts": [],
            "taskLinks": {"http": "é"},
        })
    );
    assert!(view.to_string().contains("\"numCpus\":1.0"));
}

#[test]
fn numbers_ascend_in_the_view() {
    let query = TaskQuery {
        instance_ids: Some([9, 10].into()),
        statuses: Some([ScheduleStatus::RUNNING].into()),
        ..TaskQuery::default()
    };
    assert_eq!(
        to_json(&query).to_string(),
        r#"{"statuses":[2],"instanceIds":[9,10]}"#
    );
    assert_eq!(to_json(&ScheduleStatus::LOST), json!(7));
    let endless = ResourceAggregate {
        num_cpus: Some(f64::INFINITY.into()),
        ..ResourceAggregate::default()
    };
    assert_eq!(to_json(&endless), json!({"numCpus": "Infinity"}));
}
