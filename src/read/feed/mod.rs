//! How do the items of a feed become documents?
//!
//! Feeds: one document for each item of RSS 0.9x, 1.0 and 2.0, or entry of Atom 0.3 and 1.0.
//!
//! [`extract`] takes each item's fields out of the [XML](super::xml), broken or not; [`names`] says what
//! the elements mean, [`spelling`] how their content is written. Maps lead from the rendered text through
//! the HTML and the XML around it to the stored bytes.
//!
//! - The text is the richest body: `content:encoded`, `content`, XHTML, `description`, `summary`.
//! - What is wrong with the XML is one fault, with the place of the first thing wrong. A feed that is
//!   cut off gives the items that were begun.
//! - Entities that stand outside of the feed are not read, and those that grow are not put in.
//! - Links are resolved against `xml:base`; ids are not, since they are compared as they are written.
//! - A feed without items is one document without text, so that its faults can be told.

mod address;
mod assemble;
mod extract;
mod item;
mod names;
mod spelling;

use super::encoding::{declared, decode_piece};
use super::xml::root;
use super::{Piece, ReadOptions, Reader, Sink};
use crate::document::Document;
use assemble::File;
use item::Item;

/// RSS and Atom.
#[derive(Clone, Copy, Debug)]
pub struct Feed;

impl Reader for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn summary(&self) -> &'static str {
        "RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0: one document for each item"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rss", "atom", "xml", "rdf"]
    }

    /// The root element of a feed, behind declarations and comments.
    fn recognises(&self, head: &str) -> bool {
        root(head).is_some_and(|root| ["rss", "feed", "rdf:RDF", "atom:feed"].contains(&root))
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let Some(decoded) = decode_piece(piece, options, declared(piece.bytes), sink) else { return };
        let lines = options.places.then(|| decoded.lines(piece.first_line));
        let mut file =
            File { piece, options, decoded: &decoded, lines, document: Document::default(), items: 0 };
        let mut give = |item: Item, feed: &Item| file.item(item, feed, sink);
        let extracted = extract::extract(&decoded.text, options.places, &mut give);
        let items = file.items;
        if items == 0 && !extracted.is_feed {
            sink.not_a_document("is XML but no feed: its root is none of RSS, RDF or Atom");
            return;
        }
        if items == 0 {
            file.empty(&extracted.feed, sink);
        }
        if let Some((at, message)) = extracted.damage.told() {
            sink.fault(decoded.fault_at(piece, at, &message));
        }
    }
}

#[cfg(test)]
mod tests;
