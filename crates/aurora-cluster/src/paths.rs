use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const FILE: &str = "clusters.json";

/// The folder of the system's file when `AURORA_CONFIG_ROOT` names none.
const DEFAULT_ROOT: &str = "/etc/aurora";

/// The files that the 0.12.0 client reads, in the order in which they are merged: the system's, then
/// the user's.
///
/// `config_root` is the value of the environment variable `AURORA_CONFIG_ROOT`, a folder;
/// `/etc/aurora` is used when it is unset or empty. The documentation can be read that way, so a
/// value that ends in `/clusters.json` is taken as the file itself. `home` is the home folder,
/// whose `.aurora/clusters.json` is the second file; there is none without a home.
pub(crate) fn default_paths(config_root: Option<&OsStr>, home: Option<&Path>) -> Vec<PathBuf> {
    let root = match config_root {
        Some(root) if !root.is_empty() => Path::new(root),
        _ => Path::new(DEFAULT_ROOT),
    };
    let system = if root.file_name() == Some(OsStr::new(FILE)) {
        root.to_owned()
    } else {
        root.join(FILE)
    };
    let user = home.map(|home| home.join(".aurora").join(FILE));
    [system].into_iter().chain(user).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(root: Option<&str>, home: Option<&str>) -> Vec<String> {
        default_paths(root.map(OsStr::new), home.map(Path::new))
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }

    #[test]
    fn the_system_comes_first_and_defaults_to_etc() {
        let both = [
            "/etc/aurora/clusters.json",
            "/home/al/.aurora/clusters.json",
        ];
        assert_eq!(paths(None, Some("/home/al")), both);
        assert_eq!(paths(Some(""), Some("/home/al")), both);
        assert_eq!(paths(None, None), both[..1]);
        assert_eq!(paths(Some("/opt/a"), None), ["/opt/a/clusters.json"]);
        assert_eq!(paths(Some("rel/"), None), ["rel/clusters.json"]);
        assert_eq!(
            paths(Some("/opt/clusters.json"), None),
            ["/opt/clusters.json"]
        );
    }
}
