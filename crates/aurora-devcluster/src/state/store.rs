//! The durable state, in one redb file.
//!
//! redb, because it is one file in pure Rust with transactions that hold across a crash; an append log of our own would
//! have to earn that trust first. Nothing outside this module knows what the storage is.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::tables::{Address, Entry, NAMES, Patch, State};
use crate::Error;

fn definition(table: &str) -> TableDefinition<'_, &'static str, &'static [u8]> {
    TableDefinition::new(table)
}

/// The state on disk. Its owner holds the same state in memory and changes that only after a successful
/// [`Store::write`].
pub(crate) struct Store {
    path: PathBuf,
    /// Closed after a failed write: redb serves nothing more from a handle that has met an I/O error.
    database: Option<Database>,
    /// Records of failed writes: whether they reached the disk is unknown until they are written again.
    in_doubt: BTreeSet<Address>,
}

impl Store {
    /// Opens the state, or starts an empty one, and reads all of it.
    pub(crate) fn open(path: &Path) -> Result<(Self, State), Error> {
        let failed = |doing| move |reason: String| error(path, doing, &reason);
        let database = open(path).map_err(failed("open"))?;
        let state = read(&database).map_err(failed("read"))?;
        let store = Self {
            path: path.to_owned(),
            database: Some(database),
            in_doubt: BTreeSet::new(),
        };
        Ok((store, state))
    }

    /// Writes a change, all of it or nothing. `state` is what the caller holds without the change.
    pub(crate) fn write(&mut self, patch: &Patch, state: &State) -> Result<(), Error> {
        let records = patch.entries().map_err(|reason| self.error(&reason))?;
        let touched: BTreeSet<&Address> = records.iter().map(|(address, _)| address).collect();
        let mut restored = Vec::new();
        for address in self.in_doubt.iter().filter(|it| !touched.contains(it)) {
            let record = state
                .record(address)
                .map_err(|reason| self.error(&reason))?;
            restored.push((address.clone(), record));
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
                self.in_doubt
                    .extend(records.into_iter().map(|(address, _)| address));
                self.database = None;
                Err(self.error(&reason))
            }
        }
    }

    fn commit<'r>(
        path: &Path,
        slot: &mut Option<Database>,
        records: impl Iterator<Item = &'r Entry>,
    ) -> Result<(), String> {
        let database = match slot {
            Some(database) => database,
            None => slot.insert(open(path)?),
        };
        let transaction = database.begin_write().map_err(text)?;
        let records: Vec<_> = records.collect();
        for &name in NAMES {
            let mut table = transaction.open_table(definition(name)).map_err(text)?;
            for ((_, key), record) in records.iter().filter(|((table, _), _)| *table == name) {
                match record {
                    Some(bytes) => table.insert(key.as_str(), bytes.as_slice()).map_err(text)?,
                    None => table.remove(key.as_str()).map_err(text)?,
                };
            }
        }
        transaction.commit().map_err(text)
    }

    /// Compacts the file: removes the room that deleted records have left.
    pub(crate) fn compact(&mut self) -> Result<(), Error> {
        let database = match &mut self.database {
            Some(database) => database,
            None => {
                let opened = open(&self.path).map_err(|reason| self.error(&reason))?;
                self.database.insert(opened)
            }
        };
        match database.compact() {
            Ok(_) => Ok(()),
            Err(error) => {
                self.database = None;
                Err(self.error(&text(error)))
            }
        }
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
    for &table in NAMES {
        transaction.open_table(definition(table)).map_err(text)?;
    }
    transaction.commit().map_err(text)?;
    Ok(database)
}

