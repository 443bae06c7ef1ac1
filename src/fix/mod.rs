//! What has to change in the stored bytes so that a fault is gone?
//!
//! A [`Mending`] says what should happen to a passage: a repeated block goes, a repeated sentence goes, a
//! garbled stretch becomes what was meant. Where that leads in the file depends on how the text is written:
//! [lines](block) of plain text and Markdown, [tags] of HTML, escapes of JSON. So a change is worked
//! out along the document's map and then [tried](trial): the changed bytes are read, and only where every
//! block but the mended one reads as before is there a [`Suggestion`](crate::lint::Suggestion). Reports,
//! `--fix` and the editor all use that one.
//!
//! Everything here is pure: bytes in, bytes or a [patch] out. Who writes them is the command's matter.

pub mod block;
mod carried;
pub mod patch;
pub mod sentence;
pub mod splice;
pub mod tags;
pub mod trial;

pub use patch::{CONTEXT, patch};
pub use splice::{Change, Left, Mended, mend};
pub use trial::{Proposal, Trial, gone};

use crate::document::{Block, BlockKind, Document, SourceRange, TextRange};
use crate::lint::Mend;
use crate::lint::suppress::Comments;

/// A passage and what should happen to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mending {
    /// The passage, in bytes of the document's text; of a block that goes the start is enough.
    pub range: TextRange,
    /// What should happen.
    pub mend: Mend,
}

/// What a mending changes: stored bytes, and what the blocks read afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The stored bytes, and the text in their place.
    pub stored: Vec<(SourceRange, String)>,
    /// The number of the block that it happens to.
    pub block: usize,
    /// What is left of the block: nothing, or its text with these ranges replaced.
    pub left: Option<Vec<(TextRange, String)>>,
}

impl Mending {
    /// Returns what has to change in `document`, read with its places; `None` where nobody can say.
    pub(crate) fn cut(&self, document: &Document) -> Option<Cut> {
        let places = document.places.as_ref()?;
        let block = document.blocks.partition_point(|block| block.range.start <= self.range.start);
        let block = block.checked_sub(1)?;
        match &self.mend {
            Mend::Block => whole_block(document, block),
            Mend::Sentence => {
                let Block { range, .. } = document.blocks.get(block)?;
                if sentence::is_all(document, *range, self.range) {
                    return whole_block(document, block);
                }
                let cut = sentence::cut(document, *range, self.range)?;
                let stored = places.map.source_range(cut);
                let text = &document.text;
                if !carried::stands_in(text.get(cut.as_usize())?, text.get(..cut.start as usize)?) {
                    return None;
                }
                let whole = places.map.sources(cut).len() == 1 || tags::are_paired(places, stored);
                let left = vec![(cut, String::from(" "))];
                whole.then(|| Cut { stored: vec![(stored, String::new())], block, left: Some(left) })
            }
            Mend::Pieces(pieces) => {
                let stored =
                    pieces.iter().map(|(range, text)| (places.map.source_range(*range), text.clone()));
                Some(Cut { stored: stored.collect(), block, left: Some(pieces.clone()) })
            }
        }
    }
}

/// What has to change so that a repeat is gone; `None` where what stands nowhere else would go with it.
fn whole_block(document: &Document, number: usize) -> Option<Cut> {
    number.checked_sub(1)?;
    let cut = bare_block(document, number, false)?;
    let places = document.places.as_ref()?;
    let (stored, _) = cut.stored.first()?;
    // A repeat of words may be the only one to lead somewhere.
    let first = places.map.source_range(document.blocks.first()?.range);
    let lines = &places.lines;
    let (from, start, end) =
        (lines.offset(first.start), lines.offset(stored.start), lines.offset(stored.end));
    let text = lines.text();
    carried::stands_in(text.get(start..end)?, text.get(from.min(start)..start)?).then_some(cut)
}

/// What has to change so that block `number` is gone, whatever it carries; `leads` where all before it go, too.
fn bare_block(document: &Document, number: usize, leads: bool) -> Option<Cut> {
    let places = document.places.as_ref()?;
    let blocks = &document.blocks;
    let range = blocks.get(number)?.range;
    if is_spoken_of(document, range.start) {
        return None;
    }
    // The text is verbatim where no stored byte between two blocks is missing from it.
    let between = match (number.checked_sub(1), blocks.get(number + 1)) {
        (Some(before), _) => Some(TextRange::new(blocks.get(before)?.range.start, range.end)),
        (None, Some(next)) => Some(TextRange::new(range.start, next.range.end)),
        (None, None) => None,
    };
    let lines = || Some(places.map.source_range(block::cut(&document.text, range, leads)?));
    let stored = match between {
        None => tags::cut(document, range).or_else(lines)?,
        Some(between) if places.map.sources(between).len() != 1 => tags::cut(document, range)?,
        Some(_) if parts_its_neighbours(document, number) => return None,
        Some(_) => lines()?,
    };
    Some(Cut { stored: vec![(stored, String::new())], block: number, left: None })
}

/// Whether a comment to copydesk speaks of the block that begins at `start` alone: without the block it would
/// speak of the next one.
fn is_spoken_of(document: &Document, start: u32) -> bool {
    if document.directives.is_empty() {
        return false;
    }
    let comments = Comments::of(document);
    let mut next = comments.suppressions.iter().filter(|one| one.is_next(document));
    next.any(|one| one.covers(start)) || comments.canonical.contains(&start)
}

/// Whether the blocks around a block of a text made of lines would read differently without it: a list that it
/// parts from another, or what belongs to its item.
fn parts_its_neighbours(document: &Document, number: usize) -> bool {
    let Some(block) = document.blocks.get(number) else { return false };
    let Some(next) = document.blocks.get(number + 1) else { return false };
    let is_item = |block: &Block| block.kind == BlockKind::ListItem;
    let before = number.checked_sub(1).and_then(|before| document.blocks.get(before));
    if !is_item(block) {
        return before.is_some_and(is_item) && is_item(next);
    }
    // The quotations that its line stands in, and how far to the right it begins there.
    let place = |block: &Block| {
        let line = &document.text[..block.range.start as usize];
        let line = &line[line.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
        let inside = line.rfind('>').map_or(line, |mark| &line[mark + 1..]);
        let blank = inside.len() - inside.trim_start().len();
        (line.matches('>').count(), blank)
    };
    let (own, behind) = (place(block), place(next));
    own.0 == behind.0 && behind.1 > own.1
}
