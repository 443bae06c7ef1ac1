//! Which words of a stretch are which of another, in order?
//!
//! The answer that explains most: every word that is taken to be the same saves as many bits as it is rare,
//! and every run of such words costs what it takes to say where it stands. So a run of words, or a rare one,
//! is known again; a "the" between changed words is not, unless the stretches are so short that it must be
//! the same.

use std::ops::Range;

use hashbrown::HashMap;

use super::anchors::{Same, extended};
use super::store::NONE;
use super::vocabulary::{BIT, Vocabulary, is_word, log2, place};

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

/// What is kept between alignments, so that they allocate nothing.
#[derive(Default)]
pub(super) struct Aligner {
    steps: Vec<u8>,
    best: Vec<i32>,
    matched: Vec<Pair>,
    /// Of the row that is looked at: the columns with its word, what each pair saves, and whether it goes on a
    /// run.
    pairs: Vec<(u32, i32, bool)>,
    /// The tokens of either side that stand on the other side, too.
    rows: Vec<Line>,
    columns: Vec<Line>,
    /// By word: the table for which it was last seen on the old side, and on the new.
    seen: Vec<[u32; 2]>,
    /// The number of the table.
    now: u32,
    /// By word: the first column with it, for the words of the table.
    places: Vec<u32>,
}

/// A token that stands on both sides.
#[derive(Clone, Copy)]
struct Line {
    /// Where it stands on its side.
    at: u32,
    word: u32,
    /// Whether the token before it stands on the other side, too.
    joins: bool,
    /// Of a column: what it saves to take it, and what it costs that a run begins there.
    bits: i32,
    begin: i32,
    /// Of a column: the next one with the same word.
    next: u32,
}

/// A pair that can be taken: its row, counted from 1, and what the best way saves that ends with it.
#[derive(Clone, Copy)]
struct Pair {
    row: u32,
    saves: i32,
}

/// In a cell: the pair is best left out, by leaving out the old or the new token; or it is taken, and goes on
/// a run or begins one.
const SKIP_OLD: u8 = 0;
const SKIP_NEW: u8 = 1;
const TAKE: u8 = 2;
const CHOICE: u8 = 3;
const GOES_ON: u8 = 4;
/// The best here is more than the best of the row above.
const GROWS: u8 = 8;

