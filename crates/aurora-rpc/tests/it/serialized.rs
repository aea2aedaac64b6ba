//! Results as JSON, written and read by the feature `serde`.

use std::fmt::Debug;

use aurora_api::{JobUpdateKey, JobUpdateStatus, ScheduleStatus};
use aurora_jobkey::JobKey;
use aurora_rpc::operations::sla::{Percentile, TimeSpan, Uptimes};
use aurora_rpc::operations::{
    Activity, CreatedStep, FailedInstance, Goal, Hooks, RestartOptions, RestartOutcome, Stage,
    UpdateEnd, UpdateFilter, check_active, job_status, restart,
};
use aurora_rpc::{KerberosProblem, Reply, Started};
use aurora_testkit::ScriptedScheduler;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::server::Clients;

/// Writes a value and reads it again; the text.
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
    text
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn job() -> JobKey {
    JobKey::new("west", "www", "prod", "web").unwrap()
}

#[test]
fn names_are_written_in_snake_case() {
    assert_eq!(
        round_trip(&Goal::RunningOrFinished),
        r#""running_or_finished""#
    );
    assert_eq!(round_trip(&Stage::NotSent), r#""not_sent""#);
    assert_eq!(round_trip(&CreatedStep::Waiting), r#""waiting""#);
    let problem = KerberosProblem::TicketExpired;
    assert_eq!(round_trip(&problem), r#""ticket_expired""#);
}

#[test]
fn availability_is_written_in_numbers_and_checked_when_read() {
    let span: TimeSpan = "1h30m".parse().unwrap();
    assert_eq!(round_trip(&span), "5400");
    let percentile: Percentile = "99.5".parse().unwrap();
    assert_eq!(round_trip(&percentile), "99.5");
    insta::assert_snapshot!(read::<Percentile>("100.0").unwrap_err(), @"`100` is not a percentile; write a number greater than 0 and less than 100");
    let uptimes: Uptimes = read("[30,-1,7]").unwrap();
    assert_eq!(round_trip(&uptimes), "[-1,7,30]");
}

#[test]
fn a_failed_instance_has_the_name_of_its_state() {
    let text = r#"{"instance":3,"status":"FAILED","message":"exit code 1"}"#;
    let failed: FailedInstance = read(text).unwrap();
    assert_eq!(failed.status, ScheduleStatus::FAILED);
    assert_eq!(round_trip(&failed), text);
}

#[test]
fn a_filter_of_updates_has_the_names_of_states() {
    let text = r#"{"statuses":["ROLLED_BACK"],"user":"alice"}"#;
    assert_eq!(round_trip(&read::<UpdateFilter>(text).unwrap()), text);
    assert_eq!(read::<UpdateFilter>("{}").unwrap(), UpdateFilter::default());
}

#[tokio::test]
async fn a_reply_keeps_its_messages_and_its_server() {
    let server = ScriptedScheduler::running([("www/prod/web", 2)]);
    let reply = check_active(&server.once(), &job(), &"1-2".parse().unwrap()).await;
    let reply: Reply<Activity> = reply.unwrap();
    let text = round_trip(&reply);
    assert!(
        text.starts_with(r#"{"value":{"active":"0-1","missing":"2"},"messages":["#),
        "{text}"
    );
    let full = r#"{"value":null,"messages":["done"],"server":{"cluster_name":"west","stats_url_prefix":""}}"#;
    assert_eq!(round_trip(&read::<Reply<()>>(full).unwrap()), full);
}

#[tokio::test]
async fn the_outcome_of_a_restart_keeps_its_limits() {
    let server = ScriptedScheduler::running([("www/prod/web", 2)]);
    let (client, _) = server.patient();
    let options = RestartOptions::default().max_failed_instances(7);
    let outcome = restart(&client, &job(), None, &options, &Hooks::none(), |_| ()).await;
    let text = round_trip::<RestartOutcome>(&outcome.unwrap());
    assert!(
        text.contains(r#""end":"restarted","restarted":"0-1""#),
        "{text}"
    );
    let partial: RestartOptions = read(r#"{"max_failed_instances":7}"#).unwrap();
    assert_eq!(partial, options);
}

#[tokio::test]
async fn tasks_and_updates_are_written_by_the_names_of_the_idl() {
    let server = ScriptedScheduler::running([("www/prod/web", 1)]);
    let (client, _) = server.patient();
    let status = job_status(&client, &job()).await.unwrap().value;
    let written = serde_json::to_value(&status).unwrap();
    assert_eq!(written["inactive"], serde_json::json!([]));
    let task = &written["active"][0];
    assert_eq!(*task, aurora_api::to_json(&status.active[0]));
    // Inside of structs, enumerations are the numbers of the wire.
    assert_eq!(task["status"], 2);

    let key = JobUpdateKey {
        job: None,
        id: Some("u-1".to_owned()),
    };
    let started = serde_json::to_string(&Started::Confirmed(key)).unwrap();
    assert_eq!(started, r#"{"confirmed":{"id":"u-1"}}"#);
    let end = serde_json::to_string(&UpdateEnd::Over(JobUpdateStatus::ROLLED_FORWARD)).unwrap();
    assert_eq!(end, r#"{"over":"ROLLED_FORWARD"}"#);
}
