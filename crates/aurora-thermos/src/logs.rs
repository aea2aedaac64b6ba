//! Where the output of a run goes: files with rotation, the caller's console, or nowhere.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use nix::libc;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;

use crate::spec::{LogMode, Logger, RotatePolicy};
use crate::user::Identity;

/// Most bytes taken from a process at once.
const CHUNK: usize = 64 << 10;

type Writer = Arc<Mutex<dyn Write + Send>>;

/// Two writers of the caller's for processes that log to the console.
///
/// They are written to in whole chunks, from any thread, and flushed after each. They should not block
/// for long: the process behind waits meanwhile.
#[derive(Clone)]
pub struct Console {
    stdout: Writer,
    stderr: Writer,
}

impl Console {
    /// A console with separate writers for the two streams.
    pub fn new(
        stdout: impl Write + Send + 'static,
        stderr: impl Write + Send + 'static,
    ) -> Console {
        Console {
            stdout: Arc::new(Mutex::new(stdout)),
            stderr: Arc::new(Mutex::new(stderr)),
        }
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Console")
    }
}

/// Which of the two streams of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    fn file_name(self) -> &'static str {
        match self {
            Stream::Stdout => "stdout",
            Stream::Stderr => "stderr",
        }
    }
}

/// The two sinks of one run.
pub(crate) fn open(
    log_dir: &Path,
    process: &str,
    run: u32,
    logger: Logger,
    console: Option<&Console>,
    owner: &Identity,
) -> io::Result<(Sink, Sink)> {
    let folder = log_dir.join(process).join(run.to_string());
    if logger.destination.to_file() {
        // The log folder itself must exist: making it again would make a sandbox again that was removed.
        owner
            .access(|| {
                make_folder(&log_dir.join(process))?;
                make_folder(&folder)
            })
            .map_err(|error| at(&folder, &error))?;
    }
    let sink = |stream: Stream| -> io::Result<Sink> {
        let file = if logger.destination.to_file() {
            Some(LogFile::create(
                folder.join(stream.file_name()),
                logger.mode,
                owner,
            )?)
        } else {
            None
        };
        let console =
            console
                .filter(|_| logger.destination.to_console())
                .map(|console| match stream {
                    Stream::Stdout => Arc::clone(&console.stdout),
                    Stream::Stderr => Arc::clone(&console.stderr),
                });
        Ok(Sink { file, console })
    };
    Ok((sink(Stream::Stdout)?, sink(Stream::Stderr)?))
}

/// Makes the folder of all logs. A missing one outside of the sandbox is made with our own rights and
/// handed over; one inside only with those of its owner.
pub(crate) fn prepare(log_dir: &Path, sandbox: &Path, owner: &Identity) -> io::Result<()> {
    if log_dir.starts_with(sandbox) {
        return owner.access(|| fs::create_dir_all(log_dir));
    }
    let is_new = !log_dir.exists();
    fs::create_dir_all(log_dir)?;
    if is_new && owner.switch {
        chown(log_dir, Some(owner.uid.as_raw()), Some(owner.gid.as_raw()))?;
    }
    Ok(())
}

/// Where one stream of one run goes.
pub(crate) struct Sink {
    file: Option<LogFile>,
    console: Option<Writer>,
}

impl Sink {
    /// Writes everywhere, and nowhere again where it fails: a console that is gone must not stop the files.
    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        let console = match &self.console {
            Some(console) => {
                let mut console = console.lock().unwrap_or_else(PoisonError::into_inner);
                let written = console.write_all(chunk).and_then(|()| console.flush());
                written
                    .map_err(|error| io::Error::new(error.kind(), format!("the console: {error}")))
            }
            None => Ok(()),
        };
        if console.is_err() {
            self.console = None;
        }
        let file = match &mut self.file {
            Some(file) => file.write(chunk),
            None => Ok(()),
        };
        if file.is_err() {
            self.file = None;
        }
        file.and(console)
    }
}

