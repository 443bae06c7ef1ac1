//! Putting paragraphs back that were taken out whole, and come back in nearly the same words.
//!
//! A paragraph has no words of its own around it that stayed. Its place is told by the paragraphs beside it:
//! by the last token of the one before, and the first of the one behind. One that came back tells the place
//! of the next, so that a blanked page is known again from either end.

use std::ops::Range;

use hashbrown::HashMap;

use super::align::{Aligner, Anchored};
use super::anchors::Same;
use super::restore::keep;
use super::store::{NONE, Store};
use super::vocabulary::is_word;
use super::words::{Source, Words};

/// Of one place, so many of the latest wordings are kept.
const MOST_WORDINGS: usize = 6;
/// A paragraph was taken out whole where this share of its words stands nowhere else, and is nearly the same
/// where this share of the words that nobody knows stood in the other: three quarters.
const MOST: (usize, usize) = (3, 4);

/// The tokens at both ends of a paragraph, the first and the last, as far as they are known; [`BEYOND`] the
/// ends of the text.
pub(super) type Ends = [Option<u32>; 2];

/// What stands before the first paragraph and behind the last.
pub(super) const BEYOND: Ends = [Some(NONE); 2];

/// What was taken out whole from where.
#[derive(Default)]
pub(super) struct Places {
    /// By the token that ended the paragraph before.
    behind: HashMap<u32, Vec<u32>>,
    /// By the token that began the paragraph behind.
    before: HashMap<u32, Vec<u32>>,
}

/// A paragraph of which nothing is known as a whole: its position, and its tokens among those of [`Words`].
pub(super) type Fresh = (usize, Range<usize>);

/// Returns the ends of a wording.
pub(super) fn ends(wording: u32, store: &Store) -> Ends {
    let tokens = store.tokens(wording);
    [tokens.first().copied(), tokens.last().copied()]
}

impl Places {
    /// Notes where a wording stood that is gone, between paragraphs with the ends `left` and `right`.
    pub fn remember(&mut self, wording: u32, left: Ends, right: Ends, store: &Store) {
        let of_words = store.tokens(wording).iter().filter(|&&token| is_word(store.words[token as usize]));
        let gone = of_words.filter(|&&token| !store.present[token as usize]).count();
        if gone > 0 && gone * MOST.1 >= store.wordings[wording as usize].words as usize * MOST.0 {
            left[1].into_iter().for_each(|token| keep(&mut self.behind, token, wording, MOST_WORDINGS));
            right[0].into_iter().for_each(|token| keep(&mut self.before, token, wording, MOST_WORDINGS));
        }
    }

    /// Gives the new words of paragraphs the identity of those that were taken out there, where they are nearly
    /// all the same. `ends` are those of all paragraphs as far as they are known, by position and shifted by one:
    /// at the front and the end stand those of the paragraphs around.
    pub fn put_back(
        &self,
        fresh: &[Fresh],
        ends: &mut [Ends],
        words: &mut Words,
        store: &mut Store,
        aligner: &mut Aligner,
    ) {
        let mut came = vec![false; ends.len()];
        for (position, range) in fresh {
            let place = (ends[*position][1], ends[position + 2][0]);
            if let Some(wording) = self.one(range, place, words, store, aligner) {
                ends[position + 1] = self::ends(wording, store);
                came[position + 1] = true;
            }
        }
        for (position, range) in fresh.iter().rev() {
            if came[*position + 2]
                && !came[position + 1]
                && let Some(wording) = self.one(range, (None, ends[position + 2][0]), words, store, aligner)
            {
                ends[position + 1] = self::ends(wording, store);
                came[position + 1] = true;
            }
        }
    }

