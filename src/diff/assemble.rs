//! From links to edits: ranges that tile both texts, what moved, what was kept to the byte, the order.

use std::collections::BTreeMap;

use super::align::Edge;
use super::moves::moves;
use super::revision::{Edit, EditKind, Significance};
use super::units::Unit;
use crate::document::{Document, TextRange};

/// Where each unit's range starts, and what became of it.
struct Cut<'a> {
    text: &'a str,
    units: &'a [Unit],
    /// Where each unit's range starts; one more for the end of the text.
    starts: Vec<u32>,
    /// For each unit, the link that keeps it byte for byte.
    exact: Vec<Option<usize>>,
    /// White space that belongs to no unit.
    spare: Vec<TextRange>,
    /// Where a unit ends that has such white space behind it.
    ends: BTreeMap<usize, u32>,
}

impl<'a> Cut<'a> {
    fn new(document: &'a Document, units: &'a [Unit]) -> Self {
        let mut starts: Vec<u32> = units.iter().map(|unit| unit.whole.start).collect();
        starts.push(document.text.len() as u32);
        Self {
            text: &document.text,
            units,
            starts,
            exact: vec![None; units.len()],
            spare: Vec::new(),
            ends: BTreeMap::new(),
        }
    }

    fn range(&self, units: &std::ops::Range<usize>) -> TextRange {
        let end = self.ends.get(&(units.end - 1)).copied().unwrap_or(self.starts[units.end]);
        TextRange::new(self.starts[units.start], end)
    }

    /// From the start of the unit's range to the end of its block.
    fn body(&self, at: usize) -> &'a str {
        &self.text[self.starts[at] as usize..self.units[at].block.end as usize]
    }

    /// From the end of the unit's block to the end of its range.
    fn separator(&self, at: usize) -> &'a str {
        &self.text[self.units[at].block.end as usize..self.starts[at + 1] as usize]
    }

    /// Ends unit `at` at `end`, before the end of its separator: the rest goes to the next
    /// unit where that is changed anyway, and stands alone otherwise.
    fn cut_short(&mut self, at: usize, end: u32) {
        if end == self.starts[at + 1] {
            return;
        }
        if self.exact.get(at + 1) == Some(&None) {
            self.starts[at + 1] = end;
        } else {
            self.spare.push(TextRange::new(end, self.starts[at + 1]));
            self.ends.insert(at, end);
        }
    }
}

/// Returns the edits that `edges` (sorted by the new side) make, in order, without words.
pub(super) fn edits(old: (&Document, &[Unit]), new: (&Document, &[Unit]), edges: &[Edge]) -> Vec<Edit> {
    let blocks = moves(edges, old.1, new.1);
    let (mut old, mut new) = (Cut::new(old.0, old.1), Cut::new(new.0, new.1));
    for (at, edge) in edges.iter().enumerate() {
        let single = edge.old.len() == 1 && edge.new.len() == 1;
        if single && old.body(edge.old.start) == new.body(edge.new.start) {
            old.exact[edge.old.start] = Some(at);
            new.exact[edge.new.start] = Some(at);
        }
    }
    share_separators(&mut old, &mut new, edges);

    let mut out = Vec::with_capacity(edges.len());
    let mut old_used = vec![false; old.units.len()];
    let mut new_used = vec![false; new.units.len()];
    for (edge, &block) in edges.iter().zip(&blocks) {
        old_used[edge.old.clone()].fill(true);
        new_used[edge.new.clone()].fill(true);
        let kind = match (edge.old.len(), edge.new.len()) {
            (1, 1) if old.exact[edge.old.start].is_none() => EditKind::Modify,
            (1, 1) if block.is_some() => EditKind::Move,
            (1, 1) => EditKind::Keep,
            (1, _) => EditKind::Split,
            _ => EditKind::Merge,
        };
        let ranges = (Some(old.range(&edge.old)), Some(new.range(&edge.new)));
        out.push(Edit { block, moved: block.is_some(), ..edit(kind, &edge.old, &edge.new, ranges) });
    }
    for (at, _) in old_used.iter().enumerate().filter(|(_, used)| !**used) {
        let units = at..at + 1;
        out.push(edit(EditKind::Delete, &units, &(0..0), (Some(old.range(&units)), None)));
    }
    for (at, _) in new_used.iter().enumerate().filter(|(_, used)| !**used) {
        let units = at..at + 1;
        out.push(edit(EditKind::Insert, &(0..0), &units, (None, Some(new.range(&units)))));
    }
    for &range in &old.spare {
        out.push(edit(EditKind::Delete, &(0..0), &(0..0), (Some(range), None)));
    }
    for &range in &new.spare {
        out.push(edit(EditKind::Insert, &(0..0), &(0..0), (None, Some(range))));
    }
    out.extend(front_matter(&old, &new));
    out.extend(without_blocks(&old, &new));
    in_order(out)
}

