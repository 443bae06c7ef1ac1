//! `sarif`: SARIF 2.1.0, for code scanning.
//!
//! What GitHub asks for beyond the standard's schema: at most 5,000 results are shown, so the worst come
//! first and the rest is counted in a notification; every rule that is told carries its descriptions, its help and its
//! level; every region has all four numbers; related places are linked in the message; paths are URIs from
//! the repository's root. The fingerprint is copydesk's own, beside which GitHub works out its own.

use std::io;

use serde_json::{Map, Value, json};

use super::{FindingsReporter, worst_first};
use crate::check::{Report, Suppressed};
use crate::document::{Location, Position};
use crate::error::ReadError;
use crate::lint::{Finding, RULES, Rule, Severity};
use crate::report::counted::counted;
use crate::report::repository::{self, Repository, is_absolute, placed};
use crate::report::{Layout, json, visible};

/// GitHub shows no more results of one run.
const RESULTS: usize = 5000;
/// GitHub takes no more places of one result.
const RELATED: usize = 100;
/// GitHub takes no longer description of a rule, in characters.
const DESCRIPTION: usize = 1024;

/// The format.
pub(super) struct Sarif;

impl FindingsReporter for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn summary(&self) -> &'static str {
        "SARIF 2.1.0, for GitHub code scanning and editors"
    }

    fn has_summary(&self) -> bool {
        false
    }

    fn write(&self, report: &Report, layout: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        let findings = worst_first(report);
        let (told, left_out) = findings.split_at(findings.len().min(RESULTS));
        // What is kept quiet comes last, in the room that is left.
        let quiet = &report.suppressed[..report.suppressed.len().min(RESULTS - told.len())];
        let is_told = |name: &str| {
            told.iter().any(|finding| finding.rule == name)
                || quiet.iter().any(|one| one.finding.rule == name)
        };
        let rules: Vec<&dyn Rule> = RULES.iter().copied().filter(|rule| is_told(rule.name())).collect();
        let mut results: Vec<Value> = told.iter().map(|finding| result(finding, &rules, layout)).collect();
        results.extend(quiet.iter().map(|one| suppressed(one, &rules, layout)));
        let mut notifications: Vec<Value> =
            report.errors.iter().map(|error| unreadable(error, layout)).collect();
        if !left_out.is_empty() {
            let findings = counted(left_out.len() as u64, "finding", "findings");
            notifications.push(json!({
                "level": "warning",
                "message": {"text": format!("{findings} left out behind the worst {RESULTS}")},
            }));
        }
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules.iter().map(|&rule| described(rule)).collect::<Vec<_>>(),
                }},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the repository"}}},
                "invocations": [{
                    "executionSuccessful": report.errors.is_empty(),
                    "toolExecutionNotifications": notifications,
                }],
                "results": results,
            }],
        });
        json::write_pretty(&log, out)
    }
}

/// What relative URIs are relative to.
const ROOT: &str = "%SRCROOT%";

/// What a rule says, for the page of an alert.
fn described(rule: &dyn Rule) -> Value {
    let first = rule.explanation().split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let severity = rule.default_severity();
    json!({
        "id": rule.name(),
        "shortDescription": {"text": sentence(rule.summary())},
        "fullDescription": {"text": first.trim().chars().take(DESCRIPTION).collect::<String>()},
        "help": {"text": rule.explanation(), "markdown": rule.explanation()},
        "defaultConfiguration": {
            "enabled": severity.is_some(),
            "level": severity.map_or("none", level),
        },
        "properties": {
            "tags": ["prose"],
            "precision": "very-high",
            "problem.severity": match severity {
                Some(Severity::Error) => "error",
                Some(Severity::Warning) => "warning",
                Some(Severity::Info) | None => "recommendation",
            },
        },
    })
}

