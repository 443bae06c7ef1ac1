//! `unified`: a patch of lines that `patch` and `git apply` take.

use std::io;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::{RevisionReporter, RevisionSettings, Told};
use crate::report::visible;

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
        let old: Vec<&str> = told.old.text.split_inclusive('\n').collect();
        let new: Vec<&str> = told.new.text.split_inclusive('\n').collect();
        let groups = group_diff_ops(capture_diff_slices(Algorithm::Histogram, &old, &new), settings.context);
        if groups.iter().flatten().all(|op| matches!(op, DiffOp::Equal { .. })) {
            return Ok(());
        }
        // The patch changes the old file where it stands, so both names are its.
        let path = settings.file.as_deref().unwrap_or(&told.old.origin.path);
        let path = visible::line(path.trim_start_matches('/').trim_start_matches("./")).into_owned();
        writeln!(out, "--- a/{path}\n+++ b/{path}")?;
        for group in groups {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            let range = |start: usize, end: usize| match end - start {
                0 => format!("{start},0"),
                1 => format!("{}", start + 1),
                length => format!("{},{length}", start + 1),
            };
            let olds = range(first.old_range().start, last.old_range().end);
            let news = range(first.new_range().start, last.new_range().end);
            writeln!(out, "@@ -{olds} +{news} @@")?;
            for op in group {
                let equal = matches!(op, DiffOp::Equal { .. });
                for line in &old[op.old_range()] {
                    write_line(if equal { ' ' } else { '-' }, line, out)?;
                }
                if !equal {
                    for line in &new[op.new_range()] {
                        write_line('+', line, out)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn write_line(sign: char, line: &str, out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, "{sign}{line}")?;
    if line.ends_with('\n') { Ok(()) } else { out.write_all(b"\n\\ No newline at end of file\n") }
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
