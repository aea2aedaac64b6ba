use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn at(seconds: u64) -> Duration {
    SECOND * u32::try_from(seconds).unwrap()
}

fn process(name: &str) -> ProcessSpec {
    ProcessSpec::new(name, "true")
}

fn last(name: &str) -> ProcessSpec {
    ProcessSpec {
        is_final: true,
        ..process(name)
    }
}

fn daemon(name: &str) -> ProcessSpec {
    ProcessSpec {
        daemon: true,
        ..process(name)
    }
}

fn ephemeral(name: &str) -> ProcessSpec {
    ProcessSpec {
        ephemeral: true,
        ..process(name)
    }
}

fn failing(name: &str, max_failures: u32) -> ProcessSpec {
    ProcessSpec {
        max_failures,
        ..process(name)
    }
}

fn task<const N: usize>(processes: [ProcessSpec; N], orders: &[&[&str]]) -> TaskSpec {
    TaskSpec {
        constraints: orders
            .iter()
            .map(|order| order.iter().map(|name| (*name).to_owned()).collect())
            .collect(),
        ..TaskSpec::new("t", processes)
    }
}

fn plans<const N: usize>(
    processes: [ProcessSpec; N],
    orders: &[&[&str]],
) -> Result<(Plan, Plan), Error> {
    Plan::of_task(&task(processes, orders), None)
}

fn plan<const N: usize>(processes: [ProcessSpec; N], orders: &[&[&str]]) -> Plan {
    plans(processes, orders).unwrap().0
}

fn refusal<const N: usize>(processes: [ProcessSpec; N], orders: &[&[&str]]) -> String {
    plans(processes, orders).unwrap_err().to_string()
}

impl Plan {
    fn launch(&mut self, seconds: u64) -> Vec<String> {
        let names = self.launchable(at(seconds));
        for name in &names {
            self.started(name);
        }
        names
    }
}

#[test]
fn a_process_waits_for_the_one_before_it() {
    let mut plan = plan(
        [process("c"), process("a"), process("b")],
        &[&["a", "b", "c"]],
    );
    assert_eq!(plan.launch(0), ["a"]);
    assert!(plan.launch(1).is_empty());
    plan.succeeded("a", at(1));
    assert_eq!(plan.launch(1), ["b"]);
    plan.succeeded("b", at(2));
    assert_eq!(plan.launch(2), ["c"]);
    assert!(!plan.is_complete());
    plan.succeeded("c", at(3));
    assert!(plan.is_complete());
    assert!(plan.is_healthy(1));
}

#[test]
fn a_repeated_order_counts_once() {
    let mut plan = plan(
        [process("a"), process("b")],
        &[&["a", "b"], &["a", "b"], &["b"]],
    );
    plan.launch(0);
    plan.succeeded("a", at(0));
    assert_eq!(plan.launch(0), ["b"]);
}

#[test]
fn a_process_waits_for_all_before_it() {
    let mut plan = plan(
        [process("a"), process("b"), process("c")],
        &[&["a", "c"], &["b", "c"]],
    );
    assert_eq!(plan.launch(0), ["a", "b"]);
    plan.succeeded("b", at(0));
    assert!(plan.launch(0).is_empty());
    plan.succeeded("a", at(0));
    assert_eq!(plan.launch(0), ["c"]);
}

#[test]
fn each_plan_takes_its_own_orders() {
    let (mut regular, mut finalizing) = plans(
        [process("a"), process("b"), last("x"), last("y")],
        &[&["b", "a"], &["y", "x"], &["nobody", "knows"]],
    )
    .unwrap();
    assert_eq!(regular.launch(0), ["b"]);
    assert_eq!(finalizing.launch(0), ["y"]);
}

#[test]
fn impossible_orders_are_refused_with_names() {
    let two = || [process("a"), last("z")];
    assert_eq!(
        refusal(two(), &[&["a"], &["a", "z"]]),
        "order constraint 2 joins `a` with `z`, which is in the other plan; final and ordinary processes cannot be ordered together"
    );
    assert_eq!(
        refusal(two(), &[&["a", "b"]]),
        "order constraint 1 joins `a` with `b`, which is not a process of this task"
    );
    assert_eq!(
        refusal(two(), &[&[]]),
        "order constraint 1 is empty; name at least one process or remove it"
    );
    assert_eq!(
        refusal([daemon("d"), process("a")], &[&["d", "a"]]),
        "process `a` is ordered after `d`, which is a daemon and never finishes"
    );
    assert_eq!(
        refusal([ephemeral("e"), process("a")], &[&["e", "a"]]),
        "process `a` is ordered after `e`, which is ephemeral; make `a` ephemeral too or drop the order"
    );
    assert!(plans([ephemeral("e"), ephemeral("f")], &[&["e", "f"]]).is_ok());
    assert!(plans([process("a"), daemon("d")], &[&["a", "d"]]).is_ok());
}

