//! Exact repeats: one pass, a digest and a position kept for each distinct paragraph.
//!
//! What stays in memory: [`ENTRY`] bytes for each paragraph and a [`DocumentEntry`] for each document. No
//! text.
//!
//! Nothing is looked up while documents pass: a table of all digests is larger than any cache, and each
//! look-up in it would wait for memory. At the end the digests are dealt out to many short lists, by some
//! of their bits, and each list by itself is small enough to be searched where it is fast ("radix
//! partitioning": Manegold, Boncz, Kersten, "Optimizing Main-Memory Join on Modern Hardware", 2002).

use std::collections::BTreeMap;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Slot;
use rayon::prelude::*;

use crate::document::DocumentId;
use crate::fingerprint::Digest;

/// A block of a document, by where it starts in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The document.
    pub document: DocumentId,
    /// Where its block starts, in bytes of the text; [`Spot::WHOLE`] for the whole document.
    pub start: u32,
}

impl Spot {
    /// Stands for a document as a whole. No block starts there: it would be empty.
    pub const WHOLE: u32 = u32::MAX;
}

/// The first half of a digest: 128 bits tell 2^40 paragraphs apart with a chance of 2^-49 of an error.
type Short = [u8; 16];

fn short(digest: &Digest) -> Short {
    let mut short = [0; 16];
    short.copy_from_slice(&digest.0[..16]);
    short
}

/// One paragraph seen: its digest and its spot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    digest: Short,
    spot: Spot,
}

/// Bytes kept for each paragraph.
pub const ENTRY: usize = size_of::<Entry>();

/// What is known of a document after it has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentEntry {
    /// Which input it stands in.
    pub input: u32,
    /// Its record there, 1-based; 0 where the file is one document.
    pub record: u32,
    /// Where the record starts in the decompressed file.
    pub offset: u64,
    /// How many bytes the record takes there.
    pub length: u32,
    /// Names the article: documents of one article are never compared with each other.
    pub article: u64,
    /// The number of the scope it is compared in: documents of two scopes are never compared.
    pub scope: u32,
    /// When it was published, in seconds since 1970; `i64::MIN` where that is not known.
    pub published: i64,
}

impl DocumentEntry {
    /// Stands for an unknown date.
    pub const UNDATED: i64 = i64::MIN;
}

/// All documents that have passed, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    entries: Vec<DocumentEntry>,
    /// How many documents each scope has.
    populations: Vec<u32>,
}

impl Catalogue {
    /// Returns how many documents there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.entries.len() as u32
    }

    /// Returns whether no document has passed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns what is known of `document`.
    ///
    /// # Panics
    ///
    /// If no document of that id has passed.
    #[must_use]
    pub fn entry(&self, document: DocumentId) -> &DocumentEntry {
        &self.entries[document.0 as usize]
    }

    /// Returns the article that `document` belongs to.
    #[must_use]
    pub fn article(&self, document: DocumentId) -> u64 {
        self.entry(document).article
    }

    fn take(&mut self, entry: DocumentEntry) {
        self.entries.push(entry);
        let scope = entry.scope as usize;
        if self.populations.len() <= scope {
            self.populations.resize(scope + 1, 0);
        }
        self.populations[scope] += 1;
    }

    /// The groups cut into those of one scope each, in input order of the first members.
    fn within_scopes(&self, groups: Vec<(Digest, Vec<Spot>)>) -> Vec<(Digest, Vec<Spot>)> {
        if self.populations.len() <= 1 {
            return groups;
        }
        let mut out = Vec::new();
        for (digest, members) in groups {
            let mut scopes: BTreeMap<u32, Vec<Spot>> = BTreeMap::new();
            for spot in members {
                scopes.entry(self.entry(spot.document).scope).or_default().push(spot);
            }
            out.extend(scopes.into_values().filter(|spots| spots.len() > 1).map(|spots| (digest, spots)));
        }
        out.sort_by_key(|(_, members)| members[0]);
        out
    }

    /// Returns whether `a` and `b` may be compared as far as their scopes go.
    #[must_use]
    pub fn same_scope(&self, a: DocumentId, b: DocumentId) -> bool {
        self.entry(a).scope == self.entry(b).scope
    }

    /// Returns how many documents are in the scope of `document`, itself counted.
    #[must_use]
    pub fn population(&self, document: DocumentId) -> u32 {
        self.populations.get(self.entry(document).scope as usize).copied().unwrap_or(0)
    }

    /// Returns which of `documents`, in input order, counts as first: the earliest published where both
    /// are dated, else the one that comes first.
    ///
    /// # Panics
    ///
    /// If `documents` is empty.
    #[must_use]
    pub fn first(&self, documents: impl Iterator<Item = DocumentId>) -> DocumentId {
        documents
            .reduce(|first, next| {
                let (a, b) = (self.entry(first).published, self.entry(next).published);
                let earlier = a != DocumentEntry::UNDATED && b != DocumentEntry::UNDATED && b < a;
                if earlier { next } else { first }
            })
            .unwrap_or_default()
    }
}

