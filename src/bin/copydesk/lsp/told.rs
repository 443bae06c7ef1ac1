//! Findings in the words of the protocol: diagnostics, quick fixes, hovers.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use copydesk::document::Location;
use copydesk::lint::{Finding, Severity, Suggestion};
use copydesk::report::visible;
use serde_json::{Value, json};

use super::address;
use super::text::{Text, Units};

/// The largest file that is read to tell where in it a related place stands, in bytes; in a larger one the
/// line tells.
const LARGEST: u64 = 64 << 20;

/// A finding and where it stands in the document that is open.
#[derive(Clone, Debug)]
pub struct Told {
    /// The finding, with the places of the text that was checked.
    pub finding: Finding,
    /// Its bytes of the text that is open.
    pub range: Range<usize>,
    /// What stood there.
    pub passage: Arc<str>,
    /// Whether it is about other documents too: then it is found when the document is saved.
    pub beyond: bool,
}

impl Told {
    /// Returns the finding as it stands in `text`, which was checked.
    pub fn new(finding: Finding, text: &Text) -> Self {
        let range = bytes(&finding.primary.location, text);
        let passage = Arc::from(&text.text[range.clone()]);
        let own = &finding.primary.location.path;
        let beyond = finding.related.iter().any(|label| label.place.location.path != *own);
        Self { finding, range, passage, beyond }
    }

    /// Finds the passage again in `text`, which was changed since: the copy that is nearest to where it stood.
    pub fn moved(mut self, text: &Text) -> Option<Self> {
        let length = self.passage.len();
        let stands = text.text.get(self.range.clone()) == Some(&*self.passage);
        if !stands {
            let found = text.text.match_indices(&*self.passage).map(|(at, _)| at);
            let at = found.min_by_key(|at| at.abs_diff(self.range.start)).filter(|_| length > 0)?;
            self.range = at..at + length;
        }
        Some(self)
    }

    /// Returns the finding as a diagnostic.
    pub fn diagnostic(&self, text: &Text, uri: &str, units: Units) -> Value {
        let Finding { rule, severity, message, related, fingerprint, help, .. } = &self.finding;
        let severity = match severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Info => 3,
        };
        let own = &self.finding.primary.location.path;
        let related: Vec<Value> = related
            .iter()
            .map(|label| {
                let location = &label.place.location;
                let place = if location.path == *own {
                    json!({"uri": uri, "range": text.range(&bytes(location, text), units)})
                } else {
                    elsewhere(location, units)
                };
                json!({"location": place, "message": visible::line(&label.message)})
            })
            .collect();
        let advice = if help.is_empty() { String::new() } else { format!("\n{help}") };
        json!({
            "range": text.range(&self.range, units),
            "severity": severity,
            "code": rule,
            "source": "copydesk",
            "message": format!("{}{advice}", visible::line(message)),
            "relatedInformation": related,
            "data": {"fingerprint": fingerprint.to_string()},
        })
    }

    /// Returns the change that mends it, as a quick fix; `None` where there is none that was tried on just
    /// this text.
    pub fn quick_fix(&self, text: &Text, uri: &str, units: Units) -> Option<Value> {
        let suggestion = self.finding.suggestion.as_ref()?;
        let stands = suggestion.basis.as_ref()?.stands_in(text.text.as_bytes());
        let edits = stands.then(|| edits(suggestion, text, units))?;
        Some(json!({
            "title": suggestion.title,
            "kind": "quickfix",
            "isPreferred": true,
            "diagnostics": [self.diagnostic(text, uri, units)],
            "edit": {"changes": {uri: edits}},
        }))
    }

    /// Returns what is shown over the passage: what is wrong, and the other copy.
    pub fn hover(&self) -> String {
        let mut out = format!("copydesk {}: {}", self.finding.rule, visible::line(&self.finding.message));
        for label in &self.finding.related {
            let Location { path, start, .. } = &label.place.location;
            let name =
                Path::new(&**path).file_name().map_or(path.as_ref().into(), |name| name.to_string_lossy());
            let name = visible::line(&name).into_owned();
            out.push_str(&format!("\n\n{}, {name} line {}:", label.message, start.line));
            for line in label.place.text.lines() {
                out.push('\n');
                out.push_str(&visible::line(line));
            }
        }
        if let Some(likeness) = &self.finding.likeness {
            out.push_str(&format!("\n\n({})", likeness.why()));
        }
        out
    }
}

/// The bytes of `text`, which was checked, that `location` names.
fn bytes(location: &Location, text: &Text) -> Range<usize> {
    let place = |byte: u64| {
        let mut at = usize::try_from(byte).unwrap_or(usize::MAX).min(text.text.len());
        while !text.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (place(location.start.byte), place(location.end.byte));
    start..end.max(start)
}

/// A place in another file.
fn elsewhere(location: &Location, units: Units) -> Value {
    let path = Path::new(&*location.path);
    let small = std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= LARGEST);
    let read = small.then(|| std::fs::read(path).ok()).flatten();
    let text = read.and_then(|bytes| String::from_utf8(bytes).ok()).map(Text::new);
    let range = match text {
        Some(text) => text.range(&bytes(location, &text), units),
        // The columns are those of a file in one unit a character.
        None => {
            let place = |line: u64, column: u64| json!({"line": line.saturating_sub(1), "character": column.saturating_sub(1)});
            let (start, end) = (location.start, location.end);
            json!({"start": place(start.line, start.column), "end": place(end.line, end.column)})
        }
    };
    json!({"uri": address::uri(path), "range": range})
}

fn edits(suggestion: &Suggestion, text: &Text, units: Units) -> Vec<Value> {
    let place = |byte: u64| text.position(usize::try_from(byte).unwrap_or(usize::MAX), units);
    let edit = |replacement: &copydesk::lint::Replacement| {
        let range = json!({"start": place(replacement.start.byte), "end": place(replacement.end.byte)});
        json!({"range": range, "newText": String::from_utf8_lossy(&replacement.stored)})
    };
    suggestion.replacements.iter().map(edit).collect()
}
