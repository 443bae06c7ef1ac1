//! copydesk reads documents, says which passages repeat and where, and says what changed from one
//! version to the next.
//!
//! ```text
//!           files, archives, standard input
//!                         │
//!                  read/  ▼        one file per format, every one yields Document
//!                ┌─────────────────┐
//!                │    Document     │  text + blocks + the way back to the stored bytes
//!                └─────────────────┘
//!   segment/ paragraphs, sentences, words    fingerprint/ normal form, digest, shingles
//!           │                   │                      │
//!  duplicates/ which passages repeat → Match     diff/ what changed → Revision
//!           │                                          │
//!     index/ what was seen before → Answer       history/ many versions → History
//!           │                                          │
//!     lint/ rules: policy → Finding                    │
//!           │                                          │
//!     fix/ what mends it → Suggestion                  │
//!           └──────────────► report/ ◄─────────────────┘   one file per output format
//! ```
//!
//! [`check`](check::check) wires all of it for the main job. The library prints nothing, reads no
//! environment and exits nothing; the command line is made of what is public here.
//!
//! Say what repeats in some files:
//!
//! ```
//! use copydesk::check::{CheckOptions, check};
//! use copydesk::progress::Unwatched;
//! use copydesk::read::walk::{WalkOptions, find};
//!
//! let found = find(&["corpus/newsroom/articles".into()], &WalkOptions::default());
//! let report = check(&found, &CheckOptions::default(), &Unwatched);
//! assert!(report.findings.iter().any(|finding| finding.rule == "repeated-paragraph"));
//! ```
//!
//! Ask whether two passages are the same but for wrapping, case and typography:
//!
//! ```
//! use copydesk::fingerprint::{Fingerprinter, Profile};
//!
//! let mut printer = Fingerprinter::new(Profile::Standard);
//! let plain = printer.digest("\"We are done\", she said...");
//! assert_eq!(plain, printer.digest("“We are\ndone”, she said…"));
//! ```

pub mod check;
pub mod config;
pub mod corpus;
pub mod diff;
pub mod document;
pub mod duplicates;
pub mod error;
pub mod fingerprint;
pub mod fix;
pub mod history;
pub mod index;
pub mod lint;
pub mod progress;
pub mod read;
pub mod report;
pub mod segment;

pub use check::{CheckOptions, Report, check};
pub use document::{Block, BlockKind, Document};
pub use error::Error;
pub use lint::{Finding, Severity};
