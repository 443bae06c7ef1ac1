//! Line and column of a byte as stored.

use super::{SourceMap, SourceRange, TextRange};

/// A place in a file as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 0-based offset in the file as stored (in a compressed file: in the decompressed stream).
    pub byte: u64,
    /// 1-based line; `\n`, `\r\n` and a lone `\r` each end one.
    pub line: u64,
    /// 1-based column in Unicode scalar values.
    pub column: u64,
}

/// Finds line and column of stored bytes, over one stretch of a file (a file, or one line of JSONL).
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// The stretch as decoded.
    text: String,
    /// From the decoded stretch to stored bytes.
    map: SourceMap,
    /// Where each line of the stretch starts, in bytes of `text`; the first is 0.
    starts: Vec<usize>,
    /// 1-based line of the stretch's first byte.
    first_line: u64,
}

impl LineIndex {
    /// Returns an index over `text`, the decoded form of a stretch whose bytes `map` gives and whose
    /// first line is number `first_line` of its file.
    #[must_use]
    pub fn new(text: String, map: SourceMap, first_line: u64) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !pair {
                starts.push(at + 1);
            }
        }
        Self { text, map, starts, first_line }
    }

    /// Returns line and column of the stored byte `byte`; a byte inside a character counts as that
    /// character, one behind the end as the end.
    #[must_use]
    pub fn position(&self, byte: u64) -> Position {
        let at = self.map.text_offset(byte).min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= at) - 1;
        let column = self.text[self.starts[line]..at].chars().count() as u64 + 1;
        Position { byte, line: self.first_line + line as u64, column }
    }

    /// Returns the byte of the decoded stretch that the stored byte `byte` belongs to.
    #[must_use]
    pub fn offset(&self, byte: u64) -> usize {
        self.map.text_offset(byte).min(self.text.len())
    }

    /// Returns the stored bytes that the bytes `start..end` of the decoded stretch were decoded from.
    #[must_use]
    pub fn stored(&self, start: usize, end: usize) -> SourceRange {
        self.map.source_range(TextRange::new(start as u32, end as u32))
    }

    /// Returns the decoded stretch.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let text = "a\r\nbé\rc\nd";
        let index = LineIndex::new(text.to_owned(), SourceMap::identity(0, text.len()), 1);
        let place = |byte| {
            let p = index.position(byte);
            (p.line, p.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(3), (2, 1));
        assert_eq!(place(6), (2, 3));
        assert_eq!(place(7), (3, 1));
        assert_eq!(place(9), (4, 1));
        assert_eq!(place(10), (4, 2));
    }
}
