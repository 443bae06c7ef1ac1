//! What became of words and paragraphs.

use crate::document::TextRange;

/// A word or sign of the text that is told, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLife {
    /// Bytes of [`History::text`](super::History::text).
    pub range: TextRange,
    /// Whether it is a word, and not a sign.
    pub word: bool,
    /// The number of the version that first brought it.
    pub origin: u32,
    /// Its number in [`History::origins`](super::History::origins): the same word has the same number in
    /// every version.
    pub token: u32,
    /// Index into [`History::lives`](super::History::lives).
    pub life: u32,
}

/// Where words were removed and restored; the words of one sentence mostly share one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Life {
    /// The numbers of the versions that no longer had them, in order.
    pub removed: Vec<u32>,
    /// The numbers of the versions that had them again, in order.
    pub restored: Vec<u32>,
}

/// A paragraph of the text that is told, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParagraphLife {
    /// Bytes of [`History::text`](super::History::text).
    pub range: TextRange,
    /// The number of the version in which the paragraph first stood, in these or other words.
    pub introduced: u32,
    /// The number of the version that first gave it these words.
    pub last_changed: u32,
}

/// One wording of a paragraph, told once however many versions had it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// Its text; empty unless [`HistoryOptions::keep_texts`](super::HistoryOptions::keep_texts) asked for it.
    pub text: String,
    /// The number of the version that first had it.
    pub first: u32,
    /// The number of the version in which the paragraph first stood, in these or other words.
    pub introduced: u32,
    /// The wording that most of its words were taken over from; `None` where the paragraph was new.
    pub before: Option<u32>,
    /// The numbers of its [tokens](super::tokens), in order: the same word has the same number in every
    /// wording.
    pub tokens: Vec<u32>,
}
