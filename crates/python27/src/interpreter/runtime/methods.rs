//! Methods that take or give something else than they do in Python 3.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBytes, PyDict, PyFloat, PyInt, PyList, PyStr, PyType},
    function::{FuncArgs, KwArgs, PosArgs},
};

use super::{Types, compare, dicts, errors::class_name, operators, order, sets};

/// What the dictionary methods give.
#[derive(Clone, Copy)]
enum Part {
    Keys,
    Values,
    Items,
}

impl Part {
    fn of(name: &str) -> Option<(Self, bool)> {
        let (part, iterator) = match name {
            "keys" | "viewkeys" => (Self::Keys, false),
            "values" | "viewvalues" => (Self::Values, false),
            "items" | "viewitems" => (Self::Items, false),
            "iterkeys" => (Self::Keys, true),
            "itervalues" => (Self::Values, true),
            "iteritems" => (Self::Items, true),
            _ => return None,
        };
        Some((part, iterator))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Values => "values",
            Self::Items => "items",
        }
    }
}

/// `obj.name`, where Python 2 has something else under that name.
pub(super) fn attribute(
    obj: PyObjectRef,
    name: &str,
    types: &Rc<Types>,
    vm: &VirtualMachine,
) -> PyResult {
    if let Some(method) = unbound(&obj, name, types, vm)? {
        return Ok(method);
    }
    if let Some((part, iterator)) = Part::of(name)
        && !(name.starts_with("view") && order::is_plain_dict(&obj, vm))
    {
        return dict_method(obj, name, part, iterator, types, vm);
    }
    let is_text = obj.downcast_ref::<PyStr>().is_some();
    match name {
        "viewkeys" | "viewvalues" | "viewitems" if order::is_plain_dict(&obj, vm) => {
            let view = types.helper("__py2_view__", vm)?;
            let part = vm.ctx.new_str(name.strip_prefix("view").unwrap_or(name));
            let method = move |vm: &VirtualMachine| view.call((obj.clone(), part.clone()), vm);
            Ok(vm.new_function("view", method).into())
        }
        "format" if is_text => {
            let types = types.clone();
            Ok(vm
                .new_function("format", move |arguments: FuncArgs, vm: &VirtualMachine| {
                    format(&obj, arguments, &types, vm)
                })
                .into())
        }
        "join" if is_text => {
            let types = types.clone();
            Ok(vm
                .new_function("join", move |parts: PyObjectRef, vm: &VirtualMachine| {
                    join(&obj, parts, &types, vm)
                })
                .into())
        }
        "encode" | "decode" if is_text || obj.downcast_ref::<PyBytes>().is_some() => {
            // The prelude has these: `__py2_encode__` and `__py2_decode__`.
            let helper = if name == "encode" {
                "__py2_encode__"
            } else {
                "__py2_decode__"
            };
            let function = types.helper(helper, vm)?;
            Ok(vm
                .new_function(
                    "codec",
                    move |mut arguments: FuncArgs, vm: &VirtualMachine| {
                        arguments.prepend_arg(obj.clone());
                        function.call(arguments, vm)
                    },
                )
                .into())
        }
        "sort" if obj.downcast_ref::<PyList>().is_some() => Ok(vm
            .new_function("sort", move |arguments: FuncArgs, vm: &VirtualMachine| {
                sort_in_place(&obj, arguments, vm)
            })
            .into()),
        "extend" if obj.class().is(vm.ctx.types.list_type) => {
            let types = types.clone();
            let extend = move |other: PyObjectRef, vm: &VirtualMachine| -> PyResult {
                let elements = order::iterated(&other, &types, vm);
                let other = elements.map_or(other, |elements| vm.ctx.new_list(elements).into());
                vm.call_method(&obj, "extend", (other,))
            };
            Ok(vm.new_function("extend", extend).into())
        }
        "copy" | "pop" | "popitem" | "update"
            if order::is_plain_dict(&obj, vm) && !is_overridden(&obj, name, vm) =>
        {
            Ok(table_method(obj, name, types, vm))
        }
        "fromkeys" if obj.is(vm.ctx.types.dict_type) || obj.class().is(vm.ctx.types.dict_type) => {
            let types = types.clone();
            let method = move |arguments: FuncArgs, vm: &VirtualMachine| {
                dicts::from_keys(arguments, &types, vm)
            };
            Ok(vm.new_function("fromkeys", method).into())
        }
        "copy"
        | "pop"
        | "update"
        | "remove"
        | "discard"
        | "union"
        | "intersection"
        | "difference"
        | "symmetric_difference"
        | "difference_update"
        | "intersection_update"
        | "symmetric_difference_update"
            if sets::is_set(&obj, vm) && obj.has_attr(vm.ctx.intern_str(name), vm)? =>
        {
            let (types, name) = (types.clone(), name.to_owned());
            let method = move |arguments: FuncArgs, vm: &VirtualMachine| {
                sets::method(&obj, &name, &arguments.args, &types, vm)
            };
            Ok(vm.new_function("method", method).into())
        }
        "has_key" => match obj.get_attr("has_key", vm) {
            Err(_) if obj.class().has_attr(vm.ctx.intern_str("__contains__")) => Ok(vm
                .new_function("has_key", move |key: PyObjectRef, vm: &VirtualMachine| {
                    vm._contains(&obj, &key)
                })
                .into()),
            found => found,
        },
        "translate" if is_text => {
            let function = types.helper("__py2_translate__", vm)?;
            let method = move |mut arguments: FuncArgs, vm: &VirtualMachine| {
                arguments.prepend_arg(obj.clone());
                function.call(arguments, vm)
            };
            Ok(vm.new_function("translate", method).into())
        }
        "__getslice__" => match obj.get_attr("__getslice__", vm) {
            Err(_) => {
                let slice = move |a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine| {
                    let slice = vm.ctx.types.slice_type.as_object().call((a, b), vm)?;
                    obj.get_item(&*slice, vm)
                };
                Ok(vm.new_function("__getslice__", slice).into())
            }
            found => found,
        },
        "__setslice__" | "__delslice__" => match obj.get_attr(vm.ctx.intern_str(name), vm) {
            Err(_) => {
                let slice =
                    move |a: PyObjectRef, b: PyObjectRef, new: PosArgs, vm: &VirtualMachine| {
                        let slice = vm.ctx.types.slice_type.as_object().call((a, b), vm)?;
                        match new.into_vec().into_iter().next() {
                            Some(new) => obj.set_item(&*slice, new, vm),
                            None => obj.del_item(&*slice, vm),
                        }
                    };
                Ok(vm.new_function("slice", slice).into())
            }
            found => found,
        },
        "im_class" => match obj.get_attr("im_class", vm) {
            Err(_) => Ok(obj.get_attr("__self__", vm)?.class().to_owned().into()),
            found => found,
        },
        "func_closure" => renamed(&obj, "func_closure", "__closure__", vm),
        "func_defaults" => renamed(&obj, "func_defaults", "__defaults__", vm),
        "func_dict" => renamed(&obj, "func_dict", "__dict__", vm),
        "func_doc" => renamed(&obj, "func_doc", "__doc__", vm),
        "func_globals" => renamed(&obj, "func_globals", "__globals__", vm),
        "xreadlines" => match obj.get_attr("xreadlines", vm) {
            Err(error) => {
                // A file goes through its lines by itself.
                let iter = obj.get_attr("__iter__", vm).map_err(|_| error)?;
                Ok(iter)
            }
            found => found,
        },
        "__div__" if is_number(&obj) => {
            let divide = move |other: PyObjectRef, vm: &VirtualMachine| {
                operators::divide(obj.clone(), other, vm)
            };
            Ok(vm.new_function("__div__", divide).into())
        }
        "__hash__" if is_text || is_number(&obj) => {
            let hash = move || order::hash(&obj, 0);
            Ok(vm.new_function("__hash__", hash).into())
        }
        "next" => renamed(&obj, "next", "__next__", vm),
        "func_name" => renamed(&obj, "func_name", "__name__", vm),
        "func_code" => renamed(&obj, "func_code", "__code__", vm),
        "im_func" => renamed(&obj, "im_func", "__func__", vm),
        "im_self" => renamed(&obj, "im_self", "__self__", vm),
        _ => obj.get_attr(vm.ctx.intern_str(name), vm),
    }
}

