//! Objects and types for Python 2.7 programs: the classes and functions that lead to the
//! rest of this crate.
//!
//! A [`Host`](python27::interpreter::Host) makes a [`Binding`] with the [`Vocabulary`] of its own
//! types and functions, gives its [`Binding::names`] to programs, and takes objects out of the
//! namespace with [`Binding::object`].

mod caller;
mod convert;
mod environment;
mod face;
mod functions;
mod object;
#[cfg(test)]
mod tests;
mod types;

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
    sync::Arc,
};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload as _, PyRef, PyResult, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyCode, PyDictRef, PyTypeRef},
    class::PyClassImpl as _,
    scope::Scope,
};

use python27::interpreter::{Explanation, Names, Runtime};

use crate::{Data, Object, Result, Type};

use object::ObjectValue;

/// Keyword arguments in the order of the source.
pub type Keywords = Vec<(String, Data)>;

/// A function on data. What it makes is noted as made by the call of it.
pub type Function = Box<dyn Fn(Vec<Data>, Keywords) -> Result<Data>>;

/// A ready-made value for programs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Export {
    /// A type.
    Type(Type),
    /// An object of a type.
    Object(Object),
    /// A whole number.
    Number(i64),
}

/// What a host adds to the names of this crate.
#[derive(Default)]
pub struct Vocabulary {
    /// Functions by their names. Those whose names begin with an underscore are for
    /// [`Vocabulary::code`] alone.
    pub functions: Vec<(&'static str, Function)>,
    /// Values by their names.
    pub values: Vec<(String, Export)>,
    /// Names that are there for the code, but that programs do not see.
    pub hidden: &'static [&'static str],
    /// Code of Python 3 that runs in the table of all names, and adds to them.
    pub code: Option<fn(&VirtualMachine) -> PyRef<PyCode>>,
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vocabulary")
            .field("values", &self.values)
            .finish_non_exhaustive()
    }
}

