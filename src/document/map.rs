//! The exact way from decoded text back to stored bytes.

use super::{SourceRange, TextRange};

/// A stretch over which text and source advance in step: `units` times `text_unit` bytes of text stand
/// for `units` times `source_unit` stored bytes.
///
/// Plain UTF-8 is one run of 1:1. An entity, an escape or a collapsed run of white space is one unit.
/// UTF-16 makes runs of 1:2, 2:2, 3:2 and 4:4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    text: u32,
    source: u64,
    units: u32,
    text_unit: u32,
    source_unit: u32,
}

impl Run {
    const fn text_end(&self) -> u32 {
        self.text + self.units * self.text_unit
    }

    const fn source_end(&self) -> u64 {
        self.source + self.units as u64 * self.source_unit as u64
    }
}

/// Maps bytes of a text to the stored bytes they were decoded from: runs in the order of both.
///
/// Text that no stored byte stands for (a line break that a renderer put between two blocks) maps to
/// the empty range where it would stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// Sorted by `text` and by `source`, disjoint in both; gaps are allowed in both.
    runs: Vec<Run>,
}

impl SourceMap {
    /// Returns the map of a text of `length` bytes that stands as it is at stored byte `source`.
    #[must_use]
    pub fn identity(source: u64, length: usize) -> Self {
        let mut builder = SourceMapBuilder::new();
        builder.copied(0, source, length as u32);
        builder.finish()
    }

    /// Returns the stored bytes that `range` was decoded from.
    ///
    /// A range that cuts a unit (half of what one entity stands for) takes in the whole unit.
    #[must_use]
    pub fn source_range(&self, range: TextRange) -> SourceRange {
        let start = self.source_start(range.start);
        if range.is_empty() {
            return SourceRange { start, end: start };
        }
        SourceRange { start, end: self.source_end(range.end).max(start) }
    }

    /// Stored byte at which the text byte `at` begins.
    fn source_start(&self, at: u32) -> u64 {
        let after = self.runs.partition_point(|r| r.text <= at);
        if let Some(run) = after.checked_sub(1).map(|i| &self.runs[i]) {
            if at < run.text_end() {
                let unit = (at - run.text) / run.text_unit;
                return run.source + u64::from(unit) * u64::from(run.source_unit);
            }
            // In a gap: what follows starts there.
            return self.runs.get(after).map_or(run.source_end(), |next| next.source);
        }
        self.runs.first().map_or(0, |r| r.source)
    }

    /// Stored byte at which the text before `at` ends.
    fn source_end(&self, at: u32) -> u64 {
        let after = self.runs.partition_point(|r| r.text < at);
        let Some(run) = after.checked_sub(1).map(|i| &self.runs[i]) else {
            return self.runs.first().map_or(0, |r| r.source);
        };
        if at >= run.text_end() {
            return run.source_end();
        }
        let units = (at - run.text).div_ceil(run.text_unit);
        run.source + u64::from(units) * u64::from(run.source_unit)
    }

    /// Returns the stored stretches that `range` was decoded from, in order and each as long as can be;
    /// what lies between them stands for nothing in the text.
    ///
    /// A range that cuts a unit takes in the whole unit, as in [`Self::source_range`].
    #[must_use]
    pub fn sources(&self, range: TextRange) -> Vec<SourceRange> {
        let mut out: Vec<SourceRange> = Vec::new();
        let first = self.runs.partition_point(|r| r.text_end() <= range.start);
        for run in self.runs[first..].iter().take_while(|r| r.text < range.end) {
            let part = TextRange::new(run.text.max(range.start), run.text_end().min(range.end));
            let stored = self.source_range(part);
            match out.last_mut() {
                Some(last) if last.end == stored.start => last.end = stored.end,
                _ => out.push(stored),
            }
        }
        out
    }

    /// Returns the text byte that the stored byte `source` belongs to: the start of its unit, and the
    /// start of what follows for a stored byte that no text stands for.
    #[must_use]
    pub fn text_offset(&self, source: u64) -> usize {
        let after = self.runs.partition_point(|r| r.source <= source);
        let Some(run) = after.checked_sub(1).map(|i| &self.runs[i]) else {
            return self.runs.first().map_or(0, |r| r.text as usize);
        };
        if source < run.source_end() {
            let unit = (source - run.source) / u64::from(run.source_unit);
            return (u64::from(run.text) + unit * u64::from(run.text_unit)) as usize;
        }
        run.text_end() as usize
    }

    /// Returns the map of a text that keeps only `parts` of this map's text, in order and disjoint; each
    /// with the byte at which it stands in the new text. Parts do not cut units.
    #[must_use]
    pub fn of_parts(&self, parts: &[(TextRange, u32)]) -> Self {
        let mut out = SourceMapBuilder::new();
        for &(part, start) in parts {
            let first = self.runs.partition_point(|r| r.text_end() <= part.start);
            for run in self.runs[first..].iter().take_while(|r| r.text < part.end) {
                let skipped = part.start.saturating_sub(run.text).div_ceil(run.text_unit);
                let end = run.text_end().min(part.end);
                let units = ((end - run.text) / run.text_unit).saturating_sub(skipped);
                let text = start + (run.text + skipped * run.text_unit - part.start);
                let source = run.source + u64::from(skipped) * u64::from(run.source_unit);
                out.run(text, source, units, run.text_unit, run.source_unit);
            }
        }
        out.finish()
    }

