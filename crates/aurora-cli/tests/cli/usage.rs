//! What cannot be understood ends with 2 and says what was expected.

use crate::harness::home;

#[test]
fn the_version_is_an_answer() {
    let shown = home().show(&["--version"]);
    assert_eq!(
        shown,
        format!("exit 0\n--- stdout\naurora {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn unknown_nouns_and_verbs() {
    let home = home();
    insta::assert_snapshot!(home.show(&["jobs"]), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'jobs'

      tip: a similar subcommand exists: 'job'

    Usage: aurora [OPTIONS] [NOUN]

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(home.show(&["job", "frobnicate"]), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'frobnicate'

    Usage: aurora job [OPTIONS] <VERB>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(home.show(&["fleet", "get", "west/www"]), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'fleet'

    Usage: aurora [OPTIONS] [NOUN]

    For more information, try '--help'.
    ");
}

#[test]
fn what_was_meant_is_said_where_it_can_be_known() {
    let home = home();
    insta::assert_snapshot!(home.show(&["create", "west/www/prod/web", "web.aurora"]), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'create'

      tip: did you mean `aurora job create`?

    Usage: aurora [OPTIONS] [NOUN]

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(home.show(&["job", "check"]), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'check'

      tip: did you mean `aurora config check`?

    Usage: aurora job [OPTIONS] <VERB>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(home.show(&["job", "kill", "--strickt", "west/www/prod/web/0"]), @r"
    exit 2
    --- stderr
    error: unexpected argument '--strickt' found

      tip: a similar argument exists: '--strict'

    Usage: aurora job kill --strict <CLUSTER/ROLE/ENV/NAME/INSTANCES> [FILE]

    For more information, try '--help'.
    ");
}

#[test]
fn a_key_that_is_none_is_pointed_at() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "create", "west/www/prod", "web.aurora"]), @r"
    exit 2
    --- stderr
    error: invalid value 'west/www/prod' for '<CLUSTER/ROLE/ENV/NAME>': job name is missing: expected CLUSTER/ROLE/ENV/NAME

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(home.show(&["job", "kill", "west/www/prod/web/5-3"]), @r"
    exit 2
    --- stderr
    error: invalid value 'west/www/prod/web/5-3' for '<CLUSTER/ROLE/ENV/NAME/INSTANCES>': instance range 5-3 runs backwards: write 3-5

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(home.show(&["job", "status", "west/www/prod/web/0"]), @r"
    exit 2
    --- stderr
    error: invalid value 'west/www/prod/web/0' for '<CLUSTER[/ROLE[/ENV[/NAME]]]>': too many parts: expected CLUSTER[/ROLE[/ENV[/NAME]]]

    For more information, try '--help'.
    ");
}

#[test]
fn missing_arguments_and_bad_values() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "create", "west/www/prod/web"]), @r"
    exit 2
    --- stderr
    error: the following required arguments were not provided:
      <FILE>

    Usage: aurora job create <CLUSTER/ROLE/ENV/NAME> <FILE>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(
        home.show(&["job", "create", "--wait-until=LOST", "west/www/prod/web", "web.aurora"]),
        @r"
    exit 2
    --- stderr
    error: invalid value 'LOST' for '--wait-until <STATE>'
      [possible values: PENDING, RUNNING, FINISHED]

    For more information, try '--help'.
    "
    );
    insta::assert_snapshot!(
        home.show(&["job", "killall", "--batch-size", "0", "west/www/prod/web"]),
        @r"
    exit 2
    --- stderr
    error: invalid value '0' for '--batch-size <N>': 0 is not in 1..=4294967295

    For more information, try '--help'.
    "
    );
    insta::assert_snapshot!(
        home.show(&["job", "inspect", "--bind", "9lives=cat", "west/www/prod/web", "web.aurora"]),
        @r"
    exit 2
    --- stderr
    error: invalid value '9lives=cat' for '--bind <NAME=VALUE>': `9lives=cat` is not a binding: write NAME=VALUE, with a name such as `a.b[c]`

    For more information, try '--help'.
    "
    );
}

#[test]
fn a_mode_that_is_none_is_refused_wherever_it_comes_from() {
    let home = home();
    insta::assert_snapshot!(home.show(&["--compat=old", "job", "list", "west"]), @r"
    exit 2
    --- stderr
    error: invalid value 'old' for '--compat <MODE>'
      [possible values: documented, released]

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(
        home.show_with(("AURORA_COMPAT", "old"), &["job", "list", "west/a/b/c"]),
        @r"
    exit 2
    --- stderr
    AURORA_COMPAT: unknown compatibility mode `old`: use `documented` or `released`
    "
    );
}

#[test]
fn a_page_below_nothing_is_refused_as_fatal() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "open", "west//prod"]), @r"
    exit 1
    --- stderr
    FATAL] If env specified, must specify role
    ");
    insta::assert_snapshot!(home.show(&["job", "open", "west/www//web"]), @r"
    exit 1
    --- stderr
    FATAL] If job specified, must specify role and env
    ");
}

#[test]
fn instances_are_needed_to_kill_some() {
    insta::assert_snapshot!(home().show(&["job", "kill", "west/www/prod/web"]), @r"
    exit 6
    --- stderr
    The instances list cannot be omitted in a kill command!; use killall to kill all instances
    ");
}

#[test]
fn a_role_from_an_unset_user_is_explained() {
    let home = home();
    let key = "devcluster//devel/hello";
    let instance = format!("{key}/0");
    for (arguments, meant) in [
        (
            &["job", "create", key, "hello.aurora"][..],
            "devcluster/alice/devel/hello",
        ),
        (&["job", "status", key], "devcluster/alice/devel/hello"),
        (
            &["task", "ssh", &instance],
            "devcluster/alice/devel/hello/0",
        ),
    ] {
        let hint = format!("`$USER` is not set in this shell; write `{meant}`");
        home.run(arguments).ended_with(2).says(&hint);
        let with_user = home.show_with(("USER", "alice"), arguments);
        assert!(!with_user.contains("$USER"), "{with_user}");
    }
}
