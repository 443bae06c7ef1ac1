//! What does an input hold, and in which format?
//!
//! An [`Input`] is one file, or standard input, that the [walk](super::walk) found. [`open`] reads all
//! of it into memory, decompressed, and settles its format: as the user said, else by its name, else by
//! its content. What is too large for that is cut into [`pieces`](super::pieces), if its format allows.
//!
//! Whatever was found can be opened again and gives the same bytes: what comes only once is
//! kept (`spool.rs`).
//!
//! An input that is no document is a [`Refusal`]: a fault if the user named it, else a skip to count.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::compress::{Compression, Unpacked, reason, size, without_ending};
use super::encoding::unmarked_utf16;
use super::spool::{Origin, Spool, SpoolReader};
use super::{Framing, Piece, READERS, Reader, reader_for, reader_recognising};
use crate::document::own::is_own;
use crate::error::ReadError;

/// Why a file that is no document was passed over in a walk: it holds NUL bytes.
pub const BINARY: &str = "binary file";

/// Why a file that could be a document was passed over in a walk.
pub const OWN: &str = "report or export of copydesk";

/// The first read of every file, in bytes: most files have less.
const HEAD: u64 = 64 << 10;

/// How much of a file shows whether it is binary, in bytes: what git and grep look at.
const BINARY_HEAD: usize = 8 << 10;

/// How much of a file of unknown format is shown to the readers, in bytes: a first record is seen whole.
const FORMAT_HEAD: usize = 1 << 20;

/// How much memory a buffer keeps from one file to the next, in bytes.
const KEPT: usize = 16 << 20;

/// How much is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest whole file, or line of a file that is read by lines, in bytes after decompression;
    /// `--max-size`.
    pub max_size: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_size: 512 << 20 }
    }
}

/// One file to read, or standard input.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path as given or walked; what messages and reports print.
    pub path: Arc<str>,
    /// Whether the user named it, rather than a folder or a glob that it was found in.
    pub named: bool,
    /// The reader that the user chose or the name tells; `None` leaves it to the content.
    pub reader: Option<&'static dyn Reader>,
    /// Whether the user chose the reader, so that content has no say.
    chosen: bool,
    source: Source,
}

/// Where the bytes of an input are.
#[derive(Clone, Debug)]
enum Source {
    /// In the file called `Input::path`.
    Path,
    /// In this file: its name is no text, or differs from what is printed.
    File(PathBuf),
    /// Gone once read, and therefore kept.
    Spool(Arc<Spool>),
    /// In memory, and maybe not as the file has them.
    Held(Arc<[u8]>),
}

impl Input {
    /// Returns an input for the file at `location`, of which `path` is printed.
    #[must_use]
    pub fn file(path: Arc<str>, location: PathBuf, named: bool) -> Self {
        let reader = reader_by_name(&path);
        let source = if location.as_os_str() == &*path { Source::Path } else { Source::File(location) };
        Self { path, named, reader, chosen: false, source }
    }

    /// Returns an input for standard input, read as a file called `path` would be.
    #[must_use]
    pub fn stdin(path: Arc<str>) -> Self {
        let reader = reader_by_name(&path);
        let source = Source::Spool(Arc::new(Spool::new(Origin::Stdin)));
        Self { path, named: true, reader, chosen: false, source }
    }

    /// Returns an input for a pipe or a device, whose bytes come only once.
    #[must_use]
    pub fn once(path: Arc<str>, location: PathBuf) -> Self {
        let reader = reader_by_name(&path);
        let source = Source::Spool(Arc::new(Spool::new(Origin::Path(location))));
        Self { path, named: true, reader, chosen: false, source }
    }

    /// Returns an input that holds `bytes`, read as a file called `path` would be: what an editor shows.
    #[must_use]
    pub fn held(path: Arc<str>, bytes: Arc<[u8]>) -> Self {
        let reader = reader_by_name(&path);
        Self { path, named: false, reader, chosen: false, source: Source::Held(bytes) }
    }

