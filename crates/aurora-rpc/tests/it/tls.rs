//! Schedulers behind TLS, with authorities that the tests make themselves.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aurora_cluster::Clusters;
use aurora_jobkey::JobKey;
use aurora_rpc::{
    Delivery, Error, RetryPolicy, SchedulerClient, SchedulerClientBuilder, Timeouts, VirtualClock,
};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, http, redirect};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::server::{RESPONSE_LIMIT, builder, ok};

/// An authority, and the file that names it.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    file: NamedTempFile,
}

impl Authority {
    fn new() -> Self {
        Self::named("the authority of the test")
    }

    fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(certificate.pem().as_bytes()).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            certificate: certificate.der().clone(),
            file,
        }
    }

    fn path(&self) -> &Path {
        self.file.path()
    }

    /// A certificate for `host` and its key.
    fn sign(&self, host: &str, change: impl FnOnce(&mut CertificateParams)) -> ServerIdentity {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
    }
}

type ServerIdentity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Takes TLS off in front of a server.
struct Front {
    url: String,
    task: JoinHandle<()>,
}

impl Front {
    async fn start(server: &ScriptedScheduler, identity: ServerIdentity) -> Self {
        Self::with_clients_of(server, identity, None).await
    }

    async fn with_clients_of(
        server: &ScriptedScheduler,
        (chain, key): ServerIdentity,
        clients: Option<&Authority>,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = match clients {
            None => config.with_no_client_auth(),
            Some(authority) => {
                let mut roots = rustls::RootCertStore::empty();
                roots.add(authority.certificate.clone()).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                config.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let behind = server.url().strip_prefix("http://").unwrap().to_owned();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, behind) = (acceptor.clone(), behind.clone());
                tokio::spawn(async move {
                    let mut stream = match acceptor.accept(stream).into_fallible().await {
                        Ok(stream) => stream,
                        Err((_, mut stream)) => {
                            // To close with unread bytes would reset, and could overtake the alert.
                            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
                            return;
                        }
                    };
                    let mut server = TcpStream::connect(behind).await.unwrap();
                    // Which side ends first does not matter.
                    let _ = copy_bidirectional(&mut stream, &mut server).await;
                });
            }
        });
        Self { url, task }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn unchanged(_: &mut CertificateParams) {}

/// With the time that a handshake takes on a busy machine.
fn trusting(url: &str, authority: &Authority) -> SchedulerClientBuilder {
    let limit = Duration::from_secs(3);
    builder(url)
        .timeouts(Timeouts::new(limit, limit + RESPONSE_LIMIT))
        .ca_file(authority.path())
        .retry(RetryPolicy::never())
}

fn job() -> JobKey {
    JobKey::new("west", "www", "prod", "web").unwrap()
}

