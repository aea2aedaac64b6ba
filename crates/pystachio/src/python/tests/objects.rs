//! Each program in `objects/` prints what it printed under CPython 2.7.18 with Pystachio 0.8.0 when
//! the text file beside it was recorded.

use super::programs::assert_same;
use crate::{Configuration, LoadOptions};

fn printed(program: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("objects.aurora");
    std::fs::write(&path, format!("{program}jobs = []\n")).unwrap();
    match Configuration::load(&path, &LoadOptions::default()) {
        Ok(configuration) => configuration.output().to_owned(),
        Err(error) => panic!("{}", error.render(false)),
    }
}

macro_rules! programs {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                let program = include_str!(concat!("objects/", stringify!($name), ".py"));
                let recorded = include_str!(concat!("objects/", stringify!($name), ".txt"));
                assert_same(&printed(program), recorded);
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
