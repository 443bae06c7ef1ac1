//! What does one piece of the input give?
//!
//! A worker reads it by itself into a [`Harvest`]: of each document what it is compared by, what the rules about
//! single documents find, and what is kept quiet. The digests of a piece are made many at a time, so that a
//! document has none until the piece is [settled](Harvest::settle).

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::CheckOptions;
use super::gathering::Kept;
use super::quiet::{Allowances, Quiet};
use super::variants::{Variant, Variants};
use crate::document::{Document, DocumentId};
use crate::duplicates::bearers::Names;
use crate::duplicates::exact::{DocumentEntry, Spot};
use crate::error::ReadError;
use crate::fingerprint::{Digest, Fingerprinter};
use crate::index::{Item, Itemizer};
use crate::lint::Flag;
use crate::lint::added::{Added, AddedIn};
use crate::lint::rules::names;
use crate::lint::suppress::{Comments, Leave};
use crate::read::input::{self, Input, Refusal};
use crate::read::{ReadOptions, Reader, Sink};
use crate::segment::word::has_words;

/// Digests are made when the noted forms take so many bytes, which stay near the processor.
const MOST_NOTED: usize = 1 << 17;
/// What stands for a digest that is still to be made.
const NOTED: Digest = Digest([0; 32]);

/// What one piece of work gave.
pub(super) struct Harvest<'o> {
    variants: &'o Variants,
    /// What holds for the input that is being read.
    variant: &'o Variant,
    allowances: &'o Allowances<'o>,
    pub(super) quiet: Quiet,
    since: Option<&'o Added>,
    /// What of the input that is being read was added.
    added: Option<&'o AddedIn>,
    printer: Fingerprinter,
    /// For the rules that compare words.
    pub(super) kept: Kept,
    /// The input that is being read, and whether it breaks off.
    input: u32,
    breaks_off: bool,
    pub(super) documents: Vec<Harvested>,
    /// The counted paragraphs of all documents, one after the other: digest, and start in the text.
    pub(super) paragraphs: Vec<(Digest, u32)>,
    pub(super) flags: Vec<(usize, Flag)>,
    pub(super) faults: Vec<(u32, ReadError)>,
    pub(super) inputs: Vec<InputHarvest>,
    pub(super) blocks: u64,
    pub(super) too_short: u64,
    /// Room for the flags of one document.
    found: Vec<Flag>,
    /// For the index: the documents as items.
    pub(super) itemizer: Option<Itemizer>,
    pub(super) items: Vec<Item>,
}

/// What is kept of one document.
pub(super) struct Harvested {
    pub(super) entry: DocumentEntry,
    pub(super) whole: Whole,
    /// How many of the paragraphs are this document's.
    pub(super) paragraphs: u32,
    /// What no other item of the file should be called.
    pub(super) names: Names,
    pub(super) cut_off: bool,
}

/// What a document is compared by as a whole.
pub(super) enum Whole {
    /// This; `None` for a document that is not compared.
    Known(Option<Digest>),
    /// All its paragraphs, once they have their digests.
    Later,
}

/// What became of one input, or of a part of it.
pub(super) struct InputHarvest {
    pub(super) input: u32,
    pub(super) reader: Option<&'static dyn Reader>,
    pub(super) documents: u64,
    /// Why it, or the part, holds no document.
    pub(super) not_a_document: Option<&'static str>,
    pub(super) refused: bool,
}

impl<'o> Harvest<'o> {
    pub(super) fn new(
        options: &'o CheckOptions,
        variants: &'o Variants,
        allowances: &'o Allowances<'o>,
    ) -> Self {
        Self {
            variants,
            variant: variants.of(0),
            allowances,
            quiet: Quiet::default(),
            since: options.since.as_deref(),
            added: None,
            printer: Fingerprinter::new(options.settings.profile),
            kept: Kept::new(variants),
            input: 0,
            breaks_off: false,
            documents: Vec::new(),
            paragraphs: Vec::new(),
            flags: Vec::new(),
            faults: Vec::new(),
            inputs: Vec::new(),
            blocks: 0,
            too_short: 0,
            found: Vec::new(),
            itemizer: None,
            items: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.documents.clear();
        self.paragraphs.clear();
        self.flags.clear();
        self.faults.clear();
        self.inputs.clear();
        self.blocks = 0;
        self.too_short = 0;
    }

    pub(super) fn begin(&mut self, number: usize, input: &Input, reader: Option<&'static dyn Reader>) {
        self.input = number as u32;
        self.breaks_off = false;
        self.added = self.since.and_then(|since| since.of(&input.path));
        self.variant = self.variants.of(self.input);
        let input = self.input;
        self.inputs.push(InputHarvest { input, reader, documents: 0, not_a_document: None, refused: false });
    }

    /// How the input is read: with places where it matters which lines a passage stands on.
    pub(super) fn read_options(&self) -> Cow<'o, ReadOptions> {
        match self.added {
            Some(AddedIn::Bytes(_)) => Cow::Owned(ReadOptions { places: true, ..self.variant.read.clone() }),
            Some(AddedIn::Whole) | None => Cow::Borrowed(&self.variant.read),
        }
    }

