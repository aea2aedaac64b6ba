//! The leader as ZooKeeper knows it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aurora_cluster::{BaseUrl, ZooKeeper};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::observer::{Group, Observer, View};
use super::search::{FailedSearch, SearchHook, SearchLimits};
use super::session::Servers;
use super::{Discovery, Search};
use crate::error::{Error, seconds};

/// A search whose tries took less would go round as fast as it can.
const SHORTEST_TRY: Duration = Duration::from_millis(1);

/// Finds the leader in ZooKeeper, with one session that is opened when it is first asked for.
///
/// What the session saw last counts until it is [forgotten](Discovery::forget), even while
/// ZooKeeper is down. After that, only what ZooKeeper says from then on.
#[derive(Debug)]
pub(super) struct ZooKeeperDiscovery {
    cluster: String,
    zookeeper: ZooKeeper,
    limits: SearchLimits,
    hook: SearchHook,
    observer: Mutex<Option<Observer>>,
}

impl Discovery for ZooKeeperDiscovery {
    fn leader(&self) -> Search<'_> {
        Box::pin(self.search())
    }

    fn forget(&self) {
        if let Some(observer) = &*self.lock() {
            observer.refresh();
        }
    }
}

impl ZooKeeperDiscovery {
    pub(super) fn new(
        cluster: String,
        zookeeper: ZooKeeper,
        mut limits: SearchLimits,
        hook: SearchHook,
    ) -> Self {
        for limit in [
            &mut limits.first_member,
            &mut limits.list,
            &mut limits.server,
        ] {
            *limit = (*limit).max(SHORTEST_TRY);
        }
        Self {
            cluster,
            zookeeper,
            limits,
            hook,
            observer: Mutex::new(None),
        }
    }

    /// Tries until there is a leader or the time is over.
    async fn search(&self) -> Result<Arc<BaseUrl>, Error> {
        let start = Instant::now();
        loop {
            let try_start = Instant::now();
            let error = match self.try_once().await {
                Ok(leader) => return Ok(leader),
                Err(error) => error,
            };
            let waited = try_start.elapsed() >= SHORTEST_TRY;
            if !waited || !matches!(error, Error::NoLeader { .. } | Error::ZooKeeper { .. }) {
                return Err(error);
            }
            let elapsed = start.elapsed();
            tracing::debug!(cluster = self.cluster, %error, ?elapsed, "found no leader");
            self.hook.report(&FailedSearch {
                cluster: &self.cluster,
                error: &error,
                elapsed,
                limits: &self.limits,
            });
            if elapsed >= self.limits.search {
                return Err(error);
            }
        }
    }

    async fn try_once(&self) -> Result<Arc<BaseUrl>, Error> {
        let (mut views, request) = self.observe()?;
        let has_member = |view: &View| {
            !matches!(
                view.since(request),
                None | Some(Group::Missing | Group::Empty)
            )
        };
        let is_listed = |view: &View| view.since(request).is_some();
        // Neither a time-out nor an observer that ended says more than the last view does.
        let _ = timeout(self.limits.first_member, views.wait_for(has_member)).await;
        let _ = timeout(self.limits.list, views.wait_for(is_listed)).await;
        let view = views.borrow().clone();
        match view.since(request) {
            Some(group) => self.leader_of(group),
            None => Err(self.unreachable(view.trouble)),
        }
    }

    fn leader_of(&self, group: &Group) -> Result<Arc<BaseUrl>, Error> {
        let cluster = self.cluster.clone();
        match group.clone() {
            Group::Led(leader) => Ok(leader),
            Group::Missing | Group::Empty => Err(Error::NoLeader {
                cluster,
                path: self.zookeeper.path.clone(),
                servers: self.zookeeper.connect_string(),
                path_exists: *group == Group::Empty,
            }),
            Group::NoEndpoint { member } => Err(Error::NoEndpoint { cluster, member }),
            Group::Malformed { member, reason } => Err(Error::MalformedMember {
                cluster,
                member,
                reason,
            }),
        }
    }

