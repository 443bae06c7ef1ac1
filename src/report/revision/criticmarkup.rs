//! `criticmarkup`: the new text with every change marked in it, for editors that know CriticMarkup.
//!
//! What stands outside of the marks, and in those of insertions, is the new text: accepting all changes
//! gives it back. Only marks that the text holds itself are broken by a backslash, which Markdown takes away.

use std::borrow::Cow;
use std::io;

use super::told::Run;
use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{EditKind, WordOp};
use crate::report::visible;

/// The format.
pub(super) struct CriticMarkup;

impl RevisionReporter for CriticMarkup {
    fn name(&self) -> &'static str {
        "criticmarkup"
    }

    fn summary(&self) -> &'static str {
        "the new text with the changes marked as CriticMarkup"
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        let mut page = String::with_capacity(told.new.text.len() + told.new.text.len() / 8);
        for edit in &told.revision.edits {
            if !told.shows(edit, settings) {
                let text = edit.new_range.and_then(|range| told.new.text.get(range.as_usize()));
                page.push_str(&unmarked(text.unwrap_or_default()));
                continue;
            }
            if edit.moved {
                let from: Vec<String> = edit.old.iter().map(ToString::to_string).collect();
                page.push_str(&format!("{{>>moved from paragraph {}<<}}", from.join(", ")));
            }
            match edit.kind {
                EditKind::Split => page.push_str("{>>split<<}"),
                EditKind::Merge => page.push_str("{>>merged<<}"),
                _ => {}
            }
            push_runs(&told.runs(edit), &mut page);
        }
        // A manuscript is text: lines and tabs stay, what acts is shown.
        for line in page.split_inclusive('\n') {
            let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
            let body = body.strip_suffix('\r').unwrap_or(body);
            for (at, cell) in body.split('\t').enumerate() {
                let tab = if at > 0 { "\t" } else { "" };
                write!(out, "{tab}{}", visible::line_start(cell))?;
            }
            out.write_all(end.as_bytes())?;
        }
        Ok(())
    }
}