/// The error of a call by a client that would repeat it, and whether it did.
async fn lasting_error(client: SchedulerClientBuilder) -> Error {
    let clock = VirtualClock::new();
    let client: SchedulerClient = client
        .retry(RetryPolicy::default())
        .clock(clock.clone())
        .build()
        .unwrap();
    let error = client.kill_tasks(&job(), None).await.unwrap_err();
    assert!(clock.sleeps().is_empty(), "{error}");
    error
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_when_it_is_named() {
    let authority = Authority::new();
    let server = ScriptedScheduler::performing([ok(None, "killed")]);
    let front = Front::start(&server, authority.sign("127.0.0.1", unchanged)).await;
    let url = front.url.replace("https://", "https://alice:s3cret@");
    let client = trusting(&url, &authority).build().unwrap();
    for _ in 0..2 {
        let reply = client.kill_tasks(&job(), None).await.unwrap();
        assert_eq!(reply.message(), "killed");
    }
    assert_eq!(server.methods(), ["killTasks", "killTasks"]);
    assert!(server.requests()[0].header("authorization").is_some());
    assert_eq!(client.base_url().await.unwrap().as_str(), front.url);
}

#[tokio::test]
async fn a_cluster_names_its_authority() {
    let (authority, other) = (Authority::new(), Authority::named("somebody else"));
    let server = ScriptedScheduler::performing([ok(None, "killed")]);
    let front = Front::start(&server, authority.sign("127.0.0.1", unchanged)).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(authority.path(), folder.path().join("ca.pem")).unwrap();
    let file = folder.path().join("clusters.json");
    let text = format!(
        r#"[{{"name": "west", "scheduler_uri": "{}", "ca_file": "ca.pem"}}]"#,
        front.url
    );
    std::fs::write(&file, text).unwrap();
    let clusters = Clusters::load(&[file]).unwrap();
    let cluster = clusters.get("west").unwrap();
    let builder = SchedulerClient::builder(cluster).retry(RetryPolicy::never());
    let client = builder.clone().build().unwrap();
    let reply = client.kill_tasks(&job(), None).await.unwrap();
    assert_eq!(reply.message(), "killed");

    // What the program names goes before.
    let client = builder.ca_file(other.path()).build().unwrap();
    let error = client.kill_tasks(&job(), None).await.unwrap_err();
    assert!(matches!(error, Error::Certificate { .. }), "{error:?}");
}

#[tokio::test]
async fn a_certificate_that_is_not_to_be_trusted_says_which_host_and_why() {
    let authority = Authority::new();
    let other = Authority::named("somebody else");
    let namesake = Authority::new();
    let server = ScriptedScheduler::performing([ok(None, "")]);
    let expired = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    };
    let early = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(4000, 1, 1);
        params.not_after = date_time_ymd(4001, 1, 1);
    };
    for (identity, why) in [
        (
            other.sign("127.0.0.1", unchanged),
            "no authority that this machine trusts",
        ),
        (
            namesake.sign("127.0.0.1", unchanged),
            "no authority that this machine trusts",
        ),
        (
            authority.sign("leader.example.com", unchanged),
            "leader.example.com",
        ),
        (authority.sign("127.0.0.1", expired), "certificate expired"),
        (authority.sign("127.0.0.1", early), "not valid yet"),
    ] {
        let front = Front::start(&server, identity).await;
        let error = lasting_error(trusting(&front.url, &authority)).await;
        let Error::Certificate { host, reason, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(host, "127.0.0.1");
        assert!(reason.contains(why), "{reason}");
        assert_eq!(error.delivery(), Delivery::NotExecuted);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_of_ours_is_not_asked_for_ten_minutes() {
    let authority = Authority::new();
    let server = ScriptedScheduler::performing([ok(None, "")]);
    let identity = authority.sign("127.0.0.1", unchanged);
    let front = Front::with_clients_of(&server, identity, Some(&authority)).await;
    let error = lasting_error(trusting(&front.url, &authority)).await;
    assert!(
        matches!(&error, Error::Tls { reason, .. } if reason.contains("CertificateRequired")),
        "{error:?}"
    );
    // The server looks at no request before it has seen who sends it.
    assert_eq!(error.delivery(), Delivery::NotExecuted);
    assert!(server.requests().is_empty());
}

/// A server that reads a whole request over TLS and then, instead of answering, ends TLS with an
/// alert. Gives its address, and how many requests it has read.
async fn alerting((chain, key): ServerIdentity) -> (String, Arc<AtomicUsize>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            let mut request = Vec::new();
            // Where the arguments of a call end.
            while !request.ends_with(b"}]") {
                assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0);
            }
            counter.fetch_add(1, Ordering::Relaxed);
            let (mut stream, mut session) = stream.into_inner();
            // A record that nobody has encrypted is what it alerts of.
            let record = [&[23, 3, 3, 0, 32][..], &[0; 32]].concat();
            session.read_tls(&mut &record[..]).unwrap();
            session.process_new_packets().unwrap_err();
            let mut alert = Vec::new();
            session.write_tls(&mut alert).unwrap();
            stream.write_all(&alert).await.unwrap();
        }
    });
    (url, requests)
}

