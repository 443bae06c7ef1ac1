//! `full`: for people. The passage, where it first stood, why the two are the same, and what to do.
//!
//! ```text
//! error[repeated-paragraph]: paragraph repeats pier.txt:12
//!   --> pier.txt:30:1
//!    |
//! 30 | Ferry traffic resumed at noon, the board said, after divers had cleared
//!    | the second of two nets from the propeller.
//!    |
//!    = first seen here: pier.txt:12:1
//!    = identical after ignoring line breaks and spaces
//!    = help: remove this copy, or rewrite it if both are meant
//! ```
//!
//! Copies of one passage are one entry: the first copy is shown, the others are listed.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use super::items::{items_line, write_lines};
use super::{FindingsReporter, summary_line};
use crate::check::Report;
use crate::document::Location;
use crate::lint::{Finding, FindingKey, Label, Place, Sameness, Severity};
use crate::report::passage::{Glyph, differences, is_reordered, wrap};
use crate::report::{Layout, Palette, visible};

/// Lines of a passage that are shown.
const LINES: usize = 6;
/// Columns behind which no line of a list hangs.
const DEEPEST: usize = 24;
/// Further copies of a passage that are listed.
const COPIES: usize = 5;

/// The format.
pub(super) struct Full;

impl FindingsReporter for Full {
    fn name(&self) -> &'static str {
        "full"
    }

    fn summary(&self) -> &'static str {
        "the passage, where it first stood, why they are the same, and what to do"
    }

    fn has_summary(&self) -> bool {
        true
    }

    fn write(&self, report: &Report, layout: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        for group in groups(&report.findings) {
            Entry::new(group.first, layout, out).write(&group.others)?;
            writeln!(out)?;
        }
        write_lines(report, layout.palette(), out)?;
        if layout.summary {
            let strong = layout.palette().strong;
            if let Some(items) = items_line(report) {
                writeln!(out, "{strong}{items}{strong:#}")?;
            }
            let summary = summary_line(&report.summary);
            for line in fill(summary.split(' '), 0, 0, layout.width.max(Layout::NARROWEST)) {
                writeln!(out, "{strong}{line}{strong:#}")?;
            }
        }
        Ok(())
    }
}

/// A finding and the further copies of its passage.
struct Group<'a> {
    first: &'a Finding,
    others: Vec<&'a Finding>,
}

/// The findings, those of one rule about one passage together, in the order of the first of each.
fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, Severity, FindingKey), usize> = BTreeMap::new();
    for finding in findings {
        let key = (finding.rule, finding.severity, finding.fingerprint);
        match known.get(&key) {
            Some(&index) => groups[index].others.push(finding),
            None => {
                known.insert(key, groups.len());
                groups.push(Group { first: finding, others: Vec::new() });
            }
        }
    }
    groups
}

/// One finding being written.
struct Entry<'a> {
    finding: &'a Finding,
    palette: Palette,
    /// Columns of a line of passage.
    width: usize,
    /// Columns of the line number.
    gutter: usize,
    out: &'a mut dyn io::Write,
}

impl<'a> Entry<'a> {
    fn new(finding: &'a Finding, layout: &Layout, out: &'a mut dyn io::Write) -> Self {
        let numbers = finding.related.iter().map(|label| &label.place).chain([&finding.primary]);
        let gutter = numbers.map(|place| place.location.start.line.to_string().len()).max().unwrap_or(1);
        let width = layout.width.max(Layout::NARROWEST) - gutter - 3;
        Self { finding, palette: layout.palette(), width, gutter, out }
    }

