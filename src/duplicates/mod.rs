//! Which passages repeat?
//!
//! Documents are fingerprinted one by one ([`exact`] keeps a digest and a position for each paragraph);
//! when all have passed, the facts come out as [`Match`]es: groups of the same paragraph, of the same
//! document, of a paragraph that stands in many. What a match means and whether it is bad is not asked
//! here: that is `lint`.
//!
//! [`near`] finds what nearly repeats ([`join`] is the exact set join under it), [`passage`] runs of words
//! copied into other texts, [`bearers`] items of one id or title, [`cluster`] what hangs together.

pub mod bearers;
pub mod cluster;
pub mod exact;
pub mod join;
pub mod near;
pub mod passage;
mod similarity;

pub use similarity::{Similarity, Threshold};
