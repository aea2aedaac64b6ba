//! Whole numbers: those beyond 64 bits are `long`, and what is computed of a `long` stays one.

use std::cell::{Cell, RefCell};

use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload as _, PyResult, VirtualMachine,
    builtins::{PyBool, PyInt, PyTuple, PyTypeRef},
    protocol::{PyNumber, PyNumberBinaryFunc, PyNumberMethods, PyNumberTernaryFunc},
    types::AsNumber as _,
};

thread_local! {
    /// The class of this thread's run.
    static LONG: RefCell<Option<PyTypeRef>> = const { RefCell::new(None) };
}

/// Whether a number has no room in 64 bits.
pub(super) fn is_big(obj: &PyObject, vm: &VirtualMachine) -> bool {
    obj.downcast_ref_if_exact::<PyInt>(vm)
        .is_some_and(|int| i64::try_from(int.as_bigint()).is_err())
}

/// A result as `long` if it is big, or if something that it was computed of was a `long`.
pub(super) fn settled(
    result: PyObjectRef,
    long_before: bool,
    long: &PyTypeRef,
    vm: &VirtualMachine,
) -> PyResult {
    if let Some(parts) = result.downcast_ref_if_exact::<PyTuple>(vm) {
        let parts = parts.as_slice().iter();
        let parts = parts.map(|part| settled(part.clone(), long_before, long, vm));
        let parts = parts.collect::<PyResult<Vec<_>>>()?;
        return Ok(vm.ctx.new_tuple(parts).into());
    }
    match result.downcast_ref_if_exact::<PyInt>(vm) {
        Some(int) if long_before || is_big(&result, vm) => {
            let made = PyInt::from(int.as_bigint().clone());
            Ok(made.into_ref_with_type(vm, long.clone())?.into())
        }
        _ => Ok(result),
    }
}

fn settle(result: PyObjectRef, operands: &[&PyObject], vm: &VirtualMachine) -> PyResult {
    LONG.with(|long| match &*long.borrow() {
        Some(long) => {
            let before = operands
                .iter()
                .any(|obj| is_big(obj, vm) || obj.class().fast_issubclass(long));
            settled(result, before, long, vm)
        }
        None => Ok(result),
    })
}

/// Replaces operators on whole numbers by those that know `long`.
macro_rules! replace {
    ($class:expr, $native:ident, unary: $($unary:ident)*; binary: $($name:ident $right:ident)*;) => {{
        let numbers = &$class.slots.as_number;
        $(
            fn $unary(number: PyNumber<'_>, vm: &VirtualMachine) -> PyResult {
                let operand = number.obj;
                match $native().$unary {
                    Some(native) => settle(native(number, vm)?, &[operand], vm),
                    None => Ok(vm.ctx.not_implemented()),
                }
            }
            numbers.$unary.store(Some($unary));
        )*
        $(
            fn $name(a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
                match $native().$name {
                    Some(native) => settle(native(a, b, vm)?, &[a, b], vm),
                    None => Ok(vm.ctx.not_implemented()),
                }
            }
            numbers.$name.store(Some($name));
            numbers.$right.store(Some($name));
        )*
    }};
}

fn integers() -> &'static PyNumberMethods {
    PyInt::as_number()
}

fn truths() -> &'static PyNumberMethods {
    PyBool::as_number()
}

/// What was in the slots of operators that may have a guard already.
#[derive(Clone, Copy)]
struct Guarded {
    power: Option<PyNumberTernaryFunc>,
    lshift: Option<PyNumberBinaryFunc>,
}

thread_local! {
    static GUARDED: Cell<Guarded> = const { Cell::new(Guarded { power: None, lshift: None }) };
}

fn lshift(a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
    match GUARDED.get().lshift {
        Some(native) => settle(native(a, b, vm)?, &[a, b], vm),
        None => Ok(vm.ctx.not_implemented()),
    }
}

fn power(a: &PyObject, b: &PyObject, modulus: &PyObject, vm: &VirtualMachine) -> PyResult {
    match GUARDED.get().power {
        Some(native) => settle(native(a, b, modulus, vm)?, &[a, b, modulus], vm),
        None => Ok(vm.ctx.not_implemented()),
    }
}

/// Makes arithmetic keep `long`, for `int`, `bool` and classes derived from `int` from now on.
pub(super) fn install(vm: &VirtualMachine) {
    let known = &vm.ctx.types;
    let numbers = &known.int_type.slots.as_number;
    GUARDED.set(Guarded {
        power: numbers.power.load(),
        lshift: numbers.lshift.load(),
    });
    for class in [known.int_type, known.bool_type] {
        replace!(class, integers, unary: negative positive absolute invert; binary:
            add right_add subtract right_subtract multiply right_multiply
            remainder right_remainder divmod right_divmod floor_divide right_floor_divide
            and right_and xor right_xor or right_or;);
        class.slots.as_number.lshift.store(Some(lshift));
        class.slots.as_number.right_lshift.store(Some(lshift));
        class.slots.as_number.power.store(Some(power));
        class.slots.as_number.right_power.store(Some(power));
    }
    replace!(known.bool_type, truths, unary: ; binary: and right_and xor right_xor or right_or;);
}

/// Names the class of `long`.
pub(super) fn set_class(long: &PyTypeRef) {
    LONG.with(|known| *known.borrow_mut() = Some(long.clone()));
}
