//! `unified`: a patch of lines that `patch` and `git apply` take.

use std::io;

use super::{RevisionReporter, RevisionSettings, Told};
use crate::fix::patch;

/// The format.
pub(super) struct Unified;

impl RevisionReporter for Unified {
    fn name(&self) -> &'static str {
        "unified"
    }

    fn summary(&self) -> &'static str {
        "a patch that git apply and patch take (text files)"
    }

    fn needs_stored_text(&self) -> bool {
        true
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        // The patch changes the old file where it stands, so both names are its.
        let path = settings.file.as_deref().unwrap_or(&told.old.origin.path);
        let texts = (told.old.text.as_bytes(), told.new.text.as_bytes());
        patch(path.trim_start_matches('/'), texts, settings.context, out)
    }
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
