//! Which edits matter, and why?

use super::revision::{Edit, MetadataEdit, Reason, Significance};
use super::words::WordDiff;
use crate::document::{Document, Metadata, TextRange};

/// How much an edit matters, and why.
pub(super) struct Verdict {
    pub significance: Significance,
    pub reasons: Vec<Reason>,
}

pub(super) fn changed(_diff: &WordDiff, _edit: &Edit, _old: &Document, _new: &Document) -> Verdict {
    Verdict { significance: Significance::Wording, reasons: Vec::new() }
}

pub(super) fn passage(_edit: &Edit, _document: &Document, _range: TextRange) -> Verdict {
    Verdict { significance: Significance::Wording, reasons: Vec::new() }
}

pub(super) fn metadata(_old: &Metadata, _new: &Metadata) -> Vec<MetadataEdit> {
    Vec::new()
}
