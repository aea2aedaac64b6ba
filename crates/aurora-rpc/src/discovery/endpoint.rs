//! The address of a service that a member of a serverset registers.

use serde::Deserialize;

/// A host and a port, as both encodings of a member have them.
#[derive(Debug, Deserialize)]
pub(super) struct Endpoint {
    pub(super) host: String,
    pub(super) port: u16,
}