const NEVER: i32 = i32::MIN / 2;
const NO_PAIR: Pair = Pair { row: u32::MAX, saves: NEVER };

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

    /// Finds the best way through all pairs of tokens that stand on both sides. The others can be in no run;
    /// they only part those around them. Only cells with two equal tokens are worked out, and those that they
    /// change (Hunt and Szymanski 1977, with weights).
    fn table(
        &mut self,
        (old, new): (&[u32], &[u32]),
        at: (usize, usize),
        starts: &[bool],
        anchored: Anchored,
        vocabulary: &Vocabulary,
        out: &mut Vec<Same>,
    ) {
        let begin = log2(old.len() as u64 + 1) + log2(new.len() as u64 + 1);
        self.find_common(old, new);
        for column in &mut self.columns {
            column.bits = vocabulary.bits(column.word);
            column.begin = begin - if starts[column.at as usize] { AT_START } else { 0 };
        }
        let (Some(first), Some(last)) = (ends(&self.rows), ends(&self.columns)) else { return };
        let width = self.columns.len();
        self.steps.clear();
        self.steps.resize(self.rows.len() * width, 0);
        // Up to a row, shifted by one column: the best up to there, and the best that ends with that pair.
        self.best.clear();
        self.best.resize(width + 1, 0);
        self.matched.clear();
        self.matched.resize(width + 1, NO_PAIR);
        if anchored.start && first.0 == 0 && last.0 == 0 {
            self.matched[0] = Pair { row: 0, saves: 0 };
        }
        for (at, steps) in self.steps.chunks_exact_mut(width).enumerate() {
            let Line { word, joins, .. } = self.rows[at];
            let row = at as u32 + 1;
            // The pairs of this row, from what stands in the rows above.
            self.pairs.clear();
            let mut column = self.places[place(word)];
            while let Some(line) = self.columns.get(column as usize) {
                let before = self.matched[column as usize];
                let run = if joins && line.joins && before.row == at as u32 { before.saves } else { NEVER };
                let begins = self.best[column as usize] - line.begin;
                self.pairs.push((column, line.bits + run.max(begins), run >= begins));
                column = line.next;
            }
            // What they change: the best only ever grows to the right, so that a pair's saving holds up to where
            // more was saved above.
            for (number, &(column, here, goes_on)) in self.pairs.iter().enumerate() {
                let column = column as usize;
                let (above, left) = (self.best[column + 1], self.best[column]);
                let most = above.max(left).max(here);
                let choice = match () {
                    () if here == most => TAKE,
                    () if above >= left => SKIP_OLD,
                    () => SKIP_NEW,
                };
                let changed = if most == above { 0 } else { GROWS };
                steps[column] = choice | changed | if goes_on { GOES_ON } else { 0 };
                self.matched[column + 1] = Pair { row, saves: here };
                self.best[column + 1] = most;
                let from = column + 1;
                let end = self.pairs.get(number + 1).map_or(width, |&(next, ..)| next as usize);
                let less = self.best[from + 1..=end].partition_point(|&best| best < most);
                self.best[from + 1..=from + less].fill(most);
                steps[from..from + less].fill(SKIP_NEW | GROWS);
            }
        }
        let whole = first.1 + 1 == old.len() && last.1 + 1 == new.len();
        let ends_so = anchored.end
            && whole
            && self.matched[width].row as usize == self.rows.len()
            && self.matched[width].saves + begin > self.best[width];
        let parted = last.1 + 1 < new.len();
        self.trace(ends_so, parted, at, out);
    }

    /// Fills in which tokens stand on both sides.
    fn find_common(&mut self, old: &[u32], new: &[u32]) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.seen.clear();
            self.now = 1;
        }
        let most = old.iter().chain(new).copied().map(place).max().map_or(0, |last| last + 1);
        if self.seen.len() < most {
            self.seen.resize(most, [0; 2]);
        }
        old.iter().for_each(|&word| self.seen[place(word)][0] = self.now);
        new.iter().for_each(|&word| self.seen[place(word)][1] = self.now);
        let both = [self.now; 2];
        for (side, lines) in [(old, &mut self.rows), (new, &mut self.columns)] {
            lines.clear();
            let common = side.iter().enumerate().filter(|&(_, &word)| self.seen[place(word)] == both);
            for (at, &word) in common {
                let joins = at == 0 || lines.last().is_some_and(|line: &Line| line.at as usize + 1 == at);
                lines.push(Line { at: at as u32, word, joins, bits: 0, begin: 0, next: NONE });
            }
        }
        if self.places.len() < most {
            self.places.resize(most, NONE);
        }
        self.columns.iter().for_each(|column| self.places[place(column.word)] = NONE);
        for (at, column) in self.columns.iter_mut().enumerate().rev() {
            column.next = std::mem::replace(&mut self.places[place(column.word)], at as u32);
        }
    }

    /// Reads the runs from the table, last first, and appends them in order; `parted` says whether a token
    /// that stands on one side only comes behind the last column.
    fn trace(&self, mut taken: bool, mut parted: bool, at: (usize, usize), out: &mut Vec<Same>) {
        let first = out.len();
        let width = self.columns.len();
        let (mut row, mut column) = (self.rows.len(), width);
        while row > 0 && column > 0 {
            let step = self.steps[(row - 1) * width + column - 1];
            // Beside a column that is in no run, the best goes up as far as it is the same.
            if parted && step & GROWS == 0 {
                row -= 1;
                continue;
            }
            parted = false;
            if !taken && step & CHOICE == SKIP_OLD {
                row -= 1;
                continue;
            }
            column -= 1;
            parted = !self.columns[column].joins;
            if !taken && step & CHOICE == SKIP_NEW {
                continue;
            }
            row -= 1;
            let (i, j) = (at.0 + self.rows[row].at as usize, at.1 + self.columns[column].at as usize);
            match out[first..].last_mut() {
                Some(run) if run.old == i + 1 && run.new == j + 1 => {
                    run.old -= 1;
                    run.new -= 1;
                    run.len += 1;
                }
                _ => out.push(Same { old: i, new: j, len: 1 }),
            }
            taken = step & GOES_ON != 0;
        }
        out[first..].reverse();
    }
}

