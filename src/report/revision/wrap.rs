//! Laying runs of text out in lines, each run in its style.

use std::io;

use anstyle::{AnsiColor, Style};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::told::Run;
use crate::diff::WordOp;
use crate::report::visible;

/// How what stayed, went and came is marked: by colour where there is any, else by brackets as `wdiff`
/// has them.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Marks {
    delete: Style,
    insert: Style,
    brackets: bool,
}

impl Marks {
    pub const fn new(color: bool) -> Self {
        if color {
            let delete = AnsiColor::Red.on_default().strikethrough();
            let insert = AnsiColor::Green.on_default().underline();
            Self { delete, insert, brackets: false }
        } else {
            Self { delete: Style::new(), insert: Style::new(), brackets: true }
        }
    }

    const fn style(&self, op: WordOp) -> Style {
        match op {
            WordOp::Equal => Style::new(),
            WordOp::Delete => self.delete,
            WordOp::Insert => self.insert,
        }
    }

    const fn brackets(&self, op: WordOp) -> (&'static str, &'static str) {
        match op {
            WordOp::Delete if self.brackets => ("[-", "-]"),
            WordOp::Insert if self.brackets => ("{+", "+}"),
            _ => ("", ""),
        }
    }
}

/// A line of text with its escapes, and how many columns it takes.
#[derive(Default)]
pub(in crate::report) struct Line {
    pub text: String,
    pub width: usize,
}

/// Returns how many columns `text` takes. Terminals draw each cluster by itself: `unicode-width` gives two
/// Arabic letters that a book would join into one the width of one.
fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).map(|cluster| cluster.width()).sum() }
}

