//! Where the texts of a corpus are kept: in memory, or in a temporary file.
//!
//! Pairs are counted again on the words, so the texts are wanted a second time, in any order. A table of
//! pairs keeps them in memory; to take repeats out of a corpus that is larger than memory they go to a file
//! without a name, which is gone when the program ends, however it ends.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The texts, part by part.
#[derive(Debug, Default)]
pub(super) enum KeptTexts {
    /// Nowhere.
    #[default]
    None,
    /// In memory.
    Memory(Vec<String>),
    /// In a file.
    File(TextFile),
}

/// Texts in a file.
#[derive(Debug)]
pub(super) struct TextFile {
    file: Mutex<State>,
    /// Where each part begins.
    starts: Vec<u64>,
    end: u64,
}

#[derive(Debug)]
struct State {
    file: File,
    /// Why a text could not be read.
    failed: Option<io::Error>,
}

impl KeptTexts {
    /// Returns no texts yet, to be kept in a file.
    pub fn in_file() -> io::Result<Self> {
        let state = State { file: tempfile::tempfile()?, failed: None };
        Ok(Self::File(TextFile { file: Mutex::new(state), starts: Vec::new(), end: 0 }))
    }

    /// Adds a part, and returns its number.
    pub fn append(&mut self, mut part: String) -> io::Result<u32> {
        match self {
            Self::None => Ok(0),
            Self::Memory(parts) => {
                part.shrink_to_fit();
                parts.push(part);
                Ok(parts.len() as u32 - 1)
            }
            Self::File(texts) => {
                let state = texts.file.get_mut().unwrap_or_else(PoisonError::into_inner);
                state.file.write_all(part.as_bytes())?;
                texts.starts.push(texts.end);
                texts.end += part.len() as u64;
                Ok(texts.starts.len() as u32 - 1)
            }
        }
    }

    /// Returns the bytes in `range` of a part; nothing where that cannot be read, which
    /// [`KeptTexts::failure`] tells.
    pub fn text(&self, part: u32, range: Range<u32>) -> Cow<'_, str> {
        match self {
            Self::None => Cow::Borrowed(""),
            Self::Memory(parts) => {
                Cow::Borrowed(&parts[part as usize][range.start as usize..range.end as usize])
            }
            Self::File(texts) => {
                let start = texts.starts[part as usize] + u64::from(range.start);
                let mut bytes = vec![0; range.len()];
                let mut state = texts.file.lock().unwrap_or_else(PoisonError::into_inner);
                let read =
                    state.file.seek(SeekFrom::Start(start)).and_then(|_| state.file.read_exact(&mut bytes));
                let text = read.and_then(|()| String::from_utf8(bytes).map_err(io::Error::other));
                Cow::Owned(text.unwrap_or_else(|error| {
                    state.failed.get_or_insert(error);
                    String::new()
                }))
            }
        }
    }

    /// Returns how many bytes of memory they take.
    pub fn memory(&self) -> u64 {
        match self {
            Self::None | Self::File(_) => 0,
            Self::Memory(parts) => parts.iter().map(|part| part.len() as u64).sum(),
        }
    }

    /// Returns why a text could not be read again, if one could not.
    pub fn failure(&self) -> Option<String> {
        let Self::File(texts) = self else { return None };
        let state = texts.file.lock().unwrap_or_else(PoisonError::into_inner);
        state.failed.as_ref().map(ToString::to_string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_keep_the_same_texts() -> io::Result<()> {
        for mut texts in [KeptTexts::Memory(Vec::new()), KeptTexts::in_file()?] {
            assert_eq!(texts.append("one two".to_owned())?, 0);
            assert_eq!(texts.append("caf\u{e9}".to_owned())?, 1);
            assert_eq!((&*texts.text(0, 4..7), &*texts.text(1, 0..5)), ("two", "caf\u{e9}"));
            assert_eq!(texts.failure(), None);
            if matches!(texts, KeptTexts::File(_)) {
                assert_eq!(texts.text(1, 0..50), "");
                assert!(texts.failure().is_some());
            }
        }
        Ok(())
    }
}
