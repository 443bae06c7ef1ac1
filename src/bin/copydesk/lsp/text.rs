//! A document as the editor has it, and its places: lines and characters instead of bytes.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Value, json};

/// What a character offset within a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16, the protocol's default.
    Utf16,
}

/// A text and where its lines start.
#[derive(Clone, Debug)]
pub struct Text {
    /// The text.
    pub text: Arc<str>,
    /// Where each line starts, in bytes; the first is 0.
    starts: Vec<usize>,
}

impl Text {
    /// Returns `text` with its lines found.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|&(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Returns the place of the byte `at`; behind the end is the end, within a character its start.
    pub fn position(&self, at: usize, units: Units) -> Value {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.starts.partition_point(|&start| start <= at).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = &self.text[start..at];
        let character = match units {
            Units::Utf8 => before.len(),
            Units::Utf16 => before.encode_utf16().count(),
        };
        json!({"line": line, "character": character})
    }

    /// Returns the place of the bytes `range`.
    pub fn range(&self, range: &Range<usize>, units: Units) -> Value {
        json!({"start": self.position(range.start, units), "end": self.position(range.end, units)})
    }

    /// Returns the byte at a place; behind the end of a line is its end, as the protocol has it.
    pub fn byte(&self, position: &Value, units: Units) -> Option<usize> {
        let line = usize::try_from(position.get("line")?.as_u64()?).ok()?;
        let character = usize::try_from(position.get("character")?.as_u64()?).ok()?;
        let Some(&start) = self.starts.get(line) else { return Some(self.text.len()) };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let content = self.text[start..end].trim_end_matches(['\n', '\r']);
        let mut passed = 0;
        for (at, c) in content.char_indices() {
            let width = match units {
                Units::Utf8 => c.len_utf8(),
                Units::Utf16 => c.len_utf16(),
            };
            if passed + width > character {
                return Some(start + at);
            }
            passed += width;
        }
        Some(start + content.len())
    }

    /// Returns the bytes of a place.
    pub fn bytes(&self, range: &Value, units: Units) -> Option<Range<usize>> {
        let (start, end) = (self.byte(range.get("start")?, units)?, self.byte(range.get("end")?, units)?);
        Some(start.min(end)..start.max(end))
    }

    /// Returns the text after the client's `contentChanges`; `None` where one of them is none.
    pub fn changed(&self, changes: &[Value], units: Units) -> Option<Self> {
        let mut now = self.clone();
        for change in changes {
            let text = change.get("text")?.as_str()?;
            now = match change.get("range") {
                None | Some(Value::Null) => Self::new(text),
                Some(range) => {
                    let range = now.bytes(range, units)?;
                    let mut whole = String::from(&*now.text);
                    whole.replace_range(range, text);
                    Self::new(whole)
                }
            };
        }
        Some(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_what_was_agreed_on() {
        let text = Text::new("a\u{1f30a}b\r\n\u{e9}x\ry");
        for (at, line, utf8, utf16) in [
            (0, 0, 0, 0),
            (1, 0, 1, 1),
            (5, 0, 5, 3),
            (8, 1, 0, 0),
            (10, 1, 2, 1),
            (12, 2, 0, 0),
            (13, 2, 1, 1),
        ] {
            for (units, character) in [(Units::Utf8, utf8), (Units::Utf16, utf16)] {
                let place = json!({"line": line, "character": character});
                assert_eq!(text.position(at, units), place, "{at}");
                assert_eq!(text.byte(&place, units), Some(at));
            }
        }
        assert_eq!(text.byte(&json!({"line": 0, "character": 99}), Units::Utf16), Some(6));
        assert_eq!(text.byte(&json!({"line": 0, "character": 2}), Units::Utf16), Some(1));
        assert_eq!(text.byte(&json!({"line": 9, "character": 0}), Units::Utf16), Some(13));
        assert_eq!(text.byte(&json!({"line": -1, "character": 0}), Units::Utf16), None);
    }

    #[test]
    fn changes_come_one_after_the_other() {
        let text = Text::new("one\ntwo\n");
        let range = |a: u32, b: u32, c: u32, d: u32| json!({"start": {"line": a, "character": b}, "end": {"line": c, "character": d}});
        let changes = [
            json!({"range": range(0, 3, 1, 0), "text": " "}),
            json!({"range": range(0, 0, 0, 3), "text": "1"}),
        ];
        assert_eq!(&*text.changed(&changes, Units::Utf16).unwrap().text, "1 two\n");
        assert_eq!(&*text.changed(&[json!({"text": "x"})], Units::Utf16).unwrap().text, "x");
        assert!(text.changed(&[json!({"range": 1, "text": "x"})], Units::Utf16).is_none());
        assert!(text.changed(&[json!({})], Units::Utf16).is_none());
    }
}
