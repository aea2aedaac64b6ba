//! Releases of a scratch repository, with real git, GnuPG and cargo.

#![expect(clippy::unwrap_used, reason = "in the helpers of tests, too")]

mod scratch;

use std::fs;

use scratch::Scratch;

const DATE: &str = "--date 2026-03-14";

#[test]
fn a_candidate_becomes_a_release_after_a_second_try() {
    let Some(scratch) = Scratch::new() else {
        return;
    };

    scratch
        .xtask(&format!("release-candidate -l m -p {DATE}"))
        .succeeded();
    assert_eq!(
        scratch.remote_refs(),
        [
            "refs/heads/main",
            "refs/heads/release/0.1.0-rc0",
            "refs/tags/v0.1.0-rc0"
        ]
    );
    assert_eq!(
        scratch.git("rev-parse main"),
        scratch.git("rev-parse origin/main")
    );
    assert_eq!(scratch.git("status --porcelain"), "");
    assert!(
        scratch
            .read("CHANGELOG.md")
            .contains("\n## [0.1.0] - 2026-03-14\n\n### Added\n\n- Everything.\n")
    );
    let vote = scratch.read("target/mail/0.1.0-rc0-vote.txt");
    assert!(
        vote.starts_with(
            "To: dev@example.org\nSubject: [VOTE] Release aurora 0.1.0, candidate 0\n"
        )
    );
    assert!(vote.contains(&scratch.key) && vote.contains("- Everything."));
    let sum =
        fs::read_to_string(scratch.path("dist/dev/0.1.0-rc0/aurora-0.1.0.tar.gz.sha512")).unwrap();
    assert!(vote.contains(sum.split(' ').next().unwrap()));

    let verified = scratch.xtask("verify-release-candidate").succeeded();
    assert!(
        verified.contains("the content is that of the tag v0.1.0-rc0"),
        "{verified}"
    );
    assert!(verified.contains("the tests passed: .ci/run"), "{verified}");

    scratch.change("What the vote found.");
    scratch
        .xtask(&format!("release-candidate -l m -r 1 -p {DATE}"))
        .succeeded();
    assert_eq!(
        scratch.remote_refs(),
        [
            "refs/heads/main",
            "refs/heads/release/0.1.0-rc1",
            "refs/tags/v0.1.0-rc0",
            "refs/tags/v0.1.0-rc1"
        ]
    );
    assert_eq!(
        scratch.published(),
        [
            "dev/0.1.0-rc1/aurora-0.1.0.tar.gz",
            "dev/0.1.0-rc1/aurora-0.1.0.tar.gz.asc",
            "dev/0.1.0-rc1/aurora-0.1.0.tar.gz.sha512",
            "dev/KEYS"
        ]
    );
    let changelog = scratch.read("CHANGELOG.md");
    assert_eq!(changelog.matches("## [0.1.0]").count(), 1);
    assert!(changelog.contains("- Everything.\n\n### Fixed\n\n- What the vote found.\n"));

    let voted_on = fs::read(scratch.path("dist/dev/0.1.0-rc1/aurora-0.1.0.tar.gz")).unwrap();
    let before = scratch.traces();
    scratch.xtask("release --dry-run").succeeded();
    assert_eq!(scratch.traces(), before);
    scratch.xtask("release").succeeded();
    assert_eq!(
        scratch.published(),
        [
            "dev/KEYS",
            "release/0.1.0/aurora-0.1.0.tar.gz",
            "release/0.1.0/aurora-0.1.0.tar.gz.asc",
            "release/0.1.0/aurora-0.1.0.tar.gz.sha512",
            "release/KEYS"
        ]
    );
    let released = scratch.path("dist/release/0.1.0");
    assert_eq!(
        fs::read(released.join("aurora-0.1.0.tar.gz")).unwrap(),
        voted_on
    );
    assert_eq!(
        scratch.remote_refs(),
        [
            "refs/heads/main",
            "refs/tags/v0.1.0",
            "refs/tags/v0.1.0-rc0",
            "refs/tags/v0.1.0-rc1"
        ]
    );
    assert_eq!(
        scratch.git("rev-parse v0.1.0^{commit}"),
        scratch.git("rev-parse v0.1.0-rc1^{commit}")
    );
    let result = scratch.read("target/mail/0.1.0-vote-passed.txt");
    assert!(result.contains("Subject: [RESULT][VOTE] Release aurora 0.1.0, candidate 1\n"));
    let keys = scratch.path("dist/release/KEYS");
    let verify = format!(
        "verify-release-candidate --no-test --keys {} {}",
        keys.display(),
        released.display()
    );
    let verified = scratch.xtask(&verify).succeeded();
    assert!(
        verified.contains("the content is that of the tag v0.1.0\n"),
        "{verified}"
    );
}

