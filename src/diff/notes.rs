//! Does a text say that it was changed?

/// How a note begins or reads that tells readers of a change, in lower case.
const NOTES: &[&str] = &[
    "correction:",
    "corrections:",
    "correction —",
    "correction (",
    "corrected:",
    "corrected on",
    "corrected version of",
    "corrected to show",
    "(corrects ",
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
    // German.
    "berichtigung:",
    "korrektur:",
    "anmerkung der redaktion",
    "in einer früheren version",
    // French.
    "rectificatif",
    "correction :",
    "mise à jour :",
    "une version précédente de cet article",
    // Spanish and Portuguese.
    "corrección:",
    "fe de errores",
    "una versión anterior de este",
    "correção:",
    "uma versão anterior d",
    // Italian.
    "correzione:",
    "errata corrige",
    "una versione precedente di questo",
    // Dutch and the Nordic languages.
    "correctie:",
    "in een eerdere versie",
    "rättelse:",
    "rettelse:",
    "i en tidligere versjon",
    "i en tidligere version",
    "i en tidigare version",
    // Polish and Russian.
    "sprostowanie:",
    "исправление:",
    "уточнение:",
    // Chinese and Japanese.
    "更正：",
    "更正:",
    "訂正：",
    "訂正:",
    "【訂正】",
];

/// Returns how often a text says so.
pub(crate) fn notes_of_change(text: &str) -> usize {
    let text = text.to_lowercase();
    NOTES.iter().map(|note| text.matches(note).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_known_and_the_story_of_a_correction_is_none() {
        for (text, count) in [
            ("Five people were hurt. Correction: it was not three.", 1),
            ("(Corrects figure in second paragraph.)", 1),
            ("AN EARLIER VERSION OF THIS report said three.", 1),
            ("Berichtigung: In einer früheren Version stand, es seien drei gewesen.", 2),
            ("更正：伤者是五人，不是三人。", 1),
            ("The board spoke of a price correction, and corrected its books.", 0),
            ("", 0),
        ] {
            assert_eq!(notes_of_change(text), count, "{text}");
        }
    }
}
