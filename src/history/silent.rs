//! Was the text changed without a word about it?

use crate::diff::notes_of_change;
use crate::document::read_date;

/// Whether two dates, written in another way or with another zone, are the same.
fn is_same_time(before: &str, now: &str) -> bool {
    let read = |date: &str| read_date(date).map(|date| (date.seconds, date.exact));
    read(before).is_some_and(|before| read(now) == Some(before))
}

/// Returns whether neither date nor note says that a text changed: its date of change stands as it stood, and no
/// note was added. `updated` is what the version before and this one say, `texts` what they say where they
/// differ. A change of substance is then silent.
pub(super) fn says_nothing(updated: (Option<&str>, Option<&str>), texts: (&str, &str)) -> bool {
    let stands = matches!(updated, (Some(before), Some(now)) if before == now || is_same_time(before, now));
    stands && notes_of_change(texts.1) <= notes_of_change(texts.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Metadata, Snapshot};
    use crate::history::{Chain, HistoryOptions};

    const SAME: (Option<&str>, Option<&str>) = (Some("2026-05-01"), Some("2026-05-01"));
    const TEXTS: (&str, &str) = ("Three people were hurt.", "Five people were hurt.");

    #[test]
    fn only_a_change_of_substance_is_silent() {
        let texts = [TEXTS.0, "Three people were hurt!", TEXTS.1, TEXTS.1, TEXTS.0];
        let mut chain = Chain::new("", &HistoryOptions::default());
        for text in texts {
            let updated = Some("2026-05-01".to_owned());
            let meta = Metadata { updated, ..Metadata::default() };
            let document = Some(Document { text: text.to_owned(), meta, ..Document::default() });
            chain.push(&mut Snapshot { document, ..Snapshot::default() });
        }
        let silent: Vec<bool> = chain.finish().versions.iter().map(|version| version.silent).collect();
        assert_eq!(silent, [false, false, true, false, true]);
    }

    #[test]
    fn a_new_date_or_none_says_so() {
        for updated in [
            (Some("2026-05-01"), Some("2026-05-02")),
            (None, None),
            (None, Some("2026-05-01")),
            (Some("2026-05-01"), None),
        ] {
            assert!(!says_nothing(updated, TEXTS), "{updated:?}");
        }
    }

    #[test]
    fn the_same_date_written_in_another_way_is_no_new_one() {
        for (before, now, same) in [
            ("2026-05-01T00:00:00Z", "2026-05-01T01:00:00+01:00", true),
            ("2026-05-01T00:00:00Z", "Fri, 01 May 2026 00:00:00 GMT", true),
            ("2026-05-01", "1 May 2026", true),
            ("2026-05-01T00:00:00Z", "2026-05-01T00:00:00+01:00", false),
            ("2026-05-01", "2026-05-01T00:00:00Z", false),
            ("soon", "later", false),
        ] {
            assert_eq!(says_nothing((Some(before), Some(now)), TEXTS), same, "{before} {now}");
        }
    }

    #[test]
    fn a_note_that_came_says_so_and_one_that_stood_does_not() {
        let noted = "Five people were hurt. Correction: it was not three.";
        assert!(says_nothing(SAME, TEXTS));
        assert!(!says_nothing(SAME, (TEXTS.0, noted)));
        assert!(!says_nothing(SAME, (TEXTS.0, "AN EARLIER VERSION OF THIS report said three.")));
        assert!(says_nothing(SAME, (noted, noted)), "the note was there before");
        assert!(says_nothing(SAME, (noted, TEXTS.1)), "the note went");
    }
}
