//! Which characters do the stored bytes stand for, and which bytes does each stand in?
//!
//! [`decode`] finds the encoding the way a browser would, but for one difference: a file that is valid
//! UTF-8 is UTF-8, whatever it says about itself. In this order:
//!
//! 1. the encoding that the user named;
//! 2. a byte order mark (UTF-8, UTF-16), which is not text;
//! 3. UTF-16 without a mark, where NULs at every other byte leave no doubt;
//! 4. valid UTF-8, which is borrowed and not copied (and ISO-2022-JP, which is ASCII with escapes);
//! 5. damaged UTF-8: more valid sequences of several bytes than invalid bytes, which no other
//!    encoding's text has;
//! 6. the charset that the file declares ([`declared`]);
//! 7. the guess of chardetng, the detector of Firefox.
//!
//! Bytes that the encoding cannot explain become U+FFFD, one for each sequence as the Encoding Standard
//! has it, and are counted as [`Damage`]. In a guessed encoding that takes in bytes it gives no
//! character but a C1 control: the guess explains nothing there.
//!
//! encoding_rs says what bytes mean but not where; so the map is made by encoding: single-byte
//! encodings by a table, UTF-16 by its units, the others a character at a time between runs of ASCII.

use std::borrow::Cow;
use std::sync::Arc;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::{Piece, ReadOptions, Sink};
use crate::document::{LineIndex, SourceMap, SourceMapBuilder};
use crate::error::ReadError;

/// How many bytes of a file decide whether it is text at all; as many as git looks at.
const HEAD: usize = 8192;

/// How many units tell UTF-16 by its letters alone.
const FEWEST: usize = 16;

/// How many bytes of a file a guess is made from: the detector reads some 15 MB in a second, and what
/// millions of bytes do not tell it more will not.
const SAMPLE: usize = 4 << 20;

/// How many bytes of a file are searched for a declared charset; the HTML standard's 1024.
const DECLARATION: usize = 1024;

/// A stretch of a file as text.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark; borrowed where the bytes are valid UTF-8.
    pub text: Cow<'a, str>,
    /// From the text to the stored bytes; empty unless asked for, and where the text is longer than
    /// [`SourceMap`] can say (4 GiB).
    pub map: SourceMap,
    /// The encoding of the bytes.
    pub encoding: &'static Encoding,
    /// What the encoding could not explain; `None` where it explained every byte.
    pub damage: Option<Damage>,
}

/// Bytes that the encoding cannot explain; each sequence of them is one U+FFFD of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where the first sequence is stored.
    pub byte: u64,
    /// Where its U+FFFD stands, in bytes of the text.
    pub text: usize,
    /// How many sequences there are.
    pub count: u64,
}

/// What is known about an encoding before the bytes are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints {
    /// The encoding the user named: it counts more than everything else.
    pub forced: Option<&'static Encoding>,
    /// The charset the file declares: it counts where the bytes themselves do not tell.
    pub declared: Option<&'static Encoding>,
}

impl Decoded<'_> {
    /// Returns the damage as one fault for the user, with the place of the first; `first_line` is the
    /// 1-based line of the stretch's first byte.
    #[must_use]
    pub fn fault(&self, path: &Arc<str>, first_line: u64) -> Option<ReadError> {
        let damage = self.damage?;
        let before = self.text.get(..damage.text)?;
        let mut line = first_line;
        let mut start = 0;
        for at in memchr::memchr2_iter(b'\n', b'\r', before.as_bytes()) {
            if before.as_bytes()[at] == b'\n' || self.text.as_bytes().get(at + 1) != Some(&b'\n') {
                line += 1;
                start = at + 1;
            }
        }
        let column = before[start..].chars().count() as u64 + 1;
        let name = self.encoding.name();
        let message = match damage.count {
            1 => format!("byte {} is not {name}", damage.byte),
            count => format!("byte {} is not {name}, nor are {} more places", damage.byte, count - 1),
        };
        Some(ReadError::new(path, message).at(line, column))
    }

    /// Returns a fault of `piece`, whose text this is, at byte `at` of the text.
    #[must_use]
    pub fn fault_at(&self, piece: &Piece<'_>, at: usize, message: &str) -> ReadError {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = piece.first_line + before.matches('\n').count() as u64;
        let column = before[line_start..].chars().count() as u64 + 1;
        ReadError::new(piece.path, message).at(line, column)
    }

    /// Returns an index of the text's lines, by stored bytes; `first_line` is the 1-based line of the
    /// stretch's first byte. Of use only where the map was asked for.
    #[must_use]
    pub fn lines(&self, first_line: u64) -> Arc<LineIndex> {
        Arc::new(LineIndex::new(self.text.clone().into_owned(), self.map.clone(), first_line))
    }
}

