//! Sentences of a paragraph.
//!
//! A sentence ends with a full stop, a question or exclamation mark, an ellipsis, or what other
//! scripts write for them (`。` `！` `？` `।` `؟` `۔` …), with the closing quotation marks, brackets and
//! note numbers that touch it. Line breaks are white space. It goes on all the same when
//!
//! - no white space follows (`3.5`, `example.com`; scripts written without spaces need none), or a
//!   comma or semicolon does;
//! - a lower-case letter follows: `"Will it work?" he asked.`, `Yahoo! said`, `e.g. this`;
//! - the full stop belongs to the word before it ([`abbreviation`](super::abbreviation)): always
//!   (`Mr.`), before a number (`No. 5`, `Jan. 5`), or unless a word follows that usually opens a
//!   sentence (`Acme Inc. Chairman` goes on, `Acme Inc. The` does not). Initials and dotted
//!   abbreviations (`J.`, `U.S.`, `p.m.`) are of the last kind. Those written with spaces (`z. B.`,
//!   `i. d. R.`, `m. in.`) are read as if without;
//! - it makes an ordinal: `am 3. Mai`, `der 2. Weltkrieg`, `1.` at the start;
//! - a question or exclamation in quotation marks is told who said it: `"Why?" John Smith asked.`
//!
//! In Greek a semicolon is the question mark.
//!
//! Thai, Lao and Khmer prose marks no sentence ends (but for Khmer `។`); a paragraph is one sentence
//! then. One pass; at most a few words are looked at on either side of each mark.

use super::abbreviation::{self, Stop};
use super::line::is_closing;
use super::word::{self, WordClass};
use crate::document::TextRange;

/// How far before a full stop its word is looked for, in bytes.
const WORD_BYTES: usize = 48;
/// Most quotation marks, brackets and dashes that are skipped before a sentence's first letter.
const OPENINGS: usize = 6;

/// Returns the sentences of `text`, in order, as ranges of it without the white space between them.
#[must_use]
pub fn sentences(text: &str) -> Vec<TextRange> {
    let mut out = Vec::new();
    let ascii = text.is_ascii();
    let mut start = skip_space(text, 0);
    let mut at = start;
    while let Some((mark_at, mark)) = next_mark(text, at, ascii) {
        let end = Ending::of(text, mark_at, mark);
        at = end.end;
        if end.ends_sentence(text, start) {
            out.push(TextRange::new(start as u32, at as u32));
            start = skip_space(text, at);
            at = start;
        }
    }
    let rest = text.get(start..).unwrap_or_default().trim_end();
    if !rest.is_empty() {
        out.push(TextRange::new(start as u32, (start + rest.len()) as u32));
    }
    out
}

/// What a mark is to the sentence before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A full stop, which may be part of a word or a number.
    Stop,
    /// A question or exclamation mark.
    Call,
    /// An ellipsis.
    Ellipsis,
    /// A mark that is nothing but an end, whatever follows.
    Full,
}

/// Returns what `c` is to the sentence before it.
const fn mark(c: char) -> Option<Mark> {
    match c {
        '.' => Some(Mark::Stop),
        '!' | '?' | '‽' | '⁇' | '⁈' | '⁉' | '؟' | '\u{37E}' => Some(Mark::Call),
        '…' => Some(Mark::Ellipsis),
        '。' | '！' | '？' | '．' | '｡' | '।' | '॥' | '۔' | '։' | '።' | '។' | '။' => {
            Some(Mark::Full)
        }
        _ => None,
    }
}

/// Returns what `c` at byte `at` of `text` is: as [`mark`] says, and a semicolon behind a Greek word.
fn mark_at(text: &str, at: usize, c: char) -> Option<Mark> {
    if c != ';' {
        return mark(c);
    }
    let is_greek =
        |c: &char| matches!(c, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}') && c.is_alphabetic();
    let before = text.get(..at).unwrap_or_default().chars().rev();
    let mut before = before.skip_while(|&c| is_closing(c) || c == ';' || mark(c).is_some()).take(2);
    (before.next().as_ref().is_some_and(is_greek) && before.next().as_ref().is_some_and(is_greek))
        .then_some(Mark::Call)
}

