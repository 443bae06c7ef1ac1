//! Which copied passages are told: those that no more telling rule has told.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::Folded;
use crate::document::DocumentId;
use crate::duplicates::exact::{Catalogue, Spot};
use crate::duplicates::passage::Run;
use crate::duplicates::passage::gathered::Gathered;

/// A copied passage to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldPassage {
    /// The block that the copy begins in.
    pub spot: Spot,
    /// The words on both sides.
    pub run: Run,
}

/// Returns the passages of `least` words or more that stand in an earlier document of another article and
/// that no rule in `folded` tells, in order.
///
/// Words of a block that is told as a repeat are no copies (an end of it that sticks out may be, if it is
/// long enough by itself), nor is anything in a duplicate document. Documents that are near each other are
/// not compared, nor is one with what it stands in. Of the versions of one article the first is told.
#[must_use]
pub fn passages(
    gathered: &Gathered,
    folded: &Folded,
    catalogue: &Catalogue,
    least: usize,
) -> Vec<ToldPassage> {
    let covered: BTreeSet<Spot> = folded.repeats.iter().map(|repeat| repeat.again).collect();
    let kin = |document: DocumentId| {
        let family = u64::from(folded.root(document).0);
        let scope = catalogue.entry(document).scope;
        (!folded.is_duplicate(document)).then(|| ([catalogue.article(document), family], scope))
    };
    let told = |spot: Spot| covered.contains(&spot) || folded.covers(spot);
    let mut seen = BTreeMap::new();
    let mut out = Vec::new();
    for run in gathered.runs(least, kin, told) {
        let (document, source) = (DocumentId(run.text), DocumentId(run.source));
        let article = catalogue.article(document);
        let key = (article, run.source, run.source_word, run.words);
        let again = *seen.entry(key).or_insert(document) != document;
        if again || folded.holds(source, document) || folded.holds(document, source) {
            continue;
        }
        out.extend(gathered.spot(document, run.word).map(|spot| ToldPassage { spot, run }));
    }
    out
}
