//! Shingles counted on the words themselves.

use std::sync::Mutex;

use super::Texts;
use crate::duplicates::join::{Counts, Recount};
use crate::fingerprint::shingle::combine_runs;
use crate::fingerprint::words::words_and_hashes;

/// Counts the shingles two texts share, word by word.
pub(super) struct WordRecount<'a, T: ?Sized> {
    texts: &'a T,
    k: usize,
    /// Buffers that no thread is using.
    spare: Mutex<Vec<Comparison>>,
}

impl<'a, T: Texts + ?Sized> WordRecount<'a, T> {
    pub const fn new(texts: &'a T, k: usize) -> Self {
        Self { texts, k: if k == 0 { 1 } else { k }, spare: Mutex::new(Vec::new()) }
    }
}

impl<T: Texts + ?Sized> Recount for WordRecount<'_, T> {
    fn recount(&self, left: u32, right: u32) -> Counts {
        let spare = self.spare.lock().ok().and_then(|mut spare| spare.pop());
        let mut comparison = spare.unwrap_or_default();
        for (side, unit) in [(&mut comparison.left, left), (&mut comparison.right, right)] {
            if side.unit != Some(unit) {
                side.fill(&self.texts.text(unit), self.k);
                side.unit = Some(unit);
            }
        }
        let counts = comparison.count();
        if let Ok(mut spare) = self.spare.lock() {
            spare.push(comparison);
        }
        counts
    }
}

/// Returns how many runs of `k` words two texts share, and how many each has, counted on the words.
#[must_use]
pub fn shared(left: &str, right: &str, k: usize) -> Counts {
    let mut comparison = Comparison::default();
    comparison.left.fill(left, k.max(1));
    comparison.right.fill(right, k.max(1));
    comparison.count()
}

/// The buffers of one comparison.
#[derive(Debug, Default)]
struct Comparison {
    left: ShingledText,
    right: ShingledText,
    /// Open addressing: the shingle that stands in each slot, 0 where none does.
    table: Vec<u32>,
}

/// The words of a text and their runs.
#[derive(Debug, Default)]
struct ShingledText {
    /// The unit that is in here: pairs come with the same left one in a row.
    unit: Option<u32>,
    form: String,
    /// Bytes of `form`.
    words: Vec<(u32, u32)>,
    /// The hash of each word.
    hashes: Vec<u64>,
    /// The hash of each run of words: it only finds the place in the table, words decide.
    runs: Vec<u64>,
    /// How many words make a run.
    length: usize,
}

impl ShingledText {
    fn fill(&mut self, text: &str, k: usize) {
        self.words.clear();
        self.hashes.clear();
        words_and_hashes(text, &mut self.form, &mut self.words, &mut self.hashes);
        self.runs.clear();
        combine_runs(&self.hashes, k, &mut self.runs);
        self.length = k.min(self.words.len());
    }

    /// Whether the run at `at` is that of `other` at `other_at`, but for their first `known` words, which
    /// are known to be.
    fn same(&self, at: usize, other: &Self, other_at: usize, known: usize) -> bool {
        self.length == other.length
            && self.runs[at] == other.runs[other_at]
            && (known..self.length).all(|i| self.word(at + i) == other.word(other_at + i))
    }

    fn word(&self, at: usize) -> &[u8] {
        let (start, end) = self.words[at];
        &self.form.as_bytes()[start as usize..end as usize]
    }
}

/// A slot with a shingle of the right text that the left one has not; the rest is where it begins, plus 1.
const RIGHT: u32 = 1 << 31;
/// A slot with a shingle of the left text that the right one has as well.
const SHARED: u32 = 1 << 30;
const BEGIN: u32 = SHARED - 1;

impl Comparison {
    /// Counts the different shingles of both texts and those they share.
    fn count(&mut self) -> Counts {
        let (left, right) = (&self.left, &self.right);
        self.table.clear();
        self.table.resize((2 * (left.runs.len() + right.runs.len()) + 1).next_power_of_two(), 0);
        let mask = self.table.len() - 1;
        let mut counts = Counts { overlap: 0, left: 0, right: 0 };
        for (at, &run) in left.runs.iter().enumerate() {
            let mut slot = run as usize & mask;
            while self.table[slot] != 0 && !left.same(self.table[slot] as usize - 1, left, at, 0) {
                slot = (slot + 1) & mask;
            }
            if self.table[slot] == 0 {
                self.table[slot] = at as u32 + 1;
                counts.left += 1;
            }
        }
        // Where the last run stood in the left text: the next one, if it stands behind it, differs in
        // one word at most.
        let mut last = usize::MAX;
        for (at, &run) in right.runs.iter().enumerate() {
            let mut slot = run as usize & mask;
            loop {
                let entry = self.table[slot];
                let Some(begin) = (entry & BEGIN).checked_sub(1) else {
                    self.table[slot] = (at as u32 + 1) | RIGHT;
                    counts.right += 1;
                    last = usize::MAX;
                    break;
                };
                let begin = begin as usize;
                if entry & RIGHT != 0 {
                    if right.same(begin, right, at, 0) {
                        last = usize::MAX;
                        break;
                    }
                } else {
                    let known = if last.wrapping_add(1) == begin { right.length - 1 } else { 0 };
                    if left.same(begin, right, at, known) {
                        if entry & SHARED == 0 {
                            self.table[slot] |= SHARED;
                            counts.overlap += 1;
                            counts.right += 1;
                        }
                        last = begin;
                        break;
                    }
                }
                slot = (slot + 1) & mask;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(a: &str, b: &str, k: usize) -> Comparison {
        let mut comparison = Comparison::default();
        comparison.left.fill(a, k);
        comparison.right.fill(b, k);
        comparison
    }

    fn counts(a: &str, b: &str, k: usize) -> (u32, u32, u32) {
        let counts = comparison(a, b, k).count();
        (counts.overlap, counts.left, counts.right)
    }

    #[test]
    fn each_shingle_counts_once() {
        assert_eq!(counts("a b a b a b", "B a, b a", 2), (2, 2, 2));
        assert_eq!(counts("one two three four", "two three four five four five", 3), (1, 2, 4));
        assert_eq!(counts("", "", 3), (0, 0, 0));
        assert_eq!(counts("one two", "one two three", 3), (0, 1, 1));
        assert_eq!(counts("one two", "One, two!", 3), (1, 1, 1));
        assert_eq!(counts("x y x y z", "q x y x y q x y", 2), (2, 3, 4));
    }

    #[test]
    fn words_decide_where_hashes_collide() {
        let mut comparison = comparison("a b c d", "c d e e", 1);
        comparison.left.runs.fill(7);
        comparison.right.runs.fill(7);
        assert_eq!(comparison.count(), Counts { overlap: 2, left: 4, right: 3 });
    }
}
