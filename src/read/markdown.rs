//! Markdown.

use super::{Piece, ReadOptions, Reader, Sink};

/// Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl Reader for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn summary(&self) -> &'static str {
        ""
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "mdx", "markdown"]
    }

    fn recognises(&self, _head: &str) -> bool {
        false
    }

    fn read(&self, _piece: &Piece<'_>, _options: &ReadOptions, _sink: &mut dyn Sink) {}
}
