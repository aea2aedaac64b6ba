//! A recorded run, as its folder has it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// One folder of `data/cli`.
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) run: Run,
    /// Every exchange with a scheduler, in order; one that happened several times is there once.
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// `scenario.json`. A field that is not known here would be a condition that no test checks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    #[serde(rename = "what")]
    _what: String,
    pub(crate) args: Vec<String>,
    pub(crate) files: Vec<String>,
    pub(crate) exit: i32,
    pub(crate) now: u64,
    pub(crate) clusters: Option<Value>,
    #[serde(default)]
    pub(crate) clusters_files: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) home_files: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) scheduler_listens_after_waits: usize,
    waited_seconds: f64,
    #[serde(default)]
    pub(crate) waits_after_last_rpc: Vec<f64>,
    pub(crate) zookeeper: Option<Vec<Node>>,
    #[serde(default)]
    pub(crate) zookeeper_after_first: Vec<Node>,
    pub(crate) stdout_order: Option<Order>,
    pub(crate) interrupted_at_wait: Option<usize>,
    #[serde(default)]
    pub(crate) opened: Vec<String>,
    #[serde(default)]
    pub(crate) ssh: Vec<Vec<String>>,
    #[serde(default)]
    pub(crate) ssh_prints: String,
    #[serde(default)]
    pub(crate) ssh_exits: i32,
    #[serde(default)]
    pub(crate) stdout_flags: Vec<String>,
    #[serde(default)]
    pub(crate) stdout_verbs: Vec<String>,
    #[serde(default)]
    pub(crate) uncaught: bool,
    pub(crate) documentation_differs: Option<String>,
}

/// How the lines of standard output are to be compared.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    Any,
}

/// A node of ZooKeeper.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Node {
    pub(crate) path: String,
    pub(crate) data: String,
}

/// An entry of `rpcs.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    #[serde(default)]
    pub(crate) waits_before: Vec<f64>,
    /// Nothing for a request that is not a call.
    pub(crate) method: Option<String>,
    #[serde(default)]
    pub(crate) request: Value,
    pub(crate) body: Option<String>,
    pub(crate) response: Option<Value>,
    pub(crate) http_response: Option<HttpResponse>,
    pub(crate) application_exception: Option<ApplicationException>,
    #[serde(default)]
    pub(crate) empty_result: bool,
    pub(crate) transport: Option<String>,
    #[serde(default = "post")]
    pub(crate) verb: String,
    #[serde(default = "api")]
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) host: Option<String>,
    #[serde(default = "once")]
    pub(crate) times: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationException {
    pub(crate) message: String,
    #[serde(rename = "type")]
    pub(crate) kind: i32,
}

fn post() -> String {
    "POST".to_owned()
}

fn api() -> String {
    "/api".to_owned()
}

fn once() -> usize {
    1
}

/// All recorded runs, by name.
pub(crate) fn all() -> Vec<Scenario> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cli");
    let mut scenarios: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.is_dir())
        .map(Scenario::read)
        .collect();
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    scenarios
}

impl Scenario {
    fn read(folder: PathBuf) -> Self {
        let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let run: Run = parse(&folder.join("scenario.json"));
        let exchanges: Vec<Exchange> = parse(&folder.join("rpcs.json"));
        let before = exchanges
            .iter()
            .flat_map(|exchange| std::iter::repeat_n(&exchange.waits_before, exchange.times));
        let waits = before.chain([&run.waits_after_last_rpc]).flatten();
        assert_eq!(waits.sum::<f64>(), run.waited_seconds);
        Self {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            run,
            exchanges,
            stdout: text("stdout.txt"),
            stderr: text("stderr.txt"),
            folder,
        }
    }

    /// Whether the arguments begin with that noun and that verb.
    pub(crate) fn is(&self, noun: &str, verb: &str) -> bool {
        matches!(&self.run.args[..], [first, second, ..] if first == noun && second == verb)
    }

    pub(crate) fn has_argument(&self, argument: &str) -> bool {
        self.run.args.iter().any(|other| other == argument)
    }
}

fn parse<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
