//! Drafts of the mails about a vote.

use std::path::Path;

use semver::Version;

use super::fs_err;
use super::git::Git;
use super::name::{self, Candidate};
use crate::Outcome;

/// What the mails about a candidate tell.
pub(super) struct Mail<'a> {
    pub(super) candidate: &'a Candidate,
    /// The address of the list, if it is known.
    pub(super) list: Option<String>,
    pub(super) commit: &'a str,
    /// Where the archive is.
    pub(super) folder: &'a Path,
    pub(super) sha512: &'a str,
    pub(super) fingerprint: &'a str,
    /// The changes of the version in the changelog.
    pub(super) changes: &'a str,
}

impl Mail<'_> {
    /// Asks for votes.
    pub(super) fn vote(&self) -> String {
        let Self {
            candidate,
            commit,
            folder,
            sha512,
            fingerprint,
            changes,
            ..
        } = self;
        let folder = folder.display();
        let version = &candidate.version;
        let archive = name::archive(version);
        let tag = candidate.tag();
        let body = format!(
            "\
Please vote on releasing {candidate} as aurora {version}.

Archive, checksum and signature:
  {folder}

  archive   {archive}
  SHA-512   {sha512}
  signed by {fingerprint}, which is in KEYS

It is made of the signed tag {tag}, commit
  {commit}

To verify all of that and run the tests, in a checkout that has the tag:
  git fetch --tags && cargo xtask verify-release-candidate {candidate}

What is new:

{changes}

The vote is open for at least 72 hours.

[ ] +1 release it
[ ] +0 no opinion
[ ] -1 do not release it, because ...
"
        );
        self.mail(&self.subject("[VOTE]"), &body)
    }

    /// Closes a vote that failed.
    pub(super) fn failed(&self) -> String {
        let body = format!(
            "\
The vote on {} has failed, for this reason:

  (the reason)

Another candidate follows.
",
            self.candidate
        );
        self.mail(&self.subject("[RESULT][VOTE]"), &body)
    }

    /// Closes a vote that passed.
    pub(super) fn passed(&self) -> String {
        let Self {
            candidate, folder, ..
        } = self;
        let folder = folder.display();
        let version = &candidate.version;
        let tag = name::release_tag(version);
        let body = format!(
            "\
The vote on {candidate} has passed: it is aurora {version} now.

+1, binding:
  (the names of those who voted so)

+1, not binding:
  (the names of those who voted so)

There were no -1 votes.

The archive is in
  {folder}
and the tag is {tag}.

Thanks to all who looked at it.
"
        );
        self.mail(&self.subject("[RESULT][VOTE]"), &body)
    }

    fn subject(&self, prefix: &str) -> String {
        let Candidate { version, number } = self.candidate;
        format!("{prefix} Release aurora {version}, candidate {number}")
    }

    fn mail(&self, subject: &str, body: &str) -> String {
        let to = self
            .list
            .as_deref()
            .unwrap_or("(the list of the developers)");
        format!("To: {to}\nSubject: {subject}\n\n{body}")
    }
}

/// Writes a draft for people to go on with, where git ignores it, and says where.
pub(super) fn keep(checkout: &Git, name: &str, draft: &str) -> Outcome {
    let folder = checkout.root().join("target/mail");
    fs_err(std::fs::create_dir_all(&folder), "make", &folder)?;
    let path = folder.join(name);
    fs_err(std::fs::write(&path, draft), "write", &path)?;
    println!("  {}", path.display());
    Ok(())
}

/// The names of the files that the drafts are written to.
pub(super) fn vote_file(candidate: &Candidate) -> String {
    format!("{candidate}-vote.txt")
}

/// See [`vote_file`].
pub(super) fn failed_file(candidate: &Candidate) -> String {
    format!("{candidate}-vote-failed.txt")
}

/// See [`vote_file`].
pub(super) fn passed_file(version: &Version) -> String {
    format!("{version}-vote-passed.txt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    fn candidate() -> Candidate {
        "0.2.0-rc1".parse().unwrap()
    }

    fn mail(candidate: &Candidate) -> Mail<'_> {
        Mail {
            candidate,
            list: Some("dev@aurora.example.org".into()),
            commit: "0123456789abcdef0123456789abcdef01234567",
            folder: Path::new("/srv/dist/dev/0.2.0-rc1"),
            sha512: "cafe",
            fingerprint: "1234ABCD",
            changes: "### Added\n\n- A thing.",
        }
    }

    #[test]
    fn a_vote_tells_what_to_check_and_how() {
        assert_snapshot!(mail(&candidate()).vote(), @r"
        To: dev@aurora.example.org
        Subject: [VOTE] Release aurora 0.2.0, candidate 1

        Please vote on releasing 0.2.0-rc1 as aurora 0.2.0.

        Archive, checksum and signature:
          /srv/dist/dev/0.2.0-rc1

          archive   aurora-0.2.0.tar.gz
          SHA-512   cafe
          signed by 1234ABCD, which is in KEYS

        It is made of the signed tag v0.2.0-rc1, commit
          0123456789abcdef0123456789abcdef01234567

        To verify all of that and run the tests, in a checkout that has the tag:
          git fetch --tags && cargo xtask verify-release-candidate 0.2.0-rc1

        What is new:

        ### Added

        - A thing.

        The vote is open for at least 72 hours.

        [ ] +1 release it
        [ ] +0 no opinion
        [ ] -1 do not release it, because ...
        ");
    }

    #[test]
    fn a_failed_vote_asks_for_the_reason() {
        let candidate = candidate();
        let mail = Mail {
            list: None,
            ..mail(&candidate)
        };
        assert_snapshot!(mail.failed(), @r"
        To: (the list of the developers)
        Subject: [RESULT][VOTE] Release aurora 0.2.0, candidate 1

        The vote on 0.2.0-rc1 has failed, for this reason:

          (the reason)

        Another candidate follows.
        ");
    }

    #[test]
    fn a_passed_vote_asks_for_the_names() {
        assert_snapshot!(mail(&candidate()).passed(), @r"
        To: dev@aurora.example.org
        Subject: [RESULT][VOTE] Release aurora 0.2.0, candidate 1

        The vote on 0.2.0-rc1 has passed: it is aurora 0.2.0 now.

        +1, binding:
          (the names of those who voted so)

        +1, not binding:
          (the names of those who voted so)

        There were no -1 votes.

        The archive is in
          /srv/dist/dev/0.2.0-rc1
        and the tag is v0.2.0.

        Thanks to all who looked at it.
        ");
    }
}