/// What all objects of one program share.
pub struct Binding {
    runtime: Runtime,
    /// The names that programs see, once they are there.
    names: OnceCell<PyDictRef>,
    empty: OnceCell<PyObjectRef>,
    frozen: OnceCell<PyTypeRef>,
    /// The class of the classes of lists, maps, enumerations and structs.
    metaclass: PyTypeRef,
    hidden: &'static [&'static str],
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
    /// Makes the classes and functions, and their names.
    ///
    /// # Errors
    /// When the code of the vocabulary fails.
    pub fn install(
        runtime: &Runtime,
        vocabulary: Vocabulary,
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
            metaclass: metaclass(vm)?,
            hidden: vocabulary.hidden,
            runtime: runtime.clone(),
            names: OnceCell::new(),
            empty: OnceCell::new(),
            frozen: OnceCell::new(),
            last_file: RefCell::new("".into()),
            classes: RefCell::default(),
        });
        let names = vm.ctx.new_dict();
        names.set_item("__builtins__", runtime.builtin_names().clone().into(), vm)?;
        let module = vm.ctx.new_str("pystachio.composite");
        names.set_item("__name__", module.into(), vm)?;
        functions::install(&binding, vocabulary.functions, &names, vm)?;
        face::install(&binding, &names, vm)?;
        for (name, ty) in [
            ("String", Type::string()),
            ("Integer", Type::integer()),
            ("Float", Type::float()),
            ("Boolean", Type::boolean()),
        ] {
            names.set_item(name, binding.class(&ty, vm)?.1.into(), vm)?;
        }
        for (name, export) in vocabulary.values {
            let value = match export {
                Export::Type(ty) => binding.class(&ty, vm)?.1.into(),
                Export::Object(object) => binding.wrap(object, vm),
                Export::Number(number) => vm.ctx.new_int(number).into(),
            };
            names.set_item(name.as_str(), value, vm)?;
        }
        // Cargo sees files that the macro reads only if they are named so.
        const _: &str = include_str!("names.py");
        let code = vm.ctx.new_code(rustpython_vm::py_compile!(
            file = "names.py",
            module_name = "<pystachio>"
        ));
        vm.run_code_obj(code, Scope::with_builtins(None, names.clone(), vm))?;
        face::finish(&names, vm)?;
        if let Some(code) = vocabulary.code {
            let scope = Scope::with_builtins(None, names.clone(), vm);
            vm.run_code_obj(code(vm), scope)?;
        }
        let _ = binding.empty.set(names.get_item("Empty", vm)?);
        let frozen = names.get_item("frozendict", vm)?.try_into_value(vm)?;
        binding.runtime.set_ordered(frozen);
        let frozen = names.get_item("frozendict", vm)?.try_into_value(vm)?;
        let _ = binding.frozen.set(frozen);
        let _ = binding.names.set(names);
        Ok(binding)
    }

    /// The names for the namespace of a program.
    pub fn names(&self, vm: &VirtualMachine) -> Names {
        let Some(names) = self.names.get() else {
            return Vec::new();
        };
        let mut exported = names.items_vec();
        exported.retain(|(name, _)| {
            name.str(vm).is_ok_and(|name| {
                let name = name.to_string_lossy();
                !name.starts_with('_') && !self.hidden.contains(&&*name)
            })
        });
        exported
    }

    /// A name of `names.py`.
    fn named(&self, name: &'static str, vm: &VirtualMachine) -> PyResult {
        match self.names.get() {
            Some(names) => names.get_item(name, vm),
            None => Err(vm.new_runtime_error("the names of the objects are not loaded")),
        }
    }

    /// The object that a value of the interpreter is.
    pub fn object(value: &PyObject) -> Option<Object> {
        let value = value.downcast_ref::<ObjectValue>()?;
        Some(value.object().clone())
    }

    /// The explanation of an exception of this crate; `None` for any other exception.
    pub fn explain(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> Option<Explanation> {
        let problem = convert::problem_of(exception.as_object(), vm)?;
        let label = (!problem.path.is_empty()).then(|| problem.path.to_string());
        let keyword = problem.unknown.filter(|_| problem.path.is_empty());
        Some(Explanation::new(label, problem.hint).about_keyword(keyword))
    }

    fn is_empty(&self, obj: &PyObject) -> bool {
        self.empty.get().is_some_and(|empty| obj.is(empty))
    }

    fn empty(&self, vm: &VirtualMachine) -> PyObjectRef {
        self.empty.get().cloned().unwrap_or_else(|| vm.ctx.none())
    }

    /// A new object for a program, which notes the call that made it.
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

    /// An object as a value of the interpreter.
    pub fn wrap(self: &Rc<Self>, object: Object, vm: &VirtualMachine) -> PyObjectRef {
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
        let module = vm.ctx.new_str(value.module());
        body.set_item("__module__", module.into(), vm)?;
        let arguments = (
            vm.ctx.new_str(value.ty().name()),
            vm.ctx.new_tuple(bases),
            body.clone(),
        );
        let class = match value.is_basic() {
            true => vm.ctx.types.type_type.as_object().call(arguments, vm)?,
            false => self.metaclass.as_object().call(arguments, vm)?,
        };
        let known = (class.try_into_value::<PyTypeRef>(vm)?, value);
        let identity = known.1.ty().identity();
        self.classes.borrow_mut().insert(identity, known.clone());
        Ok(known)
    }
}

fn metaclass(vm: &VirtualMachine) -> PyResult<PyTypeRef> {
    let body = vm.ctx.new_dict();
    let module = vm.ctx.new_str("pystachio.typing");
    body.set_item("__module__", module.into(), vm)?;
    let bases = vm
        .ctx
        .new_tuple(vec![vm.ctx.types.type_type.to_owned().into()]);
    let arguments = (vm.ctx.new_str("TypeMetaclass"), bases, body);
    let class = vm.ctx.types.type_type.as_object().call(arguments, vm)?;
    class.try_into_value(vm)
}