    fn write(mut self, others: &[&Finding]) -> io::Result<()> {
        let finding = self.finding;
        let severity = self.palette.severity(finding.severity);
        let strong = self.palette.strong;
        let title = format!("{}[{}]: ", finding.severity, finding.rule);
        let message = visible::line(&finding.message);
        let lines = fill(message.split(' '), title.len(), 2, self.width + self.gutter + 3);
        for (index, line) in lines.iter().enumerate() {
            if index == 0 {
                let (finding_is, rule) = (finding.severity, finding.rule);
                writeln!(self.out, "{severity}{finding_is}[{rule}]{severity:#}{strong}: {line}{strong:#}")?;
            } else {
                writeln!(self.out, "  {strong}{}{strong:#}", visible::line_start(line))?;
            }
        }
        let (faint, gutter) = (self.palette.faint, self.gutter);
        writeln!(self.out, "{:gutter$}{faint}-->{faint:#} {}", "", named(&finding.primary.location))?;
        let twin = self.twin();
        let (here, there) = match twin {
            Some(label) => {
                let (first, again) = (whole_part(&label.place), whole_part(&finding.primary));
                let cut = first.len() < label.place.text.len() || again.len() < finding.primary.text.len();
                let found = differences(first, again, cut);
                (found.new, found.old)
            }
            None => (Vec::new(), Vec::new()),
        };
        if !finding.primary.text.is_empty() {
            self.bar()?;
            self.passage(&finding.primary, &here)?;
            self.bar()?;
        }
        self.related(twin, &there)?;
        self.why()?;
        self.copies(others)?;
        if !finding.help.is_empty() {
            let help = self.palette.help;
            self.units(help, "help", finding.help.split(' '))?;
        }
        Ok(())
    }

