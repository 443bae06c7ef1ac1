//! JSON lines: one article record a line.

use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr_iter;

use super::encoding::{self, Decoded, Hints};
use super::json::opens_object;
use super::record::{self, Outcome, Stretch};
use super::{Framing, Piece, ReadOptions, Reader, Sink};
use crate::document::{Document, LineIndex, SourceMap, SourceRange, TextRange};
use crate::error::ReadError;

/// The JSONL reader.
#[derive(Clone, Copy, Debug)]
pub struct Jsonl;

impl Reader for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn summary(&self) -> &'static str {
        "article records, one JSON object a line"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson"]
    }

    fn recognises(&self, head: &str) -> bool {
        let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
        let object = |line: &str| opens_object(line) && line.ends_with('}');
        lines.next().is_some_and(object) && lines.next().is_some_and(opens_object)
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let document = Document::default();
        let mut lines = Lines { piece, options, document, articles: 0, others: Vec::new() };
        match std::str::from_utf8(piece.bytes) {
            // Latin letters in UTF-16 are valid UTF-8, with a NUL beside each.
            _ if is_utf16(piece, options) => lines.decoded(sink),
            Ok(text) if options.encoding.is_none() => lines.utf8(text, sink),
            _ => lines.bytes(sink),
        }
        lines.finish(sink);
    }
}

/// Whether the piece is a whole UTF-16 file: then a line feed is no single byte.
fn is_utf16(piece: &Piece<'_>, options: &ReadOptions) -> bool {
    let named = |e: &Encoding| e == UTF_16LE || e == UTF_16BE;
    match options.encoding {
        Some(encoding) => named(encoding),
        None => matches!(piece.bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{', ..] | [b'{', 0, ..]),
    }
}

/// Reads the lines of one piece.
struct Lines<'a> {
    piece: &'a Piece<'a>,
    options: &'a ReadOptions,
    document: Document,
    articles: u64,
    /// Lines that hold JSON but no article.
    others: Vec<u64>,
}

/// How many of the lines that are no articles are named one by one.
const OTHERS_NAMED: usize = 20;

impl Lines<'_> {
    /// A piece that is UTF-8 throughout: nothing is copied.
    fn utf8(&mut self, text: &str, sink: &mut dyn Sink) {
        let text = if self.piece.offset == 0 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
        let skipped = (self.piece.bytes.len() - text.len()) as u64;
        let mut start = 0;
        let ends = memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
        for (number, end) in (self.piece.first_line..).zip(ends) {
            // To read the first line again is to read the byte order mark again.
            let mark = if start == 0 { skipped } else { 0 };
            let offset = self.piece.offset + skipped + start as u64 - mark;
            let length = end - start + mark as usize;
            let map = |offset, length| SourceMap::identity(offset + mark, length);
            self.line(&text[start..end], number, offset, length, map, sink);
            start = end + 1;
            if start > text.len() {
                break;
            }
        }
    }

    /// A piece with lines that are not UTF-8: each is decoded by itself.
    fn bytes(&mut self, sink: &mut dyn Sink) {
        let mut offset = self.piece.offset;
        let lines = self.piece.bytes.split_inclusive(|&byte| byte == b'\n');
        for (number, bytes) in (self.piece.first_line..).zip(lines) {
            let stored = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let hints = Hints { forced: Some(self.options.encoding.unwrap_or(UTF_8)), declared: None };
            let decoded = encoding::decode(stored, offset, hints, self.options.places);
            if let Some(mut fault) = decoded.fault(self.piece.path, number) {
                if self.options.encoding.is_none() {
                    fault.message += "; if the file is in another encoding, name it with --encoding";
                }
                sink.fault(fault);
            }
            self.document.origin.damaged = decoded.damage.is_some();
            let Decoded { text, map, .. } = decoded;
            let length = stored.len();
            self.line(&text, number, offset, length, |_, _| map.clone(), sink);
            offset += bytes.len() as u64;
        }
    }

    /// A UTF-16 file: decoded as a whole.
    fn decoded(&mut self, sink: &mut dyn Sink) {
        let hints = Hints { forced: self.options.encoding, declared: None };
        let decoded = encoding::decode(self.piece.bytes, self.piece.offset, hints, true);
        if let Some(fault) = decoded.fault(self.piece.path, self.piece.first_line) {
            sink.fault(fault);
        }
        self.document.origin.damaged = decoded.damage.is_some();
        let mut start = 0_usize;
        for (number, line) in (self.piece.first_line..).zip(decoded.text.split_inclusive('\n')) {
            let text = line.strip_suffix('\n').unwrap_or(line);
            let range = TextRange::new(start as u32, (start + text.len()) as u32);
            let stored = decoded.map.source_range(range);
            let map = || SourceMap::identity(start as u64, text.len()).over(&decoded.map);
            let length = (stored.end - stored.start) as usize;
            self.line(text, number, stored.start, length, |_, _| map(), sink);
            start += line.len();
        }
    }

    /// One line: `text` decoded, `offset` and `length` as stored, `map` from text to stored bytes.
    fn line(
        &mut self,
        text: &str,
        number: u64,
        offset: u64,
        length: usize,
        map: impl FnOnce(u64, usize) -> SourceMap,
        sink: &mut dyn Sink,
    ) {
        let object = text.trim_matches([' ', '\t', '\r']);
        if object.is_empty() {
            return;
        }
        let Self { piece, document, .. } = self;
        document.clear();
        document.origin.found_in(piece.path, Jsonl.name());
        document.origin.record = u32::try_from(number).ok();
        document.origin.stored = SourceRange { start: offset, end: offset + length as u64 };
        let places = self.options.places.then(|| {
            let map = map(offset, text.len());
            let lines = Arc::new(LineIndex::new(text.to_owned(), map.clone(), number));
            (map, lines)
        });
        let stretch = Stretch { text, places: places.as_ref().map(|(map, lines)| (map, lines)) };
        match record::read(object, stretch, self.options, document) {
            Ok(Outcome::Article) => {
                self.articles += 1;
                sink.document(document);
            }
            Ok(Outcome::NoText) => {
                self.articles += 1;
                document.origin.field = None;
                sink.document(document);
            }
            Ok(Outcome::Records(_) | Outcome::NoArticle) => self.others.push(number),
            Err((message, at)) => {
                let before = text.len() - text.trim_start_matches([' ', '\t', '\r']).len();
                let column = text.get(..before + at).map_or(1, |t| t.chars().count() as u64 + 1);
                sink.fault(ReadError::new(piece.path, message).at(number, column));
                self.articles += 1;
            }
        }
    }

    /// Says which lines were no articles; a piece with none at all is no document.
    fn finish(self, sink: &mut dyn Sink) {
        if self.others.is_empty() {
            return;
        }
        if self.articles == 0 {
            sink.not_a_document("no record has a field for the text (text, body, content, content_html, …; name yours with --field text=NAME)");
            return;
        }
        for &number in self.others.iter().take(OTHERS_NAMED) {
            let message = "the record has no text and no title (name the field with --field text=NAME)";
            sink.fault(ReadError::new(self.piece.path, message).at(number, 1));
        }
        if self.others.len() > OTHERS_NAMED {
            let more = self.others.len() - OTHERS_NAMED;
            let message = format!("{more} more records have no text and no title");
            sink.fault(ReadError::new(self.piece.path, message));
        }
    }
}
