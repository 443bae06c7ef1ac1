//! `html`: one page for people, with nothing from outside: findings by file, both copies side by side.
//!
//! The page reads without its script, which adds filters, search and keys. A policy in the page forbids
//! whatever a text of a document might still try to load.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;

use super::by_file::{File, by_file, keep_worst};
use super::full::whole_part;
use super::{FindingsReporter, summary_line};
use crate::check::Report;
use crate::document::own::PAGE_MARK;
use crate::error::ReadError;
use crate::lint::{Finding, Label, Place, Sameness, Severity};
use crate::report::Layout;
use crate::report::counted::counted;
use crate::report::passage::differences;
use crate::report::visible::{acts, push_escape};

/// No browser likes to search through more.
const FINDINGS: usize = 5000;
/// Further places of a finding that are listed.
const PLACES: usize = 50;
/// Faults of reading that are listed.
const UNREADABLE: usize = 100;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// The format.
pub(super) struct Html;

impl FindingsReporter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn summary(&self) -> &'static str {
        "one self-contained page: both copies side by side, filters, search"
    }

    fn has_summary(&self) -> bool {
        true
    }

    fn write(&self, report: &Report, _: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        let mut files = by_file(report);
        let left_out = keep_worst(&mut files, FINDINGS);
        let summary = summary_line(&report.summary);
        writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(out, "{PAGE_MARK}")?;
        writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(
            out,
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
        )?;
        writeln!(out, "<title>copydesk: {}</title>", Text(&summary))?;
        writeln!(out, "<style>\n{STYLE}</style>\n</head>\n<body>")?;
        writeln!(out, "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>")?;
        writeln!(out, "<header>\n<h1>copydesk</h1>\n<p>{}.</p>\n</header>", Text(&summary))?;
        if !report.findings.is_empty() {
            filters(&files, out)?;
        }
        writeln!(out, "<main id=\"findings\" tabindex=\"-1\">")?;
        unreadable(&report.errors, out)?;
        for (number, file) in files.iter().enumerate().filter(|(_, file)| !file.findings.is_empty()) {
            section(number, file, out)?;
        }
        if left_out > 0 {
            let findings = counted(left_out as u64, "finding", "findings");
            writeln!(out, "<p>{findings} left out, the mildest.</p>")?;
        }
        writeln!(out, "</main>\n<footer>copydesk {}</footer>", env!("CARGO_PKG_VERSION"))?;
        writeln!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>")
    }
}

/// Filters and search; the script shows them.
fn filters(files: &[File<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    let findings = || files.iter().flat_map(|file| &file.findings);
    let mut rules: BTreeMap<&str, u64> = BTreeMap::new();
    findings().for_each(|finding| *rules.entry(finding.rule).or_default() += 1);
    let severities = Severity::ALL.map(|severity| {
        (severity.name(), findings().filter(|finding| finding.severity == severity).count() as u64)
    });
    writeln!(out, "<form role=\"search\" aria-label=\"Filter the findings\" hidden>")?;
    boxes("Severity", "severity", severities.into_iter().filter(|&(_, count)| count > 0), out)?;
    boxes("Rule", "rule", rules.into_iter(), out)?;
    writeln!(out, "<label class=\"soft\">Search <input type=\"search\" autocomplete=\"off\"></label>")?;
    writeln!(
        out,
        "<p class=\"soft\"><span role=\"status\"></span>. Keys: <kbd>n</kbd> next, <kbd>p</kbd> previous, \
         <kbd>/</kbd> search.</p>\n</form>"
    )
}

fn boxes<'a>(
    legend: &str,
    name: &str,
    values: impl Iterator<Item = (&'a str, u64)>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(out, "<fieldset>\n<legend>{legend}</legend>")?;
    for (value, count) in values {
        writeln!(
            out,
            "<label><input type=\"checkbox\" name=\"{name}\" value=\"{value}\" checked> {value} \
             <span class=\"soft\">{count}</span></label>"
        )?;
    }
    writeln!(out, "</fieldset>")
}

fn unreadable(errors: &[ReadError], out: &mut dyn io::Write) -> io::Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Not read</h2>\n<ul>")?;
    for error in errors.iter().take(UNREADABLE) {
        writeln!(out, "<li><bdi>{}</bdi></li>", Text(&error.to_string()))?;
    }
    if errors.len() > UNREADABLE {
        writeln!(out, "<li>and {} more</li>", errors.len() - UNREADABLE)?;
    }
    writeln!(out, "</ul>")
}

