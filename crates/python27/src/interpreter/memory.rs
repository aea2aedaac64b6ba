//! Limits of the memory of an evaluation: one operation that asks for too much at once fails before
//! it begins, and growth in many steps is watched from outside.

use std::{cell::Cell, fs};

use rustpython_vm::{
    Py, PyObject, PyResult, VirtualMachine,
    builtins::{PyByteArray, PyBytes, PyInt, PyList, PyStr, PyTuple, PyType},
    protocol::{PyNumberBinaryFunc, PyNumberTernaryFunc, PySequence},
};

type Repeat = fn(PySequence<'_>, isize, &VirtualMachine) -> PyResult;

/// Watches how much this process grows.
#[derive(Debug)]
pub(super) struct Watch {
    /// The size that is too much, in bytes; none where nothing is watched.
    limit: Option<u64>,
}

impl Watch {
    /// From now on the process may grow by so many bytes. Where there is no `/proc/self/status`,
    /// nothing is watched.
    pub(super) fn start(growth: Option<u64>) -> Self {
        let limit = growth.and_then(|growth| Some(resident()?.saturating_add(growth)));
        Self { limit }
    }

    pub(super) fn is_watching(&self) -> bool {
        self.limit.is_some()
    }

    pub(super) fn is_exceeded(&self) -> bool {
        let size = || resident().unwrap_or_default();
        self.limit.is_some_and(|limit| size() > limit)
    }
}

/// The resident memory of this process in bytes.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes << 10)
}

/// The interpreter's own operators of one thread, and what their results may take.
#[derive(Clone, Copy)]
struct Operators {
    limit: u64,
    repeat: [Option<Repeat>; 7],
    power: Option<PyNumberTernaryFunc>,
    shift: Option<PyNumberBinaryFunc>,
}

thread_local! {
    // The operators are plain functions, and the types that they belong to are those of one thread.
    static OPERATORS: Cell<Option<Operators>> = const { Cell::new(None) };
}

const STR: usize = 0;
const LIST: usize = 1;
const TUPLE: usize = 2;
const BYTES: usize = 3;
const BYTE_ARRAY: usize = 4;
const LIST_IN_PLACE: usize = 5;
const BYTE_ARRAY_IN_PLACE: usize = 6;

/// Puts a guard into a slot that is in use, and gives what was there.
macro_rules! put {
    ($slot:expr, $guard:expr) => {{
        let own = $slot.load();
        $slot.store(own.map(|_| $guard as _));
        own
    }};
}

/// Makes `sequence * number`, `a ** b` and `a << b` fail with a `MemoryError` where the result
/// would take more bytes than `limit`: the allocator would end the process without a word about
/// the file.
pub(super) fn guard_operators(limit: u64, vm: &VirtualMachine) {
    let types = &vm.ctx.types;
    let slots = |class: &'static Py<PyType>| &class.slots.as_sequence;
    let (list, byte_array) = (slots(types.list_type), slots(types.bytearray_type));
    let repeat = [
        put!(slots(types.str_type).repeat, repeat::<STR>),
        put!(list.repeat, repeat::<LIST>),
        put!(slots(types.tuple_type).repeat, repeat::<TUPLE>),
        put!(slots(types.bytes_type).repeat, repeat::<BYTES>),
        put!(byte_array.repeat, repeat::<BYTE_ARRAY>),
        put!(list.inplace_repeat, repeat::<LIST_IN_PLACE>),
        put!(byte_array.inplace_repeat, repeat::<BYTE_ARRAY_IN_PLACE>),
    ];
    let number = &types.int_type.slots.as_number;
    let operators = Operators {
        limit,
        repeat,
        power: put!(number.power, power),
        shift: put!(number.lshift, shift),
    };
    OPERATORS.set(Some(operators));
}

fn operators(vm: &VirtualMachine) -> PyResult<Operators> {
    OPERATORS
        .get()
        .ok_or_else(|| vm.new_runtime_error("the operators of another thread"))
}

fn check(bytes: u128, operators: &Operators, vm: &VirtualMachine) -> PyResult<()> {
    if bytes <= u128::from(operators.limit) {
        return Ok(());
    }
    Err(vm.new_memory_error(format!(
        "a value of {} MiB is larger than the {} MiB that the program may use",
        bytes >> 20,
        operators.limit >> 20
    )))
}

fn repeat<const KIND: usize>(
    sequence: PySequence<'_>,
    count: isize,
    vm: &VirtualMachine,
) -> PyResult {
    let operators = operators(vm)?;
    let object = sequence.obj;
    let pointers = |count: usize| count * size_of::<usize>();
    let size = object
        .downcast_ref::<PyStr>()
        .map(|text| text.as_wtf8().len())
        .or_else(|| Some(pointers(object.downcast_ref::<PyList>()?.__len__())))
        .or_else(|| Some(pointers(object.downcast_ref::<PyTuple>()?.len())))
        .or_else(|| Some(object.downcast_ref::<PyBytes>()?.as_bytes().len()))
        .or_else(|| Some(object.downcast_ref::<PyByteArray>()?.borrow_buf().len()));
    let count_of = u128::try_from(count).unwrap_or_default();
    check(size.unwrap_or_default() as u128 * count_of, &operators, vm)?;
    match operators.repeat[KIND] {
        Some(own) => own(sequence, count, vm),
        None => Err(vm.new_type_error("the object cannot be repeated")),
    }
}

fn number(object: &PyObject) -> Option<&PyInt> {
    object.downcast_ref::<PyInt>().map(|number| &**number)
}

fn power(
    base: &PyObject,
    exponent: &PyObject,
    modulus: &PyObject,
    vm: &VirtualMachine,
) -> PyResult {
    let operators = operators(vm)?;
    if vm.is_none(modulus)
        && let (Some(base), Some(exponent)) = (number(base), number(exponent))
    {
        let exponent = u64::try_from(exponent.as_bigint()).unwrap_or_default();
        // Zero, one and minus one stay as small as they are.
        let bits = match base.as_bigint().bits() {
            ..=1 => 0,
            bits => bits - 1,
        };
        check(u128::from(bits) * u128::from(exponent) / 8, &operators, vm)?;
    }
    match operators.power {
        Some(own) => own(base, exponent, modulus, vm),
        None => Ok(vm.ctx.not_implemented()),
    }
}

fn shift(value: &PyObject, by: &PyObject, vm: &VirtualMachine) -> PyResult {
    let operators = operators(vm)?;
    if let (Some(value), Some(by)) = (number(value), number(by))
        && value.as_bigint().bits() > 0
    {
        let by = u64::try_from(by.as_bigint()).unwrap_or_default();
        check(u128::from(by) / 8, &operators, vm)?;
    }
    match operators.shift {
        Some(own) => own(value, by, vm),
        None => Ok(vm.ctx.not_implemented()),
    }
}
