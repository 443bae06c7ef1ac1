//! Property tests: what must hold for any input, checked against brute force. One module a stage.

mod diff;
mod join;
mod read;
mod segment;
