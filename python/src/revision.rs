//! `copydesk.diff`: a revision as Python sees it.

use std::sync::Arc;

use copydesk::diff::{DiffOptions, Granularity, Significance, WordOp, diff as compare};
use copydesk::document::{Document, Origin, TextRange};
use copydesk::error::ReadError;
use copydesk::read::{Piece, ReadOptions, Sink, reader_named};
use copydesk::report::Layout;
use copydesk::report::revision::{REVISIONS, RevisionSettings, Told, revision_format};
use copydesk::segment;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::interrupt::interruptible;

/// Texts of fewer bytes together are compared on the calling thread: in a few tenths of a second nobody presses
/// Ctrl-C, and a thread of its own costs more than a short text does.
const SHORT: usize = 1 << 20;

/// What changed from one text to another.
#[pyclass(frozen, module = "copydesk")]
pub struct Revision {
    old: Document,
    new: Document,
    revision: copydesk::diff::Revision,
    edits: PyOnceLock<Py<PyList>>,
}

/// What became of one paragraph, or of the few that it was split into or merged from.
#[pyclass(frozen, get_all, module = "copydesk")]
pub struct Edit {
    kind: &'static str,
    moved: bool,
    rewritten: bool,
    block: Option<u32>,
    old: Py<PyTuple>,
    new: Py<PyTuple>,
    old_range: Option<(u32, u32)>,
    new_range: Option<(u32, u32)>,
    old_text: Option<String>,
    new_text: Option<String>,
    significance: &'static str,
    reasons: Py<PyTuple>,
    words: Py<PyList>,
}

#[pymethods]
impl Edit {
    fn __repr__(&self) -> String {
        let moved = if self.moved && self.kind != "move" { ", moved" } else { "" };
        let text = self.new_text.as_deref().or(self.old_text.as_deref()).unwrap_or_default();
        let mut words: String = text.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
        if text.split_whitespace().nth(8).is_some() {
            words.push('…');
        }
        format!("<Edit {}{moved}, {}: {words:?}>", self.kind, self.significance)
    }
}

/// A run of words that stayed, came or went.
#[pyclass(frozen, get_all, module = "copydesk")]
pub struct WordEdit {
    op: &'static str,
    old: (u32, u32),
    new: (u32, u32),
    text: String,
}

#[pymethods]
impl WordEdit {
    fn __repr__(&self) -> String {
        format!("<WordEdit {}: {:?}>", self.op, self.text)
    }
}

/// Compares two texts; each is a string, or a record as JSON.
#[pyfunction]
#[pyo3(signature = (old, new, *, records=(false, false), fields=Vec::new(), granularity="word"))]
pub fn diff(
    py: Python<'_>,
    old: PyBackedStr,
    new: PyBackedStr,
    records: (bool, bool),
    fields: Vec<(String, String)>,
    granularity: &str,
) -> PyResult<Revision> {
    let granularity =
        Granularity::ALL.into_iter().find(|known| known.name() == granularity).ok_or_else(|| {
            PyValueError::new_err(format!(
                "granularity is {granularity:?}; write paragraph, sentence or word"
            ))
        })?;
    let options = DiffOptions { granularity, ..DiffOptions::default() };
    let short = old.len() + new.len() < SHORT;
    let work = move || {
        let old = document("old", &old, records.0, &fields)?;
        let new = document("new", &new, records.1, &fields)?;
        let revision = compare(&old, &new, &options);
        Ok(Revision { old, new, revision, edits: PyOnceLock::new() })
    };
    let done: Result<Revision, String> =
        if short { py.detach(work) } else { interruptible(py, move |_| work())? };
    done.map_err(PyValueError::new_err)
}

/// Reads one of the two.
fn document(
    name: &'static str,
    text: &str,
    record: bool,
    fields: &[(String, String)],
) -> Result<Document, String> {
    if u32::try_from(text.len()).is_err() {
        return Err(format!("the {name} text has more than 4 GiB"));
    }
    if record {
        let options = ReadOptions {
            fields: copydesk::read::FieldMap { names: fields.to_vec() },
            ..ReadOptions::default()
        };
        let path = Arc::from(name);
        let piece = Piece { path: &path, bytes: text.as_bytes(), offset: 0, first_line: 1, named: true };
        let mut one = One::default();
        if let Some(reader) = reader_named("jsonl") {
            reader.read(&piece, &options, &mut one);
        }
        return match one {
            One { wrong: Some(wrong), .. } => Err(format!("the {name} record: {wrong}")),
            One { document: Some(document), .. } => Ok(document),
            One { .. } => Err(format!("the {name} record holds no text")),
        };
    }
    Ok(text_document(&Arc::from(name), text))
}

/// Returns a text as a document of its own, cut into blocks.
pub fn text_document(path: &Arc<str>, text: &str) -> Document {
    let mut document = Document {
        origin: Origin { path: Arc::clone(path), format: "plaintext", ..Origin::default() },
        text: text.to_owned(),
        ..Document::default()
    };
    segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
    document
}

/// Takes the one document of a piece.
#[derive(Default)]
struct One {
    document: Option<Document>,
    wrong: Option<String>,
}

impl Sink for One {
    fn document(&mut self, document: &mut Document) {
        self.document = Some(std::mem::take(document));
    }

    fn fault(&mut self, fault: ReadError) {
        self.wrong.get_or_insert(fault.message);
    }

    fn not_a_document(&mut self, why: &'static str) {
        self.wrong.get_or_insert(why.to_owned());
    }
}

