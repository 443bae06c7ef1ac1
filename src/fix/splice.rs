//! Puts changes into stored bytes.

use std::collections::BTreeMap;

use crate::document::SourceRange;
use crate::lint::{Basis, Replacement, Suggestion};

/// One change of stored bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// The first byte that goes.
    pub start: u64,
    /// The byte behind the last.
    pub end: u64,
    /// What stands there instead.
    pub stored: &'a [u8],
}

impl<'a> Change<'a> {
    fn of(replacement: &'a Replacement) -> Self {
        Self { start: replacement.start.byte, end: replacement.end.byte, stored: &replacement.stored }
    }
}

/// The stretches that are changed: disjoint, by their start, each with its end and whether all of it goes.
#[derive(Clone, Debug, Default)]
struct Taken(BTreeMap<u64, (u64, bool)>);

impl Taken {
    /// The stretches that share a byte with `change`.
    fn touched(&self, change: &Change<'_>) -> impl Iterator<Item = (u64, u64, bool)> {
        let before = self.0.range(..change.end.max(change.start + 1)).rev();
        let touched = before.map(|(&start, &(end, goes))| (start, end, goes));
        let first = change.start;
        touched.take_while(move |&(_, end, _)| end > first)
    }

    /// Whether `change` can be made as well: it touches no byte that is changed, or all of these only go.
    fn allows(&self, change: &Change<'_>) -> bool {
        self.touched(change).all(|(.., goes)| goes && change.stored.is_empty())
    }

    fn add(&mut self, change: &Change<'_>) {
        let touched: Vec<(u64, u64, bool)> = self.touched(change).collect();
        let (mut start, mut end) = (change.start, change.end);
        for (from, to, _) in touched {
            self.0.remove(&from);
            (start, end) = (start.min(from), end.max(to));
        }
        self.0.insert(start, (end, change.stored.is_empty()));
    }
}

/// Why a suggestion was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The bytes are no longer those that it was worked out on.
    Changed,
    /// It changes bytes that one before it changes.
    Overlaps,
}

/// Bytes with changes made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The changed bytes.
    pub bytes: Vec<u8>,
    /// What became of each suggestion, in their order; `None` where it was followed.
    pub left: Vec<Option<Left>>,
}

/// Returns `bytes`, a whole file, with `suggestions` followed, the first of those that overlap.
///
/// What was not tried when it was suggested is never followed, and neither is what was tried on other
/// bytes than stand there now.
#[must_use]
pub fn mend(bytes: &[u8], suggestions: &[&Suggestion]) -> Mended {
    let mut changes: Vec<Change<'_>> = Vec::new();
    let mut taken = Taken::default();
    let mut known: Option<(&Basis, bool)> = None;
    let mut left = Vec::with_capacity(suggestions.len());
    for suggestion in suggestions {
        let own: Vec<Change<'_>> = suggestion.replacements.iter().map(Change::of).collect();
        let stands = suggestion.basis.as_ref().is_some_and(|basis| {
            let stands = known.filter(|(other, _)| *other == basis).map(|(_, stands)| stands);
            let stands = stands.unwrap_or_else(|| basis.stands_in(bytes));
            known = Some((basis, stands));
            stands
        });
        left.push(if !stands {
            Some(Left::Changed)
        } else if !own.iter().all(|change| taken.allows(change)) {
            Some(Left::Overlaps)
        } else {
            own.iter().for_each(|change| taken.add(change));
            changes.extend(own);
            None
        });
    }
    Mended { bytes: with_changes(bytes, 0, changes), left }
}

/// Returns `bytes`, which begin at byte `base` of their file, with `changes` that agree with each other.
pub(super) fn with_changes(bytes: &[u8], base: u64, changes: Vec<Change<'_>>) -> Vec<u8> {
    spliced(bytes, base, changes).0
}

