//! The first pass: everything is read once, and of each paragraph a digest and a position are kept.
//!
//! Workers take [`Work`](crate::read::pieces::Work) in turn, read it by themselves into a [`Harvest`], and
//! bring the harvests in in the order of the input. So the result is the same for any number of workers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::gathering::{Gathering, Kept};
use super::indexed::{Taken, Taking};
use super::variants::{Variant, Variants};
use super::{CheckOptions, Summary};
use crate::document::{Document, DocumentId};
use crate::duplicates::bearers::{Bearer, Bearers, Names};
use crate::duplicates::exact::{DocumentEntry, Exact};
use crate::error::ReadError;
use crate::fingerprint::{Digest, Fingerprinter};
use crate::index::{Item, Itemizer};
use crate::lint::Flag;
use crate::lint::rules::{clash, names};
use crate::progress::{Phase, Progress};
use crate::read::input::{self, Input, Refusal};
use crate::read::pieces::{Pieces, Task};
use crate::read::volume::Volume;
use crate::read::walk::Found;
use crate::read::{Reader, Sink};

/// How many faults of one input are told one by one.
const FAULTS_TOLD: u64 = 20;

/// What the first pass found.
pub(super) struct Passed {
    pub exact: Exact,
    /// What the rules that compare words need.
    pub kept: Kept,
    /// What the rules about single documents found, in input order.
    pub flags: Vec<(DocumentId, Flag)>,
    pub errors: Vec<ReadError>,
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
    threads: usize,
    progress: &dyn Progress,
    taking: Option<Taking<'_>>,
) -> Passed {
    let volume = Volume::of(&found.inputs);
    progress.begin(Phase::Reading);
    progress.expect(volume.bytes());
    let itemizer = taking.as_ref().map(Taking::itemizer);
    let gathering = Gathering::new(options, variants, volume);
    let store = InOrder::new(Store { taking, ..Store::new(found, gathering) });
    let pieces = Mutex::new(Pieces::new(&found.inputs, options.limits));
    let worker = || {
        let harvest = Harvest { itemizer: itemizer.clone(), ..Harvest::new(options, variants) };
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
    loop {
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
                harvest.begin(chunk.input, Some(chunk.reader));
                let read = &harvest.variants.of(chunk.input as u32).read;
                chunk.reader.read(&chunk.piece(&inputs[chunk.input]), read, &mut harvest);
                lock(pieces).recycle(chunk);
            }
            Task::Refused(index, refusal) => harvest.refused(index, refusal),
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets workers at a value in the order of their numbers.
struct InOrder<T> {
    state: Mutex<(T, u64, bool)>,
    turn: Condvar,
}

impl<T> InOrder<T> {
    const fn new(value: T) -> Self {
        Self { state: Mutex::new((value, 0, false)), turn: Condvar::new() }
    }

    /// Waits until all numbers before `number` have been here, then runs `then`. Returns false, without
    /// running it, when a worker died and its number will never come.
    fn in_turn(&self, number: u64, then: impl FnOnce(&mut T)) -> bool {
        let waiting = |state: &mut (T, u64, bool)| state.1 != number && !state.2;
        let state = self.turn.wait_while(lock(&self.state), waiting);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        if state.2 {
            return false;
        }
        then(&mut state.0);
        state.1 += 1;
        drop(state);
        self.turn.notify_all();
        true
    }

    fn into_inner(self) -> T {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Wakes the other workers when this one panics, so that they stop instead of waiting for it.
struct Alarm<'a, T>(&'a InOrder<T>);

impl<T> Drop for Alarm<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(&self.0.state).2 = true;
            self.0.turn.notify_all();
        }
    }
}

