//! Words, as the glossary defines them.

use std::ops::Range;

use icu_properties::props::{GeneralCategory, Script};
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed};

/// General category of every character.
const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
/// Script of every character.
const SCRIPT: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::new();

/// What a character is to the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordClass {
    /// Part of a run: letters, marks and digits (Unicode L, M, N).
    Run,
    /// A word of its own: Han, Hiragana, Katakana, Thai, Lao, Khmer.
    Alone,
    /// Between words.
    Outside,
}

/// Returns what `c` is to the words around it.
#[must_use]
#[inline]
pub fn class(c: char) -> WordClass {
    match c {
        '\0'..='\x7F' => {
            if c.is_ascii_alphanumeric() {
                WordClass::Run
            } else {
                WordClass::Outside
            }
        }
        // The ranges that most text is written in, so that it needs no look-up; a test holds every
        // character against the look-up.
        '\u{C0}'..='\u{D6}'
        | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2C1}'
        | '\u{391}'..='\u{3A1}'
        | '\u{3A3}'..='\u{3F5}'
        | '\u{400}'..='\u{481}'
        | '\u{483}'..='\u{52F}'
        | '\u{5D0}'..='\u{5EA}'
        | '\u{620}'..='\u{669}'
        | '\u{900}'..='\u{963}'
        | '\u{AC00}'..='\u{D7A3}' => WordClass::Run,
        '\u{E01}'..='\u{E3A}'
        | '\u{E40}'..='\u{E4E}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FA}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' => WordClass::Alone,
        '\u{80}'..='\u{A9}' | '\u{2000}'..='\u{2064}' | '\u{3000}'..='\u{3004}' => WordClass::Outside,
        _ => looked_up(c),
    }
}

/// What Unicode's data say of `c`.
fn looked_up(c: char) -> WordClass {
    match SCRIPT.get(c) {
        Script::Han | Script::Hiragana | Script::Katakana | Script::Thai | Script::Lao | Script::Khmer => {
            WordClass::Alone
        }
        _ => match CATEGORY.get(c) {
            GeneralCategory::UppercaseLetter
            | GeneralCategory::LowercaseLetter
            | GeneralCategory::TitlecaseLetter
            | GeneralCategory::ModifierLetter
            | GeneralCategory::OtherLetter
            | GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::EnclosingMark
            | GeneralCategory::DecimalNumber
            | GeneralCategory::LetterNumber
            | GeneralCategory::OtherNumber => WordClass::Run,
            _ => WordClass::Outside,
        },
    }
}

/// What a byte of UTF-8 is: as ASCII, or else part of a character that has to be decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    Run,
    Outside,
    Decode,
}

/// The class of every byte: most text is ASCII, and shingling reads all of it.
const BYTES: [ByteClass; 256] = {
    let mut table = [ByteClass::Decode; 256];
    let mut byte = 0;
    while byte < 0x80 {
        table[byte] = if (byte as u8).is_ascii_alphanumeric() { ByteClass::Run } else { ByteClass::Outside };
        byte += 1;
    }
    table
};

/// Returns how many of the bytes, from the first on, are ASCII letters and digits.
///
/// Each byte's high bit tells, so that the length of a short word costs no branch: with the high bits
/// cleared, adding 0x80 - low sets it from `low` on, and no byte carries into the next.
#[inline]
fn leading_run(bytes: [u8; 8]) -> usize {
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    let word = u64::from_le_bytes(bytes);
    let low = word & all(0x7F);
    let small = low | all(0x20);
    let letters = (small + all(0x80 - b'a')) & !(small + all(0x7F - b'z'));
    let digits = (low + all(0x80 - b'0')) & !(low + all(0x7F - b'9'));
    let run = (letters | digits) & !word & all(0x80);
    let others = run ^ all(0x80);
    (others.trailing_zeros() / 8) as usize
}

/// Returns the words of `text` in order, as byte ranges of it.
///
/// A word is a maximal run of letters, marks and digits; each character of a script written without
/// spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer) is a word by itself. The glossary's words are
/// those of a normal form; on other text the same division holds.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    Words { text, at: 0 }
}

struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        // To the word's first character.
        let start = loop {
            match BYTES[usize::from(*bytes.get(at)?)] {
                ByteClass::Outside => at += 1,
                ByteClass::Run => break at,
                ByteClass::Decode => {
                    let c = self.text.get(at..)?.chars().next()?;
                    match class(c) {
                        WordClass::Outside => at += c.len_utf8(),
                        WordClass::Run => break at,
                        WordClass::Alone => {
                            self.at = at + c.len_utf8();
                            return Some(at..self.at);
                        }
                    }
                }
            }
        };
        // To the character behind its last, eight bytes at a time while they are ASCII.
        while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let length = leading_run(*eight);
            at += length;
            if length < 8 {
                break;
            }
        }
        while let Some(&byte) = bytes.get(at) {
            match BYTES[usize::from(byte)] {
                ByteClass::Run => at += 1,
                ByteClass::Outside => break,
                ByteClass::Decode => {
                    let Some(c) = self.text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                    if class(c) != WordClass::Run {
                        break;
                    }
                    at += c.len_utf8();
                }
            }
        }
        self.at = at;
        Some(start..at)
    }
}

/// Returns whether `text` has at least `least` words; looks no further than it must.
#[must_use]
pub fn has_words(text: &str, least: usize) -> bool {
    let Some(before) = least.checked_sub(1) else { return true };
    begins_with_words(text.as_bytes(), least) || words(text).nth(before).is_some()
}

/// Whether `least` words are seen at first sight at the beginning of `bytes`, UTF-8: letters of ASCII
/// behind spaces.
#[inline]
pub(crate) fn begins_with_words(bytes: &[u8], least: usize) -> bool {
    let behind = bytes.get(1..).unwrap_or_default();
    let mut begun = usize::from(bytes.first().is_some_and(u8::is_ascii_alphabetic));
    // Counted without a branch, so that it runs on many bytes at once.
    for (a, b) in bytes.as_chunks::<32>().0.iter().zip(behind.as_chunks::<32>().0).take(2) {
        let begin = |(&a, &b): (&u8, &u8)| u8::from(a == b' ') & u8::from(b.is_ascii_alphabetic());
        begun += usize::from(a.iter().zip(b).map(begin).sum::<u8>());
        if begun >= least {
            return true;
        }
    }
    begun >= least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn runs_of_letters_marks_and_digits() {
        assert_eq!(split("Mr. O'Neill's 3,5-litre car"), ["Mr", "O", "Neill", "s", "3", "5", "litre", "car"]);
        assert_eq!(split("naïve cafe\u{301} №5"), ["naïve", "cafe\u{301}", "5"]);
        assert_eq!(split(""), [""; 0]);
        assert_eq!(split("…—!"), [""; 0]);
    }

    #[test]
    fn a_least_number_of_words_is_found_either_way() {
        for text in
            ["", "one", "a b c d e", "a-b.c d,e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7 8 9"]
        {
            let count = words(text).count();
            for least in 0..40 {
                assert_eq!(has_words(text, least), count >= least, "{text:?} {least}");
            }
        }
    }

    #[test]
    fn scripts_without_spaces_stand_alone() {
        assert_eq!(split("北京2024年abc"), ["北", "京", "2024", "年", "abc"]);
        assert_eq!(split("ไทยab"), ["ไ", "ท", "ย", "ab"]);
    }

    #[test]
    fn ranges_agree_with_the_data_for_every_character() {
        for c in (char::MIN..=char::MAX).filter(|c| !c.is_ascii()) {
            assert_eq!(class(c), looked_up(c), "{c:?}");
        }
    }

    #[test]
    fn eight_bytes_agree_with_each() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = *b"az09AZqx";
                bytes[place] = byte;
                let wanted = if byte.is_ascii_alphanumeric() { 8 } else { place };
                assert_eq!(leading_run(bytes), wanted, "{byte:#x} at {place}");
            }
        }
    }
}
