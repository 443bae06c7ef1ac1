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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::sample::{hostile, place, repeat, report, written};
    use super::*;

    #[test]
    fn the_object_is_the_contracts() {
        let finding = repeat(place("a.txt", 30, "one\n two"), place("a.txt", 12, "one two"), None);
        let value: Value = serde_json::from_str(&written(&Json, &report(vec![finding]), 80)).unwrap();
        assert_eq!(value["schema"], 1);
        assert_eq!(value["summary"]["errors"], 1);
        let start = json!({"byte": 3000, "line": 30, "column": 1});
        let end = json!({"byte": 3008, "line": 30, "column": 9});
        let expected = json!({
            "rule": "repeated-paragraph",
            "severity": "error",
            "message": "paragraph repeats a.txt:12",
            "location": {"path": "a.txt", "record": null, "field": null, "document": "a.txt", "paragraph": 2,
                         "start": start, "end": end},
            "related": [{"message": "first seen here", "location": {
                "path": "a.txt", "record": null, "field": null, "document": "a.txt", "paragraph": 2,
                "start": {"byte": 1200, "line": 12, "column": 1},
                "end": {"byte": 1207, "line": 12, "column": 8}}}],
            "similarity": {"overlap": 13, "union": 14, "measure": "jaccard"},
            "fingerprint": "07070707070707070707070707070707",
            "excerpt": "one two",
            "suggestion": {"title": "remove this repeat", "automatic": false,
                           "replacements": [{"start": start, "end": end, "text": ""}]},
        });
        assert_eq!(value["findings"], json!([expected]));
        assert_eq!(value["errors"], json!([]));
    }

    #[test]
    fn data_comes_back_as_it_was() {
        let report = hostile();
        let value: Value = serde_json::from_str(&written(&Json, &report, 80)).unwrap();
        assert_eq!(value["findings"][0]["location"]["path"], *report.findings[0].primary.location.path);
        assert_eq!(
            value["errors"][0],
            json!({"path": "::b\u{1b}[1m", "message": "bad \u{1b}[1m bytes", "line": 3, "column": 1})
        );
    }
}
