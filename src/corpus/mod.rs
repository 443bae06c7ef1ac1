//! Which units of a whole corpus repeat, and what is left of it without them?
//!
//! [`gather`] reads everything once, in parallel, and keeps of each unit a digest, or shingles and the text;
//! the result is the [`Corpus`] that pairs are made of (`copydesk pairs`). [`keep`] decides which copy of several stays
//! (`copydesk dedupe`), and [`write`] writes the corpus without the others, every kept byte as it was, to an
//! [`output`] that appears whole or not at all.

pub mod gather;
mod joined;
pub mod keep;
pub mod output;
mod texts;
pub mod write;

use std::borrow::Cow;

pub use gather::{GatherError, Gathered, gather};

use crate::document::SourceRange;
use crate::duplicates::near::Texts;
use crate::read::ReadOptions;
use crate::read::input::Limits;
use texts::KeptTexts;

/// What counts as one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnitKind {
    /// A document, from its first word to its last.
    #[default]
    Document,
    /// A block of a document, of any kind.
    Paragraph,
}

/// How a corpus is gathered.
#[derive(Clone, Debug)]
pub struct GatherOptions {
    /// What counts as one unit.
    pub unit: UnitKind,
    /// What is kept of each.
    pub keeping: Keeping,
    /// How to read.
    pub read: ReadOptions,
    /// How much is read at most.
    pub limits: Limits,
    /// How many threads work; 0 stands for as many as there are processors.
    pub threads: usize,
    /// How many bytes of memory it may take.
    pub memory_limit: u64,
}

/// What is kept of each unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// A digest: enough to know what is the same.
    Digests,
    /// The shingles, and the text to count them again.
    Shingles {
        /// How many words make a shingle.
        words: usize,
        /// Whether texts are kept in memory; else in a temporary file.
        texts_in_memory: bool,
    },
}

impl Keeping {
    /// How many words make a shingle.
    const fn shingle(self) -> usize {
        match self {
            Self::Digests => 1,
            Self::Shingles { words, .. } => words,
        }
    }
}

/// A document of a corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name other documents know it by: its record's id, or else its path.
    pub name: Box<str>,
    /// The input it was read from.
    pub input: u32,
    /// 1-based number of the record; `None` where the file is one document.
    pub record: Option<u32>,
    /// Its bytes of the decompressed file.
    pub stored: SourceRange,
    /// Whether it is a line of its own in its file.
    pub a_line: bool,
    /// When it was published, in seconds since 1970, where its source says.
    pub published: Option<i64>,
}

/// A unit of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The number of its document.
    pub document: u32,
    /// 1-based number of the block within the document; 0 for the document itself.
    pub paragraph: u32,
    /// Which of the corpus' stretches of text it is in, and its bytes there.
    part: u32,
    start: u32,
    end: u32,
}

/// All that was read, in input order.
#[derive(Debug, Default)]
pub struct Corpus {
    /// The documents.
    pub documents: Vec<Entry>,
    /// The units.
    pub units: Vec<Unit>,
    /// The texts of the units, one after the other, as each piece of work read them.
    texts: KeptTexts,
}

impl Corpus {
    /// Returns the name of unit number `unit`: its document's, for a paragraph with `#` and its number.
    #[must_use]
    pub fn name(&self, unit: u32) -> Cow<'_, str> {
        let unit = self.units[unit as usize];
        let name = &*self.documents[unit.document as usize].name;
        match unit.paragraph {
            0 => Cow::Borrowed(name),
            paragraph => Cow::Owned(format!("{name}#{paragraph}")),
        }
    }

    /// Returns how many bytes of text are kept in memory.
    #[must_use]
    pub fn text_bytes(&self) -> u64 {
        self.texts.memory()
    }

    /// Returns why a text could not be read again, if one could not: what was counted is then wrong.
    #[must_use]
    pub fn failure(&self) -> Option<GatherError> {
        self.texts.failure().map(GatherError::Texts)
    }
}

impl Texts for Corpus {
    fn text(&self, unit: u32) -> Cow<'_, str> {
        let Unit { part, start, end, .. } = self.units[unit as usize];
        self.texts.text(part, start..end)
    }
}
