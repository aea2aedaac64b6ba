//! List comprehensions run in the scope around them in Python 2: their variables outlive them, and
//! in the body of a class they see its names.

use std::collections::BTreeSet;

use ruff_text_size::{Ranged, TextRange};
use rustpython_vm::compiler::ast::{
    AtomicNodeIndex, Expr, ExprContext, ExprList, ExprListComp, ExprNamed, ExprTuple, Stmt,
    visitor::{Visitor, walk_expr, walk_stmt},
};

use super::nodes;

/// Hands the variables of a comprehension to the scope around it: the comprehension goes over
/// variables of its own, from which those in the text are set. In a function `:=` does that; in a
/// module the interpreter's compiler does not get it right for nested scopes.
pub(super) fn leak(comprehension: &mut ExprListComp, in_module: bool) {
    for generator in &mut comprehension.generators {
        let range = generator.target.range();
        let mut copies = Vec::new();
        hide(&mut generator.target, in_module, &mut copies);
        if copies.is_empty() {
            continue;
        }
        // A tuple that is not empty is true.
        let copies = nodes::tuple(copies, range);
        generator.ifs.insert(0, copies);
    }
}

/// Gives the names of a target others, and collects what copies them back.
fn hide(target: &mut Expr, in_module: bool, copies: &mut Vec<Expr>) {
    match target {
        Expr::Name(name) => {
            let hidden = format!("__py2_item_{}__", name.id.trim_matches('_'));
            let range = name.range;
            let value = nodes::name(&hidden, range);
            copies.push(if in_module {
                let text = nodes::text(&name.id, range);
                nodes::call("__py2_set_global__", vec![text, value], range)
            } else {
                Expr::Named(ExprNamed {
                    node_index: AtomicNodeIndex::NONE,
                    range,
                    target: Box::new(nodes::name_in(&name.id, ExprContext::Store, range)),
                    value: Box::new(value),
                })
            });
            name.id = hidden.into();
        }
        Expr::Tuple(ExprTuple { elts, .. }) | Expr::List(ExprList { elts, .. }) => {
            for part in elts {
                hide(part, in_module, copies);
            }
        }
        _ => {}
    }
}

/// The names that a comprehension in the body of a class takes from it.
pub(super) fn captured(comprehension: &Expr, of_class: &BTreeSet<String>) -> Vec<String> {
    let mut names = Names::default();
    names.visit_expr(comprehension);
    names
        .used
        .difference(&names.set)
        .filter(|name| of_class.contains(*name))
        .cloned()
        .collect()
}

/// `(lambda names…: comprehension)(names…)`: a function sees nothing of the class around it.
pub(super) fn capturing(comprehension: Expr, names: &[String], range: TextRange) -> Expr {
    let values = names.iter().map(|name| nodes::name(name, range)).collect();
    nodes::call_expr(nodes::lambda(names, comprehension, range), values, range)
}

/// The names that the body of a class sets.
pub(super) fn class_names(body: &[Stmt]) -> BTreeSet<String> {
    let mut names = Names::default();
    for stmt in body {
        names.visit_stmt(stmt);
    }
    names.set
}

#[derive(Default)]
struct Names {
    used: BTreeSet<String>,
    set: BTreeSet<String>,
}

impl<'a> Visitor<'a> for Names {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.set.insert(function.name.to_string());
            }
            Stmt::ClassDef(class) => {
                self.set.insert(class.name.to_string());
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    let first = name.split('.').next().unwrap_or_default();
                    self.set.insert(first.to_owned());
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.set.insert(name.to_string());
                }
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr {
            match name.ctx {
                ExprContext::Store => self.set.insert(name.id.to_string()),
                _ => self.used.insert(name.id.to_string()),
            };
        }
        walk_expr(self, expr);
    }
}
