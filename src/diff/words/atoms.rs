//! What a reader sees change: words with their hyphens and apostrophes, numbers with their signs and the blanks
//! between their thousands, addresses, and single marks of punctuation. No atom ends inside a grapheme cluster.

use icu_properties::props::{ExtendedPictographic, GraphemeClusterBreak};
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
};

use super::digits::{groups, is_han_number, is_spaceless_digit};
use crate::document::TextRange;
use crate::segment::word::{WordClass, class};

static BREAK: CodePointMapDataBorrowed<'static, GraphemeClusterBreak> = CodePointMapData::new();
static PICTURE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<ExtendedPictographic>();

/// What an atom is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diff) enum AtomKind {
    /// White space before the first word; only ever the first atom.
    Head,
    /// A word without digits.
    Word,
    /// One character of a script without spaces.
    Character,
    /// Something with a digit in it.
    Number,
    /// An address of the web.
    Link,
    /// Punctuation, a symbol, a picture.
    Mark,
}

/// A piece of text that is not cut, and the white space behind it.
#[derive(Clone, Copy, Debug)]
pub(in crate::diff) struct Atom {
    pub kind: AtomKind,
    /// Bytes of the document's text.
    pub core: TextRange,
    /// Where the white space behind the core ends; the next atom starts there.
    pub end: u32,
}

impl Atom {
    /// Returns the core and the white space behind it.
    pub const fn whole(self) -> TextRange {
        TextRange::new(self.core.start, self.end)
    }

    /// Returns the white space behind the core.
    pub const fn tail(self) -> TextRange {
        TextRange::new(self.core.end, self.end)
    }

    /// Returns whether it is more than punctuation.
    pub const fn is_word(self) -> bool {
        !matches!(self.kind, AtomKind::Head | AtomKind::Mark)
    }
}

/// Returns the atoms of `range` of `text`; they tile it.
pub(in crate::diff) fn atoms(text: &str, range: TextRange) -> Vec<Atom> {
    let mut out = Vec::new();
    let part = &text[range.as_usize()];
    let mut cursor = Cursor { text: part, at: 0 };
    cursor.head(range.start, &mut out);
    cursor.atoms(range.start, part.len(), &mut out);
    out
}

/// Returns the atoms of `range` of `text`, as [`atoms`] does, where `like` are those of `range` of another
/// `text`: at either end, as far as the texts are the same, they are taken over.
///
/// Where an atom ends depends on what follows only up to the next white space and one character behind it,
/// and on what stands before it only back to the last white space: so the ends are cut at white space. Only
/// the white space behind a digit may be within a number.
pub(super) fn atoms_like(
    (text, range): (&str, TextRange),
    (other, other_range, like): (&str, TextRange, &[Atom]),
) -> Vec<Atom> {
    let (part, model) = (&text[range.as_usize()], &other[other_range.as_usize()]);
    let same = |(x, y): &(&u8, &u8)| x == y;
    let head = part.bytes().zip(model.bytes()).take_while(|(x, y)| x == y).count();
    let room = part.len().min(model.len()) - head;
    let tail = part.as_bytes().iter().rev().zip(model.as_bytes().iter().rev()).take(room).take_while(same);
    let tail = tail.count();
    let ends_in_digit = |atom: &Atom| other[atom.core.as_usize()].ends_with(char::is_numeric);
    let spaced =
        |atom: &Atom| atom.end > atom.core.end && atom.kind != AtomKind::Head && !ends_in_digit(atom);
    // The longest character has four bytes.
    let known = other_range.start + (head as u32).saturating_sub(4);
    let first = like.partition_point(|atom| atom.end <= known);
    let first = like[..first].iter().rposition(spaced).map_or(0, |at| at + 1);
    let fresh = other_range.end - tail as u32;
    // The white space before the first atom taken over is the same, too.
    let last = like.partition_point(|atom| atom.core.end < fresh);
    let last = like[last..].iter().position(spaced).map_or(like.len(), |at| last + at + 1).max(first);

    let base = range.start;
    let moved = |atom: &Atom, from: u32, to: u32| {
        let at = |offset: u32| offset + to - from;
        Atom {
            kind: atom.kind,
            core: TextRange::new(at(atom.core.start), at(atom.core.end)),
            end: at(atom.end),
        }
    };
    let mut out = Vec::with_capacity(like.len() + 16);
    out.extend(like[..first].iter().map(|atom| moved(atom, other_range.start, base)));
    let start = out.last().map_or(0, |atom| atom.end - base);
    let rest = like.get(last).map_or(0, |atom| other_range.end - atom.core.start);
    let mut cursor = Cursor { text: part, at: start as usize };
    if first == 0 {
        cursor.head(base, &mut out);
    }
    let end = part.len() - rest as usize;
    cursor.atoms(base, end, &mut out);
    if cursor.at != end {
        // A number, or a letter that never stands apart from what is behind it, has taken a white space in.
        return atoms(text, range);
    }
    out.extend(like[last..].iter().map(|atom| moved(atom, other_range.end, range.end)));
    out
}

