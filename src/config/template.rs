//! Writes the first settings file of a folder: what fits the documents that are there, the rest as comments.
//!
//! A line that begins with `#` and a letter is a setting switched off; one with `# ` is prose.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::edit::quoted;

/// Returns a commented settings file for a folder with these documents: each with its path from there, `/`
/// between the parts.
#[must_use]
pub fn settings_for(paths: &[&str]) -> String {
    let kinds = kinds(paths);
    let mut out = String::from(
        "# Settings of copydesk. Every key: docs/configuration.md, or `copydesk config schema`.\n",
    );
    let seen: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    if !seen.is_empty() {
        let _ = writeln!(out, "# Written for a folder of: {}.", seen.join(", "));
    }
    out.push_str("\n# The mildest severity that makes the exit status 1: error, warning, info or never.\nfail-on = \"error\"\n");
    out.push_str("\n# Blocks of fewer words are left out.\n#min-words = 5\n");
    out.push_str("\n# How much of the 3-word runs must be shared to be nearly the same.\n#threshold = 0.8\n");
    exclude(paths, &mut out);
    let records = ["jsonl", "json", "ndjson"].iter().any(|kind| kinds.contains_key(kind));
    if records {
        out.push_str(
            "\n# Which field of a record means what, where it has none of the usual names; and whether\n# the bodies \
             are HTML.\n#fields = { text = \"story\", id = \"nr\" }\n#body-format = \"html\"\n",
        );
    }
    out.push_str(
        "\n# How bad each rule is: error, warning, info or off. `copydesk rules` lists them.\n[severity]\n\
         #shared-paragraph = \"error\"\n#boilerplate = \"off\"\n",
    );
    let scopes = scopes(paths);
    out.push_str(
        "\n# Compare only documents that agree in what the braces stand for: versions, translations.\n",
    );
    match scopes.is_empty() {
        true => out.push_str("#[scope]\n#compare-within = [\"docs/{version}/**\", \"i18n/{lang}/**\"]\n"),
        false => {
            let list: Vec<String> = scopes.iter().map(|scope| quoted(scope)).collect();
            let _ = writeln!(out, "[scope]\ncompare-within = [{}]", list.join(", "));
        }
    }
    out.push_str(
        "\n# Known boilerplate: the whole passage, * standing for any text.\n#[rules.boilerplate]\n\
         #allow = [\"© * Harbour News. All rights reserved.\"]\n",
    );
    out.push_str(
        "\n# Settings for some paths; where several hold, later ones win.\n#[[overrides]]\n#paths = [\"archive/\"]\n\
         #min-words = 12\n#ignore = [\"shared-paragraph\"]\n",
    );
    out.push_str(
        "\n# What may repeat. `copydesk allow FINGERPRINT --reason TEXT` writes such a table.\n#[[allow]]\n\
         #pattern = \"Sign up for our newsletter*\"\n#reason = \"the call at the end of every page\"\n",
    );
    out
}

/// How many documents there are of each kind, by their extensions without that of a packer.
fn kinds<'p>(paths: &[&'p str]) -> BTreeMap<&'p str, u32> {
    let mut kinds = BTreeMap::new();
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        let plain = [".gz", ".zst", ".bz2", ".xz"].iter().find_map(|packed| name.strip_suffix(packed));
        if let Some((_, extension)) = plain.unwrap_or(name).rsplit_once('.') {
            *kinds.entry(extension).or_insert(0) += 1;
        }
    }
    kinds
}

/// Files whose lines repeat by their nature.
const LISTS: [&str; 3] = ["CHANGELOG.md", "CHANGES.md", "HISTORY.md"];

fn exclude(paths: &[&str], out: &mut String) {
    let name = |path: &&str| path.rsplit('/').next().map(str::to_owned);
    let lists: BTreeSet<String> =
        paths.iter().filter_map(name).filter(|name| LISTS.contains(&name.as_str())).collect();
    out.push_str("\n# What is not checked: globs as in .gitignore, from this folder.\n");
    if lists.is_empty() {
        out.push_str("#exclude = [\"drafts/\"]\n");
    } else {
        let list: Vec<String> = lists.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(
            out,
            "# A list of changes says the same in many releases.\nexclude = [{}]",
            list.join(", ")
        );
    }
}

