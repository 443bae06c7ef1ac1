//! What became of a document from its first version to its last, and who wrote which word?
//!
//! A [`Chain`] takes the versions one at a time, oldest first, and [finishes](Chain::finish) as a
//! [`History`]: every version with what it added and removed and how much that matters, every word of the
//! last one with the version that first brought it, reverts, flapping, and silent edits.
//!
//! The method follows WikiWho (Flöck and Acosta 2014): what stands unchanged is known again as a whole, and
//! only what is left is compared word by word.
//!
//! 1. `pieces` cuts a version into paragraphs; those that stand as they stood in the version before, at
//!    either end and in between, are not looked at again.
//! 2. `provenance` asks for each other paragraph, then for each of its sentences, whether it ever stood in
//!    the document: first in the version before, then among what was removed. What did keeps its words, with
//!    their identity; so a revert gives the words back their origin.
//! 3. `align` compares the words that are left, so that a run of words or a rare one is known again, and the
//!    "the" of a rewritten sentence is not. `restore` puts words back that were taken out of the same place,
//!    and `places` whole paragraphs.
//! 4. `revert`, `churn` and `silent` say what the steps amount to; `significance` asks `diff` how much each
//!    one matters, on what changed only, and `judging` does so while the next versions are taken in.
//!
//! Pure. In memory are the last version and, for every paragraph that ever stood, its digest and the numbers
//! of its words; its text only where [`HistoryOptions::keep_texts`] asks for it.

mod align;
mod anchors;
mod chain;
mod churn;
mod judging;
mod life;
mod lives;
mod pieces;
mod places;
mod provenance;
mod restore;
mod revert;
mod significance;
mod silent;
mod store;
mod tokens;
mod version;
mod vocabulary;
mod words;

pub use chain::Chain;
pub use life::{Life, ParagraphLife, TokenLife, Wording};
pub use tokens::{Token, tokens};
pub use version::{AuthorShare, Change, ChangeRun, Flap, Revert, Version};

/// What a history is to hold beside the versions.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct HistoryOptions {
    /// The number of the version whose words and paragraphs are told; `None` for the last one with a text.
    pub at: Option<u32>,
    /// Whether the words' lives (where each was removed and restored) are told, not only their origins.
    pub lives: bool,
    /// Whether the text of every paragraph that ever stood is kept, for reports that show any version.
    pub keep_texts: bool,
    /// The least significance of the changes that are kept with their words; `None` for none.
    pub changes: Option<crate::diff::Significance>,
}

impl HistoryOptions {
    /// Asks for the words of changes that are at least so significant, beside what was asked for before.
    pub fn keep_changes(&mut self, least: crate::diff::Significance) {
        self.changes = Some(self.changes.map_or(least, |before| before.min(least)));
    }
}

/// A document's versions and what became of its words.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// What the source calls the document.
    pub id: String,
    /// Oldest first; the version at index i has the number i + 1.
    pub versions: Vec<Version>,
    /// The number of the version that `text`, `paragraphs` and `tokens` tell of; 0 where no version has a
    /// text.
    pub at: u32,
    /// The text of that version.
    pub text: String,
    /// The paragraphs of `text`, in order.
    pub paragraphs: Vec<ParagraphLife>,
    /// The words and signs of `text`, in order.
    pub tokens: Vec<TokenLife>,
    /// Where words were removed and restored; [`TokenLife::life`] is an index into it. Empty unless
    /// [`HistoryOptions::lives`] asked for it.
    pub lives: Vec<Life>,
    /// Versions that undid others, oldest first.
    pub reverts: Vec<Revert>,
    /// Runs of versions that only brought back what had stood before, oldest first.
    pub flaps: Vec<Flap>,
    /// Who wrote the words of `text`, most words first.
    pub authors: Vec<AuthorShare>,
    /// Every wording that a paragraph ever had, in the order in which they first stood.
    pub wordings: Vec<Wording>,
    /// The version that first brought each token, by its number in [`Wording::tokens`].
    pub origins: Vec<u32>,
    layouts: version::Layouts,
}

impl History {
    /// Returns the version with this number; `None` where there is none.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.get(number.checked_sub(1)? as usize)
    }

    /// Returns for each version, oldest first, the [`wordings`](History::wordings) that it is made of, in the
    /// order of its text, as indices.
    pub fn layouts(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        self.layouts.each()
    }
}
