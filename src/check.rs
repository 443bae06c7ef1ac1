//! The one place that wires read, duplicates and lint: the main job, from paths to a [`Report`].

use crate::error::ReadError;
use crate::lint::{Finding, Selection, Settings, Severity};
use crate::read::ReadOptions;

/// What to check and how.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// Which rules are told, and how bad each is.
    pub selection: Selection,
    /// What counts.
    pub settings: Settings,
    /// How to read.
    pub read: ReadOptions,
    /// How many threads work; 0 stands for as many as there are processors.
    pub threads: usize,
}

/// What was checked and what was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The counts.
    pub summary: Summary,
    /// The findings: by input order of their places, then by rule.
    pub findings: Vec<Finding>,
    /// What could not be read, in input order.
    pub errors: Vec<ReadError>,
}

/// How much was checked, and how much was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files read as documents.
    pub files: u64,
    /// Documents in them.
    pub documents: u64,
    /// Blocks of the documents, all kinds.
    pub paragraphs: u64,
    /// Blocks of a kind that counts, left out because they have fewer words than asked for.
    pub too_short: u64,
    /// Walked files that are no documents.
    pub skipped: u64,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// Findings that are infos.
    pub infos: u64,
    /// Findings that the user allowed.
    pub suppressed: u64,
    /// Findings that a baseline lets through.
    pub baselined: u64,
    /// Inputs, or parts of them, that could not be read.
    pub unreadable: u64,
}

impl Summary {
    /// Counts one finding of `severity`.
    pub const fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}
