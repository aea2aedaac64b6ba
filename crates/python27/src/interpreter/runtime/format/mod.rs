//! `text.format(…)` and `format(value, spec)`, as Python 2.7 has them.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyFloat, PyInt, PyStr},
    common::wtf8::{CodePoint, Wtf8, Wtf8Buf},
    function::FuncArgs,
};

use super::{Types, methods, text};
use crate::float::float_digits;

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
        let error = |message: &str| Err(self.vm.new_value_error(message.to_owned()));
        if depth == 0 {
            return error("Max string recursion exceeded");
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
        let spec = self
            .expand(spec, depth - 1)
            .or_else(|error| match spec.is_empty() {
                true => Ok(Wtf8Buf::new()),
                false => Err(error),
            })?;
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

/// `[[fill]align][sign][#][0][width][,][.precision][type]`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    width: Option<usize>,
    grouped: bool,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    fn parse(text: &Wtf8) -> Option<Self> {
        let points: Vec<char> = text
            .code_points()
            .map(|point| point.to_char_lossy())
            .collect();
        let mut rest = points.as_slice();
        let mut spec = Self::default();
        let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '=' | '^'));
        let take = |count: usize, rest: &mut &[char]| {
            *rest = rest.get(count..).unwrap_or_default();
        };
        if is_align(rest.get(1)) {
            (spec.fill, spec.align) = (rest.first().copied(), rest.get(1).copied());
            take(2, &mut rest);
        } else if is_align(rest.first()) {
            spec.align = rest.first().copied();
            take(1, &mut rest);
        }
        if matches!(rest.first(), Some('+' | '-' | ' ')) {
            spec.sign = rest.first().copied();
            take(1, &mut rest);
        }
        if rest.first() == Some(&'#') {
            spec.alternate = true;
            take(1, &mut rest);
        }
        if rest.first() == Some(&'0') && spec.fill.is_none() {
            spec.fill = Some('0');
            spec.align = spec.align.or(Some('='));
            take(1, &mut rest);
        }
        spec.width = digits(&mut rest)?;
        if rest.first() == Some(&',') {
            spec.grouped = true;
            take(1, &mut rest);
        }
        if rest.first() == Some(&'.') {
            take(1, &mut rest);
            spec.precision = Some(digits(&mut rest)??);
        }
        if let Some((&kind, after)) = rest.split_first() {
            spec.kind = Some(kind);
            if !after.is_empty() {
                return None;
            }
        }
        Some(spec)
    }

    /// The specification as text that Python 3 reads.
    fn text(&self) -> String {
        let mut out: String = [
            self.fill.filter(|_| self.align.is_some()),
            self.align,
            self.sign,
        ]
        .into_iter()
        .flatten()
        .collect();
        out.push_str(if self.alternate { "#" } else { "" });
        out.extend(self.width.map(|width| width.to_string()));
        out.push_str(if self.grouped { "," } else { "" });
        out.extend(self.precision.map(|precision| format!(".{precision}")));
        out.extend(self.kind);
        out
    }

    /// Text with the rest of the width filled up.
    fn padded(&self, sign: &str, body: &Wtf8, usual: char) -> Wtf8Buf {
        let length = sign.chars().count() + body.code_points().count();
        let missing = self.width.unwrap_or_default().saturating_sub(length);
        let (before, inside, after) = match self.align.unwrap_or(usual) {
            '<' => (0, 0, missing),
            '^' => (missing / 2, 0, missing - missing / 2),
            '=' => (0, missing, 0),
            _ => (missing, 0, 0),
        };
        let fill = |count: usize| String::from(self.fill.unwrap_or(' ')).repeat(count);
        let mut out = Wtf8Buf::from(fill(before) + sign + &fill(inside));
        out.push_wtf8(body);
        out.push_str(&fill(after));
        out
    }

    fn sign_of(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            (false, _) => "",
        }
    }
}

/// Digits at the beginning; nothing when they make no number.
fn digits(rest: &mut &[char]) -> Option<Option<usize>> {
    let count = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let (number, after) = rest.split_at(count);
    *rest = after;
    if number.is_empty() {
        return Some(None);
    }
    // More than memory holds is refused, as a number that has no room.
    let number: String = number.iter().collect();
    number
        .parse()
        .ok()
        .filter(|&n: &usize| n < 1 << 31)
        .map(Some)
}

fn unknown(kind: char, class: &str, vm: &VirtualMachine) -> PyResult<Wtf8Buf> {
    Err(vm.new_value_error(format!(
        "Unknown format code '{kind}' for object of type '{class}'"
    )))
}

fn spelled(text: &Wtf8, spec: &Spec, vm: &VirtualMachine) -> PyResult<Wtf8Buf> {
    let refused = if let Some(kind) = spec.kind.filter(|&kind| kind != 's') {
        return unknown(kind, "str", vm);
    } else if spec.sign.is_some() {
        "Sign not allowed in string format specifier"
    } else if spec.alternate {
        "Alternate form (#) not allowed in string format specifier"
    } else if spec.align == Some('=') {
        "'=' alignment not allowed in string format specifier"
    } else if spec.grouped {
        "Cannot specify ',' with 's'."
    } else {
        let length = spec.precision.unwrap_or(usize::MAX);
        let cut: Wtf8Buf = text.code_points().take(length).collect();
        return Ok(spec.padded("", &cut, '<'));
    };
    Err(vm.new_value_error(refused))
}

