//! Several files of lines written as one: a line end between two of them, one byte order mark, one encoding.

use std::io::{self, Write};
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::read::Piece;

/// What the bytes of the inputs go through on their way to the output.
pub(super) struct Joined<'o> {
    out: &'o mut dyn Write,
    /// The encoding that the user named.
    forced: Option<&'static Encoding>,
    /// The first input that holds anything, and its encoding.
    first: Option<(Arc<str>, &'static Encoding)>,
    /// The encoding of the input that is being written.
    encoding: &'static Encoding,
    /// Whether what is written now begins a line of its own.
    begins: bool,
    /// The last unit that was written; `None` before the first.
    last: Option<[u8; 2]>,
    /// Whether lines end in a carriage return and a line feed; `None` before the first end of a line.
    returns: Option<bool>,
}

impl<'o> Joined<'o> {
    pub(super) fn new(out: &'o mut dyn Write, forced: Option<&'static Encoding>) -> Self {
        Self { out, forced, first: None, encoding: UTF_8, begins: false, last: None, returns: None }
    }

    /// Begins the input whose first bytes `piece` are; returns how many of them are its byte order mark.
    ///
    /// # Errors
    ///
    /// The input is in another encoding than the first.
    pub(super) fn begin(&mut self, piece: &Piece<'_>) -> Result<usize, String> {
        self.begins = true;
        if piece.bytes.is_empty() {
            return Ok(0);
        }
        let (encoding, mark) = encoding(piece.bytes, self.forced);
        self.encoding = encoding;
        let (first, other) = self.first.get_or_insert_with(|| (Arc::clone(piece.path), encoding));
        if *other != encoding {
            return Err(format!(
                "is in {}, and {first} in {}: only files of one encoding become one file",
                encoding.name(),
                other.name()
            ));
        }
        Ok(mark)
    }

    /// Returns whether `piece` is the first that holds anything: its byte order mark is that of the output.
    pub(super) fn is_first(&self, piece: &Piece<'_>) -> bool {
        self.first.as_ref().is_none_or(|(first, _)| first == piece.path)
    }

    /// Writes bytes of the input that was begun last.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let unit = self.unit();
        self.returns = self.returns.or_else(|| self.find_returns(bytes));
        let feed = self.feed();
        if std::mem::take(&mut self.begins) && self.last.is_some_and(|last| last[..unit] != feed[..unit]) {
            if self.returns == Some(true) {
                self.out.write_all(&feed.map(|byte| if byte == b'\n' { b'\r' } else { byte })[..unit])?;
            }
            self.out.write_all(&feed[..unit])?;
        }
        if let Some(end) = bytes.last_chunk::<2>().filter(|_| unit == 2) {
            self.last = Some(*end);
        } else {
            self.last = bytes.last().map(|&byte| [byte, 0]);
        }
        self.out.write_all(bytes)
    }

    /// Writes the byte order mark of the output.
    pub(super) fn write_mark(&mut self, mark: &[u8]) -> io::Result<()> {
        self.out.write_all(mark)
    }

    /// How many bytes the end of a line has that `behind` begins with.
    pub(super) fn line_end(&self, behind: &[u8]) -> u64 {
        let unit = self.unit();
        if behind.starts_with(&self.feed()[..unit]) { unit as u64 } else { 0 }
    }

    fn unit(&self) -> usize {
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE { 2 } else { 1 }
    }

    /// A line feed, in the first bytes as many as a unit has.
    fn feed(&self) -> [u8; 2] {
        if self.encoding == UTF_16BE { [0, b'\n'] } else { [b'\n', 0] }
    }

    /// Whether the first line that ends in `bytes` ends in a carriage return and a line feed.
    fn find_returns(&self, bytes: &[u8]) -> Option<bool> {
        let (unit, feed) = (self.unit(), self.feed());
        let at = bytes.chunks_exact(unit).position(|chunk| *chunk == feed[..unit])?;
        let before = at.checked_sub(1).map(|before| &bytes[before * unit..at * unit]);
        Some(
            before.is_some_and(|before| {
                before.contains(&b'\r') && before.iter().all(|b| matches!(b, 0 | b'\r'))
            }),
        )
    }
}

/// Returns whether the lines of the file that begins with `bytes` can be told apart without decoding it.
pub(super) fn is_narrow(bytes: &[u8], forced: Option<&'static Encoding>) -> bool {
    let (encoding, _) = encoding(bytes, forced);
    encoding != UTF_16LE && encoding != UTF_16BE
}

/// The encoding of the file of records that begins with `bytes`, and the length of its byte order mark.
fn encoding(bytes: &[u8], forced: Option<&'static Encoding>) -> (&'static Encoding, usize) {
    let marked = Encoding::for_bom(bytes);
    match (forced, marked, bytes) {
        (Some(forced), marked, _) => {
            let mark = marked.filter(|&(encoding, _)| encoding == forced);
            (forced, mark.map_or(0, |(_, length)| length))
        }
        (None, Some(marked), _) => marked,
        (None, None, [b'{', 0, ..]) => (UTF_16LE, 0),
        (None, None, [0, b'{', ..]) => (UTF_16BE, 0),
        (None, None, _) => (UTF_8, 0),
    }
}