    fn unreachable(&self, reason: Option<String>) -> Error {
        Error::ZooKeeper {
            cluster: self.cluster.clone(),
            servers: self.zookeeper.connect_string(),
            reason: reason.unwrap_or_else(|| {
                let waited = self.limits.first_member + self.limits.list;
                format!("no answer within {}", seconds(waited))
            }),
        }
    }

    /// What the observer sees, and from which request on it counts.
    fn observe(&self) -> Result<(watch::Receiver<View>, u64), Error> {
        let mut observer = self.lock();
        let running = match observer.take() {
            Some(running) if !running.has_ended() => running,
            _ => self.start()?,
        };
        Ok(observer.insert(running).watch())
    }

    fn start(&self) -> Result<Observer, Error> {
        let servers = Servers {
            servers: self.zookeeper.servers.clone(),
            limit: self.limits.server,
            session: self.limits.session,
        };
        Observer::start(servers, self.zookeeper.path.clone())
            .map_err(|error| self.unreachable(Some(format!("cannot start a thread: {error}"))))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Observer>> {
        self.observer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_cluster::{Cluster, SchedulerAddress};

    const SECOND: Duration = Duration::from_secs(1);

    /// A discovery that sees what a test shows it.
    struct Seen {
        discovery: ZooKeeperDiscovery,
        shown: watch::Sender<View>,
        requested: watch::Receiver<u64>,
        reports: Arc<Mutex<Vec<String>>>,
    }

    fn seen(view: View) -> Seen {
        let cluster = Cluster::zookeeper("west", "zk1,zk2:2182", "aurora");
        let SchedulerAddress::ZooKeeper(zookeeper) = cluster.scheduler_address().unwrap() else {
            panic!("zk is set");
        };
        let reports = Arc::new(Mutex::new(Vec::new()));
        let hook = SearchHook::new({
            let reports = Arc::clone(&reports);
            move |failed| {
                let at = failed.elapsed.as_secs();
                reports
                    .lock()
                    .unwrap()
                    .push(format!("{at} s: {}", failed.text()));
            }
        });
        let limits = SearchLimits::default();
        let discovery = ZooKeeperDiscovery::new(cluster.name.clone(), zookeeper, limits, hook);
        let (shown, views) = watch::channel(view);
        let (observer, requested) = Observer::shows(views);
        *discovery.lock() = Some(observer);
        Seen {
            discovery,
            shown,
            requested,
            reports,
        }
    }

    fn view(request: u64, group: Group) -> View {
        View {
            group: Some((request, group)),
            trouble: None,
        }
    }

    fn led(url: &str) -> Group {
        Group::Led(Arc::new(url.parse().unwrap()))
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_registered_makes_six_tries_in_a_minute() {
        let seen = seen(view(0, Group::Empty));
        let start = Instant::now();
        let error = seen.discovery.leader().await.unwrap_err();
        assert_eq!(start.elapsed(), 60 * SECOND);
        insta::assert_snapshot!(error, @"cluster west has no leading scheduler: no member is registered at /aurora in ZooKeeper (zk1:2181,zk2:2182); check that a scheduler runs, and that scheduler_zk_path in clusters.json is its -serverset_path");
        assert_eq!(
            error.connection_text(),
            "Timed out trying to connect to scheduler at west"
        );
        insta::assert_snapshot!(seen.reports.lock().unwrap().join("\n"), @r"
        10 s: No schedulers detected in west!
        20 s: No schedulers detected in west!
        30 s: No schedulers detected in west!
        40 s: No schedulers detected in west!
        50 s: No schedulers detected in west!
        60 s: No schedulers detected in west!
        ");
    }

    #[tokio::test(start_paused = true)]
    async fn a_missing_path_is_reports_from_an_empty_one() {
        let seen = seen(view(0, Group::Missing));
        let error = seen.discovery.leader().await.unwrap_err();
        insta::assert_snapshot!(error, @"cluster west has no leading scheduler: /aurora does not exist in ZooKeeper (zk1:2181,zk2:2182); check that a scheduler runs, and that scheduler_zk_path in clusters.json is its -serverset_path");
        assert!(error.is_transient());
    }

    #[tokio::test(start_paused = true)]
    async fn without_zookeeper_a_try_waits_for_the_list_too() {
        let seen = seen(View {
            group: None,
            trouble: Some("zk1:2181: cannot connect: Connection refused".to_owned()),
        });
        let error = seen.discovery.leader().await.unwrap_err();
        insta::assert_snapshot!(error, @"cannot find the leading scheduler of west in ZooKeeper (zk1:2181,zk2:2182): zk1:2181: cannot connect: Connection refused; check that ZooKeeper runs, and that zk and zk_port in clusters.json are right");
        insta::assert_snapshot!(seen.reports.lock().unwrap().join("\n"), @r"
        20 s: Failed to connect to Zookeeper within 10 seconds.
        40 s: Failed to connect to Zookeeper within 10 seconds.
        60 s: Failed to connect to Zookeeper within 10 seconds.
        ");
        assert!(error.is_transient());
        assert_eq!(
            error.connection_text(),
            "Timed out trying to connect to scheduler at west"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_leader_that_registers_meanwhile_is_found_at_once() {
        let seen = seen(view(0, Group::Missing));
        let start = Instant::now();
        let registering = async {
            tokio::time::sleep(13 * SECOND).await;
            seen.shown.send_replace(view(0, led("http://h:1")));
        };
        let (leader, ()) = tokio::join!(seen.discovery.leader(), registering);
        assert_eq!(leader.unwrap().as_str(), "http://h:1");
        assert_eq!(start.elapsed(), 13 * SECOND);
        assert_eq!(seen.reports.lock().unwrap().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_known_leader_counts_while_zookeeper_is_down_until_it_is_forgotten() {
        let seen = seen(View {
            trouble: Some("down".to_owned()),
            ..view(0, led("http://h:1"))
        });
        assert_eq!(
            seen.discovery.leader().await.unwrap().as_str(),
            "http://h:1"
        );

        seen.discovery.forget();
        assert_eq!(*seen.requested.borrow(), 1);
        let error = seen.discovery.leader().await.unwrap_err();
        assert!(matches!(error, Error::ZooKeeper { reason, .. } if reason == "down"));

        seen.shown.send_replace(view(1, led("http://h:1")));
        assert_eq!(
            seen.discovery.leader().await.unwrap().as_str(),
            "http://h:1"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_leader_without_an_address_fails_at_once() {
        let member = "/aurora/member_0000000001".to_owned();
        let start = Instant::now();
        let no_endpoint = seen(view(
            0,
            Group::NoEndpoint {
                member: member.clone(),
            },
        ));
        let error = no_endpoint.discovery.leader().await.unwrap_err();
        insta::assert_snapshot!(error, @"the leading scheduler of west is registered without an http or https endpoint (/aurora/member_0000000001 in ZooKeeper); check that scheduler_zk_path in clusters.json is the -serverset_path of the schedulers, and look at the scheduler's log");
        assert_eq!(
            error.connection_text(),
            "Timed out trying to connect to scheduler at west"
        );
        assert!(error.is_transient());

        let reason = "it is not UTF-8 text after 2 bytes".to_owned();
        let malformed = seen(view(0, Group::Malformed { member, reason }));
        let error = malformed.discovery.leader().await.unwrap_err();
        insta::assert_snapshot!(error, @"/aurora/member_0000000001 in ZooKeeper is not a scheduler of west: it is not UTF-8 text after 2 bytes; it must be JSON with serviceEndpoint, additionalEndpoints and status: check scheduler_zk_path in clusters.json, and remove the node if no scheduler made it");
        assert!(!error.is_transient());

        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(malformed.reports.lock().unwrap().len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_watch_that_cannot_be_kept_fails_without_spinning() {
        let Seen {
            discovery,
            shown,
            reports,
            ..
        } = seen(View::default());
        let ending = async {
            tokio::task::yield_now().await;
            drop(shown);
        };
        let (leader, ()) = tokio::join!(discovery.leader(), ending);
        assert!(matches!(leader, Err(Error::ZooKeeper { .. })));
        assert_eq!(reports.lock().unwrap().len(), 0);
    }
}
