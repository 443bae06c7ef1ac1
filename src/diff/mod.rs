//! What changed from one version of a document to the next?
//!
//! [`diff`] answers with a [`Revision`]: edits that tile both texts, so that it replays byte for byte.
//!
//! 1. `units` cuts each text into its blocks; `align` finds which is which: what stands once on each
//!    side by digest, what resembles in order by a chain through each gap (with `split`s and merges),
//!    what moved and was edited by an index of rare words. `chain` is the one dynamic programme.
//! 2. `moves` are the links off the heaviest run in order; `assemble` makes ranges that tile.
//! 3. `words` compares each changed paragraph: sentences anchor, words by crate `similar`.
//! 4. `significance` says which edits matter, and why.
//!
//! Pure. Work is bounded by operations, never by a clock ([`DiffOptions::budget`]).

mod align;
mod assemble;
mod budget;
mod candidates;
mod chain;
mod moves;
mod notes;
mod replay;
mod resemblance;
mod revision;
mod significance;
mod split;
mod stopwords;
mod summary;
mod units;
mod words;

use crate::document::Document;
use budget::Budget;
pub(crate) use notes::notes_of_change;
pub use revision::{Edit, EditKind, MetadataEdit, Reason, Revision, Significance, Summary, WordEdit, WordOp};
pub(crate) use stopwords::contains as is_stop_word;
pub use words::typo_marks;

/// How fine the changes within a paragraph are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Granularity {
    /// A changed paragraph is changed as a whole.
    Paragraph,
    /// Changed sentences are changed as a whole.
    Sentence,
    /// Words.
    #[default]
    Word,
}

impl Granularity {
    /// Every granularity, from the coarsest to the finest.
    pub const ALL: [Self; 3] = [Self::Paragraph, Self::Sentence, Self::Word];

    /// Returns the granularity's name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Sentence => "sentence",
            Self::Word => "word",
        }
    }
}

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiffOptions {
    /// How fine the changes within a paragraph are told.
    pub granularity: Granularity,
    /// How many operations the steps that are not linear may take together. When they are spent, what
    /// is left is told coarser, and the revision says so.
    pub budget: u64,
}

impl Default for DiffOptions {
    fn default() -> Self {
        Self { granularity: Granularity::Word, budget: 4_000_000_000 }
    }
}

/// Returns what changed from `old` to `new`.
///
/// `diff(new, old)` is `diff(old, new)` [inverted](Revision::invert), always: the work is done from the
/// shorter text to the longer (of two equally long, the one that sorts first).
#[must_use]
pub fn diff(old: &Document, new: &Document, options: &DiffOptions) -> Revision {
    let order = old.text.len().cmp(&new.text.len()).then_with(|| old.text.cmp(&new.text));
    if order.is_gt() { forward(new, old, options).invert() } else { forward(old, new, options) }
}

fn forward(old: &Document, new: &Document, options: &DiffOptions) -> Revision {
    let mut budget = Budget::new(options.budget);
    let (old_units, new_units) = (units::units(old), units::units(new));
    let edges = align::align(
        align::Side { document: old, units: &old_units },
        align::Side { document: new, units: &new_units },
        &mut budget,
    );
    let mut edits = assemble::edits((old, &old_units), (new, &new_units), &edges);
    for edit in &mut edits {
        words::tell(edit, old, new, options, &mut budget);
    }
    let metadata = significance::metadata(&old.meta, &new.meta);
    summary::revision(old, new, edits, metadata, budget.degraded)
}
