//! Sets of instance ids as closed ranges, the form that they have on the wire.

use std::collections::BTreeSet;

use aurora_api::Range;

/// The ids as ranges.
pub(crate) fn to_ranges(instances: &BTreeSet<i32>) -> BTreeSet<Range> {
    let mut ranges: Vec<(i32, i32)> = Vec::new();
    for &instance in instances {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(instance) => *last = instance,
            _ => ranges.push((instance, instance)),
        }
    }
    ranges
        .into_iter()
        .map(|(first, last)| Range {
            first: Some(first),
            last: Some(last),
        })
        .collect()
}

/// The ends of a range; a missing one is 0.
fn ends(range: &Range) -> (i32, i32) {
    (range.first.unwrap_or(0), range.last.unwrap_or(0))
}

/// The ids of ranges that this scheduler has made itself. Those of others may be longer than any memory.
pub(crate) fn from_ranges(ranges: &BTreeSet<Range>) -> BTreeSet<i32> {
    ranges
        .iter()
        .map(ends)
        .flat_map(|(first, last)| first..=last)
        .collect()
}

/// Whether one of the ranges holds the id.
pub(crate) fn contains(ranges: &BTreeSet<Range>, instance: i32) -> bool {
    ranges
        .iter()
        .map(ends)
        .any(|(first, last)| (first..=last).contains(&instance))
}

/// Whether every id of the ranges is a known one.
pub(crate) fn all_known(ranges: &BTreeSet<Range>, known: &BTreeSet<i32>) -> bool {
    ranges.iter().map(ends).all(|(first, last)| {
        let length = i64::from(last) - i64::from(first) + 1;
        let found = if first <= last {
            known.range(first..=last).count()
        } else {
            0
        };
        length > 0 && usize::try_from(length) == Ok(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: i32, last: i32) -> Range {
        Range {
            first: Some(first),
            last: Some(last),
        }
    }

    #[test]
    fn neighbours_share_a_range() {
        let ids = BTreeSet::from([0, 1, 2, 5, 7, 8, i32::MAX]);
        let ranges = to_ranges(&ids);
        let expected = [
            range(0, 2),
            range(5, 5),
            range(7, 8),
            range(i32::MAX, i32::MAX),
        ];
        assert_eq!(ranges, BTreeSet::from(expected));
        assert_eq!(from_ranges(&ranges), ids);
    }

    #[test]
    fn hostile_ranges_cost_nothing() {
        let known = BTreeSet::from([0, 1, 2]);
        for (given, all) in [
            (range(0, 2), true),
            (range(1, 1), true),
            (range(0, 3), false),
            (range(i32::MIN, i32::MAX), false),
            (range(2, 1), false),
            (range(i32::MAX, i32::MIN), false),
        ] {
            assert_eq!(all_known(&BTreeSet::from([given]), &known), all);
        }
        assert!(contains(&BTreeSet::from([range(i32::MIN, i32::MAX)]), 7));
        assert!(!contains(&BTreeSet::from([range(8, 7)]), 7));
    }
}
