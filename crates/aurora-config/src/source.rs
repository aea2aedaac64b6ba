//! The texts that jobs come from, to find the place of a mistake in them.

use std::{ops::Range, path::PathBuf, sync::Arc};

use pystachio::{FieldPath, Object, PathStep, locate_json};

use crate::Diagnostic;

/// The texts of one configuration.
#[derive(Debug, Default)]
pub(crate) enum Sources {
    /// Jobs made in Rust.
    #[default]
    None,
    Json {
        path: PathBuf,
        text: String,
        /// Whether the jobs are in a list.
        listed: bool,
    },
    #[cfg(feature = "python")]
    Python(python27::interpreter::Sources),
}

/// Which job it is of a configuration, and the texts of that.
#[derive(Debug, Clone)]
pub(crate) struct JobSource {
    pub(crate) position: usize,
    pub(crate) sources: Arc<Sources>,
}

impl Sources {
    /// Where a part of a job was made; `about` is a text to point at, if the part contains it.
    #[cfg_attr(
        not(feature = "python"),
        expect(unused_variables, reason = "only Python files make objects by calls")
    )]
    pub(crate) fn place(
        &self,
        job: &Object,
        position: usize,
        path: &FieldPath,
        about: Option<&str>,
    ) -> Option<Diagnostic> {
        match self {
            Self::None => None,
            Self::Json { listed, .. } => {
                let path = match listed {
                    true => path.clone().under(position).under("jobs"),
                    false => path.clone(),
                };
                let mut place = self.place_in_json(&path, None)?;
                place.span = narrowed(&place.source, place.span.clone(), about);
                Some(place)
            }
            #[cfg(feature = "python")]
            Self::Python(texts) => {
                let (mut place, call) = place_of_call(texts, job.call_of(path)?)?;
                if let Some(found) = found(&place.source, call, about) {
                    place.span = found;
                }
                Some(place)
            }
        }
    }

    /// Where a value is in JSON text, or a key of it.
    pub(crate) fn place_in_json(&self, path: &FieldPath, key: Option<&str>) -> Option<Diagnostic> {
        let Self::Json {
            path: file, text, ..
        } = self
        else {
            return None;
        };
        let steps: Vec<&PathStep> = path.steps().collect();
        let span = locate_json(text, steps, key)?;
        // Of an object or list the beginning will do.
        let end = match text.as_bytes().get(span.start) {
            Some(b'{' | b'[') => span.start + 1,
            _ => span.end,
        };
        Some(Diagnostic::new(file, text.as_str(), span.start..end))
    }
}

/// The place of a call, which points at the function, and all bytes of the call.
#[cfg(feature = "python")]
fn place_of_call(
    sources: &python27::interpreter::Sources,
    call: &pystachio::Call,
) -> Option<(Diagnostic, Range<usize>)> {
    let at = |(line, column): (u32, u32)| (line as usize, column as usize);
    let (line, column) = at(call.start);
    let place = sources.place(&call.file, line, column)?;
    let start = sources.offset(&call.file, line, column)?;
    let (line, column) = at(call.end);
    let end = sources.offset(&call.file, line, column)?.max(start);
    let mut place = Diagnostic::from(place);
    if let Some((file, line)) = &call.from
        && let Some(line) = sources.line(file, *line as usize)
    {
        place.notes.push(format!("called from {file}:{line}"));
    }
    Some((place, start..end))
}

/// Where in a part of a text another one is.
fn found(text: &str, within: Range<usize>, about: Option<&str>) -> Option<Range<usize>> {
    let about = about?;
    let start = within.start + text.get(within)?.find(about)?;
    Some(start..start + about.len())
}

fn narrowed(text: &str, span: Range<usize>, about: Option<&str>) -> Range<usize> {
    found(text, span.clone(), about).unwrap_or(span)
}
