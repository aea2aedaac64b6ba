//! `sys.stdout` and `sys.stderr` of a program: whatever is written goes to the caller.

use std::{cell::Cell, fmt, rc::Rc};

use rustpython_vm::{
    Py, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
    builtins::{PyStr, PyStrRef, PyType},
    class::PyClassImpl as _,
    pyclass,
};

use super::{OutputStream, runtime};

/// Takes what a program prints.
pub(super) type Writer = dyn Fn(OutputStream, &[u8]);

/// A text stream that ends in the caller's hands.
#[pyclass(module = "sys", name = "file")]
pub(super) struct Output {
    stream: OutputStream,
    writer: Rc<Writer>,
    softspace: Cell<bool>,
}

impl PyPayload for Output {
    fn class(_ctx: &rustpython_vm::Context) -> &'static Py<PyType> {
        <Self as rustpython_vm::class::StaticType>::static_type()
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Output({:?})", self.stream)
    }
}

/// Puts our streams in place of the interpreter's.
pub(super) fn install(writer: Rc<Writer>, vm: &VirtualMachine) -> PyResult<()> {
    Output::make_static_type();
    for (stream, name, original) in [
        (OutputStream::Stdout, "stdout", "__stdout__"),
        (OutputStream::Stderr, "stderr", "__stderr__"),
    ] {
        let output: PyObjectRef = Output {
            stream,
            writer: writer.clone(),
            softspace: Cell::new(false),
        }
        .into_ref(&vm.ctx)
        .into();
        vm.sys_module.set_attr(name, output.clone(), vm)?;
        vm.sys_module.set_attr(original, output, vm)?;
    }
    Ok(())
}

#[pyclass]
impl Output {
    #[pymethod]
    fn write(&self, text: PyStrRef) -> usize {
        let text: &Py<PyStr> = &text;
        (self.writer)(self.stream, &runtime::to_bytes(text.as_wtf8()));
        // After a direct write, `print` puts no blank before its next word.
        self.softspace.set(false);
        text.char_len()
    }

    #[pymethod]
    fn writelines(zelf: PyRef<Self>, lines: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        for line in lines.try_to_value::<Vec<PyStrRef>>(vm)? {
            zelf.write(line);
        }
        Ok(())
    }

    #[pymethod]
    fn flush(&self) {}

    #[pymethod]
    fn isatty(&self) -> bool {
        false
    }

    #[pymethod]
    fn fileno(&self) -> i32 {
        match self.stream {
            OutputStream::Stdout => 1,
            OutputStream::Stderr => 2,
        }
    }

    #[pygetset]
    fn softspace(&self) -> bool {
        self.softspace.get()
    }

    #[pygetset(setter)]
    fn set_softspace(&self, value: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        self.softspace.set(value.try_to_bool(vm)?);
        Ok(())
    }

    #[pygetset]
    fn encoding(&self) -> &'static str {
        "utf-8"
    }

    #[pygetset]
    fn errors(&self) -> &'static str {
        "surrogateescape"
    }

    #[pygetset]
    fn closed(&self) -> bool {
        false
    }
}
