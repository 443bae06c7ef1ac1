//! What were the bytes before they were compressed?
//!
//! The first bytes of a file say how it is compressed, never its name: [`Compression::of`]. A stream of
//! several members (`cat a.gz b.gz`, `pzstd`, `pbzip2`) reads as one. [`Unpacked`] counts what it gives,
//! so that damage is told with the byte where it begins, and it stops a stream that grows out of all
//! proportion.

use std::fmt;
use std::io::{self, BufRead, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::GzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream as XzStream};

/// A stream that is larger than the limit is still read while it is less than this many times its
/// stored size: text rarely compresses better than 20 to 1, a bomb 1,000 to 1 and more.
const BOMB_RATIO: u64 = 100;

/// The most that one call asks of a decoder. What a decoder has written when it meets damage is lost
/// with the call, so a call is kept small.
const STEP: usize = 32 << 10;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// `BZh1` to `BZh9`.
    Bzip2,
    /// The `.xz` container.
    Xz,
    /// The older `.lzma`, which has no magic number but a header that text cannot have.
    Lzma,
}

impl Compression {
    /// Returns how the file that begins with `head` is compressed; `None` where it is not.
    ///
    /// Ten bytes tell all kinds; of a shorter head none is guessed that needs more.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 0x08, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            // A block, or the end of an empty stream: "BZh9" alone may be text.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0x00, ..] => Some(Self::Xz),
            // The usual properties, then a dictionary of whole 64 KiB: 0 of them would be UTF-32.
            [0x5d, 0, 0, low, high, ..] if (low, high) != (&0, &0) => Some(Self::Lzma),
            _ => None,
        }
    }

    /// Returns the name that messages use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma => "lzma",
        }
    }
}

