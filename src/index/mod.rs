//! What have we seen before, over all runs?
//!
//! An [`Index`] is one file, an SQLite database ([`schema`]), that remembers items: what names them, when
//! they were seen, digests of their paragraphs, and the text of their last version. It is asked in batches
//! ([`Index::take`]): each [`Item`] gets an [`Answer`] (new, known, revised, a repeat or near repeat of an
//! item under another id), and is taken in. Nothing of it is loaded: a look-up reads the few pages it needs.
//!
//! Items are numbered in the order in which they are taken in, and an item is compared with those of lower
//! numbers only. So it does not matter where one batch ends and the next begins: the answers are those of
//! one batch over the same items.
//!
//! What stands where is kept in sorted [`runs`] of postings, three kinds: by name, by paragraph, and by the
//! first shingles of a set under one fixed order ([`order`]), which makes near repeats exact however many
//! items come later.
//!
//! All of a batch is one transaction: after a crash it is in the index whole or not at all. Many may read
//! while one writes.

mod answer;
pub mod codec;
mod identity;
mod item;
mod keep;
mod maintain;
mod order;
mod runs;
mod schema;
mod terms;
mod transfer;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use answer::{Answer, Asked, Older, RevisionTold, Shared, Status, day};
pub use item::{Item, Itemizer};
pub use maintain::{Stats, Verified};
pub use schema::{APPLICATION_ID, FORMAT};
pub use terms::Terms;
pub use transfer::{Imported, import};

use crate::error::IndexError;
use runs::Runs;
use schema::Faults;

/// What a run does with what it finds to be new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// Takes it in.
    On,
    /// Compares it with all that came before, and forgets it.
    Off,
}

/// An open index.
#[derive(Debug)]
pub struct Index {
    db: Connection,
    faults: Faults,
    terms: Terms,
    recording: Recording,
    /// Where items are looked for, and last where they are written.
    schemas: &'static [&'static str],
    runs: Runs,
    /// Shingles that stand at the end of the order; read when first asked for.
    common: Option<BTreeSet<u64>>,
    /// The number of the next item.
    next: u32,
    /// The first number that is not in the index but in the tables of a run that records nothing.
    aside_from: u32,
    /// In a run that records nothing: which items were superseded, by which, and how dates moved.
    superseded: BTreeMap<u32, u32>,
    moved: BTreeMap<u32, Option<String>>,
    /// Whether a transaction is open.
    began: bool,
}

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

    fn new(db: Connection, path: &Path, recording: Recording) -> Result<Self, IndexError> {
        let faults = Faults(path.to_owned());
        let terms = Terms::read(&db).map_err(|error| faults.of(error))?.map_err(|why| faults.say(why))?;
        let schemas: &[&str] = match recording {
            Recording::On => &["main"],
            Recording::Off => &["main", "temp"],
        };
        Ok(Self {
            db,
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
            began: false,
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
        if self.recording == Recording::Off {
            self.aside_from = self.next;
        }
        self.runs = Runs::load(&self.db, self.schemas).map_err(fault)?;
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
            return Ok(());
        }
        let done = self.db.execute_batch("COMMIT").map_err(|error| self.faults.of(error));
        if done.is_err() {
            self.roll_back();
        } else {
            self.ended();
        }
        done
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
        if self.recording == Recording::On {
            let _ = fs::remove_file(self.writer_file());
        }
    }

    fn writer_file(&self) -> PathBuf {
        schema::writer_file(self.path())
    }

    /// Where new rows go.
    fn target(&self) -> &'static str {
        self.schemas.last().copied().unwrap_or("main")
    }

    /// Where the rows of item `number` are.
    const fn home(&self, number: u32) -> &'static str {
        if number >= self.aside_from { "temp" } else { "main" }
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.roll_back();
    }
}
