//! Clusters that are unknown, unreadable or unusable.

use crate::harness::home;

const TWO: &str = r#"[
  {"name": "west", "scheduler_uri": "http://127.0.0.1:1"},
  {"name": "east", "scheduler_uri": "http://127.0.0.1:1"}
]"#;

#[test]
fn an_unknown_cluster_names_the_known_ones() {
    let home = home().with_clusters(TWO);
    insta::assert_snapshot!(home.show(&["job", "status", "north/www/prod/web"]), @r"
    exit 3
    --- stderr
    Unknown cluster: north

    hint: known clusters: west, east, devcluster
    hint: clusters are read from `[HOME]/etc/clusters.json` and `[HOME]/home/.aurora/clusters.json`
    ");
    insta::assert_snapshot!(home.show(&["job", "list", "we*"]), @r"
    exit 3
    --- stderr
    Unknown cluster: we*

    hint: known clusters: west, east, devcluster
    hint: clusters are read from `[HOME]/etc/clusters.json` and `[HOME]/home/.aurora/clusters.json`
    ");
}

#[test]
fn without_files_only_the_devcluster_exists() {
    insta::assert_snapshot!(home().show(&["job", "open", "west"]), @r"
    exit 3
    --- stderr
    Unknown cluster: west

    hint: known clusters: devcluster
    hint: clusters are read from `[HOME]/etc/clusters.json` and `[HOME]/home/.aurora/clusters.json`
    ");
}

#[test]
fn an_unreadable_file_is_pointed_at() {
    let home = home().with_clusters("[\n  {\"name\": \"west\" \"zk\": \"z\"}\n]");
    insta::assert_snapshot!(home.show(&["job", "list", "west"]), @r"
    exit 3
    --- stderr
    [HOME]/etc/clusters.json:2:18: expected comma
    ");
}

#[test]
fn a_misspelt_property_is_reported_and_one_of_others_is_not() {
    let home = home().with_clusters(
        r#"[{"name": "west", "scheduler_url": "http://127.0.0.1:1", "colour": "red"}]"#,
    );
    insta::assert_snapshot!(home.show(&["job", "list", "west"]), @r"
    exit 3
    --- stderr
     WARN] [HOME]/etc/clusters.json:1:36: unknown property `scheduler_url` of cluster `west` is ignored; did you mean `scheduler_uri`?
    [HOME]/etc/clusters.json:1:2: cluster `west` has neither `zk` nor `scheduler_uri`: set one of them to say where its scheduler is
    ");
}

#[test]
fn help_does_not_need_readable_clusters() {
    let home = home().with_clusters("nonsense");
    assert!(home.show(&["job", "create", "-h"]).starts_with("exit 0\n"));
}

#[test]
fn a_bound_key_is_listed_without_asking_anybody() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "list", "nowhere/any/thing/goes"]), @r"
    exit 0
    --- stdout
    nowhere/any/thing/goes
    ");
}
