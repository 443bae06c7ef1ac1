//! The first pass: everything is read once, and of each paragraph a digest and a position are kept.
//!
//! Workers take [`Work`](crate::read::pieces::Work) in turn, read it by themselves into a [`Harvest`], and
//! bring the harvests in in the order of the input. So the result is the same for any number of workers.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::gathering::{Gathering, Kept};
use super::harvest::{Harvest, Whole};
use super::in_order::{Alarm, InOrder, lock};
use super::indexed::{Taken, Taking};
use super::quiet::{Allowances, Quiet};
use super::variants::Variants;
use super::{CheckOptions, Summary};
use crate::document::DocumentId;
use crate::duplicates::bearers::{Bearer, Bearers};
use crate::duplicates::exact::{DocumentEntry, Exact};
use crate::error::ReadError;
use crate::lint::Flag;
use crate::lint::rules::clash;
use crate::progress::{Phase, Progress};
use crate::read::Reader;
use crate::read::input::Input;
use crate::read::pieces::{Pieces, Task};
use crate::read::volume::Volume;
use crate::read::walk::Found;

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
        let mut harvest = Harvest::new(options, variants, allowances);
        harvest.itemizer.clone_from(&itemizer);
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
        harvest.settle();
        let documents = harvest.documents.len() as u64;
        let brought_in =
            store.in_turn(work.sequence, |store| store.take(&mut harvest, bytes, inputs, progress));
        if !brought_in {
            return;
        }
        progress.advance(bytes, documents);
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
            let whole = match &document.whole {
                Whole::Known(whole) => whole.as_ref(),
                Whole::Later => None,
            };
            let id = self.exact.observe(document.entry, whole, own);
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