fn is_number(obj: &PyObject) -> bool {
    obj.downcast_ref::<PyInt>().is_some() || obj.downcast_ref::<PyFloat>().is_some()
}

/// A method of a dictionary that has to keep account of its table.
fn table_method(
    obj: PyObjectRef,
    name: &str,
    types: &Rc<Types>,
    vm: &VirtualMachine,
) -> PyObjectRef {
    let types = types.clone();
    match name {
        "copy" => vm
            .new_function("copy", move |vm: &VirtualMachine| {
                dicts::made(Some(&obj), KwArgs::default(), 0, &types, vm)
            })
            .into(),
        "popitem" => vm
            .new_function("popitem", move |vm: &VirtualMachine| {
                dicts::pop_item(&obj, &types, vm)
            })
            .into(),
        "update" => vm
            .new_function("update", move |arguments: FuncArgs, vm: &VirtualMachine| {
                dicts::update(&obj, arguments, &types, vm)
            })
            .into(),
        _ => vm
            .new_function("pop", move |arguments: FuncArgs, vm: &VirtualMachine| {
                types.tables.removing(&obj, || {
                    order::native_method(&obj, "pop", vm)?.call(arguments, vm)
                })
            })
            .into(),
    }
}

fn renamed(obj: &PyObject, old: &'static str, new: &'static str, vm: &VirtualMachine) -> PyResult {
    match obj.get_attr(old, vm) {
        Err(error) => obj.get_attr(new, vm).map_err(|_| error),
        found => found,
    }
}

