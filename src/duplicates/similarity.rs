//! How alike two sets of shingles are, in integers.

use std::fmt;
use std::str::FromStr;

/// Jaccard similarity of two sets, kept as two integers so that no rounding decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Similarity {
    /// How many elements both sets hold.
    pub overlap: u32,
    /// How many elements either set holds.
    pub union: u32,
}

impl Similarity {
    /// Returns whether overlap / union ≥ `threshold`, by cross-multiplying.
    #[must_use]
    pub fn at_least(self, threshold: Threshold) -> bool {
        u128::from(self.overlap) * u128::from(threshold.denominator)
            >= u128::from(self.union) * u128::from(threshold.numerator)
    }

    /// Returns overlap / union, for people to read; 0 for two empty sets.
    #[must_use]
    pub fn ratio(self) -> f64 {
        if self.union == 0 { 0.0 } else { f64::from(self.overlap) / f64::from(self.union) }
    }
}

/// A threshold in (0, 1], read as an exact decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    numerator: u64,
    /// A power of ten.
    denominator: u64,
}

impl Threshold {
    /// The `n` hundredths; for defaults. `n` is 1 to 100.
    #[must_use]
    pub const fn percent(n: u64) -> Self {
        assert!(n >= 1 && n <= 100);
        Self { numerator: n, denominator: 100 }
    }

    /// Returns the smallest integer that is at least `size` times the threshold.
    #[must_use]
    pub fn least(self, size: u32) -> u32 {
        let product = u128::from(size) * u128::from(self.numerator);
        product.div_ceil(u128::from(self.denominator)) as u32
    }

    /// Returns numerator and denominator, the latter a power of ten.
    #[must_use]
    pub const fn fraction(self) -> (u64, u64) {
        (self.numerator, self.denominator)
    }
}

/// More digits behind the point are not read: with them a fraction does not fit into 64 bits.
const MOST_DIGITS: usize = 18;

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a threshold: write a decimal above 0 and up to 1, such as 0.8");
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        // Zeros at the end say nothing.
        let part = if part.len() > MOST_DIGITS { part.trim_end_matches('0') } else { part };
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 3 || (whole.is_empty() && part.is_empty()) {
            return Err(wrong());
        }
        if part.len() > MOST_DIGITS {
            return Err(format!("`{text}` has more than {MOST_DIGITS} digits behind the point: write fewer"));
        }
        let denominator = 10u64.pow(part.len() as u32);
        let number = |s: &str| if s.is_empty() { Ok(0) } else { s.parse::<u64>() };
        let (Ok(whole), Ok(part)) = (number(whole), number(part)) else { return Err(wrong()) };
        let numerator = u128::from(whole) * u128::from(denominator) + u128::from(part);
        if numerator == 0 || numerator > u128::from(denominator) {
            return Err(wrong());
        }
        Ok(Self { numerator: numerator as u64, denominator })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.numerator as f64 / self.denominator as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_exact_decimals() {
        let eight: Threshold = ".8".parse().unwrap();
        assert!(Similarity { overlap: 4, union: 5 }.at_least(eight));
        assert!(!Similarity { overlap: 799, union: 1000 }.at_least(eight));
        assert_eq!("0.1".parse::<Threshold>().unwrap().least(30), 3);
        for wrong in ["0", "1.01", "", ".", "-1", "nan", "1e-3", "0.0"] {
            assert!(wrong.parse::<Threshold>().is_err(), "{wrong}");
        }
        assert!("1".parse::<Threshold>().is_ok());
        let long: Threshold = "0.8000000000000000000000000000".parse().unwrap();
        assert_eq!((long.least(5), long.least(6)), (4, 5));
        let longer = "0.33333333333333333333".parse::<Threshold>().unwrap_err();
        assert!(longer.contains("more than 18 digits"), "{longer}");
    }
}
