//! What must hold for every text and every value.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use aurora_jobkey::{
    Error, InstanceKey, InstanceSet, JobKey, JobKeyPattern, PartialJobKey, RoleKey,
    TaskInstanceKey, is_identifier,
};
use proptest::prelude::*;

fn identifier() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_.-]{1,20}"
}

#[expect(clippy::unwrap_used, reason = "the parts are made to be valid")]
fn job_key() -> impl Strategy<Value = JobKey> {
    ("[^/]{0,12}", identifier(), identifier(), identifier())
        .prop_map(|(cluster, role, env, name)| JobKey::new(&cluster, &role, &env, &name).unwrap())
}

/// Texts that come close to being keys, so that the parsers get past their first checks.
fn key_like() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-c/*?!,0-9 +é\\[\\]-]{0,40}",
        "[a-z]{1,3}/[a-z]{0,3}/[a-z*]{1,3}/[a-z?]{1,3}(/[0-9,+ -]{0,12})?(/[0-9])?",
    ]
}

/// Reads a text; a value must print as text that reads back, an error must point into the text.
fn check<T>(text: &str) -> Result<(), TestCaseError>
where
    T: FromStr<Err = Error> + for<'a> TryFrom<&'a str, Error = Error> + Display + PartialEq + Debug,
{
    prop_assert_eq!(T::try_from(text), text.parse::<T>());
    match text.parse::<T>() {
        Ok(value) => {
            let reread = value.to_string().parse::<T>();
            prop_assert_eq!(reread.as_ref(), Ok(&value));
        }
        Err(error) => {
            prop_assert!(text.get(error.span()).is_some(), "{error:?} in {text:?}");
            prop_assert!(!error.to_string().is_empty());
        }
    }
    Ok(())
}

/// What a glob means, written down as directly as it can be, at any price in time.
fn reference_match(glob: &[char], text: &[char]) -> bool {
    match glob {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|taken| reference_match(rest, &text[taken..])),
        ['?', rest @ ..] => !text.is_empty() && reference_match(rest, &text[1..]),
        ['[', rest @ ..] => {
            let negated = rest.first() == Some(&'!');
            let body = &rest[usize::from(negated)..];
            let Some(close) = (1..body.len()).find(|&at| body[at] == ']') else {
                return text.first() == Some(&'[') && reference_match(rest, &text[1..]);
            };
            let Some((first, after)) = text.split_first() else {
                return false;
            };
            member(&body[..close], *first) != negated && reference_match(&body[close + 1..], after)
        }
        [literal, rest @ ..] => text.first() == Some(literal) && reference_match(rest, &text[1..]),
    }
}

fn member(sequence: &[char], character: char) -> bool {
    match sequence {
        [] => false,
        [low, '-', high, rest @ ..] => {
            (*low..=*high).contains(&character) || member(rest, character)
        }
        [single, rest @ ..] => *single == character || member(rest, character),
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_values_read_back(text in key_like()) {
        check::<JobKey>(&text)?;
        check::<InstanceKey>(&text)?;
        check::<TaskInstanceKey>(&text)?;
        check::<PartialJobKey>(&text)?;
        check::<JobKeyPattern>(&text)?;
        check::<RoleKey>(&text)?;
        check::<InstanceSet>(&text)?;
    }

    #[test]
    fn no_instance_text_panics(text in "[0-9,+x -]{0,24}") {
        check::<InstanceSet>(&text)?;
    }

    #[test]
    fn every_key_prints_as_text_that_reads_back(key in job_key(), instance: u32) {
        prop_assert_eq!(&key.to_string().parse::<JobKey>().unwrap(), &key);
        prop_assert_eq!(
            &JobKey::new(key.cluster(), key.role(), key.environment(), key.name()).unwrap(),
            &key
        );
        let task = key.clone().with_instance(instance);
        prop_assert_eq!(task.to_string().parse::<TaskInstanceKey>().unwrap(), task);
        let pattern = JobKeyPattern::from(key.clone());
        prop_assert!(pattern.matches(&key));
    }

    #[test]
    fn keys_order_as_their_parts(left in job_key(), right in job_key()) {
        let parts = |key: &JobKey| {
            [key.cluster(), key.role(), key.environment(), key.name()].map(str::to_owned)
        };
        prop_assert_eq!(left.cmp(&right), parts(&left).cmp(&parts(&right)));
        prop_assert_eq!(left == right, parts(&left) == parts(&right));
    }

    #[test]
    fn constructor_and_parser_agree(
        cluster in "[a-c/é]{0,3}", role in "[ab/ é]{0,3}", env in "[ab ]{0,3}", name in "[ab*]{0,3}",
    ) {
        let text = format!("{cluster}/{role}/{env}/{name}");
        let slashes = text.matches('/').count();
        let made = JobKey::new(&cluster, &role, &env, &name);
        if slashes == 3 {
            prop_assert_eq!(made, text.parse());
        } else {
            let error = made.unwrap_err();
            prop_assert!(text.get(error.span()).is_some());
        }
    }

    #[test]
    fn identifiers_are_what_keys_take(text in "[a-z_.é /*-]{0,4}") {
        prop_assert_eq!(is_identifier(&text), JobKey::new("c", &text, "e", "n").is_ok());
    }

    #[test]
    fn instance_sets_behave_as_sets(
        left in prop::collection::btree_set(0u32..60, 0..40),
        right in prop::collection::btree_set(0u32..60, 0..40),
        probe in 0u32..62,
    ) {
        let a: InstanceSet = left.iter().copied().collect();
        let b: InstanceSet = right.iter().copied().collect();
        let collect = |set: &InstanceSet| set.iter().collect::<BTreeSet<_>>();
        prop_assert_eq!(&collect(&a), &left);
        prop_assert_eq!(a.len(), left.len() as u64);
        prop_assert_eq!(a.is_empty(), left.is_empty());
        prop_assert_eq!(a.contains(probe), left.contains(&probe));
        prop_assert_eq!(collect(&a.union(&b)), &left | &right);
        prop_assert_eq!(collect(&a.intersection(&b)), &left & &right);
        prop_assert_eq!(collect(&a.difference(&b)), &left - &right);
        prop_assert_eq!(a.is_subset(&b), left.is_subset(&right));
        prop_assert!(a.iter().rev().eq(left.iter().rev().copied()));
        // One set, one representation: no ranges that touch.
        let ranges: Vec<_> = a.ranges().collect();
        prop_assert!(ranges.windows(2).all(|pair| *pair[0].end() + 1 < *pair[1].start()));
        if !a.is_empty() {
            prop_assert_eq!(a.to_string().parse::<InstanceSet>().unwrap(), a);
        }
    }

    #[test]
    fn any_order_of_ranges_is_the_same_set(
        ranges in prop::collection::vec((any::<u32>(), any::<u32>()), 1..8),
    ) {
        let ranges: Vec<_> = ranges.into_iter().map(|(a, b)| a.min(b)..=a.max(b)).collect();
        let forwards: InstanceSet = ranges.iter().cloned().collect();
        let backwards: InstanceSet = ranges.iter().rev().cloned().collect();
        let text: Vec<_> = ranges.iter().map(|r| format!("{}-{}", r.start(), r.end())).collect();
        prop_assert_eq!(&forwards, &backwards);
        prop_assert_eq!(&text.join(",").parse::<InstanceSet>().unwrap(), &forwards);
        prop_assert!(ranges.iter().all(|r| forwards.contains(*r.start()) && forwards.contains(*r.end())));
    }

    #[test]
    fn globs_match_as_the_reference(glob in "[ab*?!\\[\\]-]{0,10}", text in "[ab.-]{1,8}") {
        let pattern: JobKeyPattern = format!("c/r/e/{glob}").parse().unwrap();
        let key = JobKey::new("c", "r", "e", &text).unwrap();
        let glob: Vec<char> = glob.chars().collect();
        let text: Vec<char> = text.chars().collect();
        prop_assert_eq!(pattern.matches(&key), reference_match(&glob, &text));
    }
}