/// A paragraph that stands more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParagraphGroup {
    /// The paragraph's digest, of which the first 16 bytes are kept.
    pub digest: Digest,
    /// Where it stands, in input order; two or more.
    pub members: Vec<Spot>,
}

/// Documents whose counted paragraphs are the same, all and in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentGroup {
    /// Digest of the paragraphs' digests, of which the first 16 bytes are kept.
    pub digest: Digest,
    /// The documents, in input order; two or more.
    pub members: Vec<DocumentId>,
}

/// All that repeats, in input order of the first members.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Paragraphs that stand more than once.
    pub paragraphs: Vec<ParagraphGroup>,
    /// Documents that stand more than once.
    pub documents: Vec<DocumentGroup>,
}

/// How many lists the digests are dealt out to in the end: few enough that the ends of all stand in the
/// fastest cache, and enough that one with its table fits into the next.
const LISTS: usize = 64;

/// How many entries stand together: what grows by such blocks is never moved.
const BLOCK: usize = 1 << 14;

/// Digests and where they were seen, in input order.
#[derive(Clone, Debug, Default)]
struct Sightings(Vec<Vec<Entry>>);

impl Sightings {
    #[inline]
    fn note(&mut self, digest: &Digest, spot: Spot) {
        let entry = Entry { digest: short(digest), spot };
        match self.0.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(entry),
            last => {
                // The first block grows as it fills: most runs need no second.
                let mut block = if last.is_some() { Vec::with_capacity(BLOCK) } else { Vec::new() };
                block.push(entry);
                self.0.push(block);
            }
        }
    }

    /// Returns the entries dealt out by a byte that nothing else looks at, each list in input order.
    fn dealt(self) -> Vec<Vec<Entry>> {
        let list = |entry: &Entry| usize::from(entry.digest[8]) % LISTS;
        let mut counts = [0; LISTS];
        self.0.iter().flatten().for_each(|entry| counts[list(entry)] += 1);
        let mut lists = counts.map(Vec::with_capacity);
        // A block goes as soon as it is dealt out.
        for block in self.0 {
            block.into_iter().for_each(|entry| lists[list(&entry)].push(entry));
        }
        lists.into()
    }

    /// Returns what was seen more than once, in input order of the first spots, each with all its spots in
    /// order.
    fn repeated(self) -> Vec<(Digest, Vec<Spot>)> {
        let lists: Vec<_> = self.dealt().into_par_iter().map(|list| repeated_in(&list)).collect();
        let mut groups: Vec<_> = lists.into_iter().flatten().collect();
        groups.sort_unstable_by_key(|(digest, spots)| (spots.first().copied(), *digest));
        groups
    }
}

