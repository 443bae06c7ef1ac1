//! The shapes of JSON schema version 1, borrowed from a [`Report`].

use serde::{Serialize, Serializer};

use crate::check::{ItemStatus, Report, Summary};
use crate::document::Location;
use crate::duplicates::Similarity;
use crate::error::ReadError;
use crate::lint::{Finding, Inside, Likeness, Replacement, Suggestion};
use crate::report::json::{ErrorView, PositionView};

/// The version of the shapes; a change that a reader could trip over makes the next.
const SCHEMA: u32 = 1;

/// The object of `--format json`.
#[derive(Serialize)]
pub(super) struct Whole<'a> {
    schema: u32,
    tool: Tool,
    summary: SummaryView,
    #[serde(serialize_with = "findings")]
    findings: &'a [Finding],
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<ItemView<'a>>>,
    #[serde(serialize_with = "errors")]
    errors: &'a [ReadError],
}

impl<'a> Whole<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            tool: TOOL,
            summary: SummaryView::new(&report.summary),
            findings: &report.findings,
            items: report.items.as_ref().map(|items| items.iter().map(ItemView::new).collect()),
            errors: &report.errors,
        }
    }
}

/// The last line of `--format jsonl`.
#[derive(Serialize)]
pub(super) struct Closing<'a> {
    schema: u32,
    tool: Tool,
    summary: SummaryView,
    #[serde(serialize_with = "errors")]
    errors: &'a [ReadError],
}

impl<'a> Closing<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            tool: TOOL,
            summary: SummaryView::new(&report.summary),
            errors: &report.errors,
        }
    }
}

/// Views are made one at a time, as they are written.
fn findings<S: Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(FindingView::new))
}

fn errors<S: Serializer>(errors: &[ReadError], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(errors.iter().map(ErrorView::new))
}

/// What an index says of a document.
#[derive(Serialize)]
pub(super) struct ItemView<'a> {
    /// `item` in a line by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    path: &'a str,
    record: Option<u32>,
    id: Option<&'a str>,
    status: &'static str,
    of: Option<&'a str>,
    since: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<SimilarityView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<RevisionView<'a>>,
}

#[derive(Serialize)]
struct RevisionView<'a> {
    summary: &'a str,
    significance: &'static str,
}

impl<'a> ItemView<'a> {
    pub(super) fn new(item: &'a ItemStatus) -> Self {
        let likeness = |similarity| Likeness { similarity, same: None, inside: item.inside };
        Self {
            kind: None,
            path: &item.path,
            record: item.record,
            id: item.id.as_deref(),
            status: item.status.name(),
            of: item.of.as_deref(),
            since: item.since.as_deref(),
            similarity: item.similarity.map(|similarity| SimilarityView::new(&likeness(similarity))),
            revision: item.revision.as_ref().map(|revision| RevisionView {
                summary: &revision.summary,
                significance: revision.significance.name(),
            }),
        }
    }

    /// The item as a line by itself.
    pub(super) fn line(item: &'a ItemStatus) -> Self {
        Self { kind: Some("item"), ..Self::new(item) }
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

const TOOL: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

#[derive(Serialize)]
struct SummaryView {
    files: u64,
    documents: u64,
    paragraphs: u64,
    too_short: u64,
    skipped: u64,
    errors: u64,
    warnings: u64,
    infos: u64,
    suppressed: u64,
    baselined: u64,
    /// Only after `--fix`.
    #[serde(skip_serializing_if = "is_zero")]
    fixed: u64,
    unreadable: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl SummaryView {
    /// Takes the summary apart whole, so that a new count cannot be forgotten here.
    const fn new(summary: &Summary) -> Self {
        let Summary {
            files,
            documents,
            paragraphs,
            too_short,
            skipped,
            errors,
            warnings,
            infos,
            suppressed,
            baselined,
            fixed,
            unreadable,
        } = *summary;
        Self {
            files,
            documents,
            paragraphs,
            too_short,
            skipped,
            errors,
            warnings,
            infos,
            suppressed,
            baselined,
            fixed,
            unreadable,
        }
    }
}

/// One finding.
#[derive(Serialize)]
pub(super) struct FindingView<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    location: LocationView<'a>,
    related: Vec<RelatedView<'a>>,
    similarity: Option<SimilarityView>,
    fingerprint: String,
    excerpt: String,
    suggestion: Option<SuggestionView<'a>>,
}

impl<'a> FindingView<'a> {
    pub(super) fn new(finding: &'a Finding) -> Self {
        let related = finding.related.iter().map(|label| RelatedView {
            message: &label.message,
            location: LocationView::new(&label.place.location),
        });
        Self {
            rule: finding.rule,
            severity: finding.severity.name(),
            message: &finding.message,
            location: LocationView::new(&finding.primary.location),
            related: related.collect(),
            similarity: finding.likeness.map(|likeness| SimilarityView::new(&likeness)),
            fingerprint: finding.fingerprint.to_string(),
            excerpt: finding.excerpt(),
            suggestion: finding.suggestion.as_ref().map(SuggestionView::new),
        }
    }
}

#[derive(Serialize)]
struct RelatedView<'a> {
    message: &'a str,
    location: LocationView<'a>,
}

#[derive(Serialize)]
struct LocationView<'a> {
    path: &'a str,
    record: Option<u32>,
    field: Option<&'a str>,
    document: &'a str,
    paragraph: Option<u32>,
    start: PositionView,
    end: PositionView,
}

impl<'a> LocationView<'a> {
    fn new(location: &'a Location) -> Self {
        Self {
            path: &location.path,
            record: location.record,
            field: location.field.as_deref(),
            document: &location.document,
            paragraph: location.paragraph,
            start: PositionView::new(location.start),
            end: PositionView::new(location.end),
        }
    }
}

#[derive(Serialize)]
struct SimilarityView {
    overlap: u32,
    union: u32,
    measure: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outer: Option<u32>,
}

impl SimilarityView {
    const fn new(likeness: &Likeness) -> Self {
        let Similarity { overlap, union } = likeness.similarity;
        match likeness.inside {
            None => Self { overlap, union, measure: "jaccard", inner: None, outer: None },
            Some(Inside { inner, outer }) => {
                Self { overlap, union, measure: "containment", inner: Some(inner), outer: Some(outer) }
            }
        }
    }
}

#[derive(Serialize)]
struct SuggestionView<'a> {
    title: &'a str,
    automatic: bool,
    replacements: Vec<ReplacementView<'a>>,
}

impl<'a> SuggestionView<'a> {
    fn new(suggestion: &'a Suggestion) -> Self {
        let replacements = suggestion.replacements.iter().map(ReplacementView::new).collect();
        Self { title: &suggestion.title, automatic: suggestion.basis.is_some(), replacements }
    }
}

#[derive(Serialize)]
struct ReplacementView<'a> {
    start: PositionView,
    end: PositionView,
    text: &'a str,
}

impl<'a> ReplacementView<'a> {
    fn new(replacement: &'a Replacement) -> Self {
        Self {
            start: PositionView::new(replacement.start),
            end: PositionView::new(replacement.end),
            text: &replacement.text,
        }
    }
}