#[pymethods]
impl Revision {
    /// The edits, in the order of the new text.
    #[getter]
    fn edits(&self, py: Python<'_>) -> PyResult<Py<PyList>> {
        let made = self.edits.get_or_try_init(py, || {
            let edits = self.revision.edits.iter().map(|edit| self.edit(py, edit));
            let edits: Vec<Edit> = edits.collect::<PyResult<_>>()?;
            PyList::new(py, edits.into_iter().map(|edit| Py::new(py, edit)).collect::<PyResult<Vec<_>>>()?)
                .map(Bound::unbind)
        })?;
        Ok(made.clone_ref(py))
    }

    /// The fields of the metadata that differ: name, old value, new value, significance.
    #[getter]
    fn metadata<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let fields = self.revision.metadata.iter().map(|edit| {
            let field = PyDict::new(py);
            field.set_item("field", edit.field)?;
            field.set_item("old", edit.old.as_deref())?;
            field.set_item("new", edit.new.as_deref())?;
            field.set_item("significance", edit.significance.name())?;
            field.set_item("reasons", names(&edit.reasons))?;
            Ok(field)
        });
        PyList::new(py, fields.collect::<PyResult<Vec<_>>>()?)
    }

    /// The counts.
    #[getter]
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let summary = &self.revision.summary;
        let out = PyDict::new(py);
        for (name, count) in [
            ("kept", u64::from(summary.kept)),
            ("inserted", summary.inserted.into()),
            ("deleted", summary.deleted.into()),
            ("modified", summary.modified.into()),
            ("moved", summary.moved.into()),
            ("split", summary.split.into()),
            ("merged", summary.merged.into()),
            ("words_added", summary.words_added),
            ("words_removed", summary.words_removed),
        ] {
            out.set_item(name, count)?;
        }
        out.set_item("similarity", self.similarity())?;
        Ok(out)
    }

    /// How much stayed, from 0 to 1.
    #[getter]
    fn similarity(&self) -> f64 {
        (self.revision.summary.similarity * 1e6).round() / 1e6
    }

    /// How much it matters: none, cosmetic, wording or substantive.
    #[getter]
    fn significance(&self) -> &'static str {
        self.revision.significance().name()
    }

    /// Whether the texts were too large to be compared word by word throughout.
    #[getter]
    fn degraded(&self) -> bool {
        self.revision.degraded
    }

    /// The text before.
    #[getter]
    fn old_text(&self) -> &str {
        &self.old.text
    }

    /// The text after.
    #[getter]
    fn new_text(&self) -> &str {
        &self.new.text
    }

    /// Returns the revision in one of the command line's formats.
    #[pyo3(signature = (format="terminal", *, context=None, ignore_cosmetic=false, width=None))]
    fn report(
        &self,
        format: &str,
        context: Option<usize>,
        ignore_cosmetic: bool,
        width: Option<usize>,
    ) -> PyResult<String> {
        let Some(found) = revision_format(format) else {
            let known = REVISIONS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
            return Err(PyValueError::new_err(format!("no format is called {format:?}; there are {known}")));
        };
        if found.needs_stored_text() && !(self.is_plain(&self.old) && self.is_plain(&self.new)) {
            return Err(PyValueError::new_err("a patch needs two texts, not records"));
        }
        let width = width.unwrap_or(Layout::WIDTH).max(Layout::NARROWEST);
        let settings = RevisionSettings {
            layout: Layout { width, ..Layout::default() },
            context: context.unwrap_or(if found.needs_stored_text() { 3 } else { 1 }),
            ignore: if ignore_cosmetic { Significance::Cosmetic } else { Significance::None },
            ..RevisionSettings::default()
        };
        let told = Told { revision: &self.revision, old: &self.old, new: &self.new };
        let mut out = Vec::new();
        found.write(&told, &settings, &mut out)?;
        String::from_utf8(out).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn __bool__(&self) -> bool {
        !self.revision.is_empty()
    }

    fn __len__(&self) -> usize {
        self.revision.edits.len()
    }
}

impl Revision {
    fn is_plain(&self, document: &Document) -> bool {
        document.origin.record.is_none()
    }

    fn edit(&self, py: Python<'_>, edit: &copydesk::diff::Edit) -> PyResult<Edit> {
        let text = |document: &Document, range: Option<TextRange>| {
            range.and_then(|range| document.text.get(range.as_usize())).map(str::to_owned)
        };
        let words = edit.words.iter().map(|word| {
            let (side, range) = match word.op {
                WordOp::Delete => (&self.old, word.old),
                WordOp::Equal | WordOp::Insert => (&self.new, word.new),
            };
            let text = side.text.get(range.as_usize()).unwrap_or_default().to_owned();
            Py::new(py, WordEdit { op: word.op.name(), old: pair(word.old), new: pair(word.new), text })
        });
        Ok(Edit {
            kind: edit.kind.name(),
            moved: edit.moved,
            rewritten: edit.rewritten,
            block: edit.block,
            old: PyTuple::new(py, &edit.old)?.unbind(),
            new: PyTuple::new(py, &edit.new)?.unbind(),
            old_range: edit.old_range.map(pair),
            new_range: edit.new_range.map(pair),
            old_text: text(&self.old, edit.old_range),
            new_text: text(&self.new, edit.new_range),
            significance: edit.significance.name(),
            reasons: PyTuple::new(py, names(&edit.reasons))?.unbind(),
            words: PyList::new(py, words.collect::<PyResult<Vec<_>>>()?)?.unbind(),
        })
    }
}

const fn pair(range: TextRange) -> (u32, u32) {
    (range.start, range.end)
}

fn names(reasons: &[copydesk::diff::Reason]) -> Vec<&'static str> {
    reasons.iter().map(|reason| reason.name()).collect()
}
