//! Who wrote what stands: each paragraph, or each run of words, beside the version that brought it.

use std::io;

use unicode_width::UnicodeWidthStr as _;

use super::terminal::{cut, day, label};
use super::{Blame, HistorySettings};
use crate::diff::WordOp;
use crate::document::TextRange;
use crate::history::{History, TokenLife};
use crate::report::revision::told::Run;
use crate::report::revision::wrap::{Marks, wrapped};

/// The narrowest column that text is wrapped to.
const NARROWEST: usize = 24;

/// Writes the text that is told with its origins on the left.
pub(super) fn write(
    history: &History,
    settings: &HistorySettings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut rows: Vec<(String, &str, bool)> = Vec::new();
    for paragraph in &history.paragraphs {
        let mut first = true;
        let parts = match settings.blame {
            Blame::Word => runs_of_words(history, paragraph.range),
            Blame::None | Blame::Paragraph => vec![(paragraph.last_changed, paragraph.range)],
        };
        for (version, range) in parts {
            let mut origin = named(history, version);
            if settings.blame == Blame::Paragraph && paragraph.introduced != version {
                origin += &format!(" (since {})", paragraph.introduced);
            }
            rows.push((origin, history.text.get(range.as_usize()).unwrap_or_default(), first));
            first = false;
        }
    }
    let widest = rows.iter().map(|(origin, ..)| origin.width()).max().unwrap_or(0);
    let margin = widest.min(settings.layout.width.saturating_sub(NARROWEST + 3)).min(48);
    let palette = settings.layout.palette();
    let faint = palette.faint;
    let marks = Marks::new(settings.layout.color);
    for (origin, text, first) in rows {
        if first && settings.blame == Blame::Word {
            writeln!(out, "{faint}{} │{faint:#}", " ".repeat(margin))?;
        }
        let origin = cut(&origin, margin);
        let fill = " ".repeat(margin.saturating_sub(origin.width()));
        let width = settings.layout.width.saturating_sub(margin + 3).max(NARROWEST);
        for (at, line) in wrapped(&[Run { op: WordOp::Equal, text }], width, &marks).iter().enumerate() {
            if at == 0 {
                writeln!(out, "{faint}{origin}{fill} │{faint:#} {}", line.text)?;
            } else {
                writeln!(out, "{faint}{} │{faint:#} {}", " ".repeat(margin), line.text)?;
            }
        }
    }
    Ok(())
}

/// `12 2020-03-04 ada`
fn named(history: &History, number: u32) -> String {
    let mut out = number.to_string();
    if let Some(version) = history.version(number) {
        let parts = [
            version.time.as_deref().map_or("", day),
            if version.time.is_none() { label(version) } else { "" },
            version.author.as_deref().unwrap_or(""),
        ];
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            out.push(' ');
            out += part;
        }
    }
    out
}

/// The runs of words of one origin within `paragraph`. Signs that open something go with the word behind them,
/// others with the word before. What people read as one word (`2.9`, `don't`, `well-known`) is of the version
/// that gave it its form.
fn runs_of_words(history: &History, paragraph: TextRange) -> Vec<(u32, TextRange)> {
    let first = history.tokens.partition_point(|token| token.range.start < paragraph.start);
    let inside = history.tokens[first..].iter().take_while(|token| token.range.end <= paragraph.end);
    let inside: Vec<&TokenLife> = inside.collect();
    let touch =
        |at: usize| inside.get(at).zip(inside.get(at + 1)).is_some_and(|(a, b)| a.range.end == b.range.start);
    let mut words: Vec<(u32, TextRange, bool)> = Vec::new();
    // Whether a sign ends the last word behind which it may go on.
    let mut open = false;
    // Where the signs begin that open what comes next.
    let mut opening: Option<u32> = None;
    for (at, token) in inside.iter().enumerate() {
        let apart = at.checked_sub(1).is_none_or(|before| !touch(before));
        if !token.word && (apart || opening.is_some()) && touch(at) {
            opening.get_or_insert(token.range.start);
            continue;
        }
        let text = history.text.get(token.range.as_usize()).unwrap_or_default();
        match words.last_mut() {
            Some((origin, range, true)) if range.end == token.range.start && token.word && open => {
                *origin = (*origin).max(token.origin);
                range.end = token.range.end;
                open = false;
            }
            Some((_, range, true))
                if range.end == token.range.start && !token.word && !open && joins(text) =>
            {
                range.end = token.range.end;
                open = true;
            }
            _ => {
                let start = opening.take().unwrap_or(token.range.start);
                words.push((token.origin, TextRange::new(start, token.range.end), token.word));
                open = false;
            }
        }
    }
    let mut out: Vec<(u32, TextRange)> = Vec::new();
    for (origin, range, word) in words {
        match out.last_mut() {
            Some((last, run)) if *last == origin || !word => run.end = range.end,
            _ => out.push((origin, range)),
        }
    }
    out
}

/// Whether a word may go on behind the sign.
fn joins(sign: &str) -> bool {
    matches!(sign, "." | "," | ":" | "'" | "’" | "-" | "\u{2011}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Token;

    /// The runs of a text of which each token's origin is given.
    fn runs(text: &str, origins: &[u32]) -> Vec<(u32, String)> {
        let mut history = History::default();
        history.text = text.to_owned();
        let tokens: Vec<Token> = crate::history::tokens(text).collect();
        assert_eq!(tokens.len(), origins.len(), "{text}");
        let life = |(token, &origin): (&Token, &u32)| TokenLife {
            range: token.range,
            word: token.word,
            origin,
            token: 0,
            life: 0,
        };
        history.tokens = tokens.iter().zip(origins).map(life).collect();
        let whole = TextRange::new(0, text.len() as u32);
        let told = runs_of_words(&history, whole).into_iter();
        told.map(|(origin, range)| (origin, text[range.as_usize()].to_owned())).collect()
    }

    #[test]
    fn a_figure_is_one_word_of_the_version_that_gave_it_its_form() {
        let told = |runs: &[(u32, &str)]| -> Vec<(u32, String)> {
            runs.iter().map(|&(origin, text)| (origin, text.to_owned())).collect()
        };
        assert_eq!(
            runs("paid 2.9 million.", &[1, 1, 1, 2, 1, 1]),
            told(&[(1, "paid"), (2, "2.9"), (1, "million.")])
        );
        assert_eq!(runs("It ended. Then", &[1, 1, 1, 2]), told(&[(1, "It ended."), (2, "Then")]));
        assert_eq!(runs("they don't", &[1, 1, 2, 2]), told(&[(1, "they"), (2, "don't")]));
        assert_eq!(runs("a [[Kai]] is", &[1, 2, 2, 1, 2, 2, 1]), told(&[(1, "a [[Kai]] is")]));
        assert_eq!(runs("the A12 (County).", &[1, 1, 2, 2, 2, 1]), told(&[(1, "the A12"), (2, "(County).")]));
        assert_eq!(
            runs("the A12 <b>County</b>", &[1, 1, 2, 2, 2, 2, 2, 2, 2, 2]),
            told(&[(1, "the A12"), (2, "<b>County</b>")])
        );
        assert_eq!(
            runs("said \"no\" - then", &[1, 2, 2, 2, 1, 1]),
            told(&[(1, "said"), (2, "\"no\" -"), (1, "then")])
        );
    }
}
