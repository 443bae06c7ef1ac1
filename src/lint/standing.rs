//! How does each copy stand in its group: has it left it, may it be blamed?
//!
//! Facts are groups of equals. What the user says makes them unequal: a comment or an allowance takes a
//! passage out of its groups, `copydesk-canonical` makes it the one that the others repeat, a baseline
//! covers copies that were there before, and `--since` blames none that is not on added lines.

use std::collections::{BTreeMap, BTreeSet};

use super::suppress::Leave;
use crate::document::DocumentId;
use crate::duplicates::exact::Spot;

/// What keeps a passage quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A comment in a document, by its number among all of the run.
    Comment(u32),
    /// An allowance of the settings, by its number.
    Allowance(u32),
}

/// What was added since some version, as far as it is known of passages.
#[derive(Clone, Debug, Default)]
pub struct AddedSpots {
    /// Documents that are new as a whole.
    pub whole: BTreeSet<DocumentId>,
    /// Passages on added lines of other documents.
    pub spots: BTreeSet<Spot>,
    /// Those documents.
    pub touched: BTreeSet<DocumentId>,
}

impl AddedSpots {
    /// Returns whether the passage at `spot` is on added lines; of a document, whether any of it is.
    #[must_use]
    pub fn holds(&self, spot: Spot) -> bool {
        let whole = self.whole.contains(&spot.document);
        match spot.start {
            Spot::WHOLE => whole || self.touched.contains(&spot.document),
            _ => whole || self.spots.contains(&spot),
        }
    }
}

/// Whether a copy may be blamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// It is told.
    Told,
    /// The baseline covers it.
    Baselined,
    /// It is not told, and nobody has to know.
    Never,
}

/// How each copy stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// What passages leave, and why; [`Spot::WHOLE`] for documents as a whole.
    pub left: BTreeMap<Spot, Vec<(Leave, Cause)>>,
    /// Passages that are canonical.
    pub canonical: BTreeSet<Spot>,
    /// Documents of which every passage is, as against other documents.
    pub canonical_documents: BTreeSet<DocumentId>,
    /// Passages, and documents as a whole, that a baseline covers.
    pub covered: BTreeSet<Spot>,
    /// What is on added lines; `None` where that does not matter.
    pub added: Option<AddedSpots>,
}

impl Standing {
    fn at(&self, spot: Spot) -> impl Iterator<Item = &(Leave, Cause)> {
        let whole = Spot { start: Spot::WHOLE, ..spot };
        let of = |spot: &Spot| self.left.get(spot).map_or(&[][..], Vec::as_slice);
        of(&whole).iter().chain(if spot == whole { &[] } else { of(&spot) })
    }

    /// Returns whether the passage at `spot` has left any of `what`.
    #[must_use]
    pub fn leaves(&self, spot: Spot, what: Leave) -> bool {
        !self.left.is_empty() && self.at(spot).any(|(leave, _)| leave.any(what))
    }

    /// Returns whether the passage at `spot` has left any of `what` by itself, not with its document.
    #[must_use]
    pub fn leaves_alone(&self, spot: Spot, what: Leave) -> bool {
        self.left.get(&spot).is_some_and(|left| left.iter().any(|(leave, _)| leave.any(what)))
    }

    /// Returns whether `document` as a whole has left any of `what`.
    #[must_use]
    pub fn leaves_whole(&self, document: DocumentId, what: Leave) -> bool {
        self.leaves(Spot { document, start: Spot::WHOLE }, what)
    }

    /// Returns why the passage at `spot` has left any of `what`.
    pub fn causes(&self, spot: Spot, what: Leave) -> impl Iterator<Item = Cause> {
        self.at(spot).filter(move |(leave, _)| leave.any(what)).map(|&(_, cause)| cause)
    }

    /// Returns whether the passage or document at `spot` is canonical as against other documents.
    #[must_use]
    pub fn is_canonical(&self, spot: Spot) -> bool {
        self.canonical.contains(&spot) || self.canonical_documents.contains(&spot.document)
    }

    /// Returns whether the passage at `spot` is canonical within its document.
    #[must_use]
    pub fn is_canonical_within(&self, spot: Spot) -> bool {
        self.canonical.contains(&spot)
    }

    /// Returns whether the passage or document at `spot` is on added lines, where that matters.
    #[must_use]
    pub fn is_added(&self, spot: Spot) -> bool {
        self.added.as_ref().is_none_or(|added| added.holds(spot))
    }

    /// Returns how near to the front of its group the copy at `spot` stands: the canonical one, then those
    /// that were there before, then the others.
    #[must_use]
    pub fn rank(&self, spot: Spot, canonical: bool) -> u8 {
        match (canonical, self.covered.contains(&spot) || !self.is_added(spot)) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        }
    }

    /// Returns whether the copy at `spot` may be blamed for repeating the same text.
    #[must_use]
    pub fn blame(&self, spot: Spot, canonical: bool) -> Blame {
        if canonical {
            Blame::Never
        } else if self.covered.contains(&spot) {
            Blame::Baselined
        } else if self.is_added(spot) {
            Blame::Told
        } else {
            Blame::Never
        }
    }

    /// Returns whether the copy at `spot` may be blamed for nearly repeating another; what a baseline covers
    /// of those is known only when their words have been counted.
    #[must_use]
    pub fn blames_near(&self, spot: Spot, canonical: bool) -> bool {
        !canonical && self.is_added(spot)
    }
}