/// Patterns for folders whose names are all versions, or all languages, side by side.
fn scopes(paths: &[&str]) -> Vec<String> {
    let mut children: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in paths {
        let slashes: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
        let mut from = 0;
        for &slash in &slashes {
            let parent = path.get(..from.max(1) - 1).unwrap_or("");
            children.entry(parent).or_default().insert(&path[from..slash]);
            from = slash + 1;
        }
    }
    let mut patterns = BTreeSet::new();
    for (parent, names) in children {
        let before = if parent.is_empty() { String::new() } else { format!("{parent}/") };
        // A folder within one that has a pattern is covered by it.
        let within = |pattern: &String| {
            pattern.split('{').next().is_some_and(|folder| before.starts_with(folder) && before != folder)
        };
        if patterns.iter().any(within) || before.contains(['{', '}', '*', '?', '[']) {
            continue;
        }
        let many = |is_such: fn(&str) -> bool| names.len() > 1 && names.iter().all(|name| is_such(name));
        if many(is_version) {
            patterns.insert(format!("{before}{{version}}/**"));
        } else if many(is_language) {
            patterns.insert(format!("{before}{{lang}}/**"));
        }
    }
    patterns.into_iter().collect()
}

/// `v1`, `2.0`, `v1.2.x`; not a year or a day of a calendar.
fn is_version(name: &str) -> bool {
    let marked = name.strip_prefix('v').or_else(|| name.strip_prefix("version-"));
    let number = marked.unwrap_or(name);
    let digits = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'x' | '-' | '_'));
    let whole = number.bytes().all(|byte| byte.is_ascii_digit());
    matches!(name, "latest" | "stable" | "next" | "current")
        || digits && (marked.is_some() || !whole && number.contains('.'))
}

/// Codes of languages that are no common name of a folder.
const LANGUAGES: [&str; 30] = [
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hu", "id", "it",
    "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "vi", "zh",
];

/// `en`, `pt-BR`, `zh_Hans`.
fn is_language(name: &str) -> bool {
    let (language, rest) = name.split_once(['-', '_']).unwrap_or((name, "XX"));
    LANGUAGES.contains(&language) && (2..=4).contains(&rest.len()) && rest.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use super::*;
    use crate::config::Config;
    use crate::read::paths::Base;

    fn parse(text: &str) -> Config {
        let base = Arc::new(Base::new(Path::new("/"), Path::new("/")));
        let config = Config::parse(text, &Arc::from("copydesk.toml"), PathBuf::new(), base);
        config.unwrap_or_else(|faults| panic!("{faults:?}\n{text}"))
    }

    /// The file with everything switched on that is switched off.
    fn switched_on(text: &str) -> String {
        let on = |line: &str| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        };
        text.lines().map(on).collect()
    }

    #[test]
    fn what_is_written_can_be_read_as_it_is_and_switched_on() {
        for paths in [
            &[][..],
            &["a.md", "CHANGELOG.md", "docs/v1/a.md", "docs/v2/a.md"],
            &["wire.jsonl.gz", "en/a.txt", "de/a.txt"],
        ] {
            let text = settings_for(paths);
            parse(&text);
            let config = parse(&switched_on(&text));
            assert_eq!((config.overrides.len(), config.allow.len()), (1, 1), "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        }
    }

    #[test]
    fn it_fits_the_folder() {
        let text = settings_for(&[
            "CHANGELOG.md",
            "docs/v1/a.md",
            "docs/v2/a.md",
            "docs/v2/en/a.md",
            "docs/v2/de/a.md",
        ]);
        assert!(text.contains("\nexclude = [\"CHANGELOG.md\"]\n"), "{text}");
        assert!(text.contains("\ncompare-within = [\"docs/{version}/**\"]\n"), "{text}");
        assert!(text.contains("# Written for a folder of: 5 md.\n"), "{text}");
        assert!(settings_for(&["pt-BR/a.md", "en/a.md"]).contains("[\"{lang}/**\"]"));
        assert!(
            !settings_for(&["2024/a.md", "2025/a.md", "en/a.md", "img/a.md"]).contains("\ncompare-within")
        );
        assert!(settings_for(&["wire.jsonl.gz"]).contains("#fields"));
    }
}
