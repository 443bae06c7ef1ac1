//! Tables and code: lines whose places on the page are part of what they say.

use super::line::{self, Line};

/// How far into a row columns are looked for, in characters.
const ROW_CHARS: usize = 512;
/// Most columns that are compared.
const GAPS: usize = 24;

/// The columns of one line.
#[derive(Clone, Copy)]
struct Row {
    /// Column where each gap begins and ends; a last one begins where the line ends.
    gaps: [(u16, u16); GAPS],
    /// Number of gaps, the last one counted.
    count: usize,
    tabs: u16,
    pipes: u16,
}

impl Row {
    fn of(text: &str, line: &Line) -> Self {
        let mut row = Self { gaps: [(0, 0); GAPS], count: 0, tabs: 0, pipes: 0 };
        let mut column = line.indent;
        let mut gap: Option<u16> = None;
        let mut tab = false;
        let (mut last, mut before) = ('\0', '\0');
        for c in line.text(text).chars().take(ROW_CHARS) {
            if c == ' ' || c == '\t' || c == '\u{A0}' {
                gap.get_or_insert(column);
                tab |= c == '\t';
                column = column.saturating_add(1);
                continue;
            }
            if let Some(start) = gap.take() {
                // Typists put two spaces behind a sentence.
                let sentence = column - start <= 3
                    && (matches!(last, '.' | '!' | '?' | ':')
                        || (line::is_closing(last) && matches!(before, '.' | '!' | '?')));
                if tab {
                    row.tabs += 1;
                }
                if tab || (column - start >= 2 && !sentence) {
                    row.push(start, column);
                }
                tab = false;
            }
            row.pipes += u16::from(c == '|');
            column = column.saturating_add(1);
            (before, last) = (last, c);
        }
        if row.count > 0 {
            row.push(column, u16::MAX);
        }
        row
    }

    fn push(&mut self, start: u16, end: u16) {
        if let Some(gap) = self.gaps.get_mut(self.count) {
            *gap = (start, end);
            self.count += 1;
        }
    }

    fn gaps(&self) -> &[(u16, u16)] {
        self.gaps.get(..self.count).unwrap_or_default()
    }

    /// Returns whether a reader would see `self` and `other`, standing below it, as rows of one table.
    fn lines_up_with(&self, other: &Self) -> bool {
        if self.pipes > 0 && other.pipes > 0 {
            return self.pipes == other.pipes || (self.pipes >= 2 && other.pipes >= 2);
        }
        if self.tabs > 0 && self.tabs == other.tabs {
            return true;
        }
        if self.count == 0 || other.count == 0 {
            return false;
        }
        let (few, many) = if self.count <= other.count { (self, other) } else { (other, self) };
        let mut shared = 0;
        let mut wide = false;
        for a in few.gaps() {
            let meets = |b: &&(u16, u16)| a.0 == b.0 || (a.1 == b.1 && a.1 != u16::MAX);
            if let Some(b) = many.gaps().iter().find(meets) {
                shared += 1;
                let width = |gap: &(u16, u16)| if gap.1 == u16::MAX { 0 } else { gap.1 - gap.0 };
                wide |= width(a).max(width(b)) >= 3;
            }
        }
        // One gap of two spaces in the same place is chance; so is one of several in justified text.
        shared * 2 >= few.count && (wide || shared >= 2)
    }
}

/// Returns how many lines from the first of `lines` on are a table: none, or at least two.
pub(super) fn rows(text: &str, lines: &[Line]) -> usize {
    let Some(first) = lines.first() else { return 0 };
    let mut last = Row::of(text, first);
    if last.count == 0 && last.pipes == 0 {
        return 0;
    }
    let mut rows = 1;
    let mut seen = 1;
    let mut drawn = false;
    for line in lines.iter().skip(1) {
        seen += 1;
        // One drawn line may part two rows.
        if line.look.is_rule && !drawn {
            drawn = true;
            continue;
        }
        drawn = false;
        if !line.look.has_gap {
            break;
        }
        let row = Row::of(text, line);
        // Once a table stands, a row of three cells need not line up with the one above it.
        if !last.lines_up_with(&row) && (rows < 2 || row.count < 3) {
            break;
        }
        last = row;
        rows = seen;
    }
    if rows < 2 { 0 } else { rows }
}

/// Returns whether `lines`, all that stand together, are code: each indented by four columns or more,
/// and at least half of them written as no sentence is.
pub(super) fn is_code(text: &str, lines: &[Line]) -> bool {
    if lines.iter().any(|line| line.indent < 4) {
        return false;
    }
    let coded = lines.iter().filter(|line| looks_like_code(line.text(text))).count();
    coded * 2 >= lines.len() && (lines.len() > 1 || coded == 1)
}

fn looks_like_code(line: &str) -> bool {
    const OPENINGS: [&str; 12] =
        ["#include", "def ", "fn ", "import ", "return ", "$ ", "//", "/*", "</", "<?", "class ", "#!"];
    const INSIDE: [&str; 8] = ["();", "->", "::", " = ", "==", " := ", "=>", "){"];
    if OPENINGS[..].iter().any(|opening| line.starts_with(opening)) && !line::ends_sentence(line) {
        return true;
    }
    match line.as_bytes().last() {
        Some(b'{' | b'}' | b';') => line.len() < 4 || line.contains(['(', '=', '{', '}', '[']),
        Some(b'.' | b'?' | b'!' | b'"') | None => false,
        _ => line.len() <= 200 && INSIDE.iter().any(|sign| line.contains(sign)),
    }
}
