//! Which fields of the metadata differ, and how much that matters.

use super::Verdict;
use super::hunk::letters;
use crate::diff::revision::{MetadataEdit, Reason, Significance};
use crate::document::Metadata;

/// Returns the fields of the metadata that differ and matter to a reader: title, author, dates, address.
pub(in crate::diff) fn metadata(old: &Metadata, new: &Metadata) -> Vec<MetadataEdit> {
    let fields = [
        ("title", &old.title, &new.title, Some(Reason::Headline)),
        ("author", &old.author, &new.author, Some(Reason::Name)),
        ("published", &old.published, &new.published, Some(Reason::Date)),
        ("updated", &old.updated, &new.updated, None),
        ("url", &old.url, &new.url, Some(Reason::Link)),
    ];
    let differ = fields.into_iter().filter(|(_, old, new, _)| old != new);
    differ
        .map(|(field, old, new, reason)| {
            let words = |value: &Option<String>| letters(value.as_deref().unwrap_or_default());
            let verdict = if words(old) == words(new) && reason != Some(Reason::Link) {
                Verdict::new(Significance::Cosmetic, Vec::new())
            } else {
                Verdict::new(Significance::Wording, reason.into_iter().collect())
            };
            MetadataEdit {
                field,
                old: old.clone(),
                new: new.clone(),
                significance: verdict.significance,
                reasons: verdict.reasons,
            }
        })
        .collect()
}
