//! `html`: one self-contained page to send to an editor.
//!
//! A slider over the versions, the words coloured by age or by author, any two versions compared, and for
//! each word and paragraph what became of it. Nothing is fetched: style and script stand in the page, and
//! its content policy forbids the rest. Without the script the page holds the timeline and the last text.
//!
//! What the script needs stands in the page once for each document: every wording that a paragraph ever
//! had, for each version what its list of wordings has that the one before had not, and the numbers of the
//! words. A number means the same word in every version, so versions are compared by numbers, and what is
//! not looked at is never decoded.

use std::io;

use serde::Serialize;

use super::spans::{Row, day, remarks, rows, summary, undone};
use super::{HistoryReporter, HistorySettings};
use crate::diff::Significance;
use crate::document::own::PAGE_MARK;
use crate::history::{History, HistoryOptions, Version};
use crate::report::markup::html as escaped;
use crate::report::visible;

/// The format.
pub(super) struct Html;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
const BAR: &str = include_str!("html/bar.html");

impl HistoryReporter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn summary(&self) -> &'static str {
        "one self-contained page: a slider over the versions, who wrote each word, any two versions compared"
    }

    fn needs(&self, _: &HistorySettings, options: &mut HistoryOptions) {
        options.keep_texts = true;
    }

    fn begin(&self, _: &HistorySettings, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(out, "{PAGE_MARK}")?;
        writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(
            out,
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
        )?;
        writeln!(out, "<title>copydesk: history</title>\n<style>\n{STYLE}</style>\n</head>\n<body>")?;
        writeln!(out, "<a class=\"skip\" href=\"#text\">Skip to the text</a>")?;
        writeln!(out, "{BAR}<main id=\"text\" tabindex=\"-1\">\n<div>")
    }

    fn document(
        &self,
        history: &History,
        _: usize,
        _: &HistorySettings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        writeln!(out, "<section class=\"doc\">\n<h1>{}</h1>", escaped(&history.id))?;
        writeln!(out, "<p class=\"sum\">{}.</p>", escaped(&summary(history)))?;
        writeln!(out, "<div class=\"text\">")?;
        for paragraph in &history.paragraphs {
            let text = history.text.get(paragraph.range.as_usize()).unwrap_or_default();
            writeln!(out, "<p dir=\"auto\">{}</p>", escaped(text.trim_end()))?;
        }
        writeln!(out, "</div>")?;
        table(history, out)?;
        write!(out, "<script type=\"application/json\">")?;
        data(history, out)?;
        writeln!(out, "</script>\n</section>")
    }

    fn end(&self, documents: usize, _: &HistorySettings, out: &mut dyn io::Write) -> io::Result<()> {
        if documents == 0 {
            writeln!(out, "<p class=\"sum\">No document has a version.</p>")?;
        }
        writeln!(
            out,
            "</div>\n<aside hidden aria-live=\"polite\" aria-label=\"What became of it\"></aside>\n</main>"
        )?;
        let version = env!("CARGO_PKG_VERSION");
        writeln!(out, "<footer><p>Made by copydesk {version}.</p></footer>")?;
        writeln!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>")
    }
}

