//! `markdown`: tables by file, for the summary of a CI step and for comments.
//!
//! GitHub takes a summary of at most 1 MiB. What would be over is left out, the mildest first, and counted.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;

use super::by_file::{File, by_file};
use super::{FindingsReporter, summary_line};
use crate::check::Report;
use crate::document::own::MARKDOWN_MARK;
use crate::error::ReadError;
use crate::lint::Finding;
use crate::report::counted::counted;
use crate::report::{Layout, visible};

/// Bytes of the findings; the rest of 1 MiB is room for what stands around them.
const MOST: usize = (1 << 20) - (1 << 18);
/// Characters of a path or a message that are told.
const LONGEST: usize = 500;
/// Faults of reading that are listed.
const UNREADABLE: usize = 20;

/// The format.
pub(super) struct Markdown;

impl FindingsReporter for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn summary(&self) -> &'static str {
        "tables by file, for a CI step's summary and for comments"
    }

    fn has_summary(&self) -> bool {
        true
    }

    fn write(&self, report: &Report, _: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{MARKDOWN_MARK}\n## copydesk\n\n{}.", summary_line(&report.summary))?;
        let files = by_file(report);
        let kept = kept(&files);
        for (number, file) in files.iter().enumerate() {
            let rows: Vec<&Finding> = (0..)
                .zip(&file.findings)
                .filter(|(row, _)| kept.contains(&(number, *row)))
                .map(|(_, finding)| *finding)
                .collect();
            if !rows.is_empty() {
                write!(out, "{}", heading(file.path))?;
            }
            for finding in rows {
                write!(out, "{}", row(finding))?;
            }
        }
        let left_out = report.findings.len() - kept.len();
        if left_out > 0 {
            let findings = counted(left_out as u64, "finding was", "findings were");
            writeln!(out, "\n{findings} left out to stay under 1 MiB, the mildest first.")?;
        }
        unreadable(&report.errors, out)
    }
}

/// Which findings there is room for, each as the numbers of its file and of its row: the worst first.
fn kept(files: &[File<'_>]) -> BTreeSet<(usize, usize)> {
    let mut all: Vec<(usize, usize, &Finding)> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        all.extend(file.findings.iter().enumerate().map(|(row, &finding)| (number, row, finding)));
    }
    all.sort_by_key(|(.., finding)| Reverse(finding.severity));
    let mut room = MOST;
    let mut kept = BTreeSet::new();
    let mut headed = BTreeSet::new();
    for (number, at, finding) in all {
        let head = if headed.contains(&number) { 0 } else { heading(files[number].path).len() };
        let Some(rest) = room.checked_sub(head + row(finding).len()) else { break };
        room = rest;
        headed.insert(number);
        kept.insert((number, at));
    }
    kept
}

fn heading(path: &str) -> String {
    format!(
        "\n### {}\n\n| line | severity | rule | finding | passage |\n|---:|---|---|---|---|\n",
        code(path)
    )
}

fn row(finding: &Finding) -> String {
    let line = finding.primary.location.start.line;
    let excerpt = finding.excerpt();
    let passage = if excerpt.is_empty() { String::new() } else { code(&excerpt) };
    format!(
        "| {line} | {} | `{}` | {} | {passage} |\n",
        finding.severity,
        finding.rule,
        prose(&finding.message)
    )
}

/// A list of what could not be read.
fn unreadable(errors: &[ReadError], out: &mut dyn io::Write) -> io::Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Not read\n")?;
    for error in errors.iter().take(UNREADABLE) {
        let place = ReadError { message: String::new(), ..error.clone() }.to_string();
        writeln!(out, "- {}: {}", code(place.trim_end_matches(": ")), prose(&error.message))?;
    }
    if errors.len() > UNREADABLE {
        writeln!(out, "- and {} more", errors.len() - UNREADABLE)?;
    }
    Ok(())
}

/// The text as code, in which a platform links nobody and nothing. `<code>` rather than backticks, which
/// take no escapes.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text, ""))
}

/// The text as prose that mentions nobody: an empty comment parts `@` and `#` from what they would link.
fn prose(text: &str) -> String {
    escaped(text, "<!-- -->")
}

