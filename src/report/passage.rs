//! A passage on a terminal: wrapped between words, never inside a character, with the escapes shown, and
//! in what two passages differ.

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};
use unicode_segmentation::{GraphemeIndices, UnicodeSegmentation as _};
use unicode_width::UnicodeWidthStr as _;

use super::visible::{acts, opens_command, push_escape};
use crate::segment::word::{WordClass, class};
use crate::segment::words;

/// Closing marks that do not begin a line of Chinese or Japanese.
const CLOSING: &str = "\u{3001}\u{3002}\u{ff0c}\u{ff0e}\u{ff1a}\u{ff1b}\u{ff01}\u{ff1f}\u{300d}\u{300f}\u{3009}\u{300b}\
                       \u{3011}\u{ff09}\u{3015}\u{30fb}\u{30fc}\u{3005}\u{2026}\u{201d}\u{2019}";
/// Opening marks that do not end one.
const OPENING: &str = "\u{300c}\u{300e}\u{3008}\u{300a}\u{3010}\u{ff08}\u{3014}\u{201c}\u{2018}";

/// One character as its reader sees it (a grapheme cluster), as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// What is printed.
    pub shown: String,
    /// Columns on the terminal.
    pub width: usize,
    /// Where it stands in the text, in bytes.
    pub at: usize,
}

impl Glyph {
    fn new(cluster: &str, at: usize, before: &[Self]) -> Self {
        let shown = if cluster == "\t" {
            "    ".to_owned()
        } else if cluster.contains(acts) {
            let mut shown = String::new();
            for c in cluster.chars() {
                if acts(c) { push_escape(c, &mut shown) } else { shown.push(c) }
            }
            shown
        } else if cluster == "[" && opens_command(&tail(before)) {
            "\\x5b".to_owned()
        } else {
            cluster.to_owned()
        };
        Self { width: shown.width(), shown, at }
    }

    fn is_space(&self) -> bool {
        self.shown.starts_with(char::is_whitespace)
    }

    fn first(&self) -> char {
        self.shown.chars().next().unwrap_or(' ')
    }

    /// Whether the glyph is of a script that breaks between any two characters.
    fn stands_alone(&self) -> bool {
        self.width == 2 || class(self.first()) == WordClass::Alone
    }

    /// Whether a line may end behind `self` and the next begin with `next`.
    fn breaks_before(&self, next: &Self) -> bool {
        if self.is_space() {
            return !next.is_space();
        }
        (self.stands_alone() || next.stands_alone())
            && !next.is_space()
            && !CLOSING.contains(next.first())
            && !OPENING.contains(self.first())
    }
}

/// What the last glyphs of a line print, as far back as a CI runner's command could begin.
fn tail(glyphs: &[Glyph]) -> String {
    const LONGEST_COMMAND: usize = 16;
    glyphs[glyphs.len().saturating_sub(LONGEST_COMMAND)..].iter().map(|glyph| glyph.shown.as_str()).collect()
}

/// The lines of a text at most `width` columns wide; see [`wrap`].
pub struct Wrapped<'a> {
    clusters: GraphemeIndices<'a>,
    width: usize,
    /// What did not fit on the line before.
    carried: Vec<Glyph>,
    ended: bool,
}

/// Returns the lines of `text`, each at most `width` columns wide: line breaks of the text stay, longer
/// lines are broken between words, or between characters where there are no words to break between.
///
/// Space at a break is left out. One character wider than `width` has a line of its own.
pub fn wrap(text: &str, width: usize) -> Wrapped<'_> {
    Wrapped { clusters: text.grapheme_indices(true), width, carried: Vec::new(), ended: text.is_empty() }
}

impl Iterator for Wrapped<'_> {
    type Item = Vec<Glyph>;

    fn next(&mut self) -> Option<Vec<Glyph>> {
        if self.ended && self.carried.is_empty() {
            return None;
        }
        let mut line = std::mem::take(&mut self.carried);
        let mut columns: usize = line.iter().map(|glyph| glyph.width).sum();
        let mut last_break = None;
        for (at, cluster) in self.clusters.by_ref() {
            if matches!(cluster, "\n" | "\r\n" | "\r" | "\u{2028}" | "\u{2029}") {
                return Some(without_end_space(line));
            }
            let glyph = Glyph::new(cluster, at, &line);
            if line.last().is_some_and(|last| last.breaks_before(&glyph)) {
                last_break = Some(line.len());
            }
            columns += glyph.width;
            let full = columns > self.width && !glyph.is_space() && !line.is_empty();
            line.push(glyph);
            if full {
                let cut = last_break.unwrap_or(line.len() - 1);
                self.carried = line.split_off(cut);
                return Some(without_end_space(line));
            }
        }
        self.ended = true;
        (!line.is_empty()).then(|| without_end_space(line))
    }
}

fn without_end_space(mut line: Vec<Glyph>) -> Vec<Glyph> {
    while line.last().is_some_and(Glyph::is_space) {
        line.pop();
    }
    line
}

