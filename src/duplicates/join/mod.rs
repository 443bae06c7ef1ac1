//! Which sets are alike, exactly?
//!
//! A set-similarity join over sets of 64-bit hashes; it knows no documents and no words. [`Sets`] takes
//! the sets and [`SetJoin`] makes them ready; then it gives every pair with Jaccard similarity at or above
//! a threshold and no other, or for each set the earliest such, or the sets that stand almost whole
//! inside others. Nothing is sampled: what MinHash estimates is counted here.
//!
//! 1. [`rank`] counts in how many sets each element stands and numbers the shared ones from the rarest to
//!    the most common. An element of one set only can match nothing: it is counted in the set's size, at
//!    the front of the order, and forgotten.
//! 2. Sets that hold the same elements are collapsed to the first of them ([`groups`]), and spelt out
//!    again when pairs are given.
//! 3. [`probe`] indexes the first few (rarest) elements of each set. Two sets of |x| and |y| elements
//!    that reach t share one of the first |x| − ⌈t|x|⌉ + 1 of x and of as many of y (prefix filter,
//!    Chaudhuri et al. 2006), have |y| ≥ t|x| (length filter), and their first common element leaves
//!    enough behind it (positional filter, Xiao et al. 2008). What is left is merged, and the merge stops
//!    when it cannot win any more (Mann et al. 2016 found that to beat cleverer filters).
//!
//! Every bound is an integer worked out by cross-multiplying ([`bounds`]), so a pair exactly at the
//! threshold is in. Pairs are given as they are found, in order, and are the same at any number of threads.
//!
//! # What it costs
//!
//! Time linear in the elements, and a merge for each pair that shares a rare element: [`Work`] counts them.
//! What thousands of sets share is common, stands at the end of the order and is not indexed, as long as
//! a set holds enough besides. Where n different sets are nearly the same, the answer itself has n²/2
//! pairs, and giving them all takes as long; they are never all in memory, and [`SetJoin::earliest`], which
//! gives at most one for each set, stops at the first it meets. Sets that are the same cost nothing.
//!
//! # Hashes and what they stand for
//!
//! Two different things may have one hash. A [`Recount`] counts a pair again on the things themselves, and
//! what it says is what is given: no collision can invent a pair or bend a figure. A pair can be lost only
//! when two different things of one set collide and the pair stands exactly at the threshold: for a set
//! of 300 that chance is below 10⁻¹⁴.

mod answer;
mod bounds;
mod groups;
mod pieces;
mod probe;
mod rank;
mod scoped;
mod sets;

pub use answer::Contained;
pub use groups::Groups;
pub use scoped::Scope;
pub use sets::Sets;

pub use pieces::Work;

use super::Similarity;
use rank::Ranked;

/// Two sets at or above a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The earlier set.
    pub left: u32,
    /// The later set.
    pub right: u32,
    /// How much they share.
    pub counts: Counts,
}

/// How many elements two sets share, and how many each holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counts {
    /// How many elements both hold.
    pub overlap: u32,
    /// How many elements the left one holds.
    pub left: u32,
    /// How many elements the right one holds.
    pub right: u32,
}

impl Counts {
    /// Returns the Jaccard similarity.
    #[must_use]
    pub const fn similarity(self) -> Similarity {
        Similarity { overlap: self.overlap, union: self.left + self.right - self.overlap }
    }

    /// Returns the containment: the overlap over the smaller set.
    #[must_use]
    pub const fn containment(self) -> Similarity {
        let smaller = if self.left < self.right { self.left } else { self.right };
        Similarity { overlap: self.overlap, union: smaller }
    }

    /// Returns the counts with the other set on the left.
    const fn turned(self) -> Self {
        Self { overlap: self.overlap, left: self.right, right: self.left }
    }

    /// Returns whether both hold the same.
    const fn same(self) -> bool {
        self.overlap == self.left && self.overlap == self.right
    }
}

/// Counts two sets again on what their hashes stand for. Called from many threads.
pub trait Recount: Sync {
    /// Returns how much sets `left` and `right` really share.
    fn recount(&self, left: u32, right: u32) -> Counts;
}

/// Sets made ready to be joined.
pub struct SetJoin<'a> {
    ranked: Ranked,
    groups: Groups,
    recount: Option<Box<dyn Recount + 'a>>,
    watch: Box<dyn Fn(u64) + Sync + 'a>,
}

impl<'a> SetJoin<'a> {
    /// Makes `sets` ready. With no `recount` the hashes are believed.
    #[must_use]
    pub fn new(sets: Sets, recount: Option<Box<dyn Recount + 'a>>) -> Self {
        let ranked = Ranked::new(sets);
        let groups = Groups::new(&ranked, recount.as_deref());
        Self { ranked, groups, recount, watch: Box::new(|_| {}) }
    }

    /// Returns the same, telling `watch` now and then how many more sets a question is done with.
    #[must_use]
    pub fn watched(mut self, watch: impl Fn(u64) + Sync + 'a) -> Self {
        self.watch = Box::new(watch);
        self
    }

    /// Returns which sets are the same.
    #[must_use]
    pub const fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Returns how many different elements `set` holds, by their hashes.
    #[must_use]
    pub fn size(&self, set: u32) -> u32 {
        self.ranked.sizes[set as usize]
    }
}
