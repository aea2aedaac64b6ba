//! How a command fails: the text for people and the exit code. Errors of the libraries become both here.
//!
//! ```text
//! Job creation failed due to error:              heading
//! <TAB>Insufficient quota                        details, each after a TAB
//!   caused by: connection refused                causes, outermost first
//!
//! hint: `aurora quota get west/www` shows the rest   hints, after an empty line
//! ```

use std::fmt;
use std::io::{self, Write};

use aurora_api::ResponseCode;
use aurora_config::{ErrorKind, Remedy};
use aurora_rpc::operations::Hooks;

use crate::exit;
use crate::style;
use crate::variables::CA_FILE;

/// The result of a step of a command.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a command ends with another exit code than 0, as text for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    code: u8,
    announced: bool,
    // Boxed, because every result that could be a failure has room for it.
    text: Box<Text>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Text {
    prefix: &'static str,
    heading: String,
    /// Lines that are printed unchanged, perhaps with colours.
    excerpt: String,
    details: Vec<String>,
    causes: Vec<String>,
    hints: Vec<String>,
}

impl Failure {
    /// A failure with the exit code `code` and the message `heading`.
    pub(crate) fn new(code: u8, heading: impl Into<String>) -> Self {
        Self::with_prefix(code, "", heading)
    }

    /// As `new`, for checks that the release calls fatal: their text has the prefix of a log line.
    pub(crate) fn fatal(text: impl Into<String>) -> Self {
        Self::with_prefix(exit::FATAL, "FATAL] ", text)
    }

    fn with_prefix(code: u8, prefix: &'static str, heading: impl Into<String>) -> Self {
        Self {
            code,
            announced: false,
            text: Box::new(Text {
                prefix,
                heading: heading.into(),
                ..Text::default()
            }),
        }
    }

    /// Ctrl-C.
    pub(crate) fn interrupted() -> Self {
        Self::with_prefix(exit::INTERRUPTED, "ERROR] ", "Command interrupted by user")
    }

    /// Adds a line of detail, such as a message of the scheduler.
    pub(crate) fn detail(mut self, text: impl Into<String>) -> Self {
        self.text.details.push(text.into());
        self
    }

    /// Adds a hint, unless it is there already.
    pub(crate) fn hint(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !self.text.hints.contains(&text) {
            self.text.hints.push(text);
        }
        self
    }

    /// Adds hints, as `hint` does.
    pub(crate) fn hints(self, texts: impl IntoIterator<Item = String>) -> Self {
        texts.into_iter().fold(self, Self::hint)
    }

    /// Adds the chain of sources of `error`, without those whose text the one before contains.
    pub(crate) fn sources_of(mut self, error: &dyn std::error::Error) -> Self {
        let mut previous = self.text.heading.clone();
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            if !previous.contains(&text) {
                self.text.causes.push(text.clone());
            }
            previous = text;
            source = cause.source();
        }
        self
    }

    /// Marks the failures that the release ends with the log line `Command terminated with error
    /// code N`.
    pub(crate) fn announced(mut self) -> Self {
        self.announced = true;
        self
    }

    /// Whether a log line announces the code.
    pub(crate) fn is_announced(&self) -> bool {
        self.announced
    }

    /// Adds to an interruption what the command did and did not do; other failures stay the same.
    pub(crate) fn if_interrupted(self, done: impl FnOnce() -> String) -> Self {
        if self.is_interruption() {
            self.detail(done())
        } else {
            self
        }
    }

    /// Adds the hook that Ctrl-C interrupted, if there is one.
    pub(crate) fn naming_hook(self, hooks: Option<&Hooks>) -> Self {
        match hooks.and_then(Hooks::running) {
            Some(hook) => self.if_interrupted(|| format!("{hook} was running")),
            None => self,
        }
    }

    /// Whether Ctrl-C ended the command.
    pub(crate) fn is_interruption(&self) -> bool {
        self.code == exit::INTERRUPTED
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        self.code
    }

    /// The text for people, without colours.
    #[cfg(test)]
    pub(crate) fn plain_text(&self) -> String {
        let mut text = anstream::StripStream::new(Vec::new());
        self.write(&mut text).unwrap();
        String::from_utf8(text.into_inner()).unwrap()
    }

    /// Writes the failure for people.
    pub(crate) fn write(&self, stream: &mut dyn Write) -> io::Result<()> {
        let (error, hint) = (style::ERROR, style::HINT);
        if !(self.text.heading.is_empty() && self.text.prefix.is_empty()) {
            writeln!(
                stream,
                "{error}{}{}{error:#}",
                self.text.prefix, self.text.heading
            )?;
        }
        if !self.text.excerpt.is_empty() {
            writeln!(stream, "{}", self.text.excerpt)?;
        }
        for detail in &self.text.details {
            writeln!(stream, "\t{detail}")?;
        }
        for cause in &self.text.causes {
            writeln!(stream, "  caused by: {cause}")?;
        }
        if !self.text.hints.is_empty() {
            writeln!(stream)?;
        }
        for text in &self.text.hints {
            writeln!(stream, "{hint}hint:{hint:#} {text}")?;
        }
        Ok(())
    }
}

