//! What is wrong with a settings file, shown on the line it is about.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use unicode_width::UnicodeWidthChar as _;

use crate::document::{LineIndex, Position, SourceMap};
use crate::report::visible;

/// The longest part of a line that is shown.
const SHOWN: usize = 70;

/// One thing that is wrong with a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's path, as printed.
    pub file: Arc<str>,
    /// Where; `None` for the file as a whole.
    pub place: Option<FaultPlace>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do, in a few words; may be empty.
    pub label: String,
    /// More to know, in one line; may be empty.
    pub help: String,
}

/// The place of a fault on its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultPlace {
    /// 1-based line.
    pub line: u64,
    /// 1-based column in Unicode scalar values.
    pub column: u64,
    /// The line, as far as it is shown.
    pub text: String,
    /// How many cells of the shown line come before what is wrong.
    pub before: usize,
    /// How many cells what is wrong takes on the shown line; at least 1.
    pub width: usize,
}

impl Fault {
    /// Returns a fault of the file as a whole.
    #[must_use]
    pub fn of_file(file: &Arc<str>, message: impl Into<String>, help: impl Into<String>) -> Self {
        let (message, help) = (message.into(), help.into());
        Self { file: Arc::clone(file), place: None, message, label: String::new(), help }
    }

    /// Returns the lines that tell the fault: what and where, the line itself with what is wrong marked, and
    /// what to do.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let Some(place) = &self.place else {
            let mut lines = vec![format!("{}: {}", self.file, self.message)];
            lines.extend((!self.help.is_empty()).then(|| format!("  help: {}", self.help)));
            return lines;
        };
        let FaultPlace { line, column, text, before, width } = place;
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        let mut lines = vec![
            format!("{}:{line}:{column}: {}", self.file, self.message),
            format!("{margin} |"),
            format!("{number} | {text}"),
            format!("{margin} | {}{} {}", " ".repeat(*before), "^".repeat(*width), self.label)
                .trim_end()
                .to_owned(),
        ];
        lines.extend((!self.help.is_empty()).then(|| format!("{margin} = help: {}", self.help)));
        lines
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

impl std::error::Error for Fault {}

/// The text of a settings file, and where its bytes stand.
pub(super) struct Source<'s> {
    pub file: Arc<str>,
    pub text: &'s str,
    index: LineIndex,
}

impl<'s> Source<'s> {
    pub fn new(file: &Arc<str>, text: &'s str) -> Self {
        let index = LineIndex::new(text.to_owned(), SourceMap::identity(0, text.len()), 1);
        Self { file: Arc::clone(file), text, index }
    }

    /// The line and column of the byte `at`.
    pub fn position(&self, at: usize) -> Position {
        self.index.position(at as u64)
    }

    /// A fault of what stands at `span`.
    pub fn fault(&self, span: Range<usize>, message: impl Into<String>) -> Fault {
        let boundary =
            |at: usize| (0..=at.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at));
        let start = boundary(span.start).unwrap_or(0);
        let end = boundary(span.end).unwrap_or(0).max(start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let line = self.text[line_start..line_end].trim_end_matches('\r');
        let Position { line: number, column, .. } = self.position(start);
        let from = (start - line_start).min(line.len());
        let to = (end.min(line_end) - line_start).clamp(from, line.len());
        let (text, before, width) = shown(&line[..from], &line[from..to], &line[to..]);
        Fault {
            file: Arc::clone(&self.file),
            place: Some(FaultPlace { line: number, column, text, before, width }),
            message: message.into(),
            label: String::new(),
            help: String::new(),
        }
    }
}

/// The part of a line to show, and how many cells come before what is wrong and are its own there.
fn shown(before: &str, wrong: &str, after: &str) -> (String, usize, usize) {
    let [before, wrong, after] = [before, wrong, after].map(plain);
    let (lead, own) = (cells(&before), cells(&wrong));
    if lead + own + cells(&after) <= SHOWN {
        return (format!("{before}{wrong}{after}"), lead, own.max(1));
    }
    let mut text = if lead + own < SHOWN {
        before
    } else {
        let kept = before.char_indices().rev().nth(SHOWN / 4).map_or(0, |(at, _)| at);
        if kept > 0 { format!("…{}", &before[kept..]) } else { before }
    };
    let lead = cells(&text);
    let rest = format!("{wrong}{after}");
    let mut room = SHOWN.saturating_sub(lead + 1);
    for c in rest.chars() {
        let Some(left) = room.checked_sub(width(c)) else {
            text.push('…');
            break;
        };
        room = left;
        text.push(c);
    }
    let own = own.min(cells(&text).saturating_sub(lead + 1)).max(1);
    (text, lead, own)
}

/// `text` with nothing in it that a terminal obeys.
fn plain(text: &str) -> String {
    visible::line(&text.replace('\t', " ")).into_owned()
}

fn width(c: char) -> usize {
    c.width().unwrap_or(1)
}

fn cells(text: &str) -> usize {
    text.chars().map(width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str, wrong: &str) -> Vec<String> {
        let at = text.find(wrong).unwrap();
        let mut fault =
            Source::new(&Arc::from("copydesk.toml"), text).fault(at..at + wrong.len(), "is wrong");
        fault.label = "mend it".to_owned();
        fault.help = "so".to_owned();
        fault.lines()
    }

    #[test]
    fn the_line_is_shown_with_what_is_wrong_marked() {
        assert_eq!(
            fault("a = 1\nbee = 2\r\nc = 3\n", "bee"),
            ["copydesk.toml:2:1: is wrong", "  |", "2 | bee = 2", "  | ^^^ mend it", "  = help: so"]
        );
        assert_eq!(fault("\té = \"漢字\"", "\"漢字\"")[3], "  |      ^^^^^^ mend it");
    }

    #[test]
    fn long_lines_are_cut_around_what_is_wrong() {
        let long = format!("x = [{}\"wrong\", {}]", "\"right\", ".repeat(40), "\"right\", ".repeat(40));
        let lines = fault(&long, "\"wrong\"");
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        let at = lines[3].find('^').unwrap();
        let shown: String = lines[2].chars().skip(at).take(7).collect();
        assert_eq!(shown, "\"wrong\"");
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_and_counted_as_shown() {
        let lines = fault("a = \"\u{202e}\u{1b}[31m\", b", ", b");
        let at = lines[3].find('^').unwrap();
        assert_eq!(lines[2].get(at..), Some(", b"), "{lines:#?}");
        assert!(!lines[2].contains(['\u{202e}', '\u{1b}']));
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        let fault = Source::new(&Arc::from("f"), "a = ").fault(4..9, "ends");
        assert_eq!(fault.lines()[3], "  |     ^");
    }
}
