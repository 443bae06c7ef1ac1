//! Are two texts versions of one document, or of two?
//!
//! Runs of three words that stand in both tell: versions share most of them, two articles about one
//! subject hardly any. Only a text that shares nearly none with any other is told, since a rewrite shares
//! little.

use std::collections::BTreeSet;

use crate::segment::words;

/// Fewer runs than this tell nothing.
const LEAST: usize = 40;

/// A text is of another document when less than one in this many of the smaller one's runs is common.
const COMMON: usize = 50;

/// The three-word runs of a text, as hashes.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs(BTreeSet<u64>);

impl Runs {
    /// Returns the runs of `text`.
    pub fn of(text: &str) -> Self {
        let mut last = [0_u64; 2];
        let mut runs = BTreeSet::new();
        for (number, word) in words(text).enumerate() {
            let hash = text[word]
                .chars()
                .flat_map(char::to_lowercase)
                .fold(0xcbf2_9ce4_8422_2325, |hash: u64, c| {
                    (hash ^ u64::from(c as u32)).wrapping_mul(0x0100_0000_01b3)
                });
            if number >= 2 {
                runs.insert(last[0].rotate_left(21) ^ last[1].rotate_left(42) ^ hash);
            }
            last = [last[1], hash];
        }
        Self(runs)
    }

    /// Returns whether there are enough of them to tell anything.
    pub fn tell(&self) -> bool {
        self.0.len() >= LEAST
    }

    /// Returns whether this text and the other are surely not versions of one document.
    pub fn is_foreign_to(&self, other: &Self) -> bool {
        let (small, large) = if self.0.len() <= other.0.len() { (self, other) } else { (other, self) };
        if !small.tell() {
            return false;
        }
        let common = small.0.iter().filter(|run| large.0.contains(run)).count();
        common * COMMON < small.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_article_is_foreign_and_a_rewrite_is_not() {
        let tide = |from: usize, to: usize| -> Runs {
            let words: Vec<String> = (from..to).map(|n| format!("w{n}")).collect();
            Runs::of(&words.join(" "))
        };
        assert!(tide(0, 100).is_foreign_to(&tide(100, 200)));
        assert!(!tide(0, 100).is_foreign_to(&tide(90, 200)), "a tenth is left");
        assert!(!tide(0, 100).is_foreign_to(&tide(100, 120)), "too short to tell");
        assert!(!tide(0, 100).is_foreign_to(&tide(0, 1000)), "grown");
    }
}
