//! Objects: instances of the types of the host and of programs.

use std::{cmp::Ordering, rc::Rc, sync::LazyLock};

use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, atomic_func,
    builtins::{PySlice, PyStr, PyStrRef, PyType},
    common::hash::PyHash,
    function::{FuncArgs, PyComparisonValue},
    protocol::{PyMappingMethods, PyNumberMethods, PySequenceMethods},
    pyclass,
    types::{
        AsMapping, AsNumber, AsSequence, Callable, Comparable, Constructor, GetAttr, Hashable,
        Iterable, PyComparisonOp, Representable,
    },
};

use super::{Binding, environment::ReferenceValue, types};
use crate::{Check, Data, Error, Found, Kind, Object, ProblemKind, Reference, Result};

/// An object as a value of the interpreter.
#[pyclass(module = "pystachio", name = "Object")]
#[derive(Debug, PyPayload)]
pub(crate) struct ObjectValue {
    object: Object,
    binding: Rc<Binding>,
}

impl ObjectValue {
    pub(super) fn new(object: Object, binding: Rc<Binding>) -> Self {
        Self { object, binding }
    }

    pub(crate) fn object(&self) -> &Object {
        &self.object
    }

    pub(super) fn binding(&self) -> &Rc<Binding> {
        &self.binding
    }

    /// Another version of the same object.
    fn changed(&self, object: Result<Object>, vm: &VirtualMachine) -> PyResult {
        Ok(self.wrap(self.outcome(object, vm)?, vm))
    }

    fn outcome<T>(&self, result: Result<T>, vm: &VirtualMachine) -> PyResult<T> {
        result.map_err(|problem| self.binding.exception(problem, vm))
    }

    fn wrap(&self, object: Object, vm: &VirtualMachine) -> PyObjectRef {
        self.binding.wrap(object, vm)
    }

    fn elements(&self, vm: &VirtualMachine) -> PyResult<Vec<PyObjectRef>> {
        match self.outcome(self.object.elements(), vm)? {
            Some(elements) => Ok(elements
                .into_iter()
                .map(|element| self.wrap(element, vm))
                .collect()),
            None => {
                let message = format!("'{}' object is not iterable", self.object.ty().name());
                Err(vm.new_type_error(message))
            }
        }
    }

    fn item(&self, key: &PyObject, vm: &VirtualMachine) -> PyResult {
        if let Kind::List(_) = self.object.ty().kind()
            && key.downcast_ref::<PySlice>().is_some()
        {
            let elements = vm.ctx.new_tuple(self.elements(vm)?);
            return elements.as_object().get_item(key, vm);
        }
        let key = self.binding.data(key, vm)?;
        let item = self.outcome(self.object.item(key), vm)?;
        Ok(self.wrap(item, vm))
    }
}

#[pyclass(
    flags(BASETYPE),
    with(
        AsMapping,
        AsNumber,
        AsSequence,
        Callable,
        Comparable,
        Constructor,
        GetAttr,
        Hashable,
        Iterable,
        Representable
    )
)]
impl ObjectValue {
    #[pymethod]
    fn bind(&self, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (args, keywords) = self.binding.arguments(arguments, vm)?;
        self.changed(self.object.bind(args, keywords), vm)
    }

    #[pymethod]
    fn in_scope(&self, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (args, keywords) = self.binding.arguments(arguments, vm)?;
        self.changed(self.object.in_scope(args, keywords), vm)
    }

    #[pymethod]
    fn copy(&self, vm: &VirtualMachine) -> PyResult {
        self.changed(Ok(self.object.clone()), vm)
    }

    #[pymethod]
    fn __copy__(&self, vm: &VirtualMachine) -> PyResult {
        self.copy(vm)
    }

    #[pymethod]
    fn __deepcopy__(&self, _memo: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        self.copy(vm)
    }

    #[pymethod]
    fn interpolate(&self, vm: &VirtualMachine) -> PyResult {
        let (object, unbound) = self.outcome(self.object.interpolate(), vm)?;
        let unbound = unbound
            .into_iter()
            .map(|reference| ReferenceValue::new(reference).into_ref(&vm.ctx).into())
            .collect();
        let object = self.changed(Ok(object), vm)?;
        let unbound = vm.ctx.new_list(unbound).into();
        Ok(vm.ctx.new_tuple(vec![object, unbound]).into())
    }

    #[pymethod]
    fn check(&self, vm: &VirtualMachine) -> PyResult<CheckValue> {
        Ok(CheckValue(self.outcome(self.object.try_check(), vm)?))
    }

    #[pymethod]
    fn get(&self, vm: &VirtualMachine) -> PyResult {
        self.binding.value(self.object.get(), vm)
    }

