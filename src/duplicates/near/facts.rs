//! Which paragraphs and documents nearly repeat earlier ones? The facts of a check.

use std::collections::BTreeSet;

use super::{CONTAINED_SHINGLES, CONTAINMENT, SHINGLE_WORDS, Shingled};
use crate::document::DocumentId;
use crate::duplicates::exact::Spot;
use crate::duplicates::join::{Scope, SetJoin};
use crate::duplicates::{Similarity, Threshold};
use crate::fingerprint::WordHasher;

/// The shingles of documents and of their paragraphs, as they arrive; no text.
#[derive(Clone, Debug)]
pub struct Gathered {
    paragraphs: Shingled,
    /// Where each paragraph stands.
    spots: Vec<Spot>,
    documents: Shingled,
    hasher: WordHasher,
    /// The words of the document that is arriving.
    words: Vec<u64>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            paragraphs: Shingled::new(SHINGLE_WORDS),
            spots: Vec::new(),
            documents: Shingled::new(SHINGLE_WORDS),
            hasher: WordHasher::new(),
            words: Vec::new(),
        }
    }
}

impl Gathered {
    /// Adds the next paragraph of the document that is arriving; `start` is where it begins in the text.
    /// Unless it `counts`, the document is compared without it.
    pub fn paragraph(&mut self, text: &str, start: u32, counts: bool) {
        let before = self.words.len();
        self.hasher.hash(text, &mut self.words);
        self.paragraphs.add_words(&self.words[before..]);
        self.spots.push(Spot { document: DocumentId(self.documents.len() as u32), start });
        if !counts {
            self.words.truncate(before);
        }
    }

    /// Ends the document: its words are those of its paragraphs, one after the other.
    pub fn document(&mut self) {
        self.documents.add_words(&self.words);
        self.words.clear();
    }

    /// Adds what `batch` holds behind what is here: threads gather batches, which are put together in input
    /// order.
    pub fn append(&mut self, batch: Self) {
        let documents = self.documents.len() as u32;
        let moved = |spot: Spot| Spot { document: DocumentId(spot.document.0 + documents), ..spot };
        self.spots.extend(batch.spots.into_iter().map(moved));
        self.paragraphs.append(batch.paragraphs);
        self.documents.append(batch.documents);
    }

    /// Returns about how many bytes joining it will need at most.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.paragraphs.memory() + self.documents.memory()
    }

    /// Returns it ready to be asked.
    #[must_use]
    pub fn finish<'a>(self, threshold: Threshold) -> NearFacts<'a> {
        NearFacts {
            paragraphs: SetJoin::new(self.paragraphs.sets, None),
            spots: self.spots,
            documents: SetJoin::new(self.documents.sets, None),
            threshold,
            left_out: BTreeSet::new(),
        }
    }
}

/// A passage that nearly repeats an earlier one, by the hashes of their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearRepeat {
    /// The earlier one.
    pub first: Spot,
    /// The later one.
    pub again: Spot,
    /// How much they share.
    pub similarity: Similarity,
}

/// Which passages nearly repeat earlier ones.
pub struct NearFacts<'a> {
    paragraphs: SetJoin<'a>,
    /// Where each paragraph stands, in order.
    spots: Vec<Spot>,
    documents: SetJoin<'a>,
    threshold: Threshold,
    /// Documents that are not compared.
    left_out: BTreeSet<DocumentId>,
}

impl<'a> NearFacts<'a> {
    /// Returns the same without some documents: they are compared with none.
    #[must_use]
    pub fn without(self, left_out: BTreeSet<DocumentId>) -> Self {
        Self { left_out, ..self }
    }

    /// Returns the same, telling `watch` now and then how many more units are compared.
    #[must_use]
    pub fn watched(mut self, watch: &'a (dyn Fn(u64) + Sync)) -> Self {
        self.paragraphs = self.paragraphs.watched(watch);
        self.documents = self.documents.watched(watch);
        self
    }

