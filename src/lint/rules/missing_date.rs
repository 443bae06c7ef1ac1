//! `missing-date`: an item of a feed, or a record of an article, has no date.

use crate::document::{Document, MetaField, Metadata};
use crate::lint::{Flag, Rule, Settings, Severity};

/// The rule.
pub(super) struct MissingDate;

impl Rule for MissingDate {
    fn name(&self) -> &'static str {
        "missing-date"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "an item of a feed, or a record of an article, has no date"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        let Metadata { published, updated, title, url, id, .. } = &document.meta;
        if document.origin.record.is_none() || published.is_some() || updated.is_some() {
            return;
        }
        // A page of a crawl need not be an article.
        if document.origin.format == "warc" {
            return;
        }
        // A record of bare text is no article that was published.
        if document.origin.format != "feed" && title.is_none() && url.is_none() {
            return;
        }
        let name = title.as_deref().or(id.as_deref()).unwrap_or("");
        let message =
            if name.is_empty() { "item has no date".to_owned() } else { format!("\"{name}\" has no date") };
        let help = "say when the item was published; readers order items by it";
        let key = id.as_deref().unwrap_or(name);
        // What the item has instead is where to look.
        let field = if title.is_some() { MetaField::Title } else { MetaField::Id };
        flags.push(Flag::of_field(self.name(), field, message, help, key));
    }
}

const EXPLANATION: &str = "\
An item of a feed says neither when it was published nor when it was changed (`pubDate`, `published`,
`updated`, `dc:date`), or a record with a title or an address has no date field. Readers cannot put it
in order, and copydesk cannot tell which of two copies was first.

Plain files, pages of a crawl, and records of bare text are left alone.
";
