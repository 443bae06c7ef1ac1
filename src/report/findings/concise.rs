//! `concise`: a line for each finding, `path:line:column: severity[rule] message`.

use std::io;

use super::FindingsReporter;
use super::items::write_lines;
use crate::check::Report;
use crate::lint::Finding;
use crate::report::{Layout, Palette, visible};

/// The format.
pub(super) struct Concise;

impl FindingsReporter for Concise {
    fn name(&self) -> &'static str {
        "concise"
    }

    fn summary(&self) -> &'static str {
        "one line for each finding: path:line:column: severity[rule] message"
    }

    fn has_summary(&self) -> bool {
        false
    }

    fn write(&self, report: &Report, layout: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        let palette = layout.palette();
        report.findings.iter().try_for_each(|finding| write_line(finding, palette, out))?;
        write_lines(report, palette, out)
    }
}

/// Writes the line of one finding.
pub(super) fn write_line(finding: &Finding, palette: Palette, out: &mut dyn io::Write) -> io::Result<()> {
    let (faint, strong) = (palette.faint, palette.strong);
    let location = &finding.primary.location;
    let severity = palette.severity(finding.severity);
    writeln!(
        out,
        "{strong}{}{strong:#}{faint}:{faint:#}{}{faint}:{faint:#}{}{faint}:{faint:#} \
         {severity}{}[{}]{severity:#} {}",
        visible::line_start(&location.path),
        location.start.line,
        location.start.column,
        finding.severity,
        finding.rule,
        visible::line(&finding.message),
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample::{place, repeat, report, written};
    use super::*;

    #[test]
    fn a_finding_is_a_line() {
        let finding = repeat(place("a.txt", 30, "x"), place("a.txt", 12, "x"), None);
        assert_eq!(
            written(&Concise, &report(vec![finding]), 80),
            "a.txt:30:1: error[repeated-paragraph] paragraph repeats a.txt:12\n"
        );
    }
}
