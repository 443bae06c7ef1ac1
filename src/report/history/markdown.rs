//! `markdown`: the timeline and the changes of substance, for a ticket or a review.

use std::io;

use super::fold::{Line, Told, amount, changes, lines, only_bring_back, words};
use super::spans::{day, remarks, summary};
use super::{HistoryReporter, HistorySettings};
use crate::diff::{Significance, WordOp};
use crate::document::own::MARKDOWN_MARK;
use crate::history::{Change, ChangeRun, History, HistoryOptions, Version};
use crate::report::markup::markdown as escaped;

/// The most lines of a timeline, and the most changes, that are told of one document: what renders
/// Markdown takes no more than about a megabyte.
const ROWS: usize = 1000;
const CHANGES: usize = 500;

/// The format.
pub(super) struct Markdown;

impl HistoryReporter for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn summary(&self) -> &'static str {
        "the timeline and the changes of substance, for a ticket"
    }

    fn needs(&self, _: &HistorySettings, options: &mut HistoryOptions) {
        options.keep_changes(Significance::Substantive);
    }

    fn document(
        &self,
        history: &History,
        index: usize,
        settings: &HistorySettings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        if index > 0 {
            writeln!(out)?;
        } else {
            writeln!(out, "{MARKDOWN_MARK}")?;
        }
        writeln!(out, "## {}\n\n{}.\n", escaped(&history.id), escaped(&summary(history)))?;
        writeln!(out, "| version | date | author | words | change | remarks |")?;
        writeln!(out, "|---:|---|---|---:|---|---|")?;
        let lines = lines(history, settings.whole);
        // The latest matter most.
        let left_out = lines.len().saturating_sub(ROWS);
        for line in lines.iter().skip(left_out) {
            match line {
                Line::Alone(version) => timeline(history, version, out)?,
                Line::Folded(versions) => folded(versions, history, out)?,
            }
        }
        if left_out > 0 {
            writeln!(out, "\n{left_out} earlier lines are left out.")?;
        }
        substantive(history, settings.whole, out)
    }
}

/// A line for versions in a row.
fn folded(versions: &[Version], history: &History, out: &mut dyn io::Write) -> io::Result<()> {
    let (Some(first), Some(last)) = (versions.first(), versions.last()) else { return Ok(()) };
    let time = |version: &Version| version.time.as_deref().map_or(String::new(), |time| escaped(day(time)));
    let (from, to) = (time(first), time(last));
    let dates = if from == to { from } else { format!("{from} to {to}") };
    let (added, removed) = words(versions);
    let what = match only_bring_back(versions, history) {
        Some(texts) => {
            let texts: Vec<String> = texts.iter().map(u32::to_string).collect();
            format!("only bring back the texts of {}", texts.join(", "))
        }
        None => amount(versions),
    };
    let (first, last, count) = (first.number, last.number, versions.len());
    writeln!(out, "| {first}–{last} | {dates} | | +{added} −{removed} | {what} | {count} versions |")
}

fn timeline(history: &History, version: &Version, out: &mut dyn io::Write) -> io::Result<()> {
    let text = |text: &Option<String>| text.as_deref().map_or(String::new(), escaped);
    let time = version.time.as_deref().map_or(String::new(), |time| escaped(day(time)));
    let words = match version.number {
        1 => version.words.to_string(),
        _ => format!("+{} −{}", version.added, version.removed),
    };
    let change = if version.number == 1 { String::new() } else { level(version) };
    writeln!(
        out,
        "| {} | {time} | {} | {words} | {change} | {} |",
        version.number,
        text(&version.author),
        escaped(&remarks(history, version).join("; "))
    )
}

fn level(version: &Version) -> String {
    let reasons: Vec<&str> = version.reasons.iter().map(|reason| reason.name()).collect();
    let name = version.significance.name();
    match (version.significance, reasons.is_empty()) {
        (Significance::Substantive, false) => format!("**{name}**: {}", reasons.join(", ")),
        (Significance::Substantive, true) => format!("**{name}**"),
        (Significance::None | Significance::Cosmetic | Significance::Wording, _) => name.to_owned(),
    }
}

/// The changes of substance, each under its version; those that tell most, or all that are kept.
fn substantive(history: &History, whole: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let matters = |change: &&&Change| change.significance == Significance::Substantive;
    let chosen = changes(history, whole);
    let mut left = CHANGES;
    let mut untold = chosen.left;
    let mut first = true;
    for Told { version, changes, left: more } in chosen.told {
        let changes: Vec<&Change> = changes.iter().filter(matters).copied().collect();
        let told = changes.len().min(left);
        left -= told;
        untold += more + (changes.len() - told) as u64;
        if told == 0 {
            continue;
        }
        if std::mem::take(&mut first) {
            writeln!(out, "\n### Changes of substance")?;
        }
        let said: Vec<String> = [version.time.as_deref().map(day), version.author.as_deref()]
            .into_iter()
            .flatten()
            .map(escaped)
            .collect();
        let by = if said.is_empty() { String::new() } else { format!(", {}", said.join(", ")) };
        writeln!(out, "\n**Version {}**{by}", version.number)?;
        for change in changes.into_iter().take(told) {
            let reasons: Vec<&str> = change.reasons.iter().map(|reason| reason.name()).collect();
            let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
            writeln!(out, "\n- Paragraph {}{why}: {}", change.paragraph, marked(&change.runs))?;
        }
    }
    if untold > 0 {
        writeln!(out, "\n{untold} further changes are left out.")?;
    }
    Ok(())
}

/// The runs in one paragraph, what went struck out and what came bold.
fn marked(runs: &[ChangeRun]) -> String {
    let mut out = String::new();
    for run in runs {
        let (op, text) = match run {
            ChangeRun::Words(op, text) => (*op, text.as_str()),
            ChangeRun::Left(op) => (*op, "…"),
        };
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        let mark = match op {
            WordOp::Equal => "",
            WordOp::Delete => "~~",
            WordOp::Insert => "**",
        };
        // What is struck out and what is bold would touch, and neither would be.
        let apart = text.starts_with(char::is_whitespace) || (!mark.is_empty() && out.ends_with(['~', '*']));
        if apart && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push_str(&format!("{mark}{}{mark}", escaped(&words)));
        if text.ends_with(char::is_whitespace) {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{sample, written};
    use super::*;

    #[test]
    fn the_timeline_is_a_table_and_changes_of_substance_follow() {
        let text = written(&Markdown, &[sample()]);
        assert!(
            text.starts_with("<!-- a report of copydesk -->\n## pier \\[1\\]\n\n4 versions, 2026-01-01 to 2026-01-04, 2 authors"),
            "{text}"
        );
        assert!(text.contains("| 1 | 2026-01-01 | Anna | "), "{text}");
        assert!(text.contains("brings back 1"), "{text}");
        assert!(
            text.contains("### Changes of substance") && text.contains("**Version 2**, 2026-01-02, Bo"),
            "{text}"
        );
        assert!(text.contains("~~14~~ **15**"), "{text}");
        assert!(!text.contains("<b>") && !text.contains('\x1b'), "{text}");
    }
}