/// The timeline, flapping folded.
fn table(history: &History, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<details>\n<summary>All versions</summary>\n<div class=\"scroll\">\n<table>")?;
    write!(out, "<thead><tr>")?;
    for head in ["Version", "Date", "Author", "Added", "Removed", "Change", "Remarks"] {
        write!(out, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in rows(history) {
        match row {
            Row::Version(version) => line(history, version, out)?,
            Row::Flap(flap) => {
                let count = flap.last.saturating_sub(flap.first) + 1;
                let texts: Vec<String> = flap.texts.iter().map(u32::to_string).collect();
                writeln!(
                    out,
                    "<tr data-v=\"{}\"><th scope=\"row\">{}</th><td colspan=\"6\">to {}: {count} versions go back \
                     and forth between {}</td></tr>",
                    flap.first,
                    flap.first,
                    flap.last,
                    texts.join(", ")
                )?;
            }
        }
    }
    writeln!(out, "</tbody>\n</table>\n</div>\n</details>")
}

fn line(history: &History, version: &Version, out: &mut dyn io::Write) -> io::Result<()> {
    let number = version.number;
    let text = |text: &Option<String>| text.as_deref().map_or(String::new(), escaped);
    let time = version.time.as_deref().map_or(String::new(), |time| escaped(day(time)));
    let mut said = remarks(history, version);
    said.extend(version.comment.as_deref().map(|comment| format!("“{comment}”")));
    writeln!(
        out,
        "<tr data-v=\"{number}\"><th scope=\"row\">{number}</th><td class=\"t\">{time}</td><td>{}</td>\
         <td class=\"n\">+{}</td><td class=\"n\">−{}</td><td>{}</td><td>{}</td></tr>",
        text(&version.author),
        version.added,
        version.removed,
        if number == 1 { "" } else { version.significance.name() },
        escaped(&said.join("; "))
    )
}

/// What the script needs.
#[derive(Serialize)]
struct Data<'a> {
    id: &'a str,
    authors: Vec<&'a str>,
    versions: Vec<VersionData<'a>>,
    /// For each version: how many wordings at the front and at the end are those of the version before, and
    /// what stands between.
    steps: Vec<(usize, usize, Vec<u32>)>,
    /// Text, first version, version in which the paragraph first stood, the wording before plus 1 (0 for
    /// none), and the words' numbers as runs: how far on (back where negative), how many.
    wordings: Vec<(&'a str, u32, u32, u32, Vec<i64>)>,
    /// The versions that words came with, in the order of their numbers, as runs: how many, which.
    origins: Vec<u32>,
    flaps: Vec<(u32, u32)>,
}

#[derive(Serialize)]
struct VersionData<'a> {
    label: &'a str,
    time: &'a str,
    /// Index into the authors; -1 where none is said.
    author: i64,
    comment: &'a str,
    words: u64,
    added: u64,
    removed: u64,
    restored: u64,
    surviving: u64,
    /// 0 none, 1 cosmetic, 2 wording, 3 substantive.
    level: u8,
    reasons: Vec<&'static str>,
    to: Option<u32>,
    /// What it undid in part, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<String>,
    silent: bool,
    missing: &'a str,
}

/// Writes the data as JSON that ends no script and acts on nothing.
fn data(history: &History, out: &mut dyn io::Write) -> io::Result<()> {
    let mut authors: Vec<&str> =
        history.versions.iter().filter_map(|version| version.author.as_deref()).collect();
    authors.sort_unstable();
    authors.dedup();
    let versions = history.versions.iter().map(|version| version_data(history, version, &authors)).collect();
    let wordings = history.wordings.iter().map(|wording| {
        let before = wording.before.map_or(0, |before| before + 1);
        (wording.text.trim_end(), wording.first, wording.introduced, before, runs(&wording.tokens))
    });
    let whole = Data {
        id: &history.id,
        versions,
        steps: steps(history),
        wordings: wordings.collect(),
        origins: counted(&history.origins),
        flaps: history.flaps.iter().map(|flap| (flap.first, flap.last)).collect(),
        authors,
    };
    let text = serde_json::to_string(&whole)?;
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
            // All of these are below 0x10000.
            c if visible::acts(c) => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => safe.push(c),
        }
    }
    out.write_all(safe.as_bytes())
}

