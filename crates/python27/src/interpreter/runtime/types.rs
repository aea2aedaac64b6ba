//! The built-in types as values: what makes their instances does so as in Python 2, however it is
//! called.
//!
//! A type can be passed on, kept in a dictionary or called by native code, so its own functions are
//! replaced. The interpreter has its types for each thread, and each run has a thread, so that
//! other runs keep theirs. Code of the standard library is left alone: it is of Python 3.

use std::{cell::RefCell, rc::Rc};

use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyRef, PyResult, VirtualMachine,
    builtins::{
        PyDict, PyEnumerate, PyFloat, PyFrozenSet, PyInt, PyList, PyRange, PySet, PyStr, PyTuple,
        PyType, PyTypeRef,
    },
    class::add_operators,
    function::{FuncArgs, KwArgs},
    types::{AsNumber as _, Constructor, Initializer as _, Iterable as _, Representable as _},
};

use super::{Types, dicts, order, sets, text, whole};

thread_local! {
    static RUN: RefCell<Option<Rc<Types>>> = const { RefCell::new(None) };
}

/// Replaces what makes instances of the built-in types.
pub(super) fn install(types: &Rc<Types>, vm: &VirtualMachine) {
    RUN.with(|run| *run.borrow_mut() = Some(types.clone()));
    let known = &vm.ctx.types;
    known.str_type.slots.new.store(Some(new_str));
    known.int_type.slots.new.store(Some(new_int));
    known.tuple_type.slots.new.store(Some(new_of::<PyTuple>));
    known
        .enumerate_type
        .slots
        .new
        .store(Some(new_of::<PyEnumerate>));
    known.frozenset_type.slots.new.store(Some(new_frozenset));
    known.list_type.slots.init.store(Some(init_list));
    known.set_type.slots.init.store(Some(init_set));
    known.dict_type.slots.init.store(Some(init_dict));
    // What makes instances faster looks at none of the above.
    for class in [
        known.str_type,
        known.int_type,
        known.tuple_type,
        known.list_type,
        known.dict_type,
        known.set_type,
        known.frozenset_type,
    ] {
        class.slots.vectorcall.store(None);
    }
    for class in [
        known.list_type,
        known.tuple_type,
        known.dict_type,
        known.set_type,
        known.frozenset_type,
        known.str_type,
        known.int_type,
        known.range_type,
        known.type_type,
    ] {
        class.slots.repr.store(Some(repr));
    }
    known.dict_type.slots.iter.store(Some(iter_dict));
    known.set_type.slots.iter.store(Some(iter_set));
    known.frozenset_type.slots.iter.store(Some(iter_frozenset));
    known.type_type.slots.call.store(Some(call_type));
    whole::install(vm);
    known
        .float_type
        .slots
        .as_number
        .floor_divide
        .store(Some(floor_divide));
    known
        .float_type
        .slots
        .as_number
        .right_floor_divide
        .store(Some(floor_divide));
    known.float_type.slots.as_number.divmod.store(Some(divmod));
    known
        .float_type
        .slots
        .as_number
        .right_divmod
        .store(Some(divmod));
    for (class, methods) in [
        (known.str_type, &["__repr__"][..]),
        (known.int_type, NUMBER_METHODS),
        (known.bool_type, NUMBER_METHODS),
        (known.float_type, FLOAT_METHODS),
        (known.tuple_type, &["__repr__"]),
        (known.list_type, &["__init__", "__repr__"]),
        (known.dict_type, &["__init__", "__iter__", "__repr__"]),
        (known.set_type, &["__init__", "__iter__", "__repr__"]),
        (known.frozenset_type, &["__iter__", "__repr__"]),
        (known.range_type, &["__repr__"]),
        (known.type_type, &["__call__", "__repr__"]),
    ] {
        refresh(class, methods, vm);
    }
}

const FLOAT_METHODS: &[&str] = &["__divmod__", "__floordiv__", "__rdivmod__", "__rfloordiv__"];

const NUMBER_METHODS: &[&str] = &[
    "__abs__",
    "__add__",
    "__and__",
    "__divmod__",
    "__floordiv__",
    "__invert__",
    "__lshift__",
    "__mod__",
    "__mul__",
    "__neg__",
    "__or__",
    "__pos__",
    "__pow__",
    "__radd__",
    "__rand__",
    "__rdivmod__",
    "__repr__",
    "__rfloordiv__",
    "__rlshift__",
    "__rmod__",
    "__rmul__",
    "__ror__",
    "__rpow__",
    "__rsub__",
    "__rxor__",
    "__sub__",
    "__xor__",
];

/// Makes methods of a class those of its slots again: derived classes get them.
fn refresh(class: &'static Py<PyType>, methods: &[&'static str], vm: &VirtualMachine) {
    let wrapper = vm.ctx.types.wrapper_descriptor_type;
    let mut attributes = class.attributes.write();
    for method in methods {
        let name = vm.ctx.intern_str(*method);
        if attributes
            .get(name)
            .is_some_and(|method| method.class().is(wrapper))
        {
            attributes.shift_remove(name);
        }
    }
    drop(attributes);
    add_operators(class, &vm.ctx);
    class.modified();
}

