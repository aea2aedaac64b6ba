//! Text and numbers by a specification.

use rustpython_vm::{
    AsObject, PyResult, VirtualMachine,
    builtins::PyInt,
    common::wtf8::{CodePoint, Wtf8, Wtf8Buf},
};

use super::spec::{Spec, grouped};
use crate::float::float_digits;

fn unknown(kind: char, class: &str, vm: &VirtualMachine) -> PyResult<Wtf8Buf> {
    Err(vm.new_value_error(format!(
        "Unknown format code '{kind}' for object of type '{class}'"
    )))
}

pub(super) fn spelled(text: &Wtf8, spec: &Spec, vm: &VirtualMachine) -> PyResult<Wtf8Buf> {
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

pub(super) fn whole_number(
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
            return Ok(spec.padded("", &[character].into_iter().collect::<Wtf8Buf>(), '<'));
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

pub(super) fn float_number(value: f64, spec: &Spec, vm: &VirtualMachine) -> PyResult<String> {
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
