//! Files as people write them, and what is said about them.

#![expect(clippy::unwrap_used, reason = "in the helpers of tests, too")]

use std::fs;
use std::path::{Path, PathBuf};

use aurora_cluster::{AuthMechanism, Cluster, Clusters, Error, SchedulerAddress, Warning};
use aurora_compat::Compat;
use insta::assert_snapshot;
use proptest::prelude::*;

fn read(text: &str) -> Clusters {
    try_read(text).unwrap()
}

fn try_read(text: &str) -> Result<Clusters, Error> {
    let mut clusters = Clusters::new();
    clusters.merge(Path::new("clusters.json"), text)?;
    Ok(clusters)
}

fn refusal(text: &str) -> String {
    try_read(text).unwrap_err().to_string()
}

fn warnings(clusters: &Clusters) -> String {
    let texts: Vec<_> = clusters.warnings().map(Warning::to_string).collect();
    texts.join("\n")
}

#[test]
fn all_properties() {
    let clusters = read(
        r#"[{
            "name": "west",
            "slave_root": "/var/lib/mesos",
            "slave_run_directory": "latest",
            "zk": "zk1,zk2",
            "zk_port": 2182,
            "scheduler_zk_path": "/aurora/scheduler",
            "scheduler_uri": "http://h:8081",
            "proxy_url": "http://proxy",
            "auth_mechanism": "KERBEROS",
            "ca_file": "/etc/aurora/ca.pem",
            "compat": "released"
        }]"#,
    );
    let west = clusters.get("west").unwrap();
    assert_eq!(west.name, "west");
    assert_eq!(west.slave_root.as_deref(), Some("/var/lib/mesos"));
    assert_eq!(west.slave_run_directory.as_deref(), Some("latest"));
    assert_eq!(west.zk.as_deref(), Some("zk1,zk2"));
    assert_eq!(west.zk_port, 2182);
    assert_eq!(west.scheduler_zk_path.as_deref(), Some("/aurora/scheduler"));
    assert_eq!(west.scheduler_uri.as_deref(), Some("http://h:8081"));
    assert_eq!(west.proxy_url.as_deref(), Some("http://proxy"));
    assert_eq!(west.auth_mechanism, AuthMechanism::Kerberos);
    let ca_file = Path::new("/etc/aurora/ca.pem");
    assert_eq!(west.ca_file.as_deref(), Some(ca_file));
    assert_eq!(west.compat, Compat::Released);
    assert_eq!(warnings(&clusters), "");
    assert_snapshot!(west.location().unwrap(), @"clusters.json:1:2");
    assert_snapshot!(west.property_location("zk_port").unwrap(), @"clusters.json:6:24");
}

