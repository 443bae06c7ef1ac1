//! `jsonl`: a finding a line, and as the last line the summary and what could not be read
//! (docs/json-schema/check-line.schema.json).

use std::io;

use super::FindingsReporter;
use super::schema::{Closing, FindingView, ItemView};
use crate::check::Report;
use crate::report::{Layout, json};

/// The format.
pub(super) struct Jsonl;

impl FindingsReporter for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn summary(&self) -> &'static str {
        "one JSON object a line: the findings, and the summary as the last line"
    }

    fn has_summary(&self) -> bool {
        true
    }

    fn write(&self, report: &Report, _: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in &report.findings {
            json::write_line(&FindingView::new(finding), out)?;
        }
        for item in report.items.iter().flatten() {
            json::write_line(&ItemView::line(item), out)?;
        }
        json::write_line(&Closing::new(report), out)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::sample::{place, repeat, report, written};
    use super::*;

    #[test]
    fn the_summary_is_the_last_line() {
        let finding = repeat(place("a.txt", 30, "x"), place("a.txt", 12, "x"), None);
        let output = written(&Jsonl, &report(vec![finding.clone(), finding]), 80);
        let lines: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1]["rule"], "repeated-paragraph");
        assert_eq!(lines[2]["summary"]["errors"], 2);
    }
}
