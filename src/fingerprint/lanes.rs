//! BLAKE3 of many short texts at once.
//!
//! The digest of a paragraph is a chain of compressions, each of which waits for the one before: most of a
//! processor idles meanwhile. So paragraphs are [collected](Lanes::push) and compressed eight at a time, one
//! in each lane of the vectors of the processor at hand. The digests are those of crate `blake3`, which does the
//! same with the parts of one long text, and to which longer texts are left.
//!
//! The method: "BLAKE3: one function, fast everywhere" (O'Connor, Aumasson, Neves and Wilcox-O'Hearn 2020),
//! section 2 for the compression and 5.3 for lanes.

use std::array::from_fn;
use std::sync::LazyLock;

use fearless_simd::{Level, Simd, SimdBase as _, dispatch, u32x8};

use super::Digest;

/// What the processor at hand can do.
pub(super) static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

const LANES: usize = 8;
/// A compression takes so many bytes.
const BLOCK: usize = 64;
/// A longer text is more than one chunk: a tree and no chain.
const CHUNK: usize = 1024;
/// The blocks of a chunk.
const BLOCKS: usize = CHUNK / BLOCK;

/// The first words of the state's second half, and what flags mean: as the paper has them.
const IV: [u32; 4] = [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a];
const CHUNK_START: u32 = 1;
const CHUNK_END: u32 = 1 << 1;
const ROOT: u32 = 1 << 3;
const KEYED_HASH: u32 = 1 << 4;
/// Which word of the message stands where in the next round.
const PERMUTATION: [usize; 16] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
const ROUNDS: usize = 7;
const SCHEDULE: [[usize; 16]; ROUNDS] = schedule();

const fn schedule() -> [[usize; 16]; ROUNDS] {
    let mut all = [[0; 16]; ROUNDS];
    let mut place = 0;
    while place < 16 {
        all[0][place] = place;
        let mut round = 1;
        while round < ROUNDS {
            // Each round permutes what the one before made of it.
            let mut from = PERMUTATION[place];
            let mut more = 1;
            while more < round {
                from = PERMUTATION[from];
                more += 1;
            }
            all[round][place] = from;
            round += 1;
        }
        place += 1;
    }
    all
}

/// Texts whose digests are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    bytes: Vec<u8>,
    /// Where each ends in the bytes.
    ends: Vec<usize>,
}

impl Lanes {
    /// Takes a text.
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    /// Returns how many texts wait.
    pub const fn count(&self) -> usize {
        self.ends.len()
    }

    /// Returns how many bytes they have.
    pub const fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Gives `take` the number and the digest under `key` of each text, in any order; none is left.
    pub fn digests(&mut self, key: &[u8; 32], mut take: impl FnMut(usize, Digest)) {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let texts = starts.zip(&self.ends).map(|(start, &end)| &self.bytes[start..end]);
        // Texts of as many blocks run side by side without one waiting for another.
        let mut by_blocks: [Vec<(usize, &[u8])>; BLOCKS] = from_fn(|_| Vec::new());
        for (number, text) in texts.enumerate() {
            match by_blocks.get_mut(blocks(text) - 1) {
                Some(those) => those.push((number, text)),
                None => take(number, alone(key, text)),
            }
        }
        let sorted = by_blocks.concat();
        let (groups, rest) = sorted.as_chunks::<LANES>();
        let inputs: Vec<[&[u8]; LANES]> = groups.iter().map(|group| group.map(|(_, text)| text)).collect();
        let mut made = vec![[[0; 32]; LANES]; inputs.len()];
        let key_words = words(key);
        dispatch!(*LEVEL, simd => simd.vectorize(
            #[inline(always)]
            || {
                for (inputs, digests) in inputs.iter().zip(&mut made) {
                    compress_lanes(simd, &key_words, inputs, digests);
                }
            }
        ));
        for ((number, _), digest) in groups.as_flattened().iter().zip(made.as_flattened()) {
            take(*number, Digest(*digest));
        }
        for &(number, text) in rest {
            take(number, alone(key, text));
        }
        self.bytes.clear();
        self.ends.clear();
    }
}

fn alone(key: &[u8; 32], text: &[u8]) -> Digest {
    Digest(*blake3::keyed_hash(key, text).as_bytes())
}

/// How many blocks a text takes: the empty one takes one too.
fn blocks(text: &[u8]) -> usize {
    text.len().div_ceil(BLOCK).max(1)
}

/// Eight words of 32 bytes.
#[inline(always)]
fn words(bytes: &[u8; 32]) -> [u32; LANES] {
    let (words, _) = bytes.as_chunks();
    from_fn(|word| u32::from_le_bytes(words[word]))
}

