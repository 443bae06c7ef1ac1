//! `shared-paragraph`: a paragraph stands in another document too.

use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct SharedParagraph;

impl Rule for SharedParagraph {
    fn name(&self) -> &'static str {
        "shared-paragraph"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a paragraph stands in another document too"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::SharedParagraph)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        Words {
            message: if told.documents > 2 {
                format!("paragraph stands in {} documents, first in {}", told.documents, told.first.named())
            } else {
                format!("paragraph also stands in {}", told.first.named())
            },
            related: "first seen here",
            help: "link to the other document, or say where the text comes from",
        }
    }
}

const EXPLANATION: &str = "\
A paragraph of one document stands in another document too: copied background, a pasted answer, the
same agency sentence in two stories.

The first copy is the related place: the earliest published where both documents are dated, else the
one that comes first in the input. Each other copy is a finding; all of them are one group with one
fingerprint.

A document is never compared with another of its own id: that is the same article again, or another
version of it. (Ids that are plain numbers count within one file only.) A paragraph of a document that
is a duplicate as a whole is told by `duplicate-document`, one that stands in many documents by
`boilerplate`; here only what is left is told.
";
