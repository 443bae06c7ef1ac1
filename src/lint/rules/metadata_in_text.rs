//! `metadata-in-text`: a field of the feed is stuck to the body.

use crate::document::{Block, BlockKind, Document, TextRange};
use crate::fingerprint::{Fingerprinter, Profile};
use crate::lint::{Flag, Rule, Settings, Severity};
use crate::segment::words;

/// The rule.
pub(super) struct MetadataInText;

impl Rule for MetadataInText {
    fn name(&self) -> &'static str {
        "metadata-in-text"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a date, byline, or field name of the feed is stuck to the body"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        let Some(block) = beginning(document) else { return };
        let text = document.reading(block.range);
        let Some(stuck) = stuck(&text, document.meta.author.as_deref()) else { return };
        let is_first = document.blocks.first() == Some(block);
        if !(is_first || goes_on(&text[stuck.length..]) && is_alone(document, *block)) {
            return;
        }
        let range = document.read_from(block.range, TextRange::new(0, stuck.length as u32));
        let what = &document.text[range.as_usize()];
        flags.push(Flag {
            rule: self.name(),
            range,
            message: format!("{} \"{what}\" is stuck to the text", stuck.what),
            related: None,
            key: Fingerprinter::new(Profile::Standard).digest(&format!("metadata-in-text {what}")),
            help: "cut it from the text; dates, bylines and other fields belong in the metadata",
            repeat_in: None,
            replacement: Some(String::new()),
            mend: None,
            about: None,
        });
    }
}

/// The block that the body begins with: the first, or the first paragraph under headings and captions.
fn beginning(document: &Document) -> Option<&Block> {
    let above = |block: &&Block| matches!(block.kind, BlockKind::Heading | BlockKind::Caption);
    let first = document.blocks.first()?;
    match document.blocks.iter().find(|block| !above(block)) {
        Some(body) if body.kind == BlockKind::Paragraph => Some(body),
        _ => Some(first),
    }
}

/// Whether a text goes on behind what is stuck to it. Under a heading, a date in a line of its own is part of
/// the page.
fn goes_on(rest: &str) -> bool {
    words(rest).nth(2).is_some() && !rest.starts_with(['\n', '\r'])
}

/// Whether no other paragraph has the like at its beginning, as the entries of a diary do.
fn is_alone(document: &Document, block: Block) -> bool {
    let mut others = document.blocks.iter().filter(|other| other.range.start > block.range.start);
    !others.any(|other| {
        let text = document.reading(other.range);
        field_with_date(&text).is_some() || other_field(&text).is_some() || date_at(&text).is_some()
    })
}

/// What is stuck to the beginning of a text.
#[derive(Debug, PartialEq, Eq)]
struct Stuck {
    what: &'static str,
    /// In bytes from the beginning.
    length: usize,
}

/// Field names as feeds write them. Each is only taken for one in front of a date, or with a colon.
const DATE_FIELDS: &[&str] = &[
    "date",
    "pubdate",
    "pub_date",
    "published",
    "publication date",
    "date_published",
    "datepublished",
    "published_at",
    "created",
    "created_at",
    "updated",
    "updated_at",
    "date_modified",
    "datemodified",
    "modified",
    "last updated",
    "last modified",
    "posted",
    "posted on",
    "published on",
    "timestamp",
    "time",
    "firstcreated",
    "versioncreated",
    "datum",
    "ver\u{f6}ffentlicht",
    "aktualisiert",
    "stand",
    "fecha",
    "publicado",
    "publi\u{e9} le",
    "mis \u{e0} jour",
    "data",
    "\u{434}\u{430}\u{442}\u{430}",
    "\u{65e5}\u{671f}",
    "\u{65f6}\u{95f4}",
    "\u{53d1}\u{5e03}\u{65f6}\u{95f4}",
    "\u{53d1}\u{8868}\u{65f6}\u{95f4}",
    "\u{914d}\u{4fe1}",
    "\u{516c}\u{958b}\u{65e5}",
];
/// Fields that hold no date. Lower case and with a colon or equals sign only: "Author: …" may be prose.
const OTHER_FIELDS: &[&str] = &[
    "author",
    "byline",
    "title",
    "headline",
    "url",
    "link",
    "id",
    "guid",
    "uri",
    "slug",
    "category",
    "content",
    "content_html",
    "content_text",
    "body",
    "body_html",
    "text",
    "description",
    "summary",
    "tags",
    "keywords",
    "language",
    "source",
];

/// Returns what is stuck to the beginning of `text`, if anything is.
fn stuck(text: &str, author: Option<&str>) -> Option<Stuck> {
    field_with_date(text)
        .or_else(|| date_alone(text))
        .or_else(|| other_field(text))
        .or_else(|| byline(text, author?))
}

