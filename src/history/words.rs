//! The sentences and words of paragraphs that stand nowhere as a whole.

use std::ops::Range;

use hashbrown::HashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::align::{Aligner, Anchored};
use super::anchors::Same;
use super::store::{NONE, Store};
use super::tokens;
use super::vocabulary::{Vocabulary, is_word};

/// A sentence of fewer words anchors nothing, also in its place.
const LEAST_ANCHOR: usize = 3;
/// A run of words that moved is known again from so many on: by itself a shorter one may be a phrase that
/// comes of its own. What is not parted by white space (an address) counts as one.
const LEAST_MOVED: usize = 8;
/// Runs that moved are looked for by so many tokens in a row.
const SEED: usize = 6;
/// A paragraph is the one before, in other words, where it has this share of its words, or where they are
/// this share of its own, in tenths.
const TAKEN_OVER: (u32, u32) = (5, 3);

/// Where a token of the new text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Nobody knows yet, or it is new.
    None,
    /// Index into [`Words::olds`].
    Old(usize),
    /// Place in [`Store::arena`], from an earlier version.
    Past(usize),
}

/// A token of the new text.
#[derive(Clone, Copy, Debug)]
pub(super) struct New {
    pub word: u32,
    /// Whether white space, or nothing, stands before it.
    pub spaced: bool,
    /// Whether it begins a sentence.
    pub starts: bool,
    pub source: Source,
}

/// What stands between two paragraphs that are on both sides.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// The tokens of both sides that are left.
#[derive(Default)]
pub(super) struct Words {
    /// Tokens of the version before, and the numbers of their words.
    pub olds: Vec<u32>,
    pub old_words: Vec<u32>,
    old_sentences: Vec<Range<usize>>,
    /// By index into `olds`: the wording.
    old_wordings: Vec<(Range<usize>, u32)>,
    pub news: Vec<New>,
    pub new_words: Vec<u32>,
    /// By new token: the token that it is, or [`NONE`].
    pub tokens: Vec<u32>,
    new_sentences: Vec<Range<usize>>,
    pub gaps: Vec<Gap>,
    runs: Vec<Same>,
}

impl Words {
    /// Adds a paragraph of the version before.
    pub fn add_old(&mut self, wording: u32, store: &Store) {
        let from = self.olds.len();
        let base = store.wordings[wording as usize].tokens.start as usize;
        self.olds.extend_from_slice(store.tokens(wording));
        self.old_words.extend(store.tokens(wording).iter().map(|&token| store.words[token as usize]));
        let sentences = store.sentences_of(wording);
        self.old_sentences.extend(sentences.map(|range| range.start - base + from..range.end - base + from));
        self.old_wordings.push((from..self.olds.len(), wording));
    }

    /// Adds a paragraph of the new text, and returns at which of its tokens its sentences begin.
    pub fn add_new(&mut self, text: &str, vocabulary: &mut Vocabulary) -> Vec<u32> {
        let from = self.news.len();
        let mut starts: Vec<u32> = Vec::new();
        let mut end = 0;
        let mut ends = Ends::default();
        for token in tokens(text) {
            let part = &text[token.range.as_usize()];
            let spaced = token.range.start > end || end == 0;
            let begins = ends.begins(part, spaced, &text[token.range.start as usize..]);
            end = token.range.end;
            if begins {
                starts.push((self.news.len() - from) as u32);
            }
            let word = vocabulary.number(part, token.word);
            self.news.push(New { word, spaced, starts: begins, source: Source::None });
            self.new_words.push(word);
            self.tokens.push(NONE);
        }
        let bounds = starts.iter().skip(1).map(|&at| at as usize + from).chain([self.news.len()]);
        let ranges = starts.iter().map(|&at| at as usize + from).zip(bounds).map(|(from, to)| from..to);
        self.new_sentences.extend(ranges);
        starts
    }

