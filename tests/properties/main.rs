//! Property tests: what must hold for any input, checked against brute force. One module a stage.

mod check;
mod diff;
mod fingerprint;
mod join;
mod read;
mod segment;
