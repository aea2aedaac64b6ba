//! Hermetic runs: an interpreter from which nothing outside of it can be reached.
//!
//! Native modules that reach outside are taken away before the interpreter starts. Of those that
//! Python itself needs (`posix`, `_io`, …), the functions that reach outside are replaced before
//! any code of a program runs, and what they were is dropped: no object that a program
//! can get hold of leads to them. A refusal is noted where no program can reach it, so that
//! catching the exception does not help.

mod tables;

use std::{collections::BTreeMap, io, path::Path, rc::Rc};

use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyInt, PyStr, PyStrRef, PyType, PyTypeRef},
    common::rc::PyRc,
    function::{ArgIterable, FuncArgs},
    scope::Scope,
};

use self::tables::{Answer, Functions};
use super::session::{Session, read_exception};

/// How much of an argument a message shows, in characters.
const SHOWN: usize = 60;

/// Takes away the native modules that reach outside. For a machine that is not started yet.
pub(super) fn restrict(vm: &mut VirtualMachine) {
    if let Some(state) = PyRc::get_mut(&mut vm.state) {
        state.module_defs.retain(|name, _| tables::is_native(name));
    }
}

/// Closes the interpreter. To be done before anything of a program runs.
pub(super) fn close(session: &Rc<Session>, vm: &VirtualMachine) -> PyResult<()> {
    if !vm
        .state
        .module_defs
        .keys()
        .all(|name| tables::is_native(name))
    {
        return Err(vm.new_runtime_error("the interpreter cannot be made hermetic"));
    }
    let mut replaced = Vec::new();
    let mut kept = BTreeMap::new();
    let modules: PyDictRef = vm.sys_module.get_attr("modules", vm)?.try_into_value(vm)?;
    for (name, functions) in tables::GUARDED {
        let module = vm.import(*name, 0)?;
        guard(session, name, functions, &module, &mut replaced, vm)?;
        kept.insert((*name).to_owned(), module);
    }
    // What was imported by name before is replaced wherever it is.
    for (_, module) in modules.items_vec() {
        let Some(names) = module.dict() else { continue };
        for (key, value) in names.items_vec() {
            if let Some(new) = replacement(&replaced, &value) {
                names.set_item(key.as_object(), new, vm)?;
            } else if let Some(set) = without(&replaced, &value, vm)? {
                names.set_item(key.as_object(), set, vm)?;
            }
        }
    }
    close_types(session, &kept, vm)?;
    close_imports(kept.clone(), &modules, vm)?;
    let empty = vm.ctx.new_dict();
    module_of(&kept, "posix", vm)?.set_attr("environ", empty, vm)?;
    close_clock(session, module_of(&kept, "time", vm)?, vm)?;
    run_python_part(session, &kept, vm)
}

fn replacement(replaced: &[(PyObjectRef, PyObjectRef)], value: &PyObject) -> Option<PyObjectRef> {
    let pair = replaced.iter().find(|(old, _)| value.is(old));
    pair.map(|(_, new)| new.clone())
}

/// A set as `os.supports_fd`, which holds functions, with what they were replaced by.
fn without(
    replaced: &[(PyObjectRef, PyObjectRef)],
    value: &PyObject,
    vm: &VirtualMachine,
) -> PyResult<Option<PyObjectRef>> {
    if !value.class().is(vm.ctx.types.set_type) {
        return Ok(None);
    }
    let elements: Vec<PyObjectRef> = value
        .to_owned()
        .try_into_value::<ArgIterable>(vm)?
        .iter(vm)?
        .collect::<PyResult<_>>()?;
    let new = elements
        .into_iter()
        .map(|element| replacement(replaced, &element).unwrap_or(element));
    let new = vm.ctx.new_list(new.collect());
    vm.ctx.types.set_type.as_object().call((new,), vm).map(Some)
}

fn module_of<'m>(
    kept: &'m BTreeMap<String, PyObjectRef>,
    name: &str,
    vm: &VirtualMachine,
) -> PyResult<&'m PyObjectRef> {
    let missing = || vm.new_runtime_error(format!("the module {name} is missing"));
    kept.get(name).ok_or_else(missing)
}

/// How messages call a function of a native module.
fn label(module: &str, function: &str) -> String {
    match (module, function) {
        ("builtins", _) | ("_io", "open") => function.to_owned(),
        ("posix", _) => format!("os.{function}"),
        _ => format!("{}.{function}", module.trim_start_matches('_')),
    }
}

fn guard(
    session: &Rc<Session>,
    module_name: &str,
    functions: &Functions,
    module: &PyObject,
    replaced: &mut Vec<(PyObjectRef, PyObjectRef)>,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let Some(names) = module.dict() else {
        return Ok(());
    };
    for (key, value) in names.items_vec() {
        let Some(name) = key.downcast_ref::<PyStr>() else {
            continue;
        };
        let name = name.to_string_lossy();
        if functions.refuses(&name) && is_native_function(&value, vm) {
            let new = refusing(session, label(module_name, &name), vm);
            names.set_item(key.as_object(), new.clone(), vm)?;
            replaced.push((value, new));
        }
    }
    Ok(())
}