fn push_runs(runs: &[Run<'_>], out: &mut String) {
    let mut at = 0;
    while let Some(run) = runs.get(at) {
        let next = runs.get(at + 1);
        match (run.op, next) {
            (WordOp::Equal, _) => out.push_str(&unmarked(run.text)),
            // Space alone stands as it is now: a mark around a line break is not read as one.
            (WordOp::Delete, _) if run.text.trim().is_empty() => {}
            (WordOp::Insert, _) if run.text.trim().is_empty() => out.push_str(run.text),
            (WordOp::Delete, Some(insert)) if may_be_replaced(run, insert) => {
                let text = format!("{{~~{}~>{}~~}}", plain(run.text), plain(insert.text));
                out.push_str(&text);
                at += 1;
            }
            (WordOp::Delete, _) => deleted(run.text, out),
            (WordOp::Insert, _) => inserted(run.text, out),
        }
        at += 1;
    }
}

/// Whether one mark can say both: what went may not hold the sign between them.
fn may_be_replaced(gone: &Run<'_>, came: &Run<'_>) -> bool {
    came.op == WordOp::Insert && !gone.text.contains(['~', '>']) && !came.text.trim().is_empty()
}

/// Appends `text` as inserted; line breaks at its ends stand outside of the mark: one that holds a blank line
/// is not read by all.
fn inserted(text: &str, out: &mut String) {
    let (before, body, behind) = apart(text);
    out.push_str(&format!("{before}{{++{}++}}{behind}", plain(body)));
}

/// Appends `text` as deleted. What it stood apart by went with it: a blank within the mark, line breaks in
/// marks of their own.
fn deleted(text: &str, out: &mut String) {
    let (before, body, behind) = apart(text);
    for part in [before, body, behind].into_iter().filter(|part| !part.is_empty()) {
        out.push_str(&format!("{{--{}--}}", plain(part)));
    }
}

/// Takes `text` apart into white space with line breaks, what stands between, and such white space again.
fn apart(text: &str) -> (&str, &str, &str) {
    let (start, end) = (text.len() - text.trim_start().len(), text.trim_end().len());
    let start = if text[..start].contains('\n') { start } else { 0 };
    let end = if text[end..].contains('\n') { end } else { text.len() };
    (&text[..start], &text[start..end], &text[end..])
}

/// `text` as it stands between marks: what would open one is broken.
fn unmarked(text: &str) -> Cow<'_, str> {
    if !text.contains('{') {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_owned();
    for sign in ["++", "--", "~~", ">>", "=="] {
        out = out.replace(&format!("{{{sign}"), &format!("{{\\{sign}"));
    }
    Cow::Owned(out)
}

/// `text` as it stands within a mark: without what would open one, end it, or part it. A brace behind a sign
/// is set apart from it, also behind blanks.
fn plain(text: &str) -> String {
    let text = unmarked(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let before = out.trim_end_matches([' ', '\t']);
        let ends = c == '}' && ["++", "--", "~~"].iter().any(|sign| before.ends_with(sign));
        if ends || (c == '>' && out.ends_with('~')) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{DiffOptions, diff};
    use crate::document::{Block, BlockKind, Document, TextRange};
    use crate::report::revision::sample::written;

    #[test]
    fn changes_are_marked_in_place() {
        let text = written(&CriticMarkup);
        assert!(text.contains("sank with {~~14~>15~~} people"), "{text}");
        assert!(text.contains("{++Divers went down at first light.++}\n\n"), "{text}");
        assert!(text.contains("{>>moved from paragraph 2<<}"), "{text}");
    }

    #[test]
    fn nothing_within_a_mark_ends_or_parts_it() {
        for (text, expected) in [
            ("a ++ } b", "a ++ \\} b"),
            ("--}", "--\\}"),
            ("a~>b", "a~\\>b"),
            ("{++a", "{\\++a"),
            ("{a}", "{a}"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    /// Takes the marks away: all changes accepted, or all rejected.
    fn settled(marked: &str, accept: bool) -> String {
        let mut out = String::new();
        let mut rest = marked;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let mark = [("{++", "++}"), ("{--", "--}"), ("{~~", "~~}"), ("{>>", "<<}")]
                .into_iter()
                .find(|(open, _)| rest.starts_with(open));
            let body = mark.and_then(|(open, close)| Some((open, &rest[3..rest.find(close)?])));
            let Some((open, body)) = body else {
                out.push('{');
                rest = &rest[1..];
                continue;
            };
            out.push_str(match (open, body.split_once("~>")) {
                ("{++", _) if accept => body,
                ("{--", _) if !accept => body,
                ("{~~", Some((old, new))) => {
                    if accept {
                        new
                    } else {
                        old
                    }
                }
                _ => "",
            });
            rest = &rest[body.len() + 6..];
        }
        // A backslash that broke a mark of the text.
        (out + rest).replace('\\', "")
    }

    #[test]
    fn accepting_all_gives_the_new_text_and_rejecting_all_the_old() {
        let pier = "The very old pier was closed on Sunday.\n";
        let paragraphs = "One boat left at noon.\n\nTwo boats came with the tide.\n\nNobody was hurt.\n";
        for (old, new, expected) in [
            (pier, "The old pier was closed on Sunday.\n", "The {--very --}old pier was closed on Sunday.\n"),
            (
                "The old pier was closed.\n",
                "The very old pier was closed.\n",
                "The {++very ++}old pier was closed.\n",
            ),
            (
                paragraphs,
                "One boat left at noon.\n\nNobody was hurt.\n",
                "One boat left at noon.\n\n{--Two boats came with the tide.--}{--\n\n--}Nobody was hurt.\n",
            ),
            ("A {>>note<<} b c d\n", "A {>>nota<<} b c d\n", "A {\\>>{~~note~>nota~~}<<} b c d\n"),
            ("A {++x++} b c d\n", "A {++x++} b c e\n", "A {\\++x++} b c {~~d~>e~~}\n"),
            ("Say a > b here.\n", "Say so here.\n", ""),
        ] {
            let document = |text: &str| {
                let mut document = Document { text: text.to_owned(), ..Document::default() };
                let mut at = 0;
                for part in text.split_inclusive("\n\n") {
                    let range = TextRange::new(at, at + part.trim_end().len() as u32);
                    document.blocks.push(Block { kind: BlockKind::Paragraph, range });
                    at += part.len() as u32;
                }
                document
            };
            let (old_document, new_document) = (document(old), document(new));
            let revision = diff(&old_document, &new_document, &DiffOptions::default());
            let told = Told { revision: &revision, old: &old_document, new: &new_document };
            let mut out = Vec::new();
            CriticMarkup.write(&told, &RevisionSettings::default(), &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            if !expected.is_empty() {
                assert_eq!(text, expected);
            }
            assert_eq!(settled(&text, true), new, "{text}");
            assert_eq!(settled(&text, false), old, "{text}");
        }
    }
}
