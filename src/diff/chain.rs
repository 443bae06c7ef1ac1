//! The heaviest chain: of links between two sequences, the ones that keep the order of both and weigh
//! most together.
//!
//! Fredman 1975 for the longest increasing run; with weights, a Fenwick tree of prefix maxima takes the
//! place of the binary search (Jacobson and Vo 1992). O(n log n) in the number of links.

use std::ops::Range;

/// A link between a run of the old sequence and a run of the new one; neither is empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub old: Range<u32>,
    pub new: Range<u32>,
    /// Positive; integers, so that sums do not depend on order.
    pub weight: u64,
}

/// Returns the indices of the heaviest chain of `links`, in order. Of chains of one weight, the one
/// is taken whose links stand first in `links`' order of (new end, old end, weight down).
pub(super) fn heaviest(links: &[Link]) -> Vec<usize> {
    let width = links.iter().map(|link| link.old.end).max().unwrap_or(0) as usize;
    // Best chain over old positions below `i`: (weight, link that ends it).
    let mut best: Vec<(u64, usize)> = vec![(0, usize::MAX); width + 1];
    let mut before: Vec<usize> = vec![usize::MAX; links.len()];
    let mut total: Vec<u64> = vec![0; links.len()];

    let mut by_start: Vec<usize> = (0..links.len()).collect();
    by_start.sort_by_key(|&i| (links[i].new.start, links[i].old.start, i));
    let mut by_end: Vec<usize> = (0..links.len()).collect();
    by_end.sort_by_key(|&i| (links[i].new.end, links[i].old.end, i));

    let mut ended = 0;
    for &i in &by_start {
        // Links that end before this one starts in the new sequence can stand before it.
        while let Some(&done) = by_end.get(ended) {
            if links[done].new.end > links[i].new.start {
                break;
            }
            raise(&mut best, links[done].old.end as usize, (total[done], done));
            ended += 1;
        }
        let (weight, link) = highest(&best, links[i].old.start as usize);
        before[i] = link;
        total[i] = weight + links[i].weight;
    }
    let mut at = usize::MAX;
    let mut most = 0;
    for &i in &by_end {
        if total[i] > most {
            (at, most) = (i, total[i]);
        }
    }
    let mut chain = Vec::new();
    while at != usize::MAX {
        chain.push(at);
        at = before[at];
    }
    chain.reverse();
    chain
}

/// Notes that a chain of `value` ends at old position `end`.
fn raise(tree: &mut [(u64, usize)], end: usize, value: (u64, usize)) {
    let mut at = end;
    while at < tree.len() {
        if value.0 > tree[at].0 {
            tree[at] = value;
        }
        at += at & at.wrapping_neg();
    }
}

/// The heaviest chain that ends at or before old position `end`.
fn highest(tree: &[(u64, usize)], end: usize) -> (u64, usize) {
    let mut found = (0, usize::MAX);
    let mut at = end;
    while at > 0 {
        if tree[at].0 > found.0 {
            found = tree[at];
        }
        at -= at & at.wrapping_neg();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(old: Range<u32>, new: Range<u32>, weight: u64) -> Link {
        Link { old, new, weight }
    }

    #[test]
    fn weight_decides_what_moved() {
        let links = [link(0..1, 2..3, 9), link(1..2, 0..1, 2), link(2..3, 1..2, 3)];
        assert_eq!(heaviest(&links), [0]);
        let links = [link(0..1, 2..3, 4), link(1..2, 0..1, 2), link(2..3, 1..2, 3)];
        assert_eq!(heaviest(&links), [1, 2]);
    }

    #[test]
    fn agrees_with_trying_every_subset() {
        let mut state = 7_u64;
        let mut next = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for _ in 0..200 {
            let links: Vec<Link> = (0..9)
                .map(|_| {
                    let (old, new) = (next(6) as u32, next(6) as u32);
                    link(old..old + 1 + next(2) as u32, new..new + 1 + next(2) as u32, 1 + next(5))
                })
                .collect();
            let weigh = |set: &[usize]| set.iter().map(|&i| links[i].weight).sum::<u64>();
            let ordered = |a: &Link, b: &Link| a.old.end <= b.old.start && a.new.end <= b.new.start;
            let brute = (0_u32..1 << links.len())
                .map(|bits| (0..links.len()).filter(|i| bits >> i & 1 == 1).collect::<Vec<_>>())
                .filter(|set| {
                    set.iter().all(|&a| {
                        set.iter().all(|&b| {
                            a == b || ordered(&links[a], &links[b]) || ordered(&links[b], &links[a])
                        })
                    })
                })
                .map(|set| weigh(&set))
                .max();
            let found = heaviest(&links);
            assert!(found.windows(2).all(|w| ordered(&links[w[0]], &links[w[1]])));
            assert_eq!(Some(weigh(&found)), brute);
        }
    }
}
