//! How do the versions of a document come out of a source?
//!
//! [`read_versions`] looks at each path and reads it as what it is: a folder of versions, records with an
//! id and a version, a file of a git repository, a MediaWiki dump, an archive of documents in git. Each
//! source gives one document after the other to a [`SnapshotSink`], and each document's versions one at a
//! time, oldest first; none keeps the texts of two versions in memory. A filter (`chosen.rs`) stands between:
//! it lets through what the user asked for and tells dates that run backwards.

mod chosen;
mod folder;
mod git;
mod kinship;
mod mediawiki;
mod names;
mod packed;
mod snapshots;
mod source;
mod stored;

use std::path::PathBuf;

use super::ReadOptions;
use super::input::{Input, Limits};
use super::walk::WalkOptions;
use crate::document::{Metadata, Snapshot};
use crate::error::ReadError;

/// Receives documents, and the versions of each, oldest first.
///
/// For each document: `begin`, then `snapshot` for each version, then `end`. Faults and warnings may come
/// anywhere.
pub trait SnapshotSink {
    /// Takes word that the versions of the document called `id` follow; `meta` is what its source says of
    /// the document as a whole (title and id of a wiki page), and is empty where it says nothing.
    fn begin(&mut self, id: &str, meta: &Metadata);

    /// Takes the next version. The source may reuse its buffers afterwards; who wants to keep it takes it.
    fn snapshot(&mut self, snapshot: &mut Snapshot);

    /// Takes word that the document has no more versions.
    fn end(&mut self);

    /// Takes one fault: one line for the user, exit status 2. What else could be read, is.
    fn fault(&mut self, fault: ReadError);

    /// Takes one warning: one line for the user, which does not change the exit status.
    fn warning(&mut self, warning: ReadError);
}

/// In which order the files of a folder are versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Natural order of their names: `v9` before `v10`.
    #[default]
    Name,
    /// By the date in the name, or else the one that the document states.
    Date,
    /// By the time at which the file was last changed.
    Mtime,
}

impl Order {
    /// Every order, the default first.
    pub const ALL: [Self; 3] = [Self::Name, Self::Date, Self::Mtime];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Date => "date",
            Self::Mtime => "mtime",
        }
    }
}

/// Where the versions of files and folders are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// A file's in its git repository; a folder's in its files, or in git where no two of them are
    /// versions of one document.
    #[default]
    Auto,
    /// In the files themselves.
    Files,
    /// In the git repository that they are in.
    Git,
}

impl Origin {
    /// Every origin, the default first.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Files, Self::Git];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Files => "files",
            Self::Git => "git",
        }
    }
}

/// Which versions to read, and how.
#[derive(Clone, Debug, Default)]
pub struct VersionOptions {
    /// In which order the files of a folder are versions.
    pub order: Order,
    /// Where the versions of files and folders are looked for.
    pub origin: Origin,
    /// Whether all files of a folder are versions of one document, whatever their names and texts say.
    pub one_document: bool,
    /// The first version wanted: its label, or a date, from which on versions are wanted.
    pub from: Option<String>,
    /// The last version wanted: its label, or a date, up to which (that day included) they are.
    pub to: Option<String>,
    /// A date: wanted are the version that was valid then, and all that came after.
    pub since: Option<String>,
    /// The documents wanted, by id or title; all where it is empty.
    pub ids: Vec<String>,
    /// How to look for files.
    pub walk: WalkOptions,
    /// How much is read at most.
    pub limits: Limits,
    /// How documents are read. Places are not asked for.
    pub read: ReadOptions,
}

/// Reads the versions that `paths` hold and gives them to `sink`, path after path.
///
/// A path is a file, a folder, `-` for standard input, or `REV:PATH` of a git repository.
pub fn read_versions(paths: &[PathBuf], options: &VersionOptions, sink: &mut dyn SnapshotSink) {
    source::read_paths(paths, options, sink);
}

/// Reads the versions of all documents that `inputs` hold records of, and gives them to `sink`, as
/// [`read_versions`] does with files of records.
pub fn read_version_records(inputs: &[Input], options: &VersionOptions, sink: &mut dyn SnapshotSink) {
    let mut chosen = chosen::Chosen::new(options, sink);
    snapshots::read(inputs, options, &mut chosen);
    chosen.finish();
}

#[cfg(test)]
mod tests;