/// Writes the digests of `inputs`, none of which is longer than a chunk.
#[inline(always)]
fn compress_lanes<S: Simd>(
    simd: S,
    key: &[u32; LANES],
    inputs: &[&[u8]; LANES],
    digests: &mut [[u8; 32]; LANES],
) {
    let all = |word: u32| u32x8::splat(simd, word);
    let mut chain: [u32x8<S>; 8] = from_fn(|word| all(key[word]));
    let counts = inputs.map(blocks);
    for block in 0..counts.into_iter().max().unwrap_or(0) {
        let (mut lengths, mut flags) = ([0; LANES], [0; LANES]);
        let (mut first, mut second) = ([all(0); LANES], [all(0); LANES]);
        for lane in 0..LANES {
            let rest = inputs[lane].get(block * BLOCK..).unwrap_or_default();
            let length = rest.len().min(BLOCK);
            let mut padded = [0; BLOCK];
            let whole = rest.first_chunk::<BLOCK>().unwrap_or_else(|| {
                padded[..length].copy_from_slice(rest);
                &padded
            });
            if let ([low, high], _) = whole.as_chunks() {
                first[lane] = u32x8::from_slice(simd, &words(low));
                second[lane] = u32x8::from_slice(simd, &words(high));
            }
            lengths[lane] = length as u32;
            let start = if block == 0 { CHUNK_START } else { 0 };
            let end = if block + 1 == counts[lane] { CHUNK_END | ROOT } else { 0 };
            flags[lane] = KEYED_HASH | start | end;
        }
        let (first, second) = (transposed(first), transposed(second));
        let message: [u32x8<S>; 16] = from_fn(|word| if word < 8 { first[word] } else { second[word - 8] });
        let mut state: [u32x8<S>; 16] = from_fn(|word| match word {
            0..8 => chain[word],
            8..12 => all(IV[word - 8]),
            // The number of the chunk.
            12 | 13 => all(0),
            14 => u32x8::from_slice(simd, &lengths),
            _ => u32x8::from_slice(simd, &flags),
        });
        round::<S, 0>(&mut state, &message);
        round::<S, 1>(&mut state, &message);
        round::<S, 2>(&mut state, &message);
        round::<S, 3>(&mut state, &message);
        round::<S, 4>(&mut state, &message);
        round::<S, 5>(&mut state, &message);
        round::<S, 6>(&mut state, &message);
        chain = from_fn(|word| state[word] ^ state[word + 8]);
        if counts.contains(&(block + 1)) {
            let rows = transposed(chain);
            for (lane, digest) in
                digests.iter_mut().enumerate().filter(|(lane, _)| counts[*lane] == block + 1)
            {
                let mut row = [0u32; LANES];
                rows[lane].store_slice(&mut row);
                let (bytes, _) = digest.as_chunks_mut();
                bytes.iter_mut().zip(row).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
            }
        }
    }
}

/// One round; unrolled, so that the schedule costs nothing.
#[inline(always)]
fn round<S: Simd, const ROUND: usize>(state: &mut [u32x8<S>; 16], message: &[u32x8<S>; 16]) {
    let word = const { SCHEDULE[ROUND] };
    mix(state, [0, 4, 8, 12], message[word[0]], message[word[1]]);
    mix(state, [1, 5, 9, 13], message[word[2]], message[word[3]]);
    mix(state, [2, 6, 10, 14], message[word[4]], message[word[5]]);
    mix(state, [3, 7, 11, 15], message[word[6]], message[word[7]]);
    mix(state, [0, 5, 10, 15], message[word[8]], message[word[9]]);
    mix(state, [1, 6, 11, 12], message[word[10]], message[word[11]]);
    mix(state, [2, 7, 8, 13], message[word[12]], message[word[13]]);
    mix(state, [3, 4, 9, 14], message[word[14]], message[word[15]]);
}

/// The quarter round.
#[inline(always)]
fn mix<S: Simd>(v: &mut [u32x8<S>; 16], [a, b, c, d]: [usize; 4], x: u32x8<S>, y: u32x8<S>) {
    v[a] = v[a] + v[b] + x;
    v[d] = rotated::<S, 16>(v[d] ^ v[a]);
    v[c] += v[d];
    v[b] = rotated::<S, 12>(v[b] ^ v[c]);
    v[a] = v[a] + v[b] + y;
    v[d] = rotated::<S, 8>(v[d] ^ v[a]);
    v[c] += v[d];
    v[b] = rotated::<S, 7>(v[b] ^ v[c]);
}

#[inline(always)]
fn rotated<S: Simd, const BY: u32>(word: u32x8<S>) -> u32x8<S> {
    (word >> BY) | (word << (32 - BY))
}

/// Makes rows of columns: three perfect shuffles of eight rows.
#[inline(always)]
fn transposed<S: Simd>(mut rows: [u32x8<S>; 8]) -> [u32x8<S>; 8] {
    for _ in 0..3 {
        rows = from_fn(|row| {
            let (left, right) = (rows[row / 2], rows[row / 2 + 4]);
            if row % 2 == 0 { left.zip_low(right) } else { left.zip_high(right) }
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(key: &[u8; 32], texts: &[Vec<u8>]) -> Vec<Option<Digest>> {
        let mut lanes = Lanes::default();
        texts.iter().for_each(|text| lanes.push(text));
        let mut made = vec![None; texts.len()];
        lanes.digests(key, |number, digest| {
            assert!(made[number].replace(digest).is_none(), "told twice");
        });
        assert_eq!((lanes.count(), lanes.bytes()), (0, 0));
        lanes.digests(key, |_, _| panic!("nothing is left"));
        made
    }

    fn expected(key: &[u8; 32], texts: &[Vec<u8>]) -> Vec<Option<Digest>> {
        texts.iter().map(|text| Some(alone(key, text))).collect()
    }

    #[test]
    fn digests_of_every_length_are_those_of_blake3() {
        let key = blake3::derive_key("a test of lanes", b"");
        let texts: Vec<Vec<u8>> =
            (0..2100).map(|length| (0..length).map(|at| (at * 7 + length) as u8).collect()).collect();
        assert_eq!(made(&key, &texts), expected(&key, &texts));
    }

    proptest! {
        #[test]
        fn digests_of_any_texts_are_those_of_blake3(
            key: [u8; 32],
            texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..1200), 0..60),
        ) {
            prop_assert_eq!(made(&key, &texts), expected(&key, &texts));
        }
    }
}
