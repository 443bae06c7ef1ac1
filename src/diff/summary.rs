//! Counting what a revision amounts to, and keeping the texts that came and went.

use super::revision::{Edit, EditKind, MetadataEdit, Revision, Summary, WordOp};
use crate::document::{Document, TextRange};
use crate::segment::words;

/// Returns the revision that `edits` make.
pub(super) fn revision(
    old: &Document,
    new: &Document,
    edits: Vec<Edit>,
    metadata: Vec<MetadataEdit>,
    degraded: bool,
) -> Revision {
    let mut summary = Summary::default();
    let (mut inserted, mut removed) = (String::new(), Vec::new());
    let mut stayed = 0;
    let count = |text: &str| words(text).count() as u64;
    for edit in &edits {
        // White space alone is no paragraph.
        let told = edit.old.len() + edit.new.len() > 0;
        match edit.kind {
            _ if !told => {}
            EditKind::Keep => summary.kept += 1,
            EditKind::Insert => summary.inserted += 1,
            EditKind::Delete => summary.deleted += 1,
            EditKind::Modify => summary.modified += 1,
            EditKind::Move => {}
            EditKind::Split => summary.split += 1,
            EditKind::Merge => summary.merged += 1,
        }
        summary.moved += u32::from(edit.moved);
        for change in changes(edit) {
            match change {
                Change::Stayed(range) => stayed += u64::from(range.len()),
                Change::Came(range) => {
                    let text = &new.text[range.as_usize()];
                    summary.words_added += count(text);
                    inserted.push_str(text);
                }
                Change::Went(range) => removed.push(range),
            }
        }
    }
    removed.sort_unstable();
    let mut deleted = String::new();
    for range in removed {
        let text = &old.text[range.as_usize()];
        summary.words_removed += count(text);
        deleted.push_str(text);
    }
    let bytes = (old.text.len() + new.text.len()) as f64;
    summary.similarity = if bytes == 0.0 { 1.0 } else { 2.0 * stayed as f64 / bytes };
    Revision {
        edits,
        metadata,
        degraded,
        summary,
        old_bytes: old.text.len() as u32,
        new_bytes: new.text.len() as u32,
        inserted,
        deleted,
    }
}

/// A stretch that stayed (of the old text), came, or went.
enum Change {
    Stayed(TextRange),
    Came(TextRange),
    Went(TextRange),
}

fn changes(edit: &Edit) -> impl Iterator<Item = Change> {
    let whole = match (edit.kind, edit.old_range, edit.new_range) {
        (EditKind::Keep | EditKind::Move, Some(old), _) => Some(Change::Stayed(old)),
        (EditKind::Insert, _, Some(new)) => Some(Change::Came(new)),
        (EditKind::Delete, Some(old), _) => Some(Change::Went(old)),
        _ => None,
    };
    let words = edit.words.iter().map(|word| match word.op {
        WordOp::Equal => Change::Stayed(word.old),
        WordOp::Insert => Change::Came(word.new),
        WordOp::Delete => Change::Went(word.old),
    });
    whole.into_iter().chain(words)
}
