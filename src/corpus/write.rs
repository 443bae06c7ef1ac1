//! Writes a corpus without some of its units, every kept byte as it was.
//!
//! What goes is worked out as [`Cuts`]: stretches of the stored (decompressed) bytes. Then the files are
//! read again and written without them. [`Outgoing`] makes the result appear whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use encoding_rs::Encoding;

use super::joined::{self, Joined};
use super::keep::Removal;
use super::{Corpus, Unit};
use crate::document::{Document, SourceRange};
use crate::error::ReadError;
use crate::fix::{Trial, gone};
use crate::read::input::{Input, Limits, Refusal, open};
use crate::read::pieces::{Pieces, Task};
use crate::read::{Framing, Piece, ReadOptions, Reader, Sink};

/// What is left out of each input.
#[derive(Clone, Debug, Default)]
pub struct Cuts {
    /// For each input the stretches of its decompressed bytes, sorted and disjoint.
    stretches: Vec<Vec<Cut>>,
    /// The inputs that are left out whole.
    files: Vec<bool>,
    /// The paragraphs that stay, since they cannot be cut: document and number.
    left_in: BTreeSet<(u32, u32)>,
    /// The encoding that the user named.
    encoding: Option<&'static Encoding>,
}

/// A stretch that goes.
#[derive(Clone, Copy, Debug)]
struct Cut {
    start: u64,
    end: u64,
    /// Whether the end of the line behind it goes with it.
    line: bool,
}

impl Cuts {
    /// Works out what to cut so that the removed units are gone.
    ///
    /// A record goes with the end of its line. A paragraph goes with its marker or element and what parts it from
    /// its neighbours, where everything beside it then reads as it did; else it stays in.
    ///
    /// # Errors
    ///
    /// The inputs that cannot be cut: a record that is not a line of its own, or a file that could not be
    /// read again.
    pub fn new(
        inputs: &[Input],
        corpus: &Corpus,
        removals: &[Removal],
        read: &ReadOptions,
        limits: Limits,
    ) -> Result<Self, Vec<ReadError>> {
        let mut cuts = Self {
            stretches: vec![Vec::new(); inputs.len()],
            files: vec![false; inputs.len()],
            left_in: BTreeSet::new(),
            encoding: read.encoding,
        };
        let mut errors = Vec::new();
        let mut paragraphs: Vec<(u32, u32)> = Vec::new();
        for removal in removals {
            let unit = corpus.units[removal.unit as usize];
            if unit.paragraph > 0 {
                paragraphs.push((unit.document, unit.paragraph));
                continue;
            }
            let entry = &corpus.documents[unit.document as usize];
            let input = entry.input as usize;
            match entry.record {
                None => cuts.files[input] = true,
                Some(_) if entry.a_line => {
                    let SourceRange { start, end } = entry.stored;
                    cuts.stretches[input].push(Cut { start, end, line: true });
                }
                Some(_) => errors.push(ReadError::new(
                    &inputs[input].path,
                    "its records are not lines of their own, so none can be left out; write them as JSONL",
                )),
            }
        }
        errors.dedup();
        if errors.is_empty() && !paragraphs.is_empty() {
            cuts.paragraphs(inputs, corpus, &paragraphs, read, limits, &mut errors);
        }
        if errors.is_empty() { Ok(cuts) } else { Err(errors) }
    }

