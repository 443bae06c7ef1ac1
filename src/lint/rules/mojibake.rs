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
pub(super) struct Garbled {
    pub start: usize,
    pub end: usize,
    meant: String,
    /// How many characters are meant, controls left out.
    count: usize,
    /// Whether one of them can hardly be meant as it stands.
    certain: bool,
    /// Whether all of them may well be meant as they stand.
    plausible: bool,
}

/// The byte that `c` stands for in windows-1252, and in Latin-1 where windows-1252 has none; `None` for
/// ASCII and what neither has.
fn byte_of(c: char) -> Option<u8> {
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

/// The runs of the paragraph `text` that are without doubt another text decoded wrongly.
///
/// Where one of them is, the others are not judged one by one: what was decoded wrongly was the paragraph.
pub(super) fn garbled(text: &str) -> Vec<Garbled> {
    let mut out = runs(text);
    // A letter of another script stands seldom alone, and three by chance nowhere.
    let is_sure = |piece: &Garbled| {
        let alone = piece.count > 1 || piece.meant.chars().all(stands_alone);
        piece.count > 2 || piece.certain && alone
    };
    if !out.iter().any(is_sure) {
        return Vec::new();
    }
    let lead = |piece: &Garbled| text[piece.start..].chars().next();
    let leads: Vec<Option<char>> = out.iter().filter(|piece| is_sure(piece)).map(lead).collect();
    out.retain(|piece| is_sure(piece) || !piece.plausible || leads.contains(&lead(piece)));
    out
}

/// The runs of `text` that are UTF-8 once they are written back.
fn runs(text: &str) -> Vec<Garbled> {
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
        let Some(meant) = meant else {
            before = Some(c);
            continue;
        };
        // A control is meant where a text was decoded wrongly twice: it is half of the first time's letter.
        let control = meant.contains(char::is_control);
        let next = text[end..].chars().next();
        let certain = !control && is_certain(c, before, &text[start..end], next);
        let plausible = is_plausible(before, &text[start..end], next);
        match out.last_mut().filter(|last| last.end == start) {
            Some(last) => {
                last.end = end;
                last.meant.push_str(meant);
                last.count += usize::from(!control);
                last.certain |= certain;
                last.plausible &= plausible;
            }
            None => {
                let (meant, count) = (meant.to_owned(), usize::from(!control));
                out.push(Garbled { start, end, meant, count, certain, plausible });
            }
        }
        before = Some(c);
        while chars.next_if(|&(at, _)| at < end).is_some() {}
    }
    out
}

/// Whether one such character by itself shows what happened: Latin letters, signs and punctuation.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{17f}' | '\u{2000}'..='\u{22ff}' | '\u{fb00}'..='\u{fb06}' | '\u{feff}' | '\u{fffd}')
        || c >= '\u{1f000}'
}

/// Whether `shown`, valid UTF-8 once written back, which opens with `lead` between `before` and `next`, can
/// hardly be meant as it stands.
fn is_certain(lead: char, before: Option<char>, shown: &str, next: Option<char>) -> bool {
    let second = shown.chars().nth(1).unwrap_or(' ');
    match lead {
        // Behind capitals these are letters of a word in capitals, and a quotation mark or dash.
        '\u{c2}' | '\u{c3}' => {
            let capitals = before.is_some_and(char::is_uppercase);
            let punctuation = !matches!(second, '\u{80}'..='\u{ff}') || matches!(second, '\u{bb}' | '\u{a0}');
            !(capitals && punctuation)
        }
        // Other letters of two bytes: only signs behind them that no word goes on with, a capital inside a
        // word, or a mark inside a word that stands at the edge of one.
        '\u{c4}'..='\u{df}' => {
            let sign = matches!(second, '\u{80}'..='\u{bf}')
                && !matches!(second, '\u{a0}' | '\u{ab}' | '\u{bb}' | '\u{b7}');
            let inside = lead.is_uppercase() && before.is_some_and(char::is_lowercase);
            let glued = is_edge(second)
                && next.is_some_and(char::is_alphabetic)
                && !before.is_some_and(char::is_alphabetic);
            sign || inside && !second.is_alphabetic() || glued
        }
        _ => true,
    }
}

/// Quotation marks and signs that no letter follows without a space where a letter stands before them.
const fn is_edge(c: char) -> bool {
    matches!(
        c,
        '\u{201a}' | '\u{201e}' | '\u{2020}' | '\u{2021}' | '\u{2030}' | '\u{2039}' | '\u{203a}' | '\u{2122}'
    )
}

