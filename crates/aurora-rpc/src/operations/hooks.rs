//! Hooks of job files, run around calls to the scheduler.
//!
//! All hooks run before a call, in their order; one that refuses or fails stops the call, and no hook is
//! called about that. After the call each hook gets the response or the failure, and only a hook that
//! exits the program changes the outcome.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aurora_api::Response;
use aurora_config::{
    Configuration, ErrorKind, Hook, HookConfig, HookEvent, HookValue, HookedCall, LoadedJob,
};

use crate::error::Error;
use crate::reply::details;

/// The hooks that apply to a job: those of its job file, and functions of the program.
///
/// Operations that take hooks run them around each call that they make for the job. Without hooks, give
/// [`Hooks::none`].
///
/// ```
/// use aurora_config::HookEvent;
/// use aurora_rpc::operations::Hooks;
///
/// let hooks = Hooks::none().with("NoKills", |event, call| {
///     !(matches!(event, HookEvent::Pre) && call.method() == "kill_job")
/// });
/// assert!(!hooks.is_empty());
/// ```
pub struct Hooks {
    hooks: Vec<AnyHook>,
    config: Option<HookConfig>,
    on_failure: Box<dyn Fn(&HookFailure<'_>) + Send + Sync>,
    running: Mutex<Option<RunningHook>>,
}

#[derive(Clone)]
enum AnyHook {
    OfFile(Hook),
    Function(Arc<str>, Arc<Function>),
}

type Function = dyn Fn(&HookEvent, &HookedCall) -> bool + Send + Sync;

impl AnyHook {
    fn class_name(&self) -> &str {
        match self {
            Self::OfFile(hook) => hook.class_name(),
            Self::Function(name, _) => name,
        }
    }
}

/// A hook that raised an exception. Before a call that stops the call; after a call it changes nothing.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct HookFailure<'a> {
    /// The class of the hook.
    pub class_name: &'a str,
    /// The method that failed, such as `pre_kill_job` or `generic_hook`.
    pub method: &'a str,
    /// The exception, with its place in the file.
    pub error: &'a aurora_config::Error,
}

/// A hook that is running. It is shown as `Hook pre_kill_job of NotOnFridays`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RunningHook {
    /// The class of the hook.
    pub class_name: String,
    /// The event: `pre`, `err` or `post`.
    pub event: &'static str,
    /// The call that the hook runs for, such as `kill_job`.
    pub call: &'static str,
}

impl fmt::Display for RunningHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            class_name,
            event,
            call,
        } = self;
        write!(f, "Hook {event}_{call} of {class_name}")
    }
}

impl Default for Hooks {
    fn default() -> Self {
        Self::none()
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.hooks.iter().map(AnyHook::class_name).collect();
        f.debug_struct("Hooks")
            .field("hooks", &names)
            .field("running", &*self.lock())
            .finish_non_exhaustive()
    }
}

impl Hooks {
    /// No hooks.
    pub fn none() -> Self {
        Self {
            hooks: Vec::new(),
            config: None,
            on_failure: Box::new(|_| ()),
            running: Mutex::default(),
        }
    }

    /// The hooks of a configuration if the job enables them, else none. `user` makes the calls.
    pub fn of(configuration: &Configuration, job: &LoadedJob, user: impl Into<String>) -> Self {
        if !job.job().enable_hooks {
            return Self::none();
        }
        Self {
            hooks: configuration
                .hooks()
                .iter()
                .cloned()
                .map(AnyHook::OfFile)
                .collect(),
            config: Some(HookConfig::new(job.clone(), user)),
            ..Self::none()
        }
    }

    /// The same hooks and one more: a function that gets each event of each call, on a thread of its own.
    /// Before a call it returns whether the call may be made; after a call what it returns means nothing.
    pub fn with(
        mut self,
        name: &str,
        hook: impl Fn(&HookEvent, &HookedCall) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.hooks
            .push(AnyHook::Function(name.into(), Arc::new(hook)));
        self
    }

