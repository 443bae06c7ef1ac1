//! What is a path: a folder of versions, records, a dump, a file of a repository?
//!
//! - A dump or a file of records says so itself, by name or content.
//! - Another file has its versions in git; several such files without git are versions of one document.
//! - A folder's files are versions where their names say so. Elsewhere, and in a folder that is a
//!   repository itself, git has the versions of each file: an archive.
//! - `REV:PATH`, and a path where no file is any more, are asked of git.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::chosen::Chosen;
use super::folder::Files;
use super::git::{Repository, read_file, read_folder};
use super::stored::is_one_document;
use super::{Origin, SnapshotSink, VersionOptions, mediawiki, snapshots};
use crate::error::ReadError;
use crate::read::input::{Input, Refusal};
use crate::read::walk::find;

/// How much of a file is looked at to tell its format, in bytes.
const HEAD: u64 = 64 << 10;

/// Reads what `paths` hold, in order.
pub(super) fn read_paths(paths: &[PathBuf], options: &VersionOptions, sink: &mut dyn SnapshotSink) {
    let mut chosen = Chosen::new(options, sink);
    let mut loose: Vec<Input> = Vec::new();
    for path in paths {
        let is_file = path.as_os_str() == "-" || fs::metadata(path).is_ok_and(|metadata| !metadata.is_dir());
        if path.is_dir() {
            folder(path, options, &mut chosen);
        } else if is_file || !asked_of_git(path, options, &mut chosen) {
            let found = find(std::slice::from_ref(path), &options.walk);
            found.faults.into_iter().for_each(|fault| chosen.fault(fault));
            for input in found.inputs {
                file(input, options, &mut loose, &mut chosen);
            }
        }
    }
    listed(&loose, options, &mut chosen);
    chosen.finish();
}

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dump,
    Records,
    Text,
}

/// Returns what `input` holds.
fn kind(input: &Input, options: &VersionOptions) -> Result<Kind, Refusal> {
    let reader = match input.reader.filter(|reader| is_one_document(*reader)) {
        Some(reader) => reader,
        None => {
            let mut head = Vec::new();
            let unpacked = input.unpacked(options.limits)?;
            // Damage is told by whoever reads all of it.
            let _ = std::io::Read::read_to_end(&mut std::io::Read::take(unpacked, HEAD), &mut head);
            input.settle(&head)
        }
    };
    Ok(match reader.name() {
        "mediawiki" => Kind::Dump,
        _ if is_one_document(reader) => Kind::Text,
        _ => Kind::Records,
    })
}

/// Reads one file; one whose versions are not in it and not in git goes to `loose`.
fn file(input: Input, options: &VersionOptions, loose: &mut Vec<Input>, sink: &mut Chosen<'_>) {
    match kind(&input, options) {
        Ok(Kind::Dump) => mediawiki::read(&input, options, sink),
        Ok(Kind::Records) => {
            snapshots::read(std::slice::from_ref(&input), options, sink);
        }
        Ok(Kind::Text) => {
            if options.origin == Origin::Files || !in_git(&input, options, sink) {
                loose.push(input);
            }
        }
        Err(Refusal::Fault(fault)) => sink.fault(fault),
        Err(Refusal::Skip(why)) => sink.fault(ReadError::new(&input.path, format!("is a {why}"))),
    }
}

/// Reads the versions that git has of a file; false where it has none.
fn in_git(input: &Input, options: &VersionOptions, sink: &mut Chosen<'_>) -> bool {
    let Some(location) = input.location() else { return false };
    let (Some(folder), Some(name)) = (location.parent(), location.file_name()) else { return false };
    Repository::around(folder, "HEAD")
        .is_some_and(|repository| read_file(&repository, &input.path, name, options, sink))
}