    /// Finds the sentences that stood in the version before, in order or moved, and then those that stood
    /// earlier; by themselves, those of at least `least` words.
    pub fn find_sentences(&mut self, store: &mut Store, least: usize) {
        let count = |words: &[u32]| words.iter().filter(|&&word| is_word(word)).count();
        let mut numbers: HashMap<&[u32], u32> = HashMap::new();
        for range in &self.new_sentences {
            let next = numbers.len() as u32;
            numbers.entry(&self.new_words[range.clone()]).or_insert(next);
        }
        let free = |range: &Range<usize>| {
            self.olds[range.clone()].iter().all(|&token| !store.present[token as usize])
        };
        let mut shared = vec![false; numbers.len()];
        let mut olds: Vec<(Range<usize>, u32)> = Vec::new();
        for range in self.old_sentences.iter().filter(|range| free(range)) {
            if let Some(&number) = numbers.get(&self.old_words[range.clone()]) {
                shared[number as usize] = true;
                olds.push((range.clone(), number));
            }
        }
        let news: Vec<(Range<usize>, u32)> = (self.new_sentences.iter())
            .filter_map(|range| Some((range.clone(), *numbers.get(&self.new_words[range.clone()])?)))
            .collect();
        drop(numbers);
        let mut pairs: Vec<(Range<usize>, usize)> = Vec::new();
        let mut done = (vec![false; olds.len()], vec![false; news.len()]);
        for gap in &self.gaps {
            let within = |side: &[(Range<usize>, u32)], gap: &Range<usize>| {
                side.partition_point(|(range, _)| range.start < gap.start)
                    ..side.partition_point(|(range, _)| range.start < gap.end)
            };
            let (a, b) = (within(&olds, &gap.old), within(&news, &gap.new));
            if a.is_empty() || b.is_empty() {
                continue;
            }
            let theirs: Vec<usize> = b.filter(|&at| shared[news[at].1 as usize]).collect();
            let old_keys: Vec<u32> = olds[a.clone()].iter().map(|&(_, number)| number).collect();
            let new_keys: Vec<u32> = theirs.iter().map(|&at| news[at].1).collect();
            for op in capture_diff_slices(Algorithm::Patience, &old_keys, &new_keys) {
                let DiffOp::Equal { old_index, new_index, len } = op else { continue };
                for at in 0..len {
                    let (i, j) = (a.start + old_index + at, theirs[new_index + at]);
                    if count(&self.new_words[news[j].0.clone()]) >= LEAST_ANCHOR {
                        done.0[i] = true;
                        done.1[j] = true;
                        pairs.push((olds[i].0.clone(), news[j].0.start));
                    }
                }
            }
        }
        // What is left of them has moved; the first of several copies goes first.
        let mut left: Vec<Vec<usize>> = vec![Vec::new(); shared.len()];
        (0..olds.len()).rev().filter(|&at| !done.0[at]).for_each(|at| left[olds[at].1 as usize].push(at));
        for (at, (range, number)) in news.iter().enumerate() {
            if !done.1[at]
                && count(&self.new_words[range.clone()]) >= least
                && let Some(i) = left[*number as usize].pop()
            {
                done.1[at] = true;
                pairs.push((olds[i].0.clone(), range.start));
            }
        }
        for (old, new) in pairs {
            let len = old.len();
            self.take_old(Same { old: old.start, new, len }, store);
        }
        for (at, (range, _)) in news.iter().enumerate() {
            if done.1[at] || count(&self.new_words[range.clone()]) < least {
                continue;
            }
            if let Some(place) = store.find_sentence(&self.new_words[range.clone()]) {
                for (from, to) in place.zip(range.clone()) {
                    self.take(to, store.arena[from], Source::Past(from), store);
                }
            }
        }
    }

    /// Takes a token for the version that is looked at.
    pub fn take(&mut self, new: usize, token: u32, source: Source, store: &mut Store) {
        store.present[token as usize] = true;
        store.vocabulary.came(store.words[token as usize]);
        self.tokens[new] = token;
        self.news[new].source = source;
    }

