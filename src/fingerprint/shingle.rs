//! Shingles: overlapping runs of k words, so that nearly the same can be measured.
//!
//! Words are those of the `standard` normal form, but plain ASCII (most of most texts) never gets as far
//! as a normal form: one pass over the stored bytes lower-cases and hashes each word. Where another
//! character stands, the stretch between the two white spaces around it is normalized by itself. That is
//! the same as normalizing the whole: nothing composes with, reorders across or folds into a white
//! space, and no word spans one.
//!
//! A hash depends on the words alone, and is the same on every machine.

use super::normalize::{Normalizer, Profile};
use crate::segment::words;

/// Returns a 64-bit hash of each run of `k` words of `form`, a normal form, in order, repeats included.
///
/// A text of fewer than `k` words has one shingle, all of them; a text without words has none. `k` of 0
/// counts as 1. Words are compared whole: `a b` and `ab` hash differently.
#[must_use]
pub fn shingles(form: &str, k: usize) -> Vec<u64> {
    let hashes: Vec<u64> = words(form).map(|word| word_hash(&form.as_bytes()[word])).collect();
    let mut out = Vec::new();
    combine_runs(&hashes, k, &mut out);
    out
}

/// Cuts texts into shingles of k words; keeps its buffers, so that a text allocates nothing.
#[derive(Clone, Debug)]
pub struct Shingler {
    k: usize,
    words: WordHasher,
    hashes: Vec<u64>,
}

impl Shingler {
    /// Returns a shingler for runs of `k` words; 0 counts as 1.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self { k: k.max(1), words: WordHasher::new(), hashes: Vec::new() }
    }

    /// Returns how many words make a shingle.
    #[must_use]
    pub const fn words_in_a_shingle(&self) -> usize {
        self.k
    }

    /// Appends to `out` the shingles of `text`, any text, in order, repeats included: what [`shingles`]
    /// gives for its `standard` normal form.
    pub fn shingle(&mut self, text: &str, out: &mut Vec<u64>) {
        self.hashes.clear();
        self.words.hash(text, &mut self.hashes);
        combine_runs(&self.hashes, self.k, out);
    }
}

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
        out.extend(words(&self.form).map(|word| word_hash(&self.form.as_bytes()[word])));
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

/// An odd number without pattern: the base of the polynomial that a run of words is.
const BASE: u64 = 0xd6e8_feb8_6659_fd93;

/// Appends the hash of each run of `k` of `words`: a polynomial over the words of the run, so that the
/// next run's comes from the last one's in two multiplications at any `k`.
pub(crate) fn combine_runs(words: &[u64], k: usize, out: &mut Vec<u64>) {
    let k = k.max(1).min(words.len());
    if k == 0 {
        return;
    }
    let fold = |run: &[u64]| run.iter().fold(0u64, |sum, &word| sum.wrapping_mul(BASE).wrapping_add(word));
    let first = fold(&words[..k]);
    let length = (k as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    out.reserve(words.len() - k + 1);
    out.push(mix(first ^ length));
    let highest = (1..k).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut sum = first;
    out.extend(words.iter().zip(&words[k..]).map(|(&old, &new)| {
        sum = sum.wrapping_sub(old.wrapping_mul(highest)).wrapping_mul(BASE).wrapping_add(new);
        mix(sum ^ length)
    }));
}

/// The finalizer of splitmix64: a bijection in which every input bit moves every output bit.
const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_form(text: &str, k: usize) -> Vec<u64> {
        let mut form = String::new();
        Normalizer::new(Profile::Standard).normalize(text, &mut form);
        shingles(&form, k)
    }

    fn straight(text: &str, k: usize) -> Vec<u64> {
        let mut out = Vec::new();
        Shingler::new(k).shingle(text, &mut out);
        out
    }

    #[test]
    fn short_texts_have_one_shingle() {
        assert_eq!(shingles("", 3).len(), 0);
        assert_eq!(shingles("one two", 3).len(), 1);
        assert_eq!(shingles("one two three", 3).len(), 1);
        assert_eq!(shingles("one two three four", 3).len(), 2);
        assert_ne!(shingles("one two", 3), shingles("onetwo", 3));
        assert_eq!(straight("one", 0).len(), 1);
    }

    #[test]
    fn the_direct_path_agrees_with_the_normal_form() {
        for text in [
            "",
            "The Pier re-opened on 3 May, 2024.",
            "  A  b\tC\r\n d ",
            "\u{201C}It\u{2019}s  over\u{201D} \u{2014} the\n minister\u{AD} said\u{2026}",
            "caf\u{65}\u{301} CAF\u{C9} \u{FB01}n\u{2003}ae",
            "abc\u{200B}def gh\u{AD}i",
            "x=\u{338}y \u{338}z a\u{A0}b",
            "\u{5317}\u{4EAC}2024\u{5E74}abc \u{FF21}\u{FF22}",
            "antidisestablishmentarianism pneumonoultramicroscopic ABCDEFGH",
            "a\u{1}b\u{7f}c",
        ] {
            for k in 1..5 {
                assert_eq!(straight(text, k), by_form(text, k), "{text:?}, {k}");
            }
            let (mut form, mut ranges, mut hashes) = (String::new(), Vec::new(), Vec::new());
            words_and_hashes(text, &mut form, &mut ranges, &mut hashes);
            let mut direct = Vec::new();
            WordHasher::new().hash(text, &mut direct);
            assert_eq!(hashes, direct);
            for (range, hash) in ranges.iter().zip(&hashes) {
                assert_eq!(word_hash(&form.as_bytes()[range.0 as usize..range.1 as usize]), *hash);
            }
        }
    }

    #[test]
    fn the_order_of_words_counts_and_their_position_does_not() {
        assert_ne!(straight("a b c", 3), straight("c b a", 3));
        assert_eq!(straight("x y a b c d", 4)[2], straight("a b c d", 4)[0]);
        assert_eq!(straight("x a b", 2)[1], straight("a b y", 2)[0]);
    }

    #[test]
    fn hashes_are_the_same_on_every_machine() {
        assert_eq!(straight("one two three", 3), [15_153_792_838_989_864_087]);
    }
}
