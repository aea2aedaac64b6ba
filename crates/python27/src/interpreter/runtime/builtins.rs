//! The built-in names that programs see.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine,
    builtins::{
        PyBaseException, PyCode, PyDict, PyDictRef, PyFloat, PyInt, PyStr, PyStrRef, PyTuple,
        PyType, PyTypeRef,
    },
    common::wtf8::{Wtf8, Wtf8Buf},
    compiler::Mode,
    function::{FuncArgs, KwArgs, PosArgs},
    scope::Scope,
    types::PyComparisonOp,
};

use super::{Types, compare, dicts, errors, methods, operators, order, sets, text, whole};
use crate::interpreter::{dialect, wording};

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
    operators::install(&names, types, vm)?;
    super::types::install(types, vm);
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
    let long = class("long")?;
    whole::set_class(&long);
    let _ = types.long.set(long);
    let _ = types.basestring.set(class("basestring")?);
    let text = names.get_item("__py2_float_str__", vm)?;
    let float = vm.ctx.types.float_type;
    float.set_attr(vm.ctx.intern_str("__str__"), text);
    exception_message(vm)?;
    errors::install(&names, vm)?;
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
                [only] => match only
                    .downcast_ref::<PyStr>()
                    .map(|text| text.as_wtf8().as_str())
                {
                    Some(Ok(text)) => vm.ctx.new_str(wording::released(text)).into(),
                    _ => only.clone(),
                },
                _ => vm.ctx.new_str("").into(),
            }
        },
    );
    class.set_attr(vm.ctx.intern_str("message"), message.into());
    subscripted(class.to_owned().into(), vm)
}

/// `exception[0]`, the first of its arguments, for a class and those derived from it.
fn subscripted(class: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
    let Ok(class) = class.downcast::<PyType>() else {
        return Ok(());
    };
    class
        .slots
        .as_mapping
        .subscript
        .store(Some(|error, index, vm| {
            let arguments = error.obj.get_attr("args", vm)?;
            arguments.get_item(index, vm)
        }));
    let derived: Vec<PyObjectRef> = vm
        .call_method(
            vm.ctx.types.type_type.as_object(),
            "__subclasses__",
            (class,),
        )?
        .try_to_value(vm)?;
    derived
        .into_iter()
        .try_for_each(|class| subscripted(class, vm))
}

