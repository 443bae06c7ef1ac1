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

#[cfg(test)]
mod tests {
    use super::*;

    fn silent(level: Significance, updated: (Option<&str>, Option<&str>), texts: (&str, &str)) -> bool {
        let version = Version { significance: level, ..Version::default() };
        is_silent(&version, updated, texts)
    }

    const SAME: (Option<&str>, Option<&str>) = (Some("2026-05-01"), Some("2026-05-01"));
    const TEXTS: (&str, &str) = ("Three people were hurt.", "Five people were hurt.");

    #[test]
    fn a_change_of_substance_under_the_same_date_is_silent() {
        assert!(silent(Significance::Substantive, SAME, TEXTS));
        assert!(!silent(Significance::Wording, SAME, TEXTS));
        assert!(!silent(Significance::Cosmetic, SAME, TEXTS));
    }

    #[test]
    fn a_new_date_or_none_says_so() {
        for updated in [
            (Some("2026-05-01"), Some("2026-05-02")),
            (None, None),
            (None, Some("2026-05-01")),
            (Some("2026-05-01"), None),
        ] {
            assert!(!silent(Significance::Substantive, updated, TEXTS), "{updated:?}");
        }
    }

    #[test]
    fn a_note_that_came_says_so_and_one_that_stood_does_not() {
        let noted = "Five people were hurt. Correction: it was not three.";
        assert!(!silent(Significance::Substantive, SAME, (TEXTS.0, noted)));
        assert!(!silent(
            Significance::Substantive,
            SAME,
            (TEXTS.0, "AN EARLIER VERSION OF THIS report said three.")
        ));
        assert!(silent(Significance::Substantive, SAME, (noted, noted)), "the note was there before");
        assert!(silent(Significance::Substantive, SAME, (noted, TEXTS.1)), "the note went");
    }
}
