//! The memory that decoding an answer of 100,000 tasks takes, beside what is left of it when it is done: the response.
//!
//! At its highest it is to stay within three times the bytes of the answer and of the response. `AURORA_BENCH_TASKS`
//! changes the number of tasks. It is measured as the system counts it, so this runs on Linux alone.

#![allow(missing_docs, clippy::print_stdout)]

mod sample;

use std::fs;
use std::hint::black_box;

use aurora_api::{Limits, message};

const TIMES: usize = 3;

fn main() {
    let tasks = sample::tasks(100_000);
    let body = repeated(tasks);
    let (Some(before), true) = (kilobytes("VmRSS:"), forget_peak()) else {
        println!("there is no /proc to read the use of memory from");
        return;
    };
    let reply = black_box(message::decode_reply(&body, &Limits::default()));
    let used = |line| kilobytes(line).unwrap_or(0).saturating_sub(before);
    let (response, peak) = (used("VmRSS:"), used("VmHWM:"));
    assert!(reply.is_ok(), "{reply:?}");
    let answer = body.len() / 1024;
    println!("{tasks} tasks: answer {answer} KiB, response {response} KiB, peak {peak} KiB");
    assert!(
        peak <= TIMES * answer.min(response),
        "more than {TIMES} times as much"
    );
}

/// An answer with the same task over and over, made without leaving free memory behind that decoding could use.
fn repeated(tasks: i32) -> Vec<u8> {
    let one = String::from_utf8(sample::answer(1)).unwrap_or_default();
    let begin = r#"{"1":{"lst":["rec",1,"#;
    let end = "]}}}}";
    let parts = one
        .split_once(begin)
        .and_then(|(head, rest)| rest.split_once(end).map(|(task, tail)| (head, task, tail)));
    let (head, task, tail) = parts.unwrap_or_default();
    let count = usize::try_from(tasks).unwrap_or(0);
    let mut body = Vec::with_capacity(one.len() + (task.len() + 1) * count);
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(begin.replace("1,", &format!("{tasks},")).as_bytes());
    for number in 0..count {
        if number > 0 {
            body.push(b',');
        }
        body.extend_from_slice(task.as_bytes());
    }
    body.extend_from_slice(end.as_bytes());
    body.extend_from_slice(tail.as_bytes());
    body
}

/// Resets the highest use of memory that the system counts.
fn forget_peak() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// A figure of this process.
fn kilobytes(line: &str) -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix(line))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
