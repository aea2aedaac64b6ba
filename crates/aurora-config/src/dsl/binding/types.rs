//! Types: the classes of the schema, and those that configuration files declare.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
    builtins::{PyDict, PyDictRef, PyStr},
    common::hash::PyHash,
    function::{FuncArgs, OptionalArg, PyComparisonValue},
    pyclass,
    types::{Callable, Comparable, GetAttr, Hashable, PyComparisonOp, Representable},
};

use super::{Binding, object::ObjectValue};
use crate::{
    python2::hash_text,
    value::{Data, Kind, Signature, Type},
};

/// A type in the hands of a configuration file.
#[pyclass(module = "pystachio", name = "type")]
#[derive(Debug, PyPayload)]
pub(super) struct TypeValue {
    ty: Type,
    binding: Rc<Binding>,
    /// The types that its class statement names.
    parents: Vec<PyRef<TypeValue>>,
    /// What its class statement defines beside fields.
    attributes: Option<PyDictRef>,
}

impl TypeValue {
    pub(super) fn new(
        ty: Type,
        binding: Rc<Binding>,
        parents: Vec<PyRef<TypeValue>>,
        attributes: Option<PyDictRef>,
    ) -> Self {
        Self {
            ty,
            binding,
            parents,
            attributes,
        }
    }

    pub(super) fn ty(&self) -> &Type {
        &self.ty
    }

    /// A method or constant of the class statement or of its parents.
    pub(super) fn attribute(&self, name: &str) -> Option<PyObjectRef> {
        let own = self.attributes.as_ref().and_then(|attributes| {
            attributes
                .items_vec()
                .into_iter()
                .find(|(key, _)| {
                    key.downcast_ref::<PyStr>()
                        .is_some_and(|key| key.as_bytes() == name.as_bytes())
                })
                .map(|(_, value)| value)
        });
        own.or_else(|| {
            self.parents
                .iter()
                .find_map(|parent| parent.attribute(name))
        })
    }

    fn descends_from(&self, other: &Self) -> bool {
        self.ty == other.ty
            || self
                .parents
                .iter()
                .any(|parent| parent.descends_from(other))
    }

    fn load(&self, text: &str, strict: bool, vm: &VirtualMachine) -> PyResult {
        match self.ty.json_loads(text, strict) {
            Ok(object) => Ok(self.binding.wrap_new(object, vm)),
            Err(problem) => Err(self.binding.exception(problem, vm)),
        }
    }
}

#[pyclass(with(Callable, Comparable, GetAttr, Hashable, Representable))]
impl TypeValue {
    /// `class X(Process)`: the class that makes a struct out of the statement.
    #[pymethod]
    fn __mro_entries__(&self, _bases: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let root = match self.ty.kind() {
            Kind::Struct(_) => self.binding.named("Struct", vm)?,
            _ => {
                let message = format!("cannot derive a class from {}", self.ty.name());
                return Err(vm.new_type_error(message));
            }
        };
        Ok(vm.ctx.new_tuple(vec![root]).into())
    }

    #[pymethod]
    fn __instancecheck__(&self, obj: PyObjectRef) -> bool {
        obj.downcast_ref::<ObjectValue>().is_some_and(|value| {
            value.object().ty() == &self.ty
                || value
                    .class_value()
                    .is_some_and(|class| class.descends_from(self))
        })
    }

    #[pymethod]
    fn __subclasscheck__(&self, obj: PyObjectRef) -> bool {
        obj.downcast_ref::<Self>()
            .is_some_and(|class| class.descends_from(self))
    }

    #[pymethod]
    fn json_loads(
        &self,
        text: PyObjectRef,
        strict: OptionalArg<bool>,
        vm: &VirtualMachine,
    ) -> PyResult {
        let text = text.str(vm)?;
        self.load(&text.to_string_lossy(), strict.unwrap_or(false), vm)
    }

    #[pymethod]
    fn json_load(
        &self,
        file: PyObjectRef,
        strict: OptionalArg<bool>,
        vm: &VirtualMachine,
    ) -> PyResult {
        let text = vm.call_method(&file, "read", ())?.str(vm)?;
        self.load(&text.to_string_lossy(), strict.unwrap_or(false), vm)
    }
}

impl Callable for TypeValue {
    type Args = FuncArgs;

    fn call(zelf: &Py<Self>, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let binding = &zelf.binding;
        let (args, keywords) = binding.arguments(arguments, vm)?;
        let object = zelf
            .ty
            .construct(args, keywords)
            .map_err(|problem| binding.exception(problem, vm))?;
        let object = binding.made_here(object, vm);
        let own = zelf.attributes.is_some() || !zelf.parents.is_empty();
        let class = own.then(|| zelf.to_owned());
        Ok(ObjectValue::new(object, binding.clone(), class)
            .into_ref(&vm.ctx)
            .into())
    }
}

impl GetAttr for TypeValue {
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        let attribute = name.to_string_lossy();
        if matches!(attribute.as_ref(), "__name__" | "__qualname__") {
            return Ok(vm.ctx.new_str(zelf.ty.name()).into());
        }
        if let Some(found) = zelf.as_object().generic_getattr_opt(name, None, vm)? {
            return Ok(found);
        }
        if let Some(value) = zelf.attribute(&attribute) {
            return Ok(value);
        }
        let message = format!(
            "type object '{}' has no attribute '{attribute}'",
            zelf.ty.name()
        );
        Err(vm.new_attribute_error(message))
    }
}

