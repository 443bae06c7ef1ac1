//! One block of Markdown while its inline events come in: which of its bytes are words.
//!
//! pulldown-cmark gives the place of every text it finds. What lies between those places is markup,
//! whatever it is: emphasis, link targets, the `> ` and the indentation of a container on the
//! lines that continue it. So nothing has to be known about the syntax of either.

use std::ops::Range;

use crate::document::{Block, BlockKind, Document, StandIn, TextRange};

/// A block that has been opened and not yet closed.
#[derive(Clone, Debug)]
pub struct Leaf {
    kind: BlockKind,
    /// The block's own range where it has markup of its own at its ends (headings, tables, code).
    whole: Option<Range<usize>>,
    /// Where the first inline element starts and the last one ends.
    bounds: Option<Range<usize>>,
    /// The words, and the line breaks between them, in order.
    words: Vec<Range<usize>>,
    /// The same of the descriptions of pictures.
    described: Vec<Range<usize>>,
    /// The words that are read as other text than they are written, in order; of both.
    stand_ins: Vec<StandIn>,
    /// How many pictures are open.
    pictures: usize,
    /// What stands before it is of another block.
    from: usize,
}

impl Leaf {
    /// Returns a block of `kind` that has markup at its ends, in `whole`.
    #[must_use]
    pub fn whole(kind: BlockKind, whole: Range<usize>) -> Self {
        Self { whole: Some(whole), ..Self::inline(kind) }
    }

    /// Returns a block of `kind` that is as long as what is in it.
    #[must_use]
    pub const fn inline(kind: BlockKind) -> Self {
        Self {
            kind,
            whole: None,
            bounds: None,
            words: Vec::new(),
            described: Vec::new(),
            stand_ins: Vec::new(),
            pictures: 0,
            from: 0,
        }
    }

    /// Takes in an inline element, whatever of it is words.
    pub fn stretch(&mut self, range: &Range<usize>) {
        let range = range.start.max(self.from)..range.end;
        let bounds = self.bounds.get_or_insert_with(|| range.clone());
        bounds.start = bounds.start.min(range.start);
        bounds.end = bounds.end.max(range.end);
    }

