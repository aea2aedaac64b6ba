//! Ports for tasks: free on this machine, and never given to two tasks at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, TcpListener};
use std::ops::RangeInclusive;

/// Finds one port for each requested name, none of them in `taken`; `None` when there are not enough.
///
/// `is_free` is asked whether the machine lets a port be used; `start` chooses where in the range to begin.
pub(crate) fn assign(
    names: &BTreeSet<String>,
    range: &RangeInclusive<u16>,
    taken: &BTreeSet<u16>,
    start: usize,
    mut is_free: impl FnMut(u16) -> bool,
) -> Option<BTreeMap<String, i32>> {
    let length = range.len();
    let offset = if length == 0 { 0 } else { start % length };
    let mut candidates = range
        .clone()
        .skip(offset)
        .chain(range.clone().take(offset))
        .filter(|port| !taken.contains(port));
    names
        .iter()
        .map(|name| {
            let port = candidates.find(|port| is_free(*port))?;
            Some((name.clone(), i32::from(port)))
        })
        .collect()
}

/// Whether the machine lets a program listen on the port, on loopback and on all addresses.
pub(crate) fn is_free(port: u16) -> bool {
    [Ipv4Addr::LOCALHOST, Ipv4Addr::UNSPECIFIED]
        .into_iter()
        .all(|address| TcpListener::bind((address, port)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_name_gets_its_own_port() {
        let taken = BTreeSet::from([3]);
        let ports = assign(&names(&["a", "b", "c"]), &(1..=6), &taken, 1, |port| {
            port != 5
        })
        .unwrap();
        assert_eq!(ports.values().copied().collect::<Vec<_>>(), [2, 4, 6]);
        let ports = assign(&names(&["a", "b"]), &(1..=6), &taken, 11, |_| true).unwrap();
        assert_eq!(ports.values().copied().collect::<Vec<_>>(), [6, 1]);
    }

    #[test]
    fn too_few_ports_give_none() {
        let wanted = names(&["a", "b"]);
        assert_eq!(
            assign(&wanted, &(1..=2), &BTreeSet::from([1]), 0, |_| true),
            None
        );
        assert_eq!(
            assign(&wanted, &(1..=2), &BTreeSet::new(), 0, |_| false),
            None
        );
        assert_eq!(
            assign(&names(&[]), &(1..=2), &BTreeSet::new(), 0, |_| false),
            Some(BTreeMap::new())
        );
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = held.local_addr().unwrap().port();
        assert!(!is_free(port));
        drop(held);
        assert!(is_free(port));
    }
}
