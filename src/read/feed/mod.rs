//! Feeds: one document for each item of RSS 0.9x, 1.0 and 2.0, or entry of Atom 0.3 and 1.0.
//!
//! [`extract`] goes through the XML with quick-xml and takes each item's fields, broken XML or not;
//! [`names`] says what the elements mean, [`spelling`] how tags are written, [`entities`] what references stand for, [`content`] turns the
//! inside of an element into text. Maps lead from the rendered text through the HTML and the XML around
//! it to the stored bytes.
//!
//! - The text is the richest body: `content:encoded`, `content`, XHTML, `description`, `summary`.
//! - What is wrong with the XML is one fault, with the place of the first thing wrong. A feed that is
//!   cut off gives the items that were begun.
//! - Entities that stand outside of the feed are not read, and those that grow are not put in.
//! - A feed without items is one document without text, so that its faults can be told.

mod assemble;
mod content;
mod entities;
mod extract;
mod item;
mod names;
mod spelling;

use super::encoding::{declared, decode_piece};
use super::{Piece, ReadOptions, Reader, Sink};
use crate::document::Document;
use crate::error::ReadError;
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
        let mut rest = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        loop {
            let end = if let Some(comment) = rest.strip_prefix("<!--") {
                comment.find("-->").map(|end| end + 7)
            } else if rest.starts_with("<?")
                || rest.starts_with("<!DOCTYPE rss")
                || rest.starts_with("<!DOCTYPE rdf")
            {
                rest.find('>').map(|end| end + 1)
            } else {
                break;
            };
            let Some(end) = end else { return false };
            rest = rest[end..].trim_start();
        }
        ["<rss", "<feed", "<rdf:RDF", "<atom:feed"].iter().any(|root| {
            rest.strip_prefix(root).is_some_and(|rest| rest.starts_with([' ', '>', '\t', '\n', '\r']))
        })
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
        if let Some((at, message)) = extracted.damage.first {
            let more = match extracted.damage.count - 1 {
                0 => String::new(),
                1 => "; 1 more fault in the XML".to_owned(),
                more => format!("; {more} more faults in the XML"),
            };
            sink.fault(fault(piece, &decoded.text, at, &format!("{message}{more}")));
        }
    }
}

/// A fault at byte `at` of the decoded file.
fn fault(piece: &Piece<'_>, text: &str, at: usize, message: &str) -> ReadError {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = piece.first_line + before.matches('\n').count() as u64;
    let column = before[line_start..].chars().count() as u64 + 1;
    ReadError::new(piece.path, message).at(line, column)
}

#[cfg(test)]
mod tests;
