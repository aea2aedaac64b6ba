//! The JSON Schema against the loader, judged by an independent validator.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use aurora_testkit::left_out;

use super::*;
use pystachio::{Data, parse_json};

use crate::{Configuration, Error, LoadOptions, schema::Schema};

const BOTH: [Compat; 2] = Compat::ALL;

/// Reads a schema and instances, checks the schema itself, and says of each instance whether it fits.
const VALIDATOR: &str = "
import json, sys
from jsonschema import Draft202012Validator as Validator
given = json.load(sys.stdin)
Validator.check_schema(given['schema'])
validator = Validator(given['schema'])
print(json.dumps([validator.is_valid(instance) for instance in given['instances']]))
";

/// Whether each instance fits; nothing where the validator is not installed.
fn verdicts(schema: &Value, instances: &[Value]) -> Option<Vec<bool>> {
    let there = Command::new("python3")
        .args(["-c", "from jsonschema import Draft202012Validator"])
        .stderr(Stdio::null())
        .status();
    let is_installed = there.is_ok_and(|status| status.success());
    let what = "the Python module jsonschema";
    if !left_out::unless(is_installed, what, &["python3-jsonschema"]) {
        return None;
    }
    let mut validator = Command::new("python3")
        .args(["-c", VALIDATOR])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let given = json!({"schema": schema, "instances": instances}).to_string();
    let mut stdin = validator.stdin.take().unwrap();
    stdin.write_all(given.as_bytes()).unwrap();
    drop(stdin);
    let output = validator.wait_with_output().unwrap();
    assert!(output.status.success(), "the validator refused the schema");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn options(compat: Compat) -> LoadOptions {
    LoadOptions {
        compat,
        ..LoadOptions::default()
    }
}

/// Loads every job of a configuration as far as the scheduler would get it.
fn load(configuration: &Value, options: &LoadOptions) -> Result<(), Error> {
    let configuration = Configuration::from_json(&configuration.to_string(), options)?;
    for key in configuration.job_keys() {
        let key = key.parse().map_err(|_| Error::NoJobs)?;
        configuration.job(&key)?.to_job_configuration("me")?;
    }
    Ok(())
}

/// Whether the object model takes a job, apart from every rule beyond types.
fn fits_its_type(job: &Value) -> bool {
    let data = parse_json(&job.to_string()).unwrap();
    let ty = Schema::of(Compat::Documented).ty(JOB);
    ty.construct(vec![data], Vec::new())
        .is_ok_and(|object| object.check().is_ok())
}

/// A job that loads, with at least one of each struct.
fn full_job() -> Value {
    json!({
        "cluster": "west", "role": "www", "environment": "prod", "name": "web", "instances": 2,
        "announce": {},
        "constraints": {"host": "limit:1"},
        "task_links": {"stats": "http://localhost"},
        "container": {"docker": {"image": "web", "parameters": [{"name": "memory", "value": "64m"}]}},
        "health_check_config": {"health_checker": {
            "http": {}, "shell": {"shell_command": "true"},
        }},
        "lifecycle": {"http": {}},
        "update_config": {"pulse_interval_secs": 60},
        "task": {
            "processes": [
                {"name": "serve", "cmdline": "serve {{thermos.ports[http]}}",
                 "logger": {"mode": "rotate", "rotate": {}},
                 "resources": {"cpu": 1, "ram": 1, "disk": 1}},
                {"name": "watch", "cmdline": "watch"},
            ],
            "constraints": [{"order": ["serve", "watch"]}],
            "resources": {"cpu": 0.5, "ram": 67108864, "disk": 67108864},
        },
    })
}

/// The place of one of each struct below `at`, as JSON pointers.
fn places(structure: &Struct, at: &str, job: &Value) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for field in structure.fields {
        let element = match field.ty {
            FieldType::List(_) => "/0",
            _ => "",
        };
        let place = format!("{at}/{}{element}", field.name);
        let Some(of) = STRUCTS.iter().find(|it| named(&field.ty) == Some(it.name)) else {
            continue;
        };
        if job.pointer(&place).is_some() {
            found.push((of.name, place.clone()));
            found.extend(places(of, &place, job));
        }
    }
    found
}

/// The job with every field of every struct in turn left out, set to one of many values, or joined
/// by a field that does not exist.
fn variants() -> Vec<(String, Value)> {
    let values = json!([
        null, true, 3, 2.5, "7", " 7 ", "2.5", "-1e3", "inf", "x", "TRUE", "0", "file", "", "{{n}}",
        [], ["a"], [1, 2, 3], [[]], [null], {}, {"a": "b"}, {"a": null}, {"a": []}
    ]);
    let full = full_job();
    let job = reachable(JOB)[0];
    let mut all = vec![(JOB, String::new())];
    all.extend(places(job, "", &full));
    let mut variants = Vec::new();
    for (name, place) in all {
        let structure = STRUCTS.iter().find(|it| it.name == name).unwrap();
        let mut add = |what: String, change: &dyn Fn(&mut Map<String, Value>)| {
            let mut job = full.clone();
            change(job.pointer_mut(&place).unwrap().as_object_mut().unwrap());
            variants.push((format!("{place}/{what}"), job));
        };
        for field in structure.fields {
            add(format!("{} left out", field.name), &|object| {
                object.remove(field.name);
            });
            for value in values.as_array().unwrap() {
                add(format!("{} = {value}", field.name), &|object| {
                    object.insert(field.name.to_owned(), value.clone());
                });
            }
        }
        add("no_such_field".to_owned(), &|object| {
            object.insert("no_such_field".to_owned(), json!("x"));
        });
    }
    variants
}

