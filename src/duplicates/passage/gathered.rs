//! The words of documents, as they arrive: what a check compares for copied passages.

use std::borrow::Cow;
use std::ops::Range;

use super::{BREAK, Run, Worded, runs};
use crate::document::DocumentId;
use crate::duplicates::exact::Spot;
use crate::fingerprint::WordHasher;

/// The hashes of the words of documents, as they arrive; no text.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The words of all documents, one after the other.
    words: Vec<u64>,
    /// Where each document ends in `words`.
    ends: Vec<usize>,
    /// The blocks of all documents: where each starts in its text, and the number of its first word.
    blocks: Vec<(u32, u32)>,
    /// Where each document ends in `blocks`.
    block_ends: Vec<usize>,
    hasher: WordHasher,
}

impl Gathered {
    /// Adds the next block of the document that is arriving; `start` is where it begins in the text.
    pub fn block(&mut self, text: &str, start: u32) {
        self.blocks.push((start, self.next_word()));
        self.hasher.hash(text, &mut self.words);
    }

    /// Adds word of a block that does not count: no passage goes on across it.
    pub fn interrupt(&mut self) {
        if self.next_word() > 0 && self.words.last() != Some(&BREAK) {
            self.words.push(BREAK);
        }
    }

    /// Ends the document.
    pub fn document(&mut self) {
        self.ends.push(self.words.len());
        self.block_ends.push(self.blocks.len());
    }

    /// Adds what `batch` holds behind what is here: threads gather batches, which are put together in input
    /// order.
    pub fn append(&mut self, batch: Self) {
        let (words, blocks) = (self.words.len(), self.blocks.len());
        self.words.extend(batch.words);
        self.ends.extend(batch.ends.into_iter().map(|end| words + end));
        self.blocks.extend(batch.blocks);
        self.block_ends.extend(batch.block_ends.into_iter().map(|end| blocks + end));
    }

    /// Returns about how many bytes finding the passages will need at most: for each word its hash, a
    /// window and a copy that begin with it.
    #[must_use]
    pub fn memory(&self) -> u64 {
        44 * self.words.len() as u64 + 8 * self.blocks.len() as u64 + 16 * self.ends.len() as u64
    }

    /// Returns the runs of `least` words or more that stand in an earlier document, in order: see
    /// [`runs`]. `kin` gives the names of a document (documents that agree in one are not compared) and its
    /// realm (documents of two realms are not compared), `None` for one that is left out; words of a block that is `told` already are no copies, but may be where
    /// later ones come from.
    #[must_use]
    pub fn runs(
        &self,
        least: usize,
        kin: impl Fn(DocumentId) -> Option<([u64; 2], u32)>,
        told: impl Fn(Spot) -> bool,
    ) -> Vec<Run> {
        let count = self.ends.len() as u32;
        let mut asked = Asked { gathered: self, kin: Vec::with_capacity(count as usize), told: Vec::new() };
        for document in 0..count {
            asked.kin.push(kin(DocumentId(document)));
            let (blocks, words) = (self.blocks_of(document), self.words_of(document).len() as u32);
            let ends = blocks.iter().skip(1).map(|&(_, word)| word).chain([words]);
            for (&(start, first), end) in blocks.iter().zip(ends) {
                if first < end && told(Spot { document: DocumentId(document), start }) {
                    asked.told.push((document, first, end));
                }
            }
        }
        runs(&asked, count, least)
    }

    /// Returns the block that a word of a document stands in.
    #[must_use]
    pub fn spot(&self, document: DocumentId, word: u32) -> Option<Spot> {
        let blocks = self.blocks_of(document.0);
        let behind = blocks.partition_point(|&(_, first)| first <= word);
        let &(start, _) = blocks.get(behind.checked_sub(1)?)?;
        Some(Spot { document, start })
    }

    fn next_word(&self) -> u32 {
        (self.words.len() - self.ends.last().copied().unwrap_or(0)) as u32
    }

    fn words_of(&self, document: u32) -> &[u64] {
        &self.words[part(&self.ends, document)]
    }

    fn blocks_of(&self, document: u32) -> &[(u32, u32)] {
        &self.blocks[part(&self.block_ends, document)]
    }
}

/// What lies between two ends.
fn part(ends: &[usize], number: u32) -> Range<usize> {
    let number = number as usize;
    let start = if number == 0 { 0 } else { ends[number - 1] };
    start..ends[number]
}

/// The gathered words, and which of them may be told.
struct Asked<'a> {
    gathered: &'a Gathered,
    kin: Vec<Option<([u64; 2], u32)>>,
    /// What is told already: document, first word, end; sorted.
    told: Vec<(u32, u32, u32)>,
}