/// Returns whether `line` holds letters written from right to left: a terminal may reorder it, so that
/// columns counted from the left mean nothing.
pub fn is_reordered(line: &[Glyph]) -> bool {
    line.iter().any(|glyph| {
        matches!(
            glyph.first(),
            '\u{590}'..='\u{8ff}'
                | '\u{fb1d}'..='\u{fdff}'
                | '\u{fe70}'..='\u{feff}'
                | '\u{10800}'..='\u{10fff}'
                | '\u{1e800}'..='\u{1efff}'
        )
    })
}

/// Byte ranges in which two texts differ, each of its own side, sorted and disjoint.
pub struct Differences {
    /// Of the first text.
    pub old: Vec<Range<usize>>,
    /// Of the second text.
    pub new: Vec<Range<usize>>,
}

/// Returns in what `old` and `new` differ: in words and in the marks between them. How they are wrapped
/// and spaced is no difference. `cut` says that the ends of the texts were cut off and prove nothing.
pub fn differences(old: &str, new: &str, cut: bool) -> Differences {
    let (old_tokens, new_tokens) = (tokens(old), tokens(new));
    let texts = |text: &'_ str, tokens: &[Range<usize>]| -> Vec<String> {
        let spaceless = |token: &Range<usize>| match &text[token.clone()] {
            space if space.starts_with(char::is_whitespace) => " ".to_owned(),
            token => token.to_owned(),
        };
        tokens.iter().map(spaceless).collect()
    };
    let mut ops = capture_diff_slices(Algorithm::Myers, &texts(old, &old_tokens), &texts(new, &new_tokens));
    if cut && ops.last().is_some_and(|op| op.tag() != DiffTag::Equal) {
        ops.pop();
    }
    let side = |tokens: &[Range<usize>], range: fn(&DiffOp) -> Range<usize>| {
        let changed = ops.iter().filter(|op| op.tag() != DiffTag::Equal);
        changed.flat_map(|op| tokens[range(op)].iter().cloned()).collect()
    };
    Differences { old: side(&old_tokens, DiffOp::old_range), new: side(&new_tokens, DiffOp::new_range) }
}

/// The words of `text` and what stands between them: runs of white space, single characters.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let gap = |from: usize, to: usize, out: &mut Vec<Range<usize>>| {
        let mut space = false;
        for (at, c) in text[from..to].char_indices() {
            let end = from + at + c.len_utf8();
            match out.last_mut() {
                Some(last) if space && c.is_whitespace() => last.end = end,
                _ => out.push(from + at..end),
            }
            space = c.is_whitespace();
        }
    };
    let mut at = 0;
    for word in words(text) {
        gap(at, word.start, &mut out);
        at = word.end;
        out.push(word);
    }
    gap(at, text.len(), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        wrap(text, width).map(|line| line.into_iter().map(|glyph| glyph.shown).collect()).collect()
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(lines("the pier was closed", 8), ["the pier", "was", "closed"]);
        assert_eq!(lines("one\r\ntwo\n\nthree  ", 80), ["one", "two", "", "three"]);
        assert_eq!(lines("a   b", 1), ["a", "b"]);
        assert_eq!(lines("", 10), [""; 0]);
    }

    #[test]
    fn a_long_word_breaks_between_characters() {
        assert_eq!(lines("see https://example.org", 8), ["see", "https://", "example.", "org"]);
        // Never inside a cluster: e + acute, family emoji, flag.
        assert_eq!(lines("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        assert_eq!(lines(&family.repeat(3), 4), [family.repeat(2), family.to_owned()]);
        assert_eq!(
            lines("\u{1f1e9}\u{1f1ea}\u{1f1eb}\u{1f1f7}", 1),
            ["\u{1f1e9}\u{1f1ea}", "\u{1f1eb}\u{1f1f7}"]
        );
    }

    #[test]
    fn chinese_breaks_between_characters_and_keeps_closing_marks() {
        assert_eq!(
            lines("\u{6e2f}\u{53e3}\u{5c40}\u{3002}\u{6e2f}", 6),
            ["\u{6e2f}\u{53e3}", "\u{5c40}\u{3002}\u{6e2f}"]
        );
        assert_eq!(lines("\u{6e2f}\u{53e3}\u{5c40}", 4), ["\u{6e2f}\u{53e3}", "\u{5c40}"]);
    }

    #[test]
    fn escapes_are_shown_and_counted() {
        assert_eq!(lines("a\x1b[1mb", 20), ["a\\x1b[1mb"]);
        assert_eq!(lines("##[error]x", 20), ["##\\x5berror]x"]);
        assert_eq!(wrap("\u{202e}", 20).next().unwrap()[0].width, 8);
    }

    fn marked(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
        let found = differences(old, new, false);
        let texts =
            |text: &str, ranges: &[Range<usize>]| ranges.iter().map(|r| text[r.clone()].to_owned()).collect();
        (texts(old, &found.old), texts(new, &found.new))
    }

    #[test]
    fn differences_are_words_and_marks_but_not_wrapping() {
        assert_eq!(marked("one two", "one\n  two"), (vec![], vec![]));
        let (old, new) = marked("\"The pier\" \u{2014} closed", "\u{201c}The PIER\u{201d} - closed");
        assert_eq!(old, ["\"", "pier", "\"", "\u{2014}"]);
        assert_eq!(new, ["\u{201c}", "PIER", "\u{201d}", "-"]);
    }
}
