//! Dictionaries: what their operations do to the order of keys, as CPython 2.7 does it.

use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDict, PyDictRef, PyStr},
    function::{FuncArgs, IntoFuncArgs as _, KwArgs},
    types::Initializer as _,
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

/// The keywords of a call of native code, of which the first `written` have their names in the
/// text. CPython puts those into the dictionary from the last to the first, after what `**` gave.
fn keywords(
    arguments: KwArgs,
    written: usize,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Items> {
    let mut named: Items = arguments
        .into_iter()
        .map(|(name, value)| (vm.ctx.new_str(name).into(), value))
        .collect();
    let unpacked = named.split_off(written.min(named.len()));
    if named.is_empty() {
        return Ok(unpacked);
    }
    let given = vm.ctx.new_dict();
    merge(&given, unpacked, types, vm)?;
    for (name, value) in named.into_iter().rev() {
        given.set_item(&*name, value, vm)?;
    }
    Ok(order::dict_items(given.as_object(), types))
}

/// `dict(other, name=value, …)` with so many names in the text, or `other.copy()`.
pub(super) fn made(
    other: Option<&PyObject>,
    named: KwArgs,
    written: usize,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    let dict = vm.ctx.new_dict();
    fill(&dict, other, named, written, types, vm)?;
    Ok(dict.into())
}

/// Puts into a dictionary what `dict(other, name=value, …)` does.
pub(super) fn fill(
    dict: &PyDictRef,
    other: Option<&PyObject>,
    named: KwArgs,
    written: usize,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<()> {
    if let Some(other) = other {
        if order::is_plain_dict(other, vm) {
            merge(dict, order::dict_items(other, types), types, vm)?;
        } else if let Some(items) = order::class_items(other, types, vm)? {
            for (key, value) in items {
                dict.set_item(&*key, value, vm)?;
            }
        } else {
            let pairs = vm.ctx.new_dict();
            PyDict::slot_init(pairs.clone().into(), (other.to_owned(),).into_args(vm), vm)?;
            for (key, value) in pairs.items_vec() {
                dict.set_item(&*key, value, vm)?;
            }
        }
    }
    merge(dict, keywords(named, written, types, vm)?, types, vm)
}

/// `dict.fromkeys(keys, value)`: for the keys of a dictionary or set the table is made large enough
/// beforehand, and does not grow.
pub(super) fn from_keys(arguments: FuncArgs, types: &Types, vm: &VirtualMachine) -> PyResult {
    let (keys, value) = match arguments.args.as_slice() {
        [keys] => (keys, vm.ctx.none()),
        [keys, value] => (keys, value.clone()),
        _ => {
            let few = arguments.args.is_empty();
            let (limit, count) = if few {
                ("least 1", 0)
            } else {
                ("most 2", arguments.args.len())
            };
            let message = format!("fromkeys expected at {limit} arguments, got {count}");
            return Err(vm.new_type_error(message));
        }
    };
    let elements = super::builtins::elements_of(keys, types, vm)?;
    let dict = vm.ctx.new_dict();
    let tabled = keys.class().is(vm.ctx.types.dict_type) || super::sets::is_set(keys, vm);
    let table = tabled.then(|| Table::copied(&elements));
    for key in elements {
        dict.set_item(&*key, value.clone(), vm)?;
    }
    if let Some(table) = table {
        types.tables.note(dict.as_object(), table);
    }
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
    let written = kwargs.len();
    let named = KwArgs::new(kwargs.into_iter().collect());
    merge(&dict, keywords(named, written, types, vm)?, types, vm)?;
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

/// `del obj.name`.
pub(super) fn delete_attribute(
    obj: &PyObject,
    name: &Py<PyStr>,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<()> {
    match obj.dict() {
        Some(dict) => types
            .tables
            .removing(dict.as_object(), || obj.del_attr(name, vm)),
        None => obj.del_attr(name, vm),
    }
}