/// For failures that pass through operations of the libraries. For people, there is `write`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.text.prefix, self.text.heading)
    }
}

impl std::error::Error for Failure {}

impl From<aurora_cluster::Error> for Failure {
    fn from(error: aurora_cluster::Error) -> Self {
        Self::new(exit::INVALID_CONFIGURATION, error.to_string()).sources_of(&error)
    }
}

impl From<aurora_config::Error> for Failure {
    fn from(error: aurora_config::Error) -> Self {
        load_failure(
            &error,
            "Error loading configuration",
            exit::INVALID_CONFIGURATION,
        )
    }
}

/// The failure for an error of a job file. The verb gives `heading` and `code`; some errors have their own.
pub(crate) fn load_failure(error: &aurora_config::Error, heading: &str, code: u8) -> Failure {
    let message = error.to_string();
    let mut failure = match error.kind() {
        ErrorKind::UpdateConfig => Failure::fatal(message),
        // In the release, these settings have the same message in every verb.
        ErrorKind::UpdateSettings => Failure::new(exit::INVALID_CONFIGURATION, message),
        ErrorKind::Exit(own) => {
            // A file that exits with 0 has not defined its jobs either.
            let own = u8::try_from(own).ok().filter(|own| *own != exit::SUCCESS);
            return Failure::new(own.unwrap_or(code), format!("{heading}: {message}"));
        }
        _ => Failure::new(code, format!("{heading}: {message}")),
    };
    if error.diagnostic().is_some() {
        // The heading already contains the message.
        failure.text.excerpt = error.render_details(true);
        return failure.hints(error.remedies().iter().filter_map(option));
    }
    if let aurora_config::Error::JobNotFound {
        key, candidates, ..
    } = error
    {
        let known = candidates.iter().map(String::as_str);
        if let Some(near) = python27::nearest(&key.to_string(), known) {
            failure = failure.hint(format!("did you mean `{near}`?"));
        }
    }
    let field = error.field().map(|field| format!("  in {field}"));
    let notes = error.notes().iter().map(|note| format!("  note: {note}"));
    let lines: Vec<_> = field.into_iter().chain(notes).collect();
    failure.text.excerpt = lines.join("\n");
    let failure = match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    };
    failure.hints(error.remedies().iter().filter_map(option))
}

/// The option that passes what an error asks for.
pub(crate) fn option(remedy: &Remedy) -> Option<String> {
    match remedy {
        Remedy::Binding => Some("`--bind NAME=VALUE` passes a binding".to_owned()),
        Remedy::Variable(Some(name)) => Some(format!(
            "`--env {name}=VALUE` sets the variable for the file"
        )),
        Remedy::Folder => {
            Some("`--hermetic-root DIR` allows the files of another folder".to_owned())
        }
        Remedy::Variable(None) => {
            Some("`--env NAME=VALUE` passes an environment variable".to_owned())
        }
        _ => None,
    }
}

