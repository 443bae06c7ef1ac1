//! Which words of a stretch are which of another, in order?
//!
//! The answer that explains most: every word that is taken to be the same saves as many bits as it is rare,
//! and every run of such words costs what it takes to say where it stands. So a run of words, or a rare one,
//! is known again; a "the" between changed words is not, unless the stretches are so short that it must be
//! the same.

use std::ops::Range;

use hashbrown::HashMap;

use super::vocabulary::{BIT, Vocabulary, is_word, log2};

/// Up to so many pairs of tokens are compared one by one.
const CELLS: usize = 1 << 20;
/// Longer stretches are cut at runs of so many tokens that stand once on each side.
const SEED: usize = 4;
/// How much less a run costs that begins where a sentence does.
const AT_START: i32 = BIT;

/// Whether the tokens before and behind two stretches are the same on both sides, so that a run there goes
/// on instead of beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Anchored {
    pub start: bool,
    pub end: bool,
}

/// A run of tokens that are the same on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Same {
    pub old: usize,
    pub new: usize,
    pub len: usize,
}

/// What is kept between alignments, so that they allocate nothing.
#[derive(Default)]
pub(super) struct Aligner {
    steps: Vec<u8>,
    best: Vec<i32>,
    matched: Vec<i32>,
    bits: Vec<i32>,
}

/// In a cell: the pair is best left out, by leaving out the old or the new token; or it is taken, and goes on
/// a run or begins one.
const SKIP_OLD: u8 = 1;
const SKIP_NEW: u8 = 2;
const TAKE: u8 = 3;
const CHOICE: u8 = 3;
const GOES_ON: u8 = 4;

const NEVER: i32 = i32::MIN / 2;

impl Aligner {
    /// Appends the runs that `old` and `new` have in common, in order; `starts` says which new tokens begin a
    /// sentence.
    pub fn align(
        &mut self,
        (old, new): (&[u32], &[u32]),
        starts: &[bool],
        anchored: Anchored,
        vocabulary: &Vocabulary,
        out: &mut Vec<Same>,
    ) {
        self.stretch((old, new), (0, 0), starts, anchored, vocabulary, out);
    }

    /// As [`align`](Aligner::align), for stretches that begin at `at`.
    fn stretch(
        &mut self,
        (old, new): (&[u32], &[u32]),
        at: (usize, usize),
        starts: &[bool],
        anchored: Anchored,
        vocabulary: &Vocabulary,
        out: &mut Vec<Same>,
    ) {
        if old.is_empty() || new.is_empty() {
            return;
        }
        if old.len().saturating_mul(new.len()) <= CELLS {
            self.table((old, new), at, starts, anchored, vocabulary, out);
            return;
        }
        let seeds = seeds(old, new);
        let mut from = (0, 0);
        let mut open = anchored;
        let ends = Same { old: old.len(), new: new.len(), len: 0 };
        if seeds.is_empty() {
            return;
        }
        for seed in seeds.into_iter().chain(std::iter::once(ends)) {
            let last = seed.len == 0;
            open.end = !last || anchored.end;
            let gap: (Range<usize>, Range<usize>) = (from.0..seed.old, from.1..seed.new);
            let small = gap.0.len().saturating_mul(gap.1.len()) <= CELLS;
            if small || gap.0.len() < old.len() || gap.1.len() < new.len() {
                let begin = (at.0 + from.0, at.1 + from.1);
                let sides = (&old[gap.0], &new[gap.1.clone()]);
                self.stretch(sides, begin, &starts[gap.1], open, vocabulary, out);
            }
            if !last {
                out.push(Same { old: at.0 + seed.old, new: at.1 + seed.new, len: seed.len });
            }
            from = (seed.old + seed.len, seed.new + seed.len);
            open.start = true;
        }
    }

    /// Compares every pair.
    fn table(
        &mut self,
        (old, new): (&[u32], &[u32]),
        at: (usize, usize),
        starts: &[bool],
        anchored: Anchored,
        vocabulary: &Vocabulary,
        out: &mut Vec<Same>,
    ) {
        let (rows, columns) = (old.len(), new.len());
        let begin = log2(rows as u64 + 1) + log2(columns as u64 + 1);
        self.steps.clear();
        self.steps.resize(rows * columns, 0);
        // Of the row above, shifted by one: the best up to there, and the best that ends with that pair.
        self.best.clear();
        self.best.resize(columns + 1, 0);
        self.matched.clear();
        self.matched.resize(columns + 1, NEVER);
        self.bits.clear();
        self.bits.extend(new.iter().map(|&word| vocabulary.bits(word)));
        if anchored.start {
            self.matched[0] = 0;
        }
        for (row, steps) in old.iter().zip(self.steps.chunks_exact_mut(columns)) {
            let (mut corner, mut run) = (self.best[0], self.matched[0]);
            let mut left = 0;
            self.matched[0] = NEVER;
            for (column, step) in steps.iter_mut().enumerate() {
                let above = self.best[column + 1];
                let mut here = NEVER;
                if new[column] == *row {
                    let dear = begin - if starts[column] { AT_START } else { 0 };
                    let goes_on = run >= corner - dear;
                    here = self.bits[column] + if goes_on { run } else { corner - dear };
                    if goes_on {
                        *step |= GOES_ON;
                    }
                }
                let best = above.max(left).max(here);
                *step |= if here == best {
                    TAKE
                } else if above >= left {
                    SKIP_OLD
                } else {
                    SKIP_NEW
                };
                run = std::mem::replace(&mut self.matched[column + 1], here);
                corner = std::mem::replace(&mut self.best[column + 1], best);
                left = best;
            }
        }
        let ends_so = anchored.end && self.matched[columns] + begin > self.best[columns];
        self.trace(rows, columns, ends_so, at, out);
    }

