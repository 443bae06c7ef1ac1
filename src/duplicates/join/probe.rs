//! The index of prefixes, and the search in it.

use std::ops::{ControlFlow, Range, RangeInclusive};

use super::bounds::Bounds;
use super::rank::Ranked;
use super::{Counts, Work};

/// The prefixes of sets, inverted: for each rank, the sets that hold it among their first.
pub(super) struct Index<'a> {
    ranked: &'a Ranked,
    /// The list of each rank, [`NO_LIST`] where there is none.
    lists: Vec<u32>,
    /// Where each list begins in `postings`, and the end.
    starts: Vec<usize>,
    /// By rank, then set.
    postings: Vec<Posting>,
}

/// A rank that too few sets are indexed by.
const NO_LIST: u32 = u32::MAX;

#[derive(Clone, Copy, Default)]
struct Posting {
    set: u32,
    /// How many elements the set holds: here, so that the length filter reads nothing else.
    size: u32,
    /// Where the rank stands among the set's ranks.
    position: u32,
}

/// Which sets the search has met already, for one set after another.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// For each set the round in which it was met last.
    rounds: Vec<u32>,
    round: u32,
    /// The lists that the set of this round is looked up in, with the position of their ranks in it.
    lists: Vec<(usize, u32)>,
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
    /// Indexes `sets` of `ranked`, in ascending order, each by its first `prefix(size)` elements, for sets
    /// that are not among them.
    pub fn for_others(
        ranked: &'a Ranked,
        sets: impl DoubleEndedIterator<Item = u32> + Clone,
        prefix: impl Fn(u32) -> u32,
    ) -> Self {
        Self::new(ranked, sets, 1, &prefix, &prefix)
    }

    /// Indexes `sets` of `ranked`, in ascending order, to be looked up by each other.
    ///
    /// Two that match share an element of the shorter prefix of the smaller. So a list that is in no set's
    /// shorter prefix is left out, and so is one on which a set stands alone and would only meet itself.
    pub fn for_each_other(
        ranked: &'a Ranked,
        sets: impl DoubleEndedIterator<Item = u32> + Clone,
        bounds: &Bounds,
    ) -> Self {
        Self::new(ranked, sets, 2, |size| bounds.prefix(size), |size| bounds.prefix_from_larger(size))
    }

    fn new(
        ranked: &'a Ranked,
        sets: impl DoubleEndedIterator<Item = u32> + Clone,
        shortest: u32,
        prefix: impl Fn(u32) -> u32,
        telling: impl Fn(u32) -> u32,
    ) -> Self {
        // How long each list is, and whether it tells anything; then its number.
        const TELLS: u32 = 1 << 31;
        let mut lists = vec![0u32; ranked.distinct as usize];
        for set in sets.clone() {
            let size = ranked.sizes[set as usize];
            let ranks = ranked.first(set, prefix(size));
            ranks.iter().for_each(|&rank| lists[rank as usize] += 1);
            let first = ranked.first(set, telling(size));
            first.iter().for_each(|&rank| lists[rank as usize] |= TELLS);
        }
        // Lists are numbered as the sets meet them: a set's own then stand together, and those that it
        // shares with another stand together there. Each start is an end until the lists are
        // filled: filling from the last set backwards turns ends into starts.
        let mut numbers = vec![NO_LIST; lists.len()];
        let mut starts = Vec::new();
        let mut total = 0;
        for set in sets.clone() {
            for &rank in ranked.first(set, prefix(ranked.sizes[set as usize])) {
                let list = lists[rank as usize];
                let length = list & !TELLS;
                if list & TELLS != 0 && length >= shortest && numbers[rank as usize] == NO_LIST {
                    numbers[rank as usize] = starts.len() as u32;
                    total += length as usize;
                    starts.push(total);
                }
            }
        }
        let lists = numbers;
        starts.push(total);
        let mut postings = vec![Posting::default(); total];
        for set in sets.rev() {
            let size = ranked.sizes[set as usize];
            for (position, &rank) in (0u32..).zip(ranked.first(set, prefix(size))) {
                let list = lists[rank as usize];
                if list != NO_LIST {
                    let start = &mut starts[list as usize];
                    *start -= 1;
                    postings[*start] = Posting { set, size, position };
                }
            }
        }
        Self { ranked, lists, starts, postings }
    }

    /// Returns whether nothing is indexed.
    pub fn is_empty(&self) -> bool {
        self.postings.is_empty()
    }

    /// Looks for the sets that `query` asks for. `least(other, size)` is how much an indexed set must share
    /// to be taken, `None` for one that is out of question. `take` gets those that share as much (their
    /// side is the right one of the counts); when it breaks off, the search goes on among sets below that
    /// one only.
    pub fn search(
        &self,
        query: &Query,
        seen: &mut Seen,
        work: &mut Work,
        least: impl Fn(u32, u32) -> Option<u32>,
        mut take: impl FnMut(u32, Counts) -> ControlFlow<()>,
    ) {
        seen.start(self.ranked.len());
        let ranks = self.ranked.set(query.set);
        let left = self.ranked.sizes[query.set as usize];
        let mut below = query.among.end;
        // All lists are found before any is read: the memory they are in is far apart, and so the processor
        // waits for many at once.
        seen.lists.clear();
        for (i, &rank) in self.ranked.first(query.set, query.prefix).iter().enumerate() {
            let list = self.lists[rank as usize];
            if list != NO_LIST {
                seen.lists.push((i, list));
            }
        }
        for at in 0..seen.lists.len() {
            let (i, list) = seen.lists[at];
            let list = &self.postings[self.starts[list as usize]..self.starts[list as usize + 1]];
            let from = list.partition_point(|posting| posting.set < query.among.start);
            for posting in &list[from..] {
                let Posting { set: other, size, position } = *posting;
                if other >= below {
                    break;
                }
                work.postings += 1;
                if !query.sizes.contains(&size) || !seen.meet(other) {
                    continue;
                }
                let Some(least) = least(other, size) else { continue };
                // The first element that both hold is this one: no more can follow than stand behind it.
                let ours = &ranks[i + 1..];
                let behind = self.ranked.set(other).len() - position as usize - 1;
                if 1 + ours.len().min(behind) < least as usize {
                    continue;
                }
                work.merges += 1;
                let theirs = &self.ranked.set(other)[position as usize + 1..];
                if let Some(overlap) = overlap(ours, theirs, 1, least)
                    && take(other, Counts { overlap, left, right: size }).is_break()
                {
                    below = other;
                    break;
                }
            }
        }
    }
}

/// What to look for.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// The set that looks.
    pub set: u32,
    /// By how many of its elements.
    pub prefix: u32,
    /// Among which sets.
    pub among: Range<u32>,
    /// The sizes that are worth a look.
    pub sizes: RangeInclusive<u32>,
}

/// Returns `found` and the number of ranks that both lists hold, if that is at least `least`; gives up as
/// soon as it cannot be.
pub(super) fn overlap(a: &[u32], b: &[u32], found: u32, least: u32) -> Option<u32> {
    let (mut i, mut j) = (0, 0);
    let (mut found, least) = (found as usize, least as usize);
    loop {
        // No branch depends on the ranks for 32 steps, then one look at whether it can still be enough.
        for _ in 0..32 {
            let (Some(&x), Some(&y)) = (a.get(i), b.get(j)) else {
                return (found >= least).then_some(found as u32);
            };
            found += usize::from(x == y);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        if found + (a.len() - i).min(b.len() - j) < least {
            return None;
        }
    }
}
