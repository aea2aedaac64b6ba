//! Starts the interpreter with the least that programs need, on a thread of its own.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use rustpython_vm::{
    InterpreterBuilder, Settings, VirtualMachine,
    common::rc::PyRc,
    signal::{UserSignalSender, user_signal_channel},
};

use super::memory;

/// Deep enough for the interpreter's own limit of 1000 calls, with room for native recursion.
const STACK: usize = 512 << 20;

/// CPython 2.7's limit of nested calls.
const NESTED_CALLS: usize = 1000;

/// How many objects may be made before the first search for circles: a usual program ends
/// before, and one that makes more is searched as often in relation to its size.
const YOUNG_OBJECTS: u32 = 100_000;

/// How often the memory of an evaluation is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// How often a program that must end is interrupted.
const REMIND: Duration = Duration::from_millis(20);

/// How long an evaluation that is to end is waited for: it may be busy in native code.
const GRACE: Duration = Duration::from_millis(200);

/// What an evaluation may use up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) time: Option<Duration>,
    /// In bytes.
    pub(super) memory: Option<u64>,
}

/// Why an evaluation is not to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exceeded {
    Time,
    Memory,
}

/// Why no result came back.
#[derive(Debug)]
pub(super) enum Failure<R> {
    /// A limit was passed. What the interruption came to, where it came to something.
    Stopped(Exceeded, Option<R>),
    /// The thread could not be started, or died.
    Broken(String),
}

/// What an interpreter does once its result is on its way.
pub type Afterwards = Box<dyn FnOnce(&VirtualMachine)>;

/// Starts the interpreter as it is.
pub(super) fn unchanged(_: &mut VirtualMachine) {}

/// Runs `work` in a fresh interpreter, which `prepare` may change before it starts, and then what
/// it left to be done, which no limit ends. Past a limit, running code is interrupted, and `work`
/// sees a `KeyboardInterrupt`. Native code that cannot be interrupted is left behind on its thread.
pub(super) fn run<R: Send + 'static>(
    limits: Limits,
    arguments: Vec<String>,
    prepare: fn(&mut VirtualMachine),
    work: impl FnOnce(&VirtualMachine) -> (R, Option<Afterwards>) + Send + 'static,
) -> Result<R, Failure<R>> {
    let (sender, receiver) = mpsc::channel();
    let (signal, signals) = user_signal_channel();
    let watch = memory::Watch::start(limits.memory);
    let started = thread::Builder::new()
        .name("python27".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            rustpython_vm::gc_state::gc_state().set_threshold(YOUNG_OBJECTS, None, None);
            let interpreter = with_standard_library(InterpreterBuilder::new())
                .settings(settings(arguments))
                .init_hook(prepare)
                .init_hook(move |vm| vm.set_user_signal_channel(signals))
                .build();
            interpreter.enter(|vm| {
                vm.recursion_limit.set(NESTED_CALLS);
                if let Some(limit) = limits.memory {
                    memory::guard_operators(limit, vm);
                }
                let (result, afterwards) = work(vm);
                // The caller may have given up.
                if sender.send(result).is_ok()
                    && let Some(afterwards) = afterwards
                {
                    afterwards(vm);
                }
            });
            // What the interpreter holds in circles stays, some megabytes each time: a collection
            // takes longer than the evaluation, and most processes evaluate one file.
            drop(interpreter);
        });
    let thread = match started {
        Ok(thread) => thread,
        Err(error) => return Err(Failure::Broken(error.to_string())),
    };
    let deadline = limits
        .time
        .and_then(|time| Instant::now().checked_add(time));
    match wait(&receiver, deadline, &watch) {
        Ok(result) => Ok(result),
        Err(Some(exceeded)) => Err(Failure::Stopped(exceeded, interrupt(&signal, &receiver))),
        Err(None) => Err(Failure::Broken(match thread.join() {
            Err(panic) => panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("the interpreter stopped")
                .to_owned(),
            Ok(()) => "the interpreter stopped".to_owned(),
        })),
    }
}

/// Adds the standard library. The crate `rustpython` could do it, but brings a program with options and a logger.
fn with_standard_library(builder: InterpreterBuilder) -> InterpreterBuilder {
    let native = rustpython_stdlib::stdlib_module_defs(&builder.ctx);
    builder
        .add_native_modules(&native)
        .add_frozen_modules(rustpython_pylib::FROZEN_STDLIB)
        .init_hook(|vm| {
            // Nothing else refers to the state before the interpreter starts.
            if let Some(state) = PyRc::get_mut(&mut vm.state) {
                state.config.paths.stdlib_dir = Some(rustpython_pylib::LIB_PATH.to_owned());
            }
        })
}

/// Waits for the result as long as no limit is passed; fails with nothing when there will be none.
fn wait<R>(
    receiver: &mpsc::Receiver<R>,
    deadline: Option<Instant>,
    watch: &memory::Watch,
) -> Result<R, Option<Exceeded>> {
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let received = match (left, watch.is_watching()) {
            (None, false) => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
            (Some(left), false) => receiver.recv_timeout(left),
            (left, true) => receiver.recv_timeout(left.map_or(LOOK, |left| left.min(LOOK))),
        };
        match received {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Disconnected) => return Err(None),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Some(Exceeded::Time));
        }
        if watch.is_exceeded() {
            return Err(Some(Exceeded::Memory));
        }
    }
}

/// Raises `KeyboardInterrupt` until the work ends, or for so long that it will not.
fn interrupt<R>(signal: &UserSignalSender, receiver: &mpsc::Receiver<R>) -> Option<R> {
    let end = Instant::now() + GRACE;
    while Instant::now() < end {
        let _ = signal.send(Box::new(|vm| {
            let class = vm.ctx.exceptions.keyboard_interrupt.to_owned();
            Err(vm.new_exception_empty(class))
        }));
        match receiver.recv_timeout(REMIND) {
            Ok(result) => return Some(result),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

fn settings(arguments: Vec<String>) -> Settings {
    let mut settings = Settings::default();
    settings.isolated = true;
    settings.ignore_environment = true;
    settings.install_signal_handlers = false;
    settings.import_site = false;
    settings.user_site_directory = false;
    settings.write_bytecode = false;
    settings.allow_external_library = false;
    settings.safe_path = true;
    // Otherwise a module about locales is loaded at every start, which takes a fifth of it.
    settings.utf8_mode = 1;
    // Nothing depends on chance: the same file always gives the same result.
    settings.hash_seed = Some(0);
    settings.argv = arguments;
    settings
}