    /// Notes which of the counted paragraphs of `document` were added.
    fn note_added(&mut self, document: &Document) {
        let Some(added) = self.added else { return };
        let id = DocumentId(self.documents.len() as u32);
        let spots = self.quiet.standing.added.get_or_insert_default();
        if *added == AddedIn::Whole {
            spots.whole.insert(id);
            return;
        }
        for block in document.blocks.iter().filter(|block| self.variant.settings.counts(block.kind)) {
            let place = document.locate(block.range);
            if place.is_some_and(|place| added.touches(place.start.byte, place.end.byte)) {
                spots.spots.insert(Spot { document: id, start: block.range.start });
                spots.touched.insert(id);
            }
        }
    }

    /// Opens and reads one whole file; returns its length in bytes.
    pub(super) fn file(
        &mut self,
        index: usize,
        input: &Input,
        options: &CheckOptions,
        buffer: &mut Vec<u8>,
    ) -> u64 {
        match input::open(input, options.limits, buffer) {
            Err(refusal) => {
                self.refused(index, input, refusal);
                0
            }
            // Nothing came before the damage: there is no document to speak of.
            Ok(opened) if buffer.is_empty() && opened.damage.is_some() => {
                opened.damage.into_iter().for_each(|fault| self.refused(index, input, Refusal::Fault(fault)));
                0
            }
            Ok(opened) => {
                self.begin(index, input, Some(opened.reader));
                self.breaks_off = opened.damage.is_some();
                let read = self.read_options();
                opened.reader.read(&input.whole(buffer), &read, self);
                if let Some(damage) = opened.damage {
                    self.fault(damage);
                }
                buffer.len() as u64
            }
        }
    }

    pub(super) fn refused(&mut self, index: usize, input: &Input, refusal: Refusal) {
        self.begin(index, input, None);
        match refusal {
            Refusal::Skip(why) => self.not_a_document(why),
            Refusal::Fault(fault) => {
                self.fault(fault);
                if let Some(input) = self.inputs.last_mut() {
                    input.refused = true;
                }
            }
        }
    }

    /// Makes the digests of the paragraphs that were noted.
    fn print(&mut self) {
        // What was noted last is at the end.
        let first = self.paragraphs.len() - self.printer.noted();
        let noted = &mut self.paragraphs[first..];
        self.printer.digests_of_noted(|number, digest| noted[number].0 = digest);
    }

    /// Ends a piece of work: makes all digests that are still to be made.
    pub(super) fn settle(&mut self) {
        self.print();
        let mut paragraphs = self.paragraphs.as_slice();
        for document in &mut self.documents {
            let (own, behind) = paragraphs.split_at(document.paragraphs as usize);
            paragraphs = behind;
            if matches!(document.whole, Whole::Later) {
                let whole = || Digest::in_order(own.iter().map(|(digest, _)| digest));
                document.whole = Whole::Known((!own.is_empty()).then(whole));
            }
        }
    }

    /// The counted paragraphs of one document; returns how many, and what of them has not left the comparison of
    /// documents.
    fn paragraphs(&mut self, document: &Document, comments: Option<&Comments>) -> (u32, Whole) {
        let settings = &self.variant.settings;
        let before = self.paragraphs.len();
        let id = DocumentId(self.documents.len() as u32);
        // What has no word repeats nothing.
        let least = settings.min_words.max(1) as usize;
        let mut left = Vec::new();
        // Of what the document leaves as a whole, only words in a row are left out here: the other facts are
        // still of use, to say what is kept quiet.
        let whole = comments.map_or(Leave::default(), Comments::leave_whole).only(Leave::RUNS);
        for block in &document.blocks {
            if !settings.counts(block.kind) {
                self.kept.interrupt();
                continue;
            }
            let (reading, start) = (document.reading(block.range), block.range.start);
            let mut leaves = comments.map_or(Leave::default(), |comments| comments.leave(start).and(whole));
            let digest = if self.allowances.is_empty() {
                self.printer.note_words(&reading, least).then_some(NOTED)
            } else {
                let (digest, form) = if self.allowances.has_patterns() {
                    let form = self.printer.normalize(&reading);
                    let counts = has_words(form, least);
                    (counts.then(|| self.printer.digest_of_form()), Some(self.printer.form()))
                } else {
                    (self.printer.digest_of_words(&reading, least), None)
                };
                if let Some(digest) = &digest {
                    let path = &document.origin.path;
                    let allowances = self.allowances;
                    leaves = leaves.and(self.quiet.passage(id, block.range, allowances, path, digest, form));
                }
                digest
            };
            self.kept.block(&reading, start, digest.is_some(), leaves);
            match digest {
                Some(digest) => {
                    if leaves.any(Leave::ACROSS) {
                        left.push(self.paragraphs.len());
                    }
                    self.paragraphs.push((digest, start));
                }
                None => self.too_short += 1,
            }
        }
        self.kept.document();
        if self.printer.noted_bytes() >= MOST_NOTED || !left.is_empty() {
            self.print();
        }
        let count = (self.paragraphs.len() - before) as u32;
        if left.is_empty() {
            return (count, Whole::Later);
        }
        let numbered = (before..).zip(&self.paragraphs[before..]);
        let counted = numbered.filter(|(number, _)| left.binary_search(number).is_err());
        let mut counted = counted.map(|(_, (digest, _))| digest).peekable();
        let whole = counted.peek().is_some().then(|| Digest::in_order(counted));
        (count, Whole::Known(whole))
    }

