//! The first pass: everything is read once, and of each paragraph a digest and a position are kept.
//!
//! Workers take [`Work`](crate::read::pieces::Work) in turn, read it by themselves into a [`Harvest`], and
//! bring the harvests in in the order of the input. So the result is the same for any number of workers.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;

use super::gathering::{Gathering, Kept};
use super::in_order::{Alarm, InOrder, lock};
use super::indexed::{Taken, Taking};
use super::quiet::{Allowances, Quiet};
use super::variants::{Variant, Variants};
use super::{CheckOptions, Summary};
use crate::document::{Document, DocumentId};
use crate::duplicates::bearers::{Bearer, Bearers, Names};
use crate::duplicates::exact::{DocumentEntry, Exact, Spot};
use crate::error::ReadError;
use crate::fingerprint::{Digest, Fingerprinter};
use crate::index::{Item, Itemizer};
use crate::lint::Flag;
use crate::lint::added::{Added, AddedIn};
use crate::lint::rules::{clash, names};
use crate::lint::suppress::{Comments, Leave};
use crate::progress::{Phase, Progress};
use crate::read::input::{self, Input, Refusal};
use crate::read::pieces::{Pieces, Task};
use crate::read::volume::Volume;
use crate::read::walk::Found;
use crate::read::{ReadOptions, Reader, Sink};
use crate::segment::word::has_words;

/// How many faults of one input are told one by one.
const FAULTS_TOLD: u64 = 20;

/// What the first pass found.
pub(super) struct Passed {
    pub exact: Exact,
    /// What the rules that compare words need.
    pub kept: Kept,
    /// What the rules about single documents found, in input order.
    pub flags: Vec<(DocumentId, Flag)>,
    /// What is kept quiet.
    pub quiet: Quiet,
    /// The documents in which a file breaks off.
    pub cut_off: BTreeSet<DocumentId>,
    pub errors: Vec<ReadError>,
    /// How many of the errors are about a rule that was left out, and not about an input.
    pub left_out: u64,
    pub summary: Summary,
    /// The reader of each input that was opened.
    pub readers: Vec<Option<&'static dyn Reader>>,
    /// What the index says of each document; `None` without one.
    pub taken: Option<Taken>,
}

/// Reads everything in `found`, on `threads` threads.
pub(super) fn run(
    found: &Found,
    options: &CheckOptions,
    variants: &Variants,
    allowances: &Allowances<'_>,
    threads: usize,
    progress: &dyn Progress,
    taking: Option<Taking<'_>>,
) -> Passed {
    let volume = Volume::of(&found.inputs);
    progress.begin(Phase::Reading);
    progress.expect(volume.bytes());
    let itemizer = taking.as_ref().map(Taking::itemizer);
    let mut all = Store { taking, ..Store::new(found, Gathering::new(options, variants, volume)) };
    all.quiet.standing.added = options.since.is_some().then(Default::default);
    let store = InOrder::new(all);
    let pieces = Mutex::new(Pieces::new(&found.inputs, options.limits));
    let worker = || {
        let harvest = Harvest { itemizer: itemizer.clone(), ..Harvest::new(options, variants, allowances) };
        work(&found.inputs, options, harvest, &pieces, &store, progress);
    };
    if threads <= 1 {
        worker();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(worker);
            }
        });
    }
    store.into_inner().finish(found)
}

/// One worker's life.
fn work(
    inputs: &[Input],
    options: &CheckOptions,
    mut harvest: Harvest<'_>,
    pieces: &Mutex<Pieces<'_>>,
    store: &InOrder<Store<'_>>,
    progress: &dyn Progress,
) {
    let _alarm = Alarm(store);
    let mut buffer = Vec::new();
    while !progress.stopped() {
        let Some(work) = lock(pieces).next() else { return };
        harvest.clear();
        let mut bytes = 0;
        match work.task {
            Task::Files(range) => {
                for index in range {
                    bytes += harvest.file(index, &inputs[index], options, &mut buffer);
                }
            }
            Task::Lines(chunk) => {
                bytes = chunk.bytes().len() as u64;
                harvest.begin(chunk.input, &inputs[chunk.input], Some(chunk.reader));
                let read = harvest.read_options();
                chunk.reader.read(&chunk.piece(&inputs[chunk.input]), &read, &mut harvest);
                lock(pieces).recycle(chunk);
            }
            Task::Refused(index, refusal) => harvest.refused(index, &inputs[index], refusal),
        }
        let documents = harvest.documents.len() as u64;
        let brought_in =
            store.in_turn(work.sequence, |store| store.take(&mut harvest, bytes, inputs, progress));
        if !brought_in {
            return;
        }
        progress.advance(bytes, documents);
    }
}