/// Returns `bytes`, stored from byte `base` of their file on, as text; with a map if `want_map`.
///
/// The text is the same with a map and without.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], base: u64, hints: Hints, want_map: bool) -> Decoded<'a> {
    let Found { encoding, mark, guessed, valid } = find(bytes, hints);
    let body = &bytes[mark..];
    let base = base + mark as u64;
    if encoding == UTF_8 {
        if let Some(text) = valid.or_else(|| std::str::from_utf8(body).ok()) {
            let fits = want_map && text.len() <= u32::MAX as usize;
            let map = if fits { SourceMap::identity(base, text.len()) } else { SourceMap::default() };
            return Decoded { text: Cow::Borrowed(text), map, encoding, damage: None };
        }
    } else if !want_map && !encoding.is_single_byte() {
        // Without a map and without damage encoding_rs does all of it, several times as fast.
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(body) {
            return Decoded { text, map: SourceMap::default(), encoding, damage: None };
        }
    }
    let mut out = Writer::new(base, body.len(), want_map);
    if encoding == UTF_8 {
        utf8(body, &mut out);
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        utf16(body, encoding == UTF_16BE, &mut out);
    } else if encoding.is_single_byte() {
        single_byte(body, encoding, guessed, &mut out);
    } else if encoding == ISO_2022_JP {
        iso_2022_jp(body, &mut out);
    } else {
        multi_byte(body, encoding, &mut out);
    }
    out.finish(encoding)
}

/// Returns the text of `piece`, whose charset the file itself declares as `declared`; `None` where it
/// is no text, and the sink has been told.
///
/// Bytes that the encoding cannot explain are one fault for the whole piece; the text is returned all
/// the same.
pub fn decode_piece<'a>(
    piece: &Piece<'a>,
    options: &ReadOptions,
    declared: Option<&'static Encoding>,
    sink: &mut dyn Sink,
) -> Option<Decoded<'a>> {
    if is_utf32(piece.bytes) {
        sink.not_a_document("it is UTF-32, which no browser decodes; store it as UTF-8");
        return None;
    }
    if options.encoding.is_none() && declares_utf7(piece.bytes) {
        sink.not_a_document("it is declared as UTF-7, which no browser decodes; store it as UTF-8");
        return None;
    }
    if options.encoding.is_none() && binary_at(piece.bytes).is_some() {
        sink.not_a_document("it is binary");
        return None;
    }
    let hints = Hints { forced: options.encoding, declared };
    let decoded = decode(piece.bytes, piece.offset, hints, options.places);
    if decoded.text.len() > u32::MAX as usize {
        sink.fault(ReadError::new(piece.path, "the text is longer than 4 GiB; split the file"));
        return None;
    }
    if let Some(fault) = decoded.fault(piece.path, piece.first_line) {
        sink.fault(fault);
    }
    Some(decoded)
}

