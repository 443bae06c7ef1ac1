//! `html`: one self-contained page to send to an editor.
//!
//! Nothing is fetched: style and script stand in the page, and its content policy forbids the rest. All
//! text from documents is escaped; the page reads without its script, inline and in full.

use std::io;

use super::told::{Run, description};
use super::{RevisionReporter, RevisionSettings, Told};
use crate::diff::{Edit, EditKind, WordOp};
use crate::document::own::PAGE_MARK;
use crate::report::markup::html as escaped;

/// The format.
pub(super) struct Html;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

impl RevisionReporter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn summary(&self) -> &'static str {
        "one self-contained page, inline and side by side"
    }

    fn write(&self, told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
        head(told, settings, out)?;
        writeln!(out, "<main>")?;
        let mut left: Vec<(usize, &Edit)> =
            told.revision.edits.iter().enumerate().filter(|(_, edit)| edit.moved).collect();
        left.sort_by_key(|(_, edit)| edit.old_range.map(|range| range.start));
        let mut left = left.into_iter().peekable();
        for (at, edit) in told.revision.edits.iter().enumerate() {
            // What left its place is named there, before whatever stood behind it.
            let here = edit.old_range.filter(|_| !edit.moved).map(|range| range.start);
            while let Some((to, gone)) = left.next_if(|(_, gone)| {
                here.is_some_and(|here| gone.old_range.is_some_and(|range| range.start < here))
            }) {
                left_behind(to, gone, out)?;
            }
            if !told.is_space(edit) {
                section(at, edit, told, settings, out)?;
            }
        }
        for (to, gone) in left {
            left_behind(to, gone, out)?;
        }
        let version = env!("CARGO_PKG_VERSION");
        writeln!(
            out,
            "</main>\n<footer><p>Made by copydesk {version}. Keys: n next, p previous.</p></footer>"
        )?;
        writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>")
    }
}

fn head(told: &Told<'_>, settings: &RevisionSettings, out: &mut dyn io::Write) -> io::Result<()> {
    let (old, new) = told.names();
    let (old, new) = (escaped(&old), escaped(&new));
    let language = told
        .new
        .meta
        .language
        .as_deref()
        .map_or(String::new(), |language| format!(" lang=\"{}\"", escaped(language)));
    writeln!(out, "<!DOCTYPE html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "{PAGE_MARK}")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
    )?;
    writeln!(out, "<title>{old} → {new}</title>\n<style>{STYLE}</style>\n</head>\n<body>")?;
    writeln!(out, "<header>\n<h1>{old} → {new}</h1>\n<p class=\"sum\">{}</p>", told.summary_line(settings))?;
    if told.revision.degraded {
        writeln!(out, "<p class=\"sum\">Too large to be compared word by word throughout.</p>")?;
    }
    let fields = told.revision.metadata.iter().filter(|edit| edit.significance > settings.ignore);
    let mut rows = String::new();
    for edit in fields {
        let value = |value: &Option<String>| value.as_deref().map_or("–".to_owned(), escaped);
        rows.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td><del>{}</del></td><td><ins>{}</ins></td></tr>\n",
            edit.field,
            value(&edit.old),
            value(&edit.new)
        ));
    }
    if !rows.is_empty() {
        writeln!(
            out,
            "<table>\n<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Before</th>\
             <th scope=\"col\">After</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
        )?;
    }
    writeln!(out, "</header>\n<nav aria-label=\"View\" hidden>")?;
    for (id, label) in [("side", "Side by side"), ("quiet", "Hide cosmetic"), ("only", "Changes only")] {
        writeln!(out, "<button type=\"button\" id=\"{id}\" aria-pressed=\"false\">{label}</button>")?;
    }
    writeln!(
        out,
        "<button type=\"button\" id=\"previous\">Previous</button>\n\
         <button type=\"button\" id=\"next\">Next</button>\n\
         <span id=\"place\" role=\"status\"></span>\n</nav>"
    )
}

