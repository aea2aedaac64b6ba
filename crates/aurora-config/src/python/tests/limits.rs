//! Configurations that would take all the time or all the memory there is.

use std::time::{Duration, Instant};

use super::files::Files;
use crate::{ErrorKind, LoadOptions};

fn failure(text: &str, options: &LoadOptions) -> String {
    let files = Files::new(&[("greedy.aurora", text)]);
    files.failure_with(options)
}

fn short() -> LoadOptions {
    LoadOptions {
        timeout: Some(Duration::from_secs(1)),
        ..LoadOptions::default()
    }
}

fn small() -> LoadOptions {
    LoadOptions {
        memory_limit: Some(100 << 20),
        timeout: Some(Duration::from_secs(60)),
        ..LoadOptions::default()
    }
}

#[test]
fn a_loop_without_an_end_is_found_where_it_is() {
    let shown = failure("x = 1\nwhile True: pass\n", &short());
    let place = "error: evaluating the file took longer than 1 seconds\n --> greedy.aurora:2:";
    assert!(shown.starts_with(place), "{shown}");
    let help = "= help: look for an infinite loop, or allow more time";
    assert!(shown.trim_end().ends_with(help), "{shown}");
    let loops = Files::new(&[("loop.aurora", "while True: pass\n")]);
    let error = loops.load(&short()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn nested_generators_meet_the_deadline() {
    let text = "def g(n):\n  if n == 0:\n    while True: yield 1\n  for x in g(n - 1): yield x\n\
                for x in g(50): pass\n";
    let shown = failure(text, &short());
    assert!(
        shown.starts_with("error: evaluating the file took longer than 1 seconds\n"),
        "{shown}"
    );
}

#[test]
fn what_cannot_be_interrupted_is_left_behind() {
    // They end after some seconds so that they do not disturb the tests after this one.
    for text in [
        "import time\ntime.sleep(5)\n",
        "import time\nend = time.time() + 5\nwhile time.time() < end:\n  try:\n    \
         while time.time() < end: pass\n  except:\n    pass\n",
    ] {
        let started = Instant::now();
        let shown = failure(text, &short());
        assert!(started.elapsed() < Duration::from_secs(4), "{text}");
        assert!(
            shown.starts_with("error: evaluating the file took longer than 1 seconds\n"),
            "{shown}"
        );
    }
}

#[test]
fn a_value_that_is_too_large_is_never_made() {
    insta::assert_snapshot!(failure("x = 'x' * 10**10\n", &small()), @r"
    error: a value of 9536 MiB is larger than the 100 MiB that the program may use
     --> greedy.aurora:1:5
      |
    1 | x = 'x' * 10**10
      |     ^^^^^^^^^^^^
    ");
    for text in [
        "x = [0] * 10**9\n",
        "x = (0, 1) * 10**9\n",
        "x = 10**9 * [0]\n",
        "x = [0]\nx *= 10**9\n",
        "x = u'x' * 10**10\n",
        "x = bytearray(2) * 10**10\n",
        "x = 1 << 10**10\n",
        "x = 10**10**10\n",
    ] {
        let shown = failure(text, &small());
        assert!(
            shown.contains("is larger than the 100 MiB"),
            "{text}: {shown}"
        );
    }
}

#[test]
fn values_of_a_usual_size_are_made_as_ever() {
    let text = "assert 'ab' * 2 == u'abab' == 2 * 'ab' == 'ab' * 2L\nassert [0] * -1 == []\n\
                assert (1,) * 3 == (1, 1, 1)\nassert 2 ** 100 == 1 << 100\n\
                assert pow(2, 10**6, 7) == 2 and 1 ** 10**10 == 1 and 2 ** -1 == 0.5\n\
                x = [1]\nx *= 2\nassert x == [1, 1]\nassert 0 << 10**10 == 0\njobs = []\n";
    let files = Files::new(&[("usual.aurora", text)]);
    files.load(&small()).unwrap();
}

#[test]
fn growth_in_many_steps_is_stopped() {
    let shown = failure("x = []\nwhile True: x.append('abc' * 1000)\n", &small());
    assert!(
        shown.starts_with("error: evaluating the file took more than 100 MiB of memory\n"),
        "{shown}"
    );
}
