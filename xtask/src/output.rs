//! Generated files that are committed.

use std::fs;
use std::path::PathBuf;

use crate::Outcome;

/// A file to write, and what it is to hold.
pub(crate) struct Output {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Options of the commands that write such files.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a committed file is not what the sources give now.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// Writes the files, or fails with `refused`, which gets the paths of those that are out of date, if they are only
    /// to be checked. Says whether they were written.
    pub(crate) fn apply(
        &self,
        outputs: &[Output],
        refused: impl FnOnce(&str) -> String,
    ) -> Outcome<bool> {
        if !self.check {
            return write(outputs).map(|()| true);
        }
        let stale = stale(outputs);
        if stale.is_empty() {
            return Ok(false);
        }
        Err(refused(&stale.join(", ")).into())
    }
}

/// Writes every file, and says so.
fn write(outputs: &[Output]) -> Outcome {
    for output in outputs {
        let shown = output.path.display();
        if let Some(folder) = output.path.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("cannot write {shown}: {error}"))?;
        }
        fs::write(&output.path, &output.text)
            .map_err(|error| format!("cannot write {shown}: {error}"))?;
        println!("wrote {shown}");
    }
    Ok(())
}

/// The paths of those outputs whose file is missing or holds something else.
pub(crate) fn stale(outputs: &[Output]) -> Vec<String> {
    outputs
        .iter()
        .filter(|output| fs::read_to_string(&output.path).ok().as_ref() != Some(&output.text))
        .map(|output| output.path.display().to_string())
        .collect()
}
