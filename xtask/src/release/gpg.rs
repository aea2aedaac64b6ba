//! Keys and signatures, by way of GnuPG.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::git::Git;
use crate::Outcome;
use crate::process::output;

/// Signs with a key of the user.
pub(super) struct Signer {
    /// Of the primary key, 40 hexadecimal digits.
    pub(super) fingerprint: String,
}

impl Signer {
    /// The key that was asked for, or the one that git signs with.
    pub(super) fn find(asked: Option<&str>, repository: &Git) -> Outcome<Self> {
        let key = match asked {
            Some(key) => key.to_owned(),
            None => repository.config("user.signingkey")?.ok_or(
                "nothing says which key signs: pass --key KEY, or set it once with \
                 `git config --global user.signingkey KEY`; `gpg --gen-key` makes one",
            )?,
        };
        let listed = output(gpg().args(["--with-colons", "--list-secret-keys", "--", &key]));
        let listed = listed.map_err(|error| {
            format!(
                "no secret key `{key}` to sign with ({error}): name another with --key, or make one with `gpg --gen-key`"
            )
        })?;
        let mut fingerprints = fingerprints(&listed);
        let fingerprint = fingerprints.next().unwrap_or_default().to_owned();
        if fingerprints.next().is_some() {
            return Err(format!(
                "more than one secret key is called `{key}`: pass --key with the fingerprint of one"
            )
            .into());
        }
        Ok(Self { fingerprint })
    }

    /// Fails unless people can find this key in the file of those that may sign.
    pub(super) fn check_listed(&self, keys: &Path) -> Outcome {
        let fingerprint = &self.fingerprint;
        let listed = output(gpg().args(["--with-colons", "--show-keys", "--"]).arg(keys));
        // A file without any key is a failure to gpg, and to us one without this key.
        let listed = listed.unwrap_or_default();
        if fingerprints(&listed).any(|it| it == fingerprint) {
            return Ok(());
        }
        Err(format!(
            "the key {fingerprint} is not in KEYS: add it with `(gpg --list-sigs {fingerprint} && gpg --armor --export {fingerprint}) >> KEYS`, and commit"
        )
        .into())
    }

    /// Writes the detached signature of a file beside it.
    pub(super) fn sign(&self, file: &Path, signature: &Path) -> Outcome {
        let mut command = gpg();
        command.args(["--armor", "--detach-sign", "--local-user"]);
        command.arg(&self.fingerprint);
        output(command.arg("--output").arg(signature).arg("--").arg(file))?;
        Ok(())
    }

    /// Makes a signed tag of a commit.
    pub(super) fn tag(&self, git: &Git, tag: &str, commit: &str, message: &str) -> Outcome {
        let key = format!("user.signingkey={}", self.fingerprint);
        let words = ["-c", "gpg.format=openpgp", "-c", &key, "tag", "--sign"];
        git.run(words.into_iter().chain(["--message", message, tag, commit]))?;
        Ok(())
    }
}

/// The keys that may sign, and no others: what the user trusts elsewhere does not count.
pub(super) struct Keyring {
    home: TempDir,
}

impl Keyring {
    /// Takes up the keys in a file.
    pub(super) fn read(keys: &Path) -> Outcome<Self> {
        let ring = Self {
            home: tempfile::tempdir()?,
        };
        let mut command = ring.gpg();
        output(command.args(["--quiet", "--import", "--"]).arg(keys)).map_err(|error| {
            format!(
                "cannot take up the keys that may sign, in {}: {error}",
                keys.display()
            )
        })?;
        Ok(ring)
    }

    /// Checks the detached signature of a file, and gives the fingerprint of the key that made it.
    pub(super) fn verify(&self, signature: &Path, file: &Path) -> Outcome<String> {
        let mut command = self.gpg();
        command.args(["--status-fd", "1", "--verify", "--"]);
        let said = output(command.arg(signature).arg(file))?;
        signer(&said)
            .ok_or_else(|| format!("{} is not a good signature", signature.display()).into())
    }

