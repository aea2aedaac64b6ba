//! The `.netrc` file: users and passwords by host.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::iter::Peekable;
use std::path::Path;
use std::str::Chars;

use super::credentials::Credentials;
use crate::error::Error;

/// More than any such file has, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Users and passwords by host, as `ftp`, `curl` and the released client read them from `~/.netrc`.
///
/// ```
/// use std::path::Path;
/// use aurora_rpc::Netrc;
///
/// let text = "machine scheduler.example.com login alice password \"s3 cret\"\n";
/// let netrc = Netrc::parse(Path::new("netrc"), text)?;
/// assert!(netrc.find("scheduler.example.com").is_some());
/// assert!(netrc.find("other.example.com").is_none());
/// # Ok::<(), aurora_rpc::Error>(())
/// ```
///
/// - `machine HOST`, then `login USER`, `password PASSWORD` and `account NAME` in any order. The
///   first entry of a host counts; hosts have no ports and no regard to case.
/// - `default` is for hosts without an entry, at any place in the file.
/// - Words may be quoted (`"`), with `\"`, `\\`, `\n`, `\r` and `\t` inside.
/// - `#` begins a comment where no value is expected. A `macdef` is left out up to the next empty
///   line.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Netrc {
    entries: Vec<Entry>,
}

#[derive(Clone, PartialEq, Eq)]
struct Entry {
    /// Nothing for `default`.
    host: Option<String>,
    login: Option<String>,
    password: Option<String>,
}

impl Netrc {
    /// Reads a file; nothing if there is none.
    ///
    /// # Errors
    /// [`Error::NetrcIsOpen`] for a file that others than its owner may read: to go
    /// on without it shows the error as a warning. [`Error::NetrcUnreadable`] and
    /// [`Error::NetrcSyntax`] as they say.
    pub fn read(path: &Path) -> Result<Option<Self>, Error> {
        let unreadable = |reason: String| Error::NetrcUnreadable {
            path: path.to_owned(),
            reason,
        };
        match fs::metadata(path) {
            Ok(found) if found.is_file() => {}
            // Opening a pipe could wait for ever.
            Ok(_) => return Err(unreadable("it is not a regular file".to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error.to_string())),
        }
        let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
        let metadata = file
            .metadata()
            .map_err(|error| unreadable(error.to_string()))?;
        if let Some(mode) = mode_for_others(&metadata) {
            return Err(Error::NetrcIsOpen {
                path: path.to_owned(),
                mode,
            });
        }
        let mut text = String::new();
        file.take(MAX_BYTES + 1)
            .read_to_string(&mut text)
            .map_err(|error| unreadable(error.to_string()))?;
        if text.len() as u64 > MAX_BYTES {
            return Err(unreadable(format!("it is larger than {MAX_BYTES} bytes")));
        }
        Self::parse(path, &text).map(Some)
    }

    /// Reads a text; `path` is what errors call it.
    ///
    /// # Errors
    /// [`Error::NetrcSyntax`] with the line. It never quotes the text, which holds passwords.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let mut words = Words::of(text);
        parse(&mut words).map_err(|reason| Error::NetrcSyntax {
            path: path.to_owned(),
            line: words.line,
            reason,
        })
    }

    /// User and password for a host: of its own entry, else of `default`. An entry without user or
    /// password gives none.
    pub fn find(&self, host: &str) -> Option<Credentials> {
        match self.entry_of(host) {
            Some(entry) => entry.credentials(),
            None => self
                .entries
                .iter()
                .find(|entry| entry.host.is_none())?
                .credentials(),
        }
    }

    /// User and password for a host that has an entry of its own.
    pub fn find_named(&self, host: &str) -> Option<Credentials> {
        self.entry_of(host)?.credentials()
    }

    fn entry_of(&self, host: &str) -> Option<&Entry> {
        let is_it = |name: &String| name.eq_ignore_ascii_case(host);
        self.entries
            .iter()
            .find(|entry| entry.host.as_ref().is_some_and(is_it))
    }
}

// By hand, because of the passwords.
impl fmt::Debug for Netrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self
            .entries
            .iter()
            .map(|entry| entry.host.as_deref().unwrap_or("default"));
        f.write_str("Netrc ")?;
        f.debug_list().entries(hosts).finish()
    }
}

impl Entry {
    fn new(host: Option<String>) -> Self {
        Self {
            host,
            login: None,
            password: None,
        }
    }

