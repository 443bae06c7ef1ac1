//! What a rule says about a place: data, for every report to print.

use std::fmt;

use crate::document::{Location, Position};
use crate::duplicates::Similarity;
use crate::fingerprint::Digest;

/// How bad a finding is; ordered from the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably a fault.
    Warning,
    /// A fault.
    Error,
}

impl Severity {
    /// Every severity, from the worst.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// Returns the name in JSON and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Names the passage a finding is about, with no offsets, lines, paths or neighbours in it, so that a
/// baseline survives edits elsewhere. All copies of one passage share it, whichever rule tells them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingKey(pub [u8; 16]);

impl From<Digest> for FindingKey {
    fn from(digest: Digest) -> Self {
        let mut key = [0; 16];
        key.copy_from_slice(&digest.0[..16]);
        Self(key)
    }
}

impl FindingKey {
    /// Returns the key that a report shows as `text`: 32 hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let key = digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()?;
        Some(Self(key.to_be_bytes()))
    }
}

impl fmt::Display for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FindingKey({self})")
    }
}

/// A place in a stored file and the text that stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path, record, line, column, byte.
    pub location: Location,
    /// The passage as its reader sees it (markup left out, line breaks kept); a long one is cut at
    /// [`Place::LONGEST`] characters and ends in `…`.
    pub text: String,
    /// The document's title, for reports that name it.
    pub title: Option<String>,
    /// When the document was published, as its source writes it.
    pub published: Option<String>,
    /// For a place that an index remembers, and that this run did not read: the date the item bears, or when
    /// it was first seen.
    pub remembered: Option<String>,
}

impl Place {
    /// How many characters of a passage a finding carries.
    pub const LONGEST: usize = 1000;

    /// Returns how a message names the place: `news/pier.md:22`, for a record of a file its id too
    /// (`wire.jsonl:7 (H-204)`), and for what an index remembers the item and its date.
    #[must_use]
    pub fn named(&self) -> String {
        let Location { path, record, document, start, .. } = &self.location;
        if let Some(date) = &self.remembered {
            return format!("{document} of {date}");
        }
        match record {
            Some(_) if !document.starts_with(&**path) => format!("{path}:{} ({document})", start.line),
            _ => format!("{path}:{}", start.line),
        }
    }
}

/// A related place and what to say of it: `first seen here`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What the place has to do with the finding.
    pub message: String,
    /// The place.
    pub place: Place,
}

/// In what two passages of one normal form still differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// In nothing.
    Identical,
    /// In line breaks and spaces.
    Wrapping,
    /// In capitals, and maybe wrapping.
    Case,
    /// In quotation marks, dashes, ligatures and the like, and maybe case and wrapping.
    Typography,
}

impl Sameness {
    /// Returns the words for a report: `identical text`, `identical after ignoring …`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Identical => "identical text",
            Self::Wrapping => "identical after ignoring line breaks and spaces",
            Self::Case => "identical after ignoring case and line breaks",
            Self::Typography => "identical after ignoring typography, case and line breaks",
        }
    }
}

/// Why a finding says that two passages are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The shared part, in 3-word runs.
    pub similarity: Similarity,
    /// Where both have one normal form: in what they still differ.
    pub same: Option<Sameness>,
    /// Where the passage stands almost whole inside a longer one: how long each is.
    pub inside: Option<Inside>,
}

impl Likeness {
    /// Returns why the two count as alike, in words: `53 of 57 three-word runs shared`.
    #[must_use]
    pub fn why(&self) -> String {
        let Similarity { overlap, union } = self.similarity;
        match (self.same, self.inside) {
            (Some(same), _) => same.words().to_owned(),
            (None, Some(Inside { inner, outer })) => {
                format!("{overlap} of its {inner} three-word runs stand there, among {outer}")
            }
            (None, None) => format!("{overlap} of {union} three-word runs shared"),
        }
    }
}

/// How long a passage is that stands almost whole inside another, and how long that one is; in 3-word runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// Runs of the passage.
    pub inner: u32,
    /// Runs of the one that holds it.
    pub outer: u32,
}

/// One replacement of stored bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The first character replaced.
    pub start: Position,
    /// The place after the last.
    pub end: Position,
    /// What to put there, in document text.
    pub text: String,
    /// The same as it is stored, in the encoding and with the escapes of the file; empty where
    /// [`Suggestion::basis`] is `None`.
    pub stored: Vec<u8>,
}

/// The stored bytes that a change was worked out and tried on; with other bytes in their place it means
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Where they begin in the (decompressed) file.
    pub offset: u64,
    /// How many there are.
    pub length: u64,
    /// Their BLAKE3 digest.
    pub digest: [u8; 32],
}

/// A change that would mend the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What the change does: `remove this repeat`.
    pub title: String,
    /// The change.
    pub replacements: Vec<Replacement>,
    /// What it was tried on: then it can be made without looking. `None` for advice.
    pub basis: Option<Basis>,
}

/// What a rule says about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad it is in this run.
    pub severity: Severity,
    /// A fact and a place: `paragraph repeats news/pier.md:22`.
    pub message: String,
    /// The passage at fault.
    pub primary: Place,
    /// Other places that explain it; for a repeat, where it first stood.
    pub related: Vec<Label>,
    /// Why two passages count as alike, where the rule is about that.
    pub likeness: Option<Likeness>,
    /// How many passages the group holds that this finding belongs to, itself and the first counted;
    /// 1 for a finding by itself.
    pub group_size: u32,
    /// The key for baselines and allowances.
    pub fingerprint: FindingKey,
    /// One line of advice.
    pub help: &'static str,
    /// A change that would mend it.
    pub suggestion: Option<Suggestion>,
}

impl Finding {
    /// How many characters of the passage [`Finding::excerpt`] gives.
    pub const EXCERPT: usize = 160;

    /// Returns the beginning of the passage on one line, for reports that show one line of it.
    #[must_use]
    pub fn excerpt(&self) -> String {
        excerpt(&self.primary.text, Self::EXCERPT)
    }
}

/// Returns the beginning of `text` on one line, at most `room` characters and a sign that they are not all.
fn excerpt(text: &str, mut room: usize) -> String {
    let mut out = String::with_capacity(text.len().min(room + '…'.len_utf8()));
    for (number, word) in text.split_whitespace().enumerate() {
        let space = usize::from(number > 0);
        if room < space {
            out.push('…');
            return out;
        }
        out.push_str(if number > 0 { " " } else { "" });
        room -= space;
        let long = if word.len() > room { word.char_indices().nth(room) } else { None };
        if let Some((end, _)) = long {
            out.push_str(&word[..end]);
            out.push('…');
            return out;
        }
        out.push_str(word);
        room -= word.chars().count();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_cut_at_its_length() {
        for text in ["", "one", " one  two\nthree ", "caf\u{e9} \u{5317}\u{4eac} d", "a b c d e f"] {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for room in 0..20 {
                let cut: String = line.chars().take(room).collect();
                let expected = if cut == line { cut } else { format!("{cut}\u{2026}") };
                assert_eq!(excerpt(text, room), expected, "{text:?} {room}");
            }
        }
    }
}