/// Returns what stands more than once in `list`, which is in input order.
fn repeated_in(list: &[Entry]) -> Vec<(Digest, Vec<Spot>)> {
    let hash = |entry: &Entry| entry.digest.first_chunk().map_or(0, |half| u64::from_le_bytes(*half));
    let mut firsts: HashTable<u32> = HashTable::with_capacity(list.len());
    let mut groups: BTreeMap<u32, Vec<Spot>> = BTreeMap::new();
    for (number, entry) in (0..).zip(list) {
        let same = |&first: &u32| list[first as usize].digest == entry.digest;
        match firsts.entry(hash(entry), same, |&first| hash(&list[first as usize])) {
            Slot::Vacant(slot) => {
                slot.insert(number);
            }
            Slot::Occupied(slot) => {
                let first = *slot.get();
                groups.entry(first).or_insert_with(|| vec![list[first as usize].spot]).push(entry.spot);
            }
        }
    }
    let digest = |first: u32| {
        let mut digest = [0; 32];
        digest[..16].copy_from_slice(&list[first as usize].digest);
        Digest(digest)
    };
    groups.into_iter().map(|(first, spots)| (digest(first), spots)).collect()
}

/// Finds exact repeats among the documents that pass, in order.
#[derive(Clone, Debug, Default)]
pub struct Exact {
    catalogue: Catalogue,
    paragraphs: Sightings,
    documents: Sightings,
}

impl Exact {
    /// Takes the next document: `paragraphs` are the digests and starts of its counted blocks, in order,
    /// `whole` the digest of those by which it is compared as a whole, `None` for not at all. Returns the
    /// document's id.
    pub fn observe(
        &mut self,
        entry: DocumentEntry,
        whole: Option<&Digest>,
        paragraphs: impl Iterator<Item = (Digest, u32)>,
    ) -> DocumentId {
        let document = DocumentId(self.catalogue.len());
        self.catalogue.take(entry);
        for (digest, start) in paragraphs {
            self.paragraphs.note(&digest, Spot { document, start });
        }
        if let Some(whole) = whole {
            self.documents.note(whole, Spot { document, start: Spot::WHOLE });
        }
        document
    }

    /// Returns all that repeats, and what is known of the documents. Works on as many threads as the pool
    /// has that it is called in.
    #[must_use]
    pub fn finish(self) -> (Facts, Catalogue) {
        let catalogue = self.catalogue;
        let paragraphs = catalogue.within_scopes(self.paragraphs.repeated()).into_iter();
        let documents = catalogue.within_scopes(self.documents.repeated()).into_iter();
        let facts = Facts {
            paragraphs: paragraphs.map(|(digest, members)| ParagraphGroup { digest, members }).collect(),
            documents: documents
                .map(|(digest, spots)| DocumentGroup {
                    digest,
                    members: spots.into_iter().map(|spot| spot.document).collect(),
                })
                .collect(),
        };
        (facts, catalogue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::{Fingerprinter, Profile};

    fn entry(article: u64, published: i64) -> DocumentEntry {
        DocumentEntry { input: 0, record: 1, offset: 0, length: 0, article, scope: 0, published }
    }

    fn observe(exact: &mut Exact, entry: DocumentEntry, paragraphs: &[&str]) {
        let mut printer = Fingerprinter::new(Profile::Standard);
        let digests: Vec<_> =
            paragraphs.iter().zip(0..).map(|(text, start)| (printer.digest(text), start)).collect();
        let whole = printer.digest(&paragraphs.join("\n"));
        exact.observe(entry, Some(&whole), digests.into_iter());
    }

    #[test]
    fn n_copies_are_one_group() {
        let mut exact = Exact::default();
        observe(&mut exact, entry(1, 0), &["one", "two", "one"]);
        observe(&mut exact, entry(2, 0), &["three", "one"]);
        let (facts, catalogue) = exact.finish();
        assert_eq!(catalogue.len(), 2);
        assert_eq!(facts.paragraphs.len(), 1);
        let spots: Vec<_> = facts.paragraphs[0].members.iter().map(|s| (s.document.0, s.start)).collect();
        assert_eq!(spots, [(0, 0), (0, 2), (1, 1)]);
        assert!(facts.documents.is_empty());
    }

    #[test]
    fn the_earliest_published_is_first_where_both_are_dated() {
        let mut exact = Exact::default();
        observe(&mut exact, entry(1, 50), &["one"]);
        observe(&mut exact, entry(2, DocumentEntry::UNDATED), &["one"]);
        observe(&mut exact, entry(3, 20), &["one"]);
        let (facts, catalogue) = exact.finish();
        let members = facts.documents[0].members.clone();
        assert_eq!(catalogue.first(members.into_iter()), DocumentId(2));
    }
}
