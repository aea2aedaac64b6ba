//! The hash table of CPython 2.7's dictionaries and sets: where each entry sits.
//!
//! It is an open-addressing table that starts with eight slots. A key goes to the first free slot
//! of a probe sequence that depends on its hash; iteration is in slot order; at two thirds full the
//! table grows and everything is inserted again in slot order. A removed entry leaves a mark, which
//! counts as filled until the table is rebuilt.

use super::hash::Hash;

const SMALLEST: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Free,
    /// An entry was removed from here.
    Gone,
    Entry(usize),
}

/// A table of entries, which are numbered from zero in the order of insertion.
#[derive(Debug, Clone)]
pub struct Layout {
    slots: Vec<Slot>,
    hashes: Vec<Hash>,
    /// Slots that are not free.
    filled: usize,
    used: usize,
    /// The hash that the first slot remembers: where `popitem` goes on.
    first_hash: Hash,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            slots: vec![Slot::Free; SMALLEST],
            hashes: Vec::new(),
            filled: 0,
            used: 0,
            first_hash: 0,
        }
    }
}

impl Layout {
    /// The table of a literal of `keys` entries: above five, it is made large enough beforehand.
    pub fn presized(keys: usize) -> Self {
        let mut layout = Self::default();
        if keys > 5 {
            layout.resize(keys);
        }
        layout
    }

    /// The table that `dict.fromkeys` makes of the keys of another table.
    pub fn of_known_keys(hashes: &[Hash]) -> Self {
        let mut layout = Self::default();
        layout.resize(hashes.len() / 2 * 3);
        layout.hashes = hashes.to_vec();
        (0..hashes.len()).for_each(|entry| layout.put(entry));
        layout
    }

    /// Makes room for the entries of another table, before they are inserted one by one.
    pub fn reserve(&mut self, more: usize) {
        if (self.filled + more) * 3 >= self.slots.len() * 2 {
            self.resize((self.used + more) * 2);
        }
    }

    /// Whether both have the same entries in the same places.
    pub fn is_same(&self, other: &Self) -> bool {
        self.slots == other.slots && self.filled == other.filled
    }

    /// Finds an equal entry (`Err`), or the slot where a new one belongs (`Ok`).
    fn probe(&self, hash: Hash, mut same: impl FnMut(usize) -> bool) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        let mut perturb = hash.cast_unsigned();
        let mut i = perturb;
        let mut gone = None;
        loop {
            let slot = (i & mask as u64) as usize;
            match self.slots[slot] {
                Slot::Free => return Ok(gone.unwrap_or(slot)),
                Slot::Gone => gone = gone.or(Some(slot)),
                Slot::Entry(entry) if self.hashes[entry] == hash && same(entry) => {
                    return Err(entry);
                }
                Slot::Entry(_) => {}
            }
            i = i.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1);
            perturb >>= 5;
        }
    }

    /// The entry that is equal, by its number.
    pub fn find(&self, hash: Hash, same: impl FnMut(usize) -> bool) -> Option<usize> {
        self.probe(hash, same).err()
    }

    fn put(&mut self, entry: usize) {
        let hash = self.hashes[entry];
        if let Ok(slot) = self.probe(hash, |_| false) {
            if self.slots[slot] == Slot::Free {
                self.filled += 1;
            }
            if slot == 0 {
                self.first_hash = hash;
            }
            self.slots[slot] = Slot::Entry(entry);
            self.used += 1;
        }
    }

    /// Inserts an entry that is known to be new; returns its number.
    pub fn insert(&mut self, hash: Hash) -> usize {
        let entry = self.hashes.len();
        self.hashes.push(hash);
        self.put(entry);
        if self.filled * 3 >= self.slots.len() * 2 {
            self.grow();
        }
        entry
    }

    fn grow(&mut self) {
        self.resize(self.used * if self.used > 50_000 { 2 } else { 4 });
    }

    fn resize(&mut self, more_than: usize) {
        let mut size = SMALLEST;
        while size <= more_than {
            size <<= 1;
        }
        let old = std::mem::replace(&mut self.slots, vec![Slot::Free; size]);
        (self.filled, self.used, self.first_hash) = (0, 0, 0);
        for slot in old {
            if let Slot::Entry(entry) = slot {
                self.put(entry);
            }
        }
    }

    /// Removes an entry.
    pub fn remove(&mut self, entry: usize) {
        let place = self
            .slots
            .iter()
            .position(|slot| *slot == Slot::Entry(entry));
        if let Some(slot) = place {
            self.slots[slot] = Slot::Gone;
            self.used -= 1;
        }
    }

    /// What a set does after taking another one's elements out: many marks make it rebuild.
    pub fn tidy(&mut self) {
        if (self.filled - self.used) * 5 >= self.slots.len() - 1 {
            self.grow();
        }
    }

    /// Removes the entry that `popitem` takes, and gives its number.
    pub fn pop(&mut self) -> Option<usize> {
        if self.used == 0 {
            return None;
        }
        let mut slot = 0;
        if !matches!(self.slots[0], Slot::Entry(_)) {
            let last = self.slots.len() - 1;
            slot = usize::try_from(self.first_hash).unwrap_or_default();
            if slot > last || slot < 1 {
                slot = 1;
            }
            while !matches!(self.slots[slot], Slot::Entry(_)) {
                slot = if slot >= last { 1 } else { slot + 1 };
            }
        }
        let Slot::Entry(entry) = self.slots[slot] else {
            return None;
        };
        self.slots[slot] = Slot::Gone;
        self.used -= 1;
        self.first_hash = Hash::try_from(slot + 1).unwrap_or_default();
        Some(entry)
    }

    /// The numbers of the entries in iteration order.
    pub fn order(&self) -> Vec<usize> {
        self.slots
            .iter()
            .filter_map(|slot| match slot {
                Slot::Entry(entry) => Some(*entry),
                Slot::Free | Slot::Gone => None,
            })
            .collect()
    }
}
