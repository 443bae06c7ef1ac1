//! The earliest like set, where not every set may be compared with every other.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};

use super::bounds::Bounds;
use super::pieces::in_order;
use super::probe::{Index, Seen, overlap};
use super::{Counts, Pair, SetJoin, Work};
use crate::duplicates::Threshold;

/// Says which sets may be compared. Sets come in stretches, such as the paragraphs of one document: a like
/// one in a set's own stretch is preferred to any before it. Called from many threads.
pub trait Scope: Sync {
    /// Returns whether `set` wants to know what it is like.
    fn asks(&self, set: u32) -> bool;

    /// Returns the first set of the stretch that `set` belongs to; `set` itself where it is alone.
    fn stretch(&self, set: u32) -> u32;

    /// Returns whether `set` may be told to be like `earlier`.
    fn compares(&self, earlier: u32, set: u32) -> bool;
}

impl SetJoin<'_> {
    /// Returns for each set that asks and is like an earlier one that `scope` lets it be compared with one
    /// such pair, sorted by the later set (right): the earliest of its own stretch, or where there is none,
    /// one of those before it. Which one is the same at any number of threads.
    #[must_use]
    pub fn earliest_in<S: Scope>(&self, threshold: Threshold, scope: &S) -> Vec<Pair> {
        let bounds = Bounds::new(threshold);
        let index = Index::for_each_other(&self.ranked, self.nonempty(), &bounds);
        let asked = Asked { join: self, index: &index, bounds: &bounds, threshold, scope };
        let mut out = Vec::new();
        let earliest_of = |right: u32, seen: &mut Seen, work: &mut Work, found: &mut Vec<Pair>| {
            if self.size(right) > 0 && scope.asks(right) {
                let start = scope.stretch(right).min(right);
                let pair = asked.within(start, right, seen, work);
                found.extend(pair.or_else(|| asked.among(0..start, right, seen, work)));
            }
        };
        in_order(self.groups.len() as u32, &*self.watch, earliest_of, |pair| out.push(pair));
        out
    }

    /// The sets of the group that begins with `first`, in order.
    pub(super) fn members(&self, first: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        std::iter::once(first).chain(self.groups.after(first, first))
    }
}

/// One question, for many sets.
struct Asked<'a, 'j, S> {
    join: &'a SetJoin<'j>,
    index: &'a Index<'a>,
    bounds: &'a Bounds,
    threshold: Threshold,
    scope: &'a S,
}

impl<S: Scope> Asked<'_, '_, S> {
    /// The earliest set of `group` in `among` that `right` may be compared with.
    fn member(&self, first: u32, among: &Range<u32>, right: u32) -> Option<u32> {
        let inside = self.join.members(first).skip_while(|&set| set < among.start);
        inside.take_while(|&set| set < among.end).find(|&set| self.scope.compares(set, right))
    }

    /// What `right` is like among these sets. Groups are found by their first sets, which must be there.
    fn among(&self, among: Range<u32>, right: u32, seen: &mut Seen, work: &mut Work) -> Option<Pair> {
        let join = self.join;
        let first = join.groups.first_of(right);
        // The same words, in other punctuation say: nothing can be liker.
        if let Some(left) = self.member(first, &among, right) {
            return Some(Pair { left, right, counts: join.whole(first) });
        }
        if among.is_empty() {
            return None;
        }
        let size = join.size(right);
        let mut best = None;
        let mut query = join.query(self.bounds, first, among.clone());
        query.among = among.clone();
        let least = |other, theirs| {
            let wanted = other != first && self.member(other, &among, right).is_some();
            wanted.then(|| self.bounds.overlap(u64::from(theirs) + u64::from(size)))
        };
        self.index.search(&query, seen, work, least, |other, counts| {
            match join.confirm(first, other, counts, self.threshold) {
                Some(counts) => {
                    best = self.member(other, &among, right).map(|left| (left, counts)).or(best);
                    ControlFlow::Break(())
                }
                None => ControlFlow::Continue(()),
            }
        });
        best.map(|(left, counts)| Pair { left, right, counts: counts.turned() })
    }

    /// The earliest set of its own stretch that `right` is like.
    fn within(&self, start: u32, right: u32, seen: &mut Seen, work: &mut Work) -> Option<Pair> {
        let join = self.join;
        let found = self.among(start..right, right, seen, work);
        // A group that begins before the stretch is not found by its first set.
        let first = join.groups.first_of(right);
        let size = join.size(right);
        let sizes = self.bounds.smallest(size)..=self.bounds.largest(size);
        let end = found.map_or(right, |pair| pair.left);
        let mut tried = BTreeSet::new();
        let earlier = (start..end).find_map(|left| {
            let other = join.groups.first_of(left);
            let theirs = join.size(other);
            let worth = other < start && other != first && theirs > 0 && sizes.contains(&theirs);
            if !worth || !self.scope.compares(left, right) || !tried.insert(other) {
                return None;
            }
            work.merges += 1;
            let least = self.bounds.overlap(u64::from(size) + u64::from(theirs));
            let overlap = overlap(join.ranked.set(first), join.ranked.set(other), 0, least)?;
            let counts = Counts { overlap, left: size, right: theirs };
            let counts = join.confirm(first, other, counts, self.threshold)?;
            Some(Pair { left, right, counts: counts.turned() })
        });
        earlier.or(found)
    }
}
