//! `side-by-side`: old text on the left, new on the right, as wide as the terminal.

use std::io;

use anstyle::Style;

use super::terminal::heading;
use super::told::{Run, Step, description, numbers};
use super::wrap::{Line, Marks, wrapped, write_wrapped};
use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{EditKind, WordOp};

/// The format.
pub(super) struct SideBySide;

impl RevisionReporter for SideBySide {
    fn name(&self) -> &'static str {
        "side-by-side"
    }

    fn summary(&self) -> &'static str {
        "old text on the left, new on the right"
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        let palette = settings.layout.palette();
        heading(told, settings, &palette, out)?;
        let marks = Marks::new(settings.layout.color);
        let column = (settings.layout.width.saturating_sub(3) / 2).max(16);
        for step in told.steps(settings) {
            let (edit, runs) = match step {
                Step::Folded(count) => {
                    let faint = palette.faint;
                    writeln!(out, "{faint}⋮ {count} unchanged{faint:#}\n")?;
                    continue;
                }
                Step::Left(edit) => {
                    let faint = palette.faint;
                    let (from, to) = (numbers(&edit.old), numbers(&edit.new));
                    writeln!(out, "{faint}{from} moved to {to}{faint:#}\n")?;
                    continue;
                }
                Step::Context(edit) => (edit, told.unchanged_run(edit)),
                Step::Changed(edit) => {
                    let faint = palette.faint;
                    let (old, new) = (numbers(&edit.old), numbers(&edit.new));
                    let line = match (edit.old.is_empty(), edit.new.is_empty()) {
                        (true, true) => description(edit),
                        _ => format!("{old} → {new} {}", description(edit)),
                    };
                    write_wrapped(&line, faint, settings.layout.width, out)?;
                    (edit, told.lettered_runs(edit))
                }
            };
            let without =
                |op: WordOp| -> Vec<Run<'_>> { runs.iter().filter(|run| run.op != op).copied().collect() };
            let came = edit.kind == EditKind::Insert && told.shows(edit, settings);
            let left = if came { Vec::new() } else { without(WordOp::Insert) };
            let right = if edit.kind == EditKind::Delete { Vec::new() } else { without(WordOp::Delete) };
            let (left, right) = (wrapped(&left, column, &marks), wrapped(&right, column, &marks));
            for at in 0..left.len().max(right.len()) {
                let width = left.get(at).map_or(0, |line: &Line| line.width);
                let text = |lines: &[Line]| lines.get(at).map_or(String::new(), |line| line.text.clone());
                let line =
                    format!("{}{} │ {}", text(&left), " ".repeat(column.saturating_sub(width)), text(&right));
                writeln!(out, "{}", line.trim_end())?;
            }
            writeln!(out)?;
        }
        if settings.layout.summary {
            write_wrapped(&told.summary_line(settings), Style::new(), settings.layout.width, out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::written;

    #[test]
    fn both_sides_stand_beside_each_other() {
        let text = written(&SideBySide);
        let line = text.lines().find(|line| line.contains("[-14-]")).unwrap();
        assert!(line.contains("│") && line.contains("{+15+}"), "{text}");
        assert!(text.lines().filter(|line| line.contains('│')).all(|line| line.chars().count() <= 100));
    }
}
