//! Counting what a revision amounts to, and keeping the texts that came and went.

use super::revision::{Edit, EditKind, MetadataEdit, Revision, Significance, Summary, WordOp};
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
    let counted = count(old, new, &edits, &|_| true);
    Revision {
        edits,
        metadata,
        degraded,
        summary: counted.summary,
        old_bytes: old.text.len() as u32,
        new_bytes: new.text.len() as u32,
        inserted: counted.inserted,
        deleted: counted.deleted,
    }
}

/// Returns what `edits` amount to where those of level `ignored` and below changed nothing.
pub(super) fn without(old: &Document, new: &Document, edits: &[Edit], ignored: Significance) -> Summary {
    count(old, new, edits, &|edit| edit.significance > ignored).summary
}

/// The counts, and the texts that came and went.
struct Counted {
    summary: Summary,
    inserted: String,
    deleted: String,
}

/// Counts `edits`; those that do not `count` are taken for unchanged, as they stand in `new`.
fn count(old: &Document, new: &Document, edits: &[Edit], counts: &dyn Fn(&Edit) -> bool) -> Counted {
    let mut summary = Summary::default();
    let (mut inserted, mut removed) = (String::new(), Vec::new());
    // Bytes of both sides.
    let mut alike = 0;
    let words_of = |text: &str| words(text).count() as u64;
    for edit in edits {
        if edit.kind != EditKind::Keep && !counts(edit) {
            summary.kept += edit.new.len() as u32;
            alike += [edit.old_range, edit.new_range]
                .iter()
                .flatten()
                .map(|range| u64::from(range.len()))
                .sum::<u64>();
            continue;
        }
        tally(edit, &mut summary);
        for change in changes(edit) {
            match change {
                Change::Stayed(range) => alike += 2 * u64::from(range.len()),
                Change::Came(range) => {
                    let text = &new.text[range.as_usize()];
                    summary.words_added += words_of(text);
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
        summary.words_removed += words_of(text);
        deleted.push_str(text);
    }
    let bytes = (old.text.len() + new.text.len()) as f64;
    summary.similarity = if bytes == 0.0 { 1.0 } else { alike as f64 / bytes };
    Counted { summary, inserted, deleted }
}

/// Counts the paragraphs of `edit`; white space alone is none.
fn tally(edit: &Edit, summary: &mut Summary) {
    match edit.kind {
        _ if edit.old.is_empty() && edit.new.is_empty() => {}
        EditKind::Keep => summary.kept += 1,
        EditKind::Insert => summary.inserted += 1,
        EditKind::Delete => summary.deleted += 1,
        EditKind::Modify => summary.modified += 1,
        EditKind::Move => {}
        EditKind::Split => summary.split += 1,
        EditKind::Merge => summary.merged += 1,
    }
    summary.moved += u32::from(edit.moved);
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
