//! Jobs, their updates and announcements.

use super::{Container, HealthCheckConfig, HttpLifecycleConfig, LifecycleConfig, Task, prelude::*};
use crate::schema::values::{CronCollisionPolicy, Tier};

declare! {
    /// What runs, where, and how many times.
    struct Job = "MesosJob" {
        /// The last part of the job key, by default the name of the task.
        name, with_name: [text] given("{{task.name}}");
        /// The account that the processes run as; the second part of the job key.
        role, with_role: [text] required;
        /// A mail address of the owners.
        contact, with_contact: [maybe text] optional;
        /// The cluster that the job runs on; the first part of the job key.
        cluster, with_cluster: [text] required;
        /// The third part of the job key: `prod`, `devel`, `test`, or `staging` with or without a number.
        environment, with_environment: [text] from_key;
        /// How many copies of the task run.
        instances, with_instances: [int] default(1);
        /// What runs.
        task, with_task: [of Task] required;
        /// Publishes the endpoints of running tasks; nothing is published if unset.
        announce, with_announce: [maybe of Announcer] optional;
        /// How the scheduler places the tasks. `revocable` lets them run on resources that other tasks do not use.
        tier, with_tier: [maybe text as Tier] optional;
        /// When the job runs, in the five fields of cron; a job with a schedule is a cron job. It is meant for jobs that
        /// are not services; the client does not check that.
        cron_schedule, with_cron_schedule: [maybe text] optional;
        /// What happens to a run that is still active when the next one is due: `KILL_EXISTING` kills it, `CANCEL_NEW`
        /// skips the next run.
        cron_collision_policy, with_cron_collision_policy:
            [text as CronCollisionPolicy] default(CronCollisionPolicy::KillExisting);
        /// The settings of the job's updates.
        update_config, with_update_config: [of UpdateConfig] default(new);
        /// Conditions on hosts by the name of an attribute: `limit:N` for at most N instances per value, `a,b` for one of
        /// these values, `!a,b` for none of them.
        constraints, with_constraints: [texts] optional;
        /// Whether tasks are restarted whenever they exit.
        service, with_service: [truth] default(false);
        /// How many failures end a task that is not a service; -1 for no limit.
        max_task_failures, with_max_task_failures: [int] default(1);
        /// Whether the tasks count against the quota of the role and may preempt other tasks.
        production, with_production: [truth] default(false);
        /// Tasks with a higher number may preempt tasks with a lower one.
        priority, with_priority: [int] default(0);
        /// How the health of running tasks is checked.
        health_check_config, with_health_check_config: [maybe of HealthCheckConfig] default(new);
        /// How a task is asked to stop.
        lifecycle, with_lifecycle: [maybe of LifecycleConfig] default(
            ready DefaultLifecycleConfig: LifecycleConfig::http(HttpLifecycleConfig::default())
        );
        /// Links by their names. They are stored with the job, and not shown anywhere.
        task_links, with_task_links: [texts] optional;
        /// Whether the `hooks` of the file run for this job.
        enable_hooks, with_enable_hooks: [truth] default(false);
        /// What the processes run in; the bare host if unset.
        container, with_container: [maybe of Container] optional;
    }

    /// How fast an update replaces instances, and how many failures it tolerates.
    #[derive(Eq)]
    struct UpdateConfig = "UpdateConfig" {
        /// How many instances are updated in parallel.
        batch_size, with_batch_size: [int] default(1);
        /// For how many seconds a new instance must run to count as updated. It must be longer than the health checks need
        /// to detect a failure.
        watch_secs, with_watch_secs: [seconds] default(45);
        /// How many failures of one instance are tolerated before the instance counts as failed.
        max_per_shard_failures, with_max_per_shard_failures: [int] default(0);
        /// How many failed instances are tolerated before the update fails; must be less than the number of instances.
        max_total_failures, with_max_total_failures: [int] default(0);
        /// Whether a failed update is rolled back.
        rollback_on_failure, with_rollback_on_failure: [truth] default(true);
        /// Whether a batch must be complete before the next one starts.
        wait_for_batch_completion, with_wait_for_batch_completion: [truth] default(false);
        /// Makes the update a coordinated one: it blocks when no pulse has arrived for this number of seconds.
        pulse_interval_secs, with_pulse_interval_secs: [maybe seconds] optional;
    }

    /// How the endpoints of a running task are published in ZooKeeper.
    #[derive(Eq)]
    struct Announcer = "Announcer" {
        /// The name of the port that is the main endpoint.
        primary_port, with_primary_port: [text] default("http");
        /// More endpoints: the name of each with the name of its port, or with a port number. Numbers need a constraint
        /// named `dedicated`.
        portmap, with_portmap: [texts] default([("aurora", "{{primary_port}}")]);
        /// A path to use instead of `/aurora/ROLE/ENVIRONMENT/NAME`; the executor must allow it.
        zk_path, with_zk_path: [maybe text] optional;
    }
}
