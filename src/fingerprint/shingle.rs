//! Shingles: overlapping runs of k words, so that nearly the same can be measured.

use super::words::{WordHasher, hash_words, mix};

/// Returns a 64-bit hash of each run of `k` words of `form`, a normal form, in order, repeats included.
///
/// A text of fewer than `k` words has one shingle, all of them; a text without words has none. `k` of 0
/// counts as 1. Words are compared whole: `a b` and `ab` hash differently.
#[must_use]
pub fn shingles(form: &str, k: usize) -> Vec<u64> {
    let mut hashes = Vec::new();
    hash_words(form, &mut hashes);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::{Normalizer, Profile};

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
