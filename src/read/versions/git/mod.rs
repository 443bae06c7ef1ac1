//! How do the versions of a file come out of a git repository?
//!
//! One `git log` says which commits changed the file, under which name, and which blob each left
//! ([`log`]); one `git cat-file --batch` gives the blobs ([`blobs`]). Each version is read as a file of
//! that name, so Markdown and HTML have their blocks. Author and date are those of the commit's author.
//!
//! The order is that of ancestry. Where the file was changed on branches side by side, no line of
//! ancestors holds all commits: then only the first parents count, and a merge is one version.

mod blobs;
mod given;
mod log;
mod repository;

use std::ffi::OsStr;
use std::sync::Arc;

use self::blobs::Cat;
use self::given::give;
use self::log::{Life, Whose};
use super::VersionOptions;
use super::chosen::Chosen;
use super::stored::is_one_document;
use crate::error::ReadError;
use crate::read::input::reader_by_name;
pub(super) use repository::Repository;

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
    let (git, lives) = match ask(repository, Whose::File(name)) {
        Ok(told) => told,
        Err(message) => {
            sink.fault(ReadError::new(path, message));
            return true;
        }
    };
    let Some(life) = lives.into_iter().next() else { return false };
    if sink.wants(path, None) {
        give(repository, git, &[(Arc::clone(path), life)], options, sink);
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
    let (git, lives) = match ask(repository, Whose::Folder) {
        Ok(told) => told,
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
    give(repository, git, &wanted, options, sink);
    any
}

/// Asks git for the lives of the files meant, and has another git ready for what they held.
fn ask(repository: &Repository, whose: Whose<'_>) -> Result<(Cat, Vec<Life>), String> {
    let git = Cat::start(repository)?;
    Ok((git, log::lives(repository, whose)?))
}
