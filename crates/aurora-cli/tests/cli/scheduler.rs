//! A home with a scheduler that answers every call by a function.

use aurora_api::Response;
use aurora_api::calls::AnyCall;
use aurora_testkit::ScriptedScheduler;

use crate::harness::{Home, home};

pub(crate) use aurora_testkit::scheduler::{
    refusal as refused, success as ok, success_with_message as said,
};

/// Cluster `west`, which the command finds in the configuration of its home.
pub(crate) struct Scheduler {
    pub(crate) home: Home,
    scheduler: ScriptedScheduler,
}

impl Scheduler {
    pub(crate) fn answering(answer: impl FnMut(AnyCall) -> Response + Send + 'static) -> Self {
        let scheduler = Self {
            home: home(),
            scheduler: ScriptedScheduler::answering(answer),
        };
        scheduler.with_properties("")
    }

    /// Sets properties of the cluster, written as in JSON.
    pub(crate) fn with_properties(mut self, properties: &str) -> Self {
        let separator = if properties.is_empty() { "" } else { ", " };
        self.home = self.home.with_clusters(&format!(
            r#"[{{"name": "west", "scheduler_uri": "{}"{separator}{properties}}}]"#,
            self.scheduler.url()
        ));
        self
    }

    pub(crate) fn with_file(mut self, name: &str, text: &str) -> Self {
        self.home = self.home.with_file(name, text);
        self
    }

    /// The outcome of a command, with a fixed port.
    #[must_use = "compare it with what is to be shown"]
    pub(crate) fn show(&self, arguments: &[&str]) -> String {
        let port = self.scheduler.port().to_string();
        self.home.show(arguments).replace(&port, "PORT")
    }

    /// The methods that were called since the last look.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.scheduler.take_methods()
    }
}