#[test]
fn older_releases_are_repaired_on_branches_of_their_own() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let release = |words: &str, version: &str| {
        scratch
            .xtask(&format!("release-candidate -p {words} {DATE}"))
            .succeeded();
        scratch.xtask(&format!("release {version}-rc0")).succeeded();
    };
    release("-l minor", "0.1.0");
    scratch.change("Something later.");
    release("-l minor", "0.2.0");
    assert!(scratch.read("CHANGELOG.md").ends_with(
        "\n[0.2.0]: https://example.org/aurora/compare/v0.1.0...v0.2.0\n\
         [0.1.0]: https://example.org/aurora/releases/tag/v0.1.0\n"
    ));

    scratch.git("switch --quiet --create 0.1 v0.1.0");
    scratch.change("Something urgent.");
    let said = scratch
        .xtask("release-candidate -l minor --branch 0.1")
        .failed();
    assert!(
        said.contains("0.2.0 is released: its tag v0.2.0 is on another branch"),
        "{said}"
    );
    release("-l patch --branch 0.1", "0.1.1");
    assert_eq!(
        scratch.remote_refs(),
        [
            "refs/heads/0.1",
            "refs/heads/main",
            "refs/tags/v0.1.0",
            "refs/tags/v0.1.0-rc0",
            "refs/tags/v0.1.1",
            "refs/tags/v0.1.1-rc0",
            "refs/tags/v0.2.0",
            "refs/tags/v0.2.0-rc0"
        ]
    );
}

#[test]
fn the_version_moves_in_every_manifest_so_that_the_archive_builds_with_its_lock_file() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    scratch
        .xtask(&format!("release-candidate -l major -p {DATE}"))
        .succeeded();
    assert_eq!(scratch.read("Cargo.toml").matches("1.0.0").count(), 2);
    assert_eq!(scratch.read("Cargo.lock").matches("1.0.0").count(), 2);
    scratch
        .xtask("verify-release-candidate 1.0.0-rc0")
        .succeeded();
}

#[test]
fn a_release_names_its_repository() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let url = "https://example.org/aurora";
    let placeholder = scratch
        .read("Cargo.toml")
        .replace(url, "https://repository.invalid/aurora");
    scratch.write("Cargo.toml", &placeholder);
    scratch.git("commit --quiet --all --message Unnamed");
    scratch.git("push --quiet origin main");

    let candidate = format!("release-candidate -l minor -p {DATE}");
    let refused = scratch.xtask(&candidate).failed();
    assert!(refused.contains("pass --url URL"), "{refused}");
    scratch.git(&format!("config release.url {url}"));
    scratch.xtask(&candidate).succeeded();
    let manifest = scratch.read("Cargo.toml");
    assert!(
        manifest.contains(&format!("repository = \"{url}\"")),
        "{manifest}"
    );
    let changes = scratch.read("CHANGELOG.md");
    assert!(
        changes.contains(&format!("[0.1.0]: {url}/releases/tag/v0.1.0")),
        "{changes}"
    );
}

#[test]
fn a_dry_run_leaves_nothing_but_files_that_git_ignores() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let before = scratch.traces();
    for _ in 0..2 {
        scratch.xtask("release-candidate --level minor").succeeded();
        assert_eq!(scratch.traces(), before);
    }
    assert!(scratch.file("target/mail/0.1.0-rc0-vote.txt").exists());
    let made = "target/dist/dev/0.1.0-rc0";
    let verify = format!(
        "verify-release-candidate --no-test {}",
        scratch.file(made).display()
    );
    let refused = scratch.xtask(&verify).failed();
    assert!(
        refused.contains("there is no tag v0.1.0-rc0 here"),
        "{refused}"
    );
    scratch.xtask(&format!("{verify} --no-tag")).succeeded();
}

