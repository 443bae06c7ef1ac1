//! `empty-text`: a document has no text.

use crate::document::{Document, TextRange};
use crate::fingerprint::{Digest, Fingerprinter, Profile};
use crate::lint::{Flag, Rule, Settings, Severity};
use crate::segment::words;

/// The rule.
pub(super) struct EmptyText;

impl Rule for EmptyText {
    fn name(&self) -> &'static str {
        "empty-text"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a document has no text"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        if words(&document.text).next().is_some() {
            return;
        }
        let message = match &document.meta.title {
            Some(title) => format!("document has no text, only the title \"{title}\""),
            None => "document has no text".to_owned(),
        };
        flags.push(Flag {
            rule: self.name(),
            range: TextRange::new(0, document.text.len() as u32),
            message,
            related: None,
            key: key(document),
            help: "fetch the article again, or take the item out of the feed",
            repeat_in: None,
            replacement: None,
            mend: None,
            about: None,
        });
    }
}

/// An empty document is known by its id and title; a file without either by nothing but being empty.
fn key(document: &Document) -> Digest {
    let name = [&document.meta.id, &document.meta.title].into_iter().flatten().map(String::as_str);
    let name: Vec<&str> = name.collect();
    Fingerprinter::new(Profile::Verbatim).digest(&format!("empty-text {}", name.join(" ")))
}

const EXPLANATION: &str = "\
A document holds no word at all: an empty file, a record whose `text` is missing or blank, a page whose
article was never rendered. The title does not count as text. A page of Markdown that has front matter and
nothing else is not told: a template may fill it.

    {\"id\": \"b-17\", \"title\": \"Bridge closed\", \"text\": \"\"}
";