/// Returns the same, and which stretches of `bytes` are not in it, sorted and disjoint, by their place in the
/// file.
pub(super) fn spliced(bytes: &[u8], base: u64, mut changes: Vec<Change<'_>>) -> (Vec<u8>, Vec<SourceRange>) {
    changes.sort_by_key(|change| (change.start, change.end));
    let place = |byte: u64| usize::try_from(byte.saturating_sub(base)).unwrap_or(usize::MAX).min(bytes.len());
    let mut out = Vec::with_capacity(bytes.len());
    let mut gone: Vec<SourceRange> = Vec::new();
    let mut at = 0;
    for change in changes {
        let start = place(change.start);
        let from = at.max(start);
        if start > at {
            out.extend_from_slice(&bytes[at..start]);
        }
        if start == at && at > 0 && change.stored.is_empty() {
            at = tidied(&out, bytes, place(change.end));
        } else {
            out.extend_from_slice(change.stored);
            at = from.max(place(change.end));
        }
        let (from, to) = (base + from as u64, base + at as u64);
        match gone.last_mut() {
            Some(last) if last.end >= from => last.end = last.end.max(to),
            _ => gone.push(SourceRange { start: from, end: to }),
        }
    }
    out.extend_from_slice(&bytes[at..]);
    (out, gone)
}

/// Where to go on at or behind `at`: where two neighbours are gone and blank lines stood on both sides of
/// them, those behind go too.
fn tidied(before: &[u8], bytes: &[u8], at: usize) -> usize {
    let ends = [&b"\n"[..], b"\r\n", b"\\n"];
    let blank = [&b"\n\n"[..], b"\n\r\n", b"\\n\\n"];
    if !blank.iter().any(|end| before.ends_with(end)) {
        return at;
    }
    let mut rest = &bytes[at..];
    while let Some(behind) = ends.iter().find_map(|end| rest.strip_prefix(*end)) {
        rest = behind;
    }
    bytes.len() - rest.len()
}

impl Basis {
    /// Returns the basis that `bytes` are, which begin at byte `offset` of their file.
    #[must_use]
    pub fn of(bytes: &[u8], offset: u64) -> Self {
        Self { offset, length: bytes.len() as u64, digest: *blake3::hash(bytes).as_bytes() }
    }

    /// Returns whether `bytes`, a whole file, still hold it.
    #[must_use]
    pub fn stands_in(&self, bytes: &[u8]) -> bool {
        let range = usize::try_from(self.offset).ok().zip(usize::try_from(self.length).ok());
        let stretch = range.and_then(|(start, length)| bytes.get(start..start.checked_add(length)?));
        stretch.is_some_and(|stretch| *blake3::hash(stretch).as_bytes() == self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Position;

    fn suggestion(bytes: &[u8], changes: &[(u64, u64, &str)]) -> Suggestion {
        let position = |byte| Position { byte, line: 1, column: 1 };
        let replacements = changes.iter().map(|&(start, end, text)| Replacement {
            start: position(start),
            end: position(end),
            text: text.to_owned(),
            stored: text.as_bytes().to_vec(),
        });
        Suggestion {
            title: String::new(),
            replacements: replacements.collect(),
            basis: Some(Basis::of(bytes, 0)),
        }
    }

    #[test]
    fn the_first_of_two_that_overlap_is_followed() {
        let bytes = b"0123456789";
        let one = suggestion(bytes, &[(1, 3, "a"), (5, 6, "b")]);
        let other = suggestion(bytes, &[(2, 4, "c")]);
        let cuts = [suggestion(bytes, &[(6, 8, "")]), suggestion(bytes, &[(7, 9, "")])];
        let mended = mend(bytes, &[&one, &other, &cuts[0], &cuts[1]]);
        assert_eq!(mended.bytes, b"0a34b9");
        assert_eq!(mended.left, [None, Some(Left::Overlaps), None, None]);
    }

    #[test]
    fn other_bytes_stay_as_they_are() {
        let tried = suggestion(b"0123", &[(1, 2, "")]);
        let untried = Suggestion { basis: None, ..tried.clone() };
        let mended = mend(b"0124", &[&tried, &untried]);
        assert_eq!(mended.bytes, b"0124");
        assert_eq!(mended.left, [Some(Left::Changed), Some(Left::Changed)]);
    }

    #[test]
    fn neighbours_that_go_leave_one_blank_line() {
        let bytes = b"a\n\n- b\n- c\n\nd\n";
        let mended = mend(bytes, &[&suggestion(bytes, &[(3, 7, "")]), &suggestion(bytes, &[(7, 11, "")])]);
        assert_eq!(mended.bytes, b"a\n\nd\n");
    }
}