/// The run whose program asks, if it is not the standard library that does.
fn program(vm: &VirtualMachine) -> Option<Rc<Types>> {
    let types = RUN.with(|run| run.borrow().clone())?;
    let names = types.names.get()?;
    let frame = vm.current_frame()?;
    frame.builtins.is(names.as_object()).then_some(types)
}

/// A class of the prelude.
pub(super) fn known_class(name: &str, vm: &VirtualMachine) -> Option<PyTypeRef> {
    let types = RUN.with(|run| run.borrow().clone())?;
    let class = types.names.get()?.get_item_opt(name, vm).ok()??;
    class.downcast::<PyType>().ok()
}

fn single(arguments: &FuncArgs) -> Option<&PyObjectRef> {
    match arguments.args.as_slice() {
        [single] if arguments.kwargs.is_empty() => Some(single),
        _ => None,
    }
}

fn new_str(class: PyTypeRef, mut arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let known = &vm.ctx.types;
    if let Some(obj) = single(&arguments)
        && !obj.class().is(known.str_type)
        && let Some(types) = program(vm)
        && !types.is_own_class(class.as_object())
    {
        let text = text::str(obj, &types, vm)?;
        if types.is_unicode(obj) && !text.is_ascii() {
            let text = vm.ctx.new_str(text.clone());
            vm.call_method(text.as_object(), "encode", ("ascii",))?;
        }
        let text: PyObjectRef = vm.ctx.new_str(text).into();
        if class.is(known.str_type) {
            return Ok(text);
        }
        arguments = FuncArgs::from(vec![text]);
    }
    PyStr::slot_new(class, arguments, vm)
}

fn new_int(class: PyTypeRef, mut arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let Some(types) = program(vm) else {
        return PyInt::slot_new(class, arguments, vm);
    };
    // A base of 0 knows the octal numbers of Python 2.
    if let [text, base] = arguments.args.as_mut_slice()
        && let Some(digits) = text.downcast_ref::<PyStr>()
        && base
            .downcast_ref::<PyInt>()
            .is_some_and(|base| base.as_bigint() == &0.into())
    {
        let digits = digits.to_string_lossy();
        let bare = digits.trim().trim_start_matches(['+', '-']);
        if bare.len() > 1 && bare.starts_with('0') && bare.bytes().all(|b| b.is_ascii_digit()) {
            *base = vm.ctx.new_int(8).into();
        }
    }
    let exact = class.is(vm.ctx.types.int_type);
    let made = PyInt::slot_new(class, arguments, vm)?;
    match types.long.get() {
        Some(long) if exact => whole::settled(made, false, long, vm),
        _ => Ok(made),
    }
}

/// Goes through dictionaries and sets in their order.
fn in_order(arguments: &mut FuncArgs, vm: &VirtualMachine) {
    if let Some(first) = arguments.args.first_mut()
        && let Some(types) = program(vm)
        && let Some(elements) = order::iterated(first, &types, vm)
    {
        *first = vm.ctx.new_list(elements).into();
    }
}

fn new_of<T: Constructor>(
    class: PyTypeRef,
    mut arguments: FuncArgs,
    vm: &VirtualMachine,
) -> PyResult {
    in_order(&mut arguments, vm);
    T::slot_new(class, arguments, vm)
}

fn new_frozenset(class: PyTypeRef, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
    if class.is(vm.ctx.types.frozenset_type)
        && let Some(only) = single(&arguments)
        && !only.class().is(vm.ctx.types.frozenset_type)
        && (sets::is_set(only, vm) || order::is_plain_dict(only, vm))
        && let Some(types) = program(vm)
    {
        let empty = PyFrozenSet::slot_new(class, FuncArgs::default(), vm)?;
        return sets::copied(only, &empty, &types, vm);
    }
    new_of::<PyFrozenSet>(class, arguments, vm)
}

fn init_list(list: PyObjectRef, mut arguments: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    in_order(&mut arguments, vm);
    PyList::slot_init(list, arguments, vm)
}

fn init_set(set: PyObjectRef, mut arguments: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    if let Some(only) = single(&arguments)
        && (sets::is_set(only, vm) || order::is_plain_dict(only, vm))
        && let Some(types) = program(vm)
    {
        return sets::refilled(&set, only, &types, vm);
    }
    in_order(&mut arguments, vm);
    PySet::slot_init(set, arguments, vm)
}

fn init_dict(dict: PyObjectRef, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    let Some(types) = program(vm).filter(|types| !types.is_ordered(&dict)) else {
        return PyDict::slot_init(dict, arguments, vm);
    };
    let written = arguments.kwargs.len();
    fill_dict(dict, arguments, written, &types, vm)
}

