//! The text of doubles.

use std::io::Write as _;

/// Writes a double as `str` of CPython 2.7 does, which is what Thrift 0.9.1 sends: 12 significant digits, trailing
/// zeros dropped, an exponent of at least two digits below 1e-4 and from 1e11 on, and otherwise always a point.
pub(super) fn write_double(out: &mut Vec<u8>, value: f64) {
    if value.is_nan() {
        out.extend_from_slice(b"\"NaN\"");
        return;
    }
    if value.is_infinite() {
        out.extend_from_slice(if value > 0.0 {
            b"\"Infinity\""
        } else {
            b"\"-Infinity\""
        });
        return;
    }
    let scientific = format!("{:.11e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    let significant = digits
        .iter()
        .rposition(|&digit| digit != b'0')
        .map_or(1, |last| last + 1);
    let digits = &digits[..significant];

    if value.is_sign_negative() {
        out.push(b'-');
    }
    if !(-4..11).contains(&exponent) {
        out.push(digits[0]);
        if digits.len() > 1 {
            out.push(b'.');
            out.extend_from_slice(&digits[1..]);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.unsigned_abs());
        return;
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    if whole == 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(
            b'0',
            (-1 - exponent).unsigned_abs() as usize,
        ));
        out.extend_from_slice(digits);
        return;
    }
    let present = whole.min(digits.len());
    out.extend_from_slice(&digits[..present]);
    out.extend(std::iter::repeat_n(b'0', whole - present));
    out.push(b'.');
    let fraction = &digits[present..];
    out.extend_from_slice(if fraction.is_empty() { b"0" } else { fraction });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        let mut out = Vec::new();
        write_double(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn doubles_look_as_cpython_2_7_prints_them() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.5, "0.5"),
            (1.0, "1.0"),
            (-2.25, "-2.25"),
            (100.0, "100.0"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333333333"),
            (2.0 / 3.0, "0.666666666667"),
            (1234.5678, "1234.5678"),
            (0.0001, "0.0001"),
            (0.000123, "0.000123"),
            (0.00001, "1e-05"),
            (0.000012345, "1.2345e-05"),
            (99_999_999_999.0, "99999999999.0"),
            (12_345_678_901.25, "12345678901.2"),
            (1e11, "1e+11"),
            (123_456_789_012.0, "1.23456789012e+11"),
            (999_999_999_999.9, "1e+12"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (5e-324, "4.94065645841e-324"),
            (f64::NAN, "\"NaN\""),
            (f64::INFINITY, "\"Infinity\""),
            (f64::NEG_INFINITY, "\"-Infinity\""),
        ] {
            assert_eq!(text(value), expected, "{value:?}");
        }
    }
}
