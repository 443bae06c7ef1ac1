//! One fault, one finding: which rule tells which passage.
//!
//! Facts come first: groups of the same paragraph, groups of the same document, and what is near an
//! earlier one. What the user allowed leaves its groups and what a
//! baseline covers is not blamed ([`Standing`]). Only then is each passage told once, by the most telling rule:
//! duplicate document, near duplicate document, boilerplate, repeated paragraph, shared paragraph, and last
//! what only nearly repeats. Boilerplate is said of all documents at once, so a copy in one that holds it
//! twice is told as repeated beside it.

mod near;

use std::collections::{BTreeMap, BTreeSet};

use super::BoilerplateLimits;
use super::finding::{Inside, Place};
use super::standing::{Blame, Cause, Standing};
use super::suppress::Leave;
use crate::document::DocumentId;
use crate::duplicates::Similarity;
use crate::duplicates::exact::{Catalogue, DocumentGroup, Facts, Spot};
use crate::duplicates::near::NearFacts;
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
    /// Whether it is the other that stands almost whole inside the copy.
    pub holds: bool,
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
    /// What a comment or an allowance keeps quiet, and which.
    pub allowed: Vec<(Repeat, Cause)>,
    /// What a baseline covers.
    pub baselined: Vec<Repeat>,
    /// The comments and allowances that kept a passage out of a group that is one.
    pub used: BTreeSet<Cause>,
    /// Every spot of a repeat that is told, so that a rule about sentences does not tell it again.
    told: BTreeSet<Spot>,
    /// Documents told as duplicates, sorted.
    duplicates: BTreeSet<DocumentId>,
    /// Documents that would be, had they not left.
    left_duplicates: BTreeSet<DocumentId>,
    /// For each document that is near an earlier one, the first of all those.
    near: BTreeMap<DocumentId, DocumentId>,
    /// For each document told to stand almost whole inside another, that one.
    inside: BTreeMap<DocumentId, DocumentId>,
    /// For each paragraph that stands more than once, the number of its group.
    groups: BTreeMap<Spot, u32>,
    /// The copies of these, the first of each group left out.
    copies: BTreeSet<Spot>,
    /// The earlier of two near passages, where that one is blamed.
    turned: BTreeSet<Spot>,
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

    /// Returns each document of which others are duplicates, whether that is told or kept quiet, with those.
    #[must_use]
    pub fn copies_of_documents(&self) -> BTreeMap<DocumentId, Vec<DocumentId>> {
        let quiet = self.allowed.iter().map(|(repeat, _)| repeat);
        let all = self.repeats.iter().chain(quiet).chain(&self.baselined);
        let mut copies: BTreeMap<DocumentId, Vec<DocumentId>> = BTreeMap::new();
        for repeat in all.filter(|repeat| repeat.telling == Telling::DuplicateDocument) {
            if let Some(first) = repeat.related.first() {
                copies.entry(first.document).or_default().push(repeat.again.document);
            }
        }
        copies
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

    /// Tells `repeat`, if its copy may be blamed.
    fn tell(&mut self, repeat: Repeat, standing: &Standing) {
        let spot = repeat.again;
        let canonical = match repeat.telling {
            Telling::RepeatedParagraph => standing.is_canonical_within(spot),
            _ => standing.is_canonical(spot),
        };
        match standing.blame(spot, canonical) {
            Blame::Told => self.repeats.push(repeat),
            Blame::Baselined => self.baselined.push(repeat),
            Blame::Never => {}
        }
    }

    /// Notes what of `before` is not told because a member of its group has left. `gone` are those members.
    fn leave(&mut self, before: Vec<Repeat>, after: &[Repeat], gone: &[(Spot, Cause)]) {
        if before.is_empty() {
            return;
        }
        self.used.extend(gone.iter().map(|&(_, cause)| cause));
        let still: BTreeSet<Spot> = after.iter().map(|repeat| repeat.again).collect();
        let causes: BTreeMap<Spot, Cause> = gone.iter().rev().copied().collect();
        for repeat in before.into_iter().filter(|repeat| !still.contains(&repeat.again)) {
            let own = std::iter::once(&repeat.again).chain(&repeat.related).find_map(|spot| causes.get(spot));
            if let Some(&cause) = own.or(gone.first().map(|(_, cause)| cause)) {
                self.allowed.push((repeat, cause));
            }
        }
    }
}

