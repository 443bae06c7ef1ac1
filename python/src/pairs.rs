//! `copydesk.pairs`: the pairs that are nearly the same, as columns.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, UInt32Array};
use arrow_pyarrow::PyArrowType;
use copydesk::corpus::{GatherError, GatherOptions, Gathered, Keeping, UnitKind, gather};
use copydesk::duplicates::Threshold;
use copydesk::duplicates::cluster::Clusters;
use copydesk::duplicates::join::{Counts, Pair};
use copydesk::duplicates::near::Near;
use copydesk::read::input::Limits;
use copydesk::read::{FieldMap, ReadOptions};
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;

use crate::interrupt::{Stop, interruptible};
use crate::records::Records;

/// One side of a pair: the row of its text, and the number of the paragraph (0 for the whole text).
type Unit = (u32, u32);

/// Pairs of units, in the order of the input.
#[pyclass(frozen, module = "copydesk._core")]
pub struct PairTable {
    units: Vec<Unit>,
    pairs: Vec<Pair>,
    paragraphs: bool,
}

/// Returns every pair of records, or of their paragraphs, at or above a threshold.
#[pyfunction]
#[pyo3(signature = (records, *, k, threshold, unit, measure, fields, body_html, memory_limit, threads))]
#[expect(clippy::too_many_arguments, reason = "one for each option of the Python function")]
pub fn pairs(
    py: Python<'_>,
    records: &Records,
    k: usize,
    threshold: &str,
    unit: &str,
    measure: &str,
    fields: Vec<(String, String)>,
    body_html: Option<bool>,
    memory_limit: u64,
    threads: usize,
) -> PyResult<PairTable> {
    let threshold = threshold.parse::<Threshold>().map_err(PyValueError::new_err)?;
    if k == 0 {
        return Err(PyValueError::new_err("k is 0; a shingle has at least one word"));
    }
    let kind = unit_named(unit)?;
    let containment = match measure {
        "jaccard" => false,
        "containment" => true,
        other => {
            return Err(PyValueError::new_err(format!("measure is {other:?}; write jaccard or containment")));
        }
    };
    let options = GatherOptions {
        unit: kind,
        keeping: Keeping::Shingles { words: k, texts_in_memory: true },
        read: ReadOptions { fields: FieldMap { names: fields }, body_html, ..ReadOptions::default() },
        limits: Limits::default(),
        threads,
        memory_limit,
    };
    let found = records.found("texts");
    let work =
        move |stop: &Stop| -> Result<PairTable, Trouble> {
            let Gathered { corpus, shingled, errors, .. } =
                gather(&found, &options, stop).map_err(Trouble::from)?;
            if let Some(error) = errors.first() {
                let row =
                    error.line.map_or_else(String::new, |line| format!("row {}: ", line.saturating_sub(1)));
                return Err(Trouble::Input(format!("{row}{}", error.message)));
            }
            let units = corpus.units.iter().map(|unit| {
                let record = corpus.documents.get(unit.document as usize).and_then(|entry| entry.record);
                (record.unwrap_or(1).saturating_sub(1), unit.paragraph)
            });
            let units = units.collect();
            let near = Near::new(shingled, &corpus);
            let most = usize::try_from(memory_limit).unwrap_or(usize::MAX) / (2 * size_of::<Pair>());
            let too_many =
                || Trouble::Memory(format!("more than {most} pairs: raise memory_limit or the threshold"));
            let mut pairs = Vec::new();
            if containment {
                pairs = near.contained_pairs(threshold, most).ok_or_else(too_many)?;
            } else {
                let mut more = false;
                near.for_each_pair(threshold, |pair| {
                    if pairs.len() < most { pairs.push(pair) } else { more = true }
                });
                if more {
                    return Err(too_many());
                }
            }
            drop(near);
            Ok(PairTable { units, pairs, paragraphs: kind == UnitKind::Paragraph })
        };
    interruptible(py, move |stop| {
        // The join shares its work out over a pool of its own, of as many threads as were asked for.
        match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(|| work(stop)),
            Err(_) => work(stop),
        }
    })?
    .map_err(PyErr::from)
}