/// `date 2024-11-26 Sergei …`, `Published: 26 November 2024`.
fn field_with_date(text: &str) -> Option<Stuck> {
    let field = DATE_FIELDS.iter().filter_map(|field| strip_word(text, field)).max()?;
    let rest = &text[field..];
    let marked = rest.trim_start().starts_with([':', '=', '\u{ff1a}']);
    let value = rest.trim_start_matches([':', '=', '\u{ff1a}', ' ', '\t', '"', '\'']);
    let date = date_at(value)?;
    let lower = text.starts_with(|c: char| c.is_lowercase() || !c.is_alphabetic()) || !text.is_ascii();
    // "Updated 26 November 2024" opens prose ("Published 5 May 1821, the book …"); with a colon, a field
    // name in lower case or an ISO date it does not.
    if !marked && !date.iso && !lower {
        return None;
    }
    Some(Stuck { what: "field", length: text.len() - value.len() + date.length })
}

/// `2024-11-26T10:00:00Z The minister …`: an ISO date opens no sentence.
fn date_alone(text: &str) -> Option<Stuck> {
    let date = date_at(text)?;
    let rest = text[date.length..].trim_start();
    // "2024-11-26 was …" is not said; but a range or a table of dates is left alone.
    let prose = rest.starts_with(|c: char| c.is_uppercase() || c == '"' || c == '\u{201c}');
    (date.iso && prose && text.len() > date.length + 20)
        .then_some(Stuck { what: "date", length: date.length })
}

/// `author: Jane Doe`, `content_html="…`.
fn other_field(text: &str) -> Option<Stuck> {
    let field =
        OTHER_FIELDS.iter().filter(|field| text.starts_with(**field)).map(|field| field.len()).max()?;
    let mark = text[field..].trim_start_matches(' ');
    mark.starts_with([':', '=']).then(|| Stuck { what: "field", length: text.len() - mark.len() + 1 })
}

/// `By Jane Doe The minister …` where the record says that Jane Doe is the author.
fn byline(text: &str, author: &str) -> Option<Stuck> {
    // One-word authors ("Reuters") open sentences.
    if author.split_whitespace().count() < 2 {
        return None;
    }
    let start =
        strip_word(text, "by").map_or(0, |by| by + (text[by..].len() - text[by..].trim_start().len()));
    let rest = text.get(start..)?.strip_prefix(author)?;
    // Glued to the next word, or followed by a new sentence; "Jane Doe says …" is prose.
    let glued = rest.starts_with(char::is_alphabetic);
    let sentence = start > 0 && rest.trim_start().starts_with(|c: char| c.is_uppercase());
    (glued || sentence).then(|| Stuck { what: "byline", length: text.len() - rest.len() })
}

/// Bytes of `word` at the beginning of `text`, whatever the case, if it ends there.
fn strip_word(text: &str, word: &str) -> Option<usize> {
    let mut rest = text.char_indices();
    for expected in word.chars() {
        let (_, c) = rest.next()?;
        if !c.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
    }
    let end = rest.offset();
    let next = text[end..].chars().next();
    next.is_none_or(|c| !c.is_alphanumeric() && c != '_').then_some(end)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DateAt {
    length: usize,
    /// Year first, with hyphens: as machines write it.
    iso: bool,
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The date at the very beginning of `text`, with a time behind it where one follows.
fn date_at(text: &str) -> Option<DateAt> {
    let (length, iso) = numeric_date(text).or_else(|| worded_date(text).map(|length| (length, false)))?;
    Some(DateAt { length: length + time_at(&text[length..]), iso })
}

/// `2024-11-26`, `2024/11/26`, `26.11.2024`, `11/26/24`, `2024年11月26日`.
fn numeric_date(text: &str) -> Option<(usize, bool)> {
    let (first, rest) = number(text)?;
    let mut separator = rest.chars().next()?;
    if separator == '\u{5e74}' {
        separator = '\u{6708}';
    }
    if !matches!(separator, '-' | '/' | '.' | '\u{6708}') {
        return None;
    }
    let rest = &rest[rest.chars().next()?.len_utf8()..];
    let (second, rest) = number(rest)?;
    let rest = rest.strip_prefix(separator)?;
    let (third, rest) = number(rest)?;
    let rest = if separator == '\u{6708}' { rest.strip_prefix('\u{65e5}')? } else { rest };
    let year_first = first.len() == 4;
    let year = if year_first { first } else { third };
    let small = |s: &str, most: u32| s.len() <= 2 && s.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n));
    let day_month = if year_first {
        small(second, 12) && small(third, 31)
    } else {
        small(first, 31) && small(second, 31) && matches!(year.len(), 2 | 4)
    };
    let ends = !rest.starts_with(|c: char| c.is_numeric() || c == '-' || c == '/');
    (day_month && ends).then_some((text.len() - rest.len(), year_first))
}

