//! The specification of a format: what follows the colon.

use rustpython_vm::common::wtf8::{Wtf8, Wtf8Buf};

/// `[[fill]align][sign][#][0][width][,][.precision][type]`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) fill: Option<char>,
    pub(super) align: Option<char>,
    pub(super) sign: Option<char>,
    pub(super) alternate: bool,
    pub(super) width: Option<usize>,
    pub(super) grouped: bool,
    pub(super) precision: Option<usize>,
    pub(super) kind: Option<char>,
}

impl Spec {
    pub(super) fn parse(text: &Wtf8) -> Option<Self> {
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
    pub(super) fn text(&self) -> String {
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
    pub(super) fn padded(&self, sign: &str, body: &Wtf8, usual: char) -> Wtf8Buf {
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

    pub(super) fn sign_of(&self, negative: bool) -> &'static str {
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

/// Digits with a comma between each three; zeros that fill up have commas too.
pub(super) fn grouped(digits: &str, spec: &Spec) -> String {
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
