//! Types: those of the host, and those that programs declare.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, FromArgs, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
    builtins::{PyDict, PyStr, PyTuple, PyType},
    common::hash::PyHash,
    function::{FuncArgs, PyComparisonValue},
    pyclass,
    types::{Callable, Comparable, GetAttr, Hashable, PyComparisonOp, Representable},
};

use super::{
    Binding,
    face::signature_text,
    object::{CheckValue, ObjectValue},
};
use crate::{Data, Kind, Signature, Type};
use python27::hash_text;

/// The name under which the class of an object keeps its type.
pub(super) const TYPE: &str = "__schema__";

/// The type whose objects are of a class of the interpreter.
pub(super) fn type_of_class(class: &Py<PyType>, vm: &VirtualMachine) -> Option<PyRef<TypeValue>> {
    let ty = class.get_attr(vm.ctx.intern_str(TYPE))?;
    ty.downcast::<TypeValue>().ok()
}

/// A type in the hands of a program.
#[pyclass(module = "pystachio.typing", name = "TypeMetaclass")]
#[derive(Debug, PyPayload)]
pub(super) struct TypeValue {
    ty: Type,
    binding: Rc<Binding>,
    /// The types and classes that its class statement names.
    bases: Vec<PyObjectRef>,
}

impl TypeValue {
    pub(super) fn new(ty: Type, binding: Rc<Binding>, bases: Vec<PyObjectRef>) -> Self {
        Self { ty, binding, bases }
    }

    pub(super) fn ty(&self) -> &Type {
        &self.ty
    }

    pub(super) fn binding(&self) -> &Rc<Binding> {
        &self.binding
    }

    /// What its class statement names, as classes of the interpreter.
    pub(super) fn base_classes(&self, vm: &VirtualMachine) -> PyResult<Vec<PyObjectRef>> {
        let class = |base: &PyObjectRef| match base.downcast_ref::<Self>() {
            Some(base) => Ok(self.binding.class(&base.ty, vm)?.0.into()),
            None => Ok(base.clone()),
        };
        self.bases.iter().map(class).collect()
    }

    /// Whether it is one of the types that have no parts.
    pub(super) fn is_basic(&self) -> bool {
        matches!(
            self.ty.kind(),
            Kind::String | Kind::Integer | Kind::Float | Kind::Boolean
        )
    }

    /// The module that the release has the type in.
    pub(super) fn module(&self) -> &'static str {
        match self.is_basic() {
            true => "pystachio.basic",
            false => "pystachio.typing",
        }
    }

    fn descends_from(&self, other: &Self) -> bool {
        let bases = self.bases.iter();
        self.ty == other.ty
            || bases
                .filter_map(|base| base.downcast_ref::<Self>())
                .any(|base| base.descends_from(other))
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
    /// It never changes, so it is its own copy.
    #[pymethod]
    fn __copy__(zelf: PyRef<Self>) -> PyRef<Self> {
        zelf
    }

    #[pymethod]
    fn __deepcopy__(zelf: PyRef<Self>, _memo: PyObjectRef) -> PyRef<Self> {
        zelf
    }

    /// `class X(Process)`: the class that makes a struct out of the statement.
    #[pymethod]
    fn __mro_entries__(&self, _bases: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let root = self.binding.named("Struct", vm)?;
        Ok(vm.ctx.new_tuple(vec![root]).into())
    }

    #[pymethod]
    fn __instancecheck__(&self, obj: PyObjectRef) -> bool {
        obj.downcast_ref::<ObjectValue>()
            .is_some_and(|value| value.object().ty() == &self.ty)
    }

    #[pymethod]
    fn __subclasscheck__(&self, obj: PyObjectRef) -> bool {
        obj.downcast_ref::<Self>()
            .is_some_and(|class| class.descends_from(self))
    }

    #[pymethod]
    fn serialize_type(&self, vm: &VirtualMachine) -> PyResult {
        self.binding.serialized(&self.ty, vm)
    }

    #[pymethod]
    fn dump(&self, file: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        self.binding.named("_load_more", vm)?.call((), vm)?;
        let dump = self.binding.named("_dump", vm)?;
        dump.call((self.serialize_type(vm)?, file), vm)
    }

    #[pymethod]
    fn checker(&self, value: PyObjectRef, vm: &VirtualMachine) -> PyResult<CheckValue> {
        let value = self.binding.data(&value, vm)?;
        self.binding.checked(&self.ty, value, vm)
    }

    #[pymethod]
    fn type_factory(&self) -> &'static str {
        match self.ty.kind() {
            Kind::String => "String",
            Kind::Integer => "Integer",
            Kind::Float => "Float",
            Kind::Boolean => "Boolean",
            Kind::Enum(_) => "Enum",
            Kind::Choice(_) => "Choice",
            Kind::List(_) => "List",
            Kind::Map(..) => "Map",
            Kind::Struct(_) => "Struct",
        }
    }

    #[pymethod]
    fn json_loads(&self, arguments: LoadArguments, vm: &VirtualMachine) -> PyResult {
        let text = arguments.source.str(vm)?;
        self.load(&text.to_string_lossy(), arguments.strict, vm)
    }

    #[pymethod]
    fn json_load(&self, arguments: LoadArguments, vm: &VirtualMachine) -> PyResult {
        let text = vm.call_method(&arguments.source, "read", ())?.str(vm)?;
        self.load(&text.to_string_lossy(), arguments.strict, vm)
    }
}

