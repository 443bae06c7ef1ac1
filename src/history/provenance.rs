//! From which earlier words is a version made?
//!
//! WikiWho's order: paragraphs, then sentences, then words; what stood in the version before goes first, and
//! what was removed earlier is looked at for the rest.

use hashbrown::HashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::align::Aligner;
use super::places::{BEYOND, Ends, Fresh, Places, ends};
use super::restore::Restorer;
use super::store::{LEAST_SENTENCE, NONE, Store};
use super::vocabulary::BIT;
use super::words::{Gap, Words};

/// How much a paragraph tells that is known again out of its place: one rare word, as good as.
const LEAST_MOVED: i32 = 8 * BIT;
/// How much a paragraph tells that is known again from any earlier version: among all that ever stood, more
/// is needed.
const LEAST_BACK: i32 = 20 * BIT;

/// Gives every word of every version its identity.
#[derive(Default)]
pub(super) struct Provenance {
    pub store: Store,
    restorer: Restorer,
    places: Places,
    aligner: Aligner,
}

/// What became of a paragraph of the version before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Old {
    Kept,
    Moved,
    Freed,
}

/// Where the new text's paragraphs come from, as far as it is known.
struct Known {
    old: Vec<Old>,
    /// By new paragraph: its wording, or [`NONE`].
    new: Vec<u32>,
    /// The pairs that stand in order, by their positions on both sides.
    anchors: Vec<(usize, usize)>,
    /// The ends of the paragraphs around, which stay.
    around: (Ends, Ends),
}

impl Provenance {
    /// Returns the wordings of the paragraphs `new` that stand in `version` in place of the wordings `old` of
    /// the version before; `around` are the wordings before and behind, which stay.
    pub fn step(
        &mut self,
        version: u32,
        old: &[u32],
        new: &[&str],
        around: (Option<u32>, Option<u32>),
    ) -> Vec<u32> {
        let digests: Vec<u128> = new.iter().map(|text| digest(text)).collect();
        let mut known = self.paragraphs(old, &digests);
        let beyond = |wording: Option<u32>| wording.map_or(BEYOND, |wording| ends(wording, &self.store));
        known.around = (beyond(around.0), beyond(around.1));
        for (&wording, state) in old.iter().zip(&known.old) {
            if *state == Old::Freed {
                self.store.went(wording, version);
            }
        }
        self.bring_back(version, &mut known, &digests);
        if known.new.contains(&NONE) {
            self.sentences_and_words(version, old, new, &digests, &mut known);
        }
        let gone = |at: usize| known.old[at] == Old::Freed;
        self.remember(version, old, known.around, gone);
        known.new
    }

    /// Goes from the wordings of the version before to those of an earlier one, which stands again.
    pub fn go_back(&mut self, version: u32, old: &[u32], new: &[u32]) {
        let sorted = |side: &[u32]| {
            let mut side = side.to_vec();
            side.sort_unstable();
            side
        };
        let (olds, news) = (sorted(old), sorted(new));
        let gone: Vec<u32> = old.iter().copied().filter(|w| news.binary_search(w).is_err()).collect();
        gone.iter().for_each(|&wording| self.store.went(wording, version));
        for &wording in new.iter().filter(|wording| olds.binary_search(wording).is_err()) {
            self.claim(wording);
        }
        self.remember(version, old, (BEYOND, BEYOND), |at| news.binary_search(&old[at]).is_err());
    }

    /// Notes what is gone of the wordings `old`, which stood between paragraphs with the ends `around`.
    fn remember(&mut self, version: u32, old: &[u32], around: (Ends, Ends), gone: impl Fn(usize) -> bool) {
        for (at, &wording) in old.iter().enumerate().filter(|&(at, _)| gone(at)) {
            self.restorer.remember(wording, version, &mut self.store);
            let beside =
                |at: Option<usize>| at.and_then(|at| old.get(at)).map(|&other| ends(other, &self.store));
            let left = beside(at.checked_sub(1)).unwrap_or(around.0);
            let right = beside(Some(at + 1)).unwrap_or(around.1);
            self.places.remember(wording, left, right, &self.store);
        }
    }

