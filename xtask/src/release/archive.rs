//! The source archive: made of a tag, with checksum and signature, and compared with its tag.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, GzBuilder};
use semver::Version;
use sha2::{Digest, Sha512};

use super::git::{Git, git};
use super::gpg::{Keyring, Signer};
use super::{fs_err, name};
use crate::Outcome;
use crate::process::output;

/// The files of a candidate or release: the archive, and beside it its checksum and signature.
pub(super) struct Files {
    pub(super) archive: PathBuf,
    pub(super) version: Version,
}

impl Files {
    /// The files in a folder that is to have the archive of one version.
    pub(super) fn of(folder: &Path, version: &Version) -> Self {
        Self {
            archive: folder.join(name::archive(version)),
            version: version.clone(),
        }
    }

    /// Finds them by the folder or by the archive in it.
    pub(super) fn find(path: &Path) -> Outcome<Self> {
        let archived = |path: &Path| name::archived_version(&path.file_name()?.to_string_lossy());
        if !path.is_dir() {
            let version = archived(path).ok_or_else(|| {
                format!(
                    "{} is not named as an archive: aurora-VERSION.tar.gz",
                    path.display()
                )
            })?;
            let archive = path.to_owned();
            return Ok(Self { archive, version });
        }
        let mut found = Vec::new();
        for entry in fs_err(fs::read_dir(path), "read", path)? {
            let archive = fs_err(entry, "read", path)?.path();
            found.extend(archived(&archive).map(|version| Self { archive, version }));
        }
        match (found.pop(), found.is_empty()) {
            (Some(files), true) => Ok(files),
            (Some(_), false) => {
                Err(format!("more than one archive in {}: name one", path.display()).into())
            }
            (None, _) => {
                Err(format!("no archive aurora-VERSION.tar.gz in {}", path.display()).into())
            }
        }
    }

    pub(super) fn signature(&self) -> PathBuf {
        self.beside("asc")
    }

    pub(super) fn checksum(&self) -> PathBuf {
        self.beside("sha512")
    }

    fn beside(&self, extension: &str) -> PathBuf {
        let mut name = self.archive.clone().into_os_string();
        name.push(".");
        name.push(extension);
        name.into()
    }

