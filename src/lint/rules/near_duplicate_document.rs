//! `near-duplicate-document`: a document is nearly another document under another id.

use super::near;
use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct NearDuplicateDocument;

impl Rule for NearDuplicateDocument {
    fn name(&self) -> &'static str {
        "near-duplicate-document"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a document is nearly another document under another id"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::NearDuplicateDocument)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        Words {
            message: near("document", told),
            related: "nearly the same document",
            help: "keep one of the two, or give both one id if they are versions of one article",
        }
    }
}

const EXPLANATION: &str = "\
The counted paragraphs of a document, taken together, share most of their 3-word runs with another
document under another id: a wire story with a new first line, a page copied and touched up.

The measure is the Jaccard similarity of the two sets of 3-word runs: those that stand in both, over
those that stand in either. Case, punctuation and line breaks do not count. A document is told when that
is at or above `--threshold` (0.8), and the message gives the two counts. Nothing is estimated: every
document that reaches the threshold is found. The earliest like document of the input is the related place.

Records of one id are versions of one article and never compared. A document that is another whole is
told by `duplicate-document`. The paragraphs that the two documents have in common are not told again;
what repeats inside one of them is. For `boilerplate`, documents that are near each other count once.

The near rules keep about 40 bytes in memory for each word that is checked. Where that is more than
`--memory-limit` (8G), they are left out, an error says so, and the exact rules are told all the same.
";
