//! Properties of `join`.
