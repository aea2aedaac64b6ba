//! Builds syntax nodes. Each takes the place in the text of the node that it replaces.

use ruff_text_size::TextRange;
use rustpython_vm::compiler::ast::{
    Arguments, AtomicNodeIndex, Expr, ExprAttribute, ExprCall, ExprContext, ExprLambda, ExprName,
    ExprNumberLiteral, ExprStarred, ExprStringLiteral, ExprTuple, Identifier, Number, Parameter,
    ParameterWithDefault, Parameters, Stmt, StmtAssign, StringLiteral, StringLiteralFlags,
    StringLiteralValue,
};

pub(super) fn name(id: &str, range: TextRange) -> Expr {
    name_in(id, ExprContext::Load, range)
}

pub(super) fn name_in(id: &str, ctx: ExprContext, range: TextRange) -> Expr {
    Expr::Name(ExprName {
        node_index: AtomicNodeIndex::NONE,
        range,
        id: id.into(),
        ctx,
    })
}

pub(super) fn text(value: &str, range: TextRange) -> Expr {
    Expr::StringLiteral(ExprStringLiteral {
        node_index: AtomicNodeIndex::NONE,
        range,
        value: StringLiteralValue::single(StringLiteral {
            range,
            node_index: AtomicNodeIndex::NONE,
            value: value.into(),
            flags: StringLiteralFlags::empty(),
        }),
    })
}

pub(super) fn whole(value: usize, range: TextRange) -> Expr {
    let value = u64::try_from(value).unwrap_or(u64::MAX);
    Expr::NumberLiteral(ExprNumberLiteral {
        node_index: AtomicNodeIndex::NONE,
        range,
        value: Number::Int(value.into()),
    })
}

pub(super) fn call(function: &str, args: Vec<Expr>, range: TextRange) -> Expr {
    call_expr(name(function, range), args, range)
}

pub(super) fn call_expr(function: Expr, args: Vec<Expr>, range: TextRange) -> Expr {
    Expr::Call(ExprCall {
        node_index: AtomicNodeIndex::NONE,
        range,
        func: Box::new(function),
        arguments: Arguments {
            range,
            node_index: AtomicNodeIndex::NONE,
            args: args.into_boxed_slice(),
            keywords: Box::default(),
        },
    })
}

pub(super) fn tuple(elts: Vec<Expr>, range: TextRange) -> Expr {
    Expr::Tuple(ExprTuple {
        node_index: AtomicNodeIndex::NONE,
        range,
        elts,
        ctx: ExprContext::Load,
        parenthesized: true,
    })
}

pub(super) fn starred(value: Expr, range: TextRange) -> Expr {
    Expr::Starred(ExprStarred {
        node_index: AtomicNodeIndex::NONE,
        range,
        value: Box::new(value),
        ctx: ExprContext::Load,
    })
}

pub(super) fn attribute(value: Expr, attr: &str, range: TextRange) -> Expr {
    Expr::Attribute(ExprAttribute {
        node_index: AtomicNodeIndex::NONE,
        range,
        value: Box::new(value),
        attr: Identifier::new(attr, range),
        ctx: ExprContext::Load,
    })
}

pub(super) fn assign(target: Expr, value: Expr, range: TextRange) -> Stmt {
    Stmt::Assign(StmtAssign {
        node_index: AtomicNodeIndex::NONE,
        range,
        targets: vec![target],
        value: Box::new(value),
    })
}

/// `lambda names…: body`.
pub(super) fn lambda(names: &[String], body: Expr, range: TextRange) -> Expr {
    let args = names
        .iter()
        .map(|name| ParameterWithDefault {
            range,
            node_index: AtomicNodeIndex::NONE,
            parameter: Parameter {
                range,
                node_index: AtomicNodeIndex::NONE,
                name: Identifier::new(name.as_str(), range),
                annotation: None,
            },
            default: None,
        })
        .collect();
    Expr::Lambda(ExprLambda {
        node_index: AtomicNodeIndex::NONE,
        range,
        parameters: Some(Box::new(Parameters {
            range,
            node_index: AtomicNodeIndex::NONE,
            posonlyargs: Vec::new(),
            args,
            vararg: None,
            kwonlyargs: Vec::new(),
            kwarg: None,
        })),
        body: Box::new(body),
    })
}
