//! What all pages are made of: links, the way to a page, times.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// Everything but what a path takes as it is.
const NOT_IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// One step of the way to a page.
#[derive(Debug, Serialize)]
pub(super) struct Crumb {
    text: String,
    href: String,
}

impl Crumb {
    /// The steps to the page of `parts`, from the list of roles.
    pub(super) fn trail(parts: &[String]) -> Vec<Self> {
        (0..=parts.len())
            .map(|depth| {
                let above = parts.get(..depth).unwrap_or_default();
                Self {
                    text: above
                        .last()
                        .cloned()
                        .unwrap_or_else(|| "scheduler".to_owned()),
                    href: link("/scheduler", above),
                }
            })
            .collect()
    }
}

/// A path with every part escaped.
pub(super) fn link(base: &str, parts: &[String]) -> String {
    let mut path = base.to_owned();
    for part in parts {
        path.push('/');
        path.extend(utf8_percent_encode(part, NOT_IN_PATHS));
    }
    path
}

/// A time, in milliseconds since 1970, as people read it.
pub(super) fn utc(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(
        |_| ms.to_string(),
        |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// A time span in milliseconds, as people read it: its largest unit.
pub(super) fn age(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// A time span in milliseconds with its unit: seconds if they are whole.
pub(super) fn span(ms: i64) -> String {
    if ms % 1000 == 0 {
        format!("{} s", ms / 1000)
    } else {
        format!("{ms} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_escape_what_a_path_cannot_hold() {
        let parts = ["a b".to_owned(), "../x\"<".to_owned()];
        assert_eq!(link("/l", &parts), "/l/a%20b/..%2Fx%22%3C");
    }

    #[test]
    fn ages_are_short() {
        for (ms, text) in [
            (-5, "0 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (7_200_000, "2 h"),
            (90_000_000, "1 d"),
        ] {
            assert_eq!(age(ms), text);
        }
    }

    #[test]
    fn whole_seconds_are_shown_as_such() {
        assert_eq!(span(6000), "6 s");
        assert_eq!(span(6500), "6500 ms");
    }

    #[test]
    fn times_are_utc_and_odd_ones_do_no_harm() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(i64::MAX), i64::MAX.to_string());
    }
}
