//! What holds in a run? The command line beats the settings file, and the file beats the defaults.
//!
//! A single value of the command line takes the place of the file's. Lists and tables that say what to leave
//! out, to count or to call (`ignore`, `severity`, `blocks`, `exclude`, `fields`) add to it; `select` and
//! `output` say all that is wanted, so those of the file do not count. What `[[overrides]]` say holds unless
//! the command line says the same thing otherwise.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::allowance::allowances;
use super::{Config, Override, Values};
use crate::check::{CheckOptions, PathOptions};
use crate::duplicates::near::THRESHOLD;
use crate::duplicates::passage::LEAST_WORDS;
use crate::lint::scope::Scopes;
use crate::lint::{BoilerplateLimits, RULES, Rule, Selection, Settings, Severity};
use crate::read::input::Limits;
use crate::read::paths::PathGlobs;
use crate::read::walk::WalkOptions;
use crate::read::{FieldMap, ReadOptions};
use crate::report::findings::FindingsReporter;

/// All that holds in a run.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What to check and how; what time it is is left open.
    pub check: CheckOptions,
    /// How to look for files.
    pub walk: WalkOptions,
    /// The mildest severity that fails; `None` for never.
    pub fail_on: Option<Severity>,
    /// Whether it is well when no document was checked at all.
    pub allow_empty: bool,
    /// How findings are printed; `None` leaves it to whether there is a terminal.
    pub format: Option<&'static dyn FindingsReporter>,
    /// The reports to write to files.
    pub outputs: Vec<(&'static dyn FindingsReporter, PathBuf)>,
    /// The index to check against.
    pub index: Option<PathBuf>,
    /// Whether an index that is made keeps no texts.
    pub no_texts: bool,
}

/// Returns what holds where `config` and the command line say this.
#[must_use]
pub fn merge(config: Option<&Config>, line: &Values) -> Resolved {
    let nothing = Values::default();
    let file = config.map_or(&nothing, |config| &config.values);
    let profile = line.profile.or(file.profile).unwrap_or_default();
    let defaults = Settings::default();
    let mut settings = Settings {
        min_words: line.min_words.or(file.min_words).unwrap_or(defaults.min_words),
        profile,
        boilerplate: BoilerplateLimits {
            documents: file.boilerplate_documents.unwrap_or(defaults.boilerplate.documents),
            share: file.boilerplate_share.unwrap_or(defaults.boilerplate.share),
        },
        sentence_words: file.sentence_words.unwrap_or(defaults.sentence_words),
        title_words: file.title_words.unwrap_or(defaults.title_words),
        ..defaults
    };
    for &kind in line.blocks.iter().chain(&file.blocks) {
        settings.counted[kind as usize] = true;
    }
    let said = |meaning: &str| line.fields.iter().any(|(other, _)| other == meaning);
    let others = file.fields.iter().filter(|(meaning, _)| !said(meaning));
    let read = ReadOptions {
        places: false,
        fields: FieldMap { names: line.fields.iter().chain(others).cloned().collect() },
        body_html: line.body_html.or(file.body_html),
        main_content: line.main_content.or(file.main_content).flatten(),
        encoding: line.encoding.or(file.encoding),
    };
    let levels = RULES.iter().map(|rule| (rule.name(), level(*rule, file, line))).collect();
    let check = CheckOptions {
        selection: Selection::of_levels(levels),
        settings,
        read,
        limits: Limits { max_size: line.max_size.or(file.max_size).unwrap_or(Limits::default().max_size) },
        threads: line.threads.or(file.threads).unwrap_or(0) as usize,
        threshold: line.threshold.or(file.threshold).unwrap_or(THRESHOLD),
        min_passage: line.min_passage.or(file.min_passage).map_or(LEAST_WORDS, |words| words as usize),
        memory_limit: line.memory_limit.or(file.memory_limit).unwrap_or(CheckOptions::MEMORY_LIMIT),
        allow: config.map_or(Vec::new(), |config| allowances(config, profile)),
        baseline: None,
        collect: None,
        since: None,
        overrides: config
            .map_or(Vec::new(), |config| config.overrides.iter().map(|one| for_paths(one, line)).collect()),
        scopes: config.and_then(|config| {
            let patterns = &config.values.compare_within;
            (!patterns.is_empty()).then(|| Scopes::new(config.base.clone(), patterns.clone()))
        }),
        keep_records: false,
    };
    let excluded = config.filter(|config| !config.values.exclude.is_empty());
    let outputs = match config {
        Some(config) if line.output.is_empty() => {
            file.output.iter().map(|(format, path)| (*format, config.folder.join(path))).collect()
        }
        _ => line.output.clone(),
    };
    Resolved {
        check,
        walk: WalkOptions {
            exclude: line.exclude.clone(),
            hidden: line.hidden.or(file.hidden).unwrap_or(false),
            respect_ignore: !line.no_ignore.or(file.no_ignore).unwrap_or(false),
            input_format: line.input_format.or(file.input_format),
            stdin_name: None,
            // Globs that are none were refused when the file was read.
            excluded: excluded.and_then(|config| PathGlobs::new(&config.base, &config.values.exclude).ok()),
            written: outputs.iter().map(|(_, path)| path.clone()).collect(),
        },
        fail_on: line.fail_on.or(file.fail_on).unwrap_or(Some(Severity::Error)),
        allow_empty: line.allow_empty.or(file.allow_empty).unwrap_or(false),
        format: line.format.or(file.format),
        outputs,
        index: line
            .index
            .clone()
            .or_else(|| config.and_then(|config| Some(config.folder.join(file.index.as_ref()?)))),
        no_texts: line.no_texts.or(file.no_texts).unwrap_or(false),
    }
}

