//! The roles and jobs of schedulers that reply at once.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use aurora_api::JobConfiguration;
use aurora_cluster::{Cluster, SchedulerAddress};
use aurora_rpc::{Error, RetryPolicy, SchedulerClient};

use super::cache::{self, Answer, Answers};
use super::keys::{Known, KnownJob};
use crate::context::Context;
use crate::embedded;
use crate::target::Target;

/// How long finding a scheduler and its reply may take: a user who presses a key does not wait longer.
const DEADLINE: Duration = Duration::from_millis(100);

/// The schedulers of all clusters, with a cache of their replies.
pub(super) struct Schedulers<'a> {
    context: &'a Arc<Context>,
}

impl<'a> Schedulers<'a> {
    pub(super) fn new(context: &'a Arc<Context>) -> Self {
        Self { context }
    }

    /// A fresh reply from the cache, else that of the scheduler, else an old one from the cache.
    fn answer<T, Asked>(
        &self,
        cluster: &str,
        kept: impl FnOnce(&mut Answers) -> &mut Option<Answer<T>>,
        question: impl FnOnce(SchedulerClient) -> Asked + Send + 'static,
    ) -> Option<T>
    where
        T: Clone + Send + 'static,
        Asked: Future<Output = Result<T, Error>>,
    {
        let target = self.context.target(cluster).ok()?;
        let scheduler = place(&target.cluster)?;
        let path = self.cache_file(cluster);
        let now = jiff::Timestamp::now().as_second();
        let mut answers = match &path {
            Some(path) => Answers::load(path, &scheduler, now),
            None => Answers::default(),
        };
        let kept = kept(&mut answers);
        if let Some(fresh) = kept.as_ref().filter(|answer| answer.is_fresh(now)) {
            return Some(fresh.value.clone());
        }
        let Some(value) = ask(self.context, target, question) else {
            return kept.take().map(|answer| answer.value);
        };
        *kept = Some(Answer::new(value.clone(), now));
        if let Some(path) = path {
            // Without a cache, every key press calls the scheduler.
            let _ = answers.store(&path);
        }
        Some(value)
    }

    fn cache_file(&self, cluster: &str) -> Option<PathBuf> {
        let folder = self.context.environment.cache_dir()?;
        cache::file(&folder.join("completion"), cluster)
    }
}

impl Known for Schedulers<'_> {
    fn clusters(&self) -> Vec<String> {
        let Ok(clusters) = self.context.clusters() else {
            return Vec::new();
        };
        let mut names: Vec<_> = clusters.names().map(str::to_owned).collect();
        if embedded::IS_BUILT_IN && !clusters.contains(embedded::CLUSTER) {
            names.push(embedded::CLUSTER.to_owned());
        }
        names
    }

    fn roles(&self, cluster: &str) -> Vec<String> {
        let roles = self.answer(
            cluster,
            |answers| &mut answers.roles,
            async |client| {
                let summaries = client.get_role_summary().await?.value;
                Ok(summaries.into_iter().filter_map(|it| it.role).collect())
            },
        );
        roles.unwrap_or_default()
    }

    fn jobs(&self, cluster: &str, role: &str) -> Vec<KnownJob> {
        let asked = role.to_owned();
        let jobs = self.answer(
            cluster,
            |answers| answers.jobs.entry(role.to_owned()).or_default(),
            async move |client| {
                let jobs = client.get_jobs(Some(&asked)).await?.value;
                Ok(jobs.into_iter().filter_map(known_job).collect())
            },
        );
        jobs.unwrap_or_default()
    }
}

fn known_job(job: JobConfiguration) -> Option<KnownJob> {
    let key = job.key?;
    Some(KnownJob {
        environment: key.environment?,
        name: key.name?,
        instances: u32::try_from(job.instance_count.unwrap_or_default()).unwrap_or_default(),
    })
}

/// The address of a cluster's scheduler, without user and password.
fn place(cluster: &Cluster) -> Option<String> {
    match cluster.scheduler_address().ok()? {
        SchedulerAddress::Direct(url) => Some(url.as_str().to_owned()),
        SchedulerAddress::ZooKeeper(zk) => Some(format!("{}{}", zk.connect_string(), zk.path)),
        _ => None,
    }
}

/// Asks once and waits no longer than the deadline. A call that takes longer runs until the process ends, because the
/// look-up of a host name cannot be stopped.
fn ask<T, Asked>(
    context: &Arc<Context>,
    target: Target,
    question: impl FnOnce(SchedulerClient) -> Asked + Send + 'static,
) -> Option<T>
where
    T: Send + 'static,
    Asked: Future<Output = Result<T, Error>>,
{
    let (sender, receiver) = mpsc::channel();
    let context = Arc::clone(context);
    let once = RetryPolicy::never().with_deadline(DEADLINE);
    std::thread::Builder::new()
        .spawn(move || {
            let answer = context.client(&target).and_then(|client| {
                let question = question(client.with_retry(once));
                context.block_on(async { Ok(question.await?) })
            });
            // After the deadline nothing waits for the reply.
            let _ = sender.send(answer.ok());
        })
        .ok()?;
    receiver.recv_timeout(DEADLINE).ok()?
}
