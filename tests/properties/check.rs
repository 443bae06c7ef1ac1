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
    let near: BTreeSet<usize> = (0..records.len()).filter(|&d| roots[d] != d).collect();
    let compared = |d: usize| !is_copy(d) && !texts[d].is_empty();
    let mut inside = BTreeMap::new();
    let mut told = BTreeSet::new();
    for d in (0..records.len()).filter(|&d| compared(d) && !near.contains(&d)) {
        let ours = runs(&wholes[d]);
        let holds = |&e: &usize| {
            let theirs = runs(&wholes[e]);
            let smaller = (ours.len(), e) < (theirs.len(), d);
            let almost_whole = 10 * ours.intersection(&theirs).count() >= 9 * ours.len();
            let apart = article(e) != article(d) && roots[e] != roots[d] && !is_near(&wholes[e], &wholes[d]);
            compared(e) && apart && ours.len() >= 20 && smaller && almost_whole
        };
        if let Some(outer) = (0..records.len()).find(holds) {
            inside.insert(d, outer);
            if told.insert((roots[outer], article(d))) {
                out.insert(("near-duplicate-document", d, 0));
            }
        }
    }
    let holds = |e: usize, d: usize| inside.get(&e) == Some(&d) || inside.get(&d) == Some(&e);
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
        } else if earlier
            .iter()
            .filter(near)
            .any(|&(e, _)| article(e) != article(d) && roots[e] != roots[d] && !holds(e, d))
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

/// Words of a document as its paragraphs have them, and the number of the paragraph of each.
fn numbered(document: &[Vec<u8>]) -> Vec<(u8, usize)> {
    document.iter().enumerate().flat_map(|(p, words)| words.iter().map(move |&word| (word, p))).collect()
}

/// Documents that are partly made of stretches of others, cut into paragraphs.
fn patchworks() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    let paragraph = (2u8..30).prop_flat_map(|letters| prop::collection::vec(0..letters, 1..16));
    let fresh = prop::collection::vec(paragraph, 1..4);
    let copy = (any::<prop::sample::Index>(), 0usize..20, 0usize..30, 1usize..12, 0u8..30);
    (prop::collection::vec(fresh, 2..4), prop::collection::vec(copy, 0..5)).prop_map(
        |(mut documents, copies)| {
            for (which, start, length, cut, other) in copies {
                let from: Vec<u8> = which.get(&documents).concat();
                let mut words = vec![other, other / 2];
                words.extend(from.into_iter().skip(start).take(length));
                words.extend([other / 3, other]);
                documents.push(words.chunks(cut + 4).map(<[u8]>::to_vec).collect());
            }
            documents
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_copied_passage_is_told_as_long_as_it_is(documents in patchworks(), least in 5usize..9) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wire.jsonl");
        // The first two are versions of one article.
        let id = |d: usize| format!("item-{}", d.max(1));
        let mut lines: Vec<String> = Vec::new();
        for (d, document) in documents.iter().enumerate() {
            let paragraphs: Vec<String> = document
                .iter()
                .map(|words| words.iter().map(|word| format!("w{word}")).collect::<Vec<_>>().join(" ") + ".")
                .collect();
            let record = serde_json::json!({"id": id(d), "text": paragraphs.join("\n\n")});
            lines.push(format!("{record}\n"));
        }
        let stored = lines.concat();
        std::fs::write(&file, &stored).unwrap();
        let found = find(&[PathBuf::from(&file)], &WalkOptions::default());
        let run = |threads| {
            let options = CheckOptions {
                selection: Selection::new(&["copied-passage".to_owned()], &[], &[]).unwrap(),
                min_passage: least,
                threads,
                ..CheckOptions::default()
            };
            check(&found, &options, &Unwatched)
        };
        let report = run(1);
        prop_assert_eq!(&report.findings, &run(3).findings);
        prop_assert_eq!(report.summary.paragraphs, documents.iter().map(Vec::len).sum::<usize>() as u64);

        let words: Vec<Vec<(u8, usize)>> = documents.iter().map(|document| numbered(document)).collect();
        // What the exact rules tell: a whole document, and every copy of a paragraph of five words or more.
        let long = |document: &[Vec<u8>]| document.iter().filter(|p| p.len() >= 5).cloned().collect::<Vec<_>>();
        let is_copy = |d: usize| {
            let ours = long(&documents[d]);
            !ours.is_empty() && documents[..d].iter().any(|other| long(other) == ours)
        };
        let told = |d: usize, p: usize| {
            let ours = &documents[d][p];
            let earlier = (0..=d).filter(|&e| !is_copy(e)).flat_map(|e| {
                documents[e].iter().enumerate().map(move |(q, other)| ((e, q), other))
            });
            ours.len() >= 5 && earlier.take_while(|(at, _)| *at < (d, p)).any(|(_, other)| other == ours)
        };
        let plain = |d: usize, range: std::ops::Range<usize>| -> Vec<u8> {
            words[d][range].iter().map(|&(word, _)| word).collect()
        };
        let mut expected = BTreeSet::new();
        for d in (0..documents.len()).filter(|&d| !is_copy(d)) {
            for at in 0..(words[d].len() + 1).saturating_sub(least) {
                let window = plain(d, at..at + least);
                let asked = words[d][at..at + least].iter().all(|&(_, p)| !told(d, p));
                let sources = (0..d).filter(|&e| !is_copy(e) && id(e) != id(d));
                let stands = |e: usize| plain(e, 0..words[e].len()).windows(least).any(|other| other == window);
                if asked && sources.into_iter().any(stands) {
                    expected.extend((at..at + least).map(|word| (d, word)));
                }
            }
        }
        let mut covered = BTreeSet::new();
        for finding in &report.findings {
            let side = |place: &copydesk::lint::Place| {
                let d = place.location.record.unwrap() as usize - 1;
                let start: usize = lines[..d].iter().map(String::len).sum::<usize>()
                    + lines[d].find("\"text\":\"").unwrap() + "\"text\":\"".len();
                let (from, to) = (place.location.start.byte as usize, place.location.end.byte as usize);
                let count = |text: &str| text.matches('w').count();
                let before = count(&stored[start..from]);
                (d, before..before + count(&stored[from..to]))
            };
            let (d, copy) = side(&finding.primary);
            let (e, source) = side(&finding.related[0].place);
            prop_assert!(copy.len() >= least && e < d && id(e) != id(d));
            let said = format!("{} words in a row", copy.len());
            prop_assert!(finding.message.starts_with(&said));
            prop_assert_eq!(plain(d, copy.clone()), plain(e, source.clone()));
            let same = |i: Option<usize>, j: Option<usize>| match (i, j) {
                (Some(i), Some(j)) if i < words[d].len() && j < words[e].len() => {
                    words[d][i].0 == words[e][j].0 && !told(d, words[d][i].1)
                }
                _ => false,
            };
            prop_assert!(!same(copy.start.checked_sub(1), source.start.checked_sub(1)), "goes on in front");
            prop_assert!(!same(Some(copy.end), Some(source.end)), "goes on behind");
            covered.extend(copy.map(|word| (d, word)));
        }
        prop_assert_eq!(covered, expected);
    }
}
