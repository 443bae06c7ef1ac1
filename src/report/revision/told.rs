//! What the formats share: which edits are shown, in which words, and their texts as runs.

use std::fmt::Write as _;

use super::{RevisionSettings, Told};
use crate::diff::{Edit, EditKind, Significance, WordOp};
use crate::document::TextRange;

/// A stretch of an edit's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run<'a> {
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
}

impl<'a> Told<'a> {
    /// Whether the edit is shown as a change.
    pub(super) fn shows(edit: &Edit, settings: &RevisionSettings) -> bool {
        edit.kind != EditKind::Keep && (edit.significance > settings.ignore)
    }

    /// Returns the edits in order, what is far from any change folded.
    pub(super) fn steps(&self, settings: &RevisionSettings) -> Vec<Step<'a>> {
        let edits = &self.revision.edits;
        let mut near = vec![false; edits.len()];
        for (at, _) in edits.iter().enumerate().filter(|(_, edit)| Self::shows(edit, settings)) {
            let from = at.saturating_sub(settings.context);
            let to = at.saturating_add(settings.context).saturating_add(1).min(edits.len());
            near[from..to].fill(true);
        }
        let mut steps = Vec::new();
        let mut folded = 0;
        for (edit, near) in edits.iter().zip(near) {
            let changed = Self::shows(edit, settings);
            // What is ignored and stands on one side only has nothing to show on the other.
            if !changed && (!near || edit.new_range.is_none()) {
                folded += usize::from(edit.new_range.is_some());
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
        steps
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

    /// Returns the new text of `edit`, without white space at its ends.
    pub(super) fn new_text(&self, edit: &Edit) -> &'a str {
        edit.new_range.and_then(|range| self.new.text.get(range.as_usize())).unwrap_or_default().trim()
    }

    /// Returns what both documents are called.
    pub(super) fn names(&self) -> (String, String) {
        (self.old.name().into_owned(), self.new.name().into_owned())
    }

    /// Returns in one line what the revision amounts to.
    pub(super) fn summary_line(&self) -> String {
        let summary = &self.revision.summary;
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
        let words = format!("{} words added, {} removed", summary.words_added, summary.words_removed);
        format!("{}; {words}; {:.1}% alike", parts.join(", "), summary.similarity * 100.0)
    }
}

/// Returns what became of `edit`'s paragraphs and how much it matters: `modified, moved from
/// paragraph 7: substantive (number, date)`.
pub(super) fn description(edit: &Edit) -> String {
    if edit.old.is_empty() && edit.new.is_empty() && edit.kind != EditKind::Modify {
        return format!(
            "white space {}: {}",
            if edit.kind == EditKind::Insert { "inserted" } else { "deleted" },
            edit.significance.name()
        );
    }
    let mut out = match edit.kind {
        EditKind::Keep => "kept".to_owned(),
        EditKind::Insert => "inserted".to_owned(),
        EditKind::Delete => format!("deleted paragraph {}", numbers(&edit.old)),
        EditKind::Modify if edit.rewritten => "rewritten".to_owned(),
        EditKind::Modify => "modified".to_owned(),
        EditKind::Move => format!("moved from paragraph {}", numbers(&edit.old)),
        EditKind::Split => format!("split into {}", numbers(&edit.new)),
        EditKind::Merge => format!("merged from {}", numbers(&edit.old)),
    };
    if edit.moved && edit.kind != EditKind::Move {
        let _ = write!(out, ", moved from paragraph {}", numbers(&edit.old));
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
pub(super) fn numbers(numbers: &[u32]) -> String {
    match numbers {
        [] => "–".to_owned(),
        [one] => one.to_string(),
        [first, .., last] => format!("{first}–{last}"),
    }
}
