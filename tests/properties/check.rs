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

/// The words of a paragraph: a stock sentence with a few of its words changed.
type Changes = Vec<(u8, u8)>;

/// A record: its id, which versions of one article share, and its paragraphs.
type Record = (u8, Vec<(u8, Changes)>);

fn changed(&(stock, ref changes): &(u8, Changes)) -> String {
    let mut words: Vec<String> = (0..12 + stock).map(|n| format!("w{stock}x{n}")).collect();
    for &(at, word) in changes {
        let at = usize::from(at) % words.len();
        words[at] = format!("other{word}");
    }
    words.join(" ")
}

fn runs(text: &str) -> BTreeSet<Vec<&str>> {
    text.split_whitespace().collect::<Vec<_>>().windows(3).map(<[&str]>::to_vec).collect()
}

/// Whether two texts share at least seven tenths of their runs.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (runs(a), runs(b));
    10 * a.intersection(&b).count() >= 7 * a.union(&b).count()
}

/// What nearly repeats, by brute force; like `expected`.
fn expected_near(records: &[Record]) -> BTreeSet<(&'static str, usize, u32)> {
    let texts: Vec<Vec<String>> =
        records.iter().map(|(_, paragraphs)| paragraphs.iter().map(changed).collect()).collect();
    let wholes: Vec<String> = texts.iter().map(|texts| texts.join(" ")).collect();
    let article = |d: usize| records[d].0;
    let mut out = BTreeSet::new();
    let is_copy = |d: usize| (0..d).any(|e| texts[e] == texts[d]);
    let mut roots: Vec<usize> = (0..records.len()).collect();
    let mut told = BTreeSet::new();
    for d in (0..records.len()).filter(|&d| !is_copy(d) && !texts[d].is_empty()) {
        let like = |&e: &usize| {
            !is_copy(e) && !texts[e].is_empty() && article(e) != article(d) && is_near(&wholes[e], &wholes[d])
        };
        if let Some(first) = (0..d).find(like) {
            roots[d] = roots[first];
            if article(d) != article(roots[d]) && told.insert((roots[d], article(d))) {
                out.insert(("near-duplicate-document", d, 0));
            }
        }
    }
    let kept: Vec<(usize, usize)> = (0..records.len())
        .filter(|&d| !is_copy(d))
        .flat_map(|d| (0..texts[d].len()).map(move |p| (d, p)))
        .collect();
    for (n, &(d, p)) in kept.iter().enumerate() {
        let (text, earlier) = (&texts[d][p], &kept[..n]);
        if earlier.iter().any(|&(e, q)| texts[e][q] == *text) {
            continue;
        }
        let near = |&&(e, q): &&(usize, usize)| is_near(&texts[e][q], text);
        let number = p as u32 + 1;
        if earlier.iter().filter(near).any(|&(e, _)| e == d) {
            out.insert(("near-repeated-paragraph", d, number));
        } else if earlier.iter().filter(near).any(|&(e, _)| article(e) != article(d) && roots[e] != roots[d])
        {
            out.insert(("near-shared-paragraph", d, number));
        }
    }
    out
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let changes = prop::collection::vec((0u8..40, 0u8..3), 0..3);
    let paragraphs = prop::collection::vec((0u8..30, changes), 0..5);
    prop::collection::vec((0u8..6, paragraphs), 0..9).prop_map(|mut records| {
        // Few stocks, of unlike lengths, so that much is near.
        records.iter_mut().flat_map(|record| &mut record.1).for_each(|paragraph| {
            paragraph.0 = [0, 9, 30][usize::from(paragraph.0 % 3)];
        });
        records
    })
}

fn run_near(records: &[Record], threads: usize) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wire.jsonl");
    let mut lines = String::new();
    for (id, paragraphs) in records {
        let text: Vec<String> = paragraphs.iter().map(changed).collect();
        let record = serde_json::json!({"id": format!("item-{id}"), "text": text.join("\n\n")});
        writeln!(lines, "{record}").unwrap();
    }
    std::fs::write(&file, lines).unwrap();
    let select =
        ["near-repeated-paragraph", "near-shared-paragraph", "near-duplicate-document"].map(str::to_owned);
    let options = CheckOptions {
        selection: Selection::new(&select, &[], &[]).unwrap(),
        threads,
        threshold: "0.7".parse().unwrap(),
        ..CheckOptions::default()
    };
    check(&find(&[file], &WalkOptions::default()), &options, &Unwatched)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn near_repeats_are_those_of_brute_force(records in records()) {
        let report = run_near(&records, 1);
        let places = |report: &Report| -> Vec<(&'static str, usize, u32)> {
            report
                .findings
                .iter()
                .map(|finding| {
                    let place = &finding.primary.location;
                    (finding.rule, place.record.unwrap() as usize - 1, place.paragraph.unwrap_or(0))
                })
                .collect()
        };
        let told = places(&report);
        let distinct: BTreeSet<_> = told.iter().copied().collect();
        prop_assert_eq!(told.len(), distinct.len());
        prop_assert_eq!(distinct, expected_near(&records));
        prop_assert_eq!(&told, &places(&run_near(&records, 2)));
        for finding in &report.findings {
            let likeness = finding.likeness.unwrap();
            prop_assert!(likeness.same.is_none());
            if finding.primary.location.paragraph.is_some() {
                let (a, b) = (runs(&finding.related[0].place.text), runs(&finding.primary.text));
                prop_assert_eq!(likeness.similarity.overlap as usize, a.intersection(&b).count());
                prop_assert_eq!(likeness.similarity.union as usize, a.union(&b).count());
            }
        }
    }
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
fn too_much_for_the_near_rules_is_an_error_and_the_exact_rules_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    std::fs::write(&file, format!("{0}\n\n{1}\n\n{0}\n", paragraph(1), paragraph(2))).unwrap();
    let found = find(&[file], &WalkOptions::default());
    for threads in [1, 2] {
        let options = CheckOptions { threads, memory_limit: 64, ..CheckOptions::default() };
        let report = check(&found, &options, &Unwatched);
        assert_eq!(report.findings.iter().map(|f| f.rule).collect::<Vec<_>>(), ["repeated-paragraph"]);
        assert_eq!(report.errors.len(), 1);
        assert!(report.errors[0].message.contains("--memory-limit"), "{:?}", report.errors);
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
