//! What of the near repeats is told.

use std::collections::BTreeSet;

use super::{Folded, Policy, Repeat, Telling};
use crate::document::DocumentId;
use crate::duplicates::exact::Spot;
use crate::duplicates::near::{NearFacts, NearRepeat};
use crate::lint::standing::Cause;
use crate::lint::suppress::Leave;

/// A document as a whole.
const fn whole(document: DocumentId) -> Spot {
    Spot { document, start: Spot::WHOLE }
}

/// Tells the documents that are near an earlier one of another article, each article once.
pub(super) fn documents(near: &NearFacts<'_>, policy: &Policy<'_>, folded: &mut Folded) {
    let catalogue = policy.catalogue;
    let article = |document| catalogue.article(document);
    let left = |document| policy.standing.leaves_whole(document, Leave::ACROSS);
    let kept = |document| !folded.duplicates.contains(&document) && !left(document);
    let may = |first, again| catalogue.same_scope(first, again) && article(first) != article(again);
    let mut pairs = near.documents(kept, |first, again| kept(first) && may(first, again));
    let added = |document| policy.standing.is_added(whole(document));
    let of_added = policy.standing.added.is_some().then(|| {
        near.documents(kept, |first, again| {
            (added(first) || added(again)) && kept(first) && may(first, again)
        })
    });
    if policy.standing.left.keys().any(|spot| left(spot.document)) {
        let once =
            |document| !folded.duplicates.contains(&document) && !folded.left_duplicates.contains(&document);
        let found = near
            .documents(once, |first, again| (left(first) || left(again)) && once(first) && may(first, again));
        allow(found, Telling::NearDuplicateDocument, Leave::ACROSS, policy, folded);
    }
    // Versions of an article that is near another are seen again, not further duplicates.
    let mut told = BTreeSet::new();
    pairs.retain(|pair| {
        let (first, again) = (pair.first.document, pair.again.document);
        let root = folded.root(first);
        folded.near.insert(again, root);
        article(again) != article(root) && told.insert((root, article(again)))
    });
    for pair in of_added.unwrap_or(pairs) {
        tell(pair, Telling::NearDuplicateDocument, policy, folded);
    }
}

/// Tells the documents that stand almost whole inside another one of another article that they are not near,
/// each article once.
pub(super) fn contained(near: &NearFacts<'_>, policy: &Policy<'_>, folded: &mut Folded) {
    let catalogue = policy.catalogue;
    let article = |document| catalogue.article(document);
    let left = |document| policy.standing.leaves_whole(document, Leave::ACROSS);
    let kept = |document| !folded.duplicates.contains(&document) && !left(document);
    let asks = |inner| kept(inner) && !folded.near.contains_key(&inner);
    let apart = |inner, outer| {
        let unlike = folded.root(inner) != folded.root(outer);
        unlike && article(inner) != article(outer) && catalogue.same_scope(inner, outer)
    };
    let found = near.contained(asks, |inner, outer| kept(outer) && apart(inner, outer));
    if policy.standing.left.keys().any(|spot| left(spot.document)) {
        let out = near.contained(
            |inner| !folded.near.contains_key(&inner),
            |inner, outer| (left(inner) || left(outer)) && apart(inner, outer),
        );
        allow(out, Telling::NearDuplicateDocument, Leave::ACROSS, policy, folded);
    }
    let mut told = BTreeSet::new();
    for pair in found {
        let (outer, inner) = (pair.first.document, pair.again.document);
        folded.inside.insert(inner, outer);
        let blamed = |document: DocumentId| policy.standing.is_added(whole(document));
        let canonical = policy.standing.is_canonical(whole(inner));
        // Which of the two holds the other is not a matter of order: it is told of the one inside.
        let tells = !canonical && (blamed(inner) || blamed(outer));
        if tells && told.insert((folded.root(outer), article(inner))) {
            folded.repeats.push(repeat(Telling::NearDuplicateDocument, pair));
        }
    }
}

/// Tells the paragraphs that are near an earlier one of the same document or, if the documents are not near
/// as a whole, of another article.
pub(super) fn paragraphs(near: &NearFacts<'_>, policy: &Policy<'_>, folded: &mut Folded) {
    let (catalogue, standing) = (policy.catalogue, policy.standing);
    let article = |spot: Spot| catalogue.article(spot.document);
    let left = |first: Spot, again: Spot| {
        let what = if first.document == again.document { Leave::NEAR_WITHIN } else { Leave::NEAR_ACROSS };
        standing.leaves(first, what) || standing.leaves(again, what)
    };
    let pairs = {
        let folded = &*folded;
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
        let added = |first, again| standing.is_added(first) || standing.is_added(again);
        let kept = near.paragraphs(asks, |first, again| {
            !left(first, again) && added(first, again) && compares(first, again)
        });
        // What is in no group of the same may have left those of the near.
        let lonely = |spot: &Spot| {
            let what = Leave::NEAR_WITHIN.and(Leave::NEAR_ACROSS);
            standing.leaves(*spot, what) && !folded.groups.contains_key(spot)
        };
        let gone = standing.left.keys().any(|spot| spot.start == Spot::WHOLE || lonely(spot)).then(|| {
            near.paragraphs(asks, |first, again| {
                (lonely(&first) || lonely(&again)) && left(first, again) && compares(first, again)
            })
        });
        (kept, gone.unwrap_or_default())
    };
    let (kept, gone) = pairs;
    let telling = |pair: &NearRepeat| match pair.first.document == pair.again.document {
        true => Telling::NearRepeatedParagraph,
        false => Telling::NearSharedParagraph,
    };
    for pair in gone {
        let what = Leave::NEAR_WITHIN.and(Leave::NEAR_ACROSS);
        allow(vec![pair], telling(&pair), what, policy, folded);
    }
    for pair in kept {
        let telling = telling(&pair);
        let before = folded.repeats.len();
        tell(pair, telling, policy, folded);
        if telling == Telling::NearRepeatedParagraph {
            folded.told.extend(folded.repeats[before..].iter().map(|repeat| repeat.again));
        }
    }
}

/// Tells `pair` of the one of the two that may be blamed, the later one first; each passage once.
fn tell(pair: NearRepeat, telling: Telling, policy: &Policy<'_>, folded: &mut Folded) {
    let blames = |spot: Spot| {
        let canonical = match telling {
            Telling::NearRepeatedParagraph => policy.standing.is_canonical_within(spot),
            _ => policy.standing.is_canonical(spot),
        };
        policy.standing.blames_near(spot, canonical)
    };
    let pair = if blames(pair.again) {
        pair
    } else if blames(pair.first) && folded.turned.insert(pair.first) {
        NearRepeat { first: pair.again, again: pair.first, ..pair }
    } else {
        return;
    };
    folded.repeats.push(repeat(telling, pair));
}

/// Notes pairs that are not told because one of the two has left.
fn allow(pairs: Vec<NearRepeat>, telling: Telling, what: Leave, policy: &Policy<'_>, folded: &mut Folded) {
    for pair in pairs {
        let causes: Vec<Cause> = [pair.again, pair.first]
            .into_iter()
            .flat_map(|spot| policy.standing.causes(spot, what))
            .collect();
        folded.used.extend(&causes);
        if let Some(&cause) = causes.first() {
            folded.allowed.push((repeat(telling, pair), cause));
        }
    }
}

/// A near repeat to be told.
fn repeat(telling: Telling, pair: NearRepeat) -> Repeat {
    let documents = 1 + u32::from(telling != Telling::NearRepeatedParagraph);
    Repeat { telling, again: pair.again, related: vec![pair.first], documents, group_size: 2, digest: None }
}
