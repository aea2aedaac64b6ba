//! The shell blocks of the guide and of the READMEs, run as they are shown.
//!
//! Each page has a machine of its own, whose cluster `west` is the development cluster. A line is run unless
//! [`NOT_RUN`] has the reason why not, so the lines of a new block are run without further work.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use aurora_testkit::command::{CheckedRun, Run};
use serde_json::Value;

use crate::harness::Machine;

/// Lines that are not run: their page (`*` for any), how they start, and why not.
const NOT_RUN: &[(&str, &str, &str)] = &[
    ("*", "cargo xtask ", "a test of xtask parses it"),
    (
        "*",
        "cargo install ",
        "it compiles for minutes; a test of xtask checks path and features",
    ),
    (
        "*",
        "cargo add ",
        "it asks a registry; a test of xtask checks names and features",
    ),
    ("docs/releasing.md", "cargo publish ", "it uploads"),
    (
        "docs/releasing.md",
        "git ",
        "the tests of a release run in a repository of their own",
    ),
    (
        "docs/releasing.md",
        "(gpg ",
        "it exports a key of the reader",
    ),
    (
        "docs/getting-started.md",
        "source <(aurora completion zsh)",
        "only zsh can; the tests of completion run it",
    ),
    (
        "docs/getting-started.md",
        "aurora completion fish | source",
        "only fish can; the tests of completion run it",
    ),
];

/// Blocks of text that are not the output of a command: their page, how they start, and their content.
const NO_OUTPUT: &[(&str, &str, &str)] = &[
    ("README.md", "machine ", "a line of .netrc"),
    ("docs/clusters.md", "machine ", "a line of .netrc"),
    ("docs/architecture.md", "    ", "a drawing"),
];

/// Blocks of text that a test of this file compares with what is printed.
const OUTPUTS: &[(&str, &str)] = &[
    ("README.md", "Started the devcluster at "),
    ("docs/jobs.md", "error: Unknown schema attribute "),
];

/// A job of `west` whose tasks run on this machine, for pages that only name its file.
const WEB: &str = "
serve = Process(name = 'serve', cmdline = 'echo VERSION port {{thermos.ports[http]}}; sleep 600')
jobs = [Service(
  cluster = 'west', role = 'www', environment = 'prod', name = 'web', instances = 2,
  update_config = UpdateConfig(watch_secs = 3, batch_size = 2),
  health_check_config = HealthCheckConfig(initial_interval_secs = 1, interval_secs = 1),
  task = SequentialTask(
    processes = [serve], resources = Resources(cpu = 0.1, ram = 16 * MB, disk = 16 * MB)))]
";

/// A fenced block of a page.
struct Block {
    page: String,
    language: String,
    text: String,
}

impl Block {
    fn is_shell(&self) -> bool {
        ["sh", "bash", "shell", "console"].contains(&self.language.as_str())
    }