/// Returns the offset of the NUL byte that shows `head`, the first bytes of a file, to be binary and no
/// text: the first within 8 KiB of what is not UTF-16.
#[must_use]
pub fn binary_at(head: &[u8]) -> Option<u64> {
    let start = &head[..head.len().min(HEAD)];
    let at = memchr::memchr(0, start)?;
    let utf16 = matches!(Encoding::for_bom(head), Some((encoding, _)) if encoding != UTF_8);
    let text = (utf16 && !is_utf32(head)) || unmarked_utf16(head).is_some();
    (!text).then_some(at as u64)
}

/// Returns whether `head` opens with the byte order mark of UTF-32.
fn is_utf32(head: &[u8]) -> bool {
    head.starts_with(&[0xFF, 0xFE, 0, 0]) || head.starts_with(&[0, 0, 0xFE, 0xFF])
}

/// Returns the encoding that the beginning of an HTML or XML file declares: in `<?xml encoding="…"?>`,
/// `<meta charset="…">` or `<meta http-equiv="Content-Type" content="…; charset=…">`.
///
/// As in the HTML standard a declaration that can be read as ASCII is none of UTF-16: UTF-8 is meant.
#[must_use]
pub fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(DECLARATION)];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let label = if let Some(declaration) = head.trim_ascii_start().strip_prefix(b"<?xml") {
        let end = memchr::memchr(b'>', declaration).unwrap_or(declaration.len());
        value_of(b"encoding", &declaration[..end])
    } else {
        meta_charset(head)
    }?;
    let encoding = Encoding::for_label_no_replacement(label)?;
    if encoding == UTF_16LE || encoding == UTF_16BE { Some(UTF_8) } else { Some(encoding) }
}

/// Returns whether the file that begins with `head` declares itself as XML in UTF-7, in which markup can
/// hide from everything that looks for it.
fn declares_utf7(head: &[u8]) -> bool {
    let Some(declaration) = head.trim_ascii_start().strip_prefix(b"<?xml") else { return false };
    let declaration = &declaration[..declaration.len().min(DECLARATION)];
    let end = memchr::memchr(b'>', declaration).unwrap_or(declaration.len());
    value_of(b"encoding", &declaration[..end])
        .is_some_and(|label| label.to_ascii_lowercase().ends_with(b"utf-7"))
}

/// The charset of the first `<meta>` that has one, outside of comments.
fn meta_charset(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix(b"!--") {
            rest = &comment[memchr::memmem::find(comment, b"-->")?..];
            continue;
        }
        let is_meta = rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"));
        if is_meta && rest.get(4).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/') {
            let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
            if let Some(label) = value_of(b"charset", &rest[..end]) {
                return Some(label);
            }
        }
    }
    None
}

/// The value behind `name` and `=` in `text`, without quotation marks.
fn value_of<'a>(name: &[u8], text: &'a [u8]) -> Option<&'a [u8]> {
    let at = text.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name))?;
    let value = text[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let quoted = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'"));
    let value = quoted.unwrap_or(value).trim_ascii_start();
    let is_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b';' | b'>' | b'?');
    let end = value.iter().position(is_end).unwrap_or(value.len());
    (end > 0).then(|| &value[..end])
}

/// What [`find`] finds.
struct Found<'a> {
    encoding: &'static Encoding,
    /// Length of the byte order mark.
    mark: usize,
    /// Whether the encoding is the detector's guess.
    guessed: bool,
    /// The text, where all of the bytes are known to be valid UTF-8.
    valid: Option<&'a str>,
}

