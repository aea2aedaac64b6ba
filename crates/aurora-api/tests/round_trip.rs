//! What is written is read back as it was, whatever the values are.

// Helpers of tests, which may fail as tests do.
#![allow(clippy::unwrap_used)]

use aurora_api::calls::{AnyCall, CreateJob, KillTasks, Service};
use aurora_api::message::{self, Protocol, ReplyBody};
use aurora_api::tjson::{TJsonInput, TJsonOutput};
use aurora_api::{
    Constraint, Container, CronCollisionPolicy, ExecutorConfig, JobConfiguration, JobKey,
    LimitConstraint, Limits, MesosContainer, Metadata, Response, ResponseCode, ResponseDetail,
    Result as ApiResult, ScheduleStatus, ScheduleStatusResult, ScheduledTask, TaskConfig,
    TaskConstraint, TaskEvent, TaskQuery, ValueConstraint,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use thrift::protocol::{
    TInputProtocol, TListIdentifier, TMapIdentifier, TOutputProtocol, TSerializable, TType,
};

/// Text with everything that needs care: quotes, controls, all planes.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "\\PC{0,6}", any::<String>()]
}

/// Doubles with at most twelve significant digits: the rest is lost on the wire.
fn short_double() -> impl Strategy<Value = f64> {
    (-999_999_999_999i64..=999_999_999_999, -40i32..40)
        .prop_map(|(digits, exponent)| format!("{digits}e{exponent}").parse().unwrap())
}

fn job_key() -> impl Strategy<Value = JobKey> {
    (option::of(text()), option::of(text()), option::of(text())).prop_map(
        |(role, environment, name)| JobKey {
            role,
            environment,
            name,
        },
    )
}

fn constraint() -> impl Strategy<Value = Constraint> {
    let kind = prop_oneof![
        (
            option::of(any::<bool>()),
            option::of(btree_set(text(), 0..4))
        )
            .prop_map(|(negated, values)| TaskConstraint::Value(ValueConstraint {
                negated,
                values
            })),
        option::of(any::<i32>()).prop_map(|limit| TaskConstraint::Limit(LimitConstraint { limit })),
    ];
    (option::of(text()), option::of(kind))
        .prop_map(|(name, constraint)| Constraint { name, constraint })
}

fn task_config() -> impl Strategy<Value = TaskConfig> {
    (
        option::of(job_key()),
        option::of(any::<bool>()),
        option::of(short_double()),
        option::of(any::<i64>()),
        option::of(btree_set(constraint(), 0..4)),
        option::of(btree_map(text(), text(), 0..4)),
        option::of(text()),
        option::of(any::<bool>()),
        option::of(btree_set(text(), 0..3)),
    )
        .prop_map(
            |(job, service, cpus, ram, constraints, links, data, mesos, keys)| TaskConfig {
                job,
                is_service: service,
                num_cpus: cpus.map(Into::into),
                ram_mb: ram,
                constraints,
                task_links: links,
                executor_config: data.map(|data| ExecutorConfig {
                    name: None,
                    data: Some(data),
                }),
                container: mesos
                    .filter(|mesos| *mesos)
                    .map(|_| Container::Mesos(MesosContainer::default())),
                metadata: keys.map(|keys| {
                    keys.into_iter()
                        .map(|key| Metadata {
                            key: Some(key),
                            value: None,
                        })
                        .collect()
                }),
                ..TaskConfig::default()
            },
        )
}

fn task() -> impl Strategy<Value = ScheduledTask> {
    let event = (option::of(any::<i64>()), any::<i32>(), option::of(text())).prop_map(
        |(timestamp, status, message)| TaskEvent {
            timestamp,
            status: Some(ScheduleStatus(status)),
            message,
            scheduler: None,
        },
    );
    (any::<i32>(), option::of(vec(event, 0..4))).prop_map(|(failures, task_events)| ScheduledTask {
        failure_count: Some(failures),
        task_events,
        ..ScheduledTask::default()
    })
}

