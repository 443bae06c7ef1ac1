//! How do the versions of a page come out of a MediaWiki dump?
//!
//! As they stand in it: page after page, revision after revision, in the order of the dump, each read once
//! and none kept. A compressed dump is unpacked by a thread of its own, since that takes about as long as
//! all the rest. Blocks are left out: a history splits only what it has not seen before.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::VersionOptions;
use super::chosen::{Chosen, Sure};
use crate::document::{Document, Metadata, Snapshot};
use crate::error::ReadError;
use crate::read::input::Input;
use crate::read::mediawiki::dump::{Dump, Event, Revision, Stop};

/// How much is unpacked at once, in bytes, and how many of these may wait to be read.
const CHUNK: usize = 256 << 10;
const WAITING: usize = 4;

/// Why a text was not read: its page or version is not wanted.
const UNWANTED: &str = "not wanted";

/// Reads all pages of the dump in `input`.
pub(super) fn read(input: &Input, options: &VersionOptions, sink: &mut Chosen<'_>) {
    let mut unpacked = match input.unpacked(options.limits) {
        Ok(unpacked) => unpacked.without_bound(),
        Err(fault) => return sink.fault(fault),
    };
    let longest = options.limits.max_size;
    if unpacked.compression().is_none() {
        let stop = pages(&input.path, Dump::new(&mut unpacked, 1, longest, CHUNK), sink);
        told(stop, input, |error| unpacked.damage(error), sink);
        return;
    }
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING);
        let (back, spare) = sync_channel(WAITING + 2);
        scope.spawn(move || unpack(unpacked, &sender, &spare));
        let dump = Dump::new(Chunks { receiver, back, chunk: Vec::new(), at: 0 }, 1, longest, CHUNK);
        let stop = pages(&input.path, dump, sink);
        told(stop, input, ToString::to_string, sink);
    });
}

/// Unpacks all of a dump, a chunk at a time.
fn unpack(
    mut unpacked: crate::read::compress::Unpacked<crate::read::input::Replayed>,
    sender: &SyncSender<Result<Vec<u8>, String>>,
    spare: &Receiver<Vec<u8>>,
) {
    loop {
        let mut chunk = spare.try_recv().unwrap_or_default();
        chunk.resize(CHUNK, 0);
        let mut filled = 0;
        let damage = loop {
            match unpacked.read(&mut chunk[filled..]) {
                Ok(0) => break None,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Some(unpacked.damage(&error)),
            }
            if filled == chunk.len() {
                break None;
            }
        };
        chunk.truncate(filled);
        let last = damage.is_some() || filled < CHUNK;
        // Nobody listens any more where the dump was given up.
        if sender.send(Ok(chunk)).is_err() {
            return;
        }
        if let Some(damage) = damage {
            let _ = sender.send(Err(damage));
        }
        if last {
            return;
        }
    }
}