    #[pymethod]
    fn find(&self, reference: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let reference = reference_of(&reference, &self.binding, vm)?;
        match self.outcome(self.object.find(&reference), vm)? {
            Found::Text(text) => self.binding.value(Data::unicode(text), vm),
            Found::Object(object) => Ok(self.wrap(object, vm)),
        }
    }

    #[pymethod]
    fn scopes(&self, vm: &VirtualMachine) -> PyObjectRef {
        self.binding.scopes(&self.object, vm)
    }

    #[pymethod]
    fn json_dumps(&self, vm: &VirtualMachine) -> PyResult<PyStrRef> {
        let text = self.outcome(self.object.json_dumps(), vm)?;
        Ok(vm.ctx.new_str(text))
    }

    #[pymethod]
    fn json_dump(&self, file: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let text = self.outcome(self.object.json_dumps(), vm)?;
        vm.call_method(&file, "write", (text,))
    }

    #[pymethod]
    fn __unicode__(&self, vm: &VirtualMachine) -> PyResult {
        let text = self.outcome(self.object.text(), vm)?;
        self.binding.value(Data::unicode(text), vm)
    }

    #[pyslot]
    fn slot_str(zelf: &PyObject, vm: &VirtualMachine) -> PyResult<PyRef<PyStr>> {
        let Some(zelf) = zelf.downcast_ref::<Self>() else {
            return Err(vm.new_type_error("not an object"));
        };
        let text = zelf.outcome(zelf.object.text(), vm)?;
        Ok(vm.ctx.new_str(text))
    }
}

/// The reference that a value means.
pub(super) fn reference_of(
    value: &PyObject,
    binding: &Binding,
    vm: &VirtualMachine,
) -> PyResult<Reference> {
    if let Some(reference) = value.downcast_ref::<ReferenceValue>() {
        return Ok(reference.reference().clone());
    }
    let Some(text) = value.downcast_ref::<PyStr>() else {
        let message = format!("Invalid address: {}", value.repr(vm)?.to_string_lossy());
        let problem = Error::new(ProblemKind::Reference, message);
        return Err(binding.exception(problem, vm));
    };
    text.to_string_lossy()
        .parse::<Reference>()
        .map_err(|error| binding.exception(error.into(), vm))
}

/// `type(object)(…)`: a new object of the same type.
impl Constructor for ObjectValue {
    type Args = FuncArgs;

    fn py_new(class: &Py<PyType>, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
        let Some(ty) = types::type_of_class(class, vm) else {
            return Err(vm.new_type_error("cannot create 'Object' instances"));
        };
        let binding = ty.binding();
        let (args, keywords) = binding.arguments(arguments, vm)?;
        let object = ty
            .ty()
            .construct(args, keywords)
            .map_err(|problem| binding.exception(problem, vm))?;
        Ok(Self::new(binding.made_here(object, vm), binding.clone()))
    }
}

impl Callable for ObjectValue {
    type Args = FuncArgs;

    /// A refined copy.
    fn call(zelf: &Py<Self>, arguments: FuncArgs, vm: &VirtualMachine) -> PyResult {
        if !arguments.args.is_empty() {
            return Err(vm.new_type_error(format!(
                "__call__() takes exactly 1 argument ({} given)",
                arguments.args.len() + 1
            )));
        }
        let (_, keywords) = zelf.binding.arguments(arguments, vm)?;
        let names: Vec<String> = keywords.iter().map(|(name, _)| name.clone()).collect();
        let mut refined = zelf.object.refine(keywords);
        if let (Ok(object), Some(call)) = (&mut refined, zelf.binding.caller(vm)) {
            *object = object
                .clone()
                .refined_by(call, names.iter().map(String::as_str));
        }
        zelf.changed(refined, vm)
    }
}

impl GetAttr for ObjectValue {
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        if let Some(found) = zelf.as_object().generic_getattr_opt(name, None, vm)? {
            if name.as_bytes() == b"__class__" {
                return Ok(zelf.binding.class(zelf.object.ty(), vm)?.1.into());
            }
            return Ok(found);
        }
        let attribute = name.to_string_lossy();
        if let Some(found) = zelf.inside(&attribute, vm) {
            return found;
        }
        if let Some(structure) = zelf.object.ty().as_struct() {
            if structure.position(&attribute).is_some() {
                return Ok(accessor(zelf.to_owned(), attribute.into_owned(), vm));
            }
            if let Some(field) = attribute.strip_prefix("has_")
                && structure.position(field).is_some()
            {
                let (zelf, field) = (zelf.to_owned(), field.to_owned());
                let has = move |vm: &VirtualMachine| -> PyResult<bool> {
                    zelf.outcome(zelf.object.has(&field), vm)
                };
                return Ok(vm.new_function("has", has).into());
            }
        }
        let problem = zelf.object.no_attribute(&attribute);
        Err(zelf.binding.exception(problem, vm))
    }
}

