//! `unified`: a patch of lines that `patch` and `git apply` take.

use std::io;

use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{EditKind, Significance};
use crate::fix::patch;

/// The format.
pub(super) struct Unified;

impl RevisionReporter for Unified {
    fn name(&self) -> &'static str {
        "unified"
    }

    fn summary(&self) -> &'static str {
        "a patch that git apply and patch take (files of lines)"
    }

    fn needs_stored_text(&self) -> bool {
        true
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        // The patch changes the old file where it stands, so both names are its.
        let path = settings.file.as_deref().unwrap_or(&told.old.origin.path);
        let path = path.trim_start_matches('/');
        let texts = (told.old.text.as_bytes(), told.new.text.as_bytes());
        if settings.ignore > Significance::None {
            let wanted = wanted(told, settings);
            return patch(path, (texts.0, wanted.as_bytes()), settings.context, out);
        }
        let texts = settings.stored.as_ref().map_or(texts, |stored| (&*stored.0, &*stored.1));
        patch(path, texts, settings.context, out)
    }
}

/// The new text with what is ignored as it was.
fn wanted(told: &Told<'_>, settings: &RevisionSettings) -> String {
    let mut text = String::with_capacity(told.new.text.len());
    for edit in &told.revision.edits {
        let part = if edit.kind == EditKind::Keep || edit.significance > settings.ignore {
            edit.new_range.and_then(|range| told.new.text.get(range.as_usize()))
        } else {
            edit.old_range.and_then(|range| told.old.text.get(range.as_usize()))
        };
        text.push_str(part.unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::{written, written_with};

    #[test]
    fn hunks_have_ranges_and_context() {
        let text = written(&Unified);
        assert!(text.starts_with("--- a/old.txt\n+++ b/old.txt\n@@ -1,4 +1,2 @@\n-The ferry"), "{text}");
    }

    #[test]
    fn a_patch_names_the_file_it_changes() {
        for (file, named) in
            [("docs/a.md", "docs/a.md"), ("./a.md", "a.md"), ("/tmp/12:30.md", "tmp/12:30.md")]
        {
            let settings = RevisionSettings { file: Some(file.to_owned()), ..RevisionSettings::default() };
            let text = written_with(&Unified, &settings);
            assert!(text.starts_with(&format!("--- a/{named}\n+++ b/{named}\n")), "{text}");
        }
    }
}
