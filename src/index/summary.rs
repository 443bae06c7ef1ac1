//! What changed from one version of an item to the next, in one line?

use std::collections::BTreeSet;

use super::Index;
use super::answer::RevisionTold;
use super::identity::Row;
use super::item::{Item, document_of, instant};
use crate::diff::{DiffOptions, EditKind, Reason, Revision, Significance, diff, notes_of_change};
use crate::error::IndexError;

impl Index {
    /// Says what changed from the last version; `None` where its text is not kept.
    pub(super) fn revision(&self, old: &Row, item: &Item) -> Result<Option<RevisionTold>, IndexError> {
        let Some(blocks) = self.text(old.number)? else { return Ok(None) };
        let (earlier, later) = (document_of(old.meta.clone(), &blocks), item.as_document());
        let revision = diff(&earlier, &later, &DiffOptions::default());
        let significance = substance(&revision);
        let before = old.meta.updated.as_deref().or(old.meta.published.as_deref());
        let unmoved = before.is_some_and(|before| {
            let Some(after) = item.stated_change() else { return true };
            match (instant(Some(before)), instant(Some(after))) {
                (Some(before), Some(after)) => before == after,
                _ => before == after,
            }
        });
        let unannounced = unmoved && notes_of_change(&later.text) <= notes_of_change(&earlier.text);
        Ok(Some(RevisionTold { summary: summary(&revision), significance, unannounced }))
    }
}

/// How much the change of the text and title matters; dates and addresses aside.
fn substance(revision: &Revision) -> Significance {
    let edits = revision.edits.iter().map(|edit| edit.significance);
    let told = revision.metadata.iter().filter(|edit| matches!(edit.field, "title" | "author"));
    edits.chain(told.map(|edit| edit.significance)).max().unwrap_or_default()
}

/// Says what changed in one line.
fn summary(revision: &Revision) -> String {
    let counts = &revision.summary;
    let mut parts = Vec::new();
    let changed = counts.modified + counts.split + counts.merged;
    for (count, what) in [(changed, "changed"), (counts.inserted, "added"), (counts.deleted, "removed")] {
        if count > 0 {
            let paragraphs = if count == 1 { "paragraph" } else { "paragraphs" };
            parts.push(format!("{count} {paragraphs} {what}"));
        }
    }
    let moved = revision.edits.iter().filter(|edit| edit.kind == EditKind::Move).count();
    if moved > 0 {
        parts.push(format!("{moved} moved"));
    }
    if revision.metadata.iter().any(|edit| edit.field == "title") {
        parts.push("title changed".to_owned());
    }
    if counts.words_added + counts.words_removed > 0 {
        let words = if counts.words_added == 1 { "word" } else { "words" };
        parts.push(format!("{} {words} in, {} out", counts.words_added, counts.words_removed));
    }
    if parts.is_empty() {
        parts.push("white space changed".to_owned());
    }
    let reasons: BTreeSet<Reason> = revision
        .edits
        .iter()
        .flat_map(|edit| &edit.reasons)
        .chain(revision.metadata.iter().filter(|edit| edit.field == "title").flat_map(|edit| &edit.reasons))
        .copied()
        .collect();
    let names: Vec<&str> = reasons.into_iter().map(Reason::name).collect();
    let why = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    format!("{}{why}", parts.join(", "))
}

/// Returns the day of an instant (seconds since 1970), as `2026-11-24`.
#[must_use]
pub fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |time| time.to_string().chars().take(10).collect())
}
