//! Properties of `diff`.
