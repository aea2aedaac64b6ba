//! Programs of Python 2.7 through the front end and the interpreter.

mod programs;

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use super::{Options, OutputSink, globals, run::run_with};

/// Runs a program and gives what it printed, and how it ended if badly.
fn printed(source: &[u8]) -> String {
    let text = Arc::new(Mutex::new(Vec::new()));
    let sink = text.clone();
    let path = std::env::var("PATH").unwrap_or_default();
    let options = Options {
        variables: [("PATH".to_owned(), path)].into(),
        output: Some(OutputSink::new(move |_, bytes| {
            sink.lock().unwrap().extend_from_slice(bytes);
        })),
        ..Options::default()
    };
    let ended = match run_with(Path::new("test.py"), source, &options, globals::start) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let text = text.lock().unwrap();
    format!("{}{ended}", String::from_utf8_lossy(&text))
}
