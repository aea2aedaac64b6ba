//! The Python 2.7 run time: the built-in names of configuration files, and the functions that the
//! front end puts in place of what Python 3 does differently.

mod builtins;
mod compare;
mod imports;
mod methods;
mod order;
mod text;

use std::cell::OnceCell;

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDict, PyDictRef, PyTypeRef},
};

pub(crate) use builtins::{install, syntax_exception};
pub(crate) use imports::{Surroundings, install as install_imports};
pub(crate) use order::{is_plain_dict, set_elements};
pub(crate) use text::{repr, smuggled, str, to_bytes};

/// The classes of the prelude that native code has to know.
#[derive(Debug, Default)]
pub(crate) struct Types {
    unicode: OnceCell<PyTypeRef>,
    literal: OnceCell<PyTypeRef>,
    ordered: OnceCell<PyTypeRef>,
    names: OnceCell<PyDictRef>,
}

impl Types {
    fn is_exactly(cell: &OnceCell<PyTypeRef>, obj: &PyObject) -> bool {
        cell.get().is_some_and(|class| obj.class().is(class))
    }

    /// Whether it is text from a `u''` literal or the like.
    pub(crate) fn is_unicode(&self, obj: &PyObject) -> bool {
        Self::is_exactly(&self.unicode, obj)
    }

    /// Whether it is a dictionary from a literal of more than five entries.
    pub(crate) fn is_literal(&self, obj: &PyObject) -> bool {
        Self::is_exactly(&self.literal, obj)
    }

    /// Whether it is a dictionary whose entries stand in Python 2's order already.
    pub(crate) fn is_ordered(&self, obj: &PyObject) -> bool {
        Self::is_exactly(&self.ordered, obj)
    }

    /// Names the class of dictionaries whose entries stand in Python 2's order already.
    pub(crate) fn set_ordered(&self, class: PyTypeRef) {
        let _ = self.ordered.set(class);
    }

    /// The text as `unicode`.
    pub(crate) fn to_unicode(&self, text: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        match self.unicode.get() {
            Some(class) if !self.is_unicode(&text) => class.as_object().call((text,), vm),
            _ => Ok(text),
        }
    }

    /// A function of the prelude.
    fn helper(&self, name: &'static str, vm: &VirtualMachine) -> PyResult {
        match self.names.get() {
            Some(names) => names.get_item(name, vm),
            None => Err(vm.new_runtime_error("the prelude is not loaded")),
        }
    }

    fn to_literal(&self, dict: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        match self.literal.get() {
            Some(class) if dict.downcast_ref::<PyDict>().is_some() => {
                class.as_object().call((dict,), vm)
            }
            _ => Ok(dict),
        }
    }
}