    /// Returns the same input, to be read by `reader` whatever its name and content say.
    #[must_use]
    pub const fn read_by(mut self, reader: &'static dyn Reader) -> Self {
        self.reader = Some(reader);
        self.chosen = true;
        self
    }

    /// Returns the file to open; `None` for what comes only once.
    #[must_use]
    pub fn location(&self) -> Option<&Path> {
        match &self.source {
            Source::Path => Some(Path::new(&*self.path)),
            Source::File(location) => Some(location),
            Source::Spool(_) | Source::Held(_) => None,
        }
    }

    /// Returns the reader of this input, given its first bytes, decompressed.
    #[must_use]
    pub fn settle(&self, head: &[u8]) -> &'static dyn Reader {
        match self.reader {
            // The two share an extension: many tools write JSONL into files called `.json`.
            Some(reader) if !self.chosen && reader.name() == "json" && holds_records_in_lines(head) => {
                reader_for("a.jsonl").unwrap_or(reader)
            }
            Some(reader) if !self.chosen => special(reader, head).unwrap_or(reader),
            Some(reader) => reader,
            None => reader_recognising(&as_text(&head[..head.len().min(FORMAT_HEAD)])),
        }
    }

    /// Returns whether the input could be one that is cut at its lines: name and choice do not rule it
    /// out.
    pub(super) fn may_be_lines(&self) -> bool {
        self.reader.is_none_or(|reader| {
            reader.framing() != Framing::Whole || (!self.chosen && may_be_another_in_records(reader))
        })
    }

    /// Returns whether the input's name says that it is compressed: then its end cannot be read without all
    /// that stands before.
    #[must_use]
    pub fn is_compressed_by_name(&self) -> bool {
        without_ending(&self.path).len() < self.path.len()
    }

    /// Returns the size as stored, in bytes; `None` where it is unknown.
    pub(super) fn stored_size(&self) -> Option<u64> {
        match &self.source {
            Source::Held(bytes) => Some(bytes.len() as u64),
            _ => Some(self.location()?.metadata().ok()?.len()),
        }
    }

    /// Returns an error about the whole input.
    pub(super) fn fault(&self, message: impl Into<String>) -> ReadError {
        ReadError::new(&self.path, message)
    }

    /// Opens the stored bytes, at their beginning.
    pub(super) fn stored(&self) -> Result<Stored, ReadError> {
        let opened = match &self.source {
            Source::Path => File::open(&*self.path).map(Stored::File),
            Source::File(location) => File::open(location).map(Stored::File),
            Source::Spool(spool) => spool.reader().map(Stored::Spool),
            Source::Held(bytes) => Ok(Stored::Held(Cursor::new(Arc::clone(bytes)))),
        };
        opened.map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => self.fault(reason(error)),
            _ => self.fault(format!("cannot be read: {}", reason(error))),
        }
    }

    /// Opens what the input holds, decompressed, at its beginning.
    pub(super) fn unpacked(&self, limits: Limits) -> Result<Unpacked<Replayed>, ReadError> {
        let mut stored = self.stored()?;
        let mut head = Vec::with_capacity(HEAD as usize);
        stored.append(HEAD, &mut head).map_err(|error| self.unreadable(&error))?;
        self.unpack(head, stored, limits)
    }

    fn unpack(&self, head: Vec<u8>, rest: Stored, limits: Limits) -> Result<Unpacked<Replayed>, ReadError> {
        let compression = Compression::of(&head);
        let stored = Cursor::new(head).chain(BufReader::with_capacity(HEAD as usize, rest));
        Unpacked::new(compression, stored, limits.max_size).map_err(|error| self.unreadable(&error))
    }
}

/// Stored bytes, of which the first were read before.
pub(super) type Replayed = Chain<Cursor<Vec<u8>>, BufReader<Stored>>;

/// The stored bytes of an input.
#[derive(Debug)]
pub(super) enum Stored {
    File(File),
    Spool(SpoolReader),
    Held(Cursor<Arc<[u8]>>),
}

