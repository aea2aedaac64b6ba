//! Starts the interpreter with the least that configurations need, on a thread of its own.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustpython::InterpreterBuilderExt as _;
use rustpython_vm::{
    InterpreterBuilder, Settings, VirtualMachine,
    signal::{UserSignalSender, user_signal_channel},
};

/// Deep enough for the interpreter's own limit of 1000 calls, with room for native recursion.
const STACK: usize = 512 << 20;

/// CPython 2.7's limit of nested calls.
const NESTED_CALLS: usize = 1000;

/// How many objects may be made before the first search for circles: a usual configuration ends
/// before, and one that makes more is searched as often in relation to its size.
const YOUNG_OBJECTS: u32 = 100_000;

/// How often an evaluation that runs too long is told to stop.
const REMIND: Duration = Duration::from_millis(20);

/// How long after its deadline an evaluation may still be busy in native code.
const GRACE: Duration = Duration::from_secs(2);

/// Why no result came back.
#[derive(Debug)]
pub(super) enum Failure {
    /// The deadline passed.
    TimedOut,
    /// The thread could not be started, or died.
    Broken(String),
}

/// What an interpreter does once its result is on its way.
pub(super) type Afterwards = Box<dyn FnOnce(&VirtualMachine)>;

/// Starts the interpreter as it is.
pub(super) fn unchanged(_: &mut VirtualMachine) {}

/// Runs `work` in a fresh interpreter, which `prepare` may change before it starts, and then what
/// it left to be done, which no limit ends. After `limit`, running code is interrupted, and `work`
/// sees a `KeyboardInterrupt`.
pub(super) fn run<R: Send + 'static>(
    limit: Option<Duration>,
    prepare: fn(&mut VirtualMachine),
    work: impl FnOnce(&VirtualMachine) -> (R, Option<Afterwards>) + Send + 'static,
) -> Result<R, Failure> {
    let (sender, receiver) = mpsc::channel();
    let (signal, signals) = user_signal_channel();
    let started = thread::Builder::new()
        .name("configuration".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            rustpython_vm::gc_state::gc_state().set_threshold(YOUNG_OBJECTS, None, None);
            let interpreter = InterpreterBuilder::new()
                .settings(settings())
                .init_stdlib()
                .init_hook(prepare)
                .init_hook(move |vm| vm.set_user_signal_channel(signals))
                .build();
            interpreter.enter(|vm| {
                vm.recursion_limit.set(NESTED_CALLS);
                let (result, afterwards) = work(vm);
                // Whoever waited may have given up.
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
    let received = match limit {
        None => receiver.recv().ok(),
        Some(limit) => match receiver.recv_timeout(limit) {
            Ok(result) => Some(result),
            Err(mpsc::RecvTimeoutError::Disconnected) => None,
            Err(mpsc::RecvTimeoutError::Timeout) => interrupt(&signal, &receiver)?,
        },
    };
    match received {
        Some(result) => Ok(result),
        None => Err(Failure::Broken(match thread.join() {
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

fn interrupt<R>(
    signal: &UserSignalSender,
    receiver: &mpsc::Receiver<R>,
) -> Result<Option<R>, Failure> {
    let end = Instant::now() + GRACE;
    while Instant::now() < end {
        let _ = signal.send(Box::new(|vm| {
            let class = vm.ctx.exceptions.keyboard_interrupt.to_owned();
            Err(vm.new_exception_empty(class))
        }));
        match receiver.recv_timeout(REMIND) {
            // What it came to does not matter any more.
            Ok(_) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
    Err(Failure::TimedOut)
}

fn settings() -> Settings {
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
    // Nothing depends on chance: the same file always gives the same jobs.
    settings.hash_seed = Some(0);
    settings.argv = vec!["aurora".to_owned()];
    settings
}
