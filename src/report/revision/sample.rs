//! Two small documents for the formats' tests.

use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{DiffOptions, diff};
use crate::document::{Document, Origin};
use crate::segment;

/// A document called `name`, with a title.
pub(super) fn document(name: &str, title: &str, text: &str) -> Document {
    let mut document = Document { text: text.to_owned(), ..Document::default() };
    document.origin = Origin { path: name.into(), format: "plaintext", ..Origin::default() };
    document.meta.title = Some(title.to_owned());
    segment::blocks(text, &mut document.blocks);
    document
}

const OLD: &str = "The ferry to the islands sank with 14 people aboard on a calm night.\n\n\
    Nobody knows yet why the pumps in the engine room failed so early.\n\n\
    A <b>rescue</b> boat reached the place after an hour \x1b[31mand\x07 found no one there.\n\n\
    The harbour office keeps a list of all who sail, as the law has it.\n";
const NEW: &str = "The ferry to the islands sank with 15 people aboard on a calm night.\n\n\
    A <b>rescue</b> boat reached the place after an hour \x1b[31mand\x07 found no one there.\n\n\
    Divers went down at first light.\n\n\
    The harbour office keeps a list of all who sail, as the law has it.\n\n\
    Nobody knows yet why the pumps in the engine room failed so early.\n";

/// What `format` writes about the sample.
pub(super) fn written(format: &dyn RevisionReporter) -> String {
    written_with(format, &RevisionSettings::default())
}

/// What `format` writes about the sample under `settings`.
pub(super) fn written_with(format: &dyn RevisionReporter, settings: &RevisionSettings) -> String {
    let (old, new) = (document("old.txt", "Ferry sinks", OLD), document("new.txt", "Ferry lost", NEW));
    let revision = diff(&old, &new, &DiffOptions::default());
    let mut out = Vec::new();
    format.write(&Told { revision: &revision, old: &old, new: &new }, settings, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
