//! `mojibake`: a text was decoded with the wrong encoding.

use crate::document::{Document, TextRange};
use crate::lint::{Flag, Mend, Rule, Settings, Severity};

/// The rule.
pub(super) struct Mojibake;

impl Rule for Mojibake {
    fn name(&self) -> &'static str {
        "mojibake"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a text was decoded with the wrong encoding"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        if document.text.is_ascii() {
            return;
        }
        for block in &document.blocks {
            let text = &document.text[block.range.as_usize()];
            let found = garbled(text);
            let (Some(first), Some(last)) = (found.first(), found.last()) else { continue };
            let place = |start: usize, end: usize| {
                TextRange::new(start as u32, end as u32).shifted(block.range.start)
            };
            let range = place(first.start, last.end);
            let pieces = found.iter().map(|piece| (place(piece.start, piece.end), piece.meant.clone()));
            let mend = Mend::Pieces(pieces.collect());
            let shown = &text[first.start..first.end];
            let meant = &first.meant;
            let message = match found.len() - 1 {
                0 => format!("\"{shown}\" is \"{meant}\" decoded wrongly"),
                1 => format!("\"{shown}\" is \"{meant}\" decoded wrongly, and so is 1 more place"),
                more => format!("\"{shown}\" is \"{meant}\" decoded wrongly, and so are {more} more places"),
            };
            let help = "decode the source as UTF-8; the suggestion is what was meant";
            let mut flag = Flag::new(self.name(), range, message, help, text);
            flag.mend = Some(mend);
            flags.push(flag);
        }
    }
}

/// A run of characters that are UTF-8 read as windows-1252 or Latin-1, and what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Garbled {
    start: usize,
    end: usize,
    meant: String,
    /// How many characters are meant.
    count: usize,
    /// Whether one of them can hardly be meant as it stands.
    certain: bool,
}

/// The byte that `c` stands for in windows-1252, and in Latin-1 where windows-1252 has none; `None` for
/// ASCII and what neither has.
pub(super) fn byte_of(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => Some(c as u8),
        _ if c < '\u{2123}' => {
            const HIGH: [(char, u8); 27] = [
                ('\u{20ac}', 0x80),
                ('\u{201a}', 0x82),
                ('\u{192}', 0x83),
                ('\u{201e}', 0x84),
                ('\u{2026}', 0x85),
                ('\u{2020}', 0x86),
                ('\u{2021}', 0x87),
                ('\u{2c6}', 0x88),
                ('\u{2030}', 0x89),
                ('\u{160}', 0x8a),
                ('\u{2039}', 0x8b),
                ('\u{152}', 0x8c),
                ('\u{17d}', 0x8e),
                ('\u{2018}', 0x91),
                ('\u{2019}', 0x92),
                ('\u{201c}', 0x93),
                ('\u{201d}', 0x94),
                ('\u{2022}', 0x95),
                ('\u{2013}', 0x96),
                ('\u{2014}', 0x97),
                ('\u{2dc}', 0x98),
                ('\u{2122}', 0x99),
                ('\u{161}', 0x9a),
                ('\u{203a}', 0x9b),
                ('\u{153}', 0x9c),
                ('\u{17e}', 0x9e),
                ('\u{178}', 0x9f),
            ];
            HIGH.iter().find(|(high, _)| *high == c).map(|&(_, byte)| byte)
        }
        _ => None,
    }
}

