//! The engine against a clock of our own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use tempfile::TempDir;

use super::*;
use crate::model::{Amount, sample};

/// An engine with two cores and three ports, and what it ordered.
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    orders: Arc<Mutex<Vec<Order>>>,
    folder: TempDir,
    timings: Timings,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::open(tempfile::tempdir().unwrap(), Timings::default())
    }

    /// One whose random numbers are all this one.
    pub(crate) fn with_random(random: f64) -> Self {
        Self::open_with(tempfile::tempdir().unwrap(), Timings::default(), random)
    }

    fn open(folder: TempDir, timings: Timings) -> Self {
        Self::open_with(folder, timings, 0.0)
    }

    fn open_with(folder: TempDir, timings: Timings, random: f64) -> Self {
        let orders = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&orders);
        let (store, state) = Store::open(&folder.path().join("state")).unwrap();
        let settings = EngineSettings {
            host: Host {
                name: "box".to_owned(),
                attributes: BTreeMap::from([(
                    "host".to_owned(),
                    BTreeSet::from(["box".to_owned()]),
                )]),
                capacity: Amount {
                    cpus: 2.0,
                    ram_mb: 1000,
                    disk_mb: 1000,
                },
                ports: 3,
            },
            timings,
            task_ports: 31_700..=31_702,
            random: Box::new(move || random),
            time_zone: TimeZone::UTC,
            orders: Box::new(move |order| sink.lock().unwrap().push(order)),
        };
        Self {
            engine: Engine::new(store, state, settings),
            orders,
            folder,
            timings,
        }
    }

    /// The same folder, by a new engine.
    pub(crate) fn reopen(self) -> Self {
        let Self {
            engine,
            folder,
            timings,
            ..
        } = self;
        drop(engine);
        Self::open(folder, timings)
    }

    /// Adds instances of `www/prod/web` with one core each.
    pub(crate) fn add(&mut self, now: i64, instances: i32, change: impl FnOnce(&mut TaskConfig)) {
        let model = sample("t", TaskState::Pending, &[]);
        let mut config = TaskConfig::clone(&model.config);
        change(&mut config);
        let config = Arc::new(config);
        self.engine
            .change(now, |change| {
                for instance in 0..instances {
                    change.add(&model.job, instance, &config);
                }
            })
            .unwrap();
    }

    /// The states of all tasks, by instance and then by age.
    pub(crate) fn states(&self) -> Vec<&'static str> {
        let mut tasks: Vec<&Task> = self.engine.tasks().collect();
        tasks.sort_by_key(|task| (task.instance, task.created()));
        tasks.iter().map(|task| task.state.name()).collect()
    }

    fn only(&self, state: TaskState) -> String {
        let mut found = self.engine.tasks().filter(|task| task.state == state);
        let id = found.next().unwrap().id.clone();
        assert!(found.next().is_none());
        id
    }

    /// Runs what is assigned and ends what is being killed, at once, until nothing is left to do. Says when to go on.
    pub(crate) fn live(&mut self, now: i64) -> Option<i64> {
        loop {
            let wake = self.engine.tick(now).unwrap();
            let moves: Vec<(String, TaskState)> = self
                .engine
                .tasks()
                .filter_map(|task| match task.state {
                    TaskState::Assigned => Some((task.id.clone(), TaskState::Running)),
                    TaskState::Killing | TaskState::Restarting | TaskState::Draining => {
                        Some((task.id.clone(), TaskState::Killed))
                    }
                    _ => None,
                })
                .collect();
            if moves.is_empty() {
                return wake;
            }
            for (id, state) in moves {
                self.report(now, &id, state);
            }
        }
    }

    pub(crate) fn report(&mut self, now: i64, id: &str, state: TaskState) {
        self.engine.report(now, id, state, None).unwrap();
    }

    pub(crate) fn orders(&self) -> Vec<Order> {
        std::mem::take(&mut self.orders.lock().unwrap())
    }
}

