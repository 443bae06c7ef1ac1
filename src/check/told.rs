//! From facts and flags to findings: what is said of each.

use std::borrow::Cow;

use super::near;
use super::places::{self, Seen};
use crate::document::{DocumentId, TextRange};
use crate::duplicates::exact::Spot;
use crate::duplicates::{Similarity, Threshold};
use crate::fix::Mending;
use crate::lint::baseline::{self, GroupName, Kind};
use crate::lint::fold::{self, Folded, Repeat};
use crate::lint::{
    Finding, FindingKey, Flag, Label, Likeness, Mend, Replacement, Rule, Sameness, Severity, Suggestion, Told,
};

/// A finding, and what a baseline knows it by.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    /// Where it stands among all.
    pub spot: Spot,
    pub finding: Finding,
    /// The kind of its group.
    pub kind: Kind,
    /// The name of the passage that it is near to.
    pub other: Option<FindingKey>,
    pub is_near: bool,
}

impl Drawn {
    /// A finding that is no repeat of a paragraph or a document.
    pub const fn fault(spot: Spot, finding: Finding) -> Self {
        let kind = Cow::Borrowed(finding.rule);
        Self { spot, finding, kind, other: None, is_near: false }
    }

    /// What a baseline calls its group; `scope` names that of the file at a path. Faults are counted over all files.
    pub fn group(&self, scope: impl Fn(&str) -> Option<String>) -> GroupName {
        let name = GroupName::new(self.finding.fingerprint, self.kind.clone());
        match self.kind == baseline::PARAGRAPH || self.kind == baseline::DOCUMENT {
            true => name.within(scope(&self.finding.primary.location.path)),
            false => name,
        }
    }

    /// The finding told of the other side; `None` where that makes no sense.
    pub fn turned(mut self) -> Option<Self> {
        let finding = &mut self.finding;
        let first = finding.related.first_mut()?;
        match finding.rule {
            "repeated-sentence" => {
                finding.message = "sentence stands in a later paragraph too".to_owned();
                first.message = "stands again here".to_owned();
            }
            "duplicate-id" | "same-title" => {
                let number = |record: Option<u32>| format!("item {} ", record.unwrap_or(0));
                let (ours, theirs) = (finding.primary.location.record, first.place.location.record);
                finding.message = finding.message.replacen(&number(theirs), &number(ours), 1);
                first.message = "borne here too".to_owned();
            }
            "copied-passage" => {
                let (ours, theirs) = (finding.primary.named(), first.place.named());
                finding.message = finding.message.replacen(&theirs, &ours, 1);
            }
            _ => return None,
        }
        std::mem::swap(&mut finding.primary, &mut first.place);
        finding.suggestion = None;
        Some(self)
    }
}

