//! Arrow record batches in and out, for engines: one batch of texts gives one batch of what is in them.
//!
//! What counts as a paragraph, a word or a shingle is decided by the functions that the command line uses. A
//! batch goes through the C data interface and is not copied; text may be `Utf8`, `LargeUtf8`, `Utf8View`, or
//! one of the three binary types where it holds UTF-8.

use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, Int64Builder, LargeStringBuilder, ListBuilder, StringBuilder, UInt32Builder,
};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BooleanArray, PrimitiveArray, RecordBatch};
use arrow_pyarrow::PyArrowType;
use arrow_schema::{ArrowError, DataType};
use copydesk::document::{Document, TextRange};
use copydesk::duplicates::near::shared;
use copydesk::fingerprint::{Fingerprinter, Profile, Shingler};
use copydesk::segment;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

type Batch = PyArrowType<RecordBatch>;

/// Why a batch cannot be read; names the column, and the row within the batch.
enum Wrong {
    Type(String),
    Value(String),
}

impl From<Wrong> for PyErr {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Type(message) => PyTypeError::new_err(message),
            Wrong::Value(message) => PyValueError::new_err(message),
        }
    }
}

impl From<ArrowError> for Wrong {
    fn from(error: ArrowError) -> Self {
        Self::Value(error.to_string())
    }
}

/// A column of texts.
struct Texts<'a> {
    name: &'a str,
    array: &'a ArrayRef,
}

impl<'a> Texts<'a> {
    fn new(batch: &'a RecordBatch, name: &'a str) -> Result<Self, Wrong> {
        let array = column(batch, name)?;
        match array.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {}
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {}
            other => return Err(Wrong::Type(format!("column {name:?} holds {other}, not text"))),
        }
        Ok(Self { name, array })
    }

    fn get(&self, row: usize) -> Result<&'a str, Wrong> {
        let Self { name, array } = *self;
        if array.is_null(row) {
            return Err(Wrong::Value(format!(
                "column {name:?}, row {row}: is null; fill it or leave the row out"
            )));
        }
        let bytes: &[u8] = match array.data_type() {
            DataType::Utf8 => return Ok(array.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => return Ok(array.as_string::<i64>().value(row)),
            DataType::Utf8View => return Ok(array.as_string_view().value(row)),
            DataType::Binary => array.as_binary::<i32>().value(row),
            DataType::LargeBinary => array.as_binary::<i64>().value(row),
            _ => array.as_binary_view().value(row),
        };
        std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            Wrong::Value(format!("column {name:?}, row {row}: is not UTF-8 at byte {at}; decode it first"))
        })
    }
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Wrong> {
    batch.column_by_name(name).ok_or_else(|| {
        let there: Vec<String> =
            batch.schema_ref().fields().iter().map(|field| format!("{:?}", field.name())).collect();
        Wrong::Value(format!("no column is called {name:?}; there are {}", there.join(", ")))
    })
}

