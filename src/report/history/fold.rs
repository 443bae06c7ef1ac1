//! Which versions of a history, and which changes, are told each by itself, where there are too many for all?
//!
//! A reviewer wants the moments at which something of substance changed for the first time, on a screen or
//! two. What stands between them (cosmetic and wording changes, passages that go back and forth, versions
//! without a change) shares a line that counts it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Reason, Significance, WordOp};
use crate::history::{Change, ChangeRun, History, Version};
use crate::report::counted::grouped;

/// Histories of so many versions are told whole, but for flapping.
const SHORT: usize = 24;
/// So many versions of a longer one stand by themselves: with what is folded between them, a screen or two.
const MOST_ALONE: usize = 18;
/// So many changes are told with their words, and of one version so many.
const MOST_CHANGES: usize = 8;
const MOST_OF_VERSION: usize = 3;
/// How much a version's words count for less that a later one undid.
const UNDONE: u64 = 16;
/// Of a version that lasts, one in so many of the words that came and went is left.
const LASTING: u64 = 8;

/// A line of a timeline.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line<'a> {
    /// One version.
    Alone(&'a Version),
    /// Two versions or more, in a row.
    Folded(&'a [Version]),
}

impl<'a> Line<'a> {
    /// Returns the version that stands by itself.
    pub fn alone(&self) -> Option<&'a Version> {
        match self {
            Self::Alone(version) => Some(version),
            Self::Folded(_) => None,
        }
    }
}

/// Returns the lines of the history's timeline, oldest first; a line for each version where it is to be told
/// `whole`.
pub(super) fn lines(history: &History, whole: bool) -> Vec<Line<'_>> {
    let versions = &history.versions;
    let alone = if whole { vec![true; versions.len()] } else { alone(history) };
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(version) = versions.get(at) {
        let quiet = alone[at..].iter().take_while(|&&alone| !alone).count();
        if quiet > 1 {
            out.push(Line::Folded(&versions[at..at + quiet]));
            at += quiet;
        } else {
            out.push(Line::Alone(version));
            at += 1;
        }
    }
    out
}

/// Says of each version whether it stands by itself.
fn alone(history: &History) -> Vec<bool> {
    let versions = &history.versions;
    if versions.len() <= SHORT {
        let mut alone: Vec<bool> = versions.iter().map(|version| !version.unchanged).collect();
        for flap in &history.flaps {
            let range = flap.first.saturating_sub(1) as usize..(flap.last as usize).min(alone.len());
            // A headline that was never there before is no flapping.
            range.for_each(|at| alone[at] = versions[at].novel == Significance::Substantive);
        }
        return alone;
    }
    let mut alone: Vec<bool> = Vec::with_capacity(versions.len());
    let mut missing = false;
    for version in versions {
        let is_missing = version.digest.is_none();
        alone.push(version.number == 1 || is_moment(version) || is_missing && !missing);
        missing = is_missing;
    }
    if alone.iter().filter(|&&alone| alone).count() > MOST_ALONE {
        let undone = undone(history);
        let mut ranked: Vec<(u64, usize)> = (1..versions.len())
            .filter(|&at| alone[at])
            .map(|at| (weight(&versions[at], &undone), at))
            .collect();
        ranked.sort_unstable_by_key(|&(weight, at)| (std::cmp::Reverse(weight), at));
        ranked.into_iter().skip(MOST_ALONE - 1).for_each(|(_, at)| alone[at] = false);
    }
    alone
}

/// Whether something of substance changed that is not only back again, or a reader was not told.
fn is_moment(version: &Version) -> bool {
    version.novel == Significance::Substantive || version.silent || has_new_name(version)
}

fn has_new_name(version: &Version) -> bool {
    version.metadata.iter().any(|edit| matches!(edit.field, "title" | "url"))
}

/// The numbers of the versions that a later one undid, and of which next to nothing is left.
fn undone(history: &History) -> BTreeSet<u32> {
    let undone = history.reverts.iter().flat_map(|revert| revert.undoes.iter().copied());
    let lost = |version: &Version| version.surviving * LASTING < version.added + version.removed;
    undone.filter(|&number| history.version(number).is_some_and(lost)).collect()
}

