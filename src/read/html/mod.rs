//! How does a page become text as a browser shows it, with its places?
//!
//! HTML: the text as a browser shows it, and where each character of it stands in the page.
//!
//! html5gum tokenizes as the HTML standard says (entities, raw text, every kind of broken tag) and
//! tells the place of everything it emits, which is what an exact map needs. html5ever builds the standard's tree on top of that, but its tree has no places:
//! a text node knows neither its bytes nor which of its characters were entities.
//!
//! What the tree is needed for is done here: [`tag`] says what an element does to the text, [`tokens`] turns
//! the tokenizer's calls into texts and tags, and [`render`] keeps the stack of open elements and writes blocks.
//!
//! - Blocks are parted by an empty line. White space is collapsed outside of `<pre>`; `<br>` is a line
//!   end, two of them in a row part paragraphs.
//! - A table is one block, its cells parted by tabs and its rows by line ends, as long as its cells hold
//!   running text. A table whose cells hold headings, lists, tables or several paragraphs lays out the
//!   page: what is in it are blocks of their own.
//! - What the page says of its article in JSON-LD is metadata ([`linked_data`]); [`main_content`] cuts a
//!   page to its article where that is asked for.
//! - Not text: comments, `<script>`, `<style>`, `<template>`, `<noscript>`, `<svg>`, `<select>`,
//!   `<textarea>`, the fallbacks of frames and media, readings in `<ruby>`, and elements with the
//!   attribute `hidden` or a `style` that hides them. Navigation, headers and footers of the page are ordinary blocks.

mod cursor;
mod head;
mod linked_data;
pub mod main_content;
mod marks;
mod render;
mod tag;
mod tokens;

use std::sync::Arc;

use super::encoding::{declared, decode_piece};
use super::{Piece, ReadOptions, Reader, Sink};
use crate::document::{Document, Origin, Places, SourceMap, SourceMapBuilder};
use crate::error::ReadError;
use crate::segment;
use marks::Mark;
use render::{Rendered, Renderer};
pub use tag::ends_paragraph;

/// A page of more bytes could have a text longer than a [`TextRange`](crate::document::TextRange) can
/// say: no character reference of five bytes or more gives more than six.
pub(super) const LIMIT: usize = u32::MAX as usize / 4 * 3;

/// HTML and XHTML pages.
#[derive(Clone, Copy, Debug)]
pub struct Html;

impl Reader for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn summary(&self) -> &'static str {
        "HTML and XHTML pages, as a browser shows their text"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }

    /// A doctype, an `<html>`, or the elements that open a page without one.
    fn recognises(&self, head: &str) -> bool {
        let mut rest = head.trim_start();
        while let Some(inside) = rest.strip_prefix("<!--").or_else(|| rest.strip_prefix("<?xml ")) {
            let end = inside.find('>').map_or(inside.len(), |at| at + 1);
            rest = inside[end..].trim_start();
        }
        ["<!doctype html", "<html", "<head", "<body"].iter().any(|opening| {
            rest.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening))
                && rest[opening.len()..].starts_with([' ', '>', '\t', '\n', '\r'])
        })
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let Some(decoded) = decode_piece(piece, options, declared(piece.bytes), sink) else { return };
        if decoded.text.len() > LIMIT {
            sink.fault(ReadError::new(piece.path, "the page is longer than 3 GiB; split the file"));
            return;
        }
        let mut document = Document {
            origin: Origin {
                path: Arc::clone(piece.path),
                format: self.name(),
                damaged: decoded.damage.is_some(),
                ..Origin::default()
            },
            ..Document::default()
        };
        let main = options.main_content.unwrap_or(false);
        let map = page(&decoded.text, &mut document, main, options.places);
        if options.places {
            let map = map.over(&decoded.map);
            document.place_directives(&[&decoded.map]);
            document.places = Some(Arc::new(Places::new(map, decoded.lines(piece.first_line))));
        }
        sink.document(&mut document);
    }
}

/// Replaces text, blocks, markup and metadata of `document` by those of the page `html`, of its main content
/// if `main`, and returns the map from the text to bytes of `html` (empty unless `want_map`).
///
/// A page that shows no text but tells it in JSON-LD has that; it stands where the JSON-LD does.
pub(super) fn page(html: &str, document: &mut Document, main: bool, want_map: bool) -> SourceMap {
    let mut marks = Vec::new();
    let Rendered { mut map, head } =
        render_page(html, document, want_map || main, main.then_some(&mut marks));
    if main {
        map = main_content::cut(document, map, &marks, html.len());
    }
    let told = head.fill(&mut document.meta);
    if let Some((text, place)) = told.filter(|_| document.text.trim().is_empty()) {
        document.text = text;
        document.code.clear();
        segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
        let mut whole = SourceMapBuilder::new();
        whole.unit(0, document.text.len() as u32, place.start as u64, place.len() as u32);
        map = whole.finish();
    }
    if want_map { map } else { SourceMap::default() }
}

/// Replaces text, blocks and markup of `document` by those of `html`, a page or a fragment, and returns
/// the map from the text to bytes of `html` (empty unless `want_map`).
///
/// The document's metadata, origin and places stay as they are. Every text is read as far as it goes.
pub fn render(html: &str, document: &mut Document, want_map: bool) -> SourceMap {
    render_page(html, document, want_map, None).map
}

fn render_page(
    html: &str,
    document: &mut Document,
    want_map: bool,
    marks: Option<&mut Vec<Mark>>,
) -> Rendered {
    document.text.clear();
    document.blocks.clear();
    document.markup.clear();
    document.code.clear();
    document.directives.clear();
    document.text.reserve(html.len() / 2);
    let mut rendered = Rendered::default();
    tokens::feed(html, Renderer::new(document, &mut rendered, want_map), marks);
    rendered
}

#[cfg(test)]
mod tests;
