//! The run time in the hands of a host.

use std::rc::Rc;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyStr, PyTypeRef},
};

use super::{Types, builtins, order, text};

/// How a dictionary came about, which decides the order of its entries in Python 2.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DictForm {
    /// Its entries were inserted one after another.
    Filled,
    /// It is as a literal of its entries leaves it, which makes room for all of them first.
    Literal,
    /// Neither: the entries come in the order of Python 2.7.
    Ordered,
    /// It is of the class that [`Runtime::set_ordered`] named.
    OrderedClass,
}

/// Python 2.7 in an interpreter: its types, its built-in names and its rules for values.
#[derive(Debug, Clone)]
pub struct Runtime {
    types: Rc<Types>,
    builtin_names: PyDictRef,
}

impl Runtime {
    pub(in crate::interpreter) fn install(hermetic: bool, vm: &VirtualMachine) -> PyResult<Self> {
        let types = Rc::new(Types::default());
        if hermetic {
            types.number_addresses();
        }
        let builtin_names = builtins::install(&types, vm)?;
        Ok(Self {
            types,
            builtin_names,
        })
    }

    /// The built-in names of programs. Code of the host that is to see them needs them as its
    /// `__builtins__`.
    pub fn builtin_names(&self) -> &PyDictRef {
        &self.builtin_names
    }

    /// Whether a value is of the type `unicode`.
    pub fn is_unicode(&self, value: &PyObject) -> bool {
        self.types.is_unicode(value)
    }

    /// Text as `unicode`.
    ///
    /// # Errors
    /// When the class cannot be called.
    pub fn to_unicode(&self, text: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        self.types.to_unicode(text, vm)
    }

    /// The characters of a text. A byte string is decoded as ASCII, as Python 2.7 does where it
    /// needs characters.
    ///
    /// # Errors
    /// `UnicodeDecodeError` when it holds a byte that is not ASCII.
    pub fn characters(&self, value: &PyStr, vm: &VirtualMachine) -> PyResult<String> {
        text::characters(value.as_wtf8(), vm)
    }

    /// Names the class of dictionaries whose entries are in the order of Python 2.7 already.
    pub fn set_ordered(&self, class: PyTypeRef) {
        self.types.set_ordered(class);
    }

    /// The entries of a dictionary and how it came about. Those of [`DictForm::Filled`] and
    /// [`DictForm::Literal`] come in the order of their insertion, the others in that of Python 2.7.
    pub fn dict_form(
        &self,
        dict: &rustpython_vm::Py<rustpython_vm::builtins::PyDict>,
        vm: &VirtualMachine,
    ) -> (DictForm, Vec<(PyObjectRef, PyObjectRef)>) {
        let items = dict.items_vec();
        let dict = dict.as_object();
        if self.types.is_ordered(dict) {
            (DictForm::OrderedClass, items)
        } else if !order::is_plain_dict(dict, vm) {
            (DictForm::Ordered, items)
        } else if self.types.is_as_filled(dict) {
            (DictForm::Filled, items)
        } else if self.types.is_as_written(dict) {
            (DictForm::Literal, items)
        } else {
            (DictForm::Ordered, self.dict_items(dict))
        }
    }

    /// The entries of a dictionary in the order of Python 2.7.
    pub fn dict_items(&self, dict: &PyObject) -> Vec<(PyObjectRef, PyObjectRef)> {
        order::dict_items(dict, &self.types)
    }

    /// The elements of a set in the order of Python 2.7; nothing for other values.
    pub fn set_elements(&self, set: &PyObject) -> Option<Vec<PyObjectRef>> {
        order::set_elements(set, &self.types)
    }

    /// `str(value)` in Python 2.7.
    ///
    /// # Errors
    /// When a method of the value fails.
    pub fn str(&self, value: &PyObject, vm: &VirtualMachine) -> PyResult<String> {
        let text = text::str(value, &self.types, vm)?;
        Ok(text.to_string_lossy().into_owned())
    }

    /// `repr(value)` in Python 2.7.
    ///
    /// # Errors
    /// When a method of the value fails.
    pub fn repr(&self, value: &PyObject, vm: &VirtualMachine) -> PyResult<String> {
        let text = text::repr(value, &self.types, vm)?;
        Ok(text.to_string_lossy().into_owned())
    }
}
