//! One line of plain text, and what its two ends say about it.

use std::ops::Range;

/// Lines longer than this many bytes are not measured in columns: they are far over any wrap width.
const MEASURED_BYTES: usize = 640;
/// How far into a line columns are looked for; a row of figures shows its columns early.
const GAP_BYTES: usize = 256;

/// A line that is not blank, without the white space at its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Its first byte that is not white space (behind the `>` of a quotation).
    pub start: u32,
    /// The byte after its last that is not white space.
    pub end: u32,
    /// Columns of white space before it; a tab is four, an ideographic space two.
    pub indent: u16,
    /// Whether an ideographic space (U+3000) opens it.
    pub ideographic: bool,
    /// What [`Line::examine`] found.
    pub look: Look,
}

/// What is known of a line that stands with others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// Columns, the indentation counted.
    pub width: u32,
    /// Columns of the first word.
    pub word: u16,
    /// Number of `>` before it.
    pub quotes: u8,
    /// It ends a sentence, or announces what follows with a colon.
    pub ends_sentence: bool,
    /// It begins with a lower-case letter.
    pub lower_case: bool,
    /// It holds a tab, a `|`, or spaces in a row.
    pub has_gap: bool,
    /// It is drawn: `-----`, `* * *`.
    pub is_rule: bool,
}

/// Where a line stands: what is taken from its two ends. Small, so that it stays in registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
    pub indent: u16,
    ideographic: bool,
}

impl Span {
    /// Returns the line that stands in `raw` bytes of `text`; `None` for white space only.
    #[inline(always)]
    pub fn trimmed(text: &str, raw: Range<usize>) -> Option<Self> {
        let bytes = text.as_bytes();
        let (mut start, mut end) = (raw.start, raw.end);
        while start < end && *bytes.get(end - 1)? == b' ' {
            end -= 1;
        }
        while start < end && *bytes.get(start)? == b' ' {
            start += 1;
        }
        if start == end {
            return None;
        }
        let plain = |at: usize| bytes.get(at).is_some_and(|&byte| byte > b' ' && byte < 0x80);
        if plain(start) && plain(end - 1) {
            let indent = u16::try_from(start - raw.start).unwrap_or(u16::MAX);
            return Some(Self { start: start as u32, end: end as u32, indent, ideographic: false });
        }
        Self::trimmed_of_space(text, raw)
    }

    #[inline(never)]
    fn trimmed_of_space(text: &str, raw: Range<usize>) -> Option<Self> {
        let line = text.get(raw.clone())?;
        let body = line.trim_start();
        if body.is_empty() {
            return None;
        }
        let start = raw.end - body.len();
        let end = start + body.trim_end().len();
        let mut indent = 0u16;
        let mut ideographic = false;
        for c in line.get(..line.len() - body.len()).unwrap_or_default().chars() {
            ideographic |= c == '\u{3000}';
            indent = indent.saturating_add(match c {
                '\t' => 4,
                '\u{3000}' => 2,
                _ => 1,
            });
        }
        Some(Self { start: start as u32, end: end as u32, indent, ideographic })
    }