/// Reads atoms from the front of what is left.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    /// Passes white space before the first word, which is an atom; `base` is where the text starts.
    fn head(&mut self, base: u32, out: &mut Vec<Atom>) {
        self.skip_space();
        if self.at > 0 {
            let core = TextRange::new(base, base + self.at as u32);
            out.push(Atom { kind: AtomKind::Head, core, end: core.end });
        }
    }

    /// Passes atoms up to `end`.
    fn atoms(&mut self, base: u32, end: usize, out: &mut Vec<Atom>) {
        while self.at < end {
            let start = self.at as u32;
            let kind = self.core();
            let core = TextRange::new(base + start, base + self.at as u32);
            self.skip_space();
            out.push(Atom { kind, core, end: base + self.at as u32 });
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn after(&self, c: char) -> Option<char> {
        self.text[self.at + c.len_utf8()..].chars().next()
    }

    /// Passes white space; stops before one that carries a combining mark.
    fn skip_space(&mut self) {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at) == Some(&b' ') && bytes.get(self.at + 1).is_none_or(u8::is_ascii) {
            self.at += 1;
        }
        while let Some(c) = self.peek() {
            let carries = !is_control(c) && self.after(c).is_some_and(extends);
            if !c.is_whitespace() || carries {
                return;
            }
            self.at += c.len_utf8();
        }
    }

    /// Passes one atom's core.
    fn core(&mut self) -> AtomKind {
        if let Some(length) = address(&self.text[self.at..]) {
            self.at += length;
            self.extend();
            return AtomKind::Link;
        }
        let Some(c) = self.peek() else { return AtomKind::Mark };
        let number = self.number_start(c);
        if number > 0 || class(c) == WordClass::Run {
            self.at += number;
            return self.run();
        }
        self.at += c.len_utf8();
        if class(c) == WordClass::Alone {
            return self.character(c);
        }
        let kind = self.cluster(c);
        // Dots and dashes in a row are one mark.
        if matches!(c, '.' | '-' | '*' | '_' | '=' | '~' | '#') {
            while self.peek() == Some(c) && !self.after(c).is_some_and(extends) {
                self.at += c.len_utf8();
            }
        }
        kind
    }

    /// Passes what belongs to `first`, a character of a script without spaces: the rest of a number.
    fn character(&mut self, first: char) -> AtomKind {
        let start = self.at;
        let mut is_number = is_spaceless_digit(first);
        while let Some(c) = self.peek() {
            let point = matches!(c, '.' | ',' | ':') && self.after(c).is_some_and(is_spaceless_digit);
            let goes_on = is_spaceless_digit(first) && (is_spaceless_digit(c) || point)
                || is_han_number(first) && is_han_number(c);
            if !goes_on {
                break;
            }
            self.at += c.len_utf8();
        }
        is_number |= self.at > start;
        self.extend();
        if is_number { AtomKind::Number } else { AtomKind::Character }
    }

    /// How many bytes of sign and currency stand at the cursor before a digit.
    fn number_start(&self, c: char) -> usize {
        let mut length = 0;
        let mut rest = self.text[self.at..].chars();
        let mut next = Some(c);
        let free = !self.text[..self.at].chars().next_back().is_some_and(|b| class(b) == WordClass::Run);
        if free && matches!(c, '-' | '+' | '\u{2212}') {
            length += c.len_utf8();
            rest.next();
            next = rest.clone().next();
        }
        if let Some(c) = next.filter(|&c| is_currency(c)) {
            length += c.len_utf8();
            rest.next();
            next = rest.next();
        }
        if length > 0 && next.is_some_and(|c| c.is_ascii_digit()) { length } else { 0 }
    }

    /// Passes letters, marks and digits with what joins them.
    fn run(&mut self) -> AtomKind {
        let mut digits = false;
        let mut last = ' ';
        let start = self.at;
        loop {
            // Most of most texts.
            while let Some(byte) = self.text.as_bytes().get(self.at).filter(|b| b.is_ascii_alphanumeric()) {
                digits |= byte.is_ascii_digit();
                last = char::from(*byte);
                self.at += 1;
            }
            let Some(c) = self.peek() else { break };
            let goes_on = class(c) == WordClass::Run
                || extends(c)
                || c == '\u{AD}'
                || last_prepends(last)
                || last.is_ascii_digit() && groups(&self.text[start..self.at], &self.text[self.at..]);
            let joins = !goes_on && self.joins(last, c, self.at - start);
            if !goes_on && !joins {
                break;
            }
            digits |= c.is_numeric();
            last = c;
            self.at += c.len_utf8();
        }
        if digits && matches!(self.peek(), Some('%' | '‰' | '°')) {
            self.at += self.peek().map_or(0, char::len_utf8);
            self.extend();
        }
        if digits { AtomKind::Number } else { AtomKind::Word }
    }

    /// Whether `c` between `last` and what follows is a part of the word.
    fn joins(&self, last: char, c: char, so_far: usize) -> bool {
        let Some(next) = self.after(c) else { return false };
        if class(next) != WordClass::Run || class(last) != WordClass::Run {
            // "US$3m"
            return is_currency(c) && next.is_ascii_digit() && last.is_alphabetic();
        }
        let digits = last.is_numeric() && next.is_numeric();
        match c {
            '\'' | '\u{2019}' | '-' | '\u{2010}' | '\u{2011}' | '@' | '_' | '&' => true,
            '.' => {
                let acronym = last.is_alphabetic() && next.is_alphabetic() && {
                    let second = self.text[self.at + 1 + next.len_utf8()..].chars().next();
                    (so_far == last.len_utf8() || self.text[..self.at].ends_with(['.']) || self.one_letter())
                        && second.is_none_or(|s| class(s) != WordClass::Run)
                };
                let name = last.is_lowercase() && (next.is_lowercase() || next.is_numeric());
                digits || acronym || name
            }
            ',' | ':' | '/' | '\u{2013}' => digits,
            _ => is_currency(c) && last.is_alphabetic() && next.is_ascii_digit(),
        }
    }

    /// Whether only one letter stands between the cursor and the dot before it: `U.S`.
    fn one_letter(&self) -> bool {
        let mut back = self.text[..self.at].chars().rev();
        back.next().is_some_and(char::is_alphabetic) && back.next() == Some('.')
    }

    /// Passes the rest of the cluster that begins with `first`, already passed.
    fn cluster(&mut self, first: char) -> AtomKind {
        let mut picture = PICTURE.contains(first);
        if BREAK.get(first) == GraphemeClusterBreak::RegionalIndicator {
            if let Some(c) = self.peek()
                && BREAK.get(c) == GraphemeClusterBreak::RegionalIndicator
            {
                self.at += c.len_utf8();
            }
        } else if is_control(first) {
            return AtomKind::Mark;
        } else if last_prepends(first) {
            if let Some(c) = self.peek()
                && !is_control(c)
            {
                if class(c) == WordClass::Run {
                    return self.run();
                }
                self.at += c.len_utf8();
                return self.cluster(c);
            }
            return AtomKind::Mark;
        }
        let mut joined = false;
        while let Some(c) = self.peek() {
            if extends(c) {
                joined = c == '\u{200D}';
            } else if picture && joined && PICTURE.contains(c) {
                picture = true;
                joined = false;
            } else {
                break;
            }
            self.at += c.len_utf8();
        }
        AtomKind::Mark
    }

    /// Passes what extends the cluster before the cursor.
    fn extend(&mut self) {
        while let Some(c) = self.peek().filter(|&c| extends(c)) {
            self.at += c.len_utf8();
        }
    }
}

