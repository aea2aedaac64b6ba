//! Suggestions for a noun or verb that does not exist, and for a key without a role. Clap itself suggests options, and
//! similar verbs of the same noun.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error};

use crate::environment::Environment;

/// The names of verbs in other clients: the noun if it must match, the word, and the name here.
const OTHER_NAMES: &[(Option<&str>, &str, &str)] = &[
    (Some("config"), "validate", "config check"),
    (Some("cron"), "create", "cron schedule"),
    (Some("cron"), "delete", "cron deschedule"),
    (Some("job"), "delete", "job killall"),
    (Some("job"), "stop", "job killall"),
    (Some("job"), "update", "update start"),
    (Some("update"), "cancel", "update abort"),
    (Some("update"), "status", "update info"),
    (None, "cancel-update", "update abort"),
    (None, "get-quota", "quota get"),
    (None, "list-jobs", "job list"),
    (None, "start-cron", "cron start"),
    (None, "version", "--version"),
];

/// The similarity from which on a verb of another noun is suggested; 1 is the same word.
const SIMILAR: f64 = 0.9;

/// Adds the verbs that the user may have meant to the error of a command line.
pub(crate) fn with_suggestions(
    mut error: Error,
    command: &Command,
    arguments: &[OsString],
) -> Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let noun = noun_before(word, command, arguments);
    let is_guessed = error.get(ContextKind::SuggestedSubcommand).is_some();
    let meant = candidates(
        &word.to_lowercase().replace('_', "-"),
        noun,
        is_guessed,
        command,
    );
    if !meant.is_empty() {
        // A similar word does not help if the word itself is known.
        error.remove(ContextKind::SuggestedSubcommand);
        let tip = format!("did you mean {}?", alternatives(&meant));
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![tip.into()]),
        );
    }
    error
}

/// Adds to the error of a key without a role that `$USER` was probably meant.
pub(crate) fn with_user_hint(mut error: Error, environment: &Environment) -> Error {
    if let Some(ContextValue::String(key)) = error.get(ContextKind::InvalidValue)
        && let Some(tip) = user_hint(key, environment)
    {
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

/// The hint for a key without a role, if that comes from a `$USER` that is not set, as in many containers.
pub(crate) fn user_hint(key: &str, environment: &Environment) -> Option<String> {
    let (cluster, rest) = key.split_once('/')?;
    let lacks_role = !cluster.is_empty() && (rest.is_empty() || rest.starts_with('/'));
    if !lacks_role || environment.get("USER").is_some() {
        return None;
    }
    let user = environment.user().ok()?;
    Some(format!(
        "`$USER` is not set in this shell; write `{cluster}/{user}{rest}`"
    ))
}

fn noun_before<'a>(word: &str, command: &Command, arguments: &'a [OsString]) -> Option<&'a str> {
    arguments
        .iter()
        .skip(1)
        .filter_map(|argument| argument.to_str())
        .take_while(|argument| *argument != word)
        .find(|argument| command.find_subcommand(argument).is_some())
}

/// The verbs that a word may mean, as `NOUN VERB`; similar ones only if clap has suggested nothing (`is_guessed`).
fn candidates(word: &str, noun: Option<&str>, is_guessed: bool, command: &Command) -> Vec<String> {
    let verbs = || {
        let nouns = command.get_subcommands().filter(|noun| !noun.is_hide_set());
        nouns.flat_map(|noun| {
            let verbs = noun.get_subcommands().filter(|verb| !verb.is_hide_set());
            verbs.map(move |verb| {
                (
                    verb.get_name(),
                    format!("{} {}", noun.get_name(), verb.get_name()),
                )
            })
        })
    };
    let exists = |name: &str| name.starts_with('-') || verbs().any(|(_, verb)| verb == name);
    let other_name = OTHER_NAMES
        .iter()
        .find(|(only, old, new)| *old == word && (only.is_none() || *only == noun) && exists(new));
    if let Some((_, _, new)) = other_name {
        return vec![(*new).to_owned()];
    }
    let same: Vec<_> = verbs()
        .filter(|(verb, _)| *verb == word)
        .map(|(_, it)| it)
        .collect();
    if !same.is_empty() || is_guessed {
        return same;
    }
    let likeness = |verb: &str| strsim::jaro_winkler(verb, word);
    let similar = verbs().map(|(verb, whole)| (likeness(verb), whole));
    let similar = similar.filter(|(likeness, _)| *likeness >= SIMILAR);
    let best = similar.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.map(|(_, whole)| whole).into_iter().collect()
}

