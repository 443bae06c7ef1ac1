//! `criticmarkup`: the new text with every change marked in it, for editors that know CriticMarkup.

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
                page.push_str(text.unwrap_or_default());
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
            (WordOp::Equal, _) => out.push_str(run.text),
            // Space alone stands as it is now: a mark around a line break is not read as one.
            (WordOp::Delete, _) if run.text.trim().is_empty() => {}
            (WordOp::Insert, _) if run.text.trim().is_empty() => out.push_str(run.text),
            (WordOp::Delete, Some(insert)) if insert.op == WordOp::Insert => {
                let text = format!("{{~~{}~>{}~~}}", plain(run.text), plain(insert.text));
                out.push_str(&text);
                at += 1;
            }
            (WordOp::Delete, _) => marked(run.text, "{--", "--}", out),
            (WordOp::Insert, _) => marked(run.text, "{++", "++}", out),
        }
        at += 1;
    }
}

/// Appends `text` between marks, the white space behind it outside of them: marks that hold a blank line
/// are not read as one.
fn marked(text: &str, open: &str, close: &str, out: &mut String) {
    let body = text.trim_end();
    let (body, space) = if body.is_empty() { (text, "") } else { (body, &text[body.len()..]) };
    out.push_str(&format!("{open}{}{close}{space}", plain(body)));
}

/// `text` without what would end the mark it stands in: a brace behind a sign is set apart from it.
fn plain(text: &str) -> String {
    ["++}", "--}", "~~}", "~>"].into_iter().fold(text.to_owned(), |text, end| {
        let (sign, rest) = end.split_at(end.len() - 1);
        text.replace(end, &format!("{sign}\\{rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::written;

    #[test]
    fn changes_are_marked_in_place() {
        let text = written(&CriticMarkup);
        assert!(text.contains("sank with {~~14~>15~~} people"), "{text}");
        assert!(text.contains("{++Divers went down at first light.++}\n\n"), "{text}");
        assert!(text.contains("{>>moved from paragraph 2<<}"), "{text}");
    }
}
