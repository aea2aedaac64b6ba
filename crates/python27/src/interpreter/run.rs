//! Runs a program with its host.

use std::{path::Path, rc::Rc};

use rustpython_vm::{AsObject, PyResult, VirtualMachine};

use super::{
    Afterwards, Host, Options, OutputStream, Session, Sources,
    error::{Error, Exception, Limit, Place},
    hermetic, machine, output,
    runtime::{self, Runtime},
    session,
};

/// What a program gave.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<T> {
    /// What the host made of it.
    pub output: T,
    /// What it printed to `sys.stdout`; empty when [`Options::output`] took it.
    pub printed: String,
    /// All files that were read, in order.
    pub files_read: Vec<std::path::PathBuf>,
    /// The names of all environment variables that were asked for, in order.
    pub variables_read: Vec<String>,
    /// The texts of the program.
    pub sources: Sources,
}

/// Runs the text of a program; `path` is its name, and relative names of included files start in
/// its folder. `start` makes the host on the thread of the interpreter, before the program runs.
///
/// Each program has an interpreter of its own, which gives back most but not all of its memory:
/// about ten megabytes stay until the process ends.
///
/// # Errors
/// When the text is not a program, raises an exception, ends itself or goes beyond a limit.
pub fn run_with<H: Host>(
    path: &Path,
    source: &[u8],
    options: &Options,
    start: impl FnOnce(&Runtime, &VirtualMachine) -> PyResult<H> + Send + 'static,
) -> Result<Outcome<H::Output>, Error> {
    let limits = machine::Limits {
        time: options.timeout,
        memory: options.memory_limit,
    };
    let prepare = match options.hermetic {
        true => hermetic::restrict,
        false => machine::unchanged,
    };
    let arguments = options.arguments.clone();
    let (path_owned, bytes, options) = (path.to_owned(), source.to_owned(), options.clone());
    let outcome = machine::run(limits, arguments, prepare, move |vm| {
        let session = Rc::new(Session::new::<H>(&options));
        let result = run(&session, &path_owned, &bytes, &options, start, vm);
        session.finish();
        match session.settle(result, vm) {
            Ok((output, afterwards)) => {
                let (files_read, variables_read, printed) = session.take_records();
                let outcome = Outcome {
                    output,
                    printed: String::from_utf8_lossy(&printed).into_owned(),
                    files_read,
                    variables_read,
                    sources: session.sources(),
                };
                let afterwards = afterwards.map(|work| -> Afterwards {
                    Box::new(move |vm| {
                        session.begin_afterwards();
                        work(vm);
                    })
                });
                (Ok(outcome), afterwards)
            }
            Err(error) => (Err(error), None),
        }
    });
    match outcome {
        Ok(result) => result,
        Err(failure) => Err(no_result(failure, path, &limits)),
    }
}

fn run<H: Host>(
    session: &Rc<Session>,
    path: &Path,
    bytes: &[u8],
    options: &Options,
    start: impl FnOnce(&Runtime, &VirtualMachine) -> PyResult<H>,
    vm: &VirtualMachine,
) -> PyResult<(H::Output, Option<Afterwards>)> {
    let (kept, sink) = (session.clone(), options.output.clone());
    let writer = Rc::new(move |stream: OutputStream, bytes: &[u8]| match &sink {
        Some(sink) => sink.write(stream, bytes),
        None if stream == OutputStream::Stdout => kept.note_printed(bytes),
        None => {}
    });
    output::install(writer, vm)?;
    if options.hermetic {
        hermetic::close(session, vm)?;
    }
    let runtime = Runtime::install(options.hermetic, vm)?;
    let builtin_names = runtime.builtin_names();
    runtime::install_imports(builtin_names, session.clone(), vm)?;
    let host = start(&runtime, vm)?;
    let globals = vm.ctx.new_dict();
    globals.set_item("__builtins__", builtin_names.clone().into(), vm)?;
    let exported = vm.ctx.new_dict();
    for (name, value) in host.names(vm) {
        globals.set_item(name.as_object(), value.clone(), vm)?;
        exported.set_item(name.as_object(), value, vm)?;
    }
    if let Some(package) = H::PACKAGES.first() {
        // What imports add to the module is not for `from package import *`.
        let all = vm.ctx.new_list(exported.keys_vec());
        exported.set_item("__all__", all.into(), vm)?;
        session.set_module(vm.new_module(package, exported, None).into());
    }
    session::functions(session, builtin_names, &globals, vm)?;
    session.run_program(path, bytes, &globals, vm)?;
    host.finish(&globals, session, vm)
}

/// The error for a program that gave no result at all.
fn no_result<T>(
    failure: machine::Failure<Result<T, Error>>,
    path: &Path,
    limits: &machine::Limits,
) -> Error {
    let (exceeded, interrupted) = match failure {
        machine::Failure::Stopped(exceeded, interrupted) => (exceeded, interrupted),
        machine::Failure::Broken(reason) => return Error::Interpreter { reason },
    };
    let limit = match exceeded {
        machine::Exceeded::Time => Limit::Time(limits.time.unwrap_or_default()),
        machine::Exceeded::Memory => Limit::Memory(limits.memory.unwrap_or_default()),
    };
    // Where the interruption came is where the program was busy.
    let place = match interrupted {
        Some(Err(Error::Exception(exception))) => {
            let Exception { place, .. } = *exception;
            Box::new(place)
        }
        Some(Err(Error::Refused { place, .. } | Error::Syntax { place, .. })) => place,
        _ => Box::new(Place::new(path, "", 0..0)),
    };
    Error::Limit { limit, place }
}