    /// The related place whose text is worth showing: another wording of the passage.
    fn twin(&self) -> Option<&'a Label> {
        let likeness = self.finding.likeness?;
        let first = self.finding.related.first()?;
        // What a longer document has beside is no other wording of this one.
        (likeness.inside.is_none()
            && likeness.same != Some(Sameness::Identical)
            && !first.place.text.is_empty()
            && first.place.text != self.finding.primary.text)
            .then_some(first)
    }

    /// `   |`
    fn bar(&mut self) -> io::Result<()> {
        let (faint, gutter) = (self.palette.faint, self.gutter);
        writeln!(self.out, "{:gutter$} {faint}|{faint:#}", "")
    }

    /// `   = what: text`, broken between words.
    fn note(&mut self, what: &str, text: &str) -> io::Result<()> {
        let text = visible::line(text);
        self.units(Style::new(), what, text.split(' '))
    }

    /// `   = what: unit unit`, on as many lines as it takes; a unit is never broken, so that a terminal
    /// still knows a path for one.
    fn units<'u>(
        &mut self,
        style: Style,
        what: &str,
        units: impl Iterator<Item = &'u str>,
    ) -> io::Result<()> {
        let (faint, gutter) = (self.palette.faint, self.gutter);
        let colon = if what.is_empty() { "" } else { ": " };
        let first = what.width() + colon.len();
        let units: Vec<&str> = units.collect();
        let widest = units.iter().map(|unit| unit.width()).max().unwrap_or(0);
        let hanging = if first > DEEPEST || first + widest > self.width { 2 } else { first };
        for (index, line) in fill(units.into_iter(), first, hanging, self.width).iter().enumerate() {
            if index == 0 {
                let colon = if line.is_empty() { colon.trim_end() } else { colon };
                writeln!(self.out, "{:gutter$} {faint}={faint:#} {style}{what}{style:#}{colon}{line}", "")?;
            } else {
                writeln!(self.out, "{:1$}{2}", "", gutter + 3 + hanging, visible::line_start(line))?;
            }
        }
        Ok(())
    }

    /// The lines of a passage, and under them what differs.
    fn passage(&mut self, place: &Place, marks: &[Range<usize>]) -> io::Result<()> {
        let lines: Vec<Vec<Glyph>> = wrap(&place.text, self.width).collect();
        let marked = |glyph: &Glyph| marks.iter().any(|range| range.contains(&glyph.at));
        // What differs must be seen: where it comes late, the beginning gives way.
        let first_marked = lines.iter().position(|line| line.iter().any(marked)).unwrap_or(0);
        let from = if first_marked < LINES { 0 } else { first_marked - 1 };
        let mut to = lines.len().min(from + LINES);
        while to < lines.len() && to > from + 1 && lines[to - 1].is_empty() {
            to -= 1;
        }
        if from > 0 {
            self.gutter_line(Some(place.location.start.line), "\u{2026}")?;
        }
        for (index, line) in lines[from..to].iter().enumerate() {
            let number = (index == 0 && from == 0).then_some(place.location.start.line);
            let text = self.styled(line, marked);
            self.gutter_line(number, &text)?;
            if line.iter().any(marked) && !is_reordered(line) {
                let text = self.carets(line, marked);
                self.gutter_line(None, &text)?;
            }
        }
        if to < lines.len() {
            self.gutter_line(None, "\u{2026}")?;
        }
        Ok(())
    }

    /// `30 | text`
    fn gutter_line(&mut self, number: Option<u64>, text: &str) -> io::Result<()> {
        let (faint, gutter) = (self.palette.faint, self.gutter);
        let number = number.map_or(String::new(), |number| number.to_string());
        let space = if text.is_empty() { "" } else { " " };
        writeln!(self.out, "{faint}{number:>gutter$} |{faint:#}{space}{text}")
    }

    /// The line with what is marked in its colour.
    fn styled(&self, line: &[Glyph], marked: impl Fn(&Glyph) -> bool) -> String {
        let style = self.palette.mark;
        let mut out = String::new();
        for run in line.chunk_by(|a, b| marked(a) == marked(b)) {
            let text: String = run.iter().map(|glyph| glyph.shown.as_str()).collect();
            if marked(&run[0]) {
                out.push_str(&format!("{style}{text}{style:#}"))
            } else {
                out.push_str(&text)
            }
        }
        out
    }

    /// `^` under what is marked.
    fn carets(&self, line: &[Glyph], marked: impl Fn(&Glyph) -> bool) -> String {
        let style = self.palette.mark;
        let mut row = String::new();
        for glyph in line {
            row.push_str(&if marked(glyph) { "^" } else { " " }.repeat(glyph.width));
        }
        format!("{style}{}{style:#}", row.trim_end())
    }

    /// Where it first stood, with its text where that differs; further places of one kind in one line.
    fn related(&mut self, twin: Option<&Label>, marks: &[Range<usize>]) -> io::Result<()> {
        let mut rest = self.finding.related.as_slice();
        if let Some(label) = twin {
            self.places(&visible::line(&label.message), vec![named(&label.place.location)])?;
            self.passage(&label.place, marks)?;
            self.bar()?;
            rest = &rest[1..];
        }
        for labels in rest.chunk_by(|a, b| a.message == b.message) {
            let places: Vec<String> = labels.iter().map(|label| named(&label.place.location)).collect();
            self.places(&visible::line(&labels[0].message), places)?;
        }
        Ok(())
    }

    /// Why two passages count as alike.
    fn why(&mut self) -> io::Result<()> {
        let Some(likeness) = self.finding.likeness else { return Ok(()) };
        self.note("", &likeness.why())
    }

    /// Where else the passage stands again.
    fn copies(&mut self, others: &[&Finding]) -> io::Result<()> {
        if others.is_empty() {
            return Ok(());
        }
        let mut places: Vec<String> =
            others.iter().take(COPIES).map(|other| named(&other.primary.location)).collect();
        if others.len() > COPIES {
            places.push(format!("and {} more", others.len() - COPIES));
        }
        self.places("also at", places)
    }

    /// `   = what: place, place`
    fn places(&mut self, what: &str, mut places: Vec<String>) -> io::Result<()> {
        let last = places.len().saturating_sub(1);
        places[..last].iter_mut().for_each(|place| place.push(','));
        self.units(Style::new(), what, places.iter().map(String::as_str))
    }
}