/// The encoding of `bytes`.
fn find(bytes: &[u8], hints: Hints) -> Found<'_> {
    let known = |encoding| Found { encoding, mark: 0, guessed: false, valid: None };
    let bom = Encoding::for_bom(bytes);
    if let Some(forced) = hints.forced {
        let mark = bom.filter(|&(encoding, _)| encoding == forced).map_or(0, |(_, length)| length);
        return Found { mark, ..known(forced) };
    }
    if let Some((encoding, mark)) = bom {
        return Found { mark, ..known(encoding) };
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return known(encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if is_iso_2022_jp(bytes) {
            return known(ISO_2022_JP);
        }
        return Found { valid: Some(text), ..known(UTF_8) };
    }
    if is_damaged_utf8(bytes) {
        return known(UTF_8);
    }
    if let Some(declared) = hints.declared {
        return known(declared);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    detector.feed(sample, sample.len() == bytes.len());
    Found { guessed: true, ..known(detector.guess(None, Utf8Detection::Deny)) }
}

/// UTF-16 without a mark: NULs in one half of at least one unit in sixteen, and units that make characters of
/// text. Where NULs are rarer, as in Chinese, nearly all are letters, and only so in that order of bytes.
pub(super) fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD) & !1];
    memchr::memchr(0, head)?;
    if is_other_text(head) {
        return None;
    }
    let units = head.len() / 2;
    let nul = |half: usize| head.iter().skip(half).step_by(2).filter(|&&b| b == 0).count();
    let big_endian = nul(0) > nul(1);
    if units >= 2 && nul(0).max(nul(1)) * 16 >= units {
        return utf16_letters(head, big_endian).map(|_| if big_endian { UTF_16BE } else { UTF_16LE });
    }
    let is_prose =
        |big_endian| utf16_letters(head, big_endian).is_some_and(|letters| letters * 10 >= units * 9);
    match (units >= FEWEST, is_prose(false), is_prose(true)) {
        (true, true, false) => Some(UTF_16LE),
        (true, false, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether `head` is text of bytes in which a NUL stands.
fn is_other_text(head: &[u8]) -> bool {
    let nuls = memchr::memchr_iter(0, head).count();
    let others = head.iter().filter(|byte| !matches!(byte, 0 | b' '..=b'~' | b'\t' | b'\n' | b'\r')).count();
    let is_single = nuls * 4 < head.len() && others * 8 < head.len();
    let is_utf8 = std::str::from_utf8(head).err().is_none_or(|error| error.error_len().is_none());
    is_single || is_utf8 && !head.is_ascii()
}

/// How many of the characters that `head` is in UTF-16 are letters, digits, white space or the marks between
/// them; `None` where one is no character of text.
fn utf16_letters(head: &[u8], big_endian: bool) -> Option<usize> {
    let mut units = head.chunks_exact(2).map(|pair| unit(pair, big_endian)).peekable();
    let characters = char::decode_utf16(std::iter::from_fn(|| {
        let unit = units.next()?;
        // The head may cut a pair: leave its first half out.
        (units.peek().is_some() || !is_leading(unit)).then_some(unit)
    }));
    let is_mark = |c| matches!(c, '!'..='?' | '‐'..='‧' | '\u{3000}'..='\u{303F}' | '！'..='？');
    let mut letters = 0;
    for c in characters {
        let c = c.ok().filter(|c| (!c.is_control() || c.is_whitespace()) && *c as u32 & 0xFFFE != 0xFFFE)?;
        letters += usize::from(c.is_alphanumeric() || c.is_whitespace() || is_mark(c));
    }
    Some(letters)
}

/// ASCII with the escape sequences of ISO-2022-JP, and none that it has not.
fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    memchr::memchr(0x1B, bytes).is_some()
        && memchr::memmem::find(bytes, b"\x1B$").is_some()
        && bytes.is_ascii()
        && ISO_2022_JP.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// Whether `bytes` hold more valid UTF-8 sequences of several bytes than invalid ones.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().bytes().filter(|&b| b >= 0xC0).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > invalid
}

/// Collects text, its map and its damage.
struct Writer {
    text: String,
    map: Option<SourceMapBuilder>,
    base: u64,
    damage: Option<Damage>,
}

impl Writer {
    fn new(base: u64, length: usize, want_map: bool) -> Self {
        let text = String::with_capacity(length + length / 8);
        Self { text, map: want_map.then(SourceMapBuilder::new), base, damage: None }
    }

    /// The place of the next character, and the map while the text is short enough for one.
    fn place(&mut self, length: usize) -> Option<(u32, &mut SourceMapBuilder)> {
        if u32::try_from(self.text.len() + length).is_err() {
            self.map = None;
        }
        Some((self.text.len() as u32, self.map.as_mut()?))
    }

    /// Appends text that stands as it is from byte `at` on.
    fn copied(&mut self, text: &str, at: usize) {
        let source = self.base + at as u64;
        if let Some((start, map)) = self.place(text.len()) {
            map.copied(start, source, text.len() as u32);
        }
        self.text.push_str(text);
    }

    /// Appends a run of ASCII that stands from byte `at` on.
    fn ascii(&mut self, run: &[u8], at: usize) {
        self.copied(std::str::from_utf8(run).unwrap_or_default(), at);
    }

    /// Appends what `length` bytes from `at` stand for together.
    fn unit(&mut self, text: &str, at: usize, length: usize) {
        let source = self.base + at as u64;
        if let Some((start, map)) = self.place(text.len()) {
            map.unit(start, text.len() as u32, source, length as u32);
        }
        self.text.push_str(text);
    }

    fn character(&mut self, c: char, at: usize, length: usize) {
        self.unit(c.encode_utf8(&mut [0; 4]), at, length);
    }

    /// Appends U+FFFD for `length` bytes from `at` that mean nothing.
    fn bad(&mut self, at: usize, length: usize) {
        let first = Damage { byte: self.base + at as u64, text: self.text.len(), count: 0 };
        self.damage.get_or_insert(first).count += 1;
        self.character(char::REPLACEMENT_CHARACTER, at, length);
    }

    fn finish(self, encoding: &'static Encoding) -> Decoded<'static> {
        let map = self.map.map(SourceMapBuilder::finish).unwrap_or_default();
        Decoded { text: Cow::Owned(self.text), map, encoding, damage: self.damage }
    }
}

fn utf8(bytes: &[u8], out: &mut Writer) {
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        out.copied(chunk.valid(), at);
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            out.bad(at, chunk.invalid().len());
            at += chunk.invalid().len();
        }
    }
}

