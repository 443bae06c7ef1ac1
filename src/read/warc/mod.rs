//! WARC: one document for each page that a crawl brought home.
//!
//! A file of any size is read record after record (member-wise gzip or not); only one record at a time is
//! in memory, and one over the limit is told and passed over. Read are HTML pages (`response` with a 2xx
//! status, `resource`) and extracted plain text (`conversion`); pictures, requests, redirects and the
//! like are passed over.
//!
//! - [`head`] reads a record's own header, [`http`] takes the body out of the response: chunks, gzip,
//!   deflate, zstd.
//! - The text of a page is its [main content](super::html::main_content), unless the user says otherwise.
//! - Places are exact, through chunks too. A compressed body stands as a whole: no byte of it stands for
//!   one character.
//! - The id is the address, and the date of the crawl the version: two captures of one page are versions
//!   of one document.

mod head;
mod http;

use std::sync::Arc;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::encoding::{self, Hints, declared};
use super::{Extent, Framing, Piece, ReadOptions, Reader, Sink, html};
use crate::document::{Document, Places, SourceMap, SourceMapBuilder, SourceRange};
use crate::error::ReadError;
use crate::segment;
use head::{Head, Kind};
use http::Body;

/// The reader of WARC.
#[derive(Clone, Copy, Debug)]
pub struct Warc;

impl Reader for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }

    fn summary(&self) -> &'static str {
        "WARC 0.17 to 1.1: one document for each HTML page, its main content"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["warc", "wet"]
    }

    fn recognises(&self, head: &str) -> bool {
        head.starts_with("WARC/")
    }

    fn framing(&self) -> Framing {
        Framing::Records
    }

    fn extent(&self, bytes: &[u8]) -> Extent {
        head::extent(bytes)
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let mut file = File { piece, options, document: Document::default() };
        let (mut at, mut line) = (0, piece.first_line);
        while at < piece.bytes.len() {
            let rest = &piece.bytes[at..];
            let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            line += memchr::memchr_iter(b'\n', &rest[..blank]).count() as u64;
            let record = &rest[blank..];
            if record.is_empty() {
                break;
            }
            let length = match head::extent(record) {
                Extent::Known { length, .. } => usize::try_from(length).unwrap_or(usize::MAX),
                Extent::Unknown => usize::MAX,
            };
            let here = &record[..length.min(record.len())];
            match Head::of(here) {
                Some(head) => file.record(&head, here, piece.offset + (at + blank) as u64, line, sink),
                None => {
                    let message = "is no WARC record; what follows is read from the next record on";
                    sink.fault(ReadError::new(piece.path, message).at(line, 1));
                }
            }
            if length > record.len() {
                let message = "the file ends inside of a record";
                sink.fault(ReadError::new(piece.path, message).at(line, 1));
            }
            line += memchr::memchr_iter(b'\n', here).count() as u64;
            at += blank + here.len();
        }
    }
}

/// The piece that is being read.
struct File<'a> {
    piece: &'a Piece<'a>,
    options: &'a ReadOptions,
    document: Document,
}

impl File<'_> {
    /// One record, stored from byte `offset` and line `line` on.
    fn record(&mut self, head: &Head<'_>, record: &[u8], offset: u64, line: u64, sink: &mut dyn Sink) {
        let body = match head.kind(record) {
            Kind::Other => return,
            Kind::Text(body) => Body::plain(body, record),
            Kind::Html(body) => Body::plain(body, record),
            Kind::Response(block) => match http::body(block, record) {
                Ok(Some(body)) => body,
                Ok(None) => return,
                Err(message) => {
                    let message = format!("{message}: {}", head.field("WARC-Target-URI").unwrap_or("?"));
                    sink.fault(ReadError::new(self.piece.path, message).at(line, 1));
                    return;
                }
            },
        };
        let is_text = matches!(head.kind(record), Kind::Text(_));
        if body.bytes.trim_ascii().is_empty() || encoding::binary_at(&body.bytes).is_some() {
            return;
        }
        let charset =
            body.charset.as_ref().and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
        let utf8 = is_text.then_some(encoding_rs::UTF_8);
        let hints = Hints {
            forced: self.options.encoding.or(utf8),
            declared: charset.or_else(|| declared(&body.bytes)),
        };
        let places = self.options.places;
        let decoded = encoding::decode(&body.bytes, 0, hints, places);
        if decoded.text.len() > html::LIMIT {
            let message = "the page is longer than 3 GiB";
            sink.fault(ReadError::new(self.piece.path, message).at(line, 1));
            return;
        }
        let first_line =
            line + memchr::memchr_iter(b'\n', &record[..body.start.min(record.len())]).count() as u64;
        if let Some(fault) = decoded.fault(self.piece.path, first_line) {
            sink.fault(fault);
        }
        let document = &mut self.document;
        document.clear();
        document.origin.found_in(self.piece.path, Warc.name());
        document.origin.record = Some(u32::try_from(line).unwrap_or(u32::MAX));
        document.origin.stored = SourceRange { start: offset, end: offset + record.len() as u64 };
        document.origin.damaged = decoded.damage.is_some();
        let above = if is_text {
            document.text.push_str(&decoded.text);
            segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
            SourceMap::identity(0, document.text.len())
        } else {
            html::page(&decoded.text, document, self.options.main_content.unwrap_or(true), places)
        };
        let address = head.field("WARC-Target-URI").map(|uri| uri.trim_matches(['<', '>']).to_owned());
        let meta = &mut document.meta;
        meta.url = meta.url.take().or_else(|| address.clone());
        meta.id = address.or_else(|| head.field("WARC-Record-ID").map(str::to_owned));
        meta.version = head.field("WARC-Date").map(str::to_owned);
        if places {
            let stored = body.map(offset);
            let map = if body.is_packed() {
                let mut whole = SourceMapBuilder::new();
                whole.unit(0, document.text.len() as u32, offset + body.start as u64, body.length as u32);
                whole.finish()
            } else {
                above.over(&decoded.map).over(&stored)
            };
            // Bytes that are text in no encoding are characters of this one, so that lines can be counted.
            let forced = if body.is_packed() { WINDOWS_1252 } else { decoded.encoding };
            let all = Hints { forced: Some(forced), declared: None };
            let lines = encoding::decode(record, offset, all, true).lines(line);
            document.places = Some(Arc::new(Places::new(map, lines)));
        }
        sink.document(document);
    }
}

#[cfg(test)]
mod tests;
