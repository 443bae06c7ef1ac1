//! `markdown`: the changes for a pull request or a ticket.

use std::io;

use super::told::{Run, Step, description, numbers};
use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::WordOp;
use crate::document::own::MARKDOWN_MARK;
use crate::report::markup::markdown as escaped;

/// The format.
pub(super) struct Markdown;

impl RevisionReporter for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn summary(&self) -> &'static str {
        "the changes as Markdown, for a ticket"
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        let (old, new) = told.names();
        writeln!(
            out,
            "{MARKDOWN_MARK}\n## {} → {}\n\n{}",
            escaped(&old),
            escaped(&new),
            told.summary_line(settings)
        )?;
        let mut first = true;
        for edit in told.revision.metadata.iter().filter(|edit| edit.significance > settings.ignore) {
            let value = |value: &Option<String>| value.as_deref().map_or("none".to_owned(), escaped);
            if std::mem::take(&mut first) {
                writeln!(out)?;
            }
            writeln!(out, "- **{}**: ~~{}~~ → **{}**", edit.field, value(&edit.old), value(&edit.new))?;
        }
        if told.revision.degraded {
            writeln!(out, "\nToo large to be compared word by word throughout.")?;
        }
        for step in told.steps(settings) {
            let Step::Changed(edit) = step else { continue };
            let number = if edit.new.is_empty() { String::new() } else { format!("{} ", numbers(&edit.new)) };
            writeln!(out, "\n### {number}{}\n", description(edit))?;
            writeln!(out, "> {}", marked(&told.parted_runs(edit)))?;
        }
        Ok(())
    }
}

/// The runs in one paragraph, what went struck out and what came bold.
fn marked(runs: &[Run<'_>]) -> String {
    let mut out = String::new();
    for run in runs {
        let words = run.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let space = |edge: bool| if edge { " " } else { "" };
        let instead = run.op == WordOp::Insert && out.ends_with("~~");
        let apart = instead || run.text.starts_with(char::is_whitespace);
        let before = space(apart && !out.ends_with(' '));
        let behind = space(run.text.ends_with(char::is_whitespace) && !words.is_empty());
        let mark = match run.op {
            WordOp::Equal => "",
            WordOp::Delete => "~~",
            WordOp::Insert => "**",
        };
        let mark = if words.is_empty() { "" } else { mark };
        out.push_str(&format!("{before}{mark}{}{mark}{behind}", escaped(&words)));
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::written;

    #[test]
    fn changes_are_marked_and_text_is_escaped() {
        let text = written(&Markdown);
        assert!(text.contains("sank with ~~14~~ **15** people"), "{text}");
        assert!(!text.contains("<b>"), "{text}");
    }
}
