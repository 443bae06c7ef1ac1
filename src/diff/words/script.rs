//! The edit script between two rows of atoms: sentences first, then words.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::atoms::Atom;
use super::{Hunk, WordDiff, is_head};
use crate::diff::budget::Budget;
use crate::diff::{DiffOptions, Granularity};
use crate::document::TextRange;
use crate::segment::sentences;

/// Fewer atoms than this on both sides together need no sentences as anchors.
const SHORT: usize = 60;
/// Up to so many atoms of both sides together, the shortest script is made as a measure.
const MEASURED: usize = 4_000;
/// What an atom costs where no exact script is made: `similar` bounds its search to about so much.
const BOUNDED: u64 = 64;

/// Returns what changed between the atoms of `diff`, in order.
pub(super) fn hunks(
    old: (&str, TextRange),
    new: (&str, TextRange),
    diff: &WordDiff,
    options: &DiffOptions,
    budget: &mut Budget,
) -> Vec<Hunk> {
    let whole = Hunk { old: 0..diff.old.len(), new: 0..diff.new.len() };
    let (old_keys, new_keys) = keys(&[(old.0, &diff.old), (new.0, &diff.new)]);
    let mut out = Vec::new();
    match options.granularity {
        Granularity::Paragraph => {
            if old_keys != new_keys {
                out.push(whole);
            }
        }
        Granularity::Sentence => {
            let rows = (sentence_rows(old, &diff.old), sentence_rows(new, &diff.new));
            for gap in between_sentences(&rows.0, &rows.1, &old_keys, &new_keys, 0) {
                out.push(gap);
            }
        }
        Granularity::Word => {
            let gaps = if old_keys.len() + new_keys.len() < SHORT {
                vec![whole]
            } else {
                let rows = (sentence_rows(old, &diff.old), sentence_rows(new, &diff.new));
                between_sentences(&rows.0, &rows.1, &old_keys, &new_keys, 3)
            };
            for gap in gaps {
                gap_hunks(&old_keys, &new_keys, gap, budget, &mut out);
            }
        }
    }
    out
}

/// Numbers the atoms by their cores, the same on both sides.
fn keys(sides: &[(&str, &Vec<Atom>); 2]) -> (Vec<u32>, Vec<u32>) {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut out = sides.iter().map(|&(text, atoms)| {
        let row = atoms.iter().map(|atom| {
            let next = numbers.len() as u32;
            *numbers.entry(&text[atom.core.as_usize()]).or_insert(next)
        });
        row.collect::<Vec<u32>>()
    });
    (out.next().unwrap_or_default(), out.next().unwrap_or_default())
}

/// The atoms of each sentence of a side.
fn sentence_rows(side: (&str, TextRange), atoms: &[Atom]) -> Vec<Range<usize>> {
    let mut starts: Vec<u32> =
        sentences(&side.0[side.1.as_usize()]).iter().map(|sentence| sentence.start + side.1.start).collect();
    starts.sort_unstable();
    let mut rows = Vec::new();
    let mut from = 0;
    for start in starts {
        let at = atoms.partition_point(|atom| atom.core.start < start);
        if at > from {
            rows.push(from..at);
            from = at;
        }
    }
    if from < atoms.len() {
        rows.push(from..atoms.len());
    }
    // White space before the first word is a row of its own.
    if let Some(first) = rows.first().cloned()
        && first.len() > 1
        && is_head(atoms[first.start])
    {
        rows[0].start += 1;
        rows.insert(0, first.start..first.start + 1);
    }
    rows
}

/// The stretches between sentences that are the same on both sides; those of fewer than `least` atoms
/// anchor nothing.
fn between_sentences(
    old: &[Range<usize>],
    new: &[Range<usize>],
    old_keys: &[u32],
    new_keys: &[u32],
    least: usize,
) -> Vec<Hunk> {
    let mut numbers: HashMap<&[u32], u32> = HashMap::new();
    let mut old_rows = Vec::with_capacity(old.len());
    for row in old {
        let next = numbers.len() as u32;
        old_rows.push(*numbers.entry(&old_keys[row.clone()]).or_insert(next));
    }
    let mut new_rows = Vec::with_capacity(new.len());
    for row in new {
        let next = numbers.len() as u32;
        new_rows.push(*numbers.entry(&new_keys[row.clone()]).or_insert(next));
    }
    let mut gaps = Vec::new();
    let mut at = (0, 0);
    for op in capture_diff_slices(Algorithm::Patience, &old_rows, &new_rows) {
        let DiffOp::Equal { old_index, new_index, len } = op else { continue };
        for k in 0..len {
            let (a, b) = (&old[old_index + k], &new[new_index + k]);
            if a.len() < least {
                continue;
            }
            gaps.push(Hunk { old: at.0..a.start, new: at.1..b.start });
            at = (a.end, b.end);
        }
    }
    gaps.push(Hunk { old: at.0..old_keys.len(), new: at.1..new_keys.len() });
    gaps.retain(|gap| !gap.old.is_empty() || !gap.new.is_empty());
    gaps
}

/// Appends what changed within `gap`.
fn gap_hunks(old_keys: &[u32], new_keys: &[u32], gap: Hunk, budget: &mut Budget, out: &mut Vec<Hunk>) {
    let (old, new) = (&old_keys[gap.old.clone()], &new_keys[gap.new.clone()]);
    if old.is_empty() || new.is_empty() {
        out.push(gap);
        return;
    }
    let size = (old.len() + new.len()) as u64;
    if !budget.take_or_degrade(size * BOUNDED) {
        out.push(gap);
        return;
    }
    let mut script = Script::new(Algorithm::Patience, old, new);
    let cost = size * script.changed as u64;
    if size as usize <= MEASURED && budget.take(cost) {
        // Patience reads better, but now and then it pays too much for a rare word.
        let shortest = Script::new(Algorithm::RawMyers, old, new);
        if script.changed * 100 > shortest.changed * 103 {
            script = shortest;
        }
    }
    out.extend(script.hunks.into_iter().map(|hunk| Hunk {
        old: hunk.old.start + gap.old.start..hunk.old.end + gap.old.start,
        new: hunk.new.start + gap.new.start..hunk.new.end + gap.new.start,
    }));
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
