//! Properties of baselines: one that was just made lets all through, and one more copy is one finding.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use copydesk::check::{CheckOptions, Report, check};
use copydesk::fingerprint::Profile;
use copydesk::lint::Selection;
use copydesk::lint::baseline::Baseline;
use copydesk::progress::Unwatched;
use copydesk::read::paths::Base;
use copydesk::read::walk::{WalkOptions, find};
use proptest::prelude::*;

/// The numbers of the paragraphs of each document.
type Documents = Vec<Vec<u8>>;

fn documents(paragraphs: std::ops::Range<usize>) -> impl Strategy<Value = Documents> {
    prop::collection::vec(prop::collection::vec(0u8..14, paragraphs), 1..14)
}

/// Texts of odd numbers are nearly those before them, and have from 12 words to forty.
fn words(paragraph: u8) -> String {
    let (stock, variant) = (paragraph / 2, paragraph % 2);
    let last = if variant == 0 { "end" } else { "close" };
    (0..11 + 5 * stock).map(|word| format!("w{stock}x{word} ")).collect::<String>() + last
}

/// Words that stand in this document only.
fn own(name: &str) -> String {
    (0..60).map(|word| format!("own{name}x{word} ")).collect()
}

fn write(root: &Path, name: &str, paragraphs: &[u8], has_own: bool) {
    let own = has_own.then(|| own(name));
    let text: Vec<String> = own.into_iter().chain(paragraphs.iter().map(|&number| words(number))).collect();
    fs::write(root.join(format!("{name}.md")), text.join("\n\n")).unwrap();
}

fn written(documents: &Documents, has_own: bool) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (number, paragraphs) in documents.iter().enumerate() {
        write(root.path(), &format!("d{number:02}"), paragraphs, has_own);
    }
    root
}

fn options() -> CheckOptions {
    let selection = Selection::new(&["ALL".to_owned()], &["copied-passage".to_owned()], &[]).unwrap();
    CheckOptions { threads: 2, selection, ..CheckOptions::default() }
}

fn run(root: &Path, options: &CheckOptions) -> Report {
    check(&find(&[PathBuf::from(root)], &WalkOptions::default()), options, &Unwatched)
}

/// The baseline of what is there, as it is after it was written and read.
fn baseline(root: &Path) -> Arc<Baseline> {
    let base = Arc::new(Base::new(root, root));
    let empty = Arc::new(Baseline::empty(Arc::clone(&base), Profile::Standard, &["."]));
    let report = run(root, &CheckOptions { collect: Some(empty), ..options() });
    let lines = report.collected.unwrap().to_lines();
    Arc::new(Baseline::parse(&lines, base).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_there_is_let_through(documents in documents(0..5), has_own in any::<bool>()) {
        let root = written(&documents, has_own);
        let all = run(root.path(), &options()).findings.len() as u64;
        let report = run(root.path(), &CheckOptions { baseline: Some(baseline(root.path())), ..options() });
        prop_assert_eq!(report.findings.len(), 0, "{:#?}", report.findings);
        prop_assert_eq!((report.summary.baselined, report.stale), (all, 0));
    }

    #[test]
    fn one_more_copy_is_one_finding(
        documents in documents(1..5),
        which in any::<prop::sample::Index>(),
        first in any::<bool>(),
    ) {
        let root = written(&documents, true);
        let baseline = baseline(root.path());
        let all: Vec<u8> = documents.concat();
        let copied = *which.get(&all);
        let name = if first { "a" } else { "z" };
        write(root.path(), name, &[copied], true);
        let report = run(root.path(), &CheckOptions { baseline: Some(baseline), ..options() });
        prop_assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
        // A paragraph that stood alone is known to no baseline; of others the new copy is blamed.
        if all.iter().filter(|&&number| number == copied).count() > 1 {
            let path = &report.findings[0].primary.location.path;
            prop_assert!(path.ends_with(&format!("{name}.md")), "{}", path);
        }
    }
}