/// What decides who tells what, beside the facts.
struct Policy<'a> {
    catalogue: &'a Catalogue,
    boilerplate: BoilerplateLimits,
    standing: &'a Standing,
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
    standing: &Standing,
) -> Folded {
    let policy = Policy { catalogue, boilerplate, standing };
    let mut folded = Folded::default();
    for group in &facts.documents {
        policy.documents(group, &mut folded);
    }
    if let Some(near) = near {
        near::documents(near, &policy, &mut folded);
        near::contained(near, &policy, &mut folded);
    }
    for (number, group) in (0..).zip(&facts.paragraphs) {
        policy.note_duplicates(&group.members, &mut folded);
        // What a duplicate document was compared without may still repeat inside of it.
        let kept = group.members.iter().filter(|spot| {
            !folded.duplicates.contains(&spot.document) || standing.leaves_alone(**spot, Leave::ACROSS)
        });
        let members: Vec<Spot> = kept.copied().collect();
        folded.groups.extend(members.iter().map(|&spot| (spot, number)));
        policy.paragraph(group.digest, &members, &mut folded);
    }
    if let Some(near) = near {
        near::paragraphs(near, &policy, &mut folded);
    }
    folded.repeats.sort_by_key(|repeat| (repeat.again, repeat.telling));
    folded
}