/// The 16-bit unit that two bytes are.
const fn unit(pair: &[u8], big_endian: bool) -> u16 {
    match *pair {
        [a, b] if big_endian => u16::from_be_bytes([a, b]),
        [a, b] => u16::from_le_bytes([a, b]),
        _ => 0,
    }
}

/// Whether a unit is the first of a surrogate pair.
const fn is_leading(unit: u16) -> bool {
    unit & 0xFC00 == 0xD800
}

fn utf16(bytes: &[u8], big_endian: bool, out: &mut Writer) {
    let mut at = 0;
    while let Some(pair) = bytes.get(at..at + 2) {
        let first = unit(pair, big_endian);
        let second = bytes.get(at + 2..at + 4).map(|pair| unit(pair, big_endian));
        let length = match (char::from_u32(u32::from(first)), second) {
            (Some(c), _) => {
                out.character(c, at, 2);
                2
            }
            (None, Some(second)) => {
                if let Some(Ok(c)) = char::decode_utf16([first, second]).next() {
                    out.character(c, at, 4);
                    4
                } else {
                    out.bad(at, 2);
                    2
                }
            }
            // Half a pair and perhaps half a unit at the very end are one fault.
            (None, None) => {
                let length = if is_leading(first) { bytes.len() - at } else { 2 };
                out.bad(at, length);
                length
            }
        };
        at += length;
    }
    if at < bytes.len() {
        out.bad(at, bytes.len() - at);
    }
}

fn single_byte(bytes: &[u8], encoding: &'static Encoding, guessed: bool, out: &mut Writer) {
    let table: Vec<Option<char>> = (0..=255u8)
        .map(|byte| {
            let text = encoding.decode_without_bom_handling_and_without_replacement(&[byte])?.into_owned();
            text.chars().next().filter(|c| !guessed || !('\u{80}'..='\u{9F}').contains(c))
        })
        .collect();
    let mut at = 0;
    while at < bytes.len() {
        let run = Encoding::ascii_valid_up_to(&bytes[at..]);
        out.ascii(&bytes[at..at + run], at);
        at += run;
        for &byte in bytes[at..].iter().take_while(|byte| !byte.is_ascii()) {
            match table[usize::from(byte)] {
                Some(c) => out.character(c, at, 1),
                None => out.bad(at, 1),
            }
            at += 1;
        }
    }
}

