//! How is a revision said? One file for each format.
//!
//! What formats share stands in `told`: which edits are shown and how each is described, and an edit's
//! text as runs that stayed, went and came.

mod criticmarkup;
mod html;
pub(super) mod json;
mod markdown;
#[cfg(test)]
mod sample;
mod side_by_side;
mod stat;
mod terminal;
pub(super) mod told;
mod unified;
pub(super) mod wrap;

use std::io;
use std::sync::Arc;

use super::Layout;
use crate::diff::{Revision, Significance};
use crate::document::Document;

/// Every format of `diff`, the default first.
pub static REVISIONS: &[&dyn RevisionReporter] = &[
    &terminal::Terminal,
    &side_by_side::SideBySide,
    &unified::Unified,
    &json::Json,
    &markdown::Markdown,
    &html::Html,
    &criticmarkup::CriticMarkup,
    &stat::Stat,
];

/// One format of `diff`.
pub trait RevisionReporter: Sync {
    /// Returns the format's name on the command line.
    fn name(&self) -> &'static str;

    /// Returns what the format is, in a few words, for `--help`.
    fn summary(&self) -> &'static str;

    /// Returns whether the format is a patch of lines, which is made of both files as they are stored.
    fn needs_stored_text(&self) -> bool {
        false
    }

    /// Writes the whole report.
    ///
    /// # Errors
    ///
    /// Those of `out`; what was written stays written.
    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()>;
}

/// A revision with the documents it leads from and to.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What changed.
    pub revision: &'a Revision,
    /// The document before.
    pub old: &'a Document,
    /// The document after.
    pub new: &'a Document,
}

/// How a revision is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionSettings {
    /// Colour and width.
    pub layout: Layout,
    /// How many unchanged paragraphs (lines, in a patch) are shown around a change.
    pub context: usize,
    /// Edits of this level and below are shown as if nothing had changed.
    pub ignore: Significance,
    /// The file that a patch changes; `None` for the path of the old document.
    pub file: Option<String>,
    /// What a patch is made of: the bytes of both files as they are stored; `None` where they are the texts.
    pub stored: Option<Arc<(Vec<u8>, Vec<u8>)>>,
}

impl Default for RevisionSettings {
    fn default() -> Self {
        Self { layout: Layout::default(), context: 1, ignore: Significance::None, file: None, stored: None }
    }
}

/// Returns the format called `name`.
#[must_use]
pub fn revision_format(name: &str) -> Option<&'static dyn RevisionReporter> {
    REVISIONS.iter().copied().find(|format| format.name() == name)
}
