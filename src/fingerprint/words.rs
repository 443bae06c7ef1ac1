//! The words of a text's `standard` normal form, hashed; and where they stand in the text.
//!
//! Plain ASCII (most of most texts) never gets as far as a normal form: one pass over the stored bytes
//! lower-cases and hashes each word. Where another character stands, the stretch between the two white
//! spaces around it is normalized by itself. That is the same as normalizing the whole: nothing composes
//! with, reorders across or folds into a white space, and no word spans one.
//!
//! A hash depends on the word alone, and is the same on every machine.

use icu_properties::props::GeneralCategory;
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed};

use super::normalize::{Normalizer, Profile};
use crate::document::TextRange;
use crate::segment::word::{WordClass, class};
use crate::segment::words;

/// General category of every character.
const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
const MARKS: [GeneralCategory; 3] =
    [GeneralCategory::NonspacingMark, GeneralCategory::SpacingMark, GeneralCategory::EnclosingMark];

/// Hashes the words of texts; keeps its buffer.
#[derive(Clone, Debug)]
pub struct WordHasher {
    normalizer: Normalizer,
    form: String,
}

impl Default for WordHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl WordHasher {
    /// Returns a hasher of the words of the `standard` normal form.
    #[must_use]
    pub const fn new() -> Self {
        Self { normalizer: Normalizer::new(Profile::Standard), form: String::new() }
    }

    /// Appends to `out` the hash of each word of `text`'s `standard` normal form, in order.
    pub fn hash(&mut self, text: &str, out: &mut Vec<u64>) {
        let bytes = text.as_bytes();
        let mut word = WordState::default();
        // Where the stretch after the last white space begins, and how many hashes stood before it.
        let (mut stretch, mut before) = (0, out.len());
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let folded = FOLDED[usize::from(byte)];
            if folded > BEYOND {
                word.push(folded);
                at += 1;
                continue;
            }
            if !word.is_empty() {
                out.push(word.finish());
            }
            at += 1;
            if folded == BEYOND {
                let end = bytes[at..].iter().position(|&b| FOLDED[usize::from(b)] == SPACE);
                let end = end.map_or(bytes.len(), |length| at + length);
                out.truncate(before);
                self.hash_by_form(&text[stretch..end], out);
                at = end;
                (stretch, before) = (at, out.len());
            } else if folded == SPACE {
                (stretch, before) = (at, out.len());
            }
        }
        if !word.is_empty() {
            out.push(word.finish());
        }
    }

    /// Appends the hashes of the words of `text` by way of its normal form.
    fn hash_by_form(&mut self, text: &str, out: &mut Vec<u64>) {
        self.normalizer.normalize(text, &mut self.form);
        hash_words(&self.form, out);
    }
}

/// Outside words.
const OUTSIDE: u8 = 0;
/// White space: outside words, and no normal form reaches across it.
const SPACE: u8 = 1;
/// Not ASCII.
const BEYOND: u8 = 2;
/// What each byte is: a letter or digit stands for its lower case, which is above the three marks.
static FOLDED: [u8; 256] = {
    let mut table = [BEYOND; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => SPACE,
            _ if byte.is_ascii_alphanumeric() => byte.to_ascii_lowercase(),
            _ => OUTSIDE,
        };
        byte += 1;
    }
    table
};

/// The hash of a word while its bytes arrive: eight at a time, multiplied in.
///
/// The hash of a word of up to eight bytes is a bijection of them for each length: two short words
/// never share one.
#[derive(Clone, Copy, Debug, Default)]
struct WordState {
    hash: u64,
    block: u64,
    length: u32,
}

impl WordState {
    const fn is_empty(self) -> bool {
        self.length == 0
    }

    const fn push(&mut self, byte: u8) {
        self.block |= (byte as u64) << (8 * (self.length & 7));
        self.length += 1;
        if self.length & 7 == 0 {
            self.flush();
        }
    }

    const fn flush(&mut self) {
        self.hash = (self.hash.rotate_left(29) ^ self.block).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.block = 0;
    }

    /// Returns the hash and starts a new word.
    const fn finish(&mut self) -> u64 {
        if self.length & 7 != 0 {
            self.flush();
        }
        let hash = mix(self.hash ^ self.length as u64);
        *self = Self { hash: 0, block: 0, length: 0 };
        hash
    }
}

