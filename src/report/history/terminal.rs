//! `terminal`: a timeline, one line for each version, and then what changed in substance.

use std::io;

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{Blame, HistoryReporter, HistorySettings, blame};
use crate::diff::{EditKind, Significance, WordOp};
use crate::history::{Change, ChangeRun, Flap, History, HistoryOptions, Version};
use crate::report::revision::told::Run;
use crate::report::revision::wrap::{Marks, wrapped, write_wrapped};
use crate::report::{Palette, visible};

/// The format.
pub(super) struct Terminal;

/// Of so many versions the substantive changes are told.
const MOST_TOLD: usize = 20;
/// Columns that the text of a change stands in from.
const GUTTER: usize = 4;
/// Columns of a name at most: labels, authors.
const WIDEST_NAME: usize = 18;
/// Columns that the last part of a line has at least.
const LEAST_REST: usize = 28;

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
        write_wrapped(&name, palette.strong, width, out)?;
        write_wrapped(&overview(history), Style::new(), width, out)?;
        writeln!(out)?;
        if settings.blame != Blame::None {
            return blame::write(history, settings, out);
        }
        timeline(history, settings, &palette, out)?;
        changes(history, settings, &palette, out)?;
        if settings.layout.summary {
            write_wrapped(&summary(history), Style::new(), width, out)?;
        }
        Ok(())
    }
}

fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Returns a number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What the history holds, in a line.
fn overview(history: &History) -> String {
    let times: Vec<&str> = history.versions.iter().filter_map(|version| version.time.as_deref()).collect();
    let mut out = counted(history.versions.len() as u64, "version");
    let mut texts: Vec<_> = history.versions.iter().filter_map(|version| version.digest).collect();
    texts.sort_unstable();
    texts.dedup();
    if texts.len() != history.versions.len() {
        out += &format!(" of {}", counted(texts.len() as u64, "text"));
    }
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        out += &format!(", {} to {}", day(first), day(last));
    }
    let words = history.version(history.at).map_or(0, |version| version.words);
    out += &format!("; version {} has {}", history.at, counted(words, "word"));
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
fn cell(text: &str, width: usize) -> String {
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

/// The columns of the timeline.
struct Columns {
    number: usize,
    time: usize,
    label: usize,
    author: usize,
    added: usize,
    removed: usize,
    rest: usize,
}

impl Columns {
    fn new(history: &History, width: usize) -> Self {
        let widest = |of: &dyn Fn(&Version) -> usize| history.versions.iter().map(of).max().unwrap_or(0);
        let shown = |text: &str| visible::line(text).width();
        let mut columns = Self {
            number: widest(&|v| v.number.to_string().len()),
            time: widest(&|v| v.time.as_deref().map_or(0, |time| shown(day(time)))).min(WIDEST_NAME),
            label: widest(&|v| shown(label(v))).min(WIDEST_NAME),
            author: widest(&|v| v.author.as_deref().map_or(0, shown)).min(WIDEST_NAME),
            added: widest(&|v| grouped(v.added).len()) + 1,
            removed: widest(&|v| grouped(v.removed).len()) + 1,
            rest: 0,
        };
        let used = |columns: &Self| {
            let named = [columns.time, columns.label, columns.author];
            let named: usize = named.iter().filter(|&&width| width > 0).map(|width| width + 2).sum();
            columns.number + 2 + named + columns.added + 1 + columns.removed + 2
        };
        // What a narrow terminal has no room for goes first.
        if used(&columns) + LEAST_REST > width {
            columns.author = columns.author.min(10);
            columns.label = columns.label.min(10);
        }
        if used(&columns) + LEAST_REST > width && columns.time > 0 {
            columns.label = 0;
        }
        columns.rest = width.saturating_sub(used(&columns)).max(10);
        columns
    }

    /// Returns the line of a version without its last part.
    fn line(&self, version: &Version) -> String {
        let mut out = format!("{:>width$}  ", version.number, width = self.number);
        let named = [
            (version.time.as_deref().map_or("", day), self.time),
            (label(version), self.label),
            (version.author.as_deref().unwrap_or(""), self.author),
        ];
        for (text, width) in named.into_iter().filter(|&(_, width)| width > 0) {
            out += &cell(text, width);
            out += "  ";
        }
        let sign = |sign: char, count: u64| {
            if count == 0 { String::new() } else { format!("{sign}{}", grouped(count)) }
        };
        let (added, removed) = (sign('+', version.added), sign('−', version.removed));
        let (a, r) = (self.added, self.removed);
        out += &format!("{added:>a$} {removed:>r$}  ");
        out
    }
}

/// What a version did, in a few words, and whether it stands out.
fn deed(version: &Version) -> (String, bool) {
    let mut parts: Vec<String> = Vec::new();
    if version.digest.is_none() {
        let why = if version.missing.is_empty() { "no text" } else { version.missing.as_str() };
        return (why.to_owned(), true);
    }
    if version.unchanged {
        return ("unchanged".to_owned(), false);
    }
    if let Some(to) = version.reverts_to {
        parts.push(format!("back to version {to}"));
    } else if version.number > 1 {
        let reasons: Vec<&str> = version.reasons.iter().map(|reason| reason.name()).collect();
        parts.push(match (version.significance, reasons.is_empty()) {
            (Significance::None, _) => "first text".to_owned(),
            (level, true) => level.name().to_owned(),
            (level, false) => format!("{}: {}", level.name(), reasons.join(", ")),
        });
    } else {
        parts.push("first version".to_owned());
    }
    for edit in &version.metadata {
        if matches!(edit.field, "title" | "url") {
            parts.push(if edit.field == "title" {
                "new headline".to_owned()
            } else {
                "new address".to_owned()
            });
        }
    }
    if version.silent {
        parts.insert(0, "silent".to_owned());
    }
    let marked = version.significance == Significance::Substantive && version.reverts_to.is_none();
    (parts.join("; "), marked || version.silent)
}

/// Writes a line for each version; versions in a row that bring nothing new share one.
fn timeline(
    history: &History,
    settings: &HistorySettings,
    palette: &Palette,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let columns = Columns::new(history, settings.layout.width);
    let mut flaps = history.flaps.iter().peekable();
    let mut at = 0;
    while let Some(version) = history.versions.get(at) {
        if let Some(flap) = flaps.next_if(|flap| flap.first == version.number) {
            let text = flapping(flap, history);
            write_wrapped(&text, palette.faint, settings.layout.width, out)?;
            at = flap.last as usize;
            continue;
        }
        let same = history.versions[at..].iter().take_while(|version| version.unchanged).count();
        if same > 1 {
            let last = version.number + same as u32 - 1;
            let text = format!("{}–{last}  unchanged", version.number);
            write_wrapped(&text, palette.faint, settings.layout.width, out)?;
            at += same;
            continue;
        }
        let (deed, marked) = deed(version);
        let style = if marked { palette.mark } else { palette.faint };
        let deed = cut(&deed, columns.rest);
        writeln!(out, "{}{style}{deed}{style:#}", columns.line(version))?;
        at += 1;
    }
    writeln!(out)
}

fn flapping(flap: &Flap, history: &History) -> String {
    let time = |number: u32| history.version(number).and_then(|version| version.time.as_deref()).map(day);
    let times = match (time(flap.first), time(flap.last)) {
        (Some(first), Some(last)) if first != last => format!("  {first} to {last}"),
        (Some(first), _) => format!("  {first}"),
        _ => String::new(),
    };
    let count = flap.last - flap.first + 1;
    let texts: Vec<String> = flap.texts.iter().map(u32::to_string).collect();
    let of = if texts.len() > 6 {
        format!("{} earlier texts", texts.len())
    } else {
        let plural = if texts.len() == 1 { "" } else { "s" };
        format!("the text{plural} of version{plural} {}", texts.join(", "))
    };
    format!("{}–{}{times}  {count} versions only bring back {of}", flap.first, flap.last)
}

/// Writes what changed in substance; of versions that only went back, nothing.
fn changes(
    history: &History,
    settings: &HistorySettings,
    palette: &Palette,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let told: Vec<&Version> = history.versions.iter().filter(|version| !version.changes.is_empty()).collect();
    let left = told.len().saturating_sub(MOST_TOLD);
    let width = settings.layout.width;
    if left > 0 {
        let text = format!(
            "Substantive changes of the last {MOST_TOLD} versions that have any; {left} earlier ones have, too (see --to)"
        );
        write_wrapped(&text, palette.faint, width, out)?;
        writeln!(out)?;
    }
    let marks = Marks::new(settings.layout.color);
    for version in &told[left..] {
        write_wrapped(&heading(version), palette.strong, width, out)?;
        for change in &version.changes {
            write_wrapped(&format!("  {}", described(change)), palette.faint, width, out)?;
            let lines = wrapped(&runs(change), width.saturating_sub(GUTTER).max(20), &marks);
            for line in lines {
                writeln!(out, "    {}", line.text)?;
            }
        }
        if version.more_changes > 0 {
            let text = format!("  and {}", counted(version.more_changes, "more change"));
            write_wrapped(&text, palette.faint, width, out)?;
        }
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
        out += part;
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

fn runs(change: &Change) -> Vec<Run<'_>> {
    change.runs.iter().map(run).collect()
}

fn run(run: &ChangeRun) -> Run<'_> {
    match run {
        ChangeRun::Words(op, text) => Run { op: *op, text },
        ChangeRun::Left(_) => Run { op: WordOp::Equal, text: " … " },
    }
}

/// What the history amounts to, in a line.
fn summary(history: &History) -> String {
    let whole = history.reverts.iter().filter(|revert| revert.to.is_some()).count() as u64;
    let part = history.reverts.len() as u64 - whole;
    let silent = history.versions.iter().filter(|version| version.silent).count() as u64;
    let mut parts = vec![counted(whole, "revert")];
    if part > 0 {
        parts.push(counted(part, "partial revert"));
    }
    parts.push(counted(silent, "silent edit"));
    let words: u64 = history.authors.iter().map(|share| share.words).sum();
    if words > 0 {
        let of = |share: &crate::history::AuthorShare| {
            let name = cut(share.author.as_deref().unwrap_or("nobody named"), 40);
            format!("{name} {}%", share.words * 100 / words)
        };
        let most: Vec<String> = history.authors.iter().take(3).map(of).collect();
        parts.push(format!("words by {}", most.join(", ")));
    }
    parts.join("; ")
}
