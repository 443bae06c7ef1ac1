//! Properties of `segment`.
