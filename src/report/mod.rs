//! How is it said?
//!
//! Reports are written to any [`io::Write`](std::io::Write): [`findings`] for `check`, [`revision`] for
//! `diff`, [`history`] for `history`, [`documents`] for `show`, [`rules`] for `rules` and `explain`. Each
//! output format is one file and one line in its registry.
//!
//! Whatever comes from a document (excerpts, ids, titles, paths, and messages that quote them) passes
//! [`visible`] on its way to a text format and [`json`] on its way to JSON: no control character, escape
//! sequence, bidi override or workflow command of a document ever reaches a terminal or a CI log raw.

mod counted;
pub mod documents;
pub mod findings;
pub mod history;
pub mod json;
mod markup;
mod palette;
mod passage;
pub mod repository;
pub mod revision;
pub mod rules;
pub mod visible;
mod xml;

use std::fmt;

pub use palette::Palette;
pub use repository::Repository;

/// How a report is laid out for the place it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Whether text formats colour what they say (with ANSI escapes of their own).
    pub color: bool,
    /// Columns of a line of text; what does not fit is wrapped.
    pub width: usize,
    /// Whether text formats meant for people end with what was checked and how much was found.
    pub summary: bool,
    /// The repository that the checked paths lie in, where there is one: formats for platforms tell paths
    /// from its root.
    pub repository: Option<Repository>,
}

impl Layout {
    /// Columns of a line where there is no terminal to ask: a file, a pipe.
    pub const WIDTH: usize = 100;
    /// No line is laid out narrower.
    pub const NARROWEST: usize = 40;

    /// Returns the palette of this layout.
    #[must_use]
    pub const fn palette(&self) -> Palette {
        if self.color { Palette::COLORED } else { Palette::PLAIN }
    }
}

impl Default for Layout {
    fn default() -> Self {
        Self { color: false, width: Self::WIDTH, summary: true, repository: None }
    }
}

impl fmt::Debug for dyn findings::FindingsReporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
