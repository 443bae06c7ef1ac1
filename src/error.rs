//! What can go wrong outside: one variant per stage that can fail.

use std::fmt;
use std::sync::Arc;

/// An error of the library: a stage that touches the outside world could not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file, or a part of one, could not be read as documents.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A setting is wrong: an unknown rule, a level that is none.
    #[error("{0}")]
    Config(String),
    /// An index could not be opened, asked or written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A report could not be written.
    #[error("cannot write the report: {0}")]
    Report(String),
}

/// A file, or a part of one, that could not be read as documents. What else could be read, was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadError {
    /// The path as given or walked.
    pub path: Arc<str>,
    /// 1-based line, where one is known.
    pub line: Option<u64>,
    /// 1-based column in Unicode scalar values, where one is known.
    pub column: Option<u64>,
    /// What is wrong and, where there is something to do, what to do.
    pub message: String,
}

impl ReadError {
    /// Returns an error about the whole of `path`.
    #[must_use]
    pub fn new(path: &Arc<str>, message: impl Into<String>) -> Self {
        Self { path: Arc::clone(path), line: None, column: None, message: message.into() }
    }

    /// Returns the same error with a place, both 1-based.
    #[must_use]
    pub const fn at(mut self, line: u64, column: u64) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ReadError {}

/// An index that could not be opened, asked or written. What was committed before stays in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", path.display())]
pub struct IndexError {
    /// The index's file.
    pub path: std::path::PathBuf,
    /// What is wrong and, where there is something to do, what to do.
    pub message: String,
}
