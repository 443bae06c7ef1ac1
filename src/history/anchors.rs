//! What stands in the same order on both sides?
//!
//! What stands once on each side can only be itself; of that, as much as possible is taken that rises on both
//! (Patience, Cohen 2003), and what is equal around it goes with it.

use hashbrown::HashMap;

/// A run that is the same on both sides, of tokens or of paragraphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Same {
    pub old: usize,
    pub new: usize,
    pub len: usize,
}

/// Returns the runs of values that stand in order on both sides: those around values that stand once on each,
/// and at both ends.
pub(super) fn standing(old: &[u32], new: &[u32]) -> Vec<Same> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (olds, news) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut places: HashMap<u32, Place> = HashMap::with_capacity(olds.len());
    for (at, &value) in olds.iter().enumerate() {
        let place = places.entry(value).or_insert(Place { at: at as u32, old: 0, new: 0 });
        place.old += 1;
    }
    for value in news {
        if let Some(place) = places.get_mut(value) {
            place.new += 1;
        }
    }
    let once = |(at, value)| {
        places.get(value).filter(|place| place.old == 1 && place.new == 1).map(|place| (place.at, at as u32))
    };
    let once: Vec<(u32, u32)> = news.iter().enumerate().filter_map(once).collect();
    let within = extended(&once, olds, news);
    let within = within.into_iter().map(|run| Same { old: head + run.old, new: head + run.new, ..run });
    let first = Same { old: 0, new: 0, len: head };
    let last = Same { old: old.len() - tail, new: new.len() - tail, len: tail };
    std::iter::once(first).chain(within).chain([last]).filter(|run| run.len > 0).collect()
}

/// Where a value first stands on the old side, and how often on each.
struct Place {
    at: u32,
    old: u32,
    new: u32,
}

/// Returns the runs around the pairs that rise on both sides, as long as they go on, in order; `pairs` are in
/// the order of the new side.
pub(super) fn extended(pairs: &[(u32, u32)], old: &[u32], new: &[u32]) -> Vec<Same> {
    let mut out: Vec<Same> = Vec::new();
    for (i, j) in rising(pairs) {
        let (i, j) = (i as usize, j as usize);
        let (after, behind) = out.last().map_or((0, 0), |run| (run.old + run.len, run.new + run.len));
        if i < after || j < behind {
            continue;
        }
        let back = old[after..i].iter().rev().zip(new[behind..j].iter().rev());
        let back = back.take_while(|(a, b)| a == b).count();
        let on = old[i..].iter().zip(&new[j..]).take_while(|(a, b)| a == b).count();
        out.push(Same { old: i - back, new: j - back, len: back + on });
    }
    out
}

/// The longest row of pairs that rises on both sides; they are given in the order of the second.
fn rising(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // For each length, the last pair of the row of that length that ends lowest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; pairs.len()];
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].0 < pair.0);
        before[at] = length.checked_sub(1).map_or(usize::MAX, |shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut out = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied().unwrap_or(usize::MAX);
    while let Some(&pair) = pairs.get(at) {
        out.push(pair);
        at = before[at];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_order_is_found_with_its_neighbours() {
        let runs = |old: &[u32], new: &[u32]| -> Vec<(usize, usize, usize)> {
            standing(old, new).iter().map(|run| (run.old, run.new, run.len)).collect()
        };
        assert_eq!(runs(&[1, 2, 3], &[1, 2, 3]), [(0, 0, 3)]);
        assert_eq!(runs(&[1, 2, 3, 4, 9], &[1, 7, 3, 4, 8, 9]), [(0, 0, 1), (2, 2, 2), (4, 5, 1)]);
        assert_eq!(runs(&[7, 1, 1, 2, 3, 7], &[8, 1, 1, 2, 8]), [(1, 1, 3)]);
        assert_eq!(runs(&[1, 2], &[2, 1]), [(0, 1, 1)]);
        assert_eq!(runs(&[5], &[6]), []);
    }
}
