//! How much is there to read, and how far is the reading?
//!
//! The sizes of files are known before they are opened; what a compressed one holds is guessed, a little
//! low. So whoever keeps something of all that is read can say after the first documents how much that
//! will be in the end ([`Volume::project`]), and whoever watches sees how much is left.

use super::compress::without_ending;
use super::input::Input;

/// Tenths of the decompressed size for each byte of a compressed file: English text packs to a third or a
/// quarter, and a guess that is too low warns too late rather than without need.
const PACKED_TENTHS: u64 = 25;
/// What is read before anything is projected from it, in bytes.
const LEAST_READ: u64 = 4 << 20;
/// … or this part of everything, if that is more: the first documents may be unlike the others.
const LEAST_PART: u64 = 64;

/// How much is to be read, and how much has been, in decompressed bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    expected: u64,
    read: u64,
}

impl Volume {
    /// Returns how much `inputs` hold, as far as their sizes tell; what comes only once counts as nothing.
    #[must_use]
    pub fn of(inputs: &[Input]) -> Self {
        let expected = inputs.iter().map(|input| {
            let stored = input.stored_size().unwrap_or(0);
            let packed = without_ending(&input.path).len() < input.path.len();
            if packed { stored.saturating_mul(PACKED_TENTHS) / 10 } else { stored }
        });
        Self { expected: expected.fold(0, u64::saturating_add), read: 0 }
    }

    /// Returns how many bytes there are in all: more than expected where more have been read.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.expected.max(self.read)
    }

    /// Takes word that `bytes` more have been read.
    pub const fn advance(&mut self, bytes: u64) {
        self.read = self.read.saturating_add(bytes);
    }

    /// Returns how much something will be in the end that is `so_far` now and grows with what is read;
    /// `None` while too little has been read to tell.
    #[must_use]
    pub fn project(self, so_far: u64) -> Option<u64> {
        let least = LEAST_READ.max(self.expected / LEAST_PART);
        if self.read < least {
            return None;
        }
        let product = u128::from(so_far) * u128::from(self.bytes());
        Some(u64::try_from(product / u128::from(self.read)).unwrap_or(u64::MAX))
    }
}

/// Returns `bytes` as flags take them: `8G`, and what is no round number rounded up to two digits or more,
/// such as `3277M`.
#[must_use]
pub fn as_flag(bytes: u64) -> String {
    let units = [(30, "G"), (20, "M"), (10, "K")];
    let exact = |&(shift, _): &(u32, _)| bytes > 0 && bytes.trailing_zeros() >= shift;
    let large = |&(shift, _): &(u32, _)| bytes >> shift >= if shift == 10 { 1 } else { 10 };
    match units.iter().find(|unit| exact(unit) || large(unit)) {
        Some((shift, unit)) => format!("{}{unit}", bytes.div_ceil(1 << shift)),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_flags_take_them() {
        for (bytes, flag) in [
            (8 << 30, "8G"),
            (1 << 20, "1M"),
            (500, "500"),
            ((31 << 30) + 1, "32G"),
            ((3 << 30) + (205 << 20), "3277M"),
            (5000, "5K"),
            (0, "0"),
        ] {
            assert_eq!(as_flag(bytes), flag);
        }
    }

    #[test]
    fn the_end_is_projected_from_the_beginning() {
        let mut volume = Volume { expected: 400 << 20, read: 0 };
        assert_eq!(volume.project(0), None);
        volume.advance(4 << 20);
        assert_eq!(volume.project(7 << 20), None, "not yet a sixty-fourth");
        volume.advance(4 << 20);
        assert_eq!(volume.project(14 << 20), Some(700 << 20));
        volume.advance(792 << 20);
        assert_eq!(volume.bytes(), 800 << 20);
        assert_eq!(volume.project(1 << 30), Some(1 << 30), "nothing more is expected");
    }

    #[test]
    fn a_compressed_file_counts_for_more_than_it_takes() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut inputs = Vec::new();
        for name in ["a.txt", "b.jsonl.gz", "gone.txt"] {
            let path = folder.path().join(name);
            if name != "gone.txt" {
                std::fs::write(&path, [b'a'; 100])?;
            }
            inputs.push(Input::file(name.into(), path, true));
        }
        inputs.push(Input::stdin("-".into()));
        assert_eq!(Volume::of(&inputs).bytes(), 350);
        Ok(())
    }
}
