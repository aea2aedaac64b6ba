//! `aurora devcluster run`: the daemon, which `start` and `job create` spawn.

use aurora_devcluster::{DevCluster, Options};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::context::Context;
use crate::embedded::Embedded;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::logging;

/// Run the development cluster in this process
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Port on 127.0.0.1
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// Leave the session of the shell
    #[arg(long)]
    detach: bool,
}

pub(crate) fn run(args: RunArgs, context: &Context) -> Result<()> {
    if args.detach {
        nix::unistd::setsid().map_err(|error| {
            Failure::new(
                exit::COMMAND_FAILURE,
                format!("cannot leave the session: {error}"),
            )
        })?;
    }
    serve(args.port, context)
}

/// Runs the devcluster here until SIGTERM or Ctrl-C.
pub(super) fn serve(port: Option<u16>, context: &Context) -> Result<()> {
    logging::start_daemon(context.verbose);
    let mut options = Options::new(Embedded::of(&context.environment)?.root());
    options.port = port;
    // Tasks find the programs that the user finds.
    if let Some(path) = context
        .environment
        .get("PATH")
        .and_then(|path| path.to_str())
    {
        options.path = path.to_owned();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(
                exit::COMMAND_FAILURE,
                format!("cannot start the runtime: {error}"),
            )
        })?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        let cluster = DevCluster::start(options).await?;
        cluster.serve_until(stop).await;
        Ok(())
    })
}

/// Completes at the first SIGTERM or SIGINT from now on.
fn stop_signal() -> Result<impl Future<Output = ()>> {
    let listen = |kind| {
        signal(kind).map_err(|error| {
            Failure::new(
                exit::COMMAND_FAILURE,
                format!("cannot listen for signals: {error}"),
            )
        })
    };
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
