//! What is near by its hashes, counted on the words in the second pass.

use super::places::Seen;
use crate::duplicates::Threshold;
use crate::duplicates::near::{CONTAINMENT, SHINGLE_WORDS, shared};
use crate::lint::{Inside, Likeness};

/// Returns how much two passages share, counted on their words; `None` where that is below the threshold:
/// two runs of words had one hash.
pub(super) fn likeness(first: &Seen, again: &Seen, threshold: Threshold) -> Option<Likeness> {
    let (first, again) = (first.near.as_ref()?, again.near.as_ref()?);
    let similarity = shared(&first.words, &again.words, SHINGLE_WORDS).similarity();
    similarity.at_least(threshold).then_some(Likeness { similarity, same: None, inside: None })
}

/// Returns how much of a document stands inside another, counted on their words; `None` where that is not
/// almost all.
pub(super) fn inside(outer: &Seen, inner: &Seen) -> Option<Likeness> {
    let (outer, inner) = (outer.near.as_ref()?, inner.near.as_ref()?);
    let counts = shared(&inner.words, &outer.words, SHINGLE_WORDS);
    let inside = Some(Inside { inner: counts.left, outer: counts.right });
    let likeness = Likeness { similarity: counts.similarity(), same: None, inside };
    counts.containment().at_least(CONTAINMENT).then_some(likeness)
}