fn dict_method(
    obj: PyObjectRef,
    name: &str,
    part: Part,
    iterator: bool,
    types: &Rc<Types>,
    vm: &VirtualMachine,
) -> PyResult {
    let plain = order::is_plain_dict(&obj, vm);
    let own = if plain && !is_overridden(&obj, part.name(), vm) {
        None
    } else {
        match obj.get_attr(vm.ctx.intern_str(name), vm) {
            Ok(own) => Some(own),
            Err(error) if name == part.name() => return Err(error),
            // `iteritems` and the like for what has `items` only.
            Err(error) => Some(obj.get_attr(part.name(), vm).map_err(|_| error)?),
        }
    };
    // A value that is not a dictionary keeps its own method, such as a field called `items`.
    if let Some(own) = &own
        && obj.downcast_ref::<PyDict>().is_none()
        && !is_mapping(&obj, vm)
    {
        return Ok(own.clone());
    }
    let types = types.clone();
    Ok(vm
        .new_function(
            "dict_method",
            move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
                if !arguments.is_empty() {
                    return match &own {
                        Some(own) => own.call(arguments, vm),
                        None => Err(vm.new_type_error("the method takes no arguments")),
                    };
                }
                let elements = match (&own, order::class_items(&obj, &types, vm)?) {
                    (_, Some(items)) => parts(items, part, vm),
                    (Some(own), None) => own.call((), vm)?.try_to_value(vm)?,
                    (None, None) => parts(order::dict_items(&obj, &types), part, vm),
                };
                let list: PyObjectRef = vm.ctx.new_list(elements).into();
                if iterator {
                    Ok(list.get_iter(vm)?.into())
                } else {
                    Ok(list)
                }
            },
        )
        .into())
}

fn is_mapping(obj: &PyObject, vm: &VirtualMachine) -> bool {
    ["__getitem__", "__len__", "keys"]
        .into_iter()
        .all(|name| obj.class().has_attr(vm.ctx.intern_str(name)))
}

