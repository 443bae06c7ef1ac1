//! Reads a corpus: shingles or digests of its units, in input order whatever the threads.
//!
//! Workers read pieces by themselves; the pieces are put together in the order of the input as they come.
//! Before memory gets short the reading stops: what all of it will need is projected from the first
//! documents and the sizes of the inputs.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::texts::KeptTexts;
use super::{Corpus, Entry, GatherOptions, Keeping, Unit, UnitKind};
use crate::document::{Document, TextRange};
use crate::duplicates::near::Shingled;
use crate::error::ReadError;
use crate::fingerprint::{Digest, Fingerprinter, Profile};
use crate::progress::{Phase, Progress};
use crate::read::input::{Input, Refusal, open};
use crate::read::pieces::{Pieces, Task};
use crate::read::volume::{Volume, as_flag};
use crate::read::walk::Found;
use crate::read::{Framing, Piece, Reader, Sink};
use crate::segment::words;

/// A corpus, and what became of its inputs.
pub struct Gathered {
    /// The documents, units and texts.
    pub corpus: Corpus,
    /// The units' shingles; of no unit where digests were asked for.
    pub shingled: Shingled,
    /// The digest of each unit that has a word, with its number, where digests were asked for.
    pub digests: Vec<(Digest, u32)>,
    /// What could not be read, in input order.
    pub errors: Vec<ReadError>,
    /// How many walked files are no documents.
    pub skipped: u64,
}

/// Why a corpus was not gathered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatherError {
    /// It is too large for the memory that it may take.
    #[error("about {} of memory would be needed, more than --memory-limit {} allows", as_flag(*needed), as_flag(*limit))]
    TooMuch {
        /// How much it would need, in bytes.
        needed: u64,
        /// How much it may.
        limit: u64,
    },
    /// The texts could not be kept in a temporary file.
    #[error("texts cannot be kept in a temporary file: {0}")]
    Texts(String),
}

