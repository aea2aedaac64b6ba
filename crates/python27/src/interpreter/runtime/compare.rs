//! Comparisons of Python 2: everything has an order, and sorting is CPython's.

use std::cmp::Ordering;

use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBool, PyDict, PyFloat, PyInt, PyList, PyTuple},
    types::PyComparisonOp,
};

/// `a < b` and the like.
pub(crate) fn rich(
    a: &PyObjectRef,
    b: &PyObjectRef,
    op: PyComparisonOp,
    vm: &VirtualMachine,
) -> PyResult {
    match a.clone().rich_compare(b.clone(), op, vm) {
        Err(error) if is_order_error(&error, vm) => {
            let ordering = order(a, b, vm)?;
            Ok(vm.ctx.new_bool(holds(op, ordering)).into())
        }
        result => result,
    }
}

fn holds(op: PyComparisonOp, ordering: Ordering) -> bool {
    match op {
        PyComparisonOp::Lt => ordering.is_lt(),
        PyComparisonOp::Le => ordering.is_le(),
        PyComparisonOp::Gt => ordering.is_gt(),
        PyComparisonOp::Ge => ordering.is_ge(),
        PyComparisonOp::Eq => ordering.is_eq(),
        PyComparisonOp::Ne => ordering.is_ne(),
    }
}

/// Whether Python 3 refused to compare, as opposed to an error in somebody's own method.
fn is_order_error(
    error: &rustpython_vm::builtins::PyBaseExceptionRef,
    vm: &VirtualMachine,
) -> bool {
    error.class().is(vm.ctx.exceptions.type_error)
        && error.as_object().str(vm).is_ok_and(|text| {
            text.to_string_lossy()
                .contains("not supported between instances")
        })
}