impl Comparable for TypeValue {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        _vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        op.eq_only(|| {
            Ok(match other.downcast_ref::<Self>() {
                Some(other) => PyComparisonValue::Implemented(zelf.ty == other.ty),
                None => PyComparisonValue::NotImplemented,
            })
        })
    }
}

impl Hashable for TypeValue {
    fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<PyHash> {
        Ok(hash_text(zelf.ty.name()))
    }
}

impl Representable for TypeValue {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(format!("<class 'pystachio.typing.{}'>", zelf.ty.name()))
    }
}

/// `Required(Type)` or `Default(Type, value)`.
#[pyclass(module = "pystachio", name = "signature")]
#[derive(Debug, PyPayload)]
pub(super) struct SignatureValue(pub(super) Signature);

#[pyclass]
impl SignatureValue {}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({})", self.ty().name())
    }
}

impl Binding {
    /// The type that a value stands for.
    pub(super) fn type_of(&self, obj: &PyObject, vm: &VirtualMachine) -> PyResult<Type> {
        match obj.downcast_ref::<TypeValue>() {
            Some(value) => Ok(value.ty().clone()),
            None => Err(vm.new_type_error(format!(
                "expected a type such as String or List(Process), got {}",
                obj.repr(vm)?.to_string_lossy()
            ))),
        }
    }

    /// `class name(bases): body`, where one of the bases is a struct.
    pub(super) fn declare(
        self: &Rc<Self>,
        name: &str,
        body: &Py<PyDict>,
        vm: &VirtualMachine,
    ) -> PyResult {
        let mut parents: Vec<PyRef<TypeValue>> = Vec::new();
        let mut fields: Vec<(String, Option<Signature>)> = vec![("__module__".to_owned(), None)];
        let mut entries = Vec::new();
        for (key, value) in body.items_vec() {
            let key = key.str(vm)?.to_string_lossy().into_owned();
            if key == "__orig_bases__" {
                let bases: Vec<PyObjectRef> = value.try_to_value(vm)?;
                parents = bases
                    .into_iter()
                    .filter_map(|base| base.downcast::<TypeValue>().ok())
                    .collect();
            } else {
                entries.push((key, value));
            }
        }
        for structure in parents.iter().filter_map(|parent| parent.ty().as_struct()) {
            for &position in structure.declared() {
                if let Some(field) = structure.fields().get(position) {
                    fields.push((field.name.to_string(), Some(field.signature.clone())));
                }
            }
        }
        let others = vm.ctx.new_dict();
        for (key, value) in entries {
            let signature = if let Some(ty) = value.downcast_ref::<TypeValue>() {
                Some(Signature::plain(ty.ty()))
            } else {
                value
                    .downcast_ref::<SignatureValue>()
                    .map(|signature| signature.0.clone())
            };
            if signature.is_none() {
                // What Python 3 adds to every class body.
                if matches!(
                    key.as_str(),
                    "__module__" | "__qualname__" | "__firstlineno__" | "__static_attributes__"
                ) {
                    continue;
                }
                others.set_item(key.as_str(), value, vm)?;
            }
            fields.push((key, signature));
        }
        let attributes = fields
            .iter()
            .map(|(name, signature)| (name.as_str(), signature.clone()));
        let ty = Type::structure(name, attributes);
        let own = (!others.is_empty()).then_some(others);
        Ok(TypeValue::new(ty, self.clone(), parents, own)
            .into_ref(&vm.ctx)
            .into())
    }

    /// `Default(Type, value)`.
    pub(super) fn default_signature(
        &self,
        ty: &PyObject,
        value: &PyObject,
        vm: &VirtualMachine,
    ) -> PyResult<SignatureValue> {
        let ty = self.type_of(ty, vm)?;
        let value: Data = self.data(value, vm)?;
        Signature::default(&ty, value)
            .map(SignatureValue)
            .map_err(|problem| self.exception(problem, vm))
    }

    /// What `Enum(…)` was given: values, or a name and values.
    pub(super) fn enumeration(&self, args: &[PyObjectRef], vm: &VirtualMachine) -> PyResult<Type> {
        let texts = |values: &[PyObjectRef]| -> PyResult<Vec<String>> {
            values
                .iter()
                .map(|value| Ok(value.str(vm)?.to_string_lossy().into_owned()))
                .collect()
        };
        let (name, values) = match args {
            [name, values] if values.downcast_ref::<PyStr>().is_none() => {
                let values: Vec<PyObjectRef> = values.to_owned().try_to_value(vm)?;
                let name = name.str(vm)?.to_string_lossy().into_owned();
                (Some(name), texts(&values)?)
            }
            values => (None, texts(values)?),
        };
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        Ok(Type::enumeration(name.as_deref(), &values))
    }

    /// What `Choice([…])` was given: types, or a name and types.
    pub(super) fn choice(&self, args: &[PyObjectRef], vm: &VirtualMachine) -> PyResult<Type> {
        let types = |list: &PyObject| -> PyResult<Vec<Type>> {
            let list: Vec<PyObjectRef> = list.to_owned().try_to_value(vm)?;
            list.iter().map(|ty| self.type_of(ty, vm)).collect()
        };
        match args {
            [options] => Ok(Type::choice(None, &types(options)?)),
            [name, options] => {
                let name = name.str(vm)?.to_string_lossy().into_owned();
                Ok(Type::choice(Some(&name), &types(options)?))
            }
            _ => Err(vm.new_type_error("Choice takes a list of types, or a name and a list")),
        }
    }
}
