//! Paragraphs of plain text, as its reader sees them.
//!
//! Lines end with `\n`, `\r\n`, `\r`, a form feed, U+2028 or U+2029. A line of white space only is
//! blank, and blank lines part one *chunk* of lines from the next. Within a chunk, in this order:
//!
//! 1. Fenced lines (three backticks or tildes, to the next such line; blank lines do not end them) are
//!    `Code`. So is a chunk whose every line is indented by four columns when half of it reads as code;
//!    wire copy indents by four too.
//! 2. Two or more lines with columns (`|`, tabs, or runs of spaces that line up) are a `Table`.
//! 3. Lines behind `>` are a `Quotation`, one for each depth, and parted as other text is.
//! 4. What is left is prose. A line begins a new block there
//!    - when it opens with a list marker, and stands where an item can: first, behind its
//!      predecessor, behind the end of a sentence, or behind a line that was broken early. A wrapped
//!      dash or "… in\n5. Mai" is none of these;
//!    - when it is indented deeper than the shallowest line (wire copy opens paragraphs with four or
//!      five spaces, Chinese and Japanese ones with U+3000), unless the lines before such lines are
//!      full, which makes it a hanging indentation, or the line goes on in lower case below a full one
//!      indented alike;
//!    - when the chunk has one paragraph a line: most of it is in lines over 160 columns, or no line
//!      in it is full and two at least end with their sentence;
//!    - when the line before ends a sentence and broke although the first word of this one would have
//!      fitted: in the longest line cut in mid-sentence, and in every such line (so that neither ragged
//!      wrapping nor words put behind a paragraph later look like a break). In chunks that indent,
//!      half a line must be left;
//!    - when either is a drawn line (`-----`), or an all-capitals crosshead.
//!
//! An all-capitals line of up to ten words that stands alone, and ends no sentence with a full stop,
//! is a `Heading`. Nothing else is: headings are not looked at for repeats, so that a false one hides
//! something and a missed one hides nothing.
//!
//! Left out of all blocks: white space, list markers, the `>` before a quotation, and fence lines. A
//! quotation of several lines is one range and keeps the `>` inside it; [`blocks_and_markup`] lists
//! those. Everything is decided from a chunk and the widest wrapped line before it, in linear time.

use std::ops::Range;

use super::layout::{Layout, WIDEST_WRAP};
use super::line::{self, Line, Marker, Page, Span};
use super::sign::Signs;
use super::table;
use crate::document::{Block, BlockKind, TextRange};

/// Lines that most chunks stay under: room for so many is made at once.
const CHUNK_LINES: usize = 32;
/// Longest crosshead, in bytes and in words.
const CROSSHEAD_BYTES: usize = 80;
const CROSSHEAD_WORDS: usize = 10;

/// Appends the blocks of `text`, plain text, to `out`: sorted, disjoint, none empty, without white
/// space at either end.
pub fn blocks(text: &str, out: &mut Vec<Block>) {
    split(text, Output { blocks: out, markup: None });
}

/// Appends the blocks of `text`, plain text, to `out`, and the `>` inside quotations of several lines
/// to `markup`: sorted, disjoint, each inside one block.
pub fn blocks_and_markup(text: &str, out: &mut Vec<Block>, markup: &mut Vec<TextRange>) {
    split(text, Output { blocks: out, markup: Some(markup) });
}

/// Where blocks go.
struct Output<'a> {
    blocks: &'a mut Vec<Block>,
    markup: Option<&'a mut Vec<TextRange>>,
}

impl Output<'_> {
    fn push(&mut self, kind: BlockKind, start: u32, end: u32) {
        if start < end {
            self.blocks.push(Block { kind, range: TextRange::new(start, end) });
        }
    }
}

fn split(text: &str, out: Output<'_>) {
    let page = Page::of(text.as_bytes());
    let splitter = Splitter { text, out, page, width: 0, lines: Vec::new() };
    let bytes = text.as_bytes();
    let one_sign = page.plain || memchr::memchr2(b'\r', b'\x0C', bytes).is_none();
    if one_sign && (page.ascii || next_separator(text, 0) == bytes.len()) {
        splitter.split(FedLines { ends: Signs::new(b'\n', bytes), length: bytes.len(), at: Some(0) });
    } else {
        splitter.split(RawLines::new(text));
    }
}

