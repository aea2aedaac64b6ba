//! What surrounds a program: how it is run, and what its host adds to the language.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io,
    ops::Range,
    path::{Path, PathBuf},
    rc::Rc,
    time::Duration,
};

use rustpython_vm::{
    PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyDictRef},
};

use super::{Afterwards, Explanation, Session};
use crate::OutputSink;

/// How a program is run.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The environment variables that the program sees.
    pub variables: BTreeMap<String, String>,
    /// Further environment variables, whose names or values are not Unicode.
    pub variables_in_bytes: BTreeMap<OsString, OsString>,
    /// `sys.argv`.
    pub arguments: Vec<String>,
    /// Whether the program may use nothing but itself and the files that it includes, so that it
    /// gives the same result at any time and on any machine.
    ///
    /// Files other than included ones, programs, signals, the network, native code, the clock and
    /// what is known about the machine or the user are refused; [`Error::Refused`](super::Error)
    /// comes back even when the program catches the exception. `random` and the hashes of text give
    /// the same each time.
    pub hermetic: bool,
    /// The folder whose files a hermetic program may import and include; if unset, it may import
    /// those in the folder of the file that is run, and include any.
    pub hermetic_root: Option<PathBuf>,
    /// How long the program may run; without a limit if unset.
    ///
    /// Native code that cannot be interrupted goes on in the background after the error has come
    /// back, until the process ends.
    pub timeout: Option<Duration>,
    /// By how many bytes the resident memory of this process may grow while the program runs;
    /// without a limit if unset.
    ///
    /// The growth is read from `/proc/self/status`; elsewhere only single values are limited.
    pub memory_limit: Option<u64>,
    /// Takes what the program prints, as it prints it. If unset, what goes to `sys.stdout` is kept
    /// for [`Outcome::printed`](super::Outcome) and the rest is dropped.
    pub output: Option<OutputSink>,
}

/// Names with their values.
pub type Names = Vec<(PyObjectRef, PyObjectRef)>;

/// What a caller adds to the language, and what it makes of a program that has run. It lives on the
/// thread of the interpreter.
pub trait Host: Sized + 'static {
    /// What the caller gets of a program.
    type Output: Send + 'static;

    /// The first names of packages that `import` finds with the names of the host, without a file.
    const PACKAGES: &'static [&'static str] = &[];

    /// The names that are in the namespace of every program, and in the packages.
    fn names(&self, vm: &VirtualMachine) -> Names;

    /// Makes the output of the namespace of a program that has run, and what is to be done on the
    /// thread of the interpreter once the caller has the output. No limit ends the latter.
    ///
    /// # Errors
    /// An exception here ends the program as one of its own does.
    fn finish(
        self,
        globals: &PyDictRef,
        session: &Rc<Session>,
        vm: &VirtualMachine,
    ) -> PyResult<(Self::Output, Option<Afterwards>)>;

    /// Reads a file that a program includes or executes.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    /// What is known about an exception that the code of the host raised.
    fn explain(_exception: &PyBaseExceptionRef, _vm: &VirtualMachine) -> Option<Explanation> {
        None
    }

    /// The bytes in the text of a program that make its result. Errors of [`Host::finish`] point
    /// there.
    fn result_span(_text: &str) -> Option<Range<usize>> {
        None
    }
}
