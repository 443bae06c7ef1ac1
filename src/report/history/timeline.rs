//! The timeline of the terminal: a line for each version, or for several in a row.

use std::collections::BTreeMap;
use std::io;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::HistorySettings;
use super::fold::{Line, amount, lines, only_bring_back, words};
use super::spans::undone;
use super::terminal::{GUTTER, cell, cut, day, label};
use crate::diff::{Significance, WordOp};
use crate::history::{History, Version};
use crate::report::counted::grouped;
use crate::report::revision::told::Run;
use crate::report::revision::wrap::{Marks, wrapped, write_wrapped};
use crate::report::{Palette, visible};

/// Columns of a name at most: labels, authors.
const WIDEST_NAME: usize = 18;
/// Columns that the last part of a line is to have: of a version's line, and of one that counts several.
const LEAST_REST: usize = 28;
const LEAST_AMOUNT: usize = 44;
/// Columns that it must have to stand beside the others.
const LEAST_BESIDE: usize = 14;

/// The columns of the timeline.
struct Columns {
    number: usize,
    time: usize,
    label: usize,
    /// Whether labels are cut in the middle, since their beginnings are the same.
    middle: bool,
    author: usize,
    added: usize,
    removed: usize,
}

impl Columns {
    fn new(history: &History, lines: &[Line<'_>], width: usize) -> Self {
        let sums = lines.iter().map(|line| (numbers(line).width(), line_words(line)));
        let (number, added, removed) = sums.fold((0, 0, 0), |most, (number, (added, removed))| {
            (most.0.max(number), most.1.max(grouped(added).len() + 1), most.2.max(grouped(removed).len() + 1))
        });
        let widest = |of: &dyn Fn(&Version) -> usize| history.versions.iter().map(of).max().unwrap_or(0);
        let shown = |text: &str| visible::line(text).width();
        let mut columns = Self {
            number,
            time: widest(&|v| v.time.as_deref().map_or(0, |time| shown(day(time)))).min(WIDEST_NAME),
            label: widest(&|v| shown(label(v))).min(WIDEST_NAME),
            middle: false,
            author: widest(&|v| v.author.as_deref().map_or(0, shown)).min(WIDEST_NAME),
            added,
            removed,
        };
        let used = |columns: &Self| {
            let named = [columns.time, columns.label, columns.author];
            let named: usize = named.iter().filter(|&&width| width > 0).map(|width| width + 2).sum();
            columns.number + 2 + named + columns.added + 1 + columns.removed + 2
        };
        let folded = lines.iter().any(|line| matches!(line, Line::Folded(_)));
        let least = if folded { LEAST_AMOUNT } else { LEAST_REST };
        // What a narrow terminal has no room for goes first.
        if used(&columns) + least > width {
            columns.author = columns.author.min(10);
            columns.label = columns.label.min(10);
        }
        if used(&columns) + least > width && columns.time > 0 {
            columns.label = 0;
        }
        // What is left over goes to labels that were cut, as long as nothing else is.
        let alone = lines.iter().filter_map(Line::alone);
        let deeds = alone.clone().map(|version| deed(history, version).0.width()).max().unwrap_or(0);
        let room = width.saturating_sub(used(&columns) + least.max(deeds));
        if columns.label == WIDEST_NAME {
            columns.label = widest(&|v| shown(label(v))).min(WIDEST_NAME + room);
        }
        columns.middle = columns.label > 0 && are_alike(alone.map(label), columns.label);
        columns
    }

    /// Returns the line without its last part.
    fn line(&self, line: &Line<'_>) -> String {
        let mut out = cell(&numbers(line), self.number) + "  ";
        let first = match line {
            Line::Alone(version) => Some(*version),
            Line::Folded(versions) => versions.first(),
        };
        let time = first.and_then(|version| version.time.as_deref()).map_or("", day);
        if self.time > 0 {
            out += &(cell(time, self.time) + "  ");
        }
        match line {
            Line::Alone(version) => {
                if self.label > 0 {
                    let label = label(version);
                    let short = if self.middle { cut_middle(label, self.label) } else { label.to_owned() };
                    out += &(cell(&short, self.label) + "  ");
                }
                if self.author > 0 {
                    out += &(cell(version.author.as_deref().unwrap_or(""), self.author) + "  ");
                }
            }
            Line::Folded(versions) => out += &cell(&self.until(versions).unwrap_or_default(), self.names()),
        }
        let sign = |sign: char, count: u64| {
            if count == 0 { String::new() } else { format!("{sign}{}", grouped(count)) }
        };
        let (added, removed) = line_words(line);
        let (added, removed) = (sign('+', added), sign('−', removed));
        let (a, r) = (self.added, self.removed);
        out += &format!("{added:>a$} {removed:>r$}  ");
        out
    }

    /// Columns of label and author, with the space behind them.
    fn names(&self) -> usize {
        [self.label, self.author].iter().filter(|&&width| width > 0).map(|width| width + 2).sum()
    }

    /// `to 2026-04-09`, where that fits in place of label and author.
    fn until(&self, versions: &[Version]) -> Option<String> {
        let text = format!("to {}", last_day(versions)?);
        (text.width() + 2 <= self.names()).then_some(text)
    }

    /// What versions in a row amount to.
    fn amount(&self, versions: &[Version], history: &History) -> String {
        let mut out = format!("{} versions", grouped(versions.len() as u64));
        if let Some(day) = last_day(versions).filter(|_| self.until(versions).is_none()) {
            out += &format!(" to {day}");
        }
        match only_bring_back(versions, history) {
            Some(texts) if texts.len() > 6 => {
                out += &format!(" only bring back {} earlier texts", texts.len())
            }
            Some(texts) => {
                let plural = if texts.len() == 1 { "" } else { "s" };
                let texts: Vec<String> = texts.iter().map(u32::to_string).collect();
                out += &format!(" only bring back the text{plural} of version{plural} {}", texts.join(", "));
            }
            None => out += &format!(": {}", amount(versions)),
        }
        out
    }
}

/// Whether labels that are not the same would be, cut to `width` columns.
fn are_alike<'a>(labels: impl Iterator<Item = &'a str>, width: usize) -> bool {
    let mut whole: BTreeMap<String, &str> = BTreeMap::new();
    labels.into_iter().any(|label| {
        let known = *whole.entry(cut(label, width)).or_insert(label);
        known != label
    })
}

