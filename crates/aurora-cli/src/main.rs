//! The `aurora` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    aurora_cli::main()
}
