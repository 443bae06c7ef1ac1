//! How do the versions of a file come out of a git repository?
//!
//! One `git log` says which commits changed the file, under which name, and which blob each left
//! ([`log`]); one `git cat-file --batch` gives the blobs ([`blobs`]). Each version is read as a file of
//! that name, so Markdown and HTML have their blocks. Author and date are those of the commit's author.
//!
//! The order is that of ancestry. Where the file was changed on branches side by side, no line of
//! ancestors holds all commits: then only the first parents count, and a merge is one version.

mod blobs;
mod log;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use self::blobs::Blobs;
use self::log::{Change, Life, Whose};
use super::VersionOptions;
use super::chosen::{Chosen, Sure};
use super::stored::{is_one_document, read_bytes, reader_of};
use crate::document::{Metadata, Snapshot};
use crate::error::ReadError;
use crate::read::input::reader_by_name;

/// A repository, and what to start from in it.
#[derive(Debug)]
pub(super) struct Repository {
    /// The folder that git runs in.
    folder: PathBuf,
    /// The revision whose ancestors count.
    revision: String,
    /// The commits that a shallow clone was cut at.
    cut: Vec<String>,
}

impl Repository {
    /// Returns the repository around `folder`; `None` where there is none.
    ///
    /// # Errors
    ///
    /// What git says where it will not read the repository.
    pub fn around(folder: &Path, revision: &str) -> Result<Option<Self>, String> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(real) = folder.canonicalize() else { return Ok(None) };
        if !real.ancestors().any(|above| above.join(".git").exists()) {
            return Ok(None);
        }
        let mut found = Self { folder: folder.to_owned(), revision: revision.to_owned(), cut: Vec::new() };
        let told = found.run(&["rev-parse", "--is-shallow-repository", "--git-path", "shallow"])?;
        let told = String::from_utf8_lossy(&told).into_owned();
        let mut lines = told.lines();
        if lines.next() == Some("true")
            && let Some(path) = lines.next()
        {
            let list = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
            found.cut = list.lines().map(str::to_owned).collect();
        }
        Ok(Some(found))
    }

    /// Returns whether the repository's own folder is `folder`, rather than one above it.
    pub fn begins_at(folder: &Path) -> bool {
        folder.join(".git").exists()
    }

    /// Returns what to run to ask git.
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.folder).env("LC_ALL", "C");
        command.args(["--no-pager", "--literal-pathspecs", "-c", "i18n.logOutputEncoding=UTF-8"]);
        command
    }

    /// Runs git and returns what it prints.
    fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Vec<u8>, String> {
        let done = self.command().args(arguments).output();
        let done = done.map_err(|error| format!("cannot run git: {error}"))?;
        if done.status.success() {
            return Ok(done.stdout);
        }
        let told = String::from_utf8_lossy(&done.stderr);
        let line = told.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed");
        Err(format!("git: {}", line.trim_start_matches("fatal: ").trim_start_matches("error: ")))
    }
}

/// Reads the versions of the file called `name` in the repository's folder; `path` is what is printed.
///
/// Returns whether git has any.
pub(super) fn read_file(
    repository: &Repository,
    path: &Arc<str>,
    name: &OsStr,
    options: &VersionOptions,
    sink: &mut Chosen<'_>,
) -> bool {
    let lives = match log::lives(repository, Whose::File(name)) {
        Ok(lives) => lives,
        Err(message) => {
            sink.fault(ReadError::new(path, message));
            return true;
        }
    };
    let Some(life) = lives.into_iter().next() else { return false };
    if sink.wants(path, None) {
        give(repository, &[(Arc::clone(path), life)], options, sink);
    }
    true
}

/// Reads the versions of every document that the repository's folder, called `path`, holds or ever held.
///
/// Returns whether there are any.
pub(super) fn read_folder(
    repository: &Repository,
    path: &str,
    options: &VersionOptions,
    sink: &mut Chosen<'_>,
) -> bool {
    let lives = match log::lives(repository, Whose::Folder) {
        Ok(lives) => lives,
        Err(message) => {
            sink.fault(ReadError::new(&Arc::from(path), message));
            return true;
        }
    };
    let mut wanted = Vec::new();
    for life in lives.into_iter().filter(|life| reader_by_name(&life.name).is_some_and(is_one_document)) {
        let id: Arc<str> = Arc::from(if path == "." {
            life.name.clone()
        } else {
            format!("{}/{}", path.trim_end_matches('/'), life.name)
        });
        wanted.push((id, life));
    }
    let any = !wanted.is_empty();
    wanted.retain(|(id, _)| sink.wants(id, None));
    wanted.sort_by(|(a, _), (b, _)| a.cmp(b));
    give(repository, &wanted, options, sink);
    any
}

