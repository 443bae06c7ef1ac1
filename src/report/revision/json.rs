//! `json`: one object, schema version 1 (docs/json-schema/diff.schema.json).

use std::io;

use serde::Serialize;

use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{Edit, MetadataEdit, Reason, Summary, WordOp};
use crate::document::{Document, TextRange};
use crate::report::json::write_compact;

/// The format.
pub(super) struct Json;

impl RevisionReporter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "one JSON object (docs/json-schema/diff.schema.json)"
    }

    fn write(&self, told: &Told<'_>, _: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        let revision = told.revision;
        out.write_all(b"{\"schema\":1,\"old\":")?;
        write_compact(&SideView::new(told.old), out)?;
        out.write_all(b",\"new\":")?;
        write_compact(&SideView::new(told.new), out)?;
        write!(out, ",\"degraded\":{},\"summary\":", revision.degraded)?;
        write_compact(&SummaryView::new(&revision.summary), out)?;
        out.write_all(b",\"metadata\":")?;
        write_compact(&revision.metadata.iter().map(MetadataView::new).collect::<Vec<_>>(), out)?;
        out.write_all(b",\"edits\":[")?;
        for (at, edit) in revision.edits.iter().enumerate() {
            out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            write_compact(&EditView::new(edit, told), out)?;
        }
        out.write_all(b"\n]}\n")
    }
}

#[derive(Serialize)]
struct SideView<'a> {
    text_bytes: usize,
    path: &'a str,
    document: String,
    format: &'a str,
    paragraphs: usize,
}

impl<'a> SideView<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            text_bytes: document.text.len(),
            path: &document.origin.path,
            document: document.name().into_owned(),
            format: document.origin.format,
            paragraphs: document.blocks.len(),
        }
    }
}

#[derive(Serialize)]
struct SummaryView {
    kept: u32,
    inserted: u32,
    deleted: u32,
    modified: u32,
    moved: u32,
    split: u32,
    merged: u32,
    words_added: u64,
    words_removed: u64,
    similarity: f64,
}

impl SummaryView {
    fn new(summary: &Summary) -> Self {
        Self {
            kept: summary.kept,
            inserted: summary.inserted,
            deleted: summary.deleted,
            modified: summary.modified,
            moved: summary.moved,
            split: summary.split,
            merged: summary.merged,
            words_added: summary.words_added,
            words_removed: summary.words_removed,
            similarity: (summary.similarity * 1e6).round() / 1e6,
        }
    }
}

/// A changed field of the metadata, as revisions and histories say it.
#[derive(Serialize)]
pub(in crate::report) struct MetadataView<'a> {
    field: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
    significance: &'a str,
    reasons: Vec<&'a str>,
}

impl<'a> MetadataView<'a> {
    pub fn new(edit: &'a MetadataEdit) -> Self {
        Self {
            field: edit.field,
            old: edit.old.as_deref(),
            new: edit.new.as_deref(),
            significance: edit.significance.name(),
            reasons: names(&edit.reasons),
        }
    }
}

#[derive(Serialize)]
struct EditView<'a> {
    kind: &'a str,
    moved: bool,
    rewritten: bool,
    block: Option<u32>,
    old: &'a [u32],
    new: &'a [u32],
    old_range: Option<[u32; 2]>,
    new_range: Option<[u32; 2]>,
    significance: &'a str,
    reasons: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<WordView<'a>>,
}

impl<'a> EditView<'a> {
    fn new(edit: &'a Edit, told: &Told<'a>) -> Self {
        let words = edit.words.iter().map(|word| {
            let text = match word.op {
                WordOp::Delete => &told.old.text[word.old.as_usize()],
                WordOp::Equal | WordOp::Insert => &told.new.text[word.new.as_usize()],
            };
            WordView { op: word.op.name(), old: pair(word.old), new: pair(word.new), text }
        });
        Self {
            kind: edit.kind.name(),
            moved: edit.moved,
            rewritten: edit.rewritten,
            block: edit.block,
            old: &edit.old,
            new: &edit.new,
            old_range: edit.old_range.map(pair),
            new_range: edit.new_range.map(pair),
            significance: edit.significance.name(),
            reasons: names(&edit.reasons),
            words: words.collect(),
        }
    }
}

#[derive(Serialize)]
struct WordView<'a> {
    op: &'a str,
    old: [u32; 2],
    new: [u32; 2],
    text: &'a str,
}

/// A range as JSON says it.
pub(in crate::report) const fn pair(range: TextRange) -> [u32; 2] {
    [range.start, range.end]
}

/// Reasons by their names.
pub(in crate::report) fn names(reasons: &[Reason]) -> Vec<&'static str> {
    reasons.iter().map(|reason| reason.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::written;

    #[test]
    fn every_edit_has_its_ranges_and_words() {
        let json: serde_json::Value = serde_json::from_str(&written(&Json)).unwrap();
        assert_eq!(json["schema"], 1);
        let edits = json["edits"].as_array().unwrap();
        let kinds: Vec<&str> = edits.iter().filter_map(|edit| edit["kind"].as_str()).collect();
        assert!(kinds.contains(&"modify") && kinds.contains(&"insert"));
        let modified = edits.iter().find(|edit| edit["kind"] == "modify").unwrap();
        assert_eq!(modified["significance"], "substantive");
        assert_eq!(modified["reasons"][0], "number");
        assert!(modified["words"].as_array().unwrap().len() >= 3);
    }
}
