//! Which files does a setting speak of? Those that its globs match, from the folder of the settings file.
//!
//! Globs are written as in `.gitignore`: one with a slash holds from that folder, one without at any depth,
//! a folder stands for all that is in it, `!` takes out again, and the last that matches decides.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The folder of a settings file, and the one that relative paths start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Parts of the settings file's folder, absolute.
    top: Vec<String>,
    /// Parts of the current folder, absolute.
    current: Vec<String>,
    /// The settings file's folder behind all links.
    real_top: PathBuf,
    /// The current folder, as it was given.
    here: PathBuf,
}

impl Base {
    /// Returns the folder `top` as seen from the folder `current`, both absolute.
    #[must_use]
    pub fn new(top: &Path, current: &Path) -> Self {
        let parts = |path: &Path| joined(&[], &path.to_string_lossy());
        let real_top = fs::canonicalize(top).unwrap_or_else(|_| top.to_owned());
        Self { top: parts(top), current: parts(current), real_top, here: current.to_owned() }
    }

    /// Returns `path`, as given or walked, from the folder of the settings file, with `/` between its parts;
    /// `None` where it lies outside, by its name and behind all links.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<String> {
        let parts = if Path::new(path).has_root() { joined(&[], path) } else { joined(&self.current, path) };
        match parts.strip_prefix(self.top.as_slice()) {
            Some(inside) => Some(inside.join("/")),
            None => self.real_place(Path::new(path)),
        }
    }

    /// Returns the file or folder at `path` from the folder of the settings file, behind all links; `None`
    /// where it lies outside, or is not there.
    #[must_use]
    pub fn real_place(&self, path: &Path) -> Option<String> {
        let real = fs::canonicalize(self.here.join(path)).ok()?;
        let inside = real.strip_prefix(&self.real_top).ok()?;
        Some(joined(&[], &inside.to_string_lossy()).join("/"))
    }
}

/// The parts of `path` behind `folder`, without `.` and `..`.
fn joined(folder: &[String], path: &str) -> Vec<String> {
    let mut parts = folder.to_vec();
    let separator = |c| c == '/' || (cfg!(windows) && c == '\\');
    for part in path.split(separator) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part.to_owned()),
        }
    }
    parts
}

/// A list of globs.
#[derive(Clone, Debug)]
pub struct PathGlobs {
    base: Arc<Base>,
    globs: Gitignore,
}

impl PathGlobs {
    /// Returns the list of `globs`, which hold from `base`.
    ///
    /// # Errors
    ///
    /// The number of the first glob that is none, from 0, and what is wrong with it.
    pub fn new<S: AsRef<str>>(base: &Arc<Base>, globs: &[S]) -> Result<Self, (usize, String)> {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        for (number, glob) in globs.iter().map(AsRef::as_ref).enumerate() {
            if glob.trim().is_empty() {
                return Err((number, "an empty glob matches nothing".to_owned()));
            }
            // A line of a `.gitignore` that begins so is a comment.
            let line = if glob.starts_with('#') { format!("\\{glob}") } else { glob.to_owned() };
            builder.add_line(None, &line).map_err(|error| (number, reason(&error)))?;
        }
        let globs = builder.build().map_err(|error| (0, reason(&error)))?;
        Ok(Self { base: Arc::clone(base), globs })
    }

    /// Returns whether the list speaks of the file at `path`, as given or walked.
    #[must_use]
    pub fn hold(&self, path: &str) -> bool {
        self.base.place(path).is_some_and(|place| self.hold_place(&place, false))
    }

    /// Returns whether the list speaks of the file or `folder` at `path`, or of a folder that it is in.
    #[must_use]
    pub fn hold_entry(&self, path: &Path, folder: bool) -> bool {
        let place = self.base.place(&path.to_string_lossy());
        place.is_some_and(|place| !place.is_empty() && self.hold_place(&place, folder))
    }

    fn hold_place(&self, place: &str, folder: bool) -> bool {
        self.globs.matched_path_or_any_parents(place, folder).is_ignore()
    }
}

/// What is wrong with a glob, without the glob.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithPath { err, .. } => reason(err),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(list: &[&str]) -> PathGlobs {
        let base = Arc::new(Base::new(Path::new("/site"), Path::new("/site/tools")));
        PathGlobs::new(&base, list).unwrap()
    }

    #[test]
    fn globs_hold_from_the_folder_of_the_settings() {
        let list = globs(&["docs/*.md", "drafts/", "*.de.txt", "!docs/keep.md"]);
        for (path, expected) in [
            ("../docs/a.md", true),
            ("/site/docs/a.md", true),
            ("docs/a.md", false),
            ("../docs/keep.md", false),
            ("../docs/deeper/a.md", false),
            ("../any/drafts/deep/a.md", true),
            ("x.de.txt", true),
            ("../../elsewhere/x.de.txt", false),
        ] {
            assert_eq!(list.hold(path), expected, "{path}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn globs_hold_behind_links() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        fs::create_dir_all(root.join("real/docs")).unwrap();
        fs::write(root.join("real/docs/a.md"), "").unwrap();
        std::os::unix::fs::symlink("real", root.join("sym")).unwrap();
        let base = Arc::new(Base::new(&root.join("real"), root));
        let list = PathGlobs::new(&base, &["docs/"]).unwrap();
        assert!(list.hold("real/docs/a.md") && list.hold("sym/docs/a.md"));
        assert!(list.hold_entry(&root.join("sym/docs"), true));
        assert!(!list.hold("sym/a.md") && !list.hold("docs/a.md"));
    }

    #[test]
    fn a_glob_that_is_none_is_told_by_its_number() {
        let base = Arc::new(Base::new(Path::new("/"), Path::new("/")));
        let (number, reason) = PathGlobs::new(&base, &["*.md", "a[b"]).unwrap_err();
        assert_eq!((number, reason.contains("unclosed")), (1, true), "{reason}");
        assert_eq!(PathGlobs::new(&base, &[" "]).unwrap_err().0, 0);
    }
}