/// The ids of documents: text stays text, whole numbers become 64-bit ones.
enum Ids<'a> {
    Text(Texts<'a>, StringBuilder),
    LargeText(Texts<'a>, LargeStringBuilder),
    Number(&'a str, Vec<Option<i64>>, Int64Builder),
}

impl<'a> Ids<'a> {
    fn new(batch: &'a RecordBatch, name: &'a str) -> Result<Self, Wrong> {
        let array = column(batch, name)?;
        let numbers = match array.data_type() {
            DataType::Int8 => whole(array.as_primitive::<Int8Type>()),
            DataType::Int16 => whole(array.as_primitive::<Int16Type>()),
            DataType::Int32 => whole(array.as_primitive::<Int32Type>()),
            DataType::Int64 => whole(array.as_primitive::<Int64Type>()),
            DataType::UInt8 => whole(array.as_primitive::<UInt8Type>()),
            DataType::UInt16 => whole(array.as_primitive::<UInt16Type>()),
            DataType::UInt32 => whole(array.as_primitive::<UInt32Type>()),
            DataType::UInt64 => whole(array.as_primitive::<UInt64Type>()),
            DataType::LargeUtf8 => {
                return Ok(Self::LargeText(Texts::new(batch, name)?, LargeStringBuilder::new()));
            }
            DataType::Utf8 | DataType::Utf8View => {
                return Ok(Self::Text(Texts::new(batch, name)?, StringBuilder::new()));
            }
            other => {
                return Err(Wrong::Type(format!(
                    "column {name:?} holds {other}; an id is text or a whole number"
                )));
            }
        };
        Ok(Self::Number(name, numbers, Int64Builder::new()))
    }

    /// Writes the id of `row` once more.
    fn push(&mut self, row: usize) -> Result<(), Wrong> {
        match self {
            Self::Text(texts, out) => out.append_value(texts.get(row)?),
            Self::LargeText(texts, out) => out.append_value(texts.get(row)?),
            Self::Number(name, numbers, out) => {
                let number = numbers.get(row).copied().flatten().ok_or_else(|| {
                    Wrong::Value(format!(
                        "column {name:?}, row {row}: is null, or above 2^63; an id is neither"
                    ))
                })?;
                out.append_value(number);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(_, out) => Arc::new(out.finish()),
            Self::LargeText(_, out) => Arc::new(out.finish()),
            Self::Number(_, _, out) => Arc::new(out.finish()),
        }
    }
}

/// The numbers of a column; `None` for null and for what no 64-bit integer holds.
fn whole<T: arrow_array::ArrowPrimitiveType>(array: &PrimitiveArray<T>) -> Vec<Option<i64>>
where
    T::Native: TryInto<i64>,
{
    array.iter().map(|value| value.and_then(|value| value.try_into().ok())).collect()
}

/// Cuts texts into blocks; keeps its buffers.
#[derive(Default)]
struct Cutter(Document);

impl Cutter {
    fn cut(&mut self, name: &str, row: usize, text: &str) -> Result<&Document, Wrong> {
        if u32::try_from(text.len()).is_err() {
            return Err(Wrong::Value(format!("column {name:?}, row {row}: has more than 4 GiB")));
        }
        self.0.clear();
        self.0.text.push_str(text);
        segment::blocks_and_markup(&self.0.text, &mut self.0.blocks, &mut self.0.markup);
        Ok(&self.0)
    }
}

/// What is looked at of each text.
#[derive(Clone, Copy)]
enum Unit {
    /// All of it, without markup.
    Document,
    /// Its paragraphs, without markup.
    Paragraph,
    /// All of it as it stands: it is a unit already.
    Text,
}

impl Unit {
    fn named(name: &str) -> PyResult<Self> {
        match name {
            "document" => Ok(Self::Document),
            "paragraph" => Ok(Self::Paragraph),
            "text" => Ok(Self::Text),
            other => {
                Err(PyValueError::new_err(format!("unit is {other:?}; write document, paragraph or text")))
            }
        }
    }
}

/// Gives `take` every unit of every row: the row, the paragraph's number (0 for a whole document), and its text
/// without markup.
fn for_each_unit(
    texts: &Texts<'_>,
    rows: usize,
    unit: Unit,
    mut take: impl FnMut(usize, u32, &str) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    let mut cutter = Cutter::default();
    for row in 0..rows {
        if matches!(unit, Unit::Text) {
            take(row, 0, texts.get(row)?)?;
            continue;
        }
        let document = cutter.cut(texts.name, row, texts.get(row)?)?;
        match unit {
            Unit::Text => {}
            Unit::Document => {
                take(row, 0, &document.reading(TextRange::new(0, document.text.len() as u32)))?;
            }
            Unit::Paragraph => {
                for (block, number) in document.blocks.iter().zip(1..) {
                    take(row, number, &document.reading(block.range))?;
                }
            }
        }
    }
    Ok(())
}

fn made(columns: Vec<(&str, ArrayRef)>) -> Result<Batch, Wrong> {
    Ok(PyArrowType(RecordBatch::try_from_iter(columns)?))
}

/// Returns the paragraphs of a batch of texts, one a row: document, paragraph (from 1), kind, counts, start and
/// end (bytes of the text), digest, words.
#[pyfunction]
#[pyo3(signature = (batch, *, text="text", id="id", profile="standard"))]
pub fn paragraphs(py: Python<'_>, batch: Batch, text: &str, id: &str, profile: &str) -> PyResult<Batch> {
    let profile = Profile::named(profile)
        .ok_or_else(|| PyValueError::new_err(format!("no profile is called {profile:?}")))?;
    py.detach(|| {
        let batch = batch.0;
        let (texts, mut ids) = (Texts::new(&batch, text)?, Ids::new(&batch, id)?);
        let (mut number, mut start, mut end) =
            (UInt32Builder::new(), UInt32Builder::new(), UInt32Builder::new());
        let (mut kind, mut digest, mut count) =
            (StringBuilder::new(), BinaryBuilder::new(), UInt32Builder::new());
        let mut counts = Vec::new();
        let mut printer = Fingerprinter::new(profile);
        let mut cutter = Cutter::default();
        for row in 0..batch.num_rows() {
            let document = cutter.cut(text, row, texts.get(row)?)?;
            for (block, paragraph) in document.blocks.iter().zip(1..) {
                ids.push(row)?;
                number.append_value(paragraph);
                kind.append_value(block.kind.name());
                counts.push(block.kind.counts());
                start.append_value(block.range.start);
                end.append_value(block.range.end);
                let words = segment::words(printer.normalize(&document.reading(block.range))).count();
                digest.append_value(printer.digest_of_form().0);
                count.append_value(u32::try_from(words).unwrap_or(u32::MAX));
            }
        }
        made(vec![
            ("document", ids.finish()),
            ("paragraph", Arc::new(number.finish())),
            ("kind", Arc::new(kind.finish())),
            ("counts", Arc::new(BooleanArray::from(counts))),
            ("start", Arc::new(start.finish())),
            ("end", Arc::new(end.finish())),
            ("digest", Arc::new(digest.finish())),
            ("words", Arc::new(count.finish())),
        ])
    })
    .map_err(|wrong: Wrong| wrong.into())
}

/// Returns a batch of texts as wholes, one a row: document, digest of the normal form (null without a word),
/// words, bytes.
#[pyfunction]
#[pyo3(signature = (batch, *, text="text", id="id", profile="standard"))]
pub fn documents(py: Python<'_>, batch: Batch, text: &str, id: &str, profile: &str) -> PyResult<Batch> {
    let profile = Profile::named(profile)
        .ok_or_else(|| PyValueError::new_err(format!("no profile is called {profile:?}")))?;
    py.detach(|| {
        let batch = batch.0;
        let (texts, mut ids) = (Texts::new(&batch, text)?, Ids::new(&batch, id)?);
        let (mut digest, mut count, mut bytes) =
            (BinaryBuilder::new(), UInt32Builder::new(), UInt32Builder::new());
        let mut printer = Fingerprinter::new(profile);
        for_each_unit(&texts, batch.num_rows(), Unit::Document, |row, _, text| {
            ids.push(row)?;
            let words = segment::words(printer.normalize(text)).count();
            // What has no word is nobody's copy.
            digest.append_option((words > 0).then(|| printer.digest_of_form().0));
            count.append_value(u32::try_from(words).unwrap_or(u32::MAX));
            bytes.append_value(u32::try_from(text.len()).unwrap_or(u32::MAX));
            Ok(())
        })?;
        made(vec![
            ("document", ids.finish()),
            ("digest", Arc::new(digest.finish())),
            ("words", Arc::new(count.finish())),
            ("bytes", Arc::new(bytes.finish())),
        ])
    })
    .map_err(|wrong: Wrong| wrong.into())
}

/// Returns the units of a batch of texts, one a row: document, paragraph (0 for a whole document), text without
/// markup.
#[pyfunction]
#[pyo3(signature = (batch, *, text="text", id="id", unit="document"))]
pub fn units(py: Python<'_>, batch: Batch, text: &str, id: &str, unit: &str) -> PyResult<Batch> {
    let unit = Unit::named(unit)?;
    py.detach(|| {
        let batch = batch.0;
        let (texts, mut ids) = (Texts::new(&batch, text)?, Ids::new(&batch, id)?);
        let (mut number, mut out) = (UInt32Builder::new(), LargeStringBuilder::new());
        for_each_unit(&texts, batch.num_rows(), unit, |row, paragraph, text| {
            ids.push(row)?;
            number.append_value(paragraph);
            out.append_value(text);
            Ok(())
        })?;
        made(vec![
            ("document", ids.finish()),
            ("paragraph", Arc::new(number.finish())),
            ("text", Arc::new(out.finish())),
        ])
    })
    .map_err(|wrong: Wrong| wrong.into())
}

/// The different shingles of one text after the other, sorted.
struct Sets {
    shingler: Shingler,
    set: Vec<u64>,
}

impl Sets {
    fn new(k: usize) -> PyResult<Self> {
        if k == 0 {
            return Err(PyValueError::new_err("k is 0; a shingle has at least one word"));
        }
        Ok(Self { shingler: Shingler::new(k), set: Vec::new() })
    }

    fn of(&mut self, text: &str) -> &[u64] {
        self.set.clear();
        self.shingler.shingle(text, &mut self.set);
        self.set.sort_unstable();
        self.set.dedup();
        &self.set
    }
}

/// Returns the different shingles of a batch of texts, one a row: document, paragraph (0 for a whole document),
/// shingle (64-bit hash as a signed number).
#[pyfunction]
#[pyo3(signature = (batch, k=3, *, text="text", id="id", unit="document"))]
pub fn shingles(py: Python<'_>, batch: Batch, k: usize, text: &str, id: &str, unit: &str) -> PyResult<Batch> {
    let (mut sets, unit) = (Sets::new(k)?, Unit::named(unit)?);
    py.detach(|| {
        let batch = batch.0;
        let (texts, mut ids) = (Texts::new(&batch, text)?, Ids::new(&batch, id)?);
        let (mut number, mut out) = (UInt32Builder::new(), Int64Builder::new());
        for_each_unit(&texts, batch.num_rows(), unit, |row, paragraph, text| {
            for &shingle in sets.of(text) {
                ids.push(row)?;
                number.append_value(paragraph);
                out.append_value(shingle.cast_signed());
            }
            Ok(())
        })?;
        made(vec![
            ("document", ids.finish()),
            ("paragraph", Arc::new(number.finish())),
            ("shingle", Arc::new(out.finish())),
        ])
    })
    .map_err(|wrong: Wrong| wrong.into())
}

/// Returns the shingle set of each text of a batch, one a row: document, paragraph (0 for a whole document),
/// key (equal for equal sets; 32 bytes), shingles (a list, sorted as unsigned numbers).
///
/// A text without words has no row: it matches nothing.
#[pyfunction]
#[pyo3(signature = (batch, k=3, *, text="text", id="id", unit="document"))]
pub fn shingle_sets(
    py: Python<'_>,
    batch: Batch,
    k: usize,
    text: &str,
    id: &str,
    unit: &str,
) -> PyResult<Batch> {
    let (mut sets, unit) = (Sets::new(k)?, Unit::named(unit)?);
    py.detach(|| {
        let batch = batch.0;
        let (texts, mut ids) = (Texts::new(&batch, text)?, Ids::new(&batch, id)?);
        let (mut number, mut key) = (UInt32Builder::new(), BinaryBuilder::new());
        let mut out = ListBuilder::new(Int64Builder::new());
        for_each_unit(&texts, batch.num_rows(), unit, |row, paragraph, text| {
            let set = sets.of(text);
            if set.is_empty() {
                return Ok(());
            }
            ids.push(row)?;
            number.append_value(paragraph);
            let mut hasher = blake3::Hasher::new();
            for &shingle in set {
                hasher.update(&shingle.to_le_bytes());
                out.values().append_value(shingle.cast_signed());
            }
            key.append_value(hasher.finalize().as_bytes());
            out.append(true);
            Ok(())
        })?;
        made(vec![
            ("document", ids.finish()),
            ("paragraph", Arc::new(number.finish())),
            ("key", Arc::new(key.finish())),
            ("shingles", Arc::new(out.finish())),
        ])
    })
    .map_err(|wrong: Wrong| wrong.into())
}

/// Returns for each row of a batch with two texts how many shingles both share, counted on the words: overlap,
/// left_shingles, right_shingles.
#[pyfunction]
#[pyo3(signature = (batch, k=3, *, left="left_text", right="right_text"))]
pub fn overlaps(py: Python<'_>, batch: Batch, k: usize, left: &str, right: &str) -> PyResult<Batch> {
    py.detach(|| {
        let batch = batch.0;
        let (lefts, rights) = (Texts::new(&batch, left)?, Texts::new(&batch, right)?);
        let mut overlap = UInt32Builder::new();
        let (mut left_shingles, mut right_shingles) = (UInt32Builder::new(), UInt32Builder::new());
        for row in 0..batch.num_rows() {
            let counts = shared(lefts.get(row)?, rights.get(row)?, k);
            overlap.append_value(counts.overlap);
            left_shingles.append_value(counts.left);
            right_shingles.append_value(counts.right);
        }
        made(vec![
            ("overlap", Arc::new(overlap.finish())),
            ("left_shingles", Arc::new(left_shingles.finish())),
            ("right_shingles", Arc::new(right_shingles.finish())),
        ])
    })
    .map_err(|wrong: Wrong| wrong.into())
}
