//! Completion: by the command itself, and in real shells.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use aurora_testkit::command::Run;
use aurora_testkit::{Act, ScriptedScheduler, left_out};

use crate::harness::{Home, home};

/// A scheduler that answers.
fn scheduler() -> ScriptedScheduler {
    ScriptedScheduler::running([
        ("ads/prod/banner", 1),
        ("www/prod/web", 2),
        ("www/test/api", 1),
    ])
}

/// A home whose cluster `west` has that scheduler.
fn home_of(scheduler: &ScriptedScheduler) -> Home {
    home().with_clusters(&format!(
        r#"[{{"name": "west", "scheduler_uri": "{}"}}]"#,
        scheduler.url()
    ))
}

/// What the script of bash receives for the last word of a line, as `exit CODE: CANDIDATES`.
fn asked(home: &Home, line: &str) -> String {
    let words: Vec<_> = line.split(' ').collect();
    let mut command = home.command(&["--"]);
    command
        .args(&words)
        .env("_AURORA_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string())
        .env("_CLAP_IFS", " ");
    let run = Run::of(&mut command).succeeded();
    assert_eq!(run.stderr, "", "{line}");
    run.stdout.clone()
}

fn cache(home: &Home) -> PathBuf {
    home.home().join(".cache/aurora/completion/west.json")
}

/// A slow machine may miss the client's deadline: then the same is asked again, as by an impatient user.
fn eventually(home: &Home, line: &str) -> String {
    let found = (0..50).map(|_| asked(home, line));
    found.into_iter().find(|found| !found.is_empty()).unwrap()
}

#[test]
fn a_key_is_completed_from_clusters_and_their_schedulers() {
    let scheduler = scheduler();
    let home = home_of(&scheduler);
    assert_eq!(asked(&home, "aurora job kill "), "west/ devcluster/");
    assert_eq!(scheduler.requests().len(), 0);
    assert_eq!(
        eventually(&home, "aurora job kill west/"),
        "west/ads/ west/www/"
    );
    assert_eq!(
        eventually(&home, "aurora job kill west/www/"),
        "west/www/prod/ west/www/test/"
    );
    let before = scheduler.requests().len();
    assert_eq!(
        asked(&home, "aurora job kill west/www/prod/"),
        "west/www/prod/web/"
    );
    assert_eq!(
        asked(&home, "aurora job kill west/www/prod/web/"),
        "west/www/prod/web/0 west/www/prod/web/1"
    );
    assert_eq!(
        asked(&home, "aurora job status west/www/prod/"),
        "west/www/prod/web"
    );
    assert_eq!(scheduler.requests().len(), before, "the cache has it all");
    let mode = cache(&home).metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_silent_scheduler_is_given_up_and_its_last_answer_serves() {
    let scheduler = ScriptedScheduler::performing([Act::RawThenSilence(Vec::new())]);
    let home = home_of(&scheduler);
    let begin = Instant::now();
    assert_eq!(asked(&home, "aurora job kill west/"), "");
    // The client's own time-outs are of minutes, and it would try for ten.
    assert!(begin.elapsed() < Duration::from_secs(10), "no deadline");

    let old = format!(
        r#"{{"scheduler":"{}","roles":{{"at":{},"value":["old"]}},"jobs":{{}}}}"#,
        scheduler.url(),
        seconds_since_1970() - 3600
    );
    std::fs::create_dir_all(cache(&home).parent().unwrap()).unwrap();
    std::fs::write(cache(&home), old).unwrap();
    assert_eq!(asked(&home, "aurora job kill west/"), "west/old/");
}

fn seconds_since_1970() -> u64 {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn whatever_fails_is_silent() {
    let refusing = home().with_clusters(
        r#"[{"name": "west", "scheduler_uri": "http://127.0.0.1:1"},
            {"name": "east", "zk": "127.0.0.1:1", "scheduler_zk_path": "/aurora"},
            {"name": "tls", "scheduler_uri": "https://127.0.0.1:1"},
            {"name": "none"}]"#,
    );
    for word in [
        "west/",
        "east/",
        "tls/",
        "none/",
        "unknown/",
        "devcluster/",
        "west/www/",
    ] {
        assert_eq!(asked(&refusing, &format!("aurora job kill {word}")), "");
    }
    assert!(!refusing.devcluster().exists(), "it was started");
    let broken = home().with_clusters("nonsense");
    assert_eq!(asked(&broken, "aurora job kill w"), "");
    assert_eq!(asked(&broken, "aurora job kill --batch-size x w"), "");
    // There is no such word to complete.
    let mut command = broken.command(&["--", "aurora"]);
    let run = Run::of(command.env("_AURORA_COMPLETE", "tcsh")).succeeded();
    assert_eq!(run.stderr, "");
    let mut command = broken.command(&["--", "aurora"]);
    command
        .env("_AURORA_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "7");
    let run = Run::of(&mut command).succeeded();
    assert_eq!((&*run.stdout, &*run.stderr), ("", ""));
}

#[test]
fn passwords_that_others_may_read_are_not_complained_of() {
    let scheduler = scheduler();
    let home = home_of(&scheduler).with_file("../home/.netrc", "machine h login a password b\n");
    let netrc = home.home().join(".netrc");
    std::fs::set_permissions(netrc, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(eventually(&home, "aurora job kill west/a"), "west/ads/");
}

#[test]
fn there_is_a_script_for_every_shell() {
    let home = home();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let shown = home.show(&["completion", shell]);
        assert!(shown.starts_with("exit 0\n--- stdout\n"), "{shown}");
        assert!(shown.contains("_AURORA_COMPLETE"), "{shown}");
        assert!(!shown.contains("--- stderr"), "{shown}");
    }
    insta::assert_snapshot!(home.show(&["completion", "-h"]), @r"
    exit 0
    --- stdout
    Print the completion script for a shell

    Usage: aurora completion [OPTIONS] <SHELL>

    Arguments:
      <SHELL>  The shell that reads the script [possible values: bash, zsh, fish, powershell, elvish]

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      source <(aurora completion bash)   in ~/.bashrc
      source <(aurora completion zsh)    in ~/.zshrc, after compinit
      aurora completion fish | source    in ~/.config/fish/config.fish
      aurora completion powershell | Out-String | Invoke-Expression   in $PROFILE
      eval (aurora completion elvish | slurp)   in ~/.config/elvish/rc.elv

    The script runs the `aurora` on the path to get candidates: verbs, options, clusters, and the roles
    and jobs of schedulers that reply within 100 ms. Replies are cached for a minute in the XDG cache
    folder.
    ");
}

/// What a shell prints for a script; nothing when there is no such shell.
fn in_shell(home: &Home, shell: &str, arguments: &[&str], script: &str) -> Option<String> {
    let bin = PathBuf::from(env!("CARGO_BIN_EXE_aurora"));
    let bin = bin.parent().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path: Vec<_> = std::iter::once(bin.to_owned())
        .chain(std::env::split_paths(&path))
        .collect();
    let program = path.iter().map(|it| it.join(shell)).find(|it| it.is_file());
    if !left_out::unless(program.is_some(), shell, &[shell]) {
        return None;
    }
    // Should a shell wait for a word that never comes.
    let mut command = Command::new("timeout");
    home.prepare(&mut command);
    command
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("TERM", "dumb")
        .args(["--foreground", "120"])
        .arg(program?)
        .args(arguments)
        .arg(script);
    let run = Run::of(&mut command).succeeded();
    assert_eq!(run.stderr, "", "{shell}");
    Some(run.stdout.clone())
}

/// A home in which a role is in the cache, so that no shell depends on the speed of an answer.
fn home_with_a_role() -> (ScriptedScheduler, Home) {
    let scheduler = scheduler();
    let home = home_of(&scheduler).with_file("web.aurora", "");
    eventually(&home, "aurora job kill west/");
    let kept = std::fs::read_to_string(cache(&home)).unwrap();
    // The test may take longer than a minute: it is the last answer that has to serve then.
    assert!(kept.contains("ads"), "{kept}");
    (scheduler, home)
}

#[test]
fn bash_completes_words() {
    let (_scheduler, home) = home_with_a_role();
    let script = r#"
        source <(aurora completion bash)
        complete -p aurora
        shown() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            _clap_complete_aurora aurora "${@: -1}" "${@: -2:1}"
            echo "$*: ${COMPREPLY[*]}"
        }
        shown aurora job k
        shown aurora job kill west/a
        shown aurora job create west/ads/prod/web w
        shown aurora job create --wait-until F
        shown aurora job kill --str
        shown aurora job create --bind version = 1.2 west/a
        shown aurora job kill --config = w
    "#;
    let shown = in_shell(&home, "bash", &["--norc", "-c"], script);
    if let Some(shown) = shown {
        insta::assert_snapshot!(shown, @r"
        complete -o bashdefault -o nosort -o nospace -F _clap_complete_aurora aurora
        aurora job k: kill killall
        aurora job kill west/a: west/ads/
        aurora job create west/ads/prod/web w: web.aurora
        aurora job create --wait-until F: FINISHED
        aurora job kill --str: --strict
        aurora job create --bind version = 1.2 west/a: west/ads/
        aurora job kill --config = w: web.aurora
        ");
    }
}

#[test]
fn fish_completes_words() {
    let (_scheduler, home) = home_with_a_role();
    let script = "
        aurora completion fish | source
        complete -C 'aurora job k'
        complete -C 'aurora job kill west/a'
        complete -C 'aurora job create west/ads/prod/web w'
        complete -C 'aurora job create --wait-until F'
        complete -C 'aurora job kill --str'
    ";
    let shown = in_shell(&home, "fish", &["--no-config", "-c"], script);
    if let Some(shown) = shown {
        insta::assert_snapshot!(shown, @r"
        kill	Kill instances of a job
        killall	Kill all instances of a job
        west/ads/
        web.aurora
        FINISHED
        --strict	Fail if a named instance is not active
        ");
    }
}

#[test]
fn zsh_completes_words() {
    let (_scheduler, home) = home_with_a_role();
    // In a terminal of its own, as there is no completion without a line editor. One key completes, and
    // the next one shows what has become of the line.
    let script = r#"
        zmodload zsh/zpty
        session() {
            zpty shell zsh -f -i
            zpty -w shell 'unsetopt zle_bracketed_paste; PS1=; autoload -Uz compinit'
            zpty -w shell "$1"
            zpty -w shell 'show() { print -r -- "<$BUFFER>"; BUFFER=; }; zle -N show; bindkey "^X" show'
            zpty -w shell 'print REA""DY'
            zpty -r -m shell line '*READY*'
            for line in "${@:2}"; do
                zpty -w -n shell "$line"$'\t\x18'
                zpty -r -m shell answer '*<*>*'
                print -r -- "<${${answer##*<}%%>*}>"
            done
            zpty -d shell
        }
        session 'compinit -u -D; source <(aurora completion zsh)' \
            "aurora job killa" "aurora job kill west/a" "aurora job create west/ads/prod/web w" \
            "aurora job create --wait-until F" "aurora job kill --str"
        aurora completion zsh > _aurora
        session 'fpath=($PWD $fpath); compinit -u -D' "aurora job kill west/a" "aurora job killa"
    "#;
    let shown = in_shell(&home, "zsh", &["-f", "-c"], script);
    if let Some(shown) = shown {
        insta::assert_snapshot!(shown, @r"
        <aurora job killall >
        <aurora job kill west/ads/>
        <aurora job create west/ads/prod/web web.aurora >
        <aurora job create --wait-until FINISHED >
        <aurora job kill --strict >
        <aurora job kill west/ads/>
        <aurora job killall >
        ");
    }
}