    /// Takes a run of tokens of the version before.
    fn take_old(&mut self, run: Same, store: &mut Store) {
        for at in 0..run.len {
            let token = self.olds[run.old + at];
            // A run may be told twice where two searches meet.
            if self.tokens[run.new + at] == NONE && !store.present[token as usize] {
                self.take(run.new + at, token, Source::Old(run.old + at), store);
            }
        }
    }

    /// Returns the runs of new tokens of which nothing is known, within their gaps.
    pub fn unknown(&self) -> Vec<(usize, Range<usize>)> {
        let mut out = Vec::new();
        for (number, gap) in self.gaps.iter().enumerate() {
            let mut at = gap.new.start;
            while at < gap.new.end {
                let length = self.tokens[at..gap.new.end].iter().take_while(|&&token| token == NONE).count();
                if length > 0 {
                    out.push((number, at..at + length));
                }
                at += length.max(1);
            }
        }
        out
    }

    /// Finds words in their order: between what is known on the left and on the right.
    pub fn find_words(&mut self, store: &mut Store, aligner: &mut Aligner) {
        let mut apart = Vec::new();
        for (gap, run) in self.unknown() {
            let (left, right) = (self.behind(gap, &run, store), self.before(gap, &run, store));
            match (left, right) {
                (Some(left), Some(right)) if left != right => apart.push((gap, run)),
                (left, right) => {
                    let around = self.anchored(gap, &run);
                    let start = around.start && left.is_some();
                    let end = around.end && right.is_some();
                    if let Some(olds) = left.or(right) {
                        self.compare(olds, run, Anchored { start, end }, 0, store, aligner);
                    }
                }
            }
        }
        // Where left and right lead to different places, the left one goes first.
        for (gap, run) in apart {
            let anchored = self.anchored(gap, &run);
            if let Some(left) = self.behind(gap, &run, store) {
                let anchored = Anchored { end: false, ..anchored };
                self.compare(left, run.clone(), anchored, 0, store, aligner);
            }
            let known = self.tokens[run.clone()].iter().rposition(|&token| token != NONE);
            let rest = known.map_or(run.start, |at| run.start + at + 1)..run.end;
            if !rest.is_empty()
                && let Some(right) = self.before(gap, &rest, store)
            {
                let anchored = Anchored { start: false, ..anchored };
                self.compare(right, rest, anchored, 0, store, aligner);
            }
        }
    }

    /// Whether the tokens around a run are known; the ends of a gap are no tokens.
    fn anchored(&self, gap: usize, run: &Range<usize>) -> Anchored {
        let gap = &self.gaps[gap].new;
        Anchored { start: run.start > gap.start, end: run.end < gap.end }
    }

    /// The tokens of the version before that are free, behind what stands on the left of the run.
    fn behind(&self, gap: usize, run: &Range<usize>, store: &Store) -> Option<Range<usize>> {
        let start = if run.start == self.gaps[gap].new.start {
            self.gaps[gap].old.start
        } else if let Source::Old(at) = self.news[run.start - 1].source {
            at + 1
        } else {
            return None;
        };
        let end = self.gaps.get(self.gap_of(start)?)?.old.end;
        let free = |&&token: &&u32| !store.present[token as usize];
        let length = self.olds[start..end].iter().take_while(free).count();
        (length > 0).then_some(start..start + length)
    }

    /// The tokens of the version before that are free, before what stands on the right of the run.
    fn before(&self, gap: usize, run: &Range<usize>, store: &Store) -> Option<Range<usize>> {
        let end = if run.end == self.gaps[gap].new.end {
            self.gaps[gap].old.end
        } else if let Source::Old(at) = self.news[run.end].source {
            at
        } else {
            return None;
        };
        let start = self.gaps.get(self.gap_of(end.checked_sub(1)?)?)?.old.start;
        let free = |&&token: &&u32| !store.present[token as usize];
        let length = self.olds[start..end].iter().rev().take_while(free).count();
        (length > 0).then_some(end - length..end)
    }

