//! Evaluating configuration files as `job inspect` does: loading, choosing, checking and converting one job.
//!
//! - `inspect`: a job of five processes, a file of 200 jobs of ten, and a job of 500 processes with six references
//!   each. The first is little more than the start of the interpreter.
//! - `processes`: one job of more and more processes. Twice the processes may cost 2.2 times as much.
//! - `template`: resolving texts alone. `dictionaries`: executor data whose keys are in Python 2's order.
//!
//! Memory is that of a whole process, which a benchmark cannot see from inside: write a file with
//! `AURORA_BENCH_WRITE=FOLDER cargo bench -p aurora-config -p aurora-cli --bench evaluate -- --list`, and run
//! `/usr/bin/time -v aurora job inspect west/www/prod/job0 FOLDER/one_job_of_500_processes.aurora`. "Maximum resident
//! set size" is to stay below 80 MB.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot set itself up has failed"
)]

use std::{fmt::Write as _, hint::black_box, path::Path, time::Duration};

use aurora_config::{Configuration, LoadOptions};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use pystachio::substitute;

/// A file of `jobs` jobs, each of `processes` processes in a sequence, each with `references` references.
fn file(jobs: usize, processes: usize, references: usize) -> String {
    let mut text = String::from("class Profile(Struct):\n  unused = String\n");
    for i in 0..references {
        let _ = writeln!(text, "  v{i} = Default(String, 'value{i}')");
    }
    let tags: String = (0..references)
        .map(|i| format!(" {{{{profile.v{i}}}}}"))
        .collect();
    let _ = write!(
        text,
        "jobs = []\n\
         for j in range({jobs}):\n  \
           processes = []\n  \
           for i in range({processes}):\n    \
             processes.append(Process(name = 'p%d' % i, cmdline = 'run %d of %d{tags}' % (i, j)))\n  \
           task = SequentialTask(name = 'job%d' % j, processes = processes,\n                       \
             resources = Resources(cpu = 1, ram = 1 * GB, disk = 1 * GB))\n  \
           jobs.append(Service(cluster = 'west', role = 'www', environment = 'prod', name = 'job%d' % j,\n                      \
             contact = 'www@example.com', task = task).bind(profile = Profile()))\n"
    );
    text
}

/// What `job inspect` does after it has read its arguments.
fn inspect(path: &Path) -> String {
    let configuration = Configuration::load(path, &LoadOptions::default()).unwrap();
    let key = "west/www/prod/job0".parse().unwrap();
    configuration.job(&key).unwrap().inspect().unwrap()
}

fn inspecting(criterion: &mut Criterion) {
    let temporary = tempfile::tempdir().unwrap();
    let asked = std::env::var_os("AURORA_BENCH_WRITE");
    let folder = asked.as_deref().map_or(temporary.path(), Path::new);
    let write = |name: &str, text: String| {
        let path = folder.join(format!("{name}.aurora"));
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut group = criterion.benchmark_group("inspect");
    group.sample_size(20);
    for (name, text) in [
        ("one_job_of_5_processes", file(1, 5, 6)),
        ("200_jobs_of_10_processes", file(200, 10, 0)),
        ("one_job_of_500_processes", file(1, 500, 6)),
    ] {
        let path = write(name, text);
        group.bench_function(name, |bencher| bencher.iter(|| inspect(black_box(&path))));
    }
    group.finish();

    let mut group = criterion.benchmark_group("processes");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8));
    for processes in [1000, 2000, 4000] {
        let path = write(&format!("{processes}_processes"), file(1, processes, 6));
        group.throughput(Throughput::Elements(processes as u64));
        let id = BenchmarkId::from_parameter(processes);
        group.bench_with_input(id, &path, |bencher, path| bencher.iter(|| inspect(path)));
    }
    group.finish();
}

fn templates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("template");
    for references in [1, 10, 1000] {
        let text: String = (0..references)
            .map(|i| format!("--option{i} {{{{profile.options[{i}]}}}} "))
            .collect();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(references),
            &text,
            |bencher, text| {
                bencher.iter(|| substitute(black_box(text), |_| Some("value".to_owned())).unwrap());
            },
        );
    }
    group.finish();
}

fn dictionaries(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dictionaries");
    for entries in [10, 1000, 4000] {
        let links: Vec<String> = (0..entries)
            .map(|i| format!("\"link{i}\": \"http://example.com/{i}\""))
            .collect();
        let text = format!(
            "{{\"cluster\": \"west\", \"role\": \"www\", \"environment\": \"prod\", \"name\": \"job0\", \
             \"task_links\": {{{}}}, \"task\": {{\"processes\": [{{\"name\": \"a\", \"cmdline\": \"b\"}}], \
             \"resources\": {{\"cpu\": 1, \"ram\": 1048576, \"disk\": 1048576}}}}}}",
            links.join(", ")
        );
        let configuration = Configuration::from_json(&text, &LoadOptions::default()).unwrap();
        let job = configuration
            .job(&"west/www/prod/job0".parse().unwrap())
            .unwrap();
        group.throughput(Throughput::Elements(entries));
        group.bench_function(BenchmarkId::from_parameter(entries), |bencher| {
            bencher.iter_batched(
                || &job,
                |job| job.executor_data().unwrap(),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, inspecting, templates, dictionaries);
criterion_main!(benches);
