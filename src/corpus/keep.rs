//! Which copy of several stays?
//!
//! Every unit that is left out repeats a unit that stays, and that one is named. With a threshold, a unit
//! is left out only where it is near to one that stays: not where it is near to something that itself
//! goes. So a chain of versions, each a little unlike the next, does not vanish into its first.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Corpus;
use crate::duplicates::near::Near;
use crate::duplicates::{Similarity, Threshold};
use crate::fingerprint::Digest;

/// Which of several copies stays; where this does not tell two apart, the one that is first in the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// The first in the input.
    #[default]
    First,
    /// The last in the input.
    Last,
    /// The one with the most bytes of text.
    Longest,
    /// The one published last; those without a date come after those with one.
    Newest,
}

/// A unit that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The unit that goes.
    pub unit: u32,
    /// The unit it repeats, which stays.
    pub of: u32,
    /// How alike they are, where that was asked for; `None` where their normal forms are the same.
    pub similarity: Option<Similarity>,
}

/// Returns the units that have the same `standard` normal form as one that stays, in input order; `digests`
/// as they were [gathered](super::Gathered::digests), of the units that have a word.
#[must_use]
pub fn exact_repeats(corpus: &Corpus, mut digests: Vec<(Digest, u32)>, keep: Keep) -> Vec<Removal> {
    digests.par_sort_unstable();
    let mut out = Vec::new();
    for group in digests.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let best = group.iter().map(|&(_, unit)| unit).min_by_key(|&unit| preference(corpus, keep, unit));
        for (unit, of) in group.iter().filter_map(|&(_, unit)| Some((unit, best?))) {
            if unit != of {
                out.push(Removal { unit, of, similarity: None });
            }
        }
    }
    out.sort_unstable_by_key(|removal| removal.unit);
    out
}

/// A pair as one of its sides tells it.
type Told = (u32, u32, Similarity);

/// How many bytes a pair takes in memory while it is decided what stays: both sides tell it, and what is
/// told may have to move once.
pub const PAIR: usize = 4 * size_of::<Told>();

/// Returns the units that are near (at or above `threshold`) to one that stays, in input order; `None` if
/// more than `most` pairs are near, of which each takes [`PAIR`] bytes of memory.
#[must_use]
pub fn near_repeats(
    corpus: &Corpus,
    near: &Near<'_>,
    threshold: Threshold,
    keep: Keep,
    most: usize,
) -> Option<Vec<Removal>> {
    let groups = near.groups();
    // The member of each group of units with the same shingles that would stay, by the group's first.
    let mut best: Vec<u32> = (0..corpus.units.len() as u32).collect();
    for &(first, unit) in groups.repeats() {
        let current = best[first as usize];
        if preference(corpus, keep, unit) < preference(corpus, keep, current) {
            best[first as usize] = unit;
        }
    }
    let mut pairs: Vec<Told> = Vec::new();
    let mut more = false;
    near.for_each_pair_of_firsts(threshold, |pair| {
        if pairs.len() / 2 >= most {
            more = true;
            return;
        }
        pairs.push((pair.left, pair.right, pair.counts.similarity()));
        pairs.push((pair.right, pair.left, pair.counts.similarity()));
    });
    if more {
        return None;
    }
    pairs.par_sort_unstable_by_key(|&(from, to, _)| (from, to));
    let rank = |first: u32| preference(corpus, keep, best[first as usize]);
    let mut order: Vec<u32> = groups.firsts().collect();
    order.sort_unstable_by_key(|&first| rank(first));
    // For each first that goes: the first that it repeats, and how nearly.
    let mut goes: Vec<Option<(u32, Similarity)>> = vec![None; corpus.units.len()];
    let mut decided = vec![false; corpus.units.len()];
    for first in order {
        let from = pairs.partition_point(|&(side, ..)| side < first);
        goes[first as usize] = pairs[from..]
            .iter()
            .take_while(|&&(side, ..)| side == first)
            .filter(|&&(_, other, _)| decided[other as usize] && goes[other as usize].is_none())
            .min_by_key(|&&(_, other, _)| rank(other))
            .map(|&(_, other, similarity)| (other, similarity));
        decided[first as usize] = true;
    }
    let mut out = Vec::new();
    for unit in 0..corpus.units.len() as u32 {
        let first = groups.first_of(unit);
        if let Some((other, similarity)) = goes[first as usize] {
            out.push(Removal { unit, of: best[other as usize], similarity: Some(similarity) });
        } else if best[first as usize] != unit {
            let of = best[first as usize];
            let size = near.size(first);
            let similarity = Some(Similarity { overlap: size, union: size });
            out.push(Removal { unit, of, similarity });
        }
    }
    Some(out)
}

/// What orders units from the one that stays first.
fn preference(corpus: &Corpus, keep: Keep, unit: u32) -> (Reverse<i128>, u32) {
    let entry = corpus.units[unit as usize];
    let worth = match keep {
        Keep::First => 0,
        Keep::Last => i128::from(unit),
        Keep::Longest => i128::from(entry.end - entry.start),
        Keep::Newest => corpus.documents[entry.document as usize].published.map_or(i128::MIN, i128::from),
    };
    (Reverse(worth), unit)
}
