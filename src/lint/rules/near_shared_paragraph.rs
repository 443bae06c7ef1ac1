//! `near-shared-paragraph`: a paragraph nearly stands in another document too.

use super::near;
use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct NearSharedParagraph;

impl Rule for NearSharedParagraph {
    fn name(&self) -> &'static str {
        "near-shared-paragraph"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Info)
    }

    fn summary(&self) -> &'static str {
        "a paragraph nearly stands in another document too"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::NearSharedParagraph)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        Words {
            message: near("paragraph", told),
            related: "nearly the same here",
            help: "link to the other document, or say where the text comes from",
        }
    }
}

const EXPLANATION: &str = "\
A paragraph of one document stands in another with a few words changed: background carried from story to
story, an answer copied and brought up to date.

Two paragraphs are nearly the same when they share, of all the 3-word runs that stand in either, at
least `--threshold` (0.8). Case, punctuation and line breaks do not count. The message gives both counts.

The later paragraph, in the order of the input, is the finding; an earlier one that it is like is the
related place. A document is never compared with another of its own id. A paragraph of a document that is
near the other as a whole is told by `near-duplicate-document`, one that is nearly in its own document
already by `near-repeated-paragraph`, and one that is the same by `shared-paragraph`.
";
