//! What must hold for every document that a reader makes of any bytes.

use std::sync::Arc;

use copydesk::document::{Document, TextRange};
use copydesk::error::ReadError;
use copydesk::read::{Piece, ReadOptions, Sink, reader_named};

struct Checked<'a> {
    bytes: &'a [u8],
}

impl Sink for Checked<'_> {
    fn document(&mut self, document: &mut Document) {
        check(document, self.bytes.len() as u64);
    }

    fn fault(&mut self, fault: ReadError) {
        assert!(!fault.to_string().is_empty());
    }

    fn not_a_document(&mut self, _: &'static str) {}
}

/// Reads `bytes` with the reader called `format` and checks what it gives.
pub fn read(format: &str, path: &str, bytes: &[u8]) {
    let path = Arc::from(path);
    let piece = Piece { path: &path, bytes, offset: 0, first_line: 1, named: true };
    let reader = reader_named(format).expect("the format has a reader");
    let options = ReadOptions { places: true, ..ReadOptions::default() };
    reader.read(&piece, &options, &mut Checked { bytes });
}

fn check(document: &Document, stored: u64) {
    let text = document.text.as_str();
    let mut end = 0;
    for block in &document.blocks {
        assert!(block.range.start >= end && !block.range.is_empty());
        end = block.range.end;
        let words = &text[block.range.as_usize()];
        assert_eq!(words, words.trim());
        let _ = document.reading(block.range);
    }
    let mut end = 0;
    for mark in &document.markup {
        assert!(mark.start >= end && !mark.is_empty());
        end = mark.end;
        assert!(text.get(mark.as_usize()).is_some());
    }
    let places = document.places.as_ref().expect("places were asked for");
    let mut last = 0;
    for (at, c) in text.char_indices() {
        let range = TextRange::new(at as u32, (at + c.len_utf8()) as u32);
        let source = places.map.source_range(range);
        assert!(last <= source.start && source.start <= source.end && source.end <= stored);
        last = source.start;
    }
}
