//! Runs a configuration file, with the files that it includes, in one shared namespace.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use rustpython_vm::{
    AsObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyDictRef, PyStrRef},
    function::FuncArgs,
    scope::Scope,
};

use super::{
    binding::{Binding, ObjectValue},
    dialect::{self, SourceText, SyntaxError},
    failure, hermetic,
    hooks::{self, Hooks},
    interpreter::{self, Afterwards},
    output,
    place::Texts,
    runtime,
};
use pystachio::{Kind, Object};

use crate::{
    Error, Hook, LoadOptions, OutputStream,
    configuration::{Evaluated, read},
    schema::Schema,
    source::Sources,
};

/// What an evaluation knows and notes down.
pub(super) struct Evaluation {
    variables: BTreeMap<String, String>,
    /// The files being evaluated, outermost first; one that failed stays.
    open: RefCell<Vec<PathBuf>>,
    /// The files whose code is running, outermost first.
    running: RefCell<Vec<PathBuf>>,
    /// All files of the configuration, by the names that their code carries.
    sources: RefCell<BTreeMap<String, SourceText>>,
    files_read: RefCell<Vec<PathBuf>>,
    variables_read: RefCell<Vec<String>>,
    written: RefCell<Vec<u8>>,
    module: RefCell<Option<PyObjectRef>>,
    /// The first syntax error, as it is gone from the exception.
    syntax: RefCell<Option<(String, SyntaxError)>>,
    hermetic: bool,
    /// Whether the files that were read are told already.
    loaded: Cell<bool>,
    /// Whether the jobs are done with, and hooks run.
    pub(super) runs_hooks: Cell<bool>,
    /// The first thing that a hermetic evaluation was refused. It counts even if the file went on.
    refusal: RefCell<Option<Error>>,
}

impl Evaluation {
    pub(super) fn new(options: &LoadOptions) -> Self {
        Self {
            variables: options.environment.clone(),
            open: RefCell::default(),
            running: RefCell::default(),
            sources: RefCell::default(),
            files_read: RefCell::default(),
            variables_read: RefCell::default(),
            written: RefCell::default(),
            module: RefCell::default(),
            syntax: RefCell::default(),
            hermetic: options.hermetic,
            loaded: Cell::default(),
            runs_hooks: Cell::default(),
            refusal: RefCell::default(),
        }
    }

    /// The text of a file of the configuration.
    pub(super) fn source(&self, name: &str) -> Option<SourceText> {
        self.sources.borrow().get(name).cloned()
    }

    /// The syntax error that an exception of that file stands for.
    pub(super) fn syntax_error(&self) -> Option<(String, SyntaxError)> {
        self.syntax.borrow().clone()
    }

    /// The file that was asked for.
    pub(super) fn path(&self) -> PathBuf {
        self.open.borrow().first().cloned().unwrap_or_default()
    }

    /// Notes a refusal, unless one is noted already.
    pub(super) fn note_refusal(&self, error: impl FnOnce() -> Error) {
        let mut refusal = self.refusal.borrow_mut();
        if refusal.is_none() {
            *refusal = Some(error());
        }
    }

    /// The first refusal since the last time.
    pub(super) fn take_refusal(&self) -> Option<Error> {
        self.refusal.take()
    }

    /// Whether a variable was asked for that a hermetic evaluation was not given.
    pub(super) fn hides_variable(&self, name: &str) -> bool {
        self.hermetic
            && !self.variables.contains_key(name)
            && self.variables_read.borrow().iter().any(|read| read == name)
    }

    fn note_file(&self, path: &Path) {
        let mut files = self.files_read.borrow_mut();
        if !files.iter().any(|known| known == path) {
            files.push(path.to_owned());
        }
    }

