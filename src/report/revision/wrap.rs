//! Laying runs of text out in lines, each run in its style.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

use super::told::Run;
use crate::diff::WordOp;
use crate::report::visible;

/// How what stayed, went and came is marked: by colour where there is any, else by brackets as `wdiff`
/// has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks {
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
pub(super) struct Line {
    pub text: String,
    pub width: usize,
}

/// Returns `runs` in lines of at most `width` columns (a longer word has a line of its own). Line
/// breaks of the text are spaces; whatever acts on a terminal is shown as an escape.
pub(super) fn wrapped(runs: &[Run<'_>], width: usize, marks: &Marks) -> Vec<Line> {
    let mut lines = Lines { width, lines: Vec::new(), text: String::new(), columns: 0, space: false };
    for run in runs {
        let words: Vec<&str> = run.text.split_whitespace().collect();
        if words.is_empty() {
            lines.space |= !run.text.is_empty();
            continue;
        }
        lines.space |= run.text.starts_with(char::is_whitespace);
        let (open, close) = marks.brackets(run.op);
        let style = marks.style(run.op);
        let last = words.len() - 1;
        for (at, word) in words.into_iter().enumerate() {
            let text =
                format!("{}{word}{}", if at == 0 { open } else { "" }, if at == last { close } else { "" });
            lines.push(&text, style, at > 0);
        }
        lines.space = run.text.ends_with(char::is_whitespace);
    }
    lines.finish()
}

struct Lines {
    width: usize,
    lines: Vec<Line>,
    text: String,
    columns: usize,
    /// Whether a space stands before the next word.
    space: bool,
}

impl Lines {
    fn push(&mut self, word: &str, style: Style, spaced: bool) {
        let space = (self.space || spaced) && self.columns > 0;
        let mut shown = visible::line(word);
        let mut width = shown.width();
        if self.columns > 0 && self.columns + usize::from(space) + width > self.width {
            self.flush();
        } else if space {
            // Inside a run the space has the run's style, so that a phrase is marked as one.
            let piece = if spaced { format!("{style} {style:#}") } else { " ".to_owned() };
            self.text.push_str(&piece);
            self.columns += 1;
        }
        if self.columns == 0 {
            // Here a word could open a workflow command.
            shown = visible::line_start(word);
            width = shown.width();
        }
        self.space = false;
        self.text.push_str(&format!("{style}{shown}{style:#}"));
        self.columns += width;
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.lines.push(Line { text, width: std::mem::take(&mut self.columns) });
    }

    fn finish(mut self) -> Vec<Line> {
        if self.columns > 0 || self.lines.is_empty() {
            self.flush();
        }
        self.lines
    }
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
