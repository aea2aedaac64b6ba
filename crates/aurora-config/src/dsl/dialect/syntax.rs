//! Rewrites the syntax tree where Python 3 would do something else than Python 2.7 with it.
//!
//! Every rewritten place becomes a call of a function of the Python 2 runtime, whose names look
//! like `__py2_div__`. They look at their operands and leave alone what both versions treat alike.

use std::cell::Cell;

use ruff_text_size::{Ranged, TextRange};
use rustpython_vm::compiler::{
    ast::{
        AtomicNodeIndex, CmpOp, Comprehension, Decorator, ExceptHandler, Expr, ExprCall,
        ExprContext, Identifier, Keyword, Operator, Parameters, Stmt, StmtClassDef,
        StmtFunctionDef,
        visitor::{
            Visitor,
            transformer::{
                Transformer, walk_comprehension, walk_except_handler, walk_expr, walk_keyword,
                walk_stmt,
            },
            walk_expr as scan_expr, walk_stmt as scan_stmt,
        },
    },
    parser,
};

use super::{
    nodes,
    statements::{Future, target_index},
};

/// The name that an exception has until it gets the one in the text, which outlives the handler.
const EXCEPTION: &str = "__py2_exception__";

/// Built-in types that behave differently when they are called.
const CALLED_TYPES: [&str; 9] = [
    "str",
    "list",
    "tuple",
    "set",
    "frozenset",
    "dict",
    "int",
    "enumerate",
    "reversed",
];

/// Methods that take or give something else than they did.
const METHODS: [&str; 22] = [
    "copy",
    "keys",
    "values",
    "items",
    "iterkeys",
    "itervalues",
    "iteritems",
    "viewkeys",
    "viewvalues",
    "viewitems",
    "has_key",
    "popitem",
    "sort",
    "next",
    "format",
    "encode",
    "decode",
    "join",
    "func_name",
    "func_code",
    "im_func",
    "im_self",
];

pub(super) struct Rewrite<'a> {
    future: Future,
    targets: &'a [String],
    /// The first target that could not be understood.
    broken_target: Cell<Option<TextRange>>,
}

impl<'a> Rewrite<'a> {
    /// Rewrites a module; the error is the place of a target that makes no sense.
    pub(super) fn module(
        body: &mut [Stmt],
        future: Future,
        targets: &'a [String],
    ) -> Result<(), TextRange> {
        let rewrite = Rewrite {
            future,
            targets,
            broken_target: Cell::new(None),
        };
        for stmt in body.iter_mut() {
            rewrite.visit_stmt(stmt);
        }
        rewrite.outcome()
    }

    /// Rewrites a lone expression.
    pub(super) fn expression(
        expr: &mut Expr,
        future: Future,
        targets: &'a [String],
    ) -> Result<(), TextRange> {
        let rewrite = Rewrite {
            future,
            targets,
            broken_target: Cell::new(None),
        };
        rewrite.visit_expr(expr);
        rewrite.outcome()
    }

    fn outcome(&self) -> Result<(), TextRange> {
        match self.broken_target.get() {
            Some(range) => Err(range),
            None => Ok(()),
        }
    }

    /// The pattern that `name` stands for, as something to assign to.
    fn target(&self, name: &str, range: TextRange) -> Option<Expr> {
        let text = self.targets.get(target_index(name)?)?;
        let parsed = parser::parse_expression(text)
            .ok()
            .map(|parsed| *parsed.into_syntax().body)
            .and_then(|mut expr| as_target(&mut expr).then_some(expr));
        match parsed {
            Some(mut expr) => {
                rustpython_vm::compiler::ast::relocate::relocate_expr(&mut expr, range);
                Some(expr)
            }
            None => {
                self.broken_target.set(Some(range));
                None
            }
        }
    }

    fn parameter_targets(&self, parameters: &Parameters) -> Vec<(String, Expr)> {
        parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .filter_map(|with_default| {
                let name = &with_default.parameter.name;
                let target = self.target(name.as_str(), name.range)?;
                Some((name.to_string(), target))
            })
            .collect()
    }

    fn function(&self, function: &mut StmtFunctionDef) {
        if contains_yield(&function.body) {
            StopIterationReturns.visit_body(&mut function.body);
        }
        let targets = self.parameter_targets(&function.parameters);
        for (name, target) in targets.into_iter().rev() {
            let range = target.range();
            let value = nodes::name(&name, range);
            function.body.insert(0, nodes::assign(target, value, range));
        }
    }

