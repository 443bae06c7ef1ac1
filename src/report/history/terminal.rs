//! `terminal`: a timeline, one line for each version, and then what changed in substance.

use std::io;

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::fold::{Told, changes};
use super::spans::reverts;
use super::{Blame, HistoryReporter, HistorySettings, blame, timeline};
use crate::diff::{EditKind, Significance, WordOp};
use crate::history::{Change, ChangeRun, History, HistoryOptions, Version};
use crate::report::counted::counted;
use crate::report::revision::told::Run;
use crate::report::revision::wrap::{Marks, wrapped, write_indented, write_wrapped};
use crate::report::{Palette, visible};

/// The format.
pub(super) struct Terminal;

/// Bytes of what came or went in a change, unless all is told.
const LONGEST_RUN: usize = 200;
/// Columns that the text of a change stands in from.
pub(super) const GUTTER: usize = 4;

impl HistoryReporter for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn summary(&self) -> &'static str {
        "a timeline and the substantive changes, for people"
    }

    fn needs(&self, settings: &HistorySettings, options: &mut HistoryOptions) {
        if settings.blame == Blame::None {
            options.keep_changes(Significance::Substantive);
        }
    }

    fn document(
        &self,
        history: &History,
        index: usize,
        settings: &HistorySettings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let palette = settings.layout.palette();
        if index > 0 {
            writeln!(out)?;
        }
        let width = settings.layout.width;
        let title = history.versions.iter().rev().find_map(|version| version.title.as_deref());
        let title = title.filter(|title| *title != history.id);
        let name = title.map_or_else(|| history.id.clone(), |title| format!("{} — {title}", history.id));
        write_wrapped(&visible::line(&name), palette.strong, width, out)?;
        write_wrapped(&overview(history), Style::new(), width, out)?;
        writeln!(out)?;
        if settings.blame != Blame::None {
            return blame::write(history, settings, out);
        }
        timeline::write(history, settings, &palette, out)?;
        write_changes(history, settings, &palette, out)?;
        if settings.layout.summary {
            write_wrapped(&summary(history), Style::new(), width, out)?;
        }
        Ok(())
    }
}

/// What the history holds, in a line.
fn overview(history: &History) -> String {
    let times: Vec<&str> = history.versions.iter().filter_map(|version| version.time.as_deref()).collect();
    let mut out = counted(history.versions.len() as u64, "version", "versions");
    let mut texts: Vec<_> = history.versions.iter().filter_map(|version| version.digest).collect();
    texts.sort_unstable();
    texts.dedup();
    if texts.len() != history.versions.len() {
        out += &format!(" of {}", counted(texts.len() as u64, "text", "texts"));
    }
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        let (first, last) = (day(first), day(last));
        out += &if first == last { format!(", {first}") } else { format!(", {first} to {last}") };
    }
    let words = history.version(history.at).map_or(0, |version| version.words);
    out += &format!("; version {} has {}", history.at, counted(words, "word", "words"));
    out
}

/// The day of a time; the whole of what is written in another way.
pub(super) fn day(time: &str) -> &str {
    let bytes = time.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    let iso = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if iso && digits(0..4) && digits(5..7) && digits(8..10) { &time[..10] } else { time }
}

/// A version's label, as short as people say it; nothing where it is a number that says no more.
pub(super) fn label(version: &Version) -> &str {
    let label = version.label.as_str();
    let hexadecimal = label.len() == 40 && label.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hexadecimal {
        &label[..8]
    } else if label == version.number.to_string() || version.time.as_deref() == Some(label) {
        ""
    } else {
        label
    }
}

/// Cuts `text`, made visible, to `width` columns and fills it up to them.
pub(super) fn cell(text: &str, width: usize) -> String {
    let mut out = cut(text, width);
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(out.width())));
    out
}

/// Makes `text` visible, and cuts it to `width` columns.
pub(super) fn cut(text: &str, width: usize) -> String {
    let text = visible::line(text);
    if text.width() <= width {
        return text.into_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(c);
    }
    if width > 0 {
        out.push('…');
    }
    out
}

