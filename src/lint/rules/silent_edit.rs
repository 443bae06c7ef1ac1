//! `silent-edit`: the text of an item changed in substance, and its date of change did not.

use crate::diff::Significance;
use crate::document::MetaField;
use crate::index::RevisionTold;
use crate::lint::{Flag, Rule, Severity};

/// The rule.
pub(super) struct SilentEdit;

const NAME: &str = "silent-edit";

impl Rule for SilentEdit {
    fn name(&self) -> &'static str {
        NAME
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "the text of an item changed in substance, and its date of change did not (with --index)"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }
}

/// Returns the flag of an edit that matters and is not announced; `None` for any other. `called` names the
/// item, `stated` is the date that stayed.
pub(crate) fn flag(revision: &RevisionTold, called: &str, stated: Option<&str>) -> Option<Flag> {
    if !revision.unannounced || revision.significance != Significance::Substantive {
        return None;
    }
    let date = match stated {
        Some(date) => format!("its date is still {date}"),
        None => "its date is gone".to_owned(),
    };
    let message = format!("text changed in substance, and {date}: {}", revision.summary);
    let help = "say when the text was changed (`updated`), and what was";
    Some(Flag::of_field(NAME, MetaField::Updated, message, help, &format!("{called}\n{}", revision.summary)))
}

const EXPLANATION: &str = "\
An item that the index knows comes with another text: a number, a name, a date, a quotation or a
statement is not what it was. But the date that says when it was changed (`updated`, or where there is
none `published`) is the one it had before, and no note of a correction came (\"Correction: …\", \"An
earlier version of this article …\", and the like in a dozen languages). Readers and archives that go
by dates keep the old text.

Told with `check --index` only, and only where the index keeps texts: the last version is compared with
the one that came. Cosmetic changes and other words for the same facts are not told; they stand among
the `items` of the report. An item without any date is left alone: it cannot say when it was changed.
";