impl Stored {
    /// Returns the number of bytes stored; `None` where nobody can say yet.
    fn length(&self) -> Option<u64> {
        match self {
            Self::File(file) => file.metadata().ok().map(|metadata| metadata.len()),
            Self::Spool(_) => None,
            Self::Held(bytes) => Some(bytes.get_ref().len() as u64),
        }
    }

    /// Moves to `position`, in bytes from the beginning.
    pub(super) fn move_to(&mut self, position: u64) -> io::Result<()> {
        match self {
            Self::File(file) => file.seek(SeekFrom::Start(position)).map(drop),
            Self::Spool(spool) => {
                spool.move_to(position);
                Ok(())
            }
            Self::Held(bytes) => {
                bytes.set_position(position);
                Ok(())
            }
        }
    }

    /// Appends at most `most` bytes to `buffer`, fewer only at the end.
    pub(super) fn append(&mut self, most: u64, buffer: &mut Vec<u8>) -> io::Result<usize> {
        // `take` keeps the standard library from asking the system for the file's size first.
        match self {
            Self::File(file) => file.take(most).read_to_end(buffer),
            Self::Spool(spool) => spool.take(most).read_to_end(buffer),
            Self::Held(bytes) => bytes.take(most).read_to_end(buffer),
        }
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Spool(spool) => spool.read(buffer),
            Self::Held(bytes) => bytes.read(buffer),
        }
    }
}

/// Why an input, or a part of it, gives no documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was found in a walk and is no document; counted as skipped. Says what it is.
    Skip(&'static str),
    /// It should be read and cannot be.
    Fault(ReadError),
}

impl From<ReadError> for Refusal {
    fn from(fault: ReadError) -> Self {
        Self::Fault(fault)
    }
}

/// What [`open`] found beside the bytes.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The reader of the input's format.
    pub reader: &'static dyn Reader,
    /// Why the bytes are not all that the file held: its compressed stream is cut off or corrupt.
    pub damage: Option<ReadError>,
}

impl Input {
    /// Returns all `bytes` of the input as one piece.
    #[must_use]
    pub const fn whole<'a>(&'a self, bytes: &'a [u8]) -> Piece<'a> {
        Piece { path: &self.path, bytes, offset: 0, first_line: 1, named: self.named }
    }
}

/// Reads all of `input` into `buffer`, decompressed, and returns the reader of its format.
///
/// What stood in `buffer` is dropped; its memory is used again, unless one huge file made it huge.
///
/// # Errors
/// If the input cannot be opened, is binary, or is larger than the limit. A damaged compressed stream is
/// no error: what came before the damage stands in `buffer`, and [`Opened::damage`] tells it. Of records
/// in lines only whole lines stay.
pub fn open(input: &Input, limits: Limits, buffer: &mut Vec<u8>) -> Result<Opened, Refusal> {
    buffer.clear();
    if buffer.capacity() > KEPT {
        *buffer = Vec::new();
    }
    buffer.reserve(HEAD as usize);
    let mut stored = input.stored()?;
    stored.append(HEAD, buffer).map_err(|error| input.unreadable(&error))?;
    let damage = if Compression::of(buffer).is_some() {
        let head = std::mem::take(buffer);
        unpack_whole(input, head, stored, limits, buffer)?
    } else {
        let read_on = limits.max_size.saturating_add(1).saturating_sub(HEAD);
        if buffer.len() as u64 == HEAD {
            refuse(input, buffer)?;
            if stored.length().is_some_and(|length| length > limits.max_size) {
                return Err(too_large(input, limits).into());
            }
            stored.append(read_on, buffer).map_err(|error| input.unreadable(&error))?;
        }
        None
    };
    if buffer.len() as u64 > limits.max_size {
        return Err(too_large(input, limits).into());
    }
    refuse(input, buffer)?;
    let reader = input.settle(buffer);
    if damage.is_some() && reader.framing() == Framing::Lines {
        buffer.truncate(memchr::memrchr(b'\n', buffer).map_or(0, |last| last + 1));
    }
    Ok(Opened { reader, damage })
}

