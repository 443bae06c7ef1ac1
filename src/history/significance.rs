//! How much does a step matter?
//!
//! `diff` says so, and is asked about what changed only: the paragraphs between those that stand as they
//! stood.

use super::pieces::Piece;
use super::version::{Change, ChangeRun, Version};
use crate::diff::{DiffOptions, Edit, EditKind, Granularity, Revision, Significance, WordOp, diff};
use crate::document::{Block, Document, Metadata, TextRange};

/// A step of one long article costs no more operations than this.
const BUDGET: u64 = 50_000_000;
/// So many changes of one version are kept with their words.
const MOST_CHANGES: usize = 12;
/// How many bytes of an unchanged run are kept beside a change, about.
const CONTEXT: usize = 60;
/// How many bytes of a run that came or went are kept, about.
const LONGEST: usize = 600;

/// What changed of a version: the text from the first paragraph that differs to the last.
pub(super) struct Side<'a> {
    pub text: &'a str,
    pub pieces: &'a [Piece],
    /// The markup of the whole text.
    pub markup: &'a [TextRange],
    pub meta: &'a Metadata,
    /// How many of the paragraphs before `pieces` are blocks.
    pub before: usize,
}

impl Side<'_> {
    /// Returns the stretch as a document.
    fn document(&self) -> Document {
        // Who saved a version, and when, is said of the version: it is no change of the text.
        let meta = Metadata { author: None, updated: None, ..self.meta.clone() };
        let mut document = Document { meta, ..Document::default() };
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else { return document };
        let (start, end) = (first.range.start, last.range.end);
        let inside = |range: TextRange| TextRange::new(range.start - start, range.end - start);
        self.text[start as usize..end as usize].clone_into(&mut document.text);
        let blocks = self
            .pieces
            .iter()
            .filter_map(|piece| Some(Block { kind: piece.kind, range: inside(piece.block_range()?) }));
        document.blocks = blocks.collect();
        let from = self.markup.partition_point(|range| range.start < start);
        let markup = self.markup[from..].iter().take_while(|range| range.end <= end);
        document.markup = markup.map(|&range| inside(range)).collect();
        document
    }
}

/// Says in `version` how much it matters that `old` became `new`; keeps the changes of the level `keep` and
/// above.
pub(super) fn judge(version: &mut Version, old: &Side<'_>, new: &Side<'_>, keep: Option<Significance>) {
    let (a, b) = (old.document(), new.document());
    let options = DiffOptions { granularity: Granularity::Word, budget: BUDGET };
    let revision = diff(&a, &b, &options);
    version.significance = revision.significance().max(Significance::Cosmetic);
    let reasons = revision.edits.iter().flat_map(|edit| edit.reasons.iter().copied());
    version.reasons = reasons.chain(revision.metadata.iter().flat_map(|edit| edit.reasons.clone())).collect();
    version.reasons.sort_unstable();
    version.reasons.dedup();
    if let Some(least) = keep {
        let mut all = changes(&revision, (&a, old.before), (&b, new.before), least);
        version.changes = all.by_ref().take(MOST_CHANGES).collect();
        version.more_changes = all.count() as u64;
    }
    version.metadata = revision.metadata;
}

/// The changes of a revision from the level `least` up, in the order of the new text.
fn changes<'a>(
    revision: &'a Revision,
    old: (&'a Document, usize),
    new: (&'a Document, usize),
    least: Significance,
) -> impl Iterator<Item = Change> + 'a {
    let told = move |edit: &&Edit| edit.kind != EditKind::Keep && edit.significance >= least;
    let change = move |edit: &Edit| {
        let (numbers, before) = if edit.new.is_empty() { (&edit.old, old.1) } else { (&edit.new, new.1) };
        Change {
            kind: edit.kind,
            moved: edit.moved,
            paragraph: numbers.first().map_or(0, |&number| number + before as u32),
            significance: edit.significance,
            reasons: edit.reasons.clone(),
            runs: runs(edit, old.0, new.0),
        }
    };
    revision.edits.iter().filter(told).map(change)
}

/// The words of an edit, what is far from any change left out.
fn runs(edit: &Edit, old: &Document, new: &Document) -> Vec<ChangeRun> {
    let text = |document: &Document, range: Option<TextRange>| {
        let text = range.and_then(|range| document.text.get(range.as_usize())).unwrap_or_default();
        text.trim_end().to_owned()
    };
    let mut out = Vec::new();
    match edit.kind {
        EditKind::Insert => shorten(WordOp::Insert, &text(new, edit.new_range), true, true, &mut out),
        EditKind::Delete => shorten(WordOp::Delete, &text(old, edit.old_range), true, true, &mut out),
        EditKind::Keep | EditKind::Move => {
            shorten(WordOp::Equal, &text(new, edit.new_range), true, false, &mut out);
        }
        EditKind::Modify | EditKind::Split | EditKind::Merge => {
            let last = edit.words.len().saturating_sub(1);
            for (at, word) in edit.words.iter().enumerate() {
                let part = match word.op {
                    WordOp::Delete => &old.text[word.old.as_usize()],
                    WordOp::Equal | WordOp::Insert => &new.text[word.new.as_usize()],
                };
                let part = if at == last { part.trim_end() } else { part };
                shorten(word.op, part, at > 0, at < last, &mut out);
            }
        }
    }
    out
}

/// Appends a run, shortened; `before` and `behind` say whether a change stands there, so that the words next
/// to it are kept.
fn shorten(op: WordOp, text: &str, before: bool, behind: bool, out: &mut Vec<ChangeRun>) {
    let (head, tail) = match op {
        WordOp::Equal => (if before { CONTEXT } else { 0 }, if behind { CONTEXT } else { 0 }),
        WordOp::Insert | WordOp::Delete => (LONGEST, CONTEXT),
    };
    if text.is_empty() {
        return;
    }
    if text.len() <= head + tail + CONTEXT / 2 {
        out.push(ChangeRun::Words(op, text.to_owned()));
        return;
    }
    let head = space_before(text, head);
    let tail = space_behind(text, text.len() - tail).max(head);
    if head > 0 {
        out.push(ChangeRun::Words(op, text[..head].to_owned()));
    }
    out.push(ChangeRun::Left(op));
    if tail < text.len() {
        out.push(ChangeRun::Words(op, text[tail..].to_owned()));
    }
}

/// Where the last white space before `at` ends; where there is none, a character's boundary before it.
fn space_before(text: &str, at: usize) -> usize {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text[..at].rfind(char::is_whitespace).map_or(at, |space| boundary_from(text, space + 1))
}

/// Where the first word behind `at` begins; where there is none, a character's boundary behind it.
fn space_behind(text: &str, at: usize) -> usize {
    let at = boundary_from(text, at);
    let space = text[at..].find(char::is_whitespace).map(|space| boundary_from(text, at + space + 1));
    space.unwrap_or(at)
}

/// The first boundary of a character at `at` or behind it.
fn boundary_from(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}
