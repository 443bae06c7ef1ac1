//! What the formats share: which edits are shown, in which words, and their texts as runs.

use std::fmt::Write as _;

use super::{RevisionSettings, Told};
use crate::diff::{Edit, EditKind, Significance, WordOp, typo_marks};
use crate::document::{Document, TextRange};

/// A stretch of an edit's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Run<'a> {
    pub op: WordOp,
    pub text: &'a str,
}

/// What a format shows next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// An edit to be shown in full.
    Changed(&'a Edit),
    /// An unchanged paragraph near a change.
    Context(&'a Edit),
    /// So many unchanged paragraphs that are not shown.
    Folded(usize),
    /// The place that a passage, shown elsewhere, moved away from.
    Left(&'a Edit),
}

impl<'a> Told<'a> {
    /// Whether the edit is shown as a change.
    pub(super) fn shows(&self, edit: &Edit, settings: &RevisionSettings) -> bool {
        edit.kind != EditKind::Keep && edit.significance > settings.ignore && !self.is_space(edit)
    }

    /// Returns whether `edit` is only white space that came or went between paragraphs nobody touched.
    pub(super) fn is_space(&self, edit: &Edit) -> bool {
        let blank = |document: &Document, range: Option<TextRange>| {
            let text = range.and_then(|range| document.text.get(range.as_usize()));
            text.is_none_or(|text| text.trim().is_empty())
        };
        is_outside(edit) && blank(self.old, edit.old_range) && blank(self.new, edit.new_range)
    }

    /// Returns the edits in order, what is far from any change folded.
    pub(super) fn steps(&self, settings: &RevisionSettings) -> Vec<Step<'a>> {
        let edits: Vec<&Edit> = self.revision.edits.iter().filter(|edit| !self.is_space(edit)).collect();
        let left = self.places_left(&edits, settings);
        let mut near = vec![false; edits.len()];
        let mut mark = |from: usize, to: usize| {
            let to = to.saturating_add(settings.context).min(edits.len());
            near[from.saturating_sub(settings.context)..to].fill(true);
        };
        for (at, _) in edits.iter().enumerate().filter(|(_, edit)| self.shows(edit, settings)) {
            mark(at, at + 1);
        }
        left.iter().for_each(|&(at, _)| mark(at, at));
        let mut left = left.into_iter().peekable();
        let mut steps = Vec::new();
        let mut folded = 0;
        for (at, (&edit, near)) in edits.iter().zip(near).enumerate() {
            while let Some((_, gone)) = left.next_if(|(before, _)| *before <= at) {
                if folded > 0 {
                    steps.push(Step::Folded(std::mem::take(&mut folded)));
                }
                steps.push(Step::Left(gone));
            }
            let changed = self.shows(edit, settings);
            // What is ignored and stands on one side only has nothing to show on the other.
            if !changed && (!near || edit.new_range.is_none()) {
                folded += edit.new.len();
                continue;
            }
            if folded > 0 {
                steps.push(Step::Folded(std::mem::take(&mut folded)));
            }
            steps.push(if changed { Step::Changed(edit) } else { Step::Context(edit) });
        }
        if folded > 0 {
            steps.push(Step::Folded(folded));
        }
        steps.extend(left.map(|(_, gone)| Step::Left(gone)));
        steps
    }

    /// Returns what moved and is shown, each before the number of the edit that stands where it stood.
    fn places_left(&self, edits: &[&'a Edit], settings: &RevisionSettings) -> Vec<(usize, &'a Edit)> {
        let start = |edit: &Edit| edit.old_range.map(|range| range.start);
        let mut gone: Vec<&'a Edit> =
            edits.iter().copied().filter(|edit| edit.moved && self.shows(edit, settings)).collect();
        gone.sort_by_key(|edit| start(edit));
        let mut stayed = edits.iter().enumerate().filter(|(_, edit)| !edit.moved && edit.old_range.is_some());
        let mut next = stayed.next();
        let mut places = Vec::with_capacity(gone.len());
        for edit in gone {
            while next.is_some_and(|(_, other)| start(other) < start(edit)) {
                next = stayed.next();
            }
            places.push((next.map_or(edits.len(), |(at, _)| at), edit));
        }
        places
    }

    /// Returns the text of `edit`, which is shown unchanged, as it stands in the new document.
    pub(super) fn unchanged_run(&self, edit: &Edit) -> Vec<Run<'a>> {
        vec![Run { op: WordOp::Equal, text: self.new_text(edit) }]
    }

    /// Returns the text of `edit` as runs, old before new where one replaced the other.
    pub(super) fn runs(&self, edit: &Edit) -> Vec<Run<'a>> {
        let old = |range: TextRange| self.old.text.get(range.as_usize()).unwrap_or_default();
        let new = |range: TextRange| self.new.text.get(range.as_usize()).unwrap_or_default();
        match (edit.kind, edit.old_range, edit.new_range) {
            (EditKind::Keep | EditKind::Move, _, Some(range)) => {
                vec![Run { op: WordOp::Equal, text: new(range) }]
            }
            (EditKind::Insert, _, Some(range)) => vec![Run { op: WordOp::Insert, text: new(range) }],
            (EditKind::Delete, Some(range), _) => vec![Run { op: WordOp::Delete, text: old(range) }],
            _ => {
                let runs = edit.words.iter().map(|word| match word.op {
                    WordOp::Delete => Run { op: word.op, text: old(word.old) },
                    WordOp::Equal | WordOp::Insert => Run { op: word.op, text: new(word.new) },
                });
                runs.collect()
            }
        }
    }

    /// Returns the runs of `edit` with a pilcrow where a split put a break between paragraphs or a merge
    /// took one away.
    pub(super) fn parted_runs(&self, edit: &Edit) -> Vec<Run<'a>> {
        let (document, numbers, op) = match edit.kind {
            EditKind::Split => (self.new, &edit.new, WordOp::Insert),
            EditKind::Merge => (self.old, &edit.old, WordOp::Delete),
            _ => return self.runs(edit),
        };
        let starts = numbers.iter().skip(1).filter_map(|&number| {
            document.blocks.get((number as usize).saturating_sub(1)).map(|block| block.range.start)
        });
        let mut starts = starts.peekable();
        let mut out = Vec::new();
        for (run, word) in self.runs(edit).into_iter().zip(&edit.words) {
            let range = if op == WordOp::Insert { word.new } else { word.old };
            let (mut text, mut from) = (run.text, range.start);
            while let Some(start) = starts.next_if(|&start| !range.is_empty() && start <= range.end) {
                // The run is of this side, or equal and so as long as it.
                let Some((before, rest)) = text.split_at_checked(start.saturating_sub(from) as usize) else {
                    continue;
                };
                out.push(Run { op: run.op, text: before });
                out.push(Run { op, text: "¶ " });
                (text, from) = (rest, start);
            }
            out.push(Run { op: run.op, text });
        }
        out.retain(|run| !run.text.is_empty());
        out
    }

    /// Returns [`parted_runs`](Told::parted_runs) with each mended typo taken apart, so that only the
    /// letters that differ are marked.
    pub(super) fn lettered_runs(&self, edit: &Edit) -> Vec<Run<'a>> {
        let runs = self.parted_runs(edit);
        let mut out = Vec::with_capacity(runs.len());
        let mut at = 0;
        while let Some(&run) = runs.get(at) {
            let next = runs.get(at + 1).copied();
            match next.and_then(|next| letters(run, next)) {
                Some(parts) => {
                    out.extend(parts.into_iter().filter(|run| !run.text.is_empty()));
                    at += 2;
                }
                None => {
                    out.push(run);
                    at += 1;
                }
            }
        }
        out
    }

    /// Returns the new text of `edit`, without white space at its ends.
    pub(super) fn new_text(&self, edit: &Edit) -> &'a str {
        edit.new_range.and_then(|range| self.new.text.get(range.as_usize())).unwrap_or_default().trim()
    }

    /// Returns what both documents are called; where that is the same, with the files that they lie in, and
    /// where these are the same, too, with the numbers of the records.
    pub(super) fn names(&self) -> (String, String) {
        let by_file = |document: &Document| match document.meta.id.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => format!("{}#{id}", document.origin.path),
            None => document.name().into_owned(),
        };
        let by_record = |document: &Document| match document.origin.record {
            Some(record) => format!("{}#{record}", document.origin.path),
            None => document.name().into_owned(),
        };
        let ways: [&dyn Fn(&Document) -> String; 3] =
            [&|document| document.name().into_owned(), &by_file, &by_record];
        let mut both = ways.iter().map(|way| (way(self.old), way(self.new)));
        let given = (self.old.name().into_owned(), self.new.name().into_owned());
        both.find(|(old, new)| old != new).unwrap_or(given)
    }

    /// Returns in one line what the revision amounts to.
    pub(super) fn summary_line(&self, settings: &RevisionSettings) -> String {
        let summary = self.revision.summary_without(settings.ignore, self.old, self.new);
        let mut parts = Vec::new();
        for (count, what) in [
            (summary.modified, "modified"),
            (summary.moved, "moved"),
            (summary.split, "split"),
            (summary.merged, "merged"),
            (summary.inserted, "inserted"),
            (summary.deleted, "deleted"),
            (summary.kept, "kept"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        if parts.is_empty() {
            parts.push("no paragraphs".to_owned());
        }
        let edits = &self.revision.edits;
        let changed = |edit: &Edit| self.shows(edit, settings) && is_outside(edit);
        if edits.iter().any(changed) {
            parts.push("front matter changed".to_owned());
        }
        let plural = if summary.words_added == 1 { "" } else { "s" };
        let words = format!("{} word{plural} added, {} removed", summary.words_added, summary.words_removed);
        let is_space = |edit: &Edit| edit.significance > settings.ignore && self.is_space(edit);
        // What went and what came in its place stand next to each other.
        let places = (0..edits.len())
            .filter(|&at| is_space(&edits[at]) && !(at > 0 && is_space(&edits[at - 1])))
            .count();
        if places > 0 {
            let plural = if places == 1 { "place" } else { "places" };
            parts.push(format!("white space changed in {places} {plural}"));
        }
        format!("{}; {words}; {:.1}% alike", parts.join(", "), summary.similarity * 100.0)
    }
}

/// What of two words, one of which mends a typo of the other, is the same, went, came, and is the same.
fn letters<'a>(gone: Run<'a>, came: Run<'a>) -> Option<[Run<'a>; 4]> {
    if (gone.op, came.op) != (WordOp::Delete, WordOp::Insert) {
        return None;
    }
    let (old, new) = (gone.text.trim_end(), came.text.trim_end());
    let (went, stands) = typo_marks(old, new)?;
    if gone.text[old.len()..] != came.text[new.len()..] {
        return None;
    }
    let run = |op, text| Run { op, text };
    Some([
        run(WordOp::Equal, &came.text[..stands.start]),
        run(WordOp::Delete, &old[went]),
        run(WordOp::Insert, &new[stands.clone()]),
        run(WordOp::Equal, &came.text[stands.end..]),
    ])
}

