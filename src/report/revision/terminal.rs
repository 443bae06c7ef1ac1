//! `terminal`: for people, in colour, what is far from any change folded.

use std::io;

use anstyle::Style;

use super::told::{Step, description, numbers};
use super::wrap::{Marks, wrapped, write_wrapped};
use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{Edit, EditKind, Significance};
use crate::report::{Palette, visible};

/// The format.
pub(super) struct Terminal;

/// Columns before the text: sign and numbers.
const GUTTER: usize = 4;

impl RevisionReporter for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn summary(&self) -> &'static str {
        "the changes in their context, for people"
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        let palette = settings.layout.palette();
        heading(told, settings, &palette, out)?;
        let marks = Marks::new(settings.layout.color);
        let width = settings.layout.width.saturating_sub(GUTTER).max(20);
        for step in told.steps(settings) {
            match step {
                Step::Folded(count) => {
                    let plural = if count == 1 { "paragraph" } else { "paragraphs" };
                    let faint = palette.faint;
                    writeln!(out, "{faint}  ⋮ {count} unchanged {plural}{faint:#}\n")?;
                }
                Step::Left(edit) => {
                    let faint = palette.faint;
                    let (from, to) = (numbers(&edit.old), numbers(&edit.new));
                    writeln!(out, "{faint}↷ paragraph {from} moved to {to}{faint:#}\n")?;
                }
                Step::Context(edit) => {
                    for line in wrapped(&told.unchanged_run(edit), width, &marks) {
                        writeln!(out, "    {}", line.text)?;
                    }
                    writeln!(out)?;
                }
                Step::Changed(edit) => {
                    title(edit, &palette, settings.layout.width, out)?;
                    for line in wrapped(&told.lettered_runs(edit), width, &marks) {
                        writeln!(out, "    {}", line.text)?;
                    }
                    writeln!(out)?;
                }
            }
        }
        if settings.layout.summary {
            write_wrapped(&told.summary_line(settings), Style::new(), settings.layout.width, out)?;
        }
        Ok(())
    }
}

/// Writes what is compared, what its metadata says, and whether detail was lost.
pub(super) fn heading(
    told: &Told<'_>,
    settings: &RevisionSettings,
    palette: &Palette,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (old, new) = told.names();
    let strong = palette.strong;
    writeln!(out, "{strong}{} → {}{strong:#}", visible::line_start(&old), visible::line(&new))?;
    for edit in told.revision.metadata.iter().filter(|edit| edit.significance > settings.ignore) {
        let value = |value: &Option<String>| match value {
            Some(text) => format!("“{text}”"),
            None => "none".to_owned(),
        };
        let (old, new) = (value(&edit.old), value(&edit.new));
        let line = format!("{}: {old} → {new}: {}", edit.field, edit.significance.name());
        write_wrapped(&line, Style::new(), settings.layout.width, out)?;
    }
    if told.revision.degraded {
        let mark = palette.mark;
        let line = "The texts are too large to be compared word by word throughout.";
        write_wrapped(line, mark, settings.layout.width, out)?;
    }
    writeln!(out)
}

/// Writes the line above an edit: sign, numbers, what it is.
fn title(edit: &Edit, palette: &Palette, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
    let sign = match edit.kind {
        EditKind::Keep => ' ',
        EditKind::Insert => '+',
        EditKind::Delete => '-',
        EditKind::Modify => '~',
        EditKind::Move => '↷',
        EditKind::Split => '⑂',
        EditKind::Merge => '⑃',
    };
    let style = if edit.significance == Significance::Substantive { palette.mark } else { palette.faint };
    let number = if edit.new.is_empty() { String::new() } else { format!("{} ", numbers(&edit.new)) };
    write_wrapped(&format!("{sign} {number}{}", description(edit)), style, width, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::{written, written_with};

    #[test]
    fn words_moves_and_reasons_are_told() {
        let text = written(&Terminal);
        assert!(text.starts_with("old.txt → new.txt\ntitle: “Ferry sinks” → “Ferry lost”"), "{text}");
        assert!(text.contains("[-14-]{+15+} people"), "{text}");
        assert!(text.contains("modified: substantive (number)"), "{text}");
        assert!(text.contains("moved from paragraph 2"), "{text}");
    }

    #[test]
    fn nothing_of_a_document_acts_on_the_terminal() {
        let settings = RevisionSettings { context: 9, ..RevisionSettings::default() };
        let text = written_with(&Terminal, &settings);
        assert!(text.contains("\\x1b[31mand\\x07"), "{text}");
        assert!(!text.contains('\x1b') && !text.contains('\x07'));
    }
}
