//! Evaluates `.aurora` files: Python 2.7 programs over the object model.

mod dialect;