#[test]
fn nothing_is_made_of_what_is_not_ready() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let refused = |words: &str, reason: &str| {
        let before = scratch.traces();
        let said = scratch.xtask(words).failed();
        assert!(said.contains(reason), "{words}: {said}");
        assert_eq!(scratch.traces(), before, "{words}");
    };
    let candidate = "release-candidate -l minor -p";

    scratch.write("stray.txt", "");
    refused(
        candidate,
        "commit them or `git stash --include-untracked` first\n?? stray.txt",
    );
    fs::remove_file(scratch.file("stray.txt")).unwrap();

    scratch.git("switch --quiet --create topic");
    refused(
        candidate,
        "topic is checked out, and releases are made from main: `git switch main`",
    );
    scratch.git("switch --quiet --detach main");
    refused(candidate, "no branch is checked out");
    scratch.git("switch --quiet main");

    scratch.git("commit --quiet --allow-empty --message Unpushed");
    refused(candidate, "main here differs from main on origin");
    scratch.git("reset --quiet --hard origin/main");

    refused(&format!("{candidate} --remote nowhere"), "no such remote");
    let missing = scratch.path("not-mounted");
    refused(
        &format!("{candidate} --dist {}", missing.display()),
        "mount or make it",
    );
    refused(
        &format!("{candidate} --key nobody@example.org"),
        "no secret key `nobody@example.org`",
    );
    let other = scratch.generate_key("Somebody Else <else@example.org>");
    refused(
        &format!("{candidate} --key {other}"),
        &format!("the key {other} is not in KEYS: add it with"),
    );
    refused(
        &format!("{candidate} --key example.org"),
        "more than one secret key is called `example.org`",
    );

    scratch.git("config --unset user.signingkey");
    refused(candidate, "pass --key KEY");
    let candidate = &format!("{candidate} --key {}", scratch.key);
    scratch.git("config --unset release.dist");
    refused(candidate, "pass --dist FOLDER");
    let dist = scratch.path("dist");
    let candidate = &format!("{candidate} --dist {}", dist.display());
    refused(
        &candidate.replace("minor", "patch"),
        "Cargo.toml has the version 0.1.0, and as the first comes 0.0.1",
    );
    refused(
        &candidate.replace("minor", "enormous"),
        "invalid value 'enormous'",
    );
    refused("verify-release-candidate", "no such candidate in");
    refused(
        &format!("release --dist {}", dist.display()),
        "any candidate is not published in",
    );

    let left = dist.join("dev/0.1.0-rc0");
    fs::create_dir_all(&left).unwrap();
    refused(
        candidate,
        "is there already, and is of no candidate that has a tag: remove it",
    );
    fs::remove_dir(left).unwrap();

    scratch.xtask(candidate).succeeded();
    refused(
        candidate,
        "the tag v0.1.0-rc0 exists: pass -r 1 for the next candidate of 0.1.0",
    );
    let release = format!("release --dist {} --key {}", dist.display(), scratch.key);
    scratch.xtask(&release).succeeded();
    refused(candidate, "CHANGELOG.md has nothing under *Unreleased*");
    refused(
        &format!("{release} 0.1.0-rc0"),
        "0.1.0-rc0 is not published in",
    );
}

#[test]
fn a_push_that_is_refused_takes_the_archive_back() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let refused = |words: &str| {
        let before = scratch.traces();
        scratch.set_hook("pre-receive", "echo 'not today' >&2; exit 1");
        let said = scratch.xtask(words).failed();
        scratch.remove_hook("pre-receive");
        assert!(
            said.contains("nothing is published: the archive in "),
            "{said}"
        );
        assert!(
            said.contains("was removed again") && said.contains("not today"),
            "{said}"
        );
        assert_eq!(scratch.traces(), before);
    };
    refused("release-candidate -l minor -p");
    scratch.xtask("release-candidate -l minor -p").succeeded();
    refused("release");
    scratch.xtask("release").succeeded();
}

#[test]
fn a_push_whose_answer_is_lost_is_none_that_failed() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    // The parent of the hook is the process that answers the push.
    scratch.set_hook("post-receive", "kill -9 $PPID");
    scratch.xtask("release-candidate -l minor -p").succeeded();
    assert_eq!(
        scratch.git("rev-parse main"),
        scratch.git("rev-parse origin/main")
    );
    assert_eq!(scratch.published().len(), 4);
}

#[test]
fn an_archive_stays_while_it_is_unknown_whether_the_push_arrived() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    let (remote, away) = (scratch.path("remote.git"), scratch.path("away.git"));
    let hide = format!(
        "mv '{}' '{}'; kill -9 $PPID",
        remote.display(),
        away.display()
    );
    scratch.set_hook("post-receive", &hide);
    let said = scratch.xtask("release-candidate -l minor -p").failed();
    assert!(
        said.contains("it is not known whether the push arrived"),
        "{said}"
    );
    assert!(said.contains("`git ls-remote origin v0.1.0-rc0`"), "{said}");
    assert_eq!(scratch.published().len(), 3);
}

