//! Which shingles of a set stand first, and which sets may be near because they share one of those?
//!
//! For sets of which too few shingles are [sampled](super::sample).
//!
//! Two sets of |x| and |y| elements with Jaccard similarity t or more share one of the first
//! |x| − ⌈t|x|⌉ + 1 of x and of as many of y, under any one order of all elements (prefix filter, Chaudhuri
//! et al. 2006). Rare elements first would be best, but how often an element stands changes with each item,
//! and an order that changes would make what was indexed before wrong. So the order is that of the hashes,
//! save for the *common* shingles of the first items, which are listed once and for all and stand last.
//! Where the list is poor, look-ups touch more and answer the same.
//!
//! A posting says how large the set is and where the shingle stands in it, so that most sets that share one
//! are ruled out before anything of them is read (length and positional filter, Xiao et al. 2008).

use hashbrown::HashSet;

use crate::duplicates::Threshold;

/// A list of common shingles is made when so many items have come.
pub(super) const FREEZE_AT: u32 = 1024;
/// What share of these items a shingle must stand in to be common: a fiftieth.
pub(super) const COMMON_SHARE: u32 = 50;
/// And in how many at least.
pub(super) const COMMON_LEAST: u32 = 16;

/// Sizes above this one are not kept exactly.
const LARGEST_SIZE: u32 = (1 << 23) - 1;
/// Positions above this one are not kept exactly.
const LAST_POSITION: u32 = 255;

/// Returns the first elements of `set` (sorted, each once) under the order: enough to be found by any set
/// that is like it at `threshold`.
pub(super) fn prefix(set: &[u64], common: &HashSet<u64>, threshold: Threshold) -> Vec<u64> {
    let size = set.len() as u32;
    if size == 0 {
        return Vec::new();
    }
    let length = (size + 1 - threshold.least(size).clamp(1, size)) as usize;
    if common.is_empty() {
        return set[..length].to_vec();
    }
    let (mut first, mut last) = (Vec::with_capacity(length), Vec::new());
    for &element in set {
        if first.len() == length {
            break;
        }
        if common.contains(&element) { last.push(element) } else { first.push(element) }
    }
    first.extend(last.into_iter().take(length - first.len()));
    first
}

/// Returns what a posting says of the element at `position` of a set of `size`.
pub(super) fn place(size: u32, position: u32) -> u32 {
    size.min(LARGEST_SIZE) << 8 | position.min(LAST_POSITION)
}

/// A set that is looked up, and how like another one must be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub size: u32,
    pub threshold: Threshold,
}

impl Question {
    /// How many elements the set must share with one of `size`.
    pub fn least(&self, size: u32) -> u32 {
        let (numerator, denominator) = self.threshold.fraction();
        let both = u128::from(self.size) + u128::from(size);
        let total = u128::from(numerator) + u128::from(denominator);
        (both * u128::from(numerator)).div_ceil(total) as u32
    }

    /// Returns whether a set can share enough that is met at `place` with its element at `position`.
    pub fn may(&self, position: u32, place: u32) -> bool {
        let (size, theirs) = (place >> 8, place & LAST_POSITION);
        if size == LARGEST_SIZE || size == 0 || self.size == 0 {
            return true;
        }
        // Of what comes earlier in the order, no more can be shared than the one has that has less of it.
        // Positions that are not exact are too low, which leaves more behind.
        let before = if theirs == LAST_POSITION { position } else { position.min(theirs) };
        let behind = (self.size - 1 - position.min(self.size - 1)).min((size - 1).saturating_sub(theirs));
        before + 1 + behind >= self.least(size)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::duplicates::Similarity;

    fn overlap(x: &[u64], y: &[u64]) -> u32 {
        x.iter().filter(|element| y.contains(element)).count() as u32
    }

    proptest! {
        #[test]
        fn sets_that_are_alike_meet_and_are_not_ruled_out(
            shared in prop::collection::btree_set(0u64..400, 0..60),
            left in prop::collection::btree_set(400u64..500, 0..12),
            right in prop::collection::btree_set(500u64..600, 0..12),
            common in prop::collection::btree_set(0u64..600, 0..200),
            percent in 30u64..=100,
        ) {
            let threshold = Threshold::percent(percent);
            // Hashes have no pattern.
            let spread = |set: &BTreeSet<u64>| -> BTreeSet<u64> {
                set.iter().map(|&element| (element + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect()
            };
            let common: HashSet<u64> = spread(&common).into_iter().collect();
            let x: Vec<u64> = spread(&shared.union(&left).copied().collect()).into_iter().collect();
            let y: Vec<u64> = spread(&shared.union(&right).copied().collect()).into_iter().collect();
            prop_assume!(!x.is_empty() && !y.is_empty());
            let shared = overlap(&x, &y);
            let union = (x.len() + y.len()) as u32 - shared;
            let alike = Similarity { overlap: shared, union }.at_least(threshold);
            let (first, theirs) = (prefix(&x, &common, threshold), prefix(&y, &common, threshold));
            let question = Question { size: x.len() as u32, threshold };
            let meets = (0..).zip(&first).any(|(position, element)| {
                let there = theirs.iter().position(|other| other == element);
                there.is_some_and(|there| question.may(position, place(y.len() as u32, there as u32)))
            });
            prop_assert!(!alike || meets);
        }
    }
}
