//! Programs of Python 2.7 through the front end and the interpreter, and whole configurations.

mod files;
mod hermetic;
mod hooks;
mod limits;
mod objects;
mod places;
mod programs;

use std::{cell::RefCell, rc::Rc};

use rustpython_vm::{AsObject as _, PyObjectRef, PyResult, VirtualMachine, scope::Scope};

use super::{dialect, interpreter, output, runtime};

/// No variables but one, and no object model.
struct Nobody;

impl runtime::Surroundings for Nobody {
    fn variables(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        vec![("PATH".to_owned(), path)]
    }

    fn note_variable(&self, _name: &str) {}

    fn object_module(&self, vm: &VirtualMachine) -> PyResult {
        Err(vm.new_import_error("No module named pystachio", vm.ctx.new_str("pystachio")))
    }
}

/// Runs a program and gives what it printed, and how it ended if badly.
fn run(source: &[u8]) -> String {
    let source = source.to_vec();
    interpreter::run(
        interpreter::Limits::default(),
        interpreter::unchanged,
        move |vm| {
            let text = Rc::new(RefCell::new(Vec::new()));
            let sink = text.clone();
            let writer = Rc::new(move |_, bytes: &[u8]| sink.borrow_mut().extend_from_slice(bytes));
            output::install(writer, vm).unwrap();
            let types = Rc::new(runtime::Types::default());
            let names = runtime::install(&types, vm)
                .unwrap_or_else(|error| panic!("the prelude fails: {}", trace(&error, vm)));
            let note = vm.new_function("__py2_note_file__", |_path: PyObjectRef| {});
            names
                .set_item("__py2_note_file__", note.into(), vm)
                .unwrap();
            runtime::install_imports(&names, Rc::new(Nobody), vm).unwrap();
            let outcome = match dialect::compile_file(&source, "test.aurora") {
                Ok(program) => {
                    let globals = vm.ctx.new_dict();
                    globals.set_item("__builtins__", names.into(), vm).unwrap();
                    let code = vm.ctx.new_code(program.code);
                    let scope = Scope::with_builtins(None, globals, vm);
                    match vm.run_code_obj(code, scope) {
                        Ok(_) => String::new(),
                        Err(error) => trace(&error, vm),
                    }
                }
                Err(error) => format!("{}:{}: {}", error.line, error.column, error.message),
            };
            let printed = String::from_utf8_lossy(&text.borrow()).into_owned();
            (printed + &outcome, None)
        },
    )
    .unwrap()
}

fn trace(error: &rustpython_vm::builtins::PyBaseExceptionRef, vm: &VirtualMachine) -> String {
    let mut trace = String::new();
    let _ = vm.write_exception(&mut trace, error);
    let text = error.as_object().str(vm).unwrap();
    format!(
        "{}: {}\n{trace}",
        error.class().name(),
        text.to_string_lossy()
    )
}