/// Returns the first mark from `at` on, and where it stands; `ascii` is whether all of `text` is.
fn next_mark(text: &str, at: usize, ascii: bool) -> Option<(usize, Mark)> {
    let bytes = text.as_bytes();
    if ascii {
        let found = at + memchr::memchr3(b'.', b'!', b'?', bytes.get(at..)?)?;
        return Some((found, mark(char::from(*bytes.get(found)?))?));
    }
    let mut at = at;
    loop {
        let rest = bytes.get(at..)?;
        // No mark outside ASCII begins with another byte.
        let lead = |&byte: &u8| match byte {
            b'.' | b'!' | b'?' | b';' => true,
            0..0x80 => false,
            _ => matches!(byte, 0xCD | 0xD6 | 0xD8 | 0xDB | 0xE0 | 0xE1 | 0xE2 | 0xE3 | 0xEF),
        };
        at += rest.iter().position(lead)?;
        let c = char_at(text, at)?;
        if let Some(mark) = mark_at(text, at, c) {
            return Some((at, mark));
        }
        at += c.len_utf8();
    }
}

/// A run of marks with what closes behind it.
struct Ending {
    /// Where the first mark stands.
    start: usize,
    mark: Mark,
    /// Behind the marks, the closing quotation marks and brackets, and note numbers.
    end: usize,
    /// Whether a quotation mark or bracket closes there.
    closes: bool,
}

impl Ending {
    fn of(text: &str, start: usize, first: Mark) -> Self {
        let mut end = start;
        let mut kind = first;
        let mut stops = 0;
        while let Some(c) = char_at(text, end) {
            let mark = if end == start { Some(first) } else { mark(c) };
            let Some(mark) = mark else {
                // `. . .`
                if c == ' ' && stops > 0 && is_spaced_stop(text, end) {
                    end += 1;
                    continue;
                }
                break;
            };
            kind = match (kind, mark) {
                (Mark::Full, _) | (_, Mark::Full) => Mark::Full,
                (Mark::Call, _) | (_, Mark::Call) => Mark::Call,
                (Mark::Ellipsis, _) | (_, Mark::Ellipsis) => Mark::Ellipsis,
                (Mark::Stop, Mark::Stop) => Mark::Stop,
            };
            stops += u32::from(c == '.');
            end += c.len_utf8();
        }
        if kind == Mark::Stop && stops > 1 {
            kind = Mark::Ellipsis;
        }
        let mut ending = Self { start, mark: kind, end, closes: false };
        ending.close(text);
        ending
    }

    /// Takes in what closes behind the marks.
    fn close(&mut self, text: &str) {
        while let Some(c) = char_at(text, self.end) {
            if is_closing(c) {
                self.closes = true;
                self.end += c.len_utf8();
            } else if c == '[' {
                let Some(note) = note(text, self.end) else { return };
                self.end = note;
            } else if matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹') {
                self.end += c.len_utf8();
            } else if c.is_whitespace() && !self.closes {
                // French sets its quotation marks off with a space.
                let behind = skip_space(text, self.end);
                let closes = char_at(text, behind) == Some('»')
                    && char_at(text, behind + '»'.len_utf8()).is_none_or(|c| !c.is_alphanumeric());
                if !closes {
                    return;
                }
                self.closes = true;
                self.end = behind + '»'.len_utf8();
            } else {
                return;
            }
        }
    }

    /// Returns whether the sentence that began at `start` ends here.
    fn ends_sentence(&self, text: &str, start: usize) -> bool {
        let Some(touching) = char_at(text, self.end) else { return true };
        if self.mark == Mark::Full {
            // 「…？」と彼は聞いた。
            return !self.closes || !matches!(touching, 'と' | 'っ' | '、' | '，' | ',' | 'な' | 'の');
        }
        let next = Next::behind(text, self.end);
        if !touching.is_whitespace() {
            return match self.mark {
                Mark::Call | Mark::Ellipsis => {
                    word::class(touching) == WordClass::Alone
                        && !(self.closes && matches!(touching, 'と' | 'っ'))
                }
                Mark::Stop | Mark::Full => false,
            };
        }
        let Some(first) = next.first else { return true };
        if first.is_lowercase() || matches!(first, ',' | ';') {
            return false;
        }
        match self.mark {
            Mark::Stop if self.closes => true,
            Mark::Stop => !self.belongs_to_word(text, start, &next),
            Mark::Call => !(self.closes && is_attribution(next.text)),
            Mark::Ellipsis | Mark::Full => true,
        }
    }

    /// Returns whether the full stop is part of the word before it, and no sentence ends with it.
    fn belongs_to_word(&self, text: &str, start: usize, next: &Next<'_>) -> bool {
        let word = word_before(text, start, self.start);
        if word.is_empty() {
            return false;
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let before = text.get(start..self.start - word.len()).unwrap_or_default();
            let first = before.is_empty();
            return word.len() <= 3
                && next.word.starts_with(char::is_alphabetic)
                && (first || (word.len() <= 2 && abbreviation::is_ordinal(before, next.word)));
        }
        if next.goes_on_after(word) {
            return true;
        }
        let spaced = spaced(text, start, self.start, word);
        match abbreviation::stop(spaced.as_deref().unwrap_or(word)) {
            Stop::Never => true,
            Stop::BeforeNumber => next.first.is_some_and(|c| c.is_ascii_digit()),
            Stop::Time => abbreviation::goes_with_time(next.word),
            Stop::BeforeOpener => !next.opens_sentence(),
            Stop::Always => false,
        }
    }
}