#[tokio::test]
async fn an_alert_after_the_request_leaves_open_whether_it_was_carried_out() {
    let authority = Authority::new();
    let (url, requests) = alerting(authority.sign("127.0.0.1", unchanged)).await;
    let clock = VirtualClock::new();
    let client = trusting(&url, &authority)
        .retry(RetryPolicy::default())
        .clock(clock.clone())
        .build()
        .unwrap();
    let error = client.start_cron_job(&job()).await.unwrap_err();
    let Error::OutcomeUnknown { source, .. } = &error else {
        panic!("{error:?}");
    };
    assert!(
        matches!(&**source, Error::ConnectionLost { reason, .. } if reason.contains("BadRecordMac")),
        "{source:?}"
    );
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(requests.load(Ordering::Relaxed), 1);
    assert!(clock.sleeps().is_empty());

    // Twice is as good as once here, so that it is repeated, and then may have been done.
    let error = client.kill_tasks(&job(), None).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::GaveUp {
                may_have_run: true,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(requests.load(Ordering::Relaxed), 121);
}

#[tokio::test]
async fn tls_to_a_plain_port_and_the_reverse() {
    let authority = Authority::new();
    // What web servers reply to bytes that are no request.
    let plain = ScriptedScheduler::performing([Act::Greet(
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec(),
    )]);
    let url = plain.url().replace("http://", "https://");
    let error = lasting_error(trusting(&url, &authority)).await;
    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotExecuted);

    let front = Front::start(&plain, authority.sign("127.0.0.1", unchanged)).await;
    let url = front.url.replace("https://", "http://");
    let client = builder(&url).retry(RetryPolicy::never()).build().unwrap();
    let error = client.get_locks().await.unwrap_err();
    assert!(matches!(error, Error::NotHttp { .. }), "{error:?}");
    assert!(error.to_string().contains("https"), "{error}");
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_given_up() {
    let authority = Authority::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let client = trusting(&url, &authority).build().unwrap();
    let error = tokio::time::timeout(Duration::from_secs(10), client.get_locks())
        .await
        .expect("the call hangs")
        .unwrap_err();
    assert!(matches!(error, Error::ConnectTimedOut { .. }), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotExecuted);

    let closing = ScriptedScheduler::performing([Act::ResetUnread]);
    let url = closing.url().replace("http://", "https://");
    let client = trusting(&url, &authority).build().unwrap();
    let error = client.get_locks().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_redirect_to_https_repeats_the_message_there() {
    let authority = Authority::new();
    let leader = ScriptedScheduler::performing([ok(None, "killed")]);
    let front = Front::start(&leader, authority.sign("127.0.0.1", unchanged)).await;
    let follower = ScriptedScheduler::performing([redirect(307, &format!("{}/api", front.url))]);
    let url = follower.url().replace("http://", "http://alice:s3cret@");
    let client = trusting(&url, &authority).build().unwrap();
    let reply = client.kill_tasks(&job(), None).await.unwrap();
    assert_eq!(reply.message(), "killed");
    let (first, second) = (&follower.requests()[0], &leader.requests()[0]);
    assert_eq!(second.line(), "POST /api HTTP/1.1");
    assert_eq!(first.body, second.body);
    assert!(first.header("authorization").is_some());
    assert!(second.header("authorization").is_none());
}

#[tokio::test]
async fn a_redirect_from_https_to_http_takes_no_credentials_along() {
    let authority = Authority::new();
    let leader = ScriptedScheduler::performing([http(401, "")]);
    let follower = ScriptedScheduler::performing([redirect(307, &format!("{}/api", leader.url()))]);
    let front = Front::start(&follower, authority.sign("127.0.0.1", unchanged)).await;
    let text = "machine 127.0.0.1 login alice password s3cret";
    let netrc = aurora_rpc::Netrc::parse(Path::new("netrc"), text).unwrap();
    let client = trusting(&front.url, &authority).netrc(netrc);
    let error = client.build().unwrap().get_locks().await.unwrap_err();
    assert!(matches!(error, Error::Authentication { .. }), "{error:?}");
    assert!(follower.requests()[0].header("authorization").is_some());
    assert!(leader.requests()[0].header("authorization").is_none());
}
