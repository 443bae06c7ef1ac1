//! Walking.
