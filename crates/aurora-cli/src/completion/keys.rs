//! The next part of a key: clusters, then roles, environments, names, instances.

use std::collections::BTreeSet;

/// How many instances are offered; a longer list does not help.
const MAX_INSTANCES: u32 = 100;

/// The source of the parts of keys.
pub(super) trait Known {
    /// The names of all clusters.
    fn clusters(&self) -> Vec<String>;

    /// The roles that have jobs on a cluster.
    fn roles(&self, cluster: &str) -> Vec<String>;

    /// The jobs of a role.
    fn jobs(&self, cluster: &str, role: &str) -> Vec<KnownJob>;
}

/// A job of a role.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct KnownJob {
    pub(super) environment: String,
    pub(super) name: String,
    /// How many instances it has.
    pub(super) instances: u32,
}

/// The parts of a positional, from its value name: `CLUSTER/ROLE/ENV/NAME[/INSTANCES]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyForm {
    parts: usize,
    /// Whether the key of a job is enough, though instances may follow.
    may_end_at_job: bool,
}

impl KeyForm {
    /// The form of a value name that begins with a cluster.
    pub(super) fn of(value_name: &str) -> Option<Self> {
        value_name.starts_with("CLUSTER").then(|| Self {
            parts: value_name.split('/').count(),
            may_end_at_job: value_name.contains("[/INSTANCE"),
        })
    }

    /// The end of the part with that many parts before it. An optional part usually follows, so the end is a slash.
    fn end(self, before: usize) -> &'static str {
        let is_last = before + 1 == self.parts;
        let is_job = before == 3;
        if is_last || is_job && self.may_end_at_job {
            ""
        } else {
            "/"
        }
    }
}

/// The keys that begin with `word`, up to the end of its last part.
pub(super) fn candidates(form: KeyForm, word: &str, known: &dyn Known) -> Vec<String> {
    let mut before: Vec<&str> = word.split('/').collect();
    let typed = before.pop().unwrap_or_default();
    // Without a role there are no jobs to list, and wildcards are not completed.
    let is_open = |part: &&str| part.is_empty() || part.contains(['*', '?', '[']);
    if before.len() >= form.parts || before.iter().any(is_open) {
        return Vec::new();
    }
    let found = match before[..] {
        [] => known.clusters(),
        [cluster] => known.roles(cluster),
        [cluster, role] => {
            let jobs = known.jobs(cluster, role).into_iter();
            let environments: BTreeSet<_> = jobs.map(|job| job.environment).collect();
            environments.into_iter().collect()
        }
        [cluster, role, environment] => {
            let jobs = known.jobs(cluster, role).into_iter();
            jobs.filter(|job| job.environment == environment)
                .map(|job| job.name)
                .collect()
        }
        [cluster, role, environment, name] => {
            let jobs = known.jobs(cluster, role).into_iter();
            jobs.filter(|job| job.environment == environment && job.name == name)
                .flat_map(|job| 0..job.instances.min(MAX_INSTANCES))
                .map(|instance| instance.to_string())
                .collect()
        }
        _ => Vec::new(),
    };
    let beginning = &word[..word.len() - typed.len()];
    let end = form.end(before.len());
    found
        .iter()
        .filter(|part| part.starts_with(typed))
        .map(|part| format!("{beginning}{part}{end}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Two clusters, with a record of the calls.
    #[derive(Default)]
    struct Two(RefCell<Vec<String>>);

    impl Known for Two {
        fn clusters(&self) -> Vec<String> {
            vec!["west".to_owned(), "east".to_owned()]
        }

        fn roles(&self, cluster: &str) -> Vec<String> {
            self.0.borrow_mut().push(format!("roles of {cluster}"));
            vec!["www".to_owned(), "ads".to_owned()]
        }

        fn jobs(&self, cluster: &str, role: &str) -> Vec<KnownJob> {
            self.0
                .borrow_mut()
                .push(format!("jobs of {cluster}/{role}"));
            [
                ("prod", "web", 2),
                ("prod", "api", 1),
                ("test", "web", 1_000),
            ]
            .map(|(environment, name, instances)| KnownJob {
                environment: environment.to_owned(),
                name: name.to_owned(),
                instances,
            })
            .into()
        }
    }

    fn complete(value_name: &str, word: &str) -> String {
        candidates(KeyForm::of(value_name).unwrap(), word, &Two::default()).join(" ")
    }

    #[test]
    fn a_key_grows_part_by_part() {
        let complete = |word| complete("CLUSTER/ROLE/ENV/NAME", word);
        assert_eq!(complete(""), "west/ east/");
        assert_eq!(complete("we"), "west/");
        assert_eq!(complete("west/"), "west/www/ west/ads/");
        assert_eq!(complete("west/w"), "west/www/");
        assert_eq!(complete("west/www/"), "west/www/prod/ west/www/test/");
        assert_eq!(
            complete("west/www/prod/"),
            "west/www/prod/web west/www/prod/api"
        );
        assert_eq!(complete("west/www/prod/w"), "west/www/prod/web");
        assert_eq!(complete("west/www/none/"), "");
        assert_eq!(complete("west/www/prod/web/"), "");
        assert_eq!(complete("north"), "");
    }

    #[test]
    fn the_form_says_where_a_key_ends() {
        assert_eq!(complete("CLUSTER", "w"), "west");
        assert_eq!(complete("CLUSTER/ROLE", "west/w"), "west/www");
        let optional = "CLUSTER[/ROLE[/ENV[/NAME]]]";
        assert_eq!(complete(optional, "w"), "west/");
        assert_eq!(complete(optional, "west/www/t"), "west/www/test/");
        assert_eq!(complete(optional, "west/www/test/"), "west/www/test/web");
        assert_eq!(KeyForm::of("FILE"), None);
        assert_eq!(KeyForm::of("NAME=VALUE"), None);
    }

    #[test]
    fn instances_follow_where_the_form_has_them() {
        let needed = |word| complete("CLUSTER/ROLE/ENV/NAME/INSTANCES", word);
        assert_eq!(needed("west/www/prod/w"), "west/www/prod/web/");
        assert_eq!(
            needed("west/www/prod/web/"),
            "west/www/prod/web/0 west/www/prod/web/1"
        );
        assert_eq!(needed("west/www/prod/web/1,"), "");
        assert_eq!(needed("west/www/prod/web/1/"), "");
        let many = needed("west/www/test/web/");
        assert_eq!(many.split(' ').count(), 100);
        let optional = |word| complete("CLUSTER/ROLE/ENV/NAME[/INSTANCES]", word);
        assert_eq!(optional("west/www/prod/w"), "west/www/prod/web");
        assert_eq!(optional("west/www/prod/api/"), "west/www/prod/api/0");
    }

    #[test]
    fn one_question_is_asked_at_most_and_none_for_wildcards() {
        let asked = |word: &str| {
            let known = Two::default();
            let form = KeyForm::of("CLUSTER/ROLE/ENV/NAME/INSTANCES").unwrap();
            candidates(form, word, &known);
            known.0.into_inner().join(", ")
        };
        assert_eq!(asked("we"), "");
        assert_eq!(asked("west/w"), "roles of west");
        assert_eq!(asked("west/www/"), "jobs of west/www");
        assert_eq!(asked("west/www/prod/web/"), "jobs of west/www");
        for silent in [
            "west/*/prod/",
            "*/",
            "/",
            "west//",
            "west/w?/",
            "a/b/c/d/e/",
        ] {
            assert_eq!(asked(silent), "", "{silent}");
        }
    }
}
