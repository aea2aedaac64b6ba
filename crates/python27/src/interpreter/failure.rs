//! Exceptions of configuration files as errors that point at the user's text.

use std::path::{Path, PathBuf};

use rustpython_vm::{
    AsObject, Py, PyObject, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyInt, PyStr},
    frame::Frame,
};

use super::{
    binding,
    dialect::SourceText,
    evaluate::Evaluation,
    interpreter::{Exceeded, Failure, Limits},
    place::{offset, span},
    wording,
};
use pystachio::nearest;

use crate::{Diagnostic, Error, configuration::Evaluated};

/// The error for an exception that nothing caught.
pub(super) fn error_of(
    exception: &PyBaseExceptionRef,
    evaluation: &Evaluation,
    path: &Path,
    vm: &VirtualMachine,
) -> Error {
    if exception.fast_isinstance(vm.ctx.exceptions.system_exit) {
        return exit_error(exception, vm);
    }
    if exception.fast_isinstance(vm.ctx.exceptions.syntax_error)
        && let Some((name, error)) = evaluation.syntax_error()
    {
        let base = Path::new(&name)
            .file_name()
            .map_or_else(|| name.clone(), |base| base.to_string_lossy().into_owned());
        let source = evaluation.source(&name);
        let text = source.as_ref().map_or("", |source| &source.original);
        let mut place = Diagnostic::new(&name, text, span(text, error.line, error.column));
        place.hint = error.detail;
        place.includes = frames(exception, evaluation)
            .into_iter()
            .map(|frame| (PathBuf::from(frame.name), frame.line))
            .collect();
        return Error::File {
            message: format!("{} ({base}, line {})", error.message, error.line),
            diagnostic: Box::new(place),
            raised: false,
        };
    }
    let problem = binding::problem_of(exception.as_object(), vm);
    let message = message_of(exception, vm);
    let (mut place, innermost) = pointed_at(frames(exception, evaluation), path, evaluation);
    if let Some(problem) = problem {
        place.hint = problem.hint;
        if !problem.path.is_empty() {
            place.label = problem.path.to_string();
        }
    } else if let Some(name) = missing_name(exception, vm) {
        place.hint = innermost
            .as_ref()
            .and_then(|frame| nearest_name(&name, frame, vm))
            .map(|near| format!("did you mean `{near}`?"));
    } else if let Some(name) = hidden_variable(exception, evaluation, vm) {
        place.hint = Some(format!("`--env {name}` lets the file see the variable"));
    }
    Error::File {
        message,
        diagnostic: Box::new(place),
        raised: !exception.fast_isinstance(vm.ctx.exceptions.value_error),
    }
}

/// The error for something that a hermetic evaluation may not do, where the file does it.
pub(super) fn refusal(
    message: String,
    hint: &str,
    evaluation: &Evaluation,
    vm: &VirtualMachine,
) -> Error {
    let mut frames = Vec::new();
    let mut next = vm.current_frame();
    while let Some(frame) = next {
        let index = usize::try_from(frame.lasti()).unwrap_or_default();
        let index = index.saturating_sub(1);
        let start = frame.code.locations.get(index).map(|(start, _)| start);
        let line = start.map_or(1, |start| start.line.get());
        frames.extend(Place::of(&frame, line, Some(index), evaluation));
        next = frame.f_back(vm);
    }
    frames.reverse();
    let (mut place, _) = pointed_at(frames, &evaluation.path(), evaluation);
    place.hint = Some(hint.to_owned());
    Error::File {
        message,
        diagnostic: Box::new(place),
        raised: true,
    }
}

