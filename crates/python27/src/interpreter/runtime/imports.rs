//! `import` in programs.

use std::{cell::OnceCell, rc::Rc};

use rustpython_vm::{
    AsObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyStrRef},
    common::wtf8::{Wtf8, Wtf8Buf},
    function::FuncArgs,
    scope::Scope,
};

/// What imports need to know about the run.
pub(crate) trait Imports {
    /// The environment variables that the program may see.
    fn variables(&self) -> Vec<(Wtf8Buf, Wtf8Buf)>;

    /// A variable was asked for.
    fn note_variable(&self, name: &str);

    /// The packages that the host provides.
    fn packages(&self) -> &[&str];

    /// The folders where the program's own modules are looked for at first.
    fn folders(&self) -> Vec<Wtf8Buf>;

    /// The folder of the file that is running.
    fn running_folder(&self) -> Wtf8Buf;

    /// Whether there is a file of that name that the program may import.
    fn is_module(&self, path: &Wtf8, vm: &VirtualMachine) -> PyResult<bool>;

    /// Runs the file of a module in its namespace.
    fn run_module(&self, path: &Wtf8, names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()>;

    /// The module that all packages of the host.
    fn package(&self, vm: &VirtualMachine) -> PyResult;
}

/// Puts our `__import__` in place; code that does not see `names` as its built-in names keeps the
/// interpreter's.
pub(crate) fn install(
    names: &PyDictRef,
    imports: Rc<dyn Imports>,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let native = vm.builtins.get_attr("__import__", vm)?;
    let names_of_hook = names;
    let names = names.clone();
    let importer: Rc<OnceCell<PyDictRef>> = Rc::default();
    let made = importer.clone();
    let names_of_reload = names.clone();
    let imports_of_reload = imports.clone();
    let reload = move |module: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        let importer = prepared(&made, &names_of_reload, &imports_of_reload, vm)?;
        importer.get_item("reload_module", vm)?.call((module,), vm)
    };
    names_of_hook.set_item("reload", vm.new_function("reload", reload).into(), vm)?;
    let hook = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
        let configured = vm
            .current_frame()
            .is_some_and(|frame| frame.builtins.is(names.as_object()) && !frame.globals.is(&names));
        if !configured {
            return native.call(arguments, vm);
        }
        let importer = prepared(&importer, &names, &imports, vm)?;
        importer.get_item("import_module", vm)?.call(arguments, vm)
    };
    let hook: PyObjectRef = vm.new_function("__import__", hook).into();
    names_of_hook.set_item("__import__", hook.clone(), vm)?;
    vm.builtins.set_attr("__import__", hook, vm)
}

/// The namespace of what imports, which is made when it is needed first.
fn prepared<'a>(
    importer: &'a OnceCell<PyDictRef>,
    names: &PyDictRef,
    imports: &Rc<dyn Imports>,
    vm: &VirtualMachine,
) -> PyResult<&'a PyDictRef> {
    if let Some(importer) = importer.get() {
        return Ok(importer);
    }
    let made = make_importer(names, imports, vm)?;
    Ok(importer.get_or_init(|| made))
}

fn make_importer(
    names: &PyDictRef,
    imports: &Rc<dyn Imports>,
    vm: &VirtualMachine,
) -> PyResult<PyDictRef> {
    let globals = vm.ctx.new_dict();
    let name = vm.ctx.new_str("<modules>");
    globals.set_item("__name__", name.into(), vm)?;
    globals.set_item("builtin_names", names.clone().into(), vm)?;
    for (ours, theirs) in [
        ("unicode", "unicode"),
        ("long", "long"),
        ("bytes_of", "__py2_bytes_of__"),
        ("is_bytes", "__py2_is_bytes__"),
        ("text_of", "__py2_text_of__"),
        ("keywords", "__py2_keywords__"),
        ("iterated", "__py2_iter__"),
        ("show", "__py2_repr__"),
        ("copied", "__py2_copied__"),
        ("divide", "__py2_div__"),
        ("hash_of", "hash"),
        ("last_handled", "__py2_last__"),
        ("handled", "__py2_handled__"),
    ] {
        globals.set_item(ours, names.get_item(theirs, vm)?, vm)?;
    }
    let i = imports.clone();
    let variables = move |vm: &VirtualMachine| -> Vec<PyObjectRef> {
        i.variables()
            .into_iter()
            .map(|(name, value)| {
                let pair = vec![vm.ctx.new_str(name).into(), vm.ctx.new_str(value).into()];
                vm.ctx.new_tuple(pair).into()
            })
            .collect()
    };
    let variables = vm.new_function("given_environment", variables);
    globals.set_item("given_environment", variables.into(), vm)?;
    let i = imports.clone();
    let note = move |name: PyStrRef| {
        i.note_variable(&name.to_string_lossy());
    };
    let note = vm.new_function("note_variable", note);
    globals.set_item("note_variable", note.into(), vm)?;
    file_functions(&globals, imports, vm)?;
    let i = imports.clone();
    let package = move |vm: &VirtualMachine| i.package(vm);
    let package = vm.new_function("given_package", package);
    globals.set_item("given_package", package.into(), vm)?;
    let packages = imports.packages().iter();
    let packages = packages.map(|name| vm.ctx.new_str(*name).into()).collect();
    let packages = vm.ctx.new_tuple(packages);
    globals.set_item("given_packages", packages.into(), vm)?;
    // Cargo sees files that the macro reads only if they are named so.
    const _: &str = include_str!("modules.py");
    let code = vm.ctx.new_code(rustpython_vm::py_compile!(
        file = "modules.py",
        module_name = "<modules>"
    ));
    vm.run_code_obj(code, Scope::with_builtins(None, globals.clone(), vm))?;
    const _: &str = include_str!("own_modules.py");
    let code = vm.ctx.new_code(rustpython_vm::py_compile!(
        file = "own_modules.py",
        module_name = "<modules>"
    ));
    vm.run_code_obj(code, Scope::with_builtins(None, globals.clone(), vm))?;
    Ok(globals)
}

/// What the modules of a program need of the run.
fn file_functions(
    globals: &PyDictRef,
    imports: &Rc<dyn Imports>,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let i = imports.clone();
    let folders = move |vm: &VirtualMachine| -> Vec<PyObjectRef> {
        let folders = i.folders().into_iter();
        folders
            .map(|folder| vm.ctx.new_str(folder).into())
            .collect()
    };
    let folders = vm.new_function("own_folders", folders);
    globals.set_item("own_folders", folders.into(), vm)?;
    let i = imports.clone();
    let running = move |vm: &VirtualMachine| vm.ctx.new_str(i.running_folder());
    let running = vm.new_function("running_folder", running);
    globals.set_item("running_folder", running.into(), vm)?;
    let i = imports.clone();
    let is_module = move |path: PyStrRef, vm: &VirtualMachine| i.is_module(path.as_wtf8(), vm);
    let is_module = vm.new_function("own_file", is_module);
    globals.set_item("own_file", is_module.into(), vm)?;
    let i = imports.clone();
    let run = move |path: PyStrRef, names: PyDictRef, vm: &VirtualMachine| {
        i.run_module(path.as_wtf8(), &names, vm)
    };
    globals.set_item("run_file", vm.new_function("run_file", run).into(), vm)
}
