//! Property tests: what must hold for any input, checked against brute force. One module a stage.

mod corpus;
mod diff;
mod join;
mod near;
mod passage;
mod read;
mod segment;
