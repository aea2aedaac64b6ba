//! The clone in which a release is made before anybody sees it.

use std::path::Path;

use tempfile::TempDir;

use super::archive::Files;
use super::dist::{Dist, remove};
use super::git::Git;
use super::name::Candidate;
use crate::Outcome;

/// A clone of the checkout that goes with the command, with all that the remote knows.
pub(super) struct Workshop {
    pub(super) git: Git,
    /// For files that are not of the clone.
    pub(super) folder: TempDir,
    /// The name of the remote; `None` if the checkout has no such remote.
    pub(super) remote: Option<String>,
}

impl Workshop {
    /// Clones the commit that is checked out, and fetches from the remote.
    pub(super) fn open(checkout: &Git, remote: &str) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let clone = folder.path().join("clone");
        std::fs::create_dir(&clone)?;
        let git = Git::clone_of(checkout, &clone)?;
        let url = checkout.remote(remote)?;
        if let Some(url) = &url {
            git.run(["remote", "add", remote, url])?;
            git.run(["fetch", "--quiet", "--tags", remote])?;
        }
        Ok(Self {
            git,
            folder,
            remote: url.map(|_| remote.to_owned()),
        })
    }

    /// The remote, which there must be to publish.
    pub(super) fn remote(&self) -> Outcome<&str> {
        self.remote
            .as_deref()
            .ok_or_else(|| "there is no such remote to push to: name one with --remote, or add it with `git remote add`".into())
    }

    /// Puts an archive in its place and changes refs of the remote: all of that, or nothing.
    pub(super) fn publish(
        &self,
        dist: &Dist,
        files: &Files,
        folder: &Path,
        tag: &str,
        refs: &[String],
    ) -> Outcome {
        let remote = self.remote()?;
        dist.place(files, folder)?;
        let words = ["push", "--quiet", "--atomic", remote];
        let refs = refs.iter().map(String::as_str);
        let Err(error) = self.git.run(words.into_iter().chain(refs)) else {
            return Ok(());
        };
        let shown = folder.display();
        // The answer may be lost where the push was not.
        match self.arrived(remote, tag) {
            Ok(true) => Ok(()),
            Ok(false) => {
                let archive = match remove(folder) {
                    Ok(()) => format!("the archive in {shown} was removed again"),
                    Err(error) => format!("the archive must be removed by hand ({error})"),
                };
                Err(format!("nothing is published: {archive}, and no branch, tag or commit was made; {error}").into())
            }
            Err(_) => Err(format!(
                "it is not known whether the push arrived: {error}; when {remote} answers again, look for the tag with `git ls-remote {remote} {tag}`: if it is there, all is published and `git pull` brings it here; if not, remove {shown}"
            )
            .into()),
        }
    }

    /// Whether the remote has our tag.
    fn arrived(&self, remote: &str, tag: &str) -> Outcome<bool> {
        let name = format!("refs/tags/{tag}");
        let there = self.git.run(["ls-remote", remote, &name])?;
        let here = self.git.run(["rev-parse", &name])?;
        Ok(there.split_whitespace().next() == Some(&here))
    }

    /// The branches on the remote of those candidates of a version that a condition holds for.
    pub(super) fn branches(&self, of: impl Fn(&Candidate) -> bool) -> Outcome<Vec<String>> {
        let Some(remote) = &self.remote else {
            return Ok(Vec::new());
        };
        let mut branches = self.git.remote_branches(remote)?;
        branches.retain(|branch| {
            let candidate = branch.strip_prefix("release/");
            candidate.is_some_and(|it| it.parse().is_ok_and(|it| of(&it)))
        });
        Ok(branches)
    }
}

/// The steps after the push, which cannot be undone: failures are reported together at the end.
#[derive(Default)]
pub(super) struct Afterwards(Vec<String>);

impl Afterwards {
    pub(super) fn step(&mut self, outcome: Outcome, remedy: &str) {
        if let Err(error) = outcome {
            self.0.push(format!("{error}; {remedy}"));
        }
    }

    pub(super) fn end(self, published: &str) -> Outcome {
        if self.0.is_empty() {
            return Ok(());
        }
        let failures = self.0.join("\n  ");
        Err(
            format!("{published} is published, but this is left to be done by hand:\n  {failures}")
                .into(),
        )
    }
}
