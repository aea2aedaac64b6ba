//! `text.format(…)` and `format(value, spec)`, as Python 2.7 has them.

mod spec;
mod values;

use std::rc::Rc;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyFloat, PyInt, PyStr},
    common::wtf8::{CodePoint, Wtf8, Wtf8Buf},
    function::FuncArgs,
};

use self::{
    spec::Spec,
    values::{float_number, spelled, whole_number},
};
use super::{Types, methods, text};

/// How deep fields may be inside of specifications.
const DEPTH: usize = 2;

/// `template.format(…)`.
pub(super) fn format(
    template: &Wtf8,
    unicode: bool,
    arguments: &FuncArgs,
    types: &Rc<Types>,
    vm: &VirtualMachine,
) -> PyResult<Wtf8Buf> {
    let points: Vec<CodePoint> = template.code_points().collect();
    let mut formatter = Formatter {
        arguments,
        unicode,
        next: Next::Unknown,
        types,
        vm,
    };
    formatter.expand(&points, DEPTH)
}

/// How fields without a name choose their argument.
enum Next {
    Unknown,
    Automatic(usize),
    Manual,
}

struct Formatter<'a> {
    arguments: &'a FuncArgs,
    unicode: bool,
    next: Next,
    types: &'a Rc<Types>,
    vm: &'a VirtualMachine,
}

fn is(point: Option<&CodePoint>, wanted: char) -> bool {
    point.and_then(|point| point.to_char()) == Some(wanted)
}

fn collected(points: &[CodePoint]) -> Wtf8Buf {
    points.iter().copied().collect()
}

impl Formatter<'_> {
    fn expand(&mut self, points: &[CodePoint], depth: usize) -> PyResult<Wtf8Buf> {
        if depth == 0 && !points.is_empty() {
            return Err(self.vm.new_value_error("Max string recursion exceeded"));
        }
        let mut out = Wtf8Buf::with_capacity(points.len());
        let mut rest = points;
        while let Some((&point, after)) = rest.split_first() {
            rest = after;
            match point.to_char() {
                Some(brace @ ('{' | '}')) if is(rest.first(), brace) => {
                    out.push(point);
                    rest = rest.get(1..).unwrap_or_default();
                }
                Some('}') => {
                    return Err(self
                        .vm
                        .new_value_error("Single '}' encountered in format string"));
                }
                Some('{') => {
                    let Some(end) = closing(rest) else {
                        let message = match rest.is_empty() {
                            true => "Single '{' encountered in format string",
                            false => "unmatched '{' in format",
                        };
                        return Err(self.vm.new_value_error(message));
                    };
                    let (field, after) = rest.split_at(end);
                    rest = after.get(1..).unwrap_or_default();
                    out.push_wtf8(&self.field(field, depth)?);
                }
                _ => out.push(point),
            }
        }
        Ok(out)
    }

    /// One field, without its braces.
    fn field(&mut self, field: &[CodePoint], depth: usize) -> PyResult<Wtf8Buf> {
        let mark = field
            .iter()
            .position(|point| matches!(point.to_char(), Some('!' | ':')));
        let (name, rest) = field.split_at(mark.unwrap_or(field.len()));
        let mut conversion = None;
        let mut spec: &[CodePoint] = &[];
        if is(rest.first(), '!') {
            conversion = rest.get(1).copied();
            if conversion.is_none() {
                let message = "end of format while looking for conversion specifier";
                return Err(self.vm.new_value_error(message));
            }
            match rest.get(2) {
                None => {}
                colon if is(colon, ':') => spec = rest.get(3..).unwrap_or_default(),
                _ => {
                    let message = "expected ':' after conversion specifier";
                    return Err(self.vm.new_value_error(message));
                }
            }
        } else if !rest.is_empty() {
            spec = rest.get(1..).unwrap_or_default();
        }
        let value = self.value(name)?;
        let value = match conversion.map(|point| point.to_char_lossy()) {
            None => value,
            Some('r') => {
                let text = text::repr(&value, self.types, self.vm)?;
                self.vm.ctx.new_str(text).into()
            }
            Some('s') => self.vm.ctx.new_str(self.text_of(&value)?).into(),
            Some(other) => {
                let message = format!("Unknown conversion specifier {other}");
                return Err(self.vm.new_value_error(message));
            }
        };
        let spec = self.expand(spec, depth - 1)?;
        formatted(&value, &spec, self.unicode, self.types, self.vm)
    }

    fn text_of(&self, value: &PyObject) -> PyResult<Wtf8Buf> {
        text_of(value, self.unicode, self.types, self.vm)
    }

    /// What `name.attribute[key]` means.
    fn value(&mut self, name: &[CodePoint]) -> PyResult {
        let end = name
            .iter()
            .position(|point| matches!(point.to_char(), Some('.' | '[')))
            .unwrap_or(name.len());
        let (first, mut rest) = name.split_at(end);
        let mut value = self.argument(first)?;
        while let Some((mark, after)) = rest.split_first() {
            if mark.to_char() == Some('.') {
                let end = after
                    .iter()
                    .position(|point| matches!(point.to_char(), Some('.' | '[')))
                    .unwrap_or(after.len());
                let (attribute, after) = after.split_at(end);
                if attribute.is_empty() {
                    return Err(self.vm.new_value_error("Empty attribute in format string"));
                }
                let attribute = collected(attribute).to_string_lossy().into_owned();
                value = methods::attribute(value, &attribute, self.types, self.vm)?;
                rest = after;
            } else if mark.to_char() == Some('[') {
                let Some(end) = after.iter().position(|point| point.to_char() == Some(']')) else {
                    return Err(self.vm.new_value_error("Missing ']' in format string"));
                };
                let (key, after) = after.split_at(end);
                if key.is_empty() {
                    return Err(self.vm.new_value_error("Empty attribute in format string"));
                }
                let key: PyObjectRef = match number(key) {
                    Some(index) => self.vm.ctx.new_int(index).into(),
                    None => self.vm.ctx.new_str(collected(key)).into(),
                };
                value = value.get_item(&*key, self.vm)?;
                rest = after.get(1..).unwrap_or_default();
            } else {
                let message = "Only '.' or '[' may follow ']' in format field specifier";
                return Err(self.vm.new_value_error(message));
            }
        }
        Ok(value)
    }

    fn argument(&mut self, name: &[CodePoint]) -> PyResult {
        let index = match number(name) {
            Some(index) => {
                if matches!(self.next, Next::Automatic(_)) {
                    return Err(self.vm.new_value_error(
                        "cannot switch from automatic field numbering to manual field specification",
                    ));
                }
                self.next = Next::Manual;
                index
            }
            None if name.is_empty() => {
                let index = match self.next {
                    Next::Unknown => 0,
                    Next::Automatic(index) => index,
                    Next::Manual => {
                        return Err(self.vm.new_value_error(
                            "cannot switch from manual field specification to automatic field \
                             numbering",
                        ));
                    }
                };
                self.next = Next::Automatic(index + 1);
                index
            }
            None => {
                let name = collected(name);
                let key = name.to_string_lossy();
                return match self.arguments.kwargs.get(&*key) {
                    Some(value) => Ok(value.clone()),
                    None => Err(self.vm.new_key_error(self.vm.ctx.new_str(name).into())),
                };
            }
        };
        match self.arguments.args.get(index) {
            Some(value) => Ok(value.clone()),
            None => Err(self.vm.new_index_error("tuple index out of range")),
        }
    }
}

