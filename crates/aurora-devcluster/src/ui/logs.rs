//! The logs of the processes of a task, over HTTP.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use nix::fcntl::OFlag;
use serde::Serialize;

use super::parts::link;
use super::site::Site;
use crate::layout::Layout;

/// How much of a log is shown: its end.
const SHOWN: u64 = 1024 * 1024;
/// Runs of a process that a page links to: the latest.
const RUNS: usize = 10;

/// The logs of one process of a task.
#[derive(Debug, Serialize)]
pub(super) struct ProcessLogs {
    name: String,
    runs: Vec<RunLogs>,
}

#[derive(Debug, Serialize)]
struct RunLogs {
    run: u32,
    stdout: String,
    stderr: String,
}

/// The processes of a task that have written logs, with their latest runs.
pub(super) fn process_logs(layout: &Layout, task: &str) -> Vec<ProcessLogs> {
    let folder = layout.logs(task);
    let mut processes: Vec<ProcessLogs> = names(&folder)
        .into_iter()
        .map(|name| {
            let mut runs: Vec<u32> = names(&folder.join(&name))
                .iter()
                .filter_map(|run| run.parse().ok())
                .collect();
            runs.sort_unstable_by(|a, b| b.cmp(a));
            runs.truncate(RUNS);
            let href = |run: u32, stream: &str| {
                let parts = [
                    task.to_owned(),
                    name.clone(),
                    run.to_string(),
                    stream.to_owned(),
                ];
                link("/logs", &parts)
            };
            ProcessLogs {
                runs: runs
                    .into_iter()
                    .map(|run| RunLogs {
                        run,
                        stdout: href(run, "stdout"),
                        stderr: href(run, "stderr"),
                    })
                    .collect(),
                name,
            }
        })
        .collect();
    processes.sort_by(|a, b| a.name.cmp(&b.name));
    processes
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let Ok(entries) = fs_err::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect()
}

/// `/logs/TASK/PROCESS/RUN/STREAM`: the end of a log, as plain text.
pub(crate) async fn log(
    State(site): State<Arc<Site>>,
    Path((task, process, run, stream)): Path<(String, String, String, String)>,
) -> Response {
    let missing = || (StatusCode::NOT_FOUND, "This log does not exist.\n").into_response();
    let id = task.clone();
    let known = site
        .scheduler
        .with(move |engine, _| engine.task(&id).is_some())
        .await;
    if known != Ok(true) {
        return missing();
    }
    let Some(path) = path(&site.layout, &task, &process, &run, &stream) else {
        return missing();
    };
    let folder = site.layout.logs(&task);
    match tokio::task::spawn_blocking(move || tail(&folder, &path)).await {
        Ok(Ok(text)) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        _ => missing(),
    }
}

/// The file behind the parts of a link; `None` if a part is not of its kind.
fn path(layout: &Layout, task: &str, process: &str, run: &str, stream: &str) -> Option<PathBuf> {
    // The rule for process names: no slash, and no dot at the start.
    if process.is_empty() || process.starts_with('.') || process.contains(['/', '\0']) {
        return None;
    }
    let run: u32 = run.parse().ok()?;
    if !matches!(stream, "stdout" | "stderr") {
        return None;
    }
    Some(
        layout
            .logs(task)
            .join(process)
            .join(run.to_string())
            .join(stream),
    )
}

fn tail(folder: &std::path::Path, path: &std::path::Path) -> io::Result<Vec<u8>> {
    // A task may have put links into its own log folder.
    let real = fs_err::canonicalize(path)?;
    if !real.starts_with(fs_err::canonicalize(folder)?) {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    // Without blocking, because opening a named pipe would wait for its writer.
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW).bits())
        .open(real)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    let mut text = Vec::new();
    if metadata.len() > SHOWN {
        text.extend_from_slice(
            format!("[… the last {SHOWN} bytes of {}]\n", metadata.len()).as_bytes(),
        );
        file.seek(SeekFrom::Start(metadata.len() - SHOWN))?;
    }
    file.take(SHOWN).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_logs_have_a_path() {
        let layout = Layout::new(std::path::Path::new("/root-folder"));
        assert!(path(&layout, "t", "web server", "0", "stdout").is_some());
        for (process, run, stream) in [
            ("..", "0", "stdout"),
            (".hidden", "0", "stdout"),
            ("a/b", "0", "stdout"),
            ("", "0", "stdout"),
            ("a\0", "0", "stdout"),
            ("a", "..", "stdout"),
            ("a", "-1", "stdout"),
            ("a", "0", "../stdout"),
            ("a", "0", "passwd"),
        ] {
            assert_eq!(path(&layout, "t", process, run, stream), None);
        }
    }

    #[test]
    fn links_out_of_the_folder_and_pipes_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        fs_err::create_dir(&logs).unwrap();
        fs_err::write(folder.path().join("secret"), "secret").unwrap();
        symlink(folder.path().join("secret"), logs.join("link")).unwrap();
        assert!(tail(&logs, &logs.join("link")).is_err());
        nix::unistd::mkfifo(&logs.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(tail(&logs, &logs.join("pipe")).is_err());
        fs_err::write(logs.join("plain"), "text").unwrap();
        assert_eq!(tail(&logs, &logs.join("plain")).unwrap(), b"text");
    }

    #[test]
    fn of_a_long_log_the_end_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stdout");
        let mut text = vec![b'a'; 1024 * 1024];
        text.extend_from_slice(b"the end");
        fs_err::write(&path, &text).unwrap();
        let shown = tail(folder.path(), &path).unwrap();
        assert!(shown.starts_with("[… the last 1048576 bytes of 1048583]\n".as_bytes()));
        assert!(shown.ends_with(b"athe end"));
    }
}
