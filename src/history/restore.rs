//! Putting words back that were taken out of the same place.

use hashbrown::HashMap;

use super::align::{Aligner, Anchored};
use super::store::{NONE, Store};
use super::vocabulary::is_word;
use super::words::{Source, Words};

/// Of one place, so many of the latest runs are kept.
const MOST_RUNS: usize = 6;
/// A longer run is a paragraph or a sentence, which are known by themselves.
const LONGEST: usize = 400;

/// A run of tokens that was taken out: a place in [`Store::arena`] and a length.
type Run = (u32, u32);

/// What was taken out from where.
#[derive(Default)]
pub(super) struct Restorer {
    /// By the token that stood before the run, and stayed.
    behind: HashMap<u32, Vec<Run>>,
    /// By the token that stood behind it, and stayed.
    before: HashMap<u32, Vec<Run>>,
}

impl Restorer {
    /// Notes what of a wording, which `version` no longer has, that version has not elsewhere.
    pub fn remember(&mut self, wording: u32, version: u32, store: &mut Store) {
        let range = store.wordings[wording as usize].tokens.clone();
        let mut at = range.start;
        while at < range.end {
            let rest = &store.arena[at as usize..range.end as usize];
            let length = rest.iter().take_while(|&&token| !store.present[token as usize]).count() as u32;
            if length == 0 {
                at += 1;
                continue;
            }
            for place in at..at + length {
                let token = store.arena[place as usize];
                store.gone[token as usize] = version;
            }
            if length as usize <= LONGEST {
                if at > range.start {
                    keep(&mut self.behind, store.arena[at as usize - 1], (at, length), MOST_RUNS);
                }
                if at + length < range.end {
                    keep(&mut self.before, store.arena[(at + length) as usize], (at, length), MOST_RUNS);
                }
            }
            at += length;
        }
    }

    /// Gives new words the identity of those that were taken out there, where they are nearly all the same.
    pub fn put_back(&self, words: &mut Words, store: &mut Store, aligner: &mut Aligner) {
        for (gap, run) in words.unknown() {
            let gap = words.gaps[gap].new.clone();
            let left = (run.start > gap.start).then(|| words.tokens[run.start - 1]).filter(|&t| t != NONE);
            let right = (run.end < gap.end).then(|| words.tokens[run.end]).filter(|&t| t != NONE);
            let mut candidates: Vec<(Run, Anchored)> = Vec::new();
            let mut add = |map: &HashMap<u32, Vec<Run>>, token: Option<u32>, anchored: Anchored| {
                let runs = token.and_then(|token| map.get(&token)).into_iter().flatten().rev();
                candidates.extend(runs.map(|&run| (run, anchored)));
            };
            add(&self.behind, left, Anchored { start: true, end: false });
            add(&self.before, right, Anchored { start: false, end: true });
            if let (Some(left), Some(right)) = (left, right) {
                let both = Anchored { start: true, end: true };
                let stood = between(words, run.start, run.end, store).or_else(|| {
                    // The place that both neighbours say.
                    let runs = self.behind.get(&left)?;
                    let others = self.before.get(&right)?;
                    runs.iter().rev().find(|run| others.contains(run)).copied()
                });
                candidates.splice(0..0, stood.map(|run| (run, both)));
            }
            for ((place, length), anchored) in candidates {
                let range = place as usize..(place + length) as usize;
                if store.arena[range.clone()].iter().any(|&token| store.present[token as usize]) {
                    continue;
                }
                let old: Vec<u32> =
                    store.arena[range].iter().map(|&token| store.words[token as usize]).collect();
                let new = &words.new_words[run.clone()];
                let starts = vec![false; new.len()];
                let mut found = Vec::new();
                aligner.align((&old, new), &starts, anchored, &store.vocabulary, &mut found);
                let count = |words: &[u32]| words.iter().filter(|&&word| is_word(word)).count();
                let same: usize = found.iter().map(|same| count(&new[same.new..same.new + same.len])).sum();
                let tokens: usize = found.iter().map(|same| same.len).sum();
                let all = count(new);
                // Three quarters of what stands there now stood there then.
                if found.is_empty() || same * 4 < all * 3 || all == 0 && tokens < new.len() {
                    continue;
                }
                for same in found {
                    for at in 0..same.len {
                        let from = place as usize + same.old + at;
                        let token = store.arena[from];
                        words.take(run.start + same.new + at, token, Source::Past(from), store);
                    }
                }
                break;
            }
        }
    }
}

/// The run that stood between the tokens around `from..to`, where both came back from one wording.
fn between(words: &Words, from: usize, to: usize, store: &Store) -> Option<Run> {
    let (Source::Past(left), Source::Past(right)) = (words.news[from - 1].source, words.news[to].source)
    else {
        return None;
    };
    let length = right.checked_sub(left + 1)?;
    let wording = |place: usize| store.wordings.partition_point(|w| w.tokens.end as usize <= place);
    (length > 0 && length <= LONGEST && wording(left) == wording(right))
        .then_some((left as u32 + 1, length as u32))
}

/// Puts `value` behind what `map` holds under `token`: the latest `most`, each once, oldest first.
pub(super) fn keep<T: PartialEq>(map: &mut HashMap<u32, Vec<T>>, token: u32, value: T, most: usize) {
    let values = map.entry(token).or_default();
    values.retain(|other| *other != value);
    if values.len() == most {
        values.remove(0);
    }
    values.push(value);
}
