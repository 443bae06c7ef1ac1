//! How does long work leave Python alive?
//!
//! It runs on a thread of its own without Python's lock, so that other threads of the interpreter go on, and
//! the calling thread asks now and then whether the user pressed Ctrl-C. If so, the call ends at once with
//! `KeyboardInterrupt`. The work is told to stop and does so at the next piece that it would read; a join
//! that is under way already runs to its end on its own thread, and its result is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use copydesk::progress::Progress;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// How often the calling thread looks for signals: a person does not notice a twentieth of a second.
const LOOK: Duration = Duration::from_millis(50);

/// Tells work that nobody waits for it any more.
#[derive(Debug, Default)]
pub struct Stop(AtomicBool);

impl Progress for Stop {
    fn advance(&self, _done: u64, _documents: u64) {}

    fn stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Returns what `work` does, without Python's lock.
///
/// # Errors
///
/// `KeyboardInterrupt`, or what another signal handler raises; `RuntimeError` where `work` panicked.
pub fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> PyResult<T> {
    let stop = Arc::new(Stop::default());
    let theirs = Arc::clone(&stop);
    let (send, mut receive) = sync_channel(1);
    thread::Builder::new().name("copydesk".to_owned()).spawn(move || {
        // Where the caller has gone there is nobody to take the result.
        let _ = send.send(work(&theirs));
    })?;
    loop {
        let (answer, again) = py.detach(move || (receive.recv_timeout(LOOK), receive));
        receive = again;
        match answer {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(raised) = py.check_signals() {
                    stop.0.store(true, Ordering::Relaxed);
                    return Err(raised);
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err(
                    "copydesk failed: this is a fault of copydesk, please report it",
                ));
            }
        }
    }
}
