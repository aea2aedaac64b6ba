//! Hooks of configurations: found, run, and telling how they fail.

use std::sync::{Arc, Mutex};

use aurora_compat::Compat;
use aurora_jobkey::JobKey;
use serde_json::json;

use super::files::Files;
use crate::{
    Configuration, Error, HookConfig, HookEvent, HookValue, HookedCall, LoadOptions, OutputSink,
};

const JOBS: &str = "jobs = [Job(name = 'web', role = 'www', cluster = 'west', environment = 'prod',
    instances = 3, enable_hooks = True, constraints = {'dedicated': 'www/web'},
    task = SimpleTask('web', 'serve {{thermos.ports[http]}}'))]
";

struct Loaded {
    configuration: Configuration,
    printed: Arc<Mutex<String>>,
}

impl Loaded {
    fn new(hooks: &str, compat: Compat) -> Self {
        let printed = Arc::new(Mutex::new(String::new()));
        let sink = printed.clone();
        let options = LoadOptions {
            compat,
            output: Some(OutputSink::new(move |_, bytes| {
                sink.lock()
                    .unwrap()
                    .push_str(std::str::from_utf8(bytes).unwrap());
            })),
            ..LoadOptions::default()
        };
        let files = Files::new(&[("web.aurora", &format!("{hooks}{JOBS}"))]);
        Self {
            configuration: files.load(&options).unwrap(),
            printed,
        }
    }

    fn config(&self) -> HookConfig {
        HookConfig::new(self.configuration.job(&key()).unwrap(), "alice")
    }

    /// The answers of all hooks, and what they printed.
    fn run(&self, event: &HookEvent, call: &HookedCall) -> (Vec<Result<bool, Error>>, String) {
        let hooks = self.configuration.hooks().iter();
        let answers = hooks.map(|hook| hook.run(event, call)).collect();
        (answers, std::mem::take(&mut *self.printed.lock().unwrap()))
    }

    fn only(&self, event: &HookEvent, call: &HookedCall) -> (bool, String) {
        let (mut answers, printed) = self.run(event, call);
        (answers.pop().unwrap().unwrap(), printed)
    }
}

fn key() -> JobKey {
    "west/www/prod/web".parse().unwrap()
}

fn kill() -> HookedCall {
    HookedCall::kill_job(key(), Some(&[0, 2]), None)
}

#[test]
fn the_method_of_the_event_comes_before_the_generic_one() {
    let loaded = Loaded::new(
        "
class Both(object):
  def pre_kill_job(self, *args, **kw):
    print('own %s %s %s' % (args[0], sorted(kw), kw['instances']))
    return True
  def generic_hook(self, hook_config, event, method_name, result_or_err, args, kw):
    print('generic %s %s %s %s %s %s' % (
      hook_config.job_key, event, method_name, result_or_err.responseCode, len(args), sorted(kw)))
class Neither: pass
hooks = [Both(), Neither()]
",
        Compat::Released,
    );
    let names: Vec<_> = loaded
        .configuration
        .hooks()
        .iter()
        .map(|hook| hook.class_name())
        .collect();
    assert_eq!(names[0], "Both");
    let (answers, printed) = loaded.run(&HookEvent::Pre, &kill());
    assert!(answers.into_iter().all(Result::unwrap));
    assert_eq!(
        printed,
        "own west/www/prod/web ['config', 'instances', 'lock'] [0, 2]\n"
    );

    let response = HookValue::record("Response", &json!({"responseCode": 1}));
    let (answers, printed) = loaded.run(&HookEvent::Post(response), &kill());
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, [false, true], "None is no");
    assert_eq!(
        printed,
        "generic west/www/prod/web post kill_job 1 1 ['config', 'instances', 'lock']\n"
    );
}

#[test]
fn a_hook_says_which_method_answers() {
    let loaded = Loaded::new(
        "
class Both(object):
  def pre_kill_job(self, *args, **kw): return True
  def generic_hook(self, *args): return True
class Neither: pass
class Sly(object):
  @property
  def pre_kill_job(self): raise ValueError('not yet')
hooks = [Both(), Neither(), Sly()]
",
        Compat::Documented,
    );
    let [both, neither, sly] = loaded.configuration.hooks() else {
        panic!("three hooks");
    };
    let method = |hook: &crate::Hook, event: &HookEvent| {
        let run = hook.start(event, &kill()).unwrap();
        let method = run.method().map(str::to_owned);
        (method, run.wait().map_err(|error| error.to_string()))
    };
    let named = |name: &str| (Some(name.to_owned()), Ok(true));
    assert_eq!(method(both, &HookEvent::Pre), named("pre_kill_job"));
    let post = HookEvent::Post(HookValue::None);
    assert_eq!(method(both, &post), named("generic_hook"));
    assert_eq!(method(neither, &post), (None, Ok(true)));
    assert_eq!(
        method(sly, &HookEvent::Pre),
        (None, Err("not yet".to_owned()))
    );
}

