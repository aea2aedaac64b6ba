//! Apache Aurora job keys, instance sets and job key patterns
