//! Where does a text fall apart into paragraphs, sentences and words?
//!
//! Pure: text in, ranges out. [`paragraph`] sees plain text as a reader does (blank lines, indented
//! first lines, hard-wrapped lines, lists, crossheads), [`sentence`] survives "U.S." and closing
//! quotation marks, [`word`] follows the glossary: a run of letters, marks and digits, and each
//! character of a script without spaces by itself.

mod abbreviation;
mod layout;
mod line;
pub mod paragraph;
pub mod sentence;
pub(crate) mod sign;
mod table;
pub mod word;

pub use paragraph::{blocks, blocks_and_markup};
pub use sentence::sentences;
pub use word::words;