#[cfg(feature = "devcluster")]
impl From<aurora_devcluster::Error> for Failure {
    fn from(error: aurora_devcluster::Error) -> Self {
        use aurora_devcluster::Error;
        let code = match &error {
            Error::Port { .. } | Error::Option { .. } => exit::INVALID_PARAMETER,
            Error::DoesNotEnd { .. } => exit::TIMEOUT,
            _ => exit::COMMAND_FAILURE,
        };
        Self::new(code, error.to_string()).sources_of(&error)
    }
}

impl From<aurora_rpc::Error> for Failure {
    fn from(error: aurora_rpc::Error) -> Self {
        refusal(error, "Command failure:", exit::API_ERROR)
    }
}

/// The failure for an error of a call to a scheduler. The verb gives `heading` and `code` for a call that the scheduler
/// refuses; all other errors look the same in all verbs.
pub(crate) fn refusal(error: aurora_rpc::Error, heading: &str, code: u8) -> Failure {
    use aurora_rpc::Error;
    if let Some((response, messages)) = error.rejection() {
        let failure = Failure::new(code, heading).detail(match messages {
            [] => String::new(),
            messages => messages.join(", "),
        });
        return if response == ResponseCode::LOCK_ERROR {
            failure
                .detail("Error: job is locked by an incomplete update.")
                .hint("wait until the update of the job ends, or abort it")
        } else {
            failure
        };
    }
    match error {
        Error::Config { source } => Failure::from(*source),
        Error::Authentication { url, status, hint } => Failure::new(
            exit::AUTHENTICATION_ERROR,
            format!("{url} answered {status}"),
        )
        .hint(hint),
        Error::Kerberos { .. } => Failure::new(exit::AUTHENTICATION_ERROR, error.to_string()),
        Error::KillFailed { source, .. } | Error::RestartFailed { source, .. } => {
            refusal(*source, heading, code)
        }
        Error::HooksRefused { method, hooks } => {
            Failure::new(exit::FATAL, format!("Pre hooks stopped call to {method}"))
                .detail(format!("stopped by {}", hooks.join(", ")))
                .hint("a hook lets the call pass by returning True")
        }
        Error::HookExited {
            class_name,
            method,
            code,
            ..
        } => {
            // A hook that exits with 0 stops the command too.
            let code = u8::try_from(code).ok().filter(|own| *own != exit::SUCCESS);
            let heading = format!("Hook {method} in {class_name} ended the program");
            Failure::new(code.unwrap_or(exit::FATAL), heading)
        }
        Error::HookNotRun { .. } => Failure::new(exit::FATAL, error.to_string()),
        Error::CronJob { .. } => Failure::new(exit::COMMAND_FAILURE, error.to_string()),
        Error::Cluster { .. }
        | Error::BadAddress { .. }
        | Error::Unsupported { .. }
        | Error::NoCredentials { .. }
        | Error::CaFile { .. } => {
            Failure::new(exit::INVALID_CONFIGURATION, error.to_string()).sources_of(&error)
        }
        Error::NoInstances { .. }
        | Error::TooLargeNumber { .. }
        | Error::TooManyInstances { .. }
        | Error::WrongCluster { .. } => Failure::new(exit::INVALID_PARAMETER, error.to_string()),
        Error::NoJobKey { .. } => Failure::new(exit::USAGE, error.to_string()),
        Error::Certificate { .. } | Error::NoTls { .. } => {
            Failure::new(exit::NETWORK_ERROR, error.to_string()).hint(format!(
                "set {} or the cluster's `ca_file` to a file of additional authorities to trust",
                CA_FILE
            ))
        }
        Error::GaveUp { .. } | Error::Tls { .. } => {
            Failure::new(exit::NETWORK_ERROR, error.to_string())
        }
        _ if error.is_transient() => {
            Failure::new(exit::NETWORK_ERROR, error.to_string()).sources_of(&error)
        }
        _ => Failure::new(exit::UNKNOWN_ERROR, error.to_string()).sources_of(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_in_their_order_and_hints_once() {
        let failure = Failure::new(exit::COMMAND_FAILURE, "Job creation failed due to error:")
            .detail("Insufficient quota")
            .hint("ask for more")
            .hint("ask for more")
            .hint("or use less");
        assert_eq!(
            failure.plain_text(),
            "Job creation failed due to error:\n\tInsufficient quota\n\nhint: ask for more\nhint: or use less\n"
        );
        assert_eq!(failure.code(), 4);
    }

    #[test]
    fn an_interruption_reports_what_was_done_and_other_failures_do_not() {
        let text = |failure: Failure| {
            failure
                .if_interrupted(|| "0 was killed".to_owned())
                .plain_text()
        };
        assert_eq!(
            text(Failure::interrupted()),
            "ERROR] Command interrupted by user\n\t0 was killed\n"
        );
        assert_eq!(text(Failure::new(exit::TIMEOUT, "late")), "late\n");
    }

    #[test]
    #[cfg(feature = "devcluster")]
    fn a_devcluster_that_does_not_end_has_not_stopped_in_time() {
        let error = aurora_devcluster::Error::DoesNotEnd {
            pid: 7,
            after: std::time::Duration::from_secs(35),
        };
        assert_eq!(Failure::from(error).code(), exit::TIMEOUT);
    }

    #[test]
    fn an_untrusted_certificate_has_a_hint_how_to_trust_it() {
        let failure = Failure::from(aurora_rpc::Error::Certificate {
            url: "https://h/api".to_owned(),
            host: "h".to_owned(),
            reason: "unknown issuer".to_owned(),
        });
        assert_eq!(failure.code(), exit::NETWORK_ERROR);
        let text = failure.plain_text();
        assert!(text.contains("hint: set AURORA_CA_FILE"), "{text}");
    }

    #[test]
    fn a_missing_ticket_is_a_failure_to_authenticate() {
        let failure = Failure::from(aurora_rpc::Error::Kerberos {
            service: "HTTP@h".to_owned(),
            problem: aurora_rpc::KerberosProblem::NoTicket,
            reason: "No Kerberos credentials available".to_owned(),
        });
        assert_eq!(failure.code(), exit::AUTHENTICATION_ERROR);
        assert_eq!(
            failure.plain_text(),
            "no Kerberos ticket for HTTP@h: No Kerberos credentials available; run `kinit`\n"
        );
    }

    #[test]
    fn a_call_that_was_given_up_after_retries_is_a_failure_of_the_network() {
        let gave_up = |last| {
            Failure::from(aurora_rpc::Error::GaveUp {
                method: "getJobs",
                cluster: "west".to_owned(),
                attempts: 120,
                waited: std::time::Duration::from_secs(600),
                may_have_run: false,
                last: Box::new(last),
            })
        };
        let refused = aurora_rpc::Error::Refused {
            url: "http://h/api".to_owned(),
            reason: "connection refused".to_owned(),
        };
        let busy = aurora_rpc::Error::Transient {
            method: "getJobs",
            messages: vec!["snapshot in progress".to_owned()],
        };
        for last in [refused, busy] {
            assert_eq!(gave_up(last).code(), 7);
        }
    }

    #[test]
    fn causes_that_only_repeat_are_left_out() {
        #[derive(Debug)]
        struct Outer(io::Error);
        impl std::fmt::Display for Outer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("cannot read it")
            }
        }
        impl std::error::Error for Outer {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        let outer = Outer(io::Error::other("disk on fire"));
        let with = |heading: &str| {
            Failure::new(exit::FATAL, heading)
                .sources_of(&outer)
                .plain_text()
        };
        assert_eq!(
            with("cannot read it"),
            "cannot read it\n  caused by: disk on fire\n"
        );
        assert_eq!(
            with("cannot read it: disk on fire"),
            "cannot read it: disk on fire\n"
        );
    }
}
