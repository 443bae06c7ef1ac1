//! An item as the index sees it: its names, its dates, and its fingerprints.

use super::codec::{KeptBlock, SHORT_DIGEST};
use super::summary::day;
use super::terms::Terms;
use crate::document::{Block, Document, Metadata, TextRange, read_date};
use crate::duplicates::near::SHINGLE_WORDS;
use crate::fingerprint::shingle::combine_runs;
use crate::fingerprint::{Digest, Fingerprinter, Profile, WordHasher};

/// What names an item, in half a digest: 128 bits.
pub(super) type Name = [u8; SHORT_DIGEST];

/// The shingles of a counted paragraph.
#[derive(Clone, Debug)]
pub(super) struct ParagraphSet {
    /// Which of [`Item::blocks`] it is.
    pub block: u32,
    /// The hashes of its runs of three words, sorted, each once.
    pub shingles: Vec<u64>,
}

/// An item with all that the index asks of it.
#[derive(Clone, Debug)]
pub struct Item {
    /// What the source says of it.
    pub meta: Metadata,
    /// The file it was found in, as given or walked.
    pub path: String,
    /// Its record there, 1-based; 0 where the file is one document.
    pub record: u32,
    /// Where the record begins in the decompressed file.
    pub offset: u64,
    /// Whether it is only a part of what its source holds: it is neither compared nor taken in.
    pub cut_off: bool,
    /// Its blocks, as a reader sees them.
    pub blocks: Vec<KeptBlock>,
    /// The counted paragraphs, in order: half a digest, and the start of the block in the document's text.
    pub paragraphs: Vec<([u8; SHORT_DIGEST], u32)>,
    /// Paragraphs that would count, had the user not taken them out of the comparison: so no other item is
    /// said to repeat them. Given as [`Item::paragraphs`] are.
    pub left: Vec<([u8; SHORT_DIGEST], u32)>,
    /// The hashes of its runs of three words, sorted, each once.
    pub shingles: Vec<u64>,
    /// The same of each of [`Item::paragraphs`]; empty where no texts are kept.
    pub(super) sets: Vec<ParagraphSet>,
    /// Tells texts apart but for white space: all blocks and the title.
    pub(super) content: Name,
    /// Tells the counted paragraphs in order.
    pub(super) whole: Name,
    /// Its id, or what stands for it.
    pub(super) name: Name,
    /// Its address, where it has an id beside.
    pub(super) address: Option<Name>,
}

impl Item {
    /// Returns what people call the item: its id, its address, or its place.
    #[must_use]
    pub fn called(&self) -> String {
        called(self.meta.id.as_deref(), self.meta.url.as_deref(), &self.path, self.record)
    }

    /// Returns the digest of the counted paragraphs in order: the first half of it.
    #[must_use]
    pub const fn digest(&self) -> &[u8; SHORT_DIGEST] {
        &self.whole
    }

    /// Returns the date that says when the text was last changed: `updated`, or where there is none
    /// `published`.
    #[must_use]
    pub fn stated_change(&self) -> Option<&str> {
        stated_change(&self.meta)
    }

    /// Returns the date by which people know the item: when it was published, or changed, as its source writes
    /// it; or else `now`, when it comes.
    #[must_use]
    pub fn since(&self, now: i64) -> String {
        since(&self.meta, now)
    }

    /// Returns the text of paragraph `number` of those counted; empty where there is no text.
    pub(super) fn paragraph(&self, number: usize) -> &str {
        let block = self.sets.get(number).and_then(|set| self.blocks.get(set.block as usize));
        block.map_or("", |block| &block.text)
    }

    /// Returns the text of all counted paragraphs.
    pub(super) fn counted_text(&self) -> String {
        let all: Vec<&str> = (0..self.sets.len()).map(|number| self.paragraph(number)).collect();
        all.join("\n\n")
    }

    /// Returns the item as a document, to be compared with another version.
    #[must_use]
    pub fn as_document(&self) -> Document {
        document_of(self.meta.clone(), &self.blocks)
    }
}

/// The date that says when a text was last changed.
pub(super) fn stated_change(meta: &Metadata) -> Option<&str> {
    meta.updated.as_deref().or(meta.published.as_deref())
}

/// The date by which people know an item: as its source writes it, or else when it was first seen.
pub(super) fn since(meta: &Metadata, first_seen: i64) -> String {
    let dates = [&meta.published, &meta.updated];
    let stated = dates.into_iter().flatten().find(|date| !date.trim().is_empty()).cloned();
    stated.unwrap_or_else(|| day(first_seen))
}

/// What people call an item.
pub(super) fn called(id: Option<&str>, url: Option<&str>, path: &str, record: u32) -> String {
    match (id.filter(|id| !id.is_empty()), url.filter(|url| !url.is_empty()), record) {
        (Some(id), ..) => id.to_owned(),
        (None, Some(url), _) => url.to_owned(),
        (None, None, 0) => path.to_owned(),
        (None, None, record) => format!("{path}#{record}"),
    }
}

/// Puts kept blocks together again: their texts, an empty line between two.
pub(super) fn document_of(meta: Metadata, blocks: &[KeptBlock]) -> Document {
    let mut document = Document { meta, ..Document::default() };
    for block in blocks {
        if !document.text.is_empty() {
            document.text.push_str("\n\n");
        }
        let start = document.text.len() as u32;
        document.text.push_str(&block.text);
        let end = document.text.len() as u32;
        if end > start {
            document.blocks.push(Block { kind: block.kind, range: TextRange::new(start, end) });
        }
    }
    document
}