fn truth(
    a: &PyObjectRef,
    b: &PyObjectRef,
    op: PyComparisonOp,
    vm: &VirtualMachine,
) -> PyResult<Option<bool>> {
    match a.rich_compare_bool(b, op, vm) {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_order_error(&error, vm) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `cmp(a, b)`.
pub(crate) fn order(a: &PyObjectRef, b: &PyObjectRef, vm: &VirtualMachine) -> PyResult<Ordering> {
    if truth(a, b, PyComparisonOp::Eq, vm)? == Some(true) {
        return Ok(Ordering::Equal);
    }
    match truth(a, b, PyComparisonOp::Lt, vm)? {
        // What is not a number is neither less nor more: the types decide.
        Some(false) if is_nan(a) || is_nan(b) => {
            let truth = |obj: &PyObject| obj.downcast_ref::<PyBool>().is_some();
            return Ok(if truth(b) {
                Ordering::Greater
            } else {
                Ordering::Less
            });
        }
        Some(true) => return Ok(Ordering::Less),
        Some(false) => return Ok(Ordering::Greater),
        None => {}
    }
    if let Some(elements) = sequences(a, b) {
        let (left, right) = elements;
        return vm.with_recursion(" in cmp", || {
            for (x, y) in left.iter().zip(&right) {
                let ordering = order(x, y, vm)?;
                if ordering.is_ne() {
                    return Ok(ordering);
                }
            }
            Ok(left.len().cmp(&right.len()))
        });
    }
    if let (Some(a), Some(b)) = (a.downcast_ref::<PyDict>(), b.downcast_ref::<PyDict>()) {
        return vm.with_recursion(" in cmp", || dictionaries(a, b, vm));
    }
    Ok(rank(a, vm).cmp(&rank(b, vm)))
}

fn is_nan(obj: &PyObject) -> bool {
    obj.downcast_ref::<PyFloat>()
        .is_some_and(|float| float.to_f64().is_nan())
}

/// The smaller dictionary comes first; then the least key at which they differ decides, and last
/// what is there.
fn dictionaries(a: &Py<PyDict>, b: &Py<PyDict>, vm: &VirtualMachine) -> PyResult<Ordering> {
    let sizes = a.items_vec().len().cmp(&b.items_vec().len());
    if sizes.is_ne() {
        return Ok(sizes);
    }
    let Some((left, left_value)) = first_difference(a, b, vm)? else {
        return Ok(Ordering::Equal);
    };
    let Some((right, right_value)) = first_difference(b, a, vm)? else {
        return Ok(Ordering::Equal);
    };
    match order(&left, &right, vm)? {
        Ordering::Equal => order(&left_value, &right_value, vm),
        other => Ok(other),
    }
}

fn first_difference(
    a: &Py<PyDict>,
    b: &Py<PyDict>,
    vm: &VirtualMachine,
) -> PyResult<Option<(PyObjectRef, PyObjectRef)>> {
    let mut first: Option<(PyObjectRef, PyObjectRef)> = None;
    for (key, value) in a.items_vec() {
        let least = match &first {
            Some((known, _)) => order(&key, known, vm)?.is_lt(),
            None => true,
        };
        if !least {
            continue;
        }
        let same = match b.get_item_opt(&*key, vm)? {
            Some(other) => vm.identical_or_equal(&value, &other)?,
            None => false,
        };
        if !same {
            first = Some((key, value));
        }
    }
    Ok(first)
}

type Pair = (Vec<PyObjectRef>, Vec<PyObjectRef>);

fn sequences(a: &PyObject, b: &PyObject) -> Option<Pair> {
    if let (Some(a), Some(b)) = (a.downcast_ref::<PyList>(), b.downcast_ref::<PyList>()) {
        return Some((a.borrow_vec().to_vec(), b.borrow_vec().to_vec()));
    }
    let (a, b) = (a.downcast_ref::<PyTuple>()?, b.downcast_ref::<PyTuple>()?);
    Some((a.as_slice().to_vec(), b.as_slice().to_vec()))
}

/// Things of different types are ordered by the names of their types; `None` comes first, then
/// numbers.
fn rank(obj: &PyObject, vm: &VirtualMachine) -> (u8, String) {
    if vm.is_none(obj) {
        (0, String::new())
    } else if obj.downcast_ref::<PyInt>().is_some() || obj.downcast_ref::<PyFloat>().is_some() {
        (1, String::new())
    } else {
        (1, super::errors::class_name(obj.class()))
    }
}

/// Sorts as CPython does, so that even an order that is none (that of mixed types is not
/// transitive) comes out the same for what people sort in programs.
pub(crate) fn sort<T: Clone>(
    items: &mut Vec<T>,
    less: &mut dyn FnMut(&T, &T) -> PyResult<bool>,
) -> PyResult<()> {
    const BINARY: usize = 64;
    if items.len() < BINARY {
        return binary_insertion(items, less);
    }
    let right = items.split_off(items.len() / 2);
    let mut left = std::mem::take(items);
    let mut right = right;
    sort(&mut left, less)?;
    sort(&mut right, less)?;
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if less(b, a)? {
            right.next()
        } else {
            left.next()
        };
        items.extend(next);
    }
    items.extend(left);
    items.extend(right);
    Ok(())
}

fn binary_insertion<T: Clone>(
    items: &mut [T],
    less: &mut dyn FnMut(&T, &T) -> PyResult<bool>,
) -> PyResult<()> {
    let start = first_run(items, less)?;
    for index in start..items.len() {
        let Some(pivot) = items.get(index).cloned() else {
            break;
        };
        let (mut low, mut high) = (0, index);
        while low < high {
            let middle = low + (high - low) / 2;
            match items.get(middle) {
                Some(other) if less(&pivot, other)? => high = middle,
                _ => low = middle + 1,
            }
        }
        if let Some(range) = items.get_mut(low..=index) {
            range.rotate_right(1);
        }
    }
    Ok(())
}

/// The length of what is sorted already at the beginning; a falling run is turned round.
fn first_run<T>(
    items: &mut [T],
    less: &mut dyn FnMut(&T, &T) -> PyResult<bool>,
) -> PyResult<usize> {
    let [first, second, ..] = items else {
        return Ok(items.len());
    };
    let falling = less(second, first)?;
    let mut length = 2;
    while let (Some(before), Some(next)) = (items.get(length - 1), items.get(length)) {
        if less(next, before)? != falling {
            break;
        }
        length += 1;
    }
    if falling && let Some(run) = items.get_mut(..length) {
        run.reverse();
    }
    Ok(length)
}