    /// Reads the runs from the table, last first, and appends them in order.
    fn trace(&self, rows: usize, columns: usize, mut taken: bool, at: (usize, usize), out: &mut Vec<Same>) {
        let first = out.len();
        let (mut row, mut column) = (rows, columns);
        while row > 0 && column > 0 {
            let step = self.steps[(row - 1) * columns + column - 1];
            if !taken && step & CHOICE != TAKE {
                if step & CHOICE == SKIP_OLD {
                    row -= 1;
                } else {
                    column -= 1;
                }
                continue;
            }
            row -= 1;
            column -= 1;
            match out[first..].last_mut() {
                Some(run) if run.old == at.0 + row + 1 && run.new == at.1 + column + 1 => {
                    run.old -= 1;
                    run.new -= 1;
                    run.len += 1;
                }
                _ => out.push(Same { old: at.0 + row, new: at.1 + column, len: 1 }),
            }
            taken = step & GOES_ON != 0;
        }
        out[first..].reverse();
    }
}

/// The runs that both sides have once, in the order of both, as long as they go on.
fn seeds(old: &[u32], new: &[u32]) -> Vec<Same> {
    let mut places: HashMap<&[u32], (u32, u32)> = HashMap::new();
    let tells = |run: &[u32]| run.iter().filter(|&&word| is_word(word)).count() >= 2;
    for (at, run) in old.windows(SEED).enumerate().filter(|(_, run)| tells(run)) {
        places.entry(run).and_modify(|place| *place = (u32::MAX, 0)).or_insert((at as u32, 0));
    }
    for run in new.windows(SEED) {
        if let Some(place) = places.get_mut(run) {
            place.1 += 1;
        }
    }
    let once: Vec<(u32, u32)> = (new.windows(SEED).enumerate())
        .filter_map(|(at, run)| match places.get(run) {
            Some(&(place, 1)) if place != u32::MAX => Some((place, at as u32)),
            _ => None,
        })
        .collect();
    let mut out: Vec<Same> = Vec::new();
    for (i, j) in rising(&once) {
        let (i, j) = (i as usize, j as usize);
        let (after, behind) = out.last().map_or((0, 0), |run| (run.old + run.len, run.new + run.len));
        if i < after || j < behind {
            continue;
        }
        let back = old[after..i].iter().rev().zip(new[behind..j].iter().rev());
        let back = back.take_while(|(a, b)| a == b).count();
        let on = old[i..].iter().zip(&new[j..]).take_while(|(a, b)| a == b).count();
        out.push(Same { old: i - back, new: j - back, len: back + on });
    }
    out
}

/// The longest row of pairs that rises on both sides; they are given in the order of the second.
pub(super) fn rising(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // For each length, the last pair of the row of that length that ends lowest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; pairs.len()];
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].0 < pair.0);
        before[at] = length.checked_sub(1).map_or(usize::MAX, |shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut out = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied().unwrap_or(usize::MAX);
    while let Some(&pair) = pairs.get(at) {
        out.push(pair);
        at = before[at];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::super::tokens;
    use super::*;

    /// The words of `new` that are taken to be those of `old`.
    fn kept(old: &str, new: &str, anchored: Anchored) -> String {
        let mut vocabulary = Vocabulary::default();
        let mut numbers = |text: &str| -> Vec<u32> {
            let number =
                |token: super::super::Token| vocabulary.number(&text[token.range.as_usize()], token.word);
            tokens(text).map(number).collect()
        };
        let (a, b) = (numbers(old), numbers(new));
        let mut out = Vec::new();
        let starts = vec![false; b.len()];
        Aligner::default().align((&a, &b), &starts, anchored, &vocabulary, &mut out);
        let texts: Vec<&str> = tokens(new).map(|token| &new[token.range.as_usize()]).collect();
        let runs: Vec<String> = out
            .iter()
            .map(|run| {
                assert_eq!(a[run.old..run.old + run.len], b[run.new..run.new + run.len]);
                texts[run.new..run.new + run.len].join(" ")
            })
            .collect();
        runs.join(" | ")
    }

    #[test]
    fn runs_and_rare_words_are_known_again() {
        let both = Anchored { start: true, end: true };
        assert_eq!(
            kept("Since 2011, she has made", "Between 2011 and 2017, she made", both),
            "2011 | , she | made"
        );
        assert_eq!(
            kept(
                "The ferry sank off the cape on a calm night with fourteen people and the mail",
                "Nobody has explained the loss of a vessel that the owner called the pride of his fleet",
                Anchored::default()
            ),
            ""
        );
    }

    #[test]
    fn a_long_stretch_is_cut_at_what_stands_once() {
        let words: Vec<String> = (0..3000).map(|n| format!("w{}", n * 7919 % 3001)).collect();
        let old = words.join(" ");
        let mut other = words.clone();
        other.splice(1500..1510, ["x".to_owned(), "y".to_owned()]);
        let kept = kept(&old, &other.join(" "), Anchored::default());
        assert_eq!(kept.split(" | ").map(|run| run.split(' ').count()).collect::<Vec<_>>(), [1500, 1490]);
    }
}