/// Returns `runs` in lines of at most `width` columns. Lines break at white space and beside the characters
/// of scripts that have none; a word that is longer than a line is cut. Line breaks of the text are spaces;
/// whatever acts on a terminal is shown as an escape.
pub(in crate::report) fn wrapped(runs: &[Run<'_>], width: usize, marks: &Marks) -> Vec<Line> {
    let mut lines = Lines { width, lines: Vec::new(), line: Line::default(), word: Vec::new(), space: None };
    for (at, run) in runs.iter().enumerate() {
        if at > 0 && run.op == WordOp::Insert && runs[at - 1].op == WordOp::Delete && !in_word(runs, at) {
            lines.place();
        }
        let words: Vec<&str> = run.text.split_whitespace().collect();
        if words.is_empty() {
            // Space that went is none where something came in its place.
            let replaced =
                run.op == WordOp::Delete && runs.get(at + 1).is_some_and(|next| next.op == WordOp::Insert);
            lines.space_before(Style::new(), run.text.is_empty() || replaced);
            continue;
        }
        lines.space_before(Style::new(), !run.text.starts_with(char::is_whitespace));
        let (open, close) = marks.brackets(run.op);
        let style = marks.style(run.op);
        let last = words.len() - 1;
        for (at, word) in words.into_iter().enumerate() {
            // Inside a run the space has the run's style, so that a phrase is marked as one.
            lines.space_before(style, at == 0);
            if at == 0 {
                lines.piece(open, style);
            }
            lines.pieces(word, style);
            if at == last {
                lines.piece(close, style);
            }
        }
        lines.space_before(Style::new(), !run.text.ends_with(char::is_whitespace));
    }
    lines.finish()
}

/// Whether the run `at` and the one before it, whose place it takes, are letters within a word.
fn in_word(runs: &[Run<'_>], at: usize) -> bool {
    let before = at.checked_sub(2).map_or("", |before| runs[before].text);
    let behind = runs.get(at + 1).map_or("", |behind| behind.text);
    before.ends_with(char::is_alphanumeric) || behind.starts_with(char::is_alphanumeric)
}

/// Writes a line of the report itself, wrapped at `width`, each line of it in `style`.
pub(in crate::report) fn write_wrapped(
    text: &str,
    style: Style,
    width: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for line in wrapped(&[Run { op: WordOp::Equal, text }], width, &Marks::new(false)) {
        writeln!(out, "{style}{}{style:#}", line.text)?;
    }
    Ok(())
}

/// As [`write_wrapped`], each line `indent` columns from the left.
pub(in crate::report) fn write_indented(
    text: &str,
    style: Style,
    indent: usize,
    width: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let run = [Run { op: WordOp::Equal, text }];
    for line in wrapped(&run, width.saturating_sub(indent).max(NARROWEST), &Marks::new(false)) {
        writeln!(out, "{:indent$}{style}{}{style:#}", "", line.text)?;
    }
    Ok(())
}

/// No text is wrapped to fewer columns.
const NARROWEST: usize = 20;

/// A stretch of a word in one style, made visible.
struct Piece {
    text: String,
    style: Style,
}

struct Lines {
    width: usize,
    lines: Vec<Line>,
    line: Line,
    /// What is not cut where that can be helped, and stands on no line yet.
    word: Vec<Piece>,
    /// The style of the space before the word; `None` where the word follows what is before it.
    space: Option<Style>,
}

impl Lines {
    /// Ends the word; a space follows, unless `not`.
    fn space_before(&mut self, style: Style, not: bool) {
        if !not {
            self.place();
            self.space = Some(style);
        }
    }

    /// Adds `word` of the text; where lines may break in it, it is several.
    fn pieces(&mut self, word: &str, style: Style) {
        let mut from = 0;
        let mut before: Option<&str> = None;
        for (at, cluster) in word.grapheme_indices(true) {
            if before.is_some_and(|before| may_break(before, cluster)) {
                self.piece(&word[from..at], style);
                self.place();
                from = at;
            }
            before = Some(cluster);
        }
        self.piece(&word[from..], style);
    }

    fn piece(&mut self, text: &str, style: Style) {
        if !text.is_empty() {
            self.word.push(Piece { text: visible::line(text).into_owned(), style });
        }
    }

    /// Places the word on this line, or on the next where it does not fit.
    fn place(&mut self) {
        let mut pieces = std::mem::take(&mut self.word);
        if pieces.is_empty() {
            return;
        }
        let space = self.space.take().filter(|_| self.line.width > 0);
        let width: usize = pieces.iter().map(|piece| columns(&piece.text)).sum();
        if self.line.width > 0 && self.line.width + usize::from(space.is_some()) + width > self.width {
            self.flush();
        } else if let Some(style) = space {
            self.line.text.push_str(&format!("{style} {style:#}"));
            self.line.width += 1;
        }
        if let Some(first) = pieces.first_mut().filter(|_| self.line.width == 0) {
            // Here a word could open a workflow command.
            first.text = visible::line_start(&first.text).into_owned();
        }
        for Piece { text, style } in pieces {
            self.write(&text, style);
        }
    }

    /// Writes `text`, cut where a line is full.
    fn write(&mut self, text: &str, style: Style) {
        let mut rest = text;
        while self.line.width + columns(rest) > self.width {
            let mut width = self.line.width;
            let fits = |(_, cluster): &(usize, &str)| {
                width += cluster.width();
                width <= self.width
            };
            let mut end = rest.grapheme_indices(true).take_while(fits).map(|(at, c)| at + c.len()).last();
            if self.line.width == 0 {
                // Wider than any line: one at least.
                end = end.or_else(|| rest.graphemes(true).next().map(str::len));
            }
            let (head, tail) = rest.split_at(end.unwrap_or(0));
            if !head.is_empty() {
                self.line.text.push_str(&format!("{style}{head}{style:#}"));
                self.line.width += columns(head);
            }
            rest = tail;
            if rest.is_empty() {
                return;
            }
            self.flush();
        }
        self.line.text.push_str(&format!("{style}{rest}{style:#}"));
        self.line.width += columns(rest);
    }

    fn flush(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
    }

    fn finish(mut self) -> Vec<Line> {
        self.place();
        if self.line.width > 0 || self.lines.is_empty() {
            self.flush();
        }
        self.lines
    }
}

/// Whether a line may break between two characters of a word: beside one of those scripts that are written
/// without spaces in columns of two, but not before what closes or behind what opens.
fn may_break(before: &str, behind: &str) -> bool {
    // The first character decides: a Thai letter with its vowel takes two columns, too.
    let wide =
        |cluster: &str| cluster.chars().next().is_some_and(|c| c.width() == Some(2) && c < '\u{1f000}');
    let closes = |c: char| "、。，．：；！？）」』】〉》〕’”,.;:!?)]}ー々".contains(c);
    let opens = |c: char| "（「『【〈《〔‘“([{".contains(c);
    (wide(before) || wide(behind)) && !before.ends_with(opens) && !behind.starts_with(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_with_a_workflow_command() {
        let runs = [Run { op: WordOp::Equal, text: "::error title=a::b and on the next line ::notice::c" }];
        for width in 20..60 {
            for line in wrapped(&runs, width, &Marks::new(false)) {
                assert!(!line.text.trim_start().starts_with("::"), "{width}: {}", line.text);
            }
        }
    }

    #[test]
    fn no_line_is_wider_than_asked_for() {
        let text = "北京市的港口在星期日关闭了，没有人受伤。 The address is https://news.example/2026/11/a-long-path/to-the-end \
                    and 👩‍👩‍👧👍🏽🇩🇪 และที่นี่ไม่มีช่องว่าง end.";
        for width in 8..60 {
            for op in [WordOp::Equal, WordOp::Insert] {
                let lines = wrapped(&[Run { op, text }], width, &Marks::new(false));
                assert!(lines.iter().all(|line| line.width <= width && columns(&line.text) == line.width));
                let kept: String = lines.iter().flat_map(|line| line.text.chars()).collect();
                let plain = |text: &str| text.replace([' ', '{', '}', '+'], "");
                assert_eq!(plain(&kept), plain(text));
            }
        }
    }

    #[test]
    fn lines_break_between_characters_of_scripts_without_spaces() {
        let runs = [Run { op: WordOp::Equal, text: "港口在星期日「关闭」，没有" }];
        let lines: Vec<String> =
            wrapped(&runs, 10, &Marks::new(false)).into_iter().map(|line| line.text).collect();
        assert_eq!(lines, ["港口在星期", "日「关", "闭」，没有"]);
    }

    #[test]
    fn thai_words_break_only_where_they_must_and_arabic_is_as_wide_as_a_terminal_draws_it() {
        let line = |text| wrapped(&[Run { op: WordOp::Equal, text }], 40, &Marks::new(false)).remove(0).text;
        assert_eq!(line("สำนักงานท่าเรือ"), "สำนักงานท่าเรือ");
        assert_eq!(columns("لا"), 2);
    }

    #[test]
    fn lines_fit_and_words_stay_whole() {
        let runs = [
            Run { op: WordOp::Equal, text: "It cost " },
            Run { op: WordOp::Delete, text: "three million " },
            Run { op: WordOp::Insert, text: "4m " },
            Run { op: WordOp::Equal, text: "in all.\n" },
        ];
        let lines: Vec<String> =
            wrapped(&runs, 16, &Marks::new(false)).into_iter().map(|line| line.text).collect();
        assert_eq!(lines, ["It cost [-three", "million-] {+4m+}", "in all."]);
    }
}