fn is_native_function(value: &PyObject, vm: &VirtualMachine) -> bool {
    value
        .class()
        .is(vm.ctx.types.builtin_function_or_method_type)
}

/// A function that refuses to be called.
fn refusing(session: &Rc<Session>, label: String, vm: &VirtualMachine) -> PyObjectRef {
    let name = label.rsplit('.').next().unwrap_or_default();
    let name = vm.ctx.intern_str(name).as_str();
    let session = session.clone();
    let refuse = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
        if let Some(answer) = lenient(&session, &label, vm) {
            return match answer {
                Answer::Zero => Ok(vm.ctx.new_int(0).into()),
                Answer::NoFile => {
                    let error = io::Error::from(io::ErrorKind::NotFound);
                    Err(read_exception(Path::new(""), &error, vm))
                }
                Answer::Unknown => Err(vm.new_attribute_error(name)),
            };
        }
        let first = arguments.args.first();
        let what = match first.filter(|_| tables::names_a_file(&label)) {
            Some(argument) => format!("{label}({})", shown(argument, vm)),
            None => label.clone(),
        };
        Err(session.refuse(&what, vm))
    };
    vm.new_function(name, refuse).into()
}

/// An argument as a message shows it. No code of the program runs for it.
fn shown(argument: &PyObject, vm: &VirtualMachine) -> String {
    let text = if let Some(text) = argument.downcast_ref_if_exact::<PyStr>(vm) {
        format!("'{}'", text.to_string_lossy())
    } else if let Some(number) = argument.downcast_ref_if_exact::<PyInt>(vm) {
        number.as_bigint().to_string()
    } else {
        "…".to_owned()
    };
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The files of the code that runs, innermost first, as far as the program's.
fn callers(session: &Session, vm: &VirtualMachine) -> Vec<String> {
    let mut files = Vec::new();
    let mut next = vm.current_frame();
    while let Some(frame) = next {
        let file = frame.code.source_path().as_str();
        if session.is_of_program(file) {
            break;
        }
        files.push(file.to_owned());
        next = frame.f_back(vm);
    }
    files
}

/// What a library gets that asks on its own account.
fn lenient(session: &Session, label: &str, vm: &VirtualMachine) -> Option<Answer> {
    if !tables::LENIENT.iter().any(|(_, asked, _)| *asked == label) {
        return None;
    }
    let callers = callers(session, vm);
    let known = tables::LENIENT
        .iter()
        .find(|(library, asked, _)| *asked == label && callers.iter().any(|file| file == library));
    known.map(|(_, _, answer)| *answer)
}

/// Makes types useless that open files or make code: what creates their instances refuses. The
/// types are those of this thread, so that other runs keep theirs.
fn close_types(
    session: &Rc<Session>,
    kept: &BTreeMap<String, PyObjectRef>,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let file: PyTypeRef = module_of(kept, "_io", vm)?
        .get_attr("FileIO", vm)?
        .try_into_value(vm)?;
    file.set_str_attr("__init__", refusing(session, "open".to_owned(), vm), vm);
    file.slots.init.store(Some(refused_init));
    let code = vm.ctx.types.code_type;
    let refuse_code = refusing(session, "types.CodeType".to_owned(), vm);
    for name in ["__new__", "__replace__", "replace"] {
        code.set_str_attr(name, refuse_code.clone(), vm);
    }
    code.slots.new.store(Some(refused_new));
    Ok(())
}

fn refused_init(zelf: PyObjectRef, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    call_refusal(zelf.class(), "__init__", arguments, vm).map(drop)
}

fn refused_new(class: PyTypeRef, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
    call_refusal(&class, "__new__", arguments, vm)
}

/// Calls what `close_types` put into the type.
fn call_refusal(
    class: &Py<PyType>,
    name: &'static str,
    arguments: FuncArgs,
    vm: &VirtualMachine,
) -> PyResult {
    if let Some(refusal) = class.get_attr(vm.ctx.intern_str(name)) {
        refusal.call(arguments, vm)?;
    }
    Err(vm.new_type_error("no instances can be made"))
}

/// Lets imports give the guarded modules even when they were removed from `sys.modules`.
fn close_imports(
    kept: BTreeMap<String, PyObjectRef>,
    modules: &PyDictRef,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let imp = module_of(&kept, "_imp", vm)?.clone();
    let native = imp.get_attr("get_frozen_object", vm)?;
    // A second argument would be code that no compiler made.
    let frozen = move |name: PyStrRef, vm: &VirtualMachine| native.call((name,), vm);
    let frozen = vm.new_function("get_frozen_object", frozen);
    imp.set_attr("get_frozen_object", frozen, vm)?;
    let modules = modules.clone();
    let create = move |spec: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        // Read once, as text of our own: the next time it might be another.
        let name: PyStrRef = spec.get_attr("name", vm)?.try_into_value(vm)?;
        let name = name.to_string_lossy().into_owned();
        if let Some(module) = kept.get(&name) {
            return Ok(module.clone());
        }
        if let Some(module) = modules.get_item_opt(name.as_str(), vm)? {
            return Ok(module);
        }
        let Some(&definition) = vm.state.module_defs.get(name.as_str()) else {
            return Ok(vm.ctx.none());
        };
        let module = definition.create_module(vm)?;
        modules.set_item(name.as_str(), module.clone().into(), vm)?;
        definition.exec_module(vm, &module)?;
        Ok(module.into())
    };
    imp.set_attr(
        "create_builtin",
        vm.new_function("create_builtin", create),
        vm,
    )
}