    /// Returns the line's own text.
    #[inline(always)]
    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl Line {
    /// Returns the line at `span`, not yet examined.
    #[inline(always)]
    pub fn at(span: Span) -> Self {
        let Span { start, end, indent, ideographic } = span;
        Self { start, end, indent, ideographic, look: Look::default() }
    }

    /// Returns the line's own text.
    #[inline]
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Fills in [`Line::look`], and takes the `>` of a quotation off the line's start; `page` is what
    /// is known of all the lines it stands with.
    #[inline]
    pub fn examine(&mut self, text: &str, page: Page) {
        let mut body = self.text(text);
        if body.as_bytes().first() == Some(&b'>') {
            let (quotes, rest) = quotation(body);
            if quotes > 0 {
                self.start = self.end - rest.len() as u32;
                self.indent = 0;
                body = rest;
            }
            self.look.quotes = quotes;
        }
        let bytes = body.as_bytes();
        let columns = if page.ascii { bytes.len().min(MEASURED_BYTES) as u32 } else { columns(bytes) };
        self.look.width = u32::from(self.indent) + columns;
        self.look.word = first_word(bytes);
        self.look.ends_sentence = ends_sentence(body);
        self.look.lower_case = starts_lower_case(body);
        self.look.has_gap = page.gaps && has_gap(bytes);
        self.look.is_rule = is_rule(bytes);
    }
}

/// What is known of lines that stand together, all at once: looking at them one by one costs more.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page {
    /// All is ASCII.
    pub ascii: bool,
    /// One of the lines may hold a tab, a `|`, or spaces in a row.
    pub gaps: bool,
    /// All is ASCII without gaps, and nothing but `\n` ends a line.
    pub plain: bool,
}

impl Page {
    /// Returns what is known of `bytes`, which hold several lines.
    pub fn of(bytes: &[u8]) -> Self {
        if is_plain(bytes) {
            return Self { ascii: true, gaps: false, plain: true };
        }
        // Without branches and in steps of one size, so that it runs on many bytes at once. Spaces at a
        // line's start or behind a full stop are no gap.
        let mut seen = [0; STEP];
        let mut look = |a: &[u8; STEP], b: &[u8; STEP], c: &[u8; STEP]| {
            for (((seen, &a), &b), &c) in seen.iter_mut().zip(a).zip(b).zip(c) {
                let inside = (a > b' ') & (a != b'.');
                let gap = (inside & (((b == b' ') & (c == b' ')) | (b == b'\t'))) | (b == b'|');
                *seen |= u8::from(gap) | (a & 0x80);
            }
        };
        let (all, behind) = (bytes.as_chunks().0, bytes.get(1..).unwrap_or_default().as_chunks().0);
        let two_behind = bytes.get(2..).unwrap_or_default().as_chunks().0;
        for ((a, b), c) in all.iter().zip(behind).zip(two_behind) {
            look(a, b, c);
        }
        // What is left, with zeros behind it: at most one step and its two neighbours.
        let mut last = [0; 3 * STEP];
        let rest = bytes.get(two_behind.len() * STEP..).unwrap_or_default();
        last[..rest.len()].copy_from_slice(rest);
        let steps = [&last[..], &last[1..], &last[2..]].map(|part| part.as_chunks().0);
        for ((a, b), c) in steps[0].iter().zip(steps[1]).zip(steps[2]) {
            look(a, b, c);
        }
        let seen = seen.iter().fold(0, |all, seen| all | seen);
        Self { ascii: seen & 0x80 == 0, gaps: seen & 0x7F != 0 || bytes.first() == Some(&b'|'), plain: false }
    }
}

/// How many bytes are looked at at once.
const STEP: usize = 32;

/// Whether `bytes` are ASCII without a tab, a `|`, two spaces in a row, a carriage return or a form feed, as
/// most texts are.
fn is_plain(bytes: &[u8]) -> bool {
    let (mut seen, mut all) = ([0; STEP], [0; STEP]);
    let mut look = |a: &[u8; STEP], b: &[u8; STEP]| {
        for (((seen, all), &a), &b) in seen.iter_mut().zip(&mut all).zip(a).zip(b) {
            let gap = ((a == b' ') & (b == b' ')) | (a == b'\t') | (a == b'|');
            let gap = gap | (a == b'\r') | (a == b'\x0C');
            *seen |= u8::from(gap);
            *all |= a;
        }
    };
    let behind = bytes.get(1..).unwrap_or_default().as_chunks().0;
    for (a, b) in bytes.as_chunks().0.iter().zip(behind) {
        look(a, b);
    }
    let mut last = [0; 2 * STEP];
    let rest = bytes.get(behind.len() * STEP..).unwrap_or_default();
    last[..rest.len()].copy_from_slice(rest);
    for (a, b) in last.as_chunks().0.iter().zip(last[1..].as_chunks().0.iter().chain([&[0; STEP]])) {
        look(a, b);
    }
    seen == [0; STEP] && all.is_ascii()
}

