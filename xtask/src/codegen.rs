//! `cargo xtask codegen`: the Rust types of `crates/aurora-api` from its IDL.
//!
//! The IDL is parsed once ([`idl`]); types and calls are both written from that ([`rust`]). No other program is needed.

mod idl;
mod rust;

use std::fs;
use std::path::Path;

use crate::{
    Outcome,
    output::{Arguments, Output},
    workspace_root,
};

const IDL: &str = "crates/aurora-api/idl/api.thrift";
const GENERATED: &str = "crates/aurora-api/src/generated";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let outputs = generate(&workspace_root())?;
    let refused = |stale: &str| {
        format!("not what {IDL} says now: {stale}; run `cargo xtask codegen` and commit")
    };
    arguments.apply(&outputs, refused).map(drop)
}

fn generate(root: &Path) -> Outcome<Vec<Output>> {
    let path = root.join(IDL);
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let in_idl = |error| format!("{IDL}: {error}");
    let items = idl::parse(&text).map_err(in_idl)?;
    let folder = root.join(GENERATED);
    Ok(vec![
        Output {
            path: folder.join("api.rs"),
            text: rust::types(&items).map_err(in_idl)?,
        },
        Output {
            path: folder.join("calls.rs"),
            text: rust::calls(&items).map_err(in_idl)?,
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::stale;

    #[test]
    fn committed_code_is_what_the_idl_says() {
        let outputs = generate(&workspace_root()).unwrap();
        assert_eq!(stale(&outputs), [""; 0], "run `cargo xtask codegen`");
    }
}
