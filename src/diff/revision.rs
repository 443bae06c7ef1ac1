//! The result: edits that tile both texts, and what they amount to.

use crate::document::{Document, TextRange};

/// What became of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditKind {
    /// Stands unchanged, byte for byte, in its place.
    Keep,
    /// Stands in the new text only.
    Insert,
    /// Stood in the old text only.
    Delete,
    /// One paragraph, changed.
    Modify,
    /// Stands unchanged, byte for byte, in another place.
    Move,
    /// One paragraph became several that stand together.
    Split,
    /// Several paragraphs that stood together became one.
    Merge,
}

impl EditKind {
    /// Returns the kind's name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Insert => "insert",
            Self::Delete => "delete",
            Self::Modify => "modify",
            Self::Move => "move",
            Self::Split => "split",
            Self::Merge => "merge",
        }
    }

    /// Returns the kind of the same edit seen from the new text.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::Insert => Self::Delete,
            Self::Delete => Self::Insert,
            Self::Split => Self::Merge,
            Self::Merge => Self::Split,
            Self::Keep | Self::Modify | Self::Move => self,
        }
    }
}

/// How much an edit matters to a reader, from nothing up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Significance {
    /// Nothing changed.
    #[default]
    None,
    /// White space, punctuation, typography, case, or an address that leads where it led.
    Cosmetic,
    /// Other words or another place, the facts as they were.
    Wording,
    /// A fact changed; the edit's [`Reason`]s say which.
    Substantive,
}

impl Significance {
    /// Returns the level's name in JSON and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Cosmetic => "cosmetic",
            Self::Wording => "wording",
            Self::Substantive => "substantive",
        }
    }
}

/// Why an edit is substantive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A number, in digits or words.
    Number,
    /// An amount of money or its currency.
    Money,
    /// A share in per cent.
    Percent,
    /// A date, a day, or a time of day.
    Date,
    /// A name of a person, place or body.
    Name,
    /// Words within quotation marks, or what is quoted at all.
    Quotation,
    /// A negation, a modal verb, or a word turned to its opposite.
    Negation,
    /// Who says so, and how sure they are.
    Attribution,
    /// The title or a heading.
    Headline,
    /// Where a link leads.
    Link,
}

impl Reason {
    /// Every reason, in the order in which reports list them.
    pub const ALL: [Self; 10] = [
        Self::Number,
        Self::Money,
        Self::Percent,
        Self::Date,
        Self::Name,
        Self::Quotation,
        Self::Negation,
        Self::Attribution,
        Self::Headline,
        Self::Link,
    ];

    /// Returns the reason's name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::Name => "name",
            Self::Quotation => "quotation",
            Self::Negation => "negation",
            Self::Attribution => "attribution",
            Self::Headline => "headline",
            Self::Link => "link",
        }
    }
}

/// What became of a run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordOp {
    /// Stands on both sides, byte for byte.
    Equal,
    /// Stands in the new text only; its old range is empty.
    Insert,
    /// Stood in the old text only; its new range is empty.
    Delete,
}

impl WordOp {
    /// Returns the operation's name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Insert => "insert",
            Self::Delete => "delete",
        }
    }
}

/// A run of words that stayed, came or went, with the white space behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordEdit {
    /// What became of it.
    pub op: WordOp,
    /// Bytes of the old text; empty, at the place between its neighbours, for an insertion.
    pub old: TextRange,
    /// Bytes of the new text; empty, at the place between its neighbours, for a deletion.
    pub new: TextRange,
}

/// What became of one paragraph, or of the few that it was split into or merged from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What became of it.
    pub kind: EditKind,
    /// Whether it left its place in the order of what is on both sides.
    pub moved: bool,
    /// Whether so little is alike (below about .35) that it is shown as a whole, not word by word.
    pub rewritten: bool,
    /// 1-based number of the block of neighbours that moved together; `None` unless `moved`.
    pub block: Option<u32>,
    /// 1-based numbers of the paragraphs in the old document, in order; none on either side for front
    /// matter, and for white space that came or went between paragraphs nobody touched.
    pub old: Vec<u32>,
    /// 1-based numbers of the paragraphs in the new document, in order.
    pub new: Vec<u32>,
    /// Bytes of the old text with the separator behind; `None` for an insertion.
    pub old_range: Option<TextRange>,
    /// Bytes of the new text with the separator behind; `None` for a deletion.
    pub new_range: Option<TextRange>,
    /// How much it matters.
    pub significance: Significance,
    /// Why it is substantive; sorted, empty for the lesser levels, and for a statement added or dropped
    /// that holds none of these.
    pub reasons: Vec<Reason>,
    /// For modify, split and merge: tile both ranges in order. Empty for the other kinds.
    pub words: Vec<WordEdit>,
}

/// A field of the metadata that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataEdit {
    /// The field's name in JSON: `title`.
    pub field: &'static str,
    /// What it said before; `None` where it was not set.
    pub old: Option<String>,
    /// What it says now; `None` where it is not set.
    pub new: Option<String>,
    /// How much it matters.
    pub significance: Significance,
    /// Why it is substantive.
    pub reasons: Vec<Reason>,
}

/// What a revision amounts to, in counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Paragraphs kept in place.
    pub kept: u32,
    /// Paragraphs inserted.
    pub inserted: u32,
    /// Paragraphs deleted.
    pub deleted: u32,
    /// Paragraphs changed, moved ones included.
    pub modified: u32,
    /// Edits that moved, changed ones included.
    pub moved: u32,
    /// Paragraphs split.
    pub split: u32,
    /// Paragraphs made by merging.
    pub merged: u32,
    /// Words of the new text that the old one had not in that place.
    pub words_added: u64,
    /// Words of the old text that the new one has not in that place.
    pub words_removed: u64,
    /// Twice the bytes that stayed (moved ones included) over the bytes of both texts; 1 for two empty
    /// texts.
    pub similarity: f64,
}

/// The step from one version of a document to the next.
///
/// The edits' new ranges, in order, tile the new text; their old ranges, sorted, tile the old one. The
/// texts that came and went are kept, so a revision [applies](Revision::apply) and
/// [inverts](Revision::invert) without the documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// In the order of the new text; a deletion stands where the paragraph stood.
    pub edits: Vec<Edit>,
    /// The fields of the metadata that differ, in a fixed order.
    pub metadata: Vec<MetadataEdit>,
    /// Whether a budget ran out, so that some edits are coarser than asked for.
    pub degraded: bool,
    /// The counts.
    pub summary: Summary,
    /// Length of the old text in bytes.
    pub old_bytes: u32,
    /// Length of the new text in bytes.
    pub new_bytes: u32,
    /// What came, in the order of the new text, without anything between.
    pub(super) inserted: String,
    /// What went, in the order of the old text, without anything between.
    pub(super) deleted: String,
}

impl Revision {
    /// Returns the greatest significance of all edits and of the metadata.
    #[must_use]
    pub fn significance(&self) -> Significance {
        let edits = self.edits.iter().map(|edit| edit.significance);
        let metadata = self.metadata.iter().map(|edit| edit.significance);
        edits.chain(metadata).max().unwrap_or_default()
    }

    /// Returns what the revision from `old` to `new` amounts to where edits of level `ignored` and below are
    /// taken for unchanged.
    #[must_use]
    pub fn summary_without(&self, ignored: Significance, old: &Document, new: &Document) -> Summary {
        super::summary::without(old, new, &self.edits, ignored)
    }

    /// Returns whether nothing at all differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.metadata.is_empty() && self.edits.iter().all(|edit| edit.kind == EditKind::Keep)
    }
}