    fn credentials(&self) -> Option<Credentials> {
        Some(Credentials::new(
            self.login.as_deref()?,
            self.password.as_deref()?,
        ))
    }
}

/// The permissions of a file that others than its owner may read.
#[cfg(unix)]
fn mode_for_others(metadata: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = metadata.permissions().mode() & 0o7777;
    (mode & 0o044 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn mode_for_others(_: &fs::Metadata) -> Option<u32> {
    None
}

fn parse(words: &mut Words<'_>) -> Result<Netrc, &'static str> {
    let mut netrc = Netrc::default();
    while let Some(word) = words.keyword()? {
        match word.as_str() {
            "machine" => netrc.entries.push(Entry::new(Some(words.value()?))),
            "default" => netrc.entries.push(Entry::new(None)),
            "macdef" => {
                words.value()?;
                words.skip_macro();
            }
            "login" | "user" | "password" | "account" => {
                let entry = netrc
                    .entries
                    .last_mut()
                    .ok_or("a value precedes the first `machine`")?;
                let value = words.value()?;
                match word.as_str() {
                    "password" => entry.password = Some(value),
                    "account" => {}
                    _ => entry.login = Some(value),
                }
            }
            _ => {
                return Err(
                    "a word is none of machine, default, login, password, account and macdef; a password with a blank in it needs quotes",
                );
            }
        }
    }
    Ok(netrc)
}

/// The words of a text, and the line of the last one.
struct Words<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            chars: text
                .strip_prefix('\u{feff}')
                .unwrap_or(text)
                .chars()
                .peekable(),
            line: 1,
        }
    }

    fn next(&mut self) -> Option<char> {
        let next = self.chars.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    /// The next word where no value is expected, which may be a comment instead.
    fn keyword(&mut self) -> Result<Option<String>, &'static str> {
        loop {
            match self.word()? {
                Some(word) if word.starts_with('#') => self.skip_line(),
                word => return Ok(word),
            }
        }
    }

    fn value(&mut self) -> Result<String, &'static str> {
        self.word()?
            .ok_or("the file ends where a value should follow")
    }

    fn word(&mut self) -> Result<Option<String>, &'static str> {
        while let Some(blank) = self.chars.next_if(|c| c.is_whitespace()) {
            self.line += usize::from(blank == '\n');
        }
        let mut word = String::new();
        if self.chars.next_if_eq(&'"').is_some() {
            loop {
                match self.next() {
                    Some('"') => return Ok(Some(word)),
                    Some('\\') => match self.next() {
                        Some('n') => word.push('\n'),
                        Some('r') => word.push('\r'),
                        Some('t') => word.push('\t'),
                        Some(other) => word.push(other),
                        None => return Err("a quote is never closed"),
                    },
                    Some('\n') | None => return Err("a quote is not closed on its line"),
                    Some(other) => word.push(other),
                }
            }
        }
        while let Some(c) = self.chars.next_if(|c| !c.is_whitespace()) {
            word.push(c);
        }
        Ok((!word.is_empty()).then_some(word))
    }

    fn skip_line(&mut self) {
        while self.chars.next_if(|c| *c != '\n').is_some() {}
    }

    /// To the line after the next empty one.
    fn skip_macro(&mut self) {
        self.skip_line();
        self.next();
        let mut is_empty = true;
        while let Some(c) = self.next() {
            match c {
                '\n' if is_empty => return,
                '\n' => is_empty = true,
                '\r' => {}
                _ => is_empty = false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn netrc(text: &str) -> Netrc {
        Netrc::parse(Path::new("netrc"), text).unwrap()
    }

    fn found(netrc: &Netrc, host: &str) -> Option<Credentials> {
        netrc.find(host)
    }

    fn pair(user: &str, password: &str) -> Option<Credentials> {
        Some(Credentials::new(user, password))
    }

    #[test]
    fn the_first_entry_of_a_host_counts_and_default_comes_last() {
        let netrc = netrc(
            "default login anyone password p0\n\
             machine a login alice password p1 machine b\n\tuser bob\n\tpassword p2 account x\n\
             machine A login again password p3\n",
        );
        assert_eq!(found(&netrc, "a"), pair("alice", "p1"));
        assert_eq!(found(&netrc, "B"), pair("bob", "p2"));
        assert_eq!(found(&netrc, "c"), pair("anyone", "p0"));
        assert_eq!(netrc.find_named("c"), None);
        assert_eq!(netrc.find_named("b"), pair("bob", "p2"));
    }

    #[test]
    fn words_may_be_quoted() {
        let netrc = netrc(r#"machine "a" login "al ice" password "q\"\\\tz#" "#);
        assert_eq!(found(&netrc, "a"), pair("al ice", "q\"\\\tz#"));
        let plain = self::netrc(r#"machine a login x\y password p"q"#);
        assert_eq!(found(&plain, "a"), pair(r"x\y", "p\"q"));
        let empty = self::netrc(r#"machine a login "" password """#);
        assert_eq!(found(&empty, "a"), pair("", ""));
    }

    #[test]
    fn comments_and_macros_are_left_out() {
        let netrc = netrc(
            "# machine x login y password z\n\
             machine a login alice # the first\n\
             password #1\n\
             macdef init\n\
             machine b login m password n\n\
             put #\n\
             \r\n\
             machine c login carol password p\n\
             macdef last\nopen",
        );
        assert_eq!(found(&netrc, "a"), pair("alice", "#1"));
        assert_eq!(found(&netrc, "b"), None);
        assert_eq!(found(&netrc, "c"), pair("carol", "p"));
    }

    #[test]
    fn an_entry_that_lacks_a_part_gives_nothing() {
        let netrc =
            netrc("machine a login alice\nmachine b password p\ndefault login x password y");
        assert_eq!(found(&netrc, "a"), None);
        assert_eq!(found(&netrc, "b"), None);
        assert_eq!(found(&self::netrc(""), "a"), None);
    }

    #[test]
    fn an_error_has_the_line_and_no_word_of_the_text() {
        for (text, line) in [
            ("machine a login alice password s3cret pa55word\n", 1),
            ("machine a\nlogin alice\npassword s3cret\npa55word x", 4),
            ("machine a\nlogin alice password", 2),
            ("login s3cret", 1),
            ("machine a login \"s3cret\nx\"", 2),
            ("machine a login \"s3cret\\", 1),
            ("machine", 1),
        ] {
            let error = Netrc::parse(Path::new("/home/al/.netrc"), text).unwrap_err();
            let message = format!("{error} {error:?}");
            assert!(
                !message.contains("s3cret") && !message.contains("pa55"),
                "{message}"
            );
            assert!(message.contains("/home/al/.netrc"), "{message}");
            assert!(
                matches!(error, Error::NetrcSyntax { line: found, .. } if found == line),
                "{text}: {message}"
            );
        }
    }

    #[test]
    fn debug_shows_hosts_and_nothing_else() {
        let netrc = netrc("machine a login alice password s3cret default login x password y");
        assert_eq!(format!("{netrc:?}"), r#"Netrc ["a", "default"]"#);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_read_when_only_its_owner_may() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".netrc");
        assert_eq!(Netrc::read(&path).unwrap(), None);
        fs::write(&path, "machine a login alice password s3cret").unwrap();
        for (mode, is_open) in [(0o644, true), (0o640, true), (0o604, true), (0o600, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            match Netrc::read(&path) {
                Err(Error::NetrcIsOpen { mode: found, .. }) => {
                    assert!(is_open);
                    assert_eq!(found, mode);
                }
                result => {
                    assert!(!is_open, "{result:?}");
                    assert_eq!(
                        found(&result.unwrap().unwrap(), "a"),
                        pair("alice", "s3cret")
                    );
                }
            }
        }
        fs::write(&path, b"machine \xff").unwrap();
        assert!(matches!(
            Netrc::read(&path),
            Err(Error::NetrcUnreadable { .. })
        ));
        assert!(matches!(
            Netrc::read(folder.path()),
            Err(Error::NetrcUnreadable { .. })
        ));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(machine|default|login|password|macdef|[\"\\\\# \n\r\ta-c]|\\PC){0,40}") {
            if let Ok(netrc) = Netrc::parse(Path::new("netrc"), &text) {
                netrc.find("a");
            }
        }

        #[test]
        fn what_is_quoted_comes_back(user in "\\PC*", password in "\\PC*") {
            let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let text = format!("machine h login {} password {}", quote(&user), quote(&password));
            prop_assert_eq!(netrc(&text).find("h"), pair(&user, &password));
        }
    }
}