/// Whether a list of rule names, `ALL` standing for every rule, holds `rule`.
fn holds(names: &[String], rule: &str) -> bool {
    names.iter().any(|name| name == rule || name == "ALL")
}

/// How bad `rule` is where no override holds.
fn level(rule: &dyn Rule, file: &Values, line: &Values) -> Option<Severity> {
    let name = rule.name();
    // Selecting a rule turns it on, whatever its default; off is said by its level only.
    let selected = |level: Option<Severity>| level.or(rule.default_severity()).or(Some(Severity::Warning));
    let wanted = line.select.as_ref().map(|names| holds(names, name));
    if holds(&line.ignore, name) || wanted == Some(false) {
        return None;
    }
    let in_file = file.severity.get(name).copied();
    match (line.severity.get(name), wanted) {
        (Some(level), _) => return *level,
        (None, Some(_)) => return selected(in_file.flatten()),
        (None, None) => {}
    }
    if holds(&file.ignore, name) {
        return None;
    }
    match file.select.as_ref().map(|names| holds(names, name)) {
        Some(false) => None,
        Some(true) => in_file.unwrap_or_else(|| selected(None)),
        None => in_file.unwrap_or(rule.default_severity()),
    }
}

/// What an override says, without what the command line says otherwise.
fn for_paths(one: &Override, line: &Values) -> PathOptions {
    let values = &one.values;
    let ignored = RULES.iter().map(|rule| rule.name()).filter(|name| holds(&values.ignore, name));
    let mut levels: BTreeMap<_, _> = ignored.map(|name| (name, None)).collect();
    levels.extend(&values.severity);
    levels.retain(|name, _| {
        let left_out = line.select.as_ref().is_some_and(|names| !holds(names, name));
        !left_out && !holds(&line.ignore, name) && !line.severity.contains_key(name)
    });
    let said = |meaning: &str| line.fields.iter().any(|(other, _)| other == meaning);
    PathOptions {
        paths: one.paths.clone(),
        levels,
        min_words: values.min_words.filter(|_| line.min_words.is_none()),
        blocks: values.blocks.clone(),
        fields: values.fields.iter().filter(|(meaning, _)| !said(meaning)).cloned().collect(),
        body_html: values.body_html.filter(|_| line.body_html.is_none()),
        encoding: values.encoding.filter(|_| line.encoding.is_none()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::read::paths::Base;

    fn config(text: &str) -> Config {
        let base = Arc::new(Base::new(Path::new("/site"), Path::new("/site/tools")));
        Config::parse(text, &Arc::from("../copydesk.toml"), PathBuf::from(".."), base).unwrap()
    }

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|&name| name.to_owned()).collect()
    }

    const FILE: &str = r#"
select = ["repeated-paragraph", "shared-paragraph", "empty-text"]
ignore = ["empty-text"]
threshold = 0.9
min-words = 7
blocks = ["table"]
fields = { text = "story", id = "nr" }
output = { json = "out.json" }
[severity]
shared-paragraph = "error"
[rules.boilerplate]
documents = 3
allow = ["© * Harbour News"]
[[allow]]
pattern = "Sign up*"
reason = "the house's call"
[[overrides]]
paths = ["old/"]
min-words = 20
ignore = ["shared-paragraph"]
[[overrides]]
paths = ["old/new/"]
severity = { shared-paragraph = "info", boilerplate = "warning" }
"#;

    #[test]
    fn the_file_beats_the_defaults() {
        let config = config(FILE);
        let resolved = merge(Some(&config), &Values::default());
        let check = &resolved.check;
        assert_eq!(check.selection.level("shared-paragraph"), Some(Severity::Error));
        assert_eq!(check.selection.level("repeated-paragraph"), Some(Severity::Error));
        assert!(!check.selection.is_on("empty-text") && !check.selection.is_on("boilerplate"));
        assert_eq!((check.settings.min_words, check.settings.boilerplate.documents), (7, 3));
        assert_eq!(check.threshold, "0.9".parse().unwrap());
        assert_eq!(resolved.outputs[0].1, Path::new("../out.json"));
        assert_eq!(check.allow.len(), 2);
        assert_eq!(check.allow[0].place.start.line, 14);
        assert!(!check.allow[1].covers_rule("repeated-paragraph"));
    }

    #[test]
    fn the_command_line_beats_the_file() {
        let config = config(FILE);
        let line = Values {
            select: Some(names(&["empty-text", "shared-paragraph", "missing-id"])),
            ignore: names(&["missing-id"]),
            severity: BTreeMap::from([("boilerplate", Some(Severity::Error))]),
            min_words: Some(3),
            fields: vec![("text".to_owned(), "copy".to_owned())],
            ..Values::default()
        };
        let resolved = merge(Some(&config), &line);
        let check = &resolved.check;
        let level = |rule| check.selection.level(rule);
        assert_eq!(level("empty-text"), Some(Severity::Warning));
        assert_eq!(level("shared-paragraph"), Some(Severity::Error));
        assert_eq!(
            (level("missing-id"), level("repeated-paragraph"), level("boilerplate")),
            (None, None, None)
        );
        assert_eq!(check.settings.min_words, 3);
        let field = |meaning: &str, name: &str| (meaning.to_owned(), name.to_owned());
        assert_eq!(check.read.fields.names, [field("text", "copy"), field("id", "nr")]);
        // What the line says holds for the overrides too; what it does not, stays.
        assert_eq!(check.overrides[0].min_words, None);
        assert_eq!(check.overrides[0].levels, BTreeMap::from([("shared-paragraph", None)]));
        assert!(!check.overrides[1].levels.contains_key("boilerplate"));
    }

    #[test]
    fn a_level_on_the_command_line_turns_a_rule_on() {
        let config = config(FILE);
        let line =
            Values { severity: BTreeMap::from([("same-title", Some(Severity::Info))]), ..Values::default() };
        let resolved = merge(Some(&config), &line);
        assert_eq!(resolved.check.selection.level("same-title"), Some(Severity::Info));
    }

    #[test]
    fn without_a_file_the_levels_are_those_of_a_selection() {
        for (select, ignore, severity) in [
            (&["ALL"][..], &[][..], &["empty-text=off"][..]),
            (&["boilerplate"], &["boilerplate"], &[]),
            (&[], &["ALL"], &["boilerplate=error"]),
            (&["repeated-paragraph"], &[], &["repeated-paragraph=info", "empty-text=error"]),
        ] {
            let (select, ignore, severity) = (names(select), names(ignore), names(severity));
            let expected = Selection::new(&select, &ignore, &severity).unwrap();
            let mut levels = BTreeMap::new();
            for setting in &severity {
                let (rule, level) = setting.split_once('=').unwrap();
                let rule = crate::lint::rule_named(rule).unwrap().name();
                levels.insert(rule, Severity::ALL.into_iter().find(|severity| severity.name() == level));
            }
            let line = Values {
                select: (!select.is_empty()).then_some(select),
                ignore,
                severity: levels,
                ..Values::default()
            };
            assert_eq!(merge(None, &line).check.selection, expected);
        }
    }
}
