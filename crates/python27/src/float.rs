//! Numbers as text, as Python 2.7 reads and writes them.

use num_bigint::BigInt;

/// The shortest text that reads back as the same float: `15.0`, `0.1`, `1e+16`, `inf`.
pub fn float_repr(value: f64) -> String {
    format_digits(value, |value| format!("{value:e}"), 16)
}

/// The text of `str()`: at most twelve significant digits.
pub fn float_str(value: f64) -> String {
    format_digits(value, |value| format!("{value:.11e}"), 11)
}

/// The text of `format(value, '.N')` for N significant digits, one at least.
#[cfg(feature = "interpreter")]
pub(crate) fn float_digits(value: f64, digits: usize) -> String {
    let after_first = digits.saturating_sub(1);
    let limit = i32::try_from(after_first).unwrap_or(i32::MAX);
    format_digits(value, |value| format!("{value:.after_first$e}"), limit)
}

/// Lays the digits of a number in scientific notation out as C's `%g` would, with `.0` added to
/// what would read as a whole number. From `10^limit` on, and below `10^-4`, an exponent is written.
fn format_digits(value: f64, scientific: impl Fn(f64) -> String, limit: i32) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let text = scientific(value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let digits = match digits.trim_end_matches('0') {
        "" => "0",
        digits => digits,
    };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if exponent < -4 || exponent >= limit {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!(
            "{sign}{first}{point}{rest}e{direction}{:02}",
            exponent.abs()
        );
    }
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if exponent < 0 {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        return format!("{sign}0.{zeros}{digits}");
    }
    if length <= exponent + 1 {
        let zeros = "0".repeat((exponent + 1 - length).unsigned_abs() as usize);
        return format!("{sign}{digits}{zeros}.0");
    }
    let (whole, fraction) = digits.split_at(exponent.unsigned_abs() as usize + 1);
    format!("{sign}{whole}.{fraction}")
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// What `float(text)` gives: blanks around it, a sign, digits with a point and an exponent,
/// `inf`, `infinity` and `nan` in any case.
pub fn parse_float(text: &str) -> Option<f64> {
    let text = trim(text);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let special = ["inf", "infinity", "nan"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word));
    let plain = unsigned
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && unsigned.bytes().any(|b| b.is_ascii_digit());
    if special || plain {
        text.parse().ok()
    } else {
        None
    }
}

/// What `int(text)` gives: blanks around it, a sign, decimal digits.
pub fn parse_int(text: &str) -> Option<BigInt> {
    let text = trim(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let magnitude = BigInt::parse_bytes(digits.as_bytes(), 10)?;
    Some(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_the_shortest_text_that_reads_back() {
        for (value, text) in [
            (15.0, "15.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.000_012, "1.2e-05"),
            (1e-300, "1e-300"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(float_repr(value), text);
        }
    }

    #[test]
    fn str_keeps_twelve_digits() {
        for (value, text) in [
            (2.5, "2.5"),
            (0.1 + 0.2, "0.3"),
            (12_345_678_901.25, "12345678901.2"),
            (1e11, "1e+11"),
            (123_456_789_012.345, "1.23456789012e+11"),
            (1.0 / 3.0, "0.333333333333"),
            (0.000_012, "1.2e-05"),
            (0.0, "0.0"),
        ] {
            assert_eq!(float_str(value), text);
        }
    }

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        assert_eq!(parse_float(" 2e-1\n"), Some(0.2));
        assert_eq!(parse_float("-.5"), Some(-0.5));
        assert_eq!(parse_float("5."), Some(5.0));
        assert_eq!(parse_float("InF"), Some(f64::INFINITY));
        for bad in ["", "1_0", "0x1", "e5", "1e", "infin", "1 2"] {
            assert_eq!(parse_float(bad), None, "{bad}");
        }
        assert_eq!(parse_int("  12 "), Some(12.into()));
        assert_eq!(parse_int("007"), Some(7.into()));
        assert_eq!(parse_int("-3"), Some((-3).into()));
        for bad in ["", "2.5", "1_0", "--1", "10L", "- 1"] {
            assert_eq!(parse_int(bad), None, "{bad}");
        }
    }
}
