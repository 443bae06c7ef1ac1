//! `copydesk.history`: histories as Python sees them.
//!
//! Texts go straight into a [`Chain`]. Records and paths are read as the command line reads them, by
//! `read::versions`. What every format of the reports needs is kept, since the format is chosen afterwards.

use std::path::PathBuf;
use std::sync::Arc;

use copydesk::document::{Metadata, Snapshot};
use copydesk::error::ReadError;
use copydesk::history::{Chain, History, HistoryOptions};
use copydesk::progress::Progress as _;
use copydesk::read::versions::{
    Order, Origin, SnapshotSink, VersionOptions, read_version_records, read_versions,
};
use copydesk::read::{FieldMap, ReadOptions};
use copydesk::report::Layout;
use copydesk::report::history::{Blame, HISTORIES, HistorySettings, history_format};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::interrupt::{Stop, interruptible};
use crate::records::Records;
use crate::revision::text_document;

/// What became of documents from version to version.
#[pyclass(frozen, module = "copydesk._core")]
pub struct Histories {
    histories: Vec<History>,
    errors: Vec<String>,
    warnings: Vec<String>,
}

/// Where versions are.
enum Source {
    /// The texts of one document, oldest first.
    Texts(Vec<PyBackedStr>),
    /// The records of any number of documents.
    Records(copydesk::read::walk::Found),
    /// Files, folders, and what git has.
    Paths(Vec<PathBuf>),
}

/// Makes histories of texts, of records, or of what paths hold: one of the three is given.
#[pyfunction]
#[pyo3(signature = (
    *, texts=None, records=None, paths=None, name, at, order, origin, one_document, from_, to, since, ids, fields,
    body_html,
))]
#[expect(clippy::too_many_arguments, reason = "one for each option of the Python function")]
pub fn history(
    py: Python<'_>,
    texts: Option<Vec<PyBackedStr>>,
    records: Option<&Records>,
    paths: Option<Vec<PathBuf>>,
    name: String,
    at: Option<u32>,
    order: &str,
    origin: &str,
    one_document: bool,
    from_: Option<String>,
    to: Option<String>,
    since: Option<String>,
    ids: Vec<String>,
    fields: Vec<(String, String)>,
    body_html: Option<bool>,
) -> PyResult<Histories> {
    let versions = VersionOptions {
        order: chosen("order", order, &Order::ALL, Order::name)?,
        origin: chosen("origin", origin, &Origin::ALL, Origin::name)?,
        one_document,
        from: from_,
        to,
        since,
        ids,
        read: ReadOptions { fields: FieldMap { names: fields }, body_html, ..ReadOptions::default() },
        ..VersionOptions::default()
    };
    let source = match (texts, records, paths) {
        (Some(texts), _, _) => Source::Texts(texts),
        (_, Some(records), _) => Source::Records(records.found(&name)),
        (_, _, paths) => Source::Paths(paths.unwrap_or_default()),
    };
    let mut options = HistoryOptions { at, ..HistoryOptions::default() };
    let settings = HistorySettings { tokens: true, ..HistorySettings::default() };
    HISTORIES.iter().for_each(|format| format.needs(&settings, &mut options));
    let found = interruptible(py, move |stop| {
        let mut told = Told { stop, options: &options, chain: None, found: Histories::empty() };
        match source {
            Source::Texts(texts) => told.texts(&name, &texts),
            Source::Records(found) => read_version_records(&found.inputs, &versions, &mut told),
            Source::Paths(paths) => read_versions(&paths, &versions, &mut told),
        }
        told.found
    })?;
    found.checked(at).map_err(PyValueError::new_err)
}

/// Returns the choice called `written`.
fn chosen<T: Copy>(option: &str, written: &str, all: &[T], name: fn(T) -> &'static str) -> PyResult<T> {
    all.iter().copied().find(|&choice| name(choice) == written).ok_or_else(|| {
        let known = all.iter().map(|&choice| name(choice)).collect::<Vec<_>>().join(", ");
        PyValueError::new_err(format!("{option} is {written:?}; there are {known}"))
    })
}

/// Makes histories of what is read.
struct Told<'a> {
    stop: &'a Stop,
    options: &'a HistoryOptions,
    chain: Option<Chain>,
    found: Histories,
}