    /// Runs the text of a file in the namespace.
    fn run(
        &self,
        path: &Path,
        bytes: &[u8],
        globals: &PyDictRef,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        self.note_file(path);
        let name = path.to_string_lossy().into_owned();
        let program = dialect::compile_file(bytes, &name).map_err(|error| {
            let exception = runtime::syntax_exception(&error, &name, vm);
            *self.syntax.borrow_mut() = Some((name.clone(), error));
            self.sources.borrow_mut().insert(
                name.clone(),
                SourceText::unparsed(&String::from_utf8_lossy(bytes)),
            );
            exception
        })?;
        self.sources.borrow_mut().insert(name, program.text);
        let code = vm.ctx.new_code(program.code);
        let scope = Scope::with_builtins(None, globals.clone(), vm);
        self.running.borrow_mut().push(path.to_owned());
        let outcome = vm.run_code_obj(code, scope).map(drop);
        self.running.borrow_mut().pop();
        outcome
    }

    /// The error for a file that includes itself again and again, with the files in between. A few
    /// times are fine: it may know when to stop.
    fn circle(&self, path: &Path, vm: &VirtualMachine) -> Option<PyBaseExceptionRef> {
        let running = self.running.borrow();
        let mut places = (0..running.len())
            .filter(|&index| running.get(index).is_some_and(|p| same_file(p, path)));
        let first = places.next()?;
        if places.count() < REPEATED_INCLUDES {
            return None;
        }
        let rest = running.get(first + 1..)?;
        let next = rest.iter().position(|file| same_file(file, path))?;
        let files = running.get(first..=first + 1 + next)?;
        let chain: Vec<String> = files.iter().map(|file| base_name(file)).collect();
        Some(
            vm.new_exception_msg(
                vm.ctx.exceptions.runtime_error.to_owned(),
                format!(
                    "maximum recursion depth exceeded: files include each other, {}",
                    chain.join(" -> ")
                )
                .into(),
            ),
        )
    }

    /// `include(path)`: relative to the file that is being evaluated.
    fn include(&self, path: &str, globals: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
        let path = {
            let mut open = self.open.borrow_mut();
            let folder = open.last().and_then(|file| file.parent());
            let path = folder.map_or_else(|| PathBuf::from(path), |folder| folder.join(path));
            open.push(path.clone());
            path
        };
        // What a device or a pipe gives is another thing each time, and what hooks read is not told.
        if self.hermetic && (path.exists() && !path.is_file() || self.loaded.get()) {
            let what = format!("include('{}')", path.display());
            return Err(hermetic::refuse(self, &what, vm));
        }
        if let Some(error) = self.circle(&path, vm) {
            return Err(error);
        }
        // As in the release, a file that cannot be read or run stays the current one: what the
        // including file tries next is looked up beside it.
        let bytes = read(&path).map_err(|error| read_exception(&path, &error, vm))?;
        self.run_as_file(&path, &bytes, globals, vm)?;
        self.open.borrow_mut().pop();
        Ok(())
    }

    /// As `run`, with `__file__` naming the file, as it was named, for as long as it runs.
    fn run_as_file(
        &self,
        path: &Path,
        bytes: &[u8],
        globals: &PyDictRef,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        let outer = globals.get_item_opt("__file__", vm)?;
        let name = vm.ctx.new_str(path.to_string_lossy().into_owned());
        globals.set_item("__file__", name.into(), vm)?;
        let result = self.run(path, bytes, globals, vm);
        if let Some(outer) = outer {
            globals.set_item("__file__", outer, vm)?;
        }
        result
    }
}

/// How many times a file may be inside itself.
const REPEATED_INCLUDES: usize = 16;

/// Whether two names of files are the same but for `.` and `..`.
fn same_file(a: &Path, b: &Path) -> bool {
    a == b
        || base_name(a) == base_name(b)
            && fs_err::canonicalize(a).ok() == fs_err::canonicalize(b).ok()
}

fn base_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