    /// Finds the paragraphs that stand unchanged, in their order or moved.
    fn paragraphs(&self, old: &[u32], digests: &[u128]) -> Known {
        let mut known = Known {
            old: vec![Old::Freed; old.len()],
            new: vec![NONE; digests.len()],
            anchors: Vec::new(),
            around: (BEYOND, BEYOND),
        };
        let mut numbers: HashMap<u128, u32> = HashMap::new();
        for &digest in digests {
            let next = numbers.len() as u32;
            numbers.entry(digest).or_insert(next);
        }
        let number = |wording: &u32| numbers.get(&self.store.wordings[*wording as usize].digest).copied();
        let common: Vec<(usize, u32)> =
            old.iter().enumerate().filter_map(|(at, wording)| Some((at, number(wording)?))).collect();
        if common.is_empty() {
            return known;
        }
        let mut shared = vec![false; numbers.len()];
        common.iter().for_each(|&(_, number)| shared[number as usize] = true);
        let theirs: Vec<(usize, u32)> = (digests.iter().enumerate())
            .filter_map(|(at, digest)| Some((at, *numbers.get(digest)?)))
            .filter(|&(_, number)| shared[number as usize])
            .collect();
        let keys = |side: &[(usize, u32)]| side.iter().map(|&(_, number)| number).collect::<Vec<_>>();
        for op in capture_diff_slices(Algorithm::Patience, &keys(&common), &keys(&theirs)) {
            let DiffOp::Equal { old_index, new_index, len } = op else { continue };
            for at in 0..len {
                let (i, j) = (common[old_index + at].0, theirs[new_index + at].0);
                known.old[i] = Old::Kept;
                known.new[j] = old[i];
                known.anchors.push((i, j));
            }
        }
        // What is left of them has moved; the first of several copies goes first.
        let mut left: Vec<Vec<usize>> = vec![Vec::new(); numbers.len()];
        for &(at, number) in common.iter().rev() {
            if known.old[at] == Old::Freed && self.tells(old[at]) >= LEAST_MOVED {
                left[number as usize].push(at);
            }
        }
        for (j, number) in theirs {
            if known.new[j] == NONE
                && let Some(i) = left[number as usize].pop()
            {
                known.old[i] = Old::Moved;
                known.new[j] = old[i];
            }
        }
        known
    }

    /// Finds the paragraphs that stood in an earlier version.
    fn bring_back(&mut self, version: u32, known: &mut Known, digests: &[u128]) {
        let mut came_back = vec![false; digests.len()];
        let mut short = Vec::new();
        for (at, &digest) in digests.iter().enumerate() {
            if known.new[at] != NONE {
                continue;
            }
            for wording in self.store.gone_wordings(digest) {
                if self.tells(wording) < LEAST_BACK {
                    short.push(at);
                    break;
                }
                if let Some(wording) = self.claim_most(wording, version) {
                    known.new[at] = wording;
                    came_back[at] = true;
                    break;
                }
            }
        }
        // A short one comes back with its neighbour.
        let mut short_back = |at: usize, beside: Option<usize>| {
            if known.new[at] == NONE && beside.is_some_and(|beside| came_back.get(beside) == Some(&true)) {
                let gone = self.store.gone_wordings(digests[at]);
                if let Some(wording) = gone.into_iter().find(|&wording| self.claim(wording)) {
                    known.new[at] = wording;
                    came_back[at] = true;
                }
            }
        };
        short.iter().for_each(|&at| short_back(at, at.checked_sub(1)));
        short.iter().rev().for_each(|&at| short_back(at, Some(at + 1)));
    }

    /// How much it tells that a wording stands in two places, in sixteenths of a bit.
    fn tells(&self, wording: u32) -> i32 {
        let tokens = self.store.tokens(wording).iter();
        tokens.fold(0, |sum: i32, &token| {
            sum.saturating_add(self.store.vocabulary.bits(self.store.words[token as usize]))
        })
    }

    /// Takes a wording's tokens for the version that is looked at; where less than half of them stand there
    /// already, a wording of the others, with new tokens in their place.
    fn claim_most(&mut self, wording: u32, version: u32) -> Option<u32> {
        if self.claim(wording) {
            return Some(wording);
        }
        let old = self.store.tokens(wording).to_vec();
        let present = old.iter().filter(|&&token| self.store.present[token as usize]).count();
        if present * 2 >= old.len() {
            return None;
        }
        let record = self.store.wordings[wording as usize].clone();
        let starts: Vec<u32> =
            self.store.sentences_of(wording).map(|range| range.start as u32 - record.tokens.start).collect();
        let mut tokens = Vec::with_capacity(old.len());
        for token in old {
            let word = self.store.words[token as usize];
            self.store.vocabulary.came(word);
            if self.store.present[token as usize] {
                tokens.push(self.store.new_token(word, version));
            } else {
                self.store.present[token as usize] = true;
                tokens.push(token);
            }
        }
        let copy = self.store.new_wording(&tokens, &starts, record.digest, version);
        let made = &mut self.store.wordings[copy as usize];
        made.introduced = record.introduced;
        made.before = wording;
        Some(copy)
    }

