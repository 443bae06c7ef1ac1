//! `bad-characters`: a text holds characters that no text should hold.

use super::mojibake::{Garbled, garbled};
use crate::document::{Document, TextRange};
use crate::lint::{Flag, Rule, Settings, Severity};

/// The rule.
pub(super) struct BadCharacters;

impl Rule for BadCharacters {
    fn name(&self) -> &'static str {
        "bad-characters"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a text holds characters that no text should hold"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        let text = &document.text;
        // What the reader could not decode it has told itself.
        let told = document.origin.damaged;
        let mut mojibake = Told::default();
        let mut found = suspects(text).filter(|&(at, c)| {
            !(mojibake.holds(document, at, c) || told && c == char::REPLACEMENT_CHARACTER)
        });
        let Some((at, first)) = found.next() else { return };
        let more = found.count();
        let what = match first {
            '\u{fffd}' => "the replacement character U+FFFD: what stood there is lost".to_owned(),
            '\u{feff}' => "a byte order mark U+FEFF inside of the text".to_owned(),
            c if c.is_control() => format!("the control character U+{:04X}", c as u32),
            c if is_noncharacter(c) => format!("the noncharacter U+{:04X}", c as u32),
            c => format!("the private character U+{:04X}, which each font shows differently", c as u32),
        };
        let message = match more {
            0 => format!("text holds {what}"),
            1 => format!("text holds {what}, and one more such character"),
            more => format!("text holds {what}, and {more} more such characters"),
        };
        let range = TextRange::new(at as u32, (at + first.len_utf8()) as u32);
        let help = "find out where the character was lost or came in, and mend the text there";
        // A fault is known by what stands around it.
        let start = text[..at].char_indices().rev().nth(20).map_or(0, |(start, _)| start);
        let end = text[at..].char_indices().nth(20).map_or(text.len(), |(end, _)| at + end);
        flags.push(Flag::new(self.name(), range, message, help, &text[start..end]));
    }
}

/// The characters that should not be there, with their places.
fn suspects(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    // Bytes first: of all that is wrong here each begins with a control or with C2, EE, EF or F3, F4, or
    // with any of F0 to F4 for the noncharacters at the end of a plane.
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let suspect = byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)
            || byte == 0x7f
            || byte == 0xc2
            || byte >= 0xee;
        if !suspect {
            return None;
        }
        let c = text.get(at..)?.chars().next()?;
        let bad = c == '\u{fffd}'
            || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')
            || c == '\u{feff}' && at > 0
            || is_noncharacter(c)
            || is_private(c);
        bad.then_some((at, c))
    })
}

const fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || c as u32 & 0xfffe == 0xfffe
}

const fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// What `mojibake` tells of the block that was asked for last.
#[derive(Default)]
struct Told {
    block: Option<usize>,
    pieces: Vec<Garbled>,
}

impl Told {
    /// Whether the C1 control at `at` is part of characters that were decoded wrongly.
    fn holds(&mut self, document: &Document, at: usize, c: char) -> bool {
        if !matches!(c, '\u{80}'..='\u{9f}') {
            return false;
        }
        let number = document.blocks.partition_point(|block| block.range.end as usize <= at);
        let Some(block) = document.blocks.get(number) else { return false };
        if self.block != Some(number) {
            self.block = Some(number);
            self.pieces = garbled(&document.text[block.range.as_usize()]);
        }
        let Some(at) = at.checked_sub(block.range.start as usize) else { return false };
        let piece = self.pieces.partition_point(|piece| piece.end <= at);
        self.pieces.get(piece).is_some_and(|piece| piece.start <= at)
    }
}

const EXPLANATION: &str = "\
The text holds U+FFFD (which stands for bytes that could not be decoded), control characters, a byte
order mark in the middle, private characters (of icon fonts), or code points that are no characters. Told
once for each document, at the first. Bytes of a file that are none of its encoding are an error of the
file, told with the byte, and not told here again.

    The caf� on the quay
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, BlockKind};

    #[test]
    fn what_was_decoded_wrongly_is_told_as_that() {
        let text = "\u{e2}\u{20ac}\u{9d} \u{c3}\u{89} caf\u{e9}\u{97}it x\u{9d}";
        let range = TextRange::new(0, text.len() as u32);
        let blocks = vec![Block { kind: BlockKind::Paragraph, range }];
        let document = Document { text: text.to_owned(), blocks, ..Document::default() };
        let mut told = Told::default();
        let own: Vec<char> =
            suspects(text).filter(|&(at, c)| !told.holds(&document, at, c)).map(|(_, c)| c).collect();
        assert_eq!(own, ['\u{97}', '\u{9d}']);
    }

    #[test]
    fn only_what_no_text_holds_is_suspect() {
        let found: String = suspects("a\u{feff}\u{0}\tb\n\u{7f}\u{81}\u{fffd}\u{e000}\u{fdd0}\u{1ffff}")
            .map(|(_, c)| c)
            .collect();
        assert_eq!(found, "\u{feff}\u{0}\u{7f}\u{81}\u{fffd}\u{e000}\u{fdd0}\u{1ffff}");
        assert_eq!(suspects("\u{feff}na\u{ef}ve \u{a0}\u{20ac} \u{1f600} \u{fb01}\r\n\u{85}").count(), 0);
    }
}