/// One repeat as a finding; `None` where a place could not be read again (which is an error by itself), or
/// where two passages are less alike than the hashes of their words said.
pub(super) fn told(
    repeat: &Repeat,
    rule: &dyn Rule,
    severity: Severity,
    places: &places::Read,
    folded: &Folded,
    threshold: Threshold,
) -> Option<Drawn> {
    let near = repeat.telling.is_near();
    let seen = |spot| if near { places.near(spot) } else { places.spot(spot) };
    let again = seen(repeat.again)?;
    let related: Vec<&Seen> = repeat.related.iter().filter_map(|&spot| seen(spot)).collect();
    let first = related.first()?;
    let holds = || {
        let whole = repeat.telling == fold::Telling::NearDuplicateDocument;
        repeat
            .related
            .first()
            .is_some_and(|first| whole && folded.holds(first.document, repeat.again.document))
    };
    let likeness = if near && holds() {
        near::inside(first, again)?
    } else if near {
        near::likeness(first, again, threshold)?
    } else {
        let similarity = Similarity { overlap: again.shingles, union: again.shingles };
        Likeness { similarity, same: Some(again.same_as(first)), inside: None }
    };
    let words = rule.words(&Told {
        place: &again.place,
        first: &first.place,
        documents: repeat.documents,
        similarity: likeness.similarity,
        inside: likeness.inside,
        holds: false,
        words: 0,
    });
    let digest = repeat.digest.or_else(|| again.near.as_ref().map(|near| near.digest))?;
    let other = first.near.as_ref().map(|near| FindingKey::from(near.digest));
    let finding = Finding {
        rule: rule.name(),
        severity,
        message: words.message,
        likeness: Some(likeness),
        related: related
            .iter()
            .map(|seen| Label { message: words.related.to_owned(), place: seen.place.clone() })
            .collect(),
        primary: again.place.clone(),
        group_size: repeat.group_size,
        fingerprint: FindingKey::from(digest),
        help: words.help,
        suggestion: removal(repeat).and_then(|(document, mending)| places.mended(document, mending)),
    };
    let whole =
        matches!(repeat.telling, fold::Telling::DuplicateDocument | fold::Telling::NearDuplicateDocument);
    let kind = if whole { baseline::DOCUMENT } else { baseline::PARAGRAPH };
    Some(Drawn { spot: repeat.again, finding, kind, other, is_near: near })
}

/// The block that should go, if `repeat` is one within a document.
pub(super) fn removal(repeat: &Repeat) -> Option<(DocumentId, Mending)> {
    let Spot { document, start } = repeat.again;
    let range = TextRange::new(start, start);
    let repeats = repeat.telling == fold::Telling::RepeatedParagraph;
    repeats.then_some((document, Mending { range, mend: Mend::Block }))
}

/// One flag as a finding.
pub(super) fn flagged(spot: Spot, flag: &Flag, severity: Severity, places: &places::Read) -> Option<Drawn> {
    let seen = match flag.about {
        None => places.range(spot.document, flag.range)?,
        Some(about) => places.field(spot.document, about.field)?,
    };
    let first = flag.about.and_then(|about| {
        let (document, words) = about.first?;
        Some((places.field(document, about.field)?, words))
    });
    let related = flag.related.and_then(|(range, words)| Some((places.range(spot.document, range)?, words)));
    let likeness = related.map(|(first, _)| Likeness {
        similarity: Similarity { overlap: seen.shingles, union: seen.shingles },
        same: Some(seen.same_as(first)),
        inside: None,
    });
    let mended = flag.mend.clone().and_then(|mend| {
        let mending = Mending { range: flag.range, mend };
        places.mended(spot.document, mending)
    });
    let suggestion = flag.replacement.clone().map(|text| {
        let (title, end) = match text.is_empty() {
            true => ("cut it", seen.with_space),
            false => ("replace it", seen.place.location.end),
        };
        let start = seen.place.location.start;
        let replacements = vec![Replacement { start, end, text, stored: Vec::new() }];
        Suggestion { title: title.to_owned(), replacements, basis: None }
    });
    let finding = Finding {
        rule: flag.rule,
        severity,
        message: flag.message.clone(),
        likeness,
        related: related
            .iter()
            .chain(&first)
            .map(|(first, words)| Label { message: (*words).to_owned(), place: first.place.clone() })
            .collect(),
        primary: seen.place.clone(),
        group_size: 1,
        fingerprint: FindingKey::from(flag.key),
        help: flag.help,
        suggestion: mended.or(suggestion),
    };
    Some(Drawn::fault(spot, finding))
}

impl Seen {
    /// Says in what two passages of one normal form still differ.
    pub fn same_as(&self, other: &Self) -> Sameness {
        let [exact, spaced, cased] = [0, 1, 2].map(|form| self.forms[form] == other.forms[form]);
        match (exact, spaced, cased) {
            (true, ..) => Sameness::Identical,
            (_, true, _) => Sameness::Wrapping,
            (.., true) => Sameness::Case,
            _ => Sameness::Typography,
        }
    }
}
