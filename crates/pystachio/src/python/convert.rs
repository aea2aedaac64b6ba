//! Values of the interpreter as data of the object model and back, and problems as exceptions.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload as _, PyResult, VirtualMachine,
    builtins::{
        PyBaseExceptionRef, PyBool, PyDict, PyFloat, PyInt, PyList, PyStr, PyTuple, PyTypeRef,
    },
    function::FuncArgs,
};

use super::{
    Binding,
    environment::{EnvironmentValue, ReferenceValue},
    object::ObjectValue,
};
use crate::{Data, Dict, DictKind, Error, Foreign, ProblemKind, Text};
use python27::{interpreter::DictForm, parse_int};

/// The arguments of a call: by position, and by name in the order of the source.
pub(super) type Arguments = (Vec<Data>, Vec<(String, Data)>);

impl Binding {
    /// What a value of the interpreter is to the object model.
    pub(super) fn data(&self, obj: &PyObject, vm: &VirtualMachine) -> PyResult<Data> {
        if let Some(object) = obj.downcast_ref::<ObjectValue>() {
            return Ok(object.object().clone().into());
        }
        if let Some(text) = obj.downcast_ref::<PyStr>() {
            let unicode = self.runtime.is_unicode(obj);
            let text = self.runtime.characters(text, vm)?;
            return Ok(Data::Text(if unicode {
                Text::unicode(text)
            } else {
                Text::bytes(text)
            }));
        }
        if vm.is_none(obj) {
            return Ok(Data::None);
        }
        if obj.downcast_ref::<PyBool>().is_some() {
            return Ok(Data::Bool(obj.to_owned().try_to_bool(vm)?));
        }
        if let Some(integer) = obj.downcast_ref::<PyInt>() {
            return Ok(match i64::try_from(integer.as_bigint()) {
                Ok(small) => Data::int(small),
                Err(_) => match parse_int(&integer.to_str_radix_10()) {
                    Some(big) => Data::Int(big.into()),
                    None => Data::None,
                },
            });
        }
        if let Some(float) = obj.downcast_ref::<PyFloat>() {
            return Ok(Data::Float(float.to_f64()));
        }
        if self.is_empty(obj) {
            return Ok(Data::Empty);
        }
        if let Some(environment) = obj.downcast_ref::<EnvironmentValue>() {
            return Ok(Data::Environment(environment.shared()));
        }
        if let Some(reference) = obj.downcast_ref::<ReferenceValue>() {
            return Ok(Data::Reference(reference.reference().clone()));
        }
        vm.with_recursion(" in a value", || self.container(obj, vm))
    }

    fn container(&self, obj: &PyObject, vm: &VirtualMachine) -> PyResult<Data> {
        let all = |elements: &[PyObjectRef]| {
            elements
                .iter()
                .map(|element| self.data(element, vm))
                .collect::<PyResult<Vec<_>>>()
        };
        if let Some(elements) = obj.downcast_ref::<PyList>() {
            let elements = elements.borrow_vec().to_vec();
            return all(&elements).map(Data::List);
        }
        if let Some(elements) = obj.downcast_ref::<PyTuple>() {
            return all(elements.as_slice()).map(Data::Tuple);
        }
        if let Some(dict) = obj.downcast_ref::<PyDict>() {
            let (form, items) = self.runtime.dict_form(dict, vm);
            let kind = match form {
                DictForm::Filled => DictKind::Filled,
                DictForm::Literal => DictKind::Literal,
                DictForm::OrderedClass => DictKind::Frozen,
                _ => DictKind::Ordered,
            };
            let entries = items
                .into_iter()
                .map(|(key, value)| Ok((self.data(&key, vm)?, self.data(&value, vm)?)))
                .collect::<PyResult<Vec<_>>>()?;
            return Ok(Data::Dict(Dict { kind, entries }));
        }
        // `xrange()` and the like. A set has no order of its own, and what can be gone through only
        // once would be empty for the next one: neither is a list.
        let has = |name| obj.class().has_attr(vm.ctx.intern_str(name));
        if has("__iter__")
            && has("__getitem__")
            && let Ok(elements) = obj.to_owned().try_to_value::<Vec<PyObjectRef>>(vm)
        {
            return all(&elements).map(Data::List);
        }
        Ok(Data::Foreign(Foreign {
            type_name: obj.class().name().to_string().into(),
            text: self.runtime.str(obj, vm)?.into(),
            repr: self.runtime.repr(obj, vm)?.into(),
        }))
    }

    /// The arguments of a call.
    pub(super) fn arguments(
        &self,
        arguments: FuncArgs,
        vm: &VirtualMachine,
    ) -> PyResult<Arguments> {
        let args = arguments
            .args
            .iter()
            .map(|value| self.data(value, vm))
            .collect::<PyResult<_>>()?;
        let keywords = arguments
            .kwargs
            .into_iter()
            .map(|(name, value)| Ok((name, self.data(&value, vm)?)))
            .collect::<PyResult<_>>()?;
        Ok((args, keywords))
    }

