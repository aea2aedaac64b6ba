//! Rewrites the syntax tree where Python 3 would do something else than Python 2.7 with it.
//!
//! Every rewritten place becomes a call of a function of the Python 2 runtime, whose names look
//! like `__py2_div__`. They look at their operands and leave alone what both versions treat alike.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use ruff_text_size::{Ranged, TextRange};
use rustpython_vm::compiler::{
    ast::{
        Alias, AtomicNodeIndex, Comprehension, ExceptHandler, Expr, ExprCall, ExprContext,
        Identifier, Keyword, Number, Operator, Parameter, Parameters, Stmt, StmtExpr,
        StmtFunctionDef,
        visitor::transformer::{
            Transformer, walk_except_handler, walk_expr, walk_keyword, walk_parameter, walk_stmt,
        },
    },
    parser,
};

use super::{
    assignments,
    attributes::METHODS,
    classes, comparisons, comprehensions, dynamic, generators, nodes, printing,
    statements::{Future, target_index, word_of},
    targets::{as_target, unpacked},
};

/// The name that an exception has until it gets the one in the text, which outlives the handler.
const EXCEPTION: &str = "__py2_exception__";

/// Types that the interpreter makes instances of by itself, where it sees their names often: they
/// have to be called by our code.
const SPECIALIZED: &[&str] = &["str", "tuple", "type"];

pub(super) struct Rewrite<'a> {
    future: Future,
    targets: &'a [String],
    /// The first target that could not be understood.
    broken_target: Cell<Option<TextRange>>,
    scope: Cell<Scope>,
    /// In what a comprehension goes through.
    in_iterable: Cell<bool>,
    /// The names that the innermost class sets.
    class_names: RefCell<BTreeSet<String>>,
}

/// What names belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Module,
    Function,
    Class,
    /// A comprehension that has its variables for itself.
    Comprehension,
}

impl<'a> Rewrite<'a> {
    fn new(future: Future, targets: &'a [String]) -> Self {
        Self {
            future,
            targets,
            broken_target: Cell::new(None),
            scope: Cell::new(Scope::Module),
            in_iterable: Cell::new(false),
            class_names: RefCell::default(),
        }
    }

    /// Does `work` in another scope.
    fn within(&self, scope: Scope, work: impl FnOnce()) {
        let around = (self.scope.replace(scope), self.in_iterable.replace(false));
        work();
        self.scope.set(around.0);
        self.in_iterable.set(around.1);
    }

    /// Rewrites a module; the error is the place of a target that makes no sense.
    pub(super) fn module(
        body: &mut [Stmt],
        future: Future,
        targets: &'a [String],
    ) -> Result<(), TextRange> {
        let rewrite = Rewrite::new(future, targets);
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
        let rewrite = Rewrite::new(future, targets);
        // Code does not see what `eval` sets.
        rewrite.scope.set(Scope::Comprehension);
        rewrite.visit_expr(expr);
        rewrite.outcome()
    }

    fn outcome(&self) -> Result<(), TextRange> {
        match self.broken_target.get() {
            Some(range) => Err(range),
            None => Ok(()),
        }
    }

    /// The pattern behind `name`, as something to assign to.
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
        dynamic::prepare(function);
        if generators::contains_yield(&function.body) {
            generators::stop_quietly(&mut function.body, function.name.range);
        }
        let targets = self.parameter_targets(&function.parameters);
        for (name, target) in targets.into_iter().rev() {
            let range = target.range();
            let value = nodes::name(&name, range);
            function.body.insert(0, nodes::assign(target, value, range));
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
        let keywords = &call.arguments.keywords;
        if SPECIALIZED.contains(&function.id.as_str()) && keywords.is_empty() {
            let range = call.func.range();
            let function =
                std::mem::replace(call.func.as_mut(), nodes::name("__py2_call__", range));
            let mut args = std::mem::take(&mut call.arguments.args).into_vec();
            args.insert(0, function);
            call.arguments.args = args.into_boxed_slice();
            return;
        }
        // What `**` gives goes another way into a dictionary than what has its name here.
        if function.id.as_str() != "dict" || keywords.iter().all(|keyword| keyword.arg.is_some()) {
            return;
        }
        let range = call.func.range();
        let named = keywords.iter().filter(|keyword| keyword.arg.is_some());
        let written = nodes::whole(named.count(), range);
        let function = std::mem::replace(call.func.as_mut(), nodes::name("__py2_dict__", range));
        let mut args = std::mem::take(&mut call.arguments.args).into_vec();
        args.splice(0..0, [written, function]);
        call.arguments.args = args.into_boxed_slice();
    }