fn written(write: impl FnOnce(&mut TJsonOutput) -> thrift::Result<()>) -> Vec<u8> {
    let mut output = TJsonOutput::new();
    write(&mut output).unwrap();
    output.into_bytes()
}

proptest! {
    #[test]
    fn calls_come_back(
        task in option::of(task_config()),
        key in option::of(job_key()),
        policy in option::of(any::<i32>()),
        count in option::of(any::<i32>()),
    ) {
        let call = CreateJob {
            description: Some(JobConfiguration {
                key,
                task_config: task,
                cron_collision_policy: policy.map(CronCollisionPolicy),
                instance_count: count,
                ..JobConfiguration::default()
            }),
            lock: None,
        };
        let bytes = message::encode_call(&call);
        prop_assert!(bytes.iter().all(|byte| matches!(byte, b' '..=b'~')), "not plain ASCII");
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
        let incoming = message::decode_call(&bytes, &Limits::REQUEST).unwrap();
        let binary = message::encode_call_as(Protocol::Binary, &call);
        let call = AnyCall::from(call);
        prop_assert_eq!(&incoming.call, &call);
        let incoming = message::decode_call_as(Protocol::Binary, &binary, &Limits::REQUEST).unwrap();
        prop_assert_eq!(incoming.call, call);
    }

    #[test]
    fn replies_come_back(
        tasks in vec(task(), 0..5),
        code in any::<i32>(),
        details in vec(text(), 0..3),
        sequence in any::<i32>(),
        method in text(),
    ) {
        let response = Response {
            response_code: Some(ResponseCode(code)),
            result: Some(ApiResult::ScheduleStatusResult(ScheduleStatusResult { tasks: Some(tasks) })),
            details: Some(details.into_iter().map(|text| ResponseDetail { message: Some(text) }).collect()),
            server_info: None,
        };
        for protocol in [Protocol::Json, Protocol::Binary] {
            let bytes = message::encode_reply_as(protocol, &method, sequence, &response);
            let reply = message::decode_reply_as(protocol, &bytes, &Limits::default()).unwrap();
            prop_assert_eq!(&reply.method, &method);
            prop_assert_eq!(reply.sequence, sequence);
            prop_assert_eq!(reply.body, ReplyBody::Response(response.clone()));
        }
    }

    /// Twelve digits are as near as the wire comes.
    #[test]
    fn doubles_keep_twelve_digits(value in any::<f64>()) {
        let bytes = written(|output| output.write_double(value));
        let mut input = TJsonInput::new(&bytes, &Limits::default()).unwrap();
        // The largest numbers round up to infinity, which the reader refuses.
        if value.abs() < 1.797_693_134_86e308 || !value.is_finite() {
            let back = input.read_double().unwrap();
            let same = back == value || (back.is_nan() && value.is_nan());
            prop_assert!(same || ((back - value) / value).abs() < 1e-11 || value.abs() < 1e-300);
        }
    }

    #[test]
    fn binary_comes_back_with_and_without_padding(bytes in vec(any::<u8>(), 0..40)) {
        let text = String::from_utf8(written(|output| output.write_bytes(&bytes))).unwrap();
        for text in [text.clone(), text.replace('=', "")] {
            let mut input = TJsonInput::new(text.as_bytes(), &Limits::default()).unwrap();
            prop_assert_eq!(input.read_bytes().unwrap(), bytes.clone());
        }
    }

    /// No map of the API has numbers for keys, but the encoding does.
    #[test]
    fn maps_with_numbers_for_keys_come_back(entries in btree_map(any::<i64>(), any::<f64>(), 0..5)) {
        let bytes = written(|output| {
            let size = i32::try_from(entries.len()).unwrap();
            output.write_map_begin(&TMapIdentifier::new(TType::I64, TType::List, size))?;
            for (key, value) in &entries {
                output.write_i64(*key)?;
                output.write_list_begin(&TListIdentifier::new(TType::Bool, 1))?;
                output.write_bool(*value > 0.0)?;
                output.write_list_end()?;
            }
            output.write_map_end()
        });
        let mut input = TJsonInput::new(&bytes, &Limits::default()).unwrap();
        let size = input.read_map_begin().unwrap().size;
        prop_assert_eq!(usize::try_from(size).unwrap(), entries.len());
        for (key, value) in &entries {
            prop_assert_eq!(input.read_i64().unwrap(), *key);
            prop_assert_eq!(input.read_list_begin().unwrap().size, 1);
            prop_assert_eq!(input.read_bool().unwrap(), *value > 0.0);
            input.read_list_end().unwrap();
        }
        input.read_map_end().unwrap();
        prop_assert!(input.finish().is_ok());
    }
}

