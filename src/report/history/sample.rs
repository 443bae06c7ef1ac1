//! A history that tests print.

use super::{HistoryReporter, HistorySettings};
use crate::document::{Document, Snapshot};
use crate::history::{Chain, History, HistoryOptions};

/// Four versions of one document, with what must not be obeyed in it.
pub(super) fn sample() -> History {
    let settings = HistorySettings::default();
    let mut options = HistoryOptions::default();
    super::HISTORIES.iter().for_each(|format| format.needs(&settings, &mut options));
    let mut chain = Chain::new("pier [1]", &options);
    let first = "The board met on Tuesday and heard the harbour master.\n\n\
                 The ferry sank with 14 people on board, the board was told <b>at length</b>.\n\n\
                 A word that turns \u{202e}around\x1b[31m stands here, too.\n";
    let second = first.replace("14 people", "15 people");
    let fourth = second.clone() + "\nThe pier was closed on Friday.\n";
    for (day, author, text) in
        [(1, "Anna", first), (2, "Bo", &second), (3, "Anna", first), (4, "Bo", &fourth)]
    {
        let mut snapshot = Snapshot {
            label: format!("v{day}"),
            time: Some(format!("2026-01-0{day}T08:00:00Z")),
            author: Some(author.to_owned()),
            stored: *blake3::hash(text.as_bytes()).as_bytes(),
            document: Some(Document { text: text.to_owned(), ..Document::default() }),
            ..Snapshot::default()
        };
        chain.push(&mut snapshot);
    }
    chain.finish()
}

/// What `format` writes of `histories`.
pub(super) fn written(format: &dyn HistoryReporter, histories: &[History]) -> String {
    let settings = HistorySettings::default();
    let mut out = Vec::new();
    format.begin(&settings, &mut out).unwrap();
    for (index, history) in histories.iter().enumerate() {
        format.document(history, index, &settings, &mut out).unwrap();
    }
    format.end(histories.len(), &settings, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
