//! `cargo xtask verify-release-candidate`: whether an archive is what was tagged and signed, and works.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::archive::{Files, differences};
use super::git::Git;
use super::gpg::Keyring;
use super::name::{Candidate, release_tag};
use super::{CHANGELOG, KEYS, Place, changelog, dry_dist, fs_err, manifest};
use crate::Outcome;

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A candidate, such as 0.2.0-rc0, or the path of an archive or its folder [default: the newest candidate]
    #[arg(value_name = "VERSION-rcN|PATH")]
    candidate: Option<String>,
    /// Do not build and test the archive
    #[arg(long)]
    no_test: bool,
    /// Command that builds and tests it, run by `sh` in the unpacked archive
    #[arg(long, value_name = "COMMAND", default_value = ".ci/run")]
    test_command: String,
    /// Do not compare with a tag, which dry runs leave none of
    #[arg(long)]
    no_tag: bool,
    /// The tag to compare with [default: that of the candidate or release that the folder is called by]
    #[arg(long, conflicts_with = "no_tag")]
    tag: Option<String>,
    /// The keys that may sign [default: the file KEYS of the checkout]
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Verifies a candidate, and tells each thing that holds.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let checkout = arguments.place.repository()?;
    let folder = find(arguments, &checkout)?;
    let files = Files::find(&folder)?;
    println!("{}", files.archive.display());
    let keys = match &arguments.keys {
        Some(keys) => keys.clone(),
        None => checkout.root().join(KEYS),
    };
    let keyring = Keyring::read(&keys)?;
    let tag = arguments.tag.clone().unwrap_or_else(|| tag_of(&files));
    let against = Against {
        git: &checkout,
        tag: &tag,
    };
    let against = (!arguments.no_tag).then_some(&against);
    let checked = check(&files, &keyring, against)?;
    println!("  the checksum is right");
    println!("  the signature is good, by {}", checked.fingerprint);
    match against {
        Some(_) => println!("  the content is that of the tag {tag}"),
        None => println!("  the content was compared with no tag"),
    }
    if arguments.no_test {
        println!("  the tests were not run");
        return Ok(());
    }
    test(&checked.unpacked, &arguments.test_command)?;
    println!("  the tests passed: {}", arguments.test_command);
    Ok(())
}

/// The folder or archive that is meant.
fn find(arguments: &Arguments, checkout: &Git) -> Outcome<PathBuf> {
    let named = arguments.candidate.as_deref();
    let candidate = named.map(str::parse::<Candidate>);
    if let (Some(path), Some(Err(error))) = (named, &candidate) {
        let path = PathBuf::from(path);
        return match path.exists() {
            true => fs_err(std::path::absolute(&path), "find", &path),
            false => Err(format!("{error}, or the path of an archive that is there").into()),
        };
    }
    let dist = arguments.place.dist(checkout)?;
    let dist = dist.unwrap_or_else(|| dry_dist(checkout));
    let candidates = dist.candidates()?;
    let candidate = match candidate {
        Some(Ok(candidate)) => Some(candidate).filter(|it| candidates.contains(it)),
        _ => candidates.last().cloned(),
    };
    let candidate = candidate.ok_or_else(|| {
        let there: Vec<_> = candidates.iter().map(ToString::to_string).collect();
        let there = match there.is_empty() {
            true => "none".to_owned(),
            false => there.join(", "),
        };
        format!(
            "no such candidate in {} (there: {there}): name the folder with --dist",
            dist.root().display()
        )
    })?;
    Ok(dist.candidate(&candidate))
}

/// The tag that an archive is to be compared with, by the folder that it is in.
fn tag_of(files: &Files) -> String {
    let folder = files.archive.parent().and_then(Path::file_name);
    let folder = folder.unwrap_or_default().to_string_lossy();
    match folder.parse::<Candidate>() {
        Ok(candidate) => candidate.tag(),
        Err(_) => release_tag(&files.version),
    }
}

/// What an archive is compared with.
pub(super) struct Against<'a> {
    pub(super) git: &'a Git,
    pub(super) tag: &'a str,
}

/// An archive in which nothing wrong was found.
pub(super) struct Checked {
    /// Of the key that signed.
    pub(super) fingerprint: String,
    pub(super) unpacked: PathBuf,
    /// Holds what was unpacked.
    _folder: TempDir,
}

/// Checks everything that needs no program of the archive.
pub(super) fn check(
    files: &Files,
    keyring: &Keyring,
    against: Option<&Against<'_>>,
) -> Outcome<Checked> {
    let fingerprint = files.verify(keyring)?;
    let folder = tempfile::tempdir()?;
    let unpacked = files.unpack(folder.path())?;
    let read = |file| {
        let path = unpacked.join(file);
        fs_err(std::fs::read_to_string(&path), "read", &path)
    };
    let (written, version) = (manifest::version(&read("Cargo.toml")?)?, &files.version);
    if written != *version {
        return Err(format!("the archive of {version} holds the version {written}").into());
    }
    if changelog::changes(&read(CHANGELOG)?, version).is_none() {
        return Err(format!("{CHANGELOG} in the archive does not tell of {version}").into());
    }
    if let Some(Against { git, tag }) = against {
        let commit = git.commit(&format!("refs/tags/{tag}"))?.ok_or_else(|| {
            format!("there is no tag {tag} here: `git fetch --tags`, or skip the comparison with --no-tag, as after a dry run")
        })?;
        keyring.verify_tag(git, tag)?;
        let differing = differences(&unpacked, git, &commit)?;
        if !differing.is_empty() {
            let few: Vec<_> = differing.iter().take(5).map(String::as_str).collect();
            return Err(format!(
                "the archive differs from tag {tag} in {} files, such as {}",
                differing.len(),
                few.join(", ")
            )
            .into());
        }
    }
    Ok(Checked {
        fingerprint,
        unpacked,
        _folder: folder,
    })
}

/// Runs the tests of an unpacked archive, in the sight of the user.
fn test(folder: &Path, command: &str) -> Outcome {
    let mut tests = Command::new("sh");
    tests.args(["-c", command]).current_dir(folder);
    // Nothing that was built before is to take part.
    tests.env_remove("CARGO_TARGET_DIR");
    let status = tests
        .status()
        .map_err(|error| format!("cannot run sh: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("the tests in the archive failed: `{command}`, {status}").into())
}
