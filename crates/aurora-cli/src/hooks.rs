//! Hooks of job files, run around the verbs' calls to the scheduler.
//!
//! All hooks run before a call, in their order; one that says no or fails stops it, without an
//! exception for the hooks to see. After the call they hear of its response, or of its failure, and
//! nothing that they do there matters but leaving the program.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aurora_api::{Response, ResponseCode, ResponseDetail};
use aurora_config::{
    Configuration, Error, ErrorKind, Hook, HookConfig, HookEvent, HookValue, HookedCall, LoadedJob,
};
use aurora_rpc::Answer;

use crate::exit;
use crate::failure::{Failure, Result};
use crate::runtime::on_thread;

/// The hooks that speak for a job.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    hooks: Vec<Hook>,
    config: Option<HookConfig>,
    coloured: bool,
    /// Which one runs now.
    running: Mutex<Option<String>>,
}

impl Hooks {
    /// The hooks of the file, if the job enables them. `user` makes the calls; errors are shown
    /// `coloured` or not.
    pub(crate) fn of(
        configuration: &Configuration,
        job: &LoadedJob,
        user: String,
        coloured: bool,
    ) -> Self {
        if !job.job().enable_hooks {
            return Self::default();
        }
        Self {
            hooks: configuration.hooks().to_vec(),
            config: Some(HookConfig::new(job.clone(), user)),
            coloured,
            running: Mutex::default(),
        }
    }

    /// Whether no hook has a say.
    pub(crate) fn is_empty(&self) -> bool {
        self.hooks.is_empty()
    }

    /// The job's configuration, for calls that tell it to hooks.
    pub(crate) fn config(&self) -> Option<HookConfig> {
        self.config.clone()
    }

    /// Makes a call with the hooks around it; `response` is what they are told of a success.
    ///
    /// The outer failure is that of a hook, the inner one that of the call.
    pub(crate) async fn around<T>(
        &self,
        call: &HookedCall,
        make: impl Future<Output = Result<T, aurora_rpc::Error>>,
        response: impl FnOnce(&T) -> Response,
    ) -> Result<Result<T, aurora_rpc::Error>> {
        self.before(call).await?;
        let result = make.await;
        self.after(call, result.as_ref().map(response)).await?;
        Ok(result)
    }

    /// Runs the hooks before a call; a failure stops it.
    pub(crate) async fn before(&self, call: &HookedCall) -> Result<()> {
        let mut stopped = Vec::new();
        for hook in &self.hooks {
            if !self.run(hook, &HookEvent::Pre, call).await? {
                stopped.push(hook.class_name());
            }
        }
        if stopped.is_empty() {
            return Ok(());
        }
        let heading = format!("Pre hooks stopped call to {}", call.method());
        Err(Failure::new(exit::FATAL, heading)
            .detail(format!("stopped by {}", stopped.join(", ")))
            .hint("a hook lets the call pass by returning True"))
    }

    /// Runs the hooks after a call. Only one that leaves the program is a failure.
    pub(crate) async fn after(
        &self,
        call: &HookedCall,
        result: Result<Response, &aurora_rpc::Error>,
    ) -> Result<()> {
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

    /// The answer of one hook; no if it raises an exception, which is logged.
    async fn run(&self, hook: &Hook, event: &HookEvent, call: &HookedCall) -> Result<bool> {
        let class = hook.class_name();
        *self.running() = Some(format!(
            "Hook {}_{} of {class}",
            event.name(),
            call.method()
        ));
        let (method, answer) = {
            let (hook, event, call) = (hook.clone(), event.clone(), call.clone());
            on_thread(move || ask(&hook, &event, &call)).await?
        };
        *self.running() = None;
        let error = match answer {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let method = method.unwrap_or_else(|| format!("{}_{}", event.name(), call.method()));
        if let ErrorKind::Exit(code) = error.kind() {
            // Even a hook that left with 0 has kept the command from going on.
            let code = u8::try_from(code).ok().filter(|own| *own != exit::SUCCESS);
            let heading = format!("Hook {method} in {class} ended the program");
            return Err(Failure::new(code.unwrap_or(exit::FATAL), heading));
        }
        tracing::warn!("Error in {method} in {class}");
        tracing::warn!("{}", told(&error, self.coloured));
        Ok(false)
    }

    fn running(&self) -> MutexGuard<'_, Option<String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds which hook was running when Ctrl-C came, if they were loaded by then and one was.
pub(crate) fn if_interrupted(hooks: Option<&Hooks>, failure: Failure) -> Failure {
    match hooks.and_then(|hooks| hooks.running().take()) {
        Some(hook) => failure.if_interrupted(|| format!("{hook} was running")),
        None => failure,
    }
}

/// Runs a hook: the method that answers, and its answer. One without a method for the event says yes.
fn ask(hook: &Hook, event: &HookEvent, call: &HookedCall) -> (Option<String>, Result<bool, Error>) {
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

/// An exception of a hook with its place in the file.
fn told(error: &Error, coloured: bool) -> String {
    let details = error.render_details(coloured);
    match details.trim_end() {
        "" => error.to_string(),
        details => format!("{error}\n{details}"),
    }
}

/// The response that an answer came in, without its result.
pub(crate) fn response_of<T>(answer: &Answer<T>) -> Response {
    Response {
        response_code: Some(ResponseCode::OK),
        result: None,
        server_info: answer.server.clone(),
        details: Some(details(&answer.messages)),
    }
}

/// The response of an operation that had nothing to do.
pub(crate) fn plain_ok() -> Response {
    Response {
        response_code: Some(ResponseCode::OK),
        details: Some(Vec::new()),
        ..Response::default()
    }
}

fn details(messages: &[String]) -> Vec<ResponseDetail> {
    let detail = |message: &String| ResponseDetail {
        message: Some(message.clone()),
    };
    messages.iter().map(detail).collect()
}

fn record(response: &Response) -> HookValue {
    HookValue::record("Response", &aurora_api::to_json(response))
}

/// A failed call as hooks see it.
fn exception(error: &aurora_rpc::Error) -> HookValue {
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
