//! HTML: the text as a browser shows it, and where each character of it stands in the page.
//!
//! html5gum tokenizes as the HTML standard says (entities, raw text, every kind of broken tag) and
//! tells the place of everything it emits, which is what an exact map needs; it allocates nothing for
//! what it skips. html5ever builds the standard's tree on top of that, but its tree has no places:
//! a text node knows neither its bytes nor which of its characters were entities.
//!
//! What the tree would be needed for is small and done here: [`tag`] says what an element does to the
//! text, [`tokens`] turns the tokenizer's calls into texts and tags, and [`render`] keeps the stack
//! of open elements, closes what HTML closes by itself, and writes blocks.
//!
//! - Blocks are parted by an empty line. White space is collapsed outside of `<pre>`; `<br>` is a line
//!   end, two of them in a row part paragraphs.
//! - A table is one block, its cells parted by tabs and its rows by line ends, as long as its cells hold
//!   running text. A table whose cells hold headings, lists, tables or several paragraphs lays out the
//!   page: what is in it are blocks of their own.
//! - Not text: comments, `<script>`, `<style>`, `<template>`, `<noscript>`, `<svg>`, `<select>`,
//!   `<textarea>`, the fallbacks of frames and media, readings in `<ruby>`, and elements with the
//!   attribute `hidden`. Navigation, headers and footers of the page are ordinary blocks.

mod head;
mod render;
mod tag;
mod tokens;

use std::sync::Arc;

use super::encoding::{declared, decode_piece};
use super::{Piece, ReadOptions, Reader, Sink};
use crate::document::{Document, Origin, Places, SourceMap};
use crate::error::ReadError;
use render::{Rendered, Renderer};

/// A page of more bytes could have a text longer than a [`TextRange`](crate::document::TextRange) can
/// say: no character reference of five bytes or more gives more than six.
const LIMIT: usize = u32::MAX as usize / 4 * 3;

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
        let Rendered { map, head } = render_page(&decoded.text, &mut document, options.places);
        head.fill(&mut document.meta);
        if options.places {
            let map = map.over(&decoded.map);
            document.places = Some(Arc::new(Places::new(map, decoded.lines(piece.first_line))));
        }
        sink.document(&mut document);
    }
}

/// Replaces text, blocks and markup of `document` by those of `html`, a page or a fragment, and returns
/// the map from the text to bytes of `html` (empty unless `want_map`).
///
/// The document's metadata, origin and places stay as they are. Every text is read as far as it goes.
pub fn render(html: &str, document: &mut Document, want_map: bool) -> SourceMap {
    render_page(html, document, want_map).map
}

fn render_page(html: &str, document: &mut Document, want_map: bool) -> Rendered {
    document.text.clear();
    document.blocks.clear();
    document.markup.clear();
    document.text.reserve(html.len() / 2);
    let mut rendered = Rendered::default();
    tokens::feed(html, Renderer::new(document, &mut rendered, want_map));
    rendered
}

#[cfg(test)]
mod tests;
