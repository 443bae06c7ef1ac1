//! Numbers for words, and how much it tells that a word stands in two places.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::diff::is_stop_word;

/// Set in the number of a sign.
const SIGN: u32 = 1 << 31;

/// Unit of [`Vocabulary::bits`]: so many to a bit.
pub(super) const BIT: i32 = 16;

/// A sign may follow many others by accident.
const SIGN_BITS: i32 = BIT;
/// No word tells more, however rare.
const MOST_BITS: i32 = 14 * BIT;
/// How many words of general language the words of the document are counted with, so that a word of a short
/// text is not common because it stands there once.
const GENERAL: u64 = 2_000;

/// Every word and sign that ever stood, by the letters without case, and how often each stands now.
#[derive(Default)]
pub(super) struct Vocabulary {
    hasher: DefaultHashBuilder,
    numbers: HashTable<u32>,
    /// The folded texts, end to end, and where each ends.
    texts: String,
    ends: Vec<u32>,
    /// How many of 2,000 words of general language are this one.
    expected: Vec<u8>,
    counts: Vec<u32>,
    total: u64,
    folded: String,
}

/// Returns whether the number is a word's, and not a sign's.
pub(super) const fn is_word(number: u32) -> bool {
    number & SIGN == 0
}

/// Returns where in a list by word the number has its place; a sign's is no word's.
pub(super) const fn place(number: u32) -> usize {
    (number & !SIGN) as usize
}

impl Vocabulary {
    /// Returns the number of a token: the same for the same letters in any case.
    pub fn number(&mut self, text: &str, word: bool) -> u32 {
        self.folded.clear();
        if text.is_ascii() {
            self.folded.push_str(text);
            self.folded.make_ascii_lowercase();
        } else {
            self.folded.extend(text.chars().flat_map(char::to_lowercase));
        }
        let (texts, ends) = (&self.texts, &self.ends);
        let text_of = |index: u32| {
            let start = index.checked_sub(1).map_or(0, |before| ends[before as usize]);
            &texts[start as usize..ends[index as usize] as usize]
        };
        let folded = self.folded.as_str();
        let hash = self.hasher.hash_one(folded);
        let found = self.numbers.find(hash, |&index| text_of(index) == folded).copied();
        let index = found.unwrap_or_else(|| {
            let index = self.ends.len() as u32;
            self.texts.push_str(&self.folded);
            self.ends.push(self.texts.len() as u32);
            self.expected.push(expected(&self.folded));
            self.counts.push(0);
            let (texts, ends, hasher) = (&self.texts, &self.ends, &self.hasher);
            self.numbers.insert_unique(hash, index, |&index| {
                let start = index.checked_sub(1).map_or(0, |before| ends[before as usize]);
                hasher.hash_one(&texts[start as usize..ends[index as usize] as usize])
            });
            index
        });
        if word { index } else { index | SIGN }
    }

    /// Takes word that one more of `number` stands in the document.
    pub fn came(&mut self, number: u32) {
        if let Some(count) = self.counts.get_mut((number & !SIGN) as usize) {
            *count += 1;
            self.total += u64::from(is_word(number));
        }
    }

    /// Takes word that one of `number` no longer stands in the document.
    pub fn went(&mut self, number: u32) {
        if let Some(count) = self.counts.get_mut((number & !SIGN) as usize) {
            *count = count.saturating_sub(1);
            self.total -= u64::from(is_word(number)).min(self.total);
        }
    }

    /// Returns how much it tells that the token stands in two places, in sixteenths of a bit: the logarithm
    /// of how rare it is, in the document as it stands and in general.
    pub fn bits(&self, number: u32) -> i32 {
        if !is_word(number) {
            return SIGN_BITS;
        }
        let index = number as usize;
        let count = self.counts.get(index).copied().unwrap_or_default();
        let expected = self.expected.get(index).copied().unwrap_or(1);
        let all = log2(self.total + GENERAL);
        (all - log2(u64::from(count) + u64::from(expected))).clamp(BIT, MOST_BITS)
    }
}

/// How many of 2,000 words of general language are `word`, about.
fn expected(word: &str) -> u8 {
    match word.chars().count() {
        _ if is_stop_word(word) => 40,
        // A letter, a digit, or a character of a script without spaces.
        1 => 8,
        2 => 4,
        _ => 1,
    }
}

/// The binary logarithm in sixteenths, a straight line between powers of two: no floating point, so that it
/// is the same on every machine.
pub(super) fn log2(value: u64) -> i32 {
    let value = value.max(1);
    let whole = value.ilog2();
    let part = (u128::from(value) << 4 >> whole) as i32 - BIT;
    whole as i32 * BIT + part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_tell_more_than_common_ones() {
        let mut vocabulary = Vocabulary::default();
        let the = vocabulary.number("the", true);
        let pier = vocabulary.number("pier", true);
        let dot = vocabulary.number(".", false);
        assert_eq!(the, vocabulary.number("The", true));
        assert!(is_word(the) && !is_word(dot));
        assert!(vocabulary.bits(pier) > vocabulary.bits(the));
        assert!(vocabulary.bits(the) > vocabulary.bits(dot));
        let rare = vocabulary.bits(pier);
        (0..100).for_each(|_| vocabulary.came(pier));
        assert!(vocabulary.bits(pier) < rare);
        (0..100).for_each(|_| vocabulary.went(pier));
        assert_eq!(vocabulary.bits(pier), rare);
    }

    #[test]
    fn the_logarithm_is_a_line_between_powers_of_two() {
        assert_eq!([1, 2, 3, 4, 1024].map(log2), [0, 16, 24, 32, 160]);
    }
}