/// `A paragraph stands more than once in one document.`
fn sentence(summary: &str) -> String {
    let mut chars = summary.chars();
    chars.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Finding, rules: &[&dyn Rule], layout: &Layout) -> Value {
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": message(finding, layout.repository.as_ref())},
        "locations": [location(&finding.primary.location, layout)],
        "partialFingerprints": {"copydeskPassage/v1": finding.fingerprint.to_string()},
    });
    if let Some(index) = rules.iter().position(|rule| rule.name() == finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .take(RELATED)
        .zip(1..)
        .map(|(label, id)| {
            let mut related = location(&label.place.location, layout);
            related["id"] = json!(id);
            related["message"] = json!({"text": escaped(&label.message)});
            related
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

/// A finding that is kept quiet, and by what.
fn suppressed(one: &Suppressed, rules: &[&dyn Rule], layout: &Layout) -> Value {
    let kind = if one.setting.is_some() { "external" } else { "inSource" };
    let mut suppression = json!({"kind": kind});
    if let Some(reason) = &one.reason {
        suppression["justification"] = json!(visible::line(reason));
    }
    let place = match (&one.comment, &one.setting) {
        (Some(comment), _) => Some((&comment.path, comment.start, comment.end)),
        (None, setting) => setting.as_ref().map(|setting| (&setting.file, setting.start, setting.end)),
    };
    if let Some((path, start, end)) = place {
        suppression["location"] = json!({"physicalLocation": {
            "artifactLocation": artifact(path, layout),
            "region": region(start, end),
        }});
    }
    let mut result = result(&one.finding, rules, layout);
    result["suppressions"] = json!([suppression]);
    result
}

/// The message, with a link to the first related place: in it where it names the place, else behind it.
fn message(finding: &Finding, repository: Option<&Repository>) -> String {
    let message = &finding.message;
    let Some(first) = finding.related.first() else { return escaped(message) };
    let named = first.place.named();
    let link = format!("[{}](1)", escaped(&repository::named(repository, &first.place)));
    match message.rfind(&named) {
        Some(at) => {
            format!("{}{link}{}", escaped(&message[..at]), escaped(&message[at + named.len()..]))
        }
        None => format!("{} ({}: {link})", escaped(message), escaped(&first.message)),
    }
}

/// The text on one line, with whatever acts shown, and no brackets that would make a link.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible::line(text).chars() {
        if matches!(c, '\\' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn location(location: &Location, layout: &Layout) -> Value {
    let region = region(location.start, location.end);
    let mut value = json!({"physicalLocation": {
        "artifactLocation": artifact(&location.path, layout),
        "region": region,
    }});
    if location.record.is_some() {
        let name = visible::line(&location.document);
        value["logicalLocations"] = json!([{"fullyQualifiedName": name, "kind": "record"}]);
    }
    value
}

fn region(start: Position, end: Position) -> Value {
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

/// A path as a URI: from the root, or where it lies outside of the repository, absolute as it is.
fn artifact(path: &str, layout: &Layout) -> Value {
    let path = placed(layout.repository.as_ref(), path);
    let mut artifact = Map::new();
    if is_absolute(&path) {
        let slash = if path.starts_with('/') { "" } else { "/" };
        artifact.insert("uri".to_owned(), Value::String(format!("file://{slash}{}", encoded(&path))));
    } else {
        artifact.insert("uri".to_owned(), Value::String(encoded(&path)));
        artifact.insert("uriBaseId".to_owned(), Value::String(ROOT.to_owned()));
    }
    Value::Object(artifact)
}

/// Percent-encodes whatever is not plain in a path (RFC 3986, section 2.3), bytes outside ASCII too.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What could not be read.
fn unreadable(error: &ReadError, layout: &Layout) -> Value {
    let mut place = json!({"artifactLocation": artifact(&error.path, layout)});
    if let Some(line) = error.line {
        place["region"] = match error.column {
            Some(column) => json!({"startLine": line, "startColumn": column}),
            None => json!({"startLine": line}),
        };
    }
    json!({
        "level": "error",
        "message": {"text": escaped(&error.message)},
        "locations": [{"physicalLocation": place}],
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::sample::{hostile, place, repeat, report, written};
    use super::*;
    use crate::report::Repository;

    /// The standard's schema; tests/schemas/README.md says where it comes from.
    fn schema() -> Value {
        let text = include_str!("../../../tests/schemas/sarif-2.1.0.schema.json");
        let mut schema: Value = serde_json::from_str(text).unwrap();
        // One pattern of it is no regular expression (`]?`); we write no language.
        for definition in ["run", "toolComponent"] {
            let language = &mut schema["definitions"][definition]["properties"]["language"];
            language.as_object_mut().unwrap().remove("pattern");
        }
        schema
    }

    /// The run of the log, once the log is known to be valid.
    fn valid(report: &Report, layout: &Layout) -> Value {
        let mut out = Vec::new();
        Sarif.write(report, layout, &mut out).unwrap();
        let value: Value = serde_json::from_slice(&out).unwrap();
        let schema = schema();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        value["runs"][0].clone()
    }

    #[test]
    fn a_result_has_all_that_github_asks_for() {
        let layout = Layout {
            repository: Repository::new(Path::new("/srv/site"), Path::new("/srv/site/docs")),
            ..Layout::default()
        };
        let finding = repeat(place("\u{e9}t\u{e9} 1#2.md", 30, "x y"), place("a.txt", 12, "x"), None);
        let run = valid(&report(vec![finding]), &layout);
        let result = &run["results"][0];
        assert_eq!(result["message"]["text"], "paragraph repeats [a.txt:12](1)");
        assert_eq!(
            result["locations"][0]["physicalLocation"],
            json!({"artifactLocation": {"uri": "docs/%C3%A9t%C3%A9%201%232.md", "uriBaseId": "%SRCROOT%"},
                   "region": {"startLine": 30, "startColumn": 1, "endLine": 30, "endColumn": 4}})
        );
        assert_eq!(result["relatedLocations"][0]["id"], 1);
        assert_eq!(
            result["partialFingerprints"],
            json!({"copydeskPassage/v1": "07070707070707070707070707070707"})
        );
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], "repeated-paragraph");
        for rule in RULES.iter().map(|&rule| described(rule)) {
            for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
                assert!(rule.pointer(text).and_then(Value::as_str).is_some_and(|text| text.len() > 20));
            }
            assert!(rule.pointer("/defaultConfiguration/level").is_some());
        }
    }

    #[test]
    fn hostile_text_is_valid_and_shown() {
        let mut report = hostile();
        report.findings[0].message = format!("paragraph [x](http://evil) \\ {}", "long ".repeat(20_000));
        let run = valid(&report, &Layout::default());
        let text = run["results"][0]["message"]["text"].as_str().unwrap();
        assert!(text.starts_with("paragraph \\[x\\](http://evil) \\\\ long"), "{}", &text[..80]);
        assert_eq!(
            run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "%3A%3Awarning%3A%3A%1B%5D0%3Btitle%07.txt%0Ax"
        );
        let invocation = &run["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        assert_eq!(invocation["toolExecutionNotifications"][0]["message"]["text"], "bad \\\\x1b\\[1m bytes");
        assert_eq!(
            invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["region"],
            json!({"startLine": 3, "startColumn": 1})
        );
    }

    #[test]
    fn the_worst_five_thousand_are_told_and_the_rest_counted() {
        let mut mild = repeat(place("a.txt", 30, "x"), place("a.txt", 12, "x"), None);
        mild.severity = Severity::Info;
        let bad = repeat(place("b.txt", 30, "x"), place("a.txt", 12, "x"), None);
        let mut findings = vec![mild; RESULTS + 2];
        findings.push(bad);
        let output = written(&Sarif, &report(findings), 80);
        let value: Value = serde_json::from_str(&output).unwrap();
        let run = &value["runs"][0];
        assert_eq!(run["results"].as_array().map(Vec::len), Some(RESULTS));
        assert_eq!(run["results"][0]["level"], "error");
        assert_eq!(
            run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "3 findings left out behind the worst 5000"
        );
        assert!(run["invocations"][0]["executionSuccessful"].as_bool().unwrap());
    }

    #[test]
    fn what_lies_outside_is_absolute_and_many_places_are_cut() {
        let mut finding = repeat(place("/srv/a b.txt", 30, "x"), place("a.txt", 12, "x"), None);
        finding.message = "paragraph stands in 200 documents".to_owned();
        finding.related = vec![finding.related[0].clone(); 200];
        let run = valid(&report(vec![finding]), &Layout::default());
        let result = &run["results"][0];
        assert_eq!(
            result["locations"][0]["physicalLocation"]["artifactLocation"],
            json!({"uri": "file:///srv/a%20b.txt"})
        );
        assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(RELATED));
        assert_eq!(
            result["message"]["text"],
            "paragraph stands in 200 documents (first seen here: [a.txt:12](1))"
        );
    }

    #[test]
    fn what_is_kept_quiet_is_listed_as_suppressed() {
        let mut report = report(vec![]);
        report.suppressed.push(Suppressed {
            finding: repeat(place("a.md", 30, "x"), place("a.md", 12, "x"), None),
            reason: Some("because \u{1b}[1m".to_owned()),
            comment: Some(place("a.md", 29, "x").location),
            setting: None,
        });
        let run = valid(&report, &Layout::default());
        let suppression = &run["results"][0]["suppressions"][0];
        assert_eq!(suppression["kind"], "inSource");
        assert!(suppression["justification"].as_str().is_some_and(|why| !why.contains('\u{1b}')));
        assert_eq!(suppression["location"]["physicalLocation"]["region"]["startLine"], 29);
    }
}
