//! Properties of `read`.
