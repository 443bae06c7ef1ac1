//! How the commands about a whole corpus begin: look for files, read them, say what could not be read.

use copydesk::corpus::{GatherError, GatherOptions, gather};
use copydesk::corpus::{Gathered, Keeping, UnitKind};
use copydesk::read::walk::Found;

use crate::args::InputPlan;
use crate::progress::Bar;
use crate::stderr;

/// What is read for.
pub struct Reading {
    /// What counts as one unit.
    pub unit: UnitKind,
    /// What is kept of each.
    pub keeping: Keeping,
    /// How many threads work; 0 stands for as many as there are processors.
    pub threads: usize,
    /// How many bytes of memory it may take.
    pub memory_limit: u64,
    /// What else can be done where that is not enough.
    pub instead: &'static str,
}

impl Reading {
    /// Reads `found` as `plan` says, and prints what could not be read.
    ///
    /// # Errors
    ///
    /// One line about why reading was stopped.
    pub fn gather(&self, found: &Found, plan: &InputPlan, bar: &Bar) -> Result<Gathered, String> {
        if self.threads > 0 {
            // The join shares its work out over the pool of the process.
            let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build_global();
            pool.map_err(|error| format!("cannot start {} threads: {error}", self.threads))?;
        }
        let options = GatherOptions {
            unit: self.unit,
            keeping: self.keeping,
            read: plan.read.clone(),
            limits: plan.limits,
            threads: self.threads,
            memory_limit: self.memory_limit,
        };
        let gathered = gather(found, &options, bar).map_err(|error| {
            bar.finish();
            self.refused(&error)
        })?;
        bar.suspend(|| stderr::read_errors(&gathered.errors));
        Ok(gathered)
    }

    /// Returns what to say where memory did not do.
    pub fn refused(&self, error: &GatherError) -> String {
        match error {
            GatherError::TooMuch { .. } => format!("{error}: raise the limit, {}", self.instead),
            GatherError::Texts(_) => error.to_string(),
        }
    }

    /// Returns the most things of `size` bytes each that memory may hold.
    pub fn most(&self, size: usize) -> usize {
        usize::try_from(self.memory_limit).unwrap_or(usize::MAX) / size
    }

    /// Returns what to say where there are more pairs than memory may hold.
    pub fn too_many(&self) -> String {
        format!(
            "too many pairs for --memory-limit {}: raise the limit, the threshold, or {}",
            copydesk::read::volume::as_flag(self.memory_limit),
            self.instead
        )
    }
}