fn ports(config: &mut TaskConfig, names: &[&str]) {
    config.requested_ports = Some(names.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn tasks_start_as_far_as_the_host_goes() {
    let mut bench = Bench::new();
    bench.add(1000, 3, |_| {});
    assert_eq!(bench.states(), ["PENDING"; 3]);
    assert_eq!(bench.orders(), []);
    let wake = bench.engine.tick(1001).unwrap();
    assert_eq!(bench.states(), ["ASSIGNED", "ASSIGNED", "PENDING"]);
    assert_eq!(wake, Some(2001), "the waiting one is looked at again");
    let launched: Vec<String> = bench
        .orders()
        .into_iter()
        .map(|order| match order {
            Order::Launch(task) => task.id,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(launched.len(), 2);

    bench.report(1100, &launched[0], TaskState::Finished);
    bench.engine.tick(1101).unwrap();
    assert_eq!(bench.states(), ["FINISHED", "ASSIGNED", "ASSIGNED"]);
}

#[test]
fn ports_are_never_given_twice() {
    let mut bench = Bench::new();
    bench.add(0, 2, |config| {
        config.num_cpus = Some(0.1.into());
        ports(config, &["a", "b"]);
    });
    bench.engine.tick(1).unwrap();
    assert_eq!(
        bench.states(),
        ["ASSIGNED", "PENDING"],
        "three ports are no four"
    );
    let waiting = bench.only(TaskState::Pending);
    assert_eq!(bench.engine.pending()[waiting.as_str()], [Veto::Ports]);

    let running = bench.only(TaskState::Assigned);
    let first: BTreeSet<i32> = bench
        .engine
        .task(&running)
        .unwrap()
        .ports
        .values()
        .copied()
        .collect();
    assert_eq!(first.len(), 2);
    bench.report(5, &running, TaskState::Failed);
    bench.engine.tick(6).unwrap();
    assert_eq!(bench.states(), ["FAILED", "ASSIGNED"]);
}

#[test]
fn states_that_must_not_last_end_in_lost() {
    let mut bench = Bench::new();
    bench.add(0, 1, |_| {});
    bench.engine.tick(10).unwrap();
    let limit = 5 * 60 * 1000;
    assert_eq!(bench.engine.tick(9 + limit).unwrap(), Some(10 + limit));
    assert_eq!(bench.states(), ["ASSIGNED"]);
    let stuck = bench.only(TaskState::Assigned);
    bench.orders();
    bench.engine.tick(10 + limit).unwrap();
    let lost = bench.engine.task(&stuck).unwrap();
    assert_eq!(lost.state, TaskState::Lost);
    assert_eq!(
        lost.events.last().unwrap().message.as_deref(),
        Some("Task timed out")
    );
    assert_eq!(bench.states(), ["LOST", "ASSIGNED"]);
    assert_eq!(bench.orders()[0], Order::Kill(stuck));
}

#[test]
fn starting_has_no_limit() {
    let mut bench = Bench::new();
    bench.add(0, 1, |_| {});
    bench.engine.tick(0).unwrap();
    let id = bench.only(TaskState::Assigned);
    bench.report(1, &id, TaskState::Starting);
    bench.engine.tick(24 * 3600 * 1000).unwrap();
    assert_eq!(bench.states(), ["STARTING"]);
}

/// Lets the newest task of a service run for a while and end.
fn end_newest(bench: &mut Bench, now: i64) {
    bench.engine.tick(now).unwrap();
    let id = bench.only(TaskState::Assigned);
    bench.report(now, &id, TaskState::Running);
    bench.report(now + 1000, &id, TaskState::Finished);
}

#[test]
fn a_flapping_service_waits_longer_and_longer_even_over_a_restart() {
    let mut bench = Bench::new();
    bench.add(0, 1, |config| config.is_service = Some(true));
    end_newest(&mut bench, 10);
    assert_eq!(bench.states(), ["FINISHED", "PENDING"]);
    end_newest(&mut bench, 2000);
    assert_eq!(bench.states(), ["FINISHED", "FINISHED", "THROTTLED"]);
    // Two ancestors have flapped by now; with random numbers of zero the delay stays at its first value.
    assert_eq!(bench.engine.tick(3001).unwrap(), Some(33_000));

    let mut bench = bench.reopen();
    bench.engine.recover(4000).unwrap();
    assert_eq!(bench.engine.tick(4000).unwrap(), Some(33_000));
    bench.engine.tick(32_999).unwrap();
    assert_eq!(bench.states(), ["FINISHED", "FINISHED", "THROTTLED"]);
    bench.engine.tick(33_000).unwrap();
    assert_eq!(bench.states(), ["FINISHED", "FINISHED", "ASSIGNED"]);
}

#[test]
fn what_ran_when_the_engine_ended_is_lost_and_comes_back() {
    let mut bench = Bench::new();
    bench.add(0, 2, |_| {});
    bench.engine.tick(1).unwrap();
    let ids: Vec<String> = bench.engine.tasks().map(|task| task.id.clone()).collect();
    bench.report(2, &ids[0], TaskState::Running);
    bench.report(3, &ids[1], TaskState::Running);
    bench
        .engine
        .change(4, |change| {
            change.move_to(&ids[1], TaskState::Killing, None)
        })
        .unwrap();
    let mut bench = bench.reopen();
    bench.engine.recover(500_000).unwrap();
    let mut states = bench.states();
    states.sort_unstable();
    assert_eq!(
        states,
        ["LOST", "LOST", "PENDING"],
        "one was to be killed anyway"
    );
}

#[test]
fn draining_ends_everything_and_starts_nothing() {
    let mut bench = Bench::new();
    bench.add(0, 3, |_| {});
    bench.engine.tick(1).unwrap();
    bench.orders();
    bench.engine.drain(2).unwrap();
    assert_eq!(bench.states(), ["DRAINING", "DRAINING", "PENDING"]);
    assert_eq!(bench.orders().len(), 2);
    let ids: Vec<String> = bench.engine.ids(|task| task.state == TaskState::Draining);
    for id in &ids {
        bench.report(3, id, TaskState::Killed);
    }
    assert_eq!(bench.engine.tick(4).unwrap(), None);
    let waiting = bench
        .states()
        .iter()
        .filter(|state| **state == "PENDING")
        .count();
    assert_eq!(waiting, 3);
}

#[test]
fn ended_tasks_are_forgotten_by_age_and_number() {
    let hour = 3600 * 1000;
    let mut bench = Bench::new();
    bench.timings.history_per_job = 2;
    let mut bench = bench.reopen();
    bench.add(0, 1, |config| {
        config.is_service = Some(true);
        config.num_cpus = Some(0.1.into());
    });
    for round in 0..4 {
        bench.engine.tick(round * hour).unwrap();
        let id = bench.only(TaskState::Assigned);
        bench.report(round * hour + 1, &id, TaskState::Running);
        bench.report((round + 1) * hour - 1000, &id, TaskState::Finished);
    }
    bench.engine.next_sweep = 0;
    bench.engine.tick(4 * hour - 900).unwrap();
    let ended = |bench: &Bench| {
        bench
            .engine
            .tasks()
            .filter(|it| it.state.is_terminal())
            .count()
    };
    assert_eq!(ended(&bench), 2, "two are too many, and older than an hour");
    let forgotten = bench
        .orders()
        .iter()
        .filter(|it| matches!(it, Order::Forget(_)))
        .count();
    assert_eq!(forgotten, 2);

    let running = bench.only(TaskState::Assigned);
    bench.report(4 * hour, &running, TaskState::Running);
    bench.engine.tick(60 * hour).unwrap();
    assert_eq!(ended(&bench), 0, "nothing is kept for more than two days");
}

#[test]
fn a_late_report_of_life_asks_for_an_end() {
    let mut bench = Bench::new();
    bench.add(0, 1, |_| {});
    bench.engine.tick(1).unwrap();
    let id = bench.only(TaskState::Assigned);
    bench.report(2, &id, TaskState::Finished);
    bench.orders();
    bench.report(3, &id, TaskState::Running);
    bench.report(4, "unknown", TaskState::Starting);
    assert_eq!(
        bench.orders(),
        [Order::Kill(id), Order::Kill("unknown".to_owned())]
    );
    assert_eq!(bench.states(), ["FINISHED"]);
}

#[test]
fn what_cannot_be_stored_has_not_happened() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::open(folder, Timings::default());
    let mut bench = bench;
    bench.add(0, 1, |_| {});
    // A handle that has failed is opened again; a folder in its place cannot be opened by anybody.
    let path = bench.folder.path().join("state");
    let aside = bench.folder.path().join("aside");
    bench.engine.store.close();
    std::fs::rename(&path, &aside).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(bench.engine.tick(1).is_err());
    assert_eq!(bench.states(), ["PENDING"]);
    assert_eq!(bench.orders(), []);

    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(&aside, &path).unwrap();
    bench.engine.tick(2).unwrap();
    assert_eq!(bench.states(), ["ASSIGNED"]);
    let bench = bench.reopen();
    assert_eq!(bench.states(), ["ASSIGNED"]);
}

#[test]
fn waits_do_not_overflow() {
    let mut bench = Bench::new();
    bench.timings.transient_timeout = Duration::MAX;
    bench.timings.history_sweep = Duration::MAX;
    let mut bench = bench.reopen();
    bench.add(i64::MAX - 1, 1, |_| {});
    bench.engine.tick(i64::MAX - 1).unwrap();
    assert_eq!(bench.states(), ["ASSIGNED"]);
}