/// What one piece of work gave.
struct Harvest<'o> {
    variants: &'o Variants,
    /// What holds for the input that is being read.
    variant: &'o Variant,
    allowances: &'o Allowances<'o>,
    quiet: Quiet,
    since: Option<&'o Added>,
    /// What of the input that is being read was added.
    added: Option<&'o AddedIn>,
    printer: Fingerprinter,
    /// For the rules that compare words.
    kept: Kept,
    /// The input that is being read, and whether it breaks off.
    input: u32,
    breaks_off: bool,
    documents: Vec<Harvested>,
    /// The counted paragraphs of all documents, one after the other: digest, and start in the text.
    paragraphs: Vec<(Digest, u32)>,
    flags: Vec<(usize, Flag)>,
    faults: Vec<(u32, ReadError)>,
    inputs: Vec<InputHarvest>,
    blocks: u64,
    too_short: u64,
    /// Room for the flags of one document.
    found: Vec<Flag>,
    /// For the index: the documents as items.
    itemizer: Option<Itemizer>,
    items: Vec<Item>,
}

/// What is kept of one document.
struct Harvested {
    entry: DocumentEntry,
    /// What it is compared by as a whole.
    whole: Option<Digest>,
    /// How many of the paragraphs are this document's.
    paragraphs: u32,
    /// What no other item of the file should be called.
    names: Names,
    cut_off: bool,
}

/// What became of one input, or of a part of it.
struct InputHarvest {
    input: u32,
    reader: Option<&'static dyn Reader>,
    documents: u64,
    /// Why it, or the part, holds no document.
    not_a_document: Option<&'static str>,
    refused: bool,
}