    /// The command lines, without the prompts of a `console` block.
    fn lines(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines();
        let commands = lines.map(|line| line.strip_prefix("$ ").unwrap_or(line));
        commands.filter(|line| !line.is_empty() && !line.starts_with('#'))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The pages of the guide and the READMEs, relative to the root.
fn pages() -> BTreeSet<String> {
    let mut pages = BTreeSet::from(["README.md".to_owned()]);
    for folder in ["docs", "docs/configuration", "crates"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            // The testkit, which is not published, has no README.
            if folder == "crates" && name != "aurora-testkit" {
                pages.insert(format!("crates/{name}/README.md"));
            } else if name.ends_with(".md") {
                pages.insert(format!("{folder}/{name}"));
            }
        }
    }
    pages
}

fn blocks_of(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence = None;
    for line in text.lines() {
        let content = line.trim_start();
        let depth = line.len() - content.len();
        match (content.strip_prefix("```"), fence) {
            (Some(language), None) => {
                fence = Some(depth);
                blocks.push(Block {
                    page: page.to_owned(),
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => fence = None,
            (None, Some(depth)) => {
                let block = blocks.last_mut().unwrap();
                block.text += line.get(depth..).unwrap_or_default();
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

fn shell_blocks_of(page: &str) -> Vec<Block> {
    let mut blocks = blocks_of(page);
    blocks.retain(Block::is_shell);
    blocks
}

/// The first block of a page in a language.
fn first_block(page: &str, language: &str) -> String {
    let mut blocks = blocks_of(page).into_iter();
    blocks.find(|it| it.language == language).unwrap().text
}

fn is_run(page: &str, line: &str) -> bool {
    let is_meant =
        |it: &&(&str, &str, &str)| (it.0 == "*" || it.0 == page) && line.starts_with(it.1);
    !NOT_RUN.iter().any(|it| is_meant(&it))
}

/// A machine on which the lines of the guide can be typed.
struct Reader {
    machine: Machine,
}

impl Reader {
    fn new() -> Self {
        let machine = Machine::new();
        symlink(root().join("examples"), machine.work().join("examples")).unwrap();
        let programs = machine.work().join("bin");
        fs::create_dir(&programs).unwrap();
        symlink(
            env!("CARGO_BIN_EXE_aurora-under-test"),
            programs.join("aurora"),
        )
        .unwrap();
        for (name, text) in [
            (
                "cargo",
                "[ \"$1 $2\" = 'run --' ] || exit 64\nshift 2\nexec aurora \"$@\"",
            ),
            ("xdg-open", "exit 0"),
            ("ssh", "echo ssh \"$@\""),
        ] {
            let path = programs.join(name);
            fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { machine }
    }

    /// Starts the development cluster, and calls it `west` too.
    fn with_west(self) -> Self {
        self.succeeds("aurora devcluster start");
        let status = self.succeeds("aurora devcluster status -o json");
        let status: Value = serde_json::from_str(&status.stdout).unwrap();
        let west = serde_json::json!([{
            "name": "west", "scheduler_uri": status["url"],
            "slave_root": "/var/lib/mesos", "slave_run_directory": "latest",
        }]);
        self.machine.clusters(&west.to_string());
        self
    }

    fn file(&self, name: &str, text: &str) {
        self.machine.file(name, text);
    }

    /// Types a line. The user is the one whose name `whoami` prints, as for a reader.
    fn types(&self, line: &str) -> Run {
        let mut bash = self.machine.shell("bash");
        let path = std::env::var("PATH").unwrap();
        let programs = self.machine.work().join("bin");
        bash.env("PATH", format!("{}:{path}", programs.display()));
        // A command that follows a log ends when the reader interrupts it, and has succeeded then.
        let limit = if line.contains(" logs -f ") {
            "--preserve-status --signal=INT 3"
        } else {
            "120"
        };
        let script = format!("export USER=$(whoami)\n{line}");
        bash.args([
            "-c",
            &format!("exec timeout {limit} bash -o pipefail -c \"$0\""),
            &script,
        ]);
        Run::of(&mut bash)
    }

    fn succeeds(&self, line: &str) -> CheckedRun {
        let run = self.types(line);
        assert_eq!(run.code, Some(0), "{line}\n{run}");
        run.succeeded()
    }

    /// Types the lines of a block.
    fn follows(&self, block: &Block) {
        for line in block.lines().filter(|line| is_run(&block.page, line)) {
            self.succeeds(line);
        }
    }
}

/// Pages whose lines need files or jobs that a reader has by then; their tests are below.
const WITH_PREPARATION: &[&str] = &[
    "docs/commands.md",
    "docs/configuration/json.md",
    "docs/cron.md",
    "docs/devcluster.md",
    "docs/getting-started.md",
    "docs/jobs.md",
    "docs/moving-over.md",
    "docs/updates.md",
];

#[test]
fn every_other_page_can_be_followed() {
    let mut count = 0;
    for page in pages() {
        if WITH_PREPARATION.contains(&page.as_str()) {
            continue;
        }
        let blocks = shell_blocks_of(&page);
        if blocks
            .iter()
            .all(|block| block.lines().all(|line| !is_run(&page, line)))
        {
            continue;
        }
        let reader = Reader::new();
        for block in blocks {
            reader.follows(&block);
        }
        count += 1;
    }
    // The README of the project and that of the command.
    assert!(count >= 2, "{count}");
}

#[test]
fn the_first_job_of_the_guide_can_be_followed() {
    let page = "docs/getting-started.md";
    let reader = Reader::new();
    let file = first_block(page, "python");
    reader.file("hello.aurora", &file);
    let mut has_changed = false;
    for block in shell_blocks_of(page) {
        if block.text.starts_with("aurora job diff ") {
            // The change that the page asks for, and less patience than a reader has.
            let changed = file.replace("greeting = 'hello'", "greeting = 'good day'");
            has_changed = changed != file;
            let patience = "instances = 2, \
                health_check_config = HealthCheckConfig(initial_interval_secs = 1, interval_secs = 1), \
                update_config = UpdateConfig(watch_secs = 3),";
            reader.file("hello.aurora", &changed.replace("instances = 2,", patience));
        }
        reader.follows(&block);
    }
    assert!(has_changed);
}

#[test]
fn the_development_cluster_can_be_used_as_the_guide_shows() {
    let reader = Reader::new();
    let key = "devcluster/$(whoami)/test/web";
    reader.succeeds(&format!(
        "aurora job create {key} examples/web_service.aurora --wait-until=RUNNING"
    ));
    for block in shell_blocks_of("docs/devcluster.md") {
        reader.follows(&block);
    }
}

#[test]
fn a_job_file_can_be_checked_as_the_guide_shows() {
    let page = "docs/jobs.md";
    let reader = Reader::new();
    reader.file("web.aurora", &first_block(page, "python"));
    for block in shell_blocks_of(page) {
        reader.follows(&block);
    }
    let shown = first_block(page, "text");
    let source = shown
        .lines()
        .find_map(|line| line.strip_prefix("1 | "))
        .unwrap();
    reader.file("web.aurora", source);
    let run = reader.types("aurora config check web.aurora");
    assert!(run.stderr.contains(&shown), "{run}\n--- shown\n{shown}");
}

#[test]
fn a_job_in_json_can_be_created_as_the_guide_shows() {
    let page = "docs/configuration/json.md";
    let reader = Reader::new();
    reader.file("web.json", &first_block(page, "json"));
    for block in shell_blocks_of(page) {
        reader.follows(&block);
    }
}

#[test]
fn a_cron_job_can_be_used_as_the_guide_shows() {
    let page = "docs/cron.md";
    let reader = Reader::new().with_west();
    reader.file("nightly.aurora", &first_block(page, "python"));
    for block in shell_blocks_of(page) {
        reader.follows(&block);
    }
}

#[test]
fn an_update_proceeds_as_the_guide_shows() {
    let reader = Reader::new().with_west();
    reader.file("web.aurora", &WEB.replace("VERSION", "old"));
    reader.succeeds("aurora job create west/www/prod/web web.aurora --wait-until=RUNNING");
    reader.file("web.aurora", &WEB.replace("VERSION", "new"));
    let renamed = WEB
        .replace("VERSION", "pulsed")
        .replace("'web'", "'webapp'");
    reader.file("webapp.aurora", &renamed);
    for block in shell_blocks_of("docs/updates.md") {
        if block.text.starts_with("aurora update pulse ") {
            let pulsed = WEB.replace("VERSION", "pulsed");
            let pulsed = pulsed.replace("watch_secs", "pulse_interval_secs = 60, watch_secs");
            reader.file("web.aurora", &pulsed);
            reader.succeeds("aurora update start west/www/prod/web web.aurora");
        }
        reader.follows(&block);
    }
}

#[test]
fn hosts_and_jobs_of_the_old_client_can_be_reached_as_the_guide_shows() {
    let reader = Reader::new().with_west();
    // The page runs a command on ten instances.
    reader.file(
        "web.aurora",
        &WEB.replace("instances = 2", "instances = 10"),
    );
    reader.succeeds("aurora job create west/www/prod/web web.aurora --wait-until=RUNNING");
    for page in ["docs/commands.md", "docs/moving-over.md"] {
        for block in shell_blocks_of(page) {
            reader.follows(&block);
        }
    }
}

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let reader = Reader::new();
    let block = &shell_blocks_of("README.md")[0];
    let line = block.lines().next().unwrap();
    let run = reader.succeeds(&format!("{line} 2>&1"));
    let user = Run::of(&mut Command::new("whoami")).stdout;
    let port_and_user = |text: &str| {
        let text = text.replace(&format!("/{}/", user.trim()), "/tester/");
        let parts: Vec<_> = text.split("127.0.0.1:").collect();
        let rest = parts[1..]
            .iter()
            .map(|it| it.trim_start_matches(|it: char| it.is_ascii_digit()));
        let rest: Vec<_> = rest.map(|it| format!("127.0.0.1:[PORT]{it}")).collect();
        format!("{}{}", parts[0], rest.concat()).replace(&format!(" {}/", user.trim()), " tester/")
    };
    let shown = first_block("README.md", "text");
    assert_eq!(port_and_user(&run.stdout), port_and_user(&shown));
}

#[test]
fn every_exception_and_every_block_of_text_is_known() {
    let (mut lines, mut texts) = (Vec::new(), Vec::new());
    for page in pages() {
        for block in blocks_of(&page) {
            if block.is_shell() {
                lines.extend(block.lines().map(|line| (page.clone(), line.to_owned())));
            } else if ["text", ""].contains(&block.language.as_str()) {
                texts.push((page.clone(), block.text));
            }
        }
    }
    for (page, start, _) in NOT_RUN {
        let is_used =
            |it: &(String, String)| (*page == "*" || it.0 == *page) && it.1.starts_with(start);
        assert!(
            lines.iter().any(is_used),
            "no line of {page} starts with `{start}`"
        );
    }
    let starts = NO_OUTPUT
        .iter()
        .map(|it| (it.0, it.1))
        .chain(OUTPUTS.iter().copied());
    let starts: Vec<_> = starts.collect();
    for (page, text) in &texts {
        let is_known = starts
            .iter()
            .any(|it| it.0 == page && text.starts_with(it.1));
        assert!(
            is_known,
            "{page}: compare this output, or name what it is:\n{text}"
        );
    }
    assert_eq!(texts.len(), starts.len());
}
