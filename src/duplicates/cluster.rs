//! Which units hang together?
//!
//! The connected groups of a set of pairs: two units are in one cluster when a chain of pairs leads from
//! one to the other, however unlike the ends of the chain are. The representative is the first unit in
//! input order, so it does not change from run to run.

/// Units put together pair by pair.
#[derive(Clone, Debug)]
pub struct Clusters {
    /// For each unit one nearer to the first of its cluster; the first points to itself. Never to a later
    /// unit.
    nearer: Vec<u32>,
}

impl Clusters {
    /// Returns `units` units, each alone.
    #[must_use]
    pub fn new(units: u32) -> Self {
        Self { nearer: (0..units).collect() }
    }

    /// Puts the clusters of `a` and `b` together.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        self.nearer[a.max(b) as usize] = a.min(b);
    }

    /// Returns the first unit of the cluster of `unit`: its representative.
    pub fn first(&mut self, mut unit: u32) -> u32 {
        while self.nearer[unit as usize] != unit {
            let next = self.nearer[unit as usize];
            // Halving the path keeps later walks short.
            self.nearer[unit as usize] = self.nearer[next as usize];
            unit = next;
        }
        unit
    }

    /// Returns every cluster of two or more units, in the order of their representatives; each with its
    /// units in input order, so the representative is the first.
    #[must_use]
    pub fn groups(mut self) -> Vec<Vec<u32>> {
        let units = self.nearer.len() as u32;
        let mut members: Vec<(u32, u32)> = (0..units).map(|unit| (self.first(unit), unit)).collect();
        members.sort_unstable();
        members
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
            .map(|group| group.iter().map(|&(_, unit)| unit).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_one_cluster_led_by_its_first() {
        let mut clusters = Clusters::new(8);
        for (a, b) in [(6, 7), (5, 2), (7, 2), (3, 4)] {
            clusters.join(a, b);
        }
        assert_eq!(clusters.first(6), 2);
        assert_eq!(clusters.groups(), [vec![2, 5, 6, 7], vec![3, 4]]);
    }
}
