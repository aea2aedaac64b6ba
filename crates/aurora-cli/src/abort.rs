//! How the command ends when the allocator gives up.

use std::sync::{Arc, atomic::AtomicBool};

use nix::libc::SIGABRT;
use signal_hook::{SigId, flag, low_level};

/// As long as it lives, an aborted command ends with an exit code of its own rather than by a signal
/// and a core dump. One value of a job file that is larger than all memory aborts it, after the run
/// time has said so.
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
