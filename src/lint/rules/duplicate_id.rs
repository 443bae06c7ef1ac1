//! `duplicate-id` and `same-title`: two items of one feed, or two records of one file, are called the same.

use crate::document::{Document, MetaField};
use crate::duplicates::bearers::{Clash, Names};
use crate::lint::{About, Flag, Rule, Selection, Settings, Severity};

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

/// Returns whether a rule of `selection` asks what items are called.
pub fn asks_names(selection: &Selection) -> bool {
    selection.is_on(DuplicateId.name()) || selection.is_on(SameTitle.name())
}

/// Returns what no other item of the file should be called, for a rule that asks; nothing for files that are
/// one document and for versions.
pub fn names(document: &Document, selection: &Selection, settings: &Settings) -> Names {
    let meta = &document.meta;
    if document.origin.record.is_none() || meta.version.is_some() {
        return Names::default();
    }
    let id = meta.id.as_deref();
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
    let (rule, field, bearer, what, help, number) = match clash {
        Clash::Id(first) => {
            let help =
                "give each item an id of its own, or a `version` where they are versions of one article";
            (DuplicateId.name(), MetaField::Id, first, "id too", help, names.id)
        }
        Clash::Title(first) => {
            let help = "look whether it is the same story twice";
            let what = "title too, under another id";
            (SameTitle.name(), MetaField::Title, first, what, help, names.title)
        }
    };
    let message = format!("item {} of the file bears this {what}", bearer.record);
    let key = number.unwrap_or_default().to_string();
    let about = Some(About { field, first: Some((bearer.document, "first borne here")) });
    Flag { about, ..Flag::of_field(rule, field, message, help, &key) }
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
