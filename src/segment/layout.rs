//! How are the lines of a chunk laid out: wrapped, one paragraph each, or with indented openings?
//!
//! The rule is told in [`paragraph`](super::paragraph); this is its arithmetic.

use super::line::Line;
use super::paragraph::Open;

/// Nobody wraps lines wider than this many columns; where they are longer, they are paragraphs.
pub(super) const WIDEST_WRAP: u32 = 160;
/// Nobody wraps narrower than this; where all lines are shorter, each broke on purpose.
const NARROWEST_WRAP: u32 = 55;
/// Fewest columns that make an indentation; one space more is a slip.
const DEEPER: u16 = 2;

/// How the lines of a chunk are laid out.
pub(super) struct Layout {
    /// Every line is a paragraph.
    pub line_each: bool,
    /// Widest line that was cut in mid-sentence, here or above; the widest of all where none was.
    pub width: u32,
    /// What fitted in every line that was cut in mid-sentence, at most `width`.
    pub surely_fits: u32,
    /// Shallowest indentation.
    pub base: u16,
    pub indents: Indents,
    /// Widest line that was cut in mid-sentence, where two or more were, else 0.
    pub proven_width: u32,
}

/// What lines do that are indented deeper than the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Indents {
    Absent,
    Open,
    Continue,
}

impl Layout {
    pub fn of(lines: &[Line], proven: u32) -> Self {
        let mut base = u16::MAX;
        let (mut widest, mut widest_cut) = (0, 0);
        let (mut total, mut over) = (0u64, 0u64);
        let mut before: Option<&Line> = None;
        for line in lines {
            let width = line.look.width;
            total += u64::from(width);
            if width > WIDEST_WRAP {
                over += u64::from(width);
            } else {
                widest = widest.max(width);
            }
            let cut = |before: &&Line| is_cut(before, line) && before.look.width <= WIDEST_WRAP;
            if let Some(before) = before.filter(cut) {
                widest_cut = widest_cut.max(before.look.width);
            }
            base = base.min(line.indent);
            before = Some(line);
        }
        let long = over * 2 > total;
        // Only a line that is cut shows where text was wrapped: the last of a paragraph may have grown
        // since. One under half the widest was not wrapped but is a title or the like.
        if widest_cut * 2 < widest {
            widest_cut = 0;
        }
        let wrapped_at = widest_cut.max(proven);
        let width = if wrapped_at > 0 { wrapped_at } else { widest }.max(NARROWEST_WRAP);

        let (mut ended, mut cut, mut full) = (0u32, 0u32, 0u32);
        let mut least_reach = u32::MAX;
        let (mut deeper, mut plausible) = (0u32, 0u32);
        for (number, pair) in lines.windows(2).enumerate() {
            let [before, line] = pair else { continue };
            let reach = reach(before, line);
            if is_cut(before, line) {
                cut += 1;
                full += u32::from(reach > width);
                // The first line of a story is often short: its place and date were taken off it.
                if (number > 0 || proven > 0 || lines.len() == 2) && line.indent <= base {
                    least_reach = least_reach.min(reach);
                }
            } else {
                ended += 1;
                full += u32::from(proven > 0 && reach > width);
            }
            if line.indent >= base.saturating_add(DEEPER) {
                deeper += 1;
                plausible += u32::from(before.look.ends_sentence || reach <= width);
            }
        }
        let indents = match deeper {
            0 => Indents::Absent,
            _ if plausible * 3 >= deeper => Indents::Open,
            _ => Indents::Continue,
        };
        Self {
            line_each: long || (indents == Indents::Absent && full == 0 && ended >= 2 && cut <= ended),
            width,
            surely_fits: width.min(least_reach.saturating_sub(1)),
            base,
            indents,
            proven_width: if cut >= 2 { widest_cut } else { 0 },
        }
    }

    /// Returns whether `line` is indented deeper than the shallowest.
    #[inline]
    const fn is_deep(&self, line: &Line) -> bool {
        line.indent >= self.base.saturating_add(DEEPER)
    }

    /// Returns whether the first word of `line` would have fitted into `before`.
    #[inline]
    pub const fn is_early(&self, before: &Line, line: &Line) -> bool {
        reach(before, line) <= self.width
    }

    /// Returns whether `line`, with neither marker nor drawing, begins a block below `before`, the
    /// last line of `open`.
    #[inline]
    pub fn breaks(&self, before: &Line, line: &Line, open: &Open) -> bool {
        if line.ideographic {
            return true;
        }
        let ends = before.look.ends_sentence;
        if open.marker.is_some() {
            // Wire copy opens the paragraph behind an item as it does any other.
            if self.indents == Indents::Open && self.is_deep(line) && line.indent != open.column {
                return ends || self.is_early(before, line);
            }
            return line.indent <= open.indent
                && !line.look.lower_case
                && (self.line_each || self.is_early(before, line));
        }
        if self.line_each {
            return ends || !line.look.lower_case;
        }
        match self.indents {
            Indents::Open if self.is_deep(line) => {
                return before.indent != line.indent
                    || ends
                    || !line.look.lower_case
                    || self.is_early(before, line);
            }
            Indents::Continue if before.indent > self.base && line.indent == self.base => return true,
            Indents::Absent | Indents::Open | Indents::Continue => {}
        }
        let room = if self.indents == Indents::Open { self.width / 2 } else { self.surely_fits };
        ends && !line.look.lower_case && reach(before, line) <= room
    }
}

/// Returns whether the line end between `before` and `line` is inside a sentence.
#[inline]
const fn is_cut(before: &Line, line: &Line) -> bool {
    !before.look.ends_sentence || line.look.lower_case
}

/// Columns that `before` would have taken with the first word of `line` at its end.
#[inline]
const fn reach(before: &Line, line: &Line) -> u32 {
    before.look.width + 1 + line.look.word as u32
}
