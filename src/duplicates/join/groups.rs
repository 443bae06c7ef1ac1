//! Sets that hold the same elements.

use rayon::prelude::*;

use super::Recount;
use super::rank::Ranked;

/// Which sets are the same: each set knows the first that holds the same elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// For each set the first of its group; itself where it is alone. Empty sets are always alone.
    first: Vec<u32>,
    /// The sets that are the same as an earlier one: by the first of their group, then in order.
    repeats: Vec<(u32, u32)>,
}

impl Groups {
    pub(super) fn new(ranked: &Ranked, recount: Option<&dyn Recount>) -> Self {
        let mut first: Vec<u32> = (0..ranked.len() as u32).collect();
        // An element that no other set holds makes its set like no other.
        let mut candidates: Vec<(u64, u32)> = first
            .par_iter()
            .filter(|&&set| ranked.sizes[set as usize] > 0 && ranked.alone(set) == 0)
            .map(|&set| (digest(ranked.set(set)), set))
            .collect();
        candidates.par_sort_unstable();
        let mut repeats: Vec<(u32, u32)> = candidates
            .par_chunk_by(|a, b| a.0 == b.0)
            .flat_map_iter(|same_digest| {
                // Digests may collide: compare with the first of each different set under this one.
                let mut firsts: Vec<u32> = Vec::new();
                let mut found = Vec::new();
                for &(_, set) in same_digest {
                    let same = |&&other: &&u32| {
                        ranked.set(other) == ranked.set(set)
                            && recount.is_none_or(|recount| recount.recount(other, set).same())
                    };
                    match firsts.iter().find(same) {
                        Some(&other) => found.push((other, set)),
                        None => firsts.push(set),
                    }
                }
                found
            })
            .collect();
        repeats.par_sort_unstable();
        for &(other, set) in &repeats {
            first[set as usize] = other;
        }
        Self { first, repeats }
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

    /// Returns each set that is the same as an earlier one, as (first of its group, set), sorted.
    #[must_use]
    pub fn repeats(&self) -> &[(u32, u32)] {
        &self.repeats
    }

    /// Returns the repeats of `first` that come after `set`, in order.
    pub(super) fn after(&self, first: u32, set: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        let from = self.repeats.partition_point(|&repeat| repeat <= (first, set));
        self.repeats[from..].iter().take_while(move |repeat| repeat.0 == first).map(|repeat| repeat.1)
    }

    /// Returns for each set the last of the group it is the first of; itself where it is alone.
    pub(super) fn lasts(&self) -> Vec<u32> {
        let mut lasts: Vec<u32> = (0..self.first.len() as u32).collect();
        for &(first, set) in &self.repeats {
            lasts[first as usize] = set;
        }
        lasts
    }
}

/// A hash of a list of ranks, to bring equal ones together.
fn digest(ranks: &[u32]) -> u64 {
    ranks.iter().fold(ranks.len() as u64, |hash, &rank| {
        (hash.rotate_left(26) ^ u64::from(rank)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}
