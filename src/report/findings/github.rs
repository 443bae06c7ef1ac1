//! `github`: workflow commands, which GitHub Actions shows as annotations beside the lines of a change.
//!
//! A step shows 10 errors, 10 warnings and 10 notices. The worst are told as commands; the others stand as
//! plain lines in the log, counted.

use std::fmt;
use std::io;

use super::{FindingsReporter, concise, worst_first};
use crate::check::Report;
use crate::lint::{Finding, Severity};
use crate::report::counted::counted;
use crate::report::repository::{message, placed};
use crate::report::{Layout, visible};

/// How many annotations of one severity a step shows.
const SHOWN: usize = 10;

/// The format.
pub(super) struct Github;

impl FindingsReporter for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn summary(&self) -> &'static str {
        "workflow commands, shown by GitHub Actions beside the lines of a change"
    }

    fn has_summary(&self) -> bool {
        false
    }

    fn write(&self, report: &Report, layout: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        let repository = layout.repository.as_ref();
        // What could not be read comes first: a check of half of the files proves nothing.
        let unread = report.errors.len().min(SHOWN);
        for error in &report.errors[..unread] {
            write!(out, "::error file={}", Property(&placed(repository, &error.path)))?;
            if let Some(line) = error.line {
                write!(out, ",line={line}")?;
            }
            if let Some(column) = error.column {
                write!(out, ",col={column}")?;
            }
            writeln!(out, ",title=unreadable::{}", Data(&visible::line(&error.message)))?;
        }
        let mut room = [SHOWN - unread, SHOWN, SHOWN];
        let mut others = Vec::new();
        for finding in worst_first(report) {
            let (command, room) = match finding.severity {
                Severity::Error => ("error", &mut room[0]),
                Severity::Warning => ("warning", &mut room[1]),
                Severity::Info => ("notice", &mut room[2]),
            };
            if *room == 0 {
                others.push(finding);
                continue;
            }
            *room -= 1;
            let location = &finding.primary.location;
            writeln!(
                out,
                "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}",
                Property(&placed(repository, &location.path)),
                location.start.line,
                location.start.column,
                location.end.line,
                location.end.column,
                finding.rule,
                Data(&text(finding, &message(repository, finding))),
            )?;
        }
        let unsaid = &report.errors[unread..];
        let left = others.len() + unsaid.len();
        if left > 0 {
            writeln!(out, "{} more in the log:", counted(left as u64, "finding", "findings"))?;
        }
        for error in unsaid {
            writeln!(out, "{}", visible::line_start(&error.to_string()))?;
        }
        let palette = layout.palette();
        others.into_iter().try_for_each(|finding| concise::write_line(finding, palette, out))
    }
}

/// What the annotation says: the `message`, the passage, the advice.
fn text(finding: &Finding, message: &str) -> String {
    let mut text = visible::line(message).into_owned();
    let excerpt = finding.excerpt();
    if !excerpt.is_empty() {
        text.push_str("\n\u{201c}");
        text.push_str(&visible::line(&excerpt));
        text.push('\u{201d}');
    }
    if !finding.help.is_empty() {
        text.push('\n');
        text.push_str(finding.help);
    }
    text
}

/// What stands behind `::`, escaped as the runner reads it back.
struct Data<'a>(&'a str);

/// The value of a property, in which `:` and `,` are escaped too.
struct Property<'a>(&'a str);

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, "%\r\n", f)
    }
}

impl fmt::Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(&visible::line(self.0), "%\r\n:,", f)
    }
}

fn escape(text: &str, special: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.chars().try_for_each(|c| match c {
        c if special.contains(c) => write!(f, "%{:02X}", u32::from(c)),
        c => write!(f, "{c}"),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::super::sample::{hostile, place, repeat, report, written};
    use super::*;
    use crate::error::ReadError;
    use crate::report::Repository;

    type Pairs = Vec<(String, String)>;

    /// A command as the runner takes it apart: name, properties, message.
    fn obeyed(line: &str) -> Option<(String, Pairs, String)> {
        let (head, message) = line.strip_prefix("::")?.split_once("::")?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let back = |text: &str| {
            let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
            text.replace("%25", "%")
        };
        let pairs = properties.split(',').filter_map(|pair| pair.split_once('='));
        Some((
            name.to_owned(),
            pairs.map(|(key, value)| (key.to_owned(), back(value))).collect(),
            back(message),
        ))
    }

    #[test]
    fn a_finding_is_a_command() {
        let finding = repeat(place("a, 100%:b.txt", 30, "one\n two"), place("a.txt", 12, "x"), None);
        let layout = Layout {
            repository: Repository::new(Path::new("/srv/site"), Path::new("/srv/site/docs")),
            ..Layout::default()
        };
        let mut out = Vec::new();
        Github.write(&report(vec![finding]), &layout, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "::error file=docs/a%2C 100%25%3Ab.txt,line=30,col=1,endLine=30,endColumn=9,\
             title=repeated-paragraph::paragraph repeats a.txt:12%0A\u{201c}one two\u{201d}%0Aremove this \
             copy, or rewrite it if both are meant\n"
        );
    }

    #[test]
    fn hostile_text_gives_no_further_command() {
        let mut report = hostile();
        report.findings[0].message.push_str(&"%0A::error::long\r\n".repeat(6000));
        let output = written(&Github, &report, 80);
        let commands: Vec<_> = output.lines().map(|line| obeyed(line).unwrap()).collect();
        assert_eq!(commands.len(), 2);
        assert_eq!(commands[0].1[0], ("file".to_owned(), "::b\\x1b[1m".to_owned()));
        assert_eq!(commands[0].2, "bad \\x1b[1m bytes");
        let (name, properties, message) = &commands[1];
        assert_eq!(name, "error");
        assert_eq!(properties[0].1, "::warning::\\x1b]0;title\\x07.txt\\nx");
        assert_eq!(properties.len(), 6);
        assert_eq!(message.lines().count(), 3);
        assert!(message.contains("%0A::error::long\\r\\n"));
    }

    #[test]
    fn ten_of_a_kind_are_commands_and_the_rest_is_in_the_log() {
        let mut findings = Vec::new();
        for severity in [Severity::Info, Severity::Warning, Severity::Error] {
            for line in 1..=12 {
                let mut finding = repeat(place("::a.txt", line, "x"), place("a.txt", 12, "x"), None);
                finding.severity = severity;
                findings.push(finding);
            }
        }
        let mut report = report(findings);
        report.errors.push(ReadError::new(&Arc::from("c.gz"), "is damaged"));
        let output = written(&Github, &report, 80);
        let lines: Vec<&str> = output.lines().collect();
        let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
        assert_eq!((count("::error"), count("::warning"), count("::notice")), (10, 10, 10));
        assert_eq!(lines[0], "::error file=c.gz,title=unreadable::is damaged");
        assert!(lines[1].contains("line=1,"));
        assert_eq!(lines[30], "7 findings more in the log:");
        assert_eq!(lines[31], "\\x3a:a.txt:10:1: error[repeated-paragraph] paragraph repeats a.txt:12");
        assert_eq!(lines.len(), 38);
    }

    #[test]
    fn nothing_found_is_nothing_said() {
        assert_eq!(written(&Github, &report(vec![]), 80), "");
    }
}
