//! From one record to a document.

use std::sync::Arc;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::Warc;
use super::head::{Head, Kind};
use super::http::{self, Body};
use crate::document::{Document, Places, SourceMap, SourceMapBuilder, SourceRange};
use crate::error::ReadError;
use crate::read::encoding::{self, Hints, declared};
use crate::read::{Piece, ReadOptions, Reader as _, Sink, html};
use crate::segment;

/// The piece that is being read.
pub(super) struct File<'a> {
    pub piece: &'a Piece<'a>,
    pub options: &'a ReadOptions,
    pub document: Document,
}

impl File<'_> {
    /// One record, stored from byte `offset` and line `line` on.
    pub fn record(&mut self, head: &Head<'_>, record: &[u8], offset: u64, line: u64, sink: &mut dyn Sink) {
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
                document.place_directives(&[&decoded.map, &stored]);
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
