//! The script that makes a shell ask.

use std::io;

use clap_complete::env::{EnvCompleter, Zsh};

/// Set by the script to the name of the shell that asks.
pub(super) const VARIABLE: &str = "_AURORA_COMPLETE";

/// What the script runs. No path, so that a script may be kept while the program moves.
pub(super) const PROGRAM: &str = "aurora";

/// The script that lets a shell ask.
pub(crate) fn script(shell: &dyn EnvCompleter) -> io::Result<Vec<u8>> {
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    if shell.is(Zsh.name()) {
        script.extend_from_slice(ZSH_AUTOLOADED.as_bytes());
    }
    Ok(script)
}

/// In a folder of `fpath` the script is read at the first completion, which it then has to answer as well.
const ZSH_AUTOLOADED: &str =
    "[[ $funcstack[1] != _aurora ]] || _clap_dynamic_completer_aurora \"$@\"\n";
