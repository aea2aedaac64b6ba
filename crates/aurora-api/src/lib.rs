//! The Apache Aurora 0.12.0 Thrift API: types and the TJSON protocol