/// Makes `text` visible, and cuts it to `width` columns by leaving out its middle.
fn cut_middle(text: &str, width: usize) -> String {
    let text = visible::line(text);
    if text.width() <= width {
        return text.into_owned();
    }
    let room = width.saturating_sub(1);
    let (mut tail, mut used) = (text.len(), 0);
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > room - room / 2 {
            break;
        }
        tail = at;
    }
    // The beginning ends in the sign that something is left out.
    cut(&text, width.saturating_sub(text[tail..].width())) + &text[tail..]
}

/// `12`, or `12–14`.
fn numbers(line: &Line<'_>) -> String {
    match line {
        Line::Alone(version) => version.number.to_string(),
        Line::Folded(versions) => {
            let number = |version: Option<&Version>| version.map_or(0, |version| version.number);
            format!("{}–{}", number(versions.first()), number(versions.last()))
        }
    }
}

/// Words that came and went, of all versions of a line together.
fn line_words(line: &Line<'_>) -> (u64, u64) {
    match line {
        Line::Alone(version) => (version.added, version.removed),
        Line::Folded(versions) => words(versions),
    }
}

/// The day of the last of `versions`, where it is another than that of the first.
fn last_day(versions: &[Version]) -> Option<&str> {
    let (first, last) = (versions.first()?, versions.last()?);
    let day_of_last = last.time.as_deref().map(day)?;
    (first.time.as_deref().map(day) != Some(day_of_last)).then_some(day_of_last)
}

/// What a version did, in a few words, and whether it stands out.
fn deed(history: &History, version: &Version) -> (String, bool) {
    let mut parts: Vec<String> = Vec::new();
    if version.digest.is_none() {
        let why = if version.missing.is_empty() { "no text" } else { version.missing.as_str() };
        return (visible::line(why).into_owned(), true);
    }
    if version.unchanged {
        return ("unchanged".to_owned(), false);
    }
    if let Some(to) = version.reverts_to {
        parts.push(format!("back to version {to}"));
    } else if version.number > 1 {
        let reasons: Vec<&str> = version.reasons.iter().map(|reason| reason.name()).collect();
        parts.push(match (version.significance, reasons.is_empty()) {
            (Significance::None, _) => "first text".to_owned(),
            (level, true) => level.name().to_owned(),
            (level, false) => format!("{}: {}", level.name(), reasons.join(", ")),
        });
    } else {
        parts.push("first version".to_owned());
    }
    parts.extend(undone(history, version));
    for edit in &version.metadata {
        if matches!(edit.field, "title" | "url") {
            parts.push(if edit.field == "title" {
                "new headline".to_owned()
            } else {
                "new address".to_owned()
            });
        }
    }
    if version.silent {
        parts.insert(0, "silent".to_owned());
    }
    let level = if version.reverts_to.is_some() { version.novel } else { version.significance };
    let marked = level == Significance::Substantive;
    (parts.join("; "), marked || version.silent)
}

/// Writes the lines of the timeline.
pub(super) fn write(
    history: &History,
    settings: &HistorySettings,
    palette: &Palette,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let lines = lines(history, settings.whole);
    let columns = Columns::new(history, &lines, settings.layout.width);
    for line in &lines {
        let (text, marked) = match line {
            Line::Alone(version) => deed(history, version),
            Line::Folded(versions) => (columns.amount(versions, history), false),
        };
        let style = if marked { palette.mark } else { palette.faint };
        let told = columns.line(line);
        let width = settings.layout.width;
        let run = [Run { op: WordOp::Equal, text: &text }];
        let wrapped = |width| wrapped(&run, width, &Marks::new(false)).into_iter().map(|line| line.text);
        let beside = width.saturating_sub(told.width());
        if beside >= LEAST_BESIDE {
            for (at, part) in wrapped(beside).enumerate() {
                let before = if at == 0 { told.clone() } else { " ".repeat(told.width()) };
                writeln!(out, "{before}{style}{part}{style:#}")?;
            }
        } else {
            writeln!(out, "{}", told.trim_end())?;
            for part in wrapped(width.saturating_sub(GUTTER)) {
                writeln!(out, "{:GUTTER$}{style}{part}{style:#}", "")?;
            }
        }
    }
    if !settings.whole && lines.iter().any(|line| matches!(line, Line::Folded(_))) {
        writeln!(out)?;
        let text = "Versions in a row share a line; -v tells each by itself.";
        write_wrapped(text, palette.faint, settings.layout.width, out)?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_whose_beginnings_are_the_same_are_cut_in_the_middle() {
        let labels = ["policy-of-the-pier-v1.md", "policy-of-the-pier-v2.md"];
        assert!(are_alike(labels.into_iter(), 12) && !are_alike(labels.into_iter(), 24));
        assert!(!are_alike(["same", "same"].into_iter(), 3));
        for (width, expected) in [(12, "polic…-v1.md"), (24, labels[0]), (2, "…d"), (1, "…"), (0, "")] {
            assert_eq!(cut_middle(labels[0], width), expected);
        }
        assert_eq!(cut_middle("港の方針についての第一版", 9), "港の…一版");
    }
}