fn section(number: usize, file: &File<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let findings = counted(file.findings.len() as u64, "finding", "findings");
    writeln!(out, "<section aria-labelledby=\"file{number}\">")?;
    writeln!(
        out,
        "<h2 id=\"file{number}\"><bdi>{}</bdi> <span class=\"count\">{findings}</span></h2>",
        Text(file.path)
    )?;
    file.findings.iter().try_for_each(|finding| article(finding, out))?;
    writeln!(out, "</section>")
}

fn article(finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
    let (severity, rule) = (finding.severity, finding.rule);
    writeln!(
        out,
        "<article class=\"{severity}\" data-severity=\"{severity}\" data-rule=\"{rule}\" data-path=\"{}\" \
         tabindex=\"-1\">",
        Text(&finding.primary.location.path)
    )?;
    writeln!(
        out,
        "<h3><span class=\"severity\">{severity}</span> <code>{rule}</code> <bdi>{}</bdi></h3>",
        Text(&finding.message)
    )?;
    let twin = finding.related.first().filter(|label| !label.place.text.is_empty());
    let (mut here, mut there) = (Vec::new(), Vec::new());
    if let (Some(label), Some(likeness)) = (twin, finding.likeness)
        && likeness.same != Some(Sameness::Identical)
        && likeness.inside.is_none()
    {
        let (first, again) = (whole_part(&label.place), whole_part(&finding.primary));
        let cut = first.len() < label.place.text.len() || again.len() < finding.primary.text.len();
        let found = differences(first, again, cut);
        (here, there) = (found.new, found.old);
    }
    writeln!(out, "<div class=\"copies{}\">", if twin.is_some() { " two" } else { "" })?;
    copy("here", &finding.primary, &here, out)?;
    if let Some(label) = twin {
        copy(&label.message, &label.place, &there, out)?;
    }
    writeln!(out, "</div>")?;
    places(&finding.related[usize::from(twin.is_some())..], out)?;
    if let Some(likeness) = finding.likeness {
        writeln!(out, "<p class=\"soft\">{}</p>", likeness.why())?;
    }
    if !finding.help.is_empty() {
        writeln!(out, "<p>Help: {}</p>", Text(finding.help))?;
    }
    writeln!(out, "</article>")
}

/// One copy: where it stands, and its text with what differs marked.
fn copy(what: &str, place: &Place, marks: &[Range<usize>], out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, "<figure><figcaption>{}: <bdi>{}</bdi></figcaption>", Text(what), Text(&place.named()))?;
    if !place.text.is_empty() {
        // The line break behind the tag is none of the text: `pre-wrap` would show it.
        write!(out, "<blockquote dir=\"auto\">")?;
        let mut at = 0;
        for mark in marks {
            write!(out, "{}", Text(&place.text[at..mark.start]))?;
            write!(out, "<mark>{}</mark>", Text(&place.text[mark.clone()]))?;
            at = mark.end;
        }
        write!(out, "{}</blockquote>", Text(&place.text[at..]))?;
    }
    writeln!(out, "</figure>")
}

/// Further places.
fn places(labels: &[Label], out: &mut dyn io::Write) -> io::Result<()> {
    if labels.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul>")?;
    for label in labels.iter().take(PLACES) {
        writeln!(out, "<li>{}: <bdi>{}</bdi></li>", Text(&label.message), Text(&label.place.named()))?;
    }
    if labels.len() > PLACES {
        writeln!(out, "<li>and {} more</li>", labels.len() - PLACES)?;
    }
    writeln!(out, "</ul>")
}

