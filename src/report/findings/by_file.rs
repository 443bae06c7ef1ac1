//! What a report says of each file, for the formats that tell file by file.

use std::collections::BTreeMap;

use crate::check::Report;
use crate::error::ReadError;
use crate::lint::{Finding, Severity};

/// One file and what there is to say of it.
pub(super) struct File<'a> {
    pub path: &'a str,
    /// In the order of the report.
    pub findings: Vec<&'a Finding>,
    /// What of it could not be read.
    pub errors: Vec<&'a ReadError>,
}

/// Returns the files that a report says something of: those with findings in the order of the first of
/// each, then those that only could not be read.
pub(super) fn by_file(report: &Report) -> Vec<File<'_>> {
    let mut files = Vec::new();
    let mut known = BTreeMap::new();
    for finding in &report.findings {
        file(&finding.primary.location.path, &mut files, &mut known).findings.push(finding);
    }
    for error in &report.errors {
        file(&error.path, &mut files, &mut known).errors.push(error);
    }
    files
}

/// The file with this path, added where it is new.
fn file<'f, 'a>(
    path: &'a str,
    files: &'f mut Vec<File<'a>>,
    known: &mut BTreeMap<&'a str, usize>,
) -> &'f mut File<'a> {
    let index = *known.entry(path).or_insert(files.len());
    if index == files.len() {
        files.push(File { path, findings: Vec::new(), errors: Vec::new() });
    }
    &mut files[index]
}

/// Leaves the worst `most` findings, those of one severity in their order, and returns how many are gone.
pub(super) fn keep_worst(files: &mut [File<'_>], most: usize) -> usize {
    let count = |files: &[File<'_>], severity: Severity| -> usize {
        files.iter().flat_map(|file| &file.findings).filter(|finding| finding.severity == severity).count()
    };
    let mut room = most;
    let mut gone = 0;
    for severity in Severity::ALL {
        let there = count(files, severity);
        let mut kept = there.min(room);
        room -= kept;
        gone += there - kept;
        for file in &mut *files {
            file.findings.retain(|finding| {
                let keep = finding.severity != severity || kept > 0;
                kept -= usize::from(keep && finding.severity == severity);
                keep
            });
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::sample::{place, repeat, report};
    use super::*;

    #[test]
    fn files_come_in_the_order_of_their_first_finding() {
        let finding = |path| repeat(place(path, 30, "x"), place(path, 12, "x"), None);
        let mut report = report(vec![finding("b"), finding("a"), finding("b")]);
        report.errors.push(ReadError::new(&Arc::from("c"), "is damaged"));
        report.errors.push(ReadError::new(&Arc::from("a"), "is damaged"));
        let files: Vec<_> =
            by_file(&report).iter().map(|file| (file.path, file.findings.len(), file.errors.len())).collect();
        assert_eq!(files, [("b", 2, 0), ("a", 1, 1), ("c", 0, 1)]);
    }
}
