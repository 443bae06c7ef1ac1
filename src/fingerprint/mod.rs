//! When are two passages the same?
//!
//! When their normal forms under one [`Profile`] are: [`normalize`] makes the form, [`digest`] names it
//! with BLAKE3 (the profile's name and version in the key), [`shingle`] cuts it into overlapping runs
//! of words, so that nearly the same can be measured.
//!
//! Pure, and the hottest code of all: ASCII text takes a path that allocates nothing.

pub mod digest;
mod lanes;
pub mod normalize;
pub mod shingle;
pub mod words;

pub use digest::{Digest, Fingerprinter};
pub use normalize::{Normalizer, Profile};
pub use shingle::{Shingler, shingles};
pub use words::{PlacedWord, WordHasher};
