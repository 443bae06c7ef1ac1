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
    // What is the same at both ends needs no search.
    let same = |(a, b): &(&Atom, &Atom)| old.0[a.core.as_usize()] == new.0[b.core.as_usize()];
    let head = diff.old.iter().zip(&diff.new).take_while(same).count();
    let (a, b) = (&diff.old[head..], &diff.new[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.is_empty() && b.is_empty() {
        return Vec::new();
    }
    let whole = Hunk { old: 0..diff.old.len(), new: 0..diff.new.len() };
    let middle = Hunk { old: head..head + a.len(), new: head..head + b.len() };
    let rows = |least| {
        let (old_keys, new_keys) = keys(old.0, &diff.old, new.0, &diff.new);
        let rows = (sentence_rows(old, &diff.old), sentence_rows(new, &diff.new));
        between_sentences(&rows.0, &rows.1, &old_keys, &new_keys, least)
    };
    match options.granularity {
        Granularity::Paragraph => vec![whole],
        Granularity::Sentence => rows(0),
        Granularity::Word => {
            let mut out = Vec::new();
            let gaps = if a.len() + b.len() < SHORT { vec![middle] } else { rows(3) };
            for gap in gaps {
                gap_hunks((old.0, &diff.old), (new.0, &diff.new), gap, budget, &mut out);
            }
            out
        }
    }
}

/// Numbers atoms by their cores, the same on both sides.
fn keys(old: &str, old_atoms: &[Atom], new: &str, new_atoms: &[Atom]) -> (Vec<u32>, Vec<u32>) {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut row = Vec::with_capacity(old_atoms.len());
    for atom in old_atoms {
        let next = numbers.len() as u32;
        row.push(*numbers.entry(&old[atom.core.as_usize()]).or_insert(next));
    }
    let old_row = std::mem::replace(&mut row, Vec::with_capacity(new_atoms.len()));
    for atom in new_atoms {
        let next = numbers.len() as u32;
        row.push(*numbers.entry(&new[atom.core.as_usize()]).or_insert(next));
    }
    (old_row, row)
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
fn gap_hunks(
    old: (&str, &[Atom]),
    new: (&str, &[Atom]),
    gap: Hunk,
    budget: &mut Budget,
    out: &mut Vec<Hunk>,
) {
    if gap.old.is_empty() || gap.new.is_empty() {
        out.push(gap);
        return;
    }
    let size = (gap.old.len() + gap.new.len()) as u64;
    if !budget.take_or_degrade(size * BOUNDED) {
        out.push(gap);
        return;
    }
    let (old, new) = keys(old.0, &old.1[gap.old.clone()], new.0, &new.1[gap.new.clone()]);
    let mut script = Script::new(Algorithm::Patience, &old, &new);
    // Patience reads better, but now and then it pays too much for a rare word.
    let dear = |script: &Script, least: usize| script.changed * 100 > least * 103;
    if size as usize <= MEASURED
        && dear(&script, least_change(&old, &new))
        && budget.take(size * script.changed as u64)
    {
        let shortest = Script::new(Algorithm::RawMyers, &old, &new);
        if dear(&script, shortest.changed) {
            script = shortest;
        }
    }
    out.extend(script.hunks.into_iter().map(|hunk| Hunk {
        old: hunk.old.start + gap.old.start..hunk.old.end + gap.old.start,
        new: hunk.new.start + gap.new.start..hunk.new.end + gap.new.start,
    }));
}

/// How many atoms no script can help changing: those that the other side has not so often.
fn least_change(old: &[u32], new: &[u32]) -> usize {
    let kinds = old.iter().chain(new).max().map_or(0, |&most| most as usize + 1);
    let mut more = vec![0_isize; kinds];
    for &key in old {
        more[key as usize] += 1;
    }
    for &key in new {
        more[key as usize] -= 1;
    }
    more.into_iter().map(isize::unsigned_abs).sum()
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