fn is_overridden(obj: &PyObject, name: &str, vm: &VirtualMachine) -> bool {
    let name = vm.ctx.intern_str(name);
    match (
        obj.class().get_attr(name),
        vm.ctx.types.dict_type.get_attr(name),
    ) {
        (Some(own), Some(inherited)) => !own.is(&inherited),
        _ => true,
    }
}

fn parts(
    items: Vec<(PyObjectRef, PyObjectRef)>,
    part: Part,
    vm: &VirtualMachine,
) -> Vec<PyObjectRef> {
    items
        .into_iter()
        .map(|(key, value)| match part {
            Part::Keys => key,
            Part::Values => value,
            Part::Items => vm.ctx.new_tuple(vec![key, value]).into(),
        })
        .collect()
}

/// `dict.keys`, `str.join` and the like: the object comes with the call. For `super(…).keys` it is
/// there already.
fn unbound(
    obj: &PyObjectRef,
    name: &str,
    types: &Rc<Types>,
    vm: &VirtualMachine,
) -> PyResult<Option<PyObjectRef>> {
    let known = &vm.ctx.types;
    if obj.class().is(known.super_type) {
        return inherited(obj, name, types, vm);
    }
    let Some(class) = obj.downcast_ref::<PyType>() else {
        return Ok(None);
    };
    let text = class.is(known.str_type) || types.unicode.get().is_some_and(|own| class.is(own));
    let described = match name {
        _ if Part::of(name).is_some() => class.is(known.dict_type),
        "format" | "join" | "encode" | "decode" | "translate" => text,
        "sort" => class.is(known.list_type),
        "has_key" | "popitem" => class.is(known.dict_type),
        "copy" | "pop" | "update" => class.is(known.dict_type) || class.is(known.set_type),
        "remove"
        | "discard"
        | "union"
        | "intersection"
        | "difference"
        | "difference_update"
        | "symmetric_difference"
        | "intersection_update"
        | "symmetric_difference_update" => {
            class.is(known.set_type) || class.is(known.frozenset_type)
        }
        _ => false,
    };
    if !described {
        return Ok(None);
    }
    let (types, name) = (types.clone(), name.to_owned());
    let (class, label) = (obj.clone(), vm.ctx.intern_str(name.as_str()).as_str());
    let method = move |mut arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
        let this = arguments.take_positional();
        let Some(this) = this.filter(|this| {
            class
                .downcast_ref::<PyType>()
                .is_some_and(|class| this.fast_isinstance(class))
        }) else {
            let class = class
                .downcast_ref::<PyType>()
                .map(class_name)
                .unwrap_or_default();
            return Err(vm.new_type_error(format!(
                "unbound method {name}() must be called with {class} instance as first argument"
            )));
        };
        own_method(this, &name, &types, vm)?.call(arguments, vm)
    };
    Ok(Some(vm.new_function(label, method).into()))
}

