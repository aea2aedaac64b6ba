//! Which files are checked.

use std::path::{Path, PathBuf};

use crate::exit;
use crate::failure::{Failure, Result};

/// The files themselves, and the `*.aurora` files at any depth of the folders, by name. Links to folders are not followed.
pub(super) fn job_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            add_folder(path, &mut files)?;
            if files.len() == before {
                let message = format!("there are no *.aurora files in {}", path.display());
                return Err(Failure::new(exit::INVALID_CONFIGURATION, message));
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

fn add_folder(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = |error| {
        let message = format!("cannot read the folder {}: {error}", folder.display());
        Failure::new(exit::INVALID_CONFIGURATION, message)
    };
    let mut entries = Vec::new();
    for entry in folder.read_dir().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        entries.push((entry.path(), entry.file_type().map_err(unreadable)?));
    }
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    for (path, kind) in entries {
        if kind.is_dir() {
            add_folder(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "aurora")
        {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_their_job_files_at_any_depth() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        std::fs::create_dir_all(path("jobs/deep")).unwrap();
        std::fs::create_dir_all(path("empty")).unwrap();
        for name in [
            "jobs/b.aurora",
            "jobs/a.aurora",
            "jobs/deep/c.aurora",
            "jobs/notes.txt",
            "jobs/lib.py",
        ] {
            std::fs::write(path(name), "").unwrap();
        }
        let found = job_files(&[path("jobs/b.aurora"), path("jobs")]).unwrap();
        let expected = ["jobs/b.aurora", "jobs/a.aurora", "jobs/deep/c.aurora"].map(path);
        assert_eq!(found, expected);
        assert!(job_files(&[path("empty")]).is_err());
        // Whether a file is there is said when it is read.
        assert_eq!(job_files(&[path("gone")]).unwrap(), [path("gone")]);
    }
}
