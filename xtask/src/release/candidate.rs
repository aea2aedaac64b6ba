//! `cargo xtask release-candidate`: makes a version that is to be voted on, and publishes it.

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use super::dist::{Dist, remove};
use super::git::Git;
use super::gpg::Signer;
use super::mail::{self, Mail};
use super::making::{Made, Plan};
use super::name::{Candidate, Level};
use super::workshop::{Afterwards, Workshop};
use super::{KEYS, Place, dry_dist};
use crate::Outcome;

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Part of the last version to count up: `patch` (or `p`), `minor` (`m`) or `major` (`M`)
    #[arg(short, long, hide_possible_values = true)]
    level: Level,
    /// Push the candidate and put its archive where everybody sees it; without this, nothing leaves `target`
    #[arg(short, long)]
    publish: bool,
    /// Count of the candidate; above 0, branches and archives of those before it are taken away
    #[arg(short = 'r', long, value_name = "N", default_value_t = 0)]
    number: u32,
    /// The key to sign with [default: the value of `git config user.signingkey`]
    #[arg(short, long)]
    key: Option<String>,
    /// The URL of the repository, which replaces the placeholder in Cargo.toml [default: the value of `git config release.url`]
    #[arg(long)]
    url: Option<String>,
    /// The date of the release [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// The branch to release from
    #[arg(long, default_value = "main")]
    branch: String,
    /// The remote to push to
    #[arg(long, default_value = "origin")]
    remote: String,
    #[command(flatten)]
    place: Place,
}

/// Makes a candidate, and publishes it if that is asked for.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let checkout = arguments.place.repository()?;
    check_checkout(&checkout, &arguments.branch)?;
    let dist = match arguments.publish {
        true => arguments.place.published_dist(&checkout)?,
        false => dry_dist(&checkout),
    };
    let signer = Signer::find(arguments.key.as_deref(), &checkout)?;
    let workshop = Workshop::open(&checkout, &arguments.remote)?;
    if arguments.publish {
        workshop.remote()?;
    }
    signer.check_listed(&workshop.git.root().join(KEYS))?;
    check_head(&workshop, &arguments.branch, arguments.publish)?;

    let today = || Timestamp::now().to_zoned(TimeZone::UTC).date();
    let date = arguments.date.unwrap_or_else(today);
    let url = match &arguments.url {
        Some(url) => Some(url.clone()),
        None => checkout.config("release.url")?,
    };
    let plan = Plan::new(
        &workshop.git,
        arguments.level,
        arguments.number,
        date,
        url,
        arguments.publish,
    )?;
    let made = plan.make(&workshop, &signer)?;
    let candidacy = Candidacy {
        checkout,
        workshop,
        dist,
        branch: &arguments.branch,
        candidate: plan.candidate,
        made,
    };
    candidacy.tell();
    if arguments.publish {
        candidacy.publish()
    } else {
        candidacy.keep()
    }
}

/// Fails if the release would differ from the checkout.
fn check_checkout(checkout: &Git, wanted: &str) -> Outcome {
    match checkout.branch()? {
        Some(branch) if branch == wanted => {}
        branch => {
            let branch = branch.unwrap_or_else(|| "no branch".into());
            return Err(format!("{branch} is checked out, and releases are made from {wanted}: `git switch {wanted}`, or name another with --branch").into());
        }
    }
    let changes = checkout.changes()?;
    if !changes.is_empty() {
        return Err(format!(
            "the checkout has changes that are not committed: commit them or `git stash --include-untracked` first\n{}",
            changes.join("\n")
        )
        .into());
    }
    Ok(())
}

/// Fails where commits would become public that were not, or that the remote has more of.
fn check_head(workshop: &Workshop, branch: &str, publish: bool) -> Outcome {
    let Some(remote) = &workshop.remote else {
        return Ok(());
    };
    let here = workshop.git.run(["rev-parse", "HEAD"])?;
    let there = workshop
        .git
        .commit(&format!("refs/remotes/{remote}/{branch}"))?;
    if there.as_ref() == Some(&here) || (there.is_none() && !publish) {
        return Ok(());
    }
    Err(format!("{branch} here differs from {branch} on {remote}: `git pull --ff-only {remote} {branch}` or `git push {remote} {branch}` first").into())
}

