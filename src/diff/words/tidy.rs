//! Making phrases of confetti: islands go under, and edges slide to where a phrase ends.

use std::ops::Range;

use super::atoms::{Atom, AtomKind};
use super::{Hunk, WordDiff, is_head};
use crate::diff::stopwords;

/// How far an edge slides, in atoms.
const SLIDE: usize = 100;

/// Tidies the hunks of `diff`; the texts are those its atoms were cut from.
pub(super) fn tidy(diff: &mut WordDiff, old: &str, new: &str) {
    let hunks = std::mem::take(&mut diff.hunks);
    let mut out: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for hunk in hunks {
        match out.last_mut() {
            Some(last) if is_island(diff, old, last, &hunk) => {
                last.old.end = hunk.old.end;
                last.new.end = hunk.new.end;
            }
            _ => out.push(hunk),
        }
    }
    for at in 0..out.len() {
        let before = at.checked_sub(1).map_or((0, 0), |at| (out[at].old.end, out[at].new.end));
        let behind = out.get(at + 1).map_or((diff.old.len(), diff.new.len()), |h| (h.old.start, h.new.start));
        let hunk = &out[at];
        if hunk.old.is_empty() {
            let room = hunk.new.start - before.1..behind.1 - hunk.new.end;
            out[at] = shifted(hunk, slide(&diff.new, new, &hunk.new, room));
        } else if hunk.new.is_empty() {
            let room = hunk.old.start - before.0..behind.0 - hunk.old.end;
            out[at] = shifted(hunk, slide(&diff.old, old, &hunk.old, room));
        }
    }
    // Two that slid against each other are one.
    out.dedup_by(|next, kept| {
        let touch = next.old.start == kept.old.end && next.new.start == kept.new.end;
        if touch {
            kept.old.end = next.old.end;
            kept.new.end = next.new.end;
        }
        touch
    });
    diff.hunks = out;
}

/// Whether the equal atoms between two hunks are too little to stand out between them.
fn is_island(diff: &WordDiff, old: &str, left: &Hunk, right: &Hunk) -> bool {
    let between = &diff.old[left.old.end..right.old.start];
    if between.len() > 2 {
        return false;
    }
    let mut words = 0;
    for atom in between {
        let core = &old[atom.core.as_usize()];
        match atom.kind {
            AtomKind::Mark if matches!(core, "." | "!" | "?" | "…" | "。") => return false,
            AtomKind::Mark => {}
            AtomKind::Word if stopwords::contains(&core.to_lowercase()) => words += 1,
            AtomKind::Character => words += 1,
            AtomKind::Word | AtomKind::Number | AtomKind::Link | AtomKind::Head => return false,
        }
        if old[atom.tail().as_usize()].contains('\n') {
            return false;
        }
    }
    let count = |atoms: &[Atom], range: &Range<usize>| {
        atoms[range.clone()].iter().filter(|atom| atom.is_word()).count()
    };
    let (old_left, old_right) = (count(&diff.old, &left.old), count(&diff.old, &right.old));
    let (new_left, new_right) = (count(&diff.new, &left.new), count(&diff.new, &right.new));
    let single = between.iter().any(|atom| atom.kind == AtomKind::Character);
    let least = if single { 6 } else { 3 };
    // Both hunks put something in another's place, and there is more around than between.
    words <= 1
        && old_left.min(new_left) >= 1
        && old_right.min(new_right) >= 1
        && old_left + new_left + old_right + new_right >= least * (words + 1)
}

fn shifted(hunk: &Hunk, by: isize) -> Hunk {
    let shift =
        |range: &Range<usize>| range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by);
    Hunk { old: shift(&hunk.old), new: shift(&hunk.new) }
}

/// By how many atoms the run `range` of one side, all of it changed, best slides; it may by up to
/// `room.start` to the front and `room.end` to the back.
fn slide(atoms: &[Atom], text: &str, range: &Range<usize>, room: Range<usize>) -> isize {
    let core = |at: usize| &text[atoms[at].core.as_usize()];
    let mut best = (rank(atoms, text, range), 0);
    let mut here = range.clone();
    for by in 1..=room.start.min(SLIDE) {
        if core(here.start - 1) != core(here.end - 1) {
            break;
        }
        here = here.start - 1..here.end - 1;
        let rank = rank(atoms, text, &here);
        if rank > best.0 {
            best = (rank, -(by as isize));
        }
    }
    here = range.clone();
    for by in 1..=room.end.min(SLIDE) {
        if core(here.start) != core(here.end) {
            break;
        }
        here = here.start + 1..here.end + 1;
        let rank = rank(atoms, text, &here);
        if rank > best.0 {
            best = (rank, by as isize);
        }
    }
    best.1
}

/// How well a run of atoms reads as a phrase: by what stands before it and by what ends it.
fn rank(atoms: &[Atom], text: &str, range: &Range<usize>) -> i32 {
    let before = range.start.checked_sub(1).map_or(5, |at| ends_phrase(atoms[at], text));
    let last = atoms[range.end - 1];
    let behind = if range.end == atoms.len() { 5 } else { ends_phrase(last, text) };
    let dangling = stopwords::contains(&text[last.core.as_usize()].to_lowercase());
    before + behind - i32::from(dangling)
}

/// How much a phrase ends with `atom`.
fn ends_phrase(atom: Atom, text: &str) -> i32 {
    let tail = &text[atom.tail().as_usize()];
    if is_head(atom) || tail.contains('\n') {
        return 5;
    }
    let core = &text[atom.core.as_usize()];
    match (atom.kind, core) {
        (AtomKind::Mark, "." | "!" | "?" | "…" | "。" | "！" | "？") => 4,
        (AtomKind::Mark, "," | ";" | ":" | "—" | "–" | "-" | "--" | "，" | "、" | "；" | "：") => 3,
        (AtomKind::Mark, ")" | "]" | "”" | "\"" | "»" | "」") => 2,
        _ => i32::from(!tail.is_empty()),
    }
}
