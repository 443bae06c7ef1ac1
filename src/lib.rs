//! copydesk.
pub mod check;
pub mod diff;
pub mod document;
pub mod duplicates;
pub mod error;
pub mod fingerprint;
pub mod lint;
pub mod progress;
pub mod read;
pub mod report;
pub mod segment;
