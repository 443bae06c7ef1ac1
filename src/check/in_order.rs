//! Workers that finish at any time bring in what they have in the order of their work.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Locks `mutex`, whatever became of a thread that held it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets workers at a value in the order of their numbers.
pub(super) struct InOrder<T> {
    state: Mutex<(T, u64, bool)>,
    turn: Condvar,
}

impl<T> InOrder<T> {
    pub const fn new(value: T) -> Self {
        Self { state: Mutex::new((value, 0, false)), turn: Condvar::new() }
    }

    /// Waits until all numbers before `number` have been here, then runs `then`. Returns false, without
    /// running it, when a worker died and its number will never come.
    pub fn in_turn(&self, number: u64, then: impl FnOnce(&mut T)) -> bool {
        let waiting = |state: &mut (T, u64, bool)| state.1 != number && !state.2;
        let state = self.turn.wait_while(lock(&self.state), waiting);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        if state.2 {
            return false;
        }
        then(&mut state.0);
        state.1 += 1;
        drop(state);
        self.turn.notify_all();
        true
    }

    pub fn into_inner(self) -> T {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Wakes the other workers when this one panics, so that they stop instead of waiting for it.
pub(super) struct Alarm<'a, T>(pub &'a InOrder<T>);

impl<T> Drop for Alarm<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(&self.0.state).2 = true;
            self.0.turn.notify_all();
        }
    }
}
