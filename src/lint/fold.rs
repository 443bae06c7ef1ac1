//! One fault, one finding: which rule tells which passage.
//!
//! Facts come first: groups of the same paragraph, groups of the same document. Suppressions and
//! baselines will act on those facts. Only then is each passage told once, by the most telling rule:
//! duplicate document, boilerplate, repeated paragraph, shared paragraph.

use std::collections::BTreeSet;

use super::finding::Place;
use crate::document::DocumentId;
use crate::duplicates::exact::{Catalogue, Facts, Spot};
use crate::fingerprint::Digest;

/// Which kind of repeat is told; ordered from the most telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Telling {
    /// A document that stands whole as another.
    DuplicateDocument,
    /// A paragraph in many documents that are otherwise unlike.
    Boilerplate,
    /// A paragraph that stands before in the same document.
    RepeatedParagraph,
    /// A paragraph that stands in another document.
    SharedParagraph,
}

/// A repeat with its places, to be put into words.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The copy.
    pub place: &'a Place,
    /// Where it first stood, or for boilerplate another of its places.
    pub first: &'a Place,
    /// How many documents hold it.
    pub documents: u32,
}

/// What a rule says of a repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The fact.
    pub message: String,
    /// What the related place is.
    pub related: &'static str,
    /// One line of advice.
    pub help: &'static str,
}

/// A repeat to be told, by its spots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Which kind.
    pub telling: Telling,
    /// The copy: the finding's place. For a document the spot of its first counted block.
    pub again: Spot,
    /// The related places: where it first stood; for boilerplate up to [`BOILERPLATE_PLACES`] others.
    pub related: Vec<Spot>,
    /// How many documents hold it.
    pub documents: u32,
    /// How many passages the group holds.
    pub group_size: u32,
    /// Digest of the paragraph, or of the document's paragraphs in order.
    pub digest: Digest,
}

/// How many other places a boilerplate finding names.
pub const BOILERPLATE_PLACES: usize = 3;
/// A paragraph in fewer documents is no boilerplate.
const BOILERPLATE_DOCUMENTS: u32 = 10;
/// … nor is one in fewer than one document in this many.
const BOILERPLATE_SHARE: u32 = 100;

/// What is told of the repeats, and which spots that covers.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// What is told, in the order of the spots.
    pub repeats: Vec<Repeat>,
    /// Every spot of a repeat that is told, so that a rule about sentences does not tell it again.
    told: BTreeSet<Spot>,
    /// Documents told as duplicates, sorted.
    duplicates: BTreeSet<DocumentId>,
}

impl Folded {
    /// Returns whether the paragraph at `spot` is told by a rule about repeats.
    #[must_use]
    pub fn tells(&self, spot: Spot) -> bool {
        self.duplicates.contains(&spot.document) || self.told.contains(&spot)
    }
}

/// Decides which repeat is told where, once each.
#[must_use]
pub fn fold(facts: &Facts, catalogue: &Catalogue) -> Folded {
    let mut folded = Folded::default();
    for group in &facts.documents {
        let first = catalogue.first(group.members.iter().copied());
        let mut articles = BTreeSet::from([catalogue.article(first)]);
        let (mut again, mut duplicates) = (Vec::new(), Vec::new());
        for &document in group.members.iter().filter(|&&d| d != first) {
            duplicates.push(document);
            // The same article under its own id: seen again, not a duplicate.
            if articles.insert(catalogue.article(document)) {
                again.push(document);
            }
        }
        folded.duplicates.extend(duplicates);
        let documents = again.len() as u32 + 1;
        for document in again {
            folded.repeats.push(Repeat {
                telling: Telling::DuplicateDocument,
                again: Spot { document, start: Spot::WHOLE },
                related: vec![Spot { document: first, start: Spot::WHOLE }],
                documents,
                group_size: documents,
                digest: group.digest,
            });
        }
    }
    for group in &facts.paragraphs {
        let members: Vec<Spot> = group
            .members
            .iter()
            .copied()
            .filter(|spot| !folded.duplicates.contains(&spot.document))
            .collect();
        fold_paragraph(group.digest, &members, catalogue, &mut folded);
    }
    folded.repeats.sort_by_key(|repeat| (repeat.again, repeat.telling));
    folded
}

/// Tells one group of the same paragraph; `members` in input order.
fn fold_paragraph(digest: Digest, members: &[Spot], catalogue: &Catalogue, folded: &mut Folded) {
    if members.len() < 2 {
        return;
    }
    // The first copy in each article: what later copies in the same document repeat.
    let mut articles = BTreeSet::new();
    let mut heads: Vec<Spot> = Vec::new();
    let mut repeated: Vec<(Spot, Spot)> = Vec::new();
    let mut in_document: Option<Spot> = None;
    for &spot in members {
        match in_document {
            Some(head) if head.document == spot.document => repeated.push((spot, head)),
            _ => {
                in_document = Some(spot);
                if articles.insert(catalogue.article(spot.document)) {
                    heads.push(spot);
                }
            }
        }
    }
    let documents = heads.len() as u32;
    let share = catalogue.len().div_ceil(BOILERPLATE_SHARE);
    if documents >= BOILERPLATE_DOCUMENTS.max(share) {
        folded.told.extend(members);
        folded.repeats.push(Repeat {
            telling: Telling::Boilerplate,
            again: heads[0],
            related: heads[1..].iter().copied().take(BOILERPLATE_PLACES).collect(),
            documents,
            group_size: members.len() as u32,
            digest,
        });
        return;
    }
    let group_size = members.len() as u32;
    for (again, first) in repeated {
        folded.told.insert(again);
        folded.repeats.push(Repeat {
            telling: Telling::RepeatedParagraph,
            again,
            related: vec![first],
            documents,
            group_size,
            digest,
        });
    }
    let first = catalogue.first(heads.iter().map(|head| head.document));
    let Some(&first) = heads.iter().find(|head| head.document == first) else { return };
    for again in heads.into_iter().filter(|&head| head != first) {
        folded.told.insert(again);
        folded.repeats.push(Repeat {
            telling: Telling::SharedParagraph,
            again,
            related: vec![first],
            documents,
            group_size,
            digest,
        });
    }
}