/// Makes items of documents; keeps its buffers.
#[derive(Clone, Debug)]
pub struct Itemizer {
    terms: Terms,
    printer: Fingerprinter,
    /// For what only white space may differ in.
    spaced: Fingerprinter,
    plain: Fingerprinter,
    hasher: WordHasher,
    words: Vec<u64>,
}

impl Itemizer {
    /// Returns an itemizer for `terms`.
    #[must_use]
    pub fn new(terms: &Terms) -> Self {
        Self {
            terms: terms.clone(),
            printer: Fingerprinter::new(terms.profile),
            spaced: Fingerprinter::new(Profile::Whitespace),
            plain: Fingerprinter::new(Profile::Verbatim),
            hasher: WordHasher::new(),
            words: Vec::new(),
        }
    }

    /// Returns `document` as an item.
    #[must_use]
    pub fn item(&mut self, document: &Document) -> Item {
        self.item_without(document, |_| false)
    }

    /// Returns `document` as an item, in which the blocks do not count that begin where `left` says so.
    #[must_use]
    pub fn item_without(&mut self, document: &Document, left: impl Fn(u32) -> bool) -> Item {
        let counts = |block: &Block| self.terms.counted[block.kind as usize];
        let gone: Vec<&Block> =
            document.blocks.iter().filter(|block| counts(block) && left(block.range.start)).collect();
        let counts = |block: &Block| counts(block) && !left(block.range.start);
        let blocks = document.blocks.iter().map(|block| KeptBlock {
            kind: block.kind,
            counted: counts(block),
            text: document.reading(block.range).into_owned(),
        });
        let blocks: Vec<KeptBlock> = blocks.collect();
        let starts: Vec<u32> = document.blocks.iter().map(|block| block.range.start).collect();
        let path = document.origin.path.strip_prefix("./").unwrap_or(&document.origin.path);
        let record = document.origin.record.unwrap_or(0);
        let offset = document.origin.stored.start;
        let mut item = self.assemble(document.meta.clone(), path, record, offset, blocks, &starts);
        let least = self.terms.min_words.max(1) as usize;
        let gone = gone.into_iter().filter_map(|block| {
            let digest = self.printer.digest_of_words(&document.reading(block.range), least)?;
            Some((half(&digest), block.range.start))
        });
        item.left.extend(gone);
        item.cut_off = document.origin.cut_off;
        item
    }

    /// Returns the item that these parts make; `starts` are where the blocks begin in the document's text.
    pub(super) fn assemble(
        &mut self,
        meta: Metadata,
        path: &str,
        record: u32,
        offset: u64,
        blocks: Vec<KeptBlock>,
        starts: &[u32],
    ) -> Item {
        let least = self.terms.min_words.max(1) as usize;
        let (mut paragraphs, mut sets) = (Vec::new(), Vec::new());
        let (mut all, mut own) = (Vec::with_capacity(blocks.len() + 1), Vec::new());
        all.push(self.spaced.digest(meta.title.as_deref().unwrap_or_default()));
        self.words.clear();
        for (number, block) in blocks.iter().enumerate() {
            all.push(self.spaced.digest(&block.text));
            if !block.counted {
                continue;
            }
            if let Some(digest) = self.printer.digest_of_words(&block.text, least) {
                own.push(digest);
                paragraphs.push((half(&digest), starts.get(number).copied().unwrap_or(0)));
                let before = self.words.len();
                self.hasher.hash(&block.text, &mut self.words);
                // Without texts no paragraph can be compared.
                if self.terms.texts {
                    let shingles = set_of(&self.words[before..]);
                    sets.push(ParagraphSet { block: number as u32, shingles });
                }
            }
        }
        let shingles = set_of(&self.words);
        let content = half(&Digest::in_order(all.iter()));
        let whole = half(&Digest::in_order(own.iter()));
        let (name, address) = self.names(&meta, path, record, &content);
        Item {
            meta,
            path: path.to_owned(),
            record,
            offset,
            cut_off: false,
            blocks,
            paragraphs,
            left: Vec::new(),
            shingles,
            sets,
            content,
            whole,
            name,
            address,
        }
    }

    /// What the item is known by, and its address beside.
    pub(super) fn names(
        &mut self,
        meta: &Metadata,
        path: &str,
        record: u32,
        content: &Name,
    ) -> (Name, Option<Name>) {
        let mut name = |kind: &str, value: &str| half(&self.plain.digest(&format!("{kind}\n{value}")));
        let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
        let (id, url) = (given(&meta.id), given(&meta.url));
        let address = url.as_deref().map(|url| name("url", url));
        match (id, address) {
            // A plain number counts the records of one file.
            (Some(id), address) if id.bytes().all(|byte| byte.is_ascii_digit()) => {
                (name("number", &format!("{path}\n{id}")), address)
            }
            (Some(id), address) => (name("id", &id), address),
            (None, Some(address)) => (address, None),
            (None, None) if record == 0 => (name("file", path), None),
            // A record that nothing names is known by its text.
            (None, None) => (name("text", &format!("{path}\n{content:?}")), None),
        }
    }
}

/// The hashes of the runs of three of `words`, sorted, each once.
fn set_of(words: &[u64]) -> Vec<u64> {
    let mut shingles = Vec::new();
    combine_runs(words, SHINGLE_WORDS, &mut shingles);
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// The first half of a digest.
pub(super) fn half(digest: &Digest) -> Name {
    digest.0.first_chunk().copied().unwrap_or_default()
}

/// Returns the instant of a date, in seconds since 1970.
pub(super) fn instant(date: Option<&str>) -> Option<i64> {
    read_date(date?).map(|date| date.seconds)
}
