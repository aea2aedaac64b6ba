//! Operators that mean something else in Python 2, under the names that the front end gives them.

use std::rc::Rc;

use rustpython_vm::PyPayload as _;
use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyInt, PySet, PyStr, PyStrRef},
    function::{FuncArgs, IntoPyNativeFn},
    types::PyComparisonOp,
};

use super::{
    Types, compare, dicts, methods, order, percent,
    sets::{self, Operation},
};

/// Puts the operators into the table of built-in names.
pub(super) fn install(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    comparisons(names, vm)?;
    divisions(names, types, vm)?;
    set_operators(names, types, vm)?;
    let t = types.clone();
    let iter = move |obj: PyObjectRef, vm: &VirtualMachine| -> PyObjectRef {
        match order::iterated(&obj, &t, vm) {
            Some(elements) => vm.ctx.new_list(elements).into(),
            None => obj,
        }
    };
    set(names, "__py2_iter__", iter, vm)?;
    let t = types.clone();
    let attribute = move |obj: PyObjectRef, name: PyStrRef, vm: &VirtualMachine| {
        methods::attribute(obj, &name.to_string_lossy(), &t, vm)
    };
    set(names, "__py2_attribute__", attribute, vm)?;
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
    set(names, "__py2_keywords__", keywords, vm)?;
    let t = types.clone();
    let literal = move |obj: PyObjectRef, written: usize| dicts::literal(obj, written, &t);
    set(names, "__py2_literal__", literal, vm)?;
    let t = types.clone();
    let unicode = move |obj: PyObjectRef, vm: &VirtualMachine| t.to_unicode(obj, vm);
    set(names, "__py2_unicode__", unicode, vm)?;
    let set_global = |name: PyStrRef, value: PyObjectRef, vm: &VirtualMachine| {
        vm.current_globals().set_item(name.as_object(), value, vm)
    };
    set(names, "__py2_set_global__", set_global, vm)?;
    let t = types.clone();
    let delete = move |obj: PyObjectRef, key: PyObjectRef, vm: &VirtualMachine| {
        dicts::delete(obj, key, &t, vm)
    };
    set(names, "__py2_delete__", delete, vm)?;
    let t = types.clone();
    let delete = move |obj: PyObjectRef, name: PyStrRef, vm: &VirtualMachine| {
        dicts::delete_attribute(&obj, &name, &t, vm)
    };
    set(names, "__py2_delete_attribute__", delete, vm)
}

fn set<F, FKind>(
    names: &PyDictRef,
    name: &'static str,
    function: F,
    vm: &VirtualMachine,
) -> PyResult<()>
where
    F: IntoPyNativeFn<FKind>,
{
    names.set_item(name, vm.new_function(name, function).into(), vm)
}

fn comparisons(names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
    for (name, op) in [
        ("__py2_lt__", PyComparisonOp::Lt),
        ("__py2_le__", PyComparisonOp::Le),
        ("__py2_gt__", PyComparisonOp::Gt),
        ("__py2_ge__", PyComparisonOp::Ge),
    ] {
        let function = move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| {
            compare::rich(&a, &b, op, vm)
        };
        set(names, name, function, vm)?;
    }
    set(names, "__py2_chain__", chain, vm)
}

/// `a < b <= c`: the operators, each with a `?` when its right side is still to be evaluated, and
/// then the operands.
fn chain(arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let mut operands = arguments.args.into_iter();
    let words: PyStrRef = match operands.next() {
        Some(words) => words.try_into_value(vm)?,
        None => return Ok(vm.ctx.none()),
    };
    let words = words.to_string_lossy().into_owned();
    let mut left = operands.next().unwrap_or_else(|| vm.ctx.none());
    let mut result = vm.ctx.none();
    for (word, operand) in words.split(',').zip(operands) {
        let (word, right) = match word.strip_suffix('?') {
            Some(word) => (word, operand.call((), vm)?),
            None => (word, operand),
        };
        result = compared(word, &left, &right, vm)?;
        if !result.clone().try_to_bool(vm)? {
            break;
        }
        left = right;
    }
    Ok(result)
}