#[derive(FromArgs)]
struct LoadArguments {
    #[pyarg(positional)]
    source: PyObjectRef,
    #[pyarg(any, default = false)]
    strict: bool,
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
        Ok(binding.wrap_new(object, vm))
    }
}

impl GetAttr for TypeValue {
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        let attribute = name.to_string_lossy();
        if matches!(attribute.as_ref(), "__name__" | "__qualname__") {
            return Ok(vm.ctx.new_str(zelf.ty.name()).into());
        }
        if attribute == "__module__" {
            return Ok(vm.ctx.new_str(zelf.module()).into());
        }
        if let Some(found) = zelf.as_object().generic_getattr_opt(name, None, vm)? {
            return Ok(found);
        }
        if let Some(found) = zelf.inside(&attribute, vm) {
            return found;
        }
        let (class, _) = zelf.binding.class(&zelf.ty, vm)?;
        if let Some(value) = class.get_attr(vm.ctx.intern_str(attribute.as_ref())) {
            let bound = vm.call_get_descriptor_specific(&value, None, Some(class.into()));
            return bound.unwrap_or(Ok(value));
        }
        if let (Kind::Enum(values), "VALUES") = (zelf.ty.kind(), attribute.as_ref()) {
            let values = values.iter().map(|value| vm.ctx.new_str(&**value).into());
            return Ok(vm.ctx.new_tuple(values.collect()).into());
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
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        op.eq_only(|| {
            let class = other.downcast_ref::<PyType>();
            let class = class.and_then(|class| type_of_class(class, vm));
            let other = other.downcast_ref::<Self>().or(class.as_deref());
            Ok(match other {
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
        Ok(format!("<class '{}.{}'>", zelf.module(), zelf.ty.name()))
    }
}

/// `Required(Type)` or `Default(Type, value)`.
#[pyclass(module = "pystachio.typing", name = "TypeSignature")]
#[derive(Debug, PyPayload)]
pub(super) struct SignatureValue {
    signature: Signature,
    binding: Rc<Binding>,
}

impl SignatureValue {
    pub(super) fn new(signature: Signature, binding: Rc<Binding>) -> Self {
        Self { signature, binding }
    }
}

#[pyclass(with(Representable))]
impl SignatureValue {
    #[pygetset]
    fn klazz(&self, vm: &VirtualMachine) -> PyObjectRef {
        self.binding.wrap_type(self.signature.ty().clone(), vm)
    }

    #[pygetset]
    fn required(&self) -> bool {
        self.signature.is_required()
    }

    #[pygetset]
    fn default(&self, vm: &VirtualMachine) -> PyObjectRef {
        match self.signature.default_value() {
            Some(default) => self.binding.wrap(default.clone(), vm),
            None => self.binding.empty(vm),
        }
    }

    #[pygetset]
    fn empty(&self) -> bool {
        self.signature.default_value().is_none()
    }
}

impl Representable for SignatureValue {
    fn repr_str(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<String> {
        signature_text(&zelf.signature).map_err(|problem| zelf.binding.exception(problem, vm))
    }
}

/// Names that Python 3 adds to every class body.
const ADDED: [&str; 5] = [
    "__module__",
    "__qualname__",
    "__firstlineno__",
    "__static_attributes__",
    "__orig_bases__",
];

impl Binding {
    /// The type that a value means.
    pub(super) fn type_of(&self, obj: &PyObject, vm: &VirtualMachine) -> PyResult<Type> {
        let class = obj.downcast_ref::<PyType>();
        let class = class.and_then(|class| type_of_class(class, vm));
        match obj.downcast_ref::<TypeValue>().or(class.as_deref()) {
            Some(value) => {
                let ty = value.ty().clone().bounded();
                ty.map_err(|problem| self.exception(problem, vm))
            }
            None => Err(vm.new_type_error(format!(
                "expected a type such as String or List(Process), got {}",
                obj.repr(vm)?.to_string_lossy()
            ))),
        }
    }

    /// `class name(bases): body`, where one of the bases is `Struct` or a type.
    ///
    /// Derived from `Struct` itself, it is a new struct of the fields in the body; nothing else in
    /// the body is kept. Derived from a type, it is that type under another name, with what the body
    /// defines as methods and constants: the fields stay those of the type.
    pub(super) fn declare(
        self: &Rc<Self>,
        name: &str,
        bases: &Py<PyTuple>,
        body: &Py<PyDict>,
        vm: &VirtualMachine,
    ) -> PyResult {
        let named: Vec<PyObjectRef> = match body.get_item_opt("__orig_bases__", vm)? {
            Some(bases) => bases.try_to_value(vm)?,
            None => bases.as_slice().to_vec(),
        };
        let root = self.named("Struct", vm)?;
        let parent = named
            .iter()
            .find_map(|base| base.downcast_ref::<TypeValue>());
        if let Some(parent) = parent
            && !named.iter().any(|base| base.is(&root))
        {
            let own = vm.ctx.new_dict();
            for (key, value) in body.items_vec() {
                own.set_item(key.as_object(), value, vm)?;
            }
            let ty = parent.ty.renamed(name);
            let value = TypeValue::new(ty, self.clone(), named).into_ref(&vm.ctx);
            return Ok(self.make_class(value, &own, vm)?.1.into());
        }
        let mut fields: Vec<(String, Option<Signature>)> = vec![("__module__".to_owned(), None)];
        for (key, value) in body.items_vec() {
            let key = key.str(vm)?.to_string_lossy().into_owned();
            // What Python 3 adds to class bodies would change the order.
            if ADDED.contains(&key.as_str()) {
                continue;
            }
            let signature = if value.downcast_ref::<TypeValue>().is_some() {
                Some(Signature::plain(&self.type_of(&value, vm)?))
            } else {
                value
                    .downcast_ref::<SignatureValue>()
                    .map(|value| value.signature.clone())
            };
            fields.push((key, signature));
        }
        let attributes = fields
            .iter()
            .map(|(name, signature)| (name.as_str(), signature.clone()));
        let ty = Type::structure(name, attributes);
        Ok(self.class(&ty, vm)?.1.into())
    }

    /// `Default(Type, value)`.
    pub(super) fn default_signature(
        self: &Rc<Self>,
        ty: &PyObject,
        value: &PyObject,
        vm: &VirtualMachine,
    ) -> PyResult<SignatureValue> {
        let ty = self.type_of(ty, vm)?;
        let value: Data = self.data(value, vm)?;
        Signature::default(&ty, value)
            .map(|signature| SignatureValue::new(signature, self.clone()))
            .map_err(|problem| self.exception(problem, vm))
    }

    /// What `Enum(…)` was given: values, or a name and values.
    pub(super) fn enumeration(&self, args: &[PyObjectRef], vm: &VirtualMachine) -> PyResult<Type> {
        let text = |value: &PyObjectRef| match value.downcast_ref::<PyStr>() {
            Some(text) => Ok(text.to_string_lossy().into_owned()),
            None => Err(vm.new_type_error(format!(
                "Enum takes texts, or a name and a tuple of texts, got {}",
                value.repr(vm)?.to_string_lossy()
            ))),
        };
        let texts = |values: &[PyObjectRef]| values.iter().map(text).collect::<PyResult<Vec<_>>>();
        let (name, values) = match args {
            [name, values]
                if values.class().has_attr(vm.ctx.intern_str("__iter__"))
                    && values.downcast_ref::<PyStr>().is_none() =>
            {
                let values: Vec<PyObjectRef> = values.to_owned().try_to_value(vm)?;
                (Some(text(name)?), texts(&values)?)
            }
            values => (None, texts(values)?),
        };
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        Ok(Type::enumeration(name.as_deref(), &values))
    }

    /// What `Choice([…])` was given: types, or a name and types.
    pub(super) fn choice(&self, args: &[PyObjectRef], vm: &VirtualMachine) -> PyResult<Type> {
        let wrong = || vm.new_type_error("Choice takes a list of types, or a name and a list");
        let (name, options) = match args {
            [options] => (None, options),
            [name, options] => {
                let name = name.downcast_ref::<PyStr>().ok_or_else(wrong)?;
                (Some(name.to_string_lossy().into_owned()), options)
            }
            _ => return Err(wrong()),
        };
        let options: Vec<PyObjectRef> = options.to_owned().try_to_value(vm).map_err(|_| wrong())?;
        let options = options
            .iter()
            .map(|ty| self.type_of(ty, vm))
            .collect::<PyResult<Vec<_>>>()?;
        Ok(Type::choice(name.as_deref(), &options))
    }
}
