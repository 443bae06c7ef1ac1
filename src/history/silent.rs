//! Was the text changed without a word about it?

use super::version::Version;
use crate::diff::Significance;

/// How a note begins or reads that tells readers of a change, in lower case; English.
const NOTES: &[&str] = &[
    "correction:",
    "corrections:",
    "correction —",
    "correction (",
    "corrected:",
    "corrected on",
    "clarification:",
    "clarifications:",
    "amended on",
    "was amended",
    "has been amended",
    "have been amended",
    "was corrected",
    "has been corrected",
    "have been corrected",
    "was updated",
    "has been updated",
    "have been updated",
    "editor's note",
    "editor’s note",
    "editors' note",
    "editors’ note",
    "an earlier version of this",
    "a previous version of this",
    "earlier versions of this",
    "update:",
    "updated:",
    "updated on",
    "last updated",
    "last modified",
];

/// How often a text says that it was changed.
fn notes(text: &str) -> usize {
    let text = text.to_lowercase();
    NOTES.iter().map(|note| text.matches(note).count()).sum()
}

/// Returns whether a version is silent: it changed the text in substance, its date of change stands as it
/// stood, and no note was added. `updated` is what the version before and this one say, `texts` what they
/// say where they differ.
pub(super) fn is_silent(
    version: &Version,
    updated: (Option<&str>, Option<&str>),
    texts: (&str, &str),
) -> bool {
    let stands = matches!(updated, (Some(before), Some(now)) if before == now);
    version.significance == Significance::Substantive && stands && notes(texts.1) <= notes(texts.0)
}
