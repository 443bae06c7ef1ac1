//! What does every stage work on?
//!
//! A [`Document`]: one article as decoded text, the [`Block`]s a reader would see in it, what is known
//! about it ([`Metadata`]), where it came from ([`Origin`]), and, when asked for, the exact way back to
//! the bytes as stored ([`Places`]).
//!
//! Everything here is data. Readers fill it, every later stage only looks.

mod block;
mod date;
mod directive;
mod lines;
mod map;
mod metadata;
pub mod own;
mod place;
mod range;
mod reading;
mod snapshot;

use std::borrow::Cow;
use std::sync::Arc;

pub use block::{Block, BlockKind};
pub use date::{Dated, is_written_as, read_date};
pub use directive::{DIRECTIVE, Directive};
pub use lines::{LineIndex, Position};
pub use map::{SourceMap, SourceMapBuilder};
pub use metadata::{DateForm, Metadata, Origin, StatedDate};
pub use place::{FieldPlace, Location, MetaField, Places};
pub use range::{SourceRange, TextRange};
pub use reading::StandIn;
pub use snapshot::Snapshot;

/// The ordinal of a document within one run: documents are numbered in input order, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub u32);

/// A range of one document. Ordered by document, then start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Passage {
    /// The document the passage stands in.
    pub document: DocumentId,
    /// Half-open bytes of that document's text.
    pub range: TextRange,
}

/// One article: a file, a feed entry, or one record of a JSONL file.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Where the document was found.
    pub origin: Origin,
    /// What its source says about it.
    pub meta: Metadata,
    /// The decoded text: verbatim for plain text, the source for Markdown, rendered for HTML.
    pub text: String,
    /// What a reader sees of the text, sorted, disjoint, none empty.
    pub blocks: Vec<Block>,
    /// Ranges of the text that are markup and not words (`> `, `**`, link targets), sorted and
    /// disjoint. [`Document::reading`] leaves them out.
    pub markup: Vec<TextRange>,
    /// What is read as other text than it is written (`&amp;`, `<br>`), sorted, disjoint, and apart from
    /// the markup.
    pub stand_ins: Vec<StandIn>,
    /// Ranges of rendered running text that the page shows as code (`<code>`, `<kbd>`, `<samp>`), sorted and
    /// disjoint.
    pub code: Vec<TextRange>,
    /// Comments to copydesk, in order.
    pub directives: Vec<Directive>,
    /// The way back to the stored bytes; `None` unless the read asked for it.
    pub places: Option<Arc<Places>>,
}

impl Document {
    /// Returns the name other documents know this one by: its record's id, or else its path, with the
    /// record number behind it where one file holds many.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        match (&self.meta.id, self.origin.record) {
            (Some(id), _) => Cow::Borrowed(id),
            (None, Some(record)) => Cow::Owned(format!("{}#{record}", self.origin.path)),
            (None, None) => Cow::Borrowed(&self.origin.path),
        }
    }

    /// Returns the range from the first block's start to the last block's end; the whole text where
    /// there is no block.
    #[must_use]
    pub fn body(&self) -> TextRange {
        match (self.blocks.first(), self.blocks.last()) {
            (Some(first), Some(last)) => TextRange::new(first.range.start, last.range.end),
            _ => TextRange::new(0, self.text.len() as u32),
        }
    }

    /// Returns the 1-based number of the block that holds `offset` (or the nearest before it), and
    /// `None` for a document without blocks.
    #[must_use]
    pub fn paragraph_at(&self, offset: u32) -> Option<u32> {
        if self.blocks.is_empty() {
            return None;
        }
        let after = self.blocks.partition_point(|b| b.range.start <= offset);
        Some(after.max(1) as u32)
    }

    /// Returns whether any of `range` is shown as code.
    #[must_use]
    pub fn is_code(&self, range: TextRange) -> bool {
        let after = self.code.partition_point(|code| code.end <= range.start);
        self.code.get(after).is_some_and(|code| code.start < range.end)
    }

    /// Empties the document and keeps its buffers, so that a reader can fill it again.
    pub fn clear(&mut self) {
        self.meta.clear();
        self.text.clear();
        self.blocks.clear();
        self.markup.clear();
        self.stand_ins.clear();
        self.code.clear();
        self.directives.clear();
        self.places = None;
    }
}