    /// Returns the map from this map's text to the source of `below`, where this map's source offsets
    /// are byte offsets of `below`'s text: HTML text → JSON string → file.
    #[must_use]
    pub fn over(&self, below: &Self) -> Self {
        let mut out = SourceMapBuilder { runs: Vec::with_capacity(self.runs.len()) };
        for run in &self.runs {
            if run.units > 1 || run.text_unit == run.source_unit {
                // Copied text: cut it along the runs below.
                Self::compose_linear(run, below, &mut out);
            } else {
                let range = TextRange::new(run.source as u32, run.source_end() as u32);
                let stored = below.source_range(range);
                out.unit(run.text, run.text_unit, stored.start, (stored.end - stored.start) as u32);
            }
        }
        out.finish()
    }

    /// Composes one run of copied text (`text_unit` = `source_unit` = 1) with the runs below it.
    fn compose_linear(run: &Run, below: &Self, out: &mut SourceMapBuilder) {
        if run.text_unit != 1 || run.source_unit != 1 {
            for i in 0..run.units {
                let source = run.source + u64::from(i) * u64::from(run.source_unit);
                let range = TextRange::new(source as u32, (source + u64::from(run.source_unit)) as u32);
                let stored = below.source_range(range);
                let text = run.text + i * run.text_unit;
                out.unit(text, run.text_unit, stored.start, (stored.end - stored.start) as u32);
            }
            return;
        }
        let (from, to) = (run.source as u32, run.source_end() as u32);
        let shift = |at: u32| run.text + (at - from);
        let first = below.runs.partition_point(|r| r.text_end() <= from);
        for lower in below.runs[first..].iter().take_while(|r| r.text < to) {
            let start = lower.text.max(from);
            let end = lower.text_end().min(to);
            let skipped = (start - lower.text) / lower.text_unit;
            let units = (end - lower.text).div_ceil(lower.text_unit) - skipped;
            let source = lower.source + u64::from(skipped) * u64::from(lower.source_unit);
            if (end - start) == units * lower.text_unit {
                out.run(shift(start), source, units, lower.text_unit, lower.source_unit);
            } else {
                out.unit(shift(start), end - start, source, units * lower.source_unit);
            }
        }
    }
}

/// Builds a [`SourceMap`] from left to right; neighbours that advance in step become one run.
#[derive(Clone, Debug, Default)]
pub struct SourceMapBuilder {
    runs: Vec<Run>,
}

impl SourceMapBuilder {
    /// Returns an empty builder.
    #[must_use]
    pub const fn new() -> Self {
        Self { runs: Vec::new() }
    }

    /// Says that `length` bytes of text from `text` stand as they are at stored byte `source`.
    pub fn copied(&mut self, text: u32, source: u64, length: u32) {
        self.run(text, source, length, 1, 1);
    }

    /// Says that `text_length` bytes of text from `text` are what `source_length` stored bytes from
    /// `source` stand for, together: an entity, an escape, a character of another encoding.
    pub fn unit(&mut self, text: u32, text_length: u32, source: u64, source_length: u32) {
        self.run(text, source, 1, text_length, source_length);
    }

    fn run(&mut self, text: u32, source: u64, units: u32, text_unit: u32, source_unit: u32) {
        if text_unit == 0 || source_unit == 0 {
            return;
        }
        let (mut text, mut source, mut units) = (text, source, units);
        while units > 0 && self.runs.last().is_some_and(|last| last.source_end() > source) {
            self.share(text, source, text_unit, source_unit);
            (text, source, units) = (text + text_unit, source + u64::from(source_unit), units - 1);
        }
        if units == 0 {
            return;
        }
        if let Some(last) = self.runs.last_mut() {
            debug_assert!(last.text_end() <= text);
            let joined = last.text_end() == text
                && last.source_end() == source
                && last.text_unit == text_unit
                && last.source_unit == source_unit
                && last.units.checked_add(units).is_some();
            if joined {
                last.units += units;
                return;
            }
        }
        self.runs.push(Run { text, source, units, text_unit, source_unit });
    }

    /// Takes a unit that shares stored bytes with the last one (two characters out of one entity that stands
    /// for many): the two are one unit.
    fn share(&mut self, text: u32, source: u64, text_unit: u32, source_unit: u32) {
        let mut from = (text, source);
        let mut until = source + u64::from(source_unit);
        while let Some(last) = self.runs.last_mut().filter(|last| last.source_end() > from.1) {
            until = until.max(last.source_end());
            last.units -= 1;
            from = (last.text_end(), last.source_end());
            if last.units == 0 {
                self.runs.pop();
            }
        }
        let (text_unit, source_unit) = (text + text_unit - from.0, (until - from.1) as u32);
        self.runs.push(Run { text: from.0, source: from.1, units: 1, text_unit, source_unit });
    }

