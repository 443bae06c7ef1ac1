//! `gitlab`: a code quality report, shown by GitLab in merge requests.
//!
//! GitLab tells new issues from old by their fingerprints, and drops an issue whose fingerprint another
//! one bears. So every occurrence has its own: the passage's, the path, the record, and which of several
//! in that document it is; no line, so that an edit elsewhere makes nothing new.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::FindingsReporter;
use crate::check::Report;
use crate::document::Position;
use crate::lint::Severity;
use crate::report::repository::{message, placed};
use crate::report::{Layout, json, visible};

/// The format.
pub(super) struct Gitlab;

impl FindingsReporter for Gitlab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn summary(&self) -> &'static str {
        "GitLab code quality (docs/json-schema/gitlab.schema.json)"
    }

    fn has_summary(&self) -> bool {
        false
    }

    fn write(&self, report: &Report, layout: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        let mut occurrences = Occurrences::default();
        let mut issues = Vec::with_capacity(report.errors.len() + report.findings.len());
        for error in &report.errors {
            let path = placed(layout.repository.as_ref(), &error.path);
            let start = Place { line: error.line.unwrap_or(1), column: error.column.unwrap_or(1) };
            issues.push(Issue {
                description: visible::line(&error.message).into_owned(),
                check_name: "unreadable",
                fingerprint: occurrences.next([&error.message, &path, ""]),
                severity: "blocker",
                location: Location::new(&path, start, start),
            });
        }
        for finding in &report.findings {
            let location = &finding.primary.location;
            let path = placed(layout.repository.as_ref(), &location.path);
            // A file's document is named by its path as given, which the place of the run must not change.
            let document = location.record.map_or("", |_| location.document.as_str());
            issues.push(Issue {
                description: visible::line(&message(layout.repository.as_ref(), finding)).into_owned(),
                check_name: finding.rule,
                fingerprint: occurrences.next([&finding.fingerprint.to_string(), &path, document]),
                severity: severity(finding.severity),
                location: Location::new(&path, Place::from(location.start), Place::from(location.end)),
            });
        }
        json::write_pretty(&issues, out)
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}

/// The fingerprints so far, each with how often it was met.
#[derive(Default)]
struct Occurrences(BTreeMap<[u8; 32], u64>);

impl Occurrences {
    /// The fingerprint of the next occurrence of what `parts` name.
    fn next(&mut self, parts: [&str; 3]) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("copydesk gitlab occurrence 1");
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let number = self.0.entry(*hasher.finalize().as_bytes()).or_default();
        hasher.update(&number.to_le_bytes());
        *number += 1;
        hasher.finalize().to_hex()[..32].to_owned()
    }
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

/// GitLab takes the line from either; the positions have the columns too.
#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
    positions: Positions,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
    end: u64,
}

#[derive(Serialize)]
struct Positions {
    begin: Place,
    end: Place,
}

#[derive(Clone, Copy, Serialize)]
struct Place {
    line: u64,
    column: u64,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column }
    }
}

impl Location {
    fn new(path: &str, begin: Place, end: Place) -> Self {
        Self {
            path: visible::line(path).into_owned(),
            lines: Lines { begin: begin.line, end: end.line },
            positions: Positions { begin, end },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::Value;

    use super::super::sample::{hostile, place, repeat, report};
    use super::*;
    use crate::report::Repository;

    /// The issues, once they are known to be what docs/json-schema/gitlab.schema.json says.
    fn valid(report: &Report, layout: &Layout) -> Vec<Value> {
        let mut out = Vec::new();
        Gitlab.write(report, layout, &mut out).unwrap();
        let value: Value = serde_json::from_slice(&out).unwrap();
        let schema = include_str!("../../../docs/json-schema/gitlab.schema.json");
        let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        value.as_array().unwrap().clone()
    }

    fn fingerprints(report: &Report, layout: &Layout) -> Vec<String> {
        valid(report, layout).iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    }

    fn in_folder(folder: &str) -> Layout {
        let current = Path::new("/srv/site").join(folder);
        Layout { repository: Repository::new(Path::new("/srv/site"), &current), ..Layout::default() }
    }

    #[test]
    fn every_occurrence_has_a_fingerprint_of_its_own() {
        let finding = |path, line| repeat(place(path, line, "x"), place("a.txt", 1, "x"), None);
        let mut record = finding("a.jsonl", 3);
        record.primary.location.record = Some(3);
        record.primary.location.document = "H-1".to_owned();
        let mut other = record.clone();
        other.primary.location.document = "H-2".to_owned();
        let findings = vec![finding("a.txt", 3), finding("a.txt", 5), finding("b.txt", 3), record, other];
        let all = fingerprints(&report(findings), &Layout::default());
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 5);
        // Lines that move change nothing.
        let moved = vec![finding("a.txt", 30), finding("a.txt", 31)];
        assert_eq!(fingerprints(&report(moved), &Layout::default()), all[..2]);
    }

    #[test]
    fn fingerprints_do_not_hang_on_the_folder_of_the_run() {
        let finding = |path| repeat(place(path, 3, "x"), place("a.txt", 1, "x"), None);
        let top = fingerprints(&report(vec![finding("docs/a.txt")]), &in_folder(""));
        assert_eq!(fingerprints(&report(vec![finding("a.txt")]), &in_folder("docs")), top);
    }

    #[test]
    fn hostile_text_is_valid_and_shown() {
        let mut report = hostile();
        report.findings[0].message.push_str(&"long ".repeat(20_000));
        let issues = valid(&report, &in_folder(""));
        assert_eq!(issues[0]["description"], "bad \\x1b[1m bytes");
        assert_eq!(issues[0]["severity"], "blocker");
        assert_eq!(issues[0]["location"]["positions"]["begin"], serde_json::json!({"line": 3, "column": 1}));
        assert_eq!(issues[1]["location"]["path"], "::warning::\\x1b]0;title\\x07.txt\\nx");
        assert!(issues[1]["description"].as_str().is_some_and(|text| text.len() > 100_000));
    }

    #[test]
    fn nothing_found_is_an_empty_array() {
        assert_eq!(valid(&report(vec![]), &Layout::default()), [Value::Null; 0]);
    }
}
