//! Properties of the check: brute force finds the same, and threads change nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use copydesk::check::{CheckOptions, Report, check};
use copydesk::lint::Selection;
use copydesk::progress::Unwatched;
use copydesk::read::walk::{WalkOptions, find};
use proptest::prelude::*;

/// Checks records of these paragraphs: `documents[d][p]` is the number of a paragraph's text.
fn run(documents: &[Vec<u8>], select: &[&str], threads: usize) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wire.jsonl");
    let mut lines = String::new();
    for (number, document) in documents.iter().enumerate() {
        let text: Vec<String> = document.iter().map(|&p| paragraph(p)).collect();
        let record = serde_json::json!({"id": format!("item-{number}"), "text": text.join("\n\n")});
        writeln!(lines, "{record}").unwrap();
    }
    std::fs::write(&file, lines).unwrap();
    let select: Vec<String> = select.iter().map(|&rule| rule.to_owned()).collect();
    let options = CheckOptions {
        selection: Selection::new(&select, &[], &[]).unwrap(),
        threads,
        ..CheckOptions::default()
    };
    let found = find(&[PathBuf::from(&file)], &WalkOptions::default());
    check(&found, &options, &Unwatched)
}

fn paragraph(number: u8) -> String {
    format!("Paragraph number {number} says in \u{201c}seven\u{201d} words what it says.")
}

/// What must be told, by brute force: (rule, document, paragraph), 0-based and 1-based.
fn expected(documents: &[Vec<u8>]) -> BTreeSet<(&'static str, usize, u32)> {
    let mut out = BTreeSet::new();
    let mut duplicates = BTreeSet::new();
    for (d, document) in documents.iter().enumerate() {
        if !document.is_empty() && documents[..d].contains(document) {
            duplicates.insert(d);
            out.insert(("duplicate-document", d, 0));
        }
    }
    let kept = || documents.iter().enumerate().filter(|(d, _)| !duplicates.contains(d));
    for (d, document) in kept() {
        for (p, paragraph) in document.iter().enumerate() {
            let number = p as u32 + 1;
            if document[..p].contains(paragraph) {
                out.insert(("repeated-paragraph", d, number));
            } else if kept().any(|(other, theirs)| other < d && theirs.contains(paragraph)) {
                out.insert(("shared-paragraph", d, number));
            }
        }
    }
    out
}

fn documents() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(0u8..12, 0..5), 0..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn exact_repeats_are_those_of_brute_force(documents in documents()) {
        let report = run(&documents, &["repeated-paragraph", "shared-paragraph", "duplicate-document"], 1);
        let mut told = BTreeMap::new();
        for finding in &report.findings {
            let place = &finding.primary.location;
            let document = place.record.unwrap() as usize - 1;
            *told.entry((finding.rule, document, place.paragraph.unwrap_or(0))).or_insert(0) += 1;
        }
        prop_assert!(told.values().all(|&times| times == 1), "a fault is told twice: {:?}", told);
        prop_assert_eq!(told.into_keys().collect::<BTreeSet<_>>(), expected(&documents));
        prop_assert!(report.errors.is_empty());
    }

    #[test]
    fn threads_change_nothing(documents in documents()) {
        let one = run(&documents, &[], 1);
        // The folder of each run has another name; nothing else may differ.
        let plain = |report: &Report| {
            let places = report.findings.iter().map(|f| (f.rule, f.primary.location.start, f.fingerprint));
            (report.summary, places.collect::<Vec<_>>())
        };
        for threads in [2, 3] {
            prop_assert_eq!(plain(&one), plain(&run(&documents, &[], threads)));
        }
    }
}

#[test]
fn many_pieces_come_out_in_order_at_any_number_of_threads() {
    // Over 1 MiB a file of records is cut: enough here for several pieces at a time.
    let documents: Vec<Vec<u8>> = (0..20_000u32).map(|n| vec![(n % 251) as u8, (n % 7) as u8]).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wire.jsonl");
    let mut lines = String::new();
    for (number, document) in documents.iter().enumerate() {
        let text = format!("{} {number}\n\n{}", paragraph(document[0]), paragraph(document[1]));
        let record = serde_json::json!({"id": format!("item-{number}"), "text": text});
        writeln!(lines, "{record}").unwrap();
    }
    assert!(lines.len() > 2 << 20);
    std::fs::write(&file, lines).unwrap();
    let found = find(&[file], &WalkOptions::default());
    let report = |threads| {
        let options = CheckOptions { threads, ..CheckOptions::default() };
        let report = check(&found, &options, &Unwatched);
        format!("{:?} {:?} {:?}", report.summary, report.findings, report.errors)
    };
    let one = report(1);
    assert_eq!(one, report(2));
    assert_eq!(one, report(4));
}
