//! A client library for Apache Aurora schedulers
