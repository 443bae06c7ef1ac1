//! One fault, one finding: which rule tells which passage.
//!
//! Facts come first: groups of the same paragraph, groups of the same document, and what is near an
//! earlier one. Suppressions and baselines will act on those facts. Only then is each passage told once, by the most telling rule:
//! duplicate document, near duplicate document, boilerplate, repeated paragraph, shared paragraph, and last
//! what only nearly repeats.

use std::collections::{BTreeMap, BTreeSet};

use super::BoilerplateLimits;
use super::finding::{Inside, Place};
use crate::document::DocumentId;
use crate::duplicates::Similarity;
use crate::duplicates::exact::{Catalogue, Facts, Spot};
use crate::duplicates::near::{NearFacts, NearRepeat};
use crate::fingerprint::Digest;

/// Which kind of repeat is told; ordered from the most telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Telling {
    /// A document that stands whole as another.
    DuplicateDocument,
    /// A document that is nearly another.
    NearDuplicateDocument,
    /// A paragraph in many documents that are otherwise unlike.
    Boilerplate,
    /// A paragraph that stands before in the same document.
    RepeatedParagraph,
    /// A paragraph that stands in another document.
    SharedParagraph,
    /// A paragraph that nearly stands before in the same document.
    NearRepeatedParagraph,
    /// A paragraph that nearly stands in another document.
    NearSharedParagraph,
    /// A run of words that stands in another document.
    CopiedPassage,
}

impl Telling {
    /// Returns whether the two passages are alike only nearly.
    #[must_use]
    pub const fn is_near(self) -> bool {
        matches!(self, Self::NearDuplicateDocument | Self::NearRepeatedParagraph | Self::NearSharedParagraph)
    }
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
    /// How much the two passages share, in 3-word runs.
    pub similarity: Similarity,
    /// Where the copy stands almost whole inside the other: how long each is.
    pub inside: Option<Inside>,
    /// How many words a copied passage has; 0 for other repeats.
    pub words: u32,
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
    /// Digest of the paragraph, or of the document's paragraphs in order; `None` for what is near only,
    /// which no other passage is the same as.
    pub digest: Option<Digest>,
}

/// How many other places a boilerplate finding names.
pub const BOILERPLATE_PLACES: usize = 3;

/// What is told of the repeats, and which spots that covers.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// What is told, in the order of the spots.
    pub repeats: Vec<Repeat>,
    /// Every spot of a repeat that is told, so that a rule about sentences does not tell it again.
    told: BTreeSet<Spot>,
    /// Documents told as duplicates, sorted.
    duplicates: BTreeSet<DocumentId>,
    /// For each document that is near an earlier one, the first of all those.
    near: BTreeMap<DocumentId, DocumentId>,
    /// For each document told to stand almost whole inside another, that one.
    inside: BTreeMap<DocumentId, DocumentId>,
    /// For each paragraph that stands more than once, the number of its group.
    groups: BTreeMap<Spot, u32>,
    /// The copies of these, the first of each group left out.
    copies: BTreeSet<Spot>,
}

impl Folded {
    /// Returns whether the paragraph at `spot` is told by a rule about repeats.
    #[must_use]
    pub fn tells(&self, spot: Spot) -> bool {
        self.duplicates.contains(&spot.document) || self.told.contains(&spot)
    }

    /// Returns whether the paragraph at `spot` is told, or is another copy of one that is.
    #[must_use]
    pub fn covers(&self, spot: Spot) -> bool {
        self.told.contains(&spot) || self.copies.contains(&spot)
    }

    /// Returns whether `document` is told as a duplicate, or is a copy of the same article.
    #[must_use]
    pub fn is_duplicate(&self, document: DocumentId) -> bool {
        self.duplicates.contains(&document)
    }

    /// Returns whether `inner` is told to stand almost whole inside `outer`.
    #[must_use]
    pub fn holds(&self, outer: DocumentId, inner: DocumentId) -> bool {
        self.inside.get(&inner) == Some(&outer)
    }

    /// Returns the first of the documents that `document` is near to; itself where it is near none.
    #[must_use]
    pub fn root(&self, document: DocumentId) -> DocumentId {
        self.near.get(&document).copied().unwrap_or(document)
    }
}

/// Decides which repeat is told where, once each.
///
/// With no `near` facts, near repeats are neither told nor counted as one.
#[must_use]
pub fn fold(
    facts: &Facts,
    near: Option<&NearFacts<'_>>,
    catalogue: &Catalogue,
    boilerplate: BoilerplateLimits,
) -> Folded {
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
                digest: Some(group.digest),
            });
        }
    }
    if let Some(near) = near {
        fold_near_documents(near, catalogue, &mut folded);
        fold_contained_documents(near, catalogue, &mut folded);
    }
    for (number, group) in (0..).zip(&facts.paragraphs) {
        let members: Vec<Spot> = group
            .members
            .iter()
            .copied()
            .filter(|spot| !folded.duplicates.contains(&spot.document))
            .collect();
        folded.groups.extend(members.iter().map(|&spot| (spot, number)));
        fold_paragraph(group.digest, &members, catalogue, boilerplate, &mut folded);
    }
    if let Some(near) = near {
        fold_near_paragraphs(near, catalogue, &mut folded);
    }
    folded.repeats.sort_by_key(|repeat| (repeat.again, repeat.telling));
    folded
}