/// What the other thread unpacks, as a stream.
struct Chunks {
    receiver: Receiver<Result<Vec<u8>, String>>,
    back: SyncSender<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() {
            match self.receiver.recv() {
                Ok(Ok(chunk)) => {
                    let _ = self.back.try_send(std::mem::replace(&mut self.chunk, chunk));
                    self.at = 0;
                }
                Ok(Err(damage)) => return Err(io::Error::other(damage)),
                Err(_) => return Ok(0),
            }
        }
        let length = buffer.len().min(self.chunk.len() - self.at);
        buffer[..length].copy_from_slice(&self.chunk[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// Tells why a dump was not read to its end.
fn told(stop: Option<Stop>, input: &Input, damage: impl FnOnce(&io::Error) -> String, sink: &mut Chosen<'_>) {
    let path = &input.path;
    let kept = "what came before is kept";
    match stop {
        None => {}
        Some(Stop::Input(error)) => sink.fault(ReadError::new(path, format!("{}; {kept}", damage(&error)))),
        Some(Stop::CutOff(line, inside)) => {
            let inside = inside.as_deref().unwrap_or("the dump, between two pages");
            let message = format!("the dump is cut off inside of {inside}; {kept}");
            sink.fault(ReadError::new(path, message).at(line, 1));
        }
        Some(Stop::TooLong(line)) => {
            let message = format!("an element is larger than --max-size; {kept}");
            sink.fault(ReadError::new(path, message).at(line, 1));
        }
    }
}

/// What is told of a page's revisions together.
#[derive(Default)]
struct Told {
    /// Revisions without a text, by the reason, and the number of the first.
    missing: Vec<(&'static str, u32, String)>,
    damaged: Option<(u64, u64)>,
}

/// Gives all pages; returns why it ends before the dump does.
fn pages(path: &Arc<str>, mut dump: Dump<impl Read>, sink: &mut Chosen<'_>) -> Option<Stop> {
    let mut snapshot = Snapshot::default();
    let mut open = false;
    let mut wanted = false;
    let mut told = Told::default();
    let stop = loop {
        let want =
            |_: &_, revision: &Revision| wanted && !sink.passes_over(&revision.id, Some(&revision.time));
        match dump.next(want) {
            Ok(None) => break None,
            Ok(Some(Event::Page(page))) => {
                if std::mem::take(&mut open) {
                    sink.end();
                }
                let title = page.title.as_str();
                wanted = sink.wants(title, None) || sink.wants(&page.id, None);
                open = wanted;
                if wanted {
                    let meta = Metadata {
                        id: Some(page.id.clone()).filter(|id| !id.is_empty()),
                        title: Some(title.to_owned()).filter(|title| !title.is_empty()),
                        ..Metadata::default()
                    };
                    sink.begin(path, title, &meta, Sure::Order);
                }
            }
            Ok(Some(Event::Revision(revision))) => {
                if wanted && revision.missing != Some(UNWANTED) {
                    fill(&mut snapshot, revision, path, &mut told);
                    sink.snapshot(&mut snapshot);
                }
            }
            Ok(Some(Event::EndOfPage)) => {
                if std::mem::take(&mut open) {
                    let title = dump.page().title.clone();
                    tell(std::mem::take(&mut told), path, &title, sink);
                    sink.end();
                }
            }
            Err(stop) => break Some(stop),
        }
    };
    if open {
        let title = dump.page().title.clone();
        tell(told, path, &title, sink);
        sink.end();
    }
    stop
}

/// Makes a snapshot of a revision; its text changes hands and comes back.
fn fill(snapshot: &mut Snapshot, revision: &mut Revision, path: &Arc<str>, told: &mut Told) {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    snapshot.label.clone_from(&revision.id);
    snapshot.time = known(&revision.time);
    snapshot.author = known(&revision.author);
    snapshot.comment = known(&revision.comment);
    snapshot.missing.clear();
    if let Some(why) = revision.missing {
        snapshot.missing.push_str(why);
        snapshot.document = None;
        snapshot.stored = [0; 32];
        match told.missing.iter_mut().find(|(known, _, _)| *known == why) {
            Some((_, count, _)) => *count += 1,
            None => told.missing.push((why, 1, revision.id.clone())),
        }
        return;
    }
    if let Some((count, line)) = revision.damaged {
        told.damaged.get_or_insert((0, line)).0 += count;
    }
    let document = snapshot.document.get_or_insert_with(Document::default);
    document.origin.found_in(path, "mediawiki");
    document.origin.damaged = revision.damaged.is_some();
    document.blocks.clear();
    document.markup.clear();
    std::mem::swap(&mut document.text, &mut revision.text);
    snapshot.stored = *blake3::hash(document.text.as_bytes()).as_bytes();
}

/// Tells what was wrong with some of a page's revisions.
fn tell(told: Told, path: &Arc<str>, title: &str, sink: &mut Chosen<'_>) {
    for (why, count, first) in told.missing {
        let message = match count {
            1 => format!("page `{title}`: the text of revision {first} is {why}"),
            _ => format!("page `{title}`: the texts of {count} revisions are {why}, first that of {first}"),
        };
        sink.warning(ReadError::new(path, message));
    }
    if let Some((count, line)) = told.damaged {
        let message = format!(
            "page `{title}`: {count} bytes or references in the texts mean nothing and are kept as they stand"
        );
        sink.fault(ReadError::new(path, message).at(line, 1));
    }
}
