//! Holds the tree to its own rules: which stage may import which, how long a file may be, what it may be
//! called, and that everything registered is tested and documented.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use copydesk::lint::RULES;
use copydesk::read::READERS;

/// What each part of the library may import, beside itself. docs/architecture.md draws it.
const ARROWS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("progress", &[]),
    ("document", &[]),
    ("segment", &["document"]),
    ("fingerprint", &["document", "segment"]),
    ("duplicates", &["document", "segment", "fingerprint"]),
    ("diff", &["document", "segment", "fingerprint"]),
    ("history", &["document", "segment", "fingerprint", "diff"]),
    ("read", &["document", "segment", "error"]),
    ("index", &["document", "segment", "fingerprint", "duplicates", "diff", "error"]),
    ("lint", &["document", "segment", "fingerprint", "duplicates", "diff", "index", "read", "error"]),
    ("fix", &["document", "read", "lint", "error"]),
    (
        "check",
        &[
            "document",
            "segment",
            "fingerprint",
            "duplicates",
            "index",
            "read",
            "lint",
            "fix",
            "error",
            "progress",
        ],
    ),
    ("corpus", &["document", "segment", "fingerprint", "duplicates", "read", "fix", "error", "progress"]),
    (
        "config",
        &["document", "segment", "fingerprint", "duplicates", "read", "lint", "check", "report", "error"],
    ),
    (
        "report",
        &["document", "segment", "duplicates", "diff", "history", "index", "lint", "fix", "check", "error"],
    ),
];

/// Names that say nothing of what is inside.
const NAMELESS: [&str; 8] = ["utils", "util", "common", "helpers", "helper", "types", "misc", "shared"];

/// Lines of a `mod.rs`, and of any other file, without its tests.
const LONGEST_MOD: usize = 150;
const LONGEST: usize = 600;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`, by its path from there.
fn rust_files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The lines of a source before its tests.
fn without_tests(source: &str) -> &str {
    [
        "\n#[cfg(test)]\nmod tests",
        "\n#[cfg(test)]\npub(super) mod tests",
        "\n#[cfg(test)]\npub(crate) mod tests",
    ]
    .iter()
    .filter_map(|tests| source.find(tests))
    .min()
    .map_or(source, |at| &source[..at + 1])
}

/// The parts of the library that a source names with `crate::`.
fn imports(source: &str) -> BTreeSet<String> {
    let code: String = without_tests(source)
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n");
    let identifier = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            // A group: what stands at its first level.
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && depth == 0 && c.is_alphabetic() => {
                            found.insert(identifier(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
            None => {
                found.insert(identifier(rest));
            }
        }
    }
    found
}

/// The part of the library a file belongs to; `None` for the crate's root and the command line.
fn part(file: &Path) -> Option<String> {
    let first = file.iter().next()?.to_string_lossy().into_owned();
    match first.as_str() {
        "lib.rs" | "bin" => None,
        name => Some(name.trim_end_matches(".rs").to_owned()),
    }
}

#[test]
fn imports_are_found_in_groups_and_paths() {
    let source = "use crate::{document::{Block, Document}, error::Error};\n// crate::lint\nfn f(x: crate::read::Input) {}\n";
    let found: Vec<String> = imports(source).into_iter().collect();
    assert_eq!(found, ["document", "error", "read"]);
}

#[test]
fn arrows_run_downward_only() {
    let mut wrong = Vec::new();
    for (file, source) in rust_files(&root().join("src")) {
        let Some(part) = part(&file) else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == part) else {
            wrong.push(format!("{}: `{part}` is not in the table of tests/architecture.rs", file.display()));
            continue;
        };
        for import in imports(&source) {
            if import != part && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}: `{part}` may not import `{import}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    let mut wrong = Vec::new();
    let sources = rust_files(&root().join("src")).into_iter().filter(|(file, _)| !file.ends_with("tests.rs"));
    for (file, source) in sources {
        let lines = without_tests(&source).lines().count();
        let most = if file.ends_with("mod.rs") { LONGEST_MOD } else { LONGEST };
        if lines > most {
            wrong.push(format!("{}: {lines} lines without tests, at most {most}", file.display()));
        }
        if file == Path::new("bin/copydesk/main.rs") && lines > 30 {
            wrong.push(format!("{}: {lines} lines, at most 30", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_say_what_is_inside() {
    for file in rust_files(&root().join("src")).keys() {
        for name in file.iter().map(|name| name.to_string_lossy()) {
            let stem = name.trim_end_matches(".rs");
            let nameless = NAMELESS.contains(&stem) || stem.ends_with("_utils") || stem.ends_with("_util");
            assert!(!nameless, "{}: `{stem}` says nothing", file.display());
        }
    }
}

#[test]
fn every_rule_has_a_case_and_a_section() {
    let page = fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let cases: Vec<String> = fs::read_dir(root().join("corpus/cases"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().join("command").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    for rule in RULES {
        let name = rule.name();
        assert!(
            cases.iter().any(|case| case.starts_with(name)),
            "no case in corpus/cases begins with {name}"
        );
        assert!(page.contains(&format!("\n## {name}\n")), "docs/rules.md has no section on {name}");
    }
}

#[test]
fn every_reader_has_a_case_and_is_documented() {
    let page = fs::read_to_string(root().join("docs/formats.md")).unwrap();
    for reader in READERS {
        let named = format!("`{}`", reader.name());
        assert!(page.contains(&named), "docs/formats.md does not name {named}");
        assert!(!reader.summary().is_empty(), "{named} says nothing of itself");
        for extension in reader.extensions() {
            let named = format!("`.{extension}`");
            assert!(page.contains(&named), "docs/formats.md does not name {named}");
        }
    }
}

#[test]
fn every_part_answers_its_question() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let parts: BTreeSet<String> =
        rust_files(&root().join("src")).keys().filter_map(|file| part(file)).collect();
    for part in parts {
        let named = page.contains(&format!("`{part}/`")) || page.contains(&format!("`{part}.rs`"));
        assert!(named, "docs/architecture.md does not name `{part}`");
    }
    for file in ["error.rs", "check.rs", "progress.rs"] {
        assert!(root().join("src").join(file).is_file(), "src/{file} is gone");
    }
}
