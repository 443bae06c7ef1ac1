//! Which passages were copied into texts that are otherwise different?
//!
//! Every run of at least `least_words` words that a text shares with an earlier one is covered, word by
//! word, by what [`copied`] gives; and every [`Copied`] is such a run, as long as it can be on both sides.
//!
//! 1. Winnowing (Schleimer, Wilkerson and Aiken 2003): of every w runs of k words in a row, one
//!    fingerprint is kept, so that two texts that share w + k − 1 = `least_words` words share a
//!    fingerprint there. Most texts share none with another and are done.
//! 2. Around each shared fingerprint, every window of `least_words` words is looked up. The first text
//!    that has a window is the source of all its copies: a star, not all pairs. So a newsletter call in
//!    100,000 texts is 99,999 passages and not five thousand million, and the work is linear in the
//!    words however often they stand elsewhere.
//! 3. Each copy is compared with its source word by word and extended in both directions as far as they
//!    agree; windows that the run has covered are passed over.
//!
//! A passage that two earlier texts share in part is told with the one that has its beginning, then with
//! the other from where that one ends.
//!
//! [`copied`] works on texts, [`runs`] on the hashes of their words: [`gathered`] keeps those for a check.

pub mod gathered;

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::near::Texts;
use crate::document::{DocumentId, Passage, TextRange};
use crate::fingerprint::shingle::combine_runs;
use crate::fingerprint::{Normalizer, PlacedWord, Profile, WordHasher};

/// How many words in a row count as copied unless the user says otherwise (`--min-passage`).
pub const LEAST_WORDS: usize = 30;

/// Stands among the hashes of words where a text is interrupted. It is like no word and not like itself.
pub const BREAK: u64 = 0;

/// A passage that stands in an earlier text too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copied {
    /// Where it stands again, from its first word to its last.
    pub copy: Passage,
    /// Where it stands in the earlier text, from its first word to its last.
    pub source: Passage,
    /// How many words it has.
    pub words: u32,
}

/// A run of words that stands in an earlier text too, by the numbers of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// The text it stands in again.
    pub text: u32,
    /// Its first word there.
    pub word: u32,
    /// The earlier text.
    pub source: u32,
    /// Its first word there.
    pub source_word: u32,
    /// How many words it has.
    pub words: u32,
}

/// Texts by the hashes of their words. Asked from many threads.
pub trait Worded: Sync {
    /// Returns the hashes of the text's words, in order, with a [`BREAK`] where it is interrupted.
    fn words(&self, text: u32) -> Cow<'_, [u64]>;

    /// Returns two names of the text: texts that agree in the first, or in the second, are never compared.
    fn kin(&self, text: u32) -> [u64; 2] {
        [u64::from(text); 2]
    }

    /// Returns the realm of the text: texts of two realms are never compared.
    fn realm(&self, text: u32) -> u32 {
        let _ = text;
        0
    }

    /// Returns whether these words of the text may be told as copied. All of them may be the source of a
    /// later copy.
    fn asks(&self, text: u32, words: Range<u32>) -> bool {
        let _ = (text, words);
        true
    }
}

/// Something found at a word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sighting {
    hash: u64,
    text: u32,
    /// The number of the word it begins with.
    word: u32,
}

/// Returns for each of the first `count` of `texts` the passages of `least_words` words or more that
/// stand in an earlier one, in the order of the copies. `least_words` of 0 counts as 1.
#[must_use]
pub fn copied<T: Texts + ?Sized>(texts: &T, count: u32, least_words: usize) -> Vec<Copied> {
    let found = runs(&Hashed(texts), count, least_words);
    let of_text = |runs: &[Run]| {
        let copy = PlacedText::new(&texts.text(runs[0].text));
        let mut source = (u32::MAX, PlacedText::default());
        let mut out = Vec::new();
        for run in runs {
            if source.0 != run.source {
                source = (run.source, PlacedText::new(&texts.text(run.source)));
            }
            let (at, from, words) = (run.word as usize, run.source_word as usize, run.words as usize);
            // Where two different words have one hash, there is no run.
            if (0..words).all(|i| copy.same(at + i, &source.1, from + i)) {
                let document = DocumentId;
                out.push(Copied {
                    copy: Passage { document: document(run.text), range: copy.range(at, words) },
                    source: Passage { document: document(run.source), range: source.1.range(from, words) },
                    words: run.words,
                });
            }
        }
        out
    };
    found.par_chunk_by(|a, b| a.text == b.text).flat_map_iter(of_text).collect()
}