/// Tells the documents that are near an earlier one of another article, each article once.
fn fold_near_documents(near: &NearFacts<'_>, catalogue: &Catalogue, folded: &mut Folded) {
    let article = |document| catalogue.article(document);
    let kept = |document| !folded.duplicates.contains(&document);
    let pairs = near.documents(kept, |first, again| {
        kept(first) && catalogue.same_scope(first, again) && article(first) != article(again)
    });
    // Versions of an article that is near another are seen again, not further duplicates.
    let mut told = BTreeSet::new();
    for pair in pairs {
        let (first, again) = (pair.first.document, pair.again.document);
        let root = folded.root(first);
        folded.near.insert(again, root);
        if article(again) != article(root) && told.insert((root, article(again))) {
            folded.repeats.push(near_repeat(Telling::NearDuplicateDocument, pair));
        }
    }
}

/// Tells the documents that stand almost whole inside another one of another article that they are not near,
/// each article once.
fn fold_contained_documents(near: &NearFacts<'_>, catalogue: &Catalogue, folded: &mut Folded) {
    let article = |document| catalogue.article(document);
    let kept = |document| !folded.duplicates.contains(&document);
    let asks = |inner| kept(inner) && !folded.near.contains_key(&inner);
    let apart = |inner, outer| {
        let unlike = folded.root(inner) != folded.root(outer);
        unlike && article(inner) != article(outer) && catalogue.same_scope(inner, outer)
    };
    let found = near.contained(asks, |inner, outer| kept(outer) && apart(inner, outer));
    let mut told = BTreeSet::new();
    for pair in found {
        let (outer, inner) = (pair.first.document, pair.again.document);
        folded.inside.insert(inner, outer);
        if told.insert((folded.root(outer), article(inner))) {
            folded.repeats.push(near_repeat(Telling::NearDuplicateDocument, pair));
        }
    }
}

/// Tells the paragraphs that are near an earlier one of the same document or, if the documents are not near
/// as a whole, of another article.
fn fold_near_paragraphs(near: &NearFacts<'_>, catalogue: &Catalogue, folded: &mut Folded) {
    let article = |spot: Spot| catalogue.article(spot.document);
    let asks = |spot: Spot| !folded.tells(spot) && !folded.copies.contains(&spot);
    let compares = |first: Spot, again: Spot| {
        if folded.duplicates.contains(&first.document)
            || !catalogue.same_scope(first.document, again.document)
        {
            return false;
        }
        let group = folded.groups.get(&first);
        let same = group.is_some() && group == folded.groups.get(&again);
        let apart = || {
            let (one, other) = (first.document, again.document);
            let inside = folded.holds(one, other) || folded.holds(other, one);
            article(first) != article(again) && folded.root(one) != folded.root(other) && !inside
        };
        !same && (first.document == again.document || apart())
    };
    for pair in near.paragraphs(asks, compares) {
        let telling = if pair.first.document == pair.again.document {
            folded.told.insert(pair.again);
            Telling::NearRepeatedParagraph
        } else {
            Telling::NearSharedParagraph
        };
        folded.repeats.push(near_repeat(telling, pair));
    }
}

/// A near repeat to be told.
fn near_repeat(telling: Telling, pair: NearRepeat) -> Repeat {
    let documents = 1 + u32::from(telling != Telling::NearRepeatedParagraph);
    Repeat { telling, again: pair.again, related: vec![pair.first], documents, group_size: 2, digest: None }
}

/// Tells one group of the same paragraph; `members` in input order.
fn fold_paragraph(
    digest: Digest,
    members: &[Spot],
    catalogue: &Catalogue,
    boilerplate: BoilerplateLimits,
    folded: &mut Folded,
) {
    if members.len() < 2 {
        return;
    }
    // The first copy in each article: what later copies in the same document repeat. Documents that are near
    // each other count once.
    let mut articles = BTreeSet::new();
    let mut roots = BTreeSet::new();
    let mut heads: Vec<Spot> = Vec::new();
    let mut repeated: Vec<(Spot, Spot)> = Vec::new();
    let mut in_document: Option<Spot> = None;
    for &spot in members {
        match in_document {
            Some(head) if head.document == spot.document => repeated.push((spot, head)),
            _ => {
                in_document = Some(spot);
                let root = folded.root(spot.document);
                let new_article = articles.insert(catalogue.article(spot.document));
                if roots.insert(catalogue.article(root)) && new_article {
                    heads.push(spot);
                }
            }
        }
    }
    let unlike = heads.len() as u32;
    let share = boilerplate.share.least(catalogue.population(members[0].document));
    if unlike >= boilerplate.documents.max(share) {
        folded.told.extend(members);
        folded.repeats.push(Repeat {
            telling: Telling::Boilerplate,
            again: heads[0],
            related: heads[1..].iter().copied().take(BOILERPLATE_PLACES).collect(),
            documents: unlike,
            group_size: members.len() as u32,
            digest: Some(digest),
        });
        return;
    }
    let documents = articles.len() as u32;
    let group_size = members.len() as u32;
    for (again, first) in repeated {
        folded.told.insert(again);
        folded.repeats.push(Repeat {
            telling: Telling::RepeatedParagraph,
            again,
            related: vec![first],
            documents,
            group_size,
            digest: Some(digest),
        });
    }
    let first = catalogue.first(heads.iter().map(|head| head.document));
    let Some(&first) = heads.iter().find(|head| head.document == first) else { return };
    folded.copies.extend(members.iter().copied().filter(|&spot| spot != first));
    let inside = |head: Spot| {
        folded.holds(first.document, head.document) || folded.holds(head.document, first.document)
    };
    heads.retain(|&head| head != first && !inside(head));
    for again in heads {
        folded.told.insert(again);
        folded.repeats.push(Repeat {
            telling: Telling::SharedParagraph,
            again,
            related: vec![first],
            documents,
            group_size,
            digest: Some(digest),
        });
    }
}
