//! `boilerplate`: a paragraph stands in many documents that are otherwise unlike.

use crate::lint::{Rule, Severity, Telling, Told, Words};

/// The rule.
pub(super) struct Boilerplate;

impl Rule for Boilerplate {
    fn name(&self) -> &'static str {
        "boilerplate"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Info)
    }

    fn summary(&self) -> &'static str {
        "a paragraph stands in many documents that are otherwise unlike"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn tells(&self) -> Option<Telling> {
        Some(Telling::Boilerplate)
    }

    fn words(&self, told: &Told<'_>) -> Words {
        Words {
            message: format!("paragraph stands in {} documents", told.documents),
            related: "also here",
            help: "keep it out of the text, or allow it once and for all",
        }
    }
}

const EXPLANATION: &str = "\
A newsletter call, a copyright line, a byline: a paragraph that stands in at least 10 documents, and in
at least 1 % of all, that are not duplicates of each other. It is told once, at its first place, with
the number of documents, instead of once for every copy. Where it stands twice in one document, that is
told by `repeated-paragraph` all the same.

Documents that are near each other count once, if a near rule is on; without the near rules nobody looks
for such documents, and each counts.

In `copydesk.toml`, `[rules.boilerplate]` sets `documents` and `share`, and `allow` lists the passages that
are known and need no finding: `allow = [\"© * Harbour News. All rights reserved.\"]`.
";
