//! `duplicate-id` and `same-title`: two items of one feed, or two records of one file, are called the same.

use crate::document::{Document, TextRange};
use crate::duplicates::bearers::{Clash, Names};
use crate::lint::{Flag, Rule, Selection, Settings, Severity};

/// Two items bear one id.
pub(super) struct DuplicateId;

impl Rule for DuplicateId {
    fn name(&self) -> &'static str {
        "duplicate-id"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn summary(&self) -> &'static str {
        "two items of one feed, or two records of one file, bear one id"
    }

    fn explanation(&self) -> &'static str {
        ID
    }
}

/// Two items bear one title.
pub(super) struct SameTitle;

impl Rule for SameTitle {
    fn name(&self) -> &'static str {
        "same-title"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "two items of one feed, or two records of one file, bear one title"
    }

    fn explanation(&self) -> &'static str {
        TITLE
    }
}

/// Returns what no other item of the file should be called; nothing for files that are one document, for
/// versions, and for rules that are off.
pub fn names(document: &Document, selection: &Selection, settings: &Settings) -> Names {
    let meta = &document.meta;
    if document.origin.record.is_none() || meta.version.is_some() {
        return Names::default();
    }
    let id = meta
        .id
        .as_deref()
        .filter(|_| selection.is_on(DuplicateId.name()) || selection.is_on(SameTitle.name()));
    let title = meta.title.as_deref().filter(|title| {
        selection.is_on(SameTitle.name()) && title.split_whitespace().count() >= settings.title_words as usize
    });
    Names { id: id.map(number), title: title.map(|title| number(title.trim())) }
}

/// A number that stands for `name` in every run.
fn number(name: &str) -> u64 {
    let hash = blake3::hash(name.as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// Returns the flag of an item called `names` that clashes with an earlier one.
pub fn clash(clash: Clash, names: Names) -> Flag {
    let range = TextRange::new(0, 0);
    match clash {
        Clash::Id(first) => {
            let message = format!("item {first} of the file bears this id too");
            let help =
                "give each item an id of its own, or a `version` where they are versions of one article";
            let key = names.id.unwrap_or_default().to_string();
            Flag::new(DuplicateId.name(), range, message, help, &key)
        }
        Clash::Title(first) => {
            let message = format!("item {first} of the file bears this title too, under another id");
            let help = "look whether it is the same story twice";
            let key = names.title.unwrap_or_default().to_string();
            Flag::new(SameTitle.name(), range, message, help, &key)
        }
    }
}

const ID: &str = "\
Two items of one feed, or two records of one JSON or JSONL file, bear the same id. Readers show only one
of them, and not always the same one. Records that carry a `version` are versions of one article and may
share its id.

    {\"id\": \"b-17\", \"text\": \"The bridge is closed.\"}
    {\"id\": \"b-17\", \"text\": \"The ferry runs again.\"}
";

const TITLE: &str = "\
Two items of one feed, or two records of one file, bear the same title of four words or more under
different ids: often one story published twice. Versions may share a title, and so may items that
`duplicate-id` tells already.

In `copydesk.toml`, `[rules.same-title]` sets the fewest words: `min-words = 6`.
";