#[test]
fn documented_defaults() {
    let clusters = read(r#"[{"name": "west"}]"#);
    let west = clusters.get("west").unwrap();
    assert_eq!(west.zk_port, 2181);
    assert_eq!(west.auth_mechanism, AuthMechanism::Unauthenticated);
    assert_eq!(west.ca_file, None);
    assert_eq!(west.compat, Compat::Documented);
    for unset in [
        &west.slave_root,
        &west.slave_run_directory,
        &west.zk,
        &west.scheduler_zk_path,
        &west.scheduler_uri,
        &west.proxy_url,
    ] {
        assert_eq!(*unset, None);
    }
}

#[test]
fn authorities_are_looked_for_beside_the_file_that_names_them() {
    for (file, value, expected) in [
        (
            "/etc/aurora/clusters.json",
            "ca.pem",
            Some("/etc/aurora/ca.pem"),
        ),
        ("conf/clusters.json", "../ca.pem", Some("conf/../ca.pem")),
        ("clusters.json", "ca.pem", Some("ca.pem")),
        (
            "/etc/aurora/clusters.json",
            "/opt/ca.pem",
            Some("/opt/ca.pem"),
        ),
        ("/etc/aurora/clusters.json", "", None),
    ] {
        let mut clusters = Clusters::new();
        let text = format!(r#"[{{"name": "west", "ca_file": "{value}"}}]"#);
        clusters.merge(Path::new(file), &text).unwrap();
        let found = &clusters.get("west").unwrap().ca_file;
        assert_eq!(found.as_deref(), expected.map(Path::new), "{file} {value}");
    }
    let error = read(r#"[{"name": "west", "ca_file": true}]"#);
    let error = error.get("west").unwrap_err();
    assert_snapshot!(error, @"clusters.json:1:30: `ca_file` of cluster `west` must be text, found a boolean");
}

#[test]
fn the_documented_samples() {
    let direct =
        read("[{\n \"name\": \"example\",\n \"scheduler_uri\": \"localhost:55555\",\n}]\n");
    let address = direct.get("example").unwrap().scheduler_address().unwrap();
    assert!(matches!(address, SchedulerAddress::Direct(url) if url.host() == "localhost"));

    let elected = read(
        r#"[{ "name": "example", "zk": "192.168.33.7", "scheduler_zk_path": "/aurora/scheduler" }]"#,
    );
    let address = elected.get("example").unwrap().scheduler_address().unwrap();
    let SchedulerAddress::ZooKeeper(zookeeper) = address else {
        panic!("zk is set");
    };
    assert_eq!(zookeeper.connect_string(), "192.168.33.7:2181");
}

#[test]
fn both_layouts() {
    let list = read(r#"[{"name": "west"}, {"name": "east"}]"#);
    assert_eq!(list.names().collect::<Vec<_>>(), ["west", "east"]);
    let object = read(r#"{"x": {"name": "west"}, "y": {"name": "east"}}"#);
    assert_eq!(object.names().collect::<Vec<_>>(), ["west", "east"]);
    assert!(read("[]").is_empty());
    assert!(read("{}").is_empty());
}

#[test]
fn comments_trailing_commas_and_a_byte_order_mark() {
    let clusters = read(
        "\u{feff}// all of them\n[ /* one */ {\"name\": \"west\", \"zk\": \"//no comment\",}, ]\n",
    );
    assert_eq!(
        clusters.get("west").unwrap().zk.as_deref(),
        Some("//no comment")
    );
}

#[test]
fn the_later_entry_counts_whole() {
    let mut clusters = read(
        r#"[{"name": "west", "zk": "zk1", "proxy": 1}, {"name": "east"},
            {"name": "west", "scheduler_uri": "http://a"}]"#,
    );
    let west = clusters.get("west").unwrap();
    assert_eq!(west.zk, None);
    assert_eq!(west.scheduler_uri.as_deref(), Some("http://a"));
    // What was wrong with the replaced entry matters no more.
    assert_eq!(warnings(&clusters), "");

    clusters
        .merge(
            Path::new("later.json"),
            r#"[{"name": "west", "zk": "zk9"}]"#,
        )
        .unwrap();
    let west = clusters.get("west").unwrap();
    assert_eq!(west.scheduler_uri, None);
    assert_eq!(clusters.names().collect::<Vec<_>>(), ["west", "east"]);
    assert_snapshot!(west.location().unwrap(), @"later.json:1:2");

    let replaced = clusters.insert(Cluster::direct("west", "http://b"));
    assert_eq!(replaced.unwrap().zk.as_deref(), Some("zk9"));
    assert!(
        clusters
            .insert(Cluster::direct("new", "http://c"))
            .is_none()
    );
    assert_eq!(clusters.len(), 3);
    assert_eq!(clusters.iter().count(), 3);
}

#[test]
fn numbers_are_read_as_text_and_text_as_numbers() {
    let clusters = read(
        r#"[{"name": 7, "zk": 10, "scheduler_zk_path": 1.50, "zk_port": "2182"},
            {"name": "a", "zk_port": 1.5}, {"name": "b", "zk_port": " 99.9 "}, {"name": "c", "zk_port": 2e3}]"#,
    );
    let seven = clusters.get("7").unwrap();
    assert_eq!(seven.zk.as_deref(), Some("10"));
    assert_eq!(seven.scheduler_zk_path.as_deref(), Some("1.5"));
    assert_eq!(seven.zk_port, 2182);
    for (name, port) in [("a", 1), ("b", 99), ("c", 2000)] {
        assert_eq!(clusters.get(name).unwrap().zk_port, port, "{name}");
    }
}

#[test]
fn a_bad_cluster_does_not_affect_the_others() {
    let clusters = read(
        r#"[
  {"name": "west", "zk_port": "many"},
  {"name": "east", "zk": null},
  {"name": "north", "scheduler_uri": ["a"]},
  {"name": "south", "zk_port": 70000},
  {"name": "up", "compat": "0.12.0"},
  {"name": "down", "auth_mechanism": true},
  {"name": "port", "zk_port": "inf"},
  {"name": "good"}
]"#,
    );
    let errors: Vec<_> = clusters
        .names()
        .filter_map(|name| clusters.get(name).err())
        .map(|error| error.to_string())
        .collect();
    assert_snapshot!(errors.join("\n"), @r#"
    clusters.json:2:31: `zk_port` of cluster `west` must be a whole number, found the text "many"
    clusters.json:3:26: `zk` of cluster `east` must be text, found null
    clusters.json:4:38: `scheduler_uri` of cluster `north` must be text, found a list
    clusters.json:5:32: `zk_port` of cluster `south` cannot be `70000`: a port is a number from 1 to 65535
    clusters.json:6:28: `compat` of cluster `up` cannot be `0.12.0`: it must be `documented` or `released`
    clusters.json:7:38: `auth_mechanism` of cluster `down` must be text, found a boolean
    clusters.json:8:31: `zk_port` of cluster `port` must be a whole number, found the text "inf"
    "#);
    assert_eq!(clusters.iter().count(), 1);
    assert_eq!(clusters.warnings().count(), 7);
    assert!(clusters.contains("west"));
    assert!(clusters.warnings().all(|warning| {
        warning.location().is_some()
            && warning
                .to_string()
                .ends_with("; the cluster cannot be used")
    }));
}

#[test]
fn sandbox_properties_are_required_where_they_are_needed() {
    let clusters = read(
        r#"[{"name": "west", "scheduler_uri": "http://h", "slave_root": null, "slave_run_directory": "latest"},
            {"name": "east"}]"#,
    );
    let west = clusters.get("west").unwrap();
    assert!(west.scheduler_address().is_ok());
    assert_snapshot!(west.sandbox_root().unwrap_err(), @"clusters.json:1:62: `slave_root` of cluster `west` must be text, found null");
    assert_snapshot!(warnings(&clusters), @"clusters.json:1:62: `slave_root` of cluster `west` must be text, found null; the property is ignored");
    let east = clusters.get("east").unwrap();
    assert_snapshot!(east.sandbox_root().unwrap_err(), @"clusters.json:2:13: cluster `east` has no `slave_root`, which is needed to find the sandboxes of tasks");
    assert_snapshot!(east.scheduler_address().unwrap_err(), @"clusters.json:2:13: cluster `east` has neither `zk` nor `scheduler_uri`: set one of them to say where its scheduler is");
}

#[test]
fn errors_name_the_place_of_the_value() {
    let clusters = read(
        "[{\"name\": \"west\",\n  \"scheduler_uri\": \"ftp://h\",\n  \"auth_mechanism\": \"kerberos\"}]",
    );
    let west = clusters.get("west").unwrap();
    assert_snapshot!(west.scheduler_address().unwrap_err(), @"clusters.json:2:20: `scheduler_uri` of cluster `west` cannot be `ftp://h`: its scheme must be `http` or `https`");
    assert_snapshot!(west.auth().unwrap_err(), @"clusters.json:3:21: cluster `west` has the unknown `auth_mechanism` `kerberos`: use one of `UNAUTHENTICATED`, `BASIC`, `KERBEROS`");
}

#[test]
fn unnamed_entries_and_unknown_properties_are_reported() {
    let clusters = read(
        r#"[
  {"scheduler_uri": "http://h"},
  {"name": null},
  {"name": "west", "scheduler_url": "http://h", "region": {"a": [1, 2.5, "x"]}}
]"#,
    );
    assert_snapshot!(warnings(&clusters), @r"
    clusters.json:2:3: this cluster has no `name` and is ignored
    clusters.json:3:3: this cluster has no `name` and is ignored
    clusters.json:4:37: unknown property `scheduler_url` of cluster `west` is ignored; did you mean `scheduler_uri`?
    clusters.json:4:59: unknown property `region` of cluster `west` is ignored
    ");
    let west = clusters.get("west").unwrap();
    assert_eq!(west.unknown["region"].to_string(), r#"{"a":[1,2.5,"x"]}"#);
    assert_eq!(west.unknown["scheduler_url"], "http://h");
}

#[test]
fn what_is_not_json() {
    assert_snapshot!(refusal("{\"name\": "), @"clusters.json:1:10: expected value after colon in object property");
    assert_snapshot!(refusal(""), @"clusters.json:1:1: the file is empty: write `[]` for no clusters");
    assert_snapshot!(refusal("// nothing\n"), @"clusters.json:2:1: the file is empty: write `[]` for no clusters");
    assert_snapshot!(refusal("[{\"name\": \"west\"\n  \"zk\": \"zk1\"}]"), @"clusters.json:1:17: expected comma");
    assert_snapshot!(refusal("[{\"name\": 'west'}]"), @"clusters.json:1:11: single-quoted strings are not allowed");
    assert_snapshot!(refusal("[{\"name\": \"west\"}"), @"clusters.json:1:1: unterminated array");
    assert_snapshot!(refusal("[{name: \"west\"}]"), @"clusters.json:1:3: expected string for object property");
}

#[test]
fn other_layouts_are_refused() {
    assert_snapshot!(refusal("\"west\""), @"clusters.json:1:1: expected a list of clusters, or an object with clusters as its values, found text");
    assert_snapshot!(refusal("[\n  \"west\"]"), @"clusters.json:2:3: a cluster must be an object of properties, found text");
    assert_snapshot!(refusal("{\"name\": \"west\"}"), @"clusters.json:1:10: a cluster must be an object of properties, found text; if the file is one cluster, put `[` and `]` around it");
}

#[test]
fn a_refused_file_merges_nothing() {
    let mut clusters = read(r#"[{"name": "west"}]"#);
    let refused = clusters.merge(Path::new("b.json"), r#"[{"name": "east"}, 7]"#);
    assert!(matches!(refused, Err(Error::Entry { .. })));
    assert_eq!(clusters.names().collect::<Vec<_>>(), ["west"]);
}

#[test]
fn files_are_read_in_order_and_missing_ones_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let system = file(
        "system.json",
        br#"[{"name": "west", "zk": "a"}, {"name": "east"}]"#,
    );
    let user = file("user.json", br#"{"any": {"name": "west", "zk": "b"}}"#);
    let missing = folder.path().join("missing.json");
    let behind_a_file = user.join("clusters.json");

    let clusters =
        Clusters::load(&[system.clone(), missing.clone(), behind_a_file, user.clone()]).unwrap();
    assert_eq!(clusters.get("west").unwrap().zk.as_deref(), Some("b"));
    assert_eq!(clusters.len(), 2);
    let unknown = clusters.get("north").unwrap_err();
    assert_snapshot!(unknown, @"unknown cluster `north`: the known clusters are `west`, `east`");

    let none = Clusters::load(&[
        PathBuf::from("/nowhere/a.json"),
        PathBuf::from("/nowhere/b.json"),
    ]);
    assert_snapshot!(none.unwrap().get("west").unwrap_err(), @"unknown cluster `west`: no cluster is defined in /nowhere/a.json or /nowhere/b.json");
    assert_snapshot!(Clusters::new().get("west").unwrap_err(), @"unknown cluster `west`: no cluster is defined");

    let folder_as_file = Clusters::load(&[folder.path().to_owned()]).unwrap_err();
    assert!(matches!(folder_as_file, Error::Read { .. }));
    assert!(std::error::Error::source(&folder_as_file).is_some());

    let latin = file("latin.json", b"[\n{\"name\": \"caf\xe9\"}]");
    let error = Clusters::load(&[latin]).unwrap_err();
    assert_eq!(error.location().unwrap().line, 2);
    assert_eq!(error.location().unwrap().column, 14);
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = try_read(&text);
    }

    /// Close enough to JSON that the reader gets past the first token.
    #[test]
    fn no_text_of_json_tokens_panics(
        tokens in prop::collection::vec(
            prop::sample::select(vec![
                "[", "]", "{", "}", ":", ",", "\"name\"", "\"zk\"", "\"zk_port\"", "\"compat\"", "1", "-1.5e9",
                "1e999", "null", "true", "\"é\\u00e9\"", "// c\n", "/* c */", "/*", "\"", "'", "\\", " ", "\u{2028}",
                "\"\\ud800\"", "+", ".", "0x", "-",
            ]),
            0..40,
        ),
    ) {
        let _ = try_read(&tokens.concat());
    }

    #[test]
    fn no_value_panics_anywhere(
        property in prop::sample::select(vec![
            "name", "slave_root", "slave_run_directory", "zk", "zk_port", "scheduler_zk_path", "scheduler_uri",
            "proxy_url", "auth_mechanism", "ca_file", "compat", "other",
        ]),
        value in prop_oneof![
            any::<String>().prop_map(serde_json::Value::from),
            "[a-z0-9:/\\[\\]@.?#,]{0,20}".prop_map(serde_json::Value::from),
            any::<f64>().prop_map(serde_json::Value::from),
            any::<i64>().prop_map(serde_json::Value::from),
            Just(serde_json::Value::Null),
            Just(serde_json::json!([{}])),
        ],
        compat in prop::sample::select(&Compat::ALL[..]),
    ) {
        let mut entry = serde_json::json!({"name": "west", "scheduler_zk_path": "/a"});
        entry[property] = value;
        let clusters = try_read(&serde_json::json!([entry]).to_string()).unwrap();
        for cluster in clusters.iter() {
            let cluster = cluster.clone().with_compat(compat);
            let _ = cluster.auth();
            let _ = cluster.sandbox_root().map(|root| root.task("t"));
            if let Ok(SchedulerAddress::Direct(url)) = cluster.scheduler_address() {
                prop_assert!(url.join("api").ends_with("/api"));
                let _ = cluster.proxy();
            }
        }
        prop_assert!(clusters.len() + clusters.warnings().count() > 0);
    }
}
