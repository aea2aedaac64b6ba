//! Opens a page in the user's web browser.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::environment::Environment;

/// How long a browser may take to fail; one that runs longer shows the page.
const START: Duration = Duration::from_secs(2);

/// Opens `url` in a new tab, and returns whether a browser started: the first of `BROWSER` that works
/// (separated by `:`, `%s` is replaced by the page), else that of the system.
pub(crate) fn open(url: &str, environment: &Environment) -> bool {
    match environment.get("BROWSER").and_then(|value| value.to_str()) {
        Some(browsers) => browsers
            .split(':')
            .filter_map(|browser| command(browser, url))
            .any(start),
        None => open::that_detached_with_timeout(url, START).is_ok(),
    }
}

/// The command line of one entry of `BROWSER`.
fn command(browser: &str, url: &str) -> Option<Command> {
    let mut words = shlex::split(browser)?;
    if words.first().is_none_or(String::is_empty) {
        return None;
    }
    if words.iter().any(|word| word.contains("%s")) {
        for word in &mut words {
            *word = word.replace("%s", url);
        }
    } else {
        words.push(url.to_owned());
    }
    let mut words = words.into_iter();
    let mut command = Command::new(words.next()?);
    command.args(words);
    Some(command)
}

/// Starts a browser without the streams of this process.
fn start(mut command: Command) -> bool {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        return false;
    };
    let deadline = Instant::now() + START;
    while Instant::now() < deadline {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            Err(_) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(browser: &str) -> Vec<String> {
        let command = command(browser, "http://h/scheduler").unwrap();
        std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| word.to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_page_replaces_the_placeholder_or_comes_last() {
        assert_eq!(words("lynx"), ["lynx", "http://h/scheduler"]);
        assert_eq!(
            words("'my browser' --url=%s --new"),
            ["my browser", "--url=http://h/scheduler", "--new"]
        );
        for nothing in ["", "  ", "''", "'unclosed"] {
            assert!(command(nothing, "http://h/").is_none(), "{nothing:?}");
        }
    }

    #[test]
    fn browsers_are_tried_in_turn() {
        let opened = |browsers: &str| {
            open(
                "http://h/scheduler",
                &Environment::of(&[("BROWSER", browsers)]),
            )
        };
        assert!(opened("no-such-browser:false:true"));
        assert!(!opened("no-such-browser:false"));
    }
}
