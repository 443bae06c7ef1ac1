//! Where one byte stands in a text, for bytes that stand every few words: line ends, escapes.
//!
//! `memchr` is for what is rare: it covers more bytes at once, but each find is a call. Here 64 bytes
//! become one mask, and the next find in it is three instructions away.

use wide::u8x16;

/// How many bytes one mask speaks of.
const BLOCK: usize = 64;

/// The places of one byte in a text, in order.
#[derive(Clone, Debug)]
pub(crate) struct Signs<'a> {
    sign: u8,
    /// What stands behind the block that is being looked at.
    behind: &'a [u8],
    /// Where the block starts; wraps around before the first.
    block: usize,
    /// The places in the block that have not been given: bit 0 is its first byte.
    mask: u64,
}

impl<'a> Signs<'a> {
    /// Returns the places of `sign` in `bytes`.
    pub fn new(sign: u8, bytes: &'a [u8]) -> Self {
        Self { sign, behind: bytes, block: 0_usize.wrapping_sub(BLOCK), mask: 0 }
    }

    /// Looks at the next block.
    #[inline]
    fn advance(&mut self) -> Option<()> {
        self.block = self.block.wrapping_add(BLOCK);
        if let Some((block, behind)) = self.behind.split_first_chunk() {
            self.behind = behind;
            self.mask = mask(self.sign, block);
            return Some(());
        }
        if self.behind.is_empty() {
            self.block = self.block.wrapping_sub(BLOCK);
            return None;
        }
        let mut block = [!self.sign; BLOCK];
        block[..self.behind.len()].copy_from_slice(self.behind);
        self.behind = &[];
        self.mask = mask(self.sign, &block);
        Some(())
    }
}

impl Iterator for Signs<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            self.advance()?;
        }
        let at = self.block + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        Some(at)
    }
}

/// Bit `n` says whether byte `n` is `sign`.
#[inline]
fn mask(sign: u8, block: &[u8; BLOCK]) -> u64 {
    let sign = u8x16::splat(sign);
    let quarters = block.as_chunks::<16>().0.iter().rev();
    quarters.fold(0, |mask, &quarter| mask << 16 | u64::from(u8x16::new(quarter).simd_eq(sign).to_bitmask()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_once_and_in_order() {
        let mut state = 1_u64;
        for length in (0..200).chain([1000, 4096]) {
            for rarity in [1, 2, 7, 60, 1000] {
                let bytes: Vec<u8> = (0..length)
                    .map(|_| {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        let random = (state >> 33) as u32;
                        if random.is_multiple_of(rarity) { b'\n' } else { (random >> 8) as u8 }
                    })
                    .collect();
                let plain = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
                assert!(Signs::new(b'\n', &bytes).eq(plain), "{bytes:?}");
            }
        }
        assert_eq!(Signs::new(0xFF, &[0xFF; 65]).count(), 65);
        assert_eq!(Signs::new(0, &[1, 0, 0x80, 0]).collect::<Vec<_>>(), [1, 3]);
    }
}
