//! How do the versions of documents come out of records?
//!
//! Each record with an id is a version of the document of that id: `id`, `version`, `updated`, `author`,
//! `text`, as the readers of JSONL, JSON, feeds, ninjs, NewsML and WARC find them. They are in order by
//! `updated`, and where that is equal or not said, as they stand.
//!
//! Everything is read twice. The first pass keeps 16 bytes a record and tells whether the documents stand
//! one after the other, each in order. If so, as exports have it, the second pass hands the versions on as
//! they come; if not, they go through a temporary file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use super::VersionOptions;
use super::chosen::{Chosen, Sure, seconds};
use super::packed::{pack, unpack};
use crate::document::{Document, Metadata, Snapshot};
use crate::error::ReadError;
use crate::read::Sink;
use crate::read::input::{Input, Refusal, open};
use crate::read::pieces::{Pieces, Task};

/// A document, as far as its records say anything of it.
struct Subject {
    id: String,
    path: Arc<str>,
    wanted: bool,
}

/// One record.
#[derive(Clone, Copy)]
struct Entry {
    subject: u32,
    seconds: Option<i64>,
}

/// Reads the versions of all documents that `inputs` hold records of; false where none is a file of
/// records.
pub(super) fn read(inputs: &[Input], options: &VersionOptions, sink: &mut Chosen<'_>) -> bool {
    let mut index = Index { subjects: Vec::new(), by_id: BTreeMap::new(), entries: Vec::new(), sink };
    let read = all(inputs, options, &mut index);
    let Index { subjects, entries, sink, .. } = index;
    let skipped = tell_others(inputs, &read, sink);
    if in_order(&entries) {
        let mut straight = Straight { subjects: &subjects, entries: entries.iter(), open: None, sink };
        let _ = all(inputs, options, &mut straight);
        if straight.open.is_some() {
            straight.sink.end();
        }
    } else if let Err(error) = sorted(inputs, options, &subjects, &entries, sink) {
        let path = inputs.first().map_or_else(|| Arc::from(""), |input| Arc::clone(&input.path));
        let message = format!("no temporary copy can be kept: {error}");
        sink.fault(ReadError::new(&path, message));
    }
    skipped < inputs.len()
}

/// What a file held.
#[derive(Clone, Copy, Default)]
struct Held {
    /// Whether there was any document in it.
    any: bool,
    /// Why it, or something in it, is no document.
    other: Option<&'static str>,
}

/// Passes on what a file holds, and notes what that is.
struct Noting<'a> {
    held: &'a mut Held,
    sink: &'a mut dyn Sink,
}

impl Sink for Noting<'_> {
    fn document(&mut self, document: &mut Document) {
        self.held.any = true;
        self.sink.document(document);
    }

    fn fault(&mut self, fault: ReadError) {
        self.sink.fault(fault);
    }

    fn not_a_document(&mut self, why: &'static str) {
        self.held.other = self.held.other.or(Some(why));
    }
}

/// Gives every document of `inputs` to `sink`, in order, and returns what each input held.
fn all(inputs: &[Input], options: &VersionOptions, sink: &mut dyn Sink) -> Vec<Held> {
    let mut pieces = Pieces::new(inputs, options.limits);
    let mut buffer = Vec::new();
    let mut held = vec![Held::default(); inputs.len()];
    while let Some(work) = pieces.next() {
        match work.task {
            Task::Files(range) => {
                for (input, held) in inputs[range.clone()].iter().zip(&mut held[range]) {
                    match open(input, options.limits, &mut buffer) {
                        Ok(opened) => {
                            let mut noting = Noting { held, sink };
                            opened.reader.read(&input.whole(&buffer), &options.read, &mut noting);
                            opened.damage.into_iter().for_each(|damage| sink.fault(damage));
                        }
                        Err(refusal) => refuse(input, refusal, sink),
                    }
                }
            }
            Task::Lines(chunk) => {
                let mut noting = Noting { held: &mut held[chunk.input], sink };
                chunk.reader.read(&chunk.piece(&inputs[chunk.input]), &options.read, &mut noting);
                pieces.recycle(chunk);
            }
            Task::Refused(input, refusal) => refuse(&inputs[input], refusal, sink),
        }
    }
    held
}

