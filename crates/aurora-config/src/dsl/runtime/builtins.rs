//! The built-in names that configuration files see.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine,
    builtins::{
        PyBaseException, PyCode, PyDict, PyDictRef, PyFloat, PyInt, PyStr, PyStrRef, PyTypeRef,
    },
    compiler::Mode,
    function::FuncArgs,
    scope::Scope,
    types::PyComparisonOp,
};

use super::{Types, compare, methods, order, text};
use crate::dsl::dialect;

/// Makes the table of built-in names: Python 3's, with those of Python 2 over them.
///
/// # Errors
/// When the prelude cannot be run.
pub(crate) fn install(types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<PyDictRef> {
    let names = vm.ctx.new_dict();
    for (name, value) in vm.builtins.dict().items_vec() {
        names.set_item(name.as_object(), value, vm)?;
    }
    let _ = types.names.set(names.clone());
    operators(&names, types, vm)?;
    functions(&names, types, vm)?;
    evaluation(&names, types, vm)?;
    // Cargo sees files that the macro reads only if they are named so.
    const _: &str = include_str!("prelude.py");
    let code = vm.ctx.new_code(rustpython_vm::py_compile!(
        file = "prelude.py",
        module_name = "<prelude>"
    ));
    names.set_item("__builtins__", names.clone().into(), vm)?;
    let name = vm.ctx.new_str("__builtin__");
    names.set_item("__name__", name.into(), vm)?;
    vm.run_code_obj(code, Scope::with_builtins(None, names.clone(), vm))?;
    let class = |name: &str| names.get_item(name, vm)?.try_into_value::<PyTypeRef>(vm);
    let _ = types.unicode.set(class("unicode")?);
    let _ = types.literal.set(class("__py2_literal_type__")?);
    exception_message(vm)?;
    Ok(names)
}

/// `exception.message`, which Python 2 had for exceptions with one argument.
fn exception_message(vm: &VirtualMachine) -> PyResult<()> {
    let class = PyBaseException::class(&vm.ctx);
    let message = vm.ctx.new_readonly_getset(
        "message",
        class,
        |error: rustpython_vm::builtins::PyBaseExceptionRef, vm: &VirtualMachine| -> PyObjectRef {
            match error.args().as_slice() {
                [only] => only.clone(),
                _ => vm.ctx.new_str("").into(),
            }
        },
    );
    class.set_attr(vm.ctx.intern_str("message"), message.into());
    Ok(())
}

fn operators(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    let set = |name: &'static str, function: PyObjectRef| names.set_item(name, function, vm);
    for (name, op) in [
        ("__py2_lt__", PyComparisonOp::Lt),
        ("__py2_le__", PyComparisonOp::Le),
        ("__py2_gt__", PyComparisonOp::Gt),
        ("__py2_ge__", PyComparisonOp::Ge),
    ] {
        let function = move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| {
            compare::rich(&a, &b, op, vm)
        };
        set(name, vm.new_function(name, function).into())?;
    }
    set("__py2_div__", vm.new_function("__py2_div__", divide).into())?;
    let t = types.clone();
    let modulo =
        move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| text::modulo(&a, &b, &t, vm);
    set("__py2_mod__", vm.new_function("__py2_mod__", modulo).into())?;
    let t = types.clone();
    let iter = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyObjectRef {
        match order::iterated(&obj, &t, vm) {
            Some(elements) => vm.ctx.new_list(elements).into(),
            None => obj,
        }
    };
    set("__py2_iter__", vm.new_function("__py2_iter__", iter).into())?;
    let t = types.clone();
    let attribute = move |obj: PyObjectRef, name: PyStrRef, vm: &VirtualMachine| {
        methods::attribute(obj, &name.to_string_lossy(), &t, vm)
    };
    set(
        "__py2_attribute__",
        vm.new_function("__py2_attribute__", attribute).into(),
    )?;
    let t = types.clone();
    let keywords = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        if !order::is_plain_dict(&obj, vm) {
            return Ok(obj);
        }
        let ordered = vm.ctx.new_dict();
        for (key, value) in order::dict_items(&obj, &t) {
            ordered.set_item(key.as_object(), value, vm)?;
        }
        Ok(ordered.into())
    };
    set(
        "__py2_keywords__",
        vm.new_function("__py2_keywords__", keywords).into(),
    )?;
    let t = types.clone();
    let literal = move |obj: PyObjectRef, vm: &VirtualMachine| t.to_literal(obj, vm);
    set(
        "__py2_literal__",
        vm.new_function("__py2_literal__", literal).into(),
    )?;
    let t = types.clone();
    let unicode = move |obj: PyObjectRef, vm: &VirtualMachine| t.to_unicode(obj, vm);
    set(
        "__py2_unicode__",
        vm.new_function("__py2_unicode__", unicode).into(),
    )?;
    let t = types.clone();
    let call = move |arguments: FuncArgs, vm: &VirtualMachine| called(arguments, &t, vm);
    set("__py2_call__", vm.new_function("__py2_call__", call).into())
}

