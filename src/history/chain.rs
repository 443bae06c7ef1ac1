//! The versions of one document, taken in one at a time.

use super::{History, HistoryOptions};
use crate::document::Snapshot;

/// Takes the versions of one document, oldest first.
pub struct Chain {
    options: HistoryOptions,
    history: History,
}

impl Chain {
    /// Returns a chain without versions for the document called `id`.
    #[must_use]
    pub fn new(id: &str, options: &HistoryOptions) -> Self {
        let history = History { id: id.to_owned(), ..History::default() };
        Self { options: options.clone(), history }
    }

    /// Takes the next version, and with it its document.
    pub fn push(&mut self, snapshot: &mut Snapshot) {
        let _ = snapshot.document.take();
    }

    /// Returns the history of what was pushed.
    #[must_use]
    pub fn finish(self) -> History {
        let _ = self.options;
        self.history
    }
}
