//! How much does a step matter?
//!
//! `diff` says so, and is asked about what changed only: the paragraphs between those that stand as they
//! stood.

use super::anchors::standing;
use super::pieces::Piece;
use super::version::{Change, ChangeRun};
use crate::diff::{
    DiffOptions, Edit, EditKind, Granularity, MetadataEdit, Reason, Significance, WordOp, diff,
};
use crate::document::{Block, Document, Metadata, StandIn, TextRange};

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
    /// The wording of each of `pieces`.
    pub wordings: &'a [u32],
    /// The markup of the whole text.
    pub markup: &'a [TextRange],
    /// What of the whole text is read as other text.
    pub stand_ins: &'a [StandIn],
    pub meta: &'a Metadata,
    /// How many of the paragraphs before `pieces` are blocks.
    pub before: usize,
    /// For each of `pieces`: whether it had been there before and gone; of the old side, gone before and come.
    pub again: Vec<bool>,
}

/// What of a side is compared.
struct Compared {
    document: Document,
    /// The paragraph number of each block.
    numbers: Vec<u32>,
    /// For each block, [`Side::again`].
    again: Vec<bool>,
}

impl Side<'_> {
    /// Returns the pieces that `chosen` names, as a document; what is left out between them is a blank line.
    fn compared(&self, chosen: &[bool]) -> Compared {
        // Who saved a version, and when, is said of the version: it is no change of the text.
        let meta = Metadata { author: None, updated: None, ..self.meta.clone() };
        let mut document = Document { meta, ..Document::default() };
        let (mut numbers, mut again) = (Vec::new(), Vec::new());
        let mut number = self.before as u32;
        let mut end = None;
        for ((piece, &chosen), &had) in self.pieces.iter().zip(chosen).zip(&self.again) {
            number += u32::from(piece.block.is_some());
            if !chosen {
                end = None;
                continue;
            }
            let from = match end {
                Some(end) => end,
                None => {
                    if !document.text.is_empty() {
                        document.text.push_str("\n\n");
                    }
                    piece.range.start
                }
            };
            let at = document.text.len() as u32;
            let inside = |range: TextRange| TextRange::new(range.start - from + at, range.end - from + at);
            document.text.push_str(&self.text[from as usize..piece.range.end as usize]);
            if let Some(range) = piece.block_range() {
                document.blocks.push(Block { kind: piece.kind, range: inside(range) });
                numbers.push(number);
                again.push(had);
            }
            let first = self.markup.partition_point(|range| range.start < from);
            let markup = self.markup[first..].iter().take_while(|range| range.end <= piece.range.end);
            document.markup.extend(markup.map(|&range| inside(range)));
            let first = self.stand_ins.partition_point(|stand_in| stand_in.range.start < from);
            let stand_ins = self.stand_ins[first..].iter();
            let stand_ins = stand_ins.take_while(|stand_in| stand_in.range.end <= piece.range.end);
            let stand_ins = stand_ins.map(|s| StandIn { range: inside(s.range), text: s.text.clone() });
            document.stand_ins.extend(stand_ins);
            end = Some(piece.range.end);
        }
        Compared { document, numbers, again }
    }
}

/// Says which pieces of both sides are to be compared: all but those that stand in order on both sides and
/// next to nothing that changed.
fn chosen(old: &[u32], new: &[u32]) -> (Vec<bool>, Vec<bool>) {
    let (mut olds, mut news) = (vec![true; old.len()], vec![true; new.len()]);
    for run in standing(old, new) {
        for at in 1..run.len.saturating_sub(1) {
            olds[run.old + at] = false;
            news[run.new + at] = false;
        }
    }
    (olds, news)
}

/// What of a step is compared, apart from the versions that it leads between.
pub(super) struct Step {
    before: Compared,
    now: Compared,
    keep: Option<Significance>,
}

/// How much a step matters.
pub(super) struct Judged {
    pub significance: Significance,
    pub reasons: Vec<Reason>,
    pub novel: Significance,
    pub metadata: Vec<MetadataEdit>,
    pub changes: Vec<Change>,
    pub more_changes: u64,
}

impl Step {
    /// Returns the step from `old` to `new`, of which the changes of the level `keep` and above are kept.
    pub fn new(old: &Side<'_>, new: &Side<'_>, keep: Option<Significance>) -> Self {
        let (olds, news) = chosen(old.wordings, new.wordings);
        Self { before: old.compared(&olds), now: new.compared(&news), keep }
    }

    /// Returns how much the step matters.
    pub fn judge(self) -> Judged {
        let Self { before, now, keep } = self;
        let options = DiffOptions { granularity: Granularity::Word, budget: BUDGET };
        let revision = diff(&before.document, &now.document, &options);
        let reasons = revision.edits.iter().flat_map(|edit| edit.reasons.iter().copied());
        let reasons = reasons.chain(revision.metadata.iter().flat_map(|edit| edit.reasons.clone()));
        let mut reasons: Vec<Reason> = reasons.collect();
        reasons.sort_unstable();
        reasons.dedup();
        let again = |edit: &Edit| is_again(edit, &before.again, &now.again);
        let new = revision.edits.iter().filter(|edit| !again(edit)).map(|edit| edit.significance);
        let novel = new.chain(revision.metadata.iter().map(|edit| edit.significance)).max();
        let told = |edit: &&Edit| {
            edit.kind != EditKind::Keep && keep.is_some_and(|least| edit.significance >= least)
        };
        let mut all = revision.edits.iter().filter(told);
        let changes = all.by_ref().take(MOST_CHANGES).map(|edit| change(edit, again(edit), &before, &now));
        let changes = changes.collect();
        Judged {
            significance: revision.significance().max(Significance::Cosmetic),
            reasons,
            novel: novel.unwrap_or_default(),
            changes,
            more_changes: all.count() as u64,
            metadata: revision.metadata,
        }
    }
}

/// Whether an edit brings nothing new: what it puts there had stood before; where it only takes out, that had
/// been taken out before.
fn is_again(edit: &Edit, old: &[bool], new: &[bool]) -> bool {
    let all = |numbers: &[u32], again: &[bool]| {
        let had = |&number: &u32| again.get(number as usize - 1) == Some(&true);
        !numbers.is_empty() && numbers.iter().all(had)
    };
    match edit.kind {
        EditKind::Keep | EditKind::Move => false,
        EditKind::Delete => all(&edit.old, old),
        EditKind::Insert | EditKind::Modify | EditKind::Split | EditKind::Merge => all(&edit.new, new),
    }
}

fn change(edit: &Edit, again: bool, old: &Compared, new: &Compared) -> Change {
    let (numbers, side) = if edit.new.is_empty() { (&edit.old, old) } else { (&edit.new, new) };
    let first = numbers.first().and_then(|&number| side.numbers.get(number as usize - 1));
    Change {
        kind: edit.kind,
        moved: edit.moved,
        paragraph: first.copied().unwrap_or(0),
        significance: edit.significance,
        reasons: edit.reasons.clone(),
        again,
        runs: runs(edit, &old.document, &new.document),
    }
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
