//! Where is the settings file? The nearest above what is checked.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Config, Fault};
use crate::read::paths::Base;

/// Names of a settings file; where one folder holds both, the first counts.
pub const FILE_NAMES: [&str; 2] = ["copydesk.toml", ".copydesk.toml"];

/// Returns the settings file nearest above `start` (a file, a folder, a glob, or what is not there), as seen
/// from the folder `current`, which is absolute; `None` where there is none up to the root.
#[must_use]
pub fn find(start: &Path, current: &Path) -> Option<PathBuf> {
    let start = absolute(start, current);
    // From a file, a glob, or what is not there: the nearest folder above it that is.
    start.ancestors().filter(|folder| folder.is_dir()).find_map(in_folder)
}

/// Returns the settings file in `folder` itself: whatever bears its name, also a link to what is not there or a
/// folder. That cannot be read, and nothing is checked as if there were no settings.
#[must_use]
pub fn in_folder(folder: &Path) -> Option<PathBuf> {
    FILE_NAMES.iter().map(|name| folder.join(name)).find(|file| fs::symlink_metadata(file).is_ok())
}

/// Returns what the settings file at `path` says, as seen from the folder `current`, which is absolute.
///
/// # Errors
///
/// Everything that is wrong with the file, in the order of its lines.
pub fn load(path: &Path, current: &Path) -> Result<Config, Vec<Fault>> {
    let file = absolute(path, current);
    let folder = file.parent().unwrap_or(current);
    let printed = printed(&file, current);
    let unreadable = |message: String| vec![Fault::of_file(&printed, message, "")];
    let bytes = fs::read(&file).map_err(|error| match (error.kind(), fs::read_link(&file)) {
        (ErrorKind::NotFound, Ok(target)) => {
            unreadable(format!("is a link to {}, which is not there", target.display()))
        }
        _ => unreadable(format!("cannot be read: {error}")),
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(format!("is not UTF-8 (byte {})", error.utf8_error().valid_up_to())))?;
    let base = Arc::new(Base::new(folder, current));
    Config::parse(&text, &printed, seen_from(folder, current), base)
}

/// Returns how the file at `path` is printed: as seen from the folder `current`, which is absolute.
#[must_use]
pub fn printed(path: &Path, current: &Path) -> Arc<str> {
    seen_from(&absolute(path, current), current).to_string_lossy().into()
}

/// `path` from the root, without `.` and `..`; links stay as they are called.
fn absolute(path: &Path, current: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in current.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            component => out.push(component),
        }
    }
    out
}

/// `path`, which is absolute, as seen from `current`: behind it, or above it with `..`; else as it is.
fn seen_from(path: &Path, current: &Path) -> PathBuf {
    if let Ok(inside) = path.strip_prefix(current) {
        return inside.to_owned();
    }
    let shared = |folder: &Path| path.strip_prefix(folder).ok().map(Path::to_owned);
    // What the path shares with the current folder is more than the root: else it is clearer from there.
    let above = current.ancestors().enumerate().skip(1).filter(|(_, folder)| folder.parent().is_some());
    let climbed = above.filter_map(|(up, folder)| Some((up, shared(folder)?))).next();
    climbed.map_or_else(|| path.to_owned(), |(up, rest)| Path::new(&"../".repeat(up)).join(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_above_is_found() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        fs::create_dir_all(root.join("docs/deep")).unwrap();
        fs::write(root.join("docs/deep/a.md"), "").unwrap();
        fs::write(root.join(".copydesk.toml"), "").unwrap();
        assert_eq!(find(Path::new("docs/deep/a.md"), root), Some(root.join(".copydesk.toml")));
        fs::write(root.join("docs/copydesk.toml"), "").unwrap();
        for start in ["docs/deep/a.md", "docs", "docs/deep/*.md", "docs/gone/a.md", "./docs/deep/.."] {
            assert_eq!(find(Path::new(start), root), Some(root.join("docs/copydesk.toml")), "{start}");
        }
        assert_eq!(find(Path::new("."), &root.join("docs/deep")), Some(root.join("docs/copydesk.toml")));
        fs::write(root.join("copydesk.toml"), "").unwrap();
        assert_eq!(find(Path::new("."), root), Some(root.join("copydesk.toml")));
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_read_is_not_passed_over() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        fs::create_dir_all(root.join("docs/copydesk.toml")).unwrap();
        std::os::unix::fs::symlink("shared/copydesk.toml", root.join("copydesk.toml")).unwrap();
        for (start, expected) in
            [(".", "is a link to shared/copydesk.toml, which is not there"), ("docs", "cannot be read: ")]
        {
            let faults = load(&find(Path::new(start), root).unwrap(), root).unwrap_err();
            assert!(faults[0].message.contains(expected), "{}", faults[0].message);
        }
    }

    #[test]
    fn paths_are_told_as_seen_from_here() {
        let seen =
            |path: &str, current: &str| seen_from(Path::new(path), Path::new(current)).display().to_string();
        assert_eq!(seen("/a/b/c.toml", "/a/b"), "c.toml");
        assert_eq!(seen("/a/b/c.toml", "/a/b/d/e"), "../../c.toml");
        assert_eq!(seen("/a/x/c.toml", "/a/b"), "../x/c.toml");
        assert_eq!(seen("/x/c.toml", "/a/b"), "/x/c.toml");
        assert_eq!(seen("/a/b", "/a/b"), "");
    }
}
