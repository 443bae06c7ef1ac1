//! Which articles are in a wiki's dump?
//!
//! MediaWiki XML: the latest revision of each article of a wiki's dump.
//!
//! [`dump`] reads a dump revision by revision, for this reader and for
//! [histories](super::versions), which want all of them. A check wants documents: of each page in the
//! main namespace the latest revision, unless it only leads to another page. Talk pages, templates and
//! files repeat by their nature.
//!
//! The text is the source, as with Markdown; what is markup in it is told by [`wikitext`].

pub mod dump;
mod escape;
mod wikitext;

use std::sync::Arc;

use self::dump::{Dump, Event, Page, Revision, Stop};
use super::encoding::{Hints, decode};
use super::{Extent, Framing, Piece, ReadOptions, Reader, Sink, xml};
use crate::document::{Document, Origin, Places, SourceMapBuilder, SourceRange};
use crate::error::ReadError;

/// The reader of MediaWiki's XML export.
#[derive(Clone, Copy, Debug)]
pub struct MediaWiki;

/// The end of a page.
const END: &[u8] = b"</page>";

impl Reader for MediaWiki {
    fn name(&self) -> &'static str {
        "mediawiki"
    }

    fn summary(&self) -> &'static str {
        "MediaWiki XML dump: the latest revision of each article"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xml"]
    }

    fn recognises(&self, head: &str) -> bool {
        xml::root(head).is_some_and(|name| xml::local(name) == "mediawiki")
    }

    fn framing(&self) -> Framing {
        Framing::Records
    }

    fn extent(&self, bytes: &[u8]) -> Extent {
        let Some(at) = memchr::memmem::find(bytes, END) else { return Extent::Unknown };
        // With the line feed, so that the next page begins with its own line.
        let end = at + END.len();
        let length = (end + usize::from(bytes.get(end) == Some(&b'\n'))) as u64;
        Extent::Known { length, wanted: true }
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let mut at = 0;
        let mut line = piece.first_line;
        while at < piece.bytes.len() {
            let rest = &piece.bytes[at..];
            let length = match self.extent(rest) {
                Extent::Known { length, .. } => usize::try_from(length).unwrap_or(usize::MAX).min(rest.len()),
                Extent::Unknown => rest.len(),
            };
            let record = &rest[..length];
            page(piece, record, (at, line), options, sink);
            line += memchr::memchr_iter(b'\n', record).count() as u64;
            at += length;
        }
    }
}

/// Reads the page in `record`, which begins at a byte of `piece` and a line.
fn page(
    piece: &Piece<'_>,
    record: &[u8],
    (at, line): (usize, u64),
    options: &ReadOptions,
    sink: &mut dyn Sink,
) {
    let offset = piece.offset + at as u64;
    let mut dump = Dump::new(record, line, u64::MAX, record.len());
    let mut page = Page::default();
    let (mut latest, mut cut_off): (Option<Revision>, _) = (None, false);
    loop {
        // Texts are taken where the last one is known.
        match dump.next(|_, _| false) {
            Ok(Some(Event::Page(found))) => page = found.clone(),
            Ok(Some(Event::Revision(revision))) => {
                if latest.as_ref().is_none_or(|latest| latest.time <= revision.time) {
                    latest = Some(revision.clone());
                }
            }
            Ok(Some(Event::EndOfPage)) => {}
            Ok(None) | Err(Stop::CutOff(_, None)) => break,
            Err(Stop::CutOff(line, Some(inside))) => {
                let message = format!("the dump ends inside of {inside}; what came before is read");
                sink.fault(ReadError::new(piece.path, message).at(line, 1));
                cut_off = true;
                break;
            }
            Err(Stop::Input(_) | Stop::TooLong(_)) => break,
        }
    }
    let Some(revision) = latest else { return };
    let prose = matches!(revision.model.as_str(), "" | "wikitext" | "text");
    if page.redirect || !prose || !matches!(page.namespace.as_str(), "" | "0") || revision.stored.is_empty() {
        return;
    }
    let (start, end) = (revision.stored.start as usize, revision.stored.end as usize);
    let Some(stored) = record.get(start..end) else { return };
    let mut document = Document {
        origin: Origin {
            path: Arc::clone(piece.path),
            format: MediaWiki.name(),
            record: Some(u32::try_from(line).unwrap_or(u32::MAX)),
            stored: SourceRange { start: offset, end: offset + record.len() as u64 },
            cut_off,
            ..Origin::default()
        },
        ..Document::default()
    };
    let mut map = SourceMapBuilder::new();
    let damage = if options.places {
        escape::unescape_with_map(stored, offset + revision.stored.start, &mut document.text, &mut map);
        // Counted on the first look.
        0
    } else {
        escape::unescape(stored, &mut document.text)
    };
    document.origin.damaged = damage > 0;
    if options.places {
        let all = Hints { forced: Some(encoding_rs::UTF_8), declared: None };
        let lines = decode(record, offset, all, true).lines(line);
        document.places = Some(Arc::new(Places::new(map.finish(), lines)));
    }
    wikitext::blocks(&document.text, &mut document.blocks, &mut document.markup);
    let known = |text: String| (!text.is_empty()).then_some(text);
    document.meta.id = known(page.title.clone());
    document.meta.title = known(page.title);
    document.meta.version = known(revision.id);
    document.meta.author = known(revision.author);
    document.meta.updated = known(revision.time);
    sink.document(&mut document);
}

#[cfg(test)]
mod tests;