/// The words of texts that can be read again.
struct Hashed<'a, T: ?Sized>(&'a T);

impl<T: Texts + ?Sized> Worded for Hashed<'_, T> {
    fn words(&self, text: u32) -> Cow<'_, [u64]> {
        let mut hashes = Vec::new();
        WordHasher::new().hash(&self.0.text(text), &mut hashes);
        Cow::Owned(hashes)
    }
}

/// Returns for each of the first `count` of `texts` the runs of `least_words` words or more that stand in an
/// earlier one that it may be compared with, by the hashes of their words, in order. `least_words` of 0
/// counts as 1.
#[must_use]
pub fn runs<W: Worded + ?Sized>(texts: &W, count: u32, least_words: usize) -> Vec<Run> {
    let least = least_words.max(1);
    // Longer runs are shared by chance less often, wider windows keep fewer: half and half.
    let run = least.div_ceil(2);
    let kept = |text: u32, out: &mut Vec<Sighting>| {
        let (hashes, realm) = (texts.words(text), realm_of(texts, text));
        if hashes.len() >= least {
            let mut runs = Vec::new();
            combine_runs(&hashes, run, &mut runs);
            winnow(&runs, least - run + 1, |word| {
                out.push(Sighting { hash: runs[word] ^ realm, text, word: word as u32 })
            });
        }
    };
    let fingerprints = collect(0..count, kept);
    let shared: Vec<(u32, u32)> = in_several_texts(fingerprints, |group, out| {
        out.extend(group.iter().map(|sighting| (sighting.text, sighting.word)));
    });
    let windows = collect_by_text(&shared, |text, places, out| {
        let (hashes, realm) = (texts.words(text), realm_of(texts, text));
        let mut windows = Vec::new();
        combine_runs(&hashes, least, &mut windows);
        let mut next = 0;
        for &(_, word) in places {
            // The windows that hold the run of the fingerprint.
            let from = (word as usize + run).saturating_sub(least).max(next);
            let to = (word as usize + 1).min(windows.len());
            let whole = |&at: &usize| !hashes[at..at + least].contains(&BREAK);
            let here = (from..to).filter(whole);
            out.extend(here.map(|at| Sighting { hash: windows[at] ^ realm, text, word: at as u32 }));
            next = next.max(to);
        }
    });
    drop(shared);
    // Each window of a later text with the place where it stands first.
    let copies: Vec<Run> = in_several_texts(windows, |group, out| {
        let mut sources = Sources::default();
        for sighting in group {
            let Sighting { text, word, .. } = *sighting;
            let asks = || texts.asks(text, word..word + least as u32);
            let kin = texts.kin(text);
            if let Some(first) = sources.of(kin).filter(|_| asks()) {
                let (source, source_word) = (first.text, first.word);
                out.push(Run { text, word, source, source_word, words: least as u32 });
            }
            sources.meet(*sighting, kin);
        }
    });
    copies
        .par_chunk_by(|a, b| a.text == b.text)
        .flat_map_iter(|windows| runs_of_text(texts, windows, least))
        .collect()
}

