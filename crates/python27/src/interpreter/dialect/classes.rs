//! Classes: what Python 2 finds out about them when they are defined.

use rustpython_vm::compiler::ast::{
    AtomicNodeIndex, Decorator, Expr, ExprContext, Identifier, Keyword, Stmt, StmtClassDef,
};

use super::nodes;

/// Has the run time finish a class, marks one of the old style, and passes `__metaclass__` on.
pub(super) fn prepare(class: &mut StmtClassDef) {
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
        mark_old_style(class);
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

/// A class without a base is of the old style, which shows in its representation.
fn mark_old_style(class: &mut StmtClassDef) {
    let range = class.name.range;
    if class
        .arguments
        .as_ref()
        .is_none_or(|arguments| arguments.args.is_empty() && arguments.keywords.is_empty())
    {
        let mark = nodes::name_in("__py2_old_style__", ExprContext::Store, range);
        let yes = nodes::whole(1, range);
        class.body.push(nodes::assign(mark, yes, range));
    }
}