/// The place that a passage moved from.
fn left_behind(to: usize, edit: &Edit, out: &mut dyn io::Write) -> io::Result<()> {
    let number = super::told::numbers(&edit.old);
    writeln!(
        out,
        "<section class=\"gone\" id=\"g{to}\" data-other=\"e{to}\">\
         <a href=\"#e{to}\">Paragraph {number} moved from here</a></section>"
    )
}

fn section(
    at: usize,
    edit: &Edit,
    told: &Told<'_>,
    settings: &RevisionSettings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if !told.shows(edit, settings) {
        let text = told.new_text(edit);
        if !text.is_empty() {
            writeln!(
                out,
                "<section class=\"keep\"><p class=\"text\" dir=\"auto\">{}</p></section>",
                escaped(text)
            )?;
        }
        return Ok(());
    }
    let level = edit.significance.name();
    let moved = if edit.moved { " moved" } else { "" };
    let other = if edit.moved { format!(" data-other=\"g{at}\"") } else { String::new() };
    let kind = edit.kind.name();
    writeln!(
        out,
        "<section class=\"change {kind}{moved}\" id=\"e{at}\" tabindex=\"-1\" data-level=\"{level}\"{other}>"
    )?;
    let what = description(edit);
    let what = if edit.moved { format!("<a href=\"#g{at}\">{what}</a>") } else { what };
    writeln!(out, "<p class=\"what\"><b>{what}</b></p>")?;
    let body = marked(&told.lettered_runs(edit));
    let (old, new) = match edit.kind {
        EditKind::Insert => ("", body.as_str()),
        // Inline, the right cell alone is seen: what went is shown in it, and hidden beside the left.
        EditKind::Delete
        | EditKind::Keep
        | EditKind::Modify
        | EditKind::Move
        | EditKind::Split
        | EditKind::Merge => (body.as_str(), body.as_str()),
    };
    writeln!(
        out,
        "<div class=\"pair\"><p class=\"text old\" dir=\"auto\">{old}</p>\
         <p class=\"text new\" dir=\"auto\">{new}</p></div>\n</section>"
    )
}

/// The runs as HTML.
fn marked(runs: &[Run<'_>]) -> String {
    let mut out = String::new();
    let last = runs.len().saturating_sub(1);
    for (at, run) in runs.iter().enumerate() {
        // The separator behind a paragraph says nothing on a page.
        let text = if at == last { run.text.trim_end() } else { run.text };
        let text = if at == 0 { text.trim_start() } else { text };
        if text.is_empty() {
            continue;
        }
        if run.op != WordOp::Equal && text.trim().is_empty() {
            // Space is seen by what it does; struck out, it would look like a word that went.
            let tag = if run.op == WordOp::Delete { "del" } else { "ins" };
            out.push_str(&format!("<{tag} class=\"gap\">{}</{tag}>", escaped(text)));
            continue;
        }
        let tag = match run.op {
            WordOp::Equal => {
                out.push_str(&escaped(text));
                continue;
            }
            WordOp::Delete => "del",
            WordOp::Insert => "ins",
        };
        out.push_str(&format!("<{tag}>{}</{tag}>", escaped(text)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::revision::sample::written;

    #[test]
    fn text_of_documents_is_never_markup() {
        let page = written(&Html);
        assert!(page.contains("&lt;b&gt;rescue&lt;/b&gt;"), "{page}");
        assert!(!page.contains("<b>rescue") && !page.contains('\x1b'));
    }

    #[test]
    fn the_page_fetches_nothing() {
        let page = written(&Html);
        for needle in ["http://", "https://", "src=", "@import", "url("] {
            assert!(!page.contains(needle), "{needle}");
        }
    }

    #[test]
    fn a_move_links_both_its_places() {
        let page = written(&Html);
        let at = page.find("moved from here").unwrap();
        assert!(page[..at].contains("href=\"#e") && page.contains("href=\"#g"));
    }
}
