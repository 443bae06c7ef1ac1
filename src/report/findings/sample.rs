//! Reports made by hand, for the tests of the formats.

use std::sync::Arc;

use crate::check::{Report, Summary};
use crate::document::{Location, Position};
use crate::duplicates::Similarity;
use crate::error::ReadError;
use crate::lint::{Finding, FindingKey, Label, Likeness, Place, Replacement, Sameness, Severity, Suggestion};

/// A place on `line` of `path`, with its text.
pub(super) fn place(path: &str, line: u64, text: &str) -> Place {
    let start = Position { byte: line * 100, line, column: 1 };
    let end =
        Position { byte: start.byte + text.len() as u64, line, column: 1 + text.chars().count() as u64 };
    let location = Location {
        path: Arc::from(path),
        record: None,
        field: None,
        document: path.to_owned(),
        paragraph: Some(2),
        start,
        end,
    };
    Place { location, text: text.to_owned(), title: None, published: None, remembered: None }
}

/// A paragraph at `again` that repeats the one at `first`.
pub(super) fn repeat(again: Place, first: Place, same: Option<Sameness>) -> Finding {
    let (start, end) = (again.location.start, again.location.end);
    Finding {
        rule: "repeated-paragraph",
        severity: Severity::Error,
        message: format!("paragraph repeats {}", first.named()),
        primary: again,
        related: vec![Label { message: "first seen here".to_owned(), place: first }],
        likeness: Some(Likeness { similarity: Similarity { overlap: 13, union: 14 }, same, inside: None }),
        group_size: 2,
        fingerprint: FindingKey([7; 16]),
        help: "remove this copy, or rewrite it if both are meant",
        suggestion: Some(Suggestion {
            title: "remove this repeat".to_owned(),
            replacements: vec![Replacement { start, end, text: String::new(), stored: Vec::new() }],
            basis: None,
        }),
    }
}

/// A report of these findings, with a count of everything.
pub(super) fn report(findings: Vec<Finding>) -> Report {
    let mut summary =
        Summary { files: 14, documents: 25, paragraphs: 1312, too_short: 9, ..Summary::default() };
    findings.iter().for_each(|finding| summary.count(finding.severity));
    Report { summary, findings, ..Report::default() }
}

/// A report whose every text is out for mischief.
pub(super) fn hostile() -> Report {
    let text =
        "::error file=a::x \x1b[2J\u{202e}evil\u{9b}31m ##[add-mask]y\n::stop-commands::z\n\x07\r##vso[task]";
    let mut again = place("::warning::\x1b]0;title\x07.txt\nx", 3, text);
    again.location.record = Some(4);
    again.location.document = "::notice::\u{2066}id\n".to_owned();
    let mut first = again.clone();
    first.text = text.to_uppercase();
    let mut report = report(vec![repeat(again, first, Some(Sameness::Case))]);
    report.errors.push(ReadError::new(&Arc::from("::b\x1b[1m"), "bad \x1b[1m bytes").at(3, 1));
    report.summary.unreadable = 1;
    report
}

/// Says what in `output` a terminal or a CI runner would obey; `None` where there is nothing.
pub(super) fn obeyed(output: &str) -> Option<String> {
    let acting = output.chars().find(|&c| c != '\n' && crate::report::visible::acts(c));
    let command = output.lines().find(|line| {
        line.trim_start().starts_with("::") || ["##[", "##vso["].iter().any(|open| line.contains(open))
    });
    acting.map(|c| format!("{c:?}")).or_else(|| command.map(str::to_owned))
}

/// Returns what `format` makes of `report`, laid out plain and `width` columns wide.
pub(super) fn written(format: &dyn super::FindingsReporter, report: &Report, width: usize) -> String {
    let mut out = Vec::new();
    let layout = crate::report::Layout { width, ..crate::report::Layout::default() };
    format.write(report, &layout, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// One element of an XML file.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: std::collections::BTreeMap<String, String>,
    /// The text in it, without that of elements inside.
    pub text: String,
}

/// Returns the elements of an XML file in their order, and fails where a parser or XML 1.0 does.
pub(super) fn elements(xml: &str) -> Vec<Element> {
    use quick_xml::events::{BytesStart, Event};

    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert_eq!(xml.chars().find(|&c| !allowed(c)), None, "XML 1.0 forbids it");
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut reader = quick_xml::Reader::from_str(xml);
    let element = |start: &BytesStart<'_>| {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap();
            (attribute.key.as_ref().to_owned(), value.into_owned())
        });
        Element {
            name: start.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            text: String::new(),
        }
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open.push(elements.len());
                elements.push(element(&start));
            }
            Event::Empty(start) => elements.push(element(&start)),
            Event::End(_) => {
                open.pop();
            }
            Event::Text(text) => {
                if let Some(&inner) = open.last() {
                    elements[inner].text.push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                let text = format!("&{};", &*entity);
                elements[*open.last().unwrap()].text.push_str(&quick_xml::escape::unescape(&text).unwrap());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    elements
}
