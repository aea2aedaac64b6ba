//! `aurora completion`: the script that completes the command in a shell.

use clap::{Args, ValueEnum};
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use crate::completion::script;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result};

/// Print the completion script for a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  source <(aurora completion bash)   in ~/.bashrc
  source <(aurora completion zsh)    in ~/.zshrc, after compinit
  aurora completion fish | source    in ~/.config/fish/config.fish
  aurora completion powershell | Out-String | Invoke-Expression   in $PROFILE
  eval (aurora completion elvish | slurp)   in ~/.config/elvish/rc.elv

The script runs the `aurora` on the path to get candidates: verbs, options, clusters, and the roles and \
jobs of schedulers that reply within 100 ms. Replies are cached for a minute in the XDG cache folder.")]
pub(crate) struct CompletionArgs {
    /// The shell that reads the script
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// The shells with a script.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

pub(crate) fn run(args: CompletionArgs, context: &Context) -> Result<()> {
    let shell: &dyn EnvCompleter = match args.shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
        Shell::Powershell => &Powershell,
        Shell::Elvish => &Elvish,
    };
    let script = script::script(shell)
        .map_err(|error| Failure::new(exit::FATAL, format!("cannot write the script: {error}")))?;
    context.output.bytes(&script);
    Ok(())
}