#[test]
fn methods_with_documented_signatures_get_what_they_name() {
    let hooks = "
class Confirmer(object):
  def pre_kill_job(self, job_key, shards=None):
    print('%s %s' % (job_key, shards))
    return True
  def post_kill_job(self, result, config, job_key):
    print('%s %s %s' % (result.responseCode, job_key, config))
  def pre_create_job(self, config):
    print(config.job_key())
    return True
  def pre_restart(self, where, shards, *more):
    print('%s %s %s' % (where, shards, len(more)))
    return True
hooks = [Confirmer()]
";
    let loaded = Loaded::new(hooks, Compat::Documented);
    let yes = |event: &HookEvent, call: &HookedCall| loaded.only(event, call);
    assert_eq!(
        yes(&HookEvent::Pre, &kill()),
        (true, "west/www/prod/web [0, 2]\n".to_owned())
    );
    let response = HookEvent::Post(HookValue::record("Response", &json!({"responseCode": 1})));
    assert_eq!(
        yes(&response, &kill()),
        (false, "1 west/www/prod/web None\n".to_owned())
    );
    let create = HookedCall::create_job(key(), loaded.config());
    assert_eq!(
        yes(&HookEvent::Pre, &create),
        (true, "west/www/prod/web\n".to_owned())
    );
    let restart = HookedCall::restart(key(), Some(&[1]), HookValue::None, None);
    assert_eq!(
        yes(&HookEvent::Pre, &restart),
        (true, "west/www/prod/web [1] 1\n".to_owned())
    );

    let released = Loaded::new(hooks, Compat::Released);
    let (mut answers, _) = released.run(&HookEvent::Pre, &kill());
    let error = answers.remove(0).unwrap_err().to_string();
    assert!(error.contains("unexpected keyword argument"), "{error}");
}

#[test]
fn the_configuration_of_the_job_can_be_looked_at() {
    let loaded = Loaded::new(
        "
class Reader(object):
  def pre_start_job_update(self, config, message, instances=None):
    print('%s/%s/%s/%s %d %s' % (config.cluster(), config.role(), config.environment(),
                                 config.name(), config.instances(), config.is_dedicated()))
    print('%s %s %s' % (sorted(config.ports()), config.has_health_port(), len(config.hooks)))
    print(config.raw().task().name())
    print(config.job().taskConfig.owner.user)
    print(config.job().cronSchedule)
    print('%s %s' % (message, instances))
    return config.job_key().env == 'prod'
hooks = (Reader(),)
",
        Compat::Documented,
    );
    let call = HookedCall::start_job_update(key(), loaded.config(), Some("go"), None);
    let (answer, printed) = loaded.only(&HookEvent::Pre, &call);
    assert!(answer);
    insta::assert_snapshot!(printed, @r"
    west/www/prod/web 3 True
    ['http'] False 1
    web
    alice
    None
    go None
    ");
}

#[test]
fn a_hook_that_fails_says_where() {
    let loaded = Loaded::new(
        "
class Broken(object):
  def pre_start_cronjob(self, job_key):
    return job_key.nmae
class Leaver(object):
  def generic_hook(self, *args):
    import sys
    sys.exit(7)
hooks = [Broken(), Leaver()]
",
        Compat::Documented,
    );
    let (answers, _) = loaded.run(&HookEvent::Pre, &HookedCall::start_cronjob(key(), None));
    let [Err(broken), Err(Error::Exit { code: 7 })] = &answers[..] else {
        panic!("{answers:?}");
    };
    assert_eq!(
        broken.diagnostic().map(|place| place.line()),
        Some(4),
        "{broken}"
    );
    // The interpreter goes on.
    assert!(
        loaded.run(&HookEvent::Pre, &kill()).0[0]
            .as_ref()
            .is_ok_and(|answer| *answer)
    );
}

#[test]
fn hooks_that_are_no_list_are_refused_and_none_are_fine() {
    let refused = Files::new(&[("web.aurora", &format!("hooks = 5\n{JOBS}"))]);
    let error = refused.load(&LoadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "hooks must be a list of objects");
    for text in ["", "hooks = None\n", "hooks = []\n"] {
        assert!(
            Loaded::new(text, Compat::Documented)
                .configuration
                .hooks()
                .is_empty()
        );
    }
}

#[test]
fn hooks_outlive_their_configuration() {
    let loaded = Loaded::new(
        "
class Yes(object):
  def generic_hook(self, *args): return 'yes'
hooks = [Yes()]
",
        Compat::Documented,
    );
    let hook = loaded.configuration.hooks()[0].clone();
    drop(loaded);
    assert!(hook.run(&HookEvent::Pre, &kill()).unwrap());
}