/// Unpacks a whole compressed file into `buffer`; returns where it is damaged.
fn unpack_whole(
    input: &Input,
    head: Vec<u8>,
    rest: Stored,
    limits: Limits,
    buffer: &mut Vec<u8>,
) -> Result<Option<ReadError>, ReadError> {
    let mut unpacked = input.unpack(head, rest, limits)?;
    let result = (&mut unpacked).take(limits.max_size.saturating_add(1)).read_to_end(buffer);
    match result {
        // One byte too many may come with the bomb's own error or before it.
        Err(error) if unpacked.position() > limits.max_size => Err(input.fault(unpacked.damage(&error))),
        Ok(_) if unpacked.position() > limits.max_size => Err(too_large(input, limits)),
        Ok(_) => Ok(None),
        Err(error) => Ok(Some(input.fault(unpacked.damage(&error)))),
    }
}

fn too_large(input: &Input, limits: Limits) -> ReadError {
    input.fault(format!("is larger than {}; raise --max-size to read it", size(limits.max_size)))
}

/// Refuses an input that begins with `head`, if that is binary, or was found in a walk and is copydesk's own.
pub(super) fn refuse(input: &Input, head: &[u8]) -> Result<(), Refusal> {
    match binary_at(head) {
        None if !input.named && is_own(head) => Err(Refusal::Skip(OWN)),
        None => Ok(()),
        Some(_) if input.named && Compression::of(head).is_some() => {
            Err(input.fault("is compressed twice; decompress it once").into())
        }
        Some(at) if input.named => {
            Err(input.fault(format!("is a binary file (NUL byte at byte {at})")).into())
        }
        Some(_) => Err(Refusal::Skip(BINARY)),
    }
}

/// Returns where the first NUL byte of a binary file stands; `None` for text, UTF-16 among it.
fn binary_at(bytes: &[u8]) -> Option<usize> {
    let head = &bytes[..bytes.len().min(BINARY_HEAD)];
    if holds_anything(head) {
        return None;
    }
    let at = memchr::memchr(0, head)?;
    (!is_utf16(head)).then_some(at)
}

/// Returns whether `bytes`, the first of a file, are UTF-16: by their mark, or by what they are as such.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        // UTF-32 has the same mark and two NUL bytes behind it.
        return !bytes.starts_with(&[0xff, 0xfe, 0, 0]);
    }
    let head = &bytes[..bytes.len().min(BINARY_HEAD)];
    !holds_anything(head) && unmarked_utf16(head).is_some()
}

/// Returns whether `head` begins an archive, whose parts say themselves what they are: WARC holds pictures
/// beside pages.
fn holds_anything(head: &[u8]) -> bool {
    head.starts_with(b"WARC/")
}

/// Returns `head` as text, as far as that takes a reader to recognise its format.
fn as_text(head: &[u8]) -> Cow<'_, str> {
    if !is_utf16(head) {
        let marked = head.strip_prefix(b"\xef\xbb\xbf");
        return String::from_utf8_lossy(marked.unwrap_or(head));
    }
    let big = head.starts_with(&[0xfe, 0xff]);
    let marked = if big { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
    let encoding = unmarked_utf16(head).filter(|_| !big && !head.starts_with(&[0xff, 0xfe]));
    let encoding = encoding.unwrap_or(marked);
    encoding.decode(head).0
}

/// Returns whether `head` has a complete object for its first line and begins another on its second.
fn holds_records_in_lines(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    head.first() == Some(&b'{')
        && head[end..].trim_ascii_start().first() == Some(&b'{')
        && serde_json::from_slice::<serde::de::IgnoredAny>(&head[..end]).is_ok()
}

