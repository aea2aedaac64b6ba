//! Apache Aurora job configuration: the object model, templates, `.aurora` files and conversion to
//! the API.

#[cfg(feature = "python")]
mod dsl;
mod python2;
pub mod template;