    fn class(&self, class: &mut StmtClassDef) {
        let range = class.name.range;
        class.decorator_list.push(Decorator {
            range,
            node_index: AtomicNodeIndex::NONE,
            expression: nodes::name("__py2_class__", range),
        });
        let Some(index) = class.body.iter().position(|stmt| match stmt {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(name)] => name.id.as_str() == "__metaclass__",
                _ => false,
            },
            _ => false,
        }) else {
            return;
        };
        let Some(Stmt::Assign(assign)) = class.body.get(index) else {
            return;
        };
        let keyword = Keyword {
            range: assign.range,
            node_index: AtomicNodeIndex::NONE,
            arg: Some(Identifier::new("metaclass", assign.range)),
            value: (*assign.value).clone(),
        };
        let arguments = class.arguments.get_or_insert_with(|| {
            Box::new(rustpython_vm::compiler::ast::Arguments {
                range,
                node_index: AtomicNodeIndex::NONE,
                args: Box::default(),
                keywords: Box::default(),
            })
        });
        if arguments.find_keyword("metaclass").is_none() {
            let mut keywords = std::mem::take(&mut arguments.keywords).into_vec();
            keywords.push(keyword);
            arguments.keywords = keywords.into_boxed_slice();
        }
    }

    fn lambda(&self, parameters: &Parameters, body: &mut Expr) {
        for (name, target) in self.parameter_targets(parameters) {
            let inner = take(body);
            *body = unpacked(inner, &name, &target);
        }
    }

    fn call(&self, call: &mut ExprCall) {
        let Expr::Name(function) = call.func.as_ref() else {
            return;
        };
        if !CALLED_TYPES.contains(&function.id.as_str()) {
            return;
        }
        let range = call.func.range();
        let function = std::mem::replace(call.func.as_mut(), nodes::name("__py2_call__", range));
        let mut args = std::mem::take(&mut call.arguments.args).into_vec();
        args.insert(0, function);
        call.arguments.args = args.into_boxed_slice();
    }

    fn binary(&self, op: Operator, left: &Expr, right: &Expr) -> Option<&'static str> {
        match op {
            Operator::Div if !self.future.division && !is_float(left) && !is_float(right) => {
                Some("__py2_div__")
            }
            Operator::Mod if !matches!(left, Expr::NumberLiteral(_)) => Some("__py2_mod__"),
            _ => None,
        }
    }
}