fn edit(
    kind: EditKind,
    old: &std::ops::Range<usize>,
    new: &std::ops::Range<usize>,
    (old_range, new_range): (Option<TextRange>, Option<TextRange>),
) -> Edit {
    let numbers = |units: &std::ops::Range<usize>| units.clone().map(|unit| unit as u32 + 1).collect();
    Edit {
        kind,
        moved: false,
        rewritten: false,
        block: None,
        old: numbers(old),
        new: numbers(new),
        old_range,
        new_range,
        significance: Significance::None,
        reasons: Vec::new(),
        words: Vec::new(),
    }
}

/// The edit for a text that has no block: all of it is white space or markup.
fn without_blocks(old: &Cut<'_>, new: &Cut<'_>) -> Option<Edit> {
    let bare = |cut: &Cut<'_>| {
        let all = TextRange::new(0, cut.text.len() as u32);
        (cut.units.is_empty() && !cut.text.is_empty()).then_some(all)
    };
    outside(old, new, (bare(old), bare(new)))
}

/// The edit for what stands before the first unit of each side.
fn front_matter(old: &Cut<'_>, new: &Cut<'_>) -> Option<Edit> {
    let front = |cut: &Cut<'_>| {
        let end = cut.units.first().map_or(0, |unit| unit.whole.start);
        (end > 0).then(|| TextRange::new(0, end))
    };
    outside(old, new, (front(old), front(new)))
}

/// The edit for ranges that are no unit's.
fn outside(old: &Cut<'_>, new: &Cut<'_>, ranges: (Option<TextRange>, Option<TextRange>)) -> Option<Edit> {
    let kind = match ranges {
        (Some(a), Some(b)) if old.text[a.as_usize()] == new.text[b.as_usize()] => EditKind::Keep,
        (Some(_), Some(_)) => EditKind::Modify,
        (Some(_), None) => EditKind::Delete,
        (None, Some(_)) => EditKind::Insert,
        (None, None) => return None,
    };
    Some(edit(kind, &(0..0), &(0..0), ranges))
}

/// Makes what is kept or moved the same to the byte, separator and all.
///
/// Where the last paragraph of a text gets a neighbour, its separator grows though nobody touched it:
/// what grew goes to the neighbour that came, or is an edit of its own where all around is unchanged.
fn share_separators(old: &mut Cut<'_>, new: &mut Cut<'_>, edges: &[Edge]) {
    // What is more than white space (the end of a code block) changes the paragraph before it.
    for (at, edge) in edges.iter().enumerate() {
        let (i, j) = (edge.old.start, edge.new.start);
        if old.exact[i] == Some(at) {
            let (a, b) = (old.separator(i), new.separator(j));
            let shared = shared_prefix(a, b);
            if !a[shared..].trim().is_empty() || !b[shared..].trim().is_empty() {
                (old.exact[i], new.exact[j]) = (None, None);
            }
        }
    }
    for (at, edge) in edges.iter().enumerate() {
        let (i, j) = (edge.old.start, edge.new.start);
        if old.exact[i] == Some(at) {
            let shared = shared_prefix(old.separator(i), new.separator(j)) as u32;
            old.cut_short(i, old.units[i].block.end + shared);
            new.cut_short(j, new.units[j].block.end + shared);
        }
    }
}

/// How many bytes `a` and `b` share from the start, without cutting a character or a line break.
fn shared_prefix(a: &str, b: &str) -> usize {
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y);
    let shared = same.map(|(x, _)| x.len_utf8()).sum();
    let cuts = |s: &str| s[..shared].ends_with('\r') && s[shared..].starts_with('\n');
    if cuts(a) || cuts(b) { shared - 1 } else { shared }
}

/// Sorts edits by the new text, each deletion where it stood: behind what stands before it in both
/// texts and did not move, and before what was inserted there.
pub(super) fn in_order(edits: Vec<Edit>) -> Vec<Edit> {
    let (mut placed, mut deleted): (Vec<Edit>, Vec<Edit>) =
        edits.into_iter().partition(|edit| edit.new_range.is_some());
    let start = |range: Option<TextRange>| range.map_or(0, |range| range.start);
    placed.sort_by_key(|edit| start(edit.new_range));
    deleted.sort_by_key(|edit| start(edit.old_range));
    let stays = |edit: &Edit| (!edit.moved).then_some(edit.old_range).flatten().map(|range| range.start);
    let mut backbone = placed.iter().filter_map(stays).collect::<Vec<_>>().into_iter();
    let mut deleted = deleted.into_iter().peekable();
    let mut out = Vec::with_capacity(placed.len() + deleted.len());
    let mut next = backbone.next();
    let mut give = |out: &mut Vec<Edit>, next: Option<u32>| {
        while let Some(edit) = deleted.next_if(|edit| next.is_none_or(|next| start(edit.old_range) < next)) {
            out.push(edit);
        }
    };
    give(&mut out, next);
    for edit in placed {
        let stays = stays(&edit).is_some();
        out.push(edit);
        if stays {
            next = backbone.next();
            give(&mut out, next);
        }
    }
    give(&mut out, None);
    out
}