/// `object.field`, to be called.
fn accessor(zelf: PyRef<ObjectValue>, field: String, vm: &VirtualMachine) -> PyObjectRef {
    let get = move |vm: &VirtualMachine| -> PyResult {
        match zelf.outcome(zelf.object.field(&field), vm)? {
            Some(value) => Ok(zelf.wrap(value, vm)),
            None => Ok(zelf.binding.empty(vm)),
        }
    };
    vm.new_function("field", get).into()
}

impl AsMapping for ObjectValue {
    fn as_mapping() -> &'static PyMappingMethods {
        static METHODS: LazyLock<PyMappingMethods> = LazyLock::new(|| PyMappingMethods {
            subscript: atomic_func!(|mapping, key, vm| {
                ObjectValue::mapping_downcast(mapping).item(key, vm)
            }),
            ..PyMappingMethods::NOT_IMPLEMENTED
        });
        &METHODS
    }
}

impl AsSequence for ObjectValue {
    fn as_sequence() -> &'static PySequenceMethods {
        static METHODS: LazyLock<PySequenceMethods> = LazyLock::new(|| PySequenceMethods {
            contains: atomic_func!(|sequence, target, vm| {
                let zelf = ObjectValue::sequence_downcast(sequence);
                let target = zelf.binding.data(target, vm)?;
                zelf.outcome(zelf.object.contains(&target), vm)
            }),
            ..PySequenceMethods::NOT_IMPLEMENTED
        });
        &METHODS
    }
}

impl AsNumber for ObjectValue {
    fn as_number() -> &'static PyNumberMethods {
        static METHODS: PyNumberMethods = PyNumberMethods {
            remainder: Some(|left, right, vm| match left.downcast_ref::<ObjectValue>() {
                Some(zelf) => {
                    let scope = zelf.binding.data(right, vm)?;
                    zelf.changed(zelf.object.modulo(scope), vm)
                }
                None => Ok(vm.ctx.not_implemented()),
            }),
            // Everything is true, as any object without opinions is.
            boolean: Some(|_, _| Ok(true)),
            ..PyNumberMethods::NOT_IMPLEMENTED
        };
        &METHODS
    }
}

impl Iterable for ObjectValue {
    fn iter(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        let elements = vm.ctx.new_list(zelf.elements(vm)?);
        Ok(elements.as_object().to_owned().get_iter(vm)?.into())
    }
}

impl Comparable for ObjectValue {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        let Some(other) = other.downcast_ref::<Self>() else {
            return Ok(PyComparisonValue::Implemented(match op {
                PyComparisonOp::Eq => false,
                PyComparisonOp::Ne => true,
                // A value of another type always comes later.
                _ if zelf.object.ty().is_simple() => op.eval_ord(Ordering::Less),
                _ => return Ok(PyComparisonValue::NotImplemented),
            }));
        };
        if matches!(op, PyComparisonOp::Eq | PyComparisonOp::Ne) {
            let equal = zelf.outcome(zelf.object.equals(&other.object), vm)?;
            return Ok(PyComparisonValue::Implemented(
                equal == (op == PyComparisonOp::Eq),
            ));
        }
        if zelf.object.ty().is_simple() && zelf.object.ty() != other.object.ty() {
            let less = op.eval_ord(Ordering::Less);
            return Ok(PyComparisonValue::Implemented(less));
        }
        let ordering = zelf.outcome(zelf.object.compare(&other.object), vm)?;
        Ok(match ordering {
            Some(ordering) => PyComparisonValue::Implemented(op.eval_ord(ordering)),
            None => PyComparisonValue::NotImplemented,
        })
    }
}

impl Hashable for ObjectValue {
    fn hash(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<PyHash> {
        zelf.outcome(zelf.object.hash(), vm)
    }
}

impl Representable for ObjectValue {
    fn repr_str(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<String> {
        zelf.outcome(zelf.object.repr(), vm)
    }
}

/// The outcome of `check()`.
#[pyclass(module = "pystachio", name = "TypeCheck")]
#[derive(Debug, PyPayload)]
pub(super) struct CheckValue(Check);

impl CheckValue {
    pub(super) fn new(check: Check) -> Self {
        Self(check)
    }

    pub(super) fn of(passed: bool, message: String) -> Self {
        Self(match passed {
            true => Check::default(),
            false => Check::failed(message),
        })
    }
}

#[pyclass(with(Representable))]
impl CheckValue {
    #[pymethod]
    fn ok(&self) -> bool {
        self.0.is_ok()
    }

    #[pymethod]
    fn message(&self) -> String {
        self.0.message().to_owned()
    }
}

impl Representable for CheckValue {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(if zelf.0.is_ok() {
            "TypeCheck(OK)".to_owned()
        } else {
            format!("TypeCheck(FAILED): {}", zelf.0.message())
        })
    }
}