/// A method of a built-in type, whatever classes derived from it make of it.
fn own_method(this: PyObjectRef, name: &str, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult {
    let dict = this.downcast_ref::<PyDict>().is_some();
    if let (true, Some((part, iterator))) = (dict, Part::of(name))
        && !name.starts_with("view")
    {
        let types = types.clone();
        let method = move |vm: &VirtualMachine| -> PyResult {
            let elements = parts(order::dict_items(&this, &types), part, vm);
            let list: PyObjectRef = vm.ctx.new_list(elements).into();
            match iterator {
                true => Ok(list.get_iter(vm)?.into()),
                false => Ok(list),
            }
        };
        return Ok(vm.new_function("method", method).into());
    }
    if dict && matches!(name, "copy" | "pop" | "popitem" | "update") {
        return Ok(table_method(this, name, types, vm));
    }
    attribute(this, name, types, vm)
}

/// `super(…).name` where that is a method of a built-in type.
fn inherited(
    obj: &PyObjectRef,
    name: &str,
    types: &Rc<Types>,
    vm: &VirtualMachine,
) -> PyResult<Option<PyObjectRef>> {
    let found = match obj.get_attr(vm.ctx.intern_str(name), vm) {
        Ok(found) if found.class().is(vm.ctx.types.bound_method_type) => return Ok(Some(found)),
        Ok(found) => Some(found),
        Err(_) => None,
    };
    let this = obj.get_attr("__self__", vm)?;
    let built_in = this.downcast_ref::<PyDict>().is_some()
        || this.downcast_ref::<PyStr>().is_some()
        || this.downcast_ref::<PyList>().is_some();
    if built_in && (found.is_some() || Part::of(name).is_some() || name == "has_key") {
        return own_method(this, name, types, vm).map(Some);
    }
    Ok(found)
}

fn format(obj: &PyObject, arguments: FuncArgs, types: &Rc<Types>, vm: &VirtualMachine) -> PyResult {
    let Some(template) = obj.downcast_ref::<PyStr>() else {
        return obj.get_attr("format", vm)?.call(arguments, vm);
    };
    let unicode = types.is_unicode(obj);
    let text = super::format::format(template.as_wtf8(), unicode, &arguments, types, vm)?;
    let text: PyObjectRef = vm.ctx.new_str(text).into();
    if unicode {
        types.to_unicode(text, vm)
    } else {
        Ok(text)
    }
}

fn join(obj: &PyObject, parts: PyObjectRef, types: &Types, vm: &VirtualMachine) -> PyResult {
    let parts = match order::iterated(&parts, types, vm) {
        Some(elements) => elements,
        None => parts.try_to_value::<Vec<PyObjectRef>>(vm)?,
    };
    for (index, part) in parts.iter().enumerate() {
        if part.downcast_ref::<PyStr>().is_none() {
            let found = part.class().name().to_string();
            return Err(vm.new_type_error(format!(
                "sequence item {index}: expected string, {found} found"
            )));
        }
    }
    let unicode = types.is_unicode(obj) || parts.iter().any(|part| types.is_unicode(part));
    let join = vm.ctx.types.str_type.as_object().get_attr("join", vm)?;
    let joined = join.call((obj.to_owned(), vm.ctx.new_list(parts)), vm)?;
    if unicode {
        types.to_unicode(joined, vm)
    } else {
        Ok(joined)
    }
}

/// `list.sort(cmp=None, key=None, reverse=False)`.
fn sort_in_place(obj: &PyObject, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
    if let Some(list) = obj.downcast_ref::<PyList>() {
        let elements = list.borrow_vec().to_vec();
        let sorted = sorted(elements, arguments, vm)?;
        *list.borrow_vec_mut() = sorted;
    }
    Ok(vm.ctx.none())
}

/// Sorts with the arguments that `sort` and `sorted` take beside the list.
pub(super) fn sorted(
    elements: Vec<PyObjectRef>,
    mut arguments: FuncArgs,
    vm: &VirtualMachine,
) -> PyResult<Vec<PyObjectRef>> {
    let mut take = |name: &str| {
        arguments
            .take_positional_keyword(name)
            .filter(|value| !vm.is_none(value))
    };
    let cmp = take("cmp");
    let key = take("key");
    let reverse = match take("reverse") {
        Some(value) => value.try_to_bool(vm)?,
        None => false,
    };
    let mut pairs = elements
        .into_iter()
        .map(|element| {
            let key = match &key {
                Some(key) => key.call((element.clone(),), vm)?,
                None => element.clone(),
            };
            Ok((key, element))
        })
        .collect::<PyResult<Vec<_>>>()?;
    // Reversing twice keeps equal elements in their order.
    if reverse {
        pairs.reverse();
    }
    let lt = rustpython_vm::types::PyComparisonOp::Lt;
    compare::sort(&mut pairs, &mut |(a, _), (b, _)| match &cmp {
        Some(cmp) => {
            let result = cmp.call((a.clone(), b.clone()), vm)?;
            let zero: PyObjectRef = vm.ctx.new_int(0).into();
            result.rich_compare_bool(&zero, lt, vm)
        }
        None => compare::rich(a, b, lt, vm)?.try_to_bool(vm),
    })?;
    if reverse {
        pairs.reverse();
    }
    Ok(pairs.into_iter().map(|(_, element)| element).collect())
}