/// What follows an ending.
struct Next<'a> {
    /// From the first word on.
    text: &'a str,
    /// The first character that neither opens a quotation or bracket nor is a dash.
    first: Option<char>,
    word: &'a str,
    /// Whether a quotation or bracket opens before it.
    opens: bool,
}

impl<'a> Next<'a> {
    fn behind(text: &'a str, end: usize) -> Self {
        let mut at = skip_space(text, end);
        let mut opens = false;
        for _ in 0..OPENINGS {
            match char_at(text, at) {
                Some(c) if is_opening(c) => {
                    opens |= !matches!(c, '-' | '–' | '—');
                    at = skip_space(text, at + c.len_utf8());
                }
                _ => break,
            }
        }
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        Self { text: rest, first: rest.chars().next(), word: rest.get(..length).unwrap_or_default(), opens }
    }

    /// Returns whether what follows belongs to one abbreviation with `word` and its full stop: `z. B.`
    fn goes_on_after(&self, word: &str) -> bool {
        self.text.as_bytes().get(self.word.len()) == Some(&b'.')
            && !self.opens
            && abbreviation::is_spaced(word, self.word)
    }

    /// Returns whether what follows would open a sentence rather than go on with a name.
    fn opens_sentence(&self) -> bool {
        let initial =
            self.word.chars().count() == 1 && self.text.as_bytes().get(self.word.len()) == Some(&b'.');
        let caseless = self.first.is_some_and(|c| c.is_alphabetic() && !c.is_uppercase());
        (self.opens && self.first.is_some_and(char::is_uppercase))
            || caseless
            || (!initial && abbreviation::is_opener(self.word))
    }
}

/// Returns whether `text` begins with one to three names and a word of saying: `John Smith asked`.
fn is_attribution(text: &str) -> bool {
    for (names, word) in text.split_whitespace().take(4).enumerate() {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        if names > 0 && abbreviation::is_saying(bare) {
            return true;
        }
        if !bare.starts_with(char::is_uppercase) || (bare != word && !word.ends_with('.')) {
            return false;
        }
    }
    false
}

/// The word that ends at `end`, with the full stops inside it.
fn word_before(text: &str, start: usize, end: usize) -> &str {
    let mut from = end;
    let before = text.get(start..end).unwrap_or_default();
    for c in before.chars().rev() {
        if !(c.is_alphanumeric() || c == '.') || end - from >= WORD_BYTES {
            break;
        }
        from -= c.len_utf8();
    }
    text.get(from..end).unwrap_or_default()
}

