//! How is an index opened that is only read? So that nothing of ours stays beside it that its writer cannot write.
//!
//! SQLite keeps two files beside a database with a write-ahead log: `-wal`, what was committed and is not in the
//! file yet, and `-shm`, by which processes agree on it. Whoever may write the file opens it as a writer does, and
//! clears both away. Who may not would make them and could not clear them away; so the file is read as it
//! stands where all is in it, and else by the `-shm` of a writer that is at work.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::SystemTime;

use rusqlite::{Connection, OpenFlags};

use super::schema::{Faults, LOG, SHARED, beside};
use crate::error::IndexError;

/// What a file was like when it was opened to be read as it stands.
pub(super) type Stamp = (u64, Option<SystemTime>);

/// Opens the index at `path` to read it, and says what the file is like if nothing but that file is read.
pub(super) fn open(path: &Path, faults: &Faults) -> Result<(Connection, Option<Stamp>), IndexError> {
    let fault = |error| faults.of(error);
    if may_write(path) {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        return Connection::open_with_flags(path, flags).map(|db| (db, None)).map_err(fault);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let log = beside(path, LOG);
    if log.exists() && beside(path, SHARED).exists() {
        let db = Connection::open_with_flags(path, flags).map_err(fault)?;
        // What it takes to read is asked for only now.
        if db.query_row("PRAGMA schema_version", [], |_| Ok(())).is_ok() {
            return Ok((db, None));
        }
    }
    if fs::metadata(&log).is_ok_and(|metadata| metadata.len() > 0) {
        return Err(faults.say(format!(
            "what was taken in last stands in {}, which can be read only by who may write the index: let its owner run \
             `copydesk index stats` on it once, which clears that away",
            log.display()
        )));
    }
    let (stamp, flags) = (stamp(path), flags | OpenFlags::SQLITE_OPEN_URI);
    let db = Connection::open_with_flags(uri(path), flags).map_err(fault)?;
    Ok((db, Some(stamp)))
}

/// What the file at `path` is like.
pub(super) fn stamp(path: &Path) -> Stamp {
    fs::metadata(path).map_or((0, None), |metadata| (metadata.len(), metadata.modified().ok()))
}

/// Whether this process may write the file, and make others beside it.
fn may_write(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = OpenOptions::new().read(true).write(true).open(path);
    file.is_ok() && tempfile::tempfile_in(folder.unwrap_or(Path::new("."))).is_ok()
}

/// The file as SQLite reads it without a look at what stands beside it.
fn uri(path: &Path) -> OsString {
    let mut uri = String::from("file:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            b'\\' if cfg!(windows) => uri.push('/'),
            b':' if cfg!(windows) => uri.push(':'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    OsString::from(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_one_of_a_uri() {
        let all =
            [("a b/ü?.idx", "file:a%20b/%C3%BC%3F.idx?immutable=1"), ("/x#1%", "file:/x%231%25?immutable=1")];
        for (path, expected) in all {
            assert_eq!(uri(Path::new(path)), OsString::from(expected));
        }
    }
}
