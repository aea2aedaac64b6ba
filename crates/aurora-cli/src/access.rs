//! The passwords for schedulers, from `.netrc`.

use std::path::PathBuf;

use aurora_rpc::Netrc;

use crate::environment::Environment;

/// Users and passwords from the file that `NETRC` names, else from `~/.netrc` or `~/_netrc`. A file
/// that cannot be used is skipped with a warning.
pub(crate) fn netrc(environment: &Environment) -> Option<Netrc> {
    for path in candidates(environment) {
        match Netrc::read(&path) {
            Ok(Some(netrc)) => return Some(netrc),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!("{error}");
                return None;
            }
        }
    }
    None
}

fn candidates(environment: &Environment) -> Vec<PathBuf> {
    match (environment.get("NETRC"), environment.home()) {
        (Some(path), _) => vec![path.into()],
        (None, Some(home)) => vec![home.join(".netrc"), home.join("_netrc")],
        (None, None) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(variables: &[(&str, &str)]) -> Vec<PathBuf> {
        candidates(&Environment::of(variables))
    }

    #[test]
    fn the_variable_takes_precedence_over_the_home_folder() {
        let home = ("HOME", "/home/al");
        let at_home = ["/home/al/.netrc", "/home/al/_netrc"].map(PathBuf::from);
        assert_eq!(paths(&[home]), at_home);
        let named = [PathBuf::from("/etc/netrc")];
        assert_eq!(paths(&[home, ("NETRC", "/etc/netrc")]), named);
        assert!(paths(&[]).is_empty());
    }
}
