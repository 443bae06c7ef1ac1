//! copydesk.
pub mod diff;
pub mod document;
pub mod duplicates;
pub mod error;
pub mod fingerprint;
pub mod read;
pub mod segment;
