//! `repr`, `str`, `%` and `format` with the texts of Python 2.

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
fn has_own_text(obj: &PyObject, vm: &VirtualMachine) -> bool {
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

/// `left % right`: formatting when the left side is text.
pub(crate) fn modulo(
    left: &PyObject,
    right: &PyObject,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult {
    let Some(format) = left.downcast_ref::<PyStr>() else {
        return vm._mod(left, right).map_err(|error| {
            let float = |obj: &PyObject| obj.downcast_ref::<PyFloat>().is_some();
            if !error.class().is(vm.ctx.exceptions.zero_division_error) {
                error
            } else if float(left) || float(right) {
                vm.new_zero_division_error("float modulo")
            } else {
                vm.new_zero_division_error("integer division or modulo by zero")
            }
        });
    };
    let mut arguments = Arguments::new(right, types, vm);
    arguments.unicode = types.is_unicode(left);
    let Some(rewritten) = rewrite_format(format.as_wtf8(), &mut arguments)? else {
        let result = vm._mod(left, right)?;
        return match types.is_unicode(left) {
            true => types.to_unicode(result, vm),
            false => Ok(result),
        };
    };
    let unicode = types.is_unicode(left) || arguments.unicode;
    let values = arguments.finish();
    let format = vm.ctx.new_str(rewritten);
    let values = vm.ctx.new_tuple(values);
    let result = vm._mod(format.as_object(), values.as_object())?;
    if unicode {
        types.to_unicode(result, vm)
    } else {
        Ok(result)
    }
}

/// The values that a format takes, in the order in which it takes them.
struct Arguments<'a> {
    given: &'a PyObject,
    types: &'a Types,
    vm: &'a VirtualMachine,
    positional: Vec<PyObjectRef>,
    next: usize,
    values: Vec<PyObjectRef>,
    named: bool,
    unicode: bool,
}

impl<'a> Arguments<'a> {
    fn new(given: &'a PyObject, types: &'a Types, vm: &'a VirtualMachine) -> Self {
        let positional = match given.downcast_ref::<PyTuple>() {
            Some(tuple) => tuple.as_slice().to_vec(),
            None => vec![given.to_owned()],
        };
        Self {
            given,
            types,
            vm,
            positional,
            next: 0,
            values: Vec::new(),
            named: false,
            unicode: false,
        }
    }

    fn take(&mut self, name: Option<&Wtf8>) -> PyResult<Option<PyObjectRef>> {
        match name {
            Some(name) => {
                self.named = true;
                let key = self.vm.ctx.new_str(name.to_owned());
                self.given.get_item(key.as_object(), self.vm).map(Some)
            }
            None => {
                let value = self.positional.get(self.next).cloned();
                self.next += 1;
                Ok(value)
            }
        }
    }

    /// Takes the value of one conversion; the answer is the conversion to use for it.
    fn convert(&mut self, name: Option<&Wtf8>, conversion: char) -> PyResult<char> {
        let Some(value) = self.take(name)? else {
            return Err(self
                .vm
                .new_type_error("not enough arguments for format string"));
        };
        let (value, conversion) = match conversion {
            's' if self.types.is_unicode(&value) => {
                self.unicode = true;
                (value, 's')
            }
            's' if self.unicode && value.downcast_ref::<PyStr>().is_none() => {
                let class = self.types.helper("unicode", self.vm)?;
                (class.call((value,), self.vm)?, 's')
            }
            's' if has_own_text(&value, self.vm)
                || value.downcast_ref::<PyBaseException>().is_some() =>
            {
                let text = str(&value, self.types, self.vm)?;
                (self.vm.ctx.new_str(text).into(), 's')
            }
            'r' => {
                let text = repr(&value, self.types, self.vm)?;
                (self.vm.ctx.new_str(text).into(), 's')
            }
            // What is neither has no whole number in it.
            'd' | 'i' | 'u' | 'x' | 'X' | 'o'
                if value
                    .downcast_ref::<PyFloat>()
                    .is_some_and(|float| !float.to_f64().is_finite()) =>
            {
                return Err(self.vm.new_type_error(format!(
                    "%{conversion} format: a number is required, not float"
                )));
            }
            'c' if !self.unicode
                && let Some(byte) = value
                    .downcast_ref::<PyInt>()
                    .and_then(|int| u32::try_from(int.as_bigint()).ok())
                    .filter(|number| (0x80..=0xff).contains(number))
                    .and_then(|number| CodePoint::from_u32(0xdc00 + number)) =>
            {
                let text: Wtf8Buf = [byte].into_iter().collect();
                (self.vm.ctx.new_str(text).into(), 's')
            }
            // Python 2 cuts a float for these, with a warning that is not shown.
            'x' | 'X' | 'o' if value.downcast_ref::<PyFloat>().is_some() => {
                let int = self.vm.ctx.types.int_type.as_object();
                (int.call((value,), self.vm)?, conversion)
            }
            other => (value, other),
        };
        self.values.push(value);
        Ok(conversion)
    }

    /// A width or precision among the values.
    fn check_star(&self, value: &PyObject, precision: bool) -> PyResult<()> {
        let number = value.downcast_ref::<PyInt>();
        match number.map(|number| i64::try_from(number.as_bigint())) {
            Some(Ok(number)) if precision && i32::try_from(number).is_err() => {
                let message = "Python int too large to convert to C int";
                Err(self.vm.new_overflow_error(message))
            }
            Some(Ok(_)) => Ok(()),
            _ => Err(self.vm.new_type_error("* wants int")),
        }
    }

    /// Makes the last value the text of `%#o`: zero marks the octal number.
    fn spell_octal(&mut self, directive: &Directive<'_>) -> bool {
        let Some(last) = self.values.last_mut() else {
            return false;
        };
        let Some(whole) = last.downcast_ref::<PyInt>() else {
            return false;
        };
        let digits = whole.as_bigint().to_str_radix(8);
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None if directive.flags.contains('+') => ("+", digits.as_str()),
            None if directive.flags.contains(' ') => (" ", digits.as_str()),
            None => ("", digits.as_str()),
        };
        let zeros = directive.precision.saturating_sub(digits.len());
        let mark = usize::from(zeros == 0 && digits != "0");
        let body = "0".repeat(zeros.max(mark)) + digits;
        let text = directive.padded(sign, &body, body.len());
        *last = self.vm.ctx.new_str(text).into();
        true
    }

    /// All values for a format of positional conversions, with what the original left over.
    fn finish(mut self) -> Vec<PyObjectRef> {
        // What has keys or indices need not be used.
        let indexed = self.given.downcast_ref::<PyTuple>().is_none()
            && self.given.downcast_ref::<PyStr>().is_none()
            && self
                .given
                .class()
                .has_attr(self.vm.ctx.intern_str("__getitem__"));
        if !self.named && !indexed {
            let left = self
                .positional
                .split_off(self.next.min(self.positional.len()));
            self.values.extend(left);
        }
        self.values
    }
}

