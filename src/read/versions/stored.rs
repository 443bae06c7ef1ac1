//! What does one stored version hold, read as a file of its own?

use std::sync::Arc;

use crate::document::{Document, Snapshot};
use crate::error::ReadError;
use crate::read::input::{Input, Limits, Refusal, open, reader_by_name};
use crate::read::{Piece, ReadOptions, Reader, Sink, reader_recognising};

/// Reads `bytes`, stored as the file at `path`, into `snapshot`: document and digest. Returns what is wrong
/// with them; where that leaves no document, [`Snapshot::missing`] says so.
pub(super) fn read_bytes(
    path: &Arc<str>,
    reader: &dyn Reader,
    bytes: &[u8],
    options: &ReadOptions,
    snapshot: &mut Snapshot,
) -> Vec<ReadError> {
    let mut taken = Taken::default();
    let piece = Piece { path, bytes, offset: 0, first_line: 1, named: true };
    reader.read(&piece, options, &mut taken);
    snapshot.stored = *blake3::hash(bytes).as_bytes();
    if taken.others > 0 {
        let message = format!("holds {} documents; the first is the version", taken.others + 1);
        taken.faults.push(ReadError::new(path, message));
    }
    snapshot.missing.clear();
    if taken.document.is_none() {
        let why = taken.refused.unwrap_or("holds no document");
        snapshot.missing.push_str(why);
        taken.faults.push(ReadError::new(path, why));
    }
    snapshot.document = taken.document;
    taken.faults
}

/// Opens `input` and reads it into `snapshot`. Returns what is wrong with it.
pub(super) fn read_input(
    input: &Input,
    limits: Limits,
    options: &ReadOptions,
    buffer: &mut Vec<u8>,
    snapshot: &mut Snapshot,
) -> Vec<ReadError> {
    match open(input, limits, buffer) {
        Ok(opened) => {
            let mut faults = read_bytes(&input.path, opened.reader, buffer, options, snapshot);
            faults.extend(opened.damage);
            faults
        }
        Err(refusal) => {
            let fault = match refusal {
                Refusal::Fault(fault) => fault,
                Refusal::Skip(why) => ReadError::new(&input.path, format!("is a {why}")),
            };
            snapshot.document = None;
            snapshot.stored = [0; 32];
            snapshot.missing.clone_from(&fault.message);
            vec![fault]
        }
    }
}

/// Returns the reader for a version stored under `path`: by its name, else by its content.
pub(super) fn reader_of(path: &str, bytes: &[u8]) -> &'static dyn Reader {
    reader_by_name(path).unwrap_or_else(|| {
        let head = &bytes[..bytes.len().min(1 << 16)];
        reader_recognising(&String::from_utf8_lossy(head))
    })
}

/// Returns whether a file that `reader` reads is one document, so that another file can be its next version.
pub(super) fn is_one_document(reader: &dyn Reader) -> bool {
    ["markdown", "html", "plaintext"].contains(&reader.name())
}

#[derive(Default)]
struct Taken {
    document: Option<Document>,
    others: u32,
    faults: Vec<ReadError>,
    refused: Option<&'static str>,
}

impl Sink for Taken {
    fn document(&mut self, document: &mut Document) {
        if self.document.is_none() {
            self.document = Some(std::mem::take(document));
        } else {
            self.others += 1;
        }
    }

    fn fault(&mut self, fault: ReadError) {
        self.faults.push(fault);
    }

    fn not_a_document(&mut self, why: &'static str) {
        self.refused = Some(why);
    }
}
