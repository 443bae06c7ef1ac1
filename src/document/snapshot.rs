//! One version of a document, as the source of its history gives it.

use super::Document;

/// One version of a document: what it held, and what is said of the moment it was saved.
///
/// Readers of histories give these one at a time, oldest first, so that 15,000 versions of a long article
/// never have to be in memory at once.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// What tells this version from the others: the snapshot's `version`, the commit, the revision's number
    /// or the file's name.
    pub label: String,
    /// When it was saved, as the source writes it; `None` where the source does not say.
    pub time: Option<String>,
    /// Who saved it.
    pub author: Option<String>,
    /// What its author said of the change: the subject of the commit, the summary of the edit.
    pub comment: Option<String>,
    /// What the document held; `None` where the text is missing (deleted, suppressed), [`Snapshot::missing`]
    /// says why.
    ///
    /// Its blocks may be left out (`blocks` empty though the text is not), as dumps of a million revisions
    /// do: then the history splits the text itself, and only what it has not seen before.
    pub document: Option<Document>,
    /// Why there is no text; empty where there is one.
    pub missing: String,
    /// BLAKE3 of what was stored, so that versions can be known that are the same byte for byte: of the
    /// file's bytes (decompressed), or of the text where a record or a dump holds it. All zero where the
    /// text is missing.
    pub stored: [u8; 32],
}