/// Reads everything in `found`.
///
/// What cannot be read is among the errors; everything else is gathered all the same.
///
/// # Errors
///
/// [`GatherError::TooMuch`] as soon as it shows that the memory limit will not do, and
/// [`GatherError::Texts`].
pub fn gather(
    found: &Found,
    options: &GatherOptions,
    progress: &dyn Progress,
) -> Result<Gathered, GatherError> {
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let volume = Volume::of(&found.inputs);
    progress.begin(Phase::Reading);
    progress.expect(volume.bytes());
    let pieces = Mutex::new(Pieces::new(&found.inputs, options.limits));
    let assembly = Mutex::new(Assembly::new(found, options, volume)?);
    let worker = || {
        let mut buffer = Vec::new();
        while !progress.stopped() {
            let work = lock(&pieces).next();
            let Some(work) = work else { return };
            let mut part = Part::new(options);
            match work.task {
                Task::Files(range) => {
                    for index in range {
                        part.bytes += part.file(index, &found.inputs[index], &mut buffer);
                    }
                }
                Task::Lines(chunk) => {
                    part.bytes = chunk.bytes().len() as u64;
                    part.read(chunk.input, chunk.reader, &chunk.piece(&found.inputs[chunk.input]));
                    lock(&pieces).recycle(chunk);
                }
                Task::Refused(index, refusal) => part.refused(index, refusal),
            }
            progress.advance(part.bytes, part.documents.len() as u64);
            if !lock(&assembly).bring(work.sequence, part) {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
    assembly.into_inner().unwrap_or_else(PoisonError::into_inner).finish(found)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What has been put together so far.
struct Assembly<'o> {
    gathered: Gathered,
    volume: Volume,
    limit: u64,
    /// The number of the next part, and those that came before their turn.
    next: u64,
    waiting: BTreeMap<u64, Part<'o>>,
    /// For each input how many documents it has, and why it, or a part, has none.
    states: Vec<(u64, Option<&'static str>)>,
    failed: Option<GatherError>,
}

impl<'o> Assembly<'o> {
    fn new(found: &Found, options: &GatherOptions, volume: Volume) -> Result<Self, GatherError> {
        let texts = match options.keeping {
            Keeping::Digests => KeptTexts::None,
            Keeping::Shingles { texts_in_memory: true, .. } => KeptTexts::Memory(Vec::new()),
            Keeping::Shingles { .. } => KeptTexts::in_file().map_err(|error| unkept(&error))?,
        };
        let gathered = Gathered {
            corpus: Corpus { texts, ..Corpus::default() },
            shingled: Shingled::new(options.keeping.shingle()),
            digests: Vec::new(),
            errors: found.faults.clone(),
            skipped: u64::from(found.skipped),
        };
        Ok(Self {
            gathered,
            volume,
            limit: options.memory_limit,
            next: 0,
            waiting: BTreeMap::new(),
            states: vec![(0, None); found.inputs.len()],
            failed: None,
        })
    }

    /// Takes one part; returns whether there is any use in reading on.
    fn bring(&mut self, number: u64, part: Part<'o>) -> bool {
        self.waiting.insert(number, part);
        while self.failed.is_none()
            && let Some(part) = self.waiting.remove(&self.next)
        {
            self.next += 1;
            self.volume.advance(part.bytes);
            self.failed = self.append(part).err().map(|error| unkept(&error)).or_else(|| self.too_much());
        }
        self.failed.is_none()
    }

    fn append(&mut self, part: Part<'_>) -> std::io::Result<()> {
        let Gathered { corpus, shingled, digests, errors, .. } = &mut self.gathered;
        for entry in &part.documents {
            self.states[entry.input as usize].0 += 1;
        }
        for (input, why) in part.no_documents {
            self.states[input].1.get_or_insert(why);
        }
        let (document, first) = (corpus.documents.len() as u32, corpus.units.len() as u32);
        let number = corpus.texts.append(part.text)?;
        let units = part.units.into_iter();
        let moved = |unit: Unit| Unit { document: document + unit.document, part: number, ..unit };
        corpus.units.extend(units.map(moved));
        corpus.documents.extend(part.documents);
        digests.extend(part.digests.into_iter().map(|(digest, unit)| (digest, first + unit)));
        shingled.append(part.shingled);
        errors.extend(part.faults);
        Ok(())
    }

    fn too_much(&self) -> Option<GatherError> {
        let Gathered { corpus, shingled, digests, .. } = &self.gathered;
        let units = corpus.units.len() * size_of::<Unit>() + digests.len() * size_of::<(Digest, u32)>();
        // A name is an allocation of its own.
        let documents = corpus.documents.len() * (size_of::<Entry>() + 32);
        let kept = if shingled.is_empty() { 0 } else { shingled.memory() };
        let so_far = kept + corpus.text_bytes() + (units + documents) as u64;
        let in_the_end = self.volume.project(so_far).unwrap_or(so_far);
        // A projection that is a tenth too high must not stop what fits.
        let over = so_far > self.limit || in_the_end > self.limit.saturating_add(self.limit / 10);
        over.then_some(GatherError::TooMuch { needed: in_the_end.max(so_far), limit: self.limit })
    }

    fn finish(mut self, found: &Found) -> Result<Gathered, GatherError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let Gathered { errors, skipped, .. } = &mut self.gathered;
        for (input, (documents, why)) in found.inputs.iter().zip(self.states) {
            match why {
                Some(why) if documents == 0 && input.named => errors.push(ReadError::new(&input.path, why)),
                Some(_) if documents == 0 => *skipped += 1,
                Some(why) => {
                    errors.push(ReadError::new(&input.path, format!("some records were left out: {why}")));
                }
                None => {}
            }
        }
        Ok(self.gathered)
    }
}

fn unkept(error: &std::io::Error) -> GatherError {
    GatherError::Texts(error.to_string())
}

/// What one piece of work gave.
struct Part<'o> {
    options: &'o GatherOptions,
    input: usize,
    /// Whether the input's records are lines.
    lines: bool,
    /// How many bytes it was read from.
    bytes: u64,
    documents: Vec<Entry>,
    units: Vec<Unit>,
    text: String,
    shingled: Shingled,
    printer: Fingerprinter,
    digests: Vec<(Digest, u32)>,
    faults: Vec<ReadError>,
    no_documents: Vec<(usize, &'static str)>,
}

impl<'o> Part<'o> {
    fn new(options: &'o GatherOptions) -> Self {
        Self {
            options,
            input: 0,
            lines: false,
            bytes: 0,
            documents: Vec::new(),
            units: Vec::new(),
            text: String::new(),
            shingled: Shingled::new(options.keeping.shingle()),
            printer: Fingerprinter::new(Profile::Standard),
            digests: Vec::new(),
            faults: Vec::new(),
            no_documents: Vec::new(),
        }
    }

    /// Opens and reads one whole file; returns its length in bytes.
    fn file(&mut self, index: usize, input: &Input, buffer: &mut Vec<u8>) -> u64 {
        match open(input, self.options.limits, buffer) {
            Err(refusal) => {
                self.refused(index, refusal);
                0
            }
            Ok(opened) => {
                self.read(index, opened.reader, &input.whole(buffer));
                self.faults.extend(opened.damage);
                buffer.len() as u64
            }
        }
    }

    fn read(&mut self, index: usize, reader: &dyn Reader, piece: &Piece<'_>) {
        self.input = index;
        self.lines = reader.framing() == Framing::Lines;
        reader.read(piece, &self.options.read, self);
    }

    fn refused(&mut self, index: usize, refusal: Refusal) {
        match refusal {
            Refusal::Skip(why) => self.no_documents.push((index, why)),
            Refusal::Fault(fault) => self.faults.push(fault),
        }
    }

    fn unit(&mut self, document: &Document, range: TextRange, paragraph: u32) {
        let text = document.reading(range);
        let unit = self.units.len() as u32;
        let start = self.text.len() as u32;
        match self.options.keeping {
            Keeping::Digests => {
                let form = self.printer.normalize(&text);
                // What has no word is nobody's copy.
                if words(form).next().is_some() {
                    self.digests.push((self.printer.digest_of_form(), unit));
                }
            }
            Keeping::Shingles { .. } => {
                self.shingled.add(&text);
                self.text.push_str(&text);
            }
        }
        let document = self.documents.len() as u32;
        self.units.push(Unit { document, paragraph, part: 0, start, end: start + text.len() as u32 });
    }
}

impl Sink for Part<'_> {
    fn document(&mut self, document: &mut Document) {
        match self.options.unit {
            UnitKind::Document => self.unit(document, TextRange::new(0, document.text.len() as u32), 0),
            UnitKind::Paragraph => {
                for (block, number) in document.blocks.iter().zip(1..) {
                    self.unit(document, block.range, number);
                }
            }
        }
        self.documents.push(Entry {
            name: document.name().into_owned().into_boxed_str(),
            input: self.input as u32,
            record: document.origin.record,
            stored: document.origin.stored,
            a_line: self.lines,
            published: document.meta.published_seconds(),
        });
    }

    fn fault(&mut self, fault: ReadError) {
        self.faults.push(fault);
    }

    fn not_a_document(&mut self, why: &'static str) {
        self.no_documents.push((self.input, why));
    }
}
