//! The difference between a job as it is and as it is to be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aurora_api::{Range, TaskConfig};

use crate::model::Group;
use crate::model::ranges::contains;

/// What an update would do to each instance.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Diff {
    pub(crate) add: BTreeSet<i32>,
    pub(crate) remove: BTreeSet<i32>,
    pub(crate) update: BTreeSet<i32>,
    pub(crate) unchanged: BTreeSet<i32>,
}

impl Diff {
    /// Compares the `current` instances with `count` instances of `config`. A `scope` that is not empty hides all others.
    pub(crate) fn new(
        current: &BTreeMap<i32, Arc<TaskConfig>>,
        config: &TaskConfig,
        count: i32,
        scope: Option<&BTreeSet<Range>>,
    ) -> Self {
        let in_scope = |instance: i32| {
            scope
                .filter(|ranges| !ranges.is_empty())
                .is_none_or(|ranges| contains(ranges, instance))
        };
        let mut diff = Self::default();
        for (&instance, present) in current {
            let set = if !in_scope(instance) {
                &mut diff.unchanged
            } else if instance >= count || instance < 0 {
                &mut diff.remove
            } else if **present == *config {
                &mut diff.unchanged
            } else {
                &mut diff.update
            };
            set.insert(instance);
        }
        diff.add = (0..count)
            .filter(|instance| !current.contains_key(instance) && in_scope(*instance))
            .collect();
        diff
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && self.update.is_empty()
    }
}

/// The instances by configuration.
pub(crate) fn groups<'i>(
    instances: impl IntoIterator<Item = &'i i32>,
    current: &BTreeMap<i32, Arc<TaskConfig>>,
) -> Vec<Group> {
    let mut groups: BTreeMap<&Arc<TaskConfig>, BTreeSet<i32>> = BTreeMap::new();
    for instance in instances {
        if let Some(config) = current.get(instance) {
            groups.entry(config).or_default().insert(*instance);
        }
    }
    groups
        .into_iter()
        .map(|(config, instances)| Group {
            config: Arc::clone(config),
            instances,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(name: &str) -> Arc<TaskConfig> {
        Arc::new(TaskConfig {
            job_name: Some(name.to_owned()),
            ..TaskConfig::default()
        })
    }

    #[test]
    fn every_instance_is_in_one_set() {
        let current = BTreeMap::from([
            (0, config("new")),
            (1, config("old")),
            (4, config("older")),
            (5, config("old")),
        ]);
        let diff = Diff::new(&current, &config("new"), 4, None);
        let expected = Diff {
            add: BTreeSet::from([2, 3]),
            remove: BTreeSet::from([4, 5]),
            update: BTreeSet::from([1]),
            unchanged: BTreeSet::from([0]),
        };
        assert_eq!(diff, expected);
        assert!(!diff.is_empty());
        let grouped = groups(&diff.remove, &current);
        assert_eq!(grouped.len(), 2);

        let scope = BTreeSet::from([Range {
            first: Some(2),
            last: Some(4),
        }]);
        let diff = Diff::new(&current, &config("new"), 4, Some(&scope));
        let expected = Diff {
            add: BTreeSet::from([2, 3]),
            remove: BTreeSet::from([4]),
            update: BTreeSet::new(),
            unchanged: BTreeSet::from([0, 1, 5]),
        };
        assert_eq!(diff, expected);
        assert_eq!(
            Diff::new(&current, &config("new"), 4, Some(&BTreeSet::new())),
            Diff::new(&current, &config("new"), 4, None),
            "an empty scope is none"
        );
    }
}
