//! Everything that can go wrong between a caller and a scheduler, in one enumeration however long: callers
//! and the command look here for what to expect.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use aurora_api::ResponseCode;
use aurora_api::message::ExceptionKind;
use aurora_jobkey::{InstanceSet, JobKey};

use crate::answer::join_messages;
use crate::kerberos::KerberosProblem;
use crate::status::HttpStatus;

/// An error of another library.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why a call to a scheduler failed, where, and what to do about it.
///
/// No variant ever holds a password: addresses are shown without user and password.
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
        /// How to go on without it.
        instead: &'static str,
    },

    /// The cluster wants user and password, and none were given.
    #[error(
        "cluster {cluster} wants a user and a password (auth_mechanism BASIC), and none were given; put `machine HOST login USER password PASSWORD` into ~/.netrc, or write its scheduler_uri as http://USER:PASSWORD@HOST:PORT"
    )]
    NoCredentials {
        /// Name of the cluster.
        cluster: String,
    },

    /// There is no Kerberos token for the scheduler. Nothing was sent.
    #[error("no Kerberos ticket for {service}: {reason}; {}", problem.advice())]
    Kerberos {
        /// The scheduler as the realm knows it, `HTTP@HOST`.
        service: String,
        /// Of what kind the problem is.
        problem: KerberosProblem,
        /// What the Kerberos library says.
        reason: String,
    },

    /// ZooKeeper, which knows the leader, cannot be asked.
    #[error(
        "ZooKeeper ({servers}), which knows the leading scheduler of {cluster}, cannot be asked: {reason}; check that it runs, and that zk and zk_port in clusters.json are right"
    )]
    ZooKeeper {
        /// Name of the cluster.
        cluster: String,
        /// The servers as `HOST:PORT`, joined by commas.
        servers: String,
        /// Why not, with the name of the server that it is about.
        reason: String,
    },

    /// ZooKeeper knows no scheduler: either none leads, or they register elsewhere.
    #[error(
        "no scheduler of {cluster} leads: {} {path} in ZooKeeper ({servers}); check that a scheduler runs, and that scheduler_zk_path in clusters.json is its -serverset_path",
        if *path_exists { "nobody is registered at" } else { "there is no" }
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
        "{member} in ZooKeeper is no scheduler of {cluster}: {reason}; it should be JSON with serviceEndpoint, additionalEndpoints and status: check scheduler_zk_path in clusters.json, and remove the node if no scheduler made it"
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

    /// A `.netrc` with a mistake in it, of which nothing is used.
    #[error(
        "{}:{line}: {reason}; nothing of the file is used until that is mended",
        path.display()
    )]
    NetrcSyntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there; never a word of the file.
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

    /// This machine has nothing to check certificates with.
    #[error(
        "{url} needs TLS, which cannot be used here: {reason}; install the authorities of the system (such as the package ca-certificates), or name a file of them"
    )]
    NoTls {
        /// Address of the request.
        url: String,
        /// What is missing.
        reason: String,
    },

    /// The server's certificate is not one to trust. Nothing was sent.
    #[error(
        "the certificate of {host} is not to be trusted ({url}): {reason}; check the address, or name the file of the authority that signs for this cluster"
    )]
    Certificate {
        /// Address of the request.
        url: String,
        /// The host that presented it.
        host: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The server does not speak TLS, or not with us. Nothing was carried out.
    #[error("no TLS with {url}: {reason}; check that the port is one for https")]
    Tls {
        /// Address of the request.
        url: String,
        /// What was wrong.
        reason: String,
    },

    /// Nobody listens at the address.
    #[error(
        "nobody listens at {url}: connection refused; check that the scheduler runs and that the port is right"
    )]
    Refused {
        /// Address of the request.
        url: String,
        /// What the system said.
        reason: String,
    },

    /// The host name leads nowhere.
    #[error("the host of {url} cannot be found: {reason}; check the host name in clusters.json")]
    UnknownHost {
        /// Address of the request.
        url: String,
        /// What the resolver said.
        reason: String,
    },

    /// The network does not reach the address.
    #[error("{url} cannot be reached: {reason}; check the network between here and the scheduler")]
    Unreachable {
        /// Address of the request.
        url: String,
        /// What the system said.
        reason: String,
    },

    /// No connection within its limit. Nothing was sent.
    #[error("no connection to {url} within {}; check the address and the network, or allow more time", seconds(*limit))]
    ConnectTimedOut {
        /// Address of the request.
        url: String,
        /// The limit of [`Timeouts::connect`](crate::Timeouts::connect).
        limit: Duration,
    },

    /// Connected, but the whole answer did not come within its limit.
    #[error("no complete answer from {url} within {}; the scheduler may be overloaded: try again, or allow more time", seconds(*limit))]
    TimedOut {
        /// Address of the request.
        url: String,
        /// The limit of [`Timeouts::response`](crate::Timeouts::response).
        limit: Duration,
    },

    /// The connection ended before the whole answer was there.
    #[error("the connection to {url} ended before the answer was complete: {reason}; try again")]
    ConnectionLost {
        /// Address of the request.
        url: String,
        /// What the connection said.
        reason: String,
    },

    /// What came back is not HTTP.
    #[error(
        "{url} does not speak HTTP: {reason}; check the port in clusters.json, and whether it is one for https"
    )]
    NotHttp {
        /// Address of the request.
        url: String,
        /// What the parser said.
        reason: String,
    },

    /// An HTTP status that is no success, other than 401 and 403.
    #[error("{url} answered {status}; {}", status.advice())]
    Status {
        /// Address that answered, which redirects may have changed.
        url: String,
        /// The status.
        status: HttpStatus,
    },

    /// HTTP 401 or 403: the scheduler does not accept who is calling.
    #[error("{url} answered {status}; {hint}")]
    Authentication {
        /// Address that answered.
        url: String,
        /// The status: its code is 401 or 403.
        status: HttpStatus,
        /// What to do with the mechanism in use.
        hint: &'static str,
    },

    /// More redirects than are followed for one request.
    #[error(
        "{url} was redirected more than {limit} times; the schedulers may be electing a leader: try again"
    )]
    TooManyRedirects {
        /// Address where the redirects began.
        url: String,
        /// How many are followed.
        limit: usize,
    },

    /// A redirect to something that is no `http` or `https` address.
    #[error("{url} redirects to `{location}`, {reason}; name the leader itself as scheduler_uri")]
    BadRedirect {
        /// Address that redirects.
        url: String,
        /// Where to, without user and password.
        location: String,
        /// Why that cannot be followed.
        reason: &'static str,
    },

    /// The answer is larger than allowed.
    #[error(
        "the answer of {url} is larger than {limit} bytes; ask for less (one role, one job), or raise the limit"
    )]
    TooLarge {
        /// Address of the request.
        url: String,
        /// The limit that the client was built with.
        limit: usize,
    },

    /// The answer cannot be unpacked: its gzip stream is cut or broken, or it is packed otherwise.
    #[error(
        "the answer of {url} cannot be unpacked: {reason}; check what stands between here and the scheduler"
    )]
    Packing {
        /// Address that answered.
        url: String,
        /// What is wrong with it.
        reason: String,
    },

    /// A success by HTTP, but no Thrift message.
    #[error(
        "the answer of {url} to {method} is no Thrift message: {source}; it begins with `{excerpt}`; check that scheduler_uri is the address of an Aurora scheduler"
    )]
    NotThrift {
        /// Address that answered.
        url: String,
        /// The method of the call.
        method: &'static str,
        /// The beginning of the answer, on one line.
        excerpt: String,
        /// What the decoder said.
        source: BoxError,
    },

    /// The scheduler answered with a Thrift exception, as it does for methods that it lacks.
    #[error(
        "the scheduler failed at {method} ({kind}): {}; it may be too old or too new for this call",
        if message.is_empty() { "it does not say why" } else { message }
    )]
    Exception {
        /// The method of the call.
        method: &'static str,
        /// What kind of exception it is.
        kind: ExceptionKind,
        /// What the scheduler says; it may be nothing.
        message: String,
    },

    /// The answer carries no response at all.
    #[error(
        "the scheduler answered {method} without a result; look at its log for what went wrong"
    )]
    EmptyResult {
        /// The method of the call.
        method: &'static str,
    },

    /// The response is OK but lacks the part that belongs to the call.
    #[error(
        "the scheduler's answer to {method} lacks its {wanted}; it may be too old or too new for this client"
    )]
    MissingResult {
        /// The method of the call.
        method: &'static str,
        /// The part that is missing, by its Thrift name.
        wanted: &'static str,
    },

    /// The scheduler understood, and said no.
    #[error("the scheduler refused {method} ({code}): {}", join_messages(messages))]
    Rejected {
        /// The method of the call.
        method: &'static str,
        /// The response code: anything but `OK` and `ERROR_TRANSIENT`.
        code: ResponseCode,
        /// The scheduler's messages, in order.
        messages: Vec<String>,
    },

    /// The scheduler asks to come back later (`ERROR_TRANSIENT`).
    #[error(
        "the scheduler cannot do {method} right now: {}; try again",
        join_messages(messages)
    )]
    Transient {
        /// The method of the call.
        method: &'static str,
        /// The scheduler's messages, in order.
        messages: Vec<String>,
    },

    /// Attempt after attempt failed until the time for retries was over.
    #[error(
        "timed out attempting to issue {method} to {cluster}: {attempts} attempts within {} failed, the last one because {last}{}",
        seconds(*waited), if *may_have_run { "; an attempt without an answer may have been carried out all the same: look before you repeat it" } else { "" }
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

    /// The answer got lost, and repeating the call could do its work twice.
    #[error(
        "{method} on {cluster} may or may not have been carried out, because {source}; see what the job looks like before you repeat it"
    )]
    OutcomeUnknown {
        /// The method of the call.
        method: &'static str,
        /// Name of the cluster.
        cluster: String,
        /// How the answer got lost.
        source: Box<Error>,
    },

    /// The deadline of the whole call passed in the middle of an attempt.
    #[error(
        "no answer to {method} from {cluster} within {}, the deadline of the call; what the call changes may have been changed all the same: look before you repeat it, or allow more time",
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

    /// An empty set of instances, which the scheduler would take for all of them.
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

    /// A job of one cluster was asked of the scheduler of another.
    #[error("job {job} is not one of cluster {cluster}; use a client of its own cluster")]
    WrongCluster {
        /// The job.
        job: JobKey,
        /// Name of the client's cluster.
        cluster: String,
    },

    /// Four parts that make no job key.
    #[error("`{text}` names no job: {source}")]
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

    /// A text that is no time span.
    #[error("`{text}` is no time span; write days, hours, minutes and seconds as in 1d2h3m4s")]
    BadTimeSpan {
        /// The text.
        text: String,
    },

    /// A text or number that is no percentile.
    #[error("`{text}` is no percentile; write a number between 0 and 100, both excluded")]
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
