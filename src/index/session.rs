//! How an index is opened, and how a batch begins and ends.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::runs::Runs;
use super::schema::{Faults, Opened};
use super::{Index, Recording, Terms, reading, schema};
use crate::error::IndexError;

impl Index {
    /// Opens the index at `path`, or makes one for `terms` where there is none and `recording` is on.
    ///
    /// # Errors
    ///
    /// If the file is no index, one of another version, damaged, made for other terms, or cannot be opened
    /// or made. An index of another version is never changed.
    pub fn open(path: &Path, terms: &Terms, recording: Recording) -> Result<Self, IndexError> {
        let db = schema::open(path, Some(terms), recording == Recording::On)?;
        let index = Self::new(db, path, recording)?;
        match index.terms.differ(terms) {
            Some(why) => Err(index.faults.say(why)),
            None => Ok(index),
        }
    }

    /// Opens the index at `path` whatever it was made for.
    ///
    /// # Errors
    ///
    /// As [`Index::open`], and if there is none.
    pub fn open_existing(path: &Path, recording: Recording) -> Result<Self, IndexError> {
        let db = schema::open(path, None, recording == Recording::On)?;
        Self::new(db, path, recording)
    }

    fn new((db, stamp): Opened, path: &Path, recording: Recording) -> Result<Self, IndexError> {
        let faults = Faults(path.to_owned());
        let terms = Terms::read(&db).map_err(|error| faults.of(error))?.map_err(|why| faults.say(why))?;
        let schemas: &[&str] = match recording {
            Recording::On => &["main"],
            Recording::Off => &["main", "temp"],
        };
        Ok(Self {
            db,
            stamp,
            faults,
            terms,
            recording,
            schemas,
            runs: Runs::default(),
            common: None,
            next: 1,
            aside_from: u32::MAX,
            superseded: BTreeMap::new(),
            moved: BTreeMap::new(),
            touched: BTreeMap::new(),
            named: Vec::new(),
            began: false,
            scope: None,
            run_from: 0,
        })
    }

    /// Returns what the index was made for.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Returns the index's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.faults.0
    }

    /// Returns the number that the next item gets: items below were there before.
    #[must_use]
    pub const fn next(&self) -> u32 {
        self.next
    }

    /// Begins a transaction. `who` names this process to others that want to write.
    ///
    /// # Errors
    ///
    /// If another process writes and does not end within five seconds.
    pub fn begin(&mut self, who: &str) -> Result<(), IndexError> {
        let fault = |error| self.faults.of(error);
        match self.recording {
            Recording::On => {
                self.db.execute_batch("BEGIN IMMEDIATE").map_err(fault)?;
                // Nothing but a message depends on it.
                let _ = fs::write(self.writer_file(), who);
            }
            Recording::Off => {
                if self.aside_from == u32::MAX {
                    schema::create_aside(&self.db).map_err(fault)?;
                }
                self.db.execute_batch("BEGIN").map_err(fault)?;
            }
        }
        self.began = true;
        // Numbers of items that were removed are not given again.
        let max = "SELECT max(coalesce((SELECT max(number) FROM main.items), 0), \
                   coalesce((SELECT CAST(value AS INTEGER) FROM main.meta WHERE key = 'removed-to'), 0))";
        let last: u32 = self.db.query_row(max, [], |row| row.get(0)).map_err(fault)?;
        self.next = last + 1;
        self.run_from = self.next;
        if self.recording == Recording::Off {
            self.aside_from = self.next;
        }
        self.runs = Runs::load(&self.db, self.schemas).map_err(fault)?;
        Ok(())
    }

    /// Begins a further transaction of one run: what was taken in before is still of it.
    ///
    /// # Errors
    ///
    /// As [`Index::begin`].
    pub fn go_on(&mut self, who: &str) -> Result<(), IndexError> {
        let run_from = self.run_from;
        self.begin(who)?;
        self.run_from = run_from;
        Ok(())
    }

    /// Ends the transaction: what was taken in since [`Index::begin`] is on the disk when this returns. A run
    /// that records nothing forgets it.
    ///
    /// # Errors
    ///
    /// If it could not be written; then nothing of it was taken in.
    pub fn commit(&mut self) -> Result<(), IndexError> {
        if self.recording == Recording::Off {
            self.roll_back();
            return match &self.stamp {
                Some(stamp) if *stamp != reading::stamp(self.path()) => Err(self
                    .faults
                    .say("was written while it was read, and may have been misread: run it again")),
                _ => Ok(()),
            };
        }
        let done = self.db.execute_batch("COMMIT").map_err(|error| self.faults.of(error));
        if done.is_err() {
            self.roll_back();
        } else {
            self.ended();
        }
        done
    }

    /// Returns whether there is a transaction to commit: what fails ends it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.began
    }

    /// Goes on with what [`Index::commit`] leaves to later ones, in transactions of its own, so that look-ups meet
    /// as few runs of postings as there can be. What is in the index stays as it is.
    ///
    /// # Errors
    ///
    /// If the index cannot be read or written, or another process writes.
    pub fn settle(&mut self, who: &str) -> Result<(), IndexError> {
        let mut more = self.recording == Recording::On;
        while more {
            self.begin(who)?;
            more = self.runs.settle(&self.db, "main").map_err(|trouble| self.faults.trouble(trouble))?;
            self.commit()?;
        }
        Ok(())
    }

    /// Ends the transaction, and nothing of it was taken in.
    pub fn roll_back(&mut self) {
        if self.began {
            // An error that ended the transaction has rolled it back already.
            let _ = self.db.execute_batch("ROLLBACK");
            self.ended();
        }
    }

    fn ended(&mut self) {
        self.began = false;
        self.touched.clear();
        self.named.clear();
        if self.recording == Recording::On {
            let _ = fs::remove_file(self.writer_file());
        }
    }

    fn writer_file(&self) -> PathBuf {
        schema::beside(self.path(), schema::WRITER)
    }

    /// Where new rows go.
    pub(super) fn target(&self) -> &'static str {
        self.schemas.last().copied().unwrap_or("main")
    }

    /// Where the rows of item `number` are.
    pub(super) const fn home(&self, number: u32) -> &'static str {
        if number >= self.aside_from { "temp" } else { "main" }
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.roll_back();
    }
}