/// Lines of `units` with spaces between them, at most `width` columns wide where a unit is no longer than
/// that; the first line stands behind `first` columns, the others behind `hanging`.
fn fill<'u>(units: impl Iterator<Item = &'u str>, first: usize, hanging: usize, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = first;
    for unit in units {
        let wide = unit.width();
        // Behind many columns the first unit may have no room where a line of its own has.
        let below = columns + wide > width && hanging + wide <= width;
        match lines.last_mut() {
            Some(line) if line.is_empty() && !below || columns + 1 + wide <= width => {
                if !line.is_empty() {
                    line.push(' ');
                    columns += 1;
                }
                line.push_str(unit);
                columns += wide;
            }
            _ => {
                lines.push(unit.to_owned());
                columns = hanging + wide;
            }
        }
    }
    lines
}

/// `pier.txt:30:1`, and for a record its id and paragraph: `wire.jsonl:7:120 (H-204, paragraph 3)`.
fn named(location: &Location) -> String {
    let place = format!("{}:{}:{}", location.path, location.start.line, location.start.column);
    let mut details = Vec::new();
    if location.record.is_some() {
        if !location.document.starts_with(&*location.path) {
            details.push(location.document.clone());
        }
        if let Some(paragraph) = location.paragraph {
            details.push(format!("paragraph {paragraph}"));
        }
    }
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    visible::line(&format!("{place}{details}")).into_owned()
}

