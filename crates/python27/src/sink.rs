//! Where a program prints to. It needs no interpreter, so that callers without one can pass it on.

use std::{fmt, sync::Arc};

/// A stream that a program can print to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputStream {
    /// `sys.stdout`, and `print`.
    Stdout,
    /// `sys.stderr`.
    Stderr,
}

/// Takes what a program prints. It is called on the thread of the interpreter.
#[derive(Clone)]
pub struct OutputSink(Arc<Sink>);

type Sink = dyn Fn(OutputStream, &[u8]) + Send + Sync;

impl OutputSink {
    /// Passes every piece of output to a function.
    pub fn new(sink: impl Fn(OutputStream, &[u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// Passes one piece of output on.
    pub fn write(&self, stream: OutputStream, bytes: &[u8]) {
        (self.0)(stream, bytes);
    }
}

impl fmt::Debug for OutputSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutputSink")
    }
}
