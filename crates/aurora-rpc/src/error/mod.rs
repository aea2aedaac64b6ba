//! The errors of this crate. The file is long because one enumeration holds them all, so that a caller finds
//! every error in one place.

mod delivery;
mod kerberos_problem;
mod status;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use aurora_api::ResponseCode;
use aurora_api::message::ExceptionKind;
use aurora_jobkey::{InstanceSet, JobKey};

use crate::reply::join_messages;
pub use delivery::Delivery;
pub use kerberos_problem::KerberosProblem;
pub use status::HttpStatus;

/// An error of another library.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why a call to a scheduler failed, where, and what to do about it.
///
/// No variant contains a password: addresses are shown without user and password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration of the cluster cannot be used: it has no address, a bad one, or asks for
    /// something unknown.
    #[error(transparent)]
    Cluster {
        /// What is wrong with it, and in which file.
        #[from]
        source: aurora_cluster::Error,
    },

    /// `scheduler_uri` cannot be used as an address.
    #[error(
        "`{address}` is not the address of a scheduler: {reason}; write scheduler_uri as http://HOST:PORT"
    )]
    BadAddress {
        /// The address as it was given, without user and password.
        address: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The cluster needs something that this library does not do.
    #[error("cluster {cluster} needs {needs}, which this client does not support; {instead}")]
    Unsupported {
        /// Name of the cluster.
        cluster: String,
        /// What it needs.
        needs: &'static str,
        /// What to do instead.
        instead: &'static str,
    },

    /// The cluster requires a user and a password, and none were given.
    #[error(
        "cluster {cluster} requires a user and a password (auth_mechanism BASIC), and none were given; put `machine HOST login USER password PASSWORD` into ~/.netrc, or write its scheduler_uri as http://USER:PASSWORD@HOST:PORT"
    )]
    NoCredentials {
        /// Name of the cluster.
        cluster: String,
    },

    /// No Kerberos token could be made for the scheduler. Nothing was sent.
    #[error("no Kerberos ticket for {service}: {reason}; {}", problem.advice())]
    Kerberos {
        /// The scheduler as the realm knows it, `HTTP@HOST`.
        service: String,
        /// Of what kind the problem is.
        problem: KerberosProblem,
        /// What the Kerberos library says.
        reason: String,
    },

    /// ZooKeeper, where the leading scheduler is registered, cannot be reached.
    #[error(
        "cannot find the leading scheduler of {cluster} in ZooKeeper ({servers}): {reason}; check that ZooKeeper runs, and that zk and zk_port in clusters.json are right"
    )]
    ZooKeeper {
        /// Name of the cluster.
        cluster: String,
        /// The servers as `HOST:PORT`, joined by commas.
        servers: String,
        /// Why not, with the name of the server that it is about.
        reason: String,
    },

    /// No scheduler is registered in ZooKeeper: either none runs, or they register elsewhere.
    #[error(
        "cluster {cluster} has no leading scheduler: {} in ZooKeeper ({servers}); check that a scheduler runs, and that scheduler_zk_path in clusters.json is its -serverset_path",
        if *path_exists { format!("no member is registered at {path}") } else { format!("{path} does not exist") }
    )]
    NoLeader {
        /// Name of the cluster.
        cluster: String,
        /// `scheduler_zk_path`.
        path: String,
        /// The servers as `HOST:PORT`, joined by commas.
        servers: String,
        /// Whether the path exists, so that it is likely to be right.
        path_exists: bool,
    },

    /// The leader is registered without an address for clients.
    #[error(
        "the leading scheduler of {cluster} is registered without an http or https endpoint ({member} in ZooKeeper); check that scheduler_zk_path in clusters.json is the -serverset_path of the schedulers, and look at the scheduler's log"
    )]
    NoEndpoint {
        /// Name of the cluster.
        cluster: String,
        /// Path of the leader's node.
        member: String,
    },

    /// What the leader registered is not what schedulers register.
    #[error(
        "{member} in ZooKeeper is not a scheduler of {cluster}: {reason}; it must be JSON with serviceEndpoint, additionalEndpoints and status: check scheduler_zk_path in clusters.json, and remove the node if no scheduler made it"
    )]
    MalformedMember {
        /// Name of the cluster.
        cluster: String,
        /// Path of the leader's node.
        member: String,
        /// What is wrong with its data.
        reason: String,
    },

    /// A `.netrc` that others than its owner may read, which is therefore not used.
    #[error(
        "{} is not used, because others may read the passwords in it (mode {mode:04o}); `chmod 600` it",
        path.display()
    )]
    NetrcIsOpen {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },

    /// A `.netrc` that cannot be read.
    #[error("{} cannot be read for passwords: {reason}", path.display())]
    NetrcUnreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// A `.netrc` with a mistake in it. The whole file is ignored.
    #[error(
        "{}:{line}: {reason}; the file is ignored until that is fixed",
        path.display()
    )]
    NetrcSyntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there, without any text of the file.
        reason: &'static str,
    },

    /// The file with certificate authorities cannot be used.
    #[error(
        "{} cannot be used as certificate authorities: {reason}; name a file of certificates in PEM form",
        path.display()
    )]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// This machine has no certificate authorities.
    #[error(
        "cannot use TLS for {url}: {reason}; install the authorities of the system (such as the package ca-certificates), or name a file of them"
    )]
    NoTls {
        /// Address of the request.
        url: String,
        /// What is missing.
        reason: String,
    },

    /// The server's certificate is not trusted. Nothing was sent.
    #[error(
        "the certificate of {host} is not trusted ({url}): {reason}; check the address, or name the file of the authority that signs for this cluster"
    )]
    Certificate {
        /// Address of the request.
        url: String,
        /// The host that presented it.
        host: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The TLS handshake failed. The scheduler did not execute the call.
    #[error("TLS handshake with {url} failed: {reason}; check that the port is one for https")]
    Tls {
        /// Address of the request.
        url: String,
        /// What was wrong.
        reason: String,
    },

    /// The connection was refused: no process listens at the address.
    #[error(
        "connection to {url} refused; check that the scheduler runs and that the port is right"
    )]
    Refused {
        /// Address of the request.
        url: String,
        /// What the system said.
        reason: String,
    },

    /// The host name has no address.
    #[error("cannot find the host of {url}: {reason}; check the host name in clusters.json")]
    UnknownHost {
        /// Address of the request.
        url: String,
        /// What the resolver said.
        reason: String,
    },

    /// The network does not reach the address.
    #[error("cannot reach {url}: {reason}; check the network between here and the scheduler")]
    Unreachable {
        /// Address of the request.
        url: String,
        /// What the system said.
        reason: String,
    },

    /// Connecting timed out. Nothing was sent.
    #[error("connecting to {url} timed out after {}; check the address and the network, or allow more time", seconds(*limit))]
    ConnectTimedOut {
        /// Address of the request.
        url: String,
        /// The limit of [`Timeouts::connect`](crate::Timeouts::connect).
        limit: Duration,
    },

    /// The reply timed out: it was not complete within its limit.
    #[error("the reply of {url} timed out after {}; the scheduler may be overloaded: retry, or allow more time", seconds(*limit))]
    TimedOut {
        /// Address of the request.
        url: String,
        /// The limit of [`Timeouts::response`](crate::Timeouts::response).
        limit: Duration,
    },

    /// The connection ended before the reply was complete.
    #[error("the connection to {url} ended before the reply was complete: {reason}; retry")]
    ConnectionLost {
        /// Address of the request.
        url: String,
        /// What the connection said.
        reason: String,
    },

    /// The transport that the program gave to the client failed.
    #[error("the transport to {url} failed: {source}")]
    Transport {
        /// Address of the request.
        url: String,
        /// The error of the transport.
        source: BoxError,
    },

    /// The reply is not HTTP.
    #[error(
        "{url} does not speak HTTP: {reason}; check the port in clusters.json, and whether it is one for https"
    )]
    NotHttp {
        /// Address of the request.
        url: String,
        /// What the parser said.
        reason: String,
    },

    /// An HTTP status that is not a success, other than 401 and 403.
    #[error("{url} answered {status}; {}", status.advice())]
    Status {
        /// Address that responded, which redirects may have changed.
        url: String,
        /// The status.
        status: HttpStatus,
    },

    /// HTTP 401 or 403: the scheduler does not accept the user.
    #[error("{url} answered {status}; {hint}")]
    Authentication {
        /// Address that responded.
        url: String,
        /// The status: its code is 401 or 403.
        status: HttpStatus,
        /// What to do with the mechanism in use.
        hint: &'static str,
    },

    /// More redirects than are followed for one request.
    #[error(
        "{url} was redirected more than {limit} times; the schedulers may be electing a leader: retry"
    )]
    TooManyRedirects {
        /// Address where the redirects began.
        url: String,
        /// How many are followed.
        limit: usize,
    },

    /// A redirect to something that is not an `http` or `https` address.
    #[error("{url} redirects to `{location}`, {reason}; name the leader itself as scheduler_uri")]
    BadRedirect {
        /// Address that redirects.
        url: String,
        /// Where to, without user and password.
        location: String,
        /// Why that cannot be followed.
        reason: &'static str,
    },

    /// The reply is larger than allowed.
    #[error(
        "the reply of {url} is larger than {limit} bytes; request less (one role, one job), or raise the limit"
    )]
    TooLarge {
        /// Address of the request.
        url: String,
        /// The limit that the client was built with.
        limit: usize,
    },

    /// The reply cannot be decompressed: its gzip stream is cut or damaged, or its encoding is not gzip.
    #[error("cannot decompress the reply of {url}: {reason}; check for a proxy in between")]
    Packing {
        /// Address that responded.
        url: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The HTTP response is a success, but not a Thrift message.
    #[error(
        "the reply of {url} to {method} is not a Thrift message: {source}; it begins with `{excerpt}`; check that scheduler_uri is the address of an Aurora scheduler"
    )]
    NotThrift {
        /// Address that responded.
        url: String,
        /// The method of the call.
        method: &'static str,
        /// The beginning of the reply, on one line.
        excerpt: String,
        /// The error of the decoder.
        source: BoxError,
    },

    /// The scheduler replied with a Thrift exception, as it does to methods that it lacks.
    #[error(
        "the scheduler failed at {method} ({kind}): {}; it may be too old or too new for this call",
        if message.is_empty() { "it gives no reason" } else { message }
    )]
    Exception {
        /// The method of the call.
        method: &'static str,
        /// What kind of exception it is.
        kind: ExceptionKind,
        /// The scheduler's message; it may be empty.
        message: String,
    },

    /// The reply contains no response.
    #[error("the scheduler replied to {method} without a result; check its log")]
    EmptyResult {
        /// The method of the call.
        method: &'static str,
    },

    /// The response is OK but lacks the result of the call.
    #[error(
        "the scheduler's reply to {method} lacks its {wanted}; it may be too old or too new for this client"
    )]
    MissingResult {
        /// The method of the call.
        method: &'static str,
        /// The part that is missing, by its Thrift name.
        wanted: &'static str,
    },

    /// The scheduler refused the call.
    #[error("the scheduler refused {method} ({code}): {}", join_messages(messages))]
    Rejected {
        /// The method of the call.
        method: &'static str,
        /// The response code: anything but `OK` and `ERROR_TRANSIENT`.
        code: ResponseCode,
        /// The scheduler's messages, in order.
        messages: Vec<String>,
    },

    /// The scheduler cannot execute the call now (`ERROR_TRANSIENT`).
    #[error(
        "the scheduler cannot execute {method} now: {}; retry",
        join_messages(messages)
    )]
    Transient {
        /// The method of the call.
        method: &'static str,
        /// The scheduler's messages, in order.
        messages: Vec<String>,
    },

    /// Every attempt failed until the time for retries was over.
    #[error(
        "timed out attempting to issue {method} to {cluster}: {attempts} attempts within {} failed, the last one because {last}{}",
        seconds(*waited), if *may_have_run { "; the scheduler may have executed an attempt that got no reply: check the job before you repeat the call" } else { "" }
    )]
    GaveUp {
        /// The method of the call.
        method: &'static str,
        /// Name of the cluster.
        cluster: String,
        /// How many attempts were made.
        attempts: u32,
        /// How long they took, with the pauses between them.
        waited: Duration,
        /// Whether an attempt that changes something may have reached the scheduler.
        may_have_run: bool,
        /// The failure of the last attempt.
        #[source]
        last: Box<Error>,
    },

    /// The reply was lost, and a repetition could run the call twice.
    #[error(
        "the scheduler of {cluster} may or may not have executed {method}, because {source}; check the job before you repeat the call"
    )]
    OutcomeUnknown {
        /// The method of the call.
        method: &'static str,
        /// Name of the cluster.
        cluster: String,
        /// How the reply was lost.
        source: Box<Error>,
    },

    /// The deadline of the whole call passed during an attempt.
    #[error(
        "{method} on {cluster} missed its deadline of {}; the scheduler may have executed it: check the job before you repeat the call, or allow more time",
        seconds(*limit)
    )]
    DeadlinePassed {
        /// The method of the call.
        method: &'static str,
        /// Name of the cluster.
        cluster: String,
        /// The limit of [`RetryPolicy::deadline`](crate::RetryPolicy::deadline).
        limit: Duration,
    },

    /// An empty set of instances, which the scheduler would read as all of them.
    #[error("{method} needs at least one instance; name the instances, or ask for all of them")]
    NoInstances {
        /// The method of the call.
        method: &'static str,
    },

    /// A number that the API cannot carry.
    #[error(
        "{method} cannot take {value} as its {argument}; the largest number is {}",
        i32::MAX
    )]
    TooLargeNumber {
        /// The method of the call.
        method: &'static str,
        /// What the number is.
        argument: &'static str,
        /// The number.
        value: u32,
    },

    /// Instances that no job can have.
    #[error(
        "{method} cannot take the instances {instances}: a job has far fewer; name those that it has"
    )]
    TooManyInstances {
        /// The method of the call.
        method: &'static str,
        /// The instances.
        instances: InstanceSet,
    },

    /// A job of one cluster was given to the client of another.
    #[error("job {job} does not belong to cluster {cluster}; use a client of its own cluster")]
    WrongCluster {
        /// The job.
        job: JobKey,
        /// Name of the client's cluster.
        cluster: String,
    },

    /// Four parts that are not a job key.
    #[error("`{text}` is not a job key: {source}")]
    NoJobKey {
        /// The parts, joined by `/`.
        text: String,
        /// What is wrong with one of them.
        source: aurora_jobkey::Error,
    },

    /// The configuration of a job cannot be converted for the scheduler.
    #[error(transparent)]
    Config {
        /// Which rule the job breaks.
        source: Box<aurora_config::Error>,
    },

    /// A job that runs on a schedule was given to a call for other jobs.
    #[error("{method} does not take {job}, which runs on a schedule; send it with scheduleCronJob")]
    CronJob {
        /// The job.
        job: JobKey,
        /// The method of the call.
        method: &'static str,
    },

    /// Hooks of the job stopped a call. Nothing was sent.
    #[error("hooks stopped the call to {method}: {}; a hook lets the call pass by returning True", hooks.join(", "))]
    HooksRefused {
        /// The call as hooks name it, such as `kill_job`.
        method: &'static str,
        /// The classes of the hooks that stopped it.
        hooks: Vec<String>,
    },

    /// A hook exited the program instead of returning.
    #[error(
        "the hook {class_name} exited with code {code} in {method}, {} the call was made",
        if *sent { "after" } else { "before" }
    )]
    HookExited {
        /// The class of the hook.
        class_name: String,
        /// The method that exited, such as `pre_kill_job`.
        method: String,
        /// The exit code that it asked for.
        code: i32,
        /// Whether the call was made.
        sent: bool,
    },

    /// A hook could not be run.
    #[error("the hook {class_name} cannot be run: {reason}")]
    HookNotRun {
        /// The class of the hook.
        class_name: String,
        /// Why not.
        reason: String,
    },

    /// The kill of one batch of instances failed; earlier batches are done.
    #[error("the kill of instances {instances} failed: {source}")]
    KillFailed {
        /// The instances of the batch.
        instances: InstanceSet,
        /// Why.
        source: Box<Error>,
    },

    /// The restart of one batch of instances failed, or the look at how it goes.
    #[error("the restart of instances {instances} failed: {source}")]
    RestartFailed {
        /// The instances of the batch.
        instances: InstanceSet,
        /// The instances that were restarted before, and healthy for as long as they had to be.
        restarted: InstanceSet,
        /// Why.
        source: Box<Error>,
    },

    /// A text that is not a duration.
    #[error(
        "`{text}` is not a duration; write days, hours, minutes and seconds, such as `1d2h3m4s`"
    )]
    BadTimeSpan {
        /// The text.
        text: String,
    },

    /// A text that is not the name of a [`Goal`](crate::operations::Goal).
    #[error("`{text}` is not a goal of a wait; use `running or ended` or `ended`")]
    BadGoal {
        /// The text.
        text: String,
    },

    /// A text that is not the name of a [`Stage`](crate::operations::Stage).
    #[error("`{text}` is not a stage of a call; use one of `not sent`, `sent` and `executed`")]
    BadStage {
        /// The text.
        text: String,
    },

    /// A text or number that is not a percentile.
    #[error("`{text}` is not a percentile; write a number greater than 0 and less than 100")]
    BadPercentile {
        /// The text.
        text: String,
    },
}

impl From<aurora_config::Error> for Error {
    fn from(source: aurora_config::Error) -> Self {
        Self::Config {
            source: Box::new(source),
        }
    }
}

/// The first I/O error in a chain of causes.
pub(crate) fn io_cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a io::Error> {
    find_cause(error)
}

/// The first error of one type in a chain of causes.
pub(crate) fn find_cause<'a, T: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a T> {
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref::<T>())
}

/// A length of time as texts for people have it.
pub(crate) fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}
