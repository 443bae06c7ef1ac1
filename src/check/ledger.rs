//! What a baseline lets through, and what a new one would hold.

use std::collections::BTreeSet;

use super::places::Read;
use super::told::Drawn;
use crate::document::{DocumentId, Location};
use crate::duplicates::exact::{Catalogue, Facts, Spot};
use crate::lint::FindingKey;
use crate::lint::baseline::{Baseline, DOCUMENT, GroupName, Ledger, PARAGRAPH};
use crate::lint::standing::Standing;
use crate::lint::suppress::Leave;

/// Groups of the same, as a baseline counts them.
pub(super) struct Groups {
    /// Paragraphs: the name of each group, the copies that count, and all.
    paragraphs: Vec<(GroupName, Vec<Spot>, Vec<Spot>)>,
    /// Documents: the name of each group, and a document of each article in it.
    documents: Vec<(GroupName, Vec<Spot>)>,
}

impl Groups {
    /// Counts as rules do: versions of an article are one, further copies in a document are others. What
    /// has left counts for nothing.
    pub fn of(
        facts: &Facts,
        catalogue: &Catalogue,
        standing: &Standing,
        scope: &impl Fn(Spot) -> Option<String>,
    ) -> Self {
        let name = |digest, kind, spots: &[Spot]| {
            GroupName::new(FindingKey::from(digest), kind).within(spots.first().and_then(|&spot| scope(spot)))
        };
        let mut paragraphs = Vec::new();
        for group in &facts.paragraphs {
            let gone = |spot| standing.leaves(spot, Leave::WITHIN) && standing.leaves(spot, Leave::ACROSS);
            let members: Vec<Spot> = group.members.iter().copied().filter(|&spot| !gone(spot)).collect();
            let mut articles = BTreeSet::new();
            let mut counted = Vec::new();
            for spots in members.chunk_by(|a, b| a.document == b.document) {
                let first = usize::from(!articles.insert(catalogue.article(spots[0].document)));
                counted.extend(&spots[first..]);
            }
            if counted.len() > 1 {
                paragraphs.push((name(group.digest, PARAGRAPH, &counted), counted, members));
            }
        }
        let mut documents = Vec::new();
        for group in &facts.documents {
            let spots = group.members.iter().map(|&document| Spot { document, start: Spot::WHOLE });
            let kept = spots.filter(|&spot| !standing.leaves(spot, Leave::ACROSS));
            let mut articles = BTreeSet::new();
            let counted: Vec<Spot> =
                kept.filter(|spot| articles.insert(catalogue.article(spot.document))).collect();
            if counted.len() > 1 {
                documents.push((name(group.digest, DOCUMENT, &counted), counted));
            }
        }
        Self { paragraphs, documents }
    }

