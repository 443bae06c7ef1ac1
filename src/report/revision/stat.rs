//! `stat`: the counts only.

use std::io;

use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{EditKind, Significance};
use crate::report::visible;

/// The format.
pub(super) struct Stat;

impl RevisionReporter for Stat {
    fn name(&self) -> &'static str {
        "stat"
    }

    fn summary(&self) -> &'static str {
        "counts only"
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        let (old, new) = told.names();
        writeln!(out, "{} → {}", visible::line_start(&old), visible::line(&new))?;
        writeln!(out, "{}", told.summary_line(settings))?;
        let levels = [Significance::Substantive, Significance::Wording, Significance::Cosmetic];
        for level in levels.into_iter().filter(|&level| level > settings.ignore) {
            let edits = told.revision.edits.iter().filter(|edit| edit.kind != EditKind::Keep);
            let count = edits.filter(|edit| edit.significance == level).count();
            writeln!(out, "{count:>6} {}", level.name())?;
        }
        let fields = told.revision.metadata.iter().filter(|edit| edit.significance > settings.ignore);
        let fields: Vec<&str> = fields.map(|edit| edit.field).collect();
        if !fields.is_empty() {
            writeln!(out, "metadata: {}", fields.join(", "))?;
        }
        if told.revision.degraded {
            writeln!(out, "degraded: too large to be compared word by word throughout")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::written;

    #[test]
    fn levels_are_counted() {
        let text = written(&Stat);
        assert!(text.contains("1 modified, 1 moved, 1 inserted, 2 kept"), "{text}");
        assert!(text.contains("metadata: title"), "{text}");
    }
}
