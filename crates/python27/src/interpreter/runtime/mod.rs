//! The Python 2.7 run time: the built-in names of programs, and the functions that the
//! front end puts in place of what Python 3 does differently.

mod builtins;
mod compare;
mod dicts;
mod errors;
mod format;
mod imports;
mod methods;
mod operators;
mod order;
mod percent;
mod public;
mod sets;
mod tables;
mod text;
mod types;
mod whole;

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyDictRef, PyStr, PyTypeRef},
    common::wtf8::Wtf8Buf,
    frame::FrameRef,
};

use tables::Tables;

pub(crate) use builtins::syntax_exception;
pub(crate) use errors::{class_name, io_error};
pub(crate) use imports::{Imports, install as install_imports};
pub use public::{DictForm, Runtime};
pub(crate) use text::{path_of, path_text, to_bytes};

/// The number of the first object whose address a hermetic program sees, and the distance to the
/// next.
const FIRST_ADDRESS: usize = 0x7f00_0000_1000;
const ADDRESS_STEP: usize = 0x40;

/// Numbers by the addresses that they stand for, each with what has the address.
type Numbers = HashMap<usize, (usize, Option<PyObjectRef>)>;

/// The classes of the prelude that native code has to know.
#[derive(Debug, Default)]
pub(crate) struct Types {
    unicode: OnceCell<PyTypeRef>,
    long: OnceCell<PyTypeRef>,
    basestring: OnceCell<PyTypeRef>,
    ordered: OnceCell<PyTypeRef>,
    names: OnceCell<PyDictRef>,
    tables: Tables,
    /// The numbers that stand for addresses in a hermetic program, with what has them.
    numbered: RefCell<Option<Numbers>>,
    /// The exception that was handled last, and the function that did.
    handled: RefCell<Option<(FrameRef, PyObjectRef)>>,
    /// What `repr` is at work on, outermost first.
    shown: RefCell<Vec<usize>>,
}

impl Types {
    fn is_exactly(cell: &OnceCell<PyTypeRef>, obj: &PyObject) -> bool {
        cell.get().is_some_and(|class| obj.class().is(class))
    }

    /// Whether it is text from a `u''` literal or the like.
    pub(crate) fn is_unicode(&self, obj: &PyObject) -> bool {
        self.unicode.get().is_some_and(|class| {
            obj.class().is(class)
                || (obj.downcast_ref::<PyStr>().is_some() && obj.class().fast_issubclass(class))
        })
    }

    /// Whether it is a dictionary whose entries are in Python 2's order already.
    pub(crate) fn is_ordered(&self, obj: &PyObject) -> bool {
        Self::is_exactly(&self.ordered, obj)
    }

    /// The text of a container that may hold itself: there it is cut short.
    fn inside(
        &self,
        obj: &PyObject,
        short: &str,
        vm: &VirtualMachine,
        work: impl FnOnce() -> PyResult<Wtf8Buf>,
    ) -> PyResult<Wtf8Buf> {
        let id = obj.get_id();
        if self.shown.borrow().contains(&id) {
            return Ok(short.into());
        }
        self.shown.borrow_mut().push(id);
        let result = vm.with_recursion("while getting the repr of an object", work);
        self.shown.borrow_mut().pop();
        result
    }

    /// From now on addresses are numbers that are the same each time.
    pub(crate) fn number_addresses(&self) {
        *self.numbered.borrow_mut() = Some(HashMap::new());
    }

    /// `id(obj)`.
    fn identity(&self, obj: &PyObject) -> usize {
        self.number(obj.get_id(), Some(obj))
    }

    fn number(&self, address: usize, obj: Option<&PyObject>) -> usize {
        let mut numbered = self.numbered.borrow_mut();
        let Some(numbered) = numbered.as_mut() else {
            return address;
        };
        let next = FIRST_ADDRESS + ADDRESS_STEP * numbered.len();
        let (number, kept) = numbered.entry(address).or_insert((next, None));
        // It stays, so that nothing else gets its address.
        if kept.is_none() {
            *kept = obj.map(ToOwned::to_owned);
        }
        *number
    }

    /// The text of a value, with numbers for the addresses in it.
    fn with_numbers(&self, obj: &PyObject, text: Wtf8Buf) -> Wtf8Buf {
        const MARK: &str = " at 0x";
        if self.numbered.borrow().is_none() {
            return text;
        }
        let Ok(words) = text.as_str() else {
            return text;
        };
        let mut parts = words.split(MARK);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part
                .find(|c: char| !c.is_ascii_hexdigit())
                .unwrap_or(part.len());
            let (digits, rest) = part.split_at(end);
            out.push_str(MARK);
            match usize::from_str_radix(digits, 16) {
                Ok(address) => {
                    let own = (address == obj.get_id()).then_some(obj);
                    out.push_str(&format!("{:x}", self.number(address, own)));
                }
                Err(_) => out.push_str(digits),
            }
            out.push_str(rest);
        }
        out.into()
    }

    /// Notes an exception that is being handled: `sys.exc_info()` shows it until the function ends.
    fn set_handled(&self, exception: PyObjectRef, vm: &VirtualMachine) {
        *self.handled.borrow_mut() = vm.current_frame().map(|frame| (frame, exception));
    }

    /// The exception that a function handled which still runs.
    fn last_handled(&self, vm: &VirtualMachine) -> Option<PyObjectRef> {
        let (handler, exception) = self.handled.borrow().clone()?;
        let mut next = vm.current_frame();
        while let Some(frame) = next {
            if frame.is(&handler) {
                return Some(exception);
            }
            next = frame.f_back(vm);
        }
        None
    }

    /// Whether it is a class of the prelude that replaces a built-in type of Python 2.
    pub(crate) fn is_own_class(&self, class: &PyObject) -> bool {
        [&self.unicode, &self.long, &self.basestring]
            .into_iter()
            .any(|cell| cell.get().is_some_and(|own| class.is(own)))
    }

    /// Names the class of dictionaries whose entries are in Python 2's order already.
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

    /// Whether a dictionary is as a literal of its entries leaves it.
    pub(crate) fn is_as_written(&self, dict: &PyObject) -> bool {
        let keys = tables::keys_of(dict);
        let mut written = tables::Table::presized(keys.len());
        keys.into_iter().for_each(|key| written.insert(key));
        self.tables.of(dict).layout.is_same(&written.layout)
    }

    /// Whether a dictionary is as inserting its entries one after another leaves it.
    pub(crate) fn is_as_filled(&self, dict: &PyObject) -> bool {
        let mut filled = tables::Table::default();
        tables::keys_of(dict)
            .into_iter()
            .for_each(|key| filled.insert(key));
        self.tables.of(dict).layout.is_same(&filled.layout)
    }
}
