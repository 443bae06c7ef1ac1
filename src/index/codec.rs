//! How numbers, postings and texts become bytes.
//!
//! Numbers are LEB128: seven bits a byte, the lowest first, the top bit set where more follow. A block of
//! postings is sorted, so what is written is the way from one to the next. Keys that are hashes of shingles
//! are cut to [`SHINGLE_BITS`]: what two sets share is counted on their words, so that two shingles in a
//! million million look the same costs a look at a text, and no answer. docs/index-format.md holds the same in
//! a table.

use std::cmp::Ordering;

use crate::document::BlockKind;

/// How many bits of a shingle's hash are its key, the first ones; the others are 0.
pub const SHINGLE_BITS: u32 = 40;

/// Returns what a shingle is posted under.
#[must_use]
pub const fn shingle_key(hash: u64) -> u64 {
    hash >> (64 - SHINGLE_BITS) << (64 - SHINGLE_BITS)
}

/// What stands in the index under a 64-bit key: which item, and 32 bits that the kind of run explains.
///
/// Ordered by key, then extra, then item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The first 64 bits of a digest, or the hash of a shingle.
    pub key: u64,
    /// More of the digest, or where the shingle stands in its set.
    pub extra: u32,
    /// The item's number.
    pub item: u32,
}

impl Posting {
    /// All of it in one number, so that a comparison is one.
    const fn packed(self) -> u128 {
        (self.key as u128) << 64 | (self.extra as u128) << 32 | self.item as u128
    }
}

impl Ord for Posting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.packed().cmp(&other.packed())
    }
}

impl PartialOrd for Posting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Appends `value` in LEB128.
pub fn put_number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Takes a number from the front of `bytes`; `None` where they end inside it, or it is no 64-bit number.
pub fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        if shift == 63 && part > 1 {
            return None;
        }
        value |= part << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Writes the `number` in LEB128 to the front of `to`, whose rest it returns; what does not fit is left out.
fn put_front(mut value: u64, mut to: &mut [u8]) -> &mut [u8] {
    while let Some((byte, rest)) = std::mem::take(&mut to).split_first_mut() {
        to = rest;
        if value < 0x80 {
            *byte = value as u8;
            break;
        }
        *byte = value as u8 | 0x80;
        value >>= 7;
    }
    to
}

/// A posting takes no more than so many bytes: ten for its key, five for each of the others.
const LONGEST: usize = 20;

/// Appends `postings`, which are sorted, as one block; the last `cut` bits of their keys are 0.
pub fn put_block(postings: &[Posting], cut: u32, out: &mut Vec<u8>) {
    put_number(postings.len() as u64, out);
    let mut before = Posting { key: 0, extra: 0, item: 0 };
    for &posting in postings {
        let mut bytes = [0; LONGEST];
        let step = posting.key.wrapping_sub(before.key);
        let rest = put_front(step >> cut, &mut bytes);
        if step != 0 {
            before = Posting { key: posting.key, extra: 0, item: 0 };
        }
        let step = posting.extra.wrapping_sub(before.extra);
        let rest = put_front(u64::from(step), rest);
        if step != 0 {
            before.item = 0;
        }
        let rest = put_front(u64::from(posting.item.wrapping_sub(before.item)), rest).len();
        out.extend_from_slice(&bytes[..LONGEST - rest]);
        before = posting;
    }
}

/// Appends the postings of a block to `out`; `None` where the bytes are no block, and then some may have
/// been appended.
pub fn take_block(mut bytes: &[u8], cut: u32, out: &mut Vec<Posting>) -> Option<()> {
    read_block(&mut bytes, cut, |posting| {
        out.push(posting);
        true
    })?;
    bytes.is_empty().then_some(())
}

/// Gives `take` every posting of a block whose key is one of `keys` (sorted), with the number of the key, and
/// reads no further than the last of them; `None` where the bytes are no block.
pub fn find_in_block(
    mut bytes: &[u8],
    cut: u32,
    keys: &[u64],
    mut take: impl FnMut(usize, Posting),
) -> Option<()> {
    let mut at = 0;
    read_block(&mut bytes, cut, |posting| {
        while keys.get(at).is_some_and(|&key| key < posting.key) {
            at += 1;
        }
        if keys.get(at) == Some(&posting.key) {
            take(at, posting);
        }
        at < keys.len()
    })
}

/// Gives `take` the postings at the front of `bytes`, as long as it wants more.
fn read_block(bytes: &mut &[u8], cut: u32, mut take: impl FnMut(Posting) -> bool) -> Option<()> {
    let count = take_number(bytes)?;
    let mut before = Posting { key: 0, extra: 0, item: 0 };
    for _ in 0..count {
        let step = take_number(bytes)?;
        if step != 0 {
            // A damaged step may lead out of the range of keys.
            let step = step.checked_mul(1 << cut)?;
            before = Posting { key: before.key.checked_add(step)?, extra: 0, item: 0 };
        }
        let step = u32::try_from(take_number(bytes)?).ok()?;
        if step != 0 {
            before.extra = before.extra.checked_add(step)?;
            before.item = 0;
        }
        let step = u32::try_from(take_number(bytes)?).ok()?;
        before.item = before.item.checked_add(step)?;
        if !take(before) {
            break;
        }
    }
    Some(())
}

