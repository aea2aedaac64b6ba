//! What no program may hold, though the grammar has nothing against it.

use super::tokens::{Kind, Token};

/// How many functions or conditions may be inside each other in an expression: the compiler's time
/// grows with the square of it.
const NESTED: usize = 500;

/// Where a program goes too far, and why that is refused.
pub(super) fn refused(text: &str, tokens: &[Token]) -> Option<(usize, &'static str)> {
    let (mut functions, mut conditions) = (0, 0);
    for token in tokens {
        let word = token.text(text);
        match (token.kind, word) {
            (Kind::Name, "lambda") => functions += 1,
            (Kind::Name, "else") => conditions += 1,
            (Kind::Newline, _) | (Kind::Op, "," | ";" | ")" | "]" | "}") => {
                (functions, conditions) = (0, 0);
            }
            (Kind::Name, name) if !name.is_ascii() => {
                let why = "names are written in ASCII letters, digits and `_`";
                return Some((token.start, why));
            }
            _ => {}
        }
        if functions > NESTED || conditions > NESTED {
            return Some((token.start, "the expression is nested too deeply"));
        }
    }
    None
}
