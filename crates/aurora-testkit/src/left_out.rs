//! Tests that need programs which a machine may lack.

use std::io::Write as _;

/// With this in the environment, tests fail when a program is missing instead of being left out.
pub const REQUIRED: &str = "AURORA_REQUIRE_TEST_SERVERS";

/// Whether the test can run: if not, it is left out by name, on standard error. `packages` are the Debian packages
/// that bring `what`, if packages do.
///
/// Panics if the environment says that the programs are required.
#[must_use]
pub fn unless(is_installed: bool, what: &str, packages: &[&str]) -> bool {
    if !is_installed {
        let packages = match packages {
            [] => String::new(),
            _ => format!(" (Debian: {})", packages.join(", ")),
        };
        assert!(
            std::env::var_os(REQUIRED).is_none(),
            "{what} is missing: `cargo xtask test` installs what Debian has{packages}"
        );
        let thread = std::thread::current();
        let name = thread.name().unwrap_or_default();
        // Not by a macro, whose output tests that pass do not show.
        let _ = writeln!(std::io::stderr(), "left out: {name} needs {what}{packages}");
    }
    is_installed
}