/// What one piece of work gave.
struct Harvest<'o> {
    variants: &'o Variants,
    /// What holds for the input that is being read.
    variant: &'o Variant,
    printer: Fingerprinter,
    /// For the rules that compare words.
    kept: Kept,
    /// The input that is being read.
    input: u32,
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
    whole: Digest,
    /// How many of the paragraphs are this document's.
    paragraphs: u32,
    /// What no other item of the file should be called.
    names: Names,
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
    fn new(options: &CheckOptions, variants: &'o Variants) -> Self {
        Self {
            variants,
            variant: variants.of(0),
            printer: Fingerprinter::new(options.settings.profile),
            kept: Kept::new(variants),
            input: 0,
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

    fn begin(&mut self, input: usize, reader: Option<&'static dyn Reader>) {
        self.input = input as u32;
        self.variant = self.variants.of(self.input);
        let input = self.input;
        self.inputs.push(InputHarvest { input, reader, documents: 0, not_a_document: None, refused: false });
    }

    /// Opens and reads one whole file; returns its length in bytes.
    fn file(&mut self, index: usize, input: &Input, options: &CheckOptions, buffer: &mut Vec<u8>) -> u64 {
        match input::open(input, options.limits, buffer) {
            Err(refusal) => {
                self.refused(index, refusal);
                0
            }
            // Nothing came before the damage: there is no document to speak of.
            Ok(opened) if buffer.is_empty() && opened.damage.is_some() => {
                opened.damage.into_iter().for_each(|fault| self.refused(index, Refusal::Fault(fault)));
                0
            }
            Ok(opened) => {
                self.begin(index, Some(opened.reader));
                opened.reader.read(&input.whole(buffer), &self.variant.read, self);
                if let Some(damage) = opened.damage {
                    self.fault(damage);
                }
                buffer.len() as u64
            }
        }
    }

    fn refused(&mut self, index: usize, refusal: Refusal) {
        self.begin(index, None);
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

    /// The counted paragraphs of one document; returns how many.
    fn paragraphs(&mut self, document: &Document) -> u32 {
        let settings = &self.variant.settings;
        let before = self.paragraphs.len();
        // What has no word repeats nothing.
        let least = settings.min_words.max(1) as usize;
        for block in &document.blocks {
            if !settings.counts(block.kind) {
                self.kept.interrupt();
                continue;
            }
            let reading = document.reading(block.range);
            let digest = self.printer.digest_of_words(&reading, least);
            self.kept.block(&reading, block.range.start, digest.is_some());
            match digest {
                Some(digest) => self.paragraphs.push((digest, block.range.start)),
                None => self.too_short += 1,
            }
        }
        self.kept.document();
        (self.paragraphs.len() - before) as u32
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
        let count = self.paragraphs(document);
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
        let own = &self.paragraphs[self.paragraphs.len() - count as usize..];
        let whole = Digest::in_order(own.iter().map(|(digest, _)| digest));
        for rule in &self.variant.rules {
            rule.document(document, &self.variant.settings, &mut self.found);
        }
        if let Some(itemizer) = &mut self.itemizer {
            self.items.push(itemizer.item(document));
        }
        let number = self.documents.len();
        self.flags.extend(self.found.drain(..).map(|flag| (number, flag)));
        let names = names(document, &self.variant.selection, &self.variant.settings);
        self.documents.push(Harvested { entry, whole, paragraphs: count, names });
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
    errors: Vec<ReadError>,
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
            errors: found.faults.clone(),
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
            let id = self.exact.observe(document.entry, &document.whole, own);
            first.get_or_insert(id);
            let DocumentEntry { input, record, .. } = document.entry;
            let bearer = Bearer { record, document: id };
            if let Some(found) = self.bearers.observe(input, bearer, document.names) {
                self.flags.push((id, clash(found, document.names)));
            }
        }
        let first = first.unwrap_or_default();
        let ids = harvest.flags.drain(..).map(|(n, flag)| (DocumentId(first.0 + n as u32), flag));
        self.flags.extend(ids);
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
        let Self { exact, gathering, flags, errors, summary, .. } = self;
        Passed { exact, kept: gathering.finish(), flags, errors, summary, readers, taken }
    }
}