    /// Puts one paragraph back between the tokens of `place`, and returns the wording that it was.
    fn one(
        &self,
        range: &Range<usize>,
        place: (Option<u32>, Option<u32>),
        words: &mut Words,
        store: &mut Store,
        aligner: &mut Aligner,
    ) -> Option<u32> {
        let candidates = self.candidates(place);
        if candidates.is_empty() {
            return None;
        }
        let unknown: Vec<usize> = range.clone().filter(|&at| words.tokens[at] == NONE).collect();
        let new: Vec<u32> = unknown.iter().map(|&at| words.new_words[at]).collect();
        let all = count(&new);
        if all == 0 {
            return None;
        }
        for wording in candidates {
            let places = store.wordings[wording as usize].tokens.clone();
            // What is mostly another paragraph takes no word over from this one.
            let back = range.clone().filter(|&at| {
                is_word(words.new_words[at])
                    && matches!(words.news[at].source, Source::Past(from) if places.contains(&(from as u32)))
            });
            if (all + back.count()) * 2 < count(&words.new_words[range.clone()]) {
                continue;
            }
            let gone: Vec<usize> = places
                .map(|place| place as usize)
                .filter(|&place| !store.present[store.arena[place] as usize])
                .collect();
            let old: Vec<u32> = gone.iter().map(|&place| store.words[store.arena[place] as usize]).collect();
            let found = nearly_the_same(&old, &new, store, aligner);
            if found.is_empty() {
                continue;
            }
            for (old, new) in
                found.iter().flat_map(|same| (0..same.len).map(|at| (same.old + at, same.new + at)))
            {
                words.take(unknown[new], store.arena[gone[old]], Source::Past(gone[old]), store);
            }
            return Some(wording);
        }
        None
    }

    /// The wordings that stood between such tokens, those that both sides tell of first.
    fn candidates(&self, (left, right): (Option<u32>, Option<u32>)) -> Vec<u32> {
        let of = |map: &HashMap<u32, Vec<u32>>, token: Option<u32>| -> Vec<u32> {
            token.and_then(|token| map.get(&token)).into_iter().flatten().rev().copied().collect()
        };
        let behind = of(&self.behind, left);
        let before = of(&self.before, right);
        let both = behind.iter().filter(|wording| before.contains(wording));
        let left = behind.iter().filter(|wording| !before.contains(wording));
        let right = before.iter().filter(|wording| !behind.contains(wording));
        both.chain(left).chain(right).copied().collect()
    }
}

/// The runs that two stretches have in common, where those have nearly all words of the new one; else none.
fn nearly_the_same(old: &[u32], new: &[u32], store: &Store, aligner: &mut Aligner) -> Vec<Same> {
    let all = count(new);
    let mut found = Vec::new();
    if shared(old, new) * MOST.1 >= all * MOST.0 {
        let anchored = Anchored { start: true, end: true };
        aligner.align((old, new), &vec![false; new.len()], anchored, &store.vocabulary, &mut found);
    }
    let same: usize = found.iter().map(|same| count(&new[same.new..same.new + same.len])).sum();
    if same * MOST.1 < all * MOST.0 {
        found.clear();
    }
    found
}

/// How many of the tokens are words.
fn count(tokens: &[u32]) -> usize {
    tokens.iter().filter(|&&word| is_word(word)).count()
}

/// How many words two stretches have in common, in any order.
fn shared(old: &[u32], new: &[u32]) -> usize {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    old.iter().filter(|&&word| is_word(word)).for_each(|&word| *counts.entry(word).or_default() += 1);
    let takes = |word: &&u32| match counts.get_mut(*word) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    };
    new.iter().filter(takes).count()
}

#[cfg(test)]
mod tests {
    use crate::document::{Document, Snapshot};
    use crate::history::{Chain, History, HistoryOptions};

    /// The history of the texts, each line a paragraph.
    fn history(texts: &[&str]) -> History {
        let mut chain = Chain::new("", &HistoryOptions::default());
        for text in texts {
            let document = Some(Document { text: (*text).to_owned(), ..Document::default() });
            chain.push(&mut Snapshot { document, ..Snapshot::default() });
        }
        chain.finish()
    }

    /// The words of the last text that its version was the first to have.
    fn new_words(history: &History) -> Vec<&str> {
        let last = history.versions.len() as u32;
        let new = history.tokens.iter().filter(|token| token.word && token.origin == last);
        new.map(|token| &history.text[token.range.as_usize()]).collect()
    }

    const PIER: &str = "Orrin Lines asked for a subsidy of 4,500 crowns and got no answer.";
    const COUNCIL: &str = "The council will meet on Thursday to talk about the ferry and the bridge.";
    const LATER: &str = "The council will meet on Friday to talk about the ferry and the bridge.";
    const BOATS: &str = "Eleven boats called at the new quay in the first week of March.";
    const MORE: &str = "Twelve boats called at the new quay in the first week of March.";

