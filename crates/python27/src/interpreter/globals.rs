//! Programs without a host: their names and values.

use std::{cell::RefCell, path::Path, rc::Rc};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBool, PyDict, PyDictRef, PyFloat, PyInt, PyList, PySet, PyStr, PyTuple},
};

use num_bigint::BigInt;

use super::{
    Afterwards, Error, Host, Options, Outcome, Session,
    host::Names,
    run::run_with,
    runtime::{self, Runtime},
};
use crate::parse_int;

/// A value of a program.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// `int` or `long`.
    Int(BigInt),
    /// `float`.
    Float(f64),
    /// `str` or `unicode`; bytes that are not UTF-8 are replaced.
    Text(String),
    /// `list`.
    List(Vec<Self>),
    /// `tuple`.
    Tuple(Vec<Self>),
    /// `set`, in the order of Python 2.7.
    Set(Vec<Self>),
    /// `dict`, in the order of Python 2.7.
    Dict(Vec<(Self, Self)>),
    /// Anything else: functions, classes, modules, objects, and a container inside itself.
    Other {
        /// The name of its type.
        type_name: String,
        /// `repr()` of it.
        repr: String,
    },
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Runs the text of a program, and gives the names of its namespace with their values, sorted by
/// name. Names that begin with two underscores are left out.
///
/// # Errors
/// When the text is not a program, raises an exception, ends itself or goes beyond a limit.
pub fn run(source: &str, options: &Options) -> Result<Outcome<Vec<(String, Value)>>, Error> {
    run_with(Path::new("<program>"), source.as_bytes(), options, start)
}

/// As [`run`], of a file.
///
/// # Errors
/// As [`run`], and when the file cannot be read.
pub fn run_file(path: &Path, options: &Options) -> Result<Outcome<Vec<(String, Value)>>, Error> {
    let source = std::fs::read(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    run_with(path, &source, options, start)
}

fn start(runtime: &Runtime, _vm: &VirtualMachine) -> PyResult<Globals> {
    Ok(Globals {
        runtime: runtime.clone(),
        open: RefCell::default(),
    })
}

/// The host of programs that are run for their values.
pub(super) struct Globals {
    runtime: Runtime,
    /// The containers that are being read, outermost first.
    open: RefCell<Vec<usize>>,
}

impl Host for Globals {
    type Output = Vec<(String, Value)>;

    fn names(&self, vm: &VirtualMachine) -> Names {
        let text = |text: &str| -> PyObjectRef { vm.ctx.new_str(text).into() };
        vec![(text("__name__"), text("__main__"))]
    }

    fn finish(
        self,
        globals: &PyDictRef,
        _session: &Rc<Session>,
        vm: &VirtualMachine,
    ) -> PyResult<(Self::Output, Option<Afterwards>)> {
        let mut values = Vec::new();
        for (name, value) in globals.items_vec() {
            let name = name.str(vm)?.to_string_lossy().into_owned();
            // `include` is a function of ours.
            if !name.starts_with("__") && name != "include" {
                values.push((name, self.value(&value, vm)?));
            }
        }
        values.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok((values, None))
    }
}

impl Globals {
    fn values(&self, values: &[PyObjectRef], vm: &VirtualMachine) -> PyResult<Vec<Value>> {
        values.iter().map(|value| self.value(value, vm)).collect()
    }

    fn value(&self, value: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
        if vm.is_none(value) {
            return Ok(Value::None);
        }
        if value.downcast_ref::<PyBool>().is_some() {
            return Ok(Value::Bool(value.to_owned().try_to_bool(vm)?));
        }
        if let Some(integer) = value.downcast_ref::<PyInt>() {
            let number = parse_int(&integer.to_str_radix_10()).unwrap_or_default();
            return Ok(Value::Int(number));
        }
        if let Some(float) = value.downcast_ref::<PyFloat>() {
            return Ok(Value::Float(float.to_f64()));
        }
        if let Some(text) = value.downcast_ref::<PyStr>() {
            let bytes = runtime::to_bytes(text.as_wtf8());
            return Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned()));
        }
        let id = value.get_id();
        if self.open.borrow().contains(&id) {
            return self.other(value, vm);
        }
        self.open.borrow_mut().push(id);
        let read = vm.with_recursion(" in a value", || self.container(value, vm));
        self.open.borrow_mut().pop();
        read
    }

    fn container(&self, value: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
        if let Some(list) = value.downcast_ref::<PyList>() {
            let elements = list.borrow_vec().to_vec();
            return self.values(&elements, vm).map(Value::List);
        }
        if let Some(tuple) = value.downcast_ref::<PyTuple>() {
            return self.values(tuple.as_slice(), vm).map(Value::Tuple);
        }
        if value.downcast_ref::<PySet>().is_some() {
            let elements = self.runtime.set_elements(value).unwrap_or_default();
            return self.values(&elements, vm).map(Value::Set);
        }
        if value.downcast_ref::<PyDict>().is_some() {
            let entries = self.runtime.dict_items(value).into_iter();
            let entries =
                entries.map(|(key, value)| Ok((self.value(&key, vm)?, self.value(&value, vm)?)));
            return Ok(Value::Dict(entries.collect::<PyResult<_>>()?));
        }
        self.other(value, vm)
    }

    fn other(&self, value: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
        Ok(Value::Other {
            type_name: value.class().name().to_string(),
            repr: self.runtime.repr(value, vm)?,
        })
    }
}