/// Returns whether `edit` is of no paragraph: white space between them, or front matter.
const fn is_outside(edit: &Edit) -> bool {
    edit.old.is_empty() && edit.new.is_empty()
}

/// Returns what became of `edit`'s paragraphs and how much it matters: `modified, moved from
/// paragraph 7: substantive (number, date)`.
pub(super) fn description(edit: &Edit) -> String {
    let mut out = match edit.kind {
        _ if is_outside(edit) => match edit.kind {
            EditKind::Insert => "front matter inserted".to_owned(),
            EditKind::Delete => "front matter deleted".to_owned(),
            _ => "front matter modified".to_owned(),
        },
        EditKind::Keep => "kept".to_owned(),
        EditKind::Insert => "inserted".to_owned(),
        EditKind::Delete => format!("deleted paragraph {}", numbers(&edit.old)),
        EditKind::Modify if edit.rewritten => "rewritten".to_owned(),
        EditKind::Modify => "modified".to_owned(),
        EditKind::Move => format!("moved from paragraph {}", numbers(&edit.old)),
        EditKind::Split => format!("split from paragraph {}", numbers(&edit.old)),
        EditKind::Merge => format!("merged from paragraphs {}", numbers(&edit.old)),
    };
    if edit.moved && edit.kind == EditKind::Modify {
        let _ = write!(out, ", moved from paragraph {}", numbers(&edit.old));
    } else if edit.moved && edit.kind != EditKind::Move {
        out.push_str(", moved");
    }
    if edit.significance > Significance::None {
        let _ = write!(out, ": {}", edit.significance.name());
    }
    if !edit.reasons.is_empty() {
        let reasons: Vec<&str> = edit.reasons.iter().map(|reason| reason.name()).collect();
        let _ = write!(out, " ({})", reasons.join(", "));
    }
    out
}

