//! `jsonl`: a finding a line, and as the last line the summary and what could not be read
//! (docs/json-schema/check-line.schema.json).

use std::io;

use super::FindingsReporter;
use super::schema::{Closing, FindingView};
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
        json::write_line(&Closing::new(report), out)
    }
}
