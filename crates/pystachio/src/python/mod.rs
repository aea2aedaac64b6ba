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
    collections::HashMap,
    rc::Rc,
    sync::Arc,
};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload as _, PyRef, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyTypeRef},
    class::PyClassImpl as _,
    scope::Scope,
};

use super::runtime::Types;
use pystachio::{Object, Type};

use crate::schema::{Export, Helpers, Schema};

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
    /// The interpreter's class for the objects of a type, and what files know the type as. The key
    /// is the type's identity, which stays its own because the type is kept, too.
    classes: RefCell<HashMap<usize, (PyTypeRef, PyRef<types::TypeValue>)>>,
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
            classes: RefCell::default(),
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
            names.set_item(name, binding.class(&ty, vm)?.1.into(), vm)?;
        }
        for (name, export) in schema.exports() {
            let value = match export {
                Export::Type(ty) => binding.class(ty, vm)?.1.into(),
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
        let class = self.class(object.ty(), vm).map(|(class, _)| class);
        let value = object::ObjectValue::new(object, self.clone());
        match class {
            Ok(class) => PyRef::new_ref(value, class, None).into(),
            Err(_) => value.into_ref(&vm.ctx).into(),
        }
    }

    fn wrap_type(self: &Rc<Self>, ty: Type, vm: &VirtualMachine) -> PyObjectRef {
        if let Some((_, known)) = self.classes.borrow().get(&ty.identity()) {
            return known.clone().into();
        }
        types::TypeValue::new(ty, self.clone(), Vec::new())
            .into_ref(&vm.ctx)
            .into()
    }

    /// The class of the objects of a type, and the type itself, as files know them.
    fn class(
        self: &Rc<Self>,
        ty: &Type,
        vm: &VirtualMachine,
    ) -> PyResult<(PyTypeRef, PyRef<types::TypeValue>)> {
        if let Some(known) = self.classes.borrow().get(&ty.identity()) {
            return Ok(known.clone());
        }
        let value = types::TypeValue::new(ty.clone(), self.clone(), Vec::new());
        self.make_class(value.into_ref(&vm.ctx), &vm.ctx.new_dict(), vm)
    }

    /// Makes the class of the objects of a type. Errors of the interpreter name it, and it holds the
    /// methods of class statements.
    fn make_class(
        &self,
        value: PyRef<types::TypeValue>,
        body: &PyDictRef,
        vm: &VirtualMachine,
    ) -> PyResult<(PyTypeRef, PyRef<types::TypeValue>)> {
        let mut bases = value.base_classes(vm)?;
        if bases.is_empty() {
            bases.push(object::ObjectValue::class(&vm.ctx).to_owned().into());
        }
        body.set_item(types::TYPE, value.clone().into(), vm)?;
        body.set_item("__slots__", vm.ctx.new_tuple(Vec::new()).into(), vm)?;
        let module = vm.ctx.new_str("pystachio.typing");
        body.set_item("__module__", module.into(), vm)?;
        let arguments = (
            vm.ctx.new_str(value.ty().name()),
            vm.ctx.new_tuple(bases),
            body.clone(),
        );
        let class = vm.ctx.types.type_type.as_object().call(arguments, vm)?;
        let known = (class.try_into_value::<PyTypeRef>(vm)?, value);
        let identity = known.1.ty().identity();
        self.classes.borrow_mut().insert(identity, known.clone());
        Ok(known)
    }
}
