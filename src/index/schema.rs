//! The file: an SQLite database with our mark in its header, its tables, and how it is opened.
//!
//! docs/index-format.md describes the tables for people and other programs.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::reading::{self, Stamp};
use super::runs::Trouble;
use super::terms::Terms;
use crate::error::IndexError;

/// `CpyD` in the header of the file: what `file` and SQLite call the application id.
pub const APPLICATION_ID: i32 = 0x4370_7944;
/// The version of the tables.
pub const FORMAT: i32 = 3;
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);

/// The tables. `{s}` is the schema: `main`, or `temp` for a run that records nothing.
const TABLES: &str = "
CREATE TABLE {s}.items (
  number INTEGER PRIMARY KEY,
  id TEXT, url TEXT, path TEXT NOT NULL, record INTEGER NOT NULL, offset INTEGER NOT NULL,
  title TEXT, author TEXT, published TEXT, updated TEXT,
  first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  content BLOB NOT NULL, whole BLOB NOT NULL, paragraphs BLOB NOT NULL, shingles INTEGER NOT NULL,
  article INTEGER NOT NULL, superseded INTEGER);
CREATE INDEX {s}.versions ON items (number, article) WHERE article <> number;
CREATE TABLE {s}.texts (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE {s}.sets (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE {s}.runs (
  run INTEGER PRIMARY KEY, kind INTEGER NOT NULL, bits INTEGER NOT NULL, postings INTEGER NOT NULL,
  first INTEGER NOT NULL, bound INTEGER NOT NULL, target INTEGER);
CREATE TABLE {s}.blocks (place INTEGER PRIMARY KEY, data BLOB NOT NULL);
";
const ONCE: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE common (shingle INTEGER PRIMARY KEY);
";

/// Turns SQLite's errors into ours.
#[derive(Clone, Debug)]
pub(super) struct Faults(pub PathBuf);

impl Faults {
    pub fn say(&self, message: impl Into<String>) -> IndexError {
        IndexError { path: self.0.clone(), message: message.into() }
    }

    /// What stands in the file is not what the index wrote.
    pub fn damaged(&self, what: &str) -> IndexError {
        self.say(format!(
            "the index is damaged ({what}): `copydesk index verify` says more; restore a copy, or make it \
             again with `copydesk index add`"
        ))
    }

    pub fn of(&self, error: rusqlite::Error) -> IndexError {
        let code = error.sqlite_error_code();
        let text = match &error {
            rusqlite::Error::SqliteFailure(_, Some(text)) => text.clone(),
            other => other.to_string(),
        };
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => self.say(self.busy()),
            Some(ErrorCode::DatabaseCorrupt) => self.damaged(&text),
            Some(ErrorCode::NotADatabase) => self.say("is not a copydesk index"),
            Some(ErrorCode::DiskFull) => {
                self.say("the disk is full: what was not on the disk was not taken in, what was there still is")
            }
            Some(ErrorCode::ReadOnly) => self.say("the index cannot be written: the file is read-only"),
            Some(ErrorCode::SystemIoFailure) => self.say(format!(
                "cannot be read or written ({text}): what was not on the disk was not taken in, what was there \
                 still is"
            )),
            Some(ErrorCode::CannotOpen) => self.say(format!("cannot be opened ({text})")),
            _ => self.damaged(&text),
        }
    }

    pub fn trouble(&self, trouble: Trouble) -> IndexError {
        match trouble {
            Trouble::Store(error) => self.of(error),
            Trouble::Damaged(what) => self.damaged(what),
        }
    }

    fn busy(&self) -> String {
        match fs::read_to_string(beside(&self.0, WRITER)) {
            Ok(who) if !who.trim().is_empty() => {
                format!("another process writes to it ({}): try again when it is done", who.trim())
            }
            _ => "another process writes to it: try again when it is done".to_owned(),
        }
    }
}

/// What SQLite keeps beside a database: what was committed and is not in it yet.
pub(super) const LOG: &str = "-wal";
/// By which processes agree on the log.
pub(super) const SHARED: &str = "-shm";
const ROLLBACK: &str = "-journal";
/// Where the process that writes says who it is.
pub(super) const WRITER: &str = "-writer";

/// The file beside the index at `path` whose name ends so.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Returns the file of the index at `path`, and those that SQLite and copydesk may keep beside it.
#[must_use]
pub fn files(path: &Path) -> [PathBuf; 5] {
    ["", LOG, SHARED, ROLLBACK, WRITER].map(|ending| beside(path, ending))
}

/// A connection, and what the file was like if nothing but that file is read.
pub(super) type Opened = (Connection, Option<Stamp>);

/// Opens the file at `path`; with `terms`, makes it where there is none.
pub(super) fn open(path: &Path, terms: Option<&Terms>, write: bool) -> Result<Opened, IndexError> {
    let faults = Faults(path.to_owned());
    let fresh = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(faults.say("is a folder, not an index")),
        Ok(metadata) => metadata.len() == 0,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(faults.say(format!("cannot be opened ({error})"))),
    };
    // A database without a table: one that a run was about to make when it was killed.
    let fresh = fresh || sniff(path, &faults)? == Sniffed::Empty;
    if fresh && (terms.is_none() || !write) {
        return Err(faults.say("there is no index: `copydesk index add` makes one"));
    }
    if !write {
        let (db, stamp) = reading::open(path, &faults)?;
        prepare(&db, None, &faults)?;
        return Ok((db, stamp));
    }
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if fresh {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let db = Connection::open_with_flags(path, flags).map_err(|error| faults.of(error))?;
    prepare(&db, terms, &faults)?;
    Ok((db, None))
}

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sniffed {
    Index,
    /// A database that nothing was ever put into.
    Empty,
}

/// Refuses what is no database, or another program's, before SQLite touches it.
fn sniff(path: &Path, faults: &Faults) -> Result<Sniffed, IndexError> {
    let mut head = [0; 108];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    if let Err(error) = read
        && error.kind() != std::io::ErrorKind::UnexpectedEof
    {
        return Err(faults.say(format!("cannot be opened ({error})")));
    }
    let number = |at: usize| {
        head.get(at..at + 4).and_then(<[u8]>::first_chunk).map_or(0, |bytes| i32::from_be_bytes(*bytes))
    };
    if !head.starts_with(b"SQLite format 3\0") {
        return Err(faults.say("is not a copydesk index"));
    }
    match (number(68), number(60)) {
        (APPLICATION_ID, _) => Ok(Sniffed::Index),
        // The first commit is still in the journal beside it.
        (0, 0) if journal(path) => Ok(Sniffed::Index),
        // No cell in the table of tables.
        (0, 0) if head[103] == 0 && head[104] == 0 => Ok(Sniffed::Empty),
        _ => Err(faults.say("is not a copydesk index")),
    }
}

fn journal(path: &Path) -> bool {
    fs::metadata(beside(path, LOG)).is_ok_and(|metadata| metadata.len() > 0)
}

fn prepare(db: &Connection, make: Option<&Terms>, faults: &Faults) -> Result<(), IndexError> {
    let fault = |error| faults.of(error);
    db.busy_timeout(PATIENCE).map_err(fault)?;
    // FULL: what was committed is on the disk. The cache: a look-up reads a page once, and room for more has to be
    // filled first.
    db.execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA temp_store = FILE;")
        .map_err(fault)?;
    db.set_prepared_statement_cache_capacity(64);
    if let Some(terms) = make {
        let version: i32 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(fault)?;
        if version == 0 {
            db.execute_batch("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;").map_err(fault)?;
            create(db, terms).map_err(fault)?;
        }
    }
    let version: i32 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(fault)?;
    let id: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(fault)?;
    if id != APPLICATION_ID {
        return Err(faults.say("is not a copydesk index"));
    }
    if version != FORMAT {
        return Err(faults.say(format!(
            "is an index of format {version}, and this copydesk reads format {FORMAT}: write it out with the \
             version that made it (`copydesk index export`), and take that into a new one (`copydesk index \
             import`)"
        )));
    }
    Ok(())
}

fn create(db: &Connection, terms: &Terms) -> rusqlite::Result<()> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    // Two may have begun at the same time.
    let version: i32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == 0 {
        db.execute_batch(&TABLES.replace("{s}", "main"))?;
        db.execute_batch(ONCE)?;
        for (key, value) in terms.written() {
            db.execute("INSERT INTO meta VALUES (?1, ?2)", (key, value))?;
        }
        db.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"
        ))?;
    }
    db.execute_batch("COMMIT")
}

/// Makes the tables of a run that records nothing, beside the index and gone with the connection.
pub(super) fn create_aside(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(&TABLES.replace("{s}", "temp"))
}