/// The runs of `text` that are without doubt another text decoded wrongly.
fn garbled(text: &str) -> Vec<Garbled> {
    let mut out: Vec<Garbled> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before = None;
    while let Some((start, c)) = chars.next() {
        let length = match byte_of(c) {
            Some(0xc2..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            Some(0xf0..=0xf4) => 4,
            _ => {
                before = Some(c);
                continue;
            }
        };
        let mut bytes = [0u8; 4];
        let run = &text[start..];
        let mut end = start;
        let mut count = 0;
        for (slot, c) in bytes.iter_mut().zip(run.chars().take(length)) {
            let Some(byte) = byte_of(c) else { break };
            *slot = byte;
            end += c.len_utf8();
            count += 1;
        }
        let meant = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let meant = meant.filter(|_| count == length && length > 1);
        let Some(meant) = meant.filter(|meant| !meant.contains(char::is_control)) else {
            before = Some(c);
            continue;
        };
        let certain = is_certain(c, before, &text[start..end]);
        match out.last_mut().filter(|last| last.end == start) {
            Some(last) => {
                last.end = end;
                last.meant.push_str(meant);
                last.count += 1;
                last.certain |= certain;
            }
            None => out.push(Garbled { start, end, meant: meant.to_owned(), count: 1, certain }),
        }
        before = Some(c);
        while chars.next_if(|&(at, _)| at < end).is_some() {}
    }
    // A letter of another script stands seldom alone, and three by chance nowhere.
    out.retain(|piece| {
        let alone = piece.count > 1 || piece.meant.chars().all(stands_alone);
        piece.count > 2 || piece.certain && alone
    });
    out
}

/// Whether one such character by itself shows what happened: Latin letters, signs and punctuation.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{17f}' | '\u{2000}'..='\u{22ff}' | '\u{fb00}'..='\u{fb06}' | '\u{feff}' | '\u{fffd}')
        || c >= '\u{1f000}'
}

/// Whether `shown`, valid UTF-8 once written back, which opens with `lead` behind `before`, can hardly be meant as it stands.
fn is_certain(lead: char, before: Option<char>, shown: &str) -> bool {
    let second = shown.chars().nth(1).unwrap_or(' ');
    match lead {
        // Behind capitals these are letters of a word in capitals, and a quotation mark or dash.
        '\u{c2}' | '\u{c3}' => {
            let capitals = before.is_some_and(char::is_uppercase);
            let punctuation = !matches!(second, '\u{80}'..='\u{ff}') || matches!(second, '\u{bb}' | '\u{a0}');
            !(capitals && punctuation)
        }
        // Other letters of two bytes: only signs behind them that no word goes on with.
        '\u{c4}'..='\u{df}' => {
            matches!(second, '\u{80}'..='\u{bf}')
                && !matches!(second, '\u{a0}' | '\u{ab}' | '\u{bb}' | '\u{b7}')
        }
        _ => true,
    }
}

const EXPLANATION: &str = "\
UTF-8 was read as windows-1252 or Latin-1: `â€™` stands for ’, `Ã©` for é, `Â£` for £. Only runs that
are valid UTF-8 again when they are written back count, and only where they can hardly be meant as they
stand.

    The boardâ€™s cafÃ© costs Â£40.

The suggestion is the text as it was meant. Told once for each paragraph.
";

#[cfg(test)]
mod tests {
    use super::*;

    /// What UTF-8 looks like when it is read as windows-1252.
    fn broken(text: &str) -> String {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn what_was_meant_is_found() {
        for text in [
            "\u{2019}",
            "\u{e9}",
            "\u{a3}",
            "\u{201c}",
            "\u{2026}",
            "\u{20ac}",
            "\u{161}",
            "\u{41f}\u{440}\u{438}\u{432}\u{435}\u{442}",
            "\u{4e16}\u{754c}",
            "\u{1f600}",
        ] {
            let shown = format!("the x{} pier", broken(text));
            let found = garbled(&shown);
            let meant: String = found.iter().map(|piece| piece.meant.as_str()).collect();
            assert_eq!(meant, text, "{shown}");
        }
    }

    #[test]
    fn letters_with_accents_are_left_alone() {
        for text in [
            "caf\u{e9}\u{2026} na\u{ef}ve \u{201c}\u{c9}TAT\u{201d} \u{c9}\u{2019}",
            "LA SOCI\u{c9}T\u{c9}\u{201d} et L\u{2019}\u{c9}TAT \u{ab} \u{e0} la \u{bb}",
            "AMANH\u{c3}\u{201d} S\u{c3}O PAULO \u{c2}ngela",
            "touch\u{e9}\u{2026}\u{bb} 20 \u{b0}C \u{a3}5 \u{dc}\u{2013}",
            "\u{4e16}\u{754c} \u{41f}\u{440}",
        ] {
            assert_eq!(garbled(text), [], "{text}");
        }
    }
}
