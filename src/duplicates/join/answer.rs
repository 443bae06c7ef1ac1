//! What a join can be asked.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

use super::bounds::Bounds;
use super::pieces::in_order;
use super::probe::{Index, Query, Seen};
use super::{Counts, Pair, SetJoin, Work};
use crate::duplicates::Threshold;

/// A set that stands almost whole inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contained {
    /// The set that stands in the other: the smaller one, or the later of two of one size.
    pub inner: u32,
    /// The set that holds it.
    pub outer: u32,
    /// How much they share; left is the inner.
    pub counts: Counts,
}

impl SetJoin<'_> {
    /// Gives `take` every pair with Jaccard similarity of at least `threshold`, sorted by left, then right.
    /// Empty sets match nothing. Returns the work it was.
    pub fn for_each_pair(&self, threshold: Threshold, take: impl FnMut(Pair)) -> Work {
        self.each_pair(threshold, true, take)
    }

    /// Gives `take` every pair of sets that are each the first of their group: with [`SetJoin::groups`] that
    /// says as much as all pairs, and n copies of m texts are m texts.
    pub fn for_each_pair_of_firsts(&self, threshold: Threshold, take: impl FnMut(Pair)) -> Work {
        self.each_pair(threshold, false, take)
    }

    fn each_pair(&self, threshold: Threshold, spell_out: bool, take: impl FnMut(Pair)) -> Work {
        let bounds = Bounds::new(threshold);
        let index = Index::for_each_other(&self.ranked, self.nonempty(), &bounds);
        // An earlier set still counts for its repeats behind the one that looks.
        let lasts = self.groups.lasts();
        let repeated = self.nonempty().filter(|&set| lasts[set as usize] != set);
        let repeated = Index::for_others(&self.ranked, repeated, |size| bounds.prefix(size));
        let count = self.groups.len() as u32;
        let pairs_of = |left: u32, seen: &mut Seen, work: &mut Work, found: &mut Vec<Pair>| {
            let first = self.groups.first_of(left);
            if self.size(first) == 0 || !spell_out && first != left {
                return;
            }
            let before = found.len();
            let pair = |right, counts| Pair { left, right, counts };
            let mut same = self.groups.after(first, left).peekable();
            if spell_out && same.peek().is_some() {
                let whole = self.whole(first);
                found.extend(same.map(|right| pair(right, whole)));
            }
            let mut query = self.query(&bounds, first, left + 1..count);
            let least = |_, size| Some(bounds.overlap(u64::from(size) + u64::from(self.size(first))));
            index.search(&query, seen, work, least, |other, counts| {
                if let Some(counts) = self.confirm(first, other, counts, threshold) {
                    found.push(pair(other, counts));
                    if spell_out {
                        let same = self.groups.after(other, other);
                        found.extend(same.map(|right| pair(right, counts)));
                    }
                }
                ControlFlow::Continue(())
            });
            if spell_out && !repeated.is_empty() {
                query.among = 0..left;
                let wanted = |other| other != first && lasts[other as usize] > left;
                let least = |other, size| wanted(other).then(|| least(other, size)).flatten();
                repeated.search(&query, seen, work, least, |other, counts| {
                    if let Some(counts) = self.confirm(first, other, counts, threshold) {
                        found.extend(self.groups.after(other, left).map(|right| pair(right, counts)));
                    }
                    ControlFlow::Continue(())
                });
            }
            found[before..].sort_unstable();
        };
        in_order(count, &*self.watch, pairs_of, take)
    }

    /// Returns every pair of at least `threshold`: see [`SetJoin::for_each_pair`], which needs no memory for
    /// them.
    #[must_use]
    pub fn pairs(&self, threshold: Threshold) -> Vec<Pair> {
        let mut out = Vec::new();
        self.for_each_pair(threshold, |pair| out.push(pair));
        out
    }

    /// Gives `take` every pair of at least `threshold` of one of the first `old` sets (left) and one of the
    /// others (right), sorted by right, then left. Returns the work it was.
    pub fn for_each_across(&self, old: u32, threshold: Threshold, take: impl FnMut(Pair)) -> Work {
        let bounds = Bounds::new(threshold);
        let known = self.nonempty().filter(|&set| set < old);
        let index = Index::for_others(&self.ranked, known, |size| bounds.prefix(size));
        let pairs_of = |new: u32, seen: &mut Seen, work: &mut Work, found: &mut Vec<Pair>| {
            let right = old + new;
            let size = self.size(right);
            let before = found.len();
            let query = self.query(&bounds, right, 0..old);
            let least = |_, theirs| Some(bounds.overlap(u64::from(theirs) + u64::from(size)));
            index.search(&query, seen, work, least, |other, counts| {
                if let Some(counts) = self.confirm(right, other, counts, threshold) {
                    let Counts { overlap, left, right: theirs } = counts;
                    let counts = Counts { overlap, left: theirs, right: left };
                    found.push(Pair { left: other, right, counts });
                    let same = self.groups.after(other, other).take_while(|&set| set < old);
                    found.extend(same.map(|left| Pair { left, right, counts }));
                }
                ControlFlow::Continue(())
            });
            found[before..].sort_unstable();
        };
        in_order((self.groups.len() as u32).saturating_sub(old), &*self.watch, pairs_of, take)
    }

    /// Returns for each set that is like an earlier one the earliest such, sorted by the later set (right):
    /// at most one pair a set, however many the sets that are alike.
    ///
    /// A set looks at earlier ones only until it has met one, and then only at still earlier ones, so that a
    /// crowd of sets all alike costs one comparison each.
    #[must_use]
    pub fn earliest(&self, threshold: Threshold) -> (Vec<Pair>, Work) {
        let bounds = Bounds::new(threshold);
        let index = Index::for_each_other(&self.ranked, self.nonempty(), &bounds);
        let earliest_of = |right: u32, seen: &mut Seen, work: &mut Work, found: &mut Vec<Pair>| {
            let size = self.size(right);
            if self.groups.first_of(right) != right {
                return;
            }
            let mut best = None;
            let query = self.query(&bounds, right, 0..right);
            let least = |_, theirs| Some(bounds.overlap(u64::from(theirs) + u64::from(size)));
            index.search(&query, seen, work, least, |other, counts| {
                match self.confirm(right, other, counts, threshold) {
                    Some(counts) => {
                        best = Some((other, counts));
                        ControlFlow::Break(())
                    }
                    None => ControlFlow::Continue(()),
                }
            });
            if let Some((left, Counts { overlap, left: ours, right: theirs })) = best {
                found.push(Pair { left, right, counts: Counts { overlap, left: theirs, right: ours } });
            }
        };
        let mut out = Vec::new();
        let work = in_order(self.groups.len() as u32, &*self.watch, earliest_of, |pair| out.push(pair));
        // A repeat is like what its first is like, and if that is nothing, like its first.
        let of_firsts = out.len();
        for &(first, right) in self.groups.repeats() {
            let pair = out[..of_firsts].binary_search_by_key(&first, |pair| pair.right);
            let (left, counts) = match pair {
                Ok(at) => (out[at].left, out[at].counts),
                Err(_) => (first, self.whole(first)),
            };
            out.push(Pair { left, right, counts });
        }
        out.sort_unstable_by_key(|pair| pair.right);
        (out, work)
    }

    /// Returns for each set of at least `least_size` elements that stands almost whole inside another (they share
    /// at least `containment` of the smaller one) the first set it stands in, sorted by the inner set.
    /// Pairs whose Jaccard similarity is at least `below` are left out, and of sets that are the same only
    /// the first counts.
    #[must_use]
    pub fn contained(
        &self,
        containment: Threshold,
        least_size: u32,
        below: Option<Threshold>,
    ) -> (Vec<Contained>, Work) {
        let first = |set| self.groups.first_of(set) == set;
        self.contained_in(containment, least_size, below, |inner, outer| first(inner) && first(outer))
    }

    /// Returns what [`SetJoin::contained`] does among the sets that `compares` lets be compared (inner,
    /// outer): the first outer set of those.
    #[must_use]
    pub fn contained_in(
        &self,
        containment: Threshold,
        least_size: u32,
        below: Option<Threshold>,
        compares: impl Fn(u32, u32) -> bool + Sync,
    ) -> (Vec<Contained>, Work) {
        let bounds = Bounds::new(containment);
        let inner = self.nonempty().filter(|&set| self.size(set) >= least_size);
        let index = Index::for_others(&self.ranked, inner, |size| bounds.prefix(size));
        let count = self.groups.len() as u32;
        let inside = |outer: u32, seen: &mut Seen, work: &mut Work, found: &mut Vec<Contained>| {
            let size = self.size(outer);
            if size < least_size || self.groups.first_of(outer) != outer {
                return;
            }
            let least = |inner, smaller| ((smaller, outer) < (size, inner)).then(|| bounds.smallest(smaller));
            let query = Query { set: outer, prefix: size, among: 0..count, sizes: least_size..=size };
            let before = found.len();
            index.search(&query, seen, work, least, |inner, counts| {
                let counts = self.recount.as_ref().map_or(counts, |recount| recount.recount(outer, inner));
                let alike = below.is_some_and(|below| counts.similarity().at_least(below));
                if counts.containment().at_least(containment) && !alike {
                    let Counts { overlap, left, right } = counts;
                    let counts = Counts { overlap, left: right, right: left };
                    found.extend(self.members(inner).filter_map(|inner| {
                        let outer = self.members(outer).find(|&outer| compares(inner, outer))?;
                        Some(Contained { inner, outer, counts })
                    }));
                }
                ControlFlow::Continue(())
            });
            found[before..].sort_unstable_by_key(|contained| contained.inner);
        };
        let mut found: BTreeMap<u32, Contained> = BTreeMap::new();
        let work = in_order(count, &*self.watch, inside, |contained: Contained| {
            let first = found.entry(contained.inner).or_insert(contained);
            if contained.outer < first.outer {
                *first = contained;
            }
        });
        (found.into_values().collect(), work)
    }

    /// Returns every pair that shares at least `containment` of the smaller set, sorted; `None` if there are
    /// more than `most`. Unlike [`SetJoin::contained`] it takes sets of any size and in any relation.
    #[must_use]
    pub fn contained_pairs(&self, containment: Threshold, most: usize) -> Option<Vec<Pair>> {
        let bounds = Bounds::new(containment);
        let index = Index::for_others(&self.ranked, self.nonempty(), |size| bounds.prefix(size));
        let count = self.groups.len() as u32;
        let pairs_of = |outer: u32, seen: &mut Seen, work: &mut Work, found: &mut Vec<Pair>| {
            let size = self.size(outer);
            if size == 0 || self.groups.first_of(outer) != outer {
                return;
            }
            let mut add = |left: u32, right: u32, counts: Counts| {
                found.push(if left < right {
                    Pair { left, right, counts }
                } else {
                    Pair { left: right, right: left, counts: counts.turned() }
                });
            };
            let whole = self.members(outer).nth(1).map(|_| self.whole(outer));
            for (n, left) in self.members(outer).enumerate() {
                let later = self.members(outer).skip(n + 1);
                whole.into_iter().for_each(|whole| later.clone().for_each(|right| add(left, right, whole)));
            }
            let least = |inner, smaller| ((smaller, outer) < (size, inner)).then(|| bounds.smallest(smaller));
            let query = Query { set: outer, prefix: size, among: 0..count, sizes: 1..=size };
            index.search(&query, seen, work, least, |inner, counts| {
                let counts = self.recount.as_ref().map_or(counts, |recount| recount.recount(outer, inner));
                if counts.containment().at_least(containment) {
                    for left in self.members(outer) {
                        self.members(inner).for_each(|right| add(left, right, counts));
                    }
                }
                ControlFlow::Continue(())
            });
        };
        let mut out = Vec::new();
        let mut more = false;
        in_order(
            count,
            &*self.watch,
            pairs_of,
            |pair| {
                if out.len() < most { out.push(pair) } else { more = true }
            },
        );
        out.par_sort_unstable();
        (!more).then_some(out)
    }

    /// The sets to index: not empty, the first of their group.
    pub(super) fn nonempty(&self) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
        (0..self.groups.len() as u32).filter(|&set| self.groups.first_of(set) == set && self.size(set) > 0)
    }

    /// A query for the sets `among` that `set` can match.
    pub(super) fn query(&self, bounds: &Bounds, set: u32, among: Range<u32>) -> Query {
        let size = self.size(set);
        let sizes = bounds.smallest(size)..=bounds.largest(size);
        Query { set, prefix: bounds.prefix(size), among, sizes }
    }

    /// What two sets really share, if that reaches `threshold`.
    pub(super) fn confirm(
        &self,
        left: u32,
        right: u32,
        counts: Counts,
        threshold: Threshold,
    ) -> Option<Counts> {
        let Some(recount) = &self.recount else { return Some(counts) };
        let counts = recount.recount(left, right);
        counts.similarity().at_least(threshold).then_some(counts)
    }

    /// What a set shares with one that is the same.
    pub(super) fn whole(&self, set: u32) -> Counts {
        match &self.recount {
            Some(recount) => recount.recount(set, set),
            None => {
                let size = self.size(set);
                Counts { overlap: size, left: size, right: size }
            }
        }
    }
}