/// The abbreviation that ends with `word` at `end` and has spaces in it, without them: `z.B` for `z. B`.
fn spaced(text: &str, start: usize, end: usize, word: &str) -> Option<String> {
    let mut joined: Option<String> = None;
    let (mut last, mut at) = (word, end - word.len());
    loop {
        let before = text.get(start..at)?;
        let trimmed = before.trim_end();
        let piece = trimmed.strip_suffix('.').filter(|_| trimmed.len() < before.len());
        let piece = piece.map(|piece| word_before(piece, 0, piece.len()));
        let Some(piece) = piece.filter(|piece| abbreviation::is_spaced(piece, last)) else { return joined };
        joined = Some(format!("{piece}.{}", joined.as_deref().unwrap_or(word)));
        at = start + trimmed.len() - 1 - piece.len();
        last = piece;
    }
}

/// Where the note at `at` ends, `[12]`; `None` where none stands.
fn note(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at + 1..)?;
    let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0 && rest.get(digits) == Some(&b']')).then_some(at + digits + 2)
}

/// Whether the space at `at` stands before a full stop that goes on with an ellipsis, not a decimal.
fn is_spaced_stop(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    bytes.get(at + 1) == Some(&b'.') && !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric)
}

const fn is_opening(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '('
            | '['
            | '{'
            | '“'
            | '‘'
            | '„'
            | '‚'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '¿'
            | '¡'
            | '「'
            | '『'
            | '（'
            | '-'
            | '–'
            | '—'
            | '*'
            | '<'
    )
}

fn skip_space(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start().len()
}