/// Whether `c` never stands apart from what is before it (Unicode Standard Annex 29, GB9 and GB9a).
fn extends(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            BREAK.get(c),
            GraphemeClusterBreak::Extend | GraphemeClusterBreak::ZWJ | GraphemeClusterBreak::SpacingMark
        )
}

/// Whether `c` never stands apart from what is behind it (GB9b).
fn last_prepends(c: char) -> bool {
    !c.is_ascii() && BREAK.get(c) == GraphemeClusterBreak::Prepend
}

fn is_control(c: char) -> bool {
    matches!(
        BREAK.get(c),
        GraphemeClusterBreak::Control | GraphemeClusterBreak::CR | GraphemeClusterBreak::LF
    )
}

/// Returns whether `c` is a currency sign that newsrooms write before or behind an amount.
pub(in crate::diff) const fn is_currency(c: char) -> bool {
    matches!(c, '$' | '¢' | '£' | '¥' | '\u{20A0}'..='\u{20CF}')
}

/// The length of the web address that `text` starts with.
fn address(text: &str) -> Option<usize> {
    let known = ["http://", "https://", "ftp://", "mailto:", "www."];
    let bytes = text.as_bytes();
    if !matches!(bytes.first(), Some(b'h' | b'H' | b'f' | b'F' | b'm' | b'M' | b'w' | b'W')) {
        return None;
    }
    let scheme = known
        .iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let stop = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”' | '“' | '»' | '|' | '`');
    let end = text.find(stop).unwrap_or(text.len());
    let mut part = &text[..end];
    loop {
        let cut = part.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_']);
        let open = cut.matches('(').count() < cut.matches(')').count();
        let cut = if open { cut.strip_suffix(')').unwrap_or(cut) } else { cut };
        let cut = cut.strip_suffix(']').filter(|cut| !cut.contains('[')).unwrap_or(cut);
        if cut.len() == part.len() {
            break;
        }
        part = cut;
    }
    (part.len() > scheme.len()).then_some(part.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cores(text: &str) -> Vec<&str> {
        let atoms = atoms(text, TextRange::new(0, text.len() as u32));
        assert_eq!(atoms.iter().map(|atom| &text[atom.whole().as_usize()]).collect::<String>(), text);
        atoms.iter().map(|atom| &text[atom.core.as_usize()]).collect()
    }

    #[test]
    fn numbers_hyphens_and_addresses_are_whole() {
        assert_eq!(
            cores("paid $3m (or US$1,200.5), well-known."),
            ["paid", "$3m", "(", "or", "US$1,200.5", ")", ",", "well-known", "."]
        );
        assert_eq!(cores("at 10:30, up 4.5% to −2°"), ["at", "10:30", ",", "up", "4.5%", "to", "−2°"]);
        assert_eq!(
            cores("2 500 € to €1\u{202f}234,5 in 2019 300"),
            ["2 500", "€", "to", "€1\u{202f}234,5", "in", "2019", "300"]
        );
        assert_eq!(cores("三百人, 一家, ๓๔๕.๖"), ["三百", "人", ",", "一", "家", ",", "๓๔๕.๖"]);
        assert_eq!(cores("see https://a.org/x_(y)?z=1, ok"), ["see", "https://a.org/x_(y)?z=1", ",", "ok"]);
        assert_eq!(cores("the U.S. army. It’s AT&T"), ["the", "U.S", ".", "army", ".", "It’s", "AT&T"]);
    }

    #[test]
    fn taking_atoms_over_is_cutting_them() {
        let pieces = [
            " ",
            "  ",
            "\n",
            "\n\n",
            "a",
            "ab-c",
            ".",
            "U.S.",
            "$3m",
            "-",
            "1,200.5",
            "%",
            "e\u{301}",
            "\u{301}",
            "北京",
            "👍🏽",
            "🇩🇪",
            "\u{d4e}",
            "\u{600}",
            "http://a.b/c",
            ",,,",
            "(",
            "’s",
            "The end. ",
            "of it",
            "2",
            " 500",
            "\u{a0}000",
            " 12 ",
            "–",
        ];
        let mut state = 3_u64;
        let mut next = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        for _ in 0..3_000 {
            let old: Vec<&str> = (0..next(30)).map(|_| pieces[next(pieces.len())]).collect();
            let mut new = old.clone();
            for _ in 0..next(3) {
                let at = next(new.len() + 1);
                let gone = next(3).min(new.len() - at);
                new.splice(at..at + gone, (0..next(3)).map(|_| pieces[next(pieces.len())]));
            }
            let (old, new) = (format!("xy{}", old.concat()), format!("x{}", new.concat()));
            let of = |text: &str, from: u32| TextRange::new(from, text.len() as u32);
            let model = atoms(&old, of(&old, 2));
            let taken = atoms_like((&new, of(&new, 1)), (&old, of(&old, 2), &model));
            let cut = atoms(&new, of(&new, 1));
            assert_eq!(format!("{taken:?}"), format!("{cut:?}"), "{old:?} {new:?}");
        }
    }

    #[test]
    fn clusters_are_never_torn() {
        assert_eq!(cores("👩‍👩‍👧!👍🏽x🇩🇪🇫🇷"), ["👩‍👩‍👧", "!", "👍🏽", "x", "🇩🇪", "🇫🇷"]);
        assert_eq!(cores("e\u{301}a 1\u{FE0F}\u{20E3}"), ["e\u{301}a", "1\u{FE0F}\u{20E3}"]);
        assert_eq!(cores("北京,ที่"), ["北", "京", ",", "ที่"]);
        assert_eq!(cores("a \u{301}b"), ["a", " \u{301}", "b"]);
    }
}
