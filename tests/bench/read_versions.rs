//! Reads the versions of documents and does nothing with them: `read-versions PATH…` prints a line for each
//! document, so that the cost of reading a history can be told from that of comparing. With
//! `--list`, a line for each version.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use copydesk::document::{Metadata, Snapshot};
use copydesk::error::ReadError;
use copydesk::read::versions::{SnapshotSink, VersionOptions, read_versions};

#[derive(Default)]
struct Counted {
    list: bool,
    id: String,
    versions: u64,
    bytes: u64,
    missing: u64,
}

impl SnapshotSink for Counted {
    fn begin(&mut self, id: &str, _: &Metadata) {
        *self = Self { list: self.list, id: id.to_owned(), ..Self::default() };
    }

    fn snapshot(&mut self, snapshot: &mut Snapshot) {
        self.versions += 1;
        let text = snapshot.document.as_ref().map(|document| document.text.as_str());
        self.missing += u64::from(text.is_none());
        self.bytes += text.map_or(0, str::len) as u64;
        if self.list {
            let blocks = snapshot.document.as_ref().map_or(0, |document| document.blocks.len());
            println!(
                "  {} | {} | {} | {} bytes, {blocks} blocks | {}{}",
                snapshot.label,
                snapshot.time.as_deref().unwrap_or("-"),
                snapshot.author.as_deref().unwrap_or("-"),
                text.map_or(0, str::len),
                snapshot.missing,
                snapshot.comment.as_deref().unwrap_or(""),
            );
        }
    }

    fn end(&mut self) {
        println!(
            "{}: {} versions, {} bytes, {} without text",
            self.id, self.versions, self.bytes, self.missing
        );
    }

    fn fault(&mut self, fault: ReadError) {
        eprintln!("error: {fault}");
    }

    fn warning(&mut self, warning: ReadError) {
        eprintln!("warning: {warning}");
    }
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.iter().any(|argument| argument == "--list");
    arguments.retain(|argument| argument != "--list");
    let paths: Vec<_> = arguments.iter().map(Into::into).collect();
    read_versions(&paths, &VersionOptions::default(), &mut Counted { list, ..Counted::default() });
}
