//! Each program in `objects/` prints what it printed under CPython 2.7.18 with Pystachio 0.8.0 when
//! the text file beside it was recorded.

use std::{path::Path, rc::Rc};

use python27::interpreter::{
    Afterwards, Host, Names, Options, Session, run_with,
    rustpython_vm::{PyResult, VirtualMachine, builtins::PyDictRef},
};

use crate::python::{Binding, Vocabulary};

struct Objects(Rc<Binding>);

impl Host for Objects {
    type Output = ();

    const PACKAGES: &'static [&'static str] = &["pystachio"];

    fn names(&self, vm: &VirtualMachine) -> Names {
        self.0.names(vm)
    }

    fn finish(
        self,
        _globals: &PyDictRef,
        _session: &Rc<Session>,
        _vm: &VirtualMachine,
    ) -> PyResult<((), Option<Afterwards>)> {
        Ok(((), None))
    }
}

pub(super) fn printed(program: &str) -> String {
    let path = Path::new("objects.py");
    let outcome = run_with(
        path,
        program.as_bytes(),
        &Options::default(),
        |runtime, vm| {
            let binding = Binding::install(runtime, Vocabulary::default(), vm)?;
            Ok(Objects(binding))
        },
    );
    outcome.unwrap().printed
}

macro_rules! programs {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                let program = include_str!(concat!("objects/", stringify!($name), ".py"));
                let recorded = include_str!(concat!("objects/", stringify!($name), ".txt"));
                assert_eq!(printed(program), recorded);
            }
        )*
    };
}

programs! {
    copies,
    values,
    containers,
    structs,
    templates,
}
