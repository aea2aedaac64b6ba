//! `x /= y`, `x %= y`, `del d[key]` and `del obj.name`.

use ruff_text_size::Ranged;
use rustpython_vm::compiler::ast::{
    AtomicNodeIndex, Expr, ExprContext, Stmt, StmtAugAssign, StmtDelete, StmtExpr,
};

use super::{nodes, syntax::take};

/// `target op= value` as an assignment of what `function` makes of both. The place is evaluated
/// once only.
pub(super) fn augmented(statement: &mut StmtAugAssign, function: &str) -> Option<Stmt> {
    let range = statement.range;
    let value = |statement: &mut StmtAugAssign| take(&mut statement.value);
    match statement.target.as_mut() {
        Expr::Name(target) => {
            let id = target.id.clone();
            let old = nodes::name(&id, target.range);
            let new = nodes::call(function, vec![old, value(statement)], range);
            let target = nodes::name_in(&id, ExprContext::Store, range);
            Some(nodes::assign(target, new, range))
        }
        Expr::Attribute(target) => {
            let attr = nodes::text(target.attr.as_str(), range);
            let place = vec![nodes::name(function, range), take(&mut target.value), attr];
            Some(update("__py2_update_attribute__", place, statement))
        }
        Expr::Subscript(target) if !matches!(*target.slice, Expr::Slice(_)) => {
            let key = take(&mut target.slice);
            let place = vec![nodes::name(function, range), take(&mut target.value), key];
            Some(update("__py2_update_item__", place, statement))
        }
        _ => None,
    }
}

fn update(function: &str, mut arguments: Vec<Expr>, statement: &mut StmtAugAssign) -> Stmt {
    arguments.push(take(&mut statement.value));
    evaluated(nodes::call(function, arguments, statement.range))
}

fn evaluated(expr: Expr) -> Stmt {
    Stmt::Expr(StmtExpr {
        node_index: AtomicNodeIndex::NONE,
        range: expr.range(),
        value: Box::new(expr),
    })
}

/// `del d[key]` and `del obj.name` as calls of the run time, which keeps account of what a table has lost.
pub(super) fn deleted(statement: &mut StmtDelete) -> Option<Stmt> {
    let range = statement.range;
    let accounted = statement.targets.iter().all(|target| match target {
        Expr::Subscript(target) => !matches!(*target.slice, Expr::Slice(_)),
        // Private names get that of their class, which only the compiler knows.
        Expr::Attribute(target) => !target.attr.starts_with("__"),
        _ => false,
    });
    if !accounted {
        return None;
    }
    let deletions = statement
        .targets
        .iter_mut()
        .filter_map(|target| match target {
            Expr::Subscript(target) => {
                let arguments = vec![take(&mut target.value), take(&mut target.slice)];
                Some(nodes::call("__py2_delete__", arguments, range))
            }
            Expr::Attribute(target) => {
                let name = nodes::text(target.attr.as_str(), range);
                let arguments = vec![take(&mut target.value), name];
                Some(nodes::call("__py2_delete_attribute__", arguments, range))
            }
            _ => None,
        })
        .collect();
    Some(evaluated(nodes::tuple(deletions, range)))
}
