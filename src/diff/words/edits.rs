//! From hunks of atoms to edits of bytes that tile both ranges.

use std::ops::Range;

use super::WordDiff;
use super::atoms::Atom;
use crate::diff::revision::{WordEdit, WordOp};
use crate::document::TextRange;

impl WordDiff {
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
        spaces_apart(out.edits, old.0, new.0)
    }
}

/// Takes white space that ends both what went and what came in its place out of the change: where a word or
/// a comma came in before a space, the space stayed.
fn spaces_apart(edits: Vec<WordEdit>, old: &str, new: &str) -> Vec<WordEdit> {
    let mut out: Vec<WordEdit> = Vec::with_capacity(edits.len());
    let mut push = |edit: WordEdit| {
        if edit.old.is_empty() && edit.new.is_empty() {
            return;
        }
        match out.last_mut() {
            Some(last) if last.op == WordOp::Equal && edit.op == WordOp::Equal => {
                last.old.end = edit.old.end;
                last.new.end = edit.new.end;
            }
            _ => out.push(edit),
        }
    };
    let mut edits = edits.into_iter().peekable();
    while let Some(gone) = edits.next() {
        let Some(came) = edits.next_if(|next| gone.op == WordOp::Delete && next.op == WordOp::Insert) else {
            push(gone);
            continue;
        };
        let shared = ending_space(&old[gone.old.as_usize()], &new[came.new.as_usize()]);
        let (old_end, new_end) = (gone.old.end - shared, came.new.end - shared);
        push(WordEdit { old: TextRange::new(gone.old.start, old_end), ..gone });
        push(WordEdit {
            old: TextRange::new(old_end, old_end),
            new: TextRange::new(came.new.start, new_end),
            ..came
        });
        push(WordEdit {
            op: WordOp::Equal,
            old: TextRange::new(old_end, gone.old.end),
            new: TextRange::new(new_end, came.new.end),
        });
    }
    out
}

/// How many bytes of white space end both `a` and `b`, without cutting a line break.
fn ending_space(a: &str, b: &str) -> u32 {
    let same = |(x, y): &(char, char)| x == y && x.is_whitespace();
    let shared: usize =
        a.chars().rev().zip(b.chars().rev()).take_while(same).map(|(x, _)| x.len_utf8()).sum();
    let cuts = |s: &str| {
        let (head, tail) = s.split_at(s.len() - shared);
        head.ends_with('\r') && tail.starts_with('\n')
    };
    if cuts(a) || cuts(b) { shared as u32 - 1 } else { shared as u32 }
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
