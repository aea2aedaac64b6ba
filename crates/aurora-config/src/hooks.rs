//! Hooks: objects of a configuration whose methods run around calls to the scheduler.

use std::sync::mpsc;

use aurora_jobkey::JobKey;
use serde_json::Value;

use crate::{Error, LoadedJob};

/// A hook that a configuration declares in `hooks`: a Python object that stays alive as long as the
/// [`Configuration`](crate::Configuration) or a clone of this.
///
/// A hook speaks for a job only if the job has [`enable_hooks`](crate::Job::enable_hooks); that is
/// for the caller to look at, as is what follows from the answers.
///
/// ```
/// # #[cfg(feature = "python")] {
/// use aurora_config::{Configuration, HookEvent, HookedCall, LoadOptions};
///
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("web.aurora");
/// # std::fs::write(&file, "
/// # class NotOnFridays(object):
/// #   def pre_kill_job(self, job_key, shards=None): return job_key.env != 'prod'
/// # hooks = [NotOnFridays()]
/// # jobs = []
/// # ")?;
/// let configuration = Configuration::load(&file, &LoadOptions::default())?;
/// let call = HookedCall::kill_job("west/www/prod/web".parse()?, Some(&[0, 1]), None);
/// for hook in configuration.hooks() {
///     assert_eq!(hook.class_name(), "NotOnFridays");
///     assert!(!hook.run(&HookEvent::Pre, &call)?, "this one says no");
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Hook {
    class_name: String,
    position: usize,
    interpreter: mpsc::Sender<Request>,
}

/// What a hook is asked, on its way to the thread of its interpreter.
#[cfg_attr(
    not(feature = "python"),
    allow(dead_code, reason = "only Python files have hooks")
)]
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) position: usize,
    pub(crate) event: HookEvent,
    pub(crate) call: HookedCall,
    /// Takes the name of the method before it runs.
    pub(crate) method: mpsc::Sender<Option<String>>,
    pub(crate) answer: mpsc::Sender<Result<bool, Error>>,
}

/// A hook that was asked: it may be running.
#[derive(Debug)]
pub struct HookRun {
    class_name: String,
    method: Option<String>,
    answers: mpsc::Receiver<Result<bool, Error>>,
}

impl HookRun {
    /// The name of the method that answers, such as `pre_kill_job` or `generic_hook`; nothing if the
    /// hook has none for the event.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// Waits for the answer, which is true if what the method returned is; `None` is not. A hook
    /// without a method says yes.
    ///
    /// # Errors
    /// As [`Hook::run`].
    pub fn wait(self) -> Result<bool, Error> {
        let gone = || Error::HookGone {
            class_name: self.class_name.clone(),
        };
        self.answers.recv().map_err(|_| gone())?
    }
}

impl Hook {
    #[cfg_attr(
        not(feature = "python"),
        allow(dead_code, reason = "only Python files have hooks")
    )]
    pub(crate) fn new(
        class_name: String,
        position: usize,
        interpreter: mpsc::Sender<Request>,
    ) -> Self {
        Self {
            class_name,
            position,
            interpreter,
        }
    }

    /// The name of its class.
    pub fn class_name(&self) -> &str {
        &self.class_name
    }

    /// Runs the hook for an event of a call, and waits for its answer: of its own method, such as
    /// `pre_kill_job`, else of its `generic_hook`, else yes. The answer is true if what the method
    /// returned is; `None` is not.
    ///
    /// What it prints goes to [`LoadOptions::output`](crate::LoadOptions::output), and is dropped
    /// without that. It may take as long as it likes: hooks ask people.
    ///
    /// # Errors
    /// When the hook raises an exception ([`Error::File`]) or leaves the program ([`Error::Exit`]).
    pub fn run(&self, event: &HookEvent, call: &HookedCall) -> Result<bool, Error> {
        self.start(event, call)?.wait()
    }

    /// As [`run`](Self::run), without waiting for the answer: comes back as soon as it is known
    /// which method answers.
    ///
    /// # Errors
    /// [`Error::HookGone`] when the interpreter of the hook has died.
    pub fn start(&self, event: &HookEvent, call: &HookedCall) -> Result<HookRun, Error> {
        let (answer, answers) = mpsc::channel();
        let (method, methods) = mpsc::channel();
        let request = Request {
            position: self.position,
            event: event.clone(),
            call: call.clone(),
            method,
            answer,
        };
        self.interpreter
            .send(request)
            .map_err(|_| Error::HookGone {
                class_name: self.class_name.clone(),
            })?;
        Ok(HookRun {
            class_name: self.class_name.clone(),
            // Looking for it may fail already, and then the answer says so.
            method: methods.recv().ok().flatten(),
            answers,
        })
    }
}

/// When a hook runs.
#[derive(Debug, Clone)]
pub enum HookEvent {
    /// Before the call: `pre_…`. If any hook then says no or fails, the call is not made.
    Pre,
    /// After a call that failed: `err_…`, with the failure.
    Err(HookValue),
    /// After a call that succeeded: `post_…`, with the scheduler's response.
    Post(HookValue),
}

impl HookEvent {
    /// `pre`, `err` or `post`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Err(_) => "err",
            Self::Post(_) => "post",
        }
    }
}