/// Returns the first reader that shares an extension with `reader` and recognises `head`, if more than
/// one reader has it: RSS and NewsML are both `.xml`.
fn special(reader: &'static dyn Reader, head: &[u8]) -> Option<&'static dyn Reader> {
    let shares = |other: &&dyn Reader| other.extensions().iter().any(|e| reader.extensions().contains(e));
    if READERS.iter().filter(|other| shares(other)).count() < 2 {
        return None;
    }
    let head = as_text(&head[..head.len().min(FORMAT_HEAD)]);
    READERS.iter().copied().filter(shares).find(|other| other.recognises(&head))
}

/// Returns whether a file that the name gives to `reader` may turn out to be one of records: JSONL called
/// `.json`, a dump called `.xml`.
fn may_be_another_in_records(reader: &dyn Reader) -> bool {
    let shares = |other: &dyn Reader| other.extensions().iter().any(|e| reader.extensions().contains(e));
    reader.name() == "json" || READERS.iter().any(|other| other.framing() != Framing::Whole && shares(*other))
}

/// Returns the reader that the last part of `path` tells by its extension.
pub(super) fn reader_by_name(path: &str) -> Option<&'static dyn Reader> {
    let name = path.rsplit(std::path::is_separator).next().unwrap_or(path);
    reader_for(without_ending(name))
}

#[cfg(test)]
mod tests {
    use super::super::compress::tests::{ALL, packed, text};
    use super::super::reader_named;
    use super::*;

    const LIMITS: Limits = Limits { max_size: 1 << 20 };

