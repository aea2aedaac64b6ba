//! Apache Aurora job configuration: the object model, templates, `.aurora` files and conversion to
//! the API.

#[cfg(feature = "python")]
mod dsl;
mod python2;
#[cfg_attr(
    not(feature = "python"),
    allow(
        dead_code,
        reason = "the helper functions serve the Python binding only"
    )
)]
mod schema;
pub mod template;
#[cfg_attr(
    not(feature = "python"),
    allow(
        dead_code,
        reason = "parts of the object model serve the Python binding only"
    )
)]
mod value;
