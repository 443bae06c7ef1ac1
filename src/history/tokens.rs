//! Words and single signs.

use crate::document::TextRange;
use crate::segment::word::{WordClass, class};

/// A word or a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text.
    pub range: TextRange,
    /// Whether it is a word: a run of letters, marks and digits, or one character of a script without
    /// spaces.
    pub word: bool,
}

/// Returns the words and signs of `text`, in order; what is between them is white space.
///
/// Every character that is no part of a word and no white space is a sign by itself, so that a name is a
/// name within quotation marks, markup and addresses, too.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    Tokens { text, at: 0 }
}

struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

/// What a character is to the tokens around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Run,
    Alone,
    Sign,
    Space,
}

#[inline]
fn kind(c: char) -> Kind {
    match class(c) {
        WordClass::Run => Kind::Run,
        WordClass::Alone => Kind::Alone,
        WordClass::Outside if c.is_whitespace() => Kind::Space,
        WordClass::Outside => Kind::Sign,
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    #[inline]
    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        let (start, first) = loop {
            let byte = *bytes.get(at)?;
            if byte.is_ascii() {
                match kind(char::from(byte)) {
                    Kind::Space => at += 1,
                    kind => {
                        at += 1;
                        break (at - 1, kind);
                    }
                }
            } else {
                let c = self.text.get(at..)?.chars().next()?;
                at += c.len_utf8();
                match kind(c) {
                    Kind::Space => {}
                    kind => break (at - c.len_utf8(), kind),
                }
            }
        };
        if first == Kind::Run {
            while let Some(&byte) = bytes.get(at) {
                if byte.is_ascii_alphanumeric() {
                    at += 1;
                } else if byte.is_ascii() {
                    break;
                } else {
                    let Some(c) = self.text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                    if kind(c) != Kind::Run {
                        break;
                    }
                    at += c.len_utf8();
                }
            }
        }
        self.at = at;
        let range = TextRange::new(start as u32, at as u32);
        Some(Token { range, word: first != Kind::Sign })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text).map(|token| &text[token.range.as_usize()]).collect()
    }

    #[test]
    fn names_stand_apart_from_markup() {
        assert_eq!(split("'''Pier'''.<ref"), ["'", "'", "'", "Pier", "'", "'", "'", ".", "<", "ref"]);
        assert_eq!(split("a/b-2011.html"), ["a", "/", "b", "-", "2011", ".", "html"]);
    }

    #[test]
    fn scripts_without_spaces_fall_into_characters() {
        assert_eq!(split("東京 is  naïve\u{a0}…"), ["東", "京", "is", "naïve", "…"]);
    }

    #[test]
    fn words_are_those_of_the_glossary() {
        let text = "Ferry 14, \"l'été\" ไทย— x_y";
        let words: Vec<_> = crate::segment::words(text).collect();
        let ours: Vec<_> = tokens(text).filter(|t| t.word).map(|t| t.range.as_usize()).collect();
        assert_eq!(words, ours);
    }
}
