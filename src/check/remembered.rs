//! A repeat of what an index remembers: how it stands to comments and baselines, and how it is told.

use std::sync::Arc;

use super::places::Seen;
use crate::document::{Location, Position};
use crate::duplicates::exact::Spot;
use crate::duplicates::join::Counts;
use crate::fingerprint::Digest;
use crate::index::Older;
use crate::lint::baseline::{Baseline, DOCUMENT, GroupName, Kind, PARAGRAPH};
use crate::lint::standing::{Cause, Standing};
use crate::lint::suppress::Leave;
use crate::lint::{
    Finding, FindingKey, Inside, Label, Likeness, Place, RULES, Rule, Severity, Telling, Told,
};

/// A repeat of what the index remembers.
pub(super) struct Remembered<'a> {
    pub spot: Spot,
    pub telling: Telling,
    pub older: &'a Older,
    /// In how many items it stands.
    pub documents: u32,
    pub digest: Digest,
    pub likeness: Option<Counts>,
    pub kin: Kin,
    /// Whether it has left the comparison.
    pub has_left: bool,
}

/// What two documents are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kin {
    Alike,
    /// It stands in the older one.
    Inside,
    /// The older one stands in it.
    Holds,
}

/// How a repeat stands to what the user keeps quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    Told,
    /// A comment or an allowance keeps it quiet.
    Quiet(Cause),
    /// A baseline lets it through.
    Baselined,
    /// It is the copy that is never blamed.
    Canonical,
}

impl Remembered<'_> {
    /// Whether it is a paragraph that only nearly stood in an older item.
    pub fn is_nearly_shared(&self) -> bool {
        self.telling == Telling::NearSharedParagraph
    }

    /// The kind of its group, as a baseline knows it.
    pub const fn kind(&self) -> Kind {
        match self.telling {
            Telling::DuplicateDocument | Telling::NearDuplicateDocument => DOCUMENT,
            _ => PARAGRAPH,
        }
    }

    /// How it stands to what the user keeps quiet; `path` is that of its file, `scope` names its scope.
    pub fn stands(
        &self,
        standing: &Standing,
        baseline: Option<&Baseline>,
        path: &str,
        scope: impl Fn(&str) -> Option<String>,
    ) -> Stands {
        let leave = match self.telling {
            _ if self.has_left => Leave::ACROSS,
            Telling::NearSharedParagraph => Leave::NEAR_ACROSS,
            _ => Leave::default(),
        };
        if let Some(cause) = standing.causes(self.spot, leave).next() {
            return Stands::Quiet(cause);
        }
        let name = || GroupName::new(FindingKey::from(self.digest), self.kind()).within(scope(path));
        let copies = (!self.telling.is_near()).then_some(self.documents);
        if standing.is_canonical(self.spot) {
            Stands::Canonical
        } else if baseline.is_some_and(|baseline| baseline.remembers(&name(), path, copies)) {
            Stands::Baselined
        } else {
            Stands::Told
        }
    }

    /// The rule that tells it.
    pub fn rule(&self) -> Option<&'static dyn Rule> {
        RULES.iter().copied().find(|rule| rule.tells() == Some(self.telling))
    }

    /// It as a finding; `seen` is its place in this run.
    pub fn finding(&self, rule: &dyn Rule, severity: Severity, seen: &Seen) -> Finding {
        let counts = self.likeness.unwrap_or(Counts {
            overlap: seen.shingles,
            left: seen.shingles,
            right: seen.shingles,
        });
        let whole = self.telling == Telling::DuplicateDocument;
        // A story that stands in a longer one shares less than that of all the runs of both.
        let inside = match self.kin {
            Kin::Alike => None,
            Kin::Inside => Some(Inside { inner: counts.left, outer: counts.right }),
            Kin::Holds => Some(Inside { inner: counts.right, outer: counts.left }),
        };
        let likeness = Likeness { similarity: counts.similarity(), same: None, inside };
        let place = self.place();
        let words = rule.words(&Told {
            place: &seen.place,
            first: &place,
            documents: self.documents,
            similarity: likeness.similarity,
            inside,
            holds: self.kin == Kin::Holds,
            words: 0,
        });
        Finding {
            rule: rule.name(),
            severity,
            message: words.message,
            primary: seen.place.clone(),
            related: vec![Label { message: words.related.to_owned(), place }],
            likeness: (!whole).then_some(likeness),
            group_size: self.documents,
            fingerprint: FindingKey::from(self.digest),
            help: words.help,
            suggestion: None,
        }
    }

    /// Where the older item stood when it was taken in.
    fn place(&self) -> Place {
        let Older { called, title, since, path, record, offset, .. } = self.older;
        let line = u64::from((*record).max(1));
        let position = Position { byte: *offset, line, column: 1 };
        Place {
            location: Location {
                path: Arc::from(path.as_str()),
                record: (*record > 0).then_some(*record),
                field: None,
                document: called.clone(),
                paragraph: None,
                start: position,
                end: position,
            },
            text: String::new(),
            title: title.clone(),
            published: Some(since.clone()),
            remembered: Some(since.clone()),
        }
    }
}