    #[test]
    fn a_paragraph_that_comes_back_with_a_word_changed_keeps_the_others() {
        for (before, without, now) in [
            (format!("{PIER}\n{COUNCIL}"), PIER.to_owned(), format!("{PIER}\n{LATER}")),
            (format!("{COUNCIL}\n{PIER}"), PIER.to_owned(), format!("{LATER}\n{PIER}")),
            (format!("{PIER}\n{COUNCIL}"), String::new(), format!("{PIER}\n{LATER}")),
            (COUNCIL.to_owned(), String::new(), LATER.to_owned()),
            (COUNCIL.to_owned(), "POOP".to_owned(), LATER.to_owned()),
            (COUNCIL.to_owned(), "This page was emptied.".to_owned(), LATER.to_owned()),
        ] {
            let history = history(&[&before, &without, &now]);
            assert_eq!(new_words(&history), ["Friday"], "{before:?} {without:?}");
            assert_eq!(history.reverts.len(), 1, "{before:?} {without:?}");
            assert_eq!((history.reverts[0].to, &history.reverts[0].undoes[..]), (None, &[2][..]));
        }
    }

    #[test]
    fn neighbours_that_both_come_back_changed_lead_to_each_other() {
        let all = format!("{PIER}\n{COUNCIL}\n{BOATS}");
        let back = format!("{PIER}\n{LATER}\n{MORE}");
        for without in [PIER, "", "Empty."] {
            assert_eq!(new_words(&history(&[&all, without, &back])), ["Friday", "Twelve"], "{without:?}");
        }
        // From the end, where the first is another text.
        let other = format!("Nobody knows what became of it all.\n{LATER}\n{MORE}");
        let history = history(&[&all, "", &other]);
        assert!(!new_words(&history).contains(&"council") && !new_words(&history).contains(&"boats"));
    }

    #[test]
    fn of_several_sentences_any_may_come_back_changed() {
        let text = |first: &str, second: &str, third: &str| {
            format!(
                "{PIER}\nIt was built in {first}. Nobody liked its {second} at all. Now it is {third}.\n{BOATS}"
            )
        };
        let without = format!("{PIER}\n{BOATS}");
        for (now, new) in [
            (text("1901", "shape", "green"), ["1901"]),
            (text("1900", "colour", "green"), ["colour"]),
            (text("1900", "shape", "yellow"), ["yellow"]),
        ] {
            assert_eq!(new_words(&history(&[&text("1900", "shape", "green"), &without, &now])), new);
            assert_eq!(new_words(&history(&[&text("1900", "shape", "green"), "", &now])), new);
        }
    }

    #[test]
    fn what_comes_back_long_afterwards_or_twice_is_known() {
        let all = format!("{PIER}\n{COUNCIL}");
        let back = format!("{PIER}\n{LATER}");
        let noise = format!("{PIER}\nSomething else altogether, for a while.");
        let history = history(&[&all, PIER, &noise, PIER, &back, PIER, &all, PIER, &back, PIER, &back]);
        assert_eq!(new_words(&history), Vec::<&str>::new());
        assert_eq!(history.tokens.iter().filter(|token| token.word && token.origin == 5).count(), 1);
    }

    #[test]
    fn another_text_in_the_same_place_takes_nothing_over() {
        let all = format!("{PIER}\n{COUNCIL}");
        let others = [
            "The ferry will be built on Thursday of the week, to the council's delight.",
            "The mayor is about to talk.",
            "The end.",
        ];
        for other in others {
            let now = format!("{PIER}\n{other}");
            let history = history(&[&all, PIER, &now]);
            let words = crate::segment::words(other).count();
            assert_eq!(new_words(&history).len(), words, "{other}");
        }
    }

    #[test]
    fn another_place_is_not_this_one() {
        let all = format!("{PIER}\n{COUNCIL}\n{BOATS}\nEnd of the news.");
        let without = format!("{PIER}\n{BOATS}\nEnd of the news.");
        let elsewhere = format!("{PIER}\n{BOATS}\nThe council will meet on Friday.\nEnd of the news.");
        let history = history(&[&all, &without, &elsewhere]);
        assert_eq!(new_words(&history).len(), 6);
    }
}
