//! The index of prefixes, and the search in it.

use rayon::prelude::*;

use super::bounds::Bounds;
use super::pairs::Pair;
use super::rank::Ranked;
use crate::duplicates::Similarity;

/// The prefixes of sets, inverted: for each rank, the sets that hold it among their first.
pub(super) struct Index<'a> {
    ranked: &'a Ranked,
    /// The indexed sets from the smallest to the largest, equal ones in input order. A set's place here is
    /// its ordinal: the length filter is a range of ordinals.
    order: Vec<u32>,
    /// The size of the set with each ordinal.
    sizes: Vec<u32>,
    /// Where each rank's postings begin, and the end.
    starts: Vec<usize>,
    /// By rank, then ordinal.
    postings: Vec<Posting>,
}

#[derive(Clone, Copy, Default)]
struct Posting {
    ordinal: u32,
    /// Where the rank stands among the set's ranks.
    position: u32,
}

/// Which sets a set is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those before it in the order of sizes: every pair is met once.
    Smaller,
}

impl<'a> Index<'a> {
    /// Indexes `sets` of `ranked`, each by its first `prefix(size)` elements.
    pub fn new(ranked: &'a Ranked, sets: impl Iterator<Item = u32>, prefix: impl Fn(u32) -> u32) -> Self {
        let mut order: Vec<u32> = sets.filter(|&set| ranked.sizes[set as usize] > 0).collect();
        order.sort_by_key(|&set| ranked.sizes[set as usize]);
        let sizes: Vec<u32> = order.iter().map(|&set| ranked.sizes[set as usize]).collect();
        let first = |set: u32, size: u32| {
            let ranks = ranked.set(set);
            let alone = size - ranks.len() as u32;
            &ranks[..(prefix(size).saturating_sub(alone) as usize).min(ranks.len())]
        };
        let mut starts = vec![0usize; ranked.distinct as usize + 1];
        for (&set, &size) in order.iter().zip(&sizes) {
            for &rank in first(set, size) {
                starts[rank as usize] += 1;
            }
        }
        // Counts become ends; filling from the last set backwards turns ends into starts.
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut postings = vec![Posting::default(); total];
        for (ordinal, (&set, &size)) in order.iter().zip(&sizes).enumerate().rev() {
            let ordinal = ordinal as u32;
            for (position, &rank) in (0u32..).zip(first(set, size)) {
                let start = &mut starts[rank as usize];
                *start -= 1;
                postings[*start] = Posting { ordinal, position };
            }
        }
        Self { ranked, order, sizes, starts, postings }
    }

    fn postings(&self, rank: u32) -> &[Posting] {
        &self.postings[self.starts[rank as usize]..self.starts[rank as usize + 1]]
    }

    /// Returns every pair of indexed sets within `bounds`, sorted by left, then right.
    pub fn probe_all(&self, bounds: &Bounds, scope: Scope) -> Vec<Pair> {
        let Scope::Smaller = scope;
        let sets = self.order.len();
        // Enough pieces to share out, few enough that their scratch space does not tell.
        let piece = sets.div_ceil(256).max(64);
        let mut pairs: Vec<Pair> = (0..sets.div_ceil(piece))
            .into_par_iter()
            .flat_map_iter(|number| {
                let mut seen = vec![u32::MAX; sets];
                let mut found = Vec::new();
                for ordinal in number * piece..sets.min((number + 1) * piece) {
                    self.probe(ordinal as u32, bounds, &mut seen, &mut found);
                }
                found
            })
            .collect();
        pairs.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
        pairs
    }

    /// Finds the sets with a smaller ordinal that match the one with `ordinal`.
    fn probe(&self, ordinal: u32, bounds: &Bounds, seen: &mut [u32], found: &mut Vec<Pair>) {
        let set = self.order[ordinal as usize];
        let size = self.sizes[ordinal as usize];
        let ranks = self.ranked.set(set);
        let alone = size - ranks.len() as u32;
        let probed = (bounds.probed_prefix(size).saturating_sub(alone) as usize).min(ranks.len());
        let smallest = bounds.smallest(size);
        let from = self.sizes.partition_point(|&size| size < smallest) as u32;
        for (i, &rank) in ranks[..probed].iter().enumerate() {
            let postings = self.postings(rank);
            let begin = postings.partition_point(|posting| posting.ordinal < from);
            for posting in postings[begin..].iter().take_while(|posting| posting.ordinal < ordinal) {
                let last = &mut seen[posting.ordinal as usize];
                if *last == ordinal {
                    continue;
                }
                *last = ordinal;
                let other = self.order[posting.ordinal as usize];
                let other_size = self.sizes[posting.ordinal as usize];
                let least = bounds.overlap(u64::from(size) + u64::from(other_size));
                let theirs = &self.ranked.set(other)[posting.position as usize + 1..];
                if let Some(overlap) = overlap(&ranks[i + 1..], theirs, 1, least) {
                    let union = size + other_size - overlap;
                    found.push(Pair {
                        left: set.min(other),
                        right: set.max(other),
                        similarity: Similarity { overlap, union },
                    });
                }
            }
        }
    }
}

/// Returns `found` and the number of ranks that both lists hold, if that is at least `least`; gives up as
/// soon as it cannot be.
fn overlap(mut a: &[u32], mut b: &[u32], found: u32, least: u32) -> Option<u32> {
    let mut found = found as usize;
    let least = least as usize;
    if found + a.len().min(b.len()) < least {
        return None;
    }
    while let (Some(&x), Some(&y)) = (a.first(), b.first()) {
        if x == y {
            found += 1;
            (a, b) = (&a[1..], &b[1..]);
        } else if x < y {
            a = &a[1..];
            if found + a.len() < least {
                return None;
            }
        } else {
            b = &b[1..];
            if found + b.len() < least {
                return None;
            }
        }
    }
    (found >= least).then_some(found as u32)
}