    fn list_comprehension(&self, expr: &mut Expr) {
        let range = expr.range();
        let scope = self.scope.get();
        // The parser's grammar has no `:=` in what a comprehension goes through.
        let leaks = scope == Scope::Module || (scope == Scope::Function && !self.in_iterable.get());
        let names = match scope {
            Scope::Class => comprehensions::captured(expr, &self.class_names.borrow()),
            _ => Vec::new(),
        };
        let inside = match scope {
            Scope::Class => Scope::Comprehension,
            same => same,
        };
        let around = self.scope.replace(inside);
        walk_expr(self, expr);
        self.scope.set(around);
        if let Expr::ListComp(comprehension) = expr
            && leaks
        {
            comprehensions::leak(comprehension, scope == Scope::Module);
        }
        if !names.is_empty() {
            *expr = comprehensions::capturing(take(expr), &names, range);
        }
    }

    fn binary(&self, op: Operator, left: &Expr, right: &Expr) -> Option<&'static str> {
        match op {
            Operator::Div if !self.future.division && !is_float(right) => Some("__py2_div__"),
            Operator::Mod if !matches!(left, Expr::NumberLiteral(_)) => Some("__py2_mod__"),
            // Numbers are the same in both.
            _ if is_number(left) || is_number(right) => None,
            Operator::BitOr => Some("__py2_or__"),
            Operator::BitAnd => Some("__py2_and__"),
            Operator::BitXor => Some("__py2_xor__"),
            Operator::Sub => Some("__py2_sub__"),
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
        match stmt {
            Stmt::FunctionDef(function) => {
                restore(&mut function.name);
                let mut body = std::mem::take(&mut function.body);
                self.within(Scope::Function, || self.visit_body(&mut body));
                walk_stmt(self, stmt);
                if let Stmt::FunctionDef(function) = stmt {
                    function.body = body;
                    self.function(function);
                }
                return;
            }
            Stmt::ClassDef(class) => {
                restore(&mut class.name);
                let mut body = std::mem::take(&mut class.body);
                let names = comprehensions::class_names(&body);
                let around = self.class_names.replace(names);
                self.within(Scope::Class, || self.visit_body(&mut body));
                self.class_names.replace(around);
                walk_stmt(self, stmt);
                if let Stmt::ClassDef(class) = stmt {
                    class.body = body;
                    classes::prepare(class);
                }
                return;
            }
            Stmt::Global(global) => global.names.iter_mut().for_each(restore),
            _ => walk_stmt(self, stmt),
        }
        match stmt {
            Stmt::For(statement) if !statement.is_async => iterated(&mut statement.iter),
            Stmt::AugAssign(statement) => {
                let function = match statement.op {
                    Operator::Div if !self.future.division => "__py2_idiv__",
                    Operator::Mod => "__py2_imod__",
                    _ if is_number(&statement.value) => return,
                    Operator::BitOr => "__py2_ior__",
                    Operator::BitAnd => "__py2_iand__",
                    Operator::BitXor => "__py2_ixor__",
                    Operator::Sub => "__py2_isub__",
                    _ => return,
                };
                if let Some(assignment) = assignments::augmented(statement, function) {
                    *stmt = assignment;
                }
            }
            Stmt::Delete(statement) => {
                if let Some(deletion) = assignments::deleted(statement) {
                    *stmt = deletion;
                }
            }
            _ => {}
        }
    }

    fn visit_parameter(&self, parameter: &mut Parameter) {
        restore(&mut parameter.name);
        walk_parameter(self, parameter);
    }

    fn visit_alias(&self, alias: &mut Alias) {
        restore(&mut alias.name);
        if let Some(name) = &mut alias.asname {
            restore(name);
        }
    }