/// How much a reviewer wants to see a version: silent ones first, then those that changed most words, of
/// which something is left.
fn weight(version: &Version, undone: &BTreeSet<u32>) -> u64 {
    let words = version.added - version.restored.min(version.added) + version.removed;
    let words = if undone.contains(&version.number) { words / UNDONE } else { words };
    let named = if has_new_name(version) { 50 } else { 0 };
    words + named + if version.silent { 1 << 32 } else { 0 }
}

/// Returns what versions in a row amount to: `74 cosmetic, 2 wording`; without the number where all are of
/// one kind.
pub(super) fn amount(versions: &[Version]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for version in versions {
        *counts.entry(kind(version)).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    if let [(kind, _)] = counts.as_slice() {
        return (*kind).to_owned();
    }
    counts
        .iter()
        .map(|&(kind, count)| format!("{} {kind}", grouped(count as u64)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn kind(version: &Version) -> &'static str {
    if version.digest.is_none() {
        "without text"
    } else if version.unchanged {
        "unchanged"
    } else if version.reverts_to.is_some() || version.significance > version.novel {
        "back and forth"
    } else {
        match version.significance {
            Significance::None => "first text",
            level => level.name(),
        }
    }
}

/// Returns how many words came and how many went, with all of `versions` together.
pub(super) fn words(versions: &[Version]) -> (u64, u64) {
    versions.iter().fold((0, 0), |sum, version| (sum.0 + version.added, sum.1 + version.removed))
}

/// Returns the numbers of the versions that first had the texts that `versions` only bring back; `None` where
/// one of them has a text of its own.
pub(super) fn only_bring_back(versions: &[Version], history: &History) -> Option<Vec<u32>> {
    if !versions.iter().all(|version| version.reverts_to.is_some() || version.unchanged) {
        return None;
    }
    if versions.iter().all(|version| version.unchanged) {
        return None;
    }
    let digests: BTreeSet<[u8; 32]> = versions.iter().filter_map(|version| version.digest).collect();
    let mut firsts: BTreeMap<[u8; 32], u32> = BTreeMap::new();
    for version in &history.versions {
        if let Some(digest) = version.digest.filter(|digest| digests.contains(digest)) {
            firsts.entry(digest).or_insert(version.number);
        }
    }
    let mut texts: Vec<u32> = firsts.into_values().collect();
    texts.sort_unstable();
    Some(texts)
}

/// The changes of one version that are told.
#[derive(Clone, Debug)]
pub(super) struct Told<'a> {
    pub version: &'a Version,
    pub changes: Vec<&'a Change>,
    /// How many more there are.
    pub left: u64,
}

/// The changes that are told, and how many are not, of versions of which none is.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen<'a> {
    pub told: Vec<Told<'a>>,
    pub left: u64,
    /// Versions of which no change is told.
    pub left_versions: u64,
}

/// Returns the changes of substance that tell most, in the order of the versions; all that are kept where they
/// are to be told `whole`.
pub(super) fn changes(history: &History, whole: bool) -> Chosen<'_> {
    let undone = undone(history);
    let wanted = |change: &&Change| whole || !change.again;
    // What each version has to tell, the most telling first.
    let mut ranked: Vec<(u64, usize, usize, usize)> = Vec::new();
    for (at, version) in history.versions.iter().enumerate() {
        let lost = undone.contains(&version.number);
        let mut own: Vec<(u64, usize)> = (version.changes.iter().enumerate())
            .filter(|(_, change)| wanted(change))
            .map(|(index, change)| (telling(change, version.silent) / if lost { UNDONE } else { 1 }, index))
            .collect();
        own.sort_by_key(|&(weight, index)| (std::cmp::Reverse(weight), index));
        ranked.extend(own.into_iter().enumerate().map(|(rank, (weight, index))| (weight, rank, at, index)));
    }
    if !whole && ranked.len() > MOST_CHANGES {
        // The first of every version before the second of any.
        ranked.retain(|&(_, rank, ..)| rank < MOST_OF_VERSION);
        ranked.sort_by_key(|&(weight, rank, at, index)| (rank, std::cmp::Reverse(weight), at, index));
        ranked.truncate(MOST_CHANGES);
    }
    let mut chosen: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    ranked.into_iter().for_each(|(_, _, at, index)| chosen.entry(at).or_default().push(index));
    let mut out = Chosen::default();
    for (at, version) in history.versions.iter().enumerate() {
        let all = version.changes.iter().filter(wanted).count() as u64;
        let all = if all > 0 { all + version.more_changes } else { 0 };
        match chosen.remove(&at) {
            Some(mut indices) => {
                indices.sort_unstable();
                let changes: Vec<&Change> =
                    indices.into_iter().filter_map(|index| version.changes.get(index)).collect();
                let left = all - changes.len() as u64;
                out.told.push(Told { version, changes, left });
            }
            None if all > 0 => {
                out.left += all;
                out.left_versions += 1;
            }
            None => {}
        }
    }
    out
}