    /// Checks the signature of a tag, and gives the fingerprint of the key that made it.
    pub(super) fn verify_tag(&self, git: &Git, tag: &str) -> Outcome<String> {
        // A signature covers a tag with its name; another tag can be put under this one.
        let signed = git.run([
            "for-each-ref",
            "--format=%(tag)",
            &format!("refs/tags/{tag}"),
        ])?;
        if !signed.is_empty() && signed != tag {
            return Err(format!("the tag {tag} is the tag {signed} under another name").into());
        }
        let mut command = git.command();
        command.env("GNUPGHOME", self.home.path());
        command.args(["-c", "gpg.format=openpgp", "-c", "gpg.program=gpg"]);
        command.args([
            "-c",
            "gpg.minTrustLevel=undefined",
            "verify-tag",
            "--raw",
            tag,
        ]);
        // Git passes the words of gpg on as its standard error, also when all is well.
        let done = command
            .output()
            .map_err(|error| format!("cannot run git: {error}"))?;
        let said = String::from_utf8_lossy(&done.stderr);
        match signer(&said) {
            Some(fingerprint) if done.status.success() => Ok(fingerprint),
            _ => Err(format!(
                "the tag {tag} has no good signature by a key in KEYS: {}",
                said.trim_end()
            )
            .into()),
        }
    }

    fn gpg(&self) -> Command {
        let mut command = gpg();
        command.env("GNUPGHOME", self.home.path());
        // Public keys need no agent, and none is to stay when the folder goes.
        command.arg("--no-autostart");
        command
    }
}

fn gpg() -> Command {
    let mut command = Command::new("gpg");
    command.args(["--batch", "--no-tty"]);
    command
}

/// The fingerprints of the primary keys in a list with colons.
fn fingerprints(listed: &str) -> impl Iterator<Item = &str> {
    let mut primary = false;
    listed.lines().filter_map(move |line| {
        let mut fields = line.split(':');
        match fields.next() {
            Some("pub" | "sec") => primary = true,
            Some("fpr") if primary => {
                primary = false;
                return fields.nth(8);
            }
            _ => {}
        }
        None
    })
}

/// The primary key of a good signature, by the status lines of gpg.
///
/// Signatures by keys that have expired or were revoked are valid to gpg, but have no `GOODSIG`.
fn signer(status: &str) -> Option<String> {
    let lines = || {
        status
            .lines()
            .filter_map(|line| line.strip_prefix("[GNUPG:] "))
    };
    let good = lines().any(|line| line.starts_with("GOODSIG "));
    let valid = lines().find_map(|line| line.strip_prefix("VALIDSIG "))?;
    let primary = valid.split_whitespace().last()?;
    good.then(|| primary.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn subkeys_are_not_taken_for_keys() {
        let listed = "sec:u:255:22:AAAA:1:::u:::scESC:::+::ed25519:::0:\n\
            fpr:::::::::1111:\nuid:u::::1::X::a::::::::::0:\n\
            ssb:u:255:18:BBBB:1::::::e:::+::cv25519::\nfpr:::::::::2222:\n\
            pub:u:255:22:CCCC:1:::u:::scESC:::::ed25519:::0:\nfpr:::::::::3333:\n";
        assert_eq!(fingerprints(listed).collect::<Vec<_>>(), ["1111", "3333"]);
    }

    #[test]
    fn only_good_signatures_have_a_signer() {
        let valid = "[GNUPG:] VALIDSIG 2222 2026-01-01 1 0 4 0 22 10 00 1111\n";
        let good = format!("[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 2222 Somebody\n{valid}");
        assert_eq!(signer(&good).as_deref(), Some("1111"));
        let expired = good.replace("GOODSIG", "EXPKEYSIG");
        assert_eq!(signer(&expired), None);
        assert_eq!(signer("[GNUPG:] GOODSIG 2222 Somebody\n"), None);
        assert_eq!(signer(&good.replace("[GNUPG:] ", "")), None);
    }

    proptest! {
        #[test]
        fn no_answer_stops_the_reader(text in "(fpr|sec|:|\\[GNUPG:\\] |VALIDSIG |GOODSIG |\n|[0-9A-F])*") {
            let _ = fingerprints(&text).count();
            let _ = signer(&text);
        }
    }
}
