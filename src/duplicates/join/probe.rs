//! The index of prefixes, and the search in it.

use std::ops::ControlFlow;

use super::rank::Ranked;
use super::{Counts, Work};

/// The prefixes of sets, inverted: for each rank, the sets that hold it among their first.
pub(super) struct Index<'a> {
    ranked: &'a Ranked,
    /// Where each rank's postings begin, and the end.
    starts: Vec<usize>,
    /// By rank, then set.
    postings: Vec<Posting>,
}

#[derive(Clone, Copy, Default)]
struct Posting {
    set: u32,
    /// Where the rank stands among the set's ranks.
    position: u32,
}

/// Which sets the search has met already, for one set after another.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// For each set the round in which it was met last.
    rounds: Vec<u32>,
    round: u32,
}

impl Seen {
    fn start(&mut self, sets: usize) {
        if self.rounds.len() != sets || self.round == u32::MAX {
            self.rounds.clear();
            self.rounds.resize(sets, 0);
            self.round = 0;
        }
        self.round += 1;
    }

    /// Whether `set` is met for the first time in this round.
    fn meet(&mut self, set: u32) -> bool {
        std::mem::replace(&mut self.rounds[set as usize], self.round) != self.round
    }
}

impl<'a> Index<'a> {
    /// Indexes `sets` of `ranked`, in ascending order, each by its first `prefix(size)` elements.
    pub fn new(
        ranked: &'a Ranked,
        sets: impl DoubleEndedIterator<Item = u32> + Clone,
        prefix: impl Fn(u32) -> u32,
    ) -> Self {
        let mut starts = vec![0usize; ranked.distinct as usize + 1];
        for set in sets.clone() {
            for &rank in ranked.first(set, prefix(ranked.sizes[set as usize])) {
                starts[rank as usize] += 1;
            }
        }
        // Counts become ends; filling from the last set backwards turns ends into starts.
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut postings = vec![Posting::default(); total];
        for set in sets.rev() {
            for (position, &rank) in (0u32..).zip(ranked.first(set, prefix(ranked.sizes[set as usize]))) {
                let start = &mut starts[rank as usize];
                *start -= 1;
                postings[*start] = Posting { set, position };
            }
        }
        Self { ranked, starts, postings }
    }

    /// Looks up `set` by its first `prefix` elements. `least(other)` is how much an indexed set must
    /// share with it, `None` for one that is out of question: asked once for each that is met, in
    /// ascending order within each element. `take` gets those that share as much, and may end the
    /// element's list.
    pub fn search(
        &self,
        set: u32,
        prefix: u32,
        seen: &mut Seen,
        work: &mut Work,
        mut least: impl FnMut(u32) -> Admission,
        mut take: impl FnMut(u32, Counts) -> ControlFlow<()>,
    ) {
        seen.start(self.ranked.len());
        let ranks = self.ranked.set(set);
        let size = self.ranked.sizes[set as usize];
        for (i, &rank) in self.ranked.first(set, prefix).iter().enumerate() {
            let list = &self.postings[self.starts[rank as usize]..self.starts[rank as usize + 1]];
            for posting in list {
                work.postings += 1;
                let least = match least(posting.set) {
                    Admission::End => break,
                    Admission::Pass => continue,
                    Admission::Sharing(least) => least,
                };
                if !seen.meet(posting.set) {
                    continue;
                }
                // The first element that both hold is this one, so no more can follow than stand behind it.
                let ours = &ranks[i + 1..];
                let theirs = &self.ranked.set(posting.set)[posting.position as usize + 1..];
                if 1 + ours.len().min(theirs.len()) < least as usize {
                    continue;
                }
                work.merges += 1;
                if let Some(overlap) = overlap(ours, theirs, 1, least) {
                    let right = self.ranked.sizes[posting.set as usize];
                    if take(posting.set, Counts { overlap, left: size, right }).is_break() {
                        break;
                    }
                }
            }
        }
    }
}

/// What a search does with an indexed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Nothing from here on in this list.
    End,
    /// Leaves it.
    Pass,
    /// Takes it if they share so much.
    Sharing(u32),
}

/// Returns `found` and the number of ranks that both lists hold, if that is at least `least`; gives up as
/// soon as it cannot be.
fn overlap(mut a: &[u32], mut b: &[u32], found: u32, least: u32) -> Option<u32> {
    let mut found = found as usize;
    let least = least as usize;
    while let (Some(&x), Some(&y)) = (a.first(), b.first()) {
        if x == y {
            found += 1;
            (a, b) = (&a[1..], &b[1..]);
        } else if x < y {
            a = &a[1..];
            if found + a.len() < least {
                return None;
            }
        } else {
            b = &b[1..];
            if found + b.len() < least {
                return None;
            }
        }
    }
    (found >= least).then_some(found as u32)
}
