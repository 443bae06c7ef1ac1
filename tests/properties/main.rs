//! Property tests: what must hold for any input, checked against brute force. One module a stage.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod baseline;
mod check;
mod corpus;
mod diff;
mod fingerprint;
mod history;
mod index;
mod join;
mod near;
mod passage;
mod read;
mod scope;
mod segment;
