//! The completion script of a shell.

use std::io;

use clap_complete::env::{EnvCompleter, Zsh};

/// The script sets it to the name of the shell.
pub(super) const VARIABLE: &str = "_AURORA_COMPLETE";

/// The program that the script runs. It has no path, so that the script still works when the program moves.
pub(super) const PROGRAM: &str = "aurora";

/// The script for a shell.
pub(crate) fn script(shell: &dyn EnvCompleter) -> io::Result<Vec<u8>> {
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    if shell.is(Zsh.name()) {
        script.extend_from_slice(ZSH_AUTOLOADED.as_bytes());
    }
    Ok(script)
}

/// From a folder of `fpath`, zsh reads the script at the first completion, which the script must then answer too.
const ZSH_AUTOLOADED: &str =
    "[[ $funcstack[1] != _aurora ]] || _clap_dynamic_completer_aurora \"$@\"\n";
