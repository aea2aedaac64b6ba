//! The client against real sockets: servers that behave, and servers that do not.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod calls;
mod every_call;
mod faults;
mod following;
mod kerberos;
mod lost_replies;
mod operations;
mod protocols;
mod recorded;
mod redirects;
mod retries;
mod serialized;
mod server;
mod sign_in;
mod steering;
mod tls;
mod trace;
mod transport;
mod updates;
mod zookeeper;
