//! Generated files that are committed.

use std::fs;
use std::path::PathBuf;

use crate::Outcome;

/// A file to write, and what it is to hold.
pub(crate) struct Output {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Writes every file, and says so.
pub(crate) fn write(outputs: &[Output]) -> Outcome {
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
