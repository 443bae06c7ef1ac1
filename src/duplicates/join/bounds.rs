//! The filters' integers, worked out exactly from a decimal threshold.

use crate::duplicates::Threshold;

/// What a Jaccard threshold n/d asks of sets of given sizes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// In lowest terms, so that products with sizes nearly always fit 64 bits.
    numerator: u64,
    denominator: u64,
}

impl Bounds {
    pub fn new(threshold: Threshold) -> Self {
        let (numerator, denominator) = threshold.fraction();
        let divisor = greatest_common_divisor(numerator, denominator);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// ⌈t · size⌉: the smallest set that a set of `size` can match, and the least it must share with it.
    pub fn smallest(&self, size: u32) -> u32 {
        ceiling(u64::from(size), self.numerator, self.denominator)
    }

    /// ⌊size / t⌋: the largest set that a set of `size` can match.
    pub fn largest(&self, size: u32) -> u32 {
        let most = u128::from(size) * u128::from(self.denominator) / u128::from(self.numerator);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    /// What two sets of `sizes` elements together must share: the least o with o/(sizes − o) ≥ n/d, which
    /// is ⌈n · sizes / (n + d)⌉.
    pub fn overlap(&self, sizes: u64) -> u32 {
        ceiling(sizes, self.numerator, self.numerator + self.denominator)
    }

    /// By how many elements, from its rarest on, a set of `size` must be found.
    pub fn prefix(&self, size: u32) -> u32 {
        size + 1 - self.smallest(size).max(1).min(size)
    }

    /// By how many elements a set of `size` must be found from sets as large or larger: they share at least
    /// what two sets of this size must (Xiao et al. 2008, section 4.2).
    pub fn prefix_from_larger(&self, size: u32) -> u32 {
        size + 1 - self.overlap(2 * u64::from(size)).max(1).min(size)
    }
}

/// ⌈count · numerator / denominator⌉, for a fraction of at most 1.
fn ceiling(count: u64, numerator: u64, denominator: u64) -> u32 {
    let least = match count.checked_mul(numerator) {
        Some(product) => product.div_ceil(denominator),
        None => (u128::from(count) * u128::from(numerator)).div_ceil(u128::from(denominator)) as u64,
    };
    least as u32
}

const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_the_tightest_that_hold() {
        for decimal in ["0.8", ".5", "0.9", "1", "0.333", "0.000000000000000001", "0.999999999999999999"] {
            let threshold: Threshold = decimal.parse().unwrap();
            let bounds = Bounds::new(threshold);
            let enough = |overlap: u32, union: u32| {
                crate::duplicates::Similarity { overlap, union }.at_least(threshold)
            };
            for x in 1..40u32 {
                assert_eq!(bounds.smallest(x), (1..=x).find(|&y| enough(y, x)).unwrap());
                if let Some(y) = (x..200).find(|&y| !enough(x, y)) {
                    assert_eq!(bounds.largest(x), y - 1, "{decimal} {x}");
                }
                for y in 1..40 {
                    let least = (1..=x + y).find(|&o| o >= x + y || enough(o, x + y - o)).unwrap();
                    assert_eq!(bounds.overlap(u64::from(x + y)), least, "{decimal} {x} {y}");
                }
            }
        }
    }
}
