//! Exceptions as errors that point at the text of the program.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyInt, PyStr},
    frame::Frame,
};

use super::{
    dialect::{SourceText, SyntaxError},
    error::{Error, Exception, Place},
    runtime::class_name,
    sources::{Sources, offset, span},
    wording,
};
use crate::nearest;

/// What the caller knows about an exception that came from its own code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// A word or two about the place.
    pub label: Option<String>,
    /// What may help.
    pub hint: Option<String>,
    /// The keyword argument of the call that is to blame.
    pub keyword: Option<String>,
}

impl Explanation {
    /// An explanation with these parts.
    pub fn new(label: Option<String>, hint: Option<String>) -> Self {
        Self {
            label,
            hint,
            keyword: None,
        }
    }

    /// The same, about a keyword argument of the call.
    #[must_use]
    pub fn about_keyword(mut self, name: Option<String>) -> Self {
        self.keyword = name;
        self
    }
}

/// What there is to know about a program when an exception is reported.
pub(super) struct Program<'a> {
    /// The file that was run.
    pub(super) path: &'a Path,
    pub(super) sources: &'a Sources,
    /// The syntax error behind an exception of that file.
    pub(super) syntax: Option<(String, SyntaxError)>,
    /// Asks the host.
    pub(super) explain: fn(&PyBaseExceptionRef, &VirtualMachine) -> Option<Explanation>,
    /// Whether a variable was asked for that a hermetic program was not given.
    pub(super) hides_variable: &'a dyn Fn(&str) -> bool,
    /// The place in the file that was run when no line of the program is to blame.
    pub(super) result: &'a dyn Fn(&str) -> Option<std::ops::Range<usize>>,
}

/// The error for an exception that nothing caught.
pub(super) fn error_of(
    exception: &PyBaseExceptionRef,
    program: &Program<'_>,
    vm: &VirtualMachine,
) -> Error {
    if exception.fast_isinstance(vm.ctx.exceptions.system_exit) {
        return exit_error(exception, vm);
    }
    let frames = frames(exception, program.sources);
    if exception.fast_isinstance(vm.ctx.exceptions.syntax_error)
        && let Some((name, error)) = program.syntax.clone()
    {
        let base = Path::new(&name)
            .file_name()
            .map_or_else(|| name.clone(), |base| base.to_string_lossy().into_owned());
        let text = program.sources.text(&name).unwrap_or_default();
        let mut place = Place::new(&name, text, span(text, error.line, error.column));
        place.includes = frames
            .into_iter()
            .map(|frame| (PathBuf::from(frame.name), frame.line))
            .collect();
        return Error::Syntax {
            message: format!("{} ({base}, line {})", error.message, error.line),
            hint: error.detail,
            place: Box::new(place),
        };
    }
    let message = message_of(exception, vm);
    let explanation = (program.explain)(exception, vm);
    let explained = explanation.is_some();
    let Explanation {
        label,
        mut hint,
        keyword,
    } = explanation.unwrap_or_default();
    let mut hidden = None;
    let (mut place, innermost) = pointed_at(frames, program);
    if let (Some(keyword), Some(frame)) = (keyword, &innermost) {
        place.point_at_keyword(&frame.source.original, &keyword);
    }
    if explained {
        // The caller knows best.
    } else if let Some(name) = missing_name(exception, vm) {
        hint = innermost
            .as_ref()
            .and_then(|frame| nearest_name(&name, frame, vm))
            .map(|near| format!("did you mean `{near}`?"));
    } else if exception.fast_isinstance(vm.ctx.exceptions.import_error) {
        hint = import_hint(exception, vm);
    } else {
        hidden = hidden_variable(exception, program.hides_variable, vm);
    }
    let bases = exception.class().mro_collect();
    let bases = bases.iter().skip(1).map(|base| class_name(base));
    Error::Exception(Box::new(Exception {
        class: class_name(exception.class()),
        bases: bases.collect(),
        message,
        place,
        label,
        hint,
        hidden_variable: hidden,
    }))
}

/// The place of the program that is running.
pub(super) fn running_place(program: &Program<'_>, vm: &VirtualMachine) -> Place {
    let mut frames = Vec::new();
    let mut next = vm.current_frame();
    while let Some(frame) = next {
        let index = usize::try_from(frame.lasti()).unwrap_or_default();
        let index = index.saturating_sub(1);
        let start = frame.code.locations.get(index).map(|(start, _)| start);
        let line = start.map_or(1, |start| start.line.get());
        frames.extend(FramePlace::of(&frame, line, Some(index), program.sources));
        next = frame.f_back(vm);
    }
    frames.reverse();
    pointed_at(frames, program).0
}