impl Worded for Asked<'_> {
    fn words(&self, text: u32) -> Cow<'_, [u64]> {
        match self.kin[text as usize] {
            Some(_) => Cow::Borrowed(self.gathered.words_of(text)),
            None => Cow::Borrowed(&[]),
        }
    }

    fn kin(&self, text: u32) -> [u64; 2] {
        self.kin[text as usize].map_or([u64::from(text); 2], |(names, _)| names)
    }

    fn realm(&self, text: u32) -> u32 {
        self.kin[text as usize].map_or(0, |(_, realm)| realm)
    }

    fn asks(&self, text: u32, words: Range<u32>) -> bool {
        let behind = self.told.partition_point(|&(document, first, _)| (document, first) < (text, words.end));
        match behind.checked_sub(1).map(|before| self.told[before]) {
            Some((document, _, end)) => document != text || end <= words.start,
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(documents: &[&[&str]]) -> Gathered {
        let mut all = Gathered::default();
        for blocks in documents {
            // Each as a batch of its own.
            let mut batch = Gathered::default();
            for (text, start) in blocks.iter().zip((0..).step_by(100)) {
                if text.is_empty() { batch.interrupt() } else { batch.block(text, start) }
            }
            batch.document();
            all.append(batch);
        }
        all
    }

    fn found(gathered: &Gathered, told: &[(u32, u32)]) -> Vec<(u32, u32, u32, u32, u32)> {
        let kin = |document: DocumentId| Some(([u64::from(document.0); 2], 0));
        let told = |spot: Spot| told.contains(&(spot.document.0, spot.start));
        let runs = gathered.runs(4, kin, told);
        runs.iter().map(|run| (run.text, run.word, run.source, run.source_word, run.words)).collect()
    }

    #[test]
    fn a_run_goes_on_across_blocks_and_ends_where_something_else_stands_between() {
        let texts: [&[&str]; 3] =
            [&["x a b c", "d e f g y"], &["z a b c d e", "f g w"], &["a b c d", "", "e f g"]];
        let all = gathered(&texts);
        assert_eq!(found(&all, &[]), [(1, 1, 0, 1, 7), (2, 0, 0, 1, 4)]);
        assert_eq!(all.spot(DocumentId(1), 5), Some(Spot { document: DocumentId(1), start: 0 }));
        assert_eq!(all.spot(DocumentId(1), 6), Some(Spot { document: DocumentId(1), start: 100 }));
    }

    #[test]
    fn what_is_told_is_no_copy_and_still_a_source() {
        let texts: [&[&str]; 3] = [&["a b c d e f g h"], &["a b c", "d e f g h"], &["p b c d e q"]];
        let all = gathered(&texts);
        assert_eq!(found(&all, &[(1, 0)]), [(1, 3, 0, 3, 5), (2, 1, 0, 1, 4)]);
        assert_eq!(found(&all, &[(1, 0), (0, 0)]), [(1, 3, 0, 3, 5), (2, 1, 0, 1, 4)]);
        assert_eq!(found(&all, &[(1, 100)]), [(2, 1, 0, 1, 4)]);
    }

    #[test]
    fn the_source_is_the_earliest_that_is_no_kin() {
        let texts: [&[&str]; 5] = [&["a b c d"], &["a b c d"], &["a b c d"], &["a b c d"], &["a b c d"]];
        let all = gathered(&texts);
        // Articles and families: the third shares its article with the first, its family with the second.
        let names = [[1, 10], [2, 20], [1, 20], [3, 10], [1, 10]];
        let kin = |document: DocumentId| Some((names[document.0 as usize], 0));
        let runs = all.runs(4, kin, |_| false);
        let pairs: Vec<(u32, u32)> = runs.iter().map(|run| (run.text, run.source)).collect();
        assert_eq!(pairs, [(1, 0), (3, 1), (4, 1)]);
        let some = |document: DocumentId| (document.0 != 0).then(|| (names[document.0 as usize], 0));
        let pairs: Vec<_> = all.runs(4, some, |_| false).iter().map(|run| (run.text, run.source)).collect();
        assert_eq!(pairs, [(3, 1), (4, 1)]);
        let realms = |document: DocumentId| Some(([u64::from(document.0); 2], document.0 / 2));
        let pairs: Vec<_> = all.runs(4, realms, |_| false).iter().map(|run| (run.text, run.source)).collect();
        assert_eq!(pairs, [(1, 0), (3, 2)]);
    }
}