/// Lets functions on times work that take the present time if they are given none.
fn close_clock(session: &Rc<Session>, time: &PyObject, vm: &VirtualMachine) -> PyResult<()> {
    for (name, needed) in [("asctime", 1), ("gmtime", 1), ("strftime", 2)] {
        let (session, native) = (session.clone(), time.get_attr(name, vm)?);
        let checked = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
            match arguments.args.get(needed - 1) {
                Some(given) if !vm.is_none(given) => native.call(arguments, vm),
                _ => Err(session.refuse(&format!("time.{name}"), vm)),
            }
        };
        time.set_attr(name, vm.new_function(name, checked), vm)?;
    }
    Ok(())
}

/// The part that is easiest said in Python: the clock, chance, standard input, imports.
fn run_python_part(
    session: &Rc<Session>,
    kept: &BTreeMap<String, PyObjectRef>,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let globals = vm.ctx.new_dict();
    let name = vm.ctx.new_str("<hermetic>");
    globals.set_item("__name__", name.into(), vm)?;
    globals.set_item("time", module_of(kept, "time", vm)?.clone(), vm)?;
    let s = session.clone();
    let refuse = move |what: PyStrRef, vm: &VirtualMachine| -> PyResult<()> {
        Err(s.refuse(&what.to_string_lossy(), vm))
    };
    globals.set_item("refuse", vm.new_function("refuse", refuse).into(), vm)?;
    let s = session.clone();
    let find = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
        let name = arguments
            .args
            .first()
            .and_then(|name| name.downcast_ref::<PyStr>());
        let name = name.map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let callers = callers(&s, vm);
        // Code that the program compiled itself has a name such as `<string>`.
        let to_program = callers
            .iter()
            .all(|file| file.starts_with('<') || file.contains("importlib"));
        if tables::is_refused(&name, to_program) && lenient(&s, &name, vm).is_none() {
            return Err(s.refuse(&format!("import {name}"), vm));
        }
        // The next finder may find it.
        Ok(vm.ctx.none())
    };
    globals.set_item("find_spec", vm.new_function("find_spec", find).into(), vm)?;
    // Cargo sees files that the macro reads only if they are named so.
    const _: &str = include_str!("hermetic.py");
    let code = vm.ctx.new_code(rustpython_vm::py_compile!(
        file = "hermetic.py",
        module_name = "<hermetic>"
    ));
    vm.run_code_obj(code, Scope::with_builtins(None, globals, vm))
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::{Options, globals::Globals, machine};

    #[test]
    fn nothing_keeps_what_was_replaced() {
        let held = machine::run(machine::Limits::default(), Vec::new(), restrict, |vm| {
            let session = Rc::new(Session::new::<Globals>(&Options::default()));
            let mut replaced = Vec::new();
            for (name, functions) in tables::GUARDED {
                let module = vm.import(*name, 0).unwrap();
                for (key, value) in module.dict().unwrap().items_vec() {
                    let key = key.str(vm).unwrap().to_string_lossy().into_owned();
                    if functions.refuses(&key) && is_native_function(&value, vm) {
                        replaced.push((format!("{name}.{key}"), value));
                    }
                }
            }
            let io = vm.import("_io", 0).unwrap();
            let file: PyTypeRef = io
                .get_attr("FileIO", vm)
                .unwrap()
                .try_into_value(vm)
                .unwrap();
            for (class, name) in [
                (&*file, "__init__"),
                (vm.ctx.types.code_type, "__new__"),
                (vm.ctx.types.code_type, "replace"),
            ] {
                let method = class.get_attr(vm.ctx.intern_str(name)).unwrap();
                replaced.push((name.to_owned(), method));
            }
            assert!(replaced.len() > 150, "{}", replaced.len());
            close(&session, vm).unwrap();
            // A function may be here under two names.
            let here = |value: &PyObjectRef| replaced.iter().filter(|(_, v)| v.is(value)).count();
            let held = replaced.iter().filter(|(_, v)| v.strong_count() > here(v));
            let names: Vec<String> = held.map(|(name, _)| name.clone()).collect();
            (names, None)
        });
        assert_eq!(held.unwrap(), Vec::<String>::new());
    }
}
