//! The Thrift API of the Apache Aurora 0.12.0 scheduler: its types and the JSON encoding that it speaks.
//!
//! This crate knows the names, ids and values of the API and turns them into bytes and back. It does no I/O, and it
//! knows nothing of configuration files, of clusters or of jobs as their owners see them.
//!
//! The types are generated from `idl/api.thrift` and stand at the root of the crate, as [`TaskConfig`] or
//! [`Response`]; [`calls`] has one struct for the arguments of each method, and [`message`] makes and reads the bodies
//! of requests and replies. [`to_json`] shows any value with the names of the IDL. [`tjson`] is the encoding itself,
//! and [`binary`] reads Thrift's other one.
//!
//! Every field is optional in Rust: `None` is not sent, and `Default` leaves everything unset, which schedulers
//! tell apart from zero and empty. Enums are numbers with names, so that values of later releases survive.
//!
//! ```
//! use aurora_api::{JobKey, Limits, ResponseCode, calls::StartCronJob, message};
//!
//! let call = StartCronJob {
//!     job: Some(JobKey {
//!         role: Some("www".into()),
//!         environment: Some("prod".into()),
//!         name: Some("nightly".into()),
//!     }),
//! };
//! assert_eq!(
//!     message::encode_call(&call),
//!     br#"[1,"startCronJob",1,0,{"4":{"rec":{"1":{"str":"www"},"2":{"str":"prod"},"3":{"str":"nightly"}}}}]"#,
//! );
//!
//! let body = br#"[1,"startCronJob",2,0,{"0":{"rec":{"1":{"i32":1},"6":{"lst":["rec",0]}}}}]"#;
//! let reply = message::decode_reply(body, &Limits::default())?;
//! let message::ReplyBody::Response(response) = reply.body else {
//!     panic!("the scheduler's Thrift layer failed");
//! };
//! assert_eq!(response.response_code, Some(ResponseCode::OK));
//! # Ok::<(), aurora_api::Error>(())
//! ```

pub mod binary;
pub mod calls;
mod constants;
mod error;
mod generated;
mod limits;
pub mod message;
mod names;
mod states;
pub mod tjson;
mod view;

pub use constants::*;
pub use error::Error;
pub use generated::api::*;
pub use limits::Limits;
/// The double of the generated types, from the `thrift` crate.
pub use thrift::OrderedFloat;
pub use view::to_json;
