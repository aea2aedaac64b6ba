//! What a caller says about loading a configuration.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf, str::FromStr, time::Duration};

use aurora_compat::Compat;

use pystachio::Reference;
use python27::OutputSink;

use crate::Error;

/// How a configuration is loaded.
///
/// ```
/// use aurora_config::{Binding, LoadOptions};
///
/// let mut options = LoadOptions::default();
/// options.bindings.push("zoom[max]=18".parse::<Binding>()?);
/// assert_eq!(options.bindings[0].value(), "18");
/// # Ok::<(), aurora_config::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LoadOptions {
    /// Whether the file is JSON: one job, or an object with a list of `jobs`.
    pub json: bool,
    /// Variables bound on every job; the last one of a name wins.
    pub bindings: Vec<Binding>,
    /// Whether the documentation or the release decides where they differ.
    pub compat: Compat,
    /// The environment variables that a file may see.
    pub environment: BTreeMap<String, String>,
    /// Further environment variables, whose names or values are not Unicode.
    pub environment_bytes: BTreeMap<OsString, OsString>,
    /// Whether a Python file may use nothing but itself and the files that it includes, so that it
    /// gives the same jobs at any time and on any machine. JSON files never use anything else.
    ///
    /// Refused, and an error of the load even when the file catches it, are: all other files
    /// (`open`, `execfile`, `os.listdir`, …, standard input; what can be imported are Python's own
    /// modules and those in the folder of the file), everything written, programs, signals, the network, native code, and what
    /// shows the machine or the user (`os.getcwd`, `os.getpid`, `os.uname`, …). An include
    /// may be any regular file; [`Configuration::files_read`](crate::Configuration::files_read)
    /// names all that were read. Hooks are held to the same when they run, and include nothing more.
    /// Variables are those of `environment`, which `os.environ` can change for the file alone; pure
    /// functions as in `os.path` work.
    ///
    /// The clock and `os.urandom` are refused, `time.sleep` is not. Local time is UTC. `random`
    /// without a seed, and hashes of text, are the same each time; records of `logging` have the
    /// time 0; `id` and the default `repr` count objects. Not fixed are `sys.platform` and
    /// `sys.version`.
    pub hermetic: bool,
    /// The folder whose files a hermetic file may import and include; if unset, it may import those
    /// in its own folder, and include any.
    pub hermetic_root: Option<PathBuf>,
    /// How long evaluating a file may take; without a limit if unset, which is the default.
    ///
    /// Native code that cannot be interrupted (a hopeless regular expression, say) goes on in the
    /// background after the error has come back, until the process ends.
    pub timeout: Option<Duration>,
    /// By how many bytes the resident memory of this process may grow while a file is evaluated;
    /// without a limit if unset. 1 GiB is the default.
    ///
    /// The growth is read from `/proc/self/status`; elsewhere only single values are limited.
    pub memory_limit: Option<u64>,
    /// Takes what a file prints, as it prints it. If unset, what goes to `sys.stdout` is kept for
    /// [`Configuration::output`](crate::Configuration::output) and the rest is dropped.
    pub output: Option<OutputSink>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            json: false,
            bindings: Vec::new(),
            compat: Compat::default(),
            environment: BTreeMap::new(),
            environment_bytes: BTreeMap::new(),
            hermetic: false,
            hermetic_root: None,
            timeout: None,
            memory_limit: Some(1 << 30),
            output: None,
        }
    }
}

/// What a running task has and its configuration refers to: a short name, and the reference. `NAME`
/// is any name of a port.
pub(crate) const RUNTIME_NAMES: [(&str, &str); 5] = [
    ("instance", "mesos.instance"),
    ("hostname", "mesos.hostname"),
    ("task_id", "thermos.task_id"),
    ("user", "thermos.user"),
    ("ports.NAME", "thermos.ports[NAME]"),
];

/// A variable and its value: `NAME=VALUE`, with a reference as its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    reference: Reference,
    value: String,
}

impl Binding {
    /// Binds a value to a reference.
    pub fn new(reference: Reference, value: impl Into<String>) -> Self {
        Self {
            reference,
            value: value.into(),
        }
    }

    /// Binds something that only a running task has: `instance`, `hostname`, `task_id`, `user` or
    /// `ports.NAME`, or the reference in the configuration, such as `mesos.instance`.
    ///
    /// ```
    /// use aurora_config::Binding;
    ///
    /// let port = Binding::runtime("ports.http=31000")?;
    /// assert_eq!(port.reference().to_string(), "thermos.ports[http]");
    /// assert_eq!(port, Binding::runtime("thermos.ports[http]=31000")?);
    /// # Ok::<(), aurora_config::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not `NAME=VALUE`, or no running task has anything of the name.
    pub fn runtime(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Runtime {
            text: text.to_owned(),
        };
        let (name, value) = text.split_once('=').ok_or_else(wrong)?;
        let full = RUNTIME_NAMES.iter().find_map(|(short, full)| {
            let Some((before, after)) = full.split_once("NAME") else {
                return (name == *short || name == *full).then(|| (*full).to_owned());
            };
            let port = name
                .strip_prefix(short.trim_end_matches("NAME"))
                .or_else(|| name.strip_prefix(before)?.strip_suffix(after))?;
            Some(full.replace("NAME", port))
        });
        let reference = full.and_then(|full| full.parse().ok()).ok_or_else(wrong)?;
        Ok(Self::new(reference, value))
    }

    /// The reference that gets a value.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The value.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl FromStr for Binding {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Binding {
            text: text.to_owned(),
        };
        let (name, value) = text.split_once('=').ok_or_else(wrong)?;
        let reference = name.parse().map_err(|_| wrong())?;
        Ok(Self::new(reference, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_divides() {
        let binding: Binding = "opts.a[0]=--fast=yes".parse().unwrap();
        assert_eq!(binding.reference().to_string(), "opts.a[0]");
        assert_eq!(binding.value(), "--fast=yes");
        assert_eq!("a=".parse::<Binding>().unwrap().value(), "");
    }

    #[test]
    fn what_a_running_task_has_goes_by_short_and_full_names() {
        let reference = |text: &str| {
            let binding = Binding::runtime(text);
            binding.map_or_else(|error| error.to_string(), |b| b.reference().to_string())
        };
        assert_eq!(reference("instance=3"), "mesos.instance");
        assert_eq!(reference("mesos.hostname=x"), "mesos.hostname");
        assert_eq!(reference("ports.admin-http=1"), "thermos.ports[admin-http]");
        for text in [
            "instances=3",
            "instance",
            "ports.=1",
            "ports.a b=1",
            "thermos.ports[x=1",
        ] {
            assert_eq!(
                reference(text),
                format!(
                    "`{text}` sets nothing that a running task has: write NAME=VALUE, with one of the \
                     names instance, hostname, task_id, user, ports.NAME"
                )
            );
        }
    }

    #[test]
    fn names_must_be_references() {
        for text in ["", "weather", "9lives=cat", "=x", "a b=c"] {
            assert!(text.parse::<Binding>().is_err(), "{text}");
        }
    }
}
