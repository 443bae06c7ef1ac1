//! Items that go on: after a check, those that passed are written out again, as JSON lines.
//!
//! A line of a JSONL file goes on byte for byte. Items of other formats become records with the fields that
//! copydesk reads by their usual names.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{CheckOptions, Report};
use crate::document::Document;
use crate::error::ReadError;
use crate::read::input::{self, Refusal};
use crate::read::pieces::{LinePlace, revisit_lines};
use crate::read::walk::Found;
use crate::read::{Piece, Reader, Sink};

/// Which items go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassOn {
    /// Those that the index does not know, and of which nothing was found.
    Clean,
    /// Those that the index does not know.
    New,
    /// All that were read.
    All,
}

/// A document of a run: where to read it again, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Which input it stands in.
    pub input: u32,
    /// The reader of that input.
    pub reader: Option<&'static dyn Reader>,
    /// Its record there, 1-based; 0 where the file is one document.
    pub record: u32,
    /// Where the record starts in the decompressed file.
    pub offset: u64,
    /// How many bytes it takes there.
    pub length: u32,
    /// Whether the index knows it.
    pub known: bool,
    /// Whether any finding is about it.
    pub found: bool,
}

impl PassOn {
    const fn takes(self, record: &Record) -> bool {
        match self {
            Self::All => true,
            Self::New => !record.known,
            Self::Clean => !record.known && !record.found,
        }
    }
}

/// Writes the items of `report` that `which` names to `out`, in input order; returns what could not be read
/// again.
///
/// # Errors
///
/// Those of `out`; what was written stays written.
pub fn pass_on(
    found: &Found,
    options: &CheckOptions,
    report: &Report,
    which: PassOn,
    out: &mut dyn Write,
) -> io::Result<Vec<ReadError>> {
    let mut errors = Vec::new();
    for records in report.records.chunk_by(|a, b| a.input == b.input) {
        let taken: Vec<&Record> = records.iter().filter(|record| which.takes(record)).collect();
        let (Some(first), Some(input)) = (taken.first(), found.inputs.get(records[0].input as usize)) else {
            continue;
        };
        let mut read = options.read.clone();
        let holding = options.overrides.iter().filter(|change| change.paths.hold(&input.path));
        holding.for_each(|change| change.change_read(&mut read));
        let numbers = taken.iter().map(|record| record.record).collect();
        let mut writer = Writer { numbers, out: &mut *out, done: Ok(()) };
        let again = match first.reader.filter(|reader| reader.name() == "jsonl") {
            Some(reader) => {
                let places: Vec<LinePlace> = taken.iter().map(|record| place(record)).collect();
                let mut next = taken.iter();
                revisit_lines(input, options.limits, &places, &mut |piece: Piece<'_>| {
                    match next.next() {
                        Some(record) if piece.bytes.len() as u64 == u64::from(record.length) => {
                            writer.line(piece.bytes);
                        }
                        // Lines of UTF-16 mean nothing apart.
                        _ => reader.read(&piece, &read, &mut writer),
                    }
                })
            }
            None => {
                let mut buffer = Vec::new();
                match input::open(input, options.limits, &mut buffer) {
                    Ok(opened) => {
                        opened.reader.read(&input.whole(&buffer), &read, &mut writer);
                        Ok(())
                    }
                    Err(Refusal::Fault(fault)) => Err(fault),
                    Err(Refusal::Skip(why)) => Err(ReadError::new(&input.path, why)),
                }
            }
        };
        writer.done?;
        errors.extend(again.err());
    }
    Ok(errors)
}

fn place(record: &Record) -> LinePlace {
    LinePlace {
        offset: record.offset,
        length: u64::from(record.length),
        first_line: u64::from(record.record),
    }
}

/// Writes the records that are wanted.
struct Writer<'a> {
    numbers: BTreeSet<u32>,
    out: &'a mut dyn Write,
    done: io::Result<()>,
}

impl Writer<'_> {
    fn line(&mut self, line: &[u8]) {
        if self.done.is_ok() {
            self.done = self.out.write_all(line).and_then(|()| match line.last() {
                Some(b'\n') => Ok(()),
                _ => self.out.write_all(b"\n"),
            });
        }
    }
}

impl Sink for Writer<'_> {
    fn document(&mut self, document: &mut Document) {
        if !self.numbers.contains(&document.origin.record.unwrap_or(0)) {
            return;
        }
        let mut fields: Map<String, Value> =
            document.meta.fields().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        let text: Vec<_> = document.blocks.iter().map(|block| document.reading(block.range)).collect();
        fields.insert("text".to_owned(), Value::from(text.join("\n\n")));
        let line = Value::Object(fields).to_string();
        self.line(line.as_bytes());
    }

    // What is wrong with the file was said by the check.
    fn fault(&mut self, _: ReadError) {}

    fn not_a_document(&mut self, _: &'static str) {}
}