#[test]
fn cycles_are_shown_in_order_and_without_what_leads_to_them() {
    let names = || ["s", "a", "b", "c", "t"].map(process);
    assert_eq!(
        refusal(names(), &[&["s", "a", "b", "c", "a"], &["c", "t"]]),
        "the order of processes has a cycle: a -> b -> c -> a"
    );
    assert_eq!(
        refusal(names(), &[&["a", "a"]]),
        "the order of processes has a cycle: a -> a"
    );
    assert_eq!(
        refusal(names(), &[&["t", "s"], &["s", "t"]]),
        "the order of processes has a cycle: s -> t -> s"
    );
}

#[test]
fn bad_processes_are_refused() {
    for name in ["", ".", ".hidden", "/abs", "a/b", "nul\0"] {
        assert!(matches!(
            plans([process(name)], &[]),
            Err(Error::InvalidName { .. })
        ));
    }
    assert!(plans([process("a.b c")], &[]).is_ok());
    assert_eq!(
        refusal([process("a"), last("a")], &[]),
        "two processes are named `a`; give each its own name"
    );
    assert!(matches!(
        plans([ProcessSpec::new("a", "echo \0")], &[]),
        Err(Error::NulInCommandLine { .. })
    ));
}

#[test]
fn min_duration_runs_from_the_end_and_not_before_the_first_run() {
    let mut plan = plan([failing("a", 0)], &[]);
    assert_eq!(plan.launch(0), ["a"]);
    plan.failed("a", at(100));
    assert!(plan.launch(114).is_empty());
    assert_eq!(plan.next_due(at(104)), Some(at(11)));
    assert_eq!(plan.next_due(at(115)), None);
    assert_eq!(plan.launch(115), ["a"]);
    plan.failed("a", at(116));
    assert_eq!(plan.next_due(at(116)), Some(at(15)));
}

#[test]
fn a_process_fails_at_its_limit_and_blocks_others_for_ever() {
    let mut plan = plan([failing("a", 2), process("b")], &[&["a", "b"]]);
    plan.launch(0);
    plan.failed("a", at(0));
    assert!(plan.is_healthy(1));
    assert_eq!(plan.launch(15), ["a"]);
    plan.failed("a", at(15));
    assert_eq!(plan.failed_names().collect::<Vec<_>>(), ["a"]);
    assert_eq!(plan.pending_names().collect::<Vec<_>>(), ["b"]);
    assert!(plan.is_deadlocked());
    assert!(!plan.is_complete());
    assert!(!plan.is_healthy(0));
}

#[test]
fn an_independent_failure_below_the_limit_leaves_the_task_healthy() {
    let mut plan = plan([process("a"), process("b")], &[]);
    plan.launch(0);
    plan.failed("a", at(0));
    plan.succeeded("b", at(0));
    assert!(plan.is_complete());
    assert!(plan.is_healthy(2));
    assert!(plan.is_healthy(0));
    assert!(!plan.is_healthy(1));
}

#[test]
fn daemons_run_again_until_they_fail() {
    let mut plan = plan([daemon("d")], &[]);
    for round in 0..3 {
        assert_eq!(plan.launch(round * 20), ["d"]);
        plan.succeeded("d", at(round * 20));
        assert!(!plan.is_complete());
        assert!(!plan.is_deadlocked());
    }
    plan.launch(60);
    plan.failed("d", at(60));
    assert!(plan.is_complete());
}

#[test]
fn ephemerals_never_count_and_release_others_when_they_fail() {
    let mut plan = plan([ephemeral("e"), ephemeral("f")], &[&["e", "f"]]);
    assert!(plan.is_complete());
    plan.launch(0);
    plan.failed("e", at(0));
    assert_eq!(plan.launch(0), ["f"]);
    assert_eq!(plan.failures(), 0);
}

#[test]
fn loss_counts_as_nothing_and_pauses_for_a_second() {
    let mut plan = plan([process("a")], &[]);
    plan.launch(0);
    plan.lost("a", at(5));
    assert!(plan.is_healthy(1));
    assert!(plan.launch(5).is_empty());
    assert_eq!(plan.launch(6), ["a"]);
    plan.succeeded("a", at(6));
    assert!(plan.is_complete());
}

#[test]
fn loss_does_not_shorten_a_pause() {
    let mut plan = plan([failing("a", 0)], &[]);
    plan.launch(0);
    plan.failed("a", at(0));
    plan.launch(15);
    plan.lost("a", at(15));
    assert_eq!(plan.launch(16), ["a"]);
}

#[test]
fn what_could_not_be_launched_is_not_tried_at_once() {
    let quick = ProcessSpec {
        min_duration: Duration::ZERO,
        ..failing("a", 2)
    };
    let mut plan = plan([quick], &[]);
    plan.launch(0);
    plan.not_launched("a", at(0));
    assert!(plan.launch(0).is_empty());
    assert_eq!(plan.launch(1), ["a"]);
    plan.not_launched("a", at(1));
    assert_eq!(plan.failures(), 1);
}