    /// Returns the map.
    #[must_use]
    pub fn finish(self) -> SourceMap {
        SourceMap { runs: self.runs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a&amp;b` read as `a&b`, stored from byte 10 on.
    fn entity() -> SourceMap {
        let mut map = SourceMapBuilder::new();
        map.copied(0, 10, 1);
        map.unit(1, 1, 11, 5);
        map.copied(2, 16, 1);
        map.finish()
    }

    #[test]
    fn an_entity_is_one_unit() {
        let map = entity();
        assert_eq!(map.source_range(TextRange::new(0, 3)), SourceRange { start: 10, end: 17 });
        assert_eq!(map.source_range(TextRange::new(1, 2)), SourceRange { start: 11, end: 16 });
        assert_eq!(map.source_range(TextRange::new(2, 3)), SourceRange { start: 16, end: 17 });
        assert_eq!(map.text_offset(13), 1);
        assert_eq!(map.text_offset(16), 2);
    }

    #[test]
    fn two_texts_out_of_one_stored_unit_are_one_unit() {
        // `&twice;` stands for `ab<i>cd`, in which the tag is no text; then a letter.
        let mut below = SourceMapBuilder::new();
        below.copied(0, 0, 2);
        below.unit(2, 7, 2, 7);
        below.copied(9, 9, 3);
        let mut above = SourceMapBuilder::new();
        above.copied(0, 0, 4);
        above.copied(4, 7, 4);
        let map = above.finish().over(&below.finish());
        assert_eq!(map.source_range(TextRange::new(0, 2)), SourceRange { start: 0, end: 2 });
        assert_eq!(map.source_range(TextRange::new(2, 3)), SourceRange { start: 2, end: 9 });
        assert_eq!(map.source_range(TextRange::new(5, 6)), SourceRange { start: 2, end: 9 });
        assert_eq!(map.source_range(TextRange::new(6, 8)), SourceRange { start: 9, end: 11 });
        assert_eq!(map.text_offset(8), 2);
    }

    #[test]
    fn skipped_markup_belongs_to_no_text() {
        let mut map = SourceMapBuilder::new();
        map.copied(0, 3, 4);
        map.copied(4, 12, 4);
        let map = map.finish();
        assert_eq!(map.source_range(TextRange::new(0, 4)), SourceRange { start: 3, end: 7 });
        assert_eq!(map.source_range(TextRange::new(4, 8)), SourceRange { start: 12, end: 16 });
        assert_eq!(map.text_offset(9), 4);
    }

    #[test]
    fn stored_stretches_leave_out_what_stands_for_nothing() {
        let mut map = SourceMapBuilder::new();
        map.copied(0, 3, 2);
        map.unit(2, 1, 5, 5);
        map.copied(3, 14, 4);
        let map = map.finish();
        let stretches = map.sources(TextRange::new(1, 5));
        assert_eq!(stretches, [SourceRange { start: 4, end: 10 }, SourceRange { start: 14, end: 16 }]);
        assert_eq!(map.sources(TextRange::new(2, 2)), []);
    }

    #[test]
    fn parts_keep_their_places() {
        let mut map = SourceMapBuilder::new();
        map.copied(0, 10, 4);
        map.unit(4, 1, 14, 5);
        map.copied(5, 19, 5);
        let map = map.finish();
        let parts = map.of_parts(&[(TextRange::new(1, 3), 0), (TextRange::new(4, 7), 4)]);
        assert_eq!(parts.source_range(TextRange::new(0, 2)), SourceRange { start: 11, end: 13 });
        assert_eq!(parts.source_range(TextRange::new(4, 5)), SourceRange { start: 14, end: 19 });
        assert_eq!(parts.source_range(TextRange::new(5, 7)), SourceRange { start: 19, end: 21 });
    }

    #[test]
    fn maps_compose() {
        // Below: `x\n` escaped in JSON at byte 100: text `a&amp;b` with the `&` written `\u0026`.
        let mut below = SourceMapBuilder::new();
        below.copied(0, 100, 1);
        below.unit(1, 1, 101, 6);
        below.copied(2, 107, 5);
        let below = below.finish();
        let mut above = SourceMapBuilder::new();
        above.copied(0, 0, 1);
        above.unit(1, 1, 1, 5);
        above.copied(2, 6, 1);
        let map = above.finish().over(&below);
        assert_eq!(map.source_range(TextRange::new(1, 2)), SourceRange { start: 101, end: 111 });
        assert_eq!(map.source_range(TextRange::new(0, 3)), SourceRange { start: 100, end: 112 });
    }

    #[test]
    fn utf16_runs_fold() {
        let mut map = SourceMapBuilder::new();
        for i in 0..5u32 {
            map.unit(i, 1, 2 + u64::from(i) * 2, 2);
        }
        map.unit(5, 3, 12, 2);
        let map = map.finish();
        assert_eq!(map.runs.len(), 2);
        assert_eq!(map.source_range(TextRange::new(4, 8)), SourceRange { start: 10, end: 14 });
    }
}
