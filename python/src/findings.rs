//! `copydesk.check`: a report as Python sees it.

use copydesk::check::{CheckOptions, check as run_check};
use copydesk::document::BlockKind;
use copydesk::duplicates::Threshold;
use copydesk::fingerprint::Profile;
use copydesk::lint::{Selection, Settings};
use copydesk::read::{FieldMap, ReadOptions};
use copydesk::report::Layout;
use copydesk::report::findings::{FINDINGS, findings_format};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::interrupt::interruptible;
use crate::records::{Records, characters};

/// What was checked and what was found.
#[pyclass(frozen, module = "copydesk")]
pub struct Report {
    report: copydesk::check::Report,
    findings: Py<PyList>,
}

/// What a rule says about a place.
#[pyclass(frozen, get_all, module = "copydesk")]
pub struct Finding {
    rule: &'static str,
    severity: &'static str,
    message: String,
    help: &'static str,
    place: Py<Place>,
    related: Py<PyList>,
    overlap: Option<u32>,
    union: Option<u32>,
    group_size: u32,
    fingerprint: String,
    replacement: Option<String>,
}

#[pymethods]
impl Finding {
    /// The row of the text at fault, counted from 0.
    #[getter]
    fn row(&self) -> Option<u32> {
        self.place.get().row
    }

    /// The id of the text at fault.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.place.get().id.as_deref()
    }

    /// The passage at fault.
    #[getter]
    fn text(&self) -> &str {
        &self.place.get().text
    }

    fn __repr__(&self) -> String {
        format!("<Finding {}[{}]: {}>", self.severity, self.rule, self.message)
    }
}

/// A place in one of the texts.
#[pyclass(frozen, get_all, module = "copydesk")]
pub struct Place {
    message: Option<String>,
    row: Option<u32>,
    id: Option<String>,
    field: Option<String>,
    paragraph: Option<u32>,
    start: Option<usize>,
    end: Option<usize>,
    text: String,
    title: Option<String>,
    published: Option<String>,
}

#[pymethods]
impl Place {
    fn __repr__(&self) -> String {
        let row = self.row.map_or_else(|| "?".to_owned(), |row| row.to_string());
        let paragraph = self.paragraph.map_or_else(String::new, |number| format!(", paragraph {number}"));
        format!("<Place row {row}{paragraph}>")
    }
}

impl Place {
    fn new(place: &copydesk::lint::Place, message: Option<&str>, records: &[u8]) -> Self {
        let location = &place.location;
        let span = characters(records, location);
        let unnamed =
            location.record.is_some_and(|record| location.document == format!("{}#{record}", location.path));
        Self {
            message: message.map(str::to_owned),
            row: location.record.map(|record| record.saturating_sub(1)),
            id: (!unnamed).then(|| location.document.clone()),
            field: location.field.as_deref().map(str::to_owned),
            paragraph: location.paragraph,
            start: span.map(|(start, _)| start),
            end: span.map(|(_, end)| end),
            text: place.text.clone(),
            title: place.title.clone(),
            published: place.published.clone(),
        }
    }
}