/// A call that hooks run around, with the arguments that the released client gives them.
///
/// Arguments have names. Where the documentation decides, a method gets those that it takes by
/// name, and by position what its other parameters leave; where the release decides, it gets all of
/// them, as positional and keyword arguments.
#[cfg_attr(
    not(feature = "python"),
    allow(dead_code, reason = "only Python files have hooks")
)]
#[derive(Debug, Clone)]
pub struct HookedCall {
    pub(crate) method: &'static str,
    pub(crate) job_key: JobKey,
    pub(crate) config: HookValue,
    pub(crate) positional: Vec<(&'static str, HookValue)>,
    pub(crate) keywords: Vec<(&'static str, HookValue)>,
}

impl HookedCall {
    /// `create_job(config, lock)`.
    pub fn create_job(job_key: JobKey, config: HookConfig) -> Self {
        let config = HookValue::Config(Box::new(config));
        Self {
            method: "create_job",
            job_key,
            positional: vec![("config", config.clone()), ("lock", HookValue::None)],
            keywords: Vec::new(),
            config,
        }
    }

    /// `kill_job(job_key, instances=…, lock=None, config=…)`; no instances are all of them.
    pub fn kill_job(
        job_key: JobKey,
        instances: Option<&[u32]>,
        config: Option<HookConfig>,
    ) -> Self {
        let config = HookValue::of_config(config);
        Self {
            method: "kill_job",
            positional: vec![("job_key", HookValue::JobKey(job_key.clone()))],
            keywords: vec![
                ("instances", HookValue::of_instances(instances)),
                ("lock", HookValue::None),
                ("config", config.clone()),
            ],
            job_key,
            config,
        }
    }

    /// `restart(job_key, shards, restart_settings, config=…)`.
    pub fn restart(
        job_key: JobKey,
        shards: Option<&[u32]>,
        restart_settings: HookValue,
        config: Option<HookConfig>,
    ) -> Self {
        let config = HookValue::of_config(config);
        Self {
            method: "restart",
            positional: vec![
                ("job_key", HookValue::JobKey(job_key.clone())),
                ("shards", HookValue::of_instances(shards)),
                ("restart_settings", restart_settings),
            ],
            keywords: vec![("config", config.clone())],
            job_key,
            config,
        }
    }

    /// `start_cronjob(job_key, config=…)`.
    pub fn start_cronjob(job_key: JobKey, config: Option<HookConfig>) -> Self {
        let config = HookValue::of_config(config);
        Self {
            method: "start_cronjob",
            positional: vec![("job_key", HookValue::JobKey(job_key.clone()))],
            keywords: vec![("config", config.clone())],
            job_key,
            config,
        }
    }

    /// `start_job_update(config, message, instances=…)`; no instances are all of them.
    pub fn start_job_update(
        job_key: JobKey,
        config: HookConfig,
        message: Option<&str>,
        instances: Option<&[u32]>,
    ) -> Self {
        let config = HookValue::Config(Box::new(config));
        let message = message.map_or(HookValue::None, |text| HookValue::Text(text.to_owned()));
        Self {
            method: "start_job_update",
            job_key,
            positional: vec![("config", config.clone()), ("message", message)],
            keywords: vec![("instances", HookValue::of_instances(instances))],
            config,
        }
    }

    /// The name of the method, such as `kill_job`.
    pub fn method(&self) -> &'static str {
        self.method
    }
}

/// The configuration of the job that a call is about, and who makes the call.
#[cfg_attr(
    not(feature = "python"),
    allow(dead_code, reason = "only Python files have hooks")
)]
#[derive(Debug, Clone)]
pub struct HookConfig {
    pub(crate) job: LoadedJob,
    pub(crate) user: String,
}

impl HookConfig {
    /// The configuration of a job; `user` is who makes the call.
    pub fn new(job: LoadedJob, user: impl Into<String>) -> Self {
        Self {
            job,
            user: user.into(),
        }
    }
}

/// A value that a hook is given.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum HookValue {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<HookValue>),
    /// A job key: an object with `cluster`, `role`, `env`, `name` and `to_path()`.
    JobKey(JobKey),
    /// The configuration of a job: an object with `job_key()`, `name()`, `raw()` and the like.
    Config(Box<HookConfig>),
    /// An object with attributes; those that it does not have read as `None`.
    Record {
        /// The name of its class.
        class_name: String,
        /// What `str()` of it gives.
        text: String,
        /// Its attributes.
        fields: Vec<(String, HookValue)>,
    },
}

impl HookValue {
    /// Plain data, with objects as records of a class, as the structures of the API are:
    /// see [`aurora_api::to_json`].
    pub fn record(class_name: &str, value: &Value) -> Self {
        match value {
            Value::Null => Self::None,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Self::Integer(whole),
                None => Self::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(elements) => {
                let elements = elements.iter();
                Self::List(elements.map(|it| Self::record(class_name, it)).collect())
            }
            Value::Object(fields) => Self::Record {
                class_name: class_name.to_owned(),
                text: format!("{class_name}({value})"),
                fields: fields
                    .iter()
                    .map(|(name, value)| (name.clone(), Self::record(name, value)))
                    .collect(),
            },
        }
    }

    fn of_config(config: Option<HookConfig>) -> Self {
        config.map_or(Self::None, |config| Self::Config(Box::new(config)))
    }

    fn of_instances(instances: Option<&[u32]>) -> Self {
        instances.map_or(Self::None, |instances| {
            Self::List(
                instances
                    .iter()
                    .map(|id| Self::Integer(i64::from(*id)))
                    .collect(),
            )
        })
    }
}
