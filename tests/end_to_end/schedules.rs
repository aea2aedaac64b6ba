//! Cron jobs, and what the cluster says of quotas and availability.

use serde_json::Value;

use crate::harness::{Machine, example};

#[test]
fn a_cron_job_is_scheduled_started_and_forgotten() {
    let machine = Machine::new();
    let key = "devcluster/tester/prod/nightly_report";
    let file = example("nightly_report.aurora");
    machine
        .aurora(&["job", "create", key, &file])
        .ended_with(4)
        .says("aurora cron schedule");
    machine
        .aurora(&["cron", "schedule", key, &file])
        .succeeded()
        .says("Cron job scheduled, status can be viewed at http://127.0.0.1:");
    let shown = machine.aurora(&["cron", "show", key]).succeeded();
    assert_eq!(shown.stdout, format!("{key}\t 15 3 * * *\n"));
    let json = machine
        .aurora(&["cron", "show", "-o", "json", key])
        .succeeded();
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["schedule"], "15 3 * * *");

    let started = machine.aurora(&["cron", "start", key]).succeeded();
    assert_eq!(started.stdout, "");
    machine.wait_for_status(key, "status: FINISHED");

    machine
        .aurora(&["cron", "deschedule", key])
        .succeeded()
        .says("Cron descheduling succeeded.");
    machine
        .aurora(&["cron", "show", key])
        .ended_with(6)
        .says(&format!("No cron entry found for job {key}"));
}

#[test]
fn quotas_and_availability_are_shown() {
    let machine = Machine::new();
    let key = "devcluster/tester/test/web";
    machine
        .aurora(&[
            "job",
            "create",
            "--wait-until=RUNNING",
            key,
            &example("web_service.aurora"),
        ])
        .succeeded();
    machine
        .aurora(&["quota", "get", "devcluster/tester"])
        .succeeded()
        .says("Allocated:")
        .says("Non-production shared pool resources consumed:");
    let json = machine
        .aurora(&["quota", "get", "-o", "json", "devcluster/tester"])
        .succeeded();
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(
        (json["nonProdSharedConsumption"]["numCpus"]
            .as_f64()
            .unwrap()
            - 0.2)
            .abs()
            < 1e-9
    );
    machine
        .aurora(&["sla", "get-task-up-count", "--durations=0s,7d", key])
        .succeeded()
        .says("0 days\t- 100.00 %")
        .says("7 days\t- 0.00 %");
    machine
        .aurora(&["sla", "get-job-uptime", "--percentiles=50", key])
        .succeeded()
        .says("50.0 percentile\t- ");
}
