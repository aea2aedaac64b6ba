//! What types and objects show of themselves to programs that look inside them.

use std::rc::Rc;

use rustpython_vm::{
    PyObjectRef, PyPayload as _, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyStrRef},
    class::StaticType as _,
    scope::Scope as CodeScope,
};

use super::{
    Binding,
    environment::{EnvironmentValue, ReferenceValue},
    object::{CheckValue, ObjectValue},
    types::{SignatureValue, TypeValue},
};
use crate::{
    Data, Kind, Object, Reference, Signature, Step, Type,
    scope::Scope,
    template::{Fragment, Fragments},
};

/// The functions that `names.py` calls.
pub(super) fn install(
    binding: &Rc<Binding>,
    names: &PyDictRef,
    vm: &VirtualMachine,
) -> PyResult<()> {
    let set = |name: &'static str, function: PyObjectRef| names.set_item(name, function, vm);
    let b = binding.clone();
    let split = move |text: PyStrRef, vm: &VirtualMachine| -> PyResult<Vec<PyObjectRef>> {
        let text = text.to_string_lossy();
        let fragment = |fragment: Fragment<'_>| -> PyObjectRef {
            match fragment {
                Fragment::Literal(text) => vm.ctx.new_str(text).into(),
                Fragment::Deferred(text) => {
                    let text = vm.ctx.new_str(text).into();
                    vm.ctx.new_tuple(vec![text]).into()
                }
                Fragment::Tag(reference) => reference_value(reference, vm),
            }
        };
        Fragments::new(&text)
            .map(|found| {
                found
                    .map(fragment)
                    .map_err(|error| b.exception(error.into(), vm))
            })
            .collect()
    };
    set("_split", vm.new_function("_split", split).into())?;
    let steps = |reference: PyObjectRef, vm: &VirtualMachine| -> Vec<PyObjectRef> {
        let Some(value) = reference.downcast_ref::<ReferenceValue>() else {
            return Vec::new();
        };
        let steps = value.reference().steps().iter();
        steps
            .map(|step| {
                let is_index = vm.ctx.new_bool(matches!(step, Step::Index(_))).into();
                let text = vm.ctx.new_str(step.text()).into();
                vm.ctx.new_tuple(vec![is_index, text]).into()
            })
            .collect()
    };
    set("_steps", vm.new_function("_steps", steps).into())?;
    let below = |reference: PyObjectRef, other: PyObjectRef, vm: &VirtualMachine| -> PyObjectRef {
        let steps = |obj: &PyObjectRef| {
            obj.downcast_ref::<ReferenceValue>()
                .map(|value| value.reference().steps().to_vec())
                .unwrap_or_default()
        };
        let (above, below) = (steps(&reference), steps(&other));
        match below.strip_prefix(above.as_slice()) {
            Some(rest) if !rest.is_empty() => {
                reference_value(Reference::from_steps(rest.to_vec()), vm)
            }
            _ => vm.ctx.none(),
        }
    };
    set("_below", vm.new_function("_below", below).into())?;
    let table = names.clone();
    let load = move |vm: &VirtualMachine| load(&table, vm);
    set("_load_more", vm.new_function("_load_more", load).into())?;
    let is_reference = |obj: PyObjectRef| obj.downcast_ref::<ReferenceValue>().is_some();
    set(
        "_is_reference",
        vm.new_function("_is_reference", is_reference).into(),
    )?;
    let is_environment = |obj: PyObjectRef| obj.downcast_ref::<EnvironmentValue>().is_some();
    set(
        "_is_environment",
        vm.new_function("_is_environment", is_environment).into(),
    )?;
    let is_check = |obj: PyObjectRef| obj.downcast_ref::<CheckValue>().is_some();
    set("_is_check", vm.new_function("_is_check", is_check).into())?;
    let check = |passed: bool, message: PyStrRef| {
        CheckValue::of(passed, message.to_string_lossy().into_owned())
    };
    set("_check", vm.new_function("_check", check).into())
}

/// Runs the part of the names that is seldom asked for.
fn load(names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
    // Cargo sees files that the macro reads only if they are named so.
    const _: &str = include_str!("face.py");
    let code = vm.ctx.new_code(rustpython_vm::py_compile!(
        file = "face.py",
        module_name = "<pystachio>"
    ));
    vm.run_code_obj(code, CodeScope::with_builtins(None, names.clone(), vm))
        .map(drop)
}

/// Gives references the methods that are easiest said in Python.
pub(super) fn finish(names: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
    for (method, function) in [("components", "_components"), ("scoped_to", "_scoped_to")] {
        let function = names.get_item(function, vm)?;
        ReferenceValue::static_type().set_attr(vm.ctx.intern_str(method), function);
    }
    Ok(())
}

fn reference_value(reference: Reference, vm: &VirtualMachine) -> PyObjectRef {
    ReferenceValue::new(reference).into_ref(&vm.ctx).into()
}

impl Binding {
    /// The scopes of an object, innermost first.
    pub(super) fn scopes(self: &Rc<Self>, object: &Object, vm: &VirtualMachine) -> PyObjectRef {
        let scopes = object.scopes().as_slice().iter();
        let scopes = scopes.map(|scope| match scope {
            Scope::Environment(environment) => {
                EnvironmentValue::new(environment.clone(), self.clone())
                    .into_ref(&vm.ctx)
                    .into()
            }
            Scope::Object(object) | Scope::Frame(object) => self.wrap(object.clone(), vm),
        });
        vm.ctx.new_tuple(scopes.collect()).into()
    }