    fn input(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> Input {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        Input::file(Arc::from(name), path, true)
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    /// What `bytes` are when opened under `name`: the bytes and the reader's name, or the message.
    fn opened(name: &str, bytes: &[u8]) -> Result<(Vec<u8>, &'static str), String> {
        let mut buffer = b"from before".to_vec();
        match open(&input(&folder(), name, bytes), LIMITS, &mut buffer) {
            Ok(Opened { reader, damage: None }) => Ok((buffer, reader.name())),
            Ok(Opened { damage: Some(fault), .. }) | Err(Refusal::Fault(fault)) => Err(fault.to_string()),
            Err(Refusal::Skip(why)) => Err(why.to_owned()),
        }
    }

    #[test]
    fn content_and_not_the_name_tells_the_compression() {
        for bytes in [b"tide".to_vec(), Vec::new(), text(64 << 10), text(300_000)] {
            assert!(opened("a.md", &bytes) == Ok((bytes.clone(), "markdown")));
            assert!(opened("a.md.gz", &bytes) == Ok((bytes.clone(), "markdown")));
            for kind in ALL {
                assert!(opened("a.md", &packed(kind, &bytes)) == Ok((bytes.clone(), "markdown")), "{kind:?}");
            }
        }
    }

    #[test]
    fn what_is_over_the_limit_is_told() {
        let message = "a.txt: is larger than 1 MiB; raise --max-size to read it";
        let most = text(1 << 20);
        let over = text((1 << 20) + 1);
        assert!(opened("a.txt", &most).is_ok());
        assert_eq!(opened("a.txt", &over), Err(message.to_owned()));
        for kind in ALL {
            assert!(opened("a.txt", &packed(kind, &most)).is_ok(), "{kind:?}");
            assert_eq!(opened("a.txt", &packed(kind, &over)), Err(message.to_owned()), "{kind:?}");
            let bomb = opened("a.txt", &packed(kind, &vec![b'a'; 2 << 20])).expect_err("a bomb");
            assert!(bomb.starts_with("a.txt: decompression bomb?"), "{kind:?} {bomb}");
        }
    }

    #[test]
    fn a_damaged_file_keeps_what_came_before() {
        let folder = folder();
        let text = text(500_000);
        let stored = packed(super::Compression::Gzip, &text);
        let mut buffer = Vec::new();
        let input = input(&folder, "a.txt.gz", &stored[..stored.len() / 2]);
        let opened = open(&input, LIMITS, &mut buffer).expect("the beginning");
        assert!(buffer.len() > 100_000 && text.starts_with(&buffer));
        let expected = format!("a.txt.gz: gzip stream ends early at byte {}", buffer.len());
        assert_eq!(opened.damage.map(|fault| fault.to_string()), Some(expected));
    }

    #[test]
    fn binary_is_a_fault_when_named_and_a_skip_when_walked() {
        let mut image = b"image".to_vec();
        image.push(0);
        let message = "a.txt: is a binary file (NUL byte at byte 5)".to_owned();
        assert_eq!(opened("a.txt", &image), Err(message.clone()));
        assert_eq!(opened("a.txt", &packed(super::Compression::Zstd, &image)), Err(message.clone()));
        image.extend(text(1 << 21));
        assert_eq!(opened("a.txt", &image), Err(message));
        let folder = folder();
        let mut walked = input(&folder, "a.txt", &image);
        walked.named = false;
        let refusal = open(&walked, LIMITS, &mut Vec::new()).expect_err("binary");
        assert_eq!(refusal, Refusal::Skip(BINARY));
    }

    #[test]
    fn utf16_is_text_and_utf32_is_not() {
        let little = "The tide, “says” he".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let big = "The tide, “says” he".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        let marked = [&b"\xff\xfe"[..], &little].concat();
        for text in [&little, &big, &marked] {
            assert!(is_utf16(text) && opened("a.txt", text).is_ok());
        }
        let wide = "tide".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<_>>();
        assert!(!is_utf16(&wide) && opened("a.txt", &wide).is_err());
        assert!(!is_utf16(b"") && !is_utf16(b"a") && !is_utf16(b"plain text"));
    }

    #[test]
    fn a_file_that_is_gone_is_told() {
        let input = Input::file(Arc::from("gone.txt"), PathBuf::from("no/such/gone.txt"), true);
        let refusal = open(&input, LIMITS, &mut Vec::new()).expect_err("no file");
        assert_eq!(refusal, Refusal::Fault(ReadError::new(&input.path, "no such file or folder")));
    }

    #[test]
    fn json_with_an_object_on_each_line_is_jsonl() {
        let name_of = |text: &str| opened("a.json", text.as_bytes()).expect("text").1;
        assert_eq!(name_of("{\"a\": 1}\n{\"a\": 2}\n"), "jsonl");
        assert_eq!(name_of("\u{feff}{\"a\": 1}\r\n\r\n{\"a\": 2}"), "jsonl");
        assert_eq!(name_of("{\"a\": 1}\n{\"a\": "), "jsonl");
        for json in ["", "{\"a\": 1}\n", "{\n\"a\": {}}", "[{},\n{}]", "{\"a\":\n{}}", "{\"a\": 1,\n{"] {
            assert_eq!(name_of(json), "json", "{json}");
        }
        let folder = folder();
        let chosen = input(&folder, "a.json", b"{}\n{}\n").read_by(reader_named("json").expect("a reader"));
        assert_eq!(open(&chosen, LIMITS, &mut Vec::new()).expect("text").reader.name(), "json");
    }

    #[test]
    fn the_name_tells_the_reader() {
        let name_of = |path: &str| reader_by_name(path).map(Reader::name);
        assert_eq!(name_of("a/b.d/notes.MD"), Some("markdown"));
        assert_eq!(name_of("feed.jsonl.GZ"), Some("jsonl"));
        assert_eq!(name_of("a.md/notes"), None);
        assert_eq!(name_of("archive.gz"), None);
    }

    #[test]
    #[cfg(unix)]
    fn a_device_without_end_is_told_and_a_pipe_is_read_twice() {
        let zero = Input::once(Arc::from("/dev/zero"), PathBuf::from("/dev/zero"));
        let refusal = open(&zero, LIMITS, &mut Vec::new()).expect_err("binary");
        let message = "is a binary file (NUL byte at byte 0)";
        assert_eq!(refusal, Refusal::Fault(ReadError::new(&zero.path, message)));
        let nothing = Input::once(Arc::from("/dev/null"), PathBuf::from("/dev/null"));
        let mut buffer = vec![1];
        for _ in 0..2 {
            open(&nothing, LIMITS, &mut buffer).expect("nothing is text");
            assert!(buffer.is_empty());
        }
    }
}
