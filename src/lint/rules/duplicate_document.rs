//! `duplicate-document`: a document stands whole as another document under another id.

use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct DuplicateDocument;

impl Rule for DuplicateDocument {
    fn name(&self) -> &'static str {
        "duplicate-document"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn summary(&self) -> &'static str {
        "a document stands whole as another document under another id"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::DuplicateDocument)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        Words {
            message: format!("document repeats the whole of {} under another id", told.first.named()),
            related: "this document has the same paragraphs in the same order",
            help: "keep one of the two, or give both one id if they are versions of one article",
        }
    }
}

const EXPLANATION: &str = "\
All counted paragraphs of a document stand, all and in the same order, as another document under
another id: the same wire story ingested twice, a file copied and renamed.

The document that comes first is the related place: the earliest published where both are dated, else
the one that comes first in the input. Headings, tables, code and blocks of fewer than `--min-words`
words may differ.

Records of one id are versions of one article (they carry a `version`) and never duplicates of each
other. The paragraphs inside a duplicate document are not told again by other rules.
";