/// The passage, without the ellipsis of one that was cut.
pub(super) fn whole_part(place: &Place) -> &str {
    let beginning = place.text.strip_suffix('\u{2026}');
    // White space before the cut is left out, so that a cut passage may be a little shorter.
    const SHORTEST: usize = Place::LONGEST - Place::LONGEST / 10;
    beginning.filter(|text| text.chars().count() >= SHORTEST).unwrap_or(&place.text)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{place, repeat, report, written};
    use super::*;

    fn full(findings: Vec<Finding>, width: usize) -> String {
        written(&Full, &report(findings), width)
    }

    #[test]
    fn a_copy_is_shown_with_where_it_first_stood() {
        let text = "Ferry traffic resumed at noon, the board said.";
        let finding = repeat(place("a.txt", 30, text), place("a.txt", 9, text), Some(Sameness::Identical));
        assert_eq!(
            full(vec![finding], 40),
            "\
error[repeated-paragraph]: paragraph
  repeats a.txt:9
  --> a.txt:30:1
   |
30 | Ferry traffic resumed at noon, the
   | board said.
   |
   = first seen here: a.txt:9:1
   = identical text
   = help: remove this copy, or rewrite
           it if both are meant

Checked 14 files, 25 documents, 1,312
paragraphs (9 too short to count): 1
error
"
        );
    }

    #[test]
    fn what_differs_is_marked_on_both_sides() {
        let finding = repeat(
            place("a.txt", 7, "The \u{201c}pier\u{201d} is shut."),
            place("a.txt", 2, "The \"pier\"\nis shut."),
            Some(Sameness::Typography),
        );
        let output = full(vec![finding], 80);
        let expected = "\
7 | The \u{201c}pier\u{201d} is shut.
  |     ^    ^
  |
  = first seen here: a.txt:2:1
2 | The \"pier\"
  |     ^    ^
  | is shut.
  |
  = identical after ignoring typography, case and line breaks
";
        assert!(output.contains(expected), "{output}");
    }

    #[test]
    fn a_late_difference_moves_the_window() {
        let start = "word ".repeat(120);
        let finding = repeat(
            place("a.txt", 7, &format!("{start}End")),
            place("a.txt", 2, &format!("{start}end")),
            Some(Sameness::Case),
        );
        let output = full(vec![finding], 80);
        assert!(output.contains("7 | \u{2026}\n"), "{output}");
        assert!(output.contains("^^^"), "{output}");
    }

    #[test]
    fn the_cut_end_of_a_passage_proves_no_difference() {
        let cut = |first: &str| {
            let mut text: String =
                first.chars().chain("word ".chars().cycle()).take(Place::LONGEST).collect();
            text.push('\u{2026}');
            text
        };
        let finding = repeat(
            place("a.txt", 7, &cut("Some longer ")),
            place("a.txt", 2, &cut("Some  longer ")),
            Some(Sameness::Wrapping),
        );
        assert!(!full(vec![finding], 80).contains('^'));
    }

    #[test]
    fn a_place_without_room_beside_its_label_stands_below_it() {
        let path = "a/rather/long/path.txt";
        let output = full(vec![repeat(place("b.txt", 3, "x"), place(path, 9, "x"), None)], 40);
        assert!(output.contains("= first seen here:\n"), "{output}");
        assert!(output.lines().any(|line| line.trim_start() == format!("{path}:9:1")), "{output}");
    }

    #[test]
    fn copies_are_folded_into_a_list() {
        let finding =
            |line| repeat(place("a.txt", line, "x"), place("a.txt", 1, "x"), Some(Sameness::Identical));
        let output = full((2..40).map(finding).collect(), 80);
        assert_eq!(output.matches("error[").count(), 1);
        let expected = "   = also at: a.txt:3:1, a.txt:4:1, a.txt:5:1, a.txt:6:1, a.txt:7:1, and 32 more\n";
        assert!(output.replace("  = also", "   = also").contains(expected), "{output}");
        assert!(output.ends_with(": 38\nerrors\n"));
    }

    #[test]
    fn long_passages_end_in_an_ellipsis() {
        let text = "word ".repeat(150);
        let finding = repeat(place("a.txt", 2, &text), place("a.txt", 1, &text), Some(Sameness::Identical));
        let output = full(vec![finding], 80);
        assert_eq!(output.matches("word word").count(), LINES * 7, "{output}");
        assert!(output.contains("  | \u{2026}\n"));
    }

    #[test]
    fn only_near_copies_tell_their_shared_runs() {
        let near = repeat(place("a.txt", 2, "one two"), place("a.txt", 1, "one three"), None);
        let output = full(vec![near], 80);
        assert!(output.contains("  = 13 of 14 three-word runs shared\n"), "{output}");
        assert!(output.contains("2 | one two\n  |     ^^^\n"), "{output}");
    }

    #[test]
    fn lines_that_a_terminal_reorders_get_no_carets() {
        let finding = repeat(
            place("a.txt", 2, "\u{5e9}\u{5dc}\u{5d5}\u{5dd} a"),
            place("a.txt", 1, "\u{5e9}\u{5dc}\u{5d5}\u{5dd} A"),
            Some(Sameness::Case),
        );
        assert!(!full(vec![finding], 80).contains('^'));
    }

    #[test]
    fn records_are_named_by_id_and_paragraph() {
        let mut finding = repeat(place("w.jsonl", 7, "x"), place("w.jsonl", 7, "x"), None);
        finding.primary.location.record = Some(7);
        finding.primary.location.document = "H-204".to_owned();
        let output = full(vec![finding], 80);
        assert!(output.contains("--> w.jsonl:7:1 (H-204, paragraph 2)\n"), "{output}");
    }

    #[test]
    fn colours_change_no_text() {
        let finding = repeat(place("a.txt", 2, "x Y"), place("a.txt", 1, "x y"), Some(Sameness::Case));
        let report = report(vec![finding]);
        let mut colored = Vec::new();
        let layout = Layout { color: true, width: 80, ..Layout::default() };
        Full.write(&report, &layout, &mut colored).unwrap();
        let plain = String::from_utf8(anstream::adapter::strip_bytes(&colored).into_vec()).unwrap();
        assert_eq!(plain, written(&Full, &report, 80));
    }
}
