//! TLS: whose certificates are trusted, and what is said of those that are not.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{AlertDescription, CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::error::Error;

/// The settings of TLS connections: the authorities of the system, and those of a file.
///
/// The authorities of the system are read at the first connection that needs them, as most commands
/// need none.
#[derive(Clone, Default)]
pub(crate) struct Tls {
    extra: Arc<[CertificateDer<'static>]>,
    config: Arc<OnceLock<Result<Arc<ClientConfig>, String>>>,
}

impl Tls {
    /// Trusts the authorities of the system, and those in a file of PEM certificates.
    pub(crate) fn new(ca_file: Option<&Path>) -> Result<Self, Error> {
        let extra = match ca_file {
            Some(path) => authorities(path).map_err(|reason| Error::CaFile {
                path: path.to_owned(),
                reason,
            })?,
            None => Vec::new(),
        };
        Ok(Self {
            extra: extra.into(),
            config: Arc::default(),
        })
    }

    /// The settings, made at the first call, which reads files.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, NoTls> {
        self.config
            .get_or_init(|| make(&self.extra))
            .clone()
            .map_err(NoTls)
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("extra_authorities", &self.extra.len())
            .finish_non_exhaustive()
    }
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| error.to_string())?;
    if certificates.is_empty() {
        return Err("it holds no certificate in PEM form".to_owned());
    }
    // Looked at now, so that a bad file shows before the first connection that needs it.
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store
            .add(certificate.clone())
            .map_err(|error| error.to_string())?;
    }
    Ok(certificates)
}

fn make(extra: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra.iter().cloned(), Arc::clone(&provider))
        .map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// TLS cannot be used at all on this machine.
#[derive(Debug)]
pub(super) struct NoTls(String);

impl fmt::Display for NoTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoTls {}

/// What an error of TLS while connecting to `host` means.
pub(super) fn explain(url: String, host: &str, error: &rustls::Error) -> Error {
    let host = host.to_owned();
    match error {
        rustls::Error::InvalidCertificate(reason) => Error::Certificate {
            url,
            host,
            reason: match reason {
                // The latter from a namesake of an authority.
                CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                    "no authority that this machine trusts signed it".to_owned()
                }
                other => other.to_string(),
            },
        },
        other => Error::Tls {
            url,
            reason: match other {
                rustls::Error::InvalidMessage(_) => "the server does not speak TLS".to_owned(),
                other => other.to_string(),
            },
        },
    }
}

/// Whether the server ended the connection because of who is calling, which no repetition helps.
pub(super) fn is_refusal(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::AlertReceived(
            AlertDescription::AccessDenied
                | AlertDescription::BadCertificate
                | AlertDescription::CertificateRequired
                | AlertDescription::HandshakeFailure
                | AlertDescription::UnknownCA
        )
    )
}

/// The error of TLS in a chain of causes. I/O errors carry theirs inside, where `source` passes
/// it by.
pub(super) fn cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    std::iter::successors(Some(error), |error| {
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inside) => Some(inside as &(dyn std::error::Error + 'static)),
            None => error.source(),
        }
    })
    .find_map(|error| error.downcast_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_holds_no_authority_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let missing = Tls::new(Some(&path)).unwrap_err().to_string();
        assert!(missing.contains("ca.pem"), "{missing}");
        for text in [
            "",
            "no certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n",
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Tls::new(Some(&path)).unwrap_err();
            assert!(matches!(error, Error::CaFile { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn the_cause_is_found_inside_of_io_errors() {
        let error = io::Error::other(io::Error::other(rustls::Error::DecryptError));
        assert_eq!(cause(&error), Some(&rustls::Error::DecryptError));
        assert_eq!(cause(&io::Error::other("x")), None);
    }
}