/// The innermost place of the program, with the way to it.
fn pointed_at(mut frames: Vec<FramePlace>, program: &Program<'_>) -> (Place, Option<FramePlace>) {
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
            Place::new(&frame.name, text.as_str(), range)
        }
        None => result_place(program),
    };
    place.includes = frames
        .iter()
        .filter(|frame| frame.is_module)
        .map(|frame| (PathBuf::from(&frame.name), frame.line))
        .collect();
    // The file itself is not one of its own includes.
    if let Some(innermost) = &innermost {
        place
            .includes
            .retain(|(file, _)| file != Path::new(&innermost.name));
    }
    let mut seen = BTreeSet::new();
    place
        .includes
        .retain(|include| seen.insert(include.clone()));
    (place, innermost)
}

/// Where the file makes its result: what is wrong with that has no other place.
fn result_place(program: &Program<'_>) -> Place {
    let text = program.sources.text(&program.path.to_string_lossy());
    match text.and_then(|text| Some((text, (program.result)(text)?))) {
        Some((text, range)) => Place::new(program.path, text, range),
        None => Place::new(program.path, "", 0..0),
    }
}

/// `sys.exit(code)`: a number is the exit code, text is a message with code 1.
fn exit_error(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> Error {
    let code = match exception.args().as_slice() {
        [] => 0,
        [code] if vm.is_none(code) => 0,
        [code] => match code.downcast_ref::<PyInt>() {
            Some(code) => i32::try_from(code.as_bigint()).unwrap_or(1),
            None => {
                // Anything but a number is a message.
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
        Err(_) => class_name(exception.class()),
    };
    if exception.fast_isinstance(exceptions.recursion_error) {
        return "maximum recursion depth exceeded".to_owned();
    }
    if text.is_empty() {
        return class_name(exception.class());
    }
    wording::released(&text)
}

/// The variable that a `KeyError` misses because a hermetic evaluation was not given it.
fn hidden_variable(
    exception: &PyBaseExceptionRef,
    hides_variable: &dyn Fn(&str) -> bool,
    vm: &VirtualMachine,
) -> Option<String> {
    if !exception.fast_isinstance(vm.ctx.exceptions.key_error) {
        return None;
    }
    let arguments = exception.args();
    let name = arguments.as_slice().first()?.downcast_ref::<PyStr>()?;
    let name = name.to_string_lossy();
    hides_variable(&name).then(|| name.into_owned())
}

/// Where a module was looked for.
fn import_hint(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> Option<String> {
    let error = exception.as_object();
    if let Ok(name) = error.get_attr("absent", vm) {
        let name = name.str(vm).ok()?;
        return Some(format!(
            "this client does not have the module `{}` of Python 2.7",
            name.to_string_lossy()
        ));
    }
    let searched = error.get_attr("searched", vm).ok()?;
    let folders: Vec<PyObjectRef> = searched.try_to_value(vm).ok()?;
    let folders = folders
        .iter()
        .map(|folder| Some(format!("`{}`", folder.str(vm).ok()?.to_string_lossy())))
        .collect::<Option<Vec<_>>>()?;
    (!folders.is_empty()).then(|| format!("searched in {}", folders.join(", ")))
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

fn nearest_name(name: &str, frame: &FramePlace, vm: &VirtualMachine) -> Option<String> {
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

/// A place that an exception came through, in a file of the program.
struct FramePlace {
    name: String,
    line: usize,
    position: (usize, usize),
    end: Option<(usize, usize)>,
    source: Arc<SourceText>,
    is_module: bool,
    globals: Vec<PyObjectRef>,
}

impl FramePlace {
    /// The place of a frame, if its code is of the program.
    fn of(frame: &Py<Frame>, line: usize, index: Option<usize>, sources: &Sources) -> Option<Self> {
        let code = &frame.code;
        let name = code.source_path().as_str().to_owned();
        let source = sources.get(&name)?.clone();
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
fn frames(exception: &PyBaseExceptionRef, sources: &Sources) -> Vec<FramePlace> {
    let Some(traceback) = exception.__traceback__() else {
        return Vec::new();
    };
    traceback
        .iter()
        .filter_map(|entry| {
            let index = usize::try_from(entry.lasti).ok().map(|lasti| lasti / 2);
            FramePlace::of(&entry.frame, entry.lineno.get(), index, sources)
        })
        .collect()
}
