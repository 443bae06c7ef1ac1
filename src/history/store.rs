//! All that ever stood in a document: words, and the wordings of its paragraphs.

use std::hash::BuildHasher as _;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::vocabulary::{Vocabulary, is_word};

/// No wording, no token.
pub(super) const NONE: u32 = u32::MAX;

/// Sentences of fewer words are not known again by themselves: many others are the same.
pub(super) const LEAST_SENTENCE: usize = 4;

/// So many copies of one paragraph or sentence are looked through.
const MOST_COPIES: usize = 64;

/// One wording of a paragraph.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// Where its tokens stand in [`Store::arena`].
    pub tokens: Range<u32>,
    /// How many of them are words.
    pub words: u32,
    /// Another wording of the same bytes, that stood earlier; [`NONE`] where there is none.
    pub same: u32,
    pub digest: u128,
    /// The version that first had it.
    pub first: u32,
    /// The version in which the paragraph first stood, in these or other words.
    pub introduced: u32,
    /// The wording that most of its words were taken over from, or [`NONE`].
    pub before: u32,
    /// Whether the version that is looked at has it.
    pub present: bool,
    /// The version that no longer had it, the latest of them.
    pub gone: u32,
    /// How many versions took it out.
    pub times: u32,
}

/// All that ever stood.
#[derive(Default)]
pub(super) struct Store {
    pub vocabulary: Vocabulary,
    /// By token: the number of its letters.
    pub words: Vec<u32>,
    /// By token: the version that first brought it.
    pub origins: Vec<u32>,
    /// By token: the version that last took it out; 0 for none.
    pub gone: Vec<u32>,
    /// By token: whether the version that is looked at has it.
    pub present: Vec<bool>,
    /// By token: the last version that no longer had a paragraph with it; the token may stand in another.
    pub freed: Vec<u32>,
    /// The tokens of all wordings, end to end.
    pub arena: Vec<u32>,
    pub wordings: Vec<Record>,
    /// Where in the arena each sentence begins; the wordings' first sentences among them.
    pub sentences: Vec<u32>,
    /// The latest wording of these bytes.
    by_digest: HashMap<u128, u32>,
    /// Sentences by their words.
    by_words: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Store {
    /// Returns the tokens of a wording.
    pub fn tokens(&self, wording: u32) -> &[u32] {
        let tokens = &self.wordings[wording as usize].tokens;
        &self.arena[tokens.start as usize..tokens.end as usize]
    }

    /// Returns where in the arena the sentence with this number stands.
    pub fn sentence(&self, sentence: u32) -> Range<usize> {
        let start = self.sentences[sentence as usize] as usize;
        let end = self.sentences.get(sentence as usize + 1).map_or(self.arena.len(), |&end| end as usize);
        start..end
    }

    /// Returns where in the arena the sentences of a wording stand.
    pub fn sentences_of(&self, wording: u32) -> impl Iterator<Item = Range<usize>> + '_ {
        let tokens = self.wordings[wording as usize].tokens.clone();
        let first = self.sentences.partition_point(|&start| start < tokens.start);
        let last = self.sentences.partition_point(|&start| start < tokens.end);
        (first..last).map(|sentence| self.sentence(sentence as u32))
    }

    /// Makes a token that `version` is the first to have.
    pub fn new_token(&mut self, word: u32, version: u32) -> u32 {
        let token = self.words.len() as u32;
        self.words.push(word);
        self.origins.push(version);
        self.gone.push(0);
        self.present.push(true);
        self.freed.push(0);
        token
    }