    /// Reads the inputs again, with places, for the paragraphs (document, number) to cut.
    fn paragraphs(
        &mut self,
        inputs: &[Input],
        corpus: &Corpus,
        paragraphs: &[(u32, u32)],
        read: &ReadOptions,
        limits: Limits,
        errors: &mut Vec<ReadError>,
    ) {
        let options = ReadOptions { places: true, ..read.clone() };
        let mut again = Again {
            paragraphs,
            next: 0,
            each: false,
            documents: Vec::new(),
            asked: BTreeMap::new(),
            faults: Vec::new(),
        };
        for_each_piece(inputs, limits, |index, reader, piece| {
            // A line of UTF-16 cannot be read by itself.
            again.each = reader.framing() == Framing::Lines && joined::is_narrow(piece.bytes, read.encoding);
            reader.read(piece, &options, &mut again);
            for (line, trial) in again.documents.drain(..) {
                let piece = line.and_then(|line| line.of(piece)).unwrap_or_else(|| piece.clone());
                let proposals = trial.run(&piece, reader, read);
                for proposal in &proposals {
                    again.asked.remove(&(proposal.record, proposal.mending.range.start));
                }
                let gone = gone(&piece, &proposals).into_iter();
                let cuts = gone.map(|SourceRange { start, end }| Cut { start, end, line: false });
                self.stretches[index].extend(cuts);
            }
            self.left_in.extend(std::mem::take(&mut again.asked).into_values());
            Ok(())
        })
        .unwrap_or_else(|fault| again.faults.push(fault));
        if again.faults.is_empty() && again.next != corpus.documents.len() as u32 {
            let message = "the input changed while it was read: it has other documents now";
            again.faults.extend(inputs.first().map(|input| ReadError::new(&input.path, message)));
        }
        errors.append(&mut again.faults);
    }

    /// Returns whether `unit`, though it repeats another, stays in: what stands beside it would read differently
    /// without it.
    #[must_use]
    pub fn leaves_in(&self, unit: &Unit) -> bool {
        self.left_in.contains(&(unit.document, unit.paragraph))
    }

    /// Returns whether input number `index` is left out whole.
    #[must_use]
    pub fn leaves_out(&self, index: usize) -> bool {
        self.files[index]
    }

    /// Returns whether input number `index` stays as it is.
    #[must_use]
    pub fn keeps_whole(&self, index: usize) -> bool {
        !self.files[index] && self.stretches[index].is_empty()
    }
}

/// The line that a document was read from.
#[derive(Clone, Copy, Debug)]
struct Line {
    stored: SourceRange,
    record: u32,
}

impl Line {
    /// The line as a piece of its own.
    fn of<'a>(self, piece: &Piece<'a>) -> Option<Piece<'a>> {
        let place = |byte: u64| usize::try_from(byte.checked_sub(piece.offset)?).ok();
        let bytes = piece.bytes.get(place(self.stored.start)?..place(self.stored.end)?)?;
        Some(Piece { bytes, offset: self.stored.start, first_line: u64::from(self.record), ..piece.clone() })
    }
}

/// Meets every document a second time.
struct Again<'a> {
    paragraphs: &'a [(u32, u32)],
    /// The number of the next document.
    next: u32,
    /// Whether each document of the piece is a line, and can be tried by itself.
    each: bool,
    /// The trials of the piece that is being read.
    documents: Vec<(Option<Line>, Trial)>,
    /// What should go of the piece, by record and place in the text: document and number of the paragraph.
    asked: BTreeMap<(u32, u32), (u32, u32)>,
    faults: Vec<ReadError>,
}

impl Sink for Again<'_> {
    fn document(&mut self, document: &mut Document) {
        let this = self.next;
        self.next += 1;
        let from = self.paragraphs.partition_point(|&(number, _)| number < this);
        let gone = self.paragraphs[from..].iter().take_while(|&&(number, _)| number == this);
        let gone: Vec<usize> = gone.map(|&(_, paragraph)| paragraph as usize - 1).collect();
        if gone.is_empty() {
            return;
        }
        let record = document.origin.record.unwrap_or(0);
        for (number, block) in gone.iter().filter_map(|&number| Some((number, document.blocks.get(number)?)))
        {
            self.asked.insert((record, block.range.start), (this, number as u32 + 1));
        }
        let line = self.each.then_some(Line { stored: document.origin.stored, record });
        if self.each || self.documents.is_empty() {
            self.documents.push((line, Trial::default()));
        }
        if let Some((_, trial)) = self.documents.last_mut() {
            trial.take_blocks(document, &gone);
        }
    }

    fn fault(&mut self, fault: ReadError) {
        self.faults.push(fault);
    }

    fn not_a_document(&mut self, _why: &'static str) {}
}

