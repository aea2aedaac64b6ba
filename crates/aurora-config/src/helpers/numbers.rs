//! Sums and maxima of numbers of both kinds.

use num_bigint::BigInt;

use pystachio::{Data, Error as ObjectError, ProblemKind, Result};

pub(super) fn no_number(data: &Data) -> ObjectError {
    let message = format!("{} is not a number of resources or seconds", data.repr());
    let unbound = data.as_text().is_some_and(|text| text.contains("{{"));
    let hint = "bind it before the tasks are put together".to_owned();
    ObjectError::new(ProblemKind::Type, message).hint(unbound.then_some(hint))
}

/// A number as either of both kinds; truth values are numbers.
fn number(data: &Data) -> Result<std::result::Result<BigInt, f64>> {
    match data {
        Data::Bool(value) => Ok(Ok(BigInt::from(u8::from(*value)))),
        Data::Int(value) => Ok(Ok(value.to_big())),
        Data::Float(value) => Ok(Err(*value)),
        other => Err(no_number(other)),
    }
}

fn as_float(number: &std::result::Result<BigInt, f64>) -> f64 {
    match number {
        Ok(whole) => num_traits::ToPrimitive::to_f64(whole).unwrap_or(f64::INFINITY),
        Err(float) => *float,
    }
}

pub(super) fn sum(a: Data, b: Data) -> Result<Data> {
    Ok(match (number(&a)?, number(&b)?) {
        (Ok(a), Ok(b)) => Data::Int((a + b).into()),
        (a, b) => Data::Float(as_float(&a) + as_float(&b)),
    })
}

/// What Python 2 takes for the larger: a text, which may be bound later, before any number.
pub(super) fn larger(a: Data, b: Data) -> Result<Data> {
    let more = match (a.as_text(), b.as_text()) {
        (Some(a), Some(b)) => b > a,
        (Some(_), None) => false,
        (None, Some(_)) => true,
        (None, None) => match (number(&a)?, number(&b)?) {
            (Ok(a), Ok(b)) => b > a,
            (a, b) => as_float(&b) > as_float(&a),
        },
    };
    Ok(if more { b } else { a })
}