/// The innermost place of the configuration, with the way to it.
fn pointed_at(
    mut frames: Vec<Place>,
    path: &Path,
    evaluation: &Evaluation,
) -> (Diagnostic, Option<Place>) {
    let innermost = frames.pop();
    let mut place = match &innermost {
        Some(frame) => {
            let text = &frame.source.original;
            let (line, column) = frame.position;
            let mut range = span(text, line, column);
            if let Some((end_line, end_column)) = frame.end {
                let end = offset(text, end_line, end_column);
                if end > range.start && end_line == line {
                    range.end = end;
                }
            }
            Diagnostic::new(&frame.name, text.as_str(), range)
        }
        // What hooks are called with is no matter of the jobs.
        None if evaluation.runs_hooks.get() => Diagnostic::new(path, "", 0..0),
        None => jobs_place(path, evaluation),
    };
    place.includes = frames
        .iter()
        .filter(|frame| frame.is_module)
        .map(|frame| (PathBuf::from(&frame.name), frame.line))
        .collect();
    // The file itself is no include of its own.
    if let Some(innermost) = &innermost {
        place
            .includes
            .retain(|(file, _)| file != Path::new(&innermost.name));
    }
    let mut seen = std::collections::BTreeSet::new();
    place
        .includes
        .retain(|include| seen.insert(include.clone()));
    (place, innermost)
}

/// Where the file sets `jobs`: what is wrong with them has no other place.
fn jobs_place(path: &Path, evaluation: &Evaluation) -> Diagnostic {
    let Some(source) = evaluation.source(&path.to_string_lossy()) else {
        return Diagnostic::new(path, "", 0..0);
    };
    let text = &source.original;
    let line = text.lines().enumerate().filter(|(_, line)| {
        line.strip_prefix("jobs")
            .is_some_and(|rest| rest.trim_start().starts_with(['=', '+']))
    });
    let range = line
        .last()
        .map_or(0..0, |(index, _)| span(text, index + 1, 1));
    Diagnostic::new(path, text.as_str(), range)
}

