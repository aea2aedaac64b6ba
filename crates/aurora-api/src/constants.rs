//! Constants of the IDL that the Thrift compiler cannot write for Rust: it drops one of two backslashes.

/// What names of roles, environments and jobs match, as a regular expression: one or more ASCII letters, digits,
/// `_`, `-` or `.`.
pub const GOOD_IDENTIFIER_PATTERN: &str = r"^[\w\-\.]+$";

/// [`GOOD_IDENTIFIER_PATTERN`] for the JVM.
pub const GOOD_IDENTIFIER_PATTERN_JVM: &str = GOOD_IDENTIFIER_PATTERN;

/// [`GOOD_IDENTIFIER_PATTERN`] for Python.
pub const GOOD_IDENTIFIER_PATTERN_PYTHON: &str = GOOD_IDENTIFIER_PATTERN;