/// The lines of a text in which nothing but `\n` ends one, as in most: found faster than any other.
#[derive(Clone)]
struct FedLines<'a> {
    ends: Signs<'a>,
    length: usize,
    /// Where the next line starts; `None` behind the last.
    at: Option<usize>,
}

impl Iterator for FedLines<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at?;
        let end = self.ends.next();
        self.at = end.map(|end| end + 1);
        Some(start..end.unwrap_or(self.length))
    }
}

/// The lines of a text as they stand, without what ends them.
#[derive(Clone)]
struct RawLines<'a> {
    text: &'a str,
    ends: memchr::Memchr3<'a>,
    at: usize,
    /// The next end that `ends` gave and that a separator stands before.
    pending: Option<usize>,
    /// The next U+2028 or U+2029; the text's length where there is none.
    separator: usize,
    done: bool,
}

impl<'a> RawLines<'a> {
    fn new(text: &'a str) -> Self {
        let ends = memchr::memchr3_iter(b'\n', b'\r', b'\x0C', text.as_bytes());
        Self { text, ends, at: 0, pending: None, separator: next_separator(text, 0), done: false }
    }
}

impl Iterator for RawLines<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        if self.done {
            return None;
        }
        let start = self.at;
        let bytes = self.text.as_bytes();
        let end = self.pending.take().or_else(|| self.ends.next()).unwrap_or(bytes.len());
        if end > self.separator {
            let separator = self.separator;
            self.pending = Some(end);
            self.at = separator + '\u{2028}'.len_utf8();
            self.separator = next_separator(self.text, self.at);
            return Some(start..separator);
        }
        self.at = end + 1;
        if end == bytes.len() {
            self.done = true;
        } else if bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) == Some(&b'\n') {
            self.at = end + 2;
            self.ends.next();
        }
        Some(start..end)
    }
}