/// Returns `file_name` without the ending of a compressed file; the name itself where it has none.
#[must_use]
pub fn without_ending(file_name: &str) -> &str {
    let Some((stem, ending)) = file_name.rsplit_once('.') else { return file_name };
    let compressed =
        ["gz", "zst", "bz2", "xz", "lzma"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    if compressed { stem } else { file_name }
}

/// Reads what a file held before it was compressed.
#[expect(missing_debug_implementations, reason = "decoders have none")]
pub struct Unpacked<R: BufRead> {
    decoder: Decoder<R>,
    compression: Option<Compression>,
    position: u64,
    max_size: u64,
}

enum Decoder<R: BufRead> {
    Plain(R),
    /// `None` behind the last member.
    Gzip(Option<Box<GzDecoder<Counted<R>>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, Counted<R>>>),
    Bzip2(Box<MultiBzDecoder<Counted<R>>>),
    Xz(Box<XzDecoder<Counted<R>>>),
}

impl<R: BufRead> Unpacked<R> {
    /// Returns a reader of what `stored` holds; `stored` begins at the first byte of the file.
    ///
    /// `max_size` bounds the memory that a decoder may ask for, and is the size in bytes up to which any
    /// rate of compression is believed.
    ///
    /// # Errors
    /// If the decoder cannot be set up.
    pub fn new(compression: Option<Compression>, stored: R, max_size: u64) -> io::Result<Self> {
        let decoder = match compression {
            None => Decoder::Plain(stored),
            Some(Compression::Gzip) => Decoder::Gzip(Some(Box::new(GzDecoder::new(Counted::new(stored))))),
            Some(Compression::Zstd) => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(Counted::new(stored))?;
                decoder.window_log_max(window_log(max_size))?;
                Decoder::Zstd(Box::new(decoder))
            }
            Some(Compression::Bzip2) => Decoder::Bzip2(Box::new(MultiBzDecoder::new(Counted::new(stored)))),
            Some(Compression::Xz | Compression::Lzma) => {
                let memory = 1 << (window_log(max_size) + 1);
                let stream = XzStream::new_auto_decoder(memory, CONCATENATED)?;
                Decoder::Xz(Box::new(XzDecoder::new_stream(Counted::new(stored), stream)))
            }
        };
        Ok(Self { decoder, compression, position: 0, max_size })
    }

    /// Returns the same reader, for whoever keeps little of what it gives: a stream may grow out of all
    /// proportion, as the thousand versions of one page do.
    #[must_use]
    pub fn without_bound(mut self) -> Self {
        self.max_size = u64::MAX;
        self
    }

    /// Returns how the file is compressed; `None` where it is not.
    pub const fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// Returns how many bytes it has given.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// Returns whether the stream is so much larger than the file that it may be made to harm.
    pub fn looks_like_a_bomb(&self) -> bool {
        let stored = match &self.decoder {
            Decoder::Plain(_) | Decoder::Gzip(None) => return false,
            Decoder::Gzip(Some(decoder)) => decoder.get_ref().count,
            Decoder::Zstd(decoder) => decoder.get_ref().count,
            Decoder::Bzip2(decoder) => decoder.get_ref().count,
            Decoder::Xz(decoder) => decoder.get_ref().count,
        };
        self.position > stored.saturating_mul(BOMB_RATIO)
    }

    /// Returns the message for `error`, met while reading: what is wrong and at which byte of what the
    /// file holds (decompressed).
    pub fn damage(&self, error: &io::Error) -> String {
        let at = self.position;
        // The decoders of the others say so when the first bytes of a stream are none.
        let begins_none = [("bzip2", "header missing"), ("zstd", "nknown frame")].iter();
        let mut begins_none =
            begins_none.filter(|(name, _)| self.compression.is_some_and(|c| c.name() == *name));
        let is_trailing = error.get_ref().is_some_and(|inner| inner.is::<Trailing>())
            || at > 0 && begins_none.any(|(_, said)| error.to_string().contains(said));
        if let Some(kind) = self.compression.filter(|_| is_trailing) {
            return format!(
                "{} stream ends at byte {at}, and what follows is no {}",
                kind.name(),
                kind.name()
            );
        }
        if let Some(bomb) = error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()) {
            return bomb.to_string();
        }
        match self.compression {
            None => format!("cannot be read from byte {at} on: {}", reason(error)),
            Some(kind) if error.kind() == io::ErrorKind::UnexpectedEof => {
                format!("{} stream ends early at byte {at}", kind.name())
            }
            Some(kind) => format!("{} stream is damaged at byte {at}: {}", kind.name(), reason(error)),
        }
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = buffer.len().min(STEP);
        let read = match &mut self.decoder {
            Decoder::Plain(stored) => stored.read(buffer)?,
            Decoder::Gzip(decoder) => read_gzip(decoder, &mut buffer[..step])?,
            Decoder::Zstd(decoder) => decoder.read(&mut buffer[..step])?,
            Decoder::Bzip2(decoder) => decoder.read(&mut buffer[..step])?,
            Decoder::Xz(decoder) => decoder.read(&mut buffer[..step])?,
        };
        self.position += read as u64;
        if self.position > self.max_size && self.looks_like_a_bomb() {
            return Err(io::Error::other(Bomb { max_size: self.max_size }));
        }
        Ok(read)
    }
}

/// Reads member after member. Zeros behind the last one are padding, as from a tape.
fn read_gzip<R: BufRead>(
    slot: &mut Option<Box<GzDecoder<Counted<R>>>>,
    buffer: &mut [u8],
) -> io::Result<usize> {
    if buffer.is_empty() {
        return Ok(0);
    }
    while let Some(decoder) = slot {
        let read = decoder.read(buffer)?;
        if read > 0 {
            return Ok(read);
        }
        let Some(ended) = slot.take() else { break };
        let mut rest = ended.into_inner();
        let more = loop {
            let bytes = rest.fill_buf()?;
            match bytes.iter().position(|&byte| byte != 0) {
                Some(zeros) => {
                    if !matches!(bytes[zeros..], [0x1f] | [0x1f, 0x8b, ..]) {
                        return Err(io::Error::other(Trailing));
                    }
                    rest.consume(zeros);
                    break true;
                }
                None if bytes.is_empty() => break false,
                None => {
                    let zeros = bytes.len();
                    rest.consume(zeros);
                }
            }
        };
        if more {
            *slot = Some(Box::new(GzDecoder::new(rest)));
        }
    }
    Ok(0)
}

/// Counts the stored bytes that a decoder has taken.
struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R> Counted<R> {
    const fn new(inner: R) -> Self {
        Self { inner, count: 0 }
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count += amount as u64;
        self.inner.consume(amount);
    }
}