/// Whether `shown` between `before` and `next` may be a letter at the end of a word and the punctuation behind
/// it, or two letters of a word, also in a text of which other parts were decoded wrongly.
fn is_plausible(before: Option<char>, shown: &str, next: Option<char>) -> bool {
    let mut chars = shown.chars();
    let (Some(first), Some(second), None) = (chars.next(), chars.next(), chars.next()) else { return false };
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let punctuation = matches!(
        second,
        '\u{2018}'
            ..='\u{201e}'
                | '\u{2013}'
                | '\u{2014}'
                | '\u{2026}'
                | '\u{2039}'
                | '\u{203a}'
                | '\u{2122}'
                | '\u{ab}'
                | '\u{bb}'
                | '\u{b7}'
                | '\u{a0}'
    );
    let word = before.is_some_and(char::is_uppercase) || !letter(before) || first.is_lowercase();
    first.is_alphabetic() && word && (punctuation && !letter(next) || second.is_alphabetic())
}

const EXPLANATION: &str = "\
UTF-8 was read as windows-1252 or Latin-1: `â€™` stands for ’, `Ã©` for é, `Â£` for £. Only runs that
are valid UTF-8 again when they are written back count, and only in a paragraph where one of them can hardly
be meant as it stands.

    The boardâ€™s cafÃ© costs Â£40.

The suggestion is the text as it was meant. Told once for each paragraph. What was decoded wrongly twice
is told as what it was after the first time; `--fix` goes on from there.
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

    /// `text` with every garbled run as it was meant.
    fn mended(text: &str) -> String {
        let mut out = text.to_owned();
        for piece in garbled(text).iter().rev() {
            out.replace_range(piece.start..piece.end, &piece.meant);
        }
        out
    }

    #[test]
    fn a_garbled_paragraph_is_mended_whole() {
        for text in [
            "Szko\u{142}a jest zamkni\u{119}ta do \u{15b}rody, powiedzia\u{142} w\u{f3}jt gminy.",
            "W\u{f3}jt powiedzia\u{142}, \u{17c}e \u{142}\u{f3}d\u{17a} b\u{119}dzie przed \u{15b}wi\u{119}tami.",
            "\u{432} \u{434}\u{43e}\u{43c}\u{435} \u{438} \u{43d}\u{430} \u{443}\u{43b}\u{438}\u{446}\u{435}",
            "\u{412} \u{448}\u{43a}\u{43e}\u{43b}\u{435} \u{441} \u{42f}\u{43d}\u{43e}\u{439}, \u{430} \u{44f} \u{443} \u{43c}\u{43e}\u{440}\u{44f}",
            "\u{3c3}\u{3c4}\u{3b7} \u{398}\u{3b5}\u{3c3}\u{3c3}\u{3b1}\u{3bb}\u{3bf}\u{3bd}\u{3af}\u{3ba}\u{3b7} \u{3c4}\u{3b7} \u{3b7} \u{3bf}",
            "\u{4e16}\u{754c}\u{5927}\u{6218}\u{3042}\u{3044} \u{e2a}\u{e27}\u{e31}\u{e2a}\u{e14}\u{e35} \u{633}\u{644}\u{627}\u{645} \u{1f600}",
        ] {
            assert_eq!(mended(&broken(text)), text);
            assert_eq!(mended(&mended(&broken(&broken(text)))), text);
        }
        let mixed = "W\u{f3}jt powiedzia\u{c5}\u{201a}, \u{c5}\u{bc}e \u{c5}\u{201a}\u{f3}d\u{c5}\u{ba} b\u{c4}\u{2122}dzie przed \u{c5}\u{203a}wi\u{c4}\u{2122}tami";
        let meant = "W\u{f3}jt powiedzia\u{142}, \u{17c}e \u{142}\u{f3}d\u{17a} b\u{119}dzie przed \u{15b}wi\u{119}tami";
        assert_eq!(mended(mixed), meant);
    }

    #[test]
    fn what_may_be_meant_stays_beside_what_is_garbled() {
        let text = "Pay \u{c2}\u{a3}5, LA SOCI\u{c9}T\u{c9}\u{201d} et \u{c9}\u{2019} \u{e9}t\u{e9}\u{2026}";
        assert_eq!(mended(text), text.replace('\u{c2}', ""));
    }

    #[test]
    fn letters_with_accents_are_left_alone() {
        for text in [
            "caf\u{e9}\u{2026} na\u{ef}ve \u{201c}\u{c9}TAT\u{201d} \u{c9}\u{2019}",
            "LA SOCI\u{c9}T\u{c9}\u{201d} et L\u{2019}\u{c9}TAT \u{ab} \u{e0} la \u{bb}",
            "AMANH\u{c3}\u{201d} S\u{c3}O PAULO \u{c2}ngela",
            "caf\u{e9}\u{2122} CAF\u{c9}\u{2122}s \u{c5}\u{2026} Gr\u{f6}\u{df}\u{201e} \u{c5}\u{161}",
            "touch\u{e9}\u{2026}\u{bb} 20 \u{b0}C \u{a3}5 \u{dc}\u{2013}",
            "\u{4e16}\u{754c} \u{41f}\u{440}",
        ] {
            assert_eq!(garbled(text), [], "{text}");
        }
    }
}
