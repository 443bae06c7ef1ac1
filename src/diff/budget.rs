//! What a step may cost, in operations: never in seconds, so that output does not depend on speed.

/// Counts the operations of one revision's quadratic steps.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    left: u64,
    /// Whether a step asked for more than was left and a coarser one was taken.
    pub degraded: bool,
}

impl Budget {
    /// Returns a budget of `operations`.
    pub const fn new(operations: u64) -> Self {
        Self { left: operations, degraded: false }
    }

    /// Takes `operations` and returns true, or returns false where fewer are left: then the caller
    /// has another way that is as good.
    pub const fn take(&mut self, operations: u64) -> bool {
        if operations > self.left {
            return false;
        }
        self.left -= operations;
        true
    }

    /// Takes `operations` and returns true, or notes the loss of detail and returns false.
    pub const fn take_or_degrade(&mut self, operations: u64) -> bool {
        let enough = self.take(operations);
        self.degraded |= !enough;
        enough
    }
}
