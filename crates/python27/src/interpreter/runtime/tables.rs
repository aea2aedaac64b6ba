//! What became of the hash tables of dictionaries and sets, where the order in which their keys
//! went in does not tell: presized literals and copies, and those that something was taken out of.
//!
//! The interpreter's own dictionaries have no room for this, so it is kept separately. Whatever
//! was put in by the interpreter in the meantime is caught up with when somebody asks.

use std::{cell::RefCell, collections::HashMap};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDict, PyFrozenSet, PySet},
};

use super::order::hash;
use crate::Layout;

/// Larger ones forget what was taken out: each removal costs a look at all keys.
const LARGEST: usize = 4096;

/// How many tables are kept before those of values without other owners are dropped.
const FEW: usize = 512;

/// A table with the keys of its entries; what was taken out has none.
#[derive(Clone, Default)]
pub(super) struct Table {
    pub(super) layout: Layout,
    keys: Vec<Option<PyObjectRef>>,
}

impl Table {
    pub(super) fn presized(keys: usize) -> Self {
        Self {
            layout: Layout::presized(keys),
            keys: Vec::new(),
        }
    }

    /// The table that `dict.fromkeys` makes of the keys of another.
    pub(super) fn copied(keys: &[PyObjectRef]) -> Self {
        let hashes: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(index, key)| hash(key, index))
            .collect();
        Self {
            layout: Layout::of_known_keys(&hashes),
            keys: keys.iter().cloned().map(Some).collect(),
        }
    }

    /// Inserts a key that is not there yet.
    pub(super) fn insert(&mut self, key: PyObjectRef) {
        self.layout.insert(hash(&key, self.keys.len()));
        self.keys.push(Some(key));
    }

    /// The keys in iteration order.
    pub(super) fn order(&self) -> Vec<PyObjectRef> {
        self.layout
            .order()
            .into_iter()
            .filter_map(|entry| self.keys.get(entry).cloned().flatten())
            .collect()
    }

    /// The keys in the order in which they went in.
    pub(super) fn keys(&self) -> Vec<PyObjectRef> {
        self.keys.iter().flatten().cloned().collect()
    }

    fn entry(&self, key: &PyObject, vm: &VirtualMachine) -> PyResult<Option<usize>> {
        for (entry, known) in self.keys.iter().enumerate() {
            if let Some(known) = known
                && vm.identical_or_equal(known, key)?
            {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Whether an equal key is there: looks at all of them.
    pub(super) fn contains(&self, key: &PyObject, vm: &VirtualMachine) -> PyResult<bool> {
        Ok(self.entry(key, vm)?.is_some())
    }

    /// Takes out an equal key.
    pub(super) fn remove_equal(&mut self, key: &PyObject, vm: &VirtualMachine) -> PyResult<()> {
        if let Some(entry) = self.entry(key, vm)? {
            self.layout.remove(entry);
            self.forget(entry);
        }
        Ok(())
    }

    fn remove(&mut self, key: &PyObject) {
        let entry = self
            .keys
            .iter()
            .position(|known| known.as_ref().is_some_and(|known| known.is(key)));
        if let Some(entry) = entry {
            self.layout.remove(entry);
            self.forget(entry);
        }
    }

    /// Takes out what `popitem` and `set.pop` take.
    pub(super) fn pop(&mut self) -> Option<PyObjectRef> {
        let entry = self.layout.pop()?;
        let key = self.keys.get(entry).cloned().flatten();
        self.forget(entry);
        key
    }

    fn forget(&mut self, entry: usize) {
        if let Some(key) = self.keys.get_mut(entry) {
            *key = None;
        }
    }

    /// Catches up with the keys that there are now, in the order in which they went in; `false`
    /// when something else happened than additions.
    fn catch_up(&mut self, keys: &[PyObjectRef]) -> bool {
        let known = self.keys.iter().flatten().count();
        let unchanged = known <= keys.len()
            && self
                .keys
                .iter()
                .flatten()
                .zip(keys)
                .all(|(known, key)| known.is(key));
        if unchanged {
            for key in keys.iter().skip(known) {
                self.insert(key.clone());
            }
        }
        unchanged
    }

    fn filled(keys: &[PyObjectRef]) -> Self {
        let mut table = Self::default();
        for key in keys {
            table.insert(key.clone());
        }
        table
    }
}

/// The keys of a dictionary or set in the order in which they went in.
pub(super) fn keys_of(obj: &PyObject) -> Vec<PyObjectRef> {
    if let Some(dict) = obj.downcast_ref::<PyDict>() {
        dict.keys_vec()
    } else if let Some(set) = obj.downcast_ref::<PySet>() {
        set.elements()
    } else if let Some(set) = obj.downcast_ref::<PyFrozenSet>() {
        set.elements()
    } else {
        Vec::new()
    }
}

/// The tables that are known, by the address of what they belong to, which they keep alive.
#[derive(Default)]
pub(super) struct Tables {
    known: RefCell<HashMap<usize, (PyObjectRef, Table)>>,
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tables({})", self.known.borrow().len())
    }
}

impl Tables {
    /// The table as it is now.
    pub(super) fn of(&self, obj: &PyObject) -> Table {
        let keys = keys_of(obj);
        let mut known = self.known.borrow_mut();
        if let Some((_, table)) = known.get_mut(&obj.get_id()) {
            if table.catch_up(&keys) {
                return table.clone();
            }
            known.remove(&obj.get_id());
        }
        drop(known);
        Table::filled(&keys)
    }

    /// Notes a table, unless it is the order of insertion.
    pub(super) fn note(&self, obj: &PyObject, table: Table) {
        let mut known = self.known.borrow_mut();
        if table.layout.is_same(&Table::filled(&keys_of(obj)).layout) {
            known.remove(&obj.get_id());
            return;
        }
        if known.len() >= FEW && known.len().is_multiple_of(FEW) {
            known.retain(|_, (obj, _)| obj.strong_count() > 1);
        }
        known.insert(obj.get_id(), (obj.to_owned(), table));
    }

    /// Does something that takes keys out of `obj`, and notes which are gone.
    pub(super) fn removing<R>(&self, obj: &PyObject, work: impl FnOnce() -> R) -> R {
        let keys = keys_of(obj);
        if keys.len() > LARGEST {
            return work();
        }
        let mut table = self.of(obj);
        let result = work();
        let left = keys_of(obj);
        let mut left = left.iter().peekable();
        for key in &keys {
            if left.next_if(|kept| kept.is(key)).is_none() {
                table.remove(key);
            }
        }
        self.note(obj, table);
        result
    }
}
