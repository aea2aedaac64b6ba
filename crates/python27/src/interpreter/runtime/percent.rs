//! `format % values`, as Python 2.7 has it.

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBaseException, PyFloat, PyInt, PyStr, PyTuple},
    common::wtf8::{CodePoint, Wtf8, Wtf8Buf},
};

use super::{
    Types,
    text::{has_own_text, repr, str},
};

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
