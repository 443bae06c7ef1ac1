//! The exit status: 0 nothing to report, 1 findings, 2 could not do all of the work. 2 beats 1.

use std::process::ExitCode;

/// How a run ended; ordered, the worst last, so that the greater of two is that of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Findings at or above `--fail-on`.
    Findings,
    /// Usage, a named input that is unreadable, a report that could not be written.
    Trouble,
}

impl Exit {
    /// Returns how a run ended that only had to write its output.
    pub const fn of(written: bool) -> Self {
        if written { Self::Clean } else { Self::Trouble }
    }

    /// Returns the number for the operating system.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Trouble => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