#[test]
fn the_full_job_has_every_struct_and_loads() {
    let full = full_job();
    let places = places(reachable(JOB)[0], "", &full);
    for structure in reachable(JOB).iter().skip(1) {
        let found = places.iter().any(|(name, _)| *name == structure.name);
        assert!(found, "{}", structure.name);
    }
    for compat in BOTH {
        load(&full, &options(compat)).unwrap();
    }
}

#[test]
fn the_schema_agrees_with_the_loader_on_every_field() {
    let variants = variants();
    let jobs: Vec<Value> = variants.iter().map(|(_, job)| job.clone()).collect();
    for compat in BOTH {
        let Some(verdicts) = verdicts(&json_schema(compat), &jobs) else {
            return;
        };
        let mut wrong = Vec::new();
        for ((what, job), fits) in variants.iter().zip(verdicts) {
            let template = what.contains("{{n}}");
            let (strict, options) = (compat.environment_is_required(), options(compat));
            // What is wrong in itself must be refused; a job without environment is not, by default.
            let environment = what == "/environment left out" && !strict;
            if fits && !template && !environment && !fits_its_type(job) {
                wrong.push(format!("{what} is accepted"));
            }
            if !fits && load(job, &options).is_ok() {
                wrong.push(format!("{what} is refused"));
            }
        }
        assert!(wrong.is_empty(), "{compat}: {wrong:#?}");
    }
}

#[test]
fn every_single_value_may_be_a_template() {
    let templates: Vec<_> = variants()
        .into_iter()
        .filter(|(what, _)| what.ends_with("\"{{n}}\""))
        .collect();
    let jobs: Vec<Value> = templates.iter().map(|(_, job)| job.clone()).collect();
    let Some(verdicts) = verdicts(&json_schema(Compat::Documented), &jobs) else {
        return;
    };
    let fields = reachable(JOB).into_iter().flat_map(|it| it.fields);
    let single = |ty: &FieldType| match ty {
        FieldType::Named(name) => ENUMS.iter().any(|it| it.name == *name),
        FieldType::List(_) | FieldType::Map(..) => false,
        _ => true,
    };
    for ((what, _), fits) in templates.iter().zip(verdicts) {
        let (name, _) = what.rsplit('/').next().unwrap().split_once(' ').unwrap();
        let mut fields = fields.clone().filter(|field| field.name == name);
        assert_eq!(fits, fields.any(|field| single(&field.ty)), "{what}");
    }
}

#[test]
fn recorded_configurations_fit_if_they_load() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/config");
    let (mut configurations, mut loads) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(recorded).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(case) = fs::read_to_string(folder.join("case.json")) else {
            continue;
        };
        let case: Value = serde_json::from_str(&case).unwrap();
        let args: Vec<&str> = case["args"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let Some(file) = args.iter().find(|arg| arg.ends_with(".json")) else {
            continue;
        };
        let text = fs::read_to_string(folder.join(file)).unwrap();
        // A schema cannot judge a text that is not JSON.
        let Ok(configuration) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        let mut options = options(Compat::Documented);
        let bindings = args.windows(2).filter(|pair| pair[0] == "--bind");
        options.bindings = bindings.map(|pair| pair[1].parse().unwrap()).collect();
        loads.push(load(&configuration, &options).is_ok());
        configurations.push(configuration);
    }
    assert!(loads.contains(&true) && loads.contains(&false));
    if let Some(verdicts) = verdicts(&json_schema(Compat::Documented), &configurations) {
        assert_eq!(verdicts, loads, "{configurations:#?}");
    }
}

#[test]
fn a_default_that_is_written_out_changes_nothing() {
    for compat in BOTH {
        let schema = json_schema(compat);
        for structure in reachable(JOB) {
            let ty = Schema::of(compat).ty(structure.name);
            let plain = ty.construct(Vec::new(), Vec::new()).unwrap();
            for field in structure.fields {
                let described = &schema["$defs"][structure.name]["properties"][field.name];
                assert_eq!(described["description"], field.meaning);
                let Some(default) = described.get("default") else {
                    let object = plain.field(field.name).unwrap();
                    assert!(object.is_none(), "{}.{}", structure.name, field.name);
                    continue;
                };
                if matches!(field.presence, Presence::FromKey) {
                    continue;
                }
                let default: Data = parse_json(&default.to_string()).unwrap();
                let written = plain
                    .refine(vec![(field.name.to_owned(), default)])
                    .unwrap();
                assert!(
                    written.equals(&plain).unwrap(),
                    "{compat}: {}.{}",
                    structure.name,
                    field.name
                );
            }
        }
    }
}

#[test]
fn a_definition_reads_well() {
    let schema = json_schema(Compat::Documented);
    let definitions = json!({
        "HealthCheckConfig": schema["$defs"]["HealthCheckConfig"],
        "LoggerMode": schema["$defs"]["LoggerMode"],
        "Integer": schema["$defs"]["Integer"],
    });
    insta::assert_snapshot!(serde_json::to_string_pretty(&definitions).unwrap());
}
