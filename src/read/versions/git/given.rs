//! How do the changes of a file become its versions?

use std::sync::Arc;

use super::Repository;
use super::blobs::{Blobs, Cat};
use super::log::{Change, Life};
use crate::document::{Metadata, Snapshot};
use crate::error::ReadError;
use crate::read::versions::VersionOptions;
use crate::read::versions::chosen::{Chosen, Sure};
use crate::read::versions::stored::{read_bytes, reader_of};

/// Gives the versions of each document in turn.
pub(super) fn give(
    repository: &Repository,
    git: Cat,
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
    let told = git.with_blobs(&wanted, options.limits.max_size, |blobs| {
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
    if let Some(oldest) = oldest.filter(|oldest| oldest.root && repository.is_cut_at(&oldest.commit)) {
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
