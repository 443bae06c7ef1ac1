//! The parts of a document that a reader sees.

use super::TextRange;

/// What a block is to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading, or the all-capitals crosshead of news copy.
    Heading,
    /// One item of a list, without its marker.
    ListItem,
    /// A quotation set apart from the text.
    Quotation,
    /// A table.
    Table,
    /// A block of code or otherwise preformatted text.
    Code,
    /// The caption of a picture or table.
    Caption,
}

impl BlockKind {
    /// Every kind, in the order the documentation lists them.
    pub const ALL: [Self; 7] = [
        Self::Paragraph,
        Self::Heading,
        Self::ListItem,
        Self::Quotation,
        Self::Table,
        Self::Code,
        Self::Caption,
    ];

    /// Returns the kind's name in JSON and on the command line: `list-item`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Heading => "heading",
            Self::ListItem => "list-item",
            Self::Quotation => "quotation",
            Self::Table => "table",
            Self::Code => "code",
            Self::Caption => "caption",
        }
    }

    /// Returns whether blocks of this kind count for repeats unless the user says otherwise.
    #[must_use]
    pub const fn counts(self) -> bool {
        match self {
            Self::Paragraph | Self::ListItem | Self::Quotation | Self::Caption => true,
            Self::Heading | Self::Table | Self::Code => false,
        }
    }
}

/// A paragraph, heading, list item, quotation, table, code block or caption of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is to a reader.
    pub kind: BlockKind,
    /// Its bytes of the document's text, without white space at either end; never empty.
    pub range: TextRange,
}
