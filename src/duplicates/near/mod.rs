//! Which texts nearly repeat?
//!
//! Those whose sets of k-word shingles have a Jaccard similarity at or above a threshold: all of them and
//! no other. [`Shingled`] takes the texts one by one (a paragraph each, or a document each: whatever the
//! caller calls a unit) and keeps only their shingles' hashes; [`Near`] joins them
//! ([`join`](super::join)) and counts every pair it gives again on the words themselves ([`recount`]), so
//! the figures are those of the texts and not of hashes.

mod facts;
mod recount;
mod shingled;

use std::borrow::Cow;

use super::Threshold;
use super::join::{Contained, Groups, Pair, SetJoin, Work};
pub use facts::{Gathered, NearFacts, NearRepeat};
use recount::WordRecount;
pub use recount::shared;
pub use shingled::{Shingled, memory};

/// The measure of the rules unless the user says otherwise: three words in a row.
pub const SHINGLE_WORDS: usize = 3;
/// The threshold of the rules unless the user says otherwise.
pub const THRESHOLD: Threshold = Threshold::percent(80);
/// How much of the smaller text must stand in the larger to be told as contained.
pub const CONTAINMENT: Threshold = Threshold::percent(90);
/// The fewest shingles a text must have to be told as contained: below, stock phrases are.
pub const CONTAINED_SHINGLES: u32 = 20;

/// Gives the text of a unit, again and from any thread: pairs are counted on it.
pub trait Texts: Sync {
    /// Returns the text that was added as unit number `unit`.
    fn text(&self, unit: u32) -> Cow<'_, str>;
}

impl<T: AsRef<str> + Sync> Texts for [T] {
    fn text(&self, unit: u32) -> Cow<'_, str> {
        Cow::Borrowed(self[unit as usize].as_ref())
    }
}

impl<T: AsRef<str> + Sync> Texts for Vec<T> {
    fn text(&self, unit: u32) -> Cow<'_, str> {
        self.as_slice().text(unit)
    }
}

/// Texts ready to be compared.
pub struct Near<'a> {
    join: SetJoin<'a>,
}

impl<'a> Near<'a> {
    /// Makes `shingled` ready; `texts` gives the same texts again.
    #[must_use]
    pub fn new<T: Texts + ?Sized>(shingled: Shingled, texts: &'a T) -> Self {
        let recount = WordRecount::new(texts, shingled.shingler.words_in_a_shingle());
        Self { join: SetJoin::new(shingled.sets, Some(Box::new(recount))) }
    }

    /// Returns the same, telling `watch` now and then how many more units a question is done with.
    #[must_use]
    pub fn watched(self, watch: impl Fn(u64) + Sync + 'a) -> Self {
        Self { join: self.join.watched(watch) }
    }

    /// Returns which units have the same shingles.
    #[must_use]
    pub const fn groups(&self) -> &Groups {
        self.join.groups()
    }

    /// Returns how many different shingles `unit` has.
    #[must_use]
    pub fn size(&self, unit: u32) -> u32 {
        self.join.size(unit)
    }

    /// Gives `take` every pair at or above `threshold`, sorted by left, then right, the earlier unit on the
    /// left. Pairs are never all in memory.
    pub fn for_each_pair(&self, threshold: Threshold, take: impl FnMut(Pair)) -> Work {
        self.join.for_each_pair(threshold, take)
    }

    /// Gives `take` every pair of units that are each the first of their group: see
    /// [`SetJoin::for_each_pair_of_firsts`].
    pub fn for_each_pair_of_firsts(&self, threshold: Threshold, take: impl FnMut(Pair)) -> Work {
        self.join.for_each_pair_of_firsts(threshold, take)
    }

    /// Returns every pair at or above `threshold`, sorted.
    #[must_use]
    pub fn pairs(&self, threshold: Threshold) -> Vec<Pair> {
        self.join.pairs(threshold)
    }

    /// Returns for each unit that is near an earlier one the earliest such: what a check tells.
    #[must_use]
    pub fn earliest(&self, threshold: Threshold) -> Vec<Pair> {
        self.join.earliest(threshold).0
    }

    /// Gives `take` every pair of one of the first `old` units and one of the others.
    pub fn for_each_across(&self, old: u32, threshold: Threshold, take: impl FnMut(Pair)) -> Work {
        self.join.for_each_across(old, threshold, take)
    }

    /// Returns every pair of which the smaller unit has at least `containment` of its shingles in common with
    /// the other, sorted; `None` if there are more than `most`.
    #[must_use]
    pub fn contained_pairs(&self, containment: Threshold, most: usize) -> Option<Vec<Pair>> {
        self.join.contained_pairs(containment, most)
    }

    /// Returns the units of at least `least` shingles that stand almost whole (at least `containment` of
    /// their shingles) inside a larger one that they are not near to by `below`: see
    /// [`SetJoin::contained`].
    #[must_use]
    pub fn contained(&self, containment: Threshold, least: u32, below: Option<Threshold>) -> Vec<Contained> {
        self.join.contained(containment, least, below).0
    }
}
