//! Decoding an answer to `getTasksWithoutConfigs`, beside serde_json reading the same bytes into typed structs.
//!
//! The number of tasks is 2,000, so that a run over all benchmarks stays short; set `AURORA_BENCH_TASKS=100000` for
//! the size that counts. Ours is to stay within twice the time of serde_json.

#![allow(missing_docs)]

mod peer;
mod sample;

use std::hint::black_box;

use aurora_api::{Limits, message};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn decode(criterion: &mut Criterion) {
    let tasks = sample::tasks(2_000);
    let body = sample::answer(tasks);
    let expected = usize::try_from(tasks).unwrap_or(0);
    assert_eq!(peer::tasks(&body), Some(expected));

    let mut group = criterion.benchmark_group(format!("{} of {tasks} tasks", sample::METHOD));
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.sample_size(10);
    group.bench_function("aurora-api", |bencher| {
        bencher.iter(|| message::decode_reply(black_box(&body), &Limits::default()));
    });
    group.bench_function("serde_json", |bencher| {
        bencher.iter(|| serde_json::from_slice::<peer::Message>(black_box(&body)));
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