/// The format with its conversions made positional and plain, or `None` when it has none.
fn rewrite_format(format: &Wtf8, arguments: &mut Arguments<'_>) -> PyResult<Option<Wtf8Buf>> {
    let mut out = Wtf8Buf::with_capacity(format.len());
    let mut found = false;
    let mut points = format.code_points().peekable();
    while let Some(point) = points.next() {
        if point.to_char() != Some('%') {
            out.push(point);
            continue;
        }
        let mut name = None;
        if points.peek().and_then(|point| point.to_char()) == Some('(') {
            points.next();
            let mut depth = 1usize;
            let mut text = Wtf8Buf::new();
            for point in points.by_ref() {
                match point.to_char() {
                    Some('(') => depth += 1,
                    Some(')') => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                text.push(point);
            }
            name = Some(text);
        }
        let mut spec = String::new();
        loop {
            let Some(next) = points.next() else {
                return Ok(None);
            };
            match next.to_char() {
                Some('*') => {
                    if let Some(width) = arguments.take(None)? {
                        arguments.check_star(&width, spec.contains('.'))?;
                        arguments.values.push(width);
                    }
                    spec.push('*');
                }
                Some(flag @ ('#' | '-' | '+' | ' ' | '.' | '0'..='9')) => spec.push(flag),
                Some('h' | 'l' | 'L') => {}
                Some('%') => {
                    found |= !spec.is_empty();
                    out.push_str(&Directive::of(&spec).padded("", "%%", 1));
                    break;
                }
                Some(conversion) => {
                    found = true;
                    let conversion = arguments.convert(name.as_deref(), conversion)?;
                    let octal = conversion == 'o' && spec.contains('#') && !spec.contains('*');
                    if octal && arguments.spell_octal(&Directive::of(&spec)) {
                        out.push_str("%s");
                        break;
                    }
                    out.push_str("%");
                    out.push_str(&spec);
                    out.push_char(conversion);
                    break;
                }
                None => {
                    out.push_str("%");
                    out.push_str(&spec);
                    out.push(next);
                    break;
                }
            }
        }
    }
    Ok(found.then_some(out))
}

/// The flags, width and precision of a conversion.
struct Directive<'a> {
    flags: &'a str,
    width: usize,
    precision: usize,
}

impl<'a> Directive<'a> {
    fn of(spec: &'a str) -> Self {
        let end = spec
            .find(|c: char| !matches!(c, '#' | '-' | '+' | ' ' | '0'))
            .unwrap_or(spec.len());
        let (flags, rest) = spec.split_at(end);
        let (width, precision) = rest.split_once('.').unwrap_or((rest, ""));
        Self {
            flags,
            width: width.parse().unwrap_or_default(),
            precision: precision.parse().unwrap_or_default(),
        }
    }

    /// Text of a length in the width.
    fn padded(&self, sign: &str, body: &str, length: usize) -> String {
        let missing = self.width.saturating_sub(sign.len() + length);
        if self.flags.contains('-') {
            format!("{sign}{body}{}", " ".repeat(missing))
        } else if self.flags.contains('0') && length > 0 && body != "%%" {
            format!("{sign}{}{body}", "0".repeat(missing))
        } else {
            format!("{}{sign}{body}", " ".repeat(missing))
        }
    }
}
