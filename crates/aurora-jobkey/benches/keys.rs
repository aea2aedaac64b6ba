//! Reading keys and matching patterns. The bar for one job key is 60 ns.

#![expect(clippy::expect_used, reason = "the keys are written here")]

use std::hint::black_box;

use aurora_jobkey::{InstanceSet, JobKey, JobKeyPattern};
use criterion::{Criterion, criterion_group, criterion_main};

fn keys(c: &mut Criterion) {
    c.bench_function("parse job key", |b| {
        b.iter(|| black_box("cluster1/web-team/test/experiment204").parse::<JobKey>());
    });
    c.bench_function("copy its text", |b| {
        b.iter(|| black_box("cluster1/web-team/test/experiment204").to_owned());
    });
    c.bench_function("make job key of parts", |b| {
        b.iter(|| {
            JobKey::new(
                black_box("cluster1"),
                black_box("web-team"),
                black_box("test"),
                black_box("experiment204"),
            )
        });
    });
    c.bench_function("parse instances", |b| {
        b.iter(|| black_box("0,2,4-7,100-200").parse::<InstanceSet>());
    });
}

fn patterns(c: &mut Criterion) {
    let key: JobKey = "cluster1/web-team/test/experiment204"
        .parse()
        .expect("the key is well-formed");
    let pattern: JobKeyPattern = "cluster1/web-*/t[aeiou]st/*2?4"
        .parse()
        .expect("the pattern is well-formed");
    c.bench_function("match pattern", |b| {
        b.iter(|| black_box(&pattern).matches(black_box(&key)));
    });
    let stars: JobKeyPattern = format!("*/*/*/{}b", "*a".repeat(20))
        .parse()
        .expect("the pattern is well-formed");
    let long = JobKey::new("c", "r", "e", &"a".repeat(200)).expect("the key is well-formed");
    c.bench_function("match pattern of many stars", |b| {
        b.iter(|| black_box(&stars).matches(black_box(&long)));
    });
}

criterion_group!(benches, keys, patterns);
criterion_main!(benches);
