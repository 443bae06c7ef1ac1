//! What a history amounts to in one line, and its versions with flapping folded: what formats for people
//! share.

use crate::history::{Flap, History, Revert, Version};
use crate::report::counted::{counted, grouped};

/// A line of a timeline.
pub(super) enum Row<'a> {
    /// One version.
    Version(&'a Version),
    /// Versions that only bring back texts that had stood before.
    Flap(&'a Flap),
}

/// Returns the versions of `history`, oldest first, each run of flapping as one.
pub(super) fn rows(history: &History) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut flaps = history.flaps.iter().peekable();
    let mut behind = 0;
    for version in &history.versions {
        if version.number <= behind {
            continue;
        }
        if let Some(flap) = flaps.next_if(|flap| flap.first <= version.number) {
            behind = flap.last;
            rows.push(Row::Flap(flap));
        } else {
            rows.push(Row::Version(version));
        }
    }
    rows
}

/// Returns the history in one line: `284 versions, 2022-07-13 to 2026-06-01, 3 authors, 12 reverts`.
pub(super) fn summary(history: &History) -> String {
    let versions = &history.versions;
    let mut line = counted(versions.len() as u64, "version", "versions");
    let mut times = versions.iter().filter_map(|version| version.time.as_deref());
    if let Some(first) = times.next() {
        let last = times.next_back().unwrap_or(first);
        let (first, last) = (day(first), day(last));
        line.push_str(&if first == last { format!(", {first}") } else { format!(", {first} to {last}") });
    }
    let authors = history.authors.iter().filter(|share| share.author.is_some() && share.versions > 0).count();
    let silent = versions.iter().filter(|version| version.silent).count();
    let missing = versions.iter().filter(|version| !version.missing.is_empty()).count();
    let (whole, part) = reverts(history);
    for (count, one, many) in [
        (authors, "author", "authors"),
        (whole, "revert", "reverts"),
        (part, "partial revert", "partial reverts"),
        (silent, "silent edit", "silent edits"),
    ] {
        if count > 0 {
            line.push_str(&format!(", {}", counted(count as u64, one, many)));
        }
    }
    if missing > 0 {
        line.push_str(&format!(", {} without text", grouped(missing as u64)));
    }
    line
}

/// Returns the day of a time as its source writes it; all of it where it is written otherwise.
pub(super) fn day(time: &str) -> &str {
    time.split_once('T').map_or(time, |(day, _)| day)
}

/// Returns how many versions brought back an earlier text, and how many undid others in part.
pub(super) fn reverts(history: &History) -> (usize, usize) {
    let whole = history.reverts.iter().filter(|revert| revert.to.is_some()).count();
    (whole, history.reverts.len() - whole)
}

/// So many versions that were undone are named.
const MOST_NAMED: usize = 4;

/// Returns what a version undid in part: `undoes version 2`.
pub(super) fn undone(history: &History, version: &Version) -> Option<String> {
    let at = history.reverts.binary_search_by_key(&version.number, |revert| revert.version).ok()?;
    let Revert { undoes, .. } = history.reverts.get(at).filter(|revert| revert.to.is_none())?;
    match undoes.as_slice() {
        [only] => Some(format!("undoes version {only}")),
        [first, .., last] if undoes.len() > MOST_NAMED => {
            Some(format!("undoes {} versions from {first} to {last}", grouped(undoes.len() as u64)))
        }
        several => {
            let named: Vec<String> = several.iter().map(u32::to_string).collect();
            Some(format!("undoes versions {}", named.join(", ")))
        }
    }
}

/// Returns what else is to be said of a version: what it brings back, what it hides.
pub(super) fn remarks(history: &History, version: &Version) -> Vec<String> {
    let mut remarks = Vec::new();
    if !version.missing.is_empty() {
        remarks.push(format!("no text: {}", version.missing));
    }
    if let Some(to) = version.reverts_to {
        remarks.push(format!("brings back {to}"));
    } else if version.unchanged {
        remarks.push("unchanged".to_owned());
    }
    remarks.extend(undone(history, version));
    if version.silent {
        remarks.push("silent".to_owned());
    }
    for edit in &version.metadata {
        remarks.push(format!("{} changed", edit.field));
    }
    remarks
}