fn version_data<'a>(history: &History, version: &'a Version, authors: &[&str]) -> VersionData<'a> {
    let author = version.author.as_deref().and_then(|author| authors.binary_search(&author).ok());
    VersionData {
        label: &version.label,
        time: version.time.as_deref().unwrap_or_default(),
        author: author.map_or(-1, |index| index as i64),
        comment: version.comment.as_deref().unwrap_or_default(),
        words: version.words,
        added: version.added,
        removed: version.removed,
        restored: version.restored,
        surviving: version.surviving,
        level: match version.significance {
            Significance::None => 0,
            Significance::Cosmetic => 1,
            Significance::Wording => 2,
            Significance::Substantive => 3,
        },
        reasons: version.reasons.iter().map(|reason| reason.name()).collect(),
        to: version.reverts_to,
        undoes: undone(history, version),
        silent: version.silent,
        missing: &version.missing,
    }
}

/// What each version's list of wordings has that the one before had not.
fn steps(history: &History) -> Vec<(usize, usize, Vec<u32>)> {
    let mut before: Vec<u32> = Vec::new();
    let mut steps = Vec::with_capacity(history.versions.len());
    for now in history.layouts() {
        let head = before.iter().zip(&now).take_while(|(a, b)| a == b).count();
        let most = before.len().min(now.len()) - head;
        let tail = before.iter().rev().zip(now.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        steps.push((head, tail, now[head..now.len() - tail].to_vec()));
        before = now;
    }
    steps
}

/// Numbers that mostly count up, as runs: how far the first is from where the last run ended, and how many
/// there are.
fn runs(numbers: &[u32]) -> Vec<i64> {
    let mut runs = Vec::new();
    let mut at = 0;
    for same in numbers.chunk_by(|a, b| *b == a + 1) {
        let first = same.first().map_or(0, |&first| i64::from(first));
        runs.push(first - at);
        runs.push(same.len() as i64);
        at = first + same.len() as i64;
    }
    runs
}

/// Numbers that are mostly equal, as runs: how many, which.
fn counted(numbers: &[u32]) -> Vec<u32> {
    numbers
        .chunk_by(|a, b| a == b)
        .flat_map(|same| [u32::try_from(same.len()).unwrap_or(u32::MAX), same.first().copied().unwrap_or(0)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{sample, written};
    use super::*;

    #[test]
    fn text_of_documents_is_never_markup() {
        let page = written(&Html, &[sample()]);
        assert!(page.contains("&lt;b&gt;"), "{page}");
        let data = &page[page.find("application/json").unwrap()..];
        let data = &data[..data.find("</script>").unwrap()];
        assert!(!data.contains('<') && data.contains("\\u003cb\\u003e"), "{data}");
        assert!(!page.contains(['\x1b', '\u{202e}']) && data.contains("\\u202e"), "{data}");
    }

    #[test]
    fn the_page_fetches_nothing() {
        let page = written(&Html, &[sample(), sample()]).replace("http://www.w3.org/2000/svg", "");
        for needle in ["http://", "https://", "src=", "@import", "url("] {
            assert!(!page.contains(needle), "{needle}");
        }
        assert_eq!(page.matches("class=\"doc\"").count(), 2);
    }

    #[test]
    fn every_version_can_be_put_together_again() {
        let history = sample();
        let mut now: Vec<u32> = Vec::new();
        let steps = steps(&history);
        for ((head, tail, middle), layout) in steps.into_iter().zip(history.layouts()) {
            let end = now.split_off(now.len() - tail);
            now.truncate(head);
            now.extend(middle);
            now.extend(end);
            assert_eq!(now, layout);
        }
        for wording in &history.wordings {
            let mut at = 0;
            let mut tokens = Vec::new();
            for run in runs(&wording.tokens).chunks(2) {
                at += run[0];
                tokens.extend((at..at + run[1]).map(|token| token as u32));
                at += run[1];
            }
            assert_eq!(tokens, wording.tokens);
            assert_eq!(crate::history::tokens(&wording.text).count(), wording.tokens.len());
        }
        let origins: Vec<u32> = counted(&history.origins)
            .chunks(2)
            .flat_map(|run| std::iter::repeat_n(run[1], run[0] as usize))
            .collect();
        assert_eq!(origins, history.origins);
    }
}
