//! Job files that would never end, and Ctrl-C.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::harness::home;

const KEY: &str = "west/www/prod/hello";

#[test]
fn a_job_file_that_does_not_end_is_given_up() {
    for text in [
        "while True:\n  try:\n    while True: pass\n  except:\n    pass\n",
        "import time\ntime.sleep(1000)\n",
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')\n",
        "x = 9 ** 9 ** 9\n",
    ] {
        let home = home().with_file("endless.aurora", text);
        let started = Instant::now();
        let shown = home.show(&["job", "inspect", "--timeout", "0.5", KEY, "endless.aurora"]);
        assert!(started.elapsed() < Duration::from_secs(10), "{text}");
        let expected = "exit 3\n--- stderr\nError loading configuration: evaluating the file took longer \
                        than 0.5 seconds\n";
        assert!(shown.starts_with(expected), "{text}: {shown}");
        let shown = home.show(&["config", "list", "--timeout", "0.5", "endless.aurora"]);
        assert!(shown.starts_with("exit 3\n"), "{text}: {shown}");
    }
}

#[test]
fn a_value_that_no_allocator_has_room_for_is_a_bad_configuration() {
    let home = home().with_file("huge.aurora", "x = 'x'.ljust(10**15)\n");
    let shown = home.show(&["job", "inspect", KEY, "huge.aurora"]);
    assert!(
        shown.starts_with("exit 3\n") && shown.contains("memory allocation"),
        "{shown}"
    );
}

#[test]
fn laughs_in_templates_end_in_an_error() {
    let doubled = |i: u32| format!("a{i} = '{{{{a{}}}}}{{{{a{}}}}}'", i + 1, i + 1);
    let bindings: Vec<String> = (0..40).map(doubled).collect();
    let text = format!(
        "jobs = [Job(cluster = 'west', role = 'www', environment = 'prod', name = 'hello',\n\
         task = SimpleTask('x', '{{{{a0}}}}')).bind({}, a40 = 'ha')]\n",
        bindings.join(", ")
    );
    let home = home().with_file("laughs.aurora", &text);
    let shown = home.show(&["job", "inspect", KEY, "laughs.aurora"]);
    assert!(
        shown.starts_with(
            "exit 3\n--- stderr\nError loading configuration: Unable to interpolate: "
        ),
        "{shown}"
    );
}

#[test]
fn ctrl_c_ends_an_evaluation_at_once() {
    let text = "import time\nprint 'here'\ntime.sleep(1000)\n";
    let home = home().with_file("endless.aurora", text);
    let mut child = home
        .command(&["job", "inspect", KEY, "endless.aurora"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "here\n");
    let interrupted = Instant::now();
    kill(
        Pid::from_raw(i32::try_from(child.id()).unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(interrupted.elapsed() < Duration::from_secs(10));
}
