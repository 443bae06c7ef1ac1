//! What was added to the inputs since some version? Files, and lines of files, as data; who asks a version
//! control system for them is the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::read::paths::Base;

/// What of one file was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddedIn {
    /// All of it.
    Whole,
    /// These stored bytes, sorted and disjoint.
    Bytes(Vec<Range<u64>>),
}

impl AddedIn {
    /// Returns whether anything from byte `start` up to `end` was added; of an empty range, whether it
    /// stands in what was.
    #[must_use]
    pub fn touches(&self, start: u64, end: u64) -> bool {
        match self {
            Self::Whole => true,
            Self::Bytes(ranges) => {
                let after = ranges.partition_point(|range| range.end <= start);
                ranges.get(after).is_some_and(|range| range.start < end.max(start + 1))
            }
        }
    }
}

/// What was added, by the files' paths.
#[derive(Clone, Debug)]
pub struct Added {
    base: Base,
    files: BTreeMap<String, AddedIn>,
    folders: BTreeSet<String>,
}

impl Added {
    /// Returns what was added: `files`, and all in `folders`, by their paths from the top of `base`.
    #[must_use]
    pub const fn new(base: Base, files: BTreeMap<String, AddedIn>, folders: BTreeSet<String>) -> Self {
        Self { base, files, folders }
    }

    /// Returns what was added of the file at `path`, as given or walked; `None` for nothing.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<&AddedIn> {
        let place = self.base.place(path)?;
        let above = place.match_indices('/').map(|(at, _)| &place[..at]);
        let in_new =
            !self.folders.is_empty() && above.into_iter().any(|folder| self.folders.contains(folder));
        if in_new { Some(&AddedIn::Whole) } else { self.files.get(&place) }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn paths_are_looked_up_from_the_top() {
        let base = Base::new(Path::new("/site"), Path::new("/site/docs"));
        let files = BTreeMap::from([("docs/a.md".to_owned(), AddedIn::Bytes(vec![5..9, 20..30]))]);
        let added = Added::new(base, files, BTreeSet::from(["new".to_owned()]));
        assert_eq!(added.of("../new/deep/b.md"), Some(&AddedIn::Whole));
        assert_eq!(added.of("./c.md"), None);
        let a = added.of("a.md").unwrap();
        let touches = |start, end| a.touches(start, end);
        assert!(touches(0, 6) && touches(8, 9) && touches(25, 25) && touches(0, 100));
        assert!(!touches(0, 5) && !touches(9, 20) && !touches(30, 40) && !touches(9, 9));
    }
}