impl Transformer for Rewrite<'_> {
    fn visit_stmt(&self, stmt: &mut Stmt) {
        // A documentation string stays a literal.
        if let Stmt::Expr(statement) = &*stmt
            && matches!(statement.value.as_ref(), Expr::StringLiteral(_))
        {
            return;
        }
        walk_stmt(self, stmt);
        let range = stmt.range();
        match stmt {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::For(statement) if !statement.is_async => iterated(&mut statement.iter),
            Stmt::AugAssign(statement) => {
                let Some(function) = self.binary(statement.op, &statement.target, &statement.value)
                else {
                    return;
                };
                let value = take(&mut statement.value);
                if let Expr::Name(target) = statement.target.as_ref() {
                    let id = target.id.as_str();
                    let old = nodes::name(id, target.range);
                    *stmt = nodes::assign(
                        nodes::name_in(id, ExprContext::Store, range),
                        nodes::call(function, vec![old, value], range),
                        range,
                    );
                } else {
                    // The place is evaluated once only: the operand takes over the operation.
                    let operand = format!("{function}operand__");
                    *statement.value = nodes::call(&operand, vec![value], range);
                }
            }
            _ => {}
        }
    }

    fn visit_except_handler(&self, handler: &mut ExceptHandler) {
        walk_except_handler(self, handler);
        let ExceptHandler::ExceptHandler(handler) = handler;
        let Some(name) = handler.name.take() else {
            return;
        };
        let range = name.range;
        let target = self
            .target(name.as_str(), range)
            .unwrap_or_else(|| nodes::name_in(name.as_str(), ExprContext::Store, range));
        let exception = nodes::name(EXCEPTION, range);
        // A pattern takes the arguments apart.
        let value = match target {
            Expr::Tuple(_) | Expr::List(_) => nodes::attribute(exception, "args", range),
            _ => exception,
        };
        handler.body.insert(0, nodes::assign(target, value, range));
        handler.name = Some(Identifier::new(EXCEPTION, range));
    }

    fn visit_comprehension(&self, comprehension: &mut Comprehension) {
        walk_comprehension(self, comprehension);
        if !comprehension.is_async {
            iterated(&mut comprehension.iter);
        }
    }

    fn visit_keyword(&self, keyword: &mut Keyword) {
        walk_keyword(self, keyword);
        if keyword.arg.is_none() && !matches!(keyword.value, Expr::Dict(_)) {
            let range = keyword.value.range();
            let value = take(&mut keyword.value);
            keyword.value = nodes::call("__py2_keywords__", vec![value], range);
        }
    }

    fn visit_expr(&self, expr: &mut Expr) {
        walk_expr(self, expr);
        let range = expr.range();
        match expr {
            Expr::BinOp(operation) => {
                if let Some(function) = self.binary(operation.op, &operation.left, &operation.right)
                {
                    let (left, right) = (take(&mut operation.left), take(&mut operation.right));
                    *expr = nodes::call(function, vec![left, right], range);
                }
            }
            Expr::Compare(comparison) => {
                let function = match comparison.ops.as_ref() {
                    [CmpOp::Lt] => "__py2_lt__",
                    [CmpOp::LtE] => "__py2_le__",
                    [CmpOp::Gt] => "__py2_gt__",
                    [CmpOp::GtE] => "__py2_ge__",
                    _ => return,
                };
                if let [right] = comparison.comparators.as_mut() {
                    let (left, right) = (take(&mut comparison.left), take(right));
                    *expr = nodes::call(function, vec![left, right], range);
                }
            }
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute)
                if attribute.ctx == ExprContext::Load
                    && METHODS.contains(&attribute.attr.as_str()) =>
            {
                let value = take(&mut attribute.value);
                let attr = nodes::text(attribute.attr.as_str(), attribute.attr.range);
                *expr = nodes::call("__py2_attribute__", vec![value, attr], range);
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.lambda(parameters, &mut lambda.body);
                }
            }
            Expr::Dict(dict) if dict.items.len() > 5 => wrap(expr, "__py2_literal__"),
            // Folding constants would lose the bytes that such a literal smuggles.
            Expr::StringLiteral(literal)
                if literal.value.to_str().contains(char::REPLACEMENT_CHARACTER) =>
            {
                wrap(expr, "__py2_bytes__");
            }
            Expr::StringLiteral(literal)
                if literal
                    .value
                    .iter()
                    .any(|part| part.flags.prefix().is_unicode()) =>
            {
                wrap(expr, "__py2_unicode__");
            }
            _ => {}
        }
    }
}

fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr::NoneLiteral(Default::default()))
}

fn wrap(expr: &mut Expr, function: &str) {
    let range = expr.range();
    let inner = take(expr);
    *expr = nodes::call(function, vec![inner], range);
}

/// What a loop goes through: dictionaries and sets have an order of their own.
fn iterated(iter: &mut Expr) {
    if !matches!(
        iter,
        Expr::List(_) | Expr::Tuple(_) | Expr::ListComp(_) | Expr::Generator(_)
    ) {
        wrap(iter, "__py2_iter__");
    }
}

fn is_float(expr: &Expr) -> bool {
    use rustpython_vm::compiler::ast::Number;
    matches!(expr, Expr::NumberLiteral(literal) if matches!(literal.value, Number::Float(_)))
}

/// Turns a pattern into something to assign to; `false` when it is none.
fn as_target(expr: &mut Expr) -> bool {
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
fn unpacked(body: Expr, value: &str, target: &Expr) -> Expr {
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

/// Whether a function body makes it a generator.
fn contains_yield(body: &[Stmt]) -> bool {
    struct Search(bool);
    impl<'a> Visitor<'a> for Search {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                scan_stmt(self, stmt);
            }
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            match expr {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
                Expr::Lambda(_) => {}
                _ => scan_expr(self, expr),
            }
        }
    }
    let mut search = Search(false);
    for stmt in body {
        search.visit_stmt(stmt);
    }
    search.0
}

/// `raise StopIteration` used to be a way to end a generator.
struct StopIterationReturns;

impl Transformer for StopIterationReturns {
    fn visit_stmt(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Raise(raise) => {
                let raised = match raise.exc.as_deref() {
                    Some(Expr::Call(call)) if call.arguments.is_empty() => call.func.as_ref(),
                    Some(other) => other,
                    None => return,
                };
                if matches!(raised, Expr::Name(name) if name.id.as_str() == "StopIteration") {
                    *stmt = Stmt::Return(rustpython_vm::compiler::ast::StmtReturn {
                        node_index: AtomicNodeIndex::NONE,
                        range: raise.range,
                        value: None,
                    });
                }
                return;
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }
}
