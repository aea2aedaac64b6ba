//! Conditions: in Python 2 everything has an order.

use ruff_text_size::Ranged;
use rustpython_vm::compiler::ast::{AtomicNodeIndex, CmpOp, Expr, ExprBoolOp, ExprCompare};

use super::{nodes, syntax::take};

/// The comparison as a call of the run time, if it asks for an order.
pub(super) fn rewritten(comparison: &mut ExprCompare, in_class: bool) -> Option<Expr> {
    let ordered = |op: &CmpOp| matches!(op, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE);
    if !comparison.ops.iter().any(ordered) {
        return None;
    }
    let range = comparison.range;
    if let ([op], [right]) = (comparison.ops.as_ref(), comparison.comparators.as_mut()) {
        let function = match op {
            CmpOp::Lt => "__py2_lt__",
            CmpOp::LtE => "__py2_le__",
            CmpOp::Gt => "__py2_gt__",
            _ => "__py2_ge__",
        };
        let (left, right) = (take(&mut comparison.left), take(right));
        return Some(nodes::call(function, vec![left, right], range));
    }
    // What comes after the second operand is evaluated only when it is needed. A function sees
    // nothing of a class around it, so there it is evaluated at once.
    let mut words = Vec::with_capacity(comparison.ops.len());
    let mut operands = vec![take(&mut comparison.left)];
    for (index, (op, operand)) in comparison
        .ops
        .iter()
        .zip(comparison.comparators.iter_mut())
        .enumerate()
    {
        let operand = take(operand);
        let lazy = index > 0 && !in_class && !is_plain(&operand);
        words.push(format!("{}{}", op.as_str(), if lazy { "?" } else { "" }));
        let place = operand.range();
        operands.push(if lazy {
            nodes::lambda(&[], operand, place)
        } else {
            operand
        });
    }
    operands.insert(0, nodes::text(&words.join(","), range));
    Some(nodes::call("__py2_chain__", operands, range))
}

/// Splits a long `a and b and c and …` into groups: the compiler's time grows with the square of
/// its length.
pub(super) fn group(operation: &mut ExprBoolOp) {
    const GROUP: usize = 64;
    while operation.values.len() > GROUP {
        let values = std::mem::take(&mut operation.values);
        let mut values = values.into_iter().peekable();
        while values.peek().is_some() {
            let group: Vec<Expr> = values.by_ref().take(GROUP).collect();
            operation.values.push(match <[Expr; 1]>::try_from(group) {
                Ok([only]) => only,
                Err(values) => Expr::BoolOp(ExprBoolOp {
                    node_index: AtomicNodeIndex::NONE,
                    range: operation.range,
                    op: operation.op,
                    values,
                }),
            });
        }
    }
}

/// Whether evaluating it does nothing that anybody could see.
fn is_plain(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Name(_)
            | Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::BooleanLiteral(_)
    )
}
