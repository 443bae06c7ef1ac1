//! Which links left their place: those off the heaviest run in order, so that one move is one move.

use super::align::Edge;
use super::chain::{Link, heaviest};
use super::units::Unit;

/// Returns, for each of `edges` (sorted by the new side), `None` where it kept its place, and else the
/// 1-based number of the block of neighbours that it moved with.
pub(super) fn moves(edges: &[Edge], old: &[Unit], new: &[Unit]) -> Vec<Option<u32>> {
    let length = |units: &[Unit]| -> u64 { units.iter().map(|unit| u64::from(unit.block.len())).sum() };
    let links: Vec<Link> = edges
        .iter()
        .map(|edge| Link {
            old: edge.old.start as u32..edge.old.end as u32,
            new: edge.new.start as u32..edge.new.end as u32,
            // Of two that changed places, the edited one is the one that was handled.
            weight: (length(&old[edge.old.clone()]) + length(&new[edge.new.clone()])) << u32::from(edge.same),
        })
        .collect();
    let mut stays = vec![false; edges.len()];
    for at in heaviest(&links) {
        stays[at] = true;
    }
    let mut blocks = Vec::with_capacity(edges.len());
    let mut last = 0;
    for (at, edge) in edges.iter().enumerate() {
        if stays[at] {
            blocks.push(None);
            continue;
        }
        let before = at.checked_sub(1).filter(|&before| !stays[before]).map(|before| &edges[before]);
        let together = before.is_some_and(|b| b.old.end == edge.old.start && b.new.end == edge.new.start);
        if !together {
            last += 1;
        }
        blocks.push(Some(last));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextRange;

    #[test]
    fn neighbours_that_moved_together_are_one_block() {
        let units: Vec<Unit> = (0..6)
            .map(|i| {
                let range = TextRange::new(i * 10, i * 10 + 9);
                Unit { body: range, block: range, whole: range }
            })
            .collect();
        let edge = |old: usize, new: usize| Edge { old: old..old + 1, new: new..new + 1, same: true };
        let edges = [edge(2, 0), edge(3, 1), edge(4, 2), edge(5, 3), edge(0, 4), edge(1, 5)];
        assert_eq!(moves(&edges, &units, &units), [None, None, None, None, Some(1), Some(1)]);
    }
}
