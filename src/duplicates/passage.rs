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

use rayon::prelude::*;

use super::near::Texts;
use crate::document::{DocumentId, Passage, TextRange};
use crate::fingerprint::shingle::combine_runs;
use crate::fingerprint::{Normalizer, PlacedWord, Profile, WordHasher};

/// How many words in a row count as copied unless the user says otherwise (`--min-passage`).
pub const LEAST_WORDS: usize = 30;

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
    let least = least_words.max(1);
    // Longer runs are shared by chance less often, wider windows keep fewer: half and half.
    let run = least.div_ceil(2);
    let kept = |text: u32, out: &mut Vec<Sighting>| {
        let hashes = word_hashes(&texts.text(text));
        if hashes.len() >= least {
            let mut runs = Vec::new();
            combine_runs(&hashes, run, &mut runs);
            winnow(&runs, least - run + 1, |word| {
                out.push(Sighting { hash: runs[word], text, word: word as u32 })
            });
        }
    };
    let fingerprints = collect(0..count, kept);
    let shared: Vec<(u32, u32)> = in_several_texts(fingerprints, |group, out| {
        out.extend(group.iter().map(|sighting| (sighting.text, sighting.word)));
    });
    let windows = collect_by_text(&shared, |text, places, out| {
        let hashes = word_hashes(&texts.text(text));
        let mut windows = Vec::new();
        combine_runs(&hashes, least, &mut windows);
        let mut next = 0;
        for &(_, word) in places {
            // The windows that hold the run of the fingerprint.
            let from = (word as usize + run).saturating_sub(least).max(next);
            let to = (word as usize + 1).min(windows.len());
            out.extend((from..to).map(|at| Sighting { hash: windows[at], text, word: at as u32 }));
            next = next.max(to);
        }
    });
    // Each window of a later text with the place where it stands first: (text, word, text, word).
    let copies: Vec<(u32, u32, u32, u32)> = in_several_texts(windows, |group, out| {
        let first = group[0];
        let later = group.iter().filter(|sighting| sighting.text != first.text);
        out.extend(later.map(|sighting| (sighting.text, sighting.word, first.text, first.word)));
    });
    copies
        .par_chunk_by(|a, b| a.0 == b.0)
        .flat_map_iter(|windows| runs_of_text(texts, windows, least))
        .collect()
}

/// The maximal runs that begin with the `windows` of one text: (text, word, source, word), in order.
fn runs_of_text<T: Texts + ?Sized>(texts: &T, windows: &[(u32, u32, u32, u32)], least: usize) -> Vec<Copied> {
    let mut out = Vec::new();
    let Some(&(text, ..)) = windows.first() else { return out };
    let copy = PlacedText::new(&texts.text(text));
    let mut source_text = u32::MAX;
    let mut source = PlacedText::default();
    // Windows that end by here stand in a run already.
    let mut covered = 0;
    for &(_, word, first_text, first_word) in windows {
        let (at, from) = (word as usize, first_word as usize);
        if at + least <= covered {
            continue;
        }
        if source_text != first_text {
            source = PlacedText::new(&texts.text(first_text));
            source_text = first_text;
        }
        let behind = (0..).take_while(|&i| copy.same(at + i, &source, from + i)).count();
        if behind < least {
            // Two different windows have one hash.
            continue;
        }
        let before = (1..=at.min(from)).take_while(|&i| copy.same(at - i, &source, from - i)).count();
        let words = before + behind;
        out.push(Copied {
            copy: Passage { document: DocumentId(text), range: copy.range(at - before, words) },
            source: Passage { document: DocumentId(first_text), range: source.range(from - before, words) },
            words: words as u32,
        });
        covered = at + behind;
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

fn word_hashes(text: &str) -> Vec<u64> {
    let mut hashes = Vec::new();
    WordHasher::new().hash(text, &mut hashes);
    hashes
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
