//! Generators: a `StopIteration` that nothing catches ends one quietly in Python 2.

use ruff_text_size::TextRange;
use rustpython_vm::compiler::ast::{
    AtomicNodeIndex, ExceptHandler, ExceptHandlerExceptHandler, Expr, Stmt, StmtReturn, StmtTry,
    visitor::{Visitor, walk_expr, walk_stmt},
};

use super::nodes;

/// Puts the body of a generator into `try: … except StopIteration: return`.
pub(super) fn stop_quietly(body: &mut Vec<Stmt>, range: TextRange) {
    let documented = matches!(
        body.first(),
        Some(Stmt::Expr(statement)) if matches!(*statement.value, Expr::StringLiteral(_))
    );
    let guarded = body.split_off(usize::from(documented));
    let ends = Stmt::Return(StmtReturn {
        node_index: AtomicNodeIndex::NONE,
        range,
        value: None,
    });
    let handler = ExceptHandler::ExceptHandler(ExceptHandlerExceptHandler {
        node_index: AtomicNodeIndex::NONE,
        range,
        type_: Some(Box::new(nodes::name("StopIteration", range))),
        name: None,
        body: vec![ends],
    });
    body.push(Stmt::Try(StmtTry {
        node_index: AtomicNodeIndex::NONE,
        range,
        body: guarded,
        handlers: vec![handler],
        orelse: Vec::new(),
        finalbody: Vec::new(),
        is_star: false,
    }));
}

/// Whether a function body makes it a generator.
pub(super) fn contains_yield(body: &[Stmt]) -> bool {
    struct Search(bool);
    impl<'a> Visitor<'a> for Search {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                walk_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
                Expr::Lambda(_) => {}
                _ => walk_expr(self, expr),
            }
        }
    }
    let mut search = Search(false);
    for stmt in body {
        search.visit_stmt(stmt);
    }
    search.0
}