/// Reads a stream to its end, and returns the first failure to keep it: a process must not hang or die
/// because its log cannot be written, so the rest is read and discarded.
pub(crate) async fn pump(mut reader: pipe::Receiver, mut sink: Sink) -> Option<String> {
    let mut buffer = vec![0; CHUNK];
    let mut failure = None;
    loop {
        match reader.read(&mut buffer).await {
            Ok(0) => return failure,
            // Writes go to the page cache and are short, so they are not worth a thread of their own.
            Ok(count) => {
                if let Err(error) = sink.write(&buffer[..count]) {
                    tracing::warn!(%error, "the rest of this output is discarded there");
                    failure.get_or_insert(error.to_string());
                }
            }
            Err(error) => return failure.or_else(|| Some(error.to_string())),
        }
    }
}

struct LogFile {
    path: PathBuf,
    file: File,
    size: u64,
    policy: Option<RotatePolicy>,
    owner: Identity,
}

impl LogFile {
    fn create(path: PathBuf, mode: LogMode, owner: &Identity) -> io::Result<LogFile> {
        Ok(LogFile {
            file: create_file(&path, owner)?,
            path,
            size: 0,
            policy: match mode {
                LogMode::Standard => None,
                LogMode::Rotate(policy) => Some(policy),
            },
            owner: owner.clone(),
        })
    }

    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.file
            .write_all(chunk)
            .map_err(|error| at(&self.path, &error))?;
        self.size += chunk.len() as u64;
        match self.policy {
            Some(policy) if self.size >= policy.log_size.get() => self
                .rotate(policy.backups)
                .map_err(|error| at(&self.path, &error)),
            _ => Ok(()),
        }
    }

    fn rotate(&mut self, backups: u32) -> io::Result<()> {
        self.owner.access(|| {
            for number in (1..backups).rev() {
                match fs::rename(self.backup(number), self.backup(number + 1)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            fs::rename(&self.path, self.backup(1))
        })?;
        self.file = create_file(&self.path, &self.owner)?;
        self.size = 0;
        Ok(())
    }

    fn backup(&self, number: u32) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

fn create_file(path: &Path, owner: &Identity) -> io::Result<File> {
    owner
        .access(|| {
            OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                // A pipe that replaced the file would block until another process reads it.
                .custom_flags(libc::O_NONBLOCK)
                .mode(0o644)
                .open(path)
        })
        .map_err(|error| at(path, &error))
}

/// Adds the path to an error that has only the cause.
fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Bytes;

    fn rotating(path: &Path, log_size: u64, backups: u32) -> LogFile {
        let owner = Identity::resolve(None).unwrap();
        LogFile::create(
            path.to_owned(),
            LogMode::Rotate(RotatePolicy::new(Bytes::new(log_size), backups)),
            &owner,
        )
        .unwrap()
    }

    fn text(path: &Path, suffix: &str) -> Option<String> {
        fs::read_to_string(format!("{}{suffix}", path.display())).ok()
    }

    #[test]
    fn files_are_put_aside_when_they_reach_the_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stdout");
        let mut log = rotating(&path, 4, 2);
        for chunk in ["ab", "cdef", "gh", "ij", "klmnop", "q"] {
            log.write(chunk.as_bytes()).unwrap();
        }
        assert_eq!(text(&path, "").as_deref(), Some("q"));
        assert_eq!(text(&path, ".1").as_deref(), Some("klmnop"));
        assert_eq!(text(&path, ".2").as_deref(), Some("ghij"));
        assert_eq!(text(&path, ".3"), None);
    }

    #[test]
    fn a_file_is_put_aside_the_moment_it_is_full() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stderr");
        let mut log = rotating(&path, 3, 1);
        log.write(b"abc").unwrap();
        assert_eq!(text(&path, "").as_deref(), Some(""));
        assert_eq!(text(&path, ".1").as_deref(), Some("abc"));
    }

    #[test]
    fn errors_name_the_file() {
        let owner = Identity::resolve(None).unwrap();
        let error = LogFile::create("/dev/null/x".into(), LogMode::Standard, &owner)
            .err()
            .unwrap();
        assert!(error.to_string().starts_with("/dev/null/x: "), "{error}");
    }
}