/// How much a change tells: the letters that came and went, up to what fits a few lines; where only a link
/// leads elsewhere, little.
fn telling(change: &Change, silent: bool) -> u64 {
    let letters = |run: &ChangeRun| match run {
        ChangeRun::Words(WordOp::Insert | WordOp::Delete, text) => text.len() as u64,
        ChangeRun::Words(WordOp::Equal, _) | ChangeRun::Left(_) => 0,
    };
    let changed: u64 = change.runs.iter().map(letters).sum();
    let reasons = change.reasons.iter().filter(|&&reason| reason != Reason::Link).count() as u64;
    let link_only = reasons == 0 && change.reasons.contains(&Reason::Link);
    let weight = if link_only { 1 } else { 40 + changed.min(400) + 40 * reasons };
    weight * UNDONE + if silent { 1 << 32 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version for each letter: `s` substantive, `w` wording, `c` cosmetic, `b` brings a text back, `u`
    /// unchanged, `f` substantive that goes back and forth, `m` missing, `q` silent.
    fn history(kinds: &str) -> History {
        let versions = kinds.bytes().enumerate().map(|(at, kind)| {
            let number = at as u32 + 1;
            let significance = match kind {
                b's' | b'f' | b'q' => Significance::Substantive,
                b'w' => Significance::Wording,
                _ => Significance::Cosmetic,
            };
            Version {
                number,
                digest: (kind != b'm').then_some([kind; 32]),
                unchanged: kind == b'u',
                reverts_to: (kind == b'b').then_some(1),
                silent: kind == b'q',
                significance,
                novel: if kind == b'f' || kind == b'b' { Significance::None } else { significance },
                added: u64::from(number),
                ..Version::default()
            }
        });
        let mut history = History::default();
        history.versions = versions.collect();
        history
    }

    fn told(history: &History, whole: bool) -> Vec<String> {
        let told = |line: &Line<'_>| match line {
            Line::Alone(version) => version.number.to_string(),
            Line::Folded(versions) => {
                let (first, last) = (versions.first().unwrap(), versions.last().unwrap());
                format!("{}-{} {}", first.number, last.number, amount(versions))
            }
        };
        lines(history, whole).iter().map(told).collect()
    }

    #[test]
    fn between_moments_everything_shares_a_line() {
        let history = history(&format!("s{}s{}qwcmmms", "c".repeat(20), "cwcfbu".repeat(3)));
        assert_eq!(
            told(&history, false),
            [
                "1",
                "2-21 cosmetic",
                "22",
                "23-40 6 back and forth, 6 cosmetic, 3 unchanged, 3 wording",
                "41",
                "42-43 1 cosmetic, 1 wording",
                "44",
                "45-46 without text",
                "47"
            ]
        );
        assert_eq!(told(&history, true).len(), 47);
    }

    #[test]
    fn a_short_history_is_told_whole_but_for_what_does_not_change() {
        assert_eq!(told(&history("scwscuuus"), false), ["1", "2", "3", "4", "5", "6-8 unchanged", "9"]);
    }

    #[test]
    fn of_many_moments_the_greatest_stand_by_themselves() {
        let history = history(&"s".repeat(3000));
        let told = told(&history, false);
        assert_eq!(told.len(), 19);
        assert_eq!(told[..2], ["1", "2-2983 substantive"]);
        assert_eq!(told[18], "3000");
    }
}
