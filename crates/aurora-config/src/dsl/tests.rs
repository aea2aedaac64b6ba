//! What programs of Python 2.7 print, run through the front end and the interpreter.

use std::{cell::RefCell, rc::Rc};

use rustpython_vm::{AsObject as _, PyResult, VirtualMachine, scope::Scope};

use super::{dialect, interpreter, output, runtime};

/// No variables, and no object model.
struct Nobody;

impl runtime::Surroundings for Nobody {
    fn variables(&self) -> Vec<(String, String)> {
        vec![("USER".to_owned(), "tester".to_owned())]
    }

    fn note_variable(&self, _name: &str) {}

    fn object_module(&self, vm: &VirtualMachine) -> PyResult {
        Err(vm.new_import_error("No module named pystachio", vm.ctx.new_str("pystachio")))
    }
}

/// Runs a program and gives what it printed, and how it ended if badly.
fn run(source: &str) -> String {
    let source = source.as_bytes().to_vec();
    interpreter::run(None, move |vm| {
        let text = Rc::new(RefCell::new(Vec::new()));
        let sink = text.clone();
        let writer = Rc::new(move |_, bytes: &[u8]| sink.borrow_mut().extend_from_slice(bytes));
        output::install(writer, vm).unwrap();
        let types = Rc::new(runtime::Types::default());
        let names = match runtime::install(&types, vm) {
            Ok(names) => names,
            Err(error) => {
                let mut trace = String::new();
                let _ = vm.write_exception(&mut trace, &error);
                panic!("{trace}");
            }
        };
        let note = vm.new_function("__py2_note_file__", |_path: rustpython_vm::PyObjectRef| {});
        names
            .set_item("__py2_note_file__", note.into(), vm)
            .unwrap();
        runtime::install_imports(&names, Rc::new(Nobody), vm).unwrap();
        let outcome = match dialect::compile_file(&source, "test.aurora") {
            Ok(program) => {
                let globals = vm.ctx.new_dict();
                globals.set_item("__builtins__", names.into(), vm).unwrap();
                globals
                    .set_item("__name__", vm.ctx.new_str("__main__").into(), vm)
                    .unwrap();
                let code = vm.ctx.new_code(program.code);
                let scope = Scope::with_builtins(None, globals, vm);
                match vm.run_code_obj(code, scope) {
                    Ok(_) => String::new(),
                    Err(error) => {
                        let mut trace = String::new();
                        let _ = vm.write_exception(&mut trace, &error);
                        format!(
                            "{}: {}\n{trace}",
                            error.class().name(),
                            error.as_object().str(vm).unwrap().to_string_lossy()
                        )
                    }
                }
            }
            Err(error) => format!("{}:{}: {}", error.line, error.column, error.message),
        };
        let mut shown = String::from_utf8_lossy(&text.borrow()).into_owned();
        shown.push_str(&outcome);
        shown
    })
    .unwrap()
}

#[test]
fn printing() {
    assert_eq!(
        run(
            "print 'copying', 3, 'folios'\nprint 'no newline',\nprint\nprint\nprint 'a',; print 'b'\nprint ('x', 1), ('y')\nprint ('z')\nprint `1, u'x'`\nimport sys\nprint >>sys.stderr, 'ink', 0.1 + 0.2\nif 1: print 'c'\n"
        ),
        "copying 3 folios\nno newline\n\na b\n('x', 1) y\nz\n(1, u'x')\nink 0.3\nc\n"
    );
}

#[test]
fn adhoc() {
    if let Ok(path) = std::env::var("ADHOC") {
        println!("{}", run(&std::fs::read_to_string(path).unwrap()));
    }
}
