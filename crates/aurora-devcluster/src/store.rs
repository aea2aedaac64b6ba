//! The durable state: every task, in one redb file.
//!
//! redb, because it is one file in pure Rust with transactions that hold across a crash; an append log of our own would
//! have to earn that trust first. Records are Thrift structs, so fields can be added later without a migration.
//! Nothing outside this module knows what the storage is.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use aurora_api::ScheduledTask;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use thrift::protocol::{
    TCompactInputProtocol, TCompactOutputProtocol, TOutputProtocol, TSerializable,
};

use crate::Error;
use crate::task::Task;

const TASKS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("tasks");

/// The state on disk. Whoever holds it holds the same state in memory and changes that only after a successful
/// [`Store::write`].
pub(crate) struct Store {
    path: PathBuf,
    /// Closed after a failed write: redb serves nothing more from a handle that has met an I/O error.
    database: Option<Database>,
    /// Keys of failed writes: whether they reached the disk is unknown until they are written again.
    in_doubt: BTreeSet<String>,
}

impl Store {
    /// Opens the state, or starts an empty one, and reads every task.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Task>), Error> {
        let failed = |doing| move |reason: String| error(path, doing, &reason);
        let database = open(path).map_err(failed("open"))?;
        let tasks = read(&database).map_err(failed("read"))?;
        let store = Self {
            path: path.to_owned(),
            database: Some(database),
            in_doubt: BTreeSet::new(),
        };
        Ok((store, tasks))
    }

    /// Writes and removes tasks, all or none of them. `truth` tells what the caller still holds under a key.
    pub(crate) fn write<'a>(
        &mut self,
        puts: &[&'a Task],
        deletes: &[&'a str],
        truth: impl Fn(&str) -> Option<&'a Task>,
    ) -> Result<(), Error> {
        let mut records = Vec::with_capacity(puts.len() + deletes.len());
        for task in puts {
            records.push((
                task.id.as_str(),
                Some(encode(task).map_err(|reason| self.error(&reason))?),
            ));
        }
        records.extend(deletes.iter().map(|id| (*id, None)));
        let touched: BTreeSet<&str> = records.iter().map(|(id, _)| *id).collect();
        let mut restored = Vec::new();
        for id in self
            .in_doubt
            .iter()
            .filter(|id| !touched.contains(id.as_str()))
        {
            let record = truth(id)
                .map(encode)
                .transpose()
                .map_err(|reason| self.error(&reason))?;
            restored.push((id.as_str(), record));
        }
        let result = Self::commit(
            &self.path,
            &mut self.database,
            restored.iter().chain(&records),
        );
        match result {
            Ok(()) => {
                self.in_doubt.clear();
                Ok(())
            }
            Err(reason) => {
                self.in_doubt.extend(touched.into_iter().map(str::to_owned));
                self.database = None;
                Err(self.error(&reason))
            }
        }
    }

    fn commit<'r>(
        path: &Path,
        slot: &mut Option<Database>,
        records: impl Iterator<Item = &'r (&'r str, Option<Vec<u8>>)>,
    ) -> Result<(), String> {
        let database = match slot {
            Some(database) => database,
            None => slot.insert(open(path)?),
        };
        let transaction = database.begin_write().map_err(text)?;
        {
            let mut table = transaction.open_table(TASKS).map_err(text)?;
            for (id, record) in records {
                match record {
                    Some(bytes) => table.insert(*id, bytes.as_slice()).map_err(text)?,
                    None => table.remove(*id).map_err(text)?,
                };
            }
        }
        transaction.commit().map_err(text)
    }

    /// As after a failed write.
    #[cfg(test)]
    pub(crate) fn close(&mut self) {
        self.database = None;
    }

    fn error(&self, reason: &str) -> Error {
        error(&self.path, "write", reason)
    }
}

fn error(path: &Path, doing: &'static str, reason: &str) -> Error {
    Error::Store {
        doing,
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

fn open(path: &Path) -> Result<Database, String> {
    let database = Database::create(path).map_err(text)?;
    // A table that does not exist cannot be read.
    let transaction = database.begin_write().map_err(text)?;
    transaction.open_table(TASKS).map_err(text)?;
    transaction.commit().map_err(text)?;
    Ok(database)
}

fn read(database: &Database) -> Result<Vec<Task>, String> {
    let transaction = database.begin_read().map_err(text)?;
    let table = transaction.open_table(TASKS).map_err(text)?;
    let mut tasks = Vec::new();
    for entry in table.iter().map_err(text)? {
        let (id, record) = entry.map_err(text)?;
        let task =
            decode(record.value()).map_err(|reason| format!("task `{}`: {reason}", id.value()))?;
        tasks.push(task);
    }
    Ok(tasks)
}

fn encode(task: &Task) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut output = TCompactOutputProtocol::new(&mut bytes);
    task.to_wire()
        .write_to_out_protocol(&mut output)
        .map_err(text)?;
    output.flush().map_err(text)?;
    drop(output);
    Ok(bytes)
}

fn decode(bytes: &[u8]) -> Result<Task, String> {
    let mut input = TCompactInputProtocol::new(bytes);
    let wire = ScheduledTask::read_from_in_protocol(&mut input).map_err(text)?;
    Task::from_wire(wire).map_err(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state_machine::TaskState;
    use crate::task::tests::sample;

    fn nothing<'a>(_: &str) -> Option<&'a Task> {
        None
    }

    #[test]
    fn what_was_written_is_there_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let a = sample(
            "a",
            TaskState::Running,
            &[(1, TaskState::Pending), (2, TaskState::Running)],
        );
        let b = sample("b", TaskState::Pending, &[(3, TaskState::Pending)]);
        let (mut store, tasks) = Store::open(&path).unwrap();
        assert_eq!(tasks, []);
        store.write(&[&a, &b], &[], nothing).unwrap();
        drop(store);
        let (mut store, tasks) = Store::open(&path).unwrap();
        assert_eq!(tasks, [a.clone(), b]);
        store.write(&[], &["b", "never"], nothing).unwrap();
        drop(store);
        assert_eq!(Store::open(&path).unwrap().1, [a]);
    }

    #[test]
    fn a_file_that_is_no_state_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        std::fs::write(&path, "certainly no database").unwrap();
        let Err(error) = Store::open(&path) else {
            panic!("opened");
        };
        assert!(
            error.to_string().starts_with("cannot open the state in `"),
            "{error}"
        );
    }

    #[test]
    fn keys_in_doubt_are_put_right_by_the_next_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let kept = sample("kept", TaskState::Pending, &[(1, TaskState::Pending)]);
        let moved = sample("kept", TaskState::Running, &[(1, TaskState::Running)]);
        let new = sample("new", TaskState::Pending, &[(1, TaskState::Pending)]);
        let other = sample("other", TaskState::Pending, &[(1, TaskState::Pending)]);
        let (mut store, _) = Store::open(&path).unwrap();
        // As after a commit that reached the disk although it was reported as failed.
        store.write(&[&moved, &new], &[], nothing).unwrap();
        store.in_doubt.extend(["kept".to_owned(), "new".to_owned()]);
        store
            .write(&[&other], &[], |id| (id == "kept").then_some(&kept))
            .unwrap();
        drop(store);
        assert_eq!(Store::open(&path).unwrap().1, [kept, other]);
    }
}