    /// What data of the object model is to the interpreter.
    pub(super) fn value(self: &Rc<Self>, data: Data, vm: &VirtualMachine) -> PyResult {
        Ok(match data {
            Data::None => vm.ctx.none(),
            Data::Bool(value) => vm.ctx.new_bool(value).into(),
            Data::Int(value) => match value.to_i64() {
                Some(small) => vm.ctx.new_int(small).into(),
                None => {
                    let digits = vm.ctx.new_str(value.to_string());
                    vm.ctx.types.int_type.as_object().call((digits,), vm)?
                }
            },
            Data::Float(value) => vm.ctx.new_float(value).into(),
            Data::Text(text) => {
                let value: PyObjectRef = vm.ctx.new_str(text.text.as_ref()).into();
                if text.unicode {
                    self.runtime.to_unicode(value, vm)?
                } else {
                    value
                }
            }
            Data::List(elements) => vm.ctx.new_list(self.values(elements, vm)?).into(),
            Data::Tuple(elements) => vm.ctx.new_tuple(self.values(elements, vm)?).into(),
            Data::Dict(dict) => {
                let dict = dict.ordered();
                let filled = vm.ctx.new_dict();
                for (key, value) in dict.entries {
                    let (key, value) = (self.value(key, vm)?, self.value(value, vm)?);
                    filled.set_item(key.as_object(), value, vm)?;
                }
                match self.frozen.get() {
                    Some(class) => class.as_object().call((filled,), vm)?,
                    None => filled.into(),
                }
            }
            Data::Empty => self.empty(vm),
            Data::Object(object) => self.wrap(*object, vm),
            Data::Environment(environment) => EnvironmentValue::new(environment, self.clone())
                .into_ref(&vm.ctx)
                .into(),
            Data::Reference(reference) => ReferenceValue::new(reference).into_ref(&vm.ctx).into(),
            Data::Foreign(foreign) => vm.ctx.new_str(foreign.text.as_ref()).into(),
        })
    }

    fn values(
        self: &Rc<Self>,
        elements: Vec<Data>,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<PyObjectRef>> {
        elements
            .into_iter()
            .map(|element| self.value(element, vm))
            .collect()
    }

    /// The exception for a problem of the object model.
    pub(super) fn exception(&self, problem: Error, vm: &VirtualMachine) -> PyBaseExceptionRef {
        let exceptions = &vm.ctx.exceptions;
        let class = match problem.kind() {
            ProblemKind::Attribute => exceptions.attribute_error.to_owned(),
            ProblemKind::Type => exceptions.type_error.to_owned(),
            ProblemKind::Key => exceptions.key_error.to_owned(),
            ProblemKind::Coercion => self.exception_class("CoercionError", vm),
            ProblemKind::Loop | ProblemKind::Size => self.exception_class("Uninterpolatable", vm),
            ProblemKind::Reference => self.exception_class("InvalidRefError", vm),
            ProblemKind::NotFound => self.exception_class("_NotFound", vm),
            ProblemKind::Naming => self.exception_class("_NamingError", vm),
            ProblemKind::Unnamable => self.exception_class("_Unnamable", vm),
            ProblemKind::Index => exceptions.index_error.to_owned(),
            ProblemKind::Value => exceptions.value_error.to_owned(),
        };
        let message = vm.ctx.new_str(problem.to_string());
        let exception = vm.new_exception(class, vec![message.into()]);
        // The other facts travel along, for the message to the user.
        let details = ProblemValue(problem).into_ref(&vm.ctx);
        let _ = exception
            .as_object()
            .set_attr(PROBLEM, PyObjectRef::from(details), vm);
        exception
    }

    fn exception_class(&self, name: &'static str, vm: &VirtualMachine) -> PyTypeRef {
        self.named(name, vm)
            .and_then(|class| class.try_into_value(vm))
            .unwrap_or_else(|_| vm.ctx.exceptions.value_error.to_owned())
    }
}

/// The attribute under which an exception carries its problem.
const PROBLEM: &str = "__problem__";

/// A problem on its way through the interpreter.
#[rustpython_vm::pyclass(module = false, name = "problem")]
#[derive(Debug, rustpython_vm::PyPayload)]
pub(super) struct ProblemValue(Error);

#[rustpython_vm::pyclass]
impl ProblemValue {}

/// The problem that an exception came from, if it came from the object model.
pub(super) fn problem_of(exception: &PyObject, vm: &VirtualMachine) -> Option<crate::Problem> {
    let details = exception.get_attr(PROBLEM, vm).ok()?;
    let problem = details.downcast_ref::<ProblemValue>()?;
    Some(problem.0.clone().into_problem())
}
