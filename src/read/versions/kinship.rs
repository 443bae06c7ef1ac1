//! Are two texts versions of one document, or of two?
//!
//! Runs of three words that stand in both tell: versions share most of them, two articles about one
//! subject hardly any. Only a text that shares nearly none with any other is told, since a rewrite shares
//! little.

use crate::segment::words;

/// Fewer runs than this tell nothing.
const LEAST: usize = 40;

/// A text is of another document when less than one in this many of the smaller one's runs is common.
const COMMON: usize = 50;

/// More runs than this are not kept: of a longer text, those whose hashes end with so many zeros that no more
/// are left.
const MOST: usize = 4096;

/// The three-word runs of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    /// Their hashes: sorted, each once.
    hashes: Vec<u64>,
    /// The bits that are zero in all that were kept.
    zeros: u64,
}

impl Runs {
    /// Returns the runs of `text`.
    pub fn of(text: &str) -> Self {
        let mut last = [0_u64; 2];
        let mut runs = Self::default();
        for (number, word) in words(text).enumerate() {
            let word = hash(&text[word]);
            let run = last[0].rotate_left(21) ^ last[1].rotate_left(42) ^ word;
            if number >= 2 && run & runs.zeros == 0 {
                runs.hashes.push(run);
                if runs.hashes.len() >= 2 * MOST {
                    runs.thin();
                }
            }
            last = [last[1], word];
        }
        runs.thin();
        runs.hashes.shrink_to_fit();
        runs
    }

    /// Leaves out what is there twice, and what is too much.
    fn thin(&mut self) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        while self.hashes.len() > MOST {
            self.zeros = self.zeros << 1 | 1;
            self.hashes.retain(|run| run & self.zeros == 0);
        }
    }

    /// Returns whether there are enough of them to tell anything.
    pub fn tell(&self) -> bool {
        self.hashes.len() >= LEAST
    }

    /// Returns whether this text and the other are surely not versions of one document.
    pub fn is_foreign_to(&self, other: &Self) -> bool {
        let zeros = self.zeros | other.zeros;
        let count = |runs: &Self| runs.hashes.iter().filter(|&run| run & zeros == 0).count();
        let counts = (count(self), count(other));
        let (small, large) = if counts.0 <= counts.1 { (self, other) } else { (other, self) };
        let least = counts.0.min(counts.1);
        if least < LEAST {
            return false;
        }
        let enough = least.div_ceil(COMMON);
        let both = |run: &&u64| *run & zeros == 0 && large.hashes.binary_search(run).is_ok();
        small.hashes.iter().filter(both).take(enough).count() < enough
    }
}

/// The hash of a word in lower case (FNV-1a over its characters).
fn hash(word: &str) -> u64 {
    let step = |hash: u64, c: u32| (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3);
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    if word.is_ascii() {
        word.bytes().fold(START, |hash, byte| step(hash, u32::from(byte.to_ascii_lowercase())))
    } else {
        word.chars().flat_map(char::to_lowercase).fold(START, |hash, c| step(hash, u32::from(c)))
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
        assert!(tide(0, 30_000).is_foreign_to(&tide(30_000, 70_000)), "long");
        assert!(!tide(0, 30_000).is_foreign_to(&tide(29_000, 70_000)), "long, and a thirtieth is left");
        assert!(!tide(0, 1000).is_foreign_to(&tide(0, 70_000)), "grown much");
        assert!(tide(0, 2000).is_foreign_to(&tide(2000, 70_000)), "short beside long");
    }
}
