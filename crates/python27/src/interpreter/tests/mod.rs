//! Programs of Python 2.7 through the front end and the interpreter.

mod kinds;
mod programs;
mod values;

use std::{
    path::Path,
    rc::Rc,
    sync::{Arc, Mutex},
};

use rustpython_vm::{PyResult, VirtualMachine, builtins::PyDictRef};

use super::{Afterwards, Host, Names, Options, OutputSink, Session, run_with};

/// A host without names of its own.
struct Nothing;

impl Host for Nothing {
    type Output = ();

    fn names(&self, _vm: &VirtualMachine) -> Names {
        Names::new()
    }

    fn finish(
        self,
        _globals: &PyDictRef,
        _session: &Rc<Session>,
        _vm: &VirtualMachine,
    ) -> PyResult<((), Option<Afterwards>)> {
        Ok(((), None))
    }
}

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
    let ended = match run_with(Path::new("test.py"), source, &options, |_, _| Ok(Nothing)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let text = text.lock().unwrap();
    format!("{}{ended}", String::from_utf8_lossy(&text))
}