    /// What the rules about single documents find; what is kept quiet is noted.
    fn flags(&mut self, document: &mut Document, comments: Option<&Comments>) {
        let id = DocumentId(self.documents.len() as u32);
        for rule in &self.variant.rules {
            rule.document(document, &self.variant.settings, &mut self.found);
        }
        if comments.is_some() || !self.allowances.is_empty() {
            let mut before = Vec::new();
            if comments.is_some() {
                let directives = std::mem::take(&mut document.directives);
                for rule in &self.variant.rules {
                    rule.document(document, &self.variant.settings, &mut before);
                }
                document.directives = directives;
            }
            let (found, allowances) = (&mut self.found, self.allowances);
            self.quiet.sort_flags(id, found, before, document, comments, allowances);
        }
        self.flags.extend(self.found.drain(..).map(|flag| (id.0 as usize, flag)));
    }
}

/// What names the article that a document belongs to. An id that is a plain number counts the records of
/// one file, any other names the article wherever it stands.
fn article(document: &Document, input: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &document.meta.id {
        Some(id) if !id.bytes().all(|byte| byte.is_ascii_digit()) => id.hash(&mut hasher),
        Some(id) => (input, id).hash(&mut hasher),
        None => (input, document.origin.record).hash(&mut hasher),
    }
    hasher.finish()
}

impl Sink for Harvest<'_> {
    fn document(&mut self, document: &mut Document) {
        self.blocks += document.blocks.len() as u64;
        document.origin.cut_off |= self.breaks_off && document.origin.record.is_none();
        let comments = (!document.directives.is_empty()).then(|| Comments::of(document));
        if let Some(comments) = &comments {
            let settings = &self.variant.settings;
            let counted = document.blocks.iter().filter(|block| settings.counts(block.kind));
            let id = DocumentId(self.documents.len() as u32);
            self.quiet.document(id, comments, counted.map(|block| block.range.start));
        }
        self.note_added(document);
        let (count, whole) = self.paragraphs(document, comments.as_ref());
        let stored = document.origin.stored;
        let entry = DocumentEntry {
            input: self.input,
            record: document.origin.record.unwrap_or(0),
            offset: stored.start,
            length: u32::try_from(stored.end - stored.start).unwrap_or(u32::MAX),
            article: article(document, self.input),
            scope: self.variants.scope(self.input),
            published: document.meta.published_seconds().unwrap_or(DocumentEntry::UNDATED),
        };
        self.flags(document, comments.as_ref());
        if let Some(itemizer) = &mut self.itemizer {
            // What has left the comparison is nothing that others repeat.
            let document_id = DocumentId(self.documents.len() as u32);
            let standing = &self.quiet.standing;
            let left = |start| standing.leaves(Spot { document: document_id, start }, Leave::ACROSS);
            self.items.push(itemizer.item_without(document, left));
        }
        let names = if self.variant.asks_names {
            names(document, &self.variant.selection, &self.variant.settings)
        } else {
            Names::default()
        };
        self.documents.push(Harvested {
            entry,
            whole,
            paragraphs: count,
            names,
            cut_off: document.origin.cut_off,
        });
        if let Some(input) = self.inputs.last_mut() {
            input.documents += 1;
        }
    }

    fn fault(&mut self, fault: ReadError) {
        self.faults.push((self.input, fault));
    }

    fn not_a_document(&mut self, why: &'static str) {
        if let Some(input) = self.inputs.last_mut() {
            input.not_a_document = Some(why);
        }
    }
}
