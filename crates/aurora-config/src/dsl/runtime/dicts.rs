//! Dictionaries: what their operations do to the order of keys, as CPython 2.7 does it.

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDict, PyDictRef},
    function::{FuncArgs, KwArgs},
};

use super::{Types, order, tables::Table};

type Items = Vec<(PyObjectRef, PyObjectRef)>;

/// Puts entries that come from another dictionary into one.
fn merge(dict: &PyDictRef, items: Items, types: &Types, vm: &VirtualMachine) -> PyResult<()> {
    if items.is_empty() {
        return Ok(());
    }
    let mut table = types.tables.of(dict.as_object());
    table.layout.reserve(items.len());
    for (key, value) in items {
        if !dict.contains_key(&*key, vm) {
            table.insert(key.clone());
        }
        dict.set_item(&*key, value, vm)?;
    }
    types.tables.note(dict.as_object(), table);
    Ok(())
}

fn keywords(arguments: KwArgs, types: &Types, vm: &VirtualMachine) -> PyResult<Items> {
    let given = vm.ctx.new_dict();
    for (name, value) in arguments {
        given.set_item(name.as_str(), value, vm)?;
    }
    Ok(order::dict_items(given.as_object(), types))
}

/// `dict(other, name=value, …)` or `other.copy()`.
pub(super) fn made(
    other: Option<&PyObject>,
    named: KwArgs,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    let dict = vm.ctx.new_dict();
    if let Some(other) = other {
        if order::is_plain_dict(other, vm) {
            merge(&dict, order::dict_items(other, types), types, vm)?;
        } else {
            let pairs = vm
                .ctx
                .types
                .dict_type
                .as_object()
                .call((other.to_owned(),), vm)?;
            if let Some(pairs) = pairs.downcast_ref::<PyDict>() {
                for (key, value) in pairs.items_vec() {
                    dict.set_item(&*key, value, vm)?;
                }
            }
        }
    }
    merge(&dict, keywords(named, types, vm)?, types, vm)?;
    Ok(dict.into())
}

/// The dictionary of a literal of `written` entries.
pub(super) fn literal(dict: PyObjectRef, written: usize, types: &Types) -> PyObjectRef {
    if let Some(entries) = dict.downcast_ref::<PyDict>() {
        let mut table = Table::presized(written);
        for key in entries.keys_vec() {
            table.insert(key);
        }
        types.tables.note(&dict, table);
    }
    dict
}

/// `dict.update(other, name=value, …)`.
pub(super) fn update(
    obj: &PyObjectRef,
    arguments: FuncArgs,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    let FuncArgs { args, kwargs } = arguments;
    let Ok(dict) = obj.clone().downcast::<PyDict>() else {
        return Ok(vm.ctx.none());
    };
    match args.as_slice() {
        [] => {}
        [other] if order::is_plain_dict(other, vm) && !other.is(obj) => {
            merge(&dict, order::dict_items(other, types), types, vm)?;
        }
        _ => {
            let method = order::native_method(obj, "update", vm)?;
            method.call(FuncArgs::from(args), vm)?;
        }
    }
    let named = kwargs.into_iter().collect();
    merge(&dict, keywords(KwArgs::new(named), types, vm)?, types, vm)?;
    Ok(vm.ctx.none())
}

/// `dict.popitem()`.
pub(super) fn pop_item(obj: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult {
    let mut table = types.tables.of(obj);
    let Some(key) = table.pop() else {
        let message = vm.ctx.new_str("popitem(): dictionary is empty");
        return Err(vm.new_key_error(message.into()));
    };
    let value = obj.get_item(&*key, vm)?;
    obj.del_item(&*key, vm)?;
    types.tables.note(obj, table);
    Ok(vm.ctx.new_tuple(vec![key, value]).into())
}

/// `del obj[key]`.
pub(super) fn delete(
    obj: PyObjectRef,
    key: PyObjectRef,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<()> {
    if order::is_plain_dict(&obj, vm) {
        return types.tables.removing(&obj, || obj.del_item(&*key, vm));
    }
    obj.del_item(&*key, vm)
}
