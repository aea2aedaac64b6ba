//! `aurora devcluster start`: the scheduler of this machine, in the background.

use clap::Args;

use crate::context::Context;
use crate::embedded::Embedded;
use crate::exit;
use crate::failure::{Failure, Result};

/// Start the development cluster; `job create devcluster/…` does so when needed
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora devcluster start
  aurora devcluster start --port 9090
  aurora devcluster start --foreground   until Ctrl-C, with its log

State, sandboxes and the log are kept in $AURORA_DEVCLUSTER_DIR, else in the XDG data folder.")]
pub(crate) struct StartArgs {
    /// Port on 127.0.0.1 [default: 8081, or a free one]
    #[arg(long, short, value_name = "PORT")]
    port: Option<u16>,

    /// Stay in the foreground and write the log to standard error
    #[arg(long)]
    pub(super) foreground: bool,
}

pub(crate) fn run(args: StartArgs, context: &Context) -> Result<()> {
    if args.foreground {
        return super::run::serve(args.port, context);
    }
    let embedded = Embedded::of(&context.environment)?;
    match embedded.find()? {
        None => {
            embedded.start(args.port, context.verbose, &context.output)?;
            Ok(())
        }
        Some(running)
            if args
                .port
                .is_none_or(|port| running.url.ends_with(&format!(":{port}"))) =>
        {
            context.output.note(format_args!(
                "The devcluster is already running at {}",
                running.url
            ));
            Ok(())
        }
        Some(running) => Err(Failure::new(
            exit::COMMAND_FAILURE,
            format!("The devcluster is already running at {}", running.url),
        )
        .hint("run `aurora devcluster stop` first, to start it at another port")),
    }
}