/// `sys.exit(code)`: a number is the exit code, text is a message with code 1.
fn exit_error(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> Error {
    let code = match exception.args().as_slice() {
        [] => 0,
        [code] if vm.is_none(code) => 0,
        [code] => match code.downcast_ref::<PyInt>() {
            Some(code) => i32::try_from(code.as_bigint()).unwrap_or(1),
            None => {
                // What is no number is a message.
                if let Ok(text) = code.str(vm)
                    && let Ok(stderr) = vm.sys_module.get_attr("stderr", vm)
                {
                    let mut line = text.as_wtf8().to_owned();
                    line.push_str("\n");
                    let _ = vm.call_method(&stderr, "write", (vm.ctx.new_str(line),));
                }
                1
            }
        },
        _ => 1,
    };
    Error::Exit { code }
}

/// `str(exception)` in the words of Python 2.7.
fn message_of(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> String {
    let exceptions = &vm.ctx.exceptions;
    let text = match exception.as_object().str(vm) {
        Ok(text) => text.to_string_lossy().trim_end().to_owned(),
        Err(_) => exception.class().name().to_string(),
    };
    if exception.fast_isinstance(exceptions.recursion_error) {
        return "maximum recursion depth exceeded".to_owned();
    }
    if text.is_empty() {
        return exception.class().name().to_string();
    }
    wording::released(&text)
}

/// The variable that a `KeyError` misses because a hermetic evaluation was not given it.
fn hidden_variable(
    exception: &PyBaseExceptionRef,
    evaluation: &Evaluation,
    vm: &VirtualMachine,
) -> Option<String> {
    if !exception.fast_isinstance(vm.ctx.exceptions.key_error) {
        return None;
    }
    let arguments = exception.args();
    let name = arguments.as_slice().first()?.downcast_ref::<PyStr>()?;
    let name = name.to_string_lossy();
    evaluation.hides_variable(&name).then(|| name.into_owned())
}

/// The name that a `NameError` misses.
fn missing_name(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> Option<String> {
    if !exception.fast_isinstance(vm.ctx.exceptions.name_error) {
        return None;
    }
    let name = exception.as_object().get_attr("name", vm).ok()?;
    let name = name.downcast_ref::<PyStr>()?;
    Some(name.to_string_lossy().into_owned())
}

fn nearest_name(name: &str, frame: &Place, vm: &VirtualMachine) -> Option<String> {
    let text = |key: &PyObject| {
        key.downcast_ref::<PyStr>()
            .map(|key| key.to_string_lossy().into_owned())
    };
    let mut names: Vec<String> = frame.globals.iter().filter_map(|key| text(key)).collect();
    names.extend(
        vm.builtins
            .dict()
            .keys_vec()
            .iter()
            .filter_map(|key| text(key)),
    );
    let names = names.iter().map(String::as_str);
    nearest(name, names.filter(|known| !known.starts_with("__"))).map(str::to_owned)
}

/// A place that an exception came through, in a file of the configuration.
struct Place {
    name: String,
    line: usize,
    position: (usize, usize),
    end: Option<(usize, usize)>,
    source: SourceText,
    is_module: bool,
    globals: Vec<rustpython_vm::PyObjectRef>,
}

impl Place {
    /// The place of a frame, if its code is of the configuration.
    fn of(
        frame: &Py<Frame>,
        line: usize,
        index: Option<usize>,
        evaluation: &Evaluation,
    ) -> Option<Self> {
        let code = &frame.code;
        let name = code.source_path().as_str().to_owned();
        let source = evaluation.source(&name)?;
        let location = index.and_then(|index| code.locations.get(index).copied());
        let (position, end) = match location {
            Some((start, end)) if start.line.get() == line => (
                source.original_position(line, start.character_offset.get()),
                Some(source.original_position(end.line.get(), end.character_offset.get())),
            ),
            _ => ((line, 1), None),
        };
        Some(Self {
            line,
            position,
            end,
            source,
            is_module: code.obj_name.as_str() == "<module>",
            globals: frame.globals.keys_vec(),
            name,
        })
    }
}

/// The places that an exception came through, outermost first.
fn frames(exception: &PyBaseExceptionRef, evaluation: &Evaluation) -> Vec<Place> {
    let Some(traceback) = exception.__traceback__() else {
        return Vec::new();
    };
    traceback
        .iter()
        .filter_map(|entry| {
            let index = usize::try_from(entry.lasti).ok().map(|lasti| lasti / 2);
            Place::of(&entry.frame, entry.lineno.get(), index, evaluation)
        })
        .collect()
}

/// The error for an evaluation that gave no result at all.
pub(super) fn interpreter_error(
    failure: Failure<Result<Evaluated, Error>>,
    path: &Path,
    source: &[u8],
    limits: &Limits,
) -> Error {
    let (exceeded, interrupted) = match failure {
        Failure::Stopped(exceeded, interrupted) => (exceeded, interrupted),
        Failure::Broken(reason) => {
            let text = String::from_utf8_lossy(source);
            return Error::File {
                message: format!("the interpreter failed: {reason}"),
                diagnostic: Box::new(Diagnostic::new(path, text, 0..0)),
                raised: false,
            };
        }
    };
    // Where the interruption came is where the file was busy.
    let mut place = match interrupted {
        Some(Err(Error::File { diagnostic, .. })) => diagnostic,
        _ => Box::new(Diagnostic::new(path, "", 0..0)),
    };
    let (message, hint) = match exceeded {
        Exceeded::Time => (
            format!(
                "evaluating the file took longer than {} seconds",
                limits.time.unwrap_or_default().as_secs_f64()
            ),
            "look for a loop without an end, or allow more time",
        ),
        Exceeded::Memory => (
            format!(
                "evaluating the file took more than {} MiB of memory",
                limits.memory.unwrap_or_default() >> 20
            ),
            "look for something that grows without an end",
        ),
    };
    place.hint = Some(hint.to_owned());
    Error::Limit {
        message,
        diagnostic: place,
    }
}
