//! Dictionaries and sets go through their elements in the order that CPython 2.7 has for them.
//!
//! The order is computed from the order in which keys were put in, and from what is noted of the
//! [`tables`](super::tables) of some.

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine,
    builtins::{PyDict, PyFloat, PyFrozenSet, PyInt, PyMappingProxy, PySet, PyStr, PyTuple},
    function::KwArgs,
};

use super::Types;
use crate::{Hash, hash_float, hash_int, hash_text, hash_tuple};

/// Whether iterating over `obj` means going through a dictionary's table.
pub(crate) fn is_plain_dict(obj: &PyObject, vm: &VirtualMachine) -> bool {
    if obj.class().is(vm.ctx.types.dict_type) {
        return true;
    }
    if obj.downcast_ref::<PyDict>().is_none() {
        return false;
    }
    let iter = vm.ctx.intern_str("__iter__");
    match (
        obj.class().get_attr(iter),
        vm.ctx.types.dict_type.get_attr(iter),
    ) {
        (Some(own), Some(inherited)) => own.is(&inherited),
        _ => false,
    }
}

/// Whether iterating over `obj` means going through a set's table.
fn is_plain_set(obj: &PyObject, vm: &VirtualMachine) -> bool {
    let class = obj.class();
    let bases = [PySet::class(&vm.ctx), PyFrozenSet::class(&vm.ctx)];
    if bases.iter().any(|base| class.is(*base)) {
        return true;
    }
    let iter = vm.ctx.intern_str("__iter__");
    bases.iter().any(|base| {
        class.fast_issubclass(*base)
            && match (class.get_attr(iter), base.get_attr(iter)) {
                (Some(own), Some(inherited)) => own.is(&inherited),
                _ => false,
            }
    })
}

/// The entries of a dictionary in CPython 2.7's order.
pub(crate) fn dict_items(obj: &PyObject, types: &Types) -> Vec<(PyObjectRef, PyObjectRef)> {
    let Some(dict) = obj.downcast_ref::<PyDict>() else {
        return Vec::new();
    };
    let items = dict.items_vec();
    if types.is_ordered(obj) {
        return items;
    }
    let keys = types.tables.of(obj).layout.order();
    // After a removal the numbers of the entries are others.
    if keys.iter().all(|entry| *entry < items.len()) && keys.len() == items.len() {
        return keys
            .into_iter()
            .filter_map(|index| items.get(index).cloned())
            .collect();
    }
    let mut values: std::collections::HashMap<usize, (PyObjectRef, PyObjectRef)> = items
        .into_iter()
        .map(|(key, value)| (key.get_id(), (key, value)))
        .collect();
    types
        .tables
        .of(obj)
        .order()
        .into_iter()
        .filter_map(|key| values.remove(&key.get_id()))
        .collect()
}

pub(crate) fn dict_keys(obj: &PyObject, types: &Types) -> Vec<PyObjectRef> {
    dict_items(obj, types)
        .into_iter()
        .map(|(key, _)| key)
        .collect()
}

/// The elements of a set in CPython 2.7's order; `None` when `obj` is not a set.
pub(crate) fn set_elements(obj: &PyObject, types: &Types) -> Option<Vec<PyObjectRef>> {
    let is_set =
        obj.downcast_ref::<PySet>().is_some() || obj.downcast_ref::<PyFrozenSet>().is_some();
    is_set.then(|| types.tables.of(obj).order())
}

/// What Python 3 alone keeps in the dictionary of a class.
const NEWER: [&str; 4] = [
    "__annotations__",
    "__firstlineno__",
    "__static_attributes__",
    OLD_STYLE,
];

/// The attribute that marks classes without a base in the text.
pub(super) const OLD_STYLE: &str = "__py2_old_style__";

/// The entries of `vars(class)`; `None` when `obj` is not a class.
pub(super) fn class_items(
    obj: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Option<Vec<(PyObjectRef, PyObjectRef)>>> {
    let dict = class_dict(obj, types, vm)?;
    Ok(dict.map(|dict| dict_items(&dict, types)))
}

/// `vars(class)` as the dictionary that it is in Python 2.
pub(super) fn class_dict(
    obj: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Option<PyObjectRef>> {
    if obj.downcast_ref::<PyMappingProxy>().is_none() {
        return Ok(None);
    }
    let copy = vm.call_method(obj, "copy", ())?;
    let Some(dict) = copy.downcast_ref::<PyDict>() else {
        return Ok(None);
    };
    let (mut written, mut added) = (Vec::new(), Vec::new());
    let mut old_style = false;
    for (key, value) in dict.items_vec() {
        let name = match key.downcast_ref::<PyStr>() {
            Some(name) => name.to_string_lossy(),
            None => continue,
        };
        old_style |= name == OLD_STYLE;
        let bare = vm.is_none(&value);
        match &*name {
            name if NEWER.contains(&name) => {}
            "__dict__" | "__weakref__" => added.push((key, value)),
            "__doc__" if bare => added.push((key, value)),
            _ => written.push((key, value)),
        }
    }
    if old_style {
        added.retain(|(_, value)| vm.is_none(value));
    }
    let body = vm.ctx.new_dict();
    for (key, value) in written {
        body.set_item(&*key, value, vm)?;
    }
    let body = if old_style {
        body.into()
    } else {
        super::dicts::made(Some(body.as_object()), KwArgs::default(), 0, types, vm)?
    };
    for (key, value) in added {
        body.set_item(&*key, value, vm)?;
    }
    Ok(Some(body))
}

/// The method of the interpreter's own type.
pub(super) fn native_method(obj: &PyObject, name: &str, vm: &VirtualMachine) -> PyResult {
    obj.get_attr(vm.ctx.intern_str(name), vm)
}

/// What a loop over `obj` goes through, if not `obj` itself.
pub(crate) fn iterated(
    obj: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> Option<Vec<PyObjectRef>> {
    if is_plain_dict(obj, vm) {
        return Some(dict_keys(obj, types));
    }
    if is_plain_set(obj, vm) {
        return set_elements(obj, types);
    }
    // Nothing in there fails for a dictionary of a class.
    let items = class_items(obj, types, vm).ok().flatten()?;
    Some(items.into_iter().map(|(key, _)| key).collect())
}

/// CPython 2.7's hash. Where that is an address, the order of insertion decides instead, so that a
/// program always gives the same.
pub(crate) fn hash(obj: &PyObject, index: usize) -> Hash {
    if let Some(text) = obj.downcast_ref::<PyStr>() {
        let units: String = text
            .as_wtf8()
            .code_points()
            .map(|point| match point.to_u32() {
                smuggled @ 0xdc80..=0xdcff => char::from_u32(smuggled - 0xdc00).unwrap_or_default(),
                _ => point.to_char_lossy(),
            })
            .collect();
        return hash_text(&units);
    }
    if let Some(integer) = obj.downcast_ref::<PyInt>() {
        return match i64::try_from(integer.as_bigint()) {
            Ok(small) => hash_int(small),
            Err(_) => {
                crate::parse_int(&integer.to_str_radix_10()).map_or(0, |big| crate::hash_long(&big))
            }
        };
    }
    if let Some(float) = obj.downcast_ref::<PyFloat>() {
        return hash_float(float.to_f64());
    }
    if let Some(tuple) = obj.downcast_ref::<PyTuple>() {
        let hashes: Vec<Hash> = tuple
            .as_slice()
            .iter()
            .enumerate()
            .map(|(index, element)| hash(element, index))
            .collect();
        return hash_tuple(&hashes);
    }
    Hash::try_from(index).unwrap_or_default()
}