/// What sets the hashes of one realm apart from those of the others: nothing for the first.
fn realm_of<W: Worded + ?Sized>(texts: &W, text: u32) -> u64 {
    u64::from(texts.realm(text)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The sightings of one window that can be the first for a later text: the earliest that is no kin of it.
///
/// Never many: of sightings that agree in one of their names, the third tells nothing new (a later text
/// agrees with one of the first two at most in the other name), and three of which no two agree are enough
/// for any text.
#[derive(Debug, Default)]
struct Sources(Vec<(Sighting, [u64; 2])>);

impl Sources {
    /// The first sighting that is no kin of a text with these names.
    fn of(&self, kin: [u64; 2]) -> Option<Sighting> {
        self.0.iter().find(|(_, names)| apart(*names, kin)).map(|&(sighting, _)| sighting)
    }

    fn meet(&mut self, sighting: Sighting, kin: [u64; 2]) {
        let same = |side: usize| self.0.iter().filter(|(_, names)| names[side] == kin[side]).count();
        let known = self.0.iter().any(|&(_, names)| names == kin);
        if !known && same(0) < 2 && same(1) < 2 && self.0.len() < MOST_SOURCES {
            self.0.push((sighting, kin));
        }
    }
}

/// Where no name is in more than two of the sightings, at least half of them agree with none of the others
/// chosen: among five there are three.
const MOST_SOURCES: usize = 5;

fn apart(a: [u64; 2], b: [u64; 2]) -> bool {
    a[0] != b[0] && a[1] != b[1]
}

/// The maximal runs that begin with the `windows` of one text, in order.
fn runs_of_text<W: Worded + ?Sized>(texts: &W, windows: &[Run], least: usize) -> Vec<Run> {
    let mut out = Vec::new();
    let Some(&Run { text, .. }) = windows.first() else { return out };
    let copy = texts.words(text);
    let mut source: (u32, Cow<'_, [u64]>) = (u32::MAX, Cow::Borrowed(&[]));
    // Windows that end by here stand in a run already.
    let mut covered = 0;
    for window in windows {
        let (at, from) = (window.word as usize, window.source_word as usize);
        if at + least <= covered {
            continue;
        }
        if source.0 != window.source {
            source = (window.source, texts.words(window.source));
        }
        let theirs = &source.1;
        let same = |i: usize, j: usize| {
            let word = copy.get(i).filter(|&&word| word != BREAK);
            word.is_some() && word == theirs.get(j)
        };
        let asks = |i: usize| texts.asks(text, i as u32..i as u32 + 1);
        let first = (0..least).take_while(|&i| same(at + i, from + i)).count();
        if first < least {
            // Two different windows have one hash.
            continue;
        }
        let behind = (least..).take_while(|&i| same(at + i, from + i) && asks(at + i)).count();
        let before = (1..=at.min(from)).take_while(|&i| same(at - i, from - i) && asks(at - i)).count();
        let words = before + least + behind;
        let (word, source_word) = ((at - before) as u32, (from - before) as u32);
        out.push(Run { text, word, source: window.source, source_word, words: words as u32 });
        covered = at + least + behind;
    }
    // A run that was extended to the left may begin before the one that was found before it.
    out.sort_unstable();
    out
}

/// A text with its words, to be compared word by word.
#[derive(Debug, Default)]
struct PlacedText {
    text: String,
    words: Vec<PlacedWord>,
}

impl PlacedText {
    fn new(text: &str) -> Self {
        let mut words = Vec::new();
        WordHasher::new().place(text, &mut words);
        Self { text: text.to_owned(), words }
    }

    /// Whether the word at `at` is that of `other` at `other_at`; `false` behind the end.
    fn same(&self, at: usize, other: &Self, other_at: usize) -> bool {
        let (Some(ours), Some(theirs)) = (self.words.get(at), other.words.get(other_at)) else {
            return false;
        };
        if ours.hash != theirs.hash {
            return false;
        }
        let (ours, theirs) = (&self.text[ours.range.as_usize()], &other.text[theirs.range.as_usize()]);
        ours == theirs || same_form(ours, theirs)
    }

    /// The bytes from the word at `first` to the end of the `words`-th from there.
    fn range(&self, first: usize, words: usize) -> TextRange {
        let last = self.words[first + words - 1].range;
        TextRange::new(self.words[first].range.start, last.end)
    }
}

/// Returns whether two passages of `count` words with the same hashes have the same words.
#[must_use]
pub fn same_words(a: &str, b: &str, count: u32) -> bool {
    // At its ends a passage may hold more than its words (`½` makes two): then the hashes decide.
    let words = |text: &str| crate::segment::words(text).count() as u32;
    a == b || same_form(a, b) || words(a) != count || words(b) != count
}

/// Whether two stretches of text whose words have the same hashes have the same words.
fn same_form(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    // A place may hold more than its word (`½` makes two): then the hash alone decides between them.
    let form = |text| {
        let mut form = String::new();
        Normalizer::new(Profile::Standard).normalize(text, &mut form);
        form
    };
    let (a, b) = (form(a), form(b));
    let words = |form: &str| crate::segment::words(form).count();
    a == b || words(&a) > 1 || words(&b) > 1
}

/// Calls `keep` with the position of the smallest of each `width` of `hashes` in a row, the last of equal
/// ones, once for each position.
fn winnow(hashes: &[u64], width: usize, mut keep: impl FnMut(usize)) {
    // Positions of the window whose hashes ascend: the first is the smallest.
    let mut queue = std::collections::VecDeque::new();
    let mut last = None;
    for (at, &hash) in hashes.iter().enumerate() {
        while queue.back().is_some_and(|&back: &usize| hashes[back] >= hash) {
            queue.pop_back();
        }
        queue.push_back(at);
        if queue.front().is_some_and(|&front| front + width <= at) {
            queue.pop_front();
        }
        if at + 1 >= width && queue.front() != last.as_ref() {
            last = queue.front().copied();
            last.into_iter().for_each(&mut keep);
        }
    }
}

/// What `find` gives for each text, together.
fn collect(texts: std::ops::Range<u32>, find: impl Fn(u32, &mut Vec<Sighting>) + Sync) -> Vec<Sighting> {
    texts
        .into_par_iter()
        .fold(Vec::new, |mut out, text| {
            find(text, &mut out);
            out
        })
        .reduce(Vec::new, joined)
}

/// What `find` gives for the places of each text, together. `places` are sorted.
fn collect_by_text(
    places: &[(u32, u32)],
    find: impl Fn(u32, &[(u32, u32)], &mut Vec<Sighting>) + Sync,
) -> Vec<Sighting> {
    places
        .par_chunk_by(|a, b| a.0 == b.0)
        .fold(Vec::new, |mut out, places| {
            find(places[0].0, places, &mut out);
            out
        })
        .reduce(Vec::new, joined)
}

/// Puts two vectors together; the longer one grows.
fn joined<T>(mut a: Vec<T>, b: Vec<T>) -> Vec<T> {
    if a.is_empty() {
        return b;
    }
    a.extend(b);
    a
}

/// Gives `tell` the sightings of each hash that several texts have, in order, and returns what it appends,
/// sorted.
fn in_several_texts<T: Ord + Send>(
    mut sightings: Vec<Sighting>,
    tell: impl Fn(&[Sighting], &mut Vec<T>) + Sync,
) -> Vec<T> {
    sightings.par_sort_unstable();
    let mut out: Vec<T> = sightings
        .par_chunk_by(|a, b| a.hash == b.hash)
        .filter(|group| group[0].text != group[group.len() - 1].text)
        .fold(Vec::new, |mut out, group| {
            tell(group, &mut out);
            out
        })
        .reduce(Vec::new, joined);
    drop(sightings);
    out.par_sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_of_each_window_is_kept_once() {
        let mut kept = Vec::new();
        winnow(&[77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98], 4, |at| kept.push(at));
        assert_eq!(kept, [3, 6, 8, 11, 15]);
        kept.clear();
        winnow(&[5, 5, 5], 1, |at| kept.push(at));
        assert_eq!(kept, [0, 1, 2]);
        winnow(&[5, 5, 5], 4, |_| panic!("no window is full"));
    }

    #[test]
    fn ranges_are_exact_on_both_sides() {
        let texts = [
            "Before it, \u{201C}one Two three four five six\u{201D} and more.",
            "\u{201C}ONE two\nthree \u{2014} fo\u{AD}ur, five six!\u{201D} Then other things.",
        ];
        let found = copied(texts.as_slice(), 2, 5);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].words, 6);
        assert_eq!(&texts[0][found[0].source.range.as_usize()], "one Two three four five six");
        assert_eq!(&texts[1][found[0].copy.range.as_usize()], "ONE two\nthree \u{2014} fo\u{AD}ur, five six");
        assert!(copied(texts.as_slice(), 2, 7).is_empty());
    }

    #[test]
    fn a_crowd_of_copies_is_a_star() {
        let call = "sign up to our newsletter for a daily round of all the news from the coast";
        let texts: Vec<String> =
            (0..500).map(|i| format!("unlike number {i} and so on {} {call} {i}", i * 7)).collect();
        let found = copied(&texts, 500, 10);
        assert_eq!(found.len(), 499);
        assert!(found.iter().all(|copied| copied.source.document == DocumentId(0) && copied.words == 16));
    }
}
