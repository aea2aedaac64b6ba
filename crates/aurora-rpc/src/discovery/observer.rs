//! Watching for the leader in a thread of its own, with one session.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use aurora_cluster::BaseUrl;
use tokio::runtime::Builder;
use tokio::sync::watch;
use tracing::subscriber::NoSubscriber;

use super::member;
use super::session::{Ensemble, Lost, Servers, Session};

/// The pause after the first session that was lost or not opened. Each following pause is twice as
/// long, until a session works again.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What is known of the leader.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    /// The group as it was read last, and the number of the latest request that came before.
    pub(super) group: Option<(u64, Group)>,
    /// Why nothing can be read, since the group was read.
    pub(super) trouble: Option<String>,
}

impl View {
    /// The group, if it was read after a request.
    pub(super) fn since(&self, request: u64) -> Option<&Group> {
        let (read, group) = self.group.as_ref()?;
        (*read >= request).then_some(group)
    }
}

/// The schedulers that are registered at the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// The path does not exist.
    Missing,
    /// No member is registered.
    Empty,
    /// The leader has an address.
    Led(Arc<BaseUrl>),
    /// The leader has no address for clients.
    NoEndpoint { member: String },
    /// The leader's data makes no sense.
    Malformed { member: String, reason: String },
}

/// A thread that watches. It says goodbye to ZooKeeper and ends when this is dropped.
#[derive(Debug)]
pub(super) struct Observer {
    requests: Option<watch::Sender<u64>>,
    views: watch::Receiver<View>,
    thread: Option<JoinHandle<()>>,
}

impl Observer {
    /// Starts to watch the group at `path`.
    pub(super) fn start(ensemble: Servers, path: String) -> io::Result<Self> {
        let (requests, requested) = watch::channel(0);
        let (shown, views) = watch::channel(View::default());
        let thread = thread::Builder::new()
            .name("aurora-zookeeper".to_owned())
            .spawn(move || {
                // `zookeeper-async` logs the passwords of sessions.
                tracing::subscriber::with_default(NoSubscriber::default(), || {
                    run(&ensemble, &path, requested, &shown);
                });
            })?;
        Ok(Self {
            requests: Some(requests),
            views,
            thread: Some(thread),
        })
    }

    /// What is seen, and the number of the latest request to look again.
    pub(super) fn watch(&self) -> (watch::Receiver<View>, u64) {
        let request = self.requests.as_ref().map_or(0, |latest| *latest.borrow());
        (self.views.clone(), request)
    }

    /// Asks to look again.
    pub(super) fn refresh(&self) {
        if let Some(requests) = &self.requests {
            requests.send_modify(|latest| *latest += 1);
        }
    }

    /// Whether it has ended because something is missing.
    pub(super) fn has_ended(&self) -> bool {
        self.views.has_changed().is_err()
    }

    /// One that is not watching, for tests of those who ask.
    #[cfg(test)]
    pub(super) fn shows(views: watch::Receiver<View>) -> (Self, watch::Receiver<u64>) {
        let (requests, requested) = watch::channel(0);
        let observer = Self {
            requests: Some(requests),
            views,
            thread: None,
        };
        (observer, requested)
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // Else the process might end before the goodbye. It takes a write to a socket.
            let _ = thread.join();
        }
    }
}

/// Watches, session after session, until the last client is dropped.
fn run(
    ensemble: &Servers,
    path: &str,
    mut requested: watch::Receiver<u64>,
    shown: &watch::Sender<View>,
) {
    let mut pause = Duration::ZERO;
    loop {
        // Each session has a runtime of its own, with which all that it started ends.
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                let trouble = Some(format!("cannot start a runtime: {error}"));
                shown.send_modify(|view| view.trouble = trouble);
                return;
            }
        };
        let next = runtime.block_on(watch_once(
            ensemble,
            path,
            &mut requested,
            shown,
            &mut pause,
        ));
        runtime.shutdown_background();
        if next.is_break() {
            return;
        }
    }
}

