//! Patterns in places where Python 3 has names only: parameters, and the targets of `except`.

use ruff_text_size::Ranged;
use rustpython_vm::compiler::ast::{Expr, ExprContext};

use super::nodes;

/// Turns a pattern into something to assign to; `false` when it is none.
pub(super) fn as_target(expr: &mut Expr) -> bool {
    match expr {
        Expr::Name(name) => name.ctx = ExprContext::Store,
        Expr::Attribute(attribute) => attribute.ctx = ExprContext::Store,
        Expr::Subscript(subscript) => subscript.ctx = ExprContext::Store,
        Expr::Tuple(tuple) => {
            tuple.ctx = ExprContext::Store;
            return tuple.elts.iter_mut().all(as_target);
        }
        Expr::List(list) => {
            list.ctx = ExprContext::Store;
            return list.elts.iter_mut().all(as_target);
        }
        _ => return false,
    }
    true
}

/// `body` with the parts of `value` bound to the names in `target`.
pub(super) fn unpacked(body: Expr, value: &str, target: &Expr) -> Expr {
    let range = body.range();
    let elements = match target {
        Expr::Tuple(tuple) => tuple.elts.as_slice(),
        Expr::List(list) => list.elts.as_slice(),
        // `lambda (x): x` is `lambda x: x`.
        single => std::slice::from_ref(single),
    };
    let mut body = body;
    let mut names = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        match element {
            Expr::Name(name) => names.push(name.id.to_string()),
            nested => {
                let name = format!("{}{index}__", value.trim_end_matches('_'));
                body = unpacked(body, &name, nested);
                names.push(name);
            }
        }
    }
    let argument = nodes::name(value, range);
    let argument = match target {
        Expr::Tuple(_) | Expr::List(_) => nodes::starred(argument, range),
        _ => argument,
    };
    nodes::call_expr(nodes::lambda(&names, body, range), vec![argument], range)
}
