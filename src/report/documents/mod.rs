//! How was a document read? One file for each format of `show`; documents are written one at a time, as
//! they are read.

mod json;
mod text;

use std::io;

use super::Layout;
use crate::document::Document;
use crate::error::ReadError;

/// Writes documents as they come.
pub trait DocumentsReport {
    /// Writes one document, read with its places.
    ///
    /// # Errors
    ///
    /// Those of the writer below.
    fn document(&mut self, document: &Document) -> io::Result<()>;

    /// Writes what belongs at the end, with what could not be read.
    ///
    /// # Errors
    ///
    /// Those of the writer below.
    fn finish(&mut self, errors: &[ReadError]) -> io::Result<()>;
}

/// One format of `show`.
pub trait DocumentsFormat: Sync {
    /// Returns the format's name on the command line.
    fn name(&self) -> &'static str;

    /// Returns what the format is, in a few words, for `--help`.
    fn summary(&self) -> &'static str;

    /// Returns a report that writes to `out`.
    fn start<'a>(&self, layout: &Layout, out: &'a mut dyn io::Write) -> Box<dyn DocumentsReport + 'a>;
}

/// Every format of `show`; the first is the default.
pub static DOCUMENTS: &[&dyn DocumentsFormat] = &[&text::Text, &json::Json];

/// Returns the format called `name`.
#[must_use]
pub fn documents_format(name: &str) -> Option<&'static dyn DocumentsFormat> {
    DOCUMENTS.iter().copied().find(|format| format.name() == name)
}