    fn visit_except_handler(&self, handler: &mut ExceptHandler) {
        walk_except_handler(self, handler);
        let ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(classes) = handler.type_.as_deref_mut() {
            wrap(classes, "__py2_caught__");
        }
        let place = handler.range;
        let handled = nodes::call(
            "__py2_handled__",
            vec![nodes::name(EXCEPTION, place)],
            place,
        );
        let handled = Stmt::Expr(StmtExpr {
            node_index: AtomicNodeIndex::NONE,
            range: place,
            value: Box::new(handled),
        });
        handler.body.insert(0, handled);
        let Some(mut name) = handler.name.take() else {
            if handler.type_.is_none() {
                handler.type_ = Some(Box::new(nodes::name("BaseException", place)));
            }
            handler.name = Some(Identifier::new(EXCEPTION, place));
            return;
        };
        restore(&mut name);
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
        let around = self.in_iterable.replace(true);
        self.visit_expr(&mut comprehension.iter);
        self.in_iterable.set(around);
        self.visit_expr(&mut comprehension.target);
        for condition in &mut comprehension.ifs {
            self.visit_expr(condition);
        }
        if !comprehension.is_async {
            iterated(&mut comprehension.iter);
        }
    }

    fn visit_keyword(&self, keyword: &mut Keyword) {
        walk_keyword(self, keyword);
        if let Some(name) = &mut keyword.arg {
            restore(name);
        }
        if keyword.arg.is_none() {
            let range = keyword.value.range();
            let value = take(&mut keyword.value);
            keyword.value = nodes::call("__py2_keywords__", vec![value], range);
        }
    }

    fn visit_expr(&self, expr: &mut Expr) {
        match expr {
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &mut lambda.parameters {
                    self.visit_parameters(parameters);
                }
                self.within(Scope::Function, || self.visit_expr(&mut lambda.body));
            }
            Expr::Generator(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                let around = self.scope.replace(Scope::Comprehension);
                walk_expr(self, expr);
                self.scope.set(around);
            }
            Expr::ListComp(_) => return self.list_comprehension(expr),
            _ => walk_expr(self, expr),
        }
        let range = expr.range();
        if overflows(expr) {
            // The compiler would compute it, and forget that it is long.
            wrap(expr, "__py2_long__");
            return;
        }
        match expr {
            Expr::Name(name) => {
                if let Some(word) = word_of(&name.id) {
                    name.id = word.into();
                }
            }
            Expr::BinOp(operation) => {
                if let Some(function) = self.binary(operation.op, &operation.left, &operation.right)
                {
                    let (left, right) = (take(&mut operation.left), take(&mut operation.right));
                    *expr = nodes::call(function, vec![left, right], range);
                }
            }
            Expr::BoolOp(operation) => comparisons::group(operation),
            Expr::Compare(comparison) => {
                let in_class = self.scope.get() == Scope::Class;
                if let Some(rewritten) = comparisons::rewritten(comparison, in_class) {
                    *expr = rewritten;
                }
            }
            Expr::Call(call) => {
                if let Some(printing) = printing::rewritten(call) {
                    *expr = printing;
                } else {
                    self.call(call);
                }
            }
            Expr::Attribute(attribute) if word_of(&attribute.attr).is_some() => {
                restore(&mut attribute.attr);
            }
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
            Expr::Dict(dict) if dict.items.len() > 5 => {
                let written = nodes::whole(dict.items.len(), range);
                let inner = take(expr);
                *expr = nodes::call("__py2_literal__", vec![inner, written], range);
            }
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

/// Gives a word back that travelled through the parser under another name.
fn restore(name: &mut Identifier) {
    if let Some(word) = word_of(name) {
        *name = Identifier::new(word, name.range);
    }
}

pub(super) fn take(expr: &mut Expr) -> Expr {
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

/// The value of arithmetic with numbers as they are in the text; nothing when it has no room in 64
/// bits.
fn constant(expr: &Expr) -> Option<Option<i64>> {
    match expr {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(value) => Some(value.as_i64()),
            _ => None,
        },
        Expr::BinOp(operation) => {
            let (left, right) = (constant(&operation.left)??, constant(&operation.right)??);
            let small = u32::try_from(right);
            match operation.op {
                Operator::Add => Some(left.checked_add(right)),
                Operator::Sub => Some(left.checked_sub(right)),
                Operator::Mult => Some(left.checked_mul(right)),
                Operator::Pow if right >= 0 => {
                    Some(small.ok().and_then(|right| left.checked_pow(right)))
                }
                Operator::LShift if right >= 0 => {
                    let power = small.ok().and_then(|right| 2_i64.checked_pow(right));
                    Some(power.and_then(|power| left.checked_mul(power)))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn overflows(expr: &Expr) -> bool {
    matches!(expr, Expr::BinOp(_)) && constant(expr) == Some(None)
}

fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::NumberLiteral(_))
}

/// Whether it is a float, and one to divide by.
fn is_float(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::NumberLiteral(literal)
            if matches!(literal.value, Number::Float(value) if value != 0.0)
    )
}