/// Returns where the first U+2028 or U+2029 from `from` on stands, or the text's length.
fn next_separator(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    // No other character of ASCII-only text begins so; in other text, 0xA8 and 0xA9 are rarer.
    while let Some(found) = memchr::memchr(0xE2, bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// Returns the sign of the fence that `line` is.
#[inline]
fn fence(line: &str) -> Option<u8> {
    match line.as_bytes() {
        [b'`', b'`', b'`', info @ ..] => (!info.ends_with(b"```")).then_some(b'`'),
        [b'~', b'~', b'~', ..] => Some(b'~'),
        _ => None,
    }
}

/// Returns the content between a fence and the one that closes it, and the lines behind that.
fn fenced<L: Iterator<Item = Range<usize>> + Clone>(
    text: &str,
    lines: &L,
    sign: u8,
) -> Option<(TextRange, L)> {
    let mut lines = lines.clone();
    let mut content: Option<TextRange> = None;
    while let Some(raw) = lines.next() {
        let Some(line) = Span::trimmed(text, raw) else { continue };
        let bytes = line.text(text).as_bytes();
        if bytes.len() >= 3 && bytes.iter().all(|&byte| byte == sign) {
            return Some((content.unwrap_or_default(), lines));
        }
        content = Some(TextRange::new(content.map_or(line.start, |range| range.start), line.end));
    }
    None
}

struct Splitter<'a> {
    text: &'a str,
    out: Output<'a>,
    /// What is known of the whole text.
    page: Page,
    /// The widest line of wrapped text so far, 0 before any.
    width: u32,
    /// Room for the lines of a chunk that must be examined.
    lines: Vec<Line>,
}

impl Splitter<'_> {
    /// Gives out the blocks of all `lines`.
    fn split(mut self, mut lines: impl Iterator<Item = Range<usize>> + Clone) {
        let text = self.text;
        let mut chunk: Vec<Span> = Vec::new();
        // Fence signs that no line closes any more.
        let mut unclosed: [bool; 2] = [false; 2];
        while let Some(raw) = lines.next() {
            let Some(line) = Span::trimmed(text, raw) else {
                self.chunk(&mut chunk);
                continue;
            };
            if let Some(sign) = fence(line.text(text)) {
                let known = &mut unclosed[usize::from(sign == b'~')];
                if !*known {
                    if let Some((content, behind)) = fenced(text, &lines, sign) {
                        self.chunk(&mut chunk);
                        self.out.push(BlockKind::Code, content.start, content.end);
                        lines = behind;
                        continue;
                    }
                    *known = true;
                }
            }
            if chunk.capacity() == 0 {
                chunk.reserve(CHUNK_LINES);
            }
            chunk.push(line);
        }
        self.chunk(&mut chunk);
    }

    /// Gives out the blocks of `lines`, which no blank line parts, and empties it.
    #[inline]
    fn chunk(&mut self, lines: &mut Vec<Span>) {
        match lines.as_slice() {
            [] => return,
            &[line] => self.alone(line),
            several => self.together(several),
        }
        lines.clear();
    }

    /// One line between blank ones.
    #[inline]
    fn alone(&mut self, line: Span) {
        let text = line.text(self.text);
        let bytes = text.as_bytes();
        // Most paragraphs: long, and begun with a letter.
        if bytes.len() > CROSSHEAD_BYTES
            && line.indent < 4
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] != b')'
        {
            return self.out.push(BlockKind::Paragraph, line.start, line.end);
        }
        if bytes.first() == Some(&b'>') {
            let mut line = Line::at(line);
            line.examine(self.text, Page::default());
            let kind = if line.look.quotes > 0 { BlockKind::Quotation } else { BlockKind::Paragraph };
            return self.out.push(kind, line.start, line.end);
        }
        if line.indent >= 4 && table::is_code(self.text, &[Line::at(line)]) {
            return self.out.push(BlockKind::Code, line.start, line.end);
        }
        if bytes.len() > 2 && bytes.first() == Some(&b'|') && bytes.last() == Some(&b'|') {
            return self.out.push(BlockKind::Table, line.start, line.end);
        }
        if let Some((_, length)) = item(text) {
            return self.out.push(BlockKind::ListItem, line.start + length as u32, line.end);
        }
        let kind = if is_crosshead(text) { BlockKind::Heading } else { BlockKind::Paragraph };
        self.out.push(kind, line.start, line.end);
    }

    /// Two or more lines between blank ones.
    fn together(&mut self, spans: &[Span]) {
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return };
        let mut lines = std::mem::take(&mut self.lines);
        lines.clear();
        if spans.iter().all(|line| line.indent >= 4) {
            lines.extend(spans.iter().copied().map(Line::at));
            if table::is_code(self.text, &lines) {
                self.lines = lines;
                return self.out.push(BlockKind::Code, first.start, last.end);
            }
            lines.clear();
        }
        let mut page = self.page;
        if !page.ascii || page.gaps {
            let bytes = self.text.as_bytes().get(first.start as usize..last.end as usize);
            page = Page::of(bytes.unwrap_or_default());
        }
        if let Some(proven) = self.plainly_one(spans, page) {
            self.lines = lines;
            self.width = proven.max(self.width);
            return self.out.push(BlockKind::Paragraph, first.start, last.end);
        }
        lines.extend(spans.iter().copied().map(Line::at));
        lines.iter_mut().for_each(|line| line.examine(self.text, page));
        self.examined(&lines);
        self.lines = lines;
    }

    /// Lines between blank ones that are more than one wrapped paragraph, or may be.
    fn examined(&mut self, lines: &[Line]) {
        let mut from = 0;
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let rest = lines.get(at..).unwrap_or_default();
            let quotes = line.look.quotes;
            let table = if quotes == 0 && line.look.has_gap { table::rows(self.text, rest) } else { 0 };
            let quoted = if quotes > 0 {
                rest.iter().take_while(|line| line.look.quotes == quotes).count()
            } else {
                0
            };
            if table + quoted == 0 {
                at += 1;
                continue;
            }
            self.prose(lines.get(from..at).unwrap_or_default(), BlockKind::Paragraph);
            let (special, _) = rest.split_at(table + quoted);
            if quoted > 0 {
                for part in special.split(|line| line.start == line.end) {
                    self.prose(part, BlockKind::Quotation);
                }
            } else if let (Some(first), Some(last)) = (special.first(), special.last()) {
                self.out.push(BlockKind::Table, first.start, last.end);
            }
            at += special.len();
            from = at;
        }
        self.prose(lines.get(from..).unwrap_or_default(), BlockKind::Paragraph);
    }

    /// Whether `lines` are one wrapped paragraph at first sight, as most are: no line opens with what could
    /// be a marker or a drawing, and none but the last ends a sentence. Returns the layout's proven width then; [`Self::prose`]
    /// says the same of such lines, only later.
    fn plainly_one(&self, lines: &[Span], page: Page) -> Option<u32> {
        if !page.ascii || page.gaps {
            return None;
        }
        let (first, bytes) = (lines.first()?, self.text.as_bytes());
        let (mut widest, mut widest_cut) = (0, 0);
        let mut cut = true;
        for line in lines {
            let width = u32::from(line.indent) + (line.end - line.start);
            let (start, end) = (line.start as usize, line.end as usize);
            cut &= line.indent == first.indent
                && width <= WIDEST_WRAP
                && match bytes.get(start)? {
                    // No item opens with a letter that no bracket follows.
                    b'a'..=b'z' | b'A'..=b'Z' => bytes.get(start + 1) != Some(&b')'),
                    b'"' | b'\'' | b'$' | b'<' | b'[' | b'%' | b'&' | b'/' => true,
                    b'0'..=b'9' | b'(' => line::marker(line.text(self.text)).is_none(),
                    _ => false,
                };
            widest_cut = widest;
            widest = widest.max(width);
            // Only the last line may end as a sentence can.
            let closes = matches!(
                bytes.get(end.checked_sub(1)?)?,
                b'.' | b'!' | b'?' | b':' | b'"' | b'\'' | b')' | b']'
            );
            if !cut || (closes && line.end != lines.last()?.end) {
                return None;
            }
        }
        let plain = !is_crosshead(first.text(self.text));
        let proven = if lines.len() > 2 && widest_cut * 2 >= widest { widest_cut } else { 0 };
        plain.then_some(proven)
    }

    /// Lines of prose; `kind` is what they are where nothing else is seen.
    fn prose(&mut self, lines: &[Line], kind: BlockKind) {
        let Some(first) = lines.first() else { return };
        let layout = Layout::of(lines, self.width);
        self.width = layout.proven_width.max(self.width);

        let mut open = Open::new(self.text, first, kind, &layout, None);
        open.unless_capitals_go_on(self.text, lines.get(1));
        for (number, pair) in lines.windows(2).enumerate() {
            let [before, line] = pair else { continue };
            let mut next = Open::new(self.text, line, kind, &layout, Some((before, &open)));
            next.unless_capitals_go_on(self.text, lines.get(number + 2));
            let opens = next.kind != kind
                || open.kind == BlockKind::Heading
                || before.look.is_rule
                || line.look.is_rule
                || layout.breaks(before, line, &open);
            if opens {
                self.close(&open, before.end);
                open = next;
            } else if kind == BlockKind::Quotation {
                // What stands between the lines' own ends is markup from the `>` on.
                self.mark(before.end, line.start);
            }
        }
        if let Some(last) = lines.last() {
            self.close(&open, last.end);
        }
    }

    fn close(&mut self, open: &Open, end: u32) {
        self.out.push(open.kind, open.start, end);
    }

    /// Lists the prefix of a quoted line, between the text of the line before and its own.
    fn mark(&mut self, from: u32, to: u32) {
        let Some(markup) = self.out.markup.as_deref_mut() else { return };
        let between = self.text.get(from as usize..to as usize).unwrap_or_default();
        if let Some(sign) = between.find('>') {
            markup.push(TextRange::new(from + sign as u32, to));
        }
    }
}

