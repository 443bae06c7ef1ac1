//! Sets that hold the same elements.

use rayon::prelude::*;

use super::rank::Ranked;

/// Which sets are the same: each set knows the first that holds the same elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// For each set the first of its group; itself where it is alone. Empty sets are always alone.
    first: Vec<u32>,
}

impl Groups {
    pub(super) fn new(ranked: &Ranked) -> Self {
        let mut first: Vec<u32> = (0..ranked.len() as u32).collect();
        // An element that no other set holds makes its set like no other.
        let mut candidates: Vec<(u64, u32)> = first
            .par_iter()
            .filter(|&&set| ranked.sizes[set as usize] > 0 && ranked.alone(set) == 0)
            .map(|&set| (digest(ranked.set(set)), set))
            .collect();
        candidates.par_sort_unstable();
        for same_digest in candidates.chunk_by(|a, b| a.0 == b.0) {
            // Digests may collide: compare with the first of each different set under this one.
            let mut firsts: Vec<u32> = Vec::new();
            for &(_, set) in same_digest {
                match firsts.iter().find(|&&other| ranked.set(other) == ranked.set(set)) {
                    Some(&other) => first[set as usize] = other,
                    None => firsts.push(set),
                }
            }
        }
        Self { first }
    }

    /// Returns groups in which each of `sets` sets is alone.
    pub(super) fn alone(sets: usize) -> Self {
        Self { first: (0..sets as u32).collect() }
    }

    /// Returns how many sets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.first.len()
    }

    /// Returns whether there are no sets.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Returns the first set that holds the same elements as `set`.
    #[must_use]
    pub fn first_of(&self, set: u32) -> u32 {
        self.first[set as usize]
    }

    /// Returns the sets that are the first of their group, in order.
    pub fn firsts(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.first).filter(|&(set, &first)| set == first).map(|(set, _)| set)
    }

    /// Returns the sets that are the same as an earlier one, in order, each with the first of its group.
    pub fn repeats(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..).zip(self.first.iter().copied()).filter(|&(set, first)| set != first)
    }
}

/// A hash of a list of ranks, to bring equal ones together.
fn digest(ranks: &[u32]) -> u64 {
    ranks.iter().fold(ranks.len() as u64, |hash, &rank| {
        (hash.rotate_left(26) ^ u64::from(rank)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}
