//! Exact places: from a range of the text to path, byte, line and column.

use std::sync::Arc;

use super::{Document, LineIndex, Position, SourceMap, SourceRange, TextRange};

/// The way from a document's text back to the file as stored.
#[derive(Clone, Debug)]
pub struct Places {
    /// From bytes of the text to bytes as stored.
    pub map: SourceMap,
    /// From bytes as stored to lines and columns; shared by all documents of one file.
    pub lines: Arc<LineIndex>,
    /// Where the metadata stands, as far as the reader knows.
    pub fields: Vec<FieldPlace>,
}

impl Places {
    /// Returns places of a text whose metadata has none.
    #[must_use]
    pub const fn new(map: SourceMap, lines: Arc<LineIndex>) -> Self {
        Self { map, lines, fields: Vec::new() }
    }
}

/// One value of the metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetaField {
    /// The id.
    Id,
    /// The title.
    Title,
    /// The date of publication.
    Published,
    /// The date of the last change.
    Updated,
    /// One of [`Metadata::dates`](super::Metadata::dates), by its index.
    Date(u32),
}

/// Where a value of the metadata stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPlace {
    /// Which value.
    pub field: MetaField,
    /// The element or field of the source that holds it: `pubDate`.
    pub name: Arc<str>,
    /// Its stored bytes, without the tags or quotation marks around it.
    pub range: SourceRange,
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

impl Document {
    /// Returns where `range` stands in the file as stored, `None` where the read kept no places.
    #[must_use]
    pub fn locate(&self, range: TextRange) -> Option<Location> {
        let places = self.places.as_ref()?;
        let stored = places.map.source_range(range);
        Some(Location {
            path: Arc::clone(&self.origin.path),
            record: self.origin.record,
            field: self.origin.field.clone(),
            document: self.name().into_owned(),
            paragraph: self.paragraph_at(range.start),
            start: places.lines.position(stored.start),
            end: places.lines.position(stored.end),
        })
    }

    /// Returns where a value of the metadata stands, `None` where its reader keeps no such place.
    #[must_use]
    pub fn locate_field(&self, field: MetaField) -> Option<Location> {
        let places = self.places.as_ref()?;
        let place = places.fields.iter().find(|place| place.field == field)?;
        Some(Location {
            path: Arc::clone(&self.origin.path),
            record: self.origin.record,
            field: Some(Arc::clone(&place.name)),
            document: self.name().into_owned(),
            paragraph: None,
            start: places.lines.position(place.range.start),
            end: places.lines.position(place.range.end),
        })
    }
}
