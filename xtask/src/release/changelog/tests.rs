use super::*;
use insta::assert_snapshot;
use jiff::civil::date;
use proptest::prelude::*;

const FIRST: &str = "\
# Changelog

The format is that of Keep a Changelog.

## [Unreleased]

### Added

- One thing,
  on two lines.
- Another:

  ```text
  ## no heading
  ```

### Fixed

";

fn stamped(changelog: &str, version: [u64; 3], previous: Option<[u64; 3]>) -> Outcome<String> {
    let [version, previous] =
        [Some(version), previous].map(|it| it.map(|[a, b, c]| Version::new(a, b, c)));
    stamp(
        changelog,
        &Stamp {
            version: &version.unwrap(),
            date: date(2026, 3, 14),
            previous: previous.as_ref(),
            repository: Some("https://example.org/aurora"),
        },
    )
}

#[test]
fn what_is_unreleased_goes_under_the_version_and_kinds_without_entries_go() {
    assert_snapshot!(stamped(FIRST, [0, 1, 0], None).unwrap(), @r"
    # Changelog

    The format is that of Keep a Changelog.

    ## [Unreleased]

    ## [0.1.0] - 2026-03-14

    ### Added

    - One thing,
      on two lines.
    - Another:

      ```text
      ## no heading
      ```

    [Unreleased]: https://example.org/aurora/compare/v0.1.0...HEAD
    [0.1.0]: https://example.org/aurora/releases/tag/v0.1.0
    ");
}

#[test]
fn a_second_candidate_adds_to_the_section_of_the_first() {
    let first = stamped(FIRST, [0, 1, 0], None).unwrap();
    let fixed = first.replace(
        "## [Unreleased]\n",
        "## [Unreleased]\n\n### Fixed\n\n- What the vote found.\n\n### Added\n\n- A third thing.\n",
    );
    assert_snapshot!(stamped(&fixed, [0, 1, 0], None).unwrap(), @r"
    # Changelog

    The format is that of Keep a Changelog.

    ## [Unreleased]

    ## [0.1.0] - 2026-03-14

    ### Added

    - One thing,
      on two lines.
    - Another:

      ```text
      ## no heading
      ```
    - A third thing.

    ### Fixed

    - What the vote found.

    [Unreleased]: https://example.org/aurora/compare/v0.1.0...HEAD
    [0.1.0]: https://example.org/aurora/releases/tag/v0.1.0
    ");
}

#[test]
fn the_next_release_compares_with_the_one_before() {
    let first = stamped(FIRST, [0, 1, 0], None).unwrap();
    let more = first.replace("## [Unreleased]\n", "## [Unreleased]\n\n- No kind.\n");
    assert_snapshot!(stamped(&more, [0, 2, 0], Some([0, 1, 0])).unwrap(), @r"
    # Changelog

    The format is that of Keep a Changelog.

    ## [Unreleased]

    ## [0.2.0] - 2026-03-14

    - No kind.

    ## [0.1.0] - 2026-03-14

    ### Added

    - One thing,
      on two lines.
    - Another:

      ```text
      ## no heading
      ```

    [Unreleased]: https://example.org/aurora/compare/v0.2.0...HEAD
    [0.2.0]: https://example.org/aurora/compare/v0.1.0...v0.2.0
    [0.1.0]: https://example.org/aurora/releases/tag/v0.1.0
    ");
}

#[test]
fn the_links_in_the_file_say_where_the_repository_is() {
    let changelog = format!(
        "{FIRST}\n[other]: x\n[Unreleased]: https://forge.example/-/compare/v1.0.0...HEAD\n"
    );
    let stamped = stamped(&changelog, [1, 0, 1], Some([1, 0, 0])).unwrap();
    let links = stamped
        .lines()
        .skip_while(|line| !line.starts_with("[other]"));
    assert_snapshot!(links.collect::<Vec<_>>().join("\n"), @r"
    [other]: x
    [Unreleased]: https://forge.example/-/compare/v1.0.1...HEAD
    [1.0.1]: https://forge.example/-/compare/v1.0.0...v1.0.1
    ");
}

#[test]
fn without_a_repository_there_are_no_links() {
    let version = Version::new(0, 1, 0);
    let stamp_ = Stamp {
        version: &version,
        date: date(2026, 3, 14),
        previous: None,
        repository: None,
    };
    assert!(!stamp(FIRST, &stamp_).unwrap().contains("]: "));
}

#[test]
fn there_must_be_something_to_release() {
    let empty = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n## [0.1.0] - 2026-01-01\n\n- It.\n";
    assert_snapshot!(stamped(empty, [0, 2, 0], None).unwrap_err(), @"CHANGELOG.md has nothing under *Unreleased*: write down what changed");
    assert_snapshot!(stamped("# Changelog\n", [0, 2, 0], None).unwrap_err(), @"CHANGELOG.md has no heading `## [Unreleased]`: add one over the changes that are new");
}

#[test]
fn the_changes_of_a_version_are_found() {
    let stamped = stamped(FIRST, [0, 1, 0], None).unwrap();
    let changes = |minor| changes(&stamped, &Version::new(0, minor, 0));
    assert_snapshot!(changes(1).unwrap(), @r"
    ### Added

    - One thing,
      on two lines.
    - Another:

      ```text
      ## no heading
      ```
    ");
    assert_eq!(changes(2), None);
}

#[test]
fn the_changelog_of_this_project_can_be_stamped() {
    let path = crate::workspace_root().join("CHANGELOG.md");
    let changelog = std::fs::read_to_string(path).unwrap();
    let entries = |text: &str| text.lines().filter(|it| it.starts_with("- ")).count();
    // An archive of a release has nothing that is unreleased.
    let more = changelog.replacen("## [Unreleased]\n", "## [Unreleased]\n\n- More.\n", 1);
    let stamped = stamped(&more, [77, 0, 0], None).unwrap();
    assert_eq!(entries(&stamped), entries(&changelog) + 1);
    assert!(stamped.contains("\n## [77.0.0] - 2026-03-14\n"));
}

/// Changes in kinds, as people write them: entries of one or two lines.
fn body() -> impl Strategy<Value = Vec<(usize, Vec<String>)>> {
    let entry = "- [a-z]{1,9}(\n  [a-z]{1,9})?";
    prop::collection::vec((0..4usize, prop::collection::vec(entry, 1..4)), 1..5)
}

fn written(body: &[(usize, Vec<String>)]) -> String {
    let kinds = ["Added", "Changed", "Fixed", "Removed"];
    let kinds = body
        .iter()
        .map(|(kind, entries)| format!("### {}\n\n{}\n\n", kinds[*kind], entries.join("\n")));
    kinds.collect()
}

fn sorted_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    let mut lines: Vec<_> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

proptest! {
    #[test]
    fn no_entry_is_lost_by_any_number_of_candidates(bodies in prop::collection::vec(body(), 1..4)) {
        let old = "## [0.1.0] - 2026-01-01\n\n- As it was.\n";
        let mut changelog = format!("# Changelog\n\n## [Unreleased]\n\n{old}");
        let mut all = String::new();
        for body in &bodies {
            let more = written(body);
            all += &more;
            changelog = changelog.replacen("## [Unreleased]\n\n", &format!("## [Unreleased]\n\n{more}"), 1);
            changelog = stamped(&changelog, [0, 2, 0], Some([0, 1, 0])).unwrap();
        }
        let found = changes(&changelog, &Version::new(0, 2, 0)).unwrap();
        prop_assert_eq!(sorted_lines(&found), sorted_lines(&all));
        let kinds = found.matches("### Added").count();
        prop_assert!(kinds <= 1, "one heading a kind");
        prop_assert!(changelog.contains("\n## [Unreleased]\n\n## [0.2.0] - 2026-03-14\n"));
        prop_assert!(changelog.contains(old));
        // Nothing new: nothing moves.
        prop_assert_eq!(stamped(&changelog, [0, 2, 0], Some([0, 1, 0])).unwrap(), changelog);
    }

    #[test]
    fn no_text_stops_the_reader(text in "(## |### |\\[|\\]: |Unreleased|```|0.1.0|\n|[a-z])*") {
        let _ = stamped(&text, [0, 1, 0], None);
        let _ = changes(&text, &Version::new(0, 1, 0));
    }
}
