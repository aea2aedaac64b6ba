//! The call in a program that the interpreter is carrying out.

use std::sync::Arc;

use rustpython_vm::{VirtualMachine, frame::FrameRef};

use super::Binding;
use crate::Call;

/// A line and a column, counted from 1.
type Position = (u32, u32);

/// Where the instruction begins and ends that a frame is at.
fn position(frame: &FrameRef) -> Option<(Position, Position)> {
    let done = usize::try_from(frame.lasti()).ok()?.checked_sub(1)?;
    let (start, end) = frame.code.locations.get(done)?;
    let place =
        |line: usize, column: usize| Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?));
    Some((
        place(start.line.get(), start.character_offset.get())?,
        place(end.line.get(), end.character_offset.get())?,
    ))
}

impl Binding {
    /// The innermost call in a file; code of our own and `exec` have names in angle brackets.
    pub(super) fn caller(&self, vm: &VirtualMachine) -> Option<Call> {
        let mut frame = vm.current_frame()?;
        while frame.code.source_path().as_str().starts_with('<') {
            frame = frame.f_back(vm)?;
        }
        let (start, end) = position(&frame)?;
        Some(Call {
            file: self.file(frame.code.source_path().as_str()),
            start,
            end,
            from: self.statement(frame, vm),
        })
    }

    /// The statement of a file that led into a function. Comprehensions are functions too, but are
    /// part of their statement.
    fn statement(&self, frame: FrameRef, vm: &VirtualMachine) -> Option<(Arc<str>, u32)> {
        if frame.code.obj_name.as_str().starts_with('<') {
            return None;
        }
        let mut frame = frame;
        while frame.code.obj_name.as_str() != "<module>" {
            frame = frame.f_back(vm)?;
        }
        let ((line, _), _) = position(&frame)?;
        Some((self.file(frame.code.source_path().as_str()), line))
    }

    /// One name of a file after the other, as most calls are in the file of the one before.
    fn file(&self, name: &str) -> Arc<str> {
        let mut last = self.last_file.borrow_mut();
        if **last != *name {
            *last = name.into();
        }
        last.clone()
    }
}
