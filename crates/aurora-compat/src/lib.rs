//! The behaviours in which Apache Aurora 0.12.0 differs from its documentation
