//! Checks files on all cores.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use aurora_config::{Configuration, LoadOptions, Report};

use crate::runtime::WORK_STACK;

/// What was found in a file, and what the evaluation of the file has to say besides.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) report: Report,
    pub(super) warnings: Vec<String>,
}

/// Checks the files, as many at a time as there are cores. The results are in the order of the files.
pub(super) fn check_all(files: &[PathBuf], options: &LoadOptions) -> Vec<Checked> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let work = || {
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(position) else {
                return;
            };
            let checked = check(file, options);
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results.push((position, checked));
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores.min(files.len()) {
            let builder = thread::Builder::new().stack_size(WORK_STACK);
            // Without another thread this one does it all.
            let _ = builder.spawn_scoped(scope, work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(position, _)| *position);
    results.into_iter().map(|(_, checked)| checked).collect()
}

fn check(file: &Path, options: &LoadOptions) -> Checked {
    match Configuration::load(file, options) {
        Ok(configuration) => Checked {
            report: configuration.check(),
            warnings: configuration.warnings().to_vec(),
        },
        Err(error) => Checked {
            report: Report::of_failure(file, &error),
            warnings: Vec::new(),
        },
    }
}