impl<'o> Harvest<'o> {
    fn new(options: &'o CheckOptions, variants: &'o Variants, allowances: &'o Allowances<'o>) -> Self {
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

    fn clear(&mut self) {
        self.documents.clear();
        self.paragraphs.clear();
        self.flags.clear();
        self.faults.clear();
        self.inputs.clear();
        self.blocks = 0;
        self.too_short = 0;
    }

    fn begin(&mut self, number: usize, input: &Input, reader: Option<&'static dyn Reader>) {
        self.input = number as u32;
        self.breaks_off = false;
        self.added = self.since.and_then(|since| since.of(&input.path));
        self.variant = self.variants.of(self.input);
        let input = self.input;
        self.inputs.push(InputHarvest { input, reader, documents: 0, not_a_document: None, refused: false });
    }

    /// How the input is read: with places where it matters which lines a passage stands on.
    fn read_options(&self) -> Cow<'o, ReadOptions> {
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
    fn file(&mut self, index: usize, input: &Input, options: &CheckOptions, buffer: &mut Vec<u8>) -> u64 {
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

    fn refused(&mut self, index: usize, input: &Input, refusal: Refusal) {
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

    /// The counted paragraphs of one document; returns how many, and the digest of all that have not left
    /// the comparison of documents.
    fn paragraphs(&mut self, document: &Document, comments: Option<&Comments>) -> (u32, Option<Digest>) {
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
                self.printer.digest_of_words(&reading, least)
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
        let numbered = (before..).zip(&self.paragraphs[before..]);
        let counted = numbered.filter(|(number, _)| left.binary_search(number).is_err());
        let mut counted = counted.map(|(_, (digest, _))| digest).peekable();
        let whole = counted.peek().is_some().then(|| Digest::in_order(counted));
        ((self.paragraphs.len() - before) as u32, whole)
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

/// All that has been brought in.
struct Store<'i> {
    exact: Exact,
    bearers: Bearers,
    gathering: Gathering,
    flags: Vec<(DocumentId, Flag)>,
    quiet: Quiet,
    cut_off: BTreeSet<DocumentId>,
    errors: Vec<ReadError>,
    left_out: u64,
    summary: Summary,
    states: Vec<State>,
    /// The input whose faults are being counted, and how many there are.
    faulty: (u32, u64),
    taking: Option<Taking<'i>>,
}

/// What became of one input.
#[derive(Clone, Copy, Default)]
struct State {
    reader: Option<&'static dyn Reader>,
    documents: u64,
    not_a_document: Option<&'static str>,
    refused: bool,
    opened: bool,
}

impl Store<'_> {
    fn new(found: &Found, gathering: Gathering) -> Self {
        Self {
            exact: Exact::default(),
            bearers: Bearers::default(),
            gathering,
            flags: Vec::new(),
            quiet: Quiet::default(),
            cut_off: BTreeSet::new(),
            errors: found.faults.clone(),
            left_out: 0,
            summary: Summary { skipped: u64::from(found.skipped), ..Summary::default() },
            states: vec![State::default(); found.inputs.len()],
            faulty: (0, 0),
            taking: None,
        }
    }

    /// Brings one harvest in, made from so many `bytes`.
    fn take(&mut self, harvest: &mut Harvest<'_>, bytes: u64, inputs: &[Input], progress: &dyn Progress) {
        if let Some(taking) = &mut self.taking {
            taking.push(&mut harvest.items);
        }
        let mut paragraphs = harvest.paragraphs.iter().copied();
        let mut first = None;
        for document in &harvest.documents {
            let own = paragraphs.by_ref().take(document.paragraphs as usize);
            let id = self.exact.observe(document.entry, document.whole.as_ref(), own);
            first.get_or_insert(id);
            if document.cut_off {
                self.cut_off.insert(id);
            }
            let DocumentEntry { input, record, .. } = document.entry;
            let bearer = Bearer { record, document: id };
            if let Some(found) = self.bearers.observe(input, bearer, document.names) {
                self.flags.push((id, clash(found, document.names)));
            }
        }
        let first = first.unwrap_or_default();
        let ids = harvest.flags.drain(..).map(|(n, flag)| (DocumentId(first.0 + n as u32), flag));
        self.flags.extend(ids);
        self.quiet.append(&mut harvest.quiet, first);
        for (input, fault) in harvest.faults.drain(..) {
            self.fault(input, fault);
        }
        for part in &harvest.inputs {
            let state = &mut self.states[part.input as usize];
            state.opened = true;
            state.reader = state.reader.or(part.reader);
            state.documents += part.documents;
            state.not_a_document = state.not_a_document.or(part.not_a_document);
            state.refused |= part.refused;
        }
        let input = harvest.inputs.last().map(|part| &inputs[part.input as usize]);
        if let Some(too_much) = self.gathering.take(&mut harvest.kept, bytes, input) {
            progress.trouble(&too_much.to_string());
            self.errors.push(too_much);
            self.left_out += 1;
        }
        self.summary.documents += harvest.documents.len() as u64;
        self.summary.paragraphs += harvest.blocks;
        self.summary.too_short += harvest.too_short;
    }

    /// Keeps a fault; of the many faults of one input only the first, and how many there are.
    fn fault(&mut self, input: u32, fault: ReadError) {
        if self.faulty.0 != input {
            self.faulty = (input, 0);
        }
        self.faulty.1 += 1;
        if self.faulty.1 <= FAULTS_TOLD {
            self.errors.push(fault);
        } else {
            let more = self.faulty.1 - FAULTS_TOLD;
            if more > 1 {
                self.errors.pop();
            }
            self.errors.push(ReadError::new(&fault.path, format!("{more} more faults like these")));
        }
    }

    fn finish(mut self, found: &Found) -> Passed {
        for (state, input) in self.states.iter().zip(&found.inputs) {
            match (state.not_a_document, state.documents) {
                (Some(why), 0) if input.named => self.errors.push(ReadError::new(&input.path, why)),
                (Some(_), 0) => self.summary.skipped += 1,
                (Some(why), _) => {
                    let message = format!("some records were left out: {why}");
                    self.errors.push(ReadError::new(&input.path, message));
                }
                (None, _) => self.summary.files += u64::from(state.opened && !state.refused),
            }
            if state.not_a_document.is_some() && state.documents > 0 {
                self.summary.files += 1;
            }
        }
        let readers = self.states.iter().map(|state| state.reader).collect();
        let taken = self.taking.take().map(|taking| taking.finish(&mut self.errors));
        let Self { exact, gathering, flags, quiet, cut_off, errors, left_out, summary, .. } = self;
        Passed {
            exact,
            kept: gathering.finish(),
            flags,
            quiet,
            cut_off,
            errors,
            left_out,
            summary,
            readers,
            taken,
        }
    }
}