#[inline]
fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each with `|` where one sentence ends and the next begins.
    const CASES: &[&str] = &[
        "",
        "One.",
        "One. |Two. |Three",
        "No stop at the end",
        "The U.S. economy grew. |The U.K. did not.",
        "He flew to the U.S. |He stayed there.",
        "The U.S. President spoke. |It rained.",
        "Mr. Putin met Mrs. May and Dr. Jones in St. Petersburg. |They talked.",
        "Gen. Lee and Sen. Warren came with Rev. Brown.",
        "It ranks No. 5 worldwide. |It was No. 7 before.",
        "Did he agree? |No. |He did not.",
        "On Jan. 5 it closed. |It opens on Feb. 12.",
        "It fell in Jan. |The rest of the year was good.",
        "At 5 p.m. the bell rang. |At 6 a.m. it rang again.",
        "The shop closes at 5 p.m. |Police came later.",
        "It begins at 5 p.m. Monday in the hall.",
        "It begins at 9 a.m. EST and ends at noon.",
        "J. K. Rowling wrote it. |George R. R. Martin wrote the other.",
        "It was plan B. |The first had failed.",
        "Growth was 3.5 percent. |Prices rose 0.2.",
        "It rose by .5 points. |It fell.",
        "Some fruit, e.g. Granny Smith apples, i.e. Green ones, sell well.",
        "Acme Inc. said it would sell. |It did not.",
        "He works at Acme Inc. |The firm is small.",
        "He met Acme Inc. Chairman Joe Bloggs. |She did not.",
        "Smith vs. Jones was heard. |Smith et al. 1999 agree.",
        "See www.example.com for more. |Or write to a.b@example.org. |Thanks.",
        "It is at https://example.com/a.b?c=d today. |Go there.",
        "Well... |Nobody knew. |She wondered... and left.",
        "Wait\u{2026} |What? |He paused\u{2026} then spoke.",
        "He trailed off . . . |Then he went on.",
        "What?! |Really?? |Yes!!!",
        "\"Will it work?\" he asked. |\"It will,\" she said.",
        "\"Will it work?\" John Smith asked. |\"Yes!\" Ms. Brown replied.",
        "\"It will work as well.\" |He said so twice.",
        "He said: \"Go.\" |Then he left.",
        "\u{201C}Stop!\u{201D} she cried. |\u{201C}I will.\u{201D} |He did.",
        "\u{2018}Is it so?\u{2019} |The answer was \u{2018}No.\u{2019} |All left.",
        "(He left early.) |She stayed (it was warm.) |Then came rain.",
        "She left (why?) and came back. |All was well.",
        "It was shown in 1987. |The study[3] was repeated.",
        "It was shown.[12] |Later work agrees.\u{b9} |So do we.",
        "Yahoo! said profit rose. |Jeopardy! is a show.",
        "\"Go!\", he said. |\"Why?\"; nobody knew.",
        "The team won 5-3. |The crowd cheered.",
        "1. The first point stands. |It is short.",
        "He paid $5. |Then he left.",
        "A line\nbreak is. |White\n space too.\n",
        "  Leading space. |And trailing.  ",
        "He has a Ph.D. |He teaches at Univ. of Utah.",
        "J. Smith Jr. won. |J. Smith Sr. lost. |Smith Jr. |It was close.",
        "He lives in Springfield, Ill. |He likes it.",
        // German
        "Er kam am 3. Mai. |Sie ging am 4. Juni nach Hause.",
        "Der 2. Weltkrieg endete 1945. |Dann kam z.B. Ludwig Erhard.",
        "Das sind ca. 5 Prozent bzw. Anteile. |Siehe Nr. 7 und Abs. 2.",
        "\u{201E}Kommst du?\u{201C}, fragte er. |\u{201E}Ja.\u{201C} |Sie kam.",
        "Orte im Norden, z. B. Hamburg, z.\u{a0}B. Die Au, d. h. Neues, u. a. Kiel, bauen i. d. R. Häfen. |Gut.",
        "Im Jahr 44 v. Chr. Caesar, 9 n. Chr. Varus. |Es gab Kirchen o. Ä. |Die Leute kamen.",
        "Es war der Plan b. |Anna kam zu Punkt c. |Gut.",
        "\u{BB}Nein!\u{AB} rief sie. |\u{BB}Doch.\u{AB} |Er blieb.",
        // French, Spanish, Italian
        "M. Dupont est parti. |Mme Durand aussi.",
        "\u{AB}\u{A0}Va-t'en\u{A0}! \u{BB} dit-il. |\u{AB} Non. \u{BB} |Elle resta.",
        "\u{BF}C\u{F3}mo est\u{E1}s? |\u{A1}Bien! |El Sr. L\u{F3}pez tambi\u{E9}n.",
        "Il Sig. Rossi \u{E8} qui. |Chi \u{E8}?",
        // Russian
        "А. С. Пушкин родился в 1799 г. в Москве. |Он писал стихи.",
        "— Что случилось? — спросил он. |— Ничего.",
        "Это стоит 5 тыс. руб. |Это дорого. |Т. е. нет.",
        "Купили хлеб и т. д. |Он ушёл, т. е. Москва ждёт.",
        // Polish, Swedish, Spanish, Greek
        "Byli m. in. Polacy. |Ja, t. ex. Stockholm, bl. a. Malmö. |Hay, p. ej. Madrid.",
        "Γιατί έφυγε; |Κανείς δεν ξέρει. |«Πού είναι;» ρώτησε. |Τι\u{37E} |Ναι· όχι.",
        "She left; Αθήνα stayed; He did.",
        // Chinese, Japanese, Korean
        "他来了。|她走了！|为什么？|不知道",
        "他说：「我来。」|她走了。",
        "「行くの？」と彼は聞いた。|「はい。」|そう言った。",
        "\u{201C}好。\u{201D}|他走了。",
        "そう!|本当?|うん。",
        "그는 왔다. |그녀는 갔다. |왜?",
        // Hindi, Arabic, Urdu, Armenian, Thai
        "वह आया। |वह गया। |क्यों?",
        "هل جاء؟ |نعم. |ذهب.",
        "وہ آیا۔ |وہ گیا۔",
        "เขามา เธอไป",
    ];

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert!(CASES.len() >= 60);
        for case in CASES {
            let wanted: Vec<&str> = case.split('|').map(str::trim).filter(|part| !part.is_empty()).collect();
            let text = case.replace('|', "");
            let found: Vec<&str> = sentences(&text).iter().map(|range| &text[range.as_usize()]).collect();
            assert_eq!(found, wanted, "{case}");
        }
    }

    #[test]
    fn long_runs_take_one_pass() {
        for unit in [".", ". ", "\" ", "... ", "a.", "(", ".)", "! \" ", "»", " "] {
            let text = unit.repeat(200_000);
            let found = sentences(&text);
            assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start), "{unit:?}");
        }
    }
}