/// Gives `take` every piece of every input, in order: together they are all their bytes.
fn for_each_piece<'a>(
    inputs: &'a [Input],
    limits: Limits,
    mut take: impl FnMut(usize, &'static dyn Reader, &Piece<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut pieces = Pieces::new(inputs, limits);
    let mut buffer = Vec::new();
    while let Some(work) = pieces.next() {
        match work.task {
            Task::Files(range) => {
                for index in range {
                    let input: &'a Input = &inputs[index];
                    match open(input, limits, &mut buffer) {
                        Ok(opened) => {
                            take(index, opened.reader, &input.whole(&buffer))?;
                            opened.damage.map_or(Ok(()), Err)?;
                        }
                        Err(Refusal::Fault(fault)) => return Err(fault),
                        Err(Refusal::Skip(_)) => {}
                    }
                }
            }
            Task::Lines(chunk) => {
                take(chunk.input, chunk.reader, &chunk.piece(&inputs[chunk.input]))?;
                pieces.recycle(chunk);
            }
            Task::Refused(_, Refusal::Fault(fault)) => return Err(fault),
            Task::Refused(_, Refusal::Skip(_)) => {}
        }
    }
    Ok(())
}

/// Writes the decompressed bytes of some inputs, one after the other, without what is cut from them: each
/// begins on a line of its own, and only the first keeps its byte order mark;
/// `passed_by` hears how many bytes of the inputs are done.
///
/// # Errors
///
/// An input that cannot be read or is in another encoding than the first, or an output that cannot be
/// written; all name the input.
pub fn write_without(
    inputs: &[Input],
    cuts: &Cuts,
    first: usize,
    limits: Limits,
    passed_by: &dyn Fn(u64),
    out: &mut dyn Write,
) -> Result<(), ReadError> {
    // Of each input how many bytes have passed.
    let mut passed = vec![0u64; inputs.len()];
    let mut joined = Joined::new(out, cuts.encoding);
    for_each_piece(inputs, limits, |index, _, piece| {
        if piece.offset != passed[index] {
            return Err(ReadError::new(piece.path, "a part of it could not be read"));
        }
        let end = piece.offset + piece.bytes.len() as u64;
        passed[index] = end;
        passed_by(piece.bytes.len() as u64);
        let mut at = piece.offset;
        if piece.offset == 0 {
            let mark = joined.begin(piece).map_err(|why| ReadError::new(piece.path, why))?;
            if joined.is_first(piece) {
                joined.write_mark(&piece.bytes[..mark]).map_err(|error| cannot_write(piece, &error))?;
            }
            at += mark as u64;
        }
        if cuts.files[first + index] {
            return Ok(());
        }
        let changed = || ReadError::new(piece.path, "the input changed while it was read");
        let stretches = &cuts.stretches[first + index];
        let begin = stretches.partition_point(|cut| cut.start < piece.offset);
        for cut in stretches[begin..].iter().take_while(|cut| cut.start < end) {
            // The first record has the byte order mark for its first bytes.
            let start = if cut.start == 0 { at } else { cut.start };
            if start < at || cut.end < start || cut.end > end {
                return Err(changed());
            }
            let kept = &piece.bytes[(at - piece.offset) as usize..(start - piece.offset) as usize];
            joined.write(kept).map_err(|error| cannot_write(piece, &error))?;
            let behind = &piece.bytes[(cut.end - piece.offset) as usize..];
            at = cut.end + if cut.line { joined.line_end(behind) } else { 0 };
        }
        let rest = &piece.bytes[(at - piece.offset) as usize..];
        joined.write(rest).map_err(|error| cannot_write(piece, &error))
    })
}

fn cannot_write(piece: &Piece<'_>, error: &io::Error) -> ReadError {
    ReadError::new(piece.path, format!("its copy cannot be written: {error}"))
}
