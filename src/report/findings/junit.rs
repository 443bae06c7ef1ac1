//! `junit`: the XML of JUnit, which Jenkins, GitLab and others show as test results.
//!
//! A file is a suite, for a file is what gets mended: GitLab heads its table with the suite and links the
//! file, Jenkins groups by the class, which is the path again. Both know a test again by its name, so the
//! name holds the rule and the passage's beginning and no line; where two are the same they are numbered.
//! Without findings there is one test, which passes.

use std::collections::BTreeMap;
use std::io;

use super::FindingsReporter;
use super::by_file::{File, by_file};
use crate::check::Report;
use crate::error::ReadError;
use crate::lint::Finding;
use crate::report::Layout;
use crate::report::xml::{Text, prolog};

/// How many characters of the passage a test's name holds.
const NAME: usize = 60;

/// The format.
pub(super) struct Junit;

impl FindingsReporter for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn summary(&self) -> &'static str {
        "JUnit XML, for the test reports of Jenkins, GitLab and others"
    }

    fn has_summary(&self) -> bool {
        false
    }

    fn write(&self, report: &Report, _: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        let files = by_file(report);
        prolog(out)?;
        let (failures, errors) = (report.findings.len(), report.errors.len());
        let tests = (failures + errors).max(1);
        writeln!(
            out,
            "<testsuites name=\"copydesk\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
        )?;
        if files.is_empty() {
            writeln!(out, "  <testsuite name=\"copydesk\" tests=\"1\" failures=\"0\" errors=\"0\">")?;
            writeln!(out, "    <testcase name=\"no findings\" classname=\"copydesk\"/>")?;
            writeln!(out, "  </testsuite>")?;
        }
        files.iter().try_for_each(|file| suite(file, out))?;
        writeln!(out, "</testsuites>")
    }
}

fn suite(file: &File<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let (failures, errors) = (file.findings.len(), file.errors.len());
    let path = Text(file.path);
    writeln!(
        out,
        "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\">",
        failures + errors
    )?;
    let mut names = BTreeMap::new();
    let mut case = |name: String, out: &mut dyn io::Write| {
        let number: &mut u32 = names.entry(name.clone()).or_default();
        *number += 1;
        let name = if *number == 1 { name } else { format!("{name} ({number})") };
        writeln!(out, "    <testcase name=\"{}\" classname=\"{path}\" file=\"{path}\">", Text(&name))
    };
    for error in &file.errors {
        case("unreadable".to_owned(), out)?;
        let message = Text(&error.message);
        let place = ReadError { message: String::new(), ..(*error).clone() }.to_string();
        let place = Text(place.trim_end_matches(": "));
        writeln!(out, "      <error message=\"{message}\" type=\"unreadable\">{place}</error>")?;
        writeln!(out, "    </testcase>")?;
    }
    for finding in &file.findings {
        case(name(finding), out)?;
        failure(finding, out)?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// `repeated-paragraph: Ferry traffic resumed at noon, the…`
fn name(finding: &Finding) -> String {
    let excerpt = finding.excerpt();
    if excerpt.is_empty() {
        return finding.rule.to_owned();
    }
    let cut = excerpt.char_indices().nth(NAME).map(|(at, _)| at);
    let shown = cut.map_or(excerpt.clone(), |at| format!("{}\u{2026}", excerpt[..at].trim_end()));
    format!("{}: {shown}", finding.rule)
}

/// The message, and as text where it stands, what stands there, and what it has to do with which place.
fn failure(finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
    let message = Text(&finding.message);
    writeln!(out, "      <failure message=\"{message}\" type=\"{}\">", finding.severity)?;
    let start = finding.primary.location.start;
    let path = &finding.primary.location.path;
    writeln!(out, "{}", Text(&format!("{path}:{}:{}: {}", start.line, start.column, finding.message)))?;
    if !finding.primary.text.is_empty() {
        writeln!(out)?;
    }
    for line in finding.primary.text.lines() {
        writeln!(out, "{}", Text(line))?;
    }
    if !finding.related.is_empty() {
        writeln!(out)?;
    }
    for label in &finding.related {
        writeln!(out, "{}", Text(&format!("{}: {}", label.message, label.place.named())))?;
    }
    if !finding.help.is_empty() {
        writeln!(out, "help: {}", Text(finding.help))?;
    }
    writeln!(out, "      </failure>")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{elements, hostile, place, repeat, report, written};
    use super::*;

    #[test]
    fn a_file_is_a_suite_and_a_finding_a_failure() {
        let text = format!("one\ntwo {}", "long ".repeat(20));
        let finding = |path, line| repeat(place(path, line, &text), place("a.txt", 12, "x"), None);
        let report = report(vec![finding("a.txt", 30), finding("a.txt", 40), finding("b.txt", 1)]);
        let elements = elements(&written(&Junit, &report, 80));
        let of = |name: &str| elements.iter().filter(|element| element.name == name).collect::<Vec<_>>();
        assert_eq!(elements[0].attributes["failures"], "3");
        let suites = of("testsuite");
        assert_eq!((suites.len(), &*suites[0].attributes["tests"]), (2, "2"));
        let cases = of("testcase");
        let name =
            "repeated-paragraph: one two long long long long long long long long long long long\u{2026}";
        assert!(cases[0].attributes["name"].starts_with(&name[..40]), "{}", cases[0].attributes["name"]);
        assert_eq!(cases[1].attributes["name"], format!("{} (2)", cases[0].attributes["name"]));
        assert_eq!(cases[2].attributes["classname"], "b.txt");
        let failure = of("failure")[0];
        assert_eq!(failure.attributes["message"], "paragraph repeats a.txt:12");
        assert_eq!(failure.attributes["type"], "error");
        assert!(
            failure.text.contains("a.txt:30:1: paragraph repeats a.txt:12\n\none\ntwo long"),
            "{}",
            failure.text
        );
        assert!(failure.text.contains("\nfirst seen here: a.txt:12\nhelp: remove"), "{}", failure.text);
    }

    #[test]
    fn hostile_text_comes_back_from_a_parser() {
        let mut report = hostile();
        report.findings[0].primary.text = format!("a ]]> b\n::error::c\0\n{}", "long ".repeat(20_000));
        let elements = elements(&written(&Junit, &report, 80));
        let failure = elements.iter().find(|element| element.name == "failure").unwrap();
        assert!(
            failure.text.contains("\na ]]> b\n\\x3a:error::c\\x00\nlong long"),
            "{}",
            &failure.text[..200]
        );
        assert!(failure.text.len() > 100_000);
        let error = elements.iter().find(|element| element.name == "error").unwrap();
        assert_eq!(error.attributes["message"], "bad \\x1b[1m bytes");
        assert_eq!(error.text, "\\x3a:b\\x1b[1m:3:1");
    }

    #[test]
    fn nothing_found_is_one_test_that_passes() {
        let elements = elements(&written(&Junit, &report(vec![]), 80));
        let names: Vec<&str> = elements.iter().map(|element| &*element.name).collect();
        assert_eq!(names, ["testsuites", "testsuite", "testcase"]);
        assert_eq!(elements[0].attributes["tests"], "1");
    }
}
