//! Sets: what their operations make is in the order that CPython 2.7 has for it.

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine,
    builtins::{PyFrozenSet, PySet},
};

use super::{
    Types, order,
    tables::{Table, keys_of},
};

/// An operator on two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Or,
    And,
    Sub,
    Xor,
}

/// Whether it is a set and no object of a class derived from one.
pub(super) fn is_set(obj: &PyObject, vm: &VirtualMachine) -> bool {
    obj.class().is(PySet::class(&vm.ctx)) || obj.class().is(PyFrozenSet::class(&vm.ctx))
}

/// Whether it is a set or an object of a class derived from one.
pub(super) fn is_any_set(obj: &PyObject) -> bool {
    obj.downcast_ref::<PySet>().is_some() || obj.downcast_ref::<PyFrozenSet>().is_some()
}

/// A set of the kind of `like` with this table.
fn made(table: Table, like: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult {
    let keys = table.keys();
    let class = like.class().to_owned();
    let set: PyObjectRef = if like.downcast_ref::<PyFrozenSet>().is_some() {
        PyFrozenSet::from_iter(vm, keys)?
            .into_ref_with_type(vm, class)?
            .into()
    } else {
        let set = PySet::default().into_ref_with_type(vm, class)?;
        for key in keys {
            set.add(key, vm)?;
        }
        set.into()
    };
    types.tables.note(&set, table);
    Ok(set)
}

/// Puts all of `other` into a table: what it holds and `contains` says is there already stays.
fn merge(
    table: &mut Table,
    other: Vec<PyObjectRef>,
    contains: impl Fn(&PyObject) -> PyResult<bool>,
) -> PyResult<()> {
    if !other.is_empty() {
        table.layout.reserve(other.len());
    }
    for key in other {
        if !contains(&key)? {
            table.insert(key);
        }
    }
    Ok(())
}

/// A copy of a set, or the set of a dictionary's keys.
pub(super) fn copied(
    obj: &PyObject,
    like: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    made(copied_table(obj, types)?, like, types, vm)
}

fn copied_table(obj: &PyObject, types: &Types) -> PyResult<Table> {
    let mut table = Table::default();
    merge(&mut table, types.tables.of(obj).order(), |_| Ok(false))?;
    Ok(table)
}

/// `a | b` and the like.
pub(super) fn operated(
    operation: Operation,
    a: &PyObject,
    b: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    let keys = |obj: &PyObject| types.tables.of(obj).order();
    let mut table = Table::default();
    match operation {
        Operation::Or => {
            table = copied_table(a, types)?;
            merge(&mut table, keys(b), |key| vm._contains(a, key))?;
        }
        Operation::And => {
            let (through, in_which) = if keys_of(b).len() > keys_of(a).len() {
                (a, b)
            } else {
                (b, a)
            };
            for key in keys(through) {
                if vm._contains(in_which, &key)? {
                    table.insert(key);
                }
            }
        }
        Operation::Sub => {
            for key in keys(a) {
                if !vm._contains(b, &key)? {
                    table.insert(key);
                }
            }
        }
        Operation::Xor => {
            return exclusive(a, b, copied_table(b, types)?, a, types, vm);
        }
    }
    made(table, a, types, vm)
}

/// `a ^ b` in the table of `b`.
fn exclusive(
    a: &PyObject,
    b: &PyObject,
    mut table: Table,
    like: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    for key in types.tables.of(a).order() {
        if vm._contains(b, &key)? {
            table.remove_equal(&key, vm)?;
        } else {
            table.insert(key);
        }
    }
    made(table, like, types, vm)
}

/// `a |= b` and the like, for an `a` that can change.
pub(super) fn changed(
    operation: Operation,
    a: PyObjectRef,
    b: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    match operation {
        Operation::Or => add_all(&a, b, types, vm)?,
        Operation::Sub => {
            types.tables.removing(&a, || vm._isub(&a, b))?;
            let mut table = types.tables.of(&a);
            table.layout.tidy();
            types.tables.note(&a, table);
        }
        Operation::Xor => {
            let mut table = types.tables.of(&a);
            for key in types.tables.of(b).order() {
                if vm._contains(&a, &key)? {
                    table.remove_equal(&key, vm)?;
                    vm.call_method(&a, "remove", (key,))?;
                } else {
                    table.insert(key.clone());
                    vm.call_method(&a, "add", (key,))?;
                }
            }
            types.tables.note(&a, table);
        }
        Operation::And => {
            let new = operated(operation, &a, b, types, vm)?;
            vm.call_method(&a, "clear", ())?;
            let table = types.tables.of(&new);
            for key in keys_of(&new) {
                vm.call_method(&a, "add", (key,))?;
            }
            types.tables.note(&a, table);
        }
    }
    Ok(a)
}

/// `set.update(other)`.
pub(super) fn add_all(
    set: &PyObject,
    other: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let known = is_set(other, vm) || other.class().is(vm.ctx.types.dict_type);
    if !known {
        for key in super::builtins::elements_of(other, types, vm)? {
            vm.call_method(set, "add", (key,))?;
        }
        return Ok(());
    }
    let mut table = types.tables.of(set);
    let before = table.keys().len();
    merge(&mut table, types.tables.of(other).order(), |key| {
        vm._contains(set, key)
    })?;
    for key in table.keys().into_iter().skip(before) {
        vm.call_method(set, "add", (key,))?;
    }
    types.tables.note(set, table);
    Ok(())
}

/// Makes a set one of the elements of another, or of the keys of a dictionary.
pub(super) fn refilled(
    set: &PyObject,
    other: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<()> {
    vm.call_method(set, "clear", ())?;
    add_all(set, other, types, vm)
}

/// `set.pop()`.
pub(super) fn pop(set: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult {
    let mut table = types.tables.of(set);
    let Some(key) = table.pop() else {
        let message = vm.ctx.new_str("pop from an empty set");
        return Err(vm.new_key_error(message.into()));
    };
    vm.call_method(set, "remove", (key.clone(),))?;
    types.tables.note(set, table);
    Ok(key)
}

/// A method of a set that makes or changes one, called with these arguments.
pub(super) fn method(
    set: &PyObjectRef,
    name: &str,
    others: &[PyObjectRef],
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    match (name, others) {
        ("copy", []) => copied(set, set, types, vm),
        ("pop", []) => pop(set, types, vm),
        ("update", others) => {
            for other in others {
                add_all(set, other, types, vm)?;
            }
            Ok(vm.ctx.none())
        }
        ("union", others) => {
            let changeable: PyObjectRef = PySet::default().into_ref(&vm.ctx).into();
            let union = copied(set, &changeable, types, vm)?;
            for other in others {
                add_all(&union, other, types, vm)?;
            }
            made(types.tables.of(&union), set, types, vm)
        }
        ("intersection", [other]) => {
            if is_set(other, vm) {
                return operated(Operation::And, set, other, types, vm);
            }
            let mut table = Table::default();
            for key in super::builtins::elements_of(other, types, vm)? {
                if vm._contains(set, &key)? && !table.contains(&key, vm)? {
                    table.insert(key);
                }
            }
            made(table, set, types, vm)
        }
        ("difference", [other]) if is_set(other, vm) => {
            operated(Operation::Sub, set, other, types, vm)
        }
        ("difference", [other]) => {
            let copy = copied(set, set, types, vm)?;
            let other = as_set(other, types, vm)?;
            if copy.class().is(PyFrozenSet::class(&vm.ctx)) {
                return operated(Operation::Sub, &copy, &other, types, vm);
            }
            changed(Operation::Sub, copy, &other, types, vm)
        }
        ("symmetric_difference", [other]) if !is_any_set(other) => {
            // The set that is made of it is no copy.
            let other = as_set(other, types, vm)?;
            exclusive(set, &other, types.tables.of(&other), set, types, vm)
        }
        ("symmetric_difference", [other]) => {
            let other = as_set(other, types, vm)?;
            operated(Operation::Xor, set, &other, types, vm)
        }
        ("difference_update", [other]) => change(Operation::Sub, set, other, types, vm),
        ("intersection_update", [other]) => change(Operation::And, set, other, types, vm),
        ("symmetric_difference_update", [other]) => change(Operation::Xor, set, other, types, vm),
        // `remove`, `discard` and the updates that take away.
        (name, others) => types.tables.removing(set, || {
            let arguments: rustpython_vm::function::FuncArgs = others.to_vec().into();
            let method = order::native_method(set, name, vm)?;
            method.call(arguments, vm)
        }),
    }
}

fn change(
    operation: Operation,
    set: &PyObjectRef,
    other: &PyObjectRef,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    let other = as_set(other, types, vm)?;
    changed(operation, set.clone(), &other, types, vm)?;
    Ok(vm.ctx.none())
}

fn as_set(obj: &PyObjectRef, types: &Types, vm: &VirtualMachine) -> PyResult {
    if is_set(obj, vm) {
        return Ok(obj.clone());
    }
    let set: PyObjectRef = PySet::default().into_ref(&vm.ctx).into();
    add_all(&set, obj, types, vm)?;
    Ok(set)
}