/// The block that lines are being added to.
pub(super) struct Open {
    pub kind: BlockKind,
    /// Behind the marker of a list's item.
    pub start: u32,
    /// Of the item's marker, or of the line.
    pub indent: u16,
    /// Column of the item's text.
    pub column: u16,
    pub marker: Option<Marker>,
}

impl Open {
    /// The block that `line` would open; `before` is the line above it and the block open there.
    #[inline]
    fn new(
        text: &str,
        line: &Line,
        kind: BlockKind,
        layout: &Layout,
        before: Option<(&Line, &Self)>,
    ) -> Self {
        let mut open =
            Self { kind, start: line.start, indent: line.indent, column: line.indent, marker: None };
        if kind != BlockKind::Paragraph {
            return open;
        }
        let body = line.text(text);
        // Most lines begin with a word and follow one that ends no sentence.
        let word =
            matches!(body.as_bytes(), [first, second, ..] if first.is_ascii_alphabetic() && *second != b')');
        if word && before.is_some_and(|(above, _)| !above.look.ends_sentence) {
            return open;
        }
        if let Some((marker, length)) = item(body) {
            let stands = before.is_none_or(|(above, open)| {
                open.marker.is_some_and(|m| marker.follows(m))
                    || above.look.ends_sentence
                    || open.kind == BlockKind::Heading
                    || (marker.may_begin() && layout.is_early(above, line))
            });
            if stands {
                open.kind = BlockKind::ListItem;
                open.start += length as u32;
                let marked = body.get(..length).unwrap_or_default().chars().count();
                open.column = open.column.saturating_add(u16::try_from(marked).unwrap_or(u16::MAX));
                open.marker = Some(marker);
            }
        } else if line.look.width as usize <= CROSSHEAD_BYTES
            && before.is_none_or(|(above, _)| above.look.ends_sentence)
            && is_crosshead(body)
        {
            open.kind = BlockKind::Heading;
        }
        open
    }
}

