//! How are the findings of a check said? One file for each format.

mod by_file;
mod checkstyle;
mod concise;
mod full;
mod github;
mod gitlab;
mod html;
mod items;
mod json;
mod jsonl;
mod junit;
mod markdown;
#[cfg(test)]
mod sample;
mod sarif;
mod schema;

pub use items::items_line;

use std::cmp::Reverse;
use std::io;

use super::Layout;
use crate::check::{Report, Summary};
use crate::document::own::CLEAN;
use crate::lint::Finding;
use crate::report::counted::{counted, grouped};

/// Every format of `check`.
#[rustfmt::skip]
pub static FINDINGS: &[&dyn FindingsReporter] = &[
    &full::Full, &concise::Concise, &json::Json, &jsonl::Jsonl, &sarif::Sarif, &github::Github,
    &gitlab::Gitlab, &junit::Junit, &checkstyle::Checkstyle, &markdown::Markdown, &html::Html,
];

/// One format of `check`.
pub trait FindingsReporter: Sync {
    /// Returns the format's name on the command line.
    fn name(&self) -> &'static str;

    /// Returns what the format is, in a few words, for `--help`.
    fn summary(&self) -> &'static str;

    /// Returns whether the format says by itself how much was checked and found.
    fn has_summary(&self) -> bool;

    /// Writes the whole report.
    ///
    /// # Errors
    ///
    /// Those of `out`; what was written stays written.
    fn write(&self, report: &Report, layout: &Layout, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Returns the format called `name`.
#[must_use]
pub fn findings_format(name: &str) -> Option<&'static dyn FindingsReporter> {
    FINDINGS.iter().copied().find(|format| format.name() == name)
}

/// The findings, the worst first; those of one severity stay in their order.
fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
}

/// Returns in one line what was checked and how much was found: `Checked 14 files, 25 documents,
/// 312 paragraphs (9 too short to count): 3 errors, 2 warnings, 1 info`.
#[must_use]
pub fn summary_line(summary: &Summary) -> String {
    let checked = checked(summary);
    let mut found: Vec<String> = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.infos, "info", "infos"),
    ]
    .into_iter()
    .filter(|&(n, ..)| n > 0)
    .map(|(n, one, many)| counted(n, one, many))
    .collect();
    let clean = found.is_empty();
    for (n, what) in
        [(summary.fixed, "fixed"), (summary.suppressed, "suppressed"), (summary.baselined, "in the baseline")]
    {
        if n > 0 {
            found.push(format!("{n} {what}"));
        }
    }
    let aside = aside(summary);
    if summary.documents == 0 {
        return format!("No document was checked{aside}");
    }
    if clean {
        let kept = if found.is_empty() { String::new() } else { format!(" ({})", found.join(", ")) };
        format!("{CLEAN} in {checked}{kept}{aside}")
    } else {
        format!("Checked {checked}: {}{aside}", found.join(", "))
    }
}

/// `14 files, 25 documents, 312 paragraphs (9 too short to count)`.
fn checked(summary: &Summary) -> String {
    let files = counted(summary.files, "file", "files");
    let documents = counted(summary.documents, "document", "documents");
    let paragraphs = counted(summary.paragraphs, "paragraph", "paragraphs");
    let short = match summary.too_short {
        0 => String::new(),
        n => format!(" ({} too short to count)", grouped(n)),
    };
    format!("{files}, {documents}, {paragraphs}{short}")
}

/// `; 3 files skipped, 1 unreadable`.
fn aside(summary: &Summary) -> String {
    let mut parts = Vec::new();
    if summary.skipped > 0 {
        parts.push(format!("{} skipped", counted(summary.skipped, "file", "files")));
    }
    if summary.unreadable > 0 {
        parts.push(format!("{} unreadable", grouped(summary.unreadable)));
    }
    if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_format_lets_a_document_act() {
        let report = sample::hostile();
        for format in FINDINGS {
            let output = sample::written(*format, &report, 60);
            // What is obeyed of `github` are its own commands: github.rs takes them apart.
            let output = output.replace("::error file=", "(own command) ");
            assert_eq!(sample::obeyed(&output), None, "{}:\n{output}", format.name());
        }
    }

    #[test]
    fn the_summary_says_what_is_not_zero() {
        let mut summary = sample::report(vec![]).summary;
        let checked = "14 files, 25 documents, 1,312 paragraphs (9 too short to count)";
        assert_eq!(summary_line(&summary), format!("No faults found in {checked}"));
        (summary.errors, summary.warnings, summary.infos) = (3, 1, 2);
        assert_eq!(summary_line(&summary), format!("Checked {checked}: 3 errors, 1 warning, 2 infos"));
        (summary.skipped, summary.unreadable, summary.suppressed) = (1, 2, 4);
        let none = Summary { skipped: 2, ..Summary::default() };
        assert_eq!(summary_line(&none), "No document was checked; 2 files skipped");
        let end = "3 errors, 1 warning, 2 infos, 4 suppressed; 1 file skipped, 2 unreadable";
        assert_eq!(summary_line(&summary), format!("Checked {checked}: {end}"));
    }
}