#[test]
fn the_run_limit_fails_whatever_the_process_is() {
    let spec = task([daemon("d"), ephemeral("e"), process("p")], &[]);
    let (mut plan, _) = Plan::of_task(&spec, Some(1)).unwrap();
    plan.launch(0);
    for name in ["d", "e", "p"] {
        plan.succeeded(name, at(0));
    }
    assert_eq!(plan.failures(), 3);
}

#[test]
fn slots_are_counted_in_each_plan() {
    let mut spec = task([process("a"), process("b"), process("c"), last("z")], &[]);
    spec.max_concurrency = 2;
    let (mut regular, mut finalizing) = Plan::of_task(&spec, None).unwrap();
    assert_eq!(regular.launch(0), ["a", "b"]);
    assert!(regular.launch(0).is_empty());
    assert_eq!(finalizing.launch(0), ["z"]);
    regular.succeeded("b", at(0));
    assert_eq!(regular.launch(0), ["c"]);
    assert_eq!(regular.running(), 2);
}

#[test]
fn events_about_what_does_not_run_change_nothing() {
    let mut plan = plan([process("a")], &[]);
    plan.succeeded("a", at(0));
    plan.failed("nobody", at(0));
    plan.lost("a", at(0));
    plan.started("nobody");
    assert_eq!(plan.launch(0), ["a"]);
    plan.started("a");
    assert_eq!(plan.running(), 1);
}

mod random {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Copy, Debug)]
    enum End {
        Success,
        Failure,
        Loss,
    }

    fn end() -> impl Strategy<Value = End> {
        prop_oneof![
            6 => Just(End::Success),
            3 => Just(End::Failure),
            1 => Just(End::Loss),
        ]
    }

    prop_compose! {
        /// Orders lead from lower to higher numbers, so there is no cycle; names are given backwards, so
        /// that the order of declaration is of no help.
        fn dag()(count in 1_usize..12)(
            edges in prop::collection::vec((0..count, 0..count), 0..20),
            limits in prop::collection::vec(0_u32..4, count),
            seconds in prop::collection::vec(0_u64..5, count),
            max_concurrency in 0_u32..4,
        ) -> TaskSpec {
            let name = |number: usize| format!("p{number}");
            let processes = (0..limits.len()).rev().map(|number| ProcessSpec {
                max_failures: limits[number],
                min_duration: at(seconds[number]),
                ..process(&name(number))
            });
            TaskSpec {
                constraints: edges
                    .into_iter()
                    .filter(|(a, b)| a != b)
                    .map(|(a, b)| vec![name(a.min(b)), name(a.max(b))])
                    .collect(),
                max_concurrency,
                ..TaskSpec::new("random", processes)
            }
        }
    }

    proptest! {
        #[test]
        fn every_plan_ends_and_keeps_its_rules(
            spec in dag(),
            ends in prop::collection::vec((end(), 0_usize..8), 0..200),
        ) {
            let (mut plan, _) = Plan::of_task(&spec, Some(50)).unwrap();
            let mut ends = ends.into_iter();
            let mut running: Vec<String> = Vec::new();
            let mut finished: BTreeSet<String> = BTreeSet::new();
            let mut ended: HashMap<String, Duration> = HashMap::new();
            let mut now = Duration::ZERO;
            let mut steps = 0;
            while !plan.is_complete() && !plan.is_deadlocked() {
                steps += 1;
                prop_assert!(steps < 5_000, "the plan does not end");
                for name in plan.launchable(now) {
                    for order in &spec.constraints {
                        if order[1] == name {
                            prop_assert!(finished.contains(&order[0]), "{name} before {}", order[0]);
                        }
                    }
                    let process = spec.processes.iter().find(|p| p.name == name).unwrap();
                    if let Some(&end) = ended.get(&name) {
                        prop_assert!(now >= end + process.min_duration, "{name} too early");
                    }
                    prop_assert!(!finished.contains(&name), "{name} again");
                    plan.started(&name);
                    running.push(name);
                }
                prop_assert_eq!(plan.running(), running.len());
                prop_assert!(
                    spec.max_concurrency == 0 || running.len() <= spec.max_concurrency as usize
                );
                if running.is_empty() {
                    let wait = plan.next_due(now);
                    prop_assert!(wait.is_some(), "nothing runs and nothing is due");
                    now += wait.unwrap();
                    continue;
                }
                let (end, which) = ends.next().unwrap_or((End::Success, 0));
                let name = running.remove(which % running.len());
                now += Duration::from_millis(300);
                match end {
                    End::Success => {
                        plan.succeeded(&name, now);
                        ended.insert(name.clone(), now);
                        if plan.failed_names().all(|failed| failed != name) {
                            finished.insert(name);
                        }
                    }
                    End::Failure => {
                        plan.failed(&name, now);
                        ended.insert(name, now);
                    }
                    End::Loss => plan.lost(&name, now),
                }
            }
            // Either everything has run to an end, or what has not waits for something that failed.
            if plan.is_complete() {
                prop_assert_eq!(finished.len() + plan.failures(), spec.processes.len());
            } else {
                prop_assert!(plan.failures() > 0);
            }
        }
    }
}
