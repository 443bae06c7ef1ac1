//! What `diff` says, held against what people say: edits labelled by hand
//! (corpus/cases/diff/significance.jsonl) and the page of tricky cases (docs/tricky-cases.md).
//!
//! `COPYDESK_BLESS=1 cargo test --test diff` writes what came out into the page. Read the difference
//! before you commit it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "bench/edit_size.rs"]
mod edit_size;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use copydesk::diff::{DiffOptions, Revision, Significance, diff};
use copydesk::document::Document;
use copydesk::error::ReadError;
use copydesk::read::{Piece, ReadOptions, Sink, reader_named};
use copydesk::report::Layout;
use copydesk::report::revision::{RevisionSettings, Told, revision_format};
use edit_size::EditSize;
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[derive(Default)]
struct Kept(Option<Document>);

impl Sink for Kept {
    fn document(&mut self, document: &mut Document) {
        self.0 = Some(std::mem::take(document));
    }

    fn fault(&mut self, fault: ReadError) {
        panic!("{fault}");
    }

    fn not_a_document(&mut self, why: &'static str) {
        panic!("{why}");
    }
}

fn markdown(name: &str, text: &str) -> Document {
    let path = Arc::from(name);
    let piece = Piece { path: &path, bytes: text.as_bytes(), offset: 0, first_line: 1, named: true };
    let mut kept = Kept::default();
    reader_named("markdown").unwrap().read(&piece, &ReadOptions::default(), &mut kept);
    kept.0.unwrap()
}

/// What changes is told in hardly more words than it must be (docs/performance.md, "Edit size").
#[test]
fn edits_are_hardly_larger_than_they_must_be() {
    let mut size = EditSize::default();
    let labelled = fs::read_to_string(root().join("corpus/cases/diff/significance.jsonl")).unwrap();
    for line in labelled.lines() {
        let label: Value = serde_json::from_str(line).unwrap();
        let text = |side: &str| markdown(side, label[side].as_str().unwrap());
        size.add(&text("old"), &text("new"));
    }
    for folder in fs::read_dir(root().join("corpus/cases/diff/tricky")).unwrap() {
        let folder = folder.unwrap().path();
        let text = |side: &str| markdown(side, &fs::read_to_string(folder.join(side)).unwrap());
        size.add(&text("old.md"), &text("new.md"));
    }
    println!("{size:?}");
    assert!(size.least > 500, "{size:?}");
    assert!(size.told * 100 <= size.least * 105, "{size:?}");
}

fn compared(old: &Document, new: &Document) -> Revision {
    diff(old, new, &DiffOptions::default())
}

/// Of what is called substantive nine in ten are, and nine in ten of what is are called so. The labels
/// follow the sense, so that no program without understanding gets them all (corpus/cases/diff/README.md).
#[test]
fn substantive_edits_are_found_as_people_label_them() {
    found_as_labelled(&["significance.jsonl", "significance-blind.jsonl"], 0.9, 0.9);
}

/// Edits that nothing was fitted to: what is asked of the first is not reached here, and should not get worse.
#[test]
fn substantive_edits_that_nobody_looked_at_are_mostly_found() {
    found_as_labelled(&["significance-unseen.jsonl"], 0.74, 0.8);
}

fn found_as_labelled(files: &[&str], least_precision: f64, least_recall: f64) {
    let labelled: String = files
        .iter()
        .map(|file| fs::read_to_string(root().join("corpus/cases/diff").join(file)).unwrap())
        .collect();
    let (mut right, mut called, mut labels) = (0.0, 0.0, 0.0);
    let mut misjudged = String::new();
    for line in labelled.lines() {
        let label: Value = serde_json::from_str(line).unwrap();
        let (old, new) = (label["old"].as_str().unwrap(), label["new"].as_str().unwrap());
        let found = compared(&markdown("old.md", old), &markdown("new.md", new)).significance();
        let is = label["significance"] == "substantive";
        let says = found == Significance::Substantive;
        right += f64::from(is && says);
        called += f64::from(says);
        labels += f64::from(is);
        if is != says {
            let _ = writeln!(misjudged, "{}, said {}: {old} → {new}", label["significance"], found.name());
        }
    }
    let (precision, recall) = (right / called, right / labels);
    assert!(
        precision >= least_precision && recall >= least_recall,
        "precision {precision:.3} of {least_precision}, recall {recall:.3} of {least_recall}; \
         misjudged:\n{misjudged}"
    );
}

/// The page with what the terminal says of each pair, 80 columns wide and without colour.
fn with_what_we_do(page: &str) -> String {
    const OPEN: &str = "\n**What we do.**\n\n```text\n";
    const CLOSE: &str = "\n```\n";
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("corpus/cases/diff/tricky"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let mut sections = page.split_inclusive("\n## ");
    let mut out = sections.next().unwrap().to_owned();
    let mut told = 0;
    for section in sections {
        let (section, next) = section.strip_suffix("\n## ").map_or((section, ""), |it| (it, "\n## "));
        let number: usize = section.split('.').next().unwrap().parse().unwrap();
        let output = terminal(&folders[number - 1]);
        let (before, behind) = match section.split_once(OPEN) {
            Some((before, rest)) => (before, rest.split_once(CLOSE).unwrap().1),
            None => (section, ""),
        };
        let _ = write!(out, "{before}{OPEN}{output}{CLOSE}{behind}{next}");
        told += 1;
    }
    assert_eq!(told, folders.len(), "each pair has its section");
    out
}

fn terminal(folder: &Path) -> String {
    let read = |name: &str| markdown(name, &fs::read_to_string(folder.join(name)).unwrap());
    let (old, new) = (read("old.md"), read("new.md"));
    let told = Told { revision: &compared(&old, &new), old: &old, new: &new };
    let layout = Layout { width: 80, ..Layout::default() };
    let settings = RevisionSettings { layout, ..RevisionSettings::default() };
    let mut out = Vec::new();
    revision_format("terminal").unwrap().write(&told, &settings, &mut out).unwrap();
    String::from_utf8(out).unwrap().trim_end().to_owned()
}

#[test]
fn the_page_of_tricky_cases_shows_what_comes_out() {
    let file = root().join("docs/tricky-cases.md");
    let page = fs::read_to_string(&file).unwrap();
    let real = with_what_we_do(&page);
    if std::env::var_os("COPYDESK_BLESS").is_some() {
        fs::write(&file, real).unwrap();
    } else {
        assert!(page == real, "docs/tricky-cases.md is behind: COPYDESK_BLESS=1 cargo test --test diff");
    }
}
