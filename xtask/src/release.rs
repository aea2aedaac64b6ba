//! Releases: candidates, their verification, and the release itself. `docs/releasing.md` tells the whole way.
//!
//! The work is done in a clone that lasts as long as the command, and becomes public by one atomic push: whatever fails
//! before leaves the checkout and the remote as they were.

mod archive;
pub(crate) mod candidate;
mod changelog;
mod dist;
pub(crate) mod finish;
mod git;
mod gpg;
mod mail;
mod making;
mod manifest;
mod name;
pub(crate) mod verify;
mod workshop;

use std::path::{Path, PathBuf};

use crate::{Outcome, workspace_root};
use dist::Dist;
use git::Git;

/// The file of changes, from the root of the repository.
const CHANGELOG: &str = "CHANGELOG.md";
/// The keys that may sign releases, from the root of the repository.
const KEYS: &str = "KEYS";

/// Options that every command of a release takes.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// The folder that archives are published in [default: the value of `git config release.dist`]
    #[arg(long, value_name = "FOLDER")]
    dist: Option<PathBuf>,
    /// The checkout to release from [default: the one that this command was built in]
    #[arg(long, value_name = "FOLDER")]
    repository: Option<PathBuf>,
}

impl Place {
    fn repository(&self) -> Outcome<Git> {
        match &self.repository {
            Some(folder) => Git::open(folder),
            None => Git::open(&workspace_root()),
        }
    }

    /// The folder that was asked for or is configured.
    fn dist(&self, repository: &Git) -> Outcome<Option<Dist>> {
        let folder = match &self.dist {
            Some(folder) => Some(folder.clone()),
            None => repository.config("release.dist")?.map(PathBuf::from),
        };
        let Some(folder) = folder else {
            return Ok(None);
        };
        // A folder that is not there is more likely not mounted than new.
        if !folder.is_dir() {
            let shown = folder.display();
            return Err(format!(
                "the folder for archives, {shown}, is not there: mount or make it"
            )
            .into());
        }
        Ok(Some(Dist::new(std::path::absolute(folder)?)))
    }

    /// The folder to publish in, which there must be.
    fn published_dist(&self, repository: &Git) -> Outcome<Dist> {
        self.dist(repository)?.ok_or_else(|| {
            "nothing says where archives are published: pass --dist FOLDER, or set it once with `git config release.dist FOLDER`".into()
        })
    }
}

/// The folder for what dry runs make, which git ignores.
fn dry_dist(repository: &Git) -> Dist {
    Dist::new(repository.root().join("target/dist"))
}

/// Names the file that something could not be done with.
fn fs_err<T>(result: std::io::Result<T>, verb: &str, path: &Path) -> Outcome<T> {
    result.map_err(|error| format!("cannot {verb} {}: {error}", path.display()).into())
}