    /// Takes in words.
    pub fn text(&mut self, range: Range<usize>) {
        self.stretch(&range);
        let list = if self.pictures > 0 { &mut self.described } else { &mut self.words };
        match list.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            Some(last) if last.end > range.start => {}
            _ => list.push(range),
        }
    }

    /// Takes in what is read as `text`.
    pub fn stand_in(&mut self, range: Range<usize>, text: &str) {
        self.stand_ins.push(StandIn { range: text_range(&range), text: text.into() });
        self.text(range);
    }

    /// Opens a picture: what comes is its description. Nothing but a blank parts it from the one before.
    pub fn open_picture(&mut self, range: &Range<usize>) {
        self.stretch(range);
        let last = |list: &[Range<usize>]| list.last().map_or(0, |last| last.end);
        if self.pictures == 0 && last(&self.described) > last(&self.words) {
            self.stand_in(range.start..range.start + 1, " ");
        }
        self.pictures += 1;
    }

    /// Closes a picture.
    pub const fn close_picture(&mut self) {
        self.pictures = self.pictures.saturating_sub(1);
    }

    /// Takes in a line break: the end of line in `range` and nothing around it.
    pub fn line_break(&mut self, source: &str, range: &Range<usize>) {
        let text = &source[range.clone()];
        if let Some(at) = text.find(['\n', '\r']) {
            let length = if text[at..].starts_with("\r\n") { 2 } else { 1 };
            self.text(range.start + at..range.start + at + length);
        }
    }

    /// Takes in a code span: what stands between its backticks, without the prefixes (`> `, spaces)
    /// of the container on its further lines.
    pub fn code_span(&mut self, source: &str, range: &Range<usize>) {
        self.stretch(range);
        let span = &source[range.clone()];
        let ticks = span.bytes().take_while(|&b| b == b'`').count();
        if span.len() < 2 * ticks {
            return;
        }
        let mut at = range.start + ticks;
        for (number, line) in source[at..range.end - ticks].split_inclusive('\n').enumerate() {
            let prefix = if number == 0 { line } else { line.trim_start_matches([' ', '\t', '>']) };
            self.text(at + (line.len() - prefix.len())..at + line.len());
            at += line.len();
        }
    }

    /// Takes in an inline HTML tag: markup, but for a `<br>`, which is read as the end of a line where none
    /// ends beside it.
    pub fn tag(&mut self, source: &str, range: &Range<usize>) {
        self.stretch(range);
        let ends_line = |c: Option<char>| c.is_none_or(|c| matches!(c, '\n' | '\r'));
        let before = source[..range.start].chars().next_back();
        let after = source[range.end..].chars().next();
        if is_break(&source[range.clone()]) && !ends_line(before) && !ends_line(after) {
            self.stand_in(range.clone(), "\n");
        }
    }

    /// Returns whether the block may be cut in two: it is a paragraph, and has no end of its own.
    pub const fn may_part(&self) -> bool {
        self.whole.is_none()
    }

    /// Ends the block at byte `end` and returns one of its kind that begins at byte `start`.
    pub fn part(&mut self, end: usize, start: usize) -> Self {
        for list in [&mut self.words, &mut self.described] {
            list.retain(|words| words.start < end);
            if let Some(last) = list.last_mut() {
                last.end = last.end.min(end);
            }
        }
        self.stand_ins.retain(|stand_in| (stand_in.range.start as usize) < end);
        self.bounds = self.bounds.take().filter(|bounds| bounds.start < end);
        if let Some(bounds) = &mut self.bounds {
            bounds.end = bounds.end.min(end);
        }
        Self { from: start, ..Self::inline(self.kind) }
    }

    /// Takes `comments`, in order, out of the words, and off the ends of the block.
    pub fn leave_out(&mut self, comments: &[Range<usize>]) {
        let Some(mut bounds) = self.bounds.clone().or_else(|| self.whole.clone()) else { return };
        let first = comments.partition_point(|comment| comment.end <= bounds.start);
        let end = bounds.end;
        let comments = &comments[first..];
        let comments = &comments[..comments.partition_point(|comment| comment.start < end)];
        for list in [&mut self.words, &mut self.described] {
            *list = without(list, comments);
        }
        for comment in comments {
            if comment.start <= bounds.start {
                bounds.start = comment.end;
            } else if comment.end >= bounds.end {
                bounds.end = comment.start;
            }
        }
        if self.whole.is_none() && bounds.start < bounds.end {
            self.bounds = Some(bounds);
        }
    }

    /// Puts the finished block and its markup into `document`, whose text is the source; nothing where
    /// it has no words.
    pub fn finish(mut self, document: &mut Document) {
        let source = document.text.as_str();
        if self.kind == BlockKind::Table {
            self.keep_cell_borders(source);
        } else if is_blank(source, &self.words, &self.stand_ins) {
            // Pictures by themselves: their descriptions, with the blanks between them, are a caption.
            self.words.append(&mut self.described);
            self.words.sort_by_key(|words| words.start);
            self.kind = BlockKind::Caption;
        }
        let Some(range) = self.range(source) else { return };
        if is_blank(source, &self.words, &self.stand_ins) {
            return;
        }
        document.blocks.push(Block { kind: self.kind, range: text_range(&range) });
        let mut at = range.start;
        let mut stand_ins = self.stand_ins.into_iter().peekable();
        for words in &self.words {
            let words = words.start.max(range.start)..words.end.min(range.end);
            if words.is_empty() {
                continue;
            }
            if words.start > at {
                document.markup.push(text_range(&(at..words.start)));
            }
            at = at.max(words.end);
            // Those before it stand in descriptions that are not read.
            let words = text_range(&words);
            while let Some(stand_in) = stand_ins.next_if(|stand_in| stand_in.range.start < words.end) {
                if words.contains(stand_in.range) {
                    document.stand_ins.push(stand_in);
                }
            }
        }
        if at < range.end {
            document.markup.push(text_range(&(at..range.end)));
        }
    }

    /// The block's bytes, without white space at either end.
    fn range(&self, source: &str) -> Option<Range<usize>> {
        let mut range = self.whole.clone().or_else(|| self.bounds.clone())?;
        // A text behind an escape starts behind its backslash.
        if self.whole.is_none() && source[..range.start].ends_with('\\') {
            range.start -= 1;
        }
        let text = &source[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let end = range.start + text.trim_end().len();
        (start < end).then_some(start..end)
    }

    /// Keeps what stands between the cells and rows of a table as text, so that they stay apart: only
    /// the row of dashes and a container's prefixes are markup.
    fn keep_cell_borders(&mut self, source: &str) {
        let Some(whole) = self.whole.clone() else { return };
        let mut kept = Vec::with_capacity(self.words.len() * 2);
        let mut at = whole.start;
        for words in std::mem::take(&mut self.words).into_iter().chain(std::iter::once(whole.end..whole.end))
        {
            let gap = &source[at.min(words.start)..words.start];
            for (i, border) in gap.match_indices([' ', '\t', '\n', '\r', '|']) {
                kept.push(at + i..at + i + border.len());
            }
            at = at.max(words.end);
            kept.push(words);
        }
        self.words = kept;
    }
}

/// The `words` without the `comments`, both in order.
fn without(words: &[Range<usize>], comments: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut parts = Vec::with_capacity(words.len());
    let mut next = 0;
    for words in words {
        let mut at = words.start;
        while let Some(comment) = comments.get(next).filter(|comment| comment.start < words.end) {
            if comment.start > at {
                parts.push(at..comment.start);
            }
            at = at.max(comment.end);
            if comment.end > words.end {
                break;
            }
            next += 1;
        }
        if at < words.end {
            parts.push(at..words.end);
        }
    }
    parts
}

/// Whether the tag is `<br>`, in any spelling.
pub(super) fn is_break(tag: &str) -> bool {
    let name = tag.trim_start_matches('<');
    let rest = name.get(..2).filter(|name| name.eq_ignore_ascii_case("br")).and_then(|_| name.get(2..));
    rest.is_some_and(|rest| rest.starts_with(|c: char| matches!(c, '>' | '/') || c.is_ascii_whitespace()))
}

/// Whether nothing but white space is read in `list`.
fn is_blank(source: &str, list: &[Range<usize>], stand_ins: &[StandIn]) -> bool {
    list.iter().all(|words| {
        let mut at = words.start;
        let first = stand_ins.partition_point(|s| (s.range.start as usize) < words.start);
        let inside = stand_ins[first..].iter().take_while(|s| (s.range.end as usize) <= words.end);
        for stand_in in inside {
            let range = stand_in.range.as_usize();
            let before = source.get(at..range.start).unwrap_or_default();
            if !before.trim().is_empty() || !stand_in.text.trim().is_empty() {
                return false;
            }
            at = range.end;
        }
        source[at..words.end].trim().is_empty()
    })
}

/// A range of the source, which is no longer than a range can say.
pub(super) const fn text_range(range: &Range<usize>) -> TextRange {
    TextRange::new(range.start as u32, range.end as u32)
}
