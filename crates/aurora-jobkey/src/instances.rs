use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::fmt;
use core::iter::FlatMap;
use core::ops::RangeInclusive;
use core::slice;
use core::str::FromStr;

use crate::{Component, Error};

/// A set of instance numbers, written as numbers and ranges: `0,2,4-7`.
///
/// It is kept as ranges, so `0-4294967295` takes no more room than `0`. Reading is as lenient as
/// the released client: ranges may overlap and come in any order; blanks around a number, a `+` before
/// it and leading zeros are allowed; of a range with more than two numbers, as in `0-1-5`, the
/// first and the last count. It prints sorted, with neighbours joined to ranges.
///
/// ```
/// use aurora_jobkey::InstanceSet;
///
/// let set: InstanceSet = "5,1-3,2-4".parse()?;
/// assert_eq!(set.to_string(), "1-5");
/// assert!(set.contains(4));
/// assert_eq!(set.len(), 5);
/// assert_eq!(set.iter().take(2).collect::<Vec<_>>(), [1, 2]);
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceSet {
    /// First and last number of each range: ascending, neither overlapping nor touching.
    ranges: Vec<(u32, u32)>,
}

impl InstanceSet {
    /// The empty set.
    pub const fn new() -> Self {
        Self { ranges: Vec::new() }
    }

    /// Adds a number; says whether it was new.
    pub fn insert(&mut self, instance: u32) -> bool {
        let is_new = !self.contains(instance);
        if is_new {
            self.ranges.push((instance, instance));
            self.normalise();
        }
        is_new
    }

    /// Whether the number is in the set.
    pub fn contains(&self, instance: u32) -> bool {
        let after = self.ranges.partition_point(|&(_, last)| last < instance);
        self.ranges
            .get(after)
            .is_some_and(|&(first, _)| first <= instance)
    }

    /// How many numbers are in the set: up to 2³², so not a `u32`.
    pub fn len(&self) -> u64 {
        self.ranges
            .iter()
            .map(|&(first, last)| u64::from(last - first) + 1)
            .sum()
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The lowest number.
    pub fn first(&self) -> Option<u32> {
        self.ranges.first().map(|&(first, _)| first)
    }

    /// The highest number.
    pub fn last(&self) -> Option<u32> {
        self.ranges.last().map(|&(_, last)| last)
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> InstanceIter<'_> {
        let expand: Expand = |&(first, last)| first..=last;
        InstanceIter(self.ranges.iter().flat_map(expand))
    }

    /// The ranges of consecutive numbers, ascending; a single number is a range of one.
    pub fn ranges(
        &self,
    ) -> impl ExactSizeIterator<Item = RangeInclusive<u32>> + DoubleEndedIterator + '_ {
        self.ranges.iter().map(|&(first, last)| first..=last)
    }

    /// The numbers that are in both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        let (mut left, mut right) = (
            self.ranges.iter().peekable(),
            other.ranges.iter().peekable(),
        );
        while let (Some(&&(a_first, a_last)), Some(&&(b_first, b_last))) =
            (left.peek(), right.peek())
        {
            let (first, last) = (a_first.max(b_first), a_last.min(b_last));
            if first <= last {
                ranges.push((first, last));
            }
            if a_last < b_last {
                left.next();
            } else {
                right.next();
            }
        }
        Self { ranges }
    }

    /// The numbers of this set that are not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        let mut holes = other.ranges.iter().peekable();
        for &(first, last) in &self.ranges {
            // What is left of the range; a hole that reaches the last number leaves nothing.
            let mut rest = Some(first);
            while let (Some(from), Some(&&(hole_first, hole_last))) = (rest, holes.peek()) {
                if hole_last < from {
                    holes.next();
                    continue;
                }
                if hole_first > last {
                    break;
                }
                if hole_first > from {
                    ranges.push((from, hole_first - 1));
                }
                rest = hole_last.checked_add(1).filter(|&next| next <= last);
            }
            if let Some(from) = rest {
                ranges.push((from, last));
            }
        }
        Self { ranges }
    }

    /// The numbers that are in either set.
    pub fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.extend(other.ranges());
        all
    }

    /// Whether every number of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.ranges.iter().all(|&(first, last)| {
            let after = other.ranges.partition_point(|&(_, end)| end < last);
            other
                .ranges
                .get(after)
                .is_some_and(|&(start, _)| start <= first)
        })
    }

    /// Sorts the ranges and joins those that overlap or touch.
    fn normalise(&mut self) {
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, kept| {
            let joins = next.0 <= kept.1.saturating_add(1);
            if joins {
                kept.1 = kept.1.max(next.1);
            }
            joins
        });
    }
}

