//! A content word that gave way to another which is no other word for it: "approved" to "deferred".
//!
//! What a swapped word means is known where the sentence around it stands as it was. In a sentence that was
//! written anew words change by the dozen, and only figures, names and their like tell a change of fact.

use std::ops::Range;

use super::hunk::Sides;
use super::synonyms::{are_same, bases, share_a_line};
use super::{Facts, lexicon};
use crate::diff::stopwords;
use crate::diff::words::atoms::AtomKind;
use crate::diff::words::{Hunk, typo_marks};

/// How many content words a hunk has at most on either side, those that only moved counted.
const MOST: usize = 3;

/// How many words stand for a word that gave way to a phrase: from there on it was put otherwise.
const PHRASE: usize = 2;

/// How many words before and behind those that changed may make a phrase with them.
const BESIDE: [(usize, usize); 5] = [(0, 0), (0, 1), (1, 0), (0, 2), (1, 1)];

/// How many other content words of a sentence may change beside the swap, if it has at least so many.
const BESIDE_MOST: usize = 1;
const BESIDE_LEAST: usize = 10;

/// How far a sentence is looked for on either side, in atoms.
const REACH: usize = 80;

impl Sides<'_> {
    /// Whether `hunk`, one of `hunks`, puts a word in the place of another that says something else.
    pub fn swaps_words(&self, hunk: &Hunk, hunks: &[Hunk]) -> bool {
        let (old, new) = (contents(&self.old, &hunk.old), contents(&self.new, &hunk.new));
        let few = |words: &[String]| (1..=MOST).contains(&words.len());
        if !few(&old) || !few(&new) {
            return false;
        }
        let words = |facts: &Facts<'_>, range: &Range<usize>| {
            range.clone().filter(|&at| facts.atoms[at].is_word()).count()
        };
        if words(&self.old, &hunk.old).abs_diff(words(&self.new, &hunk.new)) >= PHRASE
            || self.is_crowded(hunk, hunks)
        {
            return false;
        }
        // What the other side says elsewhere has only moved.
        let said = |word: &String, other: &Facts<'_>| bases(word).iter().any(|base| other.says(base));
        let (mut gone, mut came) = (
            old.iter().filter(|word| !said(word, &self.new)),
            new.iter().filter(|word| !said(word, &self.old)),
        );
        match (gone.next(), gone.next(), came.next(), came.next()) {
            (Some(old), None, Some(new), None) => {
                !are_same(old, new) && typo_marks(old, new).is_none() && !self.is_same_phrase(hunk)
            }
            _ => false,
        }
    }

    /// Whether the sentence changed in more than `hunk`.
    fn is_crowded(&self, hunk: &Hunk, hunks: &[Hunk]) -> bool {
        let (all, from) = (self.old.atoms.len(), hunk.old.start);
        let opens = |&at: &usize| self.old.opens_sentence(at);
        let start = (from.saturating_sub(REACH)..from.min(all)).rev().find(opens);
        let start = start.unwrap_or(from.saturating_sub(REACH));
        let next = |at: &usize| self.old.atoms[*at].kind != AtomKind::Mark && opens(at);
        let last = all.min(hunk.old.end + REACH);
        let sentence = start..(hunk.old.end.max(start + 1)..last).find(next).unwrap_or(last);
        let content = |facts: &Facts<'_>, range: &Range<usize>| {
            range
                .clone()
                .filter(|&at| facts.atoms[at].is_word() && !stopwords::contains(&facts.plain(at)))
                .count()
        };
        let first = hunks.partition_point(|other| other.old.end < sentence.start);
        let near = hunks[first..].iter().take_while(|other| other.old.start < sentence.end);
        let others = near.filter(|other| other.old != hunk.old || other.new != hunk.new);
        let beside: usize =
            others.map(|other| content(&self.old, &other.old).max(content(&self.new, &other.new))).sum();
        beside > 0 && (beside > BESIDE_MOST || content(&self.old, &sentence) < BESIDE_LEAST)
    }

    /// Whether the words that changed are, alone or with what stands beside them, phrases for the same.
    pub fn is_same_phrase(&self, hunk: &Hunk) -> bool {
        BESIDE.iter().any(|&(before, behind)| {
            let wider = |facts: &Facts<'_>, range: &Range<usize>| -> Option<Vec<String>> {
                let start = range.start.checked_sub(before)?;
                let end = Some(range.end + behind).filter(|&end| end <= facts.atoms.len())?;
                Some(phrases(facts, start..end))
            };
            let (old, new) = (wider(&self.old, &hunk.old), wider(&self.new, &hunk.new));
            old.zip(new).is_some_and(|(old, new)| share_a_line(&old, &new))
        })
    }
}

/// The content words of `range` that carry no fact of their own.
fn contents(facts: &Facts<'_>, range: &Range<usize>) -> Vec<String> {
    let own = range.clone().filter(|&at| facts.atoms[at].kind == AtomKind::Word && facts.of[at].is_empty());
    let words = own.take(8).map(|at| facts.plain(at));
    words.filter(|word| !stopwords::contains(word) && !lexicon::is_pronoun(word)).collect()
}

/// The words of `range` as phrases of the lists: its verb, which comes first, in each form it may have.
fn phrases(facts: &Facts<'_>, range: Range<usize>) -> Vec<String> {
    let words: Vec<String> =
        range.filter(|&at| facts.atoms[at].is_word()).map(|at| facts.plain(at)).collect();
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    bases(first)
        .into_iter()
        .map(|mut phrase| {
            rest.iter().for_each(|word| {
                phrase.push('_');
                phrase.push_str(word);
            });
            phrase
        })
        .collect()
}