fn read(database: &Database) -> Result<State, String> {
    let transaction = database.begin_read().map_err(text)?;
    State::load(|name| {
        let table = transaction.open_table(definition(name)).map_err(text)?;
        let rows = table.iter().map_err(text)?;
        rows.map(|row| {
            let (key, bytes) = row.map_err(text)?;
            Ok((key.value().to_owned(), bytes.value().to_owned()))
        })
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::symlink;
    use std::sync::Arc;

    use aurora_api::{
        JobConfiguration, JobUpdateAction, JobUpdateSettings, JobUpdateStatus, Lock, LockKey,
        MaintenanceMode, TaskConfig,
    };
    use nix::fcntl::{FcntlArg, SealFlag, fcntl};
    use nix::sys::memfd::{MFdFlags, memfd_create};

    use super::*;
    use crate::model::{
        Amount, CronJob, Group, InstanceEvent, Maintenance, Task, TaskState, Update, UpdateEvent,
        UpdateId, sample,
    };

    fn put(tasks: &[&Task], deletes: &[&str]) -> Patch {
        let puts = tasks
            .iter()
            .map(|&task| (task.id.clone(), Some(task.clone())));
        let deletes = deletes.iter().map(|&id| (id.to_owned(), None));
        Patch {
            tasks: puts.chain(deletes).collect(),
            ..Patch::default()
        }
    }

    fn tasks(path: &Path) -> Vec<Task> {
        let (_, state) = Store::open(path).unwrap();
        state.tasks.into_values().collect()
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
        let (mut store, state) = Store::open(&path).unwrap();
        assert_eq!(state, State::default());
        store.write(&put(&[&a, &b], &[]), &state).unwrap();
        drop(store);
        assert_eq!(tasks(&path), [a.clone(), b]);
        let (mut store, state) = Store::open(&path).unwrap();
        store.write(&put(&[], &["b", "never"]), &state).unwrap();
        drop(store);
        assert_eq!(tasks(&path), [a]);
    }

    #[test]
    fn every_table_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let task = sample("t", TaskState::Pending, &[(1, TaskState::Pending)]);
        let job = task.job.clone();
        let lock = Lock {
            key: Some(LockKey::Job(job.to_wire())),
            token: Some("token".to_owned()),
            ..Lock::default()
        };
        let quota = Amount {
            cpus: 1.5,
            ram_mb: 2,
            disk_mb: 3,
        };
        let id = UpdateId {
            job: job.clone(),
            id: "u-1".to_owned(),
        };
        let update = Update {
            id: id.clone(),
            user: "alice".to_owned(),
            initial: vec![Group {
                config: Arc::clone(&task.config),
                instances: BTreeSet::from([0, 1, 3]),
            }],
            desired: None,
            settings: JobUpdateSettings::default(),
            events: vec![UpdateEvent {
                at: 5,
                status: JobUpdateStatus::ROLLING_FORWARD,
                user: Some("alice".to_owned()),
                message: Some("why".to_owned()),
            }],
            instance_events: vec![InstanceEvent {
                at: 6,
                instance: 3,
                action: JobUpdateAction::INSTANCE_UPDATING,
            }],
        };
        let cron = CronJob::new(JobConfiguration {
            key: Some(job.to_wire()),
            cron_schedule: Some("0 7 * * MON".to_owned()),
            task_config: Some(TaskConfig::clone(&task.config)),
            instance_count: Some(2),
            ..JobConfiguration::default()
        })
        .unwrap();
        let host = Maintenance {
            host: "box".to_owned(),
            mode: MaintenanceMode::DRAINED,
        };
        let expected = State {
            tasks: BTreeMap::from([("t".to_owned(), task.clone())]),
            locks: BTreeMap::from([(job.clone(), lock.clone())]),
            quotas: BTreeMap::from([("www".to_owned(), quota)]),
            updates: BTreeMap::from([(id.clone(), update.clone())]),
            crons: BTreeMap::from([(job.clone(), cron.clone())]),
            hosts: BTreeMap::from([("box".to_owned(), host.clone())]),
            ..State::default()
        };
        let patch = Patch {
            tasks: BTreeMap::from([("t".to_owned(), Some(task))]),
            locks: BTreeMap::from([(job.clone(), Some(lock))]),
            quotas: BTreeMap::from([("www".to_owned(), Some(quota))]),
            updates: BTreeMap::from([(id, Some(update))]),
            crons: BTreeMap::from([(job, Some(cron))]),
            hosts: BTreeMap::from([("box".to_owned(), Some(host))]),
            ..Patch::default()
        };
        let (mut store, state) = Store::open(&path).unwrap();
        store.write(&patch, &state).unwrap();
        drop(store);
        assert_eq!(Store::open(&path).unwrap().1, expected);
        let keys = [
            "t",
            "www/prod/web",
            "www",
            "www/prod/web/u-1",
            "www/prod/web",
            "box",
        ];
        for (&table, key) in NAMES.iter().zip(keys) {
            let record = expected.record(&(table, key.to_owned())).unwrap();
            assert!(record.is_some(), "{table} has {key}");
        }
    }

    /// A state file that fails every write from now on, for root too: memory of the kernel that is sealed.
    fn sealed(bytes: &[u8]) -> std::fs::File {
        use std::io::Write;

        let options = MFdFlags::MFD_ALLOW_SEALING;
        let mut file = std::fs::File::from(memfd_create("state", options).unwrap());
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn a_write_that_fails_changes_nothing_and_the_next_one_puts_its_records_right() {
        let folder = tempfile::tempdir().unwrap();
        let (first, reached) = (folder.path().join("first"), folder.path().join("reached"));
        let path = folder.path().join("state");
        let kept = sample("kept", TaskState::Pending, &[(1, TaskState::Pending)]);
        let moved = sample("kept", TaskState::Running, &[(1, TaskState::Running)]);
        let new = sample("new", TaskState::Pending, &[(1, TaskState::Pending)]);
        let other = sample("other", TaskState::Pending, &[(1, TaskState::Pending)]);
        let (mut store, state) = Store::open(&first).unwrap();
        store.write(&put(&[&kept], &[]), &state).unwrap();
        drop(store);

        let file = sealed(&std::fs::read(&first).unwrap());
        symlink(format!("/proc/self/fd/{}", file.as_raw_fd()), &path).unwrap();
        let (mut store, state) = Store::open(&path).unwrap();
        let seals = SealFlag::F_SEAL_WRITE | SealFlag::F_SEAL_GROW;
        fcntl(&file, FcntlArg::F_ADD_SEALS(seals)).unwrap();
        let change = put(&[&moved, &new], &[]);
        let error = store.write(&change, &state).unwrap_err();
        let expected = format!("cannot write the state in `{}`: ", path.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert_eq!(state.tasks.values().collect::<Vec<_>>(), [&kept]);

        // The disk takes writes again, and has the change although it was reported as failed.
        std::fs::copy(&first, &reached).unwrap();
        let (mut after, _) = Store::open(&reached).unwrap();
        after.write(&change, &state).unwrap();
        drop(after);
        std::fs::remove_file(&path).unwrap();
        symlink(&reached, &path).unwrap();
        store.write(&put(&[&other], &[]), &state).unwrap();
        drop(store);
        assert_eq!(tasks(&reached), [kept, other]);
    }

    #[test]
    fn a_file_that_is_not_a_state_is_an_error() {
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
        let (mut store, mut state) = Store::open(&path).unwrap();
        // As after a commit that reached the disk although it was reported as failed.
        store.write(&put(&[&moved, &new], &[]), &state).unwrap();
        for id in ["kept", "new"] {
            store.in_doubt.insert(("tasks", id.to_owned()));
        }
        state.tasks.insert("kept".to_owned(), kept.clone());
        store.write(&put(&[&other], &[]), &state).unwrap();
        drop(store);
        assert_eq!(tasks(&path), [kept, other]);
    }
}
