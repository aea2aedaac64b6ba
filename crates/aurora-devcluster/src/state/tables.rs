//! Everything that the scheduler holds, in memory and on disk.

use std::collections::BTreeMap;
use std::fmt::Display;

use aurora_api::Lock;

use super::overlay::apply;
use crate::model::record::{Address, Entry, Record, Table, encode};
use crate::model::{Amount, CronJob, CronRun, JobId, Maintenance, Rollout, Task, Update, UpdateId};

/// The whole state.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct State {
    /// By id.
    pub(crate) tasks: BTreeMap<String, Task>,
    /// By the job that is locked.
    pub(crate) locks: BTreeMap<JobId, Lock>,
    /// By role; a role without one may use the whole machine.
    pub(crate) quotas: BTreeMap<String, Amount>,
    pub(crate) updates: BTreeMap<UpdateId, Update>,
    pub(crate) crons: BTreeMap<JobId, CronJob>,
    /// By name; hosts that were never in maintenance are not there.
    pub(crate) hosts: BTreeMap<String, Maintenance>,
    /// The updates that are not over, by job. In memory only.
    pub(crate) rollouts: BTreeMap<JobId, Rollout>,
    /// Runs of cron jobs that wait for their turn. In memory only.
    pub(crate) cron_runs: BTreeMap<JobId, CronRun>,
}

/// A change of the state: what to put, and `None` for what to remove.
#[derive(Debug, Default)]
pub(crate) struct Patch {
    pub(crate) tasks: BTreeMap<String, Option<Task>>,
    pub(crate) locks: BTreeMap<JobId, Option<Lock>>,
    pub(crate) quotas: BTreeMap<String, Option<Amount>>,
    pub(crate) updates: BTreeMap<UpdateId, Option<Update>>,
    pub(crate) crons: BTreeMap<JobId, Option<CronJob>>,
    pub(crate) hosts: BTreeMap<String, Option<Maintenance>>,
    pub(crate) rollouts: BTreeMap<JobId, Option<Rollout>>,
    pub(crate) cron_runs: BTreeMap<JobId, Option<CronRun>>,
}

impl State {
    /// The record at an address, as bytes.
    pub(crate) fn record(&self, (table, key): &Address) -> Result<Option<Vec<u8>>, String> {
        match table {
            Table::Tasks => self.tasks.get(key).map(encode).transpose(),
            Table::Locks => find(&self.locks, key),
            Table::Quotas => self.quotas.get(key).map(encode).transpose(),
            Table::Updates => find(&self.updates, key),
            Table::Crons => find(&self.crons, key),
            Table::Hosts => self.hosts.get(key).map(encode).transpose(),
        }
    }

    pub(crate) fn apply(&mut self, patch: Patch) {
        apply(&mut self.tasks, patch.tasks);
        apply(&mut self.locks, patch.locks);
        apply(&mut self.quotas, patch.quotas);
        apply(&mut self.updates, patch.updates);
        apply(&mut self.crons, patch.crons);
        apply(&mut self.hosts, patch.hosts);
        apply(&mut self.rollouts, patch.rollouts);
        apply(&mut self.cron_runs, patch.cron_runs);
    }
}

fn find<K: Display, R: Record>(
    records: &BTreeMap<K, R>,
    wanted: &str,
) -> Result<Option<Vec<u8>>, String> {
    let found = records.iter().find(|(key, _)| key.to_string() == wanted);
    found.map(|(_, record)| encode(record)).transpose()
}

impl Patch {
    pub(crate) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
            && self.locks.is_empty()
            && self.quotas.is_empty()
            && self.updates.is_empty()
            && self.crons.is_empty()
            && self.hosts.is_empty()
            && self.rollouts.is_empty()
            && self.cron_runs.is_empty()
    }

    /// What has to be written, and `None` for what has to be removed.
    pub(crate) fn records(&self) -> Result<Vec<Entry>, String> {
        let mut records = Vec::new();
        add(&mut records, &self.tasks)?;
        add(&mut records, &self.locks)?;
        add(&mut records, &self.quotas)?;
        add(&mut records, &self.updates)?;
        add(&mut records, &self.crons)?;
        add(&mut records, &self.hosts)?;
        Ok(records)
    }
}

fn add<K: Display, R: Record>(
    records: &mut Vec<Entry>,
    patch: &BTreeMap<K, Option<R>>,
) -> Result<(), String> {
    for (key, record) in patch {
        let bytes = record.as_ref().map(encode).transpose()?;
        records.push(((R::TABLE, key.to_string()), bytes));
    }
    Ok(())
}