    /// Makes a wording of `tokens`; `starts` are the indices at which its sentences begin, 0 first.
    pub fn new_wording(&mut self, tokens: &[u32], starts: &[u32], digest: u128, version: u32) -> u32 {
        let wording = self.wordings.len() as u32;
        let start = self.arena.len() as u32;
        self.arena.extend_from_slice(tokens);
        let words = tokens.iter().filter(|&&token| is_word(self.words[token as usize])).count() as u32;
        let same = self.by_digest.insert(digest, wording).unwrap_or(NONE);
        let end = self.arena.len() as u32;
        self.wordings.push(Record {
            tokens: start..end,
            words,
            same,
            digest,
            first: version,
            introduced: version,
            before: NONE,
            present: true,
            gone: 0,
            times: 0,
        });
        for (at, &from) in starts.iter().enumerate() {
            let number = self.sentences.len() as u32;
            self.sentences.push(start + from);
            let to = starts.get(at + 1).map_or(end, |&next| start + next);
            self.know(number, (start + from) as usize..to as usize);
        }
        wording
    }

    /// Makes a sentence findable, unless one of the very same tokens is.
    fn know(&mut self, number: u32, range: Range<usize>) {
        let tokens = &self.arena[range.clone()];
        let words =
            |tokens: &[u32]| tokens.iter().map(|&token| self.words[token as usize]).collect::<Vec<_>>();
        let these = words(tokens);
        if these.iter().filter(|&&word| is_word(word)).count() < LEAST_SENTENCE {
            return;
        }
        let hash = self.hasher.hash_one(&these[..]);
        let range_of = |number: u32| {
            let start = self.sentences[number as usize] as usize;
            let end = self.sentences.get(number as usize + 1).map_or(self.arena.len(), |&end| end as usize);
            start..end
        };
        // Of a sentence that stands a thousand times in a table, a few are enough.
        let mut alike = 0;
        let mut known = false;
        for other in self.by_words.iter_hash(hash).map(|&other| &self.arena[range_of(other)]) {
            known |= other == tokens;
            alike += 1;
        }
        if !known && alike < MOST_COPIES {
            let rehash = |&other: &u32| self.hasher.hash_one(&words(&self.arena[range_of(other)])[..]);
            self.by_words.insert_unique(hash, number, rehash);
        }
    }

    /// Returns where in the arena a sentence of these words stands of which no token is in the version that
    /// is looked at; the latest one.
    pub fn find_sentence(&self, words: &[u32]) -> Option<Range<usize>> {
        let hash = self.hasher.hash_one(words);
        let matches = self.by_words.iter_hash(hash).copied().filter(|&sentence| {
            let tokens = &self.arena[self.sentence(sentence)];
            tokens.len() == words.len()
                && tokens.iter().zip(words).all(|(&token, &word)| {
                    self.words[token as usize] == word && !self.present[token as usize]
                })
        });
        matches.max().map(|sentence| self.sentence(sentence))
    }

    /// Returns the wordings of these bytes that the version that is looked at has not, the one that went
    /// last first.
    pub fn gone_wordings(&self, digest: u128) -> Vec<u32> {
        let mut out = Vec::new();
        let mut next = self.by_digest.get(&digest).copied().unwrap_or(NONE);
        for _ in 0..MOST_COPIES {
            let Some(record) = self.wordings.get(next as usize) else { break };
            if !record.present {
                out.push(next);
            }
            next = record.same;
        }
        out.sort_by_key(|&wording| std::cmp::Reverse((self.wordings[wording as usize].gone, wording)));
        out
    }

    /// Returns whether the wording, which `version` has, stood in an earlier version.
    pub fn stood(&self, wording: u32, version: u32) -> bool {
        let record = &self.wordings[wording as usize];
        let of_same_bytes = self.wordings.get(record.same as usize);
        record.first < version || of_same_bytes.is_some_and(|same| same.times > 0)
    }

    /// Takes word that the version that is looked at has the wording.
    pub fn came(&mut self, wording: u32) {
        self.wordings[wording as usize].present = true;
    }

    /// Takes word that `version` no longer has the wording; its tokens may stand in others.
    pub fn went(&mut self, wording: u32, version: u32) {
        let record = &mut self.wordings[wording as usize];
        record.present = false;
        record.gone = version;
        record.times += 1;
        for &token in &self.arena[record.tokens.start as usize..record.tokens.end as usize] {
            self.present[token as usize] = false;
            self.freed[token as usize] = version;
            self.vocabulary.went(self.words[token as usize]);
        }
    }
}
