//! What is posted of a set of shingles, so that every set that is like it can be found?
//!
//! Half of all shingles are *sampled*: those whose hash lies in the lower half. All sampled shingles of an
//! item are posted, and a look-up by those of another one counts how many the two share. Of the rest it is
//! known how many there are, so whoever shares too few of the sampled ones is ruled out before its text is
//! read. A set that may miss *m* of its elements in a set that is like it (as similarity or containment asks)
//! shares a sampled one with it for certain when it has more than *m* of them. Sets that have not are *odd*:
//! short ones, by chance. Two odd sets find each other by the first shingles of both under one
//! [`order`](super::order) (prefix filter), which are posted of odd sets only, and of short paragraphs.
//!
//! Common shingles are posted apart and not counted as sampled: their lists are long and tell little.

use hashbrown::HashSet;

use super::item::ParagraphSet;
use super::order::{place, prefix};
use super::runs::Kind;
use crate::duplicates::Threshold;
use crate::duplicates::near::{CONTAINED_SHINGLES, CONTAINMENT};

/// Paragraphs of so few shingles are looked up by the first of them under the order: what they share with an
/// item as a whole tells little.
pub(super) const SHORT: u32 = 24;

/// Whether the shingle is sampled, if it is not common.
pub(super) const fn is_low(shingle: u64) -> bool {
    shingle >> 63 == 0
}

/// How many shingles a set has, and how many of them are sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub size: u32,
    pub sampled: u32,
}

impl Shape {
    pub fn of(set: &[u64], common: &HashSet<u64>) -> Self {
        let sampled = low(set).iter().filter(|shingle| !common.contains(*shingle)).count();
        Self { size: set.len() as u32, sampled: sampled as u32 }
    }

    /// The shape as a posting holds it.
    pub fn packed(self) -> u32 {
        let most = u32::from(u16::MAX);
        if self.size >= most { u32::MAX } else { self.size << 16 | self.sampled }
    }

    /// The shape of a posting; `None` for a set that is too large for one.
    pub fn unpacked(packed: u32) -> Option<Self> {
        (packed != u32::MAX).then_some(Self { size: packed >> 16, sampled: packed & u32::from(u16::MAX) })
    }

    /// Whether a set that shares `least` elements with this one may have none of the sampled ones.
    pub const fn may_hide(self, least: u32) -> bool {
        self.sampled <= self.size.saturating_sub(least)
    }

    /// How many elements a set can share at most that shares so many of the sampled ones.
    pub const fn at_most(self, shared: u32) -> u32 {
        shared + self.size.saturating_sub(self.sampled)
    }

    pub fn is_odd(self, threshold: Threshold) -> bool {
        self.may_hide(threshold.least(self.size))
    }

    /// How many shingles must stand in another text for this one to stand inside of it; `None` for one that
    /// is too short.
    pub fn inside(self) -> Option<u32> {
        (self.size >= CONTAINED_SHINGLES).then(|| CONTAINMENT.least(self.size))
    }
}

/// The elements of the sorted `set` in the lower half.
pub(super) fn low(set: &[u64]) -> &[u64] {
    let end = set.partition_point(|&shingle| is_low(shingle));
    &set[..end]
}

/// What kind of set a posting of the first shingles is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Document,
    Paragraph,
}

const PARAGRAPH: u32 = 1 << 31;

/// What a posting of a first shingle says.
fn first(whose: Whose, size: u32, position: u32) -> u32 {
    let place = place(size, position);
    match whose {
        Whose::Document => place,
        Whose::Paragraph => place | PARAGRAPH,
    }
}

/// Returns whose a first shingle is, and its place.
pub(super) const fn read_first(extra: u32) -> (Whose, u32) {
    let whose = if extra & PARAGRAPH == 0 { Whose::Document } else { Whose::Paragraph };
    (whose, extra & !PARAGRAPH)
}

/// Gives `post` every shingle of a document's set and of those of its paragraphs that is posted: to which
/// postings it belongs, its hash, and what the posting says.
pub(super) fn post(
    document: &[u64],
    paragraphs: &[ParagraphSet],
    common: &HashSet<u64>,
    threshold: Threshold,
    mut post: impl FnMut(Kind, u64, u32),
) {
    let shape = Shape::of(document, common);
    for &shingle in low(document) {
        match common.contains(&shingle) {
            true => post(Kind::Common, shingle, 0),
            false => post(Kind::Sampled, shingle, shape.packed()),
        }
    }
    if shape.is_odd(threshold) {
        post_first(Whose::Document, document, common, threshold, &mut post);
    }
    if shape.inside().is_some_and(|least| shape.may_hide(least)) {
        let inner = prefix(document, common, CONTAINMENT);
        inner.into_iter().for_each(|shingle| post(Kind::Inner, shingle, shape.packed()));
    }
    for ParagraphSet { shingles, .. } in paragraphs {
        let size = shingles.len() as u32;
        // One that a short paragraph may be near to.
        if threshold.least(size) <= SHORT || Shape::of(shingles, common).is_odd(threshold) {
            post_first(Whose::Paragraph, shingles, common, threshold, &mut post);
        }
    }
}

fn post_first(
    whose: Whose,
    set: &[u64],
    common: &HashSet<u64>,
    threshold: Threshold,
    post: &mut impl FnMut(Kind, u64, u32),
) {
    let size = set.len() as u32;
    for (position, element) in (0..).zip(prefix(set, common, threshold)) {
        post(Kind::First, element, first(whose, size, position));
    }
}