/// Checks records.
#[pyfunction]
#[pyo3(signature = (
    records, *, name, select, ignore, severity, threshold, min_words, min_passage, profile, blocks, fields, body_html,
    now, memory_limit, threads,
))]
#[expect(clippy::too_many_arguments, reason = "one for each option of the Python function")]
pub fn check(
    py: Python<'_>,
    records: &Records,
    name: &str,
    select: Vec<String>,
    ignore: Vec<String>,
    severity: Vec<String>,
    threshold: &str,
    min_words: u32,
    min_passage: usize,
    profile: &str,
    blocks: Vec<String>,
    fields: Vec<(String, String)>,
    body_html: Option<bool>,
    now: Option<i64>,
    memory_limit: u64,
    threads: usize,
) -> PyResult<Report> {
    let wrong = |message: String| PyValueError::new_err(message);
    let mut settings = Settings {
        min_words,
        profile: Profile::named(profile).ok_or_else(|| wrong(format!("no profile is called {profile:?}")))?,
        now,
        ..Settings::default()
    };
    for block in &blocks {
        let kind = BlockKind::ALL.into_iter().find(|kind| kind.name() == block);
        let kind = kind.ok_or_else(|| wrong(format!("no kind of block is called {block:?}")))?;
        settings.counted[kind as usize] = true;
    }
    let options = CheckOptions {
        selection: Selection::new(&select, &ignore, &severity).map_err(|error| wrong(error.to_string()))?,
        settings,
        read: ReadOptions { fields: FieldMap { names: fields }, body_html, ..ReadOptions::default() },
        threads,
        threshold: threshold.parse::<Threshold>().map_err(wrong)?,
        min_passage,
        memory_limit,
        ..CheckOptions::default()
    };
    let (found, bytes) = (records.found(name), records.bytes());
    let report = interruptible(py, move |stop| run_check(&found, &options, stop))?;
    let findings = report.findings.iter().map(|finding| Finding::new(py, finding, &bytes));
    let findings = PyList::new(py, findings.collect::<PyResult<Vec<_>>>()?)?.unbind();
    Ok(Report { report, findings })
}

impl Finding {
    fn new(py: Python<'_>, finding: &copydesk::lint::Finding, records: &[u8]) -> PyResult<Py<Self>> {
        let related = finding
            .related
            .iter()
            .map(|label| Py::new(py, Place::new(&label.place, Some(&label.message), records)));
        let similarity = finding.likeness.map(|likeness| likeness.similarity);
        let replacement = finding.suggestion.as_ref().and_then(|suggestion| suggestion.replacements.first());
        Py::new(
            py,
            Self {
                rule: finding.rule,
                severity: finding.severity.name(),
                message: finding.message.clone(),
                help: finding.help,
                place: Py::new(py, Place::new(&finding.primary, None, records))?,
                related: PyList::new(py, related.collect::<PyResult<Vec<_>>>()?)?.unbind(),
                overlap: similarity.map(|similarity| similarity.overlap),
                union: similarity.map(|similarity| similarity.union),
                group_size: finding.group_size,
                fingerprint: finding.fingerprint.to_string(),
                replacement: replacement.map(|replacement| replacement.text.clone()),
            },
        )
    }
}

#[pymethods]
impl Report {
    /// The findings, in the order of the texts.
    #[getter]
    fn findings(&self, py: Python<'_>) -> Py<PyList> {
        self.findings.clone_ref(py)
    }

    /// How much was checked, and how much was found.
    #[getter]
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let summary = &self.report.summary;
        let out = PyDict::new(py);
        for (name, count) in [
            ("documents", summary.documents),
            ("paragraphs", summary.paragraphs),
            ("too_short", summary.too_short),
            ("errors", summary.errors),
            ("warnings", summary.warnings),
            ("infos", summary.infos),
            ("unreadable", summary.unreadable),
        ] {
            out.set_item(name, count)?;
        }
        Ok(out)
    }

    /// What could not be read or done: row (counted from 0, or None) and message.
    #[getter]
    fn errors(&self) -> Vec<(Option<u64>, String)> {
        let errors = self.report.errors.iter();
        errors.map(|error| (error.line.map(|line| line.saturating_sub(1)), error.message.clone())).collect()
    }

    /// Returns the report in one of the command line's formats.
    #[pyo3(signature = (format="full", *, width=None))]
    fn report(&self, format: &str, width: Option<usize>) -> PyResult<String> {
        let Some(found) = findings_format(format) else {
            let known = FINDINGS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
            return Err(PyValueError::new_err(format!("no format is called {format:?}; there are {known}")));
        };
        let width = width.unwrap_or(Layout::WIDTH).max(Layout::NARROWEST);
        let mut out = Vec::new();
        found.write(&self.report, &Layout { width, ..Layout::default() }, &mut out)?;
        String::from_utf8(out).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn __len__(&self) -> usize {
        self.report.findings.len()
    }
}
