//! How far is the run? Told to whoever watches: the library itself prints nothing.

/// Watches a run. Called from many threads, often: an implementation counts, and draws now and then.
pub trait Progress: Sync {
    /// Takes word that there are `bytes` more to read, as stored.
    fn expect(&self, bytes: u64) {
        let _ = bytes;
    }

    /// Takes word that `bytes` more, as stored, and `documents` more have been read.
    fn advance(&self, bytes: u64, documents: u64);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn advance(&self, _bytes: u64, _documents: u64) {}
}
