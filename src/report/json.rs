//! JSON that is safe to look at.
//!
//! `serde_json` escapes what JSON demands; [`Safe`] also writes whatever else [`acts`] on a terminal
//! (C1 controls, bidi overrides) as `\u` escapes. The data stays exact: a parser gives the same string.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::visible::{acts, opens_command};
use crate::document::Position;
use crate::error::ReadError;

/// Writes `value` over several lines, and a line break behind it.
///
/// # Errors
///
/// Those of `out`.
pub fn write_pretty(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Writes `value` on one line, and a line break behind it.
///
/// # Errors
///
/// Those of `out`.
pub fn write_line(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    // A value is many small writes, and each through `out` would be a call that cannot be seen through.
    let mut line = Vec::with_capacity(1024);
    value.serialize(&mut Serializer::with_formatter(&mut line, Safe(CompactFormatter)))?;
    line.push(b'\n');
    out.write_all(&line)
}

/// Writes `value` without any white space.
///
/// # Errors
///
/// Those of `out`.
pub fn write_compact(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(CompactFormatter));
    value.serialize(&mut serializer)?;
    Ok(())
}

/// A place, as every schema shows it.
#[derive(Serialize)]
pub(super) struct PositionView {
    byte: u64,
    line: u64,
    column: u64,
}

impl PositionView {
    pub(super) const fn new(position: Position) -> Self {
        Self { byte: position.byte, line: position.line, column: position.column }
    }
}

/// What could not be read, as every schema shows it.
#[derive(Serialize)]
pub(super) struct ErrorView<'a> {
    path: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
}

impl<'a> ErrorView<'a> {
    pub(super) fn new(error: &'a ReadError) -> Self {
        Self { path: &error.path, message: &error.message, line: error.line, column: error.column }
    }
}

/// A formatter that escapes more than it must. Texts are looked at in fragments that end where JSON
/// itself escapes something, which no command of a CI runner holds.
struct Safe<F>(F);

/// Hands the layout to the formatter inside.
macro_rules! hand_on {
    ($($name:ident ( $($argument:ident : $type:ty),* );)*) => {
        $(fn $name<W: ?Sized + io::Write>(&mut self, out: &mut W $(, $argument: $type)*) -> io::Result<()> {
            self.0.$name(out $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Safe<F> {
    hand_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        // Looked at without a branch, so that it runs on many bytes at once.
        if text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'Z' | b'\\'..=b'~')) {
            return out.write_all(text.as_bytes());
        }
        let mut written = 0;
        let special = |&(at, c): &(usize, char)| acts(c) || (c == '[' && opens_command(&text[..at]));
        for (at, c) in text.char_indices().filter(special) {
            out.write_all(&text.as_bytes()[written..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            written = at + c.len_utf8();
        }
        out.write_all(&text.as_bytes()[written..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_escaped_and_comes_back() {
        let text = "a\x1b[0m\u{9b}b\u{202e}c\u{e000}\u{1f600}\"\n##[x]";
        let mut out = Vec::new();
        write_line(&text, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, "\"a\\u001b[0m\\u009bb\\u202ec\u{e000}\u{1f600}\\\"\\n##\\u005bx]\"\n");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
}
