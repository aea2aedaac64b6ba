//! The hashes of CPython 2.7 on 64-bit machines.

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive as _;

/// A hash as Python shows it; -1 is never one.
pub type Hash = i64;

fn never_minus_one(hash: Hash) -> Hash {
    if hash == -1 { -2 } else { hash }
}

/// The hash of a text. Byte strings and unicode strings agree on ASCII, and nothing else can be in
/// both, so code points serve for either.
pub fn hash_text(text: &str) -> Hash {
    let mut units = text.chars().map(u64::from).peekable();
    let Some(&first) = units.peek() else {
        return 0;
    };
    let mut length = 0_u64;
    let mut x = first << 7;
    for unit in units {
        x = x.wrapping_mul(1_000_003) ^ unit;
        length += 1;
    }
    never_minus_one((x ^ length).cast_signed())
}

/// The hash of an `int`.
pub fn hash_int(value: i64) -> Hash {
    never_minus_one(value)
}

/// The hash of a whole number of any size: its 30-bit digits, rotated and added.
pub fn hash_long(value: &BigInt) -> Hash {
    const SHIFT: u32 = 30;
    if let Some(small) = value.to_i64() {
        return hash_int(small);
    }
    let (sign, bytes) = value.to_bytes_le();
    let mut digits = Vec::with_capacity(bytes.len() * 8 / SHIFT as usize + 1);
    let (mut buffer, mut bits) = (0_u64, 0_u32);
    for byte in bytes {
        buffer |= u64::from(byte) << bits;
        bits += 8;
        if bits >= SHIFT {
            digits.push(buffer & ((1 << SHIFT) - 1));
            buffer >>= SHIFT;
            bits -= SHIFT;
        }
    }
    if bits > 0 {
        digits.push(buffer);
    }
    let mut x = 0_u64;
    for digit in digits.into_iter().rev() {
        x = x.rotate_left(SHIFT);
        let (sum, overflow) = x.overflowing_add(digit);
        x = sum.wrapping_add(u64::from(overflow));
    }
    let signed = x.cast_signed();
    never_minus_one(if sign == Sign::Minus {
        signed.wrapping_neg()
    } else {
        signed
    })
}

/// The hash of a float: that of the whole number it equals, else a mix of mantissa and exponent.
pub fn hash_float(value: f64) -> Hash {
    if value.is_nan() {
        return 0;
    }
    if value.is_infinite() {
        return if value < 0.0 { -271_828 } else { 314_159 };
    }
    if value.fract() == 0.0 {
        return match num_traits::FromPrimitive::from_f64(value) {
            Some(whole) => hash_long(&whole),
            None => 0,
        };
    }
    let (mantissa, exponent) = split_float(value);
    let scaled = mantissa * 2_147_483_648.0;
    let high = scaled.trunc();
    let low = (scaled - high) * 2_147_483_648.0;
    // Both parts are below 2^31 in size, so the conversions are exact.
    let sum = (high as i64)
        .wrapping_add(low as i64)
        .wrapping_add(i64::from(exponent) << 15);
    never_minus_one(sum)
}

/// `value` as a mantissa in `0.5..1` (with its sign) and a power of two, as C's `frexp`.
fn split_float(value: f64) -> (f64, i32) {
    const MANTISSA_MASK: u64 = !(0x7ff << 52);
    let normal = if value.abs() < f64::MIN_POSITIVE {
        (value * 2_f64.powi(54), -54)
    } else {
        (value, 0)
    };
    let bits = normal.0.to_bits();
    let exponent = i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0) - 1022 + normal.1;
    (
        f64::from_bits(bits & MANTISSA_MASK | (1022 << 52)),
        exponent,
    )
}

/// The hash of a tuple, from the hashes of its elements.
pub fn hash_tuple(elements: &[Hash]) -> Hash {
    let mut x = 0x34_5678_u64;
    let mut multiplier = 1_000_003_u64;
    let mut rest = elements.len() as u64;
    for &element in elements {
        rest -= 1;
        x = (x ^ element.cast_unsigned()).wrapping_mul(multiplier);
        multiplier = multiplier.wrapping_add(82_520 + rest + rest);
    }
    never_minus_one(x.wrapping_add(97_531).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_hash_as_in_cpython() {
        assert_eq!(hash_text(""), 0);
        assert_eq!(hash_text("a"), 12_416_037_344);
        assert_eq!(hash_text("environment"), 4_675_311_066_165_635_120);
        assert_eq!(hash_text("å"), 29_312_087_908);
    }

    #[test]
    fn numbers_hash_as_in_cpython() {
        let ten = BigInt::from(10);
        assert_eq!(hash_int(-1), -2);
        let edge: BigInt = BigInt::from(1) << 63;
        assert_eq!(hash_long(&edge), i64::MIN);
        let far: BigInt = BigInt::from(1) << 100;
        assert_eq!(hash_long(&-far), -68_719_476_736);
        assert_eq!(hash_long(&ten.pow(30)), 5_076_944_324_515_372_240);
        assert_eq!(hash_float(0.1), 2_576_882_278);
        assert_eq!(hash_float(15.0), 15);
        assert_eq!(hash_float(-0.75), -1_610_612_736);
        assert_eq!(hash_float(1e300), 8_474_648_701_417_850_880);
        assert_eq!(hash_float(5e-324), 1_038_581_760);
        assert_eq!(hash_float(1e-310), 2_482_351_555);
        assert_eq!(hash_float(f64::NEG_INFINITY), -271_828);
    }

    #[test]
    fn tuples_hash_as_in_cpython() {
        assert_eq!(hash_tuple(&[]), 3_527_539);
        assert_eq!(hash_tuple(&[1]), 3_430_019_387_558);
        let (name, a) = (hash_text("name"), hash_text("a"));
        assert_eq!(hash_tuple(&[name, a, 1]), 3_756_140_995_241_011_107);
        let first = hash_tuple(&[a, 1]);
        let inner = hash_tuple(&[hash_float(2.5), hash_text("x")]);
        let second = hash_tuple(&[hash_text("b"), inner]);
        assert_eq!(hash_tuple(&[first, second]), -6_991_077_226_911_424_205);
    }
}