/// Where the first and the last of `lines` stand.
fn ends(lines: &[Line]) -> Option<(usize, usize)> {
    Some((lines.first()?.at as usize, lines.last()?.at as usize))
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
    extended(&once, old, new)
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

    /// The runs, by comparing every pair of tokens.
    fn by_every_pair(
        (old, new): (&[u32], &[u32]),
        starts: &[bool],
        anchored: Anchored,
        vocabulary: &Vocabulary,
    ) -> Vec<(usize, usize)> {
        let begin = log2(old.len() as u64 + 1) + log2(new.len() as u64 + 1);
        let (rows, columns) = (old.len() + 1, new.len() + 1);
        let mut best = vec![vec![0; columns]; rows];
        let mut ends = vec![vec![NEVER; columns]; rows];
        if anchored.start {
            ends[0][0] = 0;
        }
        for i in 1..rows {
            for j in 1..columns {
                if old[i - 1] == new[j - 1] {
                    let begins = best[i - 1][j - 1] - begin + if starts[j - 1] { AT_START } else { 0 };
                    ends[i][j] = vocabulary.bits(new[j - 1]) + ends[i - 1][j - 1].max(begins);
                }
                best[i][j] = best[i - 1][j].max(best[i][j - 1]).max(ends[i][j]);
            }
        }
        let (mut i, mut j) = (old.len(), new.len());
        let mut taken = anchored.end && ends[i][j] + begin > best[i][j];
        let mut out = Vec::new();
        while i > 0 && j > 0 {
            if !taken && ends[i][j] != best[i][j] {
                let up = best[i - 1][j] >= best[i][j - 1];
                (i, j) = if up { (i - 1, j) } else { (i, j - 1) };
                continue;
            }
            let begins = best[i - 1][j - 1] - begin + if starts[j - 1] { AT_START } else { 0 };
            taken = ends[i - 1][j - 1] >= begins;
            (i, j) = (i - 1, j - 1);
            out.push((i, j));
        }
        out.reverse();
        out
    }

    #[test]
    fn tokens_of_one_side_only_change_nothing() {
        let mut random = 7_u32;
        let mut next = |below: u32| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 16) % below
        };
        let mut vocabulary = Vocabulary::default();
        let numbers: Vec<u32> = (0..24)
            .map(|n| {
                let text =
                    if n % 6 == 0 { ["the", "of", ",", "."][n / 6].to_owned() } else { format!("w{n}") };
                let number = vocabulary.number(&text, n < 12 || n % 6 != 0);
                (0..n % 5).for_each(|_| vocabulary.came(number));
                number
            })
            .collect();
        let mut aligner = Aligner::default();
        for round in 0..4000 {
            let kinds = 2 + next(22);
            let old: Vec<u32> = (0..next(14)).map(|_| numbers[next(kinds) as usize]).collect();
            let mut new: Vec<u32> = (0..next(14)).map(|_| numbers[next(kinds) as usize]).collect();
            if round % 2 == 0 {
                let at = next(new.len() as u32 + 1) as usize;
                new.splice(at..at, old.iter().copied().take(5));
            }
            let starts: Vec<bool> = new.iter().map(|_| next(5) == 0).collect();
            let anchored = Anchored { start: next(2) == 0, end: next(2) == 0 };
            let mut out = Vec::new();
            aligner.align((&old, &new), &starts, anchored, &vocabulary, &mut out);
            let pairs: Vec<(usize, usize)> =
                out.iter().flat_map(|run| (0..run.len).map(|at| (run.old + at, run.new + at))).collect();
            let expected = by_every_pair((&old, &new), &starts, anchored, &vocabulary);
            assert_eq!(pairs, expected, "{old:?} {new:?} {starts:?} {anchored:?}");
        }
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
