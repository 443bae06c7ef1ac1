//! How do texts get from Python to the library?
//!
//! As the lines of a JSONL file in memory, so that they are read by the same reader, in the same pieces and
//! under the same rules as a file of records is.

use std::io::Write as _;
use std::sync::Arc;

use copydesk::document::Location;
use copydesk::read::input::Input;
use copydesk::read::reader_named;
use copydesk::read::walk::Found;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyList;

/// Records: line `n` holds row `n`, counted from 0.
#[pyclass(frozen, module = "copydesk._core")]
#[derive(Debug)]
pub struct Records {
    bytes: Arc<[u8]>,
    rows: usize,
}

#[pymethods]
impl Records {
    /// Makes a record of each text, with its id where there are ids.
    #[staticmethod]
    #[pyo3(signature = (texts, ids=None))]
    fn of_texts(
        py: Python<'_>,
        texts: &Bound<'_, PyList>,
        ids: Option<&Bound<'_, PyList>>,
    ) -> PyResult<Self> {
        let texts = strings(texts, "text")?;
        let ids = ids.map(|ids| strings(ids, "id")).transpose()?;
        let bytes = py.detach(|| {
            let mut bytes = Vec::with_capacity(texts.iter().map(|text| text.len() + 32).sum());
            for (row, text) in texts.iter().enumerate() {
                bytes.push(b'{');
                if let Some(id) = ids.as_ref().and_then(|ids| ids.get(row)) {
                    bytes.extend_from_slice(b"\"id\":");
                    serde_json::to_writer(&mut bytes, &**id)?;
                    bytes.push(b',');
                }
                bytes.extend_from_slice(b"\"text\":");
                serde_json::to_writer(&mut bytes, &**text)?;
                bytes.extend_from_slice(b"}\n");
            }
            Ok(bytes)
        });
        let bytes = bytes.map_err(|error: serde_json::Error| PyValueError::new_err(error.to_string()))?;
        Ok(Self { bytes: Arc::from(bytes), rows: texts.len() })
    }

    /// Takes records that are JSON already, each on one line.
    #[staticmethod]
    fn of_lines(lines: &Bound<'_, PyList>) -> PyResult<Self> {
        let lines = strings(lines, "record")?;
        let mut bytes = Vec::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
        for line in &lines {
            writeln!(bytes, "{line}")?;
        }
        Ok(Self { bytes: Arc::from(bytes), rows: lines.len() })
    }

    /// Returns record number `row` as it is written, from 0.
    fn line(&self, row: usize) -> Option<&str> {
        let line = self.bytes.split(|&byte| byte == b'\n').nth(row)?;
        std::str::from_utf8(line).ok()
    }

    fn __len__(&self) -> usize {
        self.rows
    }
}

/// The strings of a list; an error names the row that holds none.
fn strings(list: &Bound<'_, PyList>, what: &str) -> PyResult<Vec<PyBackedStr>> {
    let string = |(row, item): (usize, Bound<'_, PyAny>)| {
        item.extract::<PyBackedStr>().map_err(|error| {
            let why = error.value(item.py()).to_string();
            PyValueError::new_err(format!("row {row}: the {what} is no Unicode text: {why}"))
        })
    };
    list.iter().enumerate().map(string).collect()
}

impl Records {
    /// Returns the records as the one input of a run, called `name` in what is reported.
    pub fn found(&self, name: &str) -> Found {
        let mut input = Input::held(Arc::from(name), Arc::clone(&self.bytes));
        // A record that is no document is a fault, not a skip.
        input.named = true;
        let input = match reader_named("jsonl") {
            Some(reader) => input.read_by(reader),
            None => input,
        };
        Found { inputs: vec![input], ..Found::default() }
    }

    /// Returns the same bytes, to be held beside what was found in them.
    pub fn bytes(&self) -> Arc<[u8]> {
        Arc::clone(&self.bytes)
    }
}

/// Returns where a place stands in the string of its field, in characters; `None` where its field holds
/// something else than a string.
pub fn characters(records: &[u8], location: &Location) -> Option<(usize, usize)> {
    let [start, end] =
        [location.start.byte, location.end.byte].map(|byte| usize::try_from(byte).unwrap_or(0));
    let opening = opening_quote(records.get(..start)?)?;
    let string = records.get(opening + 1..end)?;
    let before = count(&string[..start - opening - 1]);
    Some((before, before + count(&string[start - opening - 1..])))
}

/// Where the string begins that goes on at the end of `line`.
fn opening_quote(line: &[u8]) -> Option<usize> {
    let mut at = line.len();
    while let Some(quote) = line[..at].iter().rposition(|&byte| byte == b'"') {
        let escapes = line[..quote].iter().rev().take_while(|&&byte| byte == b'\\').count();
        if escapes % 2 == 0 {
            let before = line[..quote].iter().rev().find(|byte| !byte.is_ascii_whitespace());
            return matches!(before, Some(b':' | b'[' | b',')).then_some(quote);
        }
        at = quote;
    }
    None
}

/// How many characters a part of a JSON string stands for.
fn count(escaped: &[u8]) -> usize {
    let (mut at, mut characters) = (0, 0);
    while let Some(&byte) = escaped.get(at) {
        match byte {
            b'\\' if escaped.get(at + 1) == Some(&b'u') => {
                // The second half of a surrogate pair is no character of its own.
                let low =
                    matches!(escaped.get(at + 2..at + 4), Some([b'd' | b'D', b'c'..=b'f' | b'C'..=b'F']));
                characters += usize::from(!low);
                at += 6;
            }
            b'\\' => {
                characters += 1;
                at += 2;
            }
            _ => {
                characters += usize::from(byte & 0xC0 != 0x80);
                at += 1;
            }
        }
    }
    characters
}
