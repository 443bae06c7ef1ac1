//! Which words of a changed paragraph changed?
//!
//! [`atoms`] cuts both sides into what a reader sees as one thing. Sentences that are the same on both
//! sides anchor; between them the atoms are compared by crate `similar` ([`script`]), without a clock.
//! [`tidy`] then makes whole phrases of the confetti, and what has little in common at the end is
//! *rewritten*: shown as a whole.

pub(super) mod atoms;
pub(super) mod digits;
mod edits;
mod script;
mod tidy;
mod typo;

use std::ops::Range;

use super::budget::Budget;
use super::revision::{Edit, EditKind, Significance};
use super::significance::{self, Verdict};
use super::{DiffOptions, Granularity};
use crate::document::{Document, TextRange};
use atoms::{Atom, AtomKind, atoms, atoms_like};
pub use typo::typo_marks;

/// Below this share of words in common a paragraph is rewritten.
const REWRITTEN: f64 = 0.35;

/// A stretch of atoms that changed: what went and what came in its place. Not both are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// The atoms of both sides of an edit and what became of them.
pub(super) struct WordDiff {
    pub old: Vec<Atom>,
    pub new: Vec<Atom>,
    /// In order; between two hunks the atoms' cores are equal, one to one.
    pub hunks: Vec<Hunk>,
    /// Whether so little is in common that the hunk is the whole.
    pub rewritten: bool,
}

/// Fills in the words of `edit` and how much it matters.
pub(super) fn tell(
    edit: &mut Edit,
    old: &Document,
    new: &Document,
    options: &DiffOptions,
    budget: &mut Budget,
) {
    let verdict = match (edit.kind, edit.old_range, edit.new_range) {
        (EditKind::Keep, ..) => return,
        (EditKind::Move, ..) => Verdict { significance: Significance::Wording, reasons: Vec::new() },
        (_, Some(a), Some(b)) => {
            let (a, b) = ((old.text.as_str(), a), (new.text.as_str(), b));
            let diff = compare(a, b, options, budget);
            edit.words = diff.edits(a, b);
            edit.rewritten = diff.rewritten;
            significance::changed(&diff, edit, old, new)
        }
        (_, Some(range), None) => significance::passage(edit, old, range),
        (_, None, Some(range)) => significance::passage(edit, new, range),
        (_, None, None) => return,
    };
    let verdict = if edit.old.is_empty() && edit.new.is_empty() { verdict.outside() } else { verdict };
    edit.significance = verdict.significance;
    edit.reasons = verdict.reasons;
}

/// Returns what became of the words of `old` (its text and range) in `new`.
pub(super) fn compare(
    old: (&str, TextRange),
    new: (&str, TextRange),
    options: &DiffOptions,
    budget: &mut Budget,
) -> WordDiff {
    let old_atoms = atoms(old.0, old.1);
    let new_atoms = atoms_like(new, (old.0, old.1, &old_atoms));
    let mut diff = WordDiff { old: old_atoms, new: new_atoms, hunks: Vec::new(), rewritten: false };
    diff.hunks = script::hunks(old.0, new.0, &diff, options, budget);
    if options.granularity == Granularity::Word {
        tidy::tidy(&mut diff, old.0, new.0);
    }
    if options.granularity == Granularity::Word && diff.share_in_common() < REWRITTEN {
        diff.rewritten = true;
        diff.hunks = vec![Hunk { old: 0..diff.old.len(), new: 0..diff.new.len() }];
    }
    diff
}

impl WordDiff {
    /// Twice the words that stayed over the words of both sides; 1 where there are few words at all.
    fn share_in_common(&self) -> f64 {
        let words = |atoms: &[Atom]| atoms.iter().filter(|atom| atom.is_word()).count();
        let (old, new) = (words(&self.old), words(&self.new));
        if old.min(new) < 4 {
            return 1.0;
        }
        let gone: usize = self.hunks.iter().map(|hunk| words(&self.old[hunk.old.clone()])).sum();
        2.0 * (old - gone) as f64 / (old + new) as f64
    }

    /// Returns the runs of equal atoms and the hunks, in order: `(equal old, equal new, hunk)`, where
    /// the hunk stands behind the equal run.
    pub fn steps(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>, Hunk)> {
        let end = Hunk { old: self.old.len()..self.old.len(), new: self.new.len()..self.new.len() };
        let mut at = (0, 0);
        self.hunks.iter().cloned().chain(std::iter::once(end)).map(move |hunk| {
            let equal = (at.0..hunk.old.start, at.1..hunk.new.start);
            at = (hunk.old.end, hunk.new.end);
            (equal.0, equal.1, hunk)
        })
    }
}

/// Returns whether `atom` is white space only.
const fn is_head(atom: Atom) -> bool {
    matches!(atom.kind, AtomKind::Head)
}
