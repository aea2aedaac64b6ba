//! The record of a task on disk, read after a crash of the supervising process.
//!
//! One JSON object a line, appended. Thermos frames binary Thrift records by their length; nothing of
//! ours reads those, and lines can be read by people and by `jq`, and show by their end whether they
//! are complete. A record is handed to the kernel before the next step is taken, but not forced to the
//! disk: a crash of this process loses nothing, and a crash of the machine ends the processes too.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::state::{ProcessState, Stage};
use crate::status::TaskOutcome;

/// Format that we write. A reader of a later one may refuse it.
pub(crate) const VERSION: u32 = 1;

/// Start of the file: which task, where and as whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) version: u32,
    pub(crate) task: String,
    pub(crate) sandbox: PathBuf,
    pub(crate) log_dir: PathBuf,
    pub(crate) user: String,
    pub(crate) uid: u32,
    /// Whether every process in the sandbox belongs to the task.
    pub(crate) owns_sandbox: bool,
    /// Process id of the supervising process.
    pub(crate) supervisor: u32,
    /// Its start time, in clock ticks since boot.
    pub(crate) supervisor_start: u64,
    /// The boot that process ids and start times belong to.
    pub(crate) boot: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub(crate) enum Event {
    Task(Header),
    Stage {
        stage: Stage,
    },
    Forked {
        process: String,
        run: u32,
    },
    Running {
        process: String,
        run: u32,
        pid: u32,
        /// Clock ticks since boot.
        pid_start: u64,
    },
    Ended {
        process: String,
        run: u32,
        state: ProcessState,
        return_code: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    Outcome(TaskOutcome),
    /// Written by a later version.
    #[serde(other)]
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    #[serde(flatten)]
    pub(crate) event: Event,
}

/// An open checkpoint under an exclusive lock, which ends with it.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    path: PathBuf,
    file: Flock<File>,
}

impl Checkpoint {
    /// Makes the file (and its folder) if it is missing and takes the lock. A file with records is refused.
    pub(crate) fn create(path: &Path) -> Result<Checkpoint, Error> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| fail("open", path, source))?;
        }
        let checkpoint = Checkpoint::open(path, true)?;
        let length = checkpoint
            .file
            .metadata()
            .map_err(|source| fail("read", path, source))?
            .len();
        if length > 0 {
            return Err(Error::CheckpointExists {
                path: path.to_owned(),
            });
        }
        Ok(checkpoint)
    }

    /// Takes the lock on an existing file and reads it. A truncated last record is removed.
    pub(crate) fn reopen(path: &Path) -> Result<(Checkpoint, Vec<Record>), Error> {
        let mut checkpoint = Checkpoint::open(path, false)?;
        let mut text = Vec::new();
        checkpoint
            .file
            .read_to_end(&mut text)
            .map_err(|source| fail("read", path, source))?;
        let (records, complete) = parse(path, &text)?;
        if complete < text.len() {
            checkpoint
                .file
                .set_len(complete as u64)
                .map_err(|source| fail("write", path, source))?;
        }
        Ok((checkpoint, records))
    }

    fn open(path: &Path, create: bool) -> Result<Checkpoint, Error> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(create)
            .mode(0o600)
            .open(path)
            .map_err(|source| fail("open", path, source))?;
        let is_file = file
            .metadata()
            .map_err(|source| fail("read", path, source))?
            .is_file();
        if !is_file {
            let source = io::Error::other("not a regular file");
            return Err(fail("open", path, source));
        }
        let file = Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, errno)| {
            if errno == Errno::EWOULDBLOCK {
                Error::CheckpointInUse {
                    path: path.to_owned(),
                }
            } else {
                fail("lock", path, errno.into())
            }
        })?;
        Ok(Checkpoint {
            path: path.to_owned(),
            file,
        })
    }

    /// Appends one record.
    pub(crate) fn append(&mut self, event: Event) -> Result<(), Error> {
        let record = Record { at: now(), event };
        let mut line = serde_json::to_vec(&record)
            .map_err(|error| fail("write", &self.path, io::Error::other(error)))?;
        line.push(b'\n');
        self.file
            .write_all(&line)
            .map_err(|source| fail("write", &self.path, source))
    }
}

/// The complete records and the number of bytes that they take.
fn parse(path: &Path, text: &[u8]) -> Result<(Vec<Record>, usize), Error> {
    let mut records = Vec::new();
    let mut complete = 0;
    for (index, line) in text.split_inclusive(|&byte| byte == b'\n').enumerate() {
        if !line.ends_with(b"\n") {
            break;
        }
        let record = serde_json::from_slice(line).map_err(|error| Error::CheckpointCorrupt {
            path: path.to_owned(),
            line: index + 1,
            column: error.column().max(1),
            reason: error.to_string(),
        })?;
        records.push(record);
        complete += line.len();
    }
    Ok((records, complete))
}

fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn fail(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Checkpoint {
        action,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::FinalState;

    fn header() -> Header {
        Header {
            version: VERSION,
            task: "t".to_owned(),
            sandbox: "/s".into(),
            log_dir: "/s/.logs".into(),
            user: "www".to_owned(),
            uid: 7,
            owns_sandbox: true,
            supervisor: 8,
            supervisor_start: 9,
            boot: Some("b".to_owned()),
        }
    }

    fn written(events: &[Event]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/checkpoint");
        let mut checkpoint = Checkpoint::create(&path).unwrap();
        for event in events {
            checkpoint.append(event.clone()).unwrap();
        }
        (folder, path)
    }

    #[test]
    fn records_come_back_as_they_were_written() {
        let events = [
            Event::Task(header()),
            Event::Stage {
                stage: Stage::Active,
            },
            Event::Forked {
                process: "a \"b\"\n".to_owned(),
                run: 0,
            },
            Event::Running {
                process: "a".to_owned(),
                run: 0,
                pid: 5,
                pid_start: 6,
            },
            Event::Ended {
                process: "a".to_owned(),
                run: 0,
                state: ProcessState::Killed,
                return_code: Some(-9),
                error: None,
            },
            Event::Outcome(TaskOutcome {
                state: FinalState::Lost,
                reason: "r".to_owned(),
            }),
        ];
        let (_folder, path) = written(&events);
        let (_, records) = Checkpoint::reopen(&path).unwrap();
        let read: Vec<Event> = records.into_iter().map(|record| record.event).collect();
        assert_eq!(read, events);
    }

    #[test]
    fn a_truncated_last_record_is_dropped_and_written_over() {
        let (_folder, path) = written(&[Event::Task(header())]);
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"at\":1,\"record\":\"sta").unwrap();
        let (mut checkpoint, records) = Checkpoint::reopen(&path).unwrap();
        assert_eq!(records.len(), 1);
        checkpoint
            .append(Event::Stage {
                stage: Stage::Ended,
            })
            .unwrap();
        drop(checkpoint);
        assert_eq!(Checkpoint::reopen(&path).unwrap().1.len(), 2);
    }

    #[test]
    fn a_broken_record_in_between_is_an_error_with_its_place() {
        let (_folder, path) = written(&[Event::Task(header())]);
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"at\":1]\n").unwrap();
        match Checkpoint::reopen(&path).unwrap_err() {
            Error::CheckpointCorrupt { line, column, .. } => assert_eq!((line, column), (2, 8)),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn records_of_later_versions_are_passed_over() {
        let (records, _) = parse(
            Path::new("c"),
            b"{\"at\":1,\"record\":\"sneeze\",\"loud\":true}\n",
        )
        .unwrap();
        assert_eq!(records[0].event, Event::Unknown);
    }

    #[test]
    fn one_owner_at_a_time_and_one_task_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c");
        let mut first = Checkpoint::create(&path).unwrap();
        assert!(matches!(
            Checkpoint::create(&path),
            Err(Error::CheckpointInUse { .. })
        ));
        first.append(Event::Task(header())).unwrap();
        drop(first);
        assert!(matches!(
            Checkpoint::create(&path),
            Err(Error::CheckpointExists { .. })
        ));
        assert!(matches!(
            Checkpoint::create(Path::new("/dev/full")),
            Err(Error::Checkpoint { action: "open", .. })
        ));
    }

    mod random {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            #[test]
            fn a_crash_at_any_byte_loses_only_the_last_record(
                names in prop::collection::vec(".*", 1..6),
                cut in any::<prop::sample::Index>(),
            ) {
                let lines: Vec<String> = names
                    .iter()
                    .map(|name| {
                        let event = Event::Forked { process: name.clone(), run: 1 };
                        serde_json::to_string(&Record { at: 1, event }).unwrap() + "\n"
                    })
                    .collect();
                let text = lines.concat();
                let cut = cut.index(text.len() + 1);
                let (records, complete) = parse(Path::new("c"), &text.as_bytes()[..cut]).unwrap();
                prop_assert_eq!(records.len(), text[..complete].matches('\n').count());
                prop_assert!(cut - complete < lines[records.len().min(lines.len() - 1)].len());
            }

            #[test]
            fn nothing_makes_the_reader_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
                let _ = parse(Path::new("c"), &text);
            }
        }
    }
}