/// `dict(…)` with so many keywords in the text; `**` gave the rest.
pub(super) fn fill_dict(
    dict: PyObjectRef,
    arguments: FuncArgs,
    written: usize,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let FuncArgs { args, kwargs } = arguments;
    if args.len() > 1 {
        let count = args.len();
        return Err(vm.new_type_error(format!("dict expected at most 1 arguments, got {count}")));
    }
    let other = args.first().map(|first| &**first);
    let named = KwArgs::new(kwargs.into_iter().collect());
    match dict.downcast::<PyDict>() {
        Ok(dict) => dicts::fill(&dict, other, named, written, types, vm),
        Err(_) => Ok(()),
    }
}

/// The text of a built-in value, also where native code or a derived class asks for it.
fn repr(obj: &PyObject, vm: &VirtualMachine) -> PyResult<PyRef<PyStr>> {
    if let Some(types) = program(vm) {
        if let Some(text) = text::container_repr(obj, &types, vm) {
            return text.map(|text| vm.ctx.new_str(text));
        }
        if let Some(text) = obj.downcast_ref::<PyStr>() {
            return Ok(vm.ctx.new_str(text::bytes_repr(text.as_wtf8())));
        }
        if let Some(whole) = obj.downcast_ref::<PyInt>() {
            return Ok(vm.ctx.new_str(text::whole_repr(whole)));
        }
        if obj.downcast_ref::<PyType>().is_some() || obj.downcast_ref::<PyRange>().is_some() {
            return Ok(vm.ctx.new_str(text::repr(obj, &types, vm)?));
        }
    }
    let class = obj.class();
    let known = &vm.ctx.types;
    let native = if class.fast_issubclass(known.type_type) {
        PyType::slot_repr
    } else if class.fast_issubclass(known.range_type) {
        PyRange::slot_repr
    } else if class.fast_issubclass(known.list_type) {
        PyList::slot_repr
    } else if class.fast_issubclass(known.tuple_type) {
        PyTuple::slot_repr
    } else if class.fast_issubclass(known.dict_type) {
        PyDict::slot_repr
    } else if class.fast_issubclass(known.set_type) {
        PySet::slot_repr
    } else if class.fast_issubclass(known.frozenset_type) {
        PyFrozenSet::slot_repr
    } else if class.fast_issubclass(known.str_type) {
        PyStr::slot_repr
    } else {
        PyInt::slot_repr
    };
    native(obj, vm)
}

/// An iterator through the elements in the order of Python 2.
fn iterated(obj: &PyObject, vm: &VirtualMachine) -> Option<PyResult> {
    let types = program(vm)?;
    let elements = order::iterated(obj, &types, vm)?;
    let list: PyObjectRef = vm.ctx.new_list(elements).into();
    Some(list.get_iter(vm).map(Into::into))
}

fn iter_dict(dict: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    iterated(&dict, vm).unwrap_or_else(|| PyDict::slot_iter(dict, vm))
}

fn iter_set(set: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    iterated(&set, vm).unwrap_or_else(|| PySet::slot_iter(set, vm))
}

fn iter_frozenset(set: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    iterated(&set, vm).unwrap_or_else(|| PyFrozenSet::slot_iter(set, vm))
}

/// A call of a class: `type(x)` knows whole numbers that are `long`.
fn call_type(class: &PyObject, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let Some(class) = class.downcast_ref::<PyType>() else {
        return Err(vm.new_type_error("a class is expected"));
    };
    if class.is(vm.ctx.types.type_type)
        && let Some(only) = single(&arguments)
        && whole::is_big(only, vm)
        && let Some(types) = program(vm)
        && let Some(long) = types.long.get()
    {
        return Ok(long.clone().into());
    }
    <PyType as rustpython_vm::types::Callable>::call(class, arguments, vm)
}

/// The quotient and the rest of floats, as CPython computes them.
fn float_division(a: &PyObject, b: &PyObject) -> Option<(f64, f64)> {
    let float = |obj: &PyObject| match obj.downcast_ref::<PyFloat>() {
        Some(float) => Some(float.to_f64()),
        None => obj.downcast_ref::<PyInt>()?.to_str_radix_10().parse().ok(),
    };
    let (a, b) = (float(a)?, float(b)?);
    if b == 0.0 {
        return None;
    }
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    let whole = if quotient == 0.0 {
        0.0_f64.copysign(a / b)
    } else if quotient - quotient.floor() > 0.5 {
        quotient.floor() + 1.0
    } else {
        quotient.floor()
    };
    Some((whole, rest))
}

fn floor_divide(a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
    match (float_division(a, b), PyFloat::as_number().floor_divide) {
        (Some((quotient, _)), _) => Ok(vm.ctx.new_float(quotient).into()),
        (None, Some(native)) => native(a, b, vm),
        (None, None) => Ok(vm.ctx.not_implemented()),
    }
}

fn divmod(a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
    match (float_division(a, b), PyFloat::as_number().divmod) {
        (Some((quotient, rest)), _) => {
            let parts = [quotient, rest].map(|part| vm.ctx.new_float(part).into());
            Ok(vm.ctx.new_tuple(parts.to_vec()).into())
        }
        (None, Some(native)) => native(a, b, vm),
        (None, None) => Ok(vm.ctx.not_implemented()),
    }
}
