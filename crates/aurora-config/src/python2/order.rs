//! The iteration order of CPython 2.7's dictionaries and sets.
//!
//! Both are open-addressing tables that start with eight slots. A key goes to the first free slot
//! of a probe sequence that depends on its hash; iteration is in slot order; at two thirds full the
//! table grows and everything is inserted again in slot order. Nothing here removes keys.

use super::hash::{Hash, hash_text};

const SMALLEST: usize = 8;

/// A table of positions: which entry sits in which slot.
#[derive(Debug, Clone)]
struct Table {
    slots: Vec<Option<usize>>,
    hashes: Vec<Hash>,
}

impl Table {
    fn with_slots(size: usize) -> Self {
        Self {
            slots: vec![None; size],
            hashes: Vec::new(),
        }
    }

    /// Finds the slot of an equal entry (`Err`), or the free slot where a new one belongs (`Ok`).
    fn probe(&self, hash: Hash, mut same: impl FnMut(usize) -> bool) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        let mut perturb = hash.cast_unsigned();
        let mut i = perturb;
        loop {
            let slot = (i & mask as u64) as usize;
            match self.slots[slot] {
                None => return Ok(slot),
                Some(entry) if self.hashes[entry] == hash && same(entry) => return Err(entry),
                Some(_) => {}
            }
            i = i.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1);
            perturb >>= 5;
        }
    }

    /// Adds an entry known to be new.
    fn place(&mut self, hash: Hash) -> usize {
        let entry = self.hashes.len();
        if let Ok(slot) = self.probe(hash, |_| false) {
            self.slots[slot] = Some(entry);
        }
        self.hashes.push(hash);
        entry
    }

    fn is_full(&self) -> bool {
        self.hashes.len() * 3 >= self.slots.len() * 2
    }

    fn resize(&mut self, more_than: usize) {
        let mut size = SMALLEST;
        while size <= more_than {
            size <<= 1;
        }
        let old = std::mem::replace(&mut self.slots, vec![None; size]);
        for entry in old.into_iter().flatten() {
            if let Ok(slot) = self.probe(self.hashes[entry], |_| false) {
                self.slots[slot] = Some(entry);
            }
        }
    }

    fn order(&self) -> impl Iterator<Item = usize> + '_ {
        self.slots.iter().flatten().copied()
    }
}

/// The order of a dictionary: feed it the hashes of distinct keys in the order of insertion.
#[derive(Debug, Clone)]
pub(crate) struct DictOrder {
    table: Table,
}

impl DictOrder {
    /// An empty dictionary.
    pub(crate) fn new() -> Self {
        Self {
            table: Table::with_slots(SMALLEST),
        }
    }

    /// The dictionary of a literal of `keys` entries: above five, the table is made large enough
    /// beforehand.
    pub(crate) fn presized(keys: usize) -> Self {
        let mut order = Self::new();
        if keys > 5 {
            order.table.resize(keys);
        }
        order
    }

    /// `dict.copy()` of a dictionary with these keys in iteration order: the table is made large
    /// enough beforehand.
    pub(crate) fn copied(hashes: &[Hash]) -> Self {
        let mut order = Self::new();
        if hashes.len() * 3 >= SMALLEST * 2 {
            order.table.resize(hashes.len() * 2);
        }
        for &hash in hashes {
            order.insert(hash);
        }
        order
    }

    /// Inserts a key that is not there yet; returns its number, counted from zero.
    pub(crate) fn insert(&mut self, hash: Hash) -> usize {
        let entry = self.table.place(hash);
        if self.table.is_full() {
            let used = self.table.hashes.len();
            self.table.resize(used * if used > 50_000 { 2 } else { 4 });
        }
        entry
    }

    /// The numbers of the keys in iteration order.
    pub(crate) fn order(&self) -> Vec<usize> {
        self.table.order().collect()
    }
}

/// The iteration order of names inserted one after another into an empty dictionary.
pub(crate) fn name_order<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Vec<usize> {
    let mut order = DictOrder::new();
    for name in names {
        order.insert(hash_text(name.as_ref()));
    }
    order.order()
}

/// A set: its elements, without duplicates, in iteration order.
#[derive(Debug, Clone)]
pub(crate) struct SetOrder<T> {
    table: Table,
    elements: Vec<T>,
}