impl Open {
    /// Takes a heading back where the line `below` has no small letter either: the text is in capitals.
    #[inline]
    fn unless_capitals_go_on(&mut self, text: &str, below: Option<&Line>) {
        if self.kind == BlockKind::Heading
            && below.is_some_and(|line| !line.text(text).contains(char::is_lowercase))
        {
            self.kind = BlockKind::Paragraph;
        }
    }
}

/// Returns the marker of the item that `line` is, if it is one; a drawn line is none.
#[inline]
fn item(line: &str) -> Option<(Marker, usize)> {
    line::marker(line).filter(|_| !line::is_rule(line.as_bytes()))
}

/// Returns whether `line` is an all-capitals crosshead: short, most of it letters, two of them capital
/// at least and none small, not closed with a full stop, comma or colon.
fn is_crosshead(line: &str) -> bool {
    // Most lines have a small letter of ASCII among the first few.
    if line.len() > CROSSHEAD_BYTES || line.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return false;
    }
    let (mut capitals, mut others, mut words) = (0, 0, 1);
    for c in line.chars() {
        if c.is_lowercase() {
            return false;
        } else if c.is_uppercase() {
            capitals += 1;
        } else if c.is_whitespace() {
            words += 1;
        } else if c != '\'' && c != '’' {
            others += 1;
        }
    }
    let last = line.trim_end_matches(line::is_closing).as_bytes().last();
    capitals >= 2
        && others <= capitals
        && words <= CROSSHEAD_WORDS
        && !matches!(last, Some(b'.' | b',' | b';' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each block as its kind's first letter (`P`, `H`, `L`, `Q`, `T`, `C`) and its text.
    fn seen(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        blocks(text, &mut out);
        let letter = |block: &Block| match block.kind {
            BlockKind::Paragraph => 'P',
            BlockKind::Heading => 'H',
            BlockKind::ListItem => 'L',
            BlockKind::Quotation => 'Q',
            BlockKind::Table => 'T',
            BlockKind::Code => 'C',
            BlockKind::Caption => 'X',
        };
        out.iter().map(|block| format!("{} {}", letter(block), &text[block.range.as_usize()])).collect()
    }

    #[test]
    fn blank_lines_part_paragraphs_whatever_ends_them() {
        for gap in [
            "\n\n",
            "\n \t\n",
            "\r\n\r\n",
            "\r\r",
            "\u{2029}\u{2029}",
            "\n\u{2028}",
            "\x0C\x0C",
            "\n\u{3000}\n",
            "\n\n\n\n",
            "\u{2028}\n\u{2029}",
        ] {
            let text = format!("  one two{gap}three – four  ");
            assert_eq!(seen(&text), ["P one two", "P three – four"], "{gap:?}");
        }
        assert_eq!(seen(" \n\n \r\n"), [""; 0]);
        assert_eq!(seen(""), [""; 0]);
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let text = "The harbour board met on Tuesday to hear why the new pier had\n\
                    cost twice what was planned. Members asked for the accounts\n\
                    of each of the four years. The chairman said they would\n\
                    be published.";
        assert_eq!(seen(text).len(), 1);
        assert_eq!(seen(&text.replace('\n', "\r\n")).len(), 1);
    }

    #[test]
    fn wire_copy_opens_paragraphs_with_spaces() {
        let text = "The harbour board met on\n\
                    Tuesday to hear why the new pier had cost twice what was\n\
                    planned.\n     The chairman said the accounts of each of the four years\n\
                    would be published.\n     Nobody else spoke\n     The meeting went on until nine.";
        let found = seen(text);
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[1].starts_with("P The chairman") && found[1].ends_with("published."));
        let short = "Profit 34 cents against 40\n    Net 807,000 against 912,000\n    Sales 6.1 mln";
        assert_eq!(seen(short).len(), 3);
        assert_eq!(seen("One line\n    two lines of it").len(), 2);
    }

    #[test]
    fn a_hanging_indentation_goes_on() {
        let text = "Brown, A. and Green, B. A history of the northern harbours and of\n   \
                    the towns around them, from the oldest charters up to the end of\n   \
                    the last war. Third edition.\n\
                    White, C. The pier: plans, drawings and accounts of the engineers\n   \
                    who built it twice.";
        let found = seen(text);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[1].starts_with("P White"));
    }

    #[test]
    fn feeds_give_a_line_to_each_paragraph() {
        let long =
            "The board met on Tuesday and heard why the pier cost so much more than planned. ".repeat(4);
        assert_eq!(seen(&format!("{long}\n{long}\nWhat comes next\n{long}")).len(), 4);
        let short =
            "The board met on Tuesday.\nIt heard the engineers, who had come by train.\nNobody spoke.";
        assert_eq!(seen(short).len(), 3);
    }

    #[test]
    fn an_early_break_behind_a_sentence_parts_wrapped_text() {
        let text = "The harbour board met on Tuesday to hear why the new pier had\n\
                    cost twice what was planned. Members asked for all accounts.\n\
                    The chairman said so too.\n\
                    Engineers of the firm that had built the pier were there also\n\
                    and would not speak to those who waited for them at the doors\n\
                    of the house.";
        let found = seen(text);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[1].starts_with("P Engineers"));
    }

    #[test]
    fn verse_and_addresses_stay_together() {
        assert_eq!(seen("The tide goes out,\nthe tide comes in,\nand nobody\nhas seen the pier").len(), 1);
        assert_eq!(seen("The Harbour Board\n1 Pier Road\nNorthport").len(), 1);
    }

    #[test]
    fn ideographic_spaces_open_paragraphs() {
        let text =
            "\u{3000}\u{3000}港口委员会星期二开会。\n\u{3000}\u{3000}会议没有结果。\n\u{3000}\u{3000}主席说";
        assert_eq!(seen(text), ["P 港口委员会星期二开会。", "P 会议没有结果。", "P 主席说"]);
    }

    #[test]
    fn lists_fall_into_items_without_markers() {
        let text = "Before you go:\n- take the ticket that you were given at\n  the gate\n- leave the key\n\
                    * and the map\n\n1. One\n2. Two\n   (a) nested\n   (b) again\n\n• bullet\n•bullet";
        assert_eq!(
            seen(text),
            [
                "P Before you go:",
                "L take the ticket that you were given at\n  the gate",
                "L leave the key",
                "L and the map",
                "L One",
                "L Two",
                "L nested",
                "L again",
                "L bullet",
                "L bullet"
            ]
        );
    }

    #[test]
    fn a_wrapped_dash_or_number_is_no_item() {
        let text = "The harbour board met on Tuesday to hear why the new pier – twice\n\
                    – had cost more than planned, and what the engineers did on July\n\
                    5. August was no better, the chairman said to those who came.";
        assert_eq!(seen(text).len(), 1);
    }

    #[test]
    fn quotations_are_one_range_and_list_their_prefixes() {
        let text = "He wrote:\n> The pier is\n> closed.\n>\n> For good.\n>> Why?\nWe asked.";
        assert_eq!(
            seen(text),
            ["P He wrote:", "Q The pier is\n> closed.", "Q For good.", "Q Why?", "P We asked."]
        );
        let (mut out, mut markup) = (Vec::new(), Vec::new());
        blocks_and_markup(text, &mut out, &mut markup);
        let marks: Vec<&str> = markup.iter().map(|range| &text[range.as_usize()]).collect();
        assert_eq!(marks, ["> "]);
        assert_eq!(seen(">5 pct of it"), ["P >5 pct of it"]);
    }

    #[test]
    fn crossheads_are_headings() {
        assert_eq!(
            seen("It ended.\n\nTHE PIER'S LEGACY\n\nIt began."),
            ["P It ended.", "H THE PIER'S LEGACY", "P It began."]
        );
        assert_eq!(
            seen("It ended.\nTHE PIER'S LEGACY\nIt began.\nIt ended again."),
            ["P It ended.", "H THE PIER'S LEGACY", "P It began.", "P It ended again."]
        );
        for text in [
            "THE PIER HAS BEEN CLOSED\nFOR A YEAR",
            "THE PIER IS CLOSED.",
            "McDONALD",
            "1,234",
            "A",
            "港口",
            "12 MW 345,000 17.5",
        ] {
            assert!(seen(text)[0].starts_with('P'), "{text}");
        }
    }

    #[test]
    fn columns_are_tables() {
        let table = "Rates for Monday\n    Crown        47.6538     47.5485\n    \
                     Pound         7.1971      6.3586\n    Mark (100)   26.1288     26.1961\n\nNo change.";
        let found = seen(table);
        assert!(found[1].starts_with("T Crown") && found[1].ends_with("26.1961"), "{found:#?}");
        assert_eq!(seen("| a | b |\n|---|---|\n| 1 | 2 |").len(), 1);
        assert!(seen("| a | b |\n|---|---|\n| 1 | 2 |")[0].starts_with('T'));
        assert!(seen("name\tprice\npier\t5")[0].starts_with('T'));
        let spaced = "It rose on Monday.  The board met on Tuesday and heard it all.\n\
                      It fell on Sunday.  The board did not meet until the Thursday";
        assert!(seen(spaced)[0].starts_with('P'));
    }

    #[test]
    fn code_is_fenced_or_indented() {
        assert_eq!(
            seen("See:\n```rust\nfn a() {\n\n}\n```\nDone."),
            ["P See:", "C fn a() {\n\n}", "P Done."]
        );
        assert_eq!(seen("```\nno end"), ["P ```\nno end"]);
        assert_eq!(
            seen("So:\n\n    let a = b;\n    call(a);\n\nDone."),
            ["P So:", "C let a = b;\n    call(a);", "P Done."]
        );
        let wire = "    The board met on Tuesday.\n    It heard the engineers; nobody spoke.";
        assert!(seen(wire)[0].starts_with('P'));
    }

    #[test]
    fn odd_texts_take_linear_time() {
        for unit in [
            "\n",
            "a\n",
            "a",
            "> \n",
            "a  b\n",
            "- - -\n",
            "```\n\n",
            "~~~a\n",
            "\u{2028}",
            "\r",
            "a  b\n-- --\n",
            "\u{3000}a\n",
            "    x;\n",
        ] {
            let text = unit.repeat(300_000);
            let mut out = Vec::new();
            blocks(&text, &mut out);
            assert!(out.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start), "{unit:?}");
        }
    }

    #[test]
    fn what_is_one_at_first_sight_is_one_at_the_second() {
        const STARTS: [&str; 12] = [
            "the ", "He ", "\"Yes ", "12 ", "3. ", "(a) ", "(see ", "$5 ", "a) ", "- ", "1987, ", "BIG NEWS",
        ];
        const ENDS: [&str; 8] = ["of", "day.", "said,", "so\"", "U.S.", "in (it)", "1986", "why:"];
        let mut state = 5_u64;
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % limit
        };
        let mut plain_ones = 0;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..2 + below(5) {
                let indent = [0, 0, 0, 4][below(4)];
                let words = "word ".repeat([2, 9, 10, 11, 40][below(5)]);
                let rare = below(3) == 0;
                let (start, end) =
                    (STARTS[below(STARTS.len())], ENDS[if rare { below(ENDS.len()) } else { 0 }]);
                text += &format!("{}{start}{words}{end}\n", " ".repeat(indent));
            }
            let page = Page::of(text.as_bytes());
            let spans: Vec<Span> =
                FedLines { ends: Signs::new(b'\n', text.as_bytes()), length: text.len(), at: Some(0) }
                    .filter_map(|raw| Span::trimmed(&text, raw))
                    .collect();
            let mut found = Vec::new();
            let out = Output { blocks: &mut found, markup: None };
            let mut splitter = Splitter { text: &text, out, page, width: 0, lines: Vec::new() };
            let Some(width) = splitter.plainly_one(&spans, page) else { continue };
            plain_ones += 1;
            let mut lines: Vec<Line> = spans.iter().copied().map(Line::at).collect();
            lines.iter_mut().for_each(|line| line.examine(&text, page));
            splitter.examined(&lines);
            assert_eq!(splitter.width, width, "{text}");
            let range = TextRange::new(spans[0].start, spans[spans.len() - 1].end);
            assert_eq!(found, [Block { kind: BlockKind::Paragraph, range }], "{text}");
        }
        assert!(plain_ones > 500, "{plain_ones}");
    }
}