/// A candidate that is made, and where it goes.
struct Candidacy<'a> {
    checkout: Git,
    workshop: Workshop,
    dist: Dist,
    branch: &'a str,
    candidate: Candidate,
    made: Made,
}

impl Candidacy<'_> {
    fn tell(&self) {
        let Made { commit, sha512, .. } = &self.made;
        println!(
            "aurora {}, candidate {}",
            self.candidate.version, self.candidate.number
        );
        println!("  commit    {commit}");
        println!("  SHA-512   {sha512}");
        println!("  signed by {}", self.made.fingerprint);
    }

    /// Ends a dry run.
    fn keep(&self) -> Outcome {
        let folder = self.dist.candidate(&self.candidate);
        remove(&folder)?;
        self.dist.place(&self.made.files, &folder)?;
        println!("This was a dry run: it leaves no commit, branch or tag, only these files:");
        println!("  {}", folder.display());
        self.write_drafts()?;
        println!(
            "With --publish the commit goes to {}, with the branch {} and the tag {}.",
            self.branch,
            self.candidate.branch(),
            self.candidate.tag()
        );
        for branch in self.workshop.branches(|it| self.supersedes(it))? {
            println!("The branch {branch} and its archive are then taken away.");
        }
        Ok(())
    }

    fn publish(&self) -> Outcome {
        let folder = self.dist.candidate(&self.candidate);
        if folder.exists() {
            return Err(format!(
                "{} is there already, and is of no candidate that has a tag: remove it",
                folder.display()
            )
            .into());
        }
        let old_branches = self.workshop.branches(|it| self.supersedes(it))?;
        let mut old = self.dist.candidates()?;
        old.retain(|it| self.supersedes(it));
        let tag = self.candidate.tag();
        let mut refs = vec![
            format!("HEAD:refs/heads/{}", self.branch),
            format!("HEAD:refs/heads/{}", self.candidate.branch()),
            format!("refs/tags/{tag}"),
        ];
        refs.extend(old_branches.iter().map(|it| format!(":refs/heads/{it}")));

        let files = &self.made.files;
        self.workshop
            .publish(&self.dist, files, &folder, &tag, &refs)?;
        println!(
            "Pushed {}, {} and {tag}",
            self.branch,
            self.candidate.branch()
        );
        println!("The archive is in {}", folder.display());
        for branch in old_branches {
            println!("Took the branch {branch} away");
        }

        let mut then = Afterwards::default();
        then.step(self.follow(), "`git pull` brings the checkout up to date");
        for old in old {
            let folder = self.dist.candidate(&old);
            then.step(remove(&folder), "it is of an earlier candidate");
        }
        let keys = self.workshop.git.root().join(KEYS);
        let copied = self.dist.publish_keys(&keys, "dev");
        then.step(copied, "copy KEYS there, so that signatures can be checked");
        then.step(self.write_drafts(), "the vote has no draft of its mail");
        then.end(&self.candidate.to_string())
    }

    /// Brings the checkout to what was pushed.
    fn follow(&self) -> Outcome {
        let remote = self.workshop.remote()?;
        self.checkout.run(["fetch", "--quiet", "--tags", remote])?;
        let commit = self.made.commit.as_str();
        self.checkout
            .run(["merge", "--quiet", "--ff-only", commit])?;
        Ok(())
    }

    fn supersedes(&self, other: &Candidate) -> bool {
        other.version == self.candidate.version && other.number < self.candidate.number
    }

    fn write_drafts(&self) -> Outcome {
        let Self {
            candidate, made, ..
        } = self;
        let mail = Mail {
            candidate,
            list: self.checkout.config("release.list")?,
            commit: &made.commit,
            folder: &self.dist.candidate(candidate),
            sha512: &made.sha512,
            fingerprint: &made.fingerprint,
            changes: &made.changes,
        };
        mail::keep(&self.checkout, &mail::vote_file(candidate), &mail.vote())?;
        mail::keep(
            &self.checkout,
            &mail::failed_file(candidate),
            &mail.failed(),
        )
    }
}
