//! How is a history said? One file for each format.

mod blame;
mod fold;
mod html;
mod json;
mod markdown;
#[cfg(test)]
mod sample;
mod spans;
mod terminal;
mod timeline;

use std::io;

use super::Layout;
use crate::history::{History, HistoryOptions};

/// Every format of `history`, the default first.
pub static HISTORIES: &[&dyn HistoryReporter] =
    &[&terminal::Terminal, &json::Json, &html::Html, &markdown::Markdown];

/// One format of `history`.
pub trait HistoryReporter: Sync {
    /// Returns the format's name on the command line.
    fn name(&self) -> &'static str;

    /// Returns what the format is, in a few words, for `--help`.
    fn summary(&self) -> &'static str;

    /// Asks for what the format tells of beyond the versions; leaves alone what others have asked for.
    fn needs(&self, _: &HistorySettings, _: &mut HistoryOptions) {}

    /// Writes what comes before the first document.
    ///
    /// # Errors
    ///
    /// Those of `out`; what was written stays written.
    fn begin(&self, _: &HistorySettings, _: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes one document's history; `index` counts documents from 0.
    ///
    /// # Errors
    ///
    /// Those of `out`; what was written stays written.
    fn document(
        &self,
        history: &History,
        index: usize,
        settings: &HistorySettings,
        out: &mut dyn io::Write,
    ) -> io::Result<()>;

    /// Writes what comes behind the last of `documents` documents.
    ///
    /// # Errors
    ///
    /// Those of `out`; what was written stays written.
    fn end(&self, _documents: usize, _: &HistorySettings, _: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}

/// How fine the blame is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blame {
    /// Not at all: the timeline.
    #[default]
    None,
    /// Each paragraph with the version that brought it.
    Paragraph,
    /// Each run of words with the version that brought it.
    Word,
}

/// How a history is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistorySettings {
    /// Colour and width.
    pub layout: Layout,
    /// Whether every word of the text is told (`--tokens`).
    pub tokens: bool,
    /// Whether, instead of the timeline, the origins of the text's passages are told.
    pub blame: Blame,
    /// Whether every version, and every change of substance that is kept, is told by itself (`--verbose`),
    /// and not what fits a screen or two.
    pub whole: bool,
}

/// Returns the format called `name`.
#[must_use]
pub fn history_format(name: &str) -> Option<&'static dyn HistoryReporter> {
    HISTORIES.iter().copied().find(|format| format.name() == name)
}