/// `a`, `b` or `c`, each as a whole command.
fn alternatives(verbs: &[String]) -> String {
    let mut quoted: Vec<_> = verbs
        .iter()
        .map(|verb| format!("`aurora {verb}`"))
        .collect();
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() {
        last
    } else {
        format!("{} or {last}", quoted.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All nouns and verbs that 0.12.0 has, and some of ours.
    fn command() -> Command {
        let nouns = [
            (
                "job",
                "create diff inspect kill killall list open restart status",
            ),
            ("config", "list check"),
            ("cron", "schedule deschedule start show"),
            ("quota", "get"),
            ("task", "run ssh"),
            ("update", "start pause resume abort list info wait"),
        ];
        Command::new("aurora").subcommands(nouns.map(|(noun, verbs)| {
            let verbs = verbs.split(' ').map(Command::new);
            let hidden = Command::new("daemon").hide(true);
            Command::new(noun)
                .subcommand_required(true)
                .subcommands(verbs)
                .subcommand(hidden)
        }))
    }

    /// The tips under the error of a line.
    fn tips(line: &str) -> String {
        let command = command();
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = command
            .clone()
            .try_get_matches_from(&arguments)
            .unwrap_err();
        let text = with_suggestions(error, &command, &arguments).to_string();
        let tips = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("tip: "));
        let tips: Vec<_> = tips.collect();
        match tips[..] {
            [] => "nothing".to_owned(),
            _ => tips.join("; "),
        }
    }

    #[test]
    fn verbs_of_other_nouns_and_of_other_clients_are_found() {
        let lines = [
            "aurora create west/www/prod/web",
            "aurora kill",
            "aurora list",
            "aurora killal west/www/prod/web",
            "aurora cancel_update west/www/prod/web",
            "aurora get_quota",
            "aurora version",
            "aurora job schedule west/www/prod/web",
            "aurora job update west/www/prod/web",
            "aurora job cancel-update west/www/prod/web",
            "aurora job ssh",
            "aurora job start",
            "aurora update cancel west/www/prod/web",
            "aurora update west/www/prod/web",
            "aurora cron Create",
            "aurora cron creat",
            "aurora job creat",
            "aurora jobs",
            "aurora daemon",
            "aurora frobnicate",
        ];
        let shown: Vec<_> = lines
            .iter()
            .map(|line| format!("{line}: {}", tips(line)))
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        aurora create west/www/prod/web: did you mean `aurora job create`?
        aurora kill: did you mean `aurora job kill`?
        aurora list: did you mean `aurora job list`, `aurora config list` or `aurora update list`?
        aurora killal west/www/prod/web: did you mean `aurora job killall`?
        aurora cancel_update west/www/prod/web: did you mean `aurora update abort`?
        aurora get_quota: did you mean `aurora quota get`?
        aurora version: did you mean `aurora --version`?
        aurora job schedule west/www/prod/web: did you mean `aurora cron schedule`?
        aurora job update west/www/prod/web: did you mean `aurora update start`?
        aurora job cancel-update west/www/prod/web: did you mean `aurora update abort`?
        aurora job ssh: did you mean `aurora task ssh`?
        aurora job start: did you mean `aurora cron start` or `aurora update start`?
        aurora update cancel west/www/prod/web: did you mean `aurora update abort`?
        aurora update west/www/prod/web: nothing
        aurora cron Create: did you mean `aurora cron schedule`?
        aurora cron creat: did you mean `aurora job create`?
        aurora job creat: some similar subcommands exist: 'restart', 'create'
        aurora jobs: a similar subcommand exists: 'job'
        aurora daemon: nothing
        aurora frobnicate: nothing
        ");
    }

    #[test]
    fn an_empty_role_is_explained() {
        let tip_with = |key: &str, variables: &[(&str, &str)]| {
            let command = Command::new("aurora").arg(
                clap::Arg::new("key")
                    .value_parser(|text: &str| text.parse::<aurora_jobkey::JobKey>()),
            );
            let error = command.try_get_matches_from(["aurora", key]).unwrap_err();
            let text = with_user_hint(error, &Environment::of(variables)).to_string();
            let tip = text
                .lines()
                .find_map(|line| line.trim().strip_prefix("tip: "));
            tip.map(str::to_owned)
        };
        let tip = |key| tip_with(key, &[("LOGNAME", "alice")]);
        let expected = "`$USER` is not set in this shell; write `devcluster/alice/devel/hello`";
        assert_eq!(tip("devcluster//devel/hello").as_deref(), Some(expected));
        for other in [
            "devcluster/www//hello",
            "//devel/hello",
            "devcluster",
            "devcluster/www",
        ] {
            assert_eq!(tip(other), None, "{other}");
        }
        let variables = [("USER", "alice")];
        assert_eq!(tip_with("devcluster//devel/hello", &variables), None);
    }

    #[test]
    fn nothing_is_suggested_that_does_not_exist() {
        let command = Command::new("aurora")
            .subcommand(Command::new("job").subcommand(Command::new("create")));
        assert_eq!(candidates("update", Some("job"), false, &command), [""; 0]);
        assert_eq!(candidates("create", None, false, &command), ["job create"]);
    }

    #[test]
    fn every_other_name_leads_to_a_verb_that_exists() {
        let command = command();
        for (noun, word, name) in OTHER_NAMES {
            assert_eq!(candidates(word, *noun, true, &command), [*name]);
        }
    }
}
