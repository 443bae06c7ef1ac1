//! PlainText.

use super::{Piece, ReadOptions, Reader, Sink};

/// PlainText.
#[derive(Clone, Copy, Debug)]
pub struct PlainText;

impl Reader for PlainText {
    fn name(&self) -> &'static str {
        "plaintext"
    }

    fn summary(&self) -> &'static str {
        ""
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text", "rst", "adoc"]
    }

    fn recognises(&self, _head: &str) -> bool {
        false
    }

    fn read(&self, _piece: &Piece<'_>, _options: &ReadOptions, _sink: &mut dyn Sink) {}
}
