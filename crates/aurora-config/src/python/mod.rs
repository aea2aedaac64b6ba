//! Evaluates `.aurora` files: Python 2.7 programs over the object model and the schema.

mod error;

mod hooks;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::{io, ops::Range, path::Path, rc::Rc, sync::Arc};

use aurora_compat::Compat;
use pystachio::{Kind, Object, python::Binding};
use python27::interpreter::{
    self, Afterwards, Explanation, Host, Names, Options, Session,
    rustpython_vm::{
        PyObjectRef, PyResult, VirtualMachine,
        builtins::{PyBaseExceptionRef, PyDictRef},
    },
};

use crate::{
    Error, Hook, LoadOptions,
    evaluated::{Evaluated, read},
    schema::Schema,
    source::Sources,
};
use hooks::Hooks;

/// Evaluates a file.
///
/// # Errors
/// When it is not a program, raises an exception, leaves with an exit code or goes beyond a limit.
pub(crate) fn evaluate(
    path: &Path,
    source: &[u8],
    options: &LoadOptions,
) -> Result<Evaluated, Error> {
    let compat = options.compat;
    let outcome = interpreter::run_with(
        path,
        source,
        &program_options(options),
        move |runtime, vm| {
            let vocabulary = vocabulary::vocabulary(Schema::of(compat), compat);
            let binding = Binding::install(runtime, vocabulary, vm)?;
            Ok(Configurations { binding, compat })
        },
    );
    let outcome = outcome.map_err(|error| error::error_of(error, path, source))?;
    let (jobs, hooks) = outcome.output;
    Ok(Evaluated {
        jobs,
        hooks,
        files_read: outcome.files_read,
        variables_read: outcome.variables_read,
        output: outcome.printed,
        warnings: Vec::new(),
        sources: Arc::new(Sources::Python(outcome.sources)),
    })
}

fn program_options(options: &LoadOptions) -> Options {
    let mut program = Options::default();
    program.variables.clone_from(&options.environment);
    program
        .variables_in_bytes
        .clone_from(&options.environment_bytes);
    program.arguments = vec!["aurora".to_owned()];
    program.hermetic = options.hermetic;
    program.hermetic_root.clone_from(&options.hermetic_root);
    program.timeout = options.timeout;
    program.memory_limit = options.memory_limit;
    program.output.clone_from(&options.output);
    program
}

/// The host of configuration files.
struct Configurations {
    binding: Rc<Binding>,
    compat: Compat,
}

impl Host for Configurations {
    type Output = (Vec<Object>, Vec<Hook>);

    /// The packages of the released client. What configurations import from them is in every
    /// namespace already.
    const PACKAGES: &'static [&'static str] = &["pystachio", "apache", "gen", "twitter"];

    fn names(&self, vm: &VirtualMachine) -> Names {
        self.binding.names(vm)
    }

    fn finish(
        self,
        globals: &PyDictRef,
        session: &Rc<Session>,
        vm: &VirtualMachine,
    ) -> PyResult<(Self::Output, Option<Afterwards>)> {
        let jobs = jobs(globals, vm)?;
        let declared = hooks::declared(globals, vm)?;
        let (hooks, handles) = Hooks::new(declared, session.clone(), self.binding, self.compat);
        let serve: Afterwards = Box::new(|vm| hooks.serve(vm));
        let afterwards = (!handles.is_empty()).then_some(serve);
        Ok(((jobs, handles), afterwards))
    }

    fn read(path: &Path) -> io::Result<Vec<u8>> {
        read(path)
    }

    fn explain(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> Option<Explanation> {
        Binding::explain(exception, vm)
    }

    /// Where the file sets `jobs`.
    fn result_span(text: &str) -> Option<Range<usize>> {
        let mut start = 0;
        let mut found = 0..0;
        for line in text.split_inclusive('\n') {
            let rest = line.strip_prefix("jobs").map(str::trim_start);
            if rest.is_some_and(|rest| rest.starts_with(['=', '+'])) {
                found = start..start + "jobs".len();
            }
            start += line.len();
        }
        Some(found)
    }
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
    if Binding::object(&jobs).is_some_and(|value| !matches!(value.ty().kind(), Kind::List(_))) {
        return Err(refused());
    }
    let elements = jobs
        .try_to_value::<Vec<PyObjectRef>>(vm)
        .map_err(|_| refused())?;
    elements
        .into_iter()
        .map(|element| match Binding::object(&element) {
            Some(job) if is_job(&job) => Ok(job),
            _ => Err(vm.new_type_error(format!(
                "jobs must hold jobs, got {}",
                element.repr(vm)?.to_string_lossy()
            ))),
        })
        .collect()
}
