//! How the command ends when the allocator aborts.

use std::sync::{Arc, atomic::AtomicBool};

use nix::libc::SIGABRT;
use signal_hook::{SigId, flag, low_level};

/// While this exists, an aborted command ends with an exit code rather than with a signal and a core
/// dump. A value of a job file that does not fit into memory aborts the command; the Rust runtime
/// prints a message first.
#[derive(Debug)]
pub(crate) struct ExitOnAbort(Option<SigId>);

impl ExitOnAbort {
    pub(crate) fn with(code: u8) -> Self {
        let always = Arc::new(AtomicBool::new(true));
        let code = i32::from(code);
        Self(flag::register_conditional_shutdown(SIGABRT, code, always).ok())
    }
}

impl Drop for ExitOnAbort {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            low_level::unregister(id);
        }
    }
}
