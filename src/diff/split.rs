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
/// By how much that must beat the best single part where the whole holds all of every part ...
const BETTER: f64 = 0.08;
/// ... and how much more for a part that is all new words: what a part adds of its own must be paid for by
/// what it brings back of the whole.
const NEW_WORDS: f64 = 0.25;
/// From here on the whole and all parts together are the same words, and each part is in the whole: then a part
/// needs no weight of its own, be it "No.".
const SAME: f64 = 0.999;
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
    let mut splits: BTreeMap<u32, Vec<Part>> = BTreeMap::new();
    let mut merges: BTreeMap<u32, Vec<Part>> = BTreeMap::new();
    for &Pair { old, new, alike, .. } in pairs {
        if alike.new_known >= PART {
            let part = Part { at: new, dice: alike.dice, within: alike.new_known };
            splits.entry(old).or_default().push(part);
        }
        if alike.old_kept >= PART {
            let part = Part { at: old, dice: alike.dice, within: alike.old_kept };
            merges.entry(new).or_default().push(part);
        }
    }
    let mut out = Vec::new();
    for (whole, mut parts) in splits {
        let Some(bag) = old_bags[olds[whole as usize]].as_ref() else { continue };
        parts.sort_unstable_by_key(|part| part.at);
        let runs = runs(bag, &parts, news, vocabulary, new_bags);
        out.extend(runs.into_iter().map(|(new, weight)| Link { old: whole..whole + 1, new, weight }));
    }
    for (whole, mut parts) in merges {
        let Some(bag) = new_bags[news[whole as usize]].as_ref() else { continue };
        parts.sort_unstable_by_key(|part| part.at);
        let runs = runs(bag, &parts, olds, vocabulary, old_bags);
        out.extend(runs.into_iter().map(|(old, weight)| Link { old, new: whole..whole + 1, weight }));
    }
    out
}

/// A paragraph that may be one of several that make a whole.
#[derive(Clone, Copy)]
struct Part {
    /// Position among the paragraphs of its side.
    at: u32,
    /// How alike it and the whole are.
    dice: f64,
    /// How much of it stands in the whole.
    within: f64,
}

/// The runs of consecutive `parts` that together are the whole, with their weights.
fn runs(
    whole: &Bag,
    parts: &[Part],
    units: &[usize],
    vocabulary: &Vocabulary,
    bags: &[Option<Bag>],
) -> Vec<(std::ops::Range<u32>, u64)> {
    let unit = |part: &Part| units[part.at as usize];
    let mut out = Vec::new();
    for first in 0..parts.len() {
        for last in first + 1..parts.len().min(first + MOST) {
            let (before, here) = (&parts[last - 1], &parts[last]);
            if here.at != before.at + 1 || unit(here) != unit(before) + 1 {
                break;
            }
            let run = &parts[first..=last];
            let members = run.iter().filter_map(|part| bags[unit(part)].as_ref());
            let together = vocabulary.resemblance(whole, &vocabulary.joined(members)).dice;
            let best = run.iter().fold(0.0_f64, |best, part| best.max(part.dice));
            let within = run.iter().fold(1.0_f64, |least, part| least.min(part.within));
            let better = together >= best + BETTER + NEW_WORDS * (1.0 - within);
            let same = together >= SAME && within >= SAME && together > best;
            if together >= TOGETHER && (better || same) {
                let extra = (last - first) as f64 * 0.1;
                out.push((run[0].at..here.at + 1, ((together + extra) * SCALE) as u64));
            }
        }
    }
    out
}