    fn name(&self) -> String {
        let name = self.archive.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Packs a tag. The same tag always gives the same bytes.
    pub(super) fn pack(&self, git: &Git, tag: &str) -> Outcome {
        let tar = self.archive.with_extension("");
        let mut command = git.command();
        // Settings of the user would change the bytes.
        for setting in ["tar.umask=0022", "core.autocrlf=false", "core.eol=lf"] {
            command.args(["-c", setting]);
        }
        command.args(["archive", "--format=tar"]);
        command.arg(format!("--prefix={}/", name::archive_root(&self.version)));
        output(command.arg("--output").arg(&tar).arg(tag))?;
        let pack = || {
            let out = File::create(&self.archive)?;
            // Neither a name nor a time is put in the header.
            let mut out = GzBuilder::new().write(out, Compression::best());
            io::copy(&mut File::open(&tar)?, &mut out)?;
            out.finish()?.sync_all()?;
            fs::remove_file(&tar)
        };
        fs_err(pack(), "write", &self.archive)
    }

    /// Writes the checksum, as `sha512sum --check` reads it, and the signature.
    pub(super) fn sign(&self, signer: &Signer) -> Outcome {
        let line = format!("{}  {}\n", self.sum()?, self.name());
        fs_err(fs::write(self.checksum(), line), "write", &self.checksum())?;
        signer.sign(&self.archive, &self.signature())
    }

    /// Checks the checksum and the signature, and gives the fingerprint of the key that signed.
    pub(super) fn verify(&self, keyring: &Keyring) -> Outcome<String> {
        let path = self.checksum();
        let line = fs_err(fs::read_to_string(&path), "read", &path)?;
        let stated: Vec<_> = line.split_whitespace().collect();
        let sum = self.sum()?;
        if stated != [sum.as_str(), &self.name()] {
            return Err(format!(
                "{} does not tell the checksum of {}, which is {sum}: the archive is damaged or is another one",
                path.display(),
                self.name()
            )
            .into());
        }
        keyring.verify(&self.signature(), &self.archive)
    }

    /// The SHA-512 of the archive, in hexadecimal digits.
    pub(super) fn sum(&self) -> Outcome<String> {
        let mut digest = Sha512::new();
        let bytes = fs_err(fs::read(&self.archive), "read", &self.archive)?;
        digest.update(&bytes);
        let digits = digest
            .finalize()
            .iter()
            .map(|it| format!("{it:02x}"))
            .collect();
        Ok(digits)
    }

    /// Unpacks the archive, and gives the one folder that is in it.
    pub(super) fn unpack(&self, folder: &Path) -> Outcome<PathBuf> {
        let root = name::archive_root(&self.version);
        let listed = output(
            tar()
                .args(["--list", "--gzip", "--file"])
                .arg(&self.archive),
        )?;
        let inside = format!("{root}/");
        if let Some(stray) = listed.lines().find(|it| !it.starts_with(&inside)) {
            return Err(
                format!("{} holds `{stray}`, which is not in {inside}", self.name()).into(),
            );
        }
        let mut command = tar();
        command.args(["--extract", "--gzip", "--no-same-owner", "--directory"]);
        output(command.arg(folder).arg("--file").arg(&self.archive))?;
        Ok(folder.join(root))
    }
}

fn tar() -> Command {
    let mut command = Command::new("tar");
    command.env("LC_ALL", "C");
    command
}

/// The paths at which an unpacked archive differs from a commit, in content, in being executable or in being there.
pub(super) fn differences(unpacked: &Path, repository: &Git, commit: &str) -> Outcome<Vec<String>> {
    let scratch = tempfile::tempdir()?;
    let format = repository.run(["rev-parse", "--show-object-format"])?;
    let init = format!("--object-format={format}");
    output(git(scratch.path()).args(["init", "--quiet", "--bare", &init, "."]))?;
    let inside = || {
        let mut command = git(unpacked);
        command.arg("--git-dir").arg(scratch.path());
        command.arg("--work-tree").arg(unpacked);
        for setting in [
            "core.autocrlf=false",
            "core.safecrlf=false",
            "core.fileMode=true",
        ] {
            command.args(["-c", setting]);
        }
        command.args(["-c", "core.quotePath=false"]);
        command
    };
    output(inside().args(["add", "--all", "--force", "."]))?;
    let packed = output(inside().args(["ls-files", "--stage", "-z"]))?;
    let tagged = repository.run(["ls-tree", "-r", "-z", "--full-tree", commit])?;
    let (packed, tagged) = (entries(&packed), entries(&tagged));
    let paths = packed.keys().chain(tagged.keys());
    let differing = paths.filter(|path| packed.get(*path) != tagged.get(*path));
    let mut differing: Vec<_> = differing.map(|path| (*path).to_owned()).collect();
    differing.sort();
    differing.dedup();
    Ok(differing)
}

/// Mode and object by path, from `ls-files --stage` (mode, object, stage) or `ls-tree` (mode, type, object).
fn entries(listed: &str) -> BTreeMap<&str, (&str, &str)> {
    let entries = listed.split('\0').filter_map(|entry| {
        let (facts, path) = entry.split_once('\t')?;
        let facts: Vec<_> = facts.split(' ').collect();
        let [mode, first, second] = facts[..] else {
            return None;
        };
        // A stage and a type are both shorter than any object.
        let object = if first.len() > second.len() {
            first
        } else {
            second
        };
        Some((path, (mode, object)))
    });
    entries.collect()
}

#[cfg(test)]
mod tests;
