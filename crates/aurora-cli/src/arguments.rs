//! The arguments of this process, as they are in bytes.
//!
//! The interpreter of job files looks at the arguments of the process by itself, and takes only those in UTF-8. A
//! command with others starts itself again, with a spelling of them that is.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// The variable that marks arguments in this spelling.
pub(crate) const MARK: &str = "AURORA_SPELLED_ARGUMENTS";

/// The character before that of the first byte: it is for private use.
const BYTES: u32 = 0xf_ff00;

/// The arguments; starts the command again if that is needed.
pub(crate) fn of_this_process() -> Vec<OsString> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if std::env::var_os(MARK).is_some() {
        return arguments.iter().map(|argument| meant(argument)).collect();
    }
    if arguments.iter().any(|argument| argument.to_str().is_none())
        && let Ok(program) = std::env::current_exe()
    {
        let mut again = Command::new(program);
        again.args(arguments.iter().skip(1).map(|argument| spelled(argument)));
        if let Some(name) = arguments.first().filter(|name| name.to_str().is_some()) {
            again.arg0(name);
        }
        // It returns only if it fails; then only job files suffer.
        let error = again.env(MARK, "1").exec();
        tracing::debug!("cannot start again: {error}");
    }
    arguments
}

/// An argument with a character for each byte that is not UTF-8.
fn spelled(argument: &OsStr) -> String {
    let mut out = String::new();
    for chunk in argument.as_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        let bytes = chunk.invalid().iter();
        out.extend(bytes.filter_map(|&byte| char::from_u32(BYTES + u32::from(byte))));
    }
    out
}

/// What a spelling means.
fn meant(argument: &OsStr) -> OsString {
    let Some(text) = argument.to_str() else {
        return argument.to_owned();
    };
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c).checked_sub(BYTES).map(u8::try_from) {
            Some(Ok(byte)) => out.push(byte),
            _ => {
                let mut buffer = [0; 4];
                out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            }
        }
    }
    OsString::from_vec(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_comes_back_as_it_was() {
        for bytes in [
            &b"plain"[..],
            "caf\u{e9}".as_bytes(),
            b"caf\xe9.aurora",
            b"\xff\x80a\xc3",
        ] {
            let argument = OsStr::from_bytes(bytes);
            assert_eq!(meant(OsStr::new(&spelled(argument))), argument);
        }
    }
}
