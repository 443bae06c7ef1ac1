//! Json.

use super::{Piece, ReadOptions, Reader, Sink};

/// Json.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl Reader for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        ""
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn recognises(&self, _head: &str) -> bool {
        false
    }

    fn read(&self, _piece: &Piece<'_>, _options: &ReadOptions, _sink: &mut dyn Sink) {}
}
