//! Clients of scripted schedulers, and acts in few words.

use std::time::Duration;

use aurora_api::{ResponseCode, Result as ResultBranch};
use aurora_cluster::Cluster;
use aurora_rpc::{RetryPolicy, SchedulerClient, SchedulerClientBuilder, Timeouts, VirtualClock};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, failure};

/// The response time-out of the clients that tests make.
pub(crate) const RESPONSE_LIMIT: Duration = Duration::from_millis(400);

pub(crate) fn builder(url: &str) -> SchedulerClientBuilder {
    SchedulerClient::builder(&Cluster::direct("west", url))
        .timeouts(Timeouts::new(Duration::from_millis(300), RESPONSE_LIMIT))
}

/// The clients of a scripted scheduler.
pub(crate) trait Clients {
    fn cluster(&self) -> Cluster;

    /// A client with short time-outs and no repetition.
    fn once(&self) -> SchedulerClient;

    /// A client with short time-outs that repeats as released, on a clock of its own.
    fn patient(&self) -> (SchedulerClient, VirtualClock);
}

impl Clients for ScriptedScheduler {
    fn cluster(&self) -> Cluster {
        Cluster::direct("west", self.url())
    }

    fn once(&self) -> SchedulerClient {
        builder(self.url())
            .retry(RetryPolicy::never())
            .build()
            .unwrap()
    }

    fn patient(&self) -> (SchedulerClient, VirtualClock) {
        let clock = VirtualClock::new();
        let client = builder(self.url()).clock(clock.clone()).build().unwrap();
        (client, clock)
    }
}

pub(crate) fn ok(result: Option<ResultBranch>, message: &str) -> Act {
    let mut response = failure(ResponseCode::OK, message);
    response.result = result;
    Act::Answer(Box::new(response))
}

pub(crate) fn refuse(code: ResponseCode, message: &str) -> Act {
    Act::Answer(Box::new(failure(code, message)))
}
