//! Jsonl.

use super::{Piece, ReadOptions, Reader, Sink};

/// Jsonl.
#[derive(Clone, Copy, Debug)]
pub struct Jsonl;

impl Reader for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn summary(&self) -> &'static str {
        ""
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson"]
    }

    fn recognises(&self, _head: &str) -> bool {
        false
    }

    fn read(&self, _piece: &Piece<'_>, _options: &ReadOptions, _sink: &mut dyn Sink) {}
}
