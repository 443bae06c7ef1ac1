//! `unused-suppression`: a comment or an allowance allows nothing, or means nothing.

use crate::lint::{Rule, Severity};

/// The rule.
pub(super) struct UnusedSuppression;

impl Rule for UnusedSuppression {
    fn name(&self) -> &'static str {
        "unused-suppression"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a comment or an [[allow]] allows nothing"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }
}

const EXPLANATION: &str = "\
A comment such as `<!-- copydesk-disable-next shared-paragraph: reason -->`, or an `[[allow]]` of
`copydesk.toml`, keeps nothing quiet: the repeat is gone, or the comment stands in the wrong place. What
is left standing would let the next repeat through unseen. The place of the finding is the comment, or the
table in the settings file.

Told as well: a comment that names a rule that is none, a `copydesk-` comment of another name, and a
`copydesk-enable` where nothing is disabled.

Nothing is said of what the run did not look for: of a comment that names a rule that is off, of one that
holds for `copied-passage` where that is on, and of near rules where memory did not do. `[[allow]]` tables are told when folders
are checked, not when single files are named; and of those with `paths`, only if one of the files was checked.

    <!-- copydesk-disable-next repeated-paragraf: quoted on purpose -->      <- no rule is called so
    The ferry runs again.
";
