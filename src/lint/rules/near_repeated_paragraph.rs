//! `near-repeated-paragraph`: a paragraph nearly stands before in the same document.

use super::near;
use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct NearRepeatedParagraph;

impl Rule for NearRepeatedParagraph {
    fn name(&self) -> &'static str {
        "near-repeated-paragraph"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a paragraph nearly stands before in the same document"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::NearRepeatedParagraph)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        Words {
            message: near("paragraph", told),
            related: "nearly the same here",
            help: "remove one of the two, or rewrite it if both are meant",
        }
    }
}

const EXPLANATION: &str = "\
A paragraph, list item, quotation or caption stands twice in one document, the second time with a few
words changed: an edit that was pasted beside what it was to replace.

Two paragraphs are nearly the same when they share, of all the 3-word runs that stand in either, at
least `--threshold` (0.8). Case, punctuation and line breaks do not count. The message gives both counts.
One word changed in the middle of a paragraph changes three runs, so short paragraphs are near each other
only where they hardly differ.

    The north stairs are closed until Friday, and all visitors are kindly asked to use the lift in the east wing.
    ...
    The north stairs are closed until Friday, and all visitors are kindly asked to use the lift in the west wing.

The later paragraph is the finding, the earliest that it is like the related place. What is the same is
told by `repeated-paragraph`.
";