/// The encodings in which a character is one to four bytes and means the same wherever it stands.
fn multi_byte(bytes: &[u8], encoding: &'static Encoding, out: &mut Writer) {
    let mut at = 0;
    while at < bytes.len() {
        let run = Encoding::ascii_valid_up_to(&bytes[at..]);
        out.ascii(&bytes[at..at + run], at);
        at += run;
        if at < bytes.len() {
            let mut buffer = [0; 32];
            let (length, text) = one_character(&bytes[at..], encoding, &mut buffer);
            match text {
                Some(text) => out.unit(text, at, length),
                None => out.bad(at, length),
            }
            at += length;
        }
    }
}

/// How many of `bytes` make the first character, and the character; no character where they make none.
fn one_character<'b>(
    bytes: &[u8],
    encoding: &'static Encoding,
    buffer: &'b mut [u8; 32],
) -> (usize, Option<&'b str>) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    for (i, byte) in bytes.iter().enumerate() {
        let last = i + 1 == bytes.len();
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(std::slice::from_ref(byte), buffer, last);
        match result {
            DecoderResult::Malformed(bad, _) => return (usize::from(bad).clamp(1, i + 1), None),
            DecoderResult::InputEmpty | DecoderResult::OutputFull if written > 0 => {
                return (i + 1, std::str::from_utf8(&buffer[..written]).ok());
            }
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
    }
    (bytes.len().max(1), None)
}

