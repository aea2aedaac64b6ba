use super::*;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

const VERSION: Version = Version::new(0, 1, 0);

/// A repository with one commit, tagged `v`.
fn repository() -> (TempDir, Git) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("inner")).unwrap();
    for (file, text) in [
        ("plain.txt", "text\n"),
        ("inner/run", "#!/bin/sh\n"),
        ("inner/caf\u{e9} \"1\".txt", "one\r\ntwo\r\n"),
        (".gitignore", "*.txt\n"),
    ] {
        fs::write(root.join(file), text).unwrap();
    }
    fs::set_permissions(root.join("inner/run"), fs::Permissions::from_mode(0o755)).unwrap();
    for words in [
        "init --quiet .",
        "add --all --force",
        "-c user.name=A -c user.email=a@example.org commit --quiet --no-gpg-sign --message First",
        "-c tag.gpgSign=false tag v",
    ] {
        output(git(root).args(words.split(' '))).unwrap();
    }
    let git = Git::open(root).unwrap();
    (folder, git)
}

/// Packs the tag in a folder of its own, and gives what was packed.
fn pack(git: &Git, folder: &TempDir) -> Files {
    let files = Files::of(folder.path(), &VERSION);
    files.pack(git, "v").unwrap();
    files
}

#[test]
fn a_tag_gives_the_same_bytes_whoever_packs_it() {
    let (_repository, git) = repository();
    let [one, two] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let first = pack(&git, &one);
    for setting in ["tar.umask 0077", "core.autocrlf true", "core.eol crlf"] {
        git.run(["config"].into_iter().chain(setting.split(' ')))
            .unwrap();
    }
    let second = pack(&git, &two);
    assert_eq!(
        fs::read(first.archive).unwrap(),
        fs::read(second.archive).unwrap()
    );
}

#[test]
fn what_is_unpacked_is_the_tag_until_something_changes() {
    let (_repository, git) = repository();
    let folder = tempfile::tempdir().unwrap();
    let unpacked = pack(&git, &folder).unpack(folder.path()).unwrap();
    let differing = || differences(&unpacked, &git, "v").unwrap();
    assert_eq!(differing(), [""; 0]);

    fs::write(unpacked.join("more.txt"), "").unwrap();
    fs::remove_file(unpacked.join(".gitignore")).unwrap();
    fs::write(unpacked.join("plain.txt"), "Text\n").unwrap();
    let plain = fs::Permissions::from_mode(0o644);
    fs::set_permissions(unpacked.join("inner/run"), plain).unwrap();
    assert_eq!(
        differing(),
        [".gitignore", "inner/run", "more.txt", "plain.txt"]
    );
}

#[test]
fn archives_are_found_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let find = |path: &Path| Files::find(path).map(|it| it.version);
    let message = find(folder.path()).unwrap_err().to_string();
    assert!(
        message.starts_with("no archive aurora-VERSION.tar.gz in "),
        "{message}"
    );

    let archive = folder.path().join("aurora-1.2.3.tar.gz");
    fs::write(&archive, "").unwrap();
    fs::write(folder.path().join("aurora-1.2.3.tar.gz.asc"), "").unwrap();
    assert_eq!(find(folder.path()).unwrap(), Version::new(1, 2, 3));
    assert_eq!(find(&archive).unwrap(), Version::new(1, 2, 3));

    fs::write(folder.path().join("aurora-1.2.4.tar.gz"), "").unwrap();
    let message = find(folder.path()).unwrap_err().to_string();
    assert!(
        message.starts_with("more than one archive in "),
        "{message}"
    );
    let message = find(&folder.path().join("other.tar.gz"))
        .unwrap_err()
        .to_string();
    assert!(
        message.ends_with("is not named as an archive: aurora-VERSION.tar.gz"),
        "{message}"
    );
}