/// `a / b` without `from __future__ import division`.
fn divide(a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    if a.downcast_ref::<PyInt>().is_some() && b.downcast_ref::<PyInt>().is_some() {
        return vm._floordiv(&a, &b).map_err(|error| {
            if error.class().is(vm.ctx.exceptions.zero_division_error) {
                vm.new_zero_division_error("integer division or modulo by zero")
            } else {
                error
            }
        });
    }
    vm._truediv(&a, &b)
}

/// A call of one of the types that behave differently when called; the type comes first.
fn called(mut arguments: FuncArgs, types: &Types, vm: &VirtualMachine) -> PyResult {
    if arguments.args.is_empty() {
        return Err(vm.new_type_error("nothing to call"));
    }
    let class = arguments.args.remove(0);
    let known = &vm.ctx.types;
    let single = match arguments.args.as_slice() {
        [single] if arguments.kwargs.is_empty() => Some(single.clone()),
        _ => None,
    };
    if class.is(known.str_type) {
        if let Some(obj) = single {
            // The text of an exact string is itself.
            if obj.class().is(known.str_type) {
                return Ok(obj);
            }
            return Ok(vm.ctx.new_str(text::str(&obj, types, vm)?).into());
        }
    } else if class.is(known.dict_type) {
        if let [first] = arguments.args.as_slice()
            && order::is_plain_dict(first, vm)
        {
            let copy = types.copied(first, vm)?;
            for (name, value) in arguments.kwargs {
                copy.set_item(name.as_str(), value, vm)?;
            }
            return Ok(copy);
        }
    } else if let Some(first) = arguments.args.first_mut()
        && let Some(elements) = order::iterated(first, types, vm)
        && (class.is(known.list_type)
            || class.is(known.tuple_type)
            || class.is(known.set_type)
            || class.is(known.frozenset_type)
            || class.is(known.enumerate_type))
    {
        *first = vm.ctx.new_list(elements).into();
    }
    class.call(arguments, vm)
}

fn functions(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    let set = |name: &'static str, function: PyObjectRef| names.set_item(name, function, vm);
    for name in ["repr", "__py2_repr__"] {
        let t = types.clone();
        let repr = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyResult<PyStrRef> {
            Ok(vm.ctx.new_str(text::repr(&obj, &t, vm)?))
        };
        set(name, vm.new_function(name, repr).into())?;
    }
    let t = types.clone();
    let str = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        if obj.downcast_ref::<PyStr>().is_some() {
            return Ok(obj);
        }
        Ok(vm.ctx.new_str(text::str(&obj, &t, vm)?).into())
    };
    set("__py2_str__", vm.new_function("__py2_str__", str).into())?;
    let t = types.clone();
    let sorted = move |mut arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
        let Some(obj) = arguments.take_positional() else {
            return Err(vm.new_type_error("sorted expected 1 arguments, got 0"));
        };
        let elements = elements_of(&obj, &t, vm)?;
        Ok(vm
            .ctx
            .new_list(methods::sorted(elements, arguments, vm)?)
            .into())
    };
    set("sorted", vm.new_function("sorted", sorted).into())?;
    let cmp = |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| -> PyResult<i32> {
        Ok(compare::order(&a, &b, vm)? as i32)
    };
    set("cmp", vm.new_function("cmp", cmp).into())?;
    for (name, wanted) in [("max", PyComparisonOp::Gt), ("min", PyComparisonOp::Lt)] {
        let t = types.clone();
        let extreme = move |arguments: FuncArgs, vm: &VirtualMachine| {
            extreme(name, wanted, arguments, &t, vm)
        };
        set(name, vm.new_function(name, extreme).into())?;
    }
    let t = types.clone();
    let hash = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyResult<i64> {
        // Unhashable things complain first.
        let native = obj.hash(vm)?;
        let known = obj.downcast_ref::<PyStr>().is_some()
            || obj.downcast_ref::<PyInt>().is_some()
            || obj.downcast_ref::<PyFloat>().is_some()
            || t.is_unicode(&obj);
        Ok(if known { order::hash(&obj, 0) } else { native })
    };
    set("hash", vm.new_function("hash", hash).into())
}

