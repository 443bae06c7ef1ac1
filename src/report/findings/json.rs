//! `json`: one object, schema version 1 (docs/json-schema/check.schema.json).

use std::io;

use super::FindingsReporter;
use super::schema::Whole;
use crate::check::Report;
use crate::report::{Layout, json};

/// The format.
pub(super) struct Json;

impl FindingsReporter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "one JSON object with everything (docs/json-schema/check.schema.json)"
    }

    fn has_summary(&self) -> bool {
        true
    }

    fn write(&self, report: &Report, _: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
        json::write_pretty(&Whole::new(report), out)
    }
}