/// Tells what is no document: a named file is a fault, and so is a record among others; what a walk met is
/// left out and counted. Returns how many that are.
fn tell_others(inputs: &[Input], held: &[Held], sink: &mut Chosen<'_>) -> usize {
    let mut skipped: Vec<&Input> = Vec::new();
    for (input, held) in inputs.iter().zip(held) {
        match held.other {
            None => {}
            Some(why) if held.any => {
                let message = format!("some records were left out: {why}");
                sink.fault(ReadError::new(&input.path, message));
            }
            Some(why) if input.named => sink.fault(ReadError::new(&input.path, why)),
            Some(_) => skipped.push(input),
        }
    }
    if let [first, others @ ..] = skipped.as_slice() {
        let message = match others.len() {
            0 => "holds no article; skipped".to_owned(),
            more => format!("and {more} more hold no article; skipped"),
        };
        sink.warning(ReadError::new(&first.path, message));
    }
    skipped.len()
}

fn refuse(input: &Input, refusal: Refusal, sink: &mut dyn Sink) {
    match refusal {
        Refusal::Fault(fault) => sink.fault(fault),
        Refusal::Skip(_) if !input.named => {}
        Refusal::Skip(why) => sink.fault(ReadError::new(&input.path, format!("is a {why}"))),
    }
}

/// When the version was saved, as the record says it.
fn time_of(meta: &Metadata) -> Option<&str> {
    let capture = meta.version.as_deref().filter(|version| seconds(version).is_some());
    meta.updated.as_deref().or(meta.published.as_deref()).or(capture)
}

/// The first pass.
struct Index<'a, 'b> {
    subjects: Vec<Subject>,
    by_id: BTreeMap<String, u32>,
    entries: Vec<Entry>,
    sink: &'a mut Chosen<'b>,
}

impl Sink for Index<'_, '_> {
    fn document(&mut self, document: &mut Document) {
        let id = document.meta.id.as_deref().unwrap_or(&document.origin.path);
        let subject = match self.by_id.get(id) {
            Some(&known) => known,
            None => {
                let number = u32::try_from(self.subjects.len()).unwrap_or(u32::MAX);
                let wanted = self.sink.wants(id, document.meta.title.as_deref());
                let path = Arc::clone(&document.origin.path);
                self.subjects.push(Subject { id: id.to_owned(), path, wanted });
                self.by_id.insert(id.to_owned(), number);
                number
            }
        };
        self.entries.push(Entry { subject, seconds: time_of(&document.meta).and_then(seconds) });
    }

    fn fault(&mut self, fault: ReadError) {
        self.sink.fault(fault);
    }

    fn not_a_document(&mut self, _: &'static str) {
        // Noted for each file, and told at the end.
    }
}

/// Whether documents stand one after the other, each in the order of its dates.
fn in_order(entries: &[Entry]) -> bool {
    let mut seen = 0;
    let mut last: Option<Entry> = None;
    for entry in entries {
        match last {
            Some(before) if before.subject == entry.subject => {
                let time = entry.seconds.or(before.seconds);
                if time < before.seconds {
                    return false;
                }
                last = Some(Entry { seconds: time, ..*entry });
            }
            _ => {
                // Numbered as they are first met.
                if entry.subject != seen {
                    return false;
                }
                seen += 1;
                last = Some(*entry);
            }
        }
    }
    true
}

/// Makes a snapshot of a record.
fn fill(snapshot: &mut Snapshot, document: &mut Document) {
    let meta = &document.meta;
    let record = document.origin.record.map(|record| format!("record {record}"));
    snapshot.time = time_of(meta).map(str::to_owned);
    snapshot.label = meta.version.clone().or_else(|| snapshot.time.clone()).or(record).unwrap_or_default();
    snapshot.author.clone_from(&meta.author);
    snapshot.comment = None;
    snapshot.missing.clear();
    snapshot.stored = *blake3::hash(document.text.as_bytes()).as_bytes();
    snapshot.document = Some(std::mem::take(document));
}

/// The second pass, where everything is in order.
struct Straight<'a, 'b, 'c> {
    subjects: &'a [Subject],
    entries: std::slice::Iter<'a, Entry>,
    open: Option<u32>,
    sink: &'b mut Chosen<'c>,
}

