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
pub fn class(c: char) -> WordClass {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { WordClass::Run } else { WordClass::Outside };
    }
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

    fn next(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut start = None;
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            let (class, length) = if byte < 0x80 {
                (if byte.is_ascii_alphanumeric() { WordClass::Run } else { WordClass::Outside }, 1)
            } else {
                let c = self.text[at..].chars().next()?;
                (class(c), c.len_utf8())
            };
            match (class, start) {
                (WordClass::Run, None) => start = Some(at),
                (WordClass::Run, Some(_)) | (WordClass::Outside, None) => {}
                (WordClass::Alone, None) => {
                    self.at = at + length;
                    return Some(at..at + length);
                }
                (WordClass::Alone | WordClass::Outside, Some(from)) => {
                    self.at = at;
                    return Some(from..at);
                }
            }
            at += length;
        }
        self.at = at;
        start.map(|from| from..at)
    }
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
    fn scripts_without_spaces_stand_alone() {
        assert_eq!(split("北京2024年abc"), ["北", "京", "2024", "年", "abc"]);
        assert_eq!(split("ไทยab"), ["ไ", "ท", "ย", "ab"]);
    }
}