    /// The gap that an old token stands in.
    fn gap_of(&self, at: usize) -> Option<usize> {
        let gap = self.gaps.partition_point(|gap| gap.old.end <= at);
        (gap < self.gaps.len()).then_some(gap)
    }

    /// Compares old and new tokens, and then again what is left between those that are the same: the shorter
    /// the stretch, the less it takes.
    fn compare(
        &mut self,
        old: Range<usize>,
        new: Range<usize>,
        anchored: Anchored,
        depth: usize,
        store: &mut Store,
        aligner: &mut Aligner,
    ) {
        let starts: Vec<bool> = self.news[new.clone()].iter().map(|token| token.starts).collect();
        let mut runs = std::mem::take(&mut self.runs);
        let first = runs.len();
        let sides = (&self.old_words[old.clone()], &self.new_words[new.clone()]);
        aligner.align(sides, &starts, anchored, &store.vocabulary, &mut runs);
        let found: Vec<Same> = runs.drain(first..).collect();
        self.runs = runs;
        for run in &found {
            let run = Same { old: old.start + run.old, new: new.start + run.new, len: run.len };
            self.take_old(run, store);
        }
        if found.is_empty() || depth >= DEEPEST {
            return;
        }
        let mut at = (old.start, new.start);
        let end = Same { old: old.len(), new: new.len(), len: 0 };
        for (number, run) in found.iter().chain([&end]).enumerate() {
            let (a, b) = (at.0..old.start + run.old, at.1..new.start + run.new);
            at = (a.end + run.len, b.end + run.len);
            if !a.is_empty() && !b.is_empty() {
                let anchored = Anchored {
                    start: number > 0 || anchored.start,
                    end: number < found.len() || anchored.end,
                };
                self.compare(a, b, anchored, depth + 1, store, aligner);
            }
        }
    }

    /// Finds long runs of words that moved out of their order, and returns whether there are any.
    pub fn find_moved(&mut self, store: &mut Store) -> bool {
        let free: Vec<bool> = self.olds.iter().map(|&token| !store.present[token as usize]).collect();
        let unknown = self.unknown();
        let left = free.iter().filter(|&&free| free).count();
        if left < LEAST_MOVED || unknown.iter().all(|(_, run)| run.len() < LEAST_MOVED) {
            return false;
        }
        let mut places: HashMap<&[u32], Vec<u32>> = HashMap::new();
        for (at, run) in self.old_words.windows(SEED).enumerate() {
            if free[at..at + SEED].iter().all(|&free| free) {
                let places = places.entry(run).or_default();
                if places.len() < MOST_PLACES {
                    places.push(at as u32);
                }
            }
        }
        let mut found: Vec<Same> = Vec::new();
        for (_, run) in unknown {
            let mut at = run.start;
            while at + SEED <= run.end {
                let seeds = places.get(&self.new_words[at..at + SEED]);
                let best =
                    seeds.into_iter().flatten().map(|&place| self.extended(place as usize, at, &run, &free));
                match best.max_by_key(|same| (same.len, std::cmp::Reverse(same.old))) {
                    Some(same) if self.parts(same.new..same.new + same.len) >= LEAST_MOVED => {
                        at = same.new + same.len;
                        found.push(same);
                    }
                    _ => at += 1,
                }
            }
        }
        drop(places);
        let any = !found.is_empty();
        found.into_iter().for_each(|same| self.take_old(same, store));
        any
    }

    /// The run around a seed, as far as both sides are free and the same.
    fn extended(&self, old: usize, new: usize, within: &Range<usize>, free: &[bool]) -> Same {
        let same = |(a, b): (usize, usize)| free[a] && self.old_words[a] == self.new_words[b];
        let back = (0..old).rev().zip((within.start..new).rev()).take_while(|&pair| same(pair)).count();
        let on = (old..self.olds.len()).zip(new..within.end).take_while(|&pair| same(pair)).count();
        Same { old: old - back, new: new - back, len: back + on }
    }