#[test]
fn a_changelog_without_news_leaves_nothing_behind() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    scratch.write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n");
    scratch.git("commit --quiet --all --message Nothing");
    scratch.git("push --quiet origin main");
    let before = scratch.traces();
    let said = scratch.xtask("release-candidate -l minor -p").failed();
    assert!(
        said.contains("nothing under *Unreleased*: write down what changed"),
        "{said}"
    );
    assert_eq!(scratch.traces(), before);
}

#[test]
fn whatever_is_wrong_with_a_candidate_is_found() {
    let Some(scratch) = Scratch::new() else {
        return;
    };
    scratch.xtask("release-candidate -l minor -p").succeeded();
    let folder = scratch.path("dist/dev/0.1.0-rc0");
    let archive = folder.join("aurora-0.1.0.tar.gz");
    let path = archive.to_str().unwrap();
    let sound = fs::read(&archive).unwrap();
    let verify = "verify-release-candidate 0.1.0-rc0";
    let refused = |words: &str, reason: &str| {
        let said = scratch.xtask(words).failed();
        assert!(said.contains(reason), "{words}: {said}");
        // A candidate that is not verified is not released either.
        if words == verify {
            let before = scratch.traces();
            let said = scratch.xtask("release").failed();
            assert!(said.contains(reason), "{said}");
            assert_eq!(scratch.traces(), before);
        }
    };
    let sign = |key: &str| {
        let script = format!(
            "cd '{}' && sha512sum aurora-0.1.0.tar.gz > aurora-0.1.0.tar.gz.sha512",
            folder.display()
        );
        scratch.run("sh", &["-c", &script]);
        scratch.run(
            "gpg",
            &[
                "--batch",
                "--yes",
                "--armor",
                "--local-user",
                key,
                "--detach-sign",
                path,
            ],
        );
    };

    refused(
        "verify-release-candidate --test-command false",
        "the tests in the archive failed: `false`",
    );
    refused("verify-release-candidate 0.1.0-rc7", "(there: 0.1.0-rc0)");
    refused(
        "verify-release-candidate nonsense",
        "`nonsense` is not a candidate: write one such as 0.2.0-rc0",
    );

    let mut damaged = sound.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&archive, &damaged).unwrap();
    refused(verify, "the archive is damaged or is another one");
    // With a checksum that fits, the signature does not.
    let script = format!(
        "cd '{}' && sha512sum aurora-0.1.0.tar.gz > aurora-0.1.0.tar.gz.sha512",
        folder.display()
    );
    scratch.run("sh", &["-c", &script]);
    refused(verify, "BAD signature");
    fs::write(&archive, &sound).unwrap();

    let stranger = scratch.generate_key("A Stranger <stranger@example.org>");
    sign(&stranger);
    refused(verify, "No public key");

    // Signed by the right key, but with a line more than the tag has.
    scratch.write("crates/near/src/lib.rs", "pub fn version() {}\n");
    scratch.git("commit --quiet --all --message Trojan");
    scratch.git(&format!(
        "archive --format=tar.gz --prefix=aurora-0.1.0/ --output={path} HEAD"
    ));
    sign(&scratch.key);
    refused(
        verify,
        "the archive differs from tag v0.1.0-rc0 in 1 files, such as crates/near/src/lib.rs",
    );

    scratch.git(&format!(
        "archive --format=tar.gz --prefix=elsewhere/ --output={path} v0.1.0-rc0"
    ));
    sign(&scratch.key);
    refused(verify, "which is not in aurora-0.1.0/");
    scratch.git("reset --quiet --hard origin/main");

    fs::write(&archive, &sound).unwrap();
    sign(&scratch.key);
    scratch.git("update-ref refs/tags/renamed refs/tags/v0.1.0-rc0");
    refused(
        "verify-release-candidate --tag renamed",
        "the tag renamed is the tag v0.1.0-rc0 under another name",
    );
    // A tag that anybody could have made.
    scratch
        .xtask("verify-release-candidate --no-test")
        .succeeded();
    scratch.git("tag --force --annotate --message Forged v0.1.0-rc0 v0.1.0-rc0^{commit}");
    let said = scratch.xtask(verify).failed();
    assert!(
        said.contains("the tag v0.1.0-rc0 has no good signature by a key in KEYS"),
        "{said}"
    );
}
