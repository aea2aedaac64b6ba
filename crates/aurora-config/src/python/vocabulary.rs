//! The helper functions of configuration files, as the object model calls them.

use aurora_compat::Compat;
use pystachio::{
    Data, Object, Result,
    python::{Export, Function, Keywords, Vocabulary},
};
use python27::interpreter::rustpython_vm::{self, PyRef, VirtualMachine, builtins::PyCode};

use crate::helpers::{Helpers, option, options};
use crate::schema::{self, Schema};

/// The types, objects and functions of a schema for programs.
pub(super) fn vocabulary(schema: &'static Schema, compat: Compat) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    if compat == Compat::Released {
        vocabulary.hidden = ADDED;
    }
    for &(name, helper) in HELPERS {
        let helpers = Helpers::new(schema);
        let function: Function = Box::new(move |args, keywords| helper(&helpers, args, keywords));
        vocabulary.functions.push((name, function));
    }
    for (name, export) in schema.exports() {
        let export = match export {
            schema::Export::Type(ty) => Export::Type(ty.clone()),
            schema::Export::Object(object) => Export::Object(object.clone()),
            schema::Export::Number(number) => Export::Number(*number),
        };
        vocabulary.values.push((name.to_owned(), export));
    }
    vocabulary.code = Some(code);
    vocabulary
}

fn code(vm: &VirtualMachine) -> PyRef<PyCode> {
    // Cargo sees files that the macro reads only if they are named so.
    const _: &str = include_str!("helpers.py");
    vm.ctx.new_code(rustpython_vm::py_compile!(
        file = "helpers.py",
        module_name = "<schema>",
        crate_name = "python27::interpreter::rustpython_vm"
    ))
}

/// Global names that the release does not have.
const ADDED: &[&str] = &[
    "Choice",
    "CoercionError",
    "InterpolationError",
    "InvalidRefError",
    "Uninterpolatable",
    "frozendict",
];

/// A function on data.
type Helper = fn(&Helpers, Vec<Data>, Keywords) -> Result<Data>;

/// The helper functions, by the names under which `helpers.py` finds them.
const HELPERS: &[(&str, Helper)] = &[
    ("_order", |h, args, _| h.order(&args)),
    ("_sequential_task", |h, args, keywords| {
        Ok(h.sequential_task(args, keywords)?.into())
    }),
    ("_sequential", |h, args, _| match args.as_slice() {
        [Data::Object(task)] => Ok(h.sequential(task)?.into()),
        _ => Err(wrong_arguments("Tasks.sequential takes one task")),
    }),
    ("_simple", |h, args, _| {
        let mut args = args.into_iter();
        match (args.next(), args.next()) {
            (Some(name), Some(command)) => Ok(h.simple(name, command)?.into()),
            _ => Err(wrong_arguments("SimpleTask takes a name and a command")),
        }
    }),
    ("_combine", |h, args, keywords| {
        Ok(h.combine(&tasks(h, args)?, keywords)?.into())
    }),
    ("_concat", |h, args, keywords| {
        Ok(h.concat(&tasks(h, args)?, keywords)?.into())
    }),
    ("_java_options", |h, args, keywords| {
        Ok(Data::text(h.java_options(&args, keywords)?))
    }),
    ("_python_options", |h, args, keywords| {
        Ok(Data::text(h.python_options(&args, keywords)?))
    }),
    ("_render_option", |_, args, _| match args.as_slice() {
        [short, long, name, rest @ ..] => Ok(Data::text(option(
            &short.to_string(),
            &long.to_string(),
            &name.to_string(),
            rest.first().unwrap_or(&Data::None),
        ))),
        _ => Err(wrong_arguments(
            "Options.render_option takes two prefixes and a name",
        )),
    }),
    ("_render_options", |_, args, keywords| {
        match args.as_slice() {
            [short, long, rest @ ..] => {
                let rendered = options(&short.to_string(), &long.to_string(), rest, keywords)?;
                Ok(Data::List(rendered.into_iter().map(Data::text).collect()))
            }
            _ => Err(wrong_arguments("Options.render_options takes two prefixes")),
        }
    }),
    ("_resources_sum", |h, args, _| {
        Ok(h.resources_sum(&args)?.into())
    }),
    ("_resources_max", |h, args, _| {
        Ok(h.resources_max(&listed(args))?.into())
    }),
    ("_finalization_wait_sum", |h, args, _| {
        h.finalization_wait_sum(&listed(args))
    }),
    ("_finalization_wait_max", |h, args, _| {
        h.finalization_wait_max(&listed(args))
    }),
    ("_processes_merge", |h, args, _| {
        h.processes_merge(&tasks(h, listed(args))?)
    }),
    ("_constraints_merge", |h, args, _| {
        h.constraints_merge(&tasks(h, listed(args))?)
    }),
    ("_safe_get", |h, args, _| match args.first() {
        Some(unit) => h.safe_get(unit),
        None => Err(wrong_arguments("Units.safe_get takes one value")),
    }),
];

fn wrong_arguments(message: &str) -> pystachio::Error {
    pystachio::Error::new(pystachio::ProblemKind::Type, message)
}

fn tasks(helpers: &Helpers, args: Vec<Data>) -> Result<Vec<Object>> {
    let task = |arg| match arg {
        Data::Object(task) if helpers.is_task(&task) => Ok(*task),
        other => {
            let hint = "give tasks one by one, a list of them as `*tasks`".to_owned();
            let message = format!("expected a task, got {}", other.repr());
            Err(wrong_arguments(&message).hint(Some(hint)))
        }
    };
    args.into_iter().map(task).collect()
}

/// The elements of the one list that was given, or all that was given.
fn listed(args: Vec<Data>) -> Vec<Data> {
    let mut args = args;
    match (args.pop(), args.is_empty()) {
        (Some(Data::List(elements) | Data::Tuple(elements)), true) => elements,
        (Some(other), _) => {
            args.push(other);
            args
        }
        (None, _) => args,
    }
}
