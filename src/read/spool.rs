//! How can input that comes only once be read again?
//!
//! Standard input, pipes and devices are kept whole before anything is read from them: in memory up to
//! [`IN_MEMORY`], beyond that in a temporary file without a name, which is gone when the program ends,
//! however it ends.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tempfile::{SpooledData, SpooledTempFile};

use super::compress::reason;

/// What is kept without a file, in bytes.
const IN_MEMORY: usize = 16 << 20;

/// How much is read before it is decided how much is worth keeping, in bytes: a first record is seen whole.
const HEAD: u64 = 1 << 20;

/// Input that comes once, and what was kept of it.
#[derive(Debug)]
pub struct Spool {
    origin: Origin,
    kept: OnceLock<Result<Kept, String>>,
}

/// Where input that comes once comes from.
#[derive(Debug)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A pipe or a device.
    Path(PathBuf),
}

#[derive(Debug)]
struct Kept {
    place: Place,
    length: u64,
    /// Whether there was more than was worth keeping: then the end is no end but an error.
    cut: bool,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    Disk(Mutex<File>),
}

impl Spool {
    /// Returns a spool for `origin`, of which nothing is read yet.
    pub const fn new(origin: Origin) -> Self {
        Self { origin, kept: OnceLock::new() }
    }

    /// Returns a reader of the whole input from its beginning. The first call waits for the input to end.
    ///
    /// `worth` is asked once, with the first bytes: how many bytes to keep at most. Who asks for whole
    /// files up to a limit need not keep an endless stream.
    ///
    /// # Errors
    /// If the input could not be read, or not be kept; the message says which.
    pub fn reader(self: &Arc<Self>, worth: &dyn Fn(&[u8]) -> u64) -> Result<SpoolReader, String> {
        let kept = self.kept.get_or_init(|| match &self.origin {
            Origin::Stdin => keep(&mut io::stdin().lock(), worth),
            Origin::Path(path) => match File::open(path) {
                Ok(mut file) => keep(&mut file, worth),
                Err(error) => Err(reason(&error)),
            },
        });
        match kept {
            Ok(_) => Ok(SpoolReader { spool: Arc::clone(self), position: 0 }),
            Err(message) => Err(message.clone()),
        }
    }
}

fn keep(incoming: &mut dyn Read, worth: &dyn Fn(&[u8]) -> u64) -> Result<Kept, String> {
    let unreadable = |error: io::Error| format!("cannot be read: {}", reason(&error));
    let unkept = |error: io::Error| format!("cannot be kept in a temporary file: {}", reason(&error));
    let mut head = Vec::new();
    incoming.take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    let whole = (head.len() as u64) < HEAD;
    let mut left = if whole { 0 } else { worth(&head).saturating_sub(head.len() as u64) };
    let mut ended = whole;
    let mut spool = SpooledTempFile::new(IN_MEMORY);
    spool.write_all(&head).map_err(unkept)?;
    let mut buffer = vec![0; 256 << 10];
    while left > 0 {
        let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = match incoming.read(&mut buffer[..most]) {
            Ok(0) => {
                ended = true;
                break;
            }
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        spool.write_all(&buffer[..read]).map_err(unkept)?;
        left -= read as u64;
    }
    let length = spool.seek(SeekFrom::End(0)).map_err(unkept)?;
    let place = match spool.into_inner() {
        SpooledData::InMemory(bytes) => Place::Memory(bytes.into_inner()),
        SpooledData::OnDisk(file) => Place::Disk(Mutex::new(file)),
    };
    Ok(Kept { place, length, cut: !ended })
}

/// Reads what a spool kept. Several may read at once, each from its own position.
#[derive(Debug)]
pub struct SpoolReader {
    spool: Arc<Spool>,
    position: u64,
}

impl SpoolReader {
    /// Returns the number of bytes kept.
    pub fn length(&self) -> u64 {
        self.kept().map_or(0, |kept| kept.length)
    }

    /// Moves to `position`, in bytes from the beginning.
    pub const fn move_to(&mut self, position: u64) {
        self.position = position;
    }

    fn kept(&self) -> Option<&Kept> {
        self.spool.kept.get()?.as_ref().ok()
    }
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(kept) = self.kept() else { return Ok(0) };
        let read = match &kept.place {
            Place::Memory(bytes) => {
                let from = usize::try_from(self.position).unwrap_or(usize::MAX).min(bytes.len());
                (&bytes[from..]).read(buffer)?
            }
            Place::Disk(file) => {
                // Whoever panicked holding the file left at most a wrong position, which is set anew.
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(self.position))?;
                file.read(buffer)?
            }
        };
        if read == 0 && !buffer.is_empty() && kept.cut {
            return Err(io::Error::other("there is more than --max-size lets be kept"));
        }
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spooled(bytes: &[u8], most: u64) -> Arc<Spool> {
        let kept = keep(&mut &*bytes, &|_| most);
        let spool = Spool::new(Origin::Stdin);
        spool.kept.set(kept).unwrap_or_default();
        Arc::new(spool)
    }

    fn text(size: usize) -> Vec<u8> {
        (0..size).map(|n| b"the tide comes in\n"[n % 18]).collect()
    }

    #[test]
    fn what_comes_once_is_read_twice() {
        for size in [0, 10, HEAD as usize, HEAD as usize + 1, IN_MEMORY, IN_MEMORY + 1] {
            let bytes = text(size);
            let spool = spooled(&bytes, u64::MAX);
            for _ in 0..2 {
                let mut reader = spool.reader(&|_| 0).expect("kept");
                assert_eq!(reader.length(), size as u64);
                let mut again = Vec::new();
                reader.read_to_end(&mut again).expect("kept");
                assert!(again == bytes, "{size}");
            }
        }
    }

    #[test]
    fn two_readers_of_one_file_do_not_disturb_each_other() {
        let bytes = text(IN_MEMORY + 100);
        let spool = spooled(&bytes, u64::MAX);
        let (mut a, mut b) = (spool.reader(&|_| 0).expect("kept"), spool.reader(&|_| 0).expect("kept"));
        b.move_to(IN_MEMORY as u64);
        let (mut first, mut second) = ([0; 50], [0; 50]);
        a.read_exact(&mut first).expect("kept");
        b.read_exact(&mut second).expect("kept");
        assert_eq!(first[..], bytes[..50]);
        assert_eq!(second[..], bytes[IN_MEMORY..IN_MEMORY + 50]);
        a.read_exact(&mut first).expect("kept");
        assert_eq!(first[..], bytes[50..100]);
    }

    #[test]
    fn an_endless_stream_is_kept_as_far_as_it_is_worth() {
        let kept = keep(&mut io::repeat(b'y'), &|_| 2 << 20).expect("kept");
        assert_eq!((kept.length, kept.cut), (2 << 20, true));
    }
}
