//! The tables of the state. Each is declared once, here: its name, its keys and its records. Loading, saving, drafts and
//! patches follow from that.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use aurora_api::Lock;

use super::overlay::{Overlay, apply};
use crate::model::record::{Record, decode, encode};
use crate::model::{Amount, CronJob, CronRun, JobId, Maintenance, Rollout, Task, Update, UpdateId};

/// Where a record is on disk: the name of its table, and its key as text.
pub(super) type Address = (&'static str, String);

/// What is to be at an address; `None` for nothing.
pub(super) type Entry = (Address, Option<Vec<u8>>);

/// Declares the state. A table on disk has the name of its field; its keys are stored as their text, so a key has to
/// read its own text. The visibility says who may change the table in a draft without going through
/// [`Change`](super::Change).
macro_rules! tables {
    (
        on disk {
            $($(#[doc = $doc:literal])* $vis:vis $stored:ident: $key:ty => $record:ty,)*
        }
        in memory {
            $($(#[doc = $memory_doc:literal])* $memory_vis:vis $memory:ident: $memory_key:ty => $value:ty,)*
        }
    ) => {
        /// The names of the tables on disk.
        pub(super) const NAMES: &[&str] = &[$(stringify!($stored)),*];

        /// Everything that the scheduler holds.
        #[derive(Debug, Default, PartialEq)]
        pub(crate) struct State {
            $($(#[doc = $doc])* pub(crate) $stored: BTreeMap<$key, $record>,)*
            $($(#[doc = $memory_doc])* pub(crate) $memory: BTreeMap<$memory_key, $value>,)*
        }

        /// A change of the state: what to put, and `None` for what to remove.
        #[derive(Debug, Default)]
        pub(crate) struct Patch {
            $(pub(crate) $stored: BTreeMap<$key, Option<$record>>,)*
            $(pub(crate) $memory: BTreeMap<$memory_key, Option<$value>>,)*
        }

        /// The state with changes over it that are not made yet.
        #[derive(Debug)]
        pub(crate) struct Draft<'s> {
            $($vis $stored: Overlay<'s, $key, $record>,)*
            $($memory_vis $memory: Overlay<'s, $memory_key, $value>,)*
        }

        impl State {
            /// The state behind the rows of its tables, which `rows` gives by the table's name.
            pub(super) fn load(
                mut rows: impl FnMut(&'static str) -> Result<Vec<(String, Vec<u8>)>, String>,
            ) -> Result<Self, String> {
                Ok(Self {
                    $($stored: records(stringify!($stored), rows(stringify!($stored))?)?,)*
                    ..Self::default()
                })
            }

            /// The record at an address, as bytes.
            pub(super) fn record(
                &self,
                (table, key): &Address,
            ) -> Result<Option<Vec<u8>>, String> {
                $(if *table == stringify!($stored) {
                    return find(&self.$stored, key);
                })*
                Err(format!("table `{table}` does not exist"))
            }

            pub(crate) fn apply(&mut self, patch: Patch) {
                $(apply(&mut self.$stored, patch.$stored);)*
                $(apply(&mut self.$memory, patch.$memory);)*
            }
        }

        impl Patch {
            pub(crate) fn is_empty(&self) -> bool {
                true $(&& self.$stored.is_empty())* $(&& self.$memory.is_empty())*
            }

            /// What has to be written to disk.
            pub(super) fn entries(&self) -> Result<Vec<Entry>, String> {
                let mut entries = Vec::new();
                $(add(&mut entries, stringify!($stored), &self.$stored)?;)*
                Ok(entries)
            }
        }

        impl<'s> Draft<'s> {
            pub(super) fn new(state: &'s State) -> Self {
                Self {
                    $($stored: Overlay::new(&state.$stored),)*
                    $($memory: Overlay::new(&state.$memory),)*
                }
            }

            pub(super) fn into_patch(self) -> Patch {
                Patch {
                    $($stored: self.$stored.into_patch(),)*
                    $($memory: self.$memory.into_patch(),)*
                }
            }
        }
    };
}

tables! {
    on disk {
        /// By id. They change through the state machine only.
        pub(super) tasks: String => Task,
        /// By the job that is locked.
        pub(crate) locks: JobId => Lock,
        /// By role; a role without one may use the whole machine.
        pub(crate) quotas: String => Amount,
        /// Updates with their histories, active and ended.
        pub(crate) updates: UpdateId => Update,
        /// Jobs that run by the clock.
        pub(crate) crons: JobId => CronJob,
        /// By name; hosts that were never in maintenance are not there.
        pub(crate) hosts: String => Maintenance,
    }
    in memory {
        /// The active updates, by job.
        pub(crate) rollouts: JobId => Rollout,
        /// Runs of cron jobs that wait for their turn.
        pub(crate) cron_runs: JobId => CronRun,
    }
}

fn records<K: Ord + FromStr, R: Record>(
    table: &'static str,
    rows: Vec<(String, Vec<u8>)>,
) -> Result<BTreeMap<K, R>, String> {
    rows.into_iter()
        .map(|(text, bytes)| {
            let bad = |reason: &str| format!("`{text}` of {table}: {reason}");
            let record = decode(&bytes).map_err(|reason| bad(&reason))?;
            let key = text.parse().map_err(|_| bad("the key is malformed"))?;
            Ok((key, record))
        })
        .collect()
}

fn find<K: Display, R: Record>(
    records: &BTreeMap<K, R>,
    wanted: &str,
) -> Result<Option<Vec<u8>>, String> {
    let found = records.iter().find(|(key, _)| key.to_string() == wanted);
    found.map(|(_, record)| encode(record)).transpose()
}

fn add<K: Display, R: Record>(
    entries: &mut Vec<Entry>,
    table: &'static str,
    patch: &BTreeMap<K, Option<R>>,
) -> Result<(), String> {
    for (key, record) in patch {
        let bytes = record.as_ref().map(encode).transpose()?;
        entries.push(((table, key.to_string()), bytes));
    }
    Ok(())
}
