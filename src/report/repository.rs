//! Where a path lies in its repository: platforms place findings by paths from the repository's root.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use crate::lint::{Finding, Place};

/// A repository, and the folder in it that relative paths start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The root folder, absolute, with `/` between and none at the end.
    top: String,
    /// The current folder from there, with `/` between; empty where it is the root.
    inside: String,
}

impl Repository {
    /// Returns the repository with the root folder `top` as seen from the folder `current`, both absolute;
    /// `None` where `current` is not in it.
    #[must_use]
    pub fn new(top: &Path, current: &Path) -> Option<Self> {
        let inside = slashes(&current.strip_prefix(top).ok()?.to_string_lossy()).into_owned();
        let top = slashes(&top.to_string_lossy()).trim_end_matches('/').to_owned();
        Some(Self { top, inside })
    }

    /// Returns `path` as seen from the root, with `/` between its parts; `None` where it lies outside.
    fn place(&self, path: &str) -> Option<String> {
        match path.strip_prefix(&self.top).filter(|rest| rest.starts_with('/')) {
            Some(rest) => joined("", rest.trim_start_matches('/')),
            None if is_absolute(path) => None,
            None => joined(&self.inside, path),
        }
    }
}

/// Returns `path` as a platform wants it: from the root of `repository`, without `.` and `..`. A path that
/// lies outside stays as it is.
#[must_use]
pub fn placed<'a>(repository: Option<&Repository>, path: &'a str) -> Cow<'a, str> {
    let path = slashes(path);
    let placed = match repository {
        Some(repository) => repository.place(&path),
        None if is_absolute(&path) => None,
        None => joined("", &path),
    };
    placed.map_or(path, Cow::Owned)
}

/// Returns what `place` is called, with its path from the root of `repository`.
#[must_use]
pub fn named(repository: Option<&Repository>, place: &Place) -> String {
    let mut place = place.clone();
    place.location.path = Arc::from(&*placed(repository, &place.location.path));
    place.named()
}

/// Returns the message of `finding` with the paths of related places from the root of `repository`.
#[must_use]
pub fn message(repository: Option<&Repository>, finding: &Finding) -> String {
    let mut message = finding.message.clone();
    if let Some((at, place)) = finding.related.iter().find_map(|label| {
        let at = message.rfind(&label.place.named())?;
        Some((at, &label.place))
    }) {
        message.replace_range(at..at + place.named().len(), &named(repository, place));
    }
    message
}

/// Returns whether `path`, with `/` between its parts, starts at the root of a file system.
#[must_use]
pub fn is_absolute(path: &str) -> bool {
    let drive = |bytes: &[u8]| cfg!(windows) && bytes.len() > 1 && bytes[1] == b':';
    path.starts_with('/') || drive(path.as_bytes())
}

/// The path with `/` between its parts, whatever the system writes.
fn slashes(path: &str) -> Cow<'_, str> {
    if cfg!(windows) { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// `path` behind `folder`, without `.` and `..`; `None` where it leads out, or to no name at all.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_root() {
        let site = Repository::new(Path::new("/srv/site"), Path::new("/srv/site/docs/en")).unwrap();
        let placed = |path| placed(Some(&site), path).into_owned();
        assert_eq!(placed("a.md"), "docs/en/a.md");
        assert_eq!(placed("./news//a.md"), "docs/en/news/a.md");
        assert_eq!(placed("../de/a.md"), "docs/de/a.md");
        assert_eq!(placed("../../README.md"), "README.md");
        assert_eq!(placed("/srv/site/docs/a.md"), "docs/a.md");
        // What lies outside stays as it is.
        assert_eq!(placed("../../../other/a.md"), "../../../other/a.md");
        assert_eq!(placed("/srv/site2/a.md"), "/srv/site2/a.md");
        assert_eq!(placed(""), "docs/en");
    }

    #[test]
    fn without_a_repository_a_path_is_only_tidied() {
        assert_eq!(placed(None, "./docs/./a.md"), "docs/a.md");
        assert_eq!(placed(None, "../a.md"), "../a.md");
        assert_eq!(placed(None, "/srv/a.md"), "/srv/a.md");
        assert!(Repository::new(Path::new("/srv/site"), Path::new("/srv")).is_none());
    }
}