/// Returns paragraph numbers for people: `7`, `3–5`.
pub(in crate::report) fn numbers(numbers: &[u32]) -> String {
    match numbers {
        [] => "–".to_owned(),
        [one] => one.to_string(),
        [first, .., last] => format!("{first}–{last}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diff::{DiffOptions, diff};

    #[test]
    fn documents_of_one_id_are_called_by_their_files_or_records() {
        let document = |path: &str, id: Option<&str>, record| {
            let mut document = Document::default();
            document.origin.path = Arc::from(path);
            document.origin.record = record;
            document.meta.id = id.map(str::to_owned);
            document
        };
        for (old, new, expected) in [
            (("a.txt", None, None), ("b.txt", None, None), ("a.txt", "b.txt")),
            (("a.jsonl", Some("7"), Some(1)), ("a.jsonl", Some("8"), Some(2)), ("7", "8")),
            (
                ("HEAD:a.jsonl", Some("7"), Some(1)),
                ("a.jsonl", Some("7"), Some(1)),
                ("HEAD:a.jsonl#7", "a.jsonl#7"),
            ),
            (("a.jsonl", Some("7"), Some(1)), ("a.jsonl", Some("7"), Some(2)), ("a.jsonl#1", "a.jsonl#2")),
            (("a.jsonl", None, Some(1)), ("a.jsonl", None, Some(2)), ("a.jsonl#1", "a.jsonl#2")),
            (("a.txt", None, None), ("a.txt", None, None), ("a.txt", "a.txt")),
        ] {
            let (old, new) = (document(old.0, old.1, old.2), document(new.0, new.1, new.2));
            let revision = diff(&old, &new, &DiffOptions::default());
            let told = Told { revision: &revision, old: &old, new: &new };
            assert_eq!(told.names(), (expected.0.to_owned(), expected.1.to_owned()));
        }
    }
}