/// `26 November 2024`, `Nov. 26, 2024`, `Tue, 26 Nov 2024`.
fn worded_date(text: &str) -> Option<usize> {
    let mut rest = text;
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
        if text.get(..3).is_some_and(|s| s.eq_ignore_ascii_case(day)) {
            rest = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            rest = rest.trim_start_matches([',', ' ', '.']);
        }
    }
    let day = |s: &str| s.len() <= 2 && s.parse::<u32>().is_ok_and(|n| (1..=31).contains(&n));
    let after = if let Some((first, tail)) = number(rest).filter(|(n, _)| day(n)) {
        let _ = first;
        month(tail.trim_start_matches([' ', '.', '-']))?
    } else {
        let tail = month(rest)?.trim_start_matches([' ', '.']);
        let (_, tail) = number(tail).filter(|(n, _)| day(n))?;
        tail
    };
    let (year, tail) = number(after.trim_start_matches([' ', ',', '.', '-']))?;
    (year.len() == 4).then_some(text.len() - tail.len())
}

/// What is behind the English month name at the beginning of `text`, short or long.
fn month(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let word = text.get(..3)?.to_ascii_lowercase();
    (3..=9).contains(&end).then_some(())?;
    MONTHS.contains(&word.as_str()).then(|| &text[end..])
}

/// Bytes of the time at the beginning of `text`, its separator and zone included; 0 where there is none.
fn time_at(text: &str) -> usize {
    let start = text.trim_start_matches(['T', ' ', ',']);
    let Some((hour, rest)) = number(start) else { return 0 };
    let Some(rest) = rest.strip_prefix(':').filter(|_| hour.len() <= 2) else { return 0 };
    let Some((_, rest)) = number(rest).filter(|(minute, _)| minute.len() == 2) else { return 0 };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'));
    let zone = rest.trim_start_matches(' ');
    for name in ["Z", "UTC", "GMT", "EST", "EDT", "CET", "CEST", "BST", "am", "pm", "AM", "PM"] {
        if let Some(tail) = zone.strip_prefix(name).filter(|t| !t.starts_with(char::is_alphanumeric)) {
            return text.len() - tail.len();
        }
    }
    if let Some(tail) = zone.strip_prefix(['+', '-']) {
        let end = tail.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
        return text.len() - end.len();
    }
    text.len() - rest.len()
}

/// The run of ASCII digits at the beginning of `text`, and what is behind it.
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

const EXPLANATION: &str = "\
The text begins with something that belongs in the metadata: the name of a field, a machine's date, a
byline that ran into the first sentence. Headings and captions above it do not count; under them a date in
a line of its own is left alone, and so is one that is the first of several, as in a diary.

    date 2026-11-18 The harbour board met on Tuesday.        <- \"date 2026-11-18\"
    Published: 18 November 2026, 10:30 GMT The harbour …      <- up to \"GMT\"
    By Marta Quill The harbour board met on Tuesday.          <- where the record's author is Marta Quill

A dateline (`LONDON, Nov 18 (Agency) -`) is part of the text and is left alone, and so is a date that a
sentence opens with. The suggestion cuts what is stuck.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn cut<'a>(text: &'a str, author: Option<&str>) -> Option<&'a str> {
        stuck(text, author).map(|stuck| &text[..stuck.length])
    }

    #[test]
    fn fields_dates_and_bylines_are_cut_whole() {
        for (text, expected) in [
            ("date 2024-11-26 Sergei Shoigu, the secretary", "date 2024-11-26"),
            ("Published: 18 November 2026, 10:30 GMT The harbour", "Published: 18 November 2026, 10:30 GMT"),
            ("pubDate: Tue, 26 Nov 2024 10:00:00 +0000 The", "pubDate: Tue, 26 Nov 2024 10:00:00 +0000"),
            ("2026-11-18T10:00:00Z The harbour board met on Tuesday", "2026-11-18T10:00:00Z"),
            ("author: Marta Quill The harbour", "author:"),
            ("updated_at = 2026-11-18 The harbour", "updated_at = 2026-11-18"),
            (
                "\u{65e5}\u{671f}\u{ff1a}2026\u{5e74}11\u{6708}18\u{65e5} \u{6e2f}",
                "\u{65e5}\u{671f}\u{ff1a}2026\u{5e74}11\u{6708}18\u{65e5}",
            ),
            ("Last updated: Nov. 18, 2026 The harbour", "Last updated: Nov. 18, 2026"),
        ] {
            assert_eq!(cut(text, None), Some(expected), "{text}");
        }
        assert_eq!(cut("By Marta Quill The board met", Some("Marta Quill")), Some("By Marta Quill"));
        assert_eq!(cut("Marta QuillThe board met", Some("Marta Quill")), Some("Marta Quill"));
    }

    #[test]
    fn prose_and_datelines_are_left_alone() {
        for text in [
            "LONDON, Nov 18 (Agency) - The harbour board met",
            "November 18, 2026, will be remembered in the harbour",
            "18 November 2026 was a cold day",
            "Date palms line the harbour road",
            "Published 5 May 1821, the book was soon forgotten",
            "Updated plans were shown on Tuesday",
            "Title: the story of a harbour",
            "id est, that is to say",
            "Marta Quill says the board met",
            "2026-11-18 to 2026-11-20",
            "time 3.5 seconds",
            "",
        ] {
            assert_eq!(cut(text, Some("Marta Quill")), None, "{text}");
        }
    }
}
