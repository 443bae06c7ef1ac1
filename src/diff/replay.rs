//! Replaying a revision, forwards and backwards, byte for byte.

use super::assemble::in_order;
use super::revision::{EditKind, MetadataEdit, Revision, WordEdit, WordOp};
use crate::document::TextRange;

/// Which of the two kept texts a stretch comes from when a revision is replayed.
enum Source {
    /// The text the revision is applied to.
    Given(TextRange),
    /// The text that came.
    Inserted(u32),
}

impl Revision {
    /// Returns the new text, made from `old`, the text the revision was made from; `None` when `old`
    /// cannot be that text (another length, or characters where the edits cut).
    #[must_use]
    pub fn apply(&self, old: &str) -> Option<String> {
        if old.len() != self.old_bytes as usize {
            return None;
        }
        let mut out = String::with_capacity(self.new_bytes as usize);
        let mut inserted = 0;
        for source in self.sources() {
            match source {
                Source::Given(range) => out.push_str(old.get(range.as_usize())?),
                Source::Inserted(length) => {
                    let end = inserted + length as usize;
                    out.push_str(self.inserted.get(inserted..end)?);
                    inserted = end;
                }
            }
        }
        Some(out)
    }

    /// Where the new text's stretches come from, in its order.
    fn sources(&self) -> impl Iterator<Item = Source> {
        self.edits.iter().flat_map(|edit| {
            let whole = match (edit.kind, edit.old_range, edit.new_range) {
                (EditKind::Keep | EditKind::Move, Some(old), _) => Some(Source::Given(old)),
                (EditKind::Insert, _, Some(new)) => Some(Source::Inserted(new.len())),
                _ => None,
            };
            let words = edit.words.iter().filter_map(|word| match word.op {
                WordOp::Equal => Some(Source::Given(word.old)),
                WordOp::Insert => Some(Source::Inserted(word.new.len())),
                WordOp::Delete => None,
            });
            whole.into_iter().chain(words)
        })
    }

    /// Returns the revision that leads back: from the new text to the old one.
    #[must_use]
    pub fn invert(mut self) -> Self {
        for edit in &mut self.edits {
            edit.kind = edit.kind.inverse();
            std::mem::swap(&mut edit.old, &mut edit.new);
            std::mem::swap(&mut edit.old_range, &mut edit.new_range);
            invert_words(&mut edit.words);
        }
        self.edits = in_order(self.edits);
        for MetadataEdit { old, new, .. } in &mut self.metadata {
            std::mem::swap(old, new);
        }
        std::mem::swap(&mut self.summary.inserted, &mut self.summary.deleted);
        std::mem::swap(&mut self.summary.split, &mut self.summary.merged);
        std::mem::swap(&mut self.summary.words_added, &mut self.summary.words_removed);
        std::mem::swap(&mut self.old_bytes, &mut self.new_bytes);
        std::mem::swap(&mut self.inserted, &mut self.deleted);
        self
    }
}

/// Turns words round, and puts what went before what came in its place, as everywhere.
fn invert_words(words: &mut [WordEdit]) {
    for word in words.iter_mut() {
        std::mem::swap(&mut word.old, &mut word.new);
        word.op = match word.op {
            WordOp::Equal => WordOp::Equal,
            WordOp::Insert => WordOp::Delete,
            WordOp::Delete => WordOp::Insert,
        };
    }
    for i in 1..words.len() {
        if words[i - 1].op == WordOp::Insert && words[i].op == WordOp::Delete {
            let (insert, delete) = (words[i - 1], words[i]);
            // What goes stands before what comes: it sees the new text before, the other the old behind.
            let new = TextRange::new(insert.new.start, insert.new.start);
            let old = TextRange::new(delete.old.end, delete.old.end);
            words[i - 1] = WordEdit { new, ..delete };
            words[i] = WordEdit { old, ..insert };
        }
    }
}
