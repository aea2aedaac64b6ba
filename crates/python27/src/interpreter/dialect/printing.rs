//! `print a, b`: each item is written before the next one is evaluated.

use rustpython_vm::compiler::ast::{Expr, ExprCall};

use super::{nodes, syntax::take};

/// The call that replaces a `print` statement, as one call an item.
pub(super) fn rewritten(call: &mut ExprCall) -> Option<Expr> {
    let Expr::Name(function) = call.func.as_ref() else {
        return None;
    };
    let ends = match function.id.as_str() {
        "__py2_print__" => true,
        "__py2_print_open__" => false,
        _ => return None,
    };
    let range = call.range;
    let mut items = call.arguments.args.iter_mut().map(take);
    let file = items.next()?;
    let printer = nodes::call("__py2_printer__", vec![file], range);
    let printer = items.fold(printer, |printer, item| {
        nodes::call_expr(printer, vec![item], range)
    });
    Some(if ends {
        nodes::call_expr(nodes::attribute(printer, "end", range), Vec::new(), range)
    } else {
        printer
    })
}
