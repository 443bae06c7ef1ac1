//! Proves histories on real versions: `replay-versions PATH…` reads the versions of every document and says
//! of each whether
//!
//! - from the first version and the revisions every later one comes out byte for byte, and back again;
//! - no word is lost: in every version the tokens and the white space between them are the text, and the
//!   history counts as many words as there are;
//! - every word has one origin: a version that is not later and has the word.
//!
//! Ends with exit status 1 where something does not hold.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

#[path = "../replay.rs"]
mod replay;

use std::process::ExitCode;

use copydesk::document::{Metadata, Snapshot};
use copydesk::error::ReadError;
use copydesk::read::versions::{SnapshotSink, VersionOptions, read_versions};
use replay::Proof;

#[derive(Default)]
struct Proved {
    id: String,
    proof: Proof,
    documents: u64,
    versions: u64,
    words: u64,
    wrong: u64,
}

impl SnapshotSink for Proved {
    fn begin(&mut self, id: &str, _: &Metadata) {
        id.clone_into(&mut self.id);
        self.proof = Proof::default();
    }

    fn snapshot(&mut self, snapshot: &mut Snapshot) {
        self.proof.push(snapshot);
    }

    fn end(&mut self) {
        let proof = std::mem::take(&mut self.proof);
        let (versions, result) = (proof.versions(), proof.finish());
        self.documents += 1;
        self.versions += versions;
        match result {
            Ok(words) => {
                self.words += words;
                println!("{}: {versions} versions, {words} words in all: holds", self.id);
            }
            Err(why) => {
                self.wrong += 1;
                println!("{}: {why}", self.id);
            }
        }
    }

    fn fault(&mut self, fault: ReadError) {
        eprintln!("error: {fault}");
    }

    fn warning(&mut self, warning: ReadError) {
        eprintln!("warning: {warning}");
    }
}

fn main() -> ExitCode {
    let paths: Vec<_> = std::env::args_os().skip(1).map(Into::into).collect();
    let mut proved = Proved::default();
    read_versions(&paths, &VersionOptions::default(), &mut proved);
    let Proved { documents, versions, words, wrong, .. } = proved;
    println!("{documents} documents, {versions} versions, {words} words: {wrong} do not hold");
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
