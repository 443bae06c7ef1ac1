//! How numbers, postings and texts become bytes.
//!
//! Numbers are LEB128: seven bits a byte, the lowest first, the top bit set where more follow. A block of
//! postings is sorted, so what is written is the way from one to the next. docs/index-format.md holds the
//! same in a table.

use crate::document::BlockKind;

/// What stands in the index under a 64-bit key: which item, and 32 bits that the kind of run explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// The first 64 bits of a digest, or the hash of a shingle.
    pub key: u64,
    /// More of the digest, or where the shingle stands in its set.
    pub extra: u32,
    /// The item's number.
    pub item: u32,
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

/// Appends `postings`, which are sorted, as one block.
pub fn put_block(postings: &[Posting], out: &mut Vec<u8>) {
    put_number(postings.len() as u64, out);
    let mut before = Posting { key: 0, extra: 0, item: 0 };
    for &posting in postings {
        let step = posting.key.wrapping_sub(before.key);
        put_number(step, out);
        if step != 0 {
            before = Posting { key: posting.key, extra: 0, item: 0 };
        }
        let step = posting.extra - before.extra;
        put_number(u64::from(step), out);
        if step != 0 {
            before.item = 0;
        }
        put_number(u64::from(posting.item - before.item), out);
        before = posting;
    }
}

/// Appends the postings of a block to `out`; `None` where the bytes are no block, and then some may have
/// been appended.
pub fn take_block(mut bytes: &[u8], out: &mut Vec<Posting>) -> Option<()> {
    read_block(&mut bytes, |posting| {
        out.push(posting);
        true
    })?;
    bytes.is_empty().then_some(())
}

/// Gives `take` every posting of a block whose key is one of `keys` (sorted), with the number of the key, and
/// reads no further than the last of them; `None` where the bytes are no block.
pub fn find_in_block(mut bytes: &[u8], keys: &[u64], mut take: impl FnMut(usize, Posting)) -> Option<()> {
    let mut at = 0;
    read_block(&mut bytes, |posting| {
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
fn read_block(bytes: &mut &[u8], mut take: impl FnMut(Posting) -> bool) -> Option<()> {
    let count = take_number(bytes)?;
    let mut before = Posting { key: 0, extra: 0, item: 0 };
    for _ in 0..count {
        let step = take_number(bytes)?;
        if step != 0 {
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
        fn blocks_come_back(raw in prop::collection::vec((0u64..5, 0u32..3, any::<u32>()), 0..50), far: u64) {
            let mut postings: Vec<Posting> =
                raw.into_iter().map(|(key, extra, item)| Posting { key: key.wrapping_mul(far), extra, item }).collect();
            postings.sort_unstable();
            let mut bytes = Vec::new();
            put_block(&postings, &mut bytes);
            let mut back = Vec::new();
            prop_assert_eq!(take_block(&bytes, &mut back), Some(()));
            prop_assert_eq!(back, postings);
        }

        #[test]
        fn damaged_bytes_are_refused_or_read_but_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = take_block(&bytes, &mut Vec::new());
            let _ = find_in_block(&bytes, &[0, 7, 1 << 40], |_, _| {});
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
