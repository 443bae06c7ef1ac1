//! What a join gives.

use std::collections::BTreeMap;

use super::groups::Groups;
use crate::duplicates::Similarity;

/// Two sets at or above the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The earlier set (in a join against others: the new one).
    pub left: u32,
    /// The later set (in a join against others: the old one).
    pub right: u32,
    /// How alike they are.
    pub similarity: Similarity,
}

/// A set that stands almost whole inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contained {
    /// The smaller set; of two of one size the earlier.
    pub smaller: u32,
    /// The larger set.
    pub larger: u32,
    /// How many elements both hold.
    pub overlap: u32,
    /// How many elements the smaller holds: overlap / `smaller_size` is the containment.
    pub smaller_size: u32,
    /// How many elements the larger holds.
    pub larger_size: u32,
}

/// The result of a self-join, with the sets that are the same still together: n copies are one group, not
/// n²/2 pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Which sets are the same.
    pub groups: Groups,
    /// How many different elements each set holds.
    pub sizes: Vec<u32>,
    /// The pairs between the firsts of groups, sorted by left, then right; left < right.
    pub pairs: Vec<Pair>,
}

impl Joined {
    pub(super) fn new(groups: Groups, sizes: Vec<u32>, pairs: Vec<Pair>) -> Self {
        Self { groups, sizes, pairs }
    }

    /// Gives `take` every pair, sorted by left, then right, groups spelt out. No more of them is in memory
    /// at a time than one set has.
    pub fn for_each(&self, mut take: impl FnMut(Pair)) {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (set, first) in self.groups.repeats() {
            members.entry(first).or_insert_with(|| vec![first]).push(set);
        }
        if members.is_empty() {
            self.pairs.iter().copied().for_each(take);
            return;
        }
        // Every pair of firsts from both sides.
        let mut sides: Vec<(u32, u32, Similarity)> = Vec::with_capacity(2 * self.pairs.len());
        for pair in &self.pairs {
            sides.push((pair.left, pair.right, pair.similarity));
            sides.push((pair.right, pair.left, pair.similarity));
        }
        sides.sort_unstable_by_key(|&(from, to, _)| (from, to));
        let mut rights: Vec<(u32, Similarity)> = Vec::new();
        for left in 0..self.groups.len() as u32 {
            let first = self.groups.first_of(left);
            rights.clear();
            let mut add = |other: u32, similarity| match members.get(&other) {
                Some(same) => {
                    let from = same.partition_point(|&set| set <= left);
                    rights.extend(same[from..].iter().map(|&set| (set, similarity)));
                }
                None if other > left => rights.push((other, similarity)),
                None => {}
            };
            let size = self.sizes[first as usize];
            add(first, Similarity { overlap: size, union: size });
            let from = sides.partition_point(|&(side, ..)| side < first);
            for &(_, other, similarity) in sides[from..].iter().take_while(|&&(side, ..)| side == first) {
                add(other, similarity);
            }
            rights.sort_unstable_by_key(|&(right, _)| right);
            for &(right, similarity) in &rights {
                take(Pair { left, right, similarity });
            }
        }
    }

    /// Returns every pair, sorted by left, then right, groups spelt out.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<Pair> {
        let mut out = Vec::new();
        self.for_each(|pair| out.push(pair));
        out
    }
}
