//! Which pairs of paragraphs are worth comparing, and how alike they are.

use std::collections::BTreeMap;

use super::budget::Budget;
use super::resemblance::{Bag, Resemblance, Vocabulary};

/// Up to this many pairs are all compared; beyond, only those that share a rare word.
const ALL_PAIRS: usize = 10_000;
/// A paragraph is looked up by its so many rarest words.
const LOOKED_UP: usize = 12;
/// A word that stands in more paragraphs than this finds nothing.
const FREQUENT: u32 = 60;
/// So many of what a paragraph's rare words found are compared with it in full.
const COMPARED: usize = 8;
/// What is alike to less than this is no pair.
const LEAST: f64 = 0.1;

/// A pair of paragraphs that may belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// Position among the old paragraphs given.
    pub old: u32,
    /// Position among the new paragraphs given.
    pub new: u32,
    /// How alike the two are.
    pub alike: Resemblance,
    /// How good the link between the two alone is.
    pub score: f64,
}

/// Paragraphs of both sides: key of the normal form, and bag.
pub(super) struct Candidates<'a> {
    pub vocabulary: &'a Vocabulary,
    pub old: Vec<(u32, Option<&'a Bag>)>,
    pub new: Vec<(u32, Option<&'a Bag>)>,
}

impl Candidates<'_> {
    /// Returns whether so few pairs need no index.
    pub const fn few(old: usize, new: usize) -> bool {
        old.saturating_mul(new) <= ALL_PAIRS
    }

    /// Returns the pairs that may belong together, sorted by old, then new position.
    pub fn pairs(&self, budget: &mut Budget) -> Vec<Pair> {
        let mut pairs = Vec::new();
        if Self::few(self.old.len(), self.new.len()) {
            let words = |side: &[(u32, Option<&Bag>)]| -> u64 {
                side.iter().map(|(_, bag)| bag.map_or(1, |bag| bag.words.len() as u64 + 1)).sum()
            };
            let (n, m) = (self.old.len() as u64, self.new.len() as u64);
            if budget.take(words(&self.old) * m + words(&self.new) * n) {
                for i in 0..self.old.len() {
                    pairs.extend((0..self.new.len()).filter_map(|j| self.compare(i, j)));
                }
                return pairs;
            }
        }
        // Word → new paragraphs that hold it.
        let mut postings: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (j, bag) in self.new.iter().enumerate() {
            for &(word, _) in bag.1.iter().flat_map(|bag| &bag.words) {
                if self.vocabulary.passages(word) <= FREQUENT {
                    postings.entry(word).or_default().push(j as u32);
                }
            }
        }
        let mut scores = vec![0.0; self.new.len()];
        for (i, &(_, bag)) in self.old.iter().enumerate() {
            let Some(bag) = bag else { continue };
            let mut rare: Vec<(u32, u32)> = bag
                .words
                .iter()
                .map(|&(word, _)| (self.vocabulary.passages(word), word))
                .filter(|&(passages, _)| (2..=FREQUENT).contains(&passages))
                .collect();
            rare.sort_unstable();
            rare.truncate(LOOKED_UP);
            let mut found: Vec<(u32, f64)> = Vec::new();
            for (passages, word) in rare {
                for &j in postings.get(&word).into_iter().flatten() {
                    let score = &mut scores[j as usize];
                    if *score == 0.0 {
                        found.push((j, 0.0));
                    }
                    *score += 1.0 / f64::from(passages);
                }
            }
            for (j, score) in &mut found {
                *score = std::mem::take(&mut scores[*j as usize]);
            }
            found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            found.truncate(COMPARED);
            found.sort_unstable_by_key(|&(j, _)| j);
            let cost: usize = found.len() * bag.words.len().max(1) * 2;
            if !budget.take_or_degrade(cost as u64) {
                break;
            }
            pairs.extend(found.iter().filter_map(|&(j, _)| self.compare(i, j as usize)));
        }
        pairs
    }

    fn compare(&self, i: usize, j: usize) -> Option<Pair> {
        let ((old_key, old), (new_key, new)) = (self.old[i], self.new[j]);
        let (old, new) = (old?, new?);
        let alike = if old_key == new_key {
            Resemblance { dice: 1.0, old_kept: 1.0, new_known: 1.0 }
        } else {
            self.vocabulary.resemblance(old, new)
        };
        let score = score(alike, old.length.min(new.length));
        let worth = alike.dice.max(alike.old_kept).max(alike.new_known) >= LEAST;
        worth.then_some(Pair { old: i as u32, new: j as u32, alike, score })
    }
}

/// How good a link is: Dice, or nearly all of the shorter standing in the longer (cut, or expanded).
fn score(alike: Resemblance, shorter: u32) -> f64 {
    let contained = alike.old_kept.max(alike.new_known);
    if shorter >= 4 { alike.dice.max(contained * 0.45) } else { alike.dice }
}