impl runtime::Surroundings for Evaluation {
    fn variables(&self) -> Vec<(String, String)> {
        let pairs = self.variables.iter();
        pairs
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn note_variable(&self, name: &str) {
        let mut read = self.variables_read.borrow_mut();
        if !read.iter().any(|known| known == name) {
            read.push(name.to_owned());
        }
    }

    fn object_module(&self, vm: &VirtualMachine) -> PyResult {
        self.module
            .borrow()
            .clone()
            .ok_or_else(|| vm.new_runtime_error("the schema is not loaded"))
    }
}

/// The `IOError` for a file that cannot be read.
pub(super) fn read_exception(
    path: &Path,
    error: &std::io::Error,
    vm: &VirtualMachine,
) -> PyBaseExceptionRef {
    let class = vm.ctx.exceptions.os_error.to_owned();
    let number = error.raw_os_error().unwrap_or(5);
    let words = match error.kind() {
        std::io::ErrorKind::NotFound => "No such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "Permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "Is a directory".to_owned(),
        _ => std::io::Error::from_raw_os_error(number).to_string(),
    };
    let number = match error.kind() {
        std::io::ErrorKind::NotFound => 2,
        std::io::ErrorKind::PermissionDenied => 13,
        std::io::ErrorKind::IsADirectory => 21,
        _ => number,
    };
    let name = path.to_string_lossy().into_owned();
    let made = class
        .as_object()
        .call((number, words.clone(), name), vm)
        .and_then(|exception| exception.try_into_value(vm));
    made.unwrap_or_else(|_| vm.new_exception_msg(class, words.into()))
}

/// Evaluates a file.
///
/// # Errors
/// When it is no program, raises an exception, leaves with an exit code or goes beyond a limit.
pub(crate) fn evaluate(
    path: &Path,
    source: &[u8],
    options: &LoadOptions,
) -> Result<Evaluated, Error> {
    let (path_owned, bytes, loading) = (path.to_owned(), source.to_owned(), options.clone());
    let prepare = match options.hermetic {
        true => hermetic::restrict,
        false => interpreter::unchanged,
    };
    let limits = interpreter::Limits {
        time: options.timeout,
        memory: options.memory_limit,
    };
    let outcome = interpreter::run(limits, prepare, move |vm| {
        let evaluation = Rc::new(Evaluation::new(&loading));
        let result = run(&evaluation, &path_owned, &bytes, &loading, vm);
        evaluation.loaded.set(true);
        if let Some(refusal) = evaluation.take_refusal() {
            return (Err(refusal), None);
        }
        match result {
            Ok((jobs, hooks, handles)) => {
                // Hooks may fail later, and then need the texts too.
                let texts = Texts::new(evaluation.sources.borrow().clone());
                let evaluated = Evaluated {
                    jobs,
                    hooks: handles,
                    files_read: evaluation.files_read.take(),
                    variables_read: evaluation.variables_read.take(),
                    output: String::from_utf8_lossy(&evaluation.written.take()).into_owned(),
                    warnings: Vec::new(),
                    sources: Arc::new(Sources::Python(texts)),
                };
                let serve: Afterwards = Box::new(|vm| hooks.serve(vm));
                let afterwards = (!evaluated.hooks.is_empty()).then_some(serve);
                (Ok(evaluated), afterwards)
            }
            Err(exception) => {
                let error = failure::error_of(&exception, &evaluation, &path_owned, vm);
                (Err(error), None)
            }
        }
    });
    match outcome {
        Ok(result) => result,
        Err(failure) => Err(failure::interpreter_error(failure, path, source, &limits)),
    }
}

fn run(
    evaluation: &Rc<Evaluation>,
    path: &Path,
    bytes: &[u8],
    options: &LoadOptions,
    vm: &VirtualMachine,
) -> PyResult<(Vec<Object>, Hooks, Vec<Hook>)> {
    let (kept, sink) = (evaluation.clone(), options.output.clone());
    let writer = Rc::new(move |stream: OutputStream, bytes: &[u8]| match &sink {
        Some(sink) => sink.write(stream, bytes),
        None if stream == OutputStream::Stdout => {
            kept.written.borrow_mut().extend_from_slice(bytes);
        }
        None => {}
    });
    output::install(writer, vm)?;
    if options.hermetic {
        hermetic::close(evaluation, vm)?;
    }
    let types = Rc::new(runtime::Types::default());
    let builtin_names = runtime::install(&types, vm)?;
    runtime::install_imports(&builtin_names, evaluation.clone(), vm)?;
    let binding = Binding::install(
        types.clone(),
        Schema::of(options.compat),
        &builtin_names,
        vm,
    )?;
    let globals = vm.ctx.new_dict();
    globals.set_item("__builtins__", builtin_names.clone().into(), vm)?;
    let exported = vm.ctx.new_dict();
    for (name, value) in binding.exported(vm) {
        globals.set_item(name.as_object(), value.clone(), vm)?;
        exported.set_item(name.as_object(), value, vm)?;
    }
    // What imports add to the module is not for `from pystachio import *`.
    let all = vm.ctx.new_list(exported.keys_vec());
    exported.set_item("__all__", all.into(), vm)?;
    let module = vm.new_module("pystachio", exported, None);
    *evaluation.module.borrow_mut() = Some(module.into());
    functions(evaluation, &builtin_names, &globals, vm)?;
    evaluation.open.borrow_mut().push(path.to_owned());
    evaluation.run_as_file(path, bytes, &globals, vm)?;
    let jobs = jobs(&globals, vm)?;
    let declared = hooks::declared(&globals, vm)?;
    let (hooks, handles) = Hooks::new(declared, evaluation.clone(), binding, options.compat);
    Ok((jobs, hooks, handles))
}

/// `include`, `execfile` and `open`.
fn functions(
    evaluation: &Rc<Evaluation>,
    builtin_names: &PyDictRef,
    globals: &PyDictRef,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let (e, namespace) = (evaluation.clone(), globals.clone());
    let include = move |path: PyStrRef, vm: &VirtualMachine| {
        e.include(&path.to_string_lossy(), &namespace, vm)
    };
    globals.set_item("include", vm.new_function("include", include).into(), vm)?;
    let e = evaluation.clone();
    let names = builtin_names.clone();
    let execfile = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult<()> {
        let [path, rest @ ..] = arguments.args.as_slice() else {
            return Err(vm.new_type_error("execfile() takes at least 1 argument (0 given)"));
        };
        let path = PathBuf::from(path.str(vm)?.to_string_lossy().into_owned());
        if e.hermetic {
            let what = format!("execfile('{}')", path.display());
            return Err(hermetic::refuse(&e, &what, vm));
        }
        let bytes = read(&path).map_err(|error| read_exception(&path, &error, vm))?;
        let globals: PyDictRef = match rest.first() {
            Some(globals) => globals.clone().try_into_value(vm)?,
            None => vm.current_globals(),
        };
        if !globals.contains_key("__builtins__", vm) {
            globals.set_item("__builtins__", names.clone().into(), vm)?;
        }
        e.run(&path, &bytes, &globals, vm)
    };
    let execfile = vm.new_function("execfile", execfile).into();
    builtin_names.set_item("execfile", execfile, vm)?;
    let e = evaluation.clone();
    let note = move |path: PyObjectRef, vm: &VirtualMachine| -> PyResult<()> {
        e.note_file(Path::new(path.str(vm)?.to_string_lossy().as_ref()));
        Ok(())
    };
    let note = vm.new_function("__py2_note_file__", note).into();
    builtin_names.set_item("__py2_note_file__", note, vm)
}

/// Whether it has what the key of a job is made of.
fn is_job(object: &Object) -> bool {
    object.ty().as_struct().is_some_and(|structure| {
        ["cluster", "role", "environment", "name", "task"]
            .into_iter()
            .all(|field| structure.position(field).is_some())
    })
}

/// The jobs that a file defines.
fn jobs(globals: &PyDictRef, vm: &VirtualMachine) -> PyResult<Vec<Object>> {
    let Some(jobs) = globals.get_item_opt("jobs", vm)? else {
        return Ok(Vec::new());
    };
    let refused = || vm.new_type_error("argument 2 to map() must support iteration");
    if jobs
        .downcast_ref::<ObjectValue>()
        .is_some_and(|value| !matches!(value.object().ty().kind(), Kind::List(_)))
    {
        return Err(refused());
    }
    let elements = jobs
        .try_to_value::<Vec<PyObjectRef>>(vm)
        .map_err(|_| refused())?;
    elements
        .into_iter()
        .map(|element| match element.downcast_ref::<ObjectValue>() {
            Some(value) if is_job(value.object()) => Ok(value.object().clone()),
            _ => Err(vm.new_type_error(format!(
                "jobs must hold jobs, got {}",
                element.repr(vm)?.to_string_lossy()
            ))),
        })
        .collect()
}
