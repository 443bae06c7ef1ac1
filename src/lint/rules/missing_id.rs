//! `missing-id`: an item of a feed or a record has no id.

use crate::document::{Document, MetaField};
use crate::lint::{Flag, Rule, Settings, Severity};

/// The rule.
pub(super) struct MissingId;

impl Rule for MissingId {
    fn name(&self) -> &'static str {
        "missing-id"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "an item of a feed or a record has no id"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        if document.origin.record.is_none() || document.meta.id.is_some() {
            return;
        }
        let title = document.meta.title.as_deref().unwrap_or("");
        let message = if title.is_empty() {
            "item has no id".to_owned()
        } else {
            format!("item has no id, only the title \"{title}\"")
        };
        let help = "give every item an id (`guid`, `id`) that stays the same when its text changes";
        let url = document.meta.url.as_deref().unwrap_or("");
        let key = format!("{title} {url}");
        flags.push(Flag::of_field(self.name(), MetaField::Title, message, help, &key));
    }
}

const EXPLANATION: &str = "\
An item of a feed, or a record of a JSON or JSONL file, bears no id: no `guid`, `id`, `rdf:about` or
`uri`. Readers then tell items apart by address or title, and show a corrected headline as a new story.

    <item><title>Bridge closed</title><pubDate>…</pubDate></item>

Plain files are known by their paths and are left alone.
";
