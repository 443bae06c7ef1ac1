//! The escapes of JSON strings, and what they stand for.

use std::ops::Range;

use crate::document::{SourceMap, SourceMapBuilder};
use crate::segment::sign::Signs;

/// Appends what the JSON string content `raw` (checked JSON, without its quotation marks) stands for to
/// `out`, and returns the map from `out` to the stretch, in which `raw` begins at byte `start`, if asked.
///
/// A lone surrogate (`\ud83d` without its second half) becomes U+FFFD, as in browsers.
pub(super) fn unescape(raw: &str, start: u64, want_map: bool, out: &mut String) -> Option<SourceMap> {
    out.reserve(raw.len());
    let mut map = want_map.then(SourceMapBuilder::new);
    let mut at = 0;
    for found in Signs::new(b'\\', raw.as_bytes()) {
        // The second half of `\\` is no escape.
        if found < at {
            continue;
        }
        copy(&raw[at..found], start + at as u64, map.as_mut(), out);
        let (c, length) = escape(&raw[found..]);
        if let Some(map) = &mut map {
            map.unit(out.len() as u32, c.len_utf8() as u32, start + found as u64, length as u32);
        }
        out.push(c);
        at = found + length;
    }
    copy(&raw[at..], start + at as u64, map.as_mut(), out);
    map.map(SourceMapBuilder::finish)
}

/// How many bytes are copied at once.
const STEP: usize = 32;

/// Puts what the JSON string content `raw` (without its quotation marks, and without control
/// characters) stands for into `out`; returns false, with anything in `out`, if JSON does not know one
/// of its escapes.
pub(super) fn unescape_all(raw: &str, out: &mut String) -> bool {
    let source = raw.as_bytes();
    let mut bytes = std::mem::take(out).into_bytes();
    bytes.clear();
    // No escape is shorter than what it stands for.
    bytes.resize(source.len() + STEP, 0);
    let (mut from, mut to) = (0, 0);
    for found in Signs::new(b'\\', source) {
        // The second half of `\\` is no escape.
        if found < from {
            continue;
        }
        to = copy_steps(source, from..found, &mut bytes, to);
        let Some(length) = sound_escape(&source[found..]) else { return false };
        let short = source.get(found + 1).map_or(0, |&sign| SHORT_ESCAPES[usize::from(sign)]);
        if short != 0 {
            bytes[to] = short;
            to += 1;
            from = found + length;
        } else {
            let (c, length) = escape(&raw[found..]);
            to += c.encode_utf8(&mut bytes[to..]).len();
            from = found + length;
        }
    }
    to = copy_steps(source, from..source.len(), &mut bytes, to);
    bytes.truncate(to);
    // Whole characters went in, in this order.
    String::from_utf8(bytes).map(|text| *out = text).is_ok()
}

/// Copies the bytes of `source` in `range` to `at` in `out`, which has [`STEP`] bytes more room than
/// the bytes need, and returns where they end there.
#[inline]
fn copy_steps(source: &[u8], range: Range<usize>, out: &mut [u8], at: usize) -> usize {
    let end = at + range.len();
    let (mut from, mut to) = (range.start, at);
    // A call to copy the few bytes between two escapes takes longer than to copy a few too many.
    while to < end {
        let step = source.get(from..).and_then(<[u8]>::first_chunk::<STEP>);
        let room = out.get_mut(to..).and_then(<[u8]>::first_chunk_mut::<STEP>);
        let (Some(step), Some(room)) = (step, room) else {
            out[to..end].copy_from_slice(&source[from..range.end]);
            break;
        };
        *room = *step;
        from += STEP;
        to += STEP;
    }
    end
}

/// What the escapes of two bytes stand for, by their second; 0 for all others.
const SHORT_ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[b'/' as usize] = b'/';
    table[b'b' as usize] = 8;
    table[b'f' as usize] = 12;
    table[b'n' as usize] = b'\n';
    table[b'r' as usize] = b'\r';
    table[b't' as usize] = b'\t';
    table
};

/// Length of the escape that opens `bytes`, if JSON knows it.
#[inline]
fn sound_escape(bytes: &[u8]) -> Option<usize> {
    let sign = *bytes.get(1)?;
    if SHORT_ESCAPES[usize::from(sign)] != 0 {
        return Some(2);
    }
    let sound = sign == b'u' && bytes.get(2..6)?.iter().all(u8::is_ascii_hexdigit);
    sound.then_some(6)
}

/// Whether JSON knows all escapes in the string content `raw`.
pub(super) fn escapes_are_sound(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        let Some(length) = sound_escape(&bytes[at + found..]) else { return false };
        at += found + length;
    }
    true
}

#[inline]
fn copy(part: &str, start: u64, map: Option<&mut SourceMapBuilder>, out: &mut String) {
    if let Some(map) = map {
        map.copied(out.len() as u32, start, part.len() as u32);
    }
    out.push_str(part);
}

/// The character that the escape at the beginning of `raw` stands for, and the escape's length in bytes.
fn escape(raw: &str) -> (char, usize) {
    let c = match raw.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode_escape(raw),
        Some(&other) if other.is_ascii() => other as char,
        // Checked JSON has no other; a lone backslash at the end stands for itself.
        _ => return ('\\', 1),
    };
    (c, 2)
}

fn unicode_escape(raw: &str) -> (char, usize) {
    let unit = |at: usize| raw.get(at..at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(first) = unit(2) else { return (char::REPLACEMENT_CHARACTER, 2) };
    let second = (raw.get(6..8) == Some("\\u")).then(|| unit(8)).flatten();
    match (first, second) {
        (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
            let code = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SourceRange, TextRange};

    #[test]
    fn escapes_keep_their_places() {
        let raw = r"a\u00e9\n\ud83d\ude00\ud83dz";
        let mut out = String::new();
        let map = unescape(raw, 10, true, &mut out).unwrap();
        assert_eq!(out, "a\u{e9}\n\u{1f600}\u{fffd}z");
        let range = |start, end| map.source_range(TextRange::new(start, end));
        assert_eq!(range(1, 3), SourceRange { start: 11, end: 17 });
        assert_eq!(range(3, 4), SourceRange { start: 17, end: 19 });
        assert_eq!(range(4, 8), SourceRange { start: 19, end: 31 });
        assert_eq!(range(8, 11), SourceRange { start: 31, end: 37 });
        assert_eq!(range(11, 12), SourceRange { start: 37, end: 38 });
    }
}
