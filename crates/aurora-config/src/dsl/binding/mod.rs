//! The object model in the hands of configuration files. Everything that counts happens in
//! `crate::value` and `crate::schema`; here are the classes and functions that lead there.

mod caller;
mod convert;
mod environment;
mod functions;
mod object;
mod types;

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
    sync::Arc,
};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload as _, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyTypeRef},
    class::PyClassImpl as _,
    scope::Scope,
};

use super::runtime::Types;
use crate::{
    schema::{Export, Helpers, Schema},
    value::{Object, Type},
};

pub(super) use convert::problem_of;
pub(super) use object::ObjectValue;

/// What all objects of one evaluation share.
pub(crate) struct Binding {
    types: Rc<Types>,
    helpers: Helpers,
    /// The names that configuration files see, once they are there.
    names: OnceCell<PyDictRef>,
    empty: OnceCell<PyObjectRef>,
    frozen: OnceCell<PyTypeRef>,
    last_file: RefCell<Arc<str>>,
}

impl std::fmt::Debug for Binding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Binding")
    }
}

impl Binding {
    /// Makes the classes and functions, and the names that stand for them.
    pub(super) fn install(
        types: Rc<Types>,
        schema: &'static Schema,
        builtin_names: &PyDictRef,
        vm: &VirtualMachine,
    ) -> PyResult<Rc<Self>> {
        convert::ProblemValue::make_static_type();
        object::ObjectValue::make_static_type();
        object::CheckValue::make_static_type();
        types::TypeValue::make_static_type();
        types::SignatureValue::make_static_type();
        environment::EnvironmentValue::make_static_type();
        environment::ReferenceValue::make_static_type();
        let binding = Rc::new(Self {
            types,
            helpers: Helpers::new(schema),
            names: OnceCell::new(),
            empty: OnceCell::new(),
            frozen: OnceCell::new(),
            last_file: RefCell::new("".into()),
        });
        let names = vm.ctx.new_dict();
        names.set_item("__builtins__", builtin_names.clone().into(), vm)?;
        let module = vm.ctx.new_str("pystachio.composite");
        names.set_item("__name__", module.into(), vm)?;
        functions::install(&binding, &names, vm)?;
        for (name, ty) in [
            ("String", Type::string()),
            ("Integer", Type::integer()),
            ("Float", Type::float()),
            ("Boolean", Type::boolean()),
        ] {
            names.set_item(name, binding.wrap_type(ty, vm), vm)?;
        }
        for (name, export) in schema.exports() {
            let value = match export {
                Export::Type(ty) => binding.wrap_type(ty.clone(), vm),
                Export::Object(object) => binding.wrap(object.clone(), vm),
                Export::Number(number) => vm.ctx.new_int(*number).into(),
            };
            names.set_item(name, value, vm)?;
        }
        // Cargo sees files that the macro reads only if they are named so.
        const _: &str = include_str!("schema.py");
        let code = vm.ctx.new_code(rustpython_vm::py_compile!(
            file = "schema.py",
            module_name = "<schema>"
        ));
        vm.run_code_obj(code, Scope::with_builtins(None, names.clone(), vm))?;
        let _ = binding.empty.set(names.get_item("Empty", vm)?);
        let frozen = names.get_item("frozendict", vm)?.try_into_value(vm)?;
        binding.types.set_ordered(frozen);
        let frozen = names.get_item("frozendict", vm)?.try_into_value(vm)?;
        let _ = binding.frozen.set(frozen);
        let _ = binding.names.set(names);
        Ok(binding)
    }

    /// The names for the namespace of a configuration.
    pub(super) fn exported(&self, vm: &VirtualMachine) -> Vec<(PyObjectRef, PyObjectRef)> {
        let Some(names) = self.names.get() else {
            return Vec::new();
        };
        let mut exported = names.items_vec();
        exported.retain(|(name, _)| {
            name.str(vm)
                .is_ok_and(|name| !name.to_string_lossy().starts_with('_'))
        });
        exported
    }

    /// A name of `schema.py`.
    fn named(&self, name: &'static str, vm: &VirtualMachine) -> PyResult {
        match self.names.get() {
            Some(names) => names.get_item(name, vm),
            None => Err(vm.new_runtime_error("the schema is not loaded")),
        }
    }

    fn is_empty(&self, obj: &PyObject) -> bool {
        self.empty.get().is_some_and(|empty| obj.is(empty))
    }

    fn empty(&self, vm: &VirtualMachine) -> PyObjectRef {
        self.empty.get().cloned().unwrap_or_else(|| vm.ctx.none())
    }

    /// A new object for a configuration file, which is told to have been made by its call.
    fn wrap_new(self: &Rc<Self>, object: Object, vm: &VirtualMachine) -> PyObjectRef {
        self.wrap(self.made_here(object, vm), vm)
    }

    fn made_here(&self, object: Object, vm: &VirtualMachine) -> Object {
        if object.has_origin() {
            return object;
        }
        match self.caller(vm) {
            Some(call) => object.made_by(call),
            None => object,
        }
    }

    pub(super) fn wrap(self: &Rc<Self>, object: Object, vm: &VirtualMachine) -> PyObjectRef {
        object::ObjectValue::new(object, self.clone(), None)
            .into_ref(&vm.ctx)
            .into()
    }

    fn wrap_type(self: &Rc<Self>, ty: Type, vm: &VirtualMachine) -> PyObjectRef {
        types::TypeValue::new(ty, self.clone(), Vec::new(), None)
            .into_ref(&vm.ctx)
            .into()
    }
}
