//! `Environment` and `Ref`.

use std::{rc::Rc, sync::Arc};

use rustpython_vm::{
    Py, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine,
    common::hash::PyHash,
    function::PyComparisonValue,
    pyclass,
    types::{Comparable, Hashable, PyComparisonOp, Representable},
};

use super::{Binding, object::reference_of};
use crate::{Data, Environment, Found, Reference};
use python27::hash_text;

/// A table from references to values.
#[pyclass(module = "pystachio", name = "Environment")]
#[derive(Debug, PyPayload)]
pub(super) struct EnvironmentValue {
    environment: Arc<Environment>,
    binding: Rc<Binding>,
}

impl EnvironmentValue {
    pub(super) fn new(environment: Arc<Environment>, binding: Rc<Binding>) -> Self {
        Self {
            environment,
            binding,
        }
    }

    pub(super) fn shared(&self) -> Arc<Environment> {
        self.environment.clone()
    }
}

#[pyclass(with(Representable))]
impl EnvironmentValue {
    #[pymethod]
    fn __copy__(&self) -> Self {
        Self::new(self.environment.clone(), self.binding.clone())
    }

    #[pymethod]
    fn __deepcopy__(&self, _memo: PyObjectRef) -> Self {
        self.__copy__()
    }

    #[pymethod]
    fn find(&self, reference: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let reference = reference_of(&reference, &self.binding, vm)?;
        match self.environment.find(&reference) {
            Ok(Found::Text(text)) => self.binding.value(Data::text(text), vm),
            Ok(Found::Object(object)) => Ok(self.binding.wrap(object, vm)),
            Err(problem) => Err(self.binding.exception(problem, vm)),
        }
    }
}

impl Representable for EnvironmentValue {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(zelf.environment.to_string())
    }
}

/// An address such as `a.b[c]`.
#[pyclass(module = "pystachio", name = "Ref")]
#[derive(Debug, PyPayload)]
pub(super) struct ReferenceValue(Reference);

impl ReferenceValue {
    pub(super) fn new(reference: Reference) -> Self {
        Self(reference)
    }

    pub(super) fn reference(&self) -> &Reference {
        &self.0
    }
}

#[pyclass(with(Comparable, Hashable, Representable))]
impl ReferenceValue {
    #[pymethod]
    fn __copy__(&self) -> Self {
        Self::new(self.0.clone())
    }

    #[pymethod]
    fn __deepcopy__(&self, _memo: PyObjectRef) -> Self {
        self.__copy__()
    }

    #[pymethod]
    fn address(&self) -> String {
        self.0.to_string()
    }

    #[pyslot]
    fn slot_str(
        zelf: &PyObject,
        vm: &VirtualMachine,
    ) -> PyResult<rustpython_vm::builtins::PyStrRef> {
        let tag = zelf
            .downcast_ref::<Self>()
            .map(|zelf| zelf.0.tag())
            .unwrap_or_default();
        Ok(vm.ctx.new_str(tag))
    }
}

impl Comparable for ReferenceValue {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        _vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        Ok(match other.downcast_ref::<Self>() {
            Some(other) => PyComparisonValue::Implemented(op.eval_ord(zelf.0.cmp(&other.0))),
            None => PyComparisonValue::NotImplemented,
        })
    }
}

impl Hashable for ReferenceValue {
    fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<PyHash> {
        Ok(hash_text(&zelf.0.tag()))
    }
}

impl Representable for ReferenceValue {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(format!("Ref({})", zelf.0))
    }
}
