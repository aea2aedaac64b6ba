//! The functions that `schema.py` and configuration files call.

use std::{rc::Rc, sync::Arc};

use rustpython_vm::{
    PyObjectRef, PyPayload as _, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyStrRef, PyTupleRef},
    function::{FuncArgs, PosArgs},
};

use super::{
    Binding,
    environment::{EnvironmentValue, ReferenceValue},
    object::{ObjectValue, reference_of},
    types::{SignatureValue, TypeValue},
};
use pystachio::{Data, Environment, Object, Result, Signature, Type};

use crate::schema::{option, options};

type Keywords = Vec<(String, Data)>;

/// A function on data.
type Native = fn(&Binding, Vec<Data>, Keywords) -> Result<Data>;

/// The helper functions, by the names under which `schema.py` finds them.
const HELPERS: &[(&str, Native)] = &[
    ("_order", |b, args, _| b.helpers.order(&args)),
    ("_sequential_task", |b, args, keywords| {
        Ok(b.helpers.sequential_task(args, keywords)?.into())
    }),
    ("_sequential", |b, args, _| match args.as_slice() {
        [Data::Object(task)] => Ok(b.helpers.sequential(task)?.into()),
        _ => Err(wrong_arguments("Tasks.sequential takes one task")),
    }),
    ("_simple", |b, args, _| {
        let mut args = args.into_iter();
        match (args.next(), args.next()) {
            (Some(name), Some(command)) => Ok(b.helpers.simple(name, command)?.into()),
            _ => Err(wrong_arguments("SimpleTask takes a name and a command")),
        }
    }),
    ("_combine", |b, args, keywords| {
        Ok(b.helpers.combine(&tasks(b, args)?, keywords)?.into())
    }),
    ("_concat", |b, args, keywords| {
        Ok(b.helpers.concat(&tasks(b, args)?, keywords)?.into())
    }),
    ("_java_options", |b, args, keywords| {
        Ok(Data::text(b.helpers.java_options(&args, keywords)?))
    }),
    ("_python_options", |b, args, keywords| {
        Ok(Data::text(b.helpers.python_options(&args, keywords)?))
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
    ("_resources_sum", |b, args, _| {
        Ok(b.helpers.resources_sum(&args)?.into())
    }),
    ("_resources_max", |b, args, _| {
        Ok(b.helpers.resources_max(&listed(args))?.into())
    }),
    ("_finalization_wait_sum", |b, args, _| {
        b.helpers.finalization_wait_sum(&listed(args))
    }),
    ("_finalization_wait_max", |b, args, _| {
        b.helpers.finalization_wait_max(&listed(args))
    }),
    ("_processes_merge", |b, args, _| {
        b.helpers.processes_merge(&tasks(b, listed(args))?)
    }),
    ("_constraints_merge", |b, args, _| {
        b.helpers.constraints_merge(&tasks(b, listed(args))?)
    }),
    ("_safe_get", |b, args, _| match args.first() {
        Some(unit) => b.helpers.safe_get(unit),
        None => Err(wrong_arguments("Units.safe_get takes one value")),
    }),
];

fn wrong_arguments(message: &str) -> Box<pystachio::Problem> {
    pystachio::Problem::new(pystachio::ProblemKind::Type, message)
}

fn tasks(binding: &Binding, args: Vec<Data>) -> Result<Vec<Object>> {
    let task = |arg| match arg {
        Data::Object(task) if binding.helpers.is_task(&task) => Ok(*task),
        other => {
            let hint = "give tasks one by one, a list of them as `*tasks`".to_owned();
            let message = format!("expected a task, got {}", other.repr());
            Err(wrong_arguments(&message).hint(Some(hint)))
        }
    };
    args.into_iter().map(task).collect()
}

/// The elements of the one list that was given.
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

pub(super) fn install(
    binding: &Rc<Binding>,
    names: &PyDictRef,
    vm: &VirtualMachine,
) -> PyResult<()> {
    for &(name, native) in HELPERS {
        let b = binding.clone();
        let function = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
            let (args, keywords) = b.arguments(arguments, vm)?;
            match native(&b, args, keywords) {
                // What a helper makes is made by the call of it.
                Ok(Data::List(elements)) => {
                    let elements = elements
                        .into_iter()
                        .map(|element| match element {
                            Data::Object(object) => Ok(b.wrap_new(*object, vm)),
                            element => b.value(element, vm),
                        })
                        .collect::<PyResult<Vec<_>>>()?;
                    Ok(vm.ctx.new_list(elements).into())
                }
                Ok(Data::Object(object)) => Ok(b.wrap_new(*object, vm)),
                Ok(data) => b.value(data, vm),
                Err(problem) => Err(b.exception(problem, vm)),
            }
        };
        names.set_item(name, vm.new_function(name, function).into(), vm)?;
    }
    types(binding, names, vm)?;
    references(binding, names, vm)
}

fn types(binding: &Rc<Binding>, names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
    let set = |name: &'static str, function: PyObjectRef| names.set_item(name, function, vm);
    let b = binding.clone();
    let list = move |element: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        let ty = Type::list(&b.type_of(&element, vm)?);
        Ok(b.wrap_type(ty, vm))
    };
    set("List", vm.new_function("List", list).into())?;
    let b = binding.clone();
    let map = move |key: PyObjectRef, value: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        let ty = Type::map(&b.type_of(&key, vm)?, &b.type_of(&value, vm)?);
        Ok(b.wrap_type(ty, vm))
    };
    set("Map", vm.new_function("Map", map).into())?;
    let b = binding.clone();
    let enumeration = move |args: PosArgs, vm: &VirtualMachine| -> PyResult {
        let ty = b.enumeration(&args.into_vec(), vm)?;
        Ok(b.wrap_type(ty, vm))
    };
    set("Enum", vm.new_function("Enum", enumeration).into())?;
    let b = binding.clone();
    let choice = move |args: PosArgs, vm: &VirtualMachine| -> PyResult {
        let ty = b.choice(&args.into_vec(), vm)?;
        Ok(b.wrap_type(ty, vm))
    };
    set("Choice", vm.new_function("Choice", choice).into())?;
    let b = binding.clone();
    let required = move |ty: PyObjectRef, vm: &VirtualMachine| -> PyResult<SignatureValue> {
        Ok(SignatureValue(Signature::required(&b.type_of(&ty, vm)?)))
    };
    set("Required", vm.new_function("Required", required).into())?;
    let b = binding.clone();
    let default = move |ty: PyObjectRef, value: PyObjectRef, vm: &VirtualMachine| {
        b.default_signature(&ty, &value, vm)
    };
    set("Default", vm.new_function("Default", default).into())?;
    let b = binding.clone();
    let declare = move |name: PyStrRef, bases: PyTupleRef, body: PyDictRef, vm: &VirtualMachine| {
        b.declare(&name.to_string_lossy(), &bases, &body, vm)
    };
    set("_declare", vm.new_function("_declare", declare).into())?;
    let is_object = |obj: PyObjectRef| obj.downcast_ref::<ObjectValue>().is_some();
    set(
        "_is_object",
        vm.new_function("_is_object", is_object).into(),
    )?;
    let is_type = |obj: PyObjectRef| obj.downcast_ref::<TypeValue>().is_some();
    set("_is_type", vm.new_function("_is_type", is_type).into())
}

fn references(binding: &Rc<Binding>, names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
    let b = binding.clone();
    let environment = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
        let (args, keywords) = b.arguments(arguments, vm)?;
        let mut environment = Environment::default();
        let entries = keywords
            .into_iter()
            .map(|(name, value)| (Data::text(name), value));
        let keywords = Data::Dict(pystachio::Dict::filled(entries));
        for data in args.iter().chain([&keywords]) {
            environment
                .assimilate(data)
                .map_err(|problem| b.exception(problem, vm))?;
        }
        Ok(EnvironmentValue::new(Arc::new(environment), b.clone())
            .into_ref(&vm.ctx)
            .into())
    };
    names.set_item(
        "Environment",
        vm.new_function("Environment", environment).into(),
        vm,
    )?;
    let b = binding.clone();
    let reference = move |address: PyObjectRef, vm: &VirtualMachine| -> PyResult {
        let reference = reference_of(&address, &b, vm)?;
        Ok(ReferenceValue::new(reference).into_ref(&vm.ctx).into())
    };
    names.set_item(
        "_reference",
        vm.new_function("_reference", reference).into(),
        vm,
    )
}