    /// Notes in `standing` which copies `baseline` covers, and returns the ledger.
    pub fn cover<'b, 'p>(
        &self,
        baseline: &'b Baseline,
        path: &impl Fn(Spot) -> &'p str,
        standing: &mut Standing,
    ) -> Ledger<'b> {
        let mut ledger = Ledger::new(baseline);
        let mut fresh: BTreeSet<DocumentId> = BTreeSet::new();
        // Groups that the baseline does not know of by themselves get what the others leave.
        let (mut paragraphs, mut documents): (Vec<_>, Vec<_>) =
            (self.paragraphs.iter().collect(), self.documents.iter().collect());
        paragraphs.sort_by_key(|(name, ..)| !ledger.knows(name));
        documents.sort_by_key(|(name, _)| !ledger.knows(name));
        for (name, counted, members) in paragraphs {
            let paths: Vec<&str> = counted.iter().map(|&spot| path(spot)).collect();
            let covered = ledger.cover(name, &paths);
            standing.covered.extend(covered.into_iter().map(|number| counted[number]));
            let others = members.iter().filter(|spot| !standing.covered.contains(spot));
            fresh.extend(others.map(|spot| spot.document));
        }
        for (name, counted) in documents {
            let paths: Vec<&str> = counted.iter().map(|&spot| path(spot)).collect();
            let covered = ledger.cover(name, &paths);
            standing.covered.extend(covered.into_iter().map(|number| counted[number]));
            // Of a document of which nothing is new, nothing new is to be said.
            standing.covered.extend(counted.iter().filter(|spot| !fresh.contains(&spot.document)));
        }
        ledger
    }

    /// One copy of each group of paragraphs, and of each document.
    pub fn firsts(&self) -> impl Iterator<Item = Spot> {
        let paragraphs = self.paragraphs.iter().map(|(_, counted, _)| counted);
        let documents = self.documents.iter().map(|(_, counted)| counted);
        paragraphs.chain(documents).filter_map(|counted| counted.first().copied())
    }

    /// What a new baseline holds: the groups, and of `drawn` what is near or a fault; put into `empty`.
    pub fn collect<'p>(
        &self,
        mut empty: Baseline,
        path: &impl Fn(Spot) -> &'p str,
        places: &Read,
        drawn: &[Drawn],
        scope: &impl Fn(&str) -> Option<String>,
    ) -> Baseline {
        let paragraphs = self.paragraphs.iter().map(|(name, counted, _)| (name, counted));
        for (name, counted) in paragraphs.chain(self.documents.iter().map(|(name, counted)| (name, counted)))
        {
            let first = counted.first().and_then(|&spot| places.spot(spot));
            let text = first.map_or("", |seen| &*seen.place.text);
            counted.iter().for_each(|&spot| empty.add(name.clone(), path(spot), text));
        }
        for one @ Drawn { finding, kind, other, is_near, .. } in drawn {
            let (primary, first) = (&finding.primary, finding.related.first());
            let name = one.group(scope);
            match (*is_near, *kind == PARAGRAPH || *kind == DOCUMENT) {
                (true, _) => {
                    empty.add_near(name, &primary.location.path, &primary.text);
                    if let (Some(other), Some(first)) = (other, first) {
                        let name = GroupName { key: *other, ..one.group(scope) };
                        empty.add_near(name, &first.place.location.path, &first.place.text);
                    }
                }
                (false, false) => empty.add(name, &primary.location.path, &primary.text),
                // Counted with its group.
                (false, true) => {}
            }
        }
        empty.finish();
        empty
    }
}

/// Takes out of `drawn` what the baseline lets through of near repeats and of faults, and what was near and
/// is the same now.
pub(super) fn settle(
    ledger: &mut Ledger<'_>,
    drawn: &mut Vec<Drawn>,
    scope: &impl Fn(&str) -> Option<String>,
) {
    let mut through: BTreeSet<usize> = BTreeSet::new();
    // First those that are as they were; the others take what is left.
    for unchanged in [true, false] {
        for (number, one) in drawn.iter().enumerate().filter(|(_, one)| one.is_near) {
            let Some(other) = one.other else { continue };
            let own = one.group(scope);
            let other = GroupName { key: other, ..own.clone() };
            if !through.contains(&number) && ledger.near(&own, &other, unchanged) {
                through.insert(number);
            }
        }
    }
    let mut faults: std::collections::BTreeMap<GroupName, Vec<usize>> = Default::default();
    for (number, one) in drawn.iter().enumerate().filter(|(_, one)| !one.is_near) {
        let name = one.group(scope);
        if one.kind != PARAGRAPH && one.kind != DOCUMENT {
            faults.entry(name).or_default().push(number);
        } else if ledger.excess(&name) {
            through.insert(number);
        }
    }
    for (name, members) in faults {
        let paths: Vec<&str> =
            members.iter().map(|&number| &*drawn[number].finding.primary.location.path).collect();
        through.extend(ledger.cover(&name, &paths).into_iter().map(|covered| members[covered]));
    }
    let mut number = 0;
    drawn.retain(|_| {
        number += 1;
        !through.contains(&(number - 1))
    });
}

/// The finding, if its place `holds` something that was added; else, if a related place does, the finding
/// told of that one.
pub(super) fn of_added(drawn: Drawn, holds: &impl Fn(&Location) -> bool) -> Option<Drawn> {
    let finding = &drawn.finding;
    if holds(&finding.primary.location) {
        return Some(drawn);
    }
    let related = finding.related.iter().any(|label| holds(&label.place.location));
    let turns = finding.related.first().is_some_and(|first| holds(&first.place.location));
    if turns && !matches!(&*drawn.kind, "paragraph" | "document") {
        return drawn.clone().turned().or(Some(drawn));
    }
    (related && drawn.is_near).then_some(drawn)
}
