//! `repr` and `str` with the texts of Python 2, and text as bytes.

use std::{
    ffi::OsString,
    os::unix::ffi::OsStringExt as _,
    path::{Path, PathBuf},
};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine,
    builtins::{
        PyBaseException, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PyMappingProxy, PyRange,
        PySet, PyStr, PyStrRef, PyTuple, PyType,
    },
    common::wtf8::{CodePoint, Wtf8, Wtf8Buf},
    types::Representable as _,
};

use super::{Types, errors::class_name, order};
use crate::interpreter::wording;
use crate::{float_repr, float_str, text_repr};

/// `repr(obj)`.
pub(crate) fn repr(obj: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult<Wtf8Buf> {
    let class = obj.class();
    let known = &vm.ctx.types;
    if class.is(known.str_type) {
        if let Some(text) = obj.downcast_ref::<PyStr>() {
            return Ok(bytes_repr(text.as_wtf8()));
        }
    } else if types.is_unicode(obj) {
        if let Some(text) = obj.downcast_ref::<PyStr>() {
            return Ok(text_repr(&text.to_string_lossy(), true).into());
        }
    } else if class.is(known.float_type) {
        if let Some(float) = obj.downcast_ref::<PyFloat>() {
            return Ok(float_repr(float.to_f64()).into());
        }
    } else if class.is(known.int_type) {
        if let Some(integer) = obj.downcast_ref::<PyInt>() {
            return Ok(whole_repr(integer).into());
        }
    } else if class.is(known.list_type)
        || class.is(known.tuple_type)
        || class.is(known.dict_type)
        || class.is(PySet::class(&vm.ctx))
        || class.is(PyFrozenSet::class(&vm.ctx))
    {
        if let Some(text) = container_repr(obj, types, vm) {
            return text;
        }
    } else if let Some(dict) = order::class_dict(obj, types, vm)? {
        return dict_repr(&dict, types, vm);
    } else if let Some(range) = obj.downcast_ref::<PyRange>() {
        return xrange_repr(range);
    } else if let Some(exception) = obj.downcast_ref::<PyBaseException>() {
        let method = vm.ctx.intern_str("__repr__");
        let base = PyBaseException::class(&vm.ctx).get_attr(method);
        let own = class.get_attr(method);
        if own.zip(base).is_some_and(|(own, base)| own.is(&base)) {
            let mut out = Wtf8Buf::from(class_name(class));
            let arguments = exception.args();
            out.push_wtf8(&repr(arguments.as_object(), types, vm)?);
            return Ok(out);
        }
    } else if let Some(class) = obj.downcast_ref::<PyType>()
        && let Ok(text) = native_repr(obj, vm)
        && let text = text.to_string_lossy()
        && let Some(name) = text
            .strip_prefix("<class '")
            .and_then(|rest| rest.strip_suffix("'>"))
        && let name = name.strip_prefix("__builtin__.").unwrap_or(name)
        && let name = name.strip_prefix("exceptions.").unwrap_or(name)
        && class.name().as_ref() as &str == name
        && (types.is_own_class(class.as_object()) || !text.contains("__builtin__"))
    {
        let name = class_name(class);
        let exception = class.fast_issubclass(PyBaseException::class(&vm.ctx));
        let module = if exception { "exceptions." } else { "" };
        return Ok(format!("<type '{module}{name}'>").into());
    }
    let text = native_repr(obj, vm)?;
    let text = match text.as_wtf8().as_str() {
        Ok(text) => own_name(obj, text, vm).into(),
        Err(_) => text.as_wtf8().to_owned(),
    };
    Ok(types.with_numbers(obj, text))
}

/// What the class of a value makes of it; classes themselves are shown as Python 3 does.
fn native_repr(obj: &PyObject, vm: &VirtualMachine) -> PyResult<PyStrRef> {
    let name = vm.ctx.intern_str("__repr__");
    let (own, usual) = (
        obj.class().get_attr(name),
        vm.ctx.types.type_type.get_attr(name),
    );
    match (obj.downcast_ref::<PyType>(), own.zip(usual)) {
        (Some(_), Some((own, usual))) if own.is(&usual) => PyType::slot_repr(obj, vm),
        _ => obj.repr(vm),
    }
}

/// `repr` of a list, tuple, dictionary or set, or of an object derived from one; `None` for others.
pub(super) fn container_repr(
    obj: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> Option<PyResult<Wtf8Buf>> {
    if let Some(list) = obj.downcast_ref::<PyList>() {
        let elements = list.borrow_vec().to_vec();
        return Some(types.inside(obj, "[...]", vm, || {
            bracketed("[", &elements, "]", types, vm)
        }));
    }
    if let Some(tuple) = obj.downcast_ref::<PyTuple>() {
        let end = if tuple.len() == 1 { ",)" } else { ")" };
        return Some(types.inside(obj, "(...)", vm, || {
            bracketed("(", tuple.as_slice(), end, types, vm)
        }));
    }
    if obj.downcast_ref::<PyDict>().is_some() {
        return Some(types.inside(obj, "{...}", vm, || dict_repr(obj, types, vm)));
    }
    let elements = order::set_elements(obj, types)?;
    let name = obj.class().name().to_string();
    if elements.is_empty() {
        return Some(Ok(format!("{name}([])").into()));
    }
    Some(bracketed(&format!("{name}(["), &elements, "])", types, vm))
}

/// `repr` of a whole number.
pub(super) fn whole_repr(integer: &PyInt) -> String {
    let digits = integer.to_str_radix_10();
    match i64::try_from(integer.as_bigint()) {
        Ok(_) => digits,
        Err(_) => digits + "L",
    }
}

/// How classes of a program and what is made of them are called: their module goes without
/// saying, except for those without a base.
fn own_name(obj: &PyObject, text: &str, vm: &VirtualMachine) -> String {
    let mark = vm.ctx.intern_str(order::OLD_STYLE);
    if let Some(name) = text.strip_prefix("<class '__builtin__.") {
        let old = obj
            .downcast_ref::<PyType>()
            .is_some_and(|class| class.get_attr(mark).is_some());
        return match name.strip_suffix("'>") {
            Some(name) if old => format!("<class __builtin__.{name} at {:#x}>", obj.get_id()),
            _ => format!("<class '{name}"),
        };
    }
    if let Some(name) = text.strip_prefix("<__builtin__.") {
        return match name.split_once(" object at ") {
            Some((name, address)) if obj.class().get_attr(mark).is_some() => {
                format!("<__builtin__.{name} instance at {address}")
            }
            _ => format!("<{name}"),
        };
    }
    text.to_owned()
}

/// `xrange(3)`: the end is where the last step would lead.
fn xrange_repr(range: &PyRange) -> PyResult<Wtf8Buf> {
    let (start, stop, step) = (
        range.start.as_bigint(),
        range.stop.as_bigint(),
        range.step.as_bigint(),
    );
    let text = format!("{start}, {stop}, {step}");
    let numbers: Option<Vec<i128>> = text.split(", ").map(|n| n.parse().ok()).collect();
    let Some([start, stop, step]) = numbers.as_deref() else {
        return Ok(format!("xrange({text})").into());
    };
    let length = ((stop - start + step - step.signum()) / step).max(0);
    let stop = start + length * step;
    Ok(match (start, step) {
        (0, 1) => format!("xrange({stop})"),
        (_, 1) => format!("xrange({start}, {stop})"),
        _ => format!("xrange({start}, {stop}, {step})"),
    }
    .into())
}

fn bracketed(
    open: &str,
    elements: &[PyObjectRef],
    close: &str,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Wtf8Buf> {
    let mut out = Wtf8Buf::from(open);
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_wtf8(&repr(element, types, vm)?);
    }
    out.push_str(close);
    Ok(out)
}

fn dict_repr(obj: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult<Wtf8Buf> {
    let mut out = Wtf8Buf::from("{");
    for (index, (key, value)) in order::dict_items(obj, types).iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_wtf8(&repr(key, types, vm)?);
        out.push_str(": ");
        out.push_wtf8(&repr(value, types, vm)?);
    }
    out.push_str("}");
    Ok(out)
}

/// The text of a byte string in source form. One with characters of its own is unicode.
pub(super) fn bytes_repr(text: &Wtf8) -> Wtf8Buf {
    if text.is_ascii() {
        return text_repr(&text.to_string_lossy(), false).into();
    }
    if !text
        .code_points()
        .all(|point| point.is_ascii() || smuggled(point).is_some())
    {
        return text_repr(&text.to_string_lossy(), true).into();
    }
    // A byte keeps its place while the rest is quoted: none of them is ASCII.
    let stand_in: String = text
        .code_points()
        .map(|point| match smuggled(point) {
            Some(byte) => char::from(byte),
            None => point.to_char_lossy(),
        })
        .collect();
    let quoted = text_repr(&stand_in, true);
    Wtf8Buf::from(quoted.strip_prefix('u').unwrap_or(&quoted))
}

/// The byte that a lone surrogate carries.
pub(crate) fn smuggled(point: CodePoint) -> Option<u8> {
    match point.to_u32() {
        value @ 0xdc80..=0xdcff => u8::try_from(value - 0xdc00).ok(),
        _ => None,
    }
}

/// What is written to a file for a text: its bytes, or else UTF-8.
pub(crate) fn to_bytes(text: &Wtf8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for point in text.code_points() {
        match smuggled(point) {
            Some(byte) => out.push(byte),
            None => {
                let mut buffer = [0; 4];
                out.extend_from_slice(point.to_char_lossy().encode_utf8(&mut buffer).as_bytes());
            }
        }
    }
    out
}

/// Bytes as a plain string of Python 2: what is not ASCII is smuggled.
pub(crate) fn from_bytes(bytes: &[u8]) -> Wtf8Buf {
    bytes
        .iter()
        .filter_map(|&byte| {
            let value = u32::from(byte);
            CodePoint::from_u32(if byte.is_ascii() {
                value
            } else {
                0xdc00 + value
            })
        })
        .collect()
}

/// The name of a file as text, or as its bytes if it is not UTF-8.
pub(crate) fn path_text(path: &Path) -> Wtf8Buf {
    match path.to_str() {
        Some(text) => text.into(),
        None => from_bytes(path.as_os_str().as_encoded_bytes()),
    }
}

/// The file that a plain string of Python 2 names.
pub(crate) fn path_of(text: &Wtf8) -> PathBuf {
    PathBuf::from(OsString::from_vec(to_bytes(text)))
}

/// The characters of a text. A byte string of Python 2 is decoded as ASCII, and that fails on any
/// byte outside it.
pub(crate) fn characters(text: &Wtf8, vm: &VirtualMachine) -> PyResult<String> {
    if let Ok(text) = text.as_str() {
        return Ok(text.to_owned());
    }
    let position = text
        .code_points()
        .position(|point| smuggled(point).is_some());
    let Some(position) = position else {
        return Ok(text.to_string_lossy().into_owned());
    };
    let bytes = to_bytes(text);
    Err(vm.new_unicode_decode_error_real(
        vm.ctx.new_str("ascii"),
        vm.ctx.new_bytes(bytes),
        position,
        position + 1,
        vm.ctx.new_str("ordinal not in range(128)"),
    ))
}

/// Whether `str(obj)` differs from what Python 3 makes of it.
pub(super) fn has_own_text(obj: &PyObject, vm: &VirtualMachine) -> bool {
    let class = obj.class();
    let known = &vm.ctx.types;
    class.is(known.float_type)
        || class.is(known.list_type)
        || class.is(known.tuple_type)
        || class.is(known.dict_type)
        || class.is(PySet::class(&vm.ctx))
        || class.is(PyFrozenSet::class(&vm.ctx))
        || obj.downcast_ref::<PyType>().is_some()
        || obj.downcast_ref::<PyRange>().is_some()
        || obj.downcast_ref::<PyMappingProxy>().is_some()
}

/// `str(obj)`, or the text itself.
pub(crate) fn str(obj: &PyObject, types: &Types, vm: &VirtualMachine) -> PyResult<Wtf8Buf> {
    if let Some(float) = obj.downcast_ref::<PyFloat>()
        && obj.class().is(vm.ctx.types.float_type)
    {
        return Ok(float_str(float.to_f64()).into());
    }
    if has_own_text(obj, vm) {
        return repr(obj, types, vm);
    }
    if obj.downcast_ref::<PyBaseException>().is_some() {
        let text = obj.str(vm)?;
        return Ok(match text.as_wtf8().as_str() {
            Ok(text) => wording::released(text).into(),
            Err(_) => text.as_wtf8().to_owned(),
        });
    }
    if obj.downcast_ref::<PyStr>().is_some() {
        return Ok(obj.str(vm)?.as_wtf8().to_owned());
    }
    let name = vm.ctx.intern_str("__str__");
    let usual = vm.ctx.types.object_type.get_attr(name);
    let own = obj.class().get_attr(name);
    if own.zip(usual).is_some_and(|(own, usual)| own.is(&usual)) {
        return if obj.downcast_ref::<PyInt>().is_some() {
            Ok(obj.str(vm)?.as_wtf8().to_owned())
        } else {
            repr(obj, types, vm)
        };
    }
    let text = obj.str(vm)?.as_wtf8().to_owned();
    Ok(types.with_numbers(obj, text))
}
