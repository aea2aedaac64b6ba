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
    builtins::{PyDict, PyDictRef, PyInt, PyTypeRef},
};

pub(crate) use builtins::{install, syntax_exception};
pub(crate) use imports::{Surroundings, install as install_imports};
pub(crate) use order::{dict_items, is_plain_dict, set_elements};
pub(crate) use text::{repr, smuggled, str, to_bytes};

/// How the table of a dictionary came to its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// Entry by entry.
    Grown,
    /// From a literal of so many entries.
    Literal(usize),
    /// As a copy of a dictionary of so many entries.
    Copied(usize),
}

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

    /// Whether it is a dictionary that remembers how large its table was made.
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

    /// How large the table of a dictionary was made before anything went into it.
    pub(crate) fn room(&self, obj: &PyObject) -> Room {
        if !self.is_literal(obj) {
            return Room::Grown;
        }
        let noted = obj.dict().and_then(|dict| {
            let (_, value) = dict.items_vec().into_iter().next()?;
            i64::try_from(value.downcast_ref::<PyInt>()?.as_bigint()).ok()
        });
        match noted {
            Some(copied) if copied < 0 => {
                Room::Copied(usize::try_from(-copied).unwrap_or_default())
            }
            Some(keys) => Room::Literal(usize::try_from(keys).unwrap_or_default()),
            None => Room::Grown,
        }
    }

    /// A dictionary that remembers how large its table was made.
    fn with_room(&self, dict: PyObjectRef, room: &Room, vm: &VirtualMachine) -> PyResult {
        let noted = match room {
            Room::Grown => None,
            Room::Literal(keys) => i64::try_from(*keys).ok(),
            Room::Copied(keys) => i64::try_from(*keys).ok().map(|keys| -keys),
        };
        match (noted, self.literal.get()) {
            (Some(noted), Some(class)) => {
                let marked = class.as_object().call((dict,), vm)?;
                marked.set_attr("room", vm.ctx.new_int(noted), vm)?;
                Ok(marked)
            }
            _ => Ok(dict),
        }
    }

    /// `dict(other)` or `other.copy()`.
    fn copied(&self, dict: &PyObject, vm: &VirtualMachine) -> PyResult {
        let items = order::dict_items(dict, self);
        // Smaller ones fit into the smallest table.
        let room = if items.len() > 5 {
            Room::Copied(items.len())
        } else {
            Room::Grown
        };
        let copy = vm.ctx.new_dict();
        for (key, value) in items {
            copy.set_item(key.as_object(), value, vm)?;
        }
        self.with_room(copy.into(), &room, vm)
    }

    fn to_literal(&self, dict: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        match dict.downcast_ref::<PyDict>().map(|dict| dict.__len__()) {
            Some(keys) => self.with_room(dict, &Room::Literal(keys), vm),
            None => Ok(dict),
        }
    }
}