/// Number of `>` that open `line`, and what stands behind them; 0 where they compare numbers.
fn quotation(line: &str) -> (u8, &str) {
    let mut quotes = 0u8;
    let mut rest = line;
    while let Some(behind) = rest.strip_prefix('>') {
        quotes = quotes.saturating_add(1);
        rest = behind.trim_start();
        if rest.len() == behind.len() && behind.starts_with(|c: char| c.is_ascii_digit() || c == '=') {
            return (0, line);
        }
    }
    (quotes, rest)
}

/// Columns that `bytes` take: two for what is written in three bytes from U+3000 on, or in four.
#[inline]
fn columns(bytes: &[u8]) -> u32 {
    if bytes.len() > MEASURED_BYTES {
        return MEASURED_BYTES as u32;
    }
    if bytes.is_ascii() {
        return bytes.len() as u32;
    }
    bytes.iter().map(|&byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xE3)).sum()
}

/// Columns of the first word; in a script without spaces, of its first character.
#[inline]
fn first_word(bytes: &[u8]) -> u16 {
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    const LOW: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    if let Some(eight) = bytes.first_chunk::<8>() {
        // The first byte that is a space, eight at a time ("Hacker's Delight", 6-1).
        let word = u64::from_le_bytes(*eight);
        let other = word ^ SPACES;
        let spaces = other.wrapping_sub(LOW) & !other & HIGH;
        if spaces != 0 && word & HIGH == 0 {
            return (spaces.trailing_zeros() / 8) as u16;
        }
    }
    if bytes.first().is_some_and(|&byte| byte >= 0xE3) {
        return 2;
    }
    let word = bytes.iter().take(64).take_while(|&&byte| byte != b' ');
    word.filter(|&&byte| byte & 0xC0 != 0x80).count() as u16
}

/// Returns whether `line` ends with a full stop, a question or exclamation mark or a colon, closing
/// quotation marks and brackets aside.
#[inline]
pub(super) fn ends_sentence(line: &str) -> bool {
    match line.as_bytes().last() {
        Some(b'.') => return !ends_with_initial(line.as_bytes()),
        Some(b'!' | b'?' | b':') => return true,
        Some(b'"' | b'\'' | b')' | b']' | 0x80..) => {}
        _ => return false,
    }
    let mut rest = line.chars().rev().take(4).skip_while(|&c| is_closing(c));
    matches!(
        rest.next(),
        Some(
            '.' | '!'
                | '?'
                | ':'
                | '…'
                | '。'
                | '！'
                | '？'
                | '：'
                | '．'
                | '।'
                | '॥'
                | '؟'
                | '۔'
                | '‽'
                | '։'
                | '።'
        )
    )
}

/// Returns whether `bytes`, which end with a full stop, end with an initial (`U.S.`, `J.`): a name
/// most often goes on behind it.
#[inline]
fn ends_with_initial(bytes: &[u8]) -> bool {
    matches!(bytes, [.., b' ' | b'.', b'A'..=b'Z', b'.'])
}

/// Returns whether `c` closes a quotation or a bracket.
pub(super) const fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | ')'
            | ']'
            | '}'
            | '”'
            | '’'
            | '»'
            | '«'
            | '“'
            | '›'
            | '」'
            | '』'
            | '）'
            | '】'
            | '〉'
            | '》'
    )
}

/// Returns whether `line` begins with a lower-case letter, an opening bracket or quotation mark aside.
#[inline]
fn starts_lower_case(line: &str) -> bool {
    match line.as_bytes() {
        [b'(' | b'[' | b'"' | b'\'', second, ..] => second.is_ascii_lowercase(),
        [byte, ..] if byte.is_ascii() => byte.is_ascii_lowercase(),
        _ => line.chars().next().is_some_and(char::is_lowercase),
    }
}