/// A block of an item as it is kept: what it is, and its text as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBlock {
    /// What it is to a reader.
    pub kind: BlockKind,
    /// Whether it counts for repeats.
    pub counted: bool,
    /// Its text, without markup.
    pub text: String,
}

/// Returns `blocks` as bytes, before they are compressed.
pub fn text_bytes(blocks: &[KeptBlock]) -> Vec<u8> {
    let mut out = Vec::with_capacity(blocks.iter().map(|block| block.text.len() + 4).sum());
    for block in blocks {
        out.push((block.kind as u8) << 1 | u8::from(block.counted));
        put_number(block.text.len() as u64, &mut out);
        out.extend_from_slice(block.text.as_bytes());
    }
    out
}

/// Returns the blocks that [`text_bytes`] wrote; `None` where the bytes are not that.
pub fn blocks_of(mut bytes: &[u8]) -> Option<Vec<KeptBlock>> {
    let mut blocks = Vec::new();
    while let Some((&head, rest)) = bytes.split_first() {
        bytes = rest;
        let kind = *BlockKind::ALL.get(usize::from(head >> 1))?;
        let length = usize::try_from(take_number(&mut bytes)?).ok()?;
        let (text, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        let text = String::from_utf8(text.to_vec()).ok()?;
        blocks.push(KeptBlock { kind, counted: head & 1 == 1, text });
    }
    Some(blocks)
}

/// Returns a sorted set of hashes as bytes.
pub fn set_bytes(set: &[u64]) -> Vec<u8> {
    set.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

/// Returns the set that [`set_bytes`] wrote; `None` where the bytes are not that.
pub fn set_of(bytes: &[u8]) -> Option<Vec<u64>> {
    let (hashes, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then(|| hashes.iter().map(|&hash| u64::from_le_bytes(hash)).collect())
}

/// How many bytes of a paragraph's digest an item keeps.
pub const SHORT_DIGEST: usize = 16;

/// Returns the digests of an item's paragraphs as bytes.
pub fn digest_bytes(digests: &[[u8; SHORT_DIGEST]]) -> Vec<u8> {
    digests.concat()
}

/// Returns the digests that [`digest_bytes`] wrote; `None` where the bytes are not that.
pub fn digests_of(bytes: &[u8]) -> Option<Vec<[u8; SHORT_DIGEST]>> {
    let (digests, rest) = bytes.as_chunks::<SHORT_DIGEST>();
    rest.is_empty().then(|| digests.to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(value: u64) {
            let mut out = Vec::new();
            put_number(value, &mut out);
            let mut bytes = out.as_slice();
            prop_assert_eq!(take_number(&mut bytes), Some(value));
            prop_assert!(bytes.is_empty());
        }

        #[test]
        fn blocks_come_back(
            raw in prop::collection::vec((0u64..5, 0u32..3, any::<u32>()), 0..50),
            far: u64,
            of_shingles: bool,
        ) {
            let key = |key: u64| if of_shingles { shingle_key(key.wrapping_mul(far)) } else { key.wrapping_mul(far) };
            let mut postings: Vec<Posting> =
                raw.into_iter().map(|(n, extra, item)| Posting { key: key(n), extra, item }).collect();
            postings.sort_unstable();
            prop_assert!(postings.is_sorted_by_key(|posting| (posting.key, posting.extra, posting.item)));
            let cut = if of_shingles { 64 - SHINGLE_BITS } else { 0 };
            let mut bytes = Vec::new();
            put_block(&postings, cut, &mut bytes);
            let mut back = Vec::new();
            prop_assert_eq!(take_block(&bytes, cut, &mut back), Some(()));
            prop_assert_eq!(back, postings);
        }

        #[test]
        fn damaged_bytes_are_refused_or_read_but_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            for cut in [0, 64 - SHINGLE_BITS] {
                let _ = take_block(&bytes, cut, &mut Vec::new());
                let _ = find_in_block(&bytes, cut, &[0, 7, 1 << 40], |_, _| {});
            }
            let _ = blocks_of(&bytes);
            let _ = set_of(&bytes);
            let _ = digests_of(&bytes);
        }
    }

    #[test]
    fn texts_come_back() {
        let blocks = vec![
            KeptBlock { kind: BlockKind::Heading, counted: false, text: "Pier".to_owned() },
            KeptBlock { kind: BlockKind::Paragraph, counted: true, text: "Ünï\nçode".to_owned() },
        ];
        assert_eq!(blocks_of(&text_bytes(&blocks)), Some(blocks));
    }
}
