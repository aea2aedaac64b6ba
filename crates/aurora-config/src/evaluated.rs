//! What a file gave, before a job is chosen from it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use pystachio::Object;

use crate::{Hook, source::Sources};

/// What evaluating a file gave.
#[derive(Debug, Default)]
pub(crate) struct Evaluated {
    /// The elements of `jobs`, or nothing if the file does not set it.
    pub(crate) jobs: Vec<Object>,
    /// The elements of `hooks`.
    pub(crate) hooks: Vec<Hook>,
    /// All files that were read, in order.
    pub(crate) files_read: Vec<PathBuf>,
    /// The names of all environment variables that were asked for, in order.
    pub(crate) variables_read: Vec<String>,
    /// What the file printed.
    pub(crate) output: String,
    /// What its author should know.
    pub(crate) warnings: Vec<String>,
    /// The texts that the jobs come from.
    pub(crate) sources: Arc<Sources>,
}

/// Reads a file. A pipe or device, which may never end, is refused, except those that a shell
/// hands over.
pub(crate) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let kind = fs_err::metadata(path)?.file_type();
    let handed = ["/dev/fd", "/dev/stdin", "/dev/null", "/proc"]
        .iter()
        .any(|known| path.starts_with(known));
    if !kind.is_file() && !kind.is_dir() && !handed {
        return Err(std::io::Error::other(format!(
            "{} is not a regular file",
            path.display()
        )));
    }
    fs_err::read(path)
}
