//! `text`: for people. Where each block begins, what it is, and its words.

use std::io;

use super::{DocumentsFormat, DocumentsReport};
use crate::document::Document;
use crate::error::ReadError;
use crate::report::passage::{Glyph, wrap};
use crate::report::{Layout, visible};

/// The format.
pub(super) struct Text;

impl DocumentsFormat for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn summary(&self) -> &'static str {
        "for people: metadata, and each block with its kind and place"
    }

    fn start<'a>(&self, layout: &Layout, out: &'a mut dyn io::Write) -> Box<dyn DocumentsReport + 'a> {
        Box::new(Writer { layout: layout.clone(), out, any: false })
    }
}

struct Writer<'a> {
    layout: Layout,
    out: &'a mut dyn io::Write,
    /// Whether a document has been written.
    any: bool,
}

impl DocumentsReport for Writer<'_> {
    fn document(&mut self, document: &Document) -> io::Result<()> {
        if self.any {
            writeln!(self.out)?;
        }
        self.any = true;
        let palette = self.layout.palette();
        let (strong, faint, kind) = (palette.strong, palette.faint, palette.help);
        let origin = &document.origin;
        let record = origin.record.map_or(String::new(), |record| format!(", record {record}"));
        let field = origin.field.as_ref().map_or(String::new(), |field| format!(", field {field}"));
        let path = visible::line_start(&origin.path);
        let details = format!("{}{record}{field}", origin.format);
        writeln!(self.out, "{strong}{path}{strong:#} ({})", visible::line(&details))?;
        for (name, value) in document.meta.fields() {
            writeln!(self.out, "  {faint}{name}:{faint:#} {}", visible::line(value))?;
        }
        if document.blocks.is_empty() {
            return writeln!(self.out, "  no text");
        }
        let numbers = document.blocks.len().to_string().len();
        let width = self.layout.width.max(Layout::NARROWEST) - 4;
        for (index, block) in document.blocks.iter().enumerate() {
            let number = index + 1;
            let place = document.locate(block.range);
            let place = place.map_or(String::new(), |at| {
                let (start, end) = (at.start, at.end);
                format!(" {}:{} to {}:{}", start.line, start.column, end.line, end.column)
            });
            writeln!(self.out, "{number:>numbers$} {kind}{}{kind:#}{place}", block.kind.name())?;
            for line in wrap(&document.reading(block.range), width) {
                let line: String = line.iter().map(shown).collect();
                let space = if line.is_empty() { "" } else { " " };
                writeln!(self.out, "  {faint}|{faint:#}{space}{line}")?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &[ReadError]) -> io::Result<()> {
        Ok(())
    }
}

fn shown(glyph: &Glyph) -> &str {
    &glyph.shown
}