/// The text on one line, with no mark that Markdown, HTML or a platform would read as anything else.
fn escaped(text: &str, parting: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let shown = visible::line(text);
    for (at, c) in shown.chars().enumerate() {
        if at == LONGEST {
            out.push('\u{2026}');
            break;
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' | '#' => out.push_str(&format!("&#{};{parting}", u32::from(c))),
            // Emphasis, links, code, cells, escapes, mathematics, and the `:` of bare addresses.
            '*' | '_' | '~' | '[' | ']' | '`' | '|' | '\\' | '$' | '!' | ':' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            '.' if out.len() >= 3 && out.as_bytes()[out.len() - 3..].eq_ignore_ascii_case(b"www") => {
                out.push_str("&#46;");
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::super::sample::{hostile, place, repeat, report, written};
    use super::*;
    use crate::lint::Severity;

    /// The cells of all tables as a reader sees them; fails where the text became markup.
    fn cells(markdown: &str) -> Vec<Vec<String>> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut in_cell = false;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::TableRow | Tag::TableHead) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    in_cell = true;
                    rows.last_mut().unwrap().push(String::new());
                }
                Event::End(TagEnd::TableCell) => in_cell = false,
                Event::Text(text) | Event::Code(text) if in_cell => {
                    rows.last_mut().unwrap().last_mut().unwrap().push_str(&text);
                }
                Event::Html(html) if html.trim_end() == MARKDOWN_MARK => {}
                Event::Start(Tag::HtmlBlock) if rows.is_empty() => {}
                Event::InlineHtml(html) | Event::Html(html) => {
                    assert!(["<code>", "</code>", "<!-- -->"].contains(&&*html), "{html}");
                }
                Event::Start(
                    tag @ (Tag::Link { .. }
                    | Tag::Image { .. }
                    | Tag::Emphasis
                    | Tag::Strong
                    | Tag::Strikethrough
                    | Tag::CodeBlock(_)
                    | Tag::HtmlBlock),
                ) => panic!("{tag:?}"),
                Event::InlineMath(text) | Event::DisplayMath(text) => panic!("mathematics: {text}"),
                _ => {}
            }
        }
        rows
    }

    #[test]
    fn a_finding_is_a_row_of_its_file() {
        let finding = |path| repeat(place(path, 30, "one\n two"), place("a.txt", 12, "x"), None);
        let output = written(&Markdown, &report(vec![finding("b_1.txt"), finding("a.txt")]), 80);
        assert_eq!(
            output,
            "\
<!-- a report of copydesk -->
## copydesk

Checked 14 files, 25 documents, 1,312 paragraphs (9 too short to count): 2 errors.

### <code>b&#95;1.txt</code>

| line | severity | rule | finding | passage |
|---:|---|---|---|---|
| 30 | error | `repeated-paragraph` | paragraph repeats a.txt&#58;12 | <code>one two</code> |

### <code>a.txt</code>

| line | severity | rule | finding | passage |
|---:|---|---|---|---|
| 30 | error | `repeated-paragraph` | paragraph repeats a.txt&#58;12 | <code>one two</code> |
"
        );
        assert_eq!(cells(&output)[1][4], "one two");
    }

    #[test]
    fn hostile_text_stays_text() {
        let text = "a | b `c` <script>alert(1)</script> @someone #12 **x** [y](http://z) ![i](j) $m$ \\| \
                    https://e.org www.e.org &amp; <!-- --> ~~s~~";
        let mut report = hostile();
        report.findings[0].primary.text = text.to_owned();
        report.findings[0].message = format!("{text}{}", "long ".repeat(20_000));
        let output = written(&Markdown, &report, 80);
        let rows = cells(&output);
        assert_eq!(rows[1].len(), 5);
        assert_eq!(rows[1][4], text);
        assert!(rows[1][3].starts_with(text) && rows[1][3].ends_with('\u{2026}'));
        assert!(!output.contains('@') && !output.contains("#12 ") && !output.contains("://"), "{output}");
        assert!(output.contains("&#64;<!-- -->someone"));
        assert!(output.len() < 10_000);
        let unread = "- <code>&#58;&#58;b&#92;x1b&#91;1m&#58;3&#58;1</code>: bad &#92;x1b&#91;1m bytes\n";
        assert!(output.ends_with(unread), "{output}");
    }

    #[test]
    fn what_is_over_a_mebibyte_is_counted_the_mildest_first() {
        let text = "<&|`".repeat(200);
        let mut findings = Vec::new();
        for number in 0..3000 {
            let mut finding = repeat(
                place(&format!("{}.txt", number % 1000), number, &text),
                place("a.txt", 12, "x"),
                None,
            );
            finding.severity = if number == 2999 { Severity::Error } else { Severity::Info };
            findings.push(finding);
        }
        let mut report = report(findings);
        let error = ReadError::new(&std::sync::Arc::from("|".repeat(9000)), "&".repeat(9000));
        report.errors = vec![error; 100];
        let output = written(&Markdown, &report, 80);
        assert!(output.len() < 1 << 20, "{}", output.len());
        assert!(output.len() > 1 << 19, "{}", output.len());
        let told = output.matches("| info |").count() + 1;
        assert!(output.contains("| 2999 | error |"));
        assert!(output.contains(&format!(
            "\n{} findings were left out to stay under 1 MiB, the mildest first.\n",
            crate::report::findings::grouped(3000 - told as u64)
        )));
        assert!(output.ends_with("\n- and 80 more\n"));
    }
}