fn elements_of(obj: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult<Vec<PyObjectRef>> {
    match order::iterated(obj, types, vm) {
        Some(elements) => Ok(elements),
        None => obj.to_owned().try_to_value(vm),
    }
}

fn extreme(
    name: &str,
    wanted: PyComparisonOp,
    mut arguments: FuncArgs,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    let key = arguments.take_keyword("key").filter(|key| !vm.is_none(key));
    let default = arguments.take_keyword("default");
    let elements = match arguments.args.as_slice() {
        [] => return Err(vm.new_type_error(format!("{name} expected 1 arguments, got 0"))),
        [all] => elements_of(all, types, vm)?,
        several => several.to_vec(),
    };
    let keyed = |element: &PyObjectRef| match &key {
        Some(key) => key.call((element.clone(),), vm),
        None => Ok(element.clone()),
    };
    let mut best: Option<(PyObjectRef, PyObjectRef)> = None;
    for element in elements {
        let value = keyed(&element)?;
        let better = match &best {
            None => true,
            Some((known, _)) => compare::rich(&value, known, wanted, vm)?.try_to_bool(vm)?,
        };
        if better {
            best = Some((value, element));
        }
    }
    match (best, default) {
        (Some((_, element)), _) => Ok(element),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(vm.new_value_error(format!("{name}() arg is an empty sequence"))),
    }
}

/// `exec`, `eval`, `compile` and `execfile`, which take Python 2.
fn evaluation(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    let native = |name: &'static str| vm.builtins.dict().get_item(name, vm);
    for (name, mode) in [("exec", Mode::Exec), ("eval", Mode::Eval)] {
        let run = native(name)?;
        let t = types.clone();
        let function = move |mut arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
            if let Some(source) = arguments.args.first_mut() {
                // `exec (code, globals)`, the way to write it that suits both versions.
                if let Some(code) = compiled(source, "<string>", mode, vm)? {
                    *source = code;
                }
            }
            if let Some(globals) = arguments.args.get(1)
                && let Some(globals) = globals.downcast_ref::<PyDict>()
                && !globals.contains_key("__builtins__", vm)
                && let Some(names) = t.names.get()
            {
                globals.set_item("__builtins__", names.clone().into(), vm)?;
            }
            run.call(arguments, vm)
        };
        names.set_item(name, vm.new_function(name, function).into(), vm)?;
    }
    let compile = native("compile")?;
    let function = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
        let text = |index: usize| {
            arguments
                .args
                .get(index)
                .and_then(|value| value.downcast_ref::<PyStr>())
                .map(|text| text.to_string_lossy().into_owned())
        };
        if let (Some(source), Some(name), Some(mode)) = (text(0), text(1), text(2))
            && let Ok(mode) = mode.parse::<Mode>()
        {
            return compile_text(&source, &name, mode, vm);
        }
        compile.call(arguments, vm)
    };
    names.set_item("compile", vm.new_function("compile", function).into(), vm)
}

fn compiled(
    source: &PyObject,
    name: &str,
    mode: Mode,
    vm: &VirtualMachine,
) -> PyResult<Option<PyObjectRef>> {
    if source.downcast_ref::<PyCode>().is_some() {
        return Ok(None);
    }
    let Some(source) = source.downcast_ref::<PyStr>() else {
        return Ok(None);
    };
    let source = source.to_string_lossy();
    let source = if matches!(mode, Mode::Eval) {
        source.trim()
    } else {
        &source
    };
    compile_text(source, name, mode, vm).map(Some)
}

fn compile_text(source: &str, name: &str, mode: Mode, vm: &VirtualMachine) -> PyResult {
    match dialect::compile_text(source, name, mode) {
        Ok(program) => Ok(vm.ctx.new_code(program.code).into()),
        Err(error) => Err(syntax_exception(&error, name, vm)),
    }
}

/// A `SyntaxError` such as a program can catch and show.
pub(crate) fn syntax_exception(
    error: &dialect::SyntaxError,
    name: &str,
    vm: &VirtualMachine,
) -> rustpython_vm::builtins::PyBaseExceptionRef {
    let class = vm.ctx.exceptions.syntax_error.to_owned();
    let message: PyObjectRef = vm.ctx.new_str(error.message.as_str()).into();
    let place = vm.ctx.new_tuple(vec![
        vm.ctx.new_str(name).into(),
        vm.ctx.new_int(error.line).into(),
        vm.ctx.new_int(error.column).into(),
        vm.ctx.none(),
    ]);
    match class
        .as_object()
        .call((message.clone(), place), vm)
        .and_then(|exception| exception.try_into_value(vm))
    {
        Ok(exception) => exception,
        Err(_) => vm.new_exception(class, vec![message]),
    }
}