/// Reads what is named `path` in git though no file is there; false where that is no question for git.
fn asked_of_git(path: &Path, options: &VersionOptions, sink: &mut Chosen<'_>) -> bool {
    let Some(text) = path.to_str() else { return false };
    let printed: Arc<str> = Arc::from(text);
    let (revision, path) = match text.split_once(':') {
        Some((revision, path))
            if !revision.is_empty() && !revision.starts_with('-') && revision.len() > 1 =>
        {
            (revision, Path::new(path))
        }
        _ if text.contains(['*', '?', '[', '{']) => return false,
        _ => ("HEAD", path),
    };
    // The folder may be gone too: the nearest that is there is in the repository.
    let there = path.ancestors().skip(1).find(|above| above.as_os_str().is_empty() || above.is_dir());
    let folder = there.unwrap_or(Path::new("."));
    let name = path.strip_prefix(folder).unwrap_or(path);
    match Repository::around(folder, revision) {
        Some(repository) => {
            if !read_file(&repository, &printed, name.as_os_str(), options, sink) {
                let message = "no such file, and git never had one of this name";
                sink.fault(ReadError::new(&printed, message));
            }
            true
        }
        None if revision != "HEAD" => {
            let message = format!("{} is in no git repository", folder_name(folder));
            sink.fault(ReadError::new(&printed, message));
            true
        }
        None => false,
    }
}

fn folder_name(folder: &Path) -> String {
    if folder.as_os_str().is_empty() { "the current folder".to_owned() } else { folder.display().to_string() }
}

/// Reads a folder.
fn folder(path: &Path, options: &VersionOptions, sink: &mut Chosen<'_>) {
    let found = find(&[path.to_owned()], &options.walk);
    found.faults.into_iter().for_each(|fault| sink.fault(fault));
    let (mut dumps, mut records, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let mut any = false;
    for input in &found.inputs {
        match kind(input, options) {
            Ok(Kind::Dump) => dumps.push(input),
            Ok(Kind::Records) => records.push(input.clone()),
            Ok(Kind::Text) => texts.push(input),
            Err(Refusal::Fault(fault)) => {
                any = true;
                sink.fault(fault);
            }
            Err(Refusal::Skip(_)) => {}
        }
    }
    let root = path.to_string_lossy();
    let files = Files { root: &root, inputs: texts, listed: false };
    let from_git = match options.origin {
        Origin::Git => true,
        Origin::Files => false,
        Origin::Auto => Repository::begins_at(path) || !files.show_versions(),
    };
    if from_git && archive(path, &root, options, sink) {
        return;
    }
    any |= !dumps.is_empty();
    dumps.into_iter().for_each(|input| mediawiki::read(input, options, sink));
    if !records.is_empty() {
        any |= snapshots::read(&records, options, sink);
    }
    if !files.inputs.is_empty() {
        files.read(options, sink);
    } else if !any {
        sink.fault(ReadError::new(&Arc::from(&*root), "holds no documents"));
    }
}

/// Reads the versions that git has of each document in a folder; false where it has none.
fn archive(path: &Path, root: &str, options: &VersionOptions, sink: &mut Chosen<'_>) -> bool {
    let forced = options.origin == Origin::Git;
    let printed: Arc<str> = Arc::from(root);
    match Repository::around(path, "HEAD") {
        Some(repository) => {
            let any = read_folder(&repository, root, options, sink);
            if !any && forced {
                sink.fault(ReadError::new(&printed, "git has no document in this folder"));
            }
            any || forced
        }
        None => {
            if forced {
                sink.fault(ReadError::new(&printed, "is in no git repository"));
            }
            forced
        }
    }
}

/// Reads files that the user named one by one, as versions of one document.
fn listed(loose: &[Input], options: &VersionOptions, sink: &mut Chosen<'_>) {
    match loose {
        [] => {}
        [only] => {
            let location = only.location().unwrap_or(Path::new(""));
            let folder = location.parent().filter(|folder| !folder.as_os_str().is_empty());
            let why = match Repository::around(folder.unwrap_or(Path::new(".")), "HEAD") {
                Some(_) => "git does not track it",
                None => "it is in no git repository",
            };
            let message =
                format!("has one version only: {why}; name a folder of versions, records, or a dump");
            sink.fault(ReadError::new(&only.path, message));
        }
        [first, ..] => {
            let folder = first.path.rfind(['/', '\\']).map_or("", |at| &first.path[..at]);
            let beside = |input: &Input| {
                input
                    .path
                    .strip_prefix(folder)
                    .is_some_and(|rest| folder.is_empty() || rest.starts_with(['/', '\\']))
            };
            let root = if loose.iter().all(beside) { folder } else { "" };
            Files { root, inputs: loose.iter().collect(), listed: true }.read(options, sink);
        }
    }
}
