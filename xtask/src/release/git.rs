//! A checkout of git, by way of its command.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::process::output;

/// A checkout, and where git runs.
pub(super) struct Git {
    root: PathBuf,
}

impl Git {
    /// The checkout that a folder is in.
    pub(super) fn open(folder: &Path) -> Outcome<Self> {
        let folder = Self {
            root: folder.to_owned(),
        };
        let root = PathBuf::from(folder.run(["rev-parse", "--show-toplevel"])?);
        Ok(Self { root })
    }

    /// Makes a clone that shares its objects with a checkout, of the commit that is checked out there.
    ///
    /// Who commits and what signs are taken along, as they may be set for that checkout alone.
    pub(super) fn clone_of(checkout: &Self, folder: &Path) -> Outcome<Self> {
        let mut command = git(folder);
        // The name is out of the way of the remotes that people have.
        command.args([
            "clone",
            "--quiet",
            "--shared",
            "--origin",
            "the-checkout",
            "--",
        ]);
        output(command.arg(&checkout.root).arg("."))?;
        let clone = Self {
            root: folder.to_owned(),
        };
        for key in [
            "user.name",
            "user.email",
            "gpg.program",
            "gpg.openpgp.program",
        ] {
            if let Some(value) = checkout.config(key)? {
                clone.run(["config", key, &value])?;
            }
        }
        Ok(clone)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Runs git and gives what it printed.
    pub(super) fn run<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Outcome<String> {
        output(self.command().args(words))
    }

    /// Git in this checkout, for callers that add to it.
    pub(super) fn command(&self) -> Command {
        git(&self.root)
    }

    /// A value of the configuration; `None` if it is not set.
    pub(super) fn config(&self, key: &str) -> Outcome<Option<String>> {
        let value = self.run(["config", "--default", "", "--get", key])?;
        Ok((!value.is_empty()).then_some(value))
    }

    /// What differs from the last commit, a line a file.
    pub(super) fn changes(&self) -> Outcome<Vec<String>> {
        let status = self.run(["status", "--porcelain"])?;
        Ok(status.lines().map(str::to_owned).collect())
    }

    /// The branch that is checked out; `None` between branches.
    pub(super) fn branch(&self) -> Outcome<Option<String>> {
        let branch = self.run(["branch", "--show-current"])?;
        Ok((!branch.is_empty()).then_some(branch))
    }

    /// The commit of a name; `None` if the name does not exist.
    pub(super) fn commit(&self, name: &str) -> Outcome<Option<String>> {
        // Refs are listed, as `rev-parse` does not tell a missing name from a failure.
        let format = "--format=%(objectname) %(*objectname)";
        let found = self.run(["for-each-ref", format, name])?;
        Ok(found.split_whitespace().last().map(str::to_owned))
    }

    /// The names of tags, in no order; with a commit, of those that lead to it.
    pub(super) fn tags(&self, merged: Option<&str>) -> Outcome<Vec<String>> {
        let merged = merged.map(|commit| format!("--merged={commit}"));
        let words = ["tag", "--list"].into_iter().chain(merged.as_deref());
        Ok(self.run(words)?.lines().map(str::to_owned).collect())
    }

    /// The branches of a remote, without its name.
    pub(super) fn remote_branches(&self, remote: &str) -> Outcome<Vec<String>> {
        let listed = self.run(["ls-remote", "--heads", remote])?;
        let names = listed
            .lines()
            .filter_map(|line| line.split_once("refs/heads/"));
        Ok(names.map(|(_, name)| name.to_owned()).collect())
    }

    /// The address that is pushed to; `None` if the remote does not exist.
    pub(super) fn remote(&self, name: &str) -> Outcome<Option<String>> {
        let remotes = self.run(["remote"])?;
        if !remotes.lines().any(|it| it == name) {
            return Ok(None);
        }
        let url = self.run(["remote", "get-url", "--push", name])?;
        // A path counts from the checkout, and the clone is elsewhere.
        let path = self.root.join(&url);
        Ok(Some(match path.exists() {
            true => path.display().to_string(),
            false => url,
        }))
    }
}

/// Git in a folder, free of what a hook or another git around it has set.
pub(super) fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
}