    /// How many pieces with a word in them white space parts the tokens into; in scripts without spaces two
    /// characters count as one.
    fn parts(&self, range: Range<usize>) -> usize {
        let news = &self.news[range];
        let spaced = news.iter().filter(|token| token.spaced && is_word(token.word)).count();
        let signs =
            news.windows(2).filter(|two| two[0].spaced && !is_word(two[0].word) && is_word(two[1].word));
        let joined =
            news.windows(2).filter(|two| !two[1].spaced && is_word(two[0].word) && is_word(two[1].word));
        spaced + signs.count() + joined.count() / 2
    }

    /// Makes tokens of what is left.
    pub fn make_new(&mut self, store: &mut Store, version: u32) {
        for (token, &word) in self.tokens.iter_mut().zip(&self.new_words) {
            if *token == NONE {
                *token = store.new_token(word, version);
                store.vocabulary.came(word);
            }
        }
    }

    /// Returns the wording that a paragraph is, in other words: that most of its words come from; `None`
    /// where that is too little.
    pub fn most_from(&self, range: Range<usize>, store: &Store) -> Option<u32> {
        let mut counts: HashMap<u32, (u32, usize)> = HashMap::new();
        let mut words = 0;
        for (at, token) in self.news[range.clone()].iter().enumerate() {
            if !is_word(token.word) {
                continue;
            }
            words += 1;
            let wording = match token.source {
                Source::None => continue,
                Source::Old(old) => {
                    let place = self.old_wordings.partition_point(|(range, _)| range.end <= old);
                    self.old_wordings.get(place)?.1
                }
                Source::Past(place) => {
                    store.wordings.partition_point(|w| w.tokens.end as usize <= place) as u32
                }
            };
            counts.entry(wording).or_insert((0, at)).0 += 1;
        }
        let mut most: Vec<(u32, (u32, usize))> = counts.into_iter().collect();
        most.sort_unstable_by_key(|&(_, (count, at))| (std::cmp::Reverse(count), at));
        let &(wording, (count, _)) = most.first()?;
        let before = store.wordings[wording as usize].words;
        (count * 10 >= before * TAKEN_OVER.0 || count * 10 >= words * TAKEN_OVER.1).then_some(wording)
    }
}

/// How often what is left between known words is compared again.
const DEEPEST: usize = 8;
/// Of a run of words that stands in many places, so many are tried.
const MOST_PLACES: usize = 8;

/// Where sentences end, as far as one token after the other tells. Too many ends do no harm: sentences are
/// only what is known again as a whole.
#[derive(Default)]
struct Ends {
    begun: bool,
    /// Whether a full stop, and nothing but closing signs behind it, has been passed.
    stopped: bool,
    /// Whether a reference in wiki markup has just ended.
    reference: bool,
    /// Within `</ref` or `<ref … /`.
    closing: bool,
    slash: bool,
}

impl Ends {
    /// Returns whether `part`, the next token, begins a sentence; `rest` is the text from there on.
    fn begins(&mut self, part: &str, spaced: bool, rest: &str) -> bool {
        let opens = part == "<" && rest.starts_with("<ref");
        let first = !std::mem::replace(&mut self.begun, true);
        let wide = matches!(part, "。" | "！" | "？");
        let begins = first || opens || self.reference || self.stopped && spaced;
        self.reference = part == ">" && (self.closing || self.slash);
        if part == "<" {
            self.closing = rest.starts_with("</ref");
        } else if part == ">" {
            self.closing = false;
        }
        self.slash = part == "/";
        let stop = matches!(part, "." | "!" | "?" | "…");
        let closer = matches!(part, "\"" | "'" | "”" | "’" | "»" | ")" | "]" | "*" | "_");
        self.stopped = stop || self.stopped && closer && !begins;
        self.reference |= wide;
        begins
    }
}
