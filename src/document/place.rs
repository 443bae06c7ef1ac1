//! Exact places: from a range of the text to path, byte, line and column.

use std::sync::Arc;

use super::{LineIndex, Position, SourceMap};

/// The way from a document's text back to the file as stored.
#[derive(Clone, Debug)]
pub struct Places {
    /// From bytes of the text to bytes as stored.
    pub map: SourceMap,
    /// From bytes as stored to lines and columns; shared by all documents of one file.
    pub lines: Arc<LineIndex>,
}

/// Where a passage stands, in the words of the JSON contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The path as given or walked.
    pub path: Arc<str>,
    /// 1-based line of a JSONL file, or item of an array or feed.
    pub record: Option<u32>,
    /// The field of the record that holds the text.
    pub field: Option<Arc<str>>,
    /// The document's id, or its path.
    pub document: String,
    /// 1-based number of the block within the document, headings counted.
    pub paragraph: Option<u32>,
    /// The first character.
    pub start: Position,
    /// The place after the last character.
    pub end: Position,
}
