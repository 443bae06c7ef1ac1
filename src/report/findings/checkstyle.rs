//! `checkstyle`: the XML of Checkstyle, which many CI services and editors read.

use std::io;

use super::FindingsReporter;
use super::by_file::by_file;
use crate::check::Report;
use crate::report::Layout;
use crate::report::xml::{Text, prolog};

/// The format.
pub(super) struct Checkstyle;

impl FindingsReporter for Checkstyle {
    fn name(&self) -> &'static str {
        "checkstyle"
    }

    fn summary(&self) -> &'static str {
        "Checkstyle XML, for CI services and editors"
    }

    fn has_summary(&self) -> bool {
        false
    }

    fn write(&self, report: &Report, _: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        prolog(out)?;
        writeln!(out, "<checkstyle version=\"8.0\">")?;
        for file in by_file(report) {
            writeln!(out, "  <file name=\"{}\">", Text(file.path))?;
            for error in file.errors {
                let (line, column) = (error.line.unwrap_or(1), error.column.unwrap_or(1));
                write!(out, "    <error line=\"{line}\" column=\"{column}\" severity=\"error\" ")?;
                writeln!(out, "message=\"{}\" source=\"copydesk.unreadable\"/>", Text(&error.message))?;
            }
            for finding in file.findings {
                let start = finding.primary.location.start;
                write!(out, "    <error line=\"{}\" column=\"{}\" ", start.line, start.column)?;
                write!(out, "severity=\"{}\" ", finding.severity)?;
                let message = Text(&finding.message);
                writeln!(out, "message=\"{message}\" source=\"copydesk.{}\"/>", finding.rule)?;
            }
            writeln!(out, "  </file>")?;
        }
        writeln!(out, "</checkstyle>")
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{elements, hostile, place, repeat, report, written};
    use super::*;

    #[test]
    fn a_finding_is_an_error_of_its_file() {
        let finding = repeat(place("a&b.txt", 30, "x"), place("a.txt", 12, "x"), None);
        assert_eq!(
            written(&Checkstyle, &report(vec![finding]), 80),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n  \
             <file name=\"a&amp;b.txt\">\n    <error line=\"30\" column=\"1\" severity=\"error\" \
             message=\"paragraph repeats a.txt:12\" source=\"copydesk.repeated-paragraph\"/>\n  </file>\n\
             </checkstyle>\n"
        );
        let none = written(&Checkstyle, &report(vec![]), 80);
        assert_eq!(elements(&none).len(), 1);
    }

    #[test]
    fn hostile_text_comes_back_from_a_parser() {
        let mut report = hostile();
        report.findings[0].message = format!("]]><script>&amp;\0\u{ffff}{}", "long ".repeat(20_000));
        let elements = elements(&written(&Checkstyle, &report, 80));
        let errors: Vec<_> = elements.iter().filter(|element| element.name == "error").collect();
        assert_eq!(errors.len(), 2);
        let message = &errors[0].attributes["message"];
        assert!(message.starts_with("]]><script>&amp;\\x00\\u{ffff}long long"), "{}", &message[..60]);
        assert!(message.len() > 100_000);
        assert_eq!(errors[1].attributes["message"], "bad \\x1b[1m bytes");
        assert_eq!(elements[1].attributes["name"], "\\x3a:warning::\\x1b]0;title\\x07.txt\\nx");
    }
}