#[test]
fn keys_are_quoted_and_sets_are_sorted() {
    let bytes = written(|output| {
        output.write_map_begin(&TMapIdentifier::new(TType::Double, TType::Bool, 2))?;
        output.write_double(0.5)?;
        output.write_bool(true)?;
        output.write_double(f64::NAN)?;
        output.write_bool(false)?;
        output.write_map_end()
    });
    assert_eq!(bytes, br#"["dbl","tf",2,{"0.5":1,"NaN":0}]"#);
    let mut input = TJsonInput::new(&bytes, &Limits::default()).unwrap();
    input.read_map_begin().unwrap();
    assert_eq!(input.read_double().unwrap(), 0.5);
    assert!(input.read_bool().unwrap());
    assert!(input.read_double().unwrap().is_nan());

    let query = TaskQuery {
        statuses: Some([ScheduleStatus::ASSIGNED, ScheduleStatus::PENDING].into()),
        ..TaskQuery::default()
    };
    let bytes = written(|output| query.write_to_out_protocol(output));
    assert_eq!(bytes, br#"{"5":{"set":["i32",2,0,9]}}"#);
}

#[test]
fn every_method_is_there_once() {
    assert_eq!(AnyCall::METHODS.len(), 43);
    let mut by_service = [0; 3];
    for method in AnyCall::METHODS {
        let body = format!("[1,\"{method}\",1,0,{{}}]");
        let incoming = message::decode_call(body.as_bytes(), &Limits::REQUEST).unwrap();
        assert_eq!(incoming.method(), *method);
        assert_eq!(message::encode_any_call(&incoming.call, 0), body.as_bytes());
        by_service[match incoming.call.service() {
            Service::ReadOnlyScheduler => 0,
            Service::AuroraSchedulerManager => 1,
            _ => 2,
        }] += 1;
    }
    assert_eq!(by_service, [13, 15, 15]);
}

/// Release 0.12.0 is not the last: what it does not know is passed over.
#[test]
fn unknown_fields_are_skipped_and_unknown_numbers_kept() {
    let body = br#"[1,"m",2,0,{"0":{"rec":{"1":{"i32":42},"900":{"map":["str","rec",1,{"a":{"1":{"tf":1},"2":{"dbl":"NaN"}}}]},"-3":{"set":["str",2,"x","\u00e9"]}}}}]"#;
    let reply = message::decode_reply(body, &Limits::default()).unwrap();
    let ReplyBody::Response(response) = reply.body else {
        panic!("no response");
    };
    assert_eq!(
        response,
        Response {
            response_code: Some(ResponseCode(42)),
            ..Response::default()
        }
    );
}

#[test]
fn nothing_is_set_until_it_is() {
    let empty = |bytes: Vec<u8>| assert_eq!(bytes, b"{}");
    empty(written(|output| {
        TaskConfig::default().write_to_out_protocol(output)
    }));
    empty(written(|output| {
        TaskQuery::default().write_to_out_protocol(output)
    }));
    empty(written(|output| {
        KillTasks::default().write_to_out_protocol(output)
    }));
    empty(written(|output| {
        Response::default().write_to_out_protocol(output)
    }));
}
