//! Property tests: what must hold for any input, checked against brute force. One module a stage.

mod diff;
mod join;
mod near;
mod passage;
mod read;
mod segment;