impl Policy<'_> {
    /// The one of `spots`, in input order, that the others repeat.
    fn first(&self, spots: &[Spot]) -> Option<Spot> {
        let rank = |spot: Spot| self.standing.rank(spot, self.standing.is_canonical(spot));
        let front = spots.iter().map(|&spot| rank(spot)).min()?;
        let foremost = || spots.iter().filter(|&&spot| rank(spot) == front);
        let first = self.catalogue.first(foremost().map(|spot| spot.document));
        foremost().find(|spot| spot.document == first).copied()
    }

    /// Tells one group of the same document.
    fn documents(&self, group: &DocumentGroup, folded: &mut Folded) {
        let whole = |&document: &DocumentId| Spot { document, start: Spot::WHOLE };
        let members: Vec<Spot> = group.members.iter().map(whole).collect();
        let gone = self.gone(&members, Leave::ACROSS);
        let kept: Vec<Spot> =
            members.iter().copied().filter(|&spot| !self.standing.leaves(spot, Leave::ACROSS)).collect();
        let repeats = self.document_repeats(group.digest, &kept);
        if !gone.is_empty() {
            folded.left_duplicates.extend(gone.iter().map(|(spot, _)| spot.document));
            folded.leave(self.document_repeats(group.digest, &members), &repeats, &gone);
        }
        if let Some(first) = self.first(&kept) {
            folded.duplicates.extend(kept.iter().map(|spot| spot.document).filter(|&d| d != first.document));
        }
        repeats.into_iter().for_each(|repeat| folded.tell(repeat, self.standing));
    }

    fn document_repeats(&self, digest: Digest, members: &[Spot]) -> Vec<Repeat> {
        let Some(first) = self.first(members) else { return Vec::new() };
        let article = |spot: Spot| self.catalogue.article(spot.document);
        let mut articles = BTreeSet::from([article(first)]);
        // The same article under its own id: seen again, not a duplicate.
        let again: Vec<Spot> =
            members.iter().copied().filter(|&spot| spot != first && articles.insert(article(spot))).collect();
        let documents = again.len() as u32 + 1;
        let repeat = |again| Repeat {
            telling: Telling::DuplicateDocument,
            again,
            related: vec![first],
            documents,
            group_size: documents,
            digest: Some(digest),
        };
        again.into_iter().map(repeat).collect()
    }

    /// Which of `spots` have left `what`, and why.
    fn gone(&self, spots: &[Spot], what: Leave) -> Vec<(Spot, Cause)> {
        if self.standing.left.is_empty() {
            return Vec::new();
        }
        let causes = |&spot: &Spot| self.standing.causes(spot, what).map(move |cause| (spot, cause));
        spots.iter().flat_map(causes).collect()
    }

    /// What has left a group by itself is of use there also where its document is told as a whole.
    fn note_duplicates(&self, members: &[Spot], folded: &mut Folded) {
        for (spot, cause) in self.gone(members, Leave::WITHIN.and(Leave::ACROSS)) {
            if folded.duplicates.contains(&spot.document) {
                folded.used.insert(cause);
            }
        }
    }

    /// Tells one group of the same paragraph; `members` in input order.
    fn paragraph(&self, digest: Digest, members: &[Spot], folded: &mut Folded) {
        if members.len() < 2 {
            return;
        }
        let gone = self.gone(members, Leave::WITHIN.and(Leave::ACROSS));
        if gone.is_empty() {
            let group = self.paragraph_repeats(digest, members, members, folded);
            folded.told.extend(group.told);
            folded.copies.extend(group.copies);
            group.repeats.into_iter().for_each(|repeat| folded.tell(repeat, self.standing));
            return;
        }
        let kept = |what: Leave| -> Vec<Spot> {
            members.iter().copied().filter(|&spot| !self.standing.leaves(spot, what)).collect()
        };
        let (within, across) = (kept(Leave::WITHIN), kept(Leave::ACROSS));
        let all: Vec<Spot> =
            members.iter().copied().filter(|spot| !folded.left_duplicates.contains(&spot.document)).collect();
        let before = self.paragraph_repeats(digest, &all, &all, folded).repeats;
        if before.is_empty() && all.len() < members.len() {
            // It is told of the documents as a whole.
            folded.used.extend(gone.iter().map(|&(_, cause)| cause));
        }
        let group = self.paragraph_repeats(digest, &within, &across, folded);
        folded.leave(before, &group.repeats, &gone);
        folded.told.extend(group.told);
        folded.copies.extend(group.copies);
        group.repeats.into_iter().for_each(|repeat| folded.tell(repeat, self.standing));
    }

    /// What a group of the same paragraph is: `within` may repeat each other in their documents, `across`
    /// in others.
    fn paragraph_repeats(&self, digest: Digest, within: &[Spot], across: &[Spot], folded: &Folded) -> Group {
        let mut group = Group::default();
        // In each document the others repeat the foremost.
        let foremost = |spots: &[Spot]| {
            let rank = |spot: Spot| self.standing.rank(spot, self.standing.is_canonical_within(spot));
            spots.iter().copied().min_by_key(|&spot| (rank(spot), spot))
        };
        let mut repeated: Vec<(Spot, Spot)> = Vec::new();
        for spots in within.chunk_by(|a, b| a.document == b.document) {
            let Some(head) = foremost(spots) else { continue };
            repeated.extend(spots.iter().filter(|&&spot| spot != head).map(|&spot| (spot, head)));
        }
        let told_already: BTreeSet<Spot> = match std::ptr::eq(within, across) {
            true => BTreeSet::new(),
            false => repeated.iter().map(|&(spot, _)| spot).collect(),
        };
        // The first copy in each article. Documents that are near each other count once.
        let (mut articles, mut roots) = (BTreeSet::new(), BTreeSet::new());
        let mut heads: Vec<Spot> = Vec::new();
        for spots in across.chunk_by(|a, b| a.document == b.document) {
            let Some(head) = foremost(spots) else { continue };
            let root = folded.root(head.document);
            let new_article = articles.insert(self.catalogue.article(head.document));
            let new_root = roots.insert(self.catalogue.article(root));
            if new_root && new_article && !told_already.contains(&head) {
                heads.push(head);
            }
        }
        let documents = articles.len() as u32;
        let mut tell = |telling, again, first, group_size: usize| {
            group.told.push(again);
            group.repeats.push(Repeat {
                telling,
                again,
                related: vec![first],
                documents,
                group_size: group_size as u32,
                digest: Some(digest),
            });
        };
        for (again, first) in repeated {
            tell(Telling::RepeatedParagraph, again, first, within.len());
        }
        // What many documents hold may still stand twice in one of them.
        if let Some(repeat) = self.boilerplate(digest, across, &heads) {
            group.told.extend(within);
            group.told.extend(across);
            group.repeats.extend(repeat);
            return group;
        }
        let Some(first) = self.first(&heads) else { return group };
        let inside = |head: Spot| {
            folded.holds(first.document, head.document) || folded.holds(head.document, first.document)
        };
        heads.retain(|&head| head != first && !inside(head));
        for again in heads {
            tell(Telling::SharedParagraph, again, first, across.len());
        }
        group.copies.extend(across.iter().copied().filter(|&spot| spot != first));
        group
    }

    /// The one finding of a paragraph in many documents (none if every copy is canonical); `None` for one in
    /// few.
    fn boilerplate(&self, digest: Digest, members: &[Spot], heads: &[Spot]) -> Option<Option<Repeat>> {
        let unlike = heads.len() as u32;
        let share = self.boilerplate.share.least(self.catalogue.population(heads.first()?.document));
        if unlike < self.boilerplate.documents.max(share) {
            return None;
        }
        let blamed = |wanted: Blame| {
            let is = |&&head: &&Spot| self.standing.blame(head, self.standing.is_canonical(head)) == wanted;
            heads.iter().find(is).copied()
        };
        let again = blamed(Blame::Told).or_else(|| blamed(Blame::Baselined));
        Some(again.map(|again| Repeat {
            telling: Telling::Boilerplate,
            again,
            related: heads.iter().copied().filter(|&head| head != again).take(BOILERPLATE_PLACES).collect(),
            documents: unlike,
            group_size: members.len() as u32,
            digest: Some(digest),
        }))
    }
}

/// What a group of the same paragraph is.
#[derive(Default)]
struct Group {
    repeats: Vec<Repeat>,
    /// What those tell.
    told: Vec<Spot>,
    /// What stands in other documents too, but for the first.
    copies: Vec<Spot>,
}
