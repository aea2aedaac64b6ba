//! `aurora devcluster logs`: the log of the daemon, or the output of a process.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aurora_jobkey::TaskInstanceKey;
use aurora_rpc::operations;
use clap::Args;

use crate::context::Context;
use crate::embedded::{self, Embedded};
use crate::exit;
use crate::failure::{Failure, Result};

/// Time between two looks at a followed log.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// Print the log of the development cluster, or the output of a process
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora devcluster logs                                  the scheduler's log
  aurora devcluster logs -n 20 -f                         its end, as it grows
  aurora devcluster logs devcluster/$(whoami)/devel/hello/0   output of a task
  aurora devcluster logs --stderr devcluster/$(whoami)/devel/web/0 server")]
pub(crate) struct LogsArgs {
    /// The task, by job and instance
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME/INSTANCE")]
    task: Option<TaskInstanceKey>,

    /// The process; may be omitted if the task has only one
    #[arg(value_name = "PROCESS", requires = "task")]
    process: Option<String>,

    /// Print standard error of the process instead of standard output
    #[arg(long, requires = "task")]
    stderr: bool,

    /// Print new lines as they come, until Ctrl-C
    #[arg(long, short)]
    follow: bool,

    /// Print only the last N lines
    #[arg(long = "lines", short = 'n', value_name = "N")]
    lines: Option<usize>,
}

pub(crate) fn run(args: LogsArgs, context: &Context) -> Result<()> {
    let embedded = Embedded::of(&context.environment)?;
    let path = match &args.task {
        None => embedded.log(),
        Some(task) => {
            let logs = aurora_devcluster::task_log_dir(embedded.root(), &task_id(task, context)?);
            let process = chosen(args.process.as_deref(), names(&logs), task)?;
            let stream = if args.stderr { "stderr" } else { "stdout" };
            latest_run(&logs.join(process)).join(stream)
        }
    };
    print(&path, &args, context)
}

/// The id of the latest task of an instance.
fn task_id(task: &TaskInstanceKey, context: &Context) -> Result<String> {
    let job = task.job();
    let target = context.target(job.cluster())?;
    if !target.is_embedded {
        return Err(Failure::new(
            exit::INVALID_PARAMETER,
            format!("the logs of {task} are not on this machine"),
        )
        .hint(format!(
            "`aurora job open {job}` shows the hosts of its tasks"
        )));
    }
    let client = context.client(&target)?;
    let status = context
        .block_on(async { Ok(operations::job_status(&client, job).await?) })?
        .value;
    let latest = status.latest();
    latest
        .get(&task.instance())
        .and_then(|task| task.assigned_task.as_ref()?.task_id.clone())
        .ok_or_else(|| {
            let failure = Failure::new(exit::INVALID_PARAMETER, format!("there is no task {task}"));
            let known: Vec<_> = latest.keys().map(u32::to_string).collect();
            if known.is_empty() {
                failure.hint(format!(
                    "`aurora job list {}` lists the jobs",
                    embedded::CLUSTER
                ))
            } else {
                failure.hint(format!("instances of the job: {}", known.join(", ")))
            }
        })
}

/// The process that was named, or the only one.
fn chosen(named: Option<&str>, known: Vec<String>, task: &TaskInstanceKey) -> Result<String> {
    let refuse = |text: String| Err(Failure::new(exit::INVALID_PARAMETER, text));
    match (named, known.as_slice()) {
        (Some(named), known) if known.iter().any(|name| name == named) => Ok(named.to_owned()),
        (None, [only]) => Ok(only.clone()),
        (_, []) => refuse(format!("no process of {task} has written anything yet")),
        (Some(named), known) => refuse(format!("task {task} has no logs of a process `{named}`"))
            .map_err(|failure: Failure| {
                failure.hint(format!("processes with logs: {}", known.join(", ")))
            }),
        (None, known) => refuse(format!("task {task} has several processes"))
            .map_err(|failure: Failure| failure.hint(format!("processes: {}", known.join(", ")))),
    }
}

/// The folder of the latest run of a process.
fn latest_run(process: &Path) -> PathBuf {
    let runs = names(process);
    let latest = runs.iter().filter_map(|run| run.parse::<u32>().ok()).max();
    process.join(latest.unwrap_or_default().to_string())
}

/// The names in a folder, sorted; none when there is no folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

