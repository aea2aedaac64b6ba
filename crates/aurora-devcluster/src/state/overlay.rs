//! Entries of a map that are being changed, over the map as it is.

use std::collections::BTreeMap;

/// What has been put and removed so far. Reads see it, the map itself does not.
#[derive(Debug)]
pub(crate) struct Overlay<'e, K, V> {
    base: &'e BTreeMap<K, V>,
    patch: BTreeMap<K, Option<V>>,
}

impl<'e, K: Ord + Clone, V: Clone> Overlay<'e, K, V> {
    pub(crate) fn new(base: &'e BTreeMap<K, V>) -> Self {
        Self {
            base,
            patch: BTreeMap::new(),
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        match self.patch.get(key) {
            Some(changed) => changed.as_ref(),
            None => self.base.get(key),
        }
    }

    /// An entry to be changed in place.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if !self.patch.contains_key(key) {
            let present = self.base.get(key)?.clone();
            self.patch.insert(key.clone(), Some(present));
        }
        self.patch.get_mut(key)?.as_mut()
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        self.patch.insert(key, Some(value));
    }

    pub(crate) fn remove(&mut self, key: K) {
        self.patch.insert(key, None);
    }

    /// All entries, the changed ones last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let kept = self
            .base
            .iter()
            .filter(|(key, _)| !self.patch.contains_key(key));
        let changed = self
            .patch
            .iter()
            .filter_map(|(key, value)| Some((key, value.as_ref()?)));
        kept.chain(changed)
    }

    /// What is to be put, and `None` for what is to be removed.
    pub(crate) fn into_patch(self) -> BTreeMap<K, Option<V>> {
        self.patch
    }
}

/// Carries out the changes of an overlay.
pub(crate) fn apply<K: Ord, V>(base: &mut BTreeMap<K, V>, patch: BTreeMap<K, Option<V>>) {
    for (key, value) in patch {
        match value {
            Some(value) => drop(base.insert(key, value)),
            None => drop(base.remove(&key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_seen_through_the_overlay_before_they_are_made() {
        let mut base = BTreeMap::from([(1, "one"), (2, "two"), (3, "three")]);
        let mut overlay = Overlay::new(&base);
        overlay.put(4, "four");
        overlay.remove(1);
        *overlay.get_mut(&2).unwrap() = "second";
        assert_eq!(overlay.get_mut(&9), None);
        assert_eq!(overlay.get(&1), None);
        assert_eq!(overlay.get(&2), Some(&"second"));
        let mut seen: Vec<_> = overlay.iter().map(|(key, value)| (*key, *value)).collect();
        seen.sort_unstable();
        assert_eq!(seen, [(2, "second"), (3, "three"), (4, "four")]);

        let patch = overlay.into_patch();
        assert!(!patch.contains_key(&9), "a look changes nothing");
        apply(&mut base, patch);
        assert_eq!(
            base,
            BTreeMap::from([(2, "second"), (3, "three"), (4, "four")])
        );
    }
}
