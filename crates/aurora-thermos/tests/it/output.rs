//! What becomes of the output of processes.

use std::fs;
use std::io::Write;
use std::sync::{Arc, Mutex};

use aurora_thermos::{
    Bytes, Console, FinalState, LogDestination, LogMode, Logger, RotatePolicy, TaskEvent,
    TaskRunner, TaskSpec,
};

use crate::common::{Place, With, ordered, process, watch};

#[tokio::test]
async fn large_output_is_kept_and_rotated() {
    let place = Place::new();
    let size = 200_000;
    let task = TaskSpec::new(
        "t",
        [
            process("p", "head -c 3000000 /dev/zero; echo end").with(|it| {
                it.logger = Some(Logger::new(
                    LogDestination::File,
                    LogMode::Rotate(RotatePolicy::new(Bytes::new(size), 2)),
                ))
            }),
        ],
    );
    assert_eq!(place.run(task).await.state, FinalState::Success);
    let folder = place.sandbox().join(".logs/p/0");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["stderr", "stdout", "stdout.1", "stdout.2"]);
    for name in ["stdout.1", "stdout.2"] {
        let length = fs::metadata(folder.join(name)).unwrap().len();
        assert!((size..size + 65_536).contains(&length), "{name}: {length}");
    }
    assert!(fs::metadata(folder.join("stdout")).unwrap().len() < size);
}

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn output_goes_where_the_logger_says() {
    let place = Place::new();
    let (out, err) = (Memory::default(), Memory::default());
    let to = |name: &str, destination| {
        process(name, &format!("echo {name}; echo {name}! >&2"))
            .with(|it| it.logger = Some(Logger::new(destination, LogMode::Standard)))
    };
    let task = ordered([
        to("file", LogDestination::File),
        to("console", LogDestination::Console),
        to("both", LogDestination::Both),
        to("none", LogDestination::None),
        process("default", "echo default"),
    ]);
    let mut options = place.options();
    options.console = Some(Console::new(out.clone(), err.clone()));
    options.logger.destination = LogDestination::Both;
    options.log_dir = Some(place.path().join("elsewhere"));
    let runner = TaskRunner::start(task, options).await.unwrap();
    assert_eq!(runner.wait().await.state, FinalState::Success);
    assert_eq!(out.text(), "console\nboth\ndefault\n");
    assert_eq!(err.text(), "console!\nboth!\n");
    let has = |name: &str| place.path().join("elsewhere").join(name).exists();
    assert!(has("file/0/stdout") && has("both/0/stderr") && has("default/0/stdout"));
    assert!(!has("console") && !has("none"));
}

#[tokio::test]
async fn a_full_disk_for_logs_is_reported_and_does_not_stop_the_process() {
    let place = Place::new();
    let folder = place.sandbox().join(".logs/p/0");
    fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.join("stdout")).unwrap();
    let task = TaskSpec::new(
        "t",
        [process("p", "head -c 1000000 /dev/zero; echo fine >&2")],
    );
    let (outcome, events) = watch(&place, task).await;
    assert_eq!(outcome.state, FinalState::Success);
    assert_eq!(place.log("p", 0, "stderr"), "fine\n");
    let trouble = events.iter().find_map(|event| match event {
        TaskEvent::LogFailed { message, .. } => Some(message.as_str()),
        _ => None,
    });
    let expected = format!(
        "{}/stdout: No space left on device (os error 28)",
        folder.display()
    );
    assert_eq!(trouble, Some(expected.as_str()));
}

/// A console that fails in one of two ways.
struct Broken {
    panics: bool,
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        assert!(!self.panics, "a careless console");
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_console_that_is_gone_does_not_stop_the_files() {
    let place = Place::new();
    let mut options = place.options();
    options.console = Some(Console::new(Broken { panics: false }, std::io::sink()));
    options.logger.destination = LogDestination::Both;
    let task = TaskSpec::new("t", [process("p", "echo one; sleep 0.1; echo two")]);
    let runner = TaskRunner::start(task, options).await.unwrap();
    assert_eq!(runner.wait().await.state, FinalState::Success);
    assert_eq!(place.stdout("p", 0), "one\ntwo\n");
}

#[tokio::test]
async fn a_console_that_panics_costs_the_run_and_not_the_task() {
    let place = Place::new();
    let mut options = place.options();
    options.console = Some(Console::new(Broken { panics: true }, std::io::sink()));
    options.logger.destination = LogDestination::Console;
    let noisy = "[ -e again ] && exit; touch again; echo $$ > pid; echo noise; sleep 1000";
    let task = TaskSpec::new("t", [process("p", noisy)]);
    let runner = TaskRunner::start(task, options).await.unwrap();
    assert_eq!(runner.wait().await.state, FinalState::Success);
    assert_eq!(runner.status().processes[0].runs, 2);
    crate::common::dead(place.pid("pid").await).await;
}
