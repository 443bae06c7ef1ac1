//! The edit script between two rows of atoms: sentences first, then words.

use std::ops::Range;

use hashbrown::HashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::atoms::Atom;
use super::{Hunk, WordDiff, is_head};
use crate::diff::budget::Budget;
use crate::diff::{DiffOptions, Granularity};
use crate::segment::sentences;

/// A sentence of fewer atoms anchors nothing.
const LEAST_ANCHOR: usize = 3;
/// Fewer atoms than this on both sides together need no sentences as anchors.
const SHORT: usize = 60;
/// Up to so many atoms of both sides together, the shortest script is made as a measure.
const MEASURED: usize = 4_000;
/// What an atom costs where no exact script is made: `similar` bounds its search to about so much.
const BOUNDED: u64 = 64;

/// Returns what changed between the atoms of `diff`, in order; `old` and `new` are the texts they were cut
/// from.
pub(super) fn hunks(
    old: &str,
    new: &str,
    diff: &WordDiff,
    options: &DiffOptions,
    budget: &mut Budget,
) -> Vec<Hunk> {
    // What is the same at both ends needs no search.
    let same = |(a, b): &(&Atom, &Atom)| old[a.core.as_usize()] == new[b.core.as_usize()];
    let head = diff.old.iter().zip(&diff.new).take_while(same).count();
    let (a, b) = (&diff.old[head..], &diff.new[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    let middle = Hunk { old: head..diff.old.len() - tail, new: head..diff.new.len() - tail };
    if middle.old.is_empty() && middle.new.is_empty() {
        return Vec::new();
    }
    let whole = Hunk { old: 0..diff.old.len(), new: 0..diff.new.len() };
    match options.granularity {
        Granularity::Paragraph => vec![whole],
        Granularity::Sentence => {
            Part::new((old, &diff.old), (new, &diff.new), &whole).between_sentences(&whole, 0)
        }
        Granularity::Word => {
            let part = Part::new((old, &diff.old), (new, &diff.new), &middle);
            let size = middle.old.len() + middle.new.len();
            let gaps =
                if size < SHORT { vec![middle] } else { part.between_sentences(&middle, LEAST_ANCHOR) };
            let mut out = Vec::new();
            for gap in gaps {
                part.gap_hunks(gap, budget, &mut out);
            }
            out
        }
    }
}

/// One side of a part: the text, all atoms of the passage, which of them are the part, and a number for
/// each of those, the same for equal cores on both sides.
struct PartSide<'a> {
    text: &'a str,
    atoms: &'a [Atom],
    range: Range<usize>,
    keys: Vec<u32>,
}

impl PartSide<'_> {
    /// Returns the keys of `range`, which is within the part.
    fn keys(&self, range: &Range<usize>) -> &[u32] {
        &self.keys[range.start - self.range.start..range.end - self.range.start]
    }

    /// Returns the atoms of each sentence of `range`, which is within the part.
    fn sentences(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let atoms = &self.atoms[range.clone()];
        let (Some(first), Some(last)) = (atoms.first(), atoms.last()) else { return Vec::new() };
        let base = first.core.start;
        let mut starts: Vec<u32> = sentences(&self.text[base as usize..last.end as usize])
            .iter()
            .map(|sentence| sentence.start + base)
            .collect();
        starts.sort_unstable();
        let mut rows = Vec::new();
        let mut from = range.start;
        // White space before the first word is a row of its own.
        if atoms.len() > 1 && is_head(*first) {
            rows.push(from..from + 1);
            from += 1;
        }
        for start in starts {
            let at = range.start + atoms.partition_point(|atom| atom.core.start < start);
            if at > from {
                rows.push(from..at);
                from = at;
            }
        }
        if from < range.end {
            rows.push(from..range.end);
        }
        rows
    }
}

/// Consecutive atoms of both sides that are compared.
struct Part<'a> {
    old: PartSide<'a>,
    new: PartSide<'a>,
}

impl<'a> Part<'a> {
    fn new(old: (&'a str, &'a [Atom]), new: (&'a str, &'a [Atom]), part: &Hunk) -> Self {
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut side = |(text, atoms): (&'a str, &'a [Atom]), range: &Range<usize>| {
            let number = |atom: &Atom| {
                let next = numbers.len() as u32;
                *numbers.entry(&text[atom.core.as_usize()]).or_insert(next)
            };
            let keys = atoms[range.clone()].iter().map(number).collect();
            PartSide { text, atoms, range: range.clone(), keys }
        };
        Self { old: side(old, &part.old), new: side(new, &part.new) }
    }

