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

mod content;
mod entities;
mod extract;
mod item;
mod names;
mod spelling;

use std::sync::Arc;

use super::encoding::{Decoded, declared, decode_piece};
use super::{Piece, ReadOptions, Reader, Sink};
use crate::document::{
    DateForm, Document, LineIndex, Metadata, Origin, Places, SourceMap, SourceRange, StatedDate,
};
use crate::error::ReadError;
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

struct File<'a> {
    piece: &'a Piece<'a>,
    options: &'a ReadOptions,
    decoded: &'a Decoded<'a>,
    lines: Option<Arc<LineIndex>>,
    document: Document,
    items: u32,
}

impl File<'_> {
    fn begin(&mut self) {
        let Piece { path, offset, bytes, .. } = self.piece;
        self.document.clear();
        self.document.origin = Origin {
            path: Arc::clone(path),
            format: Feed.name(),
            stored: SourceRange { start: *offset, end: offset + bytes.len() as u64 },
            ..Origin::default()
        };
    }

    /// One item; `feed` is what is known of the feed.
    fn item(&mut self, item: Item, feed: &Item, sink: &mut dyn Sink) {
        self.begin();
        self.items += 1;
        self.document.origin.record = Some(self.items);
        metadata(&item, &mut self.document.meta);
        let meta = &mut self.document.meta;
        if meta.author.is_none() {
            meta.author = feed.author();
        }
        if meta.language.is_none() {
            meta.language.clone_from(&feed.language);
        }
        if self.items == 1 {
            // The feed's own dates are told with its first item.
            meta.dates.extend(stated(feed, true));
        }
        let map = match &item.body {
            Some(body) => {
                self.document.origin.field = Some(Arc::from(&*body.element));
                let places = self.options.places;
                content::fill(&mut self.document, body, self.options.body_html, places)
            }
            None => SourceMap::default(),
        };
        let at = item.body.as_ref().map_or(item.start, |body| body.start);
        self.place(map, at);
        sink.document(&mut self.document);
    }

    /// A feed without items.
    fn empty(&mut self, feed: &Item, sink: &mut dyn Sink) {
        self.begin();
        metadata(feed, &mut self.document.meta);
        self.document.meta.dates = stated(feed, true).collect();
        self.place(SourceMap::default(), feed.start);
        sink.document(&mut self.document);
    }

    /// Gives the document its places; one without text stands at byte `at` of the decoded file.
    fn place(&mut self, map: SourceMap, at: usize) {
        let Some(lines) = &self.lines else { return };
        let below = &self.decoded.map;
        let map = if self.document.text.is_empty() {
            let at = crate::document::TextRange::new(at as u32, at as u32);
            // A run that stands for one unit of nothing is none, so the place is given by a unit of one.
            let stored = below.source_range(at).start;
            SourceMap::identity(stored, 1)
        } else {
            map.over(below)
        };
        self.document.places = Some(Arc::new(Places { map, lines: Arc::clone(lines) }));
    }
}

fn metadata(item: &Item, meta: &mut Metadata) {
    let text = |value: &Option<item::Value>| value.as_ref().map(|value| value.text.clone());
    meta.id = text(&item.id);
    meta.title = text(&item.title);
    meta.url = text(&item.link);
    meta.author = item.author();
    meta.published = text(&item.published);
    meta.updated = text(&item.updated);
    meta.language.clone_from(&item.language);
    meta.dates = stated(item, false).collect();
}

/// The dates of an item or feed, and in which form each should be.
fn stated(item: &Item, of_feed: bool) -> impl Iterator<Item = StatedDate> + '_ {
    item.dates.iter().map(move |(element, value)| {
        let local = element.rsplit(':').next().unwrap_or(element).to_ascii_lowercase();
        let form = match local.as_str() {
            "pubdate" | "lastbuilddate" => DateForm::Rfc2822,
            "published" | "updated" => DateForm::Rfc3339,
            _ => DateForm::W3c,
        };
        StatedDate { element: element.clone(), value: value.clone(), form, of_feed }
    })
}

#[cfg(test)]
mod tests;
