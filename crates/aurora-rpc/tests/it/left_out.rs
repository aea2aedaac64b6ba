//! Tests that need programs which a machine may lack. Every crate with such tests includes this file.

use std::io::Write as _;

/// With this in the environment, tests fail for want of a program instead of being left out.
const REQUIRED: &str = "AURORA_REQUIRE_TEST_SERVERS";

/// Whether the test can run: if not, it is left out by name. `packages` are the Debian packages that bring `what`.
pub(crate) fn unless(is_installed: bool, what: &str, packages: &[&str]) -> bool {
    if !is_installed {
        let packages = packages.join(", ");
        assert!(
            std::env::var_os(REQUIRED).is_none(),
            "{what} is missing: `cargo xtask test` installs it (Debian: {packages})"
        );
        let thread = std::thread::current();
        let name = thread.name().unwrap_or_default();
        // Not by a macro, whose output tests that pass do not show.
        let _ = writeln!(
            std::io::stderr(),
            "left out: {name} needs {what} (Debian: {packages})"
        );
    }
    is_installed
}
