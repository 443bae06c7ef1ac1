//! `repeated-paragraph`: a paragraph stands more than once in one document.

use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct RepeatedParagraph;

impl Rule for RepeatedParagraph {
    fn name(&self) -> &'static str {
        "repeated-paragraph"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn summary(&self) -> &'static str {
        "a paragraph stands more than once in one document"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::RepeatedParagraph)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        Words {
            message: format!("paragraph repeats {}", told.first.named()),
            related: "first seen here",
            help: "remove this copy, or rewrite it if both are meant",
        }
    }
}

const EXPLANATION: &str = "\
A paragraph, list item, quotation or caption stands twice or more in one document: mostly a slip of
pasting, and readers see it at once.

The later copy is the finding, the first is the related place. Three copies make two findings of one
group. Two copies are the same when their normal forms are: line breaks, spaces, case, typographic
quotes and dashes, zero-width characters and (in Markdown) emphasis marks do not count. `--profile`
makes that stricter or looser.

Blocks of fewer than `--min-words` words (5) are left out, and so are headings, tables and code.

    Ferry traffic resumed at noon.        <- first
    ...
    Ferry traffic resumed at noon.        <- repeated-paragraph

Set how bad it is with `--severity repeated-paragraph=warning`.
";
