//! How far is the run? Told to whoever watches: the library itself prints nothing.

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading inputs, in bytes.
    Reading,
    /// Comparing what was read with each other, in units such as paragraphs.
    Joining,
    /// Reading again what is to be told, in shares of the inputs.
    Verifying,
    /// Writing what stays, in bytes.
    Writing,
}

/// Watches a run. Called from many threads, often: an implementation counts, and draws now and then.
pub trait Progress: Sync {
    /// Takes word that a phase begins, of which nothing is expected and done yet.
    fn begin(&self, phase: Phase) {
        let _ = phase;
    }

    /// Takes word that there is about so much more to do in this phase.
    fn expect(&self, more: u64) {
        let _ = more;
    }

    /// Takes word that so much more is done, and that `documents` more have been read.
    fn advance(&self, done: u64, documents: u64);

    /// Returns whether the run shall end before its time: nobody wants its result any more. It is asked
    /// between two pieces of the reading; what comes back then is not whole.
    fn stopped(&self) -> bool {
        false
    }

    /// Takes word of a trouble that the user may want to act on before the end; it is reported there, too.
    fn trouble(&self, message: &str) {
        let _ = message;
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn advance(&self, _done: u64, _documents: u64) {}
}