impl Sink for Straight<'_, '_, '_> {
    fn document(&mut self, document: &mut Document) {
        let Some(entry) = self.entries.next() else { return };
        let Some(subject) = self.subjects.get(entry.subject as usize).filter(|subject| subject.wanted) else {
            return;
        };
        if self.open != Some(entry.subject) {
            if self.open.is_some() {
                self.sink.end();
            }
            self.open = Some(entry.subject);
            self.sink.begin(&subject.path, &subject.id, &Metadata::default(), Sure::Dates);
        }
        let mut snapshot = Snapshot::default();
        fill(&mut snapshot, document);
        self.sink.snapshot(&mut snapshot);
    }

    fn fault(&mut self, _: ReadError) {
        // Told in the first pass.
    }

    fn not_a_document(&mut self, _: &'static str) {}
}

/// The second pass, where it is not: everything into a file, and out again in order.
fn sorted(
    inputs: &[Input],
    options: &VersionOptions,
    subjects: &[Subject],
    entries: &[Entry],
    sink: &mut Chosen<'_>,
) -> io::Result<()> {
    let file = tempfile::tempfile()?;
    let mut writing = Writing {
        file: BufWriter::with_capacity(1 << 18, file),
        at: 0,
        places: Vec::with_capacity(entries.len()),
        entries: entries.iter(),
        subjects,
        bytes: Vec::new(),
        failed: None,
    };
    let _ = all(inputs, options, &mut writing);
    if let Some(error) = writing.failed {
        return Err(error);
    }
    let places = writing.places;
    let mut file = writing.file.into_inner().map_err(io::IntoInnerError::into_error)?;
    for (number, subject) in (0_u32..).zip(subjects).filter(|(_, subject)| subject.wanted) {
        // What has no date stays behind the one before it.
        let mut last = None;
        let mut of_subject: Vec<(Option<i64>, usize)> = Vec::new();
        let mut late = 0;
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.subject == number) {
            let time = entry.seconds.or(last);
            late += u32::from(time < last);
            last = time;
            of_subject.push((time, index));
        }
        of_subject.sort();
        if late > 0 {
            let versions = if late == 1 { "1 version stands" } else { &format!("{late} versions stand") };
            let message = format!(
                "document `{}`: {versions} behind a later one; they are read in the order of their dates",
                subject.id
            );
            sink.warning(ReadError::new(&subject.path, message));
        }
        sink.begin(&subject.path, &subject.id, &Metadata::default(), Sure::Dates);
        let mut bytes = Vec::new();
        for (_, index) in of_subject {
            let Some(&(start, length)) = places.get(index) else { continue };
            read_at(&mut file, start, length, &mut bytes)?;
            let Some(mut document) = unpack(&bytes) else { continue };
            document.origin.path = Arc::clone(&subject.path);
            let mut snapshot = Snapshot::default();
            fill(&mut snapshot, &mut document);
            sink.snapshot(&mut snapshot);
        }
        sink.end();
    }
    Ok(())
}

fn read_at(file: &mut File, start: u64, length: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    bytes.clear();
    file.take(length).read_to_end(bytes).map(drop)
}

/// Writes the wanted documents into a file, in the order of the input.
struct Writing<'a> {
    file: BufWriter<File>,
    at: u64,
    /// Where each record was written, and how long it is; nothing for those not wanted.
    places: Vec<(u64, u64)>,
    entries: std::slice::Iter<'a, Entry>,
    subjects: &'a [Subject],
    bytes: Vec<u8>,
    failed: Option<io::Error>,
}

impl Sink for Writing<'_> {
    fn document(&mut self, document: &mut Document) {
        let Some(entry) = self.entries.next() else { return };
        let wanted = self.subjects.get(entry.subject as usize).is_some_and(|subject| subject.wanted);
        self.bytes.clear();
        if wanted && self.failed.is_none() {
            pack(document, &mut self.bytes);
            self.failed = self.file.write_all(&self.bytes).err();
        }
        let length = self.bytes.len() as u64;
        self.places.push((self.at, length));
        self.at += length;
    }

    fn fault(&mut self, _: ReadError) {
        // Told in the first pass.
    }

    fn not_a_document(&mut self, _: &'static str) {}
}
