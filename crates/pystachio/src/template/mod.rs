//! Template texts: `{{name}}` tags, the addresses in them, and their replacement.
//!
//! A text is resolved again and again until a pass replaces nothing, so values may bring tags of
//! their own, and tags may be put together from parts (`{{grade_{{level}}}}`). What cannot be found
//! stays as a tag and is reported. `{{&name}}` is left as `{{name}}` for the next one who resolves the
//! text.
//!
//! ```
//! use pystachio::substitute;
//!
//! let text = "serve -p {{thermos.ports[http]}} --shard {{mesos.instance}}";
//! let done = substitute(text, |reference| {
//!     (reference.to_string() == "thermos.ports[http]").then(|| "31000".to_owned())
//! })?;
//! assert_eq!(done.text, "serve -p 31000 --shard {{mesos.instance}}");
//! assert_eq!(done.unbound[0].to_string(), "mesos.instance");
//! # Ok::<(), pystachio::Error>(())
//! ```

mod circle;
mod reference;
mod resolve;
mod scan;

pub use reference::{Reference, ReferenceError, Step};
pub(crate) use resolve::{ResolveError, loop_words, resolve};
pub use resolve::{Substitution, substitute};
#[cfg(feature = "python")]
pub(crate) use scan::{Fragment, Fragments};
