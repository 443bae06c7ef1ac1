//! What was added to the inputs since some version? Files, and lines of files, as data; who asks a version
//! control system for them is the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::read::input::Input;
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

/// What was added, by the names that files and folders have in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files of which something was added.
    pub files: BTreeMap<String, AddedIn>,
    /// Folders, and links, behind which all was added.
    pub folders: BTreeSet<String>,
}

impl Changes {
    /// Returns what was added of the file called `name`.
    fn of(&self, name: &str) -> Option<&AddedIn> {
        let mut above = name.match_indices('/').map(|(at, _)| &name[..at]);
        let in_new = !self.folders.is_empty()
            && (self.folders.contains(name) || above.any(|folder| self.folders.contains(folder)));
        if in_new { Some(&AddedIn::Whole) } else { self.files.get(name) }
    }
}

/// What was added of the inputs of a run.
#[derive(Clone, Debug)]
pub struct Added(BTreeMap<Arc<str>, AddedIn>);

impl Added {
    /// Returns what was added of `inputs`: the `changes` of the repository at the top of `base`, and all of an
    /// input that is not in it.
    #[must_use]
    pub fn new(base: &Base, changes: &Changes, inputs: &[Input]) -> Self {
        let mut places = Places { base, folders: BTreeMap::new() };
        let mut added: BTreeMap<Arc<str>, AddedIn> = BTreeMap::new();
        for input in inputs {
            let Some(of) = places.added(input, changes) else { continue };
            let known = added.entry(Arc::clone(&input.path)).or_insert_with(|| of.clone());
            // Two names with other bytes that are no text may look the same.
            if known != of {
                *known = AddedIn::Whole;
            }
        }
        Self(added)
    }

    /// Returns what was added of the input at `path`, as given or walked; `None` for nothing.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<&AddedIn> {
        self.0.get(path)
    }

    /// Returns whether anything from byte `start` up to `end` of the input at `path` was added.
    #[must_use]
    pub fn adds(&self, path: &str, start: u64, end: u64) -> bool {
        self.of(path).is_some_and(|added| added.touches(start, end))
    }
}

/// Where the inputs are in the repository.
struct Places<'a> {
    base: &'a Base,
    /// The folders asked for, and where they are behind all links; `None` for one that is elsewhere.
    folders: BTreeMap<PathBuf, Option<String>>,
}

impl Places<'_> {
    fn added<'c>(&mut self, input: &Input, changes: &'c Changes) -> Option<&'c AddedIn> {
        let Some(location) = input.location() else { return Some(&AddedIn::Whole) };
        // By the name it was called by: a link that leads elsewhere now is new, wherever it leads.
        let named = self.base.place(&input.path).and_then(|name| changes.of(&name));
        named.or_else(|| match self.real(location, input.named) {
            Some(name) => changes.of(&name),
            None => Some(&AddedIn::Whole),
        })
    }

    /// The name of the file at `location` behind all links; only files that are `named` may be one.
    fn real(&mut self, location: &Path, named: bool) -> Option<String> {
        if named && location.is_symlink() {
            return self.base.real_place(location);
        }
        let (folder, name) = (location.parent()?, location.file_name()?.to_string_lossy());
        if !self.folders.contains_key(folder) {
            let place = self.base.real_place(folder);
            self.folders.insert(folder.to_owned(), place);
        }
        let folder = self.folders.get(folder)?.as_deref()?;
        Some(if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::read::walk::{WalkOptions, find};

    #[test]
    fn inputs_are_looked_up_by_where_they_are() {
        let place = tempfile::tempdir().unwrap();
        let (site, other) = (place.path().join("site"), place.path().join("other"));
        for folder in [site.join("docs"), site.join("new/deep"), other.clone()] {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("a.md"), "tide").unwrap();
        }
        let paths = ["docs/a.md", "new/deep/a.md", "../other/a.md", "docs/../docs/a.md"];
        let paths = paths.map(|path| site.join(path));
        let bytes = AddedIn::Bytes(vec![5..9, 20..30]);
        let changes = Changes {
            files: BTreeMap::from([("docs/a.md".to_owned(), bytes.clone())]),
            folders: BTreeSet::from(["new".to_owned()]),
        };
        let of = |paths: &[PathBuf], changes: &Changes| {
            let found = find(paths, &WalkOptions::default());
            let added = Added::new(&Base::new(&site, &site.join("docs")), changes, &found.inputs);
            found.inputs.iter().map(|input| added.of(&input.path).cloned()).collect::<Vec<_>>()
        };
        let whole = Some(AddedIn::Whole);
        assert_eq!(of(&paths, &changes), [Some(bytes.clone()), whole.clone(), whole.clone()]);
        assert_eq!(of(&paths, &Changes::default()), [None, None, whole.clone()]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&site, place.path().join("link")).unwrap();
            std::os::unix::fs::symlink("docs", site.join("latest")).unwrap();
            let linked = [place.path().join("link/docs/a.md"), site.join("latest")];
            assert_eq!(of(&linked[..1], &changes), [Some(bytes.clone())]);
            assert_eq!(of(&linked[1..], &changes), [Some(bytes.clone())]);
            let turned = Changes { folders: BTreeSet::from(["latest".to_owned()]), ..Changes::default() };
            assert_eq!(of(&linked[1..], &turned), [whole]);
        }
        let touches = |start, end| bytes.touches(start, end);
        assert!(touches(0, 6) && touches(8, 9) && touches(25, 25) && touches(0, 100));
        assert!(!touches(0, 5) && !touches(9, 20) && !touches(30, 40) && !touches(9, 9));
    }
}
