//! Reads a corpus into memory: texts and shingles, in input order whatever the threads.

use std::sync::{Mutex, PoisonError};

use super::{Corpus, Entry, GatherOptions, Unit, UnitKind};
use crate::document::{Document, TextRange};
use crate::duplicates::near::Shingled;
use crate::error::ReadError;
use crate::progress::Progress;
use crate::read::input::{Input, Refusal, open};
use crate::read::pieces::{Pieces, Task};
use crate::read::walk::Found;
use crate::read::{Framing, Piece, Reader, Sink};

/// A corpus, and what became of its inputs.
pub struct Gathered {
    /// The documents, units and texts.
    pub corpus: Corpus,
    /// The units' shingles.
    pub shingled: Shingled,
    /// What could not be read, in input order.
    pub errors: Vec<ReadError>,
    /// How many walked files are no documents.
    pub skipped: u64,
}

/// Reads everything in `found`.
///
/// What cannot be read is among the errors; everything else is gathered all the same.
#[must_use]
pub fn gather(found: &Found, options: &GatherOptions, progress: &dyn Progress) -> Gathered {
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let pieces = Mutex::new(Pieces::new(&found.inputs, options.limits));
    let done = Mutex::new(Vec::new());
    let worker = || {
        let mut buffer = Vec::new();
        loop {
            let work = pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(work) = work else { return };
            let mut part = Part::new(options);
            let mut bytes = 0;
            match work.task {
                Task::Files(range) => {
                    for index in range {
                        bytes += part.file(index, &found.inputs[index], &mut buffer);
                    }
                }
                Task::Lines(chunk) => {
                    bytes = chunk.bytes().len() as u64;
                    part.read(chunk.input, chunk.reader, &chunk.piece(&found.inputs[chunk.input]));
                    pieces.lock().unwrap_or_else(PoisonError::into_inner).recycle(chunk);
                }
                Task::Refused(index, refusal) => part.refused(index, refusal),
            }
            progress.advance(bytes, part.documents.len() as u64);
            part.text.shrink_to_fit();
            done.lock().unwrap_or_else(PoisonError::into_inner).push((work.sequence, part));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
    let mut parts = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    parts.sort_unstable_by_key(|&(sequence, _)| sequence);
    together(found, options, parts.into_iter().map(|(_, part)| part))
}

/// Puts the parts together, in their order.
fn together<'o>(found: &Found, options: &GatherOptions, parts: impl Iterator<Item = Part<'o>>) -> Gathered {
    let mut corpus = Corpus::default();
    let mut shingled = Shingled::new(options.shingle);
    let mut errors = found.faults.clone();
    // For each input how many documents it has, and why it, or a part, has none.
    let mut states: Vec<(u64, Option<&'static str>)> = vec![(0, None); found.inputs.len()];
    for part in parts {
        let (first, number) = (corpus.documents.len() as u32, corpus.texts.len() as u32);
        for entry in &part.documents {
            states[entry.input as usize].0 += 1;
        }
        for (input, why) in part.no_documents {
            states[input].1.get_or_insert(why);
        }
        let units = part.units.into_iter();
        corpus.units.extend(units.map(|unit| Unit { document: first + unit.document, part: number, ..unit }));
        corpus.documents.extend(part.documents);
        corpus.texts.push(part.text);
        shingled.append(part.shingled);
        errors.extend(part.faults);
    }
    let mut skipped = u64::from(found.skipped);
    for (input, (documents, why)) in found.inputs.iter().zip(states) {
        match why {
            Some(why) if documents == 0 && input.named => errors.push(ReadError::new(&input.path, why)),
            Some(_) if documents == 0 => skipped += 1,
            Some(why) => {
                errors.push(ReadError::new(&input.path, format!("some records were left out: {why}")));
            }
            None => {}
        }
    }
    Gathered { corpus, shingled, errors, skipped }
}

/// What one piece of work gave.
struct Part<'o> {
    options: &'o GatherOptions,
    input: usize,
    /// Whether the input's records are lines.
    lines: bool,
    documents: Vec<Entry>,
    units: Vec<Unit>,
    text: String,
    shingled: Shingled,
    faults: Vec<ReadError>,
    no_documents: Vec<(usize, &'static str)>,
}

impl<'o> Part<'o> {
    fn new(options: &'o GatherOptions) -> Self {
        Self {
            options,
            input: 0,
            lines: false,
            documents: Vec::new(),
            units: Vec::new(),
            text: String::new(),
            shingled: Shingled::new(options.shingle),
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
        self.shingled.add(&text);
        let start = self.text.len() as u32;
        self.text.push_str(&text);
        let number = self.documents.len() as u32;
        self.units.push(Unit { document: number, paragraph, part: 0, start, end: self.text.len() as u32 });
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