/// Returns whether `bytes`, one line, hold a tab, a `|`, or spaces in a row.
#[inline]
fn has_gap(bytes: &[u8]) -> bool {
    let bytes = bytes.get(..GAP_BYTES).unwrap_or(bytes);
    let mut found = 0u8;
    for (&a, &b) in bytes.iter().zip(bytes.get(1..).unwrap_or_default()) {
        found |= (u8::from(a == b' ') & u8::from(b == b' ')) | u8::from(b == b'\t') | u8::from(b == b'|');
    }
    found != 0 || bytes.first() == Some(&b'|')
}

/// Returns whether `bytes` draw a line: three or more of `-=_*~#+.` and nothing else but space.
pub(super) fn is_rule(bytes: &[u8]) -> bool {
    let drawn = |byte: &u8| matches!(byte, b'-' | b'=' | b'_' | b'*' | b'~' | b'#' | b'+' | b'.');
    bytes.first().is_some_and(drawn)
        && bytes.iter().all(|byte| drawn(byte) || *byte == b' ')
        && bytes.iter().filter(|byte| drawn(byte)).count() >= 3
}

/// What opens an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// The sign of an unnumbered item.
    Sign(char),
    /// The number of a numbered item.
    Number(u32),
    /// A letter or a Roman numeral in brackets, by its first letter.
    Letter(u8),
}

impl Marker {
    /// Returns whether a list may begin with an item marked `self`; a number other than 1 that opens a
    /// line is more often a date's or an amount's.
    pub const fn may_begin(self) -> bool {
        match self {
            Self::Sign(_) | Self::Letter(_) => true,
            Self::Number(number) => number <= 1,
        }
    }