/// `dict(name=value, **others)`: how many names are in the text comes first, then what is called.
fn called_with_others(mut arguments: FuncArgs, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult {
    let written = match arguments.take_positional() {
        Some(written) => written.try_into_value::<usize>(vm)?,
        None => return Err(vm.new_type_error("nothing to call")),
    };
    match arguments.take_positional() {
        Some(class) if class.is(vm.ctx.types.dict_type) => {
            let dict = vm.ctx.new_dict();
            super::types::fill_dict(dict.clone().into(), arguments, written, types, vm)?;
            Ok(dict.into())
        }
        Some(called) => called.call(arguments, vm),
        None => Err(vm.new_type_error("nothing to call")),
    }
}

/// A dictionary or set like another, for `copy.copy`.
fn copied(obj: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult {
    if sets::is_set(obj, vm) {
        return sets::copied(obj, obj, types, vm);
    }
    dicts::made(Some(obj), KwArgs::default(), 0, types, vm)
}

fn functions(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    let set = |name: &'static str, function: PyObjectRef| names.set_item(name, function, vm);
    for name in ["repr", "__py2_repr__"] {
        let t = types.clone();
        let repr = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyResult<PyStrRef> {
            let text = vm.ctx.new_str(text::repr(&obj, &t, vm)?);
            // Text that a method made of characters has to be ASCII.
            if !text.as_wtf8().is_ascii() && text.as_wtf8().as_str().is_ok() {
                vm.call_method(text.as_object(), "encode", ("ascii",))?;
            }
            Ok(text)
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
    let call = |mut arguments: FuncArgs, vm: &VirtualMachine| match arguments.take_positional() {
        Some(called) => called.call(arguments, vm),
        None => Err(vm.new_type_error("nothing to call")),
    };
    set("__py2_call__", vm.new_function("__py2_call__", call).into())?;
    let t = types.clone();
    let copy = move |obj: PyObjectRef, vm: &VirtualMachine| copied(&obj, &t, vm);
    set(
        "__py2_copied__",
        vm.new_function("__py2_copied__", copy).into(),
    )?;
    let t = types.clone();
    let call =
        move |arguments: FuncArgs, vm: &VirtualMachine| called_with_others(arguments, &t, vm);
    set("__py2_dict__", vm.new_function("__py2_dict__", call).into())?;
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
    let id = move |obj: PyObjectRef| t.identity(&obj);
    set("id", vm.new_function("id", id).into())?;
    let t = types.clone();
    let hash = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyResult<i64> {
        // Unhashable things complain first.
        let native = obj.hash(vm)?;
        let known = obj.downcast_ref::<PyStr>().is_some()
            || obj.downcast_ref::<PyInt>().is_some()
            || obj.downcast_ref::<PyFloat>().is_some()
            || obj.downcast_ref::<PyTuple>().is_some();
        // What has no value of its own is hashed by its address.
        let name = vm.ctx.intern_str("__hash__");
        let by_address = || {
            let usual = vm.ctx.types.object_type.get_attr(name);
            let own = obj.class().get_attr(name);
            own.zip(usual).is_some_and(|(own, usual)| own.is(&usual))
        };
        if known {
            return Ok(order::hash(&obj, 0));
        }
        Ok(match by_address() {
            true => i64::try_from(t.identity(&obj) / 16).unwrap_or(native),
            false => native,
        })
    };
    set("hash", vm.new_function("hash", hash).into())?;
    attributes(names, types, vm)?;
    let t = types.clone();
    let format = move |arguments: FuncArgs, vm: &VirtualMachine| format(&arguments, &t, vm);
    set("format", vm.new_function("format", format).into())?;
    let caught = |classes: PyObjectRef, vm: &VirtualMachine| errors::caught(classes, vm);
    set(
        "__py2_caught__",
        vm.new_function("__py2_caught__", caught).into(),
    )?;
    let t = types.clone();
    let handled = move |exception: PyObjectRef, vm: &VirtualMachine| t.set_handled(exception, vm);
    set(
        "__py2_handled__",
        vm.new_function("__py2_handled__", handled).into(),
    )?;
    let t = types.clone();
    let last = move |vm: &VirtualMachine| t.last_handled(vm).unwrap_or_else(|| vm.ctx.none());
    set("__py2_last__", vm.new_function("__py2_last__", last).into())?;
    let io_error = |error: PyObjectRef, vm: &VirtualMachine| errors::as_io_error(error, vm);
    set(
        "__py2_io_error__",
        vm.new_function("__py2_io_error__", io_error).into(),
    )?;
    let native = vm.builtins.dict().get_item("isinstance", vm)?;
    let t = types.clone();
    let isinstance = move |obj: PyObjectRef, class: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        match is_text_or_whole(&obj, &class, &t, vm)? {
            Some(is) => Ok(vm.ctx.new_bool(is).into()),
            None => native.call((obj, class), vm),
        }
    };
    set(
        "isinstance",
        vm.new_function("isinstance", isinstance).into(),
    )
}

/// `getattr` and `hasattr`, which see the methods of Python 2 too.
fn attributes(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    let t = types.clone();
    let get = move |obj: PyObjectRef, name: PyStrRef, rest: PosArgs, vm: &VirtualMachine| {
        let found = methods::attribute(obj, &name.to_string_lossy(), &t, vm);
        match (found, rest.into_vec().into_iter().next()) {
            (Err(error), Some(default))
                if error.fast_isinstance(vm.ctx.exceptions.attribute_error) =>
            {
                Ok(default)
            }
            (found, _) => found,
        }
    };
    names.set_item("getattr", vm.new_function("getattr", get).into(), vm)?;
    let t = types.clone();
    let has = move |obj: PyObjectRef, name: PyStrRef, vm: &VirtualMachine| -> PyResult<bool> {
        match methods::attribute(obj, &name.to_string_lossy(), &t, vm) {
            Ok(_) => Ok(true),
            Err(error) if error.fast_isinstance(vm.ctx.exceptions.exception_type) => Ok(false),
            Err(error) => Err(error),
        }
    };
    names.set_item("hasattr", vm.new_function("hasattr", has).into(), vm)
}

/// `format(value, spec)`.
fn format(arguments: &FuncArgs, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult {
    let (value, spec) = match arguments.args.as_slice() {
        [value] => (value, None),
        [value, spec] => (value, Some(spec)),
        _ => return Err(vm.new_type_error("format expected 1 or 2 arguments")),
    };
    let unicode = spec.is_some_and(|spec| types.is_unicode(spec));
    let spec = match spec {
        None => Wtf8Buf::new(),
        Some(spec) => match spec.downcast_ref::<PyStr>() {
            Some(spec) => spec.as_wtf8().to_owned(),
            None => return Err(vm.new_type_error("format() argument 2 must be str or unicode")),
        },
    };
    let text = super::format::formatted(value, &spec, unicode, types, vm)?;
    let text: PyObjectRef = vm.ctx.new_str(text).into();
    if unicode || types.is_unicode(value) {
        return types.to_unicode(text, vm);
    }
    Ok(text)
}

/// `isinstance` for the types that are one in Python 3 and two here; `None` when `class` has none
/// of them.
fn is_text_or_whole(
    obj: &PyObject,
    class: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Option<bool>> {
    if let Some(several) = class.downcast_ref::<PyTuple>() {
        for class in several.as_slice() {
            let is = match is_text_or_whole(obj, class, types, vm)? {
                Some(is) => is,
                None => obj.is_instance(class, vm)?,
            };
            if is {
                return Ok(Some(true));
            }
        }
        return Ok(Some(false));
    }
    let known = &vm.ctx.types;
    let of =
        |class: &Option<&PyTypeRef>| class.is_some_and(|class| obj.class().fast_issubclass(class));
    let is_long = || {
        of(&types.long.get())
            || (obj.class().is(known.int_type)
                && obj
                    .downcast_ref::<PyInt>()
                    .is_some_and(|int| i64::try_from(int.as_bigint()).is_err()))
    };
    if types.basestring.get().is_some_and(|base| class.is(base)) {
        return Ok(Some(obj.downcast_ref::<PyStr>().is_some()));
    }
    if class.is(known.str_type) {
        let text = obj.downcast_ref::<PyStr>().is_some();
        return Ok(Some(text && !of(&types.unicode.get())));
    }
    if class.is(known.int_type) {
        let whole = obj.downcast_ref::<PyInt>().is_some();
        return Ok(Some(whole && !is_long()));
    }
    if types.long.get().is_some_and(|long| class.is(long)) {
        return Ok(Some(is_long()));
    }
    Ok(None)
}

pub(super) fn elements_of(
    obj: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Vec<PyObjectRef>> {
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
        let text = |index: usize| arguments.args.get(index)?.downcast_ref::<PyStr>();
        if let (Some(source), Some(name), Some(mode)) = (text(0), text(1), text(2))
            && let Ok(mode) = mode.to_string_lossy().parse::<Mode>()
        {
            let name = name.to_string_lossy();
            return compile_text(source.as_wtf8(), &name, mode, vm);
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
    compile_text(source.as_wtf8(), name, mode, vm).map(Some)
}

fn compile_text(source: &Wtf8, name: &str, mode: Mode, vm: &VirtualMachine) -> PyResult {
    let program = match source.as_str() {
        Ok(source) if matches!(mode, Mode::Eval) => {
            dialect::compile_text(source.trim(), name, mode)
        }
        Ok(source) => dialect::compile_text(source, name, mode),
        // Bytes are read as those of a file are.
        Err(_) => dialect::compile_bytes(&text::to_bytes(source), name, mode),
    };
    match program {
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