/// The numbers of an [`InstanceSet`], ascending.
#[derive(Clone, Debug)]
pub struct InstanceIter<'a>(FlatMap<slice::Iter<'a, (u32, u32)>, RangeInclusive<u32>, Expand>);

/// From a stored range to its numbers.
type Expand = fn(&(u32, u32)) -> RangeInclusive<u32>;

impl Iterator for InstanceIter<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for InstanceIter<'_> {
    fn next_back(&mut self) -> Option<u32> {
        self.0.next_back()
    }
}

impl<'a> IntoIterator for &'a InstanceSet {
    type Item = u32;
    type IntoIter = InstanceIter<'a>;

    fn into_iter(self) -> InstanceIter<'a> {
        self.iter()
    }
}

impl Extend<RangeInclusive<u32>> for InstanceSet {
    fn extend<I: IntoIterator<Item = RangeInclusive<u32>>>(&mut self, ranges: I) {
        for range in ranges {
            let (first, last) = range.into_inner();
            // Numbers mostly come in order: joining them on the way keeps the vector small.
            match self.ranges.last_mut() {
                _ if first > last => {}
                Some(end) if first >= end.0 && first <= end.1.saturating_add(1) => {
                    end.1 = end.1.max(last);
                }
                _ => self.ranges.push((first, last)),
            }
        }
        self.normalise();
    }
}

impl Extend<u32> for InstanceSet {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, instances: I) {
        self.extend(instances.into_iter().map(|instance| instance..=instance));
    }
}

impl FromIterator<RangeInclusive<u32>> for InstanceSet {
    fn from_iter<I: IntoIterator<Item = RangeInclusive<u32>>>(ranges: I) -> Self {
        let mut set = Self::new();
        set.extend(ranges);
        set
    }
}

impl FromIterator<u32> for InstanceSet {
    fn from_iter<I: IntoIterator<Item = u32>>(instances: I) -> Self {
        let mut set = Self::new();
        set.extend(instances);
        set
    }
}

impl FromStr for InstanceSet {
    type Err = Error;

    /// An empty text is an error, because its meaning is not clear: in an
    /// [`InstanceKey`](crate::InstanceKey) it means all instances.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::NoInstances { offset: 0 });
        }
        let mut set = Self::new();
        let mut offset = 0;
        for part in text.split(',') {
            set.ranges.push(parse_range(part, offset)?);
            offset += part.len() + 1;
        }
        set.normalise();
        Ok(set)
    }
}

/// `A` or `A-B`; `A-…-B` counts as `A-B`, whatever is in between.
fn parse_range(text: &str, offset: usize) -> Result<(u32, u32), Error> {
    let Some((first_text, rest)) = text.split_once('-') else {
        let number = parse_number(text, offset, Component::Instances)?;
        return Ok((number, number));
    };
    let last_text = rest.rsplit('-').next().unwrap_or(rest);
    let first = parse_number(first_text, offset, Component::Instances)?;
    let last_offset = offset + text.len() - last_text.len();
    let last = parse_number(last_text, last_offset, Component::Instances)?;
    if last < first {
        return Err(Error::BackwardRange {
            first,
            last,
            offset,
            len: text.len(),
        });
    }
    Ok((first, last))
}

/// What Python's `int` takes, but for negative numbers.
pub(crate) fn parse_number(text: &str, offset: usize, component: Component) -> Result<u32, Error> {
    let blank = |c: char| matches!(c, ' ' | '\t'..='\r');
    let trimmed = text.trim_matches(blank);
    if trimmed.is_empty() {
        return Err(Error::MissingNumber { component, offset });
    }
    let digits = trimmed.strip_prefix('+').unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::InvalidNumber {
            component,
            text: text.to_owned(),
            offset,
        });
    }
    digits.parse().map_err(|_| Error::NumberTooLarge {
        component,
        text: text.to_owned(),
        offset,
    })
}

impl fmt::Display for InstanceSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for &(first, last) in &self.ranges {
            write!(f, "{separator}{first}")?;
            if first != last {
                write!(f, "-{last}")?;
            }
            separator = ",";
        }
        Ok(())
    }
}

