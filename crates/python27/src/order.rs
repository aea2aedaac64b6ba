//! The iteration order of CPython 2.7's dictionaries and sets.

use super::{
    hash::{Hash, hash_text},
    layout::Layout,
};

/// The order of a dictionary: feed it the hashes of distinct keys in the order of insertion.
#[derive(Debug, Clone, Default)]
pub struct DictOrder {
    table: Layout,
}

impl DictOrder {
    /// An empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// The dictionary of a literal of `keys` entries: above five, the table is made large enough
    /// beforehand.
    pub fn presized(keys: usize) -> Self {
        Self {
            table: Layout::presized(keys),
        }
    }

    /// `dict.copy()` of a dictionary with these keys in iteration order: the table is made large
    /// enough beforehand.
    pub fn copied(hashes: &[Hash]) -> Self {
        let mut order = Self::new();
        order.table.reserve(hashes.len());
        for &hash in hashes {
            order.insert(hash);
        }
        order
    }

    /// Inserts a key that is not there yet; returns its number, counted from zero.
    pub fn insert(&mut self, hash: Hash) -> usize {
        self.table.insert(hash)
    }

    /// The numbers of the keys in iteration order.
    pub fn order(&self) -> Vec<usize> {
        self.table.order()
    }
}

/// The iteration order of names inserted one after another into an empty dictionary.
pub fn name_order<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Vec<usize> {
    let mut order = DictOrder::new();
    for name in names {
        order.insert(hash_text(name.as_ref()));
    }
    order.order()
}

/// A set: its elements, without duplicates, in iteration order.
#[derive(Debug, Clone)]
pub struct SetOrder<T> {
    /// Most sets stay empty and need no table.
    table: Option<Layout>,
    elements: Vec<T>,
}

impl<T> Default for SetOrder<T> {
    fn default() -> Self {
        Self {
            table: None,
            elements: Vec::new(),
        }
    }
}

impl<T: PartialEq + Clone> SetOrder<T> {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// `set.add`.
    pub fn add(&mut self, hash: Hash, element: T) {
        let table = self.table.get_or_insert_default();
        let elements = &self.elements;
        let known = table.find(hash, |e| elements[e] == element);
        if known.is_none() {
            table.insert(hash);
            self.elements.push(element);
        }
    }

    /// The elements in iteration order.
    pub fn iter(&self) -> impl Iterator<Item = &T> + '_ {
        let order = self.table.as_ref().map(Layout::order).unwrap_or_default();
        order.into_iter().map(|entry| &self.elements[entry])
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
