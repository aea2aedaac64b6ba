//! The replies of schedulers, kept from one press of the Tab key to the next.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::keys::KnownJob;

/// How long a reply counts as the current state, in seconds.
const FRESH: i64 = 60;
/// How long a reply is kept for a scheduler that does not reply, in seconds: a week.
const KEPT: i64 = 7 * 24 * 60 * 60;

/// The replies of one cluster's scheduler.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answers {
    /// The address of the scheduler, because the cluster of that name may change.
    scheduler: String,
    pub(super) roles: Option<Answer<Vec<String>>>,
    /// By role.
    pub(super) jobs: BTreeMap<String, Option<Answer<Vec<KnownJob>>>>,
}

/// A reply and its time.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer<T> {
    /// Seconds since 1970.
    at: i64,
    pub(super) value: T,
}

impl<T> Answer<T> {
    pub(super) fn new(value: T, now: i64) -> Self {
        Self { at: now, value }
    }

    /// Whether it counts as the current state.
    pub(super) fn is_fresh(&self, now: i64) -> bool {
        // A reply from the future comes from a wrong clock.
        (0..FRESH).contains(&(now - self.at))
    }

    fn is_kept(&self, now: i64) -> bool {
        now - self.at < KEPT
    }
}

impl Answers {
    /// The kept replies of a scheduler; none if the file cannot be used or is from another scheduler.
    pub(super) fn load(path: &Path, scheduler: &str, now: i64) -> Self {
        let kept = std::fs::read(path).ok();
        let kept = kept.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let mut answers = kept
            .filter(|answers| answers.scheduler == scheduler)
            .unwrap_or_else(|| Self {
                scheduler: scheduler.to_owned(),
                ..Self::default()
            });
        answers.roles = answers.roles.filter(|answer| answer.is_kept(now));
        let is_kept =
            |answer: &Option<Answer<_>>| answer.as_ref().is_some_and(|it| it.is_kept(now));
        answers.jobs.retain(|_, answer| is_kept(answer));
        answers
    }

    /// Writes them to a file that only the owner can read. The file is replaced as a whole.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub(super) fn store(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut private = std::fs::DirBuilder::new();
        private.recursive(true).mode(0o700).create(folder)?;
        // Only the owner can read it, and it is removed if a step fails.
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        draft.write_all(&serde_json::to_vec(self)?)?;
        draft.persist(path)?;
        Ok(())
    }
}

/// The file of a cluster; none for a name that could lead out of the folder.
pub(super) fn file(folder: &Path, cluster: &str) -> Option<PathBuf> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_name = cluster.chars().all(harmless) && !cluster.starts_with('.') && !cluster.is_empty();
    is_name.then(|| folder.join(format!("{cluster}.json")))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const NOW: i64 = 1_000_000_000;

    fn answers(at: i64) -> Answers {
        Answers {
            scheduler: "http://west:8081".to_owned(),
            roles: Some(Answer::new(vec!["www".to_owned()], at)),
            jobs: [("www".to_owned(), Some(Answer::new(Vec::new(), at)))].into(),
        }
    }

    #[test]
    fn answers_come_back_from_a_private_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder.path().join("aurora/completion"), "west").unwrap();
        answers(1).store(&path).unwrap();
        answers(NOW).store(&path).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let files = std::fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(files.count(), 1, "no drafts are left");
        let load = |scheduler, now| Answers::load(&path, scheduler, now);
        assert_eq!(load("http://west:8081", NOW + 3600), answers(NOW));
        assert_eq!(load("http://west:8081", NOW + KEPT).roles, None);
        assert!(load("http://west:8081", NOW + KEPT).jobs.is_empty());
        assert_eq!(load("http://elsewhere:8081", NOW).roles, None);
    }

    #[test]
    fn an_answer_is_fresh_for_a_minute() {
        let answer = Answer::new((), NOW);
        assert!(answer.is_fresh(NOW) && answer.is_fresh(NOW + 59));
        assert!(!answer.is_fresh(NOW + 60));
        assert!(!answer.is_fresh(NOW - 1));
    }

    #[test]
    fn a_file_that_cannot_be_read_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), "west").unwrap();
        for text in ["", "{", "[]", r#"{"scheduler": 1}"#] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Answers::load(&path, "zk", NOW).roles, None, "{text}");
        }
        let odd = folder.path().join("file");
        std::fs::write(&odd, "").unwrap();
        assert!(answers(NOW).store(&odd.join("west.json")).is_err());
    }

    #[test]
    fn only_harmless_names_become_files() {
        let name = |cluster| file(Path::new("/c"), cluster);
        assert_eq!(name("us-west_1.a"), Some("/c/us-west_1.a.json".into()));
        for odd in ["", ".", "..", "a b", "../x", ".hidden", "é"] {
            assert_eq!(name(odd), None, "{odd}");
        }
    }
}
