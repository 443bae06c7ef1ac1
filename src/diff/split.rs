//! Paragraphs that were split in several or merged from several.

use std::collections::BTreeMap;

use super::align::SCALE;
use super::candidates::Pair;
use super::chain::Link;
use super::resemblance::{Bag, Vocabulary};

/// How much of each part must stand in the whole.
const PART: f64 = 0.4;
/// How alike the whole and all parts together must be.
const TOGETHER: f64 = 0.65;
/// By how much that must beat the best single part.
const BETTER: f64 = 0.08;
/// The most parts.
const MOST: usize = 4;

/// Returns links from one unit to 2..=4 consecutive ones and the other way, for the chain to choose
/// from. `olds` and `news` are unit indices, positions in `pairs` are positions in them.
pub(super) fn links(
    pairs: &[Pair],
    olds: &[usize],
    news: &[usize],
    vocabulary: &Vocabulary,
    old_bags: &[Option<Bag>],
    new_bags: &[Option<Bag>],
) -> Vec<Link> {
    let mut splits: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
    let mut merges: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
    for pair in pairs {
        if pair.alike.new_known >= PART {
            splits.entry(pair.old).or_default().push((pair.new, pair.alike.dice));
        }
        if pair.alike.old_kept >= PART {
            merges.entry(pair.new).or_default().push((pair.old, pair.alike.dice));
        }
    }
    let mut out = Vec::new();
    for (whole, mut parts) in splits {
        let Some(bag) = old_bags[olds[whole as usize]].as_ref() else { continue };
        parts.sort_unstable_by_key(|part| part.0);
        let runs = runs(bag, &parts, news, vocabulary, new_bags);
        out.extend(runs.into_iter().map(|(new, weight)| Link { old: whole..whole + 1, new, weight }));
    }
    for (whole, mut parts) in merges {
        let Some(bag) = new_bags[news[whole as usize]].as_ref() else { continue };
        parts.sort_unstable_by_key(|part| part.0);
        let runs = runs(bag, &parts, olds, vocabulary, old_bags);
        out.extend(runs.into_iter().map(|(old, weight)| Link { old, new: whole..whole + 1, weight }));
    }
    out
}

/// The runs of consecutive `parts` (position and Dice with the whole) that together are the whole.
fn runs(
    whole: &Bag,
    parts: &[(u32, f64)],
    units: &[usize],
    vocabulary: &Vocabulary,
    bags: &[Option<Bag>],
) -> Vec<(std::ops::Range<u32>, u64)> {
    let mut out = Vec::new();
    for first in 0..parts.len() {
        let mut best_part = parts[first].1;
        for last in first + 1..parts.len().min(first + MOST) {
            let follows = parts[last].0 == parts[last - 1].0 + 1
                && units[parts[last].0 as usize] == units[parts[last - 1].0 as usize] + 1;
            if !follows {
                break;
            }
            best_part = best_part.max(parts[last].1);
            let members = parts[first..=last].iter().filter_map(|part| bags[units[part.0 as usize]].as_ref());
            let together = vocabulary.resemblance(whole, &vocabulary.joined(members)).dice;
            if together >= TOGETHER && together >= best_part + BETTER {
                let extra = (last - first) as f64 * 0.1;
                out.push((parts[first].0..parts[last].0 + 1, ((together + extra) * SCALE) as u64));
            }
        }
    }
    out
}
