//! The folder that archives are published in: `dev` for candidates, `release` for releases.

use std::fs;
use std::path::{Path, PathBuf};

use semver::Version;

use super::archive::Files;
use super::name::Candidate;
use super::{KEYS, fs_err};
use crate::Outcome;

/// Files appear under their folder's name all at once, and go all at once.
pub(super) struct Dist {
    root: PathBuf,
}

impl Dist {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn candidate(&self, candidate: &Candidate) -> PathBuf {
        self.root.join("dev").join(candidate.to_string())
    }

    pub(super) fn release(&self, version: &Version) -> PathBuf {
        self.root.join("release").join(version.to_string())
    }

    /// The candidates that are there, the newest last.
    pub(super) fn candidates(&self) -> Outcome<Vec<Candidate>> {
        let folder = self.root.join("dev");
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut candidates = Vec::new();
        for entry in fs_err(fs::read_dir(&folder), "read", &folder)? {
            let name = fs_err(entry, "read", &folder)?.file_name();
            candidates.extend(name.to_string_lossy().parse::<Candidate>().ok());
        }
        candidates.sort();
        Ok(candidates)
    }

    /// Copies the files of a candidate or release into a folder that is not there yet.
    pub(super) fn place(&self, files: &Files, folder: &Path) -> Outcome {
        let parent = folder.parent().unwrap_or(&self.root);
        fs_err(fs::create_dir_all(parent), "make", parent)?;
        // The copy may take long or break off; the renaming does not.
        let partial = tempfile::Builder::new()
            .prefix(".incomplete-")
            .tempdir_in(parent);
        let partial = fs_err(partial, "write in", parent)?;
        for file in [files.archive.clone(), files.checksum(), files.signature()] {
            let copy = partial.path().join(file.file_name().unwrap_or_default());
            fs_err(fs::copy(&file, &copy), "write", &copy)?;
        }
        open_to_readers(partial.path())?;
        fs_err(fs::rename(partial.path(), folder), "make", folder)?;
        // It has another name now: there is nothing left to remove.
        let _ = partial.keep();
        Ok(())
    }

    /// Puts the keys that may sign beside what they have signed.
    pub(super) fn publish_keys(&self, keys: &Path, kind: &str) -> Outcome {
        let copy = self.root.join(kind).join(KEYS);
        fs_err(fs::copy(keys, &copy), "write", &copy)?;
        Ok(())
    }
}

/// Removes a folder of files; a missing folder is not a failure.
pub(super) fn remove(folder: &Path) -> Outcome {
    if folder.exists() {
        fs_err(fs::remove_dir_all(folder), "remove", folder)?;
    }
    Ok(())
}

/// Lets everybody read a folder that was made for its maker alone.
fn open_to_readers(folder: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    let readable = fs::Permissions::from_mode(0o755);
    fs_err(fs::set_permissions(folder, readable), "open", folder)
}