/// Text for an element or an attribute: line breaks stay, what else acts is shown as an escape, and what
/// HTML or a CI runner's log would read as anything else is written as a character reference.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut escape = String::new();
        self.0.chars().try_for_each(|c| match c {
            '\n' => f.write_str("\n"),
            '&' | '<' | '>' | '"' | '\'' | ':' | '[' => write!(f, "&#{};", u32::from(c)),
            c if acts(c) => {
                escape.clear();
                push_escape(c, &mut escape);
                f.write_str(&escape)
            }
            c => write!(f, "{c}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use html5gum::{Token, Tokenizer};

    use super::super::sample::{hostile, place, repeat, report, written};
    use super::*;

    type Tag = (String, Vec<(String, String)>);

    /// The tags that were opened, with their attributes, and the text between them.
    fn parsed(html: &str) -> (Vec<Tag>, String) {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut tags = Vec::new();
        let mut shown = String::new();
        // A browser reads the script as such; the tokenizer alone would look for tags in it.
        for token in Tokenizer::new(&html.replace(SCRIPT, "")).flatten() {
            match token {
                Token::StartTag(tag) => {
                    let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value)));
                    tags.push((text(&tag.name), attributes.collect()));
                }
                Token::String(string) => shown.push_str(&text(&string)),
                Token::Error(error) => panic!("{error:?}"),
                _ => {}
            }
        }
        (tags, shown)
    }

    #[test]
    fn both_copies_stand_side_by_side_with_what_differs_marked() {
        let finding = repeat(
            place("a.txt", 30, "The Pier is shut."),
            place("a.txt", 12, "The pier is shut."),
            Some(Sameness::Case),
        );
        let html = written(&Html, &report(vec![finding]), 80);
        assert!(html.contains("<div class=\"copies two\">"));
        assert!(
            html.contains("<blockquote dir=\"auto\">The <mark>Pier</mark> is shut.</blockquote>"),
            "{html}"
        );
        assert!(html.contains("<blockquote dir=\"auto\">The <mark>pier</mark> is shut.</blockquote>"));
        assert!(html.contains(
            "name=\"rule\" value=\"repeated-paragraph\" checked> repeated-paragraph <span class=\"soft\">1<"
        ));
    }

    #[test]
    fn hostile_text_stays_text_and_nothing_comes_from_outside() {
        let text = "</blockquote><script>alert(1)</script><img src=x onerror=y> ]]> &lt; \"' -->\n::error::x";
        let mut report = hostile();
        report.findings[0].primary.text = format!("{text}\u{202e}{}", "long ".repeat(20_000));
        report.findings[0].message = text.to_owned();
        let first = report.findings[0].related[0].clone();
        report.findings[0].related.push(first);
        let html = written(&Html, &report, 80);
        let (tags, shown) = parsed(&html);
        assert!(shown.contains(&format!("{text}\\u{{202e}}long long")), "{}", &html[..9000]);
        let count = |name: &str| tags.iter().filter(|(tag, _)| tag == name).count();
        assert_eq!((count("script"), count("img"), count("link"), count("article")), (1, 0, 0, 1));
        let calls = |(name, value): &(String, String)| {
            name.starts_with("on")
                || (["src", "href", "action"].contains(&&**name) && !value.starts_with('#'))
        };
        assert!(!tags.iter().any(|(_, attributes)| attributes.iter().any(calls)));
        assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("url("));
    }

    #[test]
    fn a_clean_run_has_no_filters_and_a_huge_one_is_cut() {
        let html = written(&Html, &report(vec![]), 80);
        assert!(html.contains("<p>No faults found in 14 files") && !html.contains("<form"));
        let mut mild = repeat(place("a.txt", 30, "x"), place("a.txt", 12, "x"), None);
        mild.severity = Severity::Info;
        let mut findings = vec![mild; FINDINGS + 2];
        findings.push(repeat(place("b.txt", 30, "x"), place("a.txt", 12, "x"), None));
        let html = written(&Html, &report(findings), 80);
        assert_eq!(html.matches("<article").count(), FINDINGS);
        assert_eq!(html.matches("<article class=\"error\"").count(), 1);
        assert!(html.contains("<p>3 findings left out, the mildest.</p>"));
    }
}