/// The error of a file that holds something else behind the end of its stream.
#[derive(Debug)]
struct Trailing;

impl fmt::Display for Trailing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what follows the end of the stream is no other")
    }
}

impl std::error::Error for Trailing {}

/// The error of a stream that has grown past the limit and past all proportion.
#[derive(Debug)]
struct Bomb {
    max_size: u64,
}

impl fmt::Display for Bomb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "decompression bomb? It unpacks to more than {}, more than {BOMB_RATIO} times its size; \
             raise --max-size to read it",
            size(self.max_size)
        )
    }
}

impl std::error::Error for Bomb {}

/// Returns the binary logarithm of the largest zstd window that is accepted. Every ordinary file has at
/// most 128 MiB (27); `--long=31`, the format's end, needs a `max_size` of 2 GiB.
fn window_log(max_size: u64) -> u32 {
    max_size.max(1).ilog2().clamp(27, 31)
}

/// Returns `error` in words, without the number that the operating system gives it.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut letters = text.chars();
            // "Is a directory" stands in the middle of a sentence here.
            letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
        }
    }
}

/// Returns `bytes` in words: `512 MiB`, `100 bytes`.
#[must_use]
pub fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = units.iter().find(|(log, _)| bytes >> log > 0 && bytes.trailing_zeros() >= *log);
    whole.map_or_else(|| format!("{bytes} bytes"), |(log, unit)| format!("{} {unit}", bytes >> log))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use super::*;

    const LIMIT: u64 = 512 << 20;

    pub(in crate::read) const ALL: [Compression; 5] =
        [Compression::Gzip, Compression::Zstd, Compression::Bzip2, Compression::Xz, Compression::Lzma];

    pub(in crate::read) fn packed(kind: Compression, bytes: &[u8]) -> Vec<u8> {
        match kind {
            Compression::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(bytes).expect("memory");
                encoder.finish().expect("memory")
            }
            Compression::Zstd => {
                // With a checksum, as the command line tool writes it.
                let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("an encoder");
                encoder.include_checksum(true).expect("an encoder");
                encoder.write_all(bytes).expect("memory");
                encoder.finish().expect("memory")
            }
            Compression::Bzip2 => {
                let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
                encoder.write_all(bytes).expect("memory");
                encoder.finish().expect("memory")
            }
            Compression::Xz => liblzma::encode_all(bytes, 0).expect("memory"),
            Compression::Lzma => {
                let options = liblzma::stream::LzmaOptions::new_preset(0).expect("a preset");
                let stream = XzStream::new_lzma_encoder(&options).expect("an encoder");
                let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
                encoder.write_all(bytes).expect("memory");
                encoder.finish().expect("memory")
            }
        }
    }

    /// Text that compresses about as well as text does.
    pub(in crate::read) fn text(size: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        let mut text = String::new();
        while text.len() < size {
            let words = ["tide", "pier", "harbour", "the", "a", "council", "said", "\n", "boats"];
            text.push_str(words[next() as usize % words.len()]);
            text.push(' ');
            if next() % 4 == 0 {
                text.push_str(&next().to_string());
            }
        }
        text.truncate(size);
        text.into_bytes()
    }

    /// What `stored` holds as far as it can be read, and the message of its damage.
    fn read(stored: &[u8], max_size: u64) -> (Vec<u8>, Option<String>) {
        let mut unpacked = Unpacked::new(Compression::of(stored), stored, max_size).expect("a decoder");
        let mut bytes = Vec::new();
        let damage = unpacked.read_to_end(&mut bytes).err().map(|error| unpacked.damage(&error));
        (bytes, damage)
    }

    #[test]
    fn every_kind_is_known_by_its_first_bytes() {
        for kind in ALL {
            let stored = packed(kind, b"the tide comes in");
            assert_eq!(Compression::of(&stored), Some(kind));
            assert_eq!(read(&stored, LIMIT), (b"the tide comes in".to_vec(), None), "{kind:?}");
            assert_eq!(read(&packed(kind, b""), LIMIT), (Vec::new(), None), "{kind:?}");
        }
        for text in ["", "BZh9 is not bzip2", "](link)", "PK", "{}"] {
            assert_eq!(Compression::of(text.as_bytes()), None);
        }
    }

    #[test]
    fn members_behind_each_other_are_one_stream() {
        let text = text(100_000);
        for kind in ALL.into_iter().filter(|&kind| kind != Compression::Lzma) {
            let mut stored = packed(kind, &text[..40_000]);
            stored.extend(packed(kind, b""));
            stored.extend(packed(kind, &text[40_000..]));
            let (bytes, damage) = read(&stored, LIMIT);
            assert!(bytes == text && damage.is_none(), "{kind:?} {damage:?}");
        }
    }

    #[test]
    fn zeros_behind_gzip_are_padding_and_other_bytes_are_damage() {
        let mut stored = packed(Compression::Gzip, b"tide");
        stored.extend([0; 300]);
        assert_eq!(read(&stored, LIMIT), (b"tide".to_vec(), None));
        stored.extend(b"garbage behind it");
        let (bytes, damage) = read(&stored, LIMIT);
        assert_eq!(bytes, b"tide");
        assert_eq!(damage.as_deref(), Some("gzip stream ends at byte 4, and what follows is no gzip"));
    }

    #[test]
    fn what_follows_a_stream_is_told_as_that() {
        for kind in [Compression::Gzip, Compression::Zstd, Compression::Bzip2] {
            for garbage in [&b"garbage\n"[..], b"a longer piece of text that is no stream of any kind at all"]
            {
                let stored = [packed(kind, b"the tide"), garbage.to_vec()].concat();
                let (bytes, damage) = read(&stored, LIMIT);
                let name = kind.name();
                assert_eq!(bytes, b"the tide");
                let expected = format!("{name} stream ends at byte 8, and what follows is no {name}");
                assert_eq!(damage, Some(expected));
            }
        }
    }

    #[test]
    fn a_cut_stream_gives_what_came_before_and_tells_where_it_ends() {
        let text = text(800_000);
        for kind in ALL {
            let stored = packed(kind, &text);
            let (bytes, damage) = read(&stored[..stored.len() / 2], LIMIT);
            assert!(bytes.len() > 150_000 && text.starts_with(&bytes), "{kind:?} {}", bytes.len());
            let expected = format!("{} stream ends early at byte {}", kind.name(), bytes.len());
            assert_eq!(damage, Some(expected));
        }
    }

    #[test]
    fn a_stream_cut_anywhere_never_looks_whole() {
        for kind in ALL {
            let stored = packed(kind, b"the tide comes in, and goes out");
            for end in 14..stored.len() {
                let (_, damage) = read(&stored[..end], LIMIT);
                assert!(damage.is_some(), "{kind:?} {end} of {}", stored.len());
            }
        }
    }

    #[test]
    fn a_corrupt_stream_is_told() {
        let text = text(800_000);
        for kind in ALL {
            let mut stored = packed(kind, &text);
            let middle = stored.len() / 2;
            stored[middle..middle + 50].fill(0xff);
            let (bytes, damage) = read(&stored, LIMIT);
            let damage = damage.unwrap_or_default();
            // What a decoder gives behind the damage, before its checksum fails, is anyone's guess.
            let expected = format!("{} stream is damaged at byte {}: ", kind.name(), bytes.len());
            assert!(damage.starts_with(&expected), "{kind:?} {damage}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit_and_ordinary_text_does_not() {
        let limit = 1 << 20;
        for kind in ALL {
            let (bytes, damage) = read(&packed(kind, &vec![b'a'; 4 << 20]), limit);
            assert!(bytes.len() as u64 <= limit + (STEP as u64), "{kind:?} {}", bytes.len());
            let damage = damage.unwrap_or_default();
            assert!(damage.starts_with("decompression bomb? It unpacks to more than 1 MiB"), "{damage}");
            assert!(damage.ends_with("raise --max-size to read it"), "{damage}");
            let text = text(3 << 19);
            assert!(read(&packed(kind, &text), limit) == (text, None), "{kind:?}");
        }
    }

    #[test]
    fn sizes_are_whole_or_exact() {
        let sizes = [512 << 20, 1 << 30, 3 << 9, 1000, 0].map(size);
        assert_eq!(sizes, ["512 MiB", "1 GiB", "1536 bytes", "1000 bytes", "0 bytes"]);
    }
}
