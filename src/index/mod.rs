//! What have we seen before, over all runs?
//!
//! An [`Index`] is one file, an SQLite database ([`schema`]), that remembers items: what names them, when
//! they were seen, digests of their paragraphs, and the text of their last version. It is asked in batches
//! ([`Index::take`]): each [`Item`] gets an [`Answer`] (new, known, revised, a repeat or near repeat of an
//! item under another id), and is taken in. Nothing of it is loaded: a look-up reads the few pages it needs.
//!
//! Items are numbered in the order in which they are taken in, and an item is compared with those of lower
//! numbers only. So it does not matter where one batch ends and the next begins: the answers are those of
//! one batch over the same items. One thing is looked ahead for, within the batch: whether another item stands
//! at the same address.
//!
//! What stands where is kept in sorted [`runs`] of postings, of six kinds: by name, by paragraph, and four by
//! shingle ([`sample`] says which of a set's shingles are posted, [`order`] which come first). So near
//! repeats are exact however many items come later.
//!
//! All of a batch is one transaction: after a crash it is in the index whole or not at all. Many may read
//! while one writes.

mod answer;
pub mod codec;
mod identity;
mod item;
mod keep;
mod maintain;
mod near;
mod order;
mod origin;
mod reading;
mod runs;
mod sample;
mod schema;
mod session;
mod summary;
mod terms;
mod transfer;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use hashbrown::HashSet;
use rusqlite::Connection;

pub use answer::{Answer, Asked, Older, RevisionTold, Shared, Status};
pub use item::{Item, Itemizer};
pub use maintain::{Stats, Verified};
pub use schema::{APPLICATION_ID, FORMAT, files};
pub use summary::day;
pub use terms::Terms;
pub use transfer::{Imported, import};

use codec::Posting;
use reading::Stamp;
use runs::Runs;
use schema::Faults;

/// What a run does with what it finds to be new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// Takes it in.
    On,
    /// Compares it with all that came before, and forgets it.
    Off,
}

/// An open index.
#[derive(Debug)]
pub struct Index {
    db: Connection,
    /// What the file was like, where it is read as it stands and nothing keeps writers away.
    stamp: Option<Stamp>,
    faults: Faults,
    terms: Terms,
    recording: Recording,
    /// Where items are looked for, and last where they are written.
    schemas: &'static [&'static str],
    runs: Runs,
    /// Shingles that stand at the end of the order; read when first asked for.
    common: Option<HashSet<u64>>,
    /// The number of the next item.
    next: u32,
    /// The first number that is not in the index but in the tables of a run that records nothing.
    aside_from: u32,
    /// In a run that records nothing: which items were superseded, by which, and how dates moved.
    superseded: BTreeMap<u32, u32>,
    moved: BTreeMap<u32, Option<String>>,
    /// When items were seen again since the transaction began: not all of that is written.
    touched: BTreeMap<u32, i64>,
    /// Ids that known items came with only now.
    named: Vec<Posting>,
    /// Whether a transaction is open.
    began: bool,
    /// The first number of this run; 0 before anything began.
    run_from: u32,
    /// What is compared only with its like.
    scope: Option<Scope>,
}

/// Names the scope of a file by its path.
type ScopeName = dyn Fn(&str) -> Option<String> + Send + Sync;

/// What is compared only with its like.
#[derive(Clone)]
struct Scope(Arc<ScopeName>);

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scope")
    }
}

impl Index {
    /// Compares items only with those in files of the same scope; `name` names that of the file at a path.
    pub fn compare_within(&mut self, name: impl Fn(&str) -> Option<String> + Send + Sync + 'static) {
        self.scope = Some(Scope(Arc::new(name)));
    }

    /// Returns whether items in the files at two paths are compared.
    fn compares(&self, path: &str, other: &str) -> bool {
        self.scope.as_ref().is_none_or(|Scope(name)| name(path) == name(other))
    }
}
