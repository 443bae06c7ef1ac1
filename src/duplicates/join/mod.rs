//! Which sets are alike, exactly?
//!
//! A set-similarity join over sets of 64-bit hashes; it knows no documents and no words. [`Sets`] takes
//! the sets; [`self_join`] gives every pair of them with Jaccard similarity at or above a threshold and
//! no other, [`join_against`] every such pair of a new set and an old one, [`contained`] every pair in
//! which one set stands almost whole inside the other. Nothing is sampled: what MinHash estimates is
//! counted here.
//!
//! 1. [`rank`] counts in how many sets each element stands and numbers the shared ones from the rarest to
//!    the most common. An element of one set only can match nothing: it is counted in the set's size, at
//!    the front of the order, and forgotten.
//! 2. Sets that hold the same elements are collapsed to the first of them ([`groups`]).
//! 3. [`probe`] indexes the first few (rarest) elements of each set. Two sets of |x| and |y| elements
//!    that reach t share one of the first |x| − ⌈t|x|⌉ + 1 of x (prefix filter, Chaudhuri et al. 2006),
//!    have |y| ≥ t|x| (length filter), and their first common element leaves enough behind it (positional
//!    filter, Xiao et al. 2008). What is left is merged, and the merge stops when it cannot win any
//!    more (Mann et al. 2016 found that to beat cleverer filters).
//!
//! Every bound is an integer worked out by cross-multiplying ([`bounds`]), so a pair exactly at the
//! threshold is in. The result is the same at any number of threads.
//!
//! What it costs: time linear in the elements, and a merge for each pair that shares a rare element.
//! What thousands of sets share is common, so it stands at the end of the order and is not indexed, as
//! long as a set holds enough besides. Where n different sets are nearly the same, the answer itself has
//! n²/2 pairs and the work is quadratic too; sets that are the same cost nothing.

mod bounds;
mod groups;
mod pairs;
mod probe;
mod rank;
mod sets;

pub use groups::Groups;
pub use pairs::{Contained, Joined, Pair};
pub use sets::Sets;

use super::Threshold;
use bounds::Bounds;
use probe::{Index, Scope};
use rank::Ranked;

/// Returns every pair of `sets` whose Jaccard similarity is at least `threshold`. Empty sets match nothing.
#[must_use]
pub fn self_join(sets: Sets, threshold: Threshold) -> Joined {
    let ranked = Ranked::new(sets);
    let groups = Groups::new(&ranked);
    let bounds = Bounds::new(threshold);
    let index = Index::new(&ranked, groups.firsts(), |size| bounds.indexed_prefix(size));
    let pairs = index.probe_all(&bounds, Scope::Smaller);
    Joined::new(groups, ranked.sizes, pairs)
}