impl<T: PartialEq + Clone> SetOrder<T> {
    /// An empty set.
    pub(crate) fn new() -> Self {
        Self {
            table: Table::with_slots(0),
            elements: Vec::new(),
        }
    }

    /// `set.add`.
    pub(crate) fn add(&mut self, hash: Hash, element: T) {
        // Most sets stay empty and need no table.
        if self.elements.is_empty() {
            self.table = Table::with_slots(SMALLEST);
        }
        let elements = &self.elements;
        if self.table.probe(hash, |e| elements[e] == element).is_err() {
            return;
        }
        self.table.place(hash);
        self.elements.push(element);
        if self.table.is_full() {
            let used = self.elements.len();
            self.table.resize(used * if used > 50_000 { 2 } else { 4 });
        }
    }

    /// The elements in iteration order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> + '_ {
        self.table.order().map(|entry| &self.elements[entry])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 12] = [
        "environment",
        "role",
        "cluster",
        "name",
        "task",
        "contact",
        "production",
        "priority",
        "tier",
        "service",
        "update_config",
        "instances",
    ];

    fn filled(mut order: DictOrder, count: usize) -> Vec<&'static str> {
        for name in &NAMES[..count] {
            order.insert(hash_text(name));
        }
        order.order().into_iter().map(|i| NAMES[i]).collect()
    }

    fn words(text: &str) -> Vec<&str> {
        text.split(' ').collect()
    }

    #[test]
    fn dictionaries_grow_as_they_are_filled() {
        let six = words("task name environment cluster contact role");
        assert_eq!(filled(DictOrder::new(), 6), six);
        let eight = words("priority task name environment cluster contact role production");
        assert_eq!(filled(DictOrder::new(), 8), eight);
        let twelve = words(
            "priority task name service update_config environment cluster contact role tier \
             instances production",
        );
        assert_eq!(filled(DictOrder::new(), 12), twelve);
        let by_name: Vec<_> = name_order(NAMES).into_iter().map(|i| NAMES[i]).collect();
        assert_eq!(by_name, twelve);
    }

    #[test]
    fn literals_have_room_from_the_start() {
        let six = words("task name environment cluster contact role");
        assert_eq!(filled(DictOrder::presized(6), 6), six);
        let eight = words("environment cluster task role name priority production contact");
        assert_eq!(filled(DictOrder::presized(8), 8), eight);
        let twelve = words(
            "cluster tier priority task name service instances contact environment \
             update_config production role",
        );
        assert_eq!(filled(DictOrder::presized(12), 12), twelve);
    }

    fn copied<'a>(names: &[&'a str]) -> Vec<&'a str> {
        let hashes: Vec<_> = names.iter().map(|name| hash_text(name)).collect();
        let order = DictOrder::copied(&hashes).order();
        order.into_iter().map(|i| names[i]).collect()
    }

    #[test]
    fn copies_have_a_size_of_their_own() {
        let six = filled(DictOrder::presized(6), 6);
        let expected = words("environment cluster task role name contact");
        assert_eq!(copied(&six), expected);
        let eight = filled(DictOrder::presized(8), 8);
        let expected = words("priority task name contact environment cluster production role");
        assert_eq!(copied(&eight), expected);
        let twelve = filled(DictOrder::presized(12), 12);
        let expected = words(
            "environment task name service instances update_config priority cluster contact role \
             tier production",
        );
        assert_eq!(copied(&twelve), expected);
    }

    fn set(names: &[&'static str]) -> SetOrder<&'static str> {
        let mut set = SetOrder::new();
        for name in names.iter().chain(names) {
            set.add(hash_text(name), *name);
        }
        set
    }

    fn listed(set: &SetOrder<&'static str>) -> Vec<&'static str> {
        set.iter().copied().collect()
    }

    #[test]
    fn sets_iterate_as_in_cpython() {
        let twelve = words(
            "priority task name service update_config environment cluster contact role tier \
             instances production",
        );
        assert_eq!(listed(&set(&NAMES)), twelve);
        let five = words("environment cluster task role name");
        assert_eq!(listed(&set(&NAMES[..5])), five);
        let six = words("task name contact priority production tier");
        assert_eq!(listed(&set(&NAMES[3..9])), six);
    }
}