/// Where the brace is that closes a field.
fn closing(points: &[CodePoint]) -> Option<usize> {
    let mut depth = 1_usize;
    points.iter().position(|point| {
        match point.to_char() {
            Some('{') => depth += 1,
            Some('}') => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn number(points: &[CodePoint]) -> Option<usize> {
    let digits: Option<String> = points
        .iter()
        .map(|point| point.to_char().filter(char::is_ascii_digit))
        .collect();
    digits?.parse().ok()
}

/// `str(value)`, or `unicode(value)` where the text is one.
fn text_of(
    value: &PyObject,
    unicode: bool,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Wtf8Buf> {
    if unicode && value.downcast_ref::<PyStr>().is_none() {
        let class = types.helper("unicode", vm)?;
        let text = class.call((value.to_owned(),), vm)?;
        if let Some(text) = text.downcast_ref::<PyStr>() {
            return Ok(text.as_wtf8().to_owned());
        }
    }
    let text = text::str(value, types, vm)?;
    // A byte string takes no text but ASCII, and text no bytes outside of it.
    if !text.is_ascii() {
        if !unicode && types.is_unicode(value) {
            let text = vm.ctx.new_str(text.clone());
            vm.call_method(text.as_object(), "encode", ("ascii",))?;
        } else if unicode {
            text::characters(&text, vm)?;
        }
    }
    Ok(text)
}

/// `format(value, spec)`.
pub(super) fn formatted(
    value: &PyObject,
    spec: &Wtf8,
    unicode: bool,
    types: &Types,
    vm: &VirtualMachine,
) -> PyResult<Wtf8Buf> {
    if let Some(own) = own_method(value, vm) {
        let spec = vm.ctx.new_str(spec.to_owned());
        let made = own.call((value.to_owned(), spec), vm)?;
        return match made.downcast_ref::<PyStr>() {
            Some(text) => Ok(text.as_wtf8().to_owned()),
            None => Err(vm.new_type_error(format!(
                "{}.__format__ must return string or unicode, not {}",
                value.class().name(),
                made.class().name()
            ))),
        };
    }
    if spec.is_empty() {
        return text_of(value, unicode, types, vm);
    }
    let spec =
        Spec::parse(spec).ok_or_else(|| vm.new_value_error("Invalid conversion specification"))?;
    if let Some(whole) = value.downcast_ref::<PyInt>() {
        return whole_number(whole, &spec, unicode, vm);
    }
    if let Some(float) = value.downcast_ref::<PyFloat>() {
        return float_number(float.to_f64(), &spec, vm).map(Wtf8Buf::from);
    }
    if value.class().is(vm.ctx.types.complex_type) {
        let native = vm.ctx.new_str(spec.text());
        let made = vm.call_method(value, "__format__", (native,))?;
        return Ok(made.str(vm)?.as_wtf8().to_owned());
    }
    spelled(&text_of(value, unicode, types, vm)?, &spec, vm)
}

/// The `__format__` of a class that has one of its own.
fn own_method(value: &PyObject, vm: &VirtualMachine) -> Option<PyObjectRef> {
    let known = &vm.ctx.types;
    let class = value.class();
    let name = vm.ctx.intern_str("__format__");
    let own = class.get_attr(name)?;
    let inherited = [
        known.object_type,
        known.str_type,
        known.int_type,
        known.bool_type,
        known.float_type,
        known.complex_type,
    ];
    let native = inherited
        .into_iter()
        .any(|base| base.get_attr(name).is_some_and(|native| native.is(&own)));
    (!native).then_some(own)
}