/// Returns the hash of one word, given as the bytes of its normal form.
#[must_use]
pub fn word_hash(word: &[u8]) -> u64 {
    let mut state = WordState::default();
    for &byte in word {
        state.push(byte);
    }
    state.finish()
}

/// Brings `text` into a form whose words are those of its `standard` normal form, and appends where each
/// word stands in it and the word's hash. Between words the form is whatever stood there: it is for who
/// wants words and nothing else, and much cheaper than the normal form where the text is ASCII.
pub(crate) fn words_and_hashes(
    text: &str,
    form: &mut String,
    ranges: &mut Vec<(u32, u32)>,
    hashes: &mut Vec<u64>,
) {
    if !text.is_ascii() {
        Normalizer::new(Profile::Standard).normalize(text, form);
        for word in words(form) {
            ranges.push((word.start as u32, word.end as u32));
            hashes.push(word_hash(&form.as_bytes()[word]));
        }
        return;
    }
    form.clear();
    form.push_str(text);
    form.make_ascii_lowercase();
    let mut word = WordState::default();
    for (at, &byte) in (0u32..).zip(form.as_bytes()) {
        if FOLDED[usize::from(byte)] > BEYOND {
            word.push(byte);
        } else if !word.is_empty() {
            ranges.push((at - word.length, at));
            hashes.push(word.finish());
        }
    }
    if !word.is_empty() {
        let end = form.len() as u32;
        ranges.push((end - word.length, end));
        hashes.push(word.finish());
    }
}

/// Appends the hash of each word of `form`, a normal form.
pub(super) fn hash_words(form: &str, out: &mut Vec<u64>) {
    out.extend(words(form).map(|word| word_hash(&form.as_bytes()[word])));
}

/// The finalizer of splitmix64: a bijection in which every input bit moves every output bit.
pub(super) const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// A word and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedWord {
    /// The hash of its normal form.
    pub hash: u64,
    /// The bytes of the text it was made from, and no less: a word of a ligature has the whole ligature.
    pub range: TextRange,
}

impl WordHasher {
    /// Appends to `out` each word that [`WordHasher::hash`] gives, in the same order, with its place in
    /// `text`. Ranges ascend, and overlap only where one character makes several words (`½`).
    pub fn place(&mut self, text: &str, out: &mut Vec<PlacedWord>) {
        let mut at = 0;
        while at < text.len() {
            let rest = &text.as_bytes()[at..];
            if FOLDED[usize::from(rest[0])] == SPACE {
                at += 1;
                continue;
            }
            let length = rest.iter().position(|&b| FOLDED[usize::from(b)] == SPACE).unwrap_or(rest.len());
            let stretch = &text[at..at + length];
            if stretch.is_ascii() {
                out.extend(words(stretch).map(|word| PlacedWord {
                    hash: lower_case_hash(&stretch.as_bytes()[word.clone()]),
                    range: TextRange::new((at + word.start) as u32, (at + word.end) as u32),
                }));
            } else {
                self.place_by_form(stretch, at as u32, out);
            }
            at += length;
        }
    }

    /// Places the words of a stretch without white space that begins at byte `offset`.
    ///
    /// The stretch is normalized cluster by cluster (a character and the marks on it), which shows what
    /// each word was made from. That must give the words of the stretch as a whole; where a rare sequence
    /// composes across clusters, each word has the whole stretch for its place.
    fn place_by_form(&mut self, stretch: &str, offset: u32, out: &mut Vec<PlacedWord>) {
        let mut expected = Vec::new();
        self.hash_by_form(stretch, &mut expected);
        let before = out.len();
        let mut word = WordState::default();
        let mut from = 0;
        let mut end = 0;
        let mut finish = |word: &mut WordState, from: u32, end: u32| {
            if !word.is_empty() {
                let range = TextRange::new(offset + from, offset + end);
                out.push(PlacedWord { hash: word.finish(), range });
            }
        };
        for cluster in clusters(stretch) {
            self.normalizer.normalize(&stretch[cluster.start as usize..cluster.end as usize], &mut self.form);
            if stretch[cluster.start as usize..].starts_with(char::is_whitespace) {
                finish(&mut word, from, end);
            }
            for c in self.form.chars() {
                let class = class(c);
                if class != WordClass::Run {
                    finish(&mut word, from, end);
                }
                if class == WordClass::Outside {
                    continue;
                }
                if word.is_empty() {
                    from = cluster.start;
                }
                end = cluster.end;
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|byte| word.push(byte));
                if class == WordClass::Alone {
                    finish(&mut word, from, end);
                }
            }
        }
        finish(&mut word, from, end);
        if !out[before..].iter().map(|word| word.hash).eq(expected.iter().copied()) {
            out.truncate(before);
            let range = TextRange::new(offset, offset + stretch.len() as u32);
            out.extend(expected.iter().map(|&hash| PlacedWord { hash, range }));
        }
    }
}

