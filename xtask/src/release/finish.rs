//! `cargo xtask release`: makes the candidate that passed its vote the release.

use super::archive::Files;
use super::dist::{Dist, remove};
use super::gpg::{Keyring, Signer};
use super::mail::{self, Mail};
use super::name::{Candidate, release_tag};
use super::verify::{Against, check};
use super::workshop::{Afterwards, Workshop};
use super::{KEYS, Place};
use crate::Outcome;

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The candidate, such as 0.2.0-rc1 [default: the newest that is published]
    #[arg(value_name = "VERSION-rcN")]
    candidate: Option<Candidate>,
    /// Check everything, and print the steps without doing them
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// The key to sign the tag with [default: the value of `git config user.signingkey`]
    #[arg(short, long)]
    key: Option<String>,
    /// The remote to push to
    #[arg(long, default_value = "origin")]
    remote: String,
    #[command(flatten)]
    place: Place,
}

/// Releases a candidate.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let checkout = arguments.place.repository()?;
    let dist = arguments.place.published_dist(&checkout)?;
    let candidate = choose(arguments.candidate.as_ref(), &dist)?;
    let signer = Signer::find(arguments.key.as_deref(), &checkout)?;
    let workshop = Workshop::open(&checkout, &arguments.remote)?;
    let keys = workshop.git.root().join(KEYS);
    signer.check_listed(&keys)?;

    let (git, version) = (&workshop.git, &candidate.version);
    let (tag, folder) = (release_tag(version), dist.release(version));
    if git.commit(&format!("refs/tags/{tag}"))?.is_some() {
        return Err(format!("{version} is released: the tag {tag} exists").into());
    }
    if folder.exists() {
        return Err(format!(
            "{} is there already, and {version} is not released: remove it",
            folder.display()
        )
        .into());
    }
    let files = Files::of(&dist.candidate(&candidate), version);
    let voted = candidate.tag();
    let against = Against { git, tag: &voted };
    let checked = check(&files, &Keyring::read(&keys)?, Some(&against))?;
    let commit = git.commit(&format!("refs/tags/{voted}"))?;
    let commit = commit.ok_or_else(|| format!("there is no tag {voted}"))?;
    signer.tag(git, &tag, &commit, &format!("aurora {version}"))?;
    let old_branches = workshop.branches(|it| it.version == *version)?;

    println!("aurora {version} is candidate {}", candidate.number);
    println!("  commit    {commit}");
    println!("  signed by {}", checked.fingerprint);
    if arguments.dry_run {
        println!(
            "This was a dry run: without --dry-run the tag {tag} is pushed, and the archive goes to"
        );
        println!("  {}", folder.display());
        return Ok(());
    }
    let mut refs = vec![format!("refs/tags/{tag}")];
    refs.extend(old_branches.iter().map(|it| format!(":refs/heads/{it}")));
    let mut old = dist.candidates()?;
    old.retain(|it| it.version == *version);
    let mail = Mail {
        candidate: &candidate,
        list: checkout.config("release.list")?,
        commit: &commit,
        folder: &folder,
        sha512: &files.sum()?,
        fingerprint: &checked.fingerprint,
        changes: "",
    };
    workshop.publish(&dist, &files, &folder, &tag, &refs)?;
    println!("Pushed {tag}");
    println!("The archive is in {}", folder.display());

    let mut then = Afterwards::default();
    let draft = mail::keep(&checkout, &mail::passed_file(version), &mail.passed());
    then.step(draft, "the result of the vote has no draft of its mail");
    let fetched = checkout.run(["fetch", "--quiet", "--tags", &arguments.remote]);
    then.step(fetched.map(drop), "`git fetch --tags` brings the tag");
    let copied = dist.publish_keys(&keys, "release");
    then.step(copied, "copy KEYS there, so that signatures can be checked");
    for old in old {
        then.step(remove(&dist.candidate(&old)), "it is released now");
    }
    println!("Still to do: the mail, and `cargo publish`; see docs/releasing.md");
    then.end(&version.to_string())
}

/// The candidate that was asked for, or the newest.
fn choose(asked: Option<&Candidate>, dist: &Dist) -> Outcome<Candidate> {
    let candidates = dist.candidates()?;
    let chosen = match asked {
        Some(asked) => candidates.iter().find(|it| *it == asked),
        None => candidates.last(),
    };
    chosen.cloned().ok_or_else(|| {
        let name = asked.map_or("any candidate".to_owned(), ToString::to_string);
        format!(
            "{name} is not published in {}: `cargo xtask release-candidate --publish` makes candidates",
            dist.root().display()
        )
        .into()
    })
}
