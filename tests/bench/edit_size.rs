//! How many words `diff` marks, against how many an exact comparison cannot help marking.
//!
//! `cargo run --release --example edit-size -- OLD NEW [OLD NEW]…` prints both for pairs of text files. Each
//! aligned pair of passages is measured by itself: its changed words over those of a longest common
//! subsequence. A passage told as rewritten is shown as a whole on purpose and is not measured.
//!
//! Each revision is also replayed forwards and backwards; where a byte is not as it was, the pair is named and
//! the example fails.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]

use std::process::ExitCode;
use std::sync::Arc;

use copydesk::diff::{DiffOptions, WordOp, diff};
use copydesk::document::Document;
use copydesk::error::ReadError;
use copydesk::read::{Piece, ReadOptions, Sink, reader_named};
use copydesk::segment::words;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Changed words, summed over aligned pairs.
#[derive(Clone, Copy, Debug, Default)]
pub struct EditSize {
    /// As they are told.
    pub told: usize,
    /// As told, but with every word that a phrase took in (an unchanged "the" between two changes) left
    /// where it was.
    pub islands_left: usize,
    /// What no comparison can help.
    pub least: usize,
}

impl EditSize {
    /// Adds the aligned pairs of `old` and `new`.
    pub fn add(&mut self, old: &Document, new: &Document) {
        let revision = diff(old, new, &DiffOptions::default());
        for edit in revision.edits.iter().filter(|edit| !edit.words.is_empty() && !edit.rewritten) {
            let (Some(a), Some(b)) = (edit.old_range, edit.new_range) else { continue };
            self.least += least(&old.text[a.as_usize()], &new.text[b.as_usize()]);
            let mut gone = "";
            for word in &edit.words {
                let (went, came) = (&old.text[word.old.as_usize()], &new.text[word.new.as_usize()]);
                match word.op {
                    WordOp::Equal => {
                        self.islands_left += least(gone, "");
                        gone = "";
                    }
                    WordOp::Delete => {
                        self.told += counted(went).len();
                        self.islands_left += least(gone, "");
                        gone = went;
                    }
                    WordOp::Insert => {
                        self.told += counted(came).len();
                        self.islands_left += least(gone, came);
                        gone = "";
                    }
                }
            }
            self.islands_left += least(gone, "");
        }
    }
}

/// The words of `text` as a reader counts them: those of the glossary, but `1,200`, `well-known` and an address
/// of the web are one.
fn counted(text: &str) -> Vec<&str> {
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for word in words(text) {
        if out.last().is_some_and(|last| word.start < last.end) {
            // Within an address.
            continue;
        }
        if matches!(&text[word.clone()], "http" | "https") && text[word.end..].starts_with("://") {
            let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | ']' | '}');
            let end = text[word.start..].find(ends).map_or(text.len(), |length| word.start + length);
            out.push(word.start..end);
            continue;
        }
        let joined = out.last().is_some_and(|last| {
            let (before, between) = (&text[last.clone()], &text[last.end..word.start]);
            let figures =
                before.ends_with(char::is_numeric) && text[word.start..].starts_with(char::is_numeric);
            matches!(between, "-" | "'" | "’" | "_" | "@" | "&")
                || figures && matches!(between, "." | "," | ":" | "/" | "–")
        });
        match out.last_mut() {
            Some(last) if joined => last.end = word.end,
            _ => out.push(word),
        }
    }
    out.into_iter().map(|word| &text[word]).collect()
}

/// How many words change at least between two texts.
fn least(old: &str, new: &str) -> usize {
    let ops = capture_diff_slices(Algorithm::RawMyers, &counted(old), &counted(new));
    let changed = ops.into_iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changed.map(|op| op.old_range().len() + op.new_range().len()).sum()
}

/// Whether the revision between two texts makes each of the other, byte for byte.
fn replays(old: &Document, new: &Document) -> bool {
    let revision = diff(old, new, &DiffOptions::default());
    revision.apply(&old.text).as_deref() == Some(&*new.text)
        && revision.invert().apply(&new.text).as_deref() == Some(&*old.text)
}

struct Kept(Option<Document>);

impl Sink for Kept {
    fn document(&mut self, document: &mut Document) {
        self.0 = Some(std::mem::take(document));
    }

    fn fault(&mut self, fault: ReadError) {
        eprintln!("{fault}");
    }

    fn not_a_document(&mut self, why: &'static str) {
        eprintln!("{why}");
    }
}

fn read(path: &str) -> Option<Document> {
    let bytes = std::fs::read(path).ok()?;
    let name = Arc::from(path);
    let piece = Piece { path: &name, bytes: &bytes, offset: 0, first_line: 1, named: true };
    let mut kept = Kept(None);
    let format = if path.ends_with(".md") { "markdown" } else { "plaintext" };
    reader_named(format)?.read(&piece, &ReadOptions::default(), &mut kept);
    kept.0
}

#[cfg_attr(test, expect(dead_code, reason = "the test measures by itself"))]
fn main() -> ExitCode {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let mut size = EditSize::default();
    let mut unlike = Vec::new();
    for pair in paths.chunks(2) {
        let [old_path, new_path] = pair else { continue };
        let (Some(old), Some(new)) = (read(old_path), read(new_path)) else { return ExitCode::FAILURE };
        size.add(&old, &new);
        if !replays(&old, &new) {
            unlike.push(old_path);
        }
    }
    let ratio = |words: usize| words as f64 / size.least.max(1) as f64;
    println!("told {} words, {:.4} of the least", size.told, ratio(size.told));
    println!("islands left {} words, {:.4} of the least", size.islands_left, ratio(size.islands_left));
    println!("least {} words", size.least);
    println!("{} pairs, {} do not replay: {unlike:?}", paths.len() / 2, unlike.len());
    if unlike.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