    /// The same hooks, with a function that is called when one raises an exception, such as to log it.
    pub fn on_failure(self, on_failure: impl Fn(&HookFailure<'_>) + Send + Sync + 'static) -> Self {
        Self {
            on_failure: Box::new(on_failure),
            ..self
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hooks.is_empty()
    }

    /// The configuration of the job, for calls that show it to hooks.
    pub fn config(&self) -> Option<HookConfig> {
        self.config.clone()
    }

    /// The hook that is running, or was when the operation was dropped.
    pub fn running(&self) -> Option<RunningHook> {
        self.lock().clone()
    }

    /// Makes a call with the hooks around it; `response` is what they get after a success.
    ///
    /// # Errors
    /// That of the call, [`Error::HooksRefused`] and [`Error::HookExited`].
    pub async fn around<T>(
        &self,
        call: &HookedCall,
        make: impl Future<Output = Result<T, Error>>,
        response: impl FnOnce(&T) -> Response,
    ) -> Result<T, Error> {
        self.before(call).await?;
        let result = make.await;
        self.after(call, result.as_ref().map(response)).await?;
        result
    }

    /// Runs the hooks before a call.
    pub(super) async fn before(&self, call: &HookedCall) -> Result<(), Error> {
        let mut refused = Vec::new();
        for hook in &self.hooks {
            if !self.run(hook, &HookEvent::Pre, call).await? {
                refused.push(hook.class_name().to_owned());
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        Err(Error::HooksRefused {
            method: call.method(),
            hooks: refused,
        })
    }

    /// Runs the hooks after a call.
    pub(super) async fn after(
        &self,
        call: &HookedCall,
        result: Result<Response, &Error>,
    ) -> Result<(), Error> {
        if self.hooks.is_empty() {
            return Ok(());
        }
        let event = match result {
            Ok(response) => HookEvent::Post(record(&response)),
            Err(error) => HookEvent::Err(exception(error)),
        };
        for hook in &self.hooks {
            self.run(hook, &event, call).await?;
        }
        Ok(())
    }

    /// Whether a hook lets the call pass. One that raises an exception does not.
    async fn run(
        &self,
        hook: &AnyHook,
        event: &HookEvent,
        call: &HookedCall,
    ) -> Result<bool, Error> {
        let class_name = hook.class_name();
        *self.lock() = Some(RunningHook {
            class_name: class_name.to_owned(),
            event: event.name(),
            call: call.method(),
        });
        let (method, passes) = {
            let (hook, event, call) = (hook.clone(), event.clone(), call.clone());
            on_thread(class_name, move || ask(&hook, &event, &call)).await?
        };
        *self.lock() = None;
        let error = match passes {
            Ok(passes) => return Ok(passes),
            Err(error) => error,
        };
        let method = method.unwrap_or_else(|| format!("{}_{}", event.name(), call.method()));
        if let ErrorKind::Exit(code) = error.kind() {
            return Err(Error::HookExited {
                class_name: class_name.to_owned(),
                method,
                code,
                sent: !matches!(event, HookEvent::Pre),
            });
        }
        (self.on_failure)(&HookFailure {
            class_name,
            method: &method,
            error: &error,
        });
        Ok(false)
    }

    fn lock(&self) -> MutexGuard<'_, Option<RunningHook>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a hook: the method that decides, and whether it lets the call pass. One without a method for the event lets the call
/// pass.
fn ask(
    hook: &AnyHook,
    event: &HookEvent,
    call: &HookedCall,
) -> (Option<String>, Result<bool, aurora_config::Error>) {
    let hook = match hook {
        AnyHook::OfFile(hook) => hook,
        AnyHook::Function(_, function) => return (None, Ok(function(event, call))),
    };
    let run = match hook.start(event, call) {
        Ok(run) => run,
        Err(error) => return (None, Err(error)),
    };
    let method = run.method().map(str::to_owned);
    if let Some(method) = &method {
        tracing::debug!("Running {method} in {}", hook.class_name());
    }
    (method, run.wait())
}

/// Waits on a thread of its own, which a dropped operation leaves behind: a hook may ask people, and a
/// thread of the runtime would keep the program from ending.
async fn on_thread<T: Send + 'static>(
    class_name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let failed = |reason: String| Error::HookNotRun {
        class_name: class_name.to_owned(),
        reason,
    };
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("aurora-hook".to_owned())
        .spawn(move || {
            // The operation may have been dropped.
            let _ = sender.send(work());
        })
        .map_err(|error| failed(format!("cannot start a thread: {error}")))?;
    receiver
        .await
        .map_err(|_| failed("its thread ended early".to_owned()))
}

fn record(response: &Response) -> HookValue {
    HookValue::record("Response", &aurora_api::to_json(response))
}

/// A failed call as hooks see it.
fn exception(error: &Error) -> HookValue {
    let Some((code, messages)) = error.rejection() else {
        return HookValue::Record {
            class_name: "Error".to_owned(),
            text: error.to_string(),
            fields: Vec::new(),
        };
    };
    let response = Response {
        response_code: Some(code),
        details: Some(details(messages)),
        ..Response::default()
    };
    HookValue::Record {
        class_name: "APIError".to_owned(),
        text: format!("APIError: {code}: {}", messages.join(", ")),
        fields: vec![("response".to_owned(), record(&response))],
    }
}