/// ISO-2022-JP, where escape sequences say what the bytes behind them mean.
fn iso_2022_jp(bytes: &[u8], out: &mut Writer) {
    let mut decoder = ISO_2022_JP.new_decoder_without_bom_handling();
    let mut buffer = [0; 32];
    let mut read = 0;
    // The first byte that no character has been found for.
    let mut open = 0;
    loop {
        let end = (read + 1).min(bytes.len());
        let last = end == bytes.len();
        let (result, more, written) =
            decoder.decode_to_utf8_without_replacement(&bytes[read..end], &mut buffer, last);
        read += more;
        for c in std::str::from_utf8(&buffer[..written]).unwrap_or_default().chars() {
            while is_escape(&bytes[open..read]) {
                open += 3;
            }
            let narrow = c.is_ascii() || matches!(c, '\u{A5}' | '\u{203E}' | '\u{FF61}'..='\u{FF9F}');
            let length = if narrow { 1 } else { 2 }.min(read - open);
            out.character(c, open, length);
            open += length;
        }
        match result {
            DecoderResult::Malformed(bad, after) => {
                let end = read.saturating_sub(usize::from(after)).max(open);
                let start = end.saturating_sub(usize::from(bad)).max(open);
                out.bad(start, end - start);
                open = end;
            }
            DecoderResult::InputEmpty if last => return,
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
    }
}

/// Whether `bytes` open with an escape sequence of ISO-2022-JP.
const fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [0x1B, b'$', b'@' | b'B', ..] | [0x1B, b'(', b'B' | b'J' | b'I', ..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SourceRange, TextRange};
    use encoding_rs::{BIG5, EUC_JP, EUC_KR, GB18030, GBK, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    fn read(bytes: &[u8]) -> Decoded<'_> {
        decode(bytes, 0, Hints::default(), true)
    }

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn valid_utf8_is_borrowed_and_stands_as_it_is() {
        let decoded = decode("naïve\0".as_bytes(), 7, Hints::default(), true);
        assert!(matches!(decoded.text, Cow::Borrowed("naïve\0")));
        assert_eq!(decoded.map.source_range(TextRange::new(2, 4)), SourceRange { start: 9, end: 11 });
        assert_eq!(decoded.damage, None);
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let decoded = read(b"\xEF\xBB\xBFab");
        assert_eq!(decoded.text, "ab");
        assert_eq!(decoded.map.source_range(TextRange::new(0, 1)), SourceRange { start: 3, end: 4 });
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(utf16le("aé𝄞"));
        let decoded = read(&wide);
        assert_eq!((decoded.text.as_ref(), decoded.encoding), ("aé𝄞", UTF_16LE));
        assert_eq!(decoded.map.source_range(TextRange::new(3, 7)), SourceRange { start: 6, end: 10 });
        let forced = Hints { forced: Some(UTF_8), declared: None };
        assert_eq!(decode(b"\xEF\xBB\xBFab", 0, forced, false).text, "ab");
    }

    #[test]
    fn utf16_of_any_script_is_known_without_a_mark() {
        for text in [
            "Паром вернулся в гавань в полдень.\n",
            "Το πλοίο επέστρεψε στο λιμάνι το μεσημέρι.\n",
            "渡轮于中午返回港口，港务局星期一表示，码头上的旧木桩将于六月一日前更换，期间渡轮照常营运。\n",
            "フェリーは正午に港に戻り、古い桟橋は六月に閉鎖されると港湾局は月曜日に発表しました。\n",
            "페리는 정오에 항구로 돌아왔다고 항만국이 월요일에 말했다.\n",
        ] {
            let little = utf16le(text);
            let big: Vec<u8> = little.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
            assert_eq!(read(&little).text.as_ref(), text);
            assert_eq!(read(&big).text.as_ref(), text);
            assert_eq!((binary_at(&little), binary_at(&big)), (None, None));
        }
        for text in [
            "image\0",
            "a\0b, and so on\n",
            "na\u{ef}ve words and\0 more",
            "Паром вернулся\0 в гавань в полдень",
        ] {
            assert!(binary_at(text.as_bytes()).is_some(), "{text:?}");
        }
        let numbers: Vec<u8> = (0..400_u32).flat_map(|n| (n * 7919).to_le_bytes()).collect();
        assert!(binary_at(&numbers).is_some());
    }

    #[test]
    fn utf16_is_known_without_a_mark() {
        let wide = utf16le("Die Brücke ist zu.\n");
        assert_eq!(read(&wide).text, "Die Brücke ist zu.\n");
        assert_eq!(binary_at(&wide), None);
        let big: Vec<u8> = "Über".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((read(&big).text.as_ref(), read(&big).encoding), ("Über", UTF_16BE));
    }

    #[test]
    fn nul_bytes_make_a_binary_file() {
        assert_eq!(binary_at(b"\x7fELF\x02\x01\x01\0\0\0\0"), Some(7));
        assert_eq!(binary_at(b"plain text"), None);
        assert!(binary_at(b"\xFF\xFE\0\0a\0\0\0").is_some());
        assert_eq!(binary_at(b"\xFF\xFEa\0b\0"), None);
        let mut late = vec![b'a'; 9000];
        late.push(0);
        assert_eq!(binary_at(&late), None);
    }

    #[test]
    fn damaged_utf8_is_not_taken_for_another_encoding() {
        let decoded = read(b"caf\xC3\xA9 \xE2\x80\x94 na\xEFve\nd\xC3\xA9j\xC3");
        assert_eq!(decoded.text, "café — na\u{FFFD}ve\ndéj\u{FFFD}");
        assert_eq!(decoded.encoding, UTF_8);
        assert_eq!(decoded.damage, Some(Damage { byte: 12, text: 12, count: 2 }));
        assert_eq!(decoded.map.source_range(TextRange::new(12, 15)), SourceRange { start: 12, end: 13 });
        let path = Arc::from("a.txt");
        let fault = decoded.fault(&path, 4).expect("the text is damaged");
        assert_eq!(fault.to_string(), "a.txt:4:10: byte 12 is not UTF-8, nor are 1 more places");
    }

    #[test]
    fn legacy_encodings_are_found() {
        let (russian, _, _) = WINDOWS_1251.encode("Мост закрыт до понедельника, сообщили в мэрии.");
        let decoded = read(&russian);
        assert_eq!(decoded.encoding, WINDOWS_1251);
        assert_eq!(decoded.text, "Мост закрыт до понедельника, сообщили в мэрии.");
        assert_eq!(decoded.map.source_range(TextRange::new(0, 4)), SourceRange { start: 0, end: 2 });
        let (japanese, _, _) = SHIFT_JIS.encode("橋は月曜日まで閉鎖されると市は発表した。");
        assert_eq!(read(&japanese).encoding, SHIFT_JIS);
        let (mail, _, _) = ISO_2022_JP.encode("橋は閉鎖 abc カタカナ");
        let decoded = read(&mail);
        assert_eq!((decoded.text.as_ref(), decoded.encoding), ("橋は閉鎖 abc カタカナ", ISO_2022_JP));
        assert_eq!(decoded.map.source_range(TextRange::new(0, 3)), SourceRange { start: 3, end: 5 });
    }

    #[test]
    fn a_guess_explains_no_control_characters() {
        let decoded = read(b"abc \x81 def");
        assert_eq!(decoded.text, "abc \u{FFFD} def");
        assert_eq!(decoded.damage.map(|damage| damage.byte), Some(4));
    }

    #[test]
    fn a_declaration_counts_where_the_bytes_do_not_tell() {
        let hints = Hints { forced: None, declared: Some(WINDOWS_1251) };
        assert_eq!(decode(b"\xCC\xEE\xF1\xF2", 0, hints, false).text, "Мост");
        assert_eq!(decode("Pâté".as_bytes(), 0, hints, false).text, "Pâté");
    }

    #[test]
    fn declarations_are_read() {
        assert_eq!(declared(b"<?xml version='1.0' encoding='windows-1251'?>"), Some(WINDOWS_1251));
        assert_eq!(declared(b"<html><META CharSet = GBK >"), Some(GBK));
        let content = b"<meta http-equiv=Content-Type content=\"text/html; charset=shift_jis\">";
        assert_eq!(declared(content), Some(SHIFT_JIS));
        assert_eq!(declared(b"<!-- <meta charset=gbk> --><meta charset=\"utf-16\">"), Some(UTF_8));
        assert_eq!(declared(b"<meta name=x><meta charset=nonsense>"), None);
        assert_eq!(declared(b"<!-- <meta charset=gbk>"), None);
    }

    #[test]
    fn text_is_the_same_with_a_map_and_without() {
        let all: Vec<u8> = (0..=255).chain((0..=255).rev()).chain([0x1B, b'$', b'B', 0x30, 0x21]).collect();
        let tails = (1..all.len()).step_by(7).map(|n| all[..n].to_vec());
        let pairs = all.iter().flat_map(|&a| [a, 0x81, 0x30, a, b'x']).collect::<Vec<u8>>();
        let inputs: Vec<Vec<u8>> = tails.chain([pairs]).collect();
        let encodings = [
            UTF_8,
            UTF_16LE,
            UTF_16BE,
            WINDOWS_1252,
            WINDOWS_1251,
            SHIFT_JIS,
            EUC_JP,
            EUC_KR,
            BIG5,
            GBK,
            GB18030,
            ISO_2022_JP,
        ];
        for encoding in encodings {
            let hints = Hints { forced: Some(encoding), declared: None };
            for input in &inputs {
                let (whole, _) = encoding.decode_without_bom_handling(input);
                let decoded = decode(input, 0, hints, true);
                assert_eq!(decoded.text, whole, "{} {input:x?}", encoding.name());
                assert_eq!(decode(input, 0, hints, false).text, whole, "{}", encoding.name());
            }
        }
    }
}