    /// Returns how many units are compared in all: documents twice, with those like them and with those
    /// that hold them.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.spots.len() as u64 + 2 * self.documents.groups().len() as u64
    }

    /// Returns for each document that `asks` the earliest one it nearly repeats of those that it `compares`
    /// with (the earlier one first), in order.
    #[must_use]
    pub fn documents(
        &self,
        asks: impl Fn(DocumentId) -> bool + Sync,
        compares: impl Fn(DocumentId, DocumentId) -> bool + Sync,
    ) -> Vec<NearRepeat> {
        let whole = |set| Spot { document: DocumentId(set), start: Spot::WHOLE };
        let scope = Units {
            asks: |set| !self.left_out.contains(&DocumentId(set)) && asks(DocumentId(set)),
            stretch: |set| set,
            compares: |left, right| {
                !self.left_out.contains(&DocumentId(left)) && compares(DocumentId(left), DocumentId(right))
            },
        };
        self.pairs(&self.documents, &scope, whole)
    }

    /// Returns for each document that `asks` and stands almost whole inside another that it `compares` with
    /// (the inner one first) that one, in order of the inner ones. Documents that are near each other by the
    /// threshold are left out, and so are short ones: see [`CONTAINMENT`] and [`CONTAINED_SHINGLES`].
    #[must_use]
    pub fn contained(
        &self,
        asks: impl Fn(DocumentId) -> bool + Sync,
        compares: impl Fn(DocumentId, DocumentId) -> bool + Sync,
    ) -> Vec<NearRepeat> {
        let whole = |set| Spot { document: DocumentId(set), start: Spot::WHOLE };
        let compares = |inner, outer| {
            let left_out = |set| self.left_out.contains(&DocumentId(set));
            !left_out(inner)
                && !left_out(outer)
                && asks(DocumentId(inner))
                && compares(DocumentId(inner), DocumentId(outer))
        };
        let near = Some(self.threshold);
        let found = self.documents.contained_in(CONTAINMENT, CONTAINED_SHINGLES, near, compares).0;
        found
            .into_iter()
            .map(|pair| NearRepeat {
                first: whole(pair.outer),
                again: whole(pair.inner),
                similarity: pair.counts.similarity(),
            })
            .collect()
    }

    /// Returns for each paragraph that `asks` the earliest of its own document that it nearly repeats, or
    /// where there is none, one of those in earlier documents that it `compares` with, in order.
    #[must_use]
    pub fn paragraphs(
        &self,
        asks: impl Fn(Spot) -> bool + Sync,
        compares: impl Fn(Spot, Spot) -> bool + Sync,
    ) -> Vec<NearRepeat> {
        let spot = |set: u32| self.spots[set as usize];
        let scope = Units {
            asks: |set| !self.left_out.contains(&spot(set).document) && asks(spot(set)),
            stretch: |set| {
                let document = spot(set).document;
                self.spots.partition_point(|spot| spot.document < document) as u32
            },
            compares: |left, right| {
                !self.left_out.contains(&spot(left).document) && compares(spot(left), spot(right))
            },
        };
        self.pairs(&self.paragraphs, &scope, spot)
    }

    fn pairs(&self, join: &SetJoin<'_>, scope: &impl Scope, spot: impl Fn(u32) -> Spot) -> Vec<NearRepeat> {
        let pairs = join.earliest_in(self.threshold, scope).into_iter();
        pairs
            .map(|pair| NearRepeat {
                first: spot(pair.left),
                again: spot(pair.right),
                similarity: pair.counts.similarity(),
            })
            .collect()
    }
}

/// Which units may be compared.
struct Units<A, S, C> {
    asks: A,
    stretch: S,
    compares: C,
}

impl<A, S, C> Scope for Units<A, S, C>
where
    A: Fn(u32) -> bool + Sync,
    S: Fn(u32) -> u32 + Sync,
    C: Fn(u32, u32) -> bool + Sync,
{
    fn asks(&self, set: u32) -> bool {
        (self.asks)(set)
    }

    fn stretch(&self, set: u32) -> u32 {
        (self.stretch)(set)
    }

    fn compares(&self, earlier: u32, set: u32) -> bool {
        (self.compares)(earlier, set)
    }
}
