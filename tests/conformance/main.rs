//! Recorded behaviour of the released client, replayed against ours.

mod config;