    /// The declarations of a struct, by field.
    pub(super) fn type_map(self: &Rc<Self>, ty: &Type, vm: &VirtualMachine) -> PyResult {
        let map = vm.ctx.new_dict();
        if let Some(structure) = ty.as_struct() {
            for &position in structure.held() {
                let Some(field) = structure.fields().get(position) else {
                    continue;
                };
                let signature = SignatureValue::new(field.signature.clone(), self.clone());
                let signature: PyObjectRef = signature.into_ref(&vm.ctx).into();
                map.set_item(&*field.name, signature, vm)?;
            }
        }
        Ok(map.into())
    }

    /// The fields of a struct with their values.
    pub(super) fn schema_data(self: &Rc<Self>, object: &Object, vm: &VirtualMachine) -> PyResult {
        let map = vm.ctx.new_dict();
        if let Some(structure) = object.ty().as_struct() {
            for &position in structure.held() {
                let Some(field) = structure.fields().get(position) else {
                    continue;
                };
                let value = object.raw_field(&field.name);
                let value = match value.map_err(|problem| self.exception(problem, vm))? {
                    Some(value) => self.wrap(value.clone(), vm),
                    None => self.empty(vm),
                };
                map.set_item(&*field.name, value, vm)?;
            }
        }
        Ok(map.into())
    }

    /// A type as nested tuples of texts.
    pub(super) fn serialized(self: &Rc<Self>, ty: &Type, vm: &VirtualMachine) -> PyResult {
        let text = |text: &str| -> PyObjectRef { vm.ctx.new_str(text).into() };
        let parts = match ty.kind() {
            Kind::String => vec![text("String")],
            Kind::Integer => vec![text("Integer")],
            Kind::Float => vec![text("Float")],
            Kind::Boolean => vec![text("Boolean")],
            Kind::Enum(values) => {
                let values = values.iter().map(|value| text(value)).collect();
                vec![
                    text("Enum"),
                    text(ty.name()),
                    vm.ctx.new_tuple(values).into(),
                ]
            }
            Kind::Choice(options) => {
                let options = options.iter().map(|option| self.serialized(option, vm));
                let options = options.collect::<PyResult<Vec<_>>>()?;
                vec![
                    text("Choice"),
                    text(ty.name()),
                    vm.ctx.new_tuple(options).into(),
                ]
            }
            Kind::List(element) => vec![text("List"), self.serialized(element, vm)?],
            Kind::Map(key, value) => vec![
                text("Map"),
                self.serialized(key, vm)?,
                self.serialized(value, vm)?,
            ],
            Kind::Struct(structure) => {
                let mut parts = vec![text("Struct"), text(ty.name())];
                for field in structure.fields() {
                    let signature = &field.signature;
                    let default = match signature.default_value() {
                        Some(default) => self.value(default.get(), vm)?,
                        None => vm.ctx.empty_tuple.clone().into(),
                    };
                    let declared = vec![
                        vm.ctx.new_bool(signature.is_required()).into(),
                        default,
                        vm.ctx.new_bool(signature.default_value().is_none()).into(),
                        self.serialized(signature.ty(), vm)?,
                    ];
                    let field = vec![text(&field.name), vm.ctx.new_tuple(declared).into()];
                    parts.push(vm.ctx.new_tuple(field).into());
                }
                parts
            }
        };
        Ok(vm.ctx.new_tuple(parts).into())
    }

    /// `Type.checker(value)`: whether a value is one of the type.
    pub(super) fn checked(
        &self,
        ty: &Type,
        value: Data,
        vm: &VirtualMachine,
    ) -> PyResult<CheckValue> {
        let object = match ty.construct(vec![value], Vec::new()) {
            Ok(object) => object,
            Err(problem) => return Ok(CheckValue::of(false, problem.to_string())),
        };
        match object.try_check() {
            Ok(check) => Ok(CheckValue::new(check)),
            Err(problem) => Err(self.exception(problem, vm)),
        }
    }
}

/// `TypeSignature(String, required: False, default: a, empty: False)`.
pub(super) fn signature_text(signature: &Signature) -> crate::Result<String> {
    let word = |value: bool| if value { "True" } else { "False" };
    let default = match signature.default_value() {
        Some(default) => default.text()?,
        None => "<class 'pystachio.composite.Empty'>".to_owned(),
    };
    Ok(format!(
        "TypeSignature({}, required: {}, default: {default}, empty: {})",
        signature.ty().name(),
        word(signature.is_required()),
        word(signature.default_value().is_none())
    ))
}

impl ObjectValue {
    /// What programs find that look inside an object.
    pub(super) fn inside(&self, name: &str, vm: &VirtualMachine) -> Option<PyResult> {
        (name == "_schema_data" && self.object().ty().as_struct().is_some())
            .then(|| self.binding().schema_data(self.object(), vm))
    }
}

impl TypeValue {
    /// What programs find that look inside a type.
    pub(super) fn inside(&self, name: &str, vm: &VirtualMachine) -> Option<PyResult> {
        match (name, self.ty().kind()) {
            ("TYPEMAP", Kind::Struct(_)) => Some(self.binding().type_map(self.ty(), vm)),
            ("TYPE", Kind::List(element)) => {
                Some(Ok(self.binding().wrap_type(element.clone(), vm)))
            }
            ("KEYTYPE", Kind::Map(key, _)) => Some(Ok(self.binding().wrap_type(key.clone(), vm))),
            ("VALUETYPE", Kind::Map(_, value)) => {
                Some(Ok(self.binding().wrap_type(value.clone(), vm)))
            }
            _ => None,
        }
    }
}