    /// Takes a wording's tokens for the version that is looked at, unless it has some of them already.
    fn claim(&mut self, wording: u32) -> bool {
        let tokens = self.store.wordings[wording as usize].tokens.clone();
        let range = tokens.start as usize..tokens.end as usize;
        let store = &mut self.store;
        if store.arena[range.clone()].iter().any(|&token| store.present[token as usize]) {
            return false;
        }
        for at in range {
            let token = store.arena[at] as usize;
            store.present[token] = true;
            store.vocabulary.came(store.words[token]);
        }
        store.came(wording);
        true
    }

    /// Finds the sentences and words of the paragraphs that are left, and makes wordings of them.
    fn sentences_and_words(
        &mut self,
        version: u32,
        old: &[u32],
        new: &[&str],
        digests: &[u128],
        known: &mut Known,
    ) {
        let mut words = Words::default();
        let mut fresh: Vec<Fresh> = Vec::new();
        let mut all_starts: Vec<Vec<u32>> = Vec::new();
        let mut at = (0, 0);
        let ends = (old.len(), new.len());
        for (i, j) in known.anchors.iter().copied().chain([ends]) {
            let begin = (words.olds.len(), words.news.len());
            for (&wording, state) in old[at.0..i].iter().zip(&known.old[at.0..i]) {
                if *state == Old::Freed {
                    words.add_old(wording, &self.store);
                }
            }
            for (position, piece) in new.iter().enumerate().take(j).skip(at.1) {
                if known.new[position] == NONE {
                    let from = words.news.len();
                    all_starts.push(words.add_new(piece, &mut self.store.vocabulary));
                    fresh.push((position, from..words.news.len()));
                }
            }
            words.gaps.push(Gap { old: begin.0..words.olds.len(), new: begin.1..words.news.len() });
            at = (i + 1, j + 1);
        }
        words.find_sentences(&mut self.store, LEAST_SENTENCE);
        words.find_words(&mut self.store, &mut self.aligner);
        if words.find_moved(&mut self.store) {
            words.find_words(&mut self.store, &mut self.aligner);
        }
        let mut ends = self.ends_of(known, &words, &fresh);
        self.places.put_back(&fresh, &mut ends, &mut words, &mut self.store, &mut self.aligner);
        self.restorer.put_back(&mut words, &mut self.store, &mut self.aligner);
        words.make_new(&mut self.store, version);
        for ((position, range), starts) in fresh.into_iter().zip(all_starts) {
            let tokens = &words.tokens[range.clone()];
            let wording = self.store.new_wording(tokens, &starts, digests[position], version);
            self.store.wordings[wording as usize].before = NONE;
            if let Some(before) = words.most_from(range, &self.store) {
                let introduced = self.store.wordings[before as usize].introduced;
                let record = &mut self.store.wordings[wording as usize];
                record.before = before;
                record.introduced = introduced;
            }
            known.new[position] = wording;
        }
    }

    /// The ends of the new paragraphs, as far as they are known, between those of the paragraphs around.
    fn ends_of(&self, known: &Known, words: &Words, fresh: &[Fresh]) -> Vec<Ends> {
        let of_known = |&wording: &u32| match wording {
            NONE => [None; 2],
            wording => ends(wording, &self.store),
        };
        let mut all = vec![known.around.0];
        all.extend(known.new.iter().map(of_known));
        all.push(known.around.1);
        for (position, range) in fresh {
            let tokens = &words.tokens[range.clone()];
            // A token that nobody knows yet leads nowhere.
            let known = |token: Option<&u32>| token.copied().filter(|&token| token != NONE);
            all[position + 1] = [known(tokens.first()), known(tokens.last())];
        }
        all
    }
}

/// Names a paragraph by its bytes.
fn digest(text: &str) -> u128 {
    let hash = blake3::hash(text.as_bytes());
    hash.as_bytes().first_chunk().map_or(0, |half| u128::from_le_bytes(*half))
}