/// Pauses, then watches for the length of one session.
async fn watch_once<E: Ensemble>(
    ensemble: &E,
    path: &str,
    requested: &mut watch::Receiver<u64>,
    shown: &watch::Sender<View>,
    pause: &mut Duration,
) -> ControlFlow<()> {
    let opening = async {
        tokio::time::sleep(*pause).await;
        ensemble.open().await
    };
    let opened = tokio::select! {
        opened = opening => opened,
        () = nobody_asks(requested.clone()) => return ControlFlow::Break(()),
    };
    *pause = pause.saturating_mul(2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
    let ended = match opened {
        Ok(mut session) => match show(&mut session, path, requested, shown, pause).await {
            Ok(()) => {
                session.close().await;
                return ControlFlow::Break(());
            }
            Err(lost) => lost,
        },
        Err(lost) => lost,
    };
    shown.send_modify(|view| view.trouble = Some(ended.0));
    ControlFlow::Continue(())
}

/// Publishes the group as it changes, until the last client is dropped.
async fn show<S: Session>(
    session: &mut S,
    path: &str,
    requested: &mut watch::Receiver<u64>,
    shown: &watch::Sender<View>,
    pause: &mut Duration,
) -> Result<(), Lost> {
    loop {
        let request = *requested.borrow_and_update();
        let group = tokio::select! {
            group = read(session, path) => group?,
            () = nobody_asks(requested.clone()) => return Ok(()),
        };
        *pause = FIRST_PAUSE;
        shown.send_replace(View {
            group: Some((request, group)),
            trouble: None,
        });
        tokio::select! {
            changed = session.changed() => changed?,
            again = requested.changed() => if again.is_err() {
                return Ok(());
            },
        }
    }
}

async fn read<S: Session>(session: &mut S, path: &str) -> Result<Group, Lost> {
    loop {
        let Some(children) = session.children(path).await? else {
            return Ok(Group::Missing);
        };
        let Some(member) = member::leading(&children) else {
            return Ok(Group::Empty);
        };
        let member = format!("{}/{member}", path.trim_end_matches('/'));
        // A leader that has gone in between: look who is next.
        let Some(data) = session.data(&member).await? else {
            continue;
        };
        return Ok(match member::address(&data) {
            Ok(Some(address)) => Group::Led(Arc::new(address)),
            Ok(None) => Group::NoEndpoint { member },
            Err(reason) => Group::Malformed { member, reason },
        });
    }
}

async fn nobody_asks(mut requested: watch::Receiver<u64>) {
    while requested.changed().await.is_ok() {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::VecDeque;
    use std::future::pending;

    /// What a scripted session answers, in order.
    enum Step {
        Children(Option<&'static [&'static str]>),
        Data(Option<&'static str>),
        Changed,
        Lost(&'static str),
    }

    /// An ensemble that plays one script a session, and then refuses.
    struct Script(RefCell<VecDeque<Vec<Step>>>);

    struct Playing(VecDeque<Step>);

    impl Ensemble for Script {
        type Session = Playing;

        async fn open(&self) -> Result<Playing, Lost> {
            match self.0.borrow_mut().pop_front() {
                Some(steps) => Ok(Playing(steps.into())),
                None => Err(Lost("refused".to_owned())),
            }
        }
    }

    impl Session for Playing {
        async fn children(&mut self, path: &str) -> Result<Option<Vec<String>>, Lost> {
            assert_eq!(path, "/a");
            match self.0.pop_front() {
                Some(Step::Children(names)) => {
                    Ok(names.map(|names| names.iter().map(ToString::to_string).collect()))
                }
                Some(Step::Lost(why)) => Err(Lost(why.to_owned())),
                _ => panic!("children were not expected"),
            }
        }

        async fn data(&mut self, path: &str) -> Result<Option<Vec<u8>>, Lost> {
            assert!(path.starts_with("/a/member_"), "{path}");
            match self.0.pop_front() {
                Some(Step::Data(data)) => Ok(data.map(|data| data.as_bytes().to_vec())),
                _ => panic!("data was not expected"),
            }
        }

        async fn changed(&mut self) -> Result<(), Lost> {
            // Let others see what was shown.
            tokio::task::yield_now().await;
            match self.0.front() {
                Some(Step::Changed) => {
                    self.0.pop_front();
                    Ok(())
                }
                Some(Step::Lost(why)) => Err(Lost((*why).to_owned())),
                _ => pending().await,
            }
        }

        async fn close(self) {}
    }

    const LEADER: &str = r#"{"serviceEndpoint": {"host": "h", "port": 1}, "additionalEndpoints": {"http": {"host": "h", "port": 2}}, "status": "ALIVE"}"#;

    const NO_ENDPOINT: &str = r#"{"serviceEndpoint": {"host": "h", "port": 1}, "additionalEndpoints": {}, "status": "ALIVE"}"#;

    /// Every view that is shown while the sessions go by, and after them one refusal.
    async fn views_of(sessions: Vec<Vec<Step>>) -> Vec<String> {
        let count = sessions.len();
        let script = Script(RefCell::new(sessions.into()));
        let (_requests, mut requested) = watch::channel(0);
        let (shown, mut views) = watch::channel(View::default());
        let mut pause = Duration::ZERO;
        let mut seen = Vec::new();
        let watching = async {
            for _ in 0..=count {
                let next = watch_once(&script, "/a", &mut requested, &shown, &mut pause).await;
                assert!(next.is_continue());
            }
            drop(shown);
        };
        let looking = async {
            while views.changed().await.is_ok() {
                let view = views.borrow_and_update();
                let group = match &view.group {
                    None => "unknown".to_owned(),
                    Some((_, Group::Led(url))) => url.to_string(),
                    Some((_, Group::NoEndpoint { member })) => format!("{member} has no endpoint"),
                    Some((_, Group::Malformed { member, .. })) => format!("{member} is malformed"),
                    Some((_, group)) => format!("{group:?}"),
                };
                let trouble = view.trouble.as_deref().unwrap_or("fine");
                seen.push(format!("{group}, {trouble}"));
            }
        };
        tokio::join!(biased; looking, watching);
        seen
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_session_is_replaced_and_what_it_saw_still_counts() {
        let views = views_of(vec![
            vec![
                Step::Children(Some(&["member_0000000001"])),
                Step::Data(Some(LEADER)),
                Step::Lost("ended"),
            ],
            vec![
                Step::Children(Some(&["member_0000000001"])),
                // It went between the two reads.
                Step::Data(None),
                Step::Children(Some(&[])),
                Step::Lost("ended again"),
            ],
            vec![Step::Lost("no answer")],
        ])
        .await;
        insta::assert_snapshot!(views.join("\n"), @r"
        http://h:2, fine
        http://h:2, ended
        Empty, fine
        Empty, ended again
        Empty, no answer
        Empty, refused
        ");
    }

    #[tokio::test(start_paused = true)]
    async fn sessions_are_opened_again_after_growing_pauses() {
        let start = tokio::time::Instant::now();
        views_of((0..9).map(|_| vec![Step::Lost("no answer")]).collect()).await;
        // 0.1 + 0.2 + 0.4 + 0.8 + 1.6 + 3.2, and then 5 each.
        assert_eq!(start.elapsed(), Duration::from_millis(6_300 + 3 * 5_000));
    }

    #[tokio::test(start_paused = true)]
    async fn every_change_of_the_group_is_shown() {
        let views = views_of(vec![vec![
            Step::Children(None),
            Step::Changed,
            Step::Children(Some(&["singleton_candidate_0000000000"])),
            Step::Changed,
            Step::Children(Some(&["member_0000000002", "member_0000000001"])),
            Step::Data(Some(LEADER)),
            Step::Changed,
            Step::Children(Some(&["member_0000000002"])),
            Step::Data(Some(NO_ENDPOINT)),
            Step::Changed,
            Step::Children(Some(&["member_0000000002"])),
            Step::Data(Some("{}")),
            Step::Lost("gone"),
        ]])
        .await;
        insta::assert_snapshot!(views.join("\n"), @r"
        Missing, fine
        Empty, fine
        http://h:2, fine
        /a/member_0000000002 has no endpoint, fine
        /a/member_0000000002 is malformed, fine
        /a/member_0000000002 is malformed, gone
        /a/member_0000000002 is malformed, refused
        ");
    }
}
