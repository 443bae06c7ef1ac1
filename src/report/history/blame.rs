//! Who wrote what stands: each paragraph, or each run of words, beside the version that brought it.

use std::io;

use unicode_width::UnicodeWidthStr as _;

use super::terminal::{cut, day, label};
use super::{Blame, HistorySettings};
use crate::diff::WordOp;
use crate::document::TextRange;
use crate::history::History;
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

/// The runs of words of one origin within `paragraph`; signs go with the word before them.
fn runs_of_words(history: &History, paragraph: TextRange) -> Vec<(u32, TextRange)> {
    let first = history.tokens.partition_point(|token| token.range.start < paragraph.start);
    let mut out: Vec<(u32, TextRange)> = Vec::new();
    for token in history.tokens[first..].iter().take_while(|token| token.range.end <= paragraph.end) {
        match out.last_mut() {
            Some((origin, range)) if *origin == token.origin || !token.word => range.end = token.range.end,
            _ => out.push((token.origin, token.range)),
        }
    }
    out
}