    /// Returns the stretches of `gap` between sentences that are the same on both sides; those of fewer
    /// than `least` atoms anchor nothing.
    fn between_sentences(&self, gap: &Hunk, least: usize) -> Vec<Hunk> {
        let (old, new) = (self.old.sentences(&gap.old), self.new.sentences(&gap.new));
        let mut numbers = HashMap::new();
        let old_rows = numbered(&self.old, &old, &mut numbers);
        let new_rows = numbered(&self.new, &new, &mut numbers);
        let mut gaps = Vec::new();
        let mut at = (gap.old.start, gap.new.start);
        for op in capture_diff_slices(Algorithm::Patience, &old_rows, &new_rows) {
            let DiffOp::Equal { old_index, new_index, len } = op else { continue };
            for (a, b) in old[old_index..][..len].iter().zip(&new[new_index..][..len]) {
                if a.len() < least {
                    continue;
                }
                gaps.push(Hunk { old: at.0..a.start, new: at.1..b.start });
                at = (a.end, b.end);
            }
        }
        gaps.push(Hunk { old: at.0..gap.old.end, new: at.1..gap.new.end });
        gaps.retain(|gap| !gap.old.is_empty() || !gap.new.is_empty());
        gaps
    }

    /// Appends what changed within `gap`.
    fn gap_hunks(&self, gap: Hunk, budget: &mut Budget, out: &mut Vec<Hunk>) {
        if gap.old.is_empty() || gap.new.is_empty() {
            out.push(gap);
            return;
        }
        let size = gap.old.len() + gap.new.len();
        if !budget.take_or_degrade(size as u64 * BOUNDED) {
            // No words: sentences then, and where even those are too many, the whole.
            if budget.take(size as u64) {
                out.extend(self.between_sentences(&gap, 0));
            } else {
                out.push(gap);
            }
            return;
        }
        let (old, new) = (self.old.keys(&gap.old), self.new.keys(&gap.new));
        let mut script = Script::new(Algorithm::Patience, old, new);
        // Patience reads better, but now and then it pays too much for a rare word.
        let dear = |script: &Script, least: usize| script.changed * 100 > least * 103;
        if size <= MEASURED
            && dear(&script, least_change(old, new))
            && budget.take(size as u64 * script.changed as u64)
        {
            let shortest = Script::new(Algorithm::RawMyers, old, new);
            if dear(&script, shortest.changed) {
                script = shortest;
            }
        }
        out.extend(script.hunks.into_iter().map(|hunk| Hunk {
            old: hunk.old.start + gap.old.start..hunk.old.end + gap.old.start,
            new: hunk.new.start + gap.new.start..hunk.new.end + gap.new.start,
        }));
    }
}

/// Numbers `rows` of `side` so that rows of equal keys have equal numbers.
fn numbered<'a>(
    side: &'a PartSide<'_>,
    rows: &[Range<usize>],
    numbers: &mut HashMap<&'a [u32], u32>,
) -> Vec<u32> {
    let number = |row| {
        let next = numbers.len() as u32;
        *numbers.entry(side.keys(row)).or_insert(next)
    };
    rows.iter().map(number).collect()
}

/// How many atoms no script can help changing: those that the other side has not so often.
fn least_change(old: &[u32], new: &[u32]) -> usize {
    let sorted = |keys: &[u32]| {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys
    };
    let (old, new) = (sorted(old), sorted(new));
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while let (Some(a), Some(b)) = (old.get(i), new.get(j)) {
        let order = a.cmp(b);
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
        shared += usize::from(order.is_eq());
    }
    old.len() + new.len() - 2 * shared
}

/// An edit script and how many atoms it changes.
struct Script {
    hunks: Vec<Hunk>,
    changed: usize,
}

impl Script {
    fn new(algorithm: Algorithm, old: &[u32], new: &[u32]) -> Self {
        let mut hunks: Vec<Hunk> = Vec::new();
        let mut changed = 0;
        for op in capture_diff_slices(algorithm, old, new) {
            if matches!(op, DiffOp::Equal { .. }) {
                continue;
            }
            let hunk = Hunk { old: op.old_range(), new: op.new_range() };
            changed += hunk.old.len() + hunk.new.len();
            match hunks.last_mut() {
                Some(last) if last.old.end == hunk.old.start && last.new.end == hunk.new.start => {
                    last.old.end = hunk.old.end;
                    last.new.end = hunk.new.end;
                }
                _ => hunks.push(hunk),
            }
        }
        Self { hunks, changed }
    }
}