fn whole_number(
    whole: &PyInt,
    spec: &Spec,
    unicode: bool,
    vm: &VirtualMachine,
) -> PyResult<Wtf8Buf> {
    let kind = spec.kind.unwrap_or('d');
    if matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') {
        let Ok(float) = whole.to_str_radix_10().parse::<f64>() else {
            return Err(vm.new_overflow_error("long int too large to convert to float"));
        };
        return float_number(float, spec, vm).map(Wtf8Buf::from);
    }
    if spec.precision.is_some() {
        return Err(vm.new_value_error("Precision not allowed in integer format specifier"));
    }
    if spec.grouped && kind != 'd' {
        return Err(vm.new_value_error(format!("Cannot specify ',' with '{kind}'.")));
    }
    let value = whole.as_bigint();
    let (base, prefix) = match kind {
        'd' | 'n' => (10, ""),
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        'c' => {
            if spec.sign.is_some() {
                let message = "Sign not allowed with integer format specifier 'c'";
                return Err(vm.new_value_error(message));
            }
            let limit = if unicode { 0x11_0000 } else { 0x100 };
            let character = u32::try_from(value).ok().filter(|&number| number < limit);
            let character = character.and_then(|number| match number {
                0x80..=0xff if !unicode => CodePoint::from_u32(0xdc00 + number),
                _ => CodePoint::from_u32(number),
            });
            let Some(character) = character else {
                return Err(vm.new_overflow_error(format!("%c arg not in range({limit:#x})")));
            };
            return Ok(spec.padded("", &collected(&[character]), '<'));
        }
        other => {
            let class = if i64::try_from(value).is_ok() {
                "int"
            } else {
                "long"
            };
            return unknown(other, class, vm);
        }
    };
    let digits = value.to_str_radix(base);
    let (negative, digits) = match digits.strip_prefix('-') {
        Some(digits) => (true, digits.to_owned()),
        None => (false, digits),
    };
    let digits = match kind {
        'X' => digits.to_uppercase(),
        _ if spec.grouped => grouped(&digits, spec),
        _ => digits,
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let sign = format!("{}{prefix}", spec.sign_of(negative));
    Ok(spec.padded(&sign, Wtf8::new(digits.as_str()), '>'))
}

/// Digits with a comma between each three; zeros that fill up have commas too.
fn grouped(digits: &str, spec: &Spec) -> String {
    let mut out: Vec<char> = Vec::new();
    let put = |index: usize, digit: char, out: &mut Vec<char>| {
        if index > 0 && index.is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    };
    let mut count = 0;
    for digit in digits.chars().rev() {
        put(count, digit, &mut out);
        count += 1;
    }
    if spec.fill == Some('0') && spec.align == Some('=') {
        while out.len() < spec.width.unwrap_or_default() {
            put(count, '0', &mut out);
            count += 1;
        }
    }
    out.iter().rev().collect()
}

fn float_number(value: f64, spec: &Spec, vm: &VirtualMachine) -> PyResult<String> {
    if spec.alternate {
        let message = "Alternate form (#) not allowed in float format specifier";
        return Err(vm.new_value_error(message));
    }
    match spec.kind {
        None => {
            let text = float_digits(value.abs(), spec.precision.unwrap_or(12).max(1));
            let text = match text.find(['.', 'e']) {
                Some(end) if spec.grouped => {
                    let (whole, rest) = text.split_at(end);
                    grouped(whole, spec) + rest
                }
                _ => text,
            };
            let negative = value.is_sign_negative() && !value.is_nan();
            let padded = spec.padded(spec.sign_of(negative), Wtf8::new(text.as_str()), '>');
            Ok(padded.to_string_lossy().into_owned())
        }
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') => {
            let float = vm.ctx.new_float(value);
            let native = vm.ctx.new_str(spec.text());
            let text = vm.call_method(float.as_object(), "__format__", (native,))?;
            Ok(text.str(vm)?.to_string_lossy().into_owned())
        }
        Some(other) => unknown(other, "float", vm).map(|text| text.to_string_lossy().into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications_are_read_in_their_parts() {
        let parse = |text: &str| Spec::parse(Wtf8::new(text));
        let spec = parse("*^+#10,.3f").unwrap();
        assert_eq!(
            (spec.fill, spec.align, spec.sign, spec.alternate),
            (Some('*'), Some('^'), Some('+'), true)
        );
        assert_eq!(
            (spec.width, spec.grouped, spec.precision, spec.kind),
            (Some(10), true, Some(3), Some('f'))
        );
        assert_eq!(spec.text(), "*^+#10,.3f");
        assert_eq!(parse("08").unwrap().align, Some('='));
        for wrong in ["_d", "5.", "dd", "99999999999"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn digits_are_grouped_by_three() {
        let spec = |text: &str| Spec::parse(Wtf8::new(text)).unwrap();
        assert_eq!(grouped("1234567", &spec(",")), "1,234,567");
        assert_eq!(grouped("123", &spec(",")), "123");
        assert_eq!(grouped("12", &spec("06,")), "00,012");
    }
}
