//! Making a candidate in the clone: which version it is, its commit, its tag, its archive.

use std::fs;
use std::path::Path;

use jiff::civil::Date;
use semver::Version;

use super::archive::Files;
use super::changelog::{self, Stamp};
use super::git::Git;
use super::gpg::{Keyring, Signer};
use super::name::{Candidate, Level, release_tag, released_version};
use super::verify::{Against, check};
use super::workshop::Workshop;
use super::{CHANGELOG, KEYS, fs_err, manifest};
use crate::Outcome;

const MANIFEST: &str = "Cargo.toml";
const LOCK: &str = "Cargo.lock";

/// The release to make.
pub(super) struct Plan {
    pub(super) candidate: Candidate,
    /// The last release; `None` before the first.
    previous: Option<Version>,
    date: Date,
    /// The URL that replaces the placeholder in the manifest.
    url: Option<String>,
}

/// What was made.
pub(super) struct Made {
    pub(super) files: Files,
    pub(super) commit: String,
    /// Of the archive.
    pub(super) sha512: String,
    /// Of the key that signed.
    pub(super) fingerprint: String,
    /// The changes of the version in the changelog.
    pub(super) changes: String,
}

impl Plan {
    /// Figures the version from the last release that the commit has behind it.
    ///
    /// A plan that is to be published needs a URL, unless the manifest has one.
    pub(super) fn new(
        git: &Git,
        level: Level,
        number: u32,
        date: Date,
        url: Option<String>,
        publish: bool,
    ) -> Outcome<Self> {
        let released = git.tags(Some("HEAD"))?;
        let previous = released.iter().filter_map(|it| released_version(it)).max();
        let version = level.after(previous.as_ref());
        let tags = git.tags(None)?;
        let tag = release_tag(&version);
        if tags.contains(&tag) {
            return Err(format!("{version} is released: its tag {tag} is on another branch; release from there, or choose another level").into());
        }
        let candidate = Candidate { version, number };
        let same = |it: &Candidate| it.version == candidate.version;
        let candidates = tags.iter().filter_map(|it| Candidate::of_tag(it));
        let last = candidates.filter(same).max();
        if let Some(last) = last.filter(|last| last.number >= number) {
            return Err(format!(
                "the tag {} exists: pass -r {} for the next candidate of {}",
                last.tag(),
                last.number.saturating_add(1),
                last.version
            )
            .into());
        }
        let plan = Self {
            candidate,
            previous,
            date,
            url,
        };
        let manifest = read(git.root(), MANIFEST)?;
        if publish && plan.url.is_none() && manifest::has_placeholder(&manifest)? {
            return Err("Cargo.toml has a placeholder for the URL of the repository: pass --url URL, or set it once with `git config release.url URL`".into());
        }
        plan.check_manifest(&manifest::version(&manifest)?)?;
        Ok(plan)
    }

    /// Fails unless the manifest has the version of the last release, or that of an earlier candidate.
    fn check_manifest(&self, written: &Version) -> Outcome {
        let next = &self.candidate.version;
        let expected = match &self.previous {
            Some(previous) => written == previous || written == next,
            None => written <= next,
        };
        if expected {
            return Ok(());
        }
        let previous = match &self.previous {
            Some(previous) => format!("after {previous}"),
            None => "as the first".to_owned(),
        };
        Err(format!(
            "Cargo.toml has the version {written}, and {previous} comes {next}: choose another level, or set the version back if a candidate of {written} was given up"
        )
        .into())
    }

    /// Stamps and commits in the clone, tags that, packs the tag and checks what came of it.
    pub(super) fn make(&self, workshop: &Workshop, signer: &Signer) -> Outcome<Made> {
        let git = &workshop.git;
        let Candidate { version, number } = &self.candidate;
        self.stamp(git.root())?;
        // A later candidate may have nothing to stamp: the repairs were committed before.
        if !git.changes()?.is_empty() {
            let message = format!("Release {version}, candidate {number}");
            git.run(["commit", "--quiet", "--all", "--message", &message])?;
        }
        let commit = git.run(["rev-parse", "HEAD"])?;
        let tag = self.candidate.tag();
        let message = format!("aurora {version}, candidate {number}");
        signer.tag(git, &tag, &commit, &message)?;

        let folder = workshop.folder.path().join("files");
        fs_err(fs::create_dir(&folder), "make", &folder)?;
        let files = Files::of(&folder, version);
        files.pack(git, &tag)?;
        files.sign(signer)?;
        let keyring = Keyring::read(&git.root().join(KEYS))?;
        let against = Against { git, tag: &tag };
        check(&files, &keyring, Some(&against))?;
        let changes = changelog::changes(&read(git.root(), CHANGELOG)?, version);
        Ok(Made {
            sha512: files.sum()?,
            files,
            commit,
            fingerprint: signer.fingerprint.clone(),
            changes: changes.unwrap_or_default(),
        })
    }

    fn stamp(&self, root: &Path) -> Outcome {
        let mut manifest = read(root, MANIFEST)?;
        if let Some(url) = &self.url {
            manifest = manifest::set_repository(&manifest, url)?;
        }
        let (old, new) = (manifest::version(&manifest)?, &self.candidate.version);
        let repository = manifest::repository(&manifest)?;
        let stamp = Stamp {
            version: new,
            date: self.date,
            previous: self.previous.as_ref(),
            repository: repository.as_deref(),
        };
        let changelog = changelog::stamp(&read(root, CHANGELOG)?, &stamp)?;
        let lock = manifest::bump_lock(&read(root, LOCK)?, &old, new)?;
        for (file, text) in [
            (CHANGELOG, changelog),
            (MANIFEST, manifest::bump(&manifest, &old, new)?),
            (LOCK, lock),
        ] {
            let path = root.join(file);
            fs_err(fs::write(&path, text), "write", &path)?;
        }
        Ok(())
    }
}

fn read(root: &Path, file: &str) -> Outcome<String> {
    let path = root.join(file);
    fs_err(fs::read_to_string(&path), "read", &path)
}