fn compared(word: &str, a: &PyObjectRef, b: &PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let truth = |value: bool| PyResult::Ok(vm.ctx.new_bool(value).into());
    let op = match word {
        "<" => PyComparisonOp::Lt,
        "<=" => PyComparisonOp::Le,
        ">" => PyComparisonOp::Gt,
        ">=" => PyComparisonOp::Ge,
        "!=" => PyComparisonOp::Ne,
        "is" => return truth(a.is(b)),
        "is not" => return truth(!a.is(b)),
        "in" => return truth(vm._contains(b, a)?),
        "not in" => return truth(!vm._contains(b, a)?),
        _ => PyComparisonOp::Eq,
    };
    compare::rich(a, b, op, vm)
}

fn divisions(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    set(names, "__py2_div__", divide, vm)?;
    let in_place = |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| {
        if both_whole(&a, &b) {
            divide(a, b, vm)
        } else {
            vm._itruediv(&a, &b)
        }
    };
    set(names, "__py2_idiv__", in_place, vm)?;
    let t = types.clone();
    let modulo =
        move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| percent::modulo(&a, &b, &t, vm);
    set(names, "__py2_mod__", modulo, vm)?;
    let t = types.clone();
    let in_place = move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| {
        if a.downcast_ref::<PyStr>().is_some() {
            percent::modulo(&a, &b, &t, vm)
        } else {
            vm._imod(&a, &b)
        }
    };
    set(names, "__py2_imod__", in_place, vm)
}

fn both_whole(a: &PyObject, b: &PyObject) -> bool {
    a.downcast_ref::<PyInt>().is_some() && b.downcast_ref::<PyInt>().is_some()
}

/// `a / b` without `from __future__ import division`.
pub(super) fn divide(a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    if both_whole(&a, &b) {
        return vm._floordiv(&a, &b).map_err(|error| {
            if error.class().is(vm.ctx.exceptions.zero_division_error) {
                vm.new_zero_division_error("integer division or modulo by zero")
            } else {
                error
            }
        });
    }
    vm._truediv(&a, &b).map_err(|error| {
        if error.class().is(vm.ctx.exceptions.zero_division_error) {
            vm.new_zero_division_error("float division by zero")
        } else {
            error
        }
    })
}

fn set_operators(names: &PyDictRef, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult<()> {
    type Native = fn(&VirtualMachine, &PyObject, &PyObject) -> PyResult;
    let operators: [(Operation, &'static str, Native, &'static str, Native); 4] = [
        (
            Operation::Or,
            "__py2_or__",
            |vm, a, b| vm._or(a, b),
            "__py2_ior__",
            |vm, a, b| vm._ior(a, b),
        ),
        (
            Operation::And,
            "__py2_and__",
            |vm, a, b| vm._and(a, b),
            "__py2_iand__",
            |vm, a, b| vm._iand(a, b),
        ),
        (
            Operation::Sub,
            "__py2_sub__",
            |vm, a, b| vm._sub(a, b),
            "__py2_isub__",
            |vm, a, b| vm._isub(a, b),
        ),
        (
            Operation::Xor,
            "__py2_xor__",
            |vm, a, b| vm._xor(a, b),
            "__py2_ixor__",
            |vm, a, b| vm._ixor(a, b),
        ),
    ];
    for (operation, name, native, in_place_name, native_in_place) in operators {
        let t = types.clone();
        let operator = move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| {
            if sets::is_any_set(&a) && sets::is_any_set(&b) {
                sets::operated(operation, &a, &b, &t, vm)
            } else {
                native(vm, &a, &b)
            }
        };
        set(names, name, operator, vm)?;
        let t = types.clone();
        let in_place = move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| {
            if a.class().is(PySet::class(&vm.ctx)) && sets::is_any_set(&b) {
                sets::changed(operation, a, &b, &t, vm)
            } else {
                native_in_place(vm, &a, &b)
            }
        };
        set(names, in_place_name, in_place, vm)?;
    }
    Ok(())
}