impl fmt::Debug for InstanceSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstanceSet({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> InstanceSet {
        text.parse().unwrap()
    }

    fn error(text: &str) -> Error {
        text.parse::<InstanceSet>().unwrap_err()
    }

    #[test]
    fn the_ends_are_those_of_the_ranges() {
        assert_eq!(
            (set("3,5-9").first(), set("3,5-9").last()),
            (Some(3), Some(9))
        );
        assert_eq!(
            (
                InstanceSet::default().first(),
                InstanceSet::default().last()
            ),
            (None, None)
        );
    }

    #[test]
    fn the_size_hint_of_one_range_is_exact() {
        let set = set("3-7");
        let mut numbers = set.iter();
        numbers.next();
        // The last range is known, those between are not.
        assert_eq!(numbers.size_hint(), (4, Some(4)));
    }

    #[test]
    fn the_released_grammar() {
        for (text, expected) in [
            ("0-2,5,7-9", vec![0, 1, 2, 5, 7, 8, 9]),
            ("5,1-3,2-4,5", vec![1, 2, 3, 4, 5]),
            ("3-3", vec![3]),
            ("1 - 3", vec![1, 2, 3]),
            (" 1", vec![1]),
            ("\t1\x0b\r\n", vec![1]),
            ("+2", vec![2]),
            ("01", vec![1]),
            ("0-1-5", vec![0, 1, 2, 3, 4, 5]),
            ("0--2", vec![0, 1, 2]),
            ("0-x-2", vec![0, 1, 2]),
        ] {
            assert_eq!(set(text).iter().collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn refused_texts_are_pointed_at() {
        assert_eq!(
            error("2-0"),
            Error::BackwardRange {
                first: 2,
                last: 0,
                offset: 0,
                len: 3
            }
        );
        assert_eq!(
            error("0,5-3").to_string(),
            "instance range 5-3 runs backwards: write 3-5"
        );
        for (text, offset) in [
            ("0-", 2),
            ("-1", 0),
            ("0,,1", 2),
            (",", 0),
            ("0, ", 2),
            ("-", 0),
        ] {
            let component = Component::Instances;
            assert_eq!(
                error(text),
                Error::MissingNumber { component, offset },
                "{text:?}"
            );
        }
        for (text, blamed) in [
            ("a", "a"),
            ("0,1x", "1x"),
            ("1-2-z", "z"),
            ("1 2", "1 2"),
            ("+ 2", "+ 2"),
            ("++2", "++2"),
            ("0x1", "0x1"),
            ("1_0", "1_0"),
            ("1.0", "1.0"),
            ("٣", "٣"),
            ("\u{a0}1", "\u{a0}1"),
        ] {
            assert_eq!(&text[error(text).span()], blamed);
            assert!(matches!(error(text), Error::InvalidNumber { .. }));
        }
        assert_eq!(error(""), Error::NoInstances { offset: 0 });
        assert_eq!(
            error("0-4294967296").to_string(),
            "instance number `4294967296` is too large: the largest is 4294967295"
        );
    }

    #[test]
    fn huge_ranges_stay_ranges() {
        let all = set("0-4294967295");
        assert_eq!(all.len(), 1 << 32);
        assert_eq!(all.ranges().len(), 1);
        assert!(all.contains(u32::MAX));
        assert_eq!(all.iter().next_back(), Some(u32::MAX));
        assert_eq!(all.difference(&set("1-4294967295")), set("0"));
        assert_eq!(all.intersection(&set("7")), set("7"));
        assert_eq!(all.union(&set("4294967295")), all);
    }

    #[test]
    fn printing_joins_neighbours() {
        assert_eq!(set("9,8,5,2,1,0").to_string(), "0-2,5,8-9");
        assert_eq!(InstanceSet::new().to_string(), "");
        assert_eq!(format!("{:?}", set("0,1")), "InstanceSet(0-1)");
    }

    #[test]
    fn sets_of_numbers_and_ranges() {
        assert_eq!(
            [3, 1, 2, 2].into_iter().collect::<InstanceSet>(),
            set("1-3")
        );
        assert_eq!(
            [4..=6, 0..=1].into_iter().collect::<InstanceSet>(),
            set("0-1,4-6")
        );
        #[expect(clippy::reversed_empty_ranges, reason = "an empty range adds nothing")]
        let empty: InstanceSet = [6..=4].into_iter().collect();
        assert!(empty.is_empty());

        let mut grown = set("0,2");
        assert!(grown.insert(1));
        assert!(!grown.insert(1));
        assert_eq!(grown, set("0-2"));
        assert_eq!((grown.first(), grown.last()), (Some(0), Some(2)));
        assert!(set("1").is_subset(&grown));
        assert!(!set("1,3").is_subset(&grown));
        assert!(!set("0-3").is_subset(&set("0-1,3")));
    }
}
