//! What does the user allow? The `[[allow]]` tables of `copydesk.toml`, and its lists of known boilerplate.
//!
//! An allowance names a passage by the fingerprint that a finding shows, or by its words. Words rather than
//! a regular expression: what is allowed is prose, full of dots, brackets and question marks, and it has to
//! stay allowed when it is re-wrapped. So a pattern is the passage as written, compared as passages are
//! compared, and `*` stands for any text.

use std::sync::Arc;

use super::FindingKey;
use crate::document::Position;
use crate::fingerprint::{Normalizer, Profile};
use crate::read::paths::PathGlobs;

/// One passage, or one kind of passage, that may repeat.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// Which passages.
    pub what: Allowed,
    /// Names of the rules that may not tell them; empty for all.
    pub rules: Vec<&'static str>,
    /// The files that it holds in; `None` for all.
    pub paths: Option<PathGlobs>,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub place: SettingPlace,
    /// Whether to tell when it allows nothing. A house's list of its known phrases may be longer than what
    /// one corpus holds.
    pub tell_unused: bool,
}

/// Which passages are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Those of findings with this fingerprint.
    Fingerprint(FindingKey),
    /// Those with these words.
    Pattern(PassagePattern),
}

/// Where a setting stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingPlace {
    /// The file's path, as printed.
    pub file: Arc<str>,
    /// The first character.
    pub start: Position,
    /// The place after the last.
    pub end: Position,
}

impl Allowance {
    /// Returns whether it holds for what the rule called `rule` tells.
    #[must_use]
    pub fn covers_rule(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.contains(&rule)
    }

    /// Returns whether it holds in the file at `path`, as given or walked.
    #[must_use]
    pub fn covers_path(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.hold(path))
    }
}

/// The words of a passage: the whole of it, `*` standing for any text or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassagePattern {
    written: String,
    /// Normal forms of what stands between the stars; at least one.
    pieces: Vec<String>,
}

impl PassagePattern {
    /// Returns the pattern `written` for passages in the normal form of `profile`; `None` where no letter
    /// or digit stands between its stars, so that it would match far too much.
    #[must_use]
    pub fn new(written: &str, profile: Profile) -> Option<Self> {
        if !written.contains(char::is_alphanumeric) {
            return None;
        }
        let normalizer = Normalizer::new(profile);
        let last = written.matches('*').count();
        let pieces = written.split('*').enumerate().map(|(number, piece)| {
            let mut form = String::new();
            normalizer.normalize(piece, &mut form);
            if profile == Profile::Verbatim {
                return form;
            }
            // A normal form has no space at its ends; beside a star there was one in the middle.
            let form = form.trim();
            let before = if number > 0 && piece.starts_with(char::is_whitespace) { " " } else { "" };
            let after = if number < last && piece.ends_with(char::is_whitespace) { " " } else { "" };
            if form.is_empty() { before.max(after).to_owned() } else { format!("{before}{form}{after}") }
        });
        Some(Self { written: written.to_owned(), pieces: pieces.collect() })
    }

    /// Returns the pattern as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Returns whether `form`, a passage's normal form under the pattern's profile, matches from its first
    /// character to its last.
    #[must_use]
    pub fn matches(&self, form: &str) -> bool {
        let [first, between @ .., last] = self.pieces.as_slice() else {
            return self.pieces.first().is_some_and(|only| only == form);
        };
        let Some(mut rest) =
            form.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        between.iter().all(|piece| match rest.find(piece.as_str()) {
            Some(at) => {
                rest = &rest[at + piece.len()..];
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, passage: &str) -> bool {
        let mut form = String::new();
        Normalizer::new(Profile::Standard).normalize(passage, &mut form);
        PassagePattern::new(pattern, Profile::Standard).unwrap().matches(&form)
    }

    #[test]
    fn a_pattern_is_the_whole_passage_as_passages_are_compared() {
        assert!(matches("Sign up for “The Tide”.", "sign up\nfor \"The  Tide\"."));
        assert!(!matches("Sign up", "Sign up for The Tide."));
        assert!(matches("Sign up*", "Sign up for The Tide."));
        assert!(matches("*tide.", "Sign up for The Tide."));
        assert!(matches(
            "(c) * Harbour News. All rights reserved.",
            "(c) 2026 Harbour News. All rights reserved."
        ));
        assert!(!matches("(c) * Harbour News.*", "(c) 2026 Quay News. All rights reserved."));
        assert!(matches("a * b * c", "a x b y c"));
        assert!(!matches("a * b", "a b"));
        assert!(!matches("ab*ba", "aba"));
        assert!(matches("Why (really)?", "Why (really)?"));
    }

    #[test]
    fn a_pattern_without_a_word_is_none() {
        assert_eq!(PassagePattern::new("*", Profile::Standard), None);
        assert_eq!(PassagePattern::new("", Profile::Standard), None);
        assert_eq!(PassagePattern::new("* . *", Profile::Standard), None);
    }

    #[test]
    fn verbatim_patterns_keep_their_spaces() {
        let pattern = PassagePattern::new("a  b* c", Profile::Verbatim).unwrap();
        assert!(pattern.matches("a  b, c") && !pattern.matches("a b, c"));
    }
}