/// The hash of an ASCII word in any case.
fn lower_case_hash(word: &[u8]) -> u64 {
    let mut state = WordState::default();
    word.iter().for_each(|byte| state.push(byte.to_ascii_lowercase()));
    state.finish()
}

/// Cuts `text` into characters with what composes onto them: marks, the vowels and finals of Hangul
/// written apart, the half-width voicing marks.
fn clusters(text: &str) -> impl Iterator<Item = std::ops::Range<u32>> + '_ {
    let mut starts = text.char_indices().filter(|&(at, c)| at == 0 || !composes(c)).map(|(at, _)| at as u32);
    let mut next = starts.next();
    std::iter::from_fn(move || {
        let start = next?;
        next = starts.next();
        Some(start..next.unwrap_or(text.len() as u32))
    })
}

fn composes(c: char) -> bool {
    MARKS.contains(&CATEGORY.get(c))
        || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}' | '\u{FF9E}' | '\u{FF9F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 12] = [
        "",
        "The Pier re-opened on 3 May, 2024.",
        "  A  b\tC\r\n d ",
        "\u{201C}It\u{2019}s  over\u{201D} \u{2014} the\n minister\u{AD} said\u{2026}",
        "caf\u{65}\u{301} CAF\u{C9} \u{FB01}n\u{2003}ae",
        "abc\u{200B}def gh\u{AD}i",
        "x=\u{338}y \u{338}z a\u{A0}b a\u{B4}b",
        "\u{5317}\u{4EAC}2024\u{5E74}abc \u{FF21}\u{FF22}\u{FF76}\u{FF9E}",
        "2\u{BD} co\u{AD}op\u{BD} \u{1112}\u{1161}\u{11AB}",
        "antidisestablishmentarianism pneumonoultramicroscopic ABCDEFGH",
        "a\u{1}b\u{7f}c",
        "e\u{200D}\u{301}x \u{345}\u{3B1}\u{345}",
    ];

    #[test]
    fn every_way_to_the_words_gives_the_same_hashes() {
        for text in TEXTS {
            let mut form = String::new();
            Normalizer::new(Profile::Standard).normalize(text, &mut form);
            let mut expected = Vec::new();
            hash_words(&form, &mut expected);
            let mut direct = Vec::new();
            WordHasher::new().hash(text, &mut direct);
            assert_eq!(direct, expected, "{text:?}");
            let mut placed = Vec::new();
            WordHasher::new().place(text, &mut placed);
            assert!(placed.iter().map(|word| word.hash).eq(expected.iter().copied()), "{text:?}");
            let (mut ranges, mut hashes) = (Vec::new(), Vec::new());
            words_and_hashes(text, &mut form, &mut ranges, &mut hashes);
            assert_eq!(hashes, expected, "{text:?}");
            for (range, hash) in ranges.iter().zip(&hashes) {
                assert_eq!(word_hash(&form.as_bytes()[range.0 as usize..range.1 as usize]), *hash);
            }
        }
    }

    #[test]
    fn places_are_those_of_the_text_as_it_stands() {
        let text = "Caf\u{65}\u{301}, 2\u{BD} \u{201C}co\u{AD}op\u{201D} \u{5317}\u{4EAC}!";
        let mut placed = Vec::new();
        WordHasher::new().place(text, &mut placed);
        let words: Vec<&str> = placed.iter().map(|word| &text[word.range.as_usize()]).collect();
        assert_eq!(words, ["Caf\u{65}\u{301}", "2\u{BD}", "\u{BD}", "co\u{AD}op", "\u{5317}", "\u{4EAC}"]);
    }
}