/// Gives the versions of each document in turn.
fn give(
    repository: &Repository,
    documents: &[(Arc<str>, Life)],
    options: &VersionOptions,
    sink: &mut Chosen<'_>,
) {
    let Some((first, _)) = documents.first() else { return };
    let wanted: Vec<&str> = documents
        .iter()
        .flat_map(|(_, life)| life.changes.iter())
        .filter_map(|change| change.blob.as_deref())
        .collect();
    let told = blobs::with_blobs(repository, &wanted, options.limits.max_size, |blobs| {
        for (path, life) in documents {
            one(repository, path, life, options, blobs, sink);
        }
    });
    if let Err(message) = told {
        sink.fault(ReadError::new(first, message));
    }
}

/// Gives the versions of one document.
fn one(
    repository: &Repository,
    path: &Arc<str>,
    life: &Life,
    options: &VersionOptions,
    blobs: &mut Blobs<'_>,
    sink: &mut Chosen<'_>,
) {
    remarks(repository, path, life, sink);
    sink.begin(path, path, &Metadata::default(), Sure::Order);
    let mut faults = Vec::new();
    for change in &life.changes {
        let mut snapshot = Snapshot {
            label: change.commit.clone(),
            time: Some(change.time.clone()),
            author: Some(change.author.clone()).filter(|author| !author.is_empty()),
            comment: Some(change.subject.clone()).filter(|subject| !subject.is_empty()),
            ..Snapshot::default()
        };
        match &change.blob {
            None => "deleted".clone_into(&mut snapshot.missing),
            Some(_) => {
                let told = blobs.next(|bytes| version(change, bytes, options, &mut snapshot));
                match told {
                    Ok(told) => faults.extend(told),
                    Err(why) => {
                        faults.push(ReadError::new(&named(change), why.clone()));
                        snapshot.missing = why;
                    }
                }
            }
        }
        sink.snapshot(&mut snapshot);
    }
    sink.end();
    faults.into_iter().for_each(|fault| sink.fault(fault));
}

/// `a1b2c3d:docs/policy.md`: one version of a file, as git calls it.
fn named(change: &Change) -> Arc<str> {
    Arc::from(format!("{}:{}", change.commit.get(..12).unwrap_or(&change.commit), change.path))
}

fn version(
    change: &Change,
    bytes: &[u8],
    options: &VersionOptions,
    snapshot: &mut Snapshot,
) -> Vec<ReadError> {
    if bytes.contains(&0) && !crate::read::input::is_utf16(bytes) {
        snapshot.missing = "is a binary file".to_owned();
        return vec![ReadError::new(&named(change), "is a binary file")];
    }
    let path = named(change);
    let reader = options.walk.input_format.unwrap_or_else(|| reader_of(&change.path, bytes));
    read_bytes(&path, reader, bytes, &options.read, snapshot)
}

/// What is to be said of the whole history.
fn remarks(repository: &Repository, path: &Arc<str>, life: &Life, sink: &mut Chosen<'_>) {
    let oldest = life.changes.first();
    if let Some(oldest) = oldest.filter(|oldest| repository.cut.contains(&oldest.commit)) {
        let commit = oldest.commit.get(..12).unwrap_or(&oldest.commit);
        let message = format!(
            "the repository is a shallow clone: what came before {commit} is missing; \
             `git fetch --unshallow` gets it"
        );
        sink.fault(ReadError::new(path, message));
    }
    if let Some(from) = &life.copied_from {
        let message = format!("began as a copy of {from}, whose own versions are left out");
        sink.warning(ReadError::new(path, message));
    }
    if life.merged {
        let message =
            "was changed on branches side by side: a merge counts as one version, by whoever merged";
        sink.warning(ReadError::new(path, message));
    }
}
