//! The functions that `names.py` and programs call.

use std::{rc::Rc, sync::Arc};

use rustpython_vm::{
    PyObjectRef, PyPayload as _, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyStrRef, PyTupleRef},
    function::{FuncArgs, PosArgs},
};

use super::{
    Binding, Function,
    environment::{EnvironmentValue, ReferenceValue},
    object::{ObjectValue, reference_of},
    types::{SignatureValue, TypeValue},
};
use crate::{Data, Environment, Signature, Type};

pub(super) fn install(
    binding: &Rc<Binding>,
    functions: Vec<(&'static str, Function)>,
    names: &PyDictRef,
    vm: &VirtualMachine,
) -> PyResult<()> {
    for (name, native) in functions {
        let b = binding.clone();
        let function = move |arguments: FuncArgs, vm: &VirtualMachine| -> PyResult {
            let (args, keywords) = b.arguments(arguments, vm)?;
            match native(args, keywords) {
                // What a function makes is made by the call of it.
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
        let signature = Signature::required(&b.type_of(&ty, vm)?);
        Ok(SignatureValue::new(signature, b.clone()))
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
        let keywords = Data::Dict(crate::Dict::filled(entries));
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
        "_environment",
        vm.new_function("_environment", environment).into(),
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
