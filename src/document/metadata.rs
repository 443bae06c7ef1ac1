//! What a source says about a document, and where the document was found.

use std::sync::Arc;

use super::{MetaField, SourceRange};

/// What a document's source says about it; each field as it was written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The id the source gives (`id`, `guid`, `uri`); files without one have none.
    pub id: Option<String>,
    /// The title or headline.
    pub title: Option<String>,
    /// The address.
    pub url: Option<String>,
    /// The version's label; records that carry one are versions, not duplicates.
    pub version: Option<String>,
    /// Who wrote it; several names are joined by `, `.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// When it was last changed.
    pub updated: Option<String>,
    /// The language as a BCP 47 tag.
    pub language: Option<String>,
    /// Every date of a format that says how dates are written there.
    pub dates: Vec<StatedDate>,
}

/// A date as its source writes it, and as its format has it written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedDate {
    /// The element or field that holds it: `pubDate`.
    pub element: String,
    /// What stands there.
    pub value: String,
    /// How the format has it written.
    pub form: DateForm,
    /// Whether it is a date of the whole feed, told with the feed's first item.
    pub of_feed: bool,
}

/// How a format has its dates written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// `Tue, 24 Nov 2026 10:00:00 +0000`: RSS.
    Rfc2822,
    /// `2026-11-24T10:00:00Z`: JSON Feed.
    Rfc3339,
    /// The same with `T` and `Z` as capitals: Atom and NewsML.
    Rfc3339Capital,
    /// `2026`, `2026-11`, `2026-11-24`, `2026-11-24T10:00Z` or RFC 3339: Dublin Core.
    W3c,
}

impl Metadata {
    /// Forgets every field.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns when it was published, in seconds since 1970; `None` where that is not said, or not as a
    /// [date that can be read](super::read_date). A date without a zone counts as UTC.
    #[must_use]
    pub fn published_seconds(&self) -> Option<i64> {
        super::read_date(self.published.as_deref()?).map(|date| date.seconds)
    }

    /// Returns what the source says in `field`.
    #[must_use]
    pub fn value(&self, field: MetaField) -> Option<&str> {
        match field {
            MetaField::Id => self.id.as_deref(),
            MetaField::Title => self.title.as_deref(),
            MetaField::Published => self.published.as_deref(),
            MetaField::Updated => self.updated.as_deref(),
            MetaField::Date(index) => self.dates.get(index as usize).map(|date| date.value.as_str()),
        }
    }

    /// Returns the fields that are set, by their names in JSON, in a fixed order.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("id", &self.id),
            ("title", &self.title),
            ("url", &self.url),
            ("version", &self.version),
            ("author", &self.author),
            ("published", &self.published),
            ("updated", &self.updated),
            ("language", &self.language),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

/// Where a document was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The path as given or walked; `-` or the name given for standard input.
    pub path: Arc<str>,
    /// The reader's name: `plaintext`, `markdown`, `jsonl`.
    pub format: &'static str,
    /// 1-based line of a JSONL file, or item of an array or feed; `None` where a file is one document.
    pub record: Option<u32>,
    /// The field the text came from, where it is one of a record: `text`, `content_html`.
    pub field: Option<Arc<str>>,
    /// The stretch of the decompressed file to read again to get this document: the record's line, or
    /// the whole file.
    pub stored: SourceRange,
    /// Whether some of the stored bytes are none of the file's encoding: then the reader has told them
    /// as a fault, and they are U+FFFD in the text.
    pub damaged: bool,
    /// Whether the file breaks off inside of the document: what stands here is a part of it.
    pub cut_off: bool,
}

impl Origin {
    /// Says that the document was found in the file at `path` by the reader called `format`. Costs
    /// nothing where that is known already.
    pub fn found_in(&mut self, path: &Arc<str>, format: &'static str) {
        if !Arc::ptr_eq(&self.path, path) {
            self.path = Arc::clone(path);
        }
        self.format = format;
    }
}

impl Default for Origin {
    fn default() -> Self {
        Self {
            path: Arc::from(""),
            format: "",
            record: None,
            field: None,
            stored: SourceRange::default(),
            damaged: false,
            cut_off: false,
        }
    }
}
