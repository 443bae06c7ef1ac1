//! `near-duplicate-document`: a document is nearly another document under another id.

use super::near;
use crate::lint::{Inside, Rule, Severity, Telling, Told, Words};

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
        let help = "keep one of the two, or give both one id if they are versions of one article";
        match told.inside {
            None => Words { message: near("document", told), related: "nearly the same document", help },
            Some(Inside { inner, outer }) if told.holds => Words {
                message: format!(
                    "document holds {} almost whole ({} of its {inner} three-word runs; this one has {outer})",
                    told.first.named(),
                    told.similarity.overlap
                ),
                related: "it stands in the longer one",
                help,
            },
            Some(Inside { inner, outer }) => Words {
                message: format!(
                    "document stands almost whole in {} ({} of its {inner} three-word runs; that one has {outer})",
                    told.first.named(),
                    told.similarity.overlap
                ),
                related: "it stands in this document",
                help,
            },
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

A document that stands almost whole inside a longer one, such as a story and its extended copy, may share
much less than that of all the runs of both. It is told too, where at least nine tenths of its own runs
stand in the longer one; the message then gives how many of them do, and how many the longer one has.
Documents of fewer than 20 runs are too short for that: stock phrases alone can be as many. When both are
in the same run, the finding is at the inner one; when the inner one is older and known from an index, it
is at the new one that contains it.

Records of one id are versions of one article and never compared. A document that is another whole is
told by `duplicate-document`. The paragraphs that the two documents have in common are not told again;
what repeats inside one of them is. For `boilerplate`, documents that are near each other count once.

The near rules are reckoned at 40 bytes of memory for each word that is checked, and mostly need less.
Where that is more than `--memory-limit` (8G), they are left out, an error says so, and the exact rules are
told all the same.
";
