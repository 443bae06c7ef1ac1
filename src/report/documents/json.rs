//! `json`: one object, schema version 1 (docs/json-schema/show.schema.json), written piece by piece.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::{DocumentsFormat, DocumentsReport};
use crate::document::{Block, Document, Position};
use crate::error::ReadError;
use crate::report::Layout;
use crate::report::json::{ErrorView, PositionView, write_compact};

/// The format.
pub(super) struct Json;

impl DocumentsFormat for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "one JSON object (docs/json-schema/show.schema.json)"
    }

    fn start<'a>(&self, _: &Layout, out: &'a mut dyn io::Write) -> Box<dyn DocumentsReport + 'a> {
        Box::new(Writer { out, any: false })
    }
}

struct Writer<'a> {
    out: &'a mut dyn io::Write,
    /// Whether a document has been written.
    any: bool,
}

impl Writer<'_> {
    fn open(&mut self) -> io::Result<()> {
        let opening = if self.any { ",\n" } else { "{\"schema\":1,\"documents\":[\n" };
        self.any = true;
        self.out.write_all(opening.as_bytes())
    }
}

impl DocumentsReport for Writer<'_> {
    fn document(&mut self, document: &Document) -> io::Result<()> {
        self.open()?;
        write_compact(&DocumentView::new(document), self.out)
    }

    fn finish(&mut self, errors: &[ReadError]) -> io::Result<()> {
        if !self.any {
            self.open()?;
        }
        self.out.write_all(b"\n],\"errors\":")?;
        write_compact(&errors.iter().map(ErrorView::new).collect::<Vec<_>>(), self.out)?;
        self.out.write_all(b"}\n")
    }
}

#[derive(Serialize)]
struct DocumentView<'a> {
    id: String,
    path: &'a str,
    record: Option<u32>,
    metadata: BTreeMap<&'static str, &'a str>,
    text: &'a str,
    blocks: Vec<BlockView>,
}

#[derive(Serialize)]
struct BlockView {
    kind: &'static str,
    /// Half-open bytes of the document's text.
    range: [u32; 2],
    start: PositionView,
    end: PositionView,
}

impl<'a> DocumentView<'a> {
    fn new(document: &'a Document) -> Self {
        let block = |block: &Block| {
            let (start, end) = document
                .locate(block.range)
                .map_or((Position::default(), Position::default()), |place| (place.start, place.end));
            BlockView {
                kind: block.kind.name(),
                range: [block.range.start, block.range.end],
                start: PositionView::new(start),
                end: PositionView::new(end),
            }
        };
        Self {
            id: document.name().into_owned(),
            path: &document.origin.path,
            record: document.origin.record,
            metadata: document.meta.fields().collect(),
            text: &document.text,
            blocks: document.blocks.iter().map(block).collect(),
        }
    }
}
