//! Shingles: overlapping runs of k words, so that nearly the same can be measured.

use crate::segment::words;

/// Returns a 64-bit hash of each run of `k` words of `form`, a normal form, in order, repeats included.
///
/// A text of fewer than `k` words has one shingle, all of them; a text without words has none. `k` of 0
/// counts as 1. Words are compared whole: `a b` and `ab` hash differently.
#[must_use]
pub fn shingles(form: &str, k: usize) -> Vec<u64> {
    let k = k.max(1);
    let hashes: Vec<u64> = words(form).map(|word| word_hash(form[word].as_bytes())).collect();
    if hashes.is_empty() {
        return hashes;
    }
    hashes.windows(k.min(hashes.len())).map(combine).collect()
}

/// FNV-1a with a finalizer (splitmix64): words are short, and the result must be the same everywhere.
fn word_hash(word: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in word {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(hash)
}

fn combine(run: &[u64]) -> u64 {
    run.iter().fold(run.len() as u64, |hash, &word| mix(hash.rotate_left(23) ^ word))
}

const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_have_one_shingle() {
        assert_eq!(shingles("", 3).len(), 0);
        assert_eq!(shingles("one two", 3).len(), 1);
        assert_eq!(shingles("one two three", 3).len(), 1);
        assert_eq!(shingles("one two three four", 3).len(), 2);
        assert_ne!(shingles("one two", 3), shingles("onetwo", 3));
    }
}
