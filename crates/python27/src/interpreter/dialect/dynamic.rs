//! Functions whose names are not known beforehand: those with `exec code` or `from module import *`.
//!
//! What these set goes into a dictionary of the function. A name that is not a variable of the
//! function is looked up there first; a variable that the code has set is set after it.

use std::{cell::RefCell, collections::BTreeSet};

use ruff_text_size::{Ranged as _, TextRange};
use rustpython_vm::compiler::ast::{
    AtomicNodeIndex, ExceptHandler, Expr, ExprCall, ExprContext, Parameters, Stmt, StmtExpr,
    StmtFunctionDef, StmtIf, StmtImportFrom,
    visitor::transformer::{Transformer, walk_expr, walk_stmt},
};

use super::{comprehensions::class_names, nodes, syntax::take};

/// The variable with the names that are known at run time only.
const NAMES: &str = "__py2_names__";

/// Rewrites a function if it is such a one.
pub(super) fn prepare(function: &mut StmtFunctionDef) {
    if !function.body.iter_mut().any(sets_names) {
        return;
    }
    let mut own = class_names(&function.body);
    own.extend(parameters(&function.parameters));
    let rewrite = Rewrite {
        own,
        after: RefCell::default(),
    };
    rewrite.visit_body(&mut function.body);
    function.body = rewrite.with_assignments(std::mem::take(&mut function.body));
    let range = function.name.range;
    let names = nodes::name_in(NAMES, ExprContext::Store, range);
    let empty = nodes::call("dict", Vec::new(), range);
    function.body.insert(0, nodes::assign(names, empty, range));
}

fn parameters(parameters: &Parameters) -> Vec<String> {
    let named = parameters.posonlyargs.iter().chain(&parameters.args);
    let named = named.map(|with_default| with_default.parameter.name.to_string());
    let rest = [&parameters.vararg, &parameters.kwarg]
        .into_iter()
        .flatten();
    named
        .chain(rest.map(|rest| rest.name.to_string()))
        .collect()
}

/// Whether a statement of the function itself sets names.
fn sets_names(stmt: &mut Stmt) -> bool {
    match stmt {
        Stmt::ImportFrom(import) => imports_all(import),
        Stmt::Expr(statement) => executed(&mut statement.value).is_some(),
        _ => bodies(stmt)
            .into_iter()
            .any(|body| body.iter_mut().any(sets_names)),
    }
}

/// The statements inside of a statement, without those of functions and classes.
fn bodies(stmt: &mut Stmt) -> Vec<&mut Vec<Stmt>> {
    match stmt {
        Stmt::If(statement) => {
            let clauses = statement.elif_else_clauses.iter_mut();
            let clauses = clauses.map(|clause| &mut clause.body);
            std::iter::once(&mut statement.body)
                .chain(clauses)
                .collect()
        }
        Stmt::For(statement) => vec![&mut statement.body, &mut statement.orelse],
        Stmt::While(statement) => vec![&mut statement.body, &mut statement.orelse],
        Stmt::With(statement) => vec![&mut statement.body],
        Stmt::Try(statement) => {
            let handlers = statement.handlers.iter_mut();
            let handlers = handlers.map(|ExceptHandler::ExceptHandler(handler)| &mut handler.body);
            [
                &mut statement.body,
                &mut statement.orelse,
                &mut statement.finalbody,
            ]
            .into_iter()
            .chain(handlers)
            .collect()
        }
        _ => Vec::new(),
    }
}

/// `from module import *`.
fn imports_all(import: &StmtImportFrom) -> bool {
    import.names.iter().any(|alias| alias.name.as_str() == "*")
}

fn is_exec(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "exec")
}

/// The code of `exec code`, without a namespace.
fn executed(expr: &mut Expr) -> Option<&mut Expr> {
    let Expr::Call(call) = expr else { return None };
    let named = is_exec(call);
    match &mut *call.arguments.args {
        [code] if named && !matches!(code, Expr::Tuple(_)) => Some(code),
        _ => None,
    }
}

struct Rewrite {
    /// The variables of the function.
    own: BTreeSet<String>,
    /// The places of statements after which the variables may be others.
    after: RefCell<Vec<TextRange>>,
}

impl Rewrite {
    /// The statements, with the variables set that `exec` has set.
    fn with_assignments(&self, body: Vec<Stmt>) -> Vec<Stmt> {
        let mut all = Vec::new();
        for mut stmt in body {
            self.inside(&mut stmt);
            let range = stmt.range();
            let executes = matches!(stmt, Stmt::Expr(_)) && self.after.borrow().contains(&range);
            all.push(stmt);
            if executes {
                all.extend(self.own.iter().map(|name| assignment(name, range)));
            }
        }
        all
    }

    fn inside(&self, stmt: &mut Stmt) {
        for body in bodies(stmt) {
            *body = self.with_assignments(std::mem::take(body));
        }
    }
}

/// `if the code has set it: name = what it was set to`.
fn assignment(name: &str, range: TextRange) -> Stmt {
    let arguments = || vec![nodes::name(NAMES, range), nodes::text(name, range)];
    let target = nodes::name_in(name, ExprContext::Store, range);
    let value = nodes::call("__py2_take__", arguments(), range);
    Stmt::If(StmtIf {
        node_index: AtomicNodeIndex::NONE,
        range,
        test: Box::new(nodes::call("__py2_has__", arguments(), range)),
        body: vec![nodes::assign(target, value, range)],
        elif_else_clauses: Vec::new(),
    })
}

impl Transformer for Rewrite {
    fn visit_stmt(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::ImportFrom(import) if imports_all(import) => {
                let range = import.range;
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                let level = usize::try_from(import.level).unwrap_or_default();
                let arguments = vec![
                    nodes::name(NAMES, range),
                    nodes::text(module, range),
                    nodes::whole(level, range),
                    nodes::call("globals", Vec::new(), range),
                ];
                *stmt = Stmt::Expr(StmtExpr {
                    node_index: AtomicNodeIndex::NONE,
                    range,
                    value: Box::new(nodes::call("__py2_star__", arguments, range)),
                });
                return;
            }
            _ => walk_stmt(self, stmt),
        }
        let Stmt::Expr(statement) = stmt else { return };
        let range = statement.range;
        if let Some(code) = executed(&mut statement.value) {
            let code = take(code);
            let scope = |name: &str| nodes::call(name, Vec::new(), range);
            let arguments = vec![
                code,
                scope("globals"),
                scope("locals"),
                nodes::name(NAMES, range),
            ];
            *statement.value = nodes::call("__py2_exec__", arguments, range);
            self.after.borrow_mut().push(range);
        }
    }

    fn visit_expr(&self, expr: &mut Expr) {
        if let Expr::Call(call) = expr
            && is_exec(call)
        {
            call.arguments
                .args
                .iter_mut()
                .for_each(|arg| self.visit_expr(arg));
            return;
        }
        if matches!(expr, Expr::Lambda(_)) {
            return;
        }
        walk_expr(self, expr);
        if let Expr::Name(name) = expr
            && name.ctx == ExprContext::Load
            && !self.own.contains(name.id.as_str())
            && !name.id.starts_with("__py2_")
        {
            let range = name.range;
            let otherwise = nodes::lambda(&[], nodes::name(&name.id, range), range);
            let arguments = vec![
                nodes::name(NAMES, range),
                nodes::text(&name.id, range),
                otherwise,
            ];
            *expr = nodes::call("__py2_named__", arguments, range);
        }
    }
}