impl Told<'_> {
    /// Takes the texts of one document.
    fn texts(&mut self, name: &str, texts: &[PyBackedStr]) {
        let path = Arc::from(name);
        self.begin(name, &Metadata::default());
        for (text, number) in texts.iter().zip(1_u32..) {
            if self.stop.stopped() {
                return;
            }
            self.snapshot(&mut Snapshot {
                label: number.to_string(),
                stored: *blake3::hash(text.as_bytes()).as_bytes(),
                document: Some(text_document(&path, text)),
                ..Snapshot::default()
            });
        }
        if !texts.is_empty() {
            self.end();
        }
    }
}

impl SnapshotSink for Told<'_> {
    fn begin(&mut self, id: &str, _: &Metadata) {
        self.chain = Some(Chain::new(id, self.options));
    }

    fn snapshot(&mut self, snapshot: &mut Snapshot) {
        // A source does not ask whether it is still wanted; what it still gives is dropped.
        if let Some(chain) = self.chain.as_mut().filter(|_| !self.stop.stopped()) {
            chain.push(snapshot);
        }
    }

    fn end(&mut self) {
        self.found.histories.extend(self.chain.take().map(Chain::finish));
    }

    fn fault(&mut self, fault: ReadError) {
        self.found.errors.push(fault.to_string());
    }

    fn warning(&mut self, warning: ReadError) {
        self.found.warnings.push(warning.to_string());
    }
}

impl Histories {
    const fn empty() -> Self {
        Self { histories: Vec::new(), errors: Vec::new(), warnings: Vec::new() }
    }

    /// Returns the histories, or why there is nothing in them that was asked for.
    fn checked(self, at: Option<u32>) -> Result<Self, String> {
        if self.histories.is_empty() {
            return Err(self.errors.into_iter().next().unwrap_or_else(|| "there are no versions".to_owned()));
        }
        for history in &self.histories {
            if let Some(at) = at.filter(|&at| at != history.at) {
                let count = history.versions.len();
                let why = if at == 0 || at as usize > count {
                    format!("there are {count}")
                } else {
                    "it has no text".to_owned()
                };
                return Err(format!("at is {at}: `{}` cannot be told at that version; {why}", history.id));
            }
        }
        Ok(self)
    }
}

#[pymethods]
impl Histories {
    /// What could not be read, a line each.
    #[getter]
    fn errors(&self) -> Vec<String> {
        self.errors.clone()
    }

    /// What is odd about the order or the dates of versions, a line each.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// Returns the text that document number `index` is told of, from 0.
    fn text(&self, index: usize) -> Option<&str> {
        self.histories.get(index).map(|history| history.text.as_str())
    }

    /// Returns the histories in one of the command line's formats.
    #[pyo3(signature = (format="terminal", *, tokens=false, blame=None, width=None))]
    fn report(
        &self,
        py: Python<'_>,
        format: &str,
        tokens: bool,
        blame: Option<&str>,
        width: Option<usize>,
    ) -> PyResult<String> {
        let Some(found) = history_format(format) else {
            let known = HISTORIES.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
            return Err(PyValueError::new_err(format!("no format is called {format:?}; there are {known}")));
        };
        let blame = match blame {
            None => Blame::None,
            Some("paragraph") => Blame::Paragraph,
            Some("word") => Blame::Word,
            Some(other) => {
                return Err(PyValueError::new_err(format!("blame is {other:?}; write paragraph or word")));
            }
        };
        let width = width.unwrap_or(Layout::WIDTH).max(Layout::NARROWEST);
        let settings = HistorySettings { layout: Layout { width, ..Layout::default() }, tokens, blame };
        let out = py.detach(|| {
            let mut out = Vec::new();
            found.begin(&settings, &mut out)?;
            for (index, history) in self.histories.iter().enumerate() {
                found.document(history, index, &settings, &mut out)?;
            }
            found.end(self.histories.len(), &settings, &mut out)?;
            Ok::<_, std::io::Error>(out)
        })?;
        String::from_utf8(out).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn __len__(&self) -> usize {
        self.histories.len()
    }
}
