//! Which words of a changed paragraph changed?
//!
//! [`atoms`] cuts both sides into what a reader sees as one thing. Sentences that are the same on both
//! sides anchor; between them the atoms are compared by crate `similar` ([`script`]), without a clock.
//! [`tidy`] then makes whole phrases of the confetti, and what has little in common at the end is
//! *rewritten*: shown as a whole.

pub(super) mod atoms;
mod script;
mod tidy;
mod typo;

use std::ops::Range;

use super::budget::Budget;
use super::revision::{Edit, EditKind, Significance, WordEdit, WordOp};
use super::significance::{self, Verdict};
use super::{DiffOptions, Granularity};
use crate::document::{Document, TextRange};
use atoms::{Atom, AtomKind, atoms};
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
    let (old_atoms, new_atoms) = (atoms(old.0, old.1), atoms(new.0, new.1));
    let mut diff = WordDiff { old: old_atoms, new: new_atoms, hunks: Vec::new(), rewritten: false };
    diff.hunks = script::hunks(old, new, &diff, options, budget);
    if options.granularity == Granularity::Word {
        tidy::tidy(&mut diff, old.0, new.0);
    }
    if diff.share_in_common() < REWRITTEN {
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

    /// Returns the words as edits that tile `old.1` and `new.1`.
    pub fn edits(&self, old: (&str, TextRange), new: (&str, TextRange)) -> Vec<WordEdit> {
        let mut out = Writer { old: old.1.start, new: new.1.start, edits: Vec::new() };
        for (equal_old, equal_new, hunk) in self.steps() {
            for (i, j) in equal_old.zip(equal_new) {
                out.equal(self.old[i].core.end, self.new[j].core.end);
                let (tail, other) = (self.old[i].tail(), self.new[j].tail());
                let shared = shared_space(&old.0[tail.as_usize()], &new.0[other.as_usize()]);
                out.equal(tail.start + shared, other.start + shared);
                out.change(tail.end, other.end);
            }
            let last = |atoms: &[Atom], range: &Range<usize>| {
                range.end.checked_sub(1).filter(|&at| at >= range.start).map(|at| atoms[at])
            };
            match (last(&self.old, &hunk.old), last(&self.new, &hunk.new)) {
                (Some(a), Some(b)) => {
                    // The space behind both is nobody's change.
                    let (a_tail, b_tail) = (a.tail(), b.tail());
                    if old.0[a_tail.as_usize()] == new.0[b_tail.as_usize()] {
                        out.change(a.core.end, b.core.end);
                        out.equal(a.end, b.end);
                    } else {
                        out.change(a.end, b.end);
                    }
                }
                (Some(a), None) => out.change(a.end, out.new),
                (None, Some(b)) => out.change(out.old, b.end),
                (None, None) => {}
            }
        }
        out.edits
    }
}

/// How many bytes two runs of white space share from the start, without cutting a line break.
fn shared_space(a: &str, b: &str) -> u32 {
    if a == b {
        return a.len() as u32;
    }
    let mut shared = 0;
    for (x, y) in a.chars().zip(b.chars()) {
        if x != y {
            break;
        }
        shared += x.len_utf8();
    }
    let cuts = |s: &str| s[..shared].ends_with('\r') && s[shared..].starts_with('\n');
    if cuts(a) || cuts(b) { shared as u32 - 1 } else { shared as u32 }
}

/// Writes edits one behind the other; neighbours of one kind become one.
struct Writer {
    old: u32,
    new: u32,
    edits: Vec<WordEdit>,
}

impl Writer {
    fn equal(&mut self, old: u32, new: u32) {
        let (from_old, from_new) = (self.old, self.new);
        (self.old, self.new) = (old, new);
        if old == from_old {
            return;
        }
        if let Some(last) = self.edits.last_mut()
            && last.op == WordOp::Equal
        {
            last.old.end = old;
            last.new.end = new;
            return;
        }
        self.edits.push(WordEdit {
            op: WordOp::Equal,
            old: TextRange::new(from_old, old),
            new: TextRange::new(from_new, new),
        });
    }

    /// What went up to `old` and what came up to `new`; joins the hunk before it.
    fn change(&mut self, old: u32, new: u32) {
        let (mut from_old, mut from_new) = (self.old, self.new);
        if from_old == old && from_new == new {
            return;
        }
        (self.old, self.new) = (old, new);
        while let Some(last) = self.edits.pop_if(|last| last.op != WordOp::Equal) {
            from_old = from_old.min(last.old.start);
            from_new = from_new.min(last.new.start);
        }
        let at = |at| TextRange::new(at, at);
        if old > from_old {
            let old = TextRange::new(from_old, old);
            self.edits.push(WordEdit { op: WordOp::Delete, old, new: at(from_new) });
        }
        if new > from_new {
            let new = TextRange::new(from_new, new);
            self.edits.push(WordEdit { op: WordOp::Insert, old: at(old), new });
        }
    }
}

/// Returns whether `atom` is white space only.
const fn is_head(atom: Atom) -> bool {
    matches!(atom.kind, AtomKind::Head)
}
