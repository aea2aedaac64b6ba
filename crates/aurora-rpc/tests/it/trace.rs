//! What a client did, calls and waits in order, as text to compare with recorded runs.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aurora_api::calls::AnyCall;
use aurora_api::{ACTIVE_STATES, LIVE_STATES, ScheduleStatus, TaskQuery};
use aurora_rpc::{Clock, SchedulerClient, Sleep, VirtualClock};
use aurora_testkit::scheduler::ScriptedScheduler;

use crate::server::builder;

/// A clock that remembers after how many requests it was slept on.
#[derive(Clone)]
struct TraceClock {
    clock: VirtualClock,
    requests: Arc<dyn Fn() -> usize + Send + Sync>,
    sleeps: Arc<Mutex<Vec<(usize, Duration)>>>,
}

impl fmt::Debug for TraceClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.clock.fmt(f)
    }
}

impl Clock for TraceClock {
    fn now(&self) -> Duration {
        self.clock.now()
    }

    fn unix_time(&self) -> Duration {
        self.clock.unix_time()
    }

    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        let entry = ((self.requests)(), pause);
        self.sleeps.lock().unwrap().push(entry);
        self.clock.sleep(pause)
    }
}

/// A client and what it did.
pub(crate) struct Traced<'a> {
    pub(crate) client: SchedulerClient,
    server: &'a ScriptedScheduler,
    clock: TraceClock,
}

/// The time at which recorded runs begin.
pub(crate) const NOW: Duration = Duration::from_secs(1_449_000_000);

impl<'a> Traced<'a> {
    pub(crate) fn new(server: &'a ScriptedScheduler) -> Self {
        let clock = TraceClock {
            clock: VirtualClock::starting_at(NOW),
            requests: Arc::new(server.counter()),
            sleeps: Arc::default(),
        };
        Self {
            client: builder(server.url()).clock(clock.clone()).build().unwrap(),
            server,
            clock,
        }
    }

    /// One line a call or wait.
    pub(crate) fn reported(&self) -> String {
        let sleeps = self.clock.sleeps.lock().unwrap();
        let seen = self.server.requests();
        let mut lines = Vec::new();
        for at in 0..=seen.len() {
            let before = sleeps.iter().filter(|(requests, _)| *requests == at);
            lines.extend(before.map(|(_, pause)| format!("{} s", pause.as_secs_f64())));
            if let Some(request) = seen.get(at) {
                let call = request.call().unwrap();
                let line = format!("{} {}", call.method(), arguments(&call));
                lines.push(line.trim_end().to_owned());
            }
        }
        lines.join("\n")
    }
}

fn arguments(call: &AnyCall) -> String {
    match call {
        AnyCall::GetTasksWithoutConfigs(call) => tasks(call.query.as_ref().unwrap()),
        AnyCall::RestartShards(call) => format!("{:?}", call.shard_ids.as_ref().unwrap()),
        AnyCall::KillTasks(call) => match &call.instances {
            Some(instances) => format!("{instances:?}"),
            None => "all".to_owned(),
        },
        AnyCall::GetJobUpdateSummaries(call) => {
            let query = call.job_update_query.as_ref().unwrap();
            let key = query.key.as_ref().unwrap();
            assert_eq!(key.job.as_ref().unwrap().name.as_deref(), Some("web"));
            format!("{:?}", key.id)
        }
        other => panic!("{other:?}"),
    }
}

fn tasks(query: &TaskQuery) -> String {
    let statuses = query.statuses.as_ref().map(|statuses| {
        let is = |all: &[ScheduleStatus]| statuses.iter().eq(all);
        match statuses.len() {
            9 if is(ACTIVE_STATES) => "ACTIVE".to_owned(),
            5 if is(LIVE_STATES) => "LIVE".to_owned(),
            _ => {
                let names = statuses.iter().map(ToString::to_string);
                names.collect::<Vec<_>>().join(" ")
            }
        }
    });
    let instances = query
        .instance_ids
        .as_ref()
        .map(|instances| format!("{instances:?}"));
    let parts = [statuses, instances].into_iter().flatten();
    parts.collect::<Vec<_>>().join(" ")
}
