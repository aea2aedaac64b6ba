//! Exceptions under the names that they have in Python 2.
//!
//! Python 3 has one class for what goes wrong outside of a program, with a class derived from it for
//! each reason. Python 2 has `IOError` for files and `OSError` for the rest, and no reasons.

use rustpython_vm::{
    AsObject, Py, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyStr, PyTuple, PyType, PyTypeRef},
};

use super::types;

/// The names of classes that Python 2 does not have, and what it has instead.
const NEWER: &[(&str, &str)] = &[
    ("BlockingIOError", "OSError"),
    ("BrokenPipeError", "OSError"),
    ("ChildProcessError", "OSError"),
    ("ConnectionAbortedError", "OSError"),
    ("ConnectionError", "OSError"),
    ("ConnectionRefusedError", "OSError"),
    ("ConnectionResetError", "OSError"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("ModuleNotFoundError", "ImportError"),
    ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("RecursionError", "RuntimeError"),
    ("TimeoutError", "OSError"),
    ("range", "xrange"),
    ("list_iterator", "listiterator"),
    ("tuple_iterator", "tupleiterator"),
    ("EllipsisType", "ellipsis"),
    ("ellipsis", "ellipsis"),
    ("TextIOWrapper", "file"),
];

/// Names that only Python 3 has and programs have no use for.
const ADDED: &[&str] = &[
    "BaseExceptionGroup",
    "EncodingWarning",
    "ExceptionGroup",
    "PythonFinalizationError",
    "ResourceWarning",
    "StopAsyncIteration",
    "aiter",
    "anext",
    "ascii",
    "breakpoint",
];

/// The name of a class in Python 2.
pub(crate) fn class_name(class: &Py<PyType>) -> String {
    let name = class.name().to_string();
    if class.heaptype_ext.is_some() {
        return name;
    }
    match NEWER.iter().find(|(newer, _)| *newer == name) {
        Some((_, known)) => (*known).to_owned(),
        None => name,
    }
}

/// Lets `class.__name__` be the name of Python 2, and programs know no class that came later.
pub(super) fn install(names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
    for name in NEWER.iter().map(|(newer, _)| newer).chain(ADDED) {
        if *name != "range" && names.contains_key(*name, vm) {
            names.del_item(*name, vm)?;
        }
    }
    let class = vm.ctx.types.type_type;
    let name = vm.ctx.intern_str("__name__");
    let Some(native) = class.get_attr(name) else {
        return Ok(());
    };
    let (getter, setter) = (native.clone(), native);
    let get = move |class: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        match class.downcast_ref::<PyType>() {
            Some(known) if known.heaptype_ext.is_none() => {
                Ok(vm.ctx.new_str(class_name(known)).into())
            }
            _ => vm.call_method(&getter, "__get__", (class,)),
        }
    };
    let set = move |class: PyObjectRef, value: PyObjectRef, vm: &VirtualMachine| {
        vm.call_method(&setter, "__set__", (class, value)).map(drop)
    };
    let property = vm.ctx.types.property_type.as_object().call(
        (
            vm.new_function("__name__", get),
            vm.new_function("__name__", set),
        ),
        vm,
    )?;
    class.set_attr(name, property);
    Ok(())
}

/// What `except classes` catches of the exception that is being handled.
pub(super) fn caught(classes: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    if let Some(several) = classes.downcast_ref::<PyTuple>() {
        let mut all = Vec::new();
        for class in several.as_slice() {
            let one = caught(class.clone(), vm)?;
            match one.downcast_ref::<PyTuple>() {
                Some(inner) => all.extend(inner.as_slice().iter().cloned()),
                None => all.push(one),
            }
        }
        return Ok(vm.ctx.new_tuple(all).into());
    }
    let native = vm.ctx.exceptions.os_error;
    let Some(class) = classes.downcast_ref::<PyType>() else {
        return Ok(classes);
    };
    if class.is(native) {
        let handled = vm.sys_module.get_attr("exc_info", vm)?.call((), vm)?;
        let handled = handled.get_item(vm.ctx.new_int(1).as_object(), vm)?;
        let io = ["IOError", "EnvironmentError"].iter().any(|name| {
            types::known_class(name, vm).is_some_and(|other| handled.fast_isinstance(&other))
        });
        if io {
            return Ok(vm.ctx.empty_tuple.clone().into());
        }
    } else if types::known_class("EnvironmentError", vm).is_some_and(|known| class.is(&known)) {
        return Ok(native.to_owned().into());
    }
    Ok(classes)
}

/// The class `IOError`.
pub(crate) fn io_error(vm: &VirtualMachine) -> PyTypeRef {
    types::known_class("IOError", vm).unwrap_or_else(|| vm.ctx.exceptions.os_error.to_owned())
}

/// An error of the interpreter about a file as `IOError`; other errors stay.
pub(super) fn as_io_error(error: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let native = vm.ctx.exceptions.os_error;
    if !error.class().fast_issubclass(native) || error.class().fast_issubclass(&io_error(vm)) {
        return Ok(error);
    }
    let part = |name: &'static str| error.get_attr(name, vm);
    let (number, words, file) = (part("errno")?, part("strerror")?, part("filename")?);
    let class = io_error(vm);
    if vm.is_none(&number) {
        let text: PyObjectRef = error.str(vm)?.into();
        return class.as_object().call((text,), vm);
    }
    if vm.is_none(&file) || file.downcast_ref::<PyStr>().is_none() {
        return class.as_object().call((number, words), vm);
    }
    class.as_object().call((number, words, file), vm)
}