    /// Returns whether an item marked `self` can follow one marked `before` in a list.
    pub fn follows(self, before: Self) -> bool {
        match (before, self) {
            (Self::Sign(a), Self::Sign(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => b == a + 1,
            (Self::Letter(_), Self::Letter(_)) => true,
            _ => false,
        }
    }
}

/// Returns the marker that opens `line`, and the bytes from the line's start to the item's text.
#[inline]
pub(super) fn marker(line: &str) -> Option<(Marker, usize)> {
    let bytes = line.as_bytes();
    let (marker, length) = match bytes.first()? {
        b'-' | b'*' => (Marker::Sign(char::from(*bytes.first()?)), 1),
        b'0'..=b'9' => numbered(bytes, 0)?,
        b'(' => numbered(bytes, 1)?,
        b'a'..=b'z' | b'A'..=b'Z' if bytes.get(1) == Some(&b')') => (Marker::Letter(*bytes.first()?), 2),
        0xE2 | 0xE3 | 0xC2 => {
            let sign = line.chars().next()?;
            match sign {
                '•' | '◦' | '▪' | '‣' | '●' | '○' | '■' | '⁃' | '・' => {
                    // These stand for nothing else, with a space behind them or without.
                    let rest = line.get(sign.len_utf8()..)?.trim_start();
                    let sound = !rest.is_empty() && !rest.starts_with(sign);
                    return sound.then_some((Marker::Sign(sign), line.len() - rest.len()));
                }
                '–' | '·' => (Marker::Sign(sign), sign.len_utf8()),
                _ => return None,
            }
        }
        _ => return None,
    };
    let behind = line.get(length..)?;
    let rest = behind.trim_start();
    (rest.len() < behind.len() && !rest.is_empty()).then_some((marker, line.len() - rest.len()))
}

/// `1.`, `1)`, `(1)`, `(a)`, `(iv)`: the marker and its length; `open` is 1 behind a bracket.
fn numbered(bytes: &[u8], open: usize) -> Option<(Marker, usize)> {
    let body = bytes.get(open..)?;
    let digits = body.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let (marker, length) = if (1..=3).contains(&digits) {
        let number = body.iter().take(digits).fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
        (Marker::Number(number), digits)
    } else {
        let letters = body.iter().take(6).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let first = *body.first()?;
        let roman = body.iter().take(letters).all(|byte| b"ivxIVX".contains(byte));
        if open == 0 || letters == 0 || (letters > 1 && !roman) {
            return None;
        }
        (Marker::Letter(first), letters)
    };
    let closed = match body.get(length)? {
        b')' => true,
        b'.' => open == 0,
        _ => false,
    };
    closed.then_some((marker, open + length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_open_items() {
        let rest = |line: &'static str| marker(line).map(|(_, length)| &line[length..]);
        for line in [
            "- x y", "* x y", "•x y", "•  x y", "– x y", "1. x y", "12) x y", "(3) x y", "(a) x y", "b) x y",
            "(iv) x y",
        ] {
            assert_eq!(rest(line), Some("x y"), "{line}");
        }
        for line in
            ["-x", "--", "*x*", "1987. x", "1.5 x", "(see) x", "A. Smith", "(1 x", "-", "3 x", "—  x", "(x"]
        {
            assert_eq!(rest(line), None, "{line}");
        }
    }

    #[test]
    fn sentence_ends_are_seen_through_quotes() {
        for line in ["a.", "a.\"", "a?)", "a!”", "他说。」", "he said:", "कहा।", "…»", "a.')"]
        {
            assert!(ends_sentence(line), "{line}");
        }
        for line in ["a", "a,", "a)", "the U.S.", "by J.", "\"", "", "a\"", "é"] {
            assert!(!ends_sentence(line), "{line}");
        }
    }

    #[test]
    fn a_page_is_known_byte_by_byte_too() {
        let mut state = 3_u64;
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % limit
        };
        for round in 0..60_000 {
            let signs: &[u8] = if round % 3 == 0 { b"a .\n \t|\xC3" } else { b"abcdefghijklmnop q.\n|" };
            let mut bytes: Vec<u8> = (0..below(140)).map(|_| signs[below(signs.len())]).collect();
            if below(2) == 0 {
                bytes.iter_mut().filter(|byte| !byte.is_ascii_alphabetic()).for_each(|byte| *byte = b'x');
                let at = below(bytes.len() + 1);
                let sign: &[u8] = [&b"  "[..], b".  ", b"\n\t", b"x\t", b"|", b"\xE2", b"x  x"][below(7)];
                bytes.splice(at..at, sign.iter().copied());
            }
            // White space ends no page.
            bytes.truncate(bytes.trim_ascii_end().len());
            let gap = |three: &[u8]| {
                let inside = three[0] > b' ' && three[0] != b'.';
                inside && (three[1..] == *b"  " || three[1] == b'\t')
            };
            let page = Page::of(&bytes);
            assert_eq!(page.ascii, bytes.is_ascii(), "{:?}", bytes.escape_ascii());
            let gaps = bytes.contains(&b'|') || bytes.windows(3).any(gap);
            assert_eq!(page.gaps, gaps, "{:?}", bytes.escape_ascii());
        }
    }

    #[test]
    fn columns_count_wide_characters_twice() {
        assert_eq!(columns("abc".as_bytes()), 3);
        assert_eq!(columns("é—a".as_bytes()), 3);
        assert_eq!(columns("北京a".as_bytes()), 5);
    }

    #[test]
    fn comparisons_are_no_quotations() {
        assert_eq!(quotation("> a"), (1, "a"));
        assert_eq!(quotation(">> a"), (2, "a"));
        assert_eq!(quotation("> > a"), (2, "a"));
        assert_eq!(quotation(">= 5"), (0, ">= 5"));
        assert_eq!(quotation(">5 pct"), (0, ">5 pct"));
    }
}
