//! Is that bad, how bad, and in which words?
//!
//! Rules are policy over facts. Some look at one [`Document`] at a time ([`Rule::document`]); the rules
//! about repeats put a [`Told`] passage, chosen by [`fold`], into words. Either way a [`Finding`] comes
//! out. A new rule is one file under [`rules`] and one line in [`RULES`].
//!
//! What keeps a passage quiet is in [`suppress`], [`allow`] and [`baseline`]; [`standing`] puts them
//! together, [`scope`] and [`added`] narrow what is compared and told.

pub mod added;
pub mod allow;
pub mod baseline;
pub mod finding;
mod flag;
pub mod fold;
pub mod passages;
pub mod rules;
pub mod scope;
pub mod selection;
pub mod standing;
pub mod suppress;

pub use finding::{
    Basis, Finding, FindingKey, Inside, Label, Likeness, Place, Replacement, Sameness, Severity, Suggestion,
};
pub use flag::{About, Flag, Mend};
pub use fold::{Telling, Told, Words};
pub use passages::{ToldPassage, passages};
pub use rules::RULES;
pub use selection::{Selection, nearest};

use crate::document::Document;
use crate::duplicates::Threshold;

/// One rule: its name, its default level, its documentation, and what it says.
pub trait Rule: Sync {
    /// Returns the rule's name, kebab-case, readable after the word "allow".
    fn name(&self) -> &'static str;

    /// Returns how bad it is unless the user says otherwise; `None` for a rule that is off.
    fn default_severity(&self) -> Option<Severity>;

    /// Returns what the rule says, in one line without a full stop.
    fn summary(&self) -> &'static str;

    /// Returns the rule's page in Markdown: what it finds, why that is bad, an example, how to set it.
    fn explanation(&self) -> &'static str;

    /// Returns which repeats the rule puts into words; `None` for rules about single documents.
    fn tells(&self) -> Option<Telling> {
        None
    }

    /// Puts one told repeat into words; asked only of the rule that [`Rule::tells`] its kind.
    fn words(&self, told: &Told<'_>) -> Words {
        let _ = told;
        Words { message: self.summary().to_owned(), related: "", help: "" }
    }

    /// Looks at one document by itself and adds a flag for each fault; for rules about single documents.
    fn document(&self, document: &Document, settings: &Settings, flags: &mut Vec<Flag>) {
        let _ = (document, settings, flags);
    }
}

/// What the rules need to know of the run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Blocks of fewer words are left out.
    pub min_words: u32,
    /// Which kinds of block count.
    pub counted: [bool; crate::document::BlockKind::ALL.len()],
    /// The profile under which passages are the same.
    pub profile: crate::fingerprint::Profile,
    /// What time it is, in seconds since 1970; `None` where nobody says, and no date is in the future.
    pub now: Option<i64>,
    /// From where on a paragraph is boilerplate.
    pub boilerplate: BoilerplateLimits,
    /// Sentences of fewer words are left out by `repeated-sentence`.
    pub sentence_words: u32,
    /// Titles of fewer words are left out by `same-title`.
    pub title_words: u32,
}

/// From where on a paragraph is boilerplate: both have to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoilerplateLimits {
    /// In how many documents, unlike otherwise.
    pub documents: u32,
    /// In what share of the documents that are compared.
    pub share: Threshold,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            min_words: 5,
            counted: crate::document::BlockKind::ALL.map(crate::document::BlockKind::counts),
            profile: crate::fingerprint::Profile::Standard,
            now: None,
            boilerplate: BoilerplateLimits { documents: 10, share: Threshold::percent(1) },
            sentence_words: 8,
            // Shorter ones are the names of columns (`Court report`).
            title_words: 4,
        }
    }
}

impl Settings {
    /// Returns whether blocks of `kind` count for repeats.
    #[must_use]
    pub const fn counts(&self, kind: crate::document::BlockKind) -> bool {
        self.counted[kind as usize]
    }
}

/// Returns the rule called `name`.
#[must_use]
pub fn rule_named(name: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.name() == name)
}
