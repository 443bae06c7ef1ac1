//! The shingles of texts, as they arrive.

use crate::duplicates::join::Sets;
use crate::fingerprint::Shingler;
use crate::fingerprint::shingle::combine_runs;

/// The shingles of texts, as they arrive: 8 bytes for each word until they are joined.
#[derive(Clone, Debug)]
pub struct Shingled {
    pub(super) shingler: Shingler,
    pub(super) sets: Sets,
}

impl Shingled {
    /// Returns a collection of no texts, for shingles of `k` words; 0 counts as 1.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self { shingler: Shingler::new(k), sets: Sets::new() }
    }

    /// Adds a text: the next unit, numbered from 0.
    pub fn add(&mut self, text: &str) {
        self.sets.push(|out| self.shingler.shingle(text, out));
    }

    /// Adds a text by the hashes of its words, as [`WordHasher`](crate::fingerprint::WordHasher) gives them.
    pub fn add_words(&mut self, words: &[u64]) {
        self.sets.push(|out| combine_runs(words, self.shingler.words_in_a_shingle(), out));
    }

    /// Adds the texts of `other` behind those here: threads shingle batches (of some 100 kilobytes or
    /// more), which are put together in input order.
    pub fn append(&mut self, other: Self) {
        self.sets.append(other.sets);
    }

    /// Returns how many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sets.len()
    }

    /// Returns whether there are no texts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// Returns about how many bytes the texts so far will need at most while they are joined.
    #[must_use]
    pub fn memory(&self) -> u64 {
        memory(self.sets.elements(), self.sets.len() as u64)
    }
}

/// Returns about how many bytes a join of `units` texts of `words` words together needs at most: 10 for
/// a hash and its set, 4 for its number, 6 for the index, and what allocation adds.
#[must_use]
pub const fn memory(words: u64, units: u64) -> u64 {
    words * 20 + units * 64
}
