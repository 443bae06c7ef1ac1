//! Html.

use super::{Piece, ReadOptions, Reader, Sink};

/// Html.
#[derive(Clone, Copy, Debug)]
pub struct Html;

impl Reader for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn summary(&self) -> &'static str {
        ""
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }

    fn recognises(&self, _head: &str) -> bool {
        false
    }

    fn read(&self, _piece: &Piece<'_>, _options: &ReadOptions, _sink: &mut dyn Sink) {}
}

/// Renders.
pub fn render(
    html: &str,
    document: &mut crate::document::Document,
    _want_map: bool,
) -> crate::document::SourceMap {
    document.text.push_str(html);
    crate::document::SourceMap::default()
}