fn print(path: &Path, args: &LogsArgs, context: &Context) -> Result<()> {
    let failure = |error: io::Error| unreadable(path, &error);
    let mut file = File::open(path).map_err(failure)?;
    if let Some(lines) = args.lines {
        let start = start_of_last_lines(&mut file, lines).map_err(failure)?;
        file.seek(SeekFrom::Start(start)).map_err(failure)?;
    }
    copy(&mut file, context).map_err(failure)?;
    if !args.follow {
        return Ok(());
    }
    let followed = context.block_on(async {
        while !context.output.is_closed() {
            tokio::time::sleep(LOOK_AGAIN).await;
            copy(&mut file, context).map_err(failure)?;
            // A rotated log continues in a new file.
            if let Ok(new) = File::open(path)
                && !is_same(&new, &file).map_err(failure)?
            {
                file = new;
            }
        }
        Ok(())
    });
    match followed {
        // The usual end of following.
        Err(failure) if failure.is_interruption() => Ok(()),
        followed => followed,
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let heading = format!("cannot read `{}`: {error}", path.display());
    let failure = Failure::new(exit::INVALID_PARAMETER, heading);
    if error.kind() == io::ErrorKind::NotFound {
        failure.hint("the log exists once the devcluster was started in the background")
    } else {
        failure
    }
}

/// Prints from the position of the file to its current end.
fn copy(file: &mut File, context: &Context) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 || context.output.is_closed() {
            return Ok(());
        }
        context.output.bytes(&chunk[..read]);
    }
}

/// Where the last `lines` lines begin. Searches from the end, so that a long log costs nothing.
fn start_of_last_lines(file: &mut File, lines: usize) -> io::Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    if lines == 0 {
        return Ok(end);
    }
    let mut position = end;
    let mut newlines = 0;
    let mut chunk = Vec::new();
    while position > 0 {
        let start = position.saturating_sub(CHUNK as u64);
        file.seek(SeekFrom::Start(start))?;
        chunk.clear();
        file.by_ref()
            .take(position - start)
            .read_to_end(&mut chunk)?;
        for offset in (0..chunk.len())
            .rev()
            .filter(|offset| chunk[*offset] == b'\n')
        {
            let after = start + offset as u64 + 1;
            // The newline at the very end closes the last line.
            if after < end {
                newlines += 1;
                if newlines == lines {
                    return Ok(after);
                }
            }
        }
        position = start;
    }
    Ok(0)
}

fn is_same(one: &File, other: &File) -> io::Result<bool> {
    let (one, other) = (one.metadata()?, other.metadata()?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_found_from_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let last = |text: &str, lines| {
            std::fs::write(&path, text).unwrap();
            let start = start_of_last_lines(&mut File::open(&path).unwrap(), lines).unwrap();
            text[start as usize..].to_owned()
        };
        assert_eq!(last("a\nb\nc\n", 2), "b\nc\n");
        assert_eq!(last("a\nb\nc", 2), "b\nc");
        assert_eq!(last("a\nb\n", 9), "a\nb\n");
        assert_eq!(last("", 3), "");
        assert_eq!(last("a\n\n\n", 1), "\n");
        assert_eq!(last("a\nb\n", 0), "");
        let long = "x".repeat(CHUNK) + "\nlast\n";
        assert_eq!(last(&long, 1), "last\n");
        assert_eq!(last(&long, 2), long);
    }

    #[test]
    fn a_process_is_chosen_by_name_or_because_it_is_the_only_one() {
        let task: TaskInstanceKey = "devcluster/alice/devel/hello/0".parse().unwrap();
        let choose = |named, known: &[&str]| {
            let known = known.iter().map(|name| (*name).to_owned()).collect();
            chosen(named, known, &task).map_err(|failure| failure.plain_text())
        };
        assert_eq!(choose(None, &["hello"]), Ok("hello".to_owned()));
        assert_eq!(choose(Some("b"), &["a", "b"]), Ok("b".to_owned()));
        assert_eq!(
            choose(None, &["a", "b"]).unwrap_err(),
            format!("task {task} has several processes\n\nhint: processes: a, b\n")
        );
        assert_eq!(
            choose(Some("c"), &["a", "b"]).unwrap_err(),
            format!(
                "task {task} has no logs of a process `c`\n\nhint: processes with logs: a, b\n"
            )
        );
        assert!(choose(None, &[]).unwrap_err().contains("yet"));
    }

    #[test]
    fn the_latest_run_is_the_one_with_the_highest_number() {
        let folder = tempfile::tempdir().unwrap();
        for run in ["0", "2", "10", "notes"] {
            std::fs::create_dir(folder.path().join(run)).unwrap();
        }
        assert_eq!(latest_run(folder.path()), folder.path().join("10"));
    }
}
