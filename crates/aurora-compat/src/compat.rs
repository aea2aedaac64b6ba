use std::fmt;
use std::str::FromStr;

/// Which behaviour applies where the documentation and the released 0.12.0 client disagree.
///
/// Its text forms are `documented` and `released`.
///
/// ```
/// use aurora_compat::Compat;
///
/// assert_eq!(Compat::default(), Compat::Documented);
/// assert_eq!(Compat::Released.to_string().parse(), Ok(Compat::Released));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compat {
    /// What the documentation of 0.12.0 promises.
    #[default]
    Documented,
    /// What the released 0.12.0 client does.
    Released,
}

impl Compat {
    /// Both modes, the default first: for the choices of a command line option.
    pub const ALL: [Self; 2] = [Self::Documented, Self::Released];

    /// The text form: `documented` or `released`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Released => "released",
        }
    }

    /// `min_duration` of a process that does not set it, in seconds (row `process-min-duration`).
    pub const fn default_min_duration(self) -> u32 {
        match self {
            Self::Documented => 15,
            Self::Released => 5,
        }
    }

    /// Whether a job without `environment` is refused (row `job-environment`).
    ///
    /// Where it is not, the job takes the environment of the job key on the command line, and
    /// [`default_environment`](Self::default_environment) without a key.
    pub const fn environment_is_required(self) -> bool {
        matches!(self, Self::Released)
    }

    /// The environment of a job that sets none and is not selected by a key
    /// (row `job-environment`). It has no effect where
    /// [`environment_is_required`](Self::environment_is_required).
    pub const fn default_environment(self) -> &'static str {
        "devel"
    }

    /// Whether a `scheduler_uri` without a scheme means `http://` (row `scheduler-uri-scheme`).
    pub const fn assumes_http_scheme(self) -> bool {
        matches!(self, Self::Documented)
    }

    /// Whether a command that fails says so in its exit code (row `exit-codes`).
    pub const fn exit_codes_tell_the_truth(self) -> bool {
        matches!(self, Self::Documented)
    }

    /// Whether `job restart` restarts an instance that failed too often but is tolerated until it is
    /// healthy, rather than once more (row `restart-limits`).
    pub const fn restarts_tolerated_instances_for_ever(self) -> bool {
        matches!(self, Self::Released)
    }

    /// Whether a negative number of failures per instance sets no limit for a restart, rather than
    /// allowing no failure (row `restart-limits`).
    pub const fn restarts_without_limit_below_zero(self) -> bool {
        matches!(self, Self::Documented)
    }

    /// Whether a hook method is called with the arguments that it declares, by name, rather than with
    /// the positional and keyword arguments of the release (row `hook-signatures`).
    pub const fn hooks_take_documented_names(self) -> bool {
        matches!(self, Self::Documented)
    }

    /// Whether an unknown `auth_mechanism` is an error, rather than no authentication
    /// (row `unknown-auth-mechanism`).
    pub const fn refuses_unknown_auth_mechanism(self) -> bool {
        matches!(self, Self::Documented)
    }

    /// Whether `proxy_url` also replaces the address of a cluster that is reached by
    /// `scheduler_uri` in the URLs that people see (row `proxy-url-direct`).
    pub const fn proxy_url_covers_direct_schedulers(self) -> bool {
        matches!(self, Self::Documented)
    }

    /// Whether `job inspect --raw` prints JSON, rather than the Python form of the object
    /// (row `inspect-raw`).
    pub const fn raw_inspect_is_json(self) -> bool {
        matches!(self, Self::Documented)
    }

    /// Whether `job diff` passes the Python form of task configurations to the program in
    /// `DIFF_VIEWER` (row `diff-viewer-form`).
    pub const fn diff_viewer_gets_python_form(self) -> bool {
        matches!(self, Self::Released)
    }

    /// Whether `job inspect` shows non-ASCII text in more places than command lines
    /// (row `inspect-text`).
    pub const fn inspect_shows_any_text(self) -> bool {
        matches!(self, Self::Documented)
    }
}

impl fmt::Display for Compat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Compat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| Error::UnknownMode {
                value: text.to_owned(),
            })
    }
}

/// Why a text is not a compatibility mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is neither `documented` nor `released`.
    #[error("unknown compatibility mode `{value}`: use `documented` or `released`")]
    UnknownMode {
        /// The text as it was given.
        value: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    #[test]
    fn text_forms_parse_back_and_others_are_refused() {
        for mode in Compat::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        for bad in ["", "Released", "released ", "0.12.0"] {
            assert_eq!(
                bad.parse::<Compat>(),
                Err(Error::UnknownMode {
                    value: bad.to_owned()
                })
            );
        }
        assert_eq!(
            "old".parse::<Compat>().unwrap_err().to_string(),
            "unknown compatibility mode `old`: use `documented` or `released`"
        );
    }

    #[test]
    fn display_honours_width() {
        assert_eq!(format!("{:>10}|", Compat::Released), "  released|");
    }

    /// A row and the method for it must say the same.
    #[test]
    fn accessors_agree_with_the_rows() {
        for mode in Compat::ALL {
            let says = |id: &str, text: &str| {
                let behaviour = row(id).unwrap().behaviour(mode);
                behaviour.contains(text)
            };
            assert!(says(
                "process-min-duration",
                &format!("{} seconds", mode.default_min_duration())
            ));
            assert_eq!(
                says("job-environment", "error"),
                mode.environment_is_required()
            );
            assert_eq!(
                says("job-environment", mode.default_environment()),
                !mode.environment_is_required()
            );
            assert_eq!(
                says("scheduler-uri-scheme", "http://"),
                mode.assumes_http_scheme()
            );
            assert_eq!(
                says("exit-codes", "non-zero"),
                mode.exit_codes_tell_the_truth()
            );
            assert_eq!(
                says("restart-limits", "forever"),
                mode.restarts_tolerated_instances_for_ever()
            );
            assert_eq!(
                says("restart-limits", "no limit"),
                mode.restarts_without_limit_below_zero()
            );
            assert_eq!(
                says("hook-signatures", "by name"),
                mode.hooks_take_documented_names()
            );
            assert_eq!(
                says("unknown-auth-mechanism", "error"),
                mode.refuses_unknown_auth_mechanism()
            );
            assert_eq!(
                says("proxy-url-direct", "used in every URL"),
                mode.proxy_url_covers_direct_schedulers()
            );
            assert_eq!(says("inspect-raw", "JSON"), mode.raw_inspect_is_json());
            assert_eq!(
                says("diff-viewer-form", "Python"),
                mode.diff_viewer_gets_python_form()
            );
            assert_eq!(says("inspect-text", "shown"), mode.inspect_shows_any_text());
        }
    }
}
