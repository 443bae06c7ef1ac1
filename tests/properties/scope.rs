//! Properties of scopes and of settings for some paths: a scope is checked as if it were alone, and a run with
//! overrides tells of each path what a run with its settings everywhere tells.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use copydesk::check::{CheckOptions, Report, check};
use copydesk::config::merge::merge;
use copydesk::config::{Config, Values};
use copydesk::progress::Unwatched;
use copydesk::read::paths::Base;
use copydesk::read::walk::{WalkOptions, find};
use proptest::prelude::*;

/// Documents: the number of the folder, and of each paragraph's text.
type Documents = Vec<(u8, Vec<u8>)>;

fn documents() -> impl Strategy<Value = Documents> {
    prop::collection::vec((0u8..3, prop::collection::vec(0u8..9, 0..5)), 0..12)
}

/// Writes the documents into folders `v0`, `v1`, `v2`.
fn written(documents: &Documents) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for folder in 0..3 {
        fs::create_dir(root.path().join(format!("v{folder}"))).unwrap();
    }
    for (number, (folder, paragraphs)) in documents.iter().enumerate() {
        let text: Vec<String> = paragraphs.iter().map(|&paragraph| words(paragraph)).collect();
        fs::write(root.path().join(format!("v{folder}/{number:02}.md")), text.join("\n\n")).unwrap();
    }
    root
}

/// Every third text is nearly the one before it, and texts have from five words to forty.
fn words(paragraph: u8) -> String {
    let (stock, variant) = (paragraph / 2, paragraph % 2);
    let last = if variant == 0 { "end" } else { "close" };
    (0..4 + 9 * stock).map(|word| format!("w{stock}x{word} ")).collect::<String>() + last
}

fn options(root: &Path, settings: &str) -> CheckOptions {
    let base = Arc::new(Base::new(root, root));
    let config = Config::parse(settings, &Arc::from("copydesk.toml"), PathBuf::new(), base).unwrap();
    CheckOptions { threads: 2, ..merge(Some(&config), &Values::default()).check }
}

fn run(path: &Path, options: &CheckOptions) -> Report {
    check(&find(&[path.to_owned()], &WalkOptions::default()), options, &Unwatched)
}

/// Rule, path and line of each finding, with the group's size.
fn told(report: &Report, exact_only: bool) -> BTreeSet<(&'static str, String, u64, u32)> {
    let findings = report.findings.iter().filter(|finding| !exact_only || !finding.rule.starts_with("near-"));
    findings
        .map(|finding| {
            let place = &finding.primary.location;
            (finding.rule, place.path.to_string(), place.start.line, finding.group_size)
        })
        .collect()
}

const EXACT: &str = "select = [\"duplicate-document\", \"boilerplate\", \"repeated-paragraph\", \"shared-paragraph\"]\n\
                     rules.boilerplate.documents = 3\nrules.boilerplate.share = 0.5\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_scope_is_checked_as_if_it_were_alone(documents in documents()) {
        let root = written(&documents);
        let scoped = format!("{EXACT}[scope]\ncompare-within = [\"{{version}}/*.md\"]\n");
        let together = told(&run(root.path(), &options(root.path(), &scoped)), false);
        let alone = options(root.path(), EXACT);
        let apart: BTreeSet<_> =
            (0..3).flat_map(|n| told(&run(&root.path().join(format!("v{n}")), &alone), false)).collect();
        prop_assert_eq!(together, apart);
    }

    #[test]
    fn no_finding_leads_from_one_scope_to_another(documents in documents()) {
        let root = written(&documents);
        let settings = "select = [\"ALL\"]\nthreshold = 0.6\n[scope]\ncompare-within = [\"{version}/*.md\"]\n";
        let report = run(root.path(), &options(root.path(), settings));
        let scope = |path: &str| Path::new(path).parent().unwrap().to_owned();
        for finding in &report.findings {
            for related in &finding.related {
                prop_assert_eq!(scope(&related.place.location.path), scope(&finding.primary.location.path));
            }
        }
    }

    #[test]
    fn overrides_everywhere_are_the_settings_themselves(documents in documents(), least in 0u32..30) {
        let root = written(&documents);
        let levels = "severity = { shared-paragraph = \"error\", repeated-paragraph = \"off\" }\n";
        let everywhere = format!("min-words = {least}\n{levels}");
        let overridden = format!("[[overrides]]\npaths = [\"*.md\"]\n{everywhere}");
        let direct = run(root.path(), &options(root.path(), &everywhere));
        let by_path = run(root.path(), &options(root.path(), &overridden));
        prop_assert_eq!(told(&direct, false), told(&by_path, false));
        prop_assert_eq!(direct.summary, by_path.summary);
    }

    #[test]
    fn a_level_for_some_paths_is_that_of_the_findings_there(documents in documents()) {
        let root = written(&documents);
        let settings = "[[overrides]]\npaths = [\"v0/\", \"v1/\"]\nignore = [\"ALL\"]\n\
                        [[overrides]]\npaths = [\"v1/\"]\nseverity = { shared-paragraph = \"info\" }\n";
        let all = run(root.path(), &options(root.path(), ""));
        let some = run(root.path(), &options(root.path(), settings));
        let expected: BTreeSet<_> = told(&all, true)
            .into_iter()
            .filter(|(rule, path, ..)| {
                let folder = Path::new(path).parent().unwrap();
                !folder.ends_with("v0") && (!folder.ends_with("v1") || *rule == "shared-paragraph")
            })
            .collect();
        prop_assert_eq!(told(&some, true), expected);
        let mut levels: BTreeMap<bool, BTreeSet<&str>> = BTreeMap::new();
        for finding in some.findings.iter().filter(|finding| finding.rule == "shared-paragraph") {
            let quiet = finding.primary.location.path.contains("/v1/");
            levels.entry(quiet).or_default().insert(finding.severity.name());
        }
        prop_assert!(levels.get(&true).is_none_or(|levels| levels.iter().eq(["info"].iter())));
        prop_assert!(levels.get(&false).is_none_or(|levels| levels.iter().eq(["warning"].iter())));
    }
}