/// Writes what changed in substance; of versions that only went back, nothing.
fn write_changes(
    history: &History,
    settings: &HistorySettings,
    palette: &Palette,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let chosen = changes(history, settings.whole);
    let width = settings.layout.width;
    let marks = Marks::new(settings.layout.color);
    for Told { version, changes, left } in &chosen.told {
        write_wrapped(&heading(version), palette.strong, width, out)?;
        for change in changes {
            write_indented(&described(change), palette.faint, GUTTER / 2, width, out)?;
            let runs = runs(change, settings.whole);
            for line in wrapped(&runs, width.saturating_sub(GUTTER).max(20), &marks) {
                writeln!(out, "{:GUTTER$}{}", "", line.text)?;
            }
        }
        if *left > 0 {
            let text = format!("and {}", counted(*left, "more change", "more changes"));
            write_indented(&text, palette.faint, GUTTER / 2, width, out)?;
        }
        writeln!(out)?;
    }
    if chosen.left > 0 {
        let text = format!(
            "{} of substance in {}: -v tells them, --from and --to choose versions.",
            counted(chosen.left, "more change", "more changes"),
            counted(chosen.left_versions, "other version", "other versions"),
        );
        write_wrapped(&text, palette.faint, width, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// `Version 12, 2020-03-04, ada: silent`
fn heading(version: &Version) -> String {
    let mut out = format!("Version {}", version.number);
    let parts =
        [version.time.as_deref().map_or("", day), label(version), version.author.as_deref().unwrap_or("")];
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        out += ", ";
        out += &visible::line(part);
    }
    if version.silent {
        out += ": changed in substance, and neither its date nor a note says so";
    }
    out
}

fn described(change: &Change) -> String {
    let what = match change.kind {
        EditKind::Keep => "kept",
        EditKind::Insert => "inserted",
        EditKind::Delete => "deleted",
        EditKind::Modify => "modified",
        EditKind::Move => "moved",
        EditKind::Split => "split",
        EditKind::Merge => "merged",
    };
    let reasons: Vec<&str> = change.reasons.iter().map(|reason| reason.name()).collect();
    let paragraph = if change.paragraph == 0 {
        "front matter".to_owned()
    } else {
        format!("paragraph {}", change.paragraph)
    };
    let mut out = format!("{paragraph} {what}");
    if change.moved && change.kind != EditKind::Move {
        out += " and moved";
    }
    if !reasons.is_empty() {
        out += &format!(" ({})", reasons.join(", "));
    }
    out
}

/// The runs of a change; unless it is to be told `whole`, what came or went is cut short.
fn runs(change: &Change, whole: bool) -> Vec<Run<'_>> {
    let left_out = Run { op: WordOp::Equal, text: " … " };
    let mut out = Vec::new();
    for run in &change.runs {
        match run {
            ChangeRun::Words(WordOp::Equal, text) => out.push(Run { op: WordOp::Equal, text }),
            ChangeRun::Words(op, text) => {
                let short = if whole { text } else { beginning(text, LONGEST_RUN) };
                out.push(Run { op: *op, text: short });
                if short.len() < text.len() {
                    out.push(left_out);
                }
            }
            ChangeRun::Left(_) => out.push(left_out),
        }
    }
    // What is cut short twice in a row is cut short once.
    out.dedup_by(|a, b| *a == left_out && *b == left_out);
    out
}

/// The beginning of `text`, of at most about `length` bytes, to the end of a word.
fn beginning(text: &str, length: usize) -> &str {
    if text.len() <= length + length / 4 {
        return text;
    }
    let end = (0..=length).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let head = &text[..end];
    head.rfind(char::is_whitespace).filter(|&space| space > length / 2).map_or(head, |space| &head[..space])
}

/// Returns the share of `part` in `whole`, which is not 0, in per cent, rounded; only all of it is 100.
fn percent(part: u64, whole: u64) -> u64 {
    let rounded = (part * 200 + whole) / (whole * 2);
    if part < whole { rounded.min(99) } else { rounded }
}

/// What the history amounts to, in a line.
fn summary(history: &History) -> String {
    let (whole, part) = reverts(history);
    let silent = history.versions.iter().filter(|version| version.silent).count() as u64;
    let mut parts = vec![counted(whole as u64, "revert", "reverts")];
    if part > 0 {
        parts.push(counted(part as u64, "partial revert", "partial reverts"));
    }
    parts.push(counted(silent, "silent edit", "silent edits"));
    let words: u64 = history.authors.iter().map(|share| share.words).sum();
    if words > 0 {
        let of = |share: &crate::history::AuthorShare| {
            let name = cut(share.author.as_deref().unwrap_or("nobody named"), 40);
            format!("{name} {}%", percent(share.words, words))
        };
        let most: Vec<String> =
            history.authors.iter().filter(|share| share.words > 0).take(3).map(of).collect();
        parts.push(format!("words by {}", most.join(", ")));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_and_a_part_is_not_all() {
        for (part, whole, expected) in
            [(687, 1000, 69), (313, 1000, 31), (999, 1000, 99), (7, 7, 100), (0, 7, 0)]
        {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
    }
}