/// Why there are no pairs.
enum Trouble {
    Input(String),
    Memory(String),
}

impl From<GatherError> for Trouble {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::TooMuch { needed, limit } => Self::Memory(format!(
                "about {needed} bytes of memory would be needed, and memory_limit allows {limit}: raise memory_limit"
            )),
            GatherError::Texts(_) => Self::Input(error.to_string()),
        }
    }
}

impl From<Trouble> for PyErr {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Input(message) => PyValueError::new_err(message),
            Trouble::Memory(message) => PyMemoryError::new_err(message),
        }
    }
}

/// Returns the kind of unit called `name`.
pub fn unit_named(name: &str) -> PyResult<UnitKind> {
    match name {
        "document" => Ok(UnitKind::Document),
        "paragraph" => Ok(UnitKind::Paragraph),
        other => Err(PyValueError::new_err(format!("unit is {other:?}; write document or paragraph"))),
    }
}

#[pymethods]
impl PairTable {
    fn __len__(&self) -> usize {
        self.pairs.len()
    }

    /// Whether the units are paragraphs.
    #[getter]
    const fn paragraphs(&self) -> bool {
        self.paragraphs
    }

    /// Returns pair number `at`: both units, the overlap, and the sizes of both.
    fn pair(&self, at: usize) -> Option<(Unit, Unit, u32, u32, u32)> {
        let pair = self.pairs.get(at)?;
        let Counts { overlap, left, right } = pair.counts;
        Some((self.unit(pair.left), self.unit(pair.right), overlap, left, right))
    }

    /// Returns the connected groups of at least two units, each in the order of the input.
    fn clusters(&self, py: Python<'_>) -> Vec<Vec<Unit>> {
        py.detach(|| {
            let mut clusters = Clusters::new(u32::try_from(self.units.len()).unwrap_or(u32::MAX));
            self.pairs.iter().for_each(|pair| clusters.join(pair.left, pair.right));
            clusters
                .groups()
                .into_iter()
                .map(|group| group.into_iter().map(|unit| self.unit(unit)).collect())
                .collect()
        })
    }

    /// Returns the pairs as a record batch.
    fn batch(&self, py: Python<'_>) -> PyResult<PyArrowType<RecordBatch>> {
        let columns = py.detach(|| {
            let column = |of: &dyn Fn(&Pair) -> u32| -> ArrayRef {
                Arc::new(self.pairs.iter().map(of).collect::<UInt32Array>())
            };
            let ratio = self.pairs.iter().map(|pair| pair.counts.similarity().ratio());
            let mut columns = vec![("left", column(&|pair| self.unit(pair.left).0))];
            if self.paragraphs {
                columns.push(("left_paragraph", column(&|pair| self.unit(pair.left).1)));
            }
            columns.push(("right", column(&|pair| self.unit(pair.right).0)));
            if self.paragraphs {
                columns.push(("right_paragraph", column(&|pair| self.unit(pair.right).1)));
            }
            columns.push(("overlap", column(&|pair| pair.counts.overlap)));
            columns.push(("left_shingles", column(&|pair| pair.counts.left)));
            columns.push(("right_shingles", column(&|pair| pair.counts.right)));
            columns.push(("union", column(&|pair| pair.counts.similarity().union)));
            columns.push(("similarity", Arc::new(ratio.collect::<Float64Array>())));
            columns
        });
        let batch = RecordBatch::try_from_iter(columns);
        Ok(PyArrowType(batch.map_err(|error| PyValueError::new_err(error.to_string()))?))
    }
}

impl PairTable {
    fn unit(&self, unit: u32) -> Unit {
        self.units.get(unit as usize).copied().unwrap_or_default()
    }
}
