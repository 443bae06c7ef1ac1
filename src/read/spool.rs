//! How can input that comes only once be read again?
//!
//! Whoever reads standard input, a pipe or a device for the first time keeps a copy on the way: in memory
//! up to [`IN_MEMORY`], beyond that in a temporary file without a name, which is gone when the program
//! ends, however it ends. Reading again reads the copy, and goes on where the first read stopped. So no
//! more is kept than was asked for, even of a stream without end.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::SpooledTempFile;

use super::compress::reason;

/// What is kept without a file, in bytes.
const IN_MEMORY: usize = 16 << 20;

/// Input that comes once, and what was kept of it.
pub struct Spool {
    origin: Origin,
    copy: Mutex<Copy>,
}

/// Where input that comes once comes from.
#[derive(Debug)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A pipe or a device.
    Path(PathBuf),
}

struct Copy {
    incoming: Incoming,
    kept: SpooledTempFile,
    length: u64,
    /// Where `kept` reads or writes next.
    position: u64,
}

enum Incoming {
    Unopened,
    Open(Box<dyn Read + Send>),
    Ended,
}

impl Spool {
    /// Returns a spool for `origin`, of which nothing is opened yet.
    pub fn new(origin: Origin) -> Self {
        let kept = SpooledTempFile::new(IN_MEMORY);
        Self { origin, copy: Mutex::new(Copy { incoming: Incoming::Unopened, kept, length: 0, position: 0 }) }
    }

    /// Returns a reader of the whole input from its beginning, however often it was read before.
    ///
    /// # Errors
    /// If the input cannot be opened.
    pub fn reader(self: &Arc<Self>) -> io::Result<SpoolReader> {
        let mut copy = self.copy();
        if matches!(copy.incoming, Incoming::Unopened) {
            copy.incoming = Incoming::Open(match &self.origin {
                Origin::Stdin => Box::new(io::stdin()),
                Origin::Path(path) => Box::new(File::open(path)?),
            });
        }
        Ok(SpoolReader { spool: Arc::clone(self), position: 0 })
    }

    fn copy(&self) -> MutexGuard<'_, Copy> {
        // A reader that panicked leaves the copy as it was before or after a whole read.
        self.copy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Copy {
    /// Moves to `position` of what is kept, unless that is where it stands.
    fn stand_at(&mut self, position: u64) -> io::Result<()> {
        if self.position != position {
            self.position = self.kept.seek(SeekFrom::Start(position))?;
        }
        Ok(())
    }

    fn read(&mut self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if position < self.length {
            self.stand_at(position)?;
            let read = self.kept.read(buffer)?;
            self.position += read as u64;
            return Ok(read);
        }
        if position > self.length {
            return Ok(0);
        }
        let Incoming::Open(incoming) = &mut self.incoming else { return Ok(0) };
        let read = incoming.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            self.incoming = Incoming::Ended;
        }
        self.keep(&buffer[..read]).map_err(|error| {
            io::Error::new(error.kind(), format!("no copy can be kept: {}", reason(&error)))
        })?;
        Ok(read)
    }

    fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stand_at(self.length)?;
        self.kept.write_all(bytes)?;
        self.length += bytes.len() as u64;
        self.position = self.length;
        Ok(())
    }
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// Reads what a spool has kept, and then what still comes. Several may read at once, each from its own
/// position.
#[derive(Debug)]
pub struct SpoolReader {
    spool: Arc<Spool>,
    position: u64,
}

impl SpoolReader {
    /// Moves to `position`, in bytes from the beginning. What nobody has read yet reads as the end.
    pub const fn move_to(&mut self, position: u64) {
        self.position = position;
    }
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.spool.copy().read(self.position, buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spool_of(incoming: impl Read + Send + 'static) -> Arc<Spool> {
        let spool = Spool::new(Origin::Stdin);
        spool.copy().incoming = Incoming::Open(Box::new(incoming));
        Arc::new(spool)
    }

    fn text(size: usize) -> Vec<u8> {
        b"the tide comes in\n".iter().copied().cycle().take(size).collect()
    }

    #[test]
    fn what_comes_once_is_read_twice() {
        for size in [0, 10, 100_000, IN_MEMORY, IN_MEMORY + 1] {
            let bytes = text(size);
            let spool = spool_of(io::Cursor::new(bytes.clone()));
            for _ in 0..2 {
                let mut again = Vec::new();
                spool.reader().expect("open").read_to_end(&mut again).expect("kept");
                assert!(again == bytes, "{size}");
            }
        }
    }

    #[test]
    fn readers_do_not_disturb_each_other() {
        let bytes = text(IN_MEMORY + 100);
        let spool = spool_of(io::Cursor::new(bytes.clone()));
        let (mut a, mut b) = (spool.reader().expect("open"), spool.reader().expect("open"));
        let (mut first, mut second) = (vec![0; IN_MEMORY + 50], vec![0; 30]);
        a.read_exact(&mut first).expect("kept");
        b.move_to(IN_MEMORY as u64 + 30);
        b.read_exact(&mut second).expect("kept");
        assert!(first[..] == bytes[..IN_MEMORY + 50]);
        assert!(second[..] == bytes[IN_MEMORY + 30..IN_MEMORY + 60]);
        let mut rest = Vec::new();
        a.read_to_end(&mut rest).expect("kept");
        assert!(rest[..] == bytes[IN_MEMORY + 50..]);
    }

    #[test]
    fn of_an_endless_stream_only_what_was_read_is_kept() {
        let spool = spool_of(io::repeat(b'y'));
        let mut buffer = [0; 1000];
        spool.reader().expect("open").read_exact(&mut buffer).expect("endless");
        assert_eq!((buffer, spool.copy().length), ([b'y'; 1000], 1000));
    }
}
