//! The environment variables and the account of the process, read once.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::exit;
use crate::failure::{Failure, Result};
use crate::variables::Variable;

/// The environment variables and the home folder of the process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    variables: BTreeMap<OsString, OsString>,
    home: Option<PathBuf>,
}

impl Environment {
    /// Reads the variables of this process, and the home folder from the account when `HOME` is unset.
    pub(crate) fn of_this_process() -> Self {
        Self {
            variables: std::env::vars_os()
                .filter(|(name, _)| name != crate::arguments::MARK)
                .collect(),
            home: etcetera::home_dir().ok(),
        }
    }

    #[cfg(test)]
    pub(crate) fn of(variables: &[(&str, &str)]) -> Self {
        let variables: BTreeMap<OsString, OsString> = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)))
            .collect();
        let home = variables.get(OsStr::new("HOME")).map(PathBuf::from);
        Self { variables, home }
    }

    /// A variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    /// The variables that job files can read: all that are Unicode, or with `only_named` only the named ones; and those
    /// that an option sets. As with `docker run --env`, a named variable that is not set stays unset.
    ///
    /// Most job files take the role from `USER`, which containers and services leave unset. Then it is the login name.
    pub(crate) fn for_configurations(
        &self,
        only_named: bool,
        named: &[Variable],
    ) -> BTreeMap<String, String> {
        let unicode = self.variables.iter().filter_map(|(name, value)| {
            Some((name.to_str()?.to_owned(), value.to_str()?.to_owned()))
        });
        let mut variables: BTreeMap<_, _> = unicode.collect();
        if !variables.contains_key("USER")
            && let Ok(user) = self.user()
        {
            variables.insert("USER".to_owned(), user);
        }
        if only_named {
            variables.retain(|name, _| named.iter().any(|variable| variable.name == *name));
        }
        for variable in named {
            if let Some(value) = &variable.value {
                variables.insert(variable.name.clone(), value.clone());
            }
        }
        variables
    }

    /// The variables that job files can read and that are not Unicode.
    pub(crate) fn bytes_for_configurations(
        &self,
        only_named: bool,
    ) -> BTreeMap<OsString, OsString> {
        let variables = self.variables.iter();
        variables
            .filter(|(name, value)| {
                !only_named && (name.to_str().is_none() || value.to_str().is_none())
            })
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Whether the terminal cannot erase text.
    pub(crate) fn has_dumb_terminal(&self) -> bool {
        self.get("TERM").is_some_and(|name| name == "dumb")
    }

    /// The home folder.
    pub(crate) fn home(&self) -> Option<&PathBuf> {
        self.home.as_ref()
    }

    /// The local login name, which becomes `owner.user` of jobs: the first of `LOGNAME`, `USER`,
    /// `LNAME`, `USERNAME` that is set, else the account's.
    pub(crate) fn user(&self) -> Result<String> {
        ["LOGNAME", "USER", "LNAME", "USERNAME"]
            .into_iter()
            .find_map(|name| self.get(name)?.to_str().map(str::to_owned))
            .or_else(|| {
                let account = nix::unistd::User::from_uid(nix::unistd::getuid());
                Some(account.ok()??.name)
            })
            .ok_or_else(|| {
                Failure::new(
                    exit::INVALID_CONFIGURATION,
                    "cannot determine your login name",
                )
                .hint("set `LOGNAME` to the name that should own the job")
            })
    }

    /// The folder for data: `aurora` in the XDG data folder.
    #[cfg(feature = "devcluster")]
    pub(crate) fn data_dir(&self) -> Option<PathBuf> {
        let data = self.xdg_folder("XDG_DATA_HOME", ".local/share")?;
        Some(data.join("aurora"))
    }

    /// The folder for caches: `aurora` in the XDG cache folder.
    pub(crate) fn cache_dir(&self) -> Option<PathBuf> {
        let cache = self.xdg_folder("XDG_CACHE_HOME", ".cache")?;
        Some(cache.join("aurora"))
    }

    /// A folder of the XDG specification: the value of the variable, else the default in the home folder.
    fn xdg_folder(&self, variable: &str, at_home: &str) -> Option<PathBuf> {
        self.get(variable)
            .map(PathBuf::from)
            // The specification says to ignore a relative path.
            .filter(|path| path.is_absolute())
            .or_else(|| Some(self.home.as_ref()?.join(at_home)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_login_variable_with_a_value_is_used() {
        let user = |variables: &[(&str, &str)]| Environment::of(variables).user().unwrap();
        assert_eq!(user(&[("LOGNAME", "alice"), ("USER", "bob")]), "alice");
        assert_eq!(user(&[("LOGNAME", ""), ("USER", "bob")]), "bob");
        assert_eq!(user(&[("USERNAME", "dora"), ("LNAME", "carl")]), "carl");
        assert!(!user(&[]).is_empty(), "the name of the account");
    }

    #[test]
    fn configurations_always_find_a_user() {
        let user = |variables: &[(&str, &str)]| {
            Environment::of(variables).for_configurations(false, &[])["USER"].clone()
        };
        assert_eq!(user(&[("USER", "bob"), ("LOGNAME", "alice")]), "bob");
        assert_eq!(user(&[("LOGNAME", "alice")]), "alice");
    }

    #[test]
    fn named_variables_are_passed_on_or_set() {
        let environment = Environment::of(&[("USER", "bob"), ("STAGE", "test"), ("TOKEN", "x")]);
        let variables = |only_named: bool, named: &[&str]| {
            let named: Vec<_> = named.iter().map(|text| text.parse().unwrap()).collect();
            let variables = environment.for_configurations(only_named, &named);
            let pairs = variables
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"));
            pairs.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(variables(true, &[]), "");
        assert_eq!(
            variables(true, &["STAGE", "NONE", "A=b=c"]),
            "A=b=c STAGE=test"
        );
        assert_eq!(variables(true, &["STAGE=prod"]), "STAGE=prod");
        assert_eq!(
            variables(false, &["STAGE=prod", "USER"]),
            "STAGE=prod TOKEN=x USER=bob"
        );
        assert!("=x".parse::<Variable>().is_err());
    }

    #[test]
    fn the_cache_is_in_the_xdg_folder() {
        let dir = |variables: &[(&str, &str)]| Environment::of(variables).cache_dir();
        let home = ("HOME", "/home/alice");
        assert_eq!(dir(&[home]), Some("/home/alice/.cache/aurora".into()));
        assert_eq!(
            dir(&[home, ("XDG_CACHE_HOME", "/cache")]),
            Some("/cache/aurora".into())
        );
        assert_eq!(dir(&[("XDG_CACHE_HOME", "cache")]), None);
    }
}
