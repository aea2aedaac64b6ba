//! One run of a program: its files, what it was given and what it used.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    ffi::OsString,
    io,
    ops::Range,
    path::{Path, PathBuf},
    rc::Rc,
};

use rustpython_vm::{
    AsObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyDictRef, PyStrRef},
    common::wtf8::{Wtf8, Wtf8Buf},
    function::FuncArgs,
    scope::Scope,
};

use super::{
    Host, Options,
    dialect::{self, SourceText, SyntaxError},
    error::Error,
    failure::{self, Explanation},
    refusal::{OWN_IMPORT, Refusal},
    runtime::{self, Imports},
    sources::Sources,
};

/// What a session asks of its host, without the host's own type.
#[derive(Clone, Copy)]
struct Callbacks {
    packages: &'static [&'static str],
    read: fn(&Path) -> io::Result<Vec<u8>>,
    explain: fn(&PyBaseExceptionRef, &VirtualMachine) -> Option<Explanation>,
    result: fn(&str) -> Option<Range<usize>>,
}

/// One run of a program, as the code sees it that runs beside the program.
pub struct Session {
    callbacks: Callbacks,
    variables: BTreeMap<String, String>,
    variables_in_bytes: BTreeMap<OsString, OsString>,
    /// The files being run, outermost first; one that failed stays.
    open: RefCell<Vec<PathBuf>>,
    /// The files whose code is running, outermost first.
    running: RefCell<Vec<PathBuf>>,
    sources: RefCell<Sources>,
    files_read: RefCell<Vec<PathBuf>>,
    variables_read: RefCell<Vec<String>>,
    printed: RefCell<Vec<u8>>,
    /// The module behind all packages of the host.
    module: RefCell<Option<PyObjectRef>>,
    /// The first syntax error, as it is gone from the exception.
    syntax: RefCell<Option<(String, SyntaxError)>>,
    hermetic: bool,
    hermetic_root: Option<PathBuf>,
    /// Whether the list of files that were read is closed.
    finished: Cell<bool>,
    /// Whether the result is made, and what is left to do is running.
    afterwards: Cell<bool>,
    /// The first thing that a hermetic program was refused. It counts even if the program went on.
    refusal: RefCell<Option<Error>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl Session {
    pub(super) fn new<H: Host>(options: &Options) -> Self {
        Self {
            callbacks: Callbacks {
                packages: H::PACKAGES,
                read: H::read,
                explain: H::explain,
                result: H::result_span,
            },
            variables: options.variables.clone(),
            variables_in_bytes: options.variables_in_bytes.clone(),
            open: RefCell::default(),
            running: RefCell::default(),
            sources: RefCell::default(),
            files_read: RefCell::default(),
            variables_read: RefCell::default(),
            printed: RefCell::default(),
            module: RefCell::default(),
            syntax: RefCell::default(),
            hermetic: options.hermetic,
            hermetic_root: options.hermetic_root.clone(),
            finished: Cell::default(),
            afterwards: Cell::default(),
            refusal: RefCell::default(),
        }
    }

    /// The file that was run.
    pub fn path(&self) -> PathBuf {
        self.open.borrow().first().cloned().unwrap_or_default()
    }

    /// What a call gave, or the error for its exception. Something that a hermetic program was
    /// refused since the last call counts first, even when the program caught the exception.
    ///
    /// # Errors
    /// When the call raised an exception or was refused something.
    pub fn settle<T>(&self, result: PyResult<T>, vm: &VirtualMachine) -> Result<T, Error> {
        if let Some(refusal) = self.refusal.take() {
            return Err(refusal);
        }
        let result = result.map_err(|exception| self.error_of(&exception, vm));
        self.refusal.take().map_or(result, Err)
    }

    fn error_of(&self, exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> Error {
        self.with_program(|program| failure::error_of(exception, program, vm))
    }

    fn with_program<T>(&self, work: impl FnOnce(&failure::Program<'_>) -> T) -> T {
        // A copy: what is asked of an exception may run code that includes another file.
        let sources = self.sources.borrow().clone();
        work(&failure::Program {
            path: &self.path(),
            sources: &sources,
            syntax: self.syntax.borrow().clone(),
            explain: self.callbacks.explain,
            hides_variable: &|name| self.hides_variable(name),
            result: &|text| match self.afterwards.get() {
                // What goes wrong then has nothing to do with the result.
                true => None,
                false => (self.callbacks.result)(text),
            },
        })
    }

    /// Ends the program for something that a hermetic one may not do.
    pub(super) fn refuse(&self, what: &str, vm: &VirtualMachine) -> PyBaseExceptionRef {
        if self.refusal.borrow().is_none() {
            let place = self.with_program(|program| failure::running_place(program, vm));
            *self.refusal.borrow_mut() = Some(Error::Refused {
                what: what.to_owned(),
                refusal: Refusal::of(what),
                place: Box::new(place),
            });
        }
        // No handler for ordinary errors takes it for one.
        let class = vm.ctx.exceptions.base_exception_type.to_owned();
        let message = format!("`{what}` is refused to a hermetic program");
        vm.new_exception_msg(class, message.into())
    }

    /// Whether a file is one of the program.
    pub(super) fn is_of_program(&self, file: &str) -> bool {
        self.sources.borrow().get(file).is_some()
    }

    pub(super) fn sources(&self) -> Sources {
        self.sources.borrow().clone()
    }

    /// The files and the variables that were read, and what was printed; each is empty afterwards.
    pub(super) fn take_records(&self) -> (Vec<PathBuf>, Vec<String>, Vec<u8>) {
        (
            self.files_read.take(),
            self.variables_read.take(),
            self.printed.take(),
        )
    }

    pub(super) fn note_printed(&self, bytes: &[u8]) {
        self.printed.borrow_mut().extend_from_slice(bytes);
    }

    pub(super) fn set_module(&self, module: PyObjectRef) {
        *self.module.borrow_mut() = Some(module);
    }

    /// From now on the list of files that were read is closed.
    pub(super) fn finish(&self) {
        self.finished.set(true);
    }

    /// From now on what was left to be done runs.
    pub(super) fn begin_afterwards(&self) {
        self.afterwards.set(true);
    }

    /// Whether a variable was asked for that the program was not given.
    fn hides_variable(&self, name: &str) -> bool {
        !self.variables.contains_key(name)
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

    /// Runs the file of the program in the namespace.
    pub(super) fn run_program(
        &self,
        path: &Path,
        bytes: &[u8],
        globals: &PyDictRef,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        self.open.borrow_mut().push(path.to_owned());
        self.run_as_file(path, bytes, globals, vm)
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

    /// Whether a hermetic program may import a file: one in the folder of the file that was run, or
    /// in the folder that the options name.
    fn is_inside(&self, path: &Path) -> bool {
        let own = self.path();
        let root = match (&self.hermetic_root, own.parent()) {
            (Some(root), _) => root.as_path(),
            (None, Some(folder)) if !folder.as_os_str().is_empty() => folder,
            (None, _) => Path::new("."),
        };
        let inside = || {
            Some(
                path.canonicalize()
                    .ok()?
                    .starts_with(root.canonicalize().ok()?),
            )
        };
        inside().unwrap_or(false) && !self.finished.get()
    }

    /// Refuses the import of a file that a hermetic program may not import.
    fn allow_import(&self, path: &Path, vm: &VirtualMachine) -> PyResult<()> {
        if self.hermetic && !self.is_inside(path) {
            return Err(self.refuse(&format!("{OWN_IMPORT}('{}')", path.display()), vm));
        }
        Ok(())
    }

    /// `include(path)`: relative to the file that is being run.
    fn include(&self, path: &Path, globals: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
        let path = {
            let mut open = self.open.borrow_mut();
            let folder = open.last().and_then(|file| file.parent());
            let path = folder.map_or_else(|| path.to_owned(), |folder| folder.join(path));
            open.push(path.clone());
            path
        };
        // A device or a pipe gives something else each time, and the list of files is closed once
        // the program has run.
        let outside = self.hermetic_root.is_some() && path.exists() && !self.is_inside(&path);
        if self.hermetic && (path.exists() && !path.is_file() || self.finished.get() || outside) {
            return Err(self.refuse(&format!("include('{}')", path.display()), vm));
        }
        if let Some(error) = self.circle(&path, vm) {
            return Err(error);
        }
        // A file that cannot be read or run stays the current one: what the including file tries
        // next is looked up beside it.
        let bytes = self.read(&path, vm)?;
        self.run_as_file(&path, &bytes, globals, vm)?;
        self.open.borrow_mut().pop();
        Ok(())
    }

    fn read(&self, path: &Path, vm: &VirtualMachine) -> PyResult<Vec<u8>> {
        (self.callbacks.read)(path).map_err(|error| read_exception(path, &error, vm))
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
        let name = vm.ctx.new_str(runtime::path_text(path));
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
            && std::fs::canonicalize(a).ok() == std::fs::canonicalize(b).ok()
}

fn base_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

impl Imports for Session {
    fn variables(&self) -> Vec<(Wtf8Buf, Wtf8Buf)> {
        let text = |text: &String| Wtf8Buf::from(text.as_str());
        let bytes = |bytes: &OsString| runtime::path_text(Path::new(bytes));
        let pairs = self.variables.iter();
        let in_bytes = self.variables_in_bytes.iter();
        pairs
            .map(|(name, value)| (text(name), text(value)))
            .chain(in_bytes.map(|(name, value)| (bytes(name), bytes(value))))
            .collect()
    }

    fn note_variable(&self, name: &str) {
        let mut read = self.variables_read.borrow_mut();
        if !read.iter().any(|known| known == name) {
            read.push(name.to_owned());
        }
    }

    fn packages(&self) -> &[&str] {
        self.callbacks.packages
    }

    fn folders(&self) -> Vec<Wtf8Buf> {
        let path = self.path();
        let own = path.parent().unwrap_or_else(|| Path::new(""));
        let given = self.variables.get("PYTHONPATH").map(String::as_str);
        let given = given.unwrap_or_default().split(':');
        std::iter::once(runtime::path_text(own))
            .chain(given.filter(|part| !part.is_empty()).map(Wtf8Buf::from))
            .collect()
    }

    fn running_folder(&self) -> Wtf8Buf {
        let running = self.running.borrow();
        let folder = running.last().and_then(|file| file.parent());
        runtime::path_text(folder.unwrap_or_else(|| Path::new("")))
    }

    fn is_module(&self, path: &Wtf8, vm: &VirtualMachine) -> PyResult<bool> {
        let path = runtime::path_of(path);
        if !path.is_file() {
            return Ok(false);
        }
        self.allow_import(&path, vm).map(|()| true)
    }

    fn run_module(&self, path: &Wtf8, names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
        let path = runtime::path_of(path);
        self.allow_import(&path, vm)?;
        let bytes = self.read(&path, vm)?;
        self.run(&path, &bytes, names, vm)
    }

    fn package(&self, vm: &VirtualMachine) -> PyResult {
        self.module
            .borrow()
            .clone()
            .ok_or_else(|| vm.new_runtime_error("the names of the host are not loaded"))
    }
}

/// The `IOError` for a file that cannot be read.
pub(super) fn read_exception(
    path: &Path,
    error: &std::io::Error,
    vm: &VirtualMachine,
) -> PyBaseExceptionRef {
    let class = runtime::io_error(vm);
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
    let name = vm.ctx.new_str(runtime::path_text(path));
    let made = class
        .as_object()
        .call((number, words.clone(), name), vm)
        .and_then(|exception| exception.try_into_value(vm));
    made.unwrap_or_else(|_| vm.new_exception_msg(class, words.into()))
}

/// `include`, `execfile` and `open`.
pub(super) fn functions(
    session: &Rc<Session>,
    builtin_names: &PyDictRef,
    globals: &PyDictRef,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let (s, namespace) = (session.clone(), globals.clone());
    let include = move |path: PyStrRef, vm: &VirtualMachine| {
        s.include(&runtime::path_of(path.as_wtf8()), &namespace, vm)
    };
    globals.set_item("include", vm.new_function("include", include).into(), vm)?;
    let s = session.clone();
    let names = builtin_names.clone();
    let execfile = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult<()> {
        let [path, rest @ ..] = arguments.args.as_slice() else {
            return Err(vm.new_type_error("execfile() takes at least 1 argument (0 given)"));
        };
        let path = runtime::path_of(path.str(vm)?.as_wtf8());
        if s.hermetic {
            return Err(s.refuse(&format!("execfile('{}')", path.display()), vm));
        }
        let bytes = s.read(&path, vm)?;
        let globals: PyDictRef = match rest.first() {
            Some(globals) => globals.clone().try_into_value(vm)?,
            None => vm.current_globals(),
        };
        if !globals.contains_key("__builtins__", vm) {
            globals.set_item("__builtins__", names.clone().into(), vm)?;
        }
        s.run(&path, &bytes, &globals, vm)
    };
    let execfile = vm.new_function("execfile", execfile).into();
    builtin_names.set_item("execfile", execfile, vm)?;
    let s = session.clone();
    let note = move |path: PyObjectRef, vm: &VirtualMachine| -> PyResult<()> {
        s.note_file(&runtime::path_of(path.str(vm)?.as_wtf8()));
        Ok(())
    };
    let note = vm.new_function("__py2_note_file__", note).into();
    builtin_names.set_item("__py2_note_file__", note, vm)
}
